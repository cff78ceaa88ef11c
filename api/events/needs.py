"""What must be done before an event. Writes nothing."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from api.catalogue.operations import current_catalogue
from api.events.models import Event
from api.evidence.progress import unfinished


def missing_of(
    session: Session, event: Event, people: Collection[uuid.UUID], at: datetime
) -> dict[uuid.UUID, list[str]]:
    """Ids of those modules that the event's own ask for first and that are not done, by person; in one query."""
    modules = current_catalogue(session).modules
    wanted = [name for module_id in event.module_ids if module_id in modules for name in modules[module_id].requires]
    return unfinished(session, people, [name for name in dict.fromkeys(wanted) if name in modules], at)
