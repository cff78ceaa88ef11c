"""How much of its rooms, its trainers and its places the centre uses in a period. Writes nothing."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.core.texts import sort_key
from api.events.missed import Halves, halves_of, presences
from api.events.models import Booking, EventTrainer, Room
from api.evidence.validity import ZONE

HALVES = 2
"""Half-days of a working day."""
NOON = 13
"""A half-day that begins before this hour takes the morning."""


@dataclass(frozen=True, slots=True)
class RoomUse:
    """A room in a period, in half-days.

    Attributes:
        open: Half-days of working days (Monday to Friday) on which it is not closed.
        used: Of these, on which something took place or is planned.
        seats: Places that its events had, in half-days.
        taken: Of these, with somebody who had a place.
    """

    id: uuid.UUID
    name: str
    zone: str
    places: int
    area: int
    open: int
    used: int
    seats: int
    taken: int


@dataclass(frozen=True, slots=True)
class TrainerUse:
    """A trainer in a period: half-days led, of those of all working days."""

    id: uuid.UUID
    name: str
    open: int
    used: int


@dataclass(frozen=True, slots=True)
class Use:
    """A period.

    Attributes:
        absent: Places at half-days that are over and written down, of people who did not come.
        came: Of people who did.
        excused: Of people who excused themselves.
    """

    rooms: list[RoomUse]
    trainers: list[TrainerUse]
    absent: int
    came: int
    excused: int

    @property
    def no_show(self) -> float:
        """Share of places whose people stayed away without a word, 0..1; 0 where nothing took place."""
        return self.absent / (self.absent + self.came) if self.absent + self.came else 0.0


def working_days(first: date, last: date) -> list[date]:
    """Monday to Friday; what else is closed is said of each room."""
    days = ((first + timedelta(days=one)) for one in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]


def use_of(session: Session, first: date, last: date, at: datetime) -> Use:
    """Rooms, trainers and places of a period.

    Args:
        session: Where.
        first: Day.
        last: Day, the last one.
        at: Now: who did not come is known of what is over alone.
    """
    halves, days = halves_of(session, first, last), working_days(first, last)
    booked = _booked(session)
    slots: dict[uuid.UUID, set[tuple[date, bool]]] = defaultdict(set)
    seats: Counter[uuid.UUID] = Counter()
    taken: Counter[uuid.UUID] = Counter()
    for half in halves:
        if half.room_id is not None:
            slots[half.room_id].add(_slot(half.begins))
            seats[half.room_id] += half.places
            taken[half.room_id] += min(half.places, booked.get(half.event_id, 0))
    rooms = []
    for room in session.scalars(select(Room).where(Room.archived_at.is_(None), Room.zone != "online")):
        closed = {date.fromisoformat(day) for day in room.closed}
        open_ = HALVES * sum(day not in closed for day in days)
        rooms.append(
            RoomUse(
                room.id,
                room.name,
                room.zone,
                room.places,
                room.area,
                open_,
                len(slots[room.id]),
                seats[room.id],
                taken[room.id],
            )
        )
    rooms.sort(key=lambda one: sort_key(one.name))
    counts = Counter(one.state for one in presences(session, halves, at))
    return Use(
        rooms, _trainers(session, halves, HALVES * len(days)), counts["absent"], counts["present"], counts["excused"]
    )


def _slot(begins: datetime) -> tuple[date, bool]:
    local = begins.astimezone(ZONE)
    return local.date(), local.hour < NOON


def _booked(session: Session) -> Mapping[uuid.UUID, int]:
    found = session.execute(
        select(Booking.event_id, func.count()).where(Booking.state == "booked").group_by(Booking.event_id)
    )
    return {row[0]: row[1] for row in found}


def _trainers(session: Session, halves: Halves, open_: int) -> list[TrainerUse]:
    led: dict[uuid.UUID, set[tuple[date, bool]]] = defaultdict(set)
    by_event: dict[uuid.UUID, set[tuple[date, bool]]] = defaultdict(set)
    for half in halves:
        by_event[half.event_id].add(_slot(half.begins))
    for event_id, person_id in session.execute(select(EventTrainer.event_id, EventTrainer.person_id)):
        led[person_id] |= by_event.get(event_id, set())
    people = session.scalars(select(Person).where(Person.role == "trainer", Person.active.is_(True)))
    found = {one.id: one.name for one in people}
    others = [one for one in led if led[one] and one not in found]
    found |= {one.id: one.name for one in session.scalars(select(Person).where(Person.id.in_(others)))}
    uses = [TrainerUse(key, name, open_, len(led.get(key, ()))) for key, name in found.items()]
    return sorted(uses, key=lambda one: sort_key(one.name))
