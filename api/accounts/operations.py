"""People and their accounts. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, delete, func, select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import AskedLink, Person, Wanted
from api.core.addresses import read_address
from api.core.audit import note_rows
from api.core.errors import Conflict, Invalid, NotFound
from api.core.names import checked_name, clean_line
from api.core.roles import ROLES, Role
from api.core.statements import Prepared, insert_or_nothing
from api.core.texts import filed


def normalise_email(text: str) -> str:
    """One spelling for an address.

    Raises:
        Invalid: It is no e-mail address.
    """
    email = read_address(text)
    if email is None:
        raise Invalid("This is no e-mail address.", field="email")
    return email


def find_person(session: Session, email: str) -> Person | None:
    """The person with an address, or None."""
    return session.scalar(select(Person).where(Person.email == (read_address(email) or email.strip().casefold())))


def whole_name(given: str, family: str, name: str = "") -> tuple[str, str, str]:
    """A name as it is kept: shown, given, family. One of them is enough.

    Args:
        given: Given name, or "".
        family: Family name, or "".
        name: The whole, where nobody says which part is which.

    Raises:
        Invalid: It is none (`core/names.py`).
    """
    given, family = clean_line(given), clean_line(family)
    whole = checked_name(" ".join(part for part in (given, family) if part) or name, "given" if given else "name")
    return whole, given, family


def rename_person(act: Act, person: Person, *, given: str, family: str) -> None:
    """Give a person another name.

    Raises:
        Invalid: It is none (`core/names.py`).
    """
    old = person.name
    person.name, person.given, person.family = whole_name(given, family)
    if person.name != old:
        act.record("person.rename", f"person:{person.id}", texts={"old": old, "new": person.name})


def add_person(
    act: Act, *, email: str, name: str = "", role: Role, lang: str = "en", given: str = "", family: str = ""
) -> Person:
    """Make an account, without a password; the name in two parts, or whole.

    Raises:
        Invalid: The address, the name (`core/names.py`) or the role is none.
        Conflict: The address has an account.
    """
    email = normalise_email(email)
    if role not in ROLES:
        raise Invalid(f"A role is one of {', '.join(ROLES)}.", field="role")
    name, given, family = whole_name(given, family, name)
    if find_person(act.session, email):
        raise Conflict("This address has an account already.", field="email")
    person = Person(
        email=email,
        name=name,
        given=given,
        family=family,
        role=role,
        lang=lang,
        active=True,
        time_factor=1.0,
        created_at=act.at,
    )
    act.session.add(person)
    act.session.flush()
    act.record("person.add", f"person:{person.id}", new={"role": role})
    return person


@dataclass(frozen=True, slots=True)
class NewLearner:
    """Somebody on a list."""

    email: str
    name: str
    lang: str
    given: str = ""
    family: str = ""


TOGETHER = 100
"""Accounts in one statement."""


def add_learners(act: Act, wanted: Sequence[NewLearner]) -> None:
    """Make the accounts of a list in one statement a hundred; whoever has one by now keeps it as it is.

    Rows first and in the order of their addresses, then one entry of the trail: two who do this at once wait for one
    another, and never both.

    Args:
        act: Who does it.
        wanted: With addresses as `normalise_email` has them, each once.
    """
    made: list[dict[str, Any]] = []
    lines = sorted(wanted, key=lambda one: one.email)
    dialect = act.session.get_bind().dialect.name
    for start in range(0, len(lines), TOGETHER):
        rows = [
            {
                "id": uuid.uuid4(),
                "email": one.email,
                "name": one.name,
                "given": one.given,
                "family": one.family,
                "sort_as": filed(one.name, one.family),
                "role": "learner",
                "lang": one.lang,
                "active": True,
                "time_factor": 1.0,
                "created_at": act.at,
                "erased_at": None,
                "merged_into": None,
            }
            for one in lines[start : start + TOGETHER]
        ]
        statement = insert_or_nothing(PEOPLE, dialect).values(rows).returning(PEOPLE.c.id)
        kept = set(act.session.scalars(statement))
        made += [row for row in rows if row["id"] in kept]
    if made:
        note_rows(act.session, Person, made)
        act.record("person.add", "people", new={"role": "learner", "ids": [str(row["id"]) for row in made]})


PEOPLE: Table = Person.__table__  # type: ignore[assignment]  # It is a table.


def invite_person(act: Act, *, email: str, name: str, role: Role, lang: str) -> Person:
    """The account of an invitation: a new one, or the one that was invited before and has no password yet.

    Raises:
        Conflict: The address has an account that is in use, or was invited with another role.
    """
    person = find_person(act.session, email)
    if person and person.password_hash is None and person.role == role:
        return person
    return add_person(act, email=email, name=name, role=role, lang=lang)


def change_role(act: Act, *, email: str, role: Role) -> Person:
    """Give a person another role.

    Raises:
        NotFound: Nobody has this address.
    """
    person = find_person(act.session, email)
    if person is None:
        raise NotFound("Nobody has this address.")
    give_role(act, person, role)
    return person


def give_role(act: Act, person: Person, role: Role) -> None:
    """Give a person another role; the same one again is no act."""
    if role != person.role:
        old, person.role = person.role, role
        act.record("person.role", f"person:{person.id}", old=old, new=role)


MOST_TIME = 4.0


def set_time_factor(act: Act, *, email: str, factor: float) -> Person:
    """Give a person extra time in timed quizzes; attempts that have begun keep their deadline.

    Raises:
        NotFound: Nobody has this address.
        Invalid: The factor is not from 1 to 4.
    """
    person = find_person(act.session, email)
    if person is None:
        raise NotFound("Nobody has this address.")
    give_time(act, person, factor)
    return person


def give_time(act: Act, person: Person, factor: float) -> None:
    """The same for a person; the same factor again is no act.

    Raises:
        Invalid: The factor is not from 1 to 4.
    """
    if not 1 <= factor <= MOST_TIME:
        raise Invalid(f"The factor is from 1 (no extra time) to {MOST_TIME:g}; 1.33 is a third more.", field="factor")
    if factor != person.time_factor:
        old, person.time_factor = person.time_factor, factor
        # As texts: a database may give 1 back for a bare 1.0, and the entry would no longer be what was hashed.
        act.record("person.time", f"person:{person.id}", old=f"{old:g}", new=f"{factor:g}")


MOST_ASKED = 10_000
"""Wishes for a link that wait at most; who asks beyond them asks again."""


def ask_for_link(session: Session, email: str, wanted: Wanted, at: datetime) -> None:
    """Note that somebody asks for a link.

    Whether the address has an account is looked up later, by a job: the reply tells nothing, not even by its time.
    """
    if session.scalar(select(func.count()).select_from(AskedLink)) < MOST_ASKED:  # type: ignore[operator]  # A number.
        session.add(AskedLink(email=email.strip(), wanted=wanted, asked_at=at))


def take_asked_links(session: Session) -> list[tuple[Person, Wanted]]:
    """Whom to send a link, and which; each address once. The wishes are taken out."""
    taken = session.execute(delete(AskedLink).returning(AskedLink.email, AskedLink.wanted)).all()
    found = {}
    for email, wanted in taken:
        person = find_person(session, email)
        if person is not None and person.active:
            found[person.id, wanted] = (person, wanted)
    return list(found.values())


def change_language(act: Act, person_id: uuid.UUID, lang: str) -> None:
    """Give a person another language."""
    person = act.session.get_one(Person, person_id)
    if person.lang != lang:
        old, person.lang = person.lang, lang
        act.record("person.language", f"person:{person.id}", old=old, new=lang)


LOCK = Prepared(select(Person.id).where(Person.id == bindparam("person_id")).with_for_update(key_share=True))


def one_writer(session: Session, person_id: uuid.UUID) -> None:
    """Let the writes of one person follow one another: limits are counted and summaries made of what is there.

    On SQLite there is one writer anyway. On PostgreSQL the lock leaves foreign keys to the person alone.
    """
    if session.get_bind().dialect.name != "sqlite":
        LOCK.row(session, person_id=person_id)
