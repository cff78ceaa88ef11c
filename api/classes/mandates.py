"""Who coordinates the workers of which employer. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person
from api.classes.models import ClassMember, Mandate
from api.core.errors import Invalid, NotFound


def _same(employer: str) -> str:
    return " ".join(employer.casefold().split())


def give_mandate(act: Act, person: Person, employer: str) -> Mandate:
    """Let somebody see the workers of an employer; who may already keeps the mandate that they have.

    Raises:
        Invalid: No employer is named.
    """
    name = " ".join(employer.split())
    if not name:
        raise Invalid("Name the employer, as classes have it.", field="employer")
    for known in mandates_of(act.session, person.id):
        if _same(known.employer) == _same(name):
            return known
    made = Mandate(id=uuid.uuid4(), person_id=person.id, employer=name, given_by=act.actor, at=act.at)
    act.session.add(made)
    act.session.flush()
    act.record("mandate.give", f"person:{person.id}", texts={"employer": name})
    return made


def end_mandate(act: Act, mandate_id: uuid.UUID) -> None:
    """Take a mandate back.

    Raises:
        NotFound: There is none, or it ended.
    """
    mandate = act.session.get(Mandate, mandate_id)
    if mandate is None or mandate.ended_at is not None:
        raise NotFound("There is no such mandate.")
    mandate.ended_at = act.at
    act.session.flush()
    act.record("mandate.end", f"person:{mandate.person_id}")


def mandates_of(session: Session, person_id: uuid.UUID | None = None) -> Sequence[Mandate]:
    """Mandates that hold, of somebody or of everybody."""
    wanted = select(Mandate).where(Mandate.ended_at.is_(None)).order_by(Mandate.employer, Mandate.at)
    if person_id is not None:
        wanted = wanted.where(Mandate.person_id == person_id)
    return session.scalars(wanted).all()


def workers_of(session: Session, employers: Sequence[str]) -> dict[uuid.UUID, str]:
    """Ids of the learners of employers, and of which one: what any of their classes says."""
    names = {_same(employer): employer for employer in employers}
    rows = session.execute(
        select(ClassMember.person_id, ClassMember.employer)
        .where(ClassMember.teaches.is_(False), ClassMember.employer != "")
        .order_by(ClassMember.joined_at)
    )
    return {person: names[_same(employer)] for person, employer in rows if _same(employer) in names}
