"""Everything that is held of a person, as they read it and as they take it with them (GDPR 15 and 20)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.administration.holdings import CATEGORIES, HOLDINGS, Category, count_rows, rows_of
from api.core.errors import NotFound
from api.core.schemas import iso_time

SECRET = frozenset({"password_hash"})
"""Of the account itself."""


@dataclass(frozen=True, slots=True)
class HeldTable:
    """Rows of one kind.

    Attributes:
        name: "attempts.person_id": which table, and as what it names the person.
        rows: As they stand in the database, without secrets; empty where they are about somebody else.
        count: How many there are.
        erased: What erasing does with them.
    """

    name: str
    category: Category
    erased: str
    rows: list[dict[str, Any]]
    count: int


@dataclass(frozen=True, slots=True)
class MyData:
    """What is held of a person."""

    account: dict[str, Any]
    tables: list[HeldTable]


def my_data(session: Session, person_id: uuid.UUID) -> MyData:
    """Everything that is held of somebody, by category.

    Raises:
        NotFound: There is no such person.
    """
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("There is no such person.")
    columns = (column.name for column in Person.__table__.columns if column.name not in SECRET)
    account = {name: plain(getattr(person, name)) for name in columns}
    tables = []
    for name, holding in sorted(HOLDINGS.items(), key=lambda one: (CATEGORIES.index(one[1].category), one[0])):
        rows = rows_of(session, name, person_id) if holding.shown else []
        count = len(rows) if holding.shown else count_rows(session, name, person_id)
        if count:
            shown = [{key: plain(value) for key, value in row.items() if key not in holding.secret} for row in rows]
            tables.append(HeldTable(name, holding.category, holding.erased, shown, count))
    return MyData(account, tables)


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, datetime):
        return iso_time(value)
    if isinstance(value, date | uuid.UUID):
        return str(value)
    if isinstance(value, bytes):
        return None
    return value
