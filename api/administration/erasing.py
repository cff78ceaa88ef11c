"""Erasing a person (GDPR 17): what law makes the centre keep stays under an id that names nobody; the rest is gone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast, delete, select, update
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.links import end_links
from api.accounts.models import AskedLink, Newcomer, Person
from api.accounts.sign_ins import end_sign_ins
from api.administration.errors import LastAdministrator, NotOneself
from api.administration.holdings import CATEGORIES, HOLDINGS, Category, count_rows, model_of, split, value_for
from api.core.audit import AuditEntry, AuditText
from api.core.errors import NotFound

NOBODY = "erased.invalid"
"""Domain of addresses that no mail reaches (RFC 2606)."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What erasing does with one category: how many rows are deleted, emptied of words, and kept."""

    category: Category
    deleted: int
    cleared: int
    kept: int


def preview_erasure(session: Session, person_id: uuid.UUID) -> list[Kept]:
    """What erasing a person would do.

    Raises:
        NotFound: There is no such person.
    """
    _find(session, person_id)
    counts: dict[Category, dict[str, int]] = {}
    for name, holding in HOLDINGS.items():
        count = count_rows(session, name, person_id)
        if count:
            of = counts.setdefault(holding.category, {})
            of[holding.erased] = of.get(holding.erased, 0) + count
    return [
        Kept(
            category,
            counts[category].get("delete", 0),
            counts[category].get("clear", 0),
            counts[category].get("keep", 0) + counts[category].get("unname", 0),
        )
        for category in CATEGORIES
        if category in counts
    ]


def _find(session: Session, person_id: uuid.UUID) -> Person:
    person = session.get(Person, person_id)
    if person is None or person.erased_at is not None:
        raise NotFound("There is no such person.")
    return person


def check_not_last(session: Session, person: Person) -> None:
    """Make sure that there is another administrator.

    Raises:
        LastAdministrator: There is none.
    """
    if person.role == "admin" and person.active:
        others = select(Person.id).where(Person.role == "admin", Person.active.is_(True), Person.id != person.id)
        if session.scalar(others.limit(1)) is None:
            raise LastAdministrator("There is no other administrator.")


def erase_person(act: Act, person_id: uuid.UUID) -> None:
    """Erase a person: name, address, words and ways in are gone for good; evidence and trail stay whole.

    Raises:
        NotFound: There is no such person, or they are erased already.
        NotOneself: It is who acts.
        LastAdministrator: Nobody could administer the centre.
    """
    session = act.session
    person = _find(session, person_id)
    if act.somebody is not None and act.somebody.id == person_id:
        raise NotOneself("Somebody else erases your account.")
    check_not_last(session, person)
    end_sign_ins(act, person_id)
    end_links(session, person_id)
    email = person.email
    for name, holding in HOLDINGS.items():
        if holding.erased != "keep":
            _erase(session, name, person_id)
    session.execute(delete(AskedLink).where(AskedLink.email == email))
    session.execute(delete(Newcomer).where(Newcomer.email == email))
    # What was typed of them stands beside the trail; without it the trail is whole.
    of_class = (AuditEntry.action == "class.learner") & (cast(AuditEntry.new, String) == f'"{person_id}"')
    about = select(AuditEntry.sequence).where((AuditEntry.subject == f"person:{person_id}") | of_class)
    # Remarks under a checklist and reasons at a door stand beside one entry for several people: all of them go there,
    # and those of the others stay in their own records.
    named = cast(AuditText.content, String).contains(str(person_id))
    session.execute(delete(AuditText).where(AuditText.sequence.in_(about) | named))
    person.email, person.name = f"{person_id}@{NOBODY}", f"#{str(person_id)[:8]}"
    person.given = person.family = person.employer = ""
    person.audience, person.password_hash = None, None
    person.active, person.time_factor, person.erased_at = False, 1.0, act.at
    session.flush()
    act.record("person.erase", f"person:{person_id}")


def _emptied(value: Any) -> Any:
    """A value of the same form, without its words and numbers."""
    if isinstance(value, dict):
        return {name: _emptied(item) for name, item in value.items()}
    return [] if isinstance(value, list) else ""


def _erase(session: Session, name: str, person_id: uuid.UUID) -> None:
    holding, (table, column) = HOLDINGS[name], split(name)
    value = value_for(holding, person_id)
    model = model_of(table)
    if model is not None:
        for row in session.scalars(select(model).where(column == value)):
            if holding.erased == "delete":
                session.delete(row)
            for word in holding.words:
                setattr(row, word, _emptied(getattr(row, word)))
    elif holding.erased == "delete":
        session.execute(delete(table).where(column == value))
    elif holding.erased == "unname":
        session.execute(update(table).where(column == value).values({column.name: None}))
    else:
        session.execute(update(table).where(column == value).values(dict.fromkeys(holding.words, "")))
