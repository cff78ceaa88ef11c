"""Lists of people who get accounts and are in no class yet. Knows no HTTP and never commits."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person
from api.accounts.operations import NewLearner, add_learners
from api.classes.errors import ListInvalid
from api.classes.lists import Row, Unreadable, read_text
from api.messages.operations import add_messages
from api.messages.ways_in import AccountInvitation


@dataclass(frozen=True, slots=True)
class PeopleRow:
    """What would become of a row: "new", "known" or "wrong"."""

    line: int
    name: str
    email: str
    status: str
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PeopleList:
    """What would become of a list."""

    rows: list[PeopleRow]
    unreadable: Unreadable | None
    new: int
    known: int
    wrong: int


def preview_people(session: Session, text: str) -> PeopleList:
    """What a list would do; in one query, whatever its length."""
    found = read_text(text)
    wanted = [row.email for row in found.rows if not row.wrong]
    known = set(session.scalars(select(Person.email).where(Person.email.in_(wanted))))
    rows = [PeopleRow(row.line, row.name, row.email, _status(row, known), row.wrong) for row in found.rows]
    counts = [sum(row.status == status for row in rows) for status in ("new", "known", "wrong")]
    return PeopleList(rows, found.unreadable, *counts)


def _status(row: Row, known: set[str]) -> str:
    return "wrong" if row.wrong else "known" if row.email in known else "new"


def import_people(act: Act, text: str, lang: str) -> PeopleList:
    """Make the accounts of a list, and invite their owners: all of them, or none; who has one keeps it as it is.

    Args:
        act: Who does it.
        text: The list.
        lang: Of those whose language it does not say.

    Raises:
        ListInvalid: The list cannot be read, or rows of it cannot be taken.
    """
    preview = preview_people(act.session, text)
    if preview.unreadable or preview.wrong or not preview.rows:
        raise ListInvalid("The list has rows that cannot be taken.", unreadable=preview.unreadable or "")
    new = {row.email for row in preview.rows if row.status == "new"}
    rows = [row for row in read_text(text).rows if row.email in new]
    add_learners(act, [NewLearner(row.email, row.name, row.lang or lang, row.given, row.family) for row in rows])
    said = {row.email: row for row in rows}
    made = act.session.scalars(select(Person).where(Person.email.in_(list(new)))).all()
    for person in made:
        person.audience, person.employer = said[person.email].audience, said[person.email].employer
    add_messages(act.session, [(person, AccountInvitation()) for person in made], at=act.at, by=act.person)
    return preview
