"""Who came to what, who excused themselves, and who stayed away without a word. Writes nothing."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.events.models import Attendance, Booking, HalfDay, Presence


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody with a place at a half-day that is over, and what was written down of them; nothing is "absent"."""

    event_id: uuid.UUID
    number: int
    person_id: uuid.UUID
    begins: datetime
    state: Presence


def presences(session: Session, wanted: Sequence[tuple[uuid.UUID, int]], at: datetime) -> Iterator[Place]:
    """The places of half-days that are over: the newest line of each counts.

    Half-days of which nobody wrote down any presence say nothing.

    Args:
        session: Where.
        wanted: Events and numbers of half-days.
        at: Now.
    """
    events = {event_id for event_id, _ in wanted}
    over = {
        (half.event_id, half.number): half.begins
        for half in session.scalars(select(HalfDay).where(HalfDay.event_id.in_(events), HalfDay.ends <= at))
    }
    people: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for event_id, person_id in session.execute(
        select(Booking.event_id, Booking.person_id).where(Booking.event_id.in_(events), Booking.state == "booked")
    ):
        people[event_id].append(person_id)
    states: dict[tuple[uuid.UUID, int, uuid.UUID], Presence] = {}
    lines = session.execute(
        select(Attendance.event_id, Attendance.number, Attendance.person_id, Attendance.state)
        .where(Attendance.event_id.in_(events))
        .order_by(Attendance.id)
    )
    for event_id, number, person_id, state in lines:
        states[event_id, number, person_id] = state
    written = {(event_id, number) for event_id, number, _ in states}
    for key in wanted:
        if key in over and key in written:
            for person_id in people[key[0]]:
                yield Place(*key, person_id, over[key], states.get((*key, person_id), "absent"))
