"""Admitting somebody for a time who is not ready. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person
from api.accounts.operations import one_writer
from api.catalogue.operations import current_catalogue
from api.core.errors import NotFound
from api.readiness.errors import AdmissionInvalid
from api.readiness.models import Admission

LONGEST = timedelta(days=92)
"""Longer than that is no exception any more."""


def admit(act: Act, person_id: uuid.UUID, module_id: str, until: datetime, reason: str) -> Admission:
    """Let somebody enter until a moment though something is missing; an earlier admission ends with a new one.

    An end that is not after now ends an admission that there is.

    Raises:
        NotFound: There is no such person or module.
        AdmissionInvalid: It is too long, for oneself, without a reason, or ends one that there is not.
    """
    session = act.session
    person = session.get(Person, person_id)
    if person is None or not person.active or module_id not in current_catalogue(session).modules:
        raise NotFound("There is no such person or module.")
    if person_id == act.person.id:
        raise AdmissionInvalid("Nobody admits themselves.", field="person")
    if not reason.strip():
        raise AdmissionInvalid("Say why.", field="reason")
    if until - act.at > LONGEST:
        raise AdmissionInvalid(f"An admission lasts {LONGEST.days} days at most.", field="until")
    one_writer(session, person_id)
    newest = next(iter(admissions_of(session, person_id, module_id)), None)
    if until <= act.at and (newest is None or newest.until <= act.at):
        raise AdmissionInvalid("The end must be later than now.", field="until")
    made = Admission(
        person_id=person_id,
        module_id=module_id,
        until=until,
        reason=reason.strip(),
        admitted_by=act.person.id,
        at=act.at,
    )
    session.add(made)
    session.flush()
    act.record(
        "admission.add", f"person:{person_id}", new={"module": module_id, "until": until.isoformat(), "id": made.id}
    )
    return made


def admissions_of(session: Session, person_id: uuid.UUID, module_id: str) -> list[Admission]:
    """Admissions of a person to a module, the newest first."""
    return list(
        session.scalars(
            select(Admission)
            .where(Admission.person_id == person_id, Admission.module_id == module_id)
            .order_by(Admission.id.desc())
        )
    )
