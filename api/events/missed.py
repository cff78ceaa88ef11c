"""The half-days of a period: who came, who excused themselves, who stayed away without a word.

Writes nothing but that a month changed.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from api.events.models import Attendance, Booking, Event, HalfDay, Presence
from api.evidence.validity import ZONE
from api.hours.months import month_by_month, note_months


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


@dataclass(frozen=True, slots=True)
class Absence:
    """A place at a half-day whose person stayed away without a word.

    Attributes:
        month: On the centre's clock: "2026-11".
        module_id: The first one of the event.
    """

    person_id: uuid.UUID
    event_id: uuid.UUID
    module_id: str
    month: str


def absences(session: Session, first: str, last: str, at: datetime | None) -> Iterator[Absence]:
    """Who stayed away without a word in a period; months that are over are kept.

    Args:
        session: Where.
        first: Day, ISO 8601.
        last: Day, the last one of it.
        at: Now; None is after all of them.
    """
    moment = at or datetime.max.replace(tzinfo=UTC)

    def read(begins: str, ends: str) -> list[Absence]:
        halves = halves_of(session, date.fromisoformat(begins), date.fromisoformat(ends))
        return [
            Absence(
                one.person_id,
                one.half.event_id,
                one.half.module_ids[0],
                f"{one.half.begins.astimezone(ZONE):%Y-%m}",
            )
            for one in presences(session, halves, moment)
            if one.state == "absent"
        ]

    # What begins before midnight may end after it.
    over = "9999" if at is None else (at.astimezone(ZONE).date() - timedelta(days=2)).isoformat()
    return chain.from_iterable(month_by_month(session, first, last, "absent", read, over))


def note_events(session: Session, events: Sequence[uuid.UUID]) -> None:
    """Say that what is reported of some events changes: who was there, or has a place.

    What has begun is neither moved nor cancelled any more.
    """
    begins = session.scalars(select(HalfDay.begins).where(HalfDay.event_id.in_(events)))
    note_months(session, [moment.astimezone(ZONE).date().isoformat() for moment in begins])
