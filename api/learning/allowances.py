"""More attempts and more time for one learner. Knows no HTTP and never commits."""

from __future__ import annotations

from api.accounts.act import Act
from api.accounts.models import Person
from api.accounts.operations import MOST_TIME
from api.catalogue.operations import current_catalogue
from api.core.errors import Invalid, NotFound
from api.learning.models import Allowance

MOST_EXTRA_ATTEMPTS = 20


def set_allowance(act: Act, person: Person, module_id: str, *, extra_attempts: int, time_factor: float) -> Allowance:
    """Give a learner more attempts or more time in a module's quizzes; 0 and 1 take it back.

    Attempts that have begun keep their deadline.

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
    found = session.get(Allowance, (person.id, module_id))
    old = {"attempts": found.extra_attempts, "time": f"{found.time_factor:g}"} if found else None
    if found is None:
        found = Allowance(person_id=person.id, module_id=module_id)
        session.add(found)
    if old is not None and (found.extra_attempts, found.time_factor) == (extra_attempts, time_factor):
        return found
    found.extra_attempts, found.time_factor = extra_attempts, time_factor
    found.granted_by, found.at = act.person.id, act.at
    new = {"module": module_id, "attempts": extra_attempts, "time": f"{time_factor:g}"}
    act.record("attempt.allowance", f"person:{person.id}", old=old, new=new)
    return found
