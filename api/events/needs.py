"""Who is ready for an event, and what is missing before it. Writes nothing."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from api.events.models import Event
from api.readiness.standing import readiness_of
from api.readiness.verdict import Missing, Verdict


def verdicts_of(
    session: Session, event: Event, people: Collection[uuid.UUID], at: datetime
) -> dict[uuid.UUID, Verdict]:
    """Whether people are ready for an event when it begins; for one that has begun, now."""
    return readiness_of(session, people, event.module_ids, max(at, event.begins))


def missing_of(
    session: Session, event: Event, people: Collection[uuid.UUID], at: datetime
) -> dict[uuid.UUID, tuple[Missing, ...]]:
    """What keeps people from an event, by person; nothing for those who are ready or admitted."""
    found = verdicts_of(session, event, people, at)
    return {person_id: () if verdict.may_enter else verdict.missing for person_id, verdict in found.items()}
