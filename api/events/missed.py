"""The half-days of a period: who came, who excused themselves, who stayed away without a word. Writes nothing."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from api.events.models import Attendance, Booking, Event, HalfDay, Presence
from api.evidence.validity import ZONE


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody with a place at a half-day that is over, and what was written down of them; nothing is "absent"."""

    half: Row[uuid.UUID, int, datetime, datetime, uuid.UUID | None, int, Any]
    person_id: uuid.UUID
    state: Presence


Halves = Sequence[Row[uuid.UUID, int, datetime, datetime, uuid.UUID | None, int, Any]]
"""Half-days: event, number, begin, end; room, places and modules of the event."""


def bounds_of(first: date, last: date) -> tuple[datetime, datetime]:
    """From the first moment of a day, on the centre's clock, to the first one after another."""
    begins, ends = (datetime.combine(day, time(), ZONE) for day in (first, last + timedelta(days=1)))
    return begins.astimezone(UTC), ends.astimezone(UTC)


def halves_of(session: Session, first: date, last: date) -> Halves:
    """The half-days of a period of events that are not cancelled, in their order."""
    begins, ends = bounds_of(first, last)
    wanted = (
        select(
            HalfDay.event_id,
            HalfDay.number,
            HalfDay.begins,
            HalfDay.ends,
            Event.room_id,
            Event.places,
            Event.module_ids,
        )
        .join(Event, Event.id == HalfDay.event_id)
        .where(HalfDay.begins >= begins, HalfDay.begins < ends, Event.cancelled_at.is_(None))
        .order_by(HalfDay.begins, HalfDay.event_id, HalfDay.number)
    )
    return session.execute(wanted).all()


def presences(session: Session, halves: Halves, at: datetime) -> Iterator[Place]:
    """The places of half-days that are over: the newest line of each counts.

    Half-days of which nobody wrote down any presence say nothing.

    Args:
        session: Where.
        halves: Which half-days.
        at: Now.
    """
    over = [half for half in halves if half.ends <= at]
    events = {half.event_id for half in over}
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
    for half in over:
        if (half.event_id, half.number) in written:
            for person_id in people[half.event_id]:
                yield Place(half, person_id, states.get((half.event_id, half.number, person_id), "absent"))
