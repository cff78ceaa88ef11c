"""The screen at the entrance: what takes place today, and where. Never commits."""

from __future__ import annotations

import hmac
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.capacity.goals import goals
from api.catalogue.operations import current_catalogue
from api.core.errors import NotFound
from api.core.texts import sort_key
from api.events.missed import halves_of
from api.events.models import Booking, Event, EventTrainer, Room
from api.evidence.validity import ZONE


@dataclass(frozen=True, slots=True)
class Shown:
    """A half-day of today.

    Attributes:
        room: Its name; "" of what takes place online.
        learners: Names; none unless the centre says so.
    """

    title: str
    room: str
    zone: str
    directions: str
    begins: datetime
    ends: datetime
    trainers: list[str]
    learners: list[str]


def screen_key(secret: str, generation: int) -> str:
    """The secret part of the screen's address; it is stored nowhere."""
    return hmac.digest(secret.encode(), f"screen:{generation}".encode(), "sha256").hex()[:40]


def today(session: Session, secret: str, key: str, at: datetime, lang: str) -> list[Shown]:
    """What takes place today, by time and room; what is over stays till the evening.

    Raises:
        NotFound: The key is not, or no longer, that of the screen.
    """
    set_ = goals(session)
    if not set_.screen or not hmac.compare_digest(screen_key(secret, set_.screen), key):
        raise NotFound("There is no such screen.")
    day = at.astimezone(ZONE).date()
    halves = halves_of(session, day, day)
    events = {one.id: one for one in session.scalars(select(Event).where(Event.id.in_({h.event_id for h in halves})))}
    rooms = {room.id: room for room in session.scalars(select(Room))} if halves else {}
    trainers = _names(session, EventTrainer, list(events))
    learners = _names(session, Booking, list(events)) if set_.screen_names else {}
    modules = current_catalogue(session).modules
    shown = []
    for half in halves:
        event, room = events[half.event_id], rooms.get(half.room_id) if half.room_id else None
        titles = [modules[name].page(lang).title for name in event.module_ids if name in modules]
        shown.append(
            Shown(
                " · ".join(titles),
                room.name if room else "",
                room.zone if room else "online",
                room.directions if room else "",
                half.begins,
                half.ends,
                trainers.get(event.id, []),
                learners.get(event.id, []),
            )
        )
    return sorted(shown, key=lambda one: (one.begins, sort_key(one.room), one.title))


def _names(
    session: Session, table: type[EventTrainer] | type[Booking], events: list[uuid.UUID]
) -> Mapping[uuid.UUID, list[str]]:
    wanted = select(table.event_id, Person.name).join(Person, Person.id == table.person_id)
    if table is Booking:
        wanted = wanted.where(Booking.state == "booked")
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    for event_id, name in session.execute(wanted.where(table.event_id.in_(events))):
        found[event_id].append(name)
    return {event_id: sorted(names, key=sort_key) for event_id, names in found.items()}
