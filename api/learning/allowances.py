"""More attempts and more time for one learner, within one class. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from api.accounts.act import Act
from api.accounts.models import Person
from api.accounts.operations import MOST_TIME
from api.catalogue.operations import current_catalogue
from api.core.errors import Invalid, NotFound
from api.learning.models import Allowance, ClassAllowance

MOST_EXTRA_ATTEMPTS = 20


def set_allowance(
    act: Act, class_id: uuid.UUID, person: Person, module_id: str, *, extra_attempts: int, time_factor: float
) -> ClassAllowance:
    """Give a learner of a class more attempts or more time in a module's quizzes; 0 and 1 take it back.

    It holds while they are in the class and the class is in use. Attempts that have begun keep their deadline.

    Raises:
        NotFound: There is no such module.
        Invalid: Not 0..20 attempts, or not 1..4 times the time.
    """
    session = act.session
    if module_id not in current_catalogue(session).modules:
        raise NotFound("There is no such module.")
    if not 0 <= extra_attempts <= MOST_EXTRA_ATTEMPTS:
        raise Invalid(f"Extra attempts are 0 to {MOST_EXTRA_ATTEMPTS}.", field="extra_attempts")
    if not 1 <= time_factor <= MOST_TIME:
        raise Invalid(f"The factor is from 1 (no extra time) to {MOST_TIME:g}.", field="time_factor")
    found = session.scalar(
        select(ClassAllowance).where(
            ClassAllowance.class_id == class_id,
            ClassAllowance.person_id == person.id,
            ClassAllowance.module_id == module_id,
        )
    )
    old = {"attempts": found.extra_attempts, "time": f"{found.time_factor:g}"} if found else None
    before = session.get(Allowance, (person.id, module_id))
    if before is not None and before.granted_by == act.person.id:
        # What the same teacher gave before allowances were a class's: what they say now replaces it.
        before.extra_attempts, before.time_factor = 0, 1.0
    elif found is not None and (found.extra_attempts, found.time_factor) == (extra_attempts, time_factor):
        return found
    if found is None:
        found = ClassAllowance(id=uuid.uuid4(), class_id=class_id, person_id=person.id, module_id=module_id)
        session.add(found)
    found.extra_attempts, found.time_factor = extra_attempts, time_factor
    found.granted_by, found.at, found.ended_at = act.person.id, act.at, None
    new = {"class": str(class_id), "module": module_id, "attempts": extra_attempts, "time": f"{time_factor:g}"}
    act.record("attempt.allowance", f"person:{person.id}", old=old, new=new)
    return found


def end_allowances(act: Act, class_id: uuid.UUID, person_id: uuid.UUID | None = None) -> None:
    """What a class gave holds no more: for one who leaves it, or for all when it is put away."""
    _turn(act, class_id, person_id, holds=True)


def reopen_allowances(act: Act, class_id: uuid.UUID, person_id: uuid.UUID | None = None) -> None:
    """What a class gave holds again."""
    _turn(act, class_id, person_id, holds=False)


def _turn(act: Act, class_id: uuid.UUID, person_id: uuid.UUID | None, *, holds: bool) -> None:
    wanted = select(ClassAllowance).where(ClassAllowance.class_id == class_id)
    wanted = wanted.where(ClassAllowance.ended_at.is_(None) if holds else ClassAllowance.ended_at.is_not(None))
    if person_id is not None:
        wanted = wanted.where(ClassAllowance.person_id == person_id)
    for row in act.session.scalars(wanted):
        row.ended_at = act.at if holds else None
