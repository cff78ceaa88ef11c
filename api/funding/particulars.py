"""What a scheme asks of a person beside their name: sealed, read by named roles alone, erasable. Never commits.

A national number is asked only of those for whom a scheme that pays for them needs it (Belgian law of 8 August 1983,
article 8: its use needs a permission by law).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person
from api.classes.access import find_class
from api.classes.membership import memberships, said_of
from api.classes.models import ClassMember
from api.core.errors import NotFound
from api.core.keys import Sealer
from api.core.texts import sort_key
from api.funding.errors import NotNamed, ParticularWrong
from api.funding.models import Particular as Row
from api.funding.schemes import Particular, Scheme

LONGEST = 300


@dataclass(frozen=True, slots=True)
class Vault:
    """Seals and opens what people gave."""

    secret: str

    @property
    def _sealer(self) -> Sealer:
        return Sealer(self.secret, b"particulars")

    def seal(self, person_id: uuid.UUID, field: Particular, text: str) -> bytes:
        """The text for its row alone: moved to another row it opens nothing."""
        return self._sealer.seal(text, f"{person_id}:{field}".encode())

    def open(self, row: Row) -> str | None:
        """The text; None where the server's secret changed since, or the row was changed."""
        return self._sealer.open_or_none(row.sealed, f"{row.person_id}:{row.field}".encode())


def named(name: str) -> Particular:
    """What schemes can ask, by its name.

    Raises:
        NotFound: None asks for such a thing.
    """
    if name not in get_args(Particular):
        raise NotFound("No scheme that pays for you asks for this.")
    return cast(Particular, name)


def checked(field: Particular, text: str, today: date) -> str:
    """A value as it is stored.

    Args:
        field: Which one.
        text: As it was typed.
        today: A day of birth is before it.

    Raises:
        ParticularWrong: It cannot be right.
    """
    value = " ".join(text.split())
    if field == "national-number":
        digits = re.sub(r"[ .\-]", "", value)
        if not re.fullmatch(r"[0-9]{11}", digits) or not _adds_up(digits):
            raise ParticularWrong("A Belgian national number has 11 digits, and the last two check the others.")
        return f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}-{digits[6:9]}.{digits[9:]}"
    if field == "birth-date":
        try:
            born = date.fromisoformat(value)
        except ValueError:
            raise ParticularWrong("Write the day of birth as year-month-day, such as 1990-03-25.") from None
        if not date(1900, 1, 1) <= born < today:
            raise ParticularWrong("A day of birth lies between 1900 and today.")
        return born.isoformat()
    if not value or len(value) > LONGEST:
        raise ParticularWrong(f"Write between 1 and {LONGEST} characters.")
    return value


def _adds_up(digits: str) -> bool:
    """Whether the check digits of a national number are right (royal decree of 3 April 1984).

    They are 97 less the rest of a division by 97; of those born from 2000 on, a 2 is put before the number.
    """
    number, check = int(digits[:9]), int(digits[9:])
    return check in (97 - number % 97, 97 - (2_000_000_000 + number) % 97)


def scheme_of(session: Session, person_id: uuid.UUID, schemes: Mapping[str, Scheme]) -> Scheme | None:
    """The scheme that pays for somebody, as the first class that names one says; the reports take the same."""
    code = said_of(memberships(session, person_id).get(person_id, ()), "funding")
    return schemes.get(code)


def give(act: Act, vault: Vault, schemes: Mapping[str, Scheme], field: Particular, text: str) -> None:
    """Keep what somebody says of themselves, sealed.

    Raises:
        NotFound: No scheme that pays for them asks for it.
        ParticularWrong: It cannot be right.
    """
    session, person_id = act.session, act.person.id
    scheme = scheme_of(session, person_id, schemes)
    if scheme is None or field not in scheme.particulars:
        raise NotFound("No scheme that pays for you asks for this.")
    sealed = vault.seal(person_id, field, checked(field, text, act.at.date()))
    row = session.get(Row, (person_id, field))
    if row is None:
        session.add(Row(person_id=person_id, field=field, sealed=sealed, given_by=act.actor, at=act.at))
    else:
        row.sealed, row.given_by, row.at = sealed, act.actor, act.at
    session.flush()
    act.record("particular.give", f"person:{person_id}", new={"field": field})


def erase(act: Act, field: Particular) -> None:
    """Forget what somebody said of themselves.

    Raises:
        NotFound: Nothing is kept.
    """
    row = act.session.get(Row, (act.person.id, field))
    if row is None:
        raise NotFound("Nothing of this is kept.")
    act.session.delete(row)
    act.session.flush()
    act.record("particular.erase", f"person:{act.person.id}", old={"field": field})


def given(session: Session, people: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[str, Row]]:
    """What people gave, still sealed."""
    found: dict[uuid.UUID, dict[str, Row]] = {}
    for row in session.scalars(select(Row).where(Row.person_id.in_(list(people)))):
        found.setdefault(row.person_id, {})[row.field] = row
    return found


@dataclass(frozen=True, slots=True)
class Asking:
    """What a scheme asks of some learners: their names, and what each has not given, by id."""

    scheme: Scheme
    learners: Mapping[uuid.UUID, tuple[str, list[Particular]]]


def asked_in_class(act: Act, schemes: Mapping[str, Scheme], class_id: uuid.UUID) -> list[Asking]:
    """What schemes that name the role of whoever asks want of the learners of a class. Nothing is opened.

    Raises:
        NotFound: There is no such class, or it is not theirs.
    """
    session, group = act.session, find_class(act, class_id)
    names: dict[uuid.UUID, str] = dict(
        session.execute(
            select(Person.id, Person.name)
            .join(ClassMember, ClassMember.person_id == Person.id)
            .where(ClassMember.class_id == group.id, ClassMember.teaches.is_(False))
        ).all()
    )
    kept, members = given(session, names), memberships(session)
    codes = {person_id: said_of(members.get(person_id, ()), "funding") for person_id in names}
    found = []
    for scheme in schemes.values():
        if not scheme.particulars or act.person.role not in scheme.seen_by:
            continue
        learners = {
            person_id: (name, [field for field in scheme.particulars if field not in kept.get(person_id, {})])
            for person_id, name in sorted(names.items(), key=lambda item: sort_key(item[1]))
            if codes[person_id] == scheme.code
        }
        if learners:
            found.append(Asking(scheme, learners))
    return found


def view(
    act: Act, vault: Vault, scheme: Scheme, people: Iterable[uuid.UUID]
) -> dict[uuid.UUID, dict[Particular, str | None]]:
    """What a scheme asks of its learners, opened; that it was seen, and of whom, stands in the audit trail.

    Raises:
        NotNamed: The scheme does not name the role of whoever asks.
    """
    if not scheme.particulars:
        return {}
    if act.person.role not in scheme.seen_by:
        raise NotNamed("The scheme does not name your role among those who see this.")
    rows = given(act.session, people)
    found: dict[uuid.UUID, dict[Particular, str | None]] = {}
    for person_id, mine in rows.items():
        opened = {field: vault.open(mine[field]) for field in scheme.particulars if field in mine}
        if opened:
            found[person_id] = opened
            act.record("particular.view", f"person:{person_id}", new={"scheme": scheme.code, "fields": sorted(opened)})
    return found
