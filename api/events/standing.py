"""Where learners stand with modules that take place: for tables of classes. Writes nothing."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.events.models import Attendance, Booking, Event

EventState = Literal["waiting", "booked", "attended", "absent", "excused"]
"""On the waiting list; a place; was there (and is not done yet); was not there; was not there, with a reason."""


def states_at_events(
    session: Session, people: Collection[uuid.UUID], module_ids: Collection[str]
) -> dict[tuple[uuid.UUID, str], EventState]:
    """By person and module, what became of their latest place; in two queries."""
    wanted = set(module_ids)
    places = session.execute(
        select(Booking.person_id, Booking.state, Event.id, Event.module_ids)
        .join(Event, Event.id == Booking.event_id)
        .where(Booking.person_id.in_(people), Booking.state != "cancelled", Event.cancelled_at.is_(None))
        .order_by(Event.begins)
    ).all()
    seen: dict[tuple[uuid.UUID, uuid.UUID], dict[int, str]] = {}
    events = {row.id for row in places}
    for line in session.execute(
        select(Attendance.event_id, Attendance.person_id, Attendance.number, Attendance.state)
        .where(Attendance.event_id.in_(events), Attendance.person_id.in_(people))
        .order_by(Attendance.id)
    ):
        seen.setdefault((line.event_id, line.person_id), {})[line.number] = line.state
    found: dict[tuple[uuid.UUID, str], EventState] = {}
    for row in places:
        state = _state(row.state, seen.get((row.id, row.person_id), {}).values())
        for module_id in wanted.intersection(row.module_ids):
            found[row.person_id, module_id] = state
    return found


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place of somebody at an event, and what became of it."""

    event: Event
    state: EventState


def places_of(session: Session, person_id: uuid.UUID) -> list[PlaceLine]:
    """The places of somebody at events that were not called off, the newest first; in two queries."""
    rows = session.execute(
        select(Booking.state, Event)
        .join(Event, Event.id == Booking.event_id)
        .where(Booking.person_id == person_id, Booking.state != "cancelled", Event.cancelled_at.is_(None))
        .order_by(Event.begins.desc(), Event.id)
    ).all()
    seen: dict[uuid.UUID, dict[int, str]] = {}
    for line in session.scalars(select(Attendance).where(Attendance.person_id == person_id).order_by(Attendance.id)):
        seen.setdefault(line.event_id, {})[line.number] = line.state
    return [PlaceLine(event, _state(state, seen.get(event.id, {}).values())) for state, event in rows]


def _state(booking: str, halves: Collection[str]) -> EventState:
    if booking == "waiting":
        return "waiting"
    if "present" in halves:
        return "attended"
    if "excused" in halves:
        return "excused"
    return "absent" if "absent" in halves else "booked"
