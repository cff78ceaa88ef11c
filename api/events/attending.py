"""Who was at an event. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person
from api.catalogue.operations import current_catalogue
from api.core.errors import NotFound
from api.events.errors import EventOver, NotBooked
from api.events.facts import attendance_of, settle
from api.events.missed import note_events
from api.events.models import Attendance, Booking, Event, Presence, SignOff
from api.events.planning import half_days, lock
from api.events.training import settle_hours

EARLY = timedelta(minutes=60)
"""How long before its begin the door of a practical opens."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is recorded of somebody for a half-day.

    Attributes:
        seconds: Of presence; None where somebody said it by hand.
        source: "hand", "file:SHA-256", or "door:ID".
        why: A reason, as it was typed.
        came_at: By the door's clock.
        left_at: By the door's clock.
    """

    person_id: uuid.UUID
    number: int
    state: Presence
    seconds: int | None = None
    source: str = "hand"
    why: str = ""
    came_at: datetime | None = None
    left_at: datetime | None = None

    def says_the_same(self, line: Attendance | None) -> bool:
        """Whether a line says so already."""
        if line is None or (line.state, line.seconds) != (self.state, self.seconds):
            return False
        return not self.source.startswith("door:") or (line.came_at, line.left_at) == (self.came_at, self.left_at)


def record_attendance(act: Act, event: Event, seen: Sequence[Seen]) -> int:
    """Record who was there; what is so already is not recorded again. Gives how many lines were added.

    Raises:
        EventOver: It was cancelled, or does not begin yet.
        NotBooked: Somebody has no place: a trainer gives one first.
        NotFound: It has no such half-day.
    """
    session = act.session
    lock(session, event)
    halves = {half.number: half for half in half_days(session, event)}
    if event.cancelled_at is not None:
        raise EventOver("It was cancelled.")
    early = _early(session, event)
    for one in seen:
        if one.number not in halves:
            raise NotFound("The event has no such half-day.")
        if halves[one.number].begins - early > act.at:
            raise EventOver("It does not begin yet.")
    people = {one.person_id for one in seen}
    if people - _with_a_place(session, event, people):
        raise NotBooked("Somebody has no place at this event.")
    known = attendance_of(session, event)
    added: list[Attendance] = []
    for one in seen:
        if one.says_the_same(known.get((one.person_id, one.number))):
            continue
        line = Attendance(
            event_id=event.id,
            number=one.number,
            person_id=one.person_id,
            state=one.state,
            seconds=one.seconds,
            source=one.source,
            came_at=one.came_at,
            left_at=one.left_at,
            why=one.why.strip(),
            recorded_by=act.actor,
            at=act.at,
        )
        session.add(line)
        known[one.person_id, one.number] = line
        added.append(line)
    session.flush()
    if added:
        texts = {str(line.person_id): line.why for line in added if line.why}
        act.record("event.attend", f"event:{event.id}", new={"lines": len(added)}, texts=texts or None)
        settle(act, event, {line.person_id for line in added})
        settle_hours(act, event, {line.person_id for line in added})
        note_events(session, [event.id])
    return len(added)


def _early(session: Session, event: Event) -> timedelta:
    """How long before its begin presence is recorded: at a door, and not where presence itself completes a module."""
    modules = current_catalogue(session).modules
    remote = any(name in modules and modules[name].rules.has_presence for name in event.module_ids)
    return timedelta() if remote else EARLY


def _with_a_place(session: Session, event: Event, people: set[uuid.UUID]) -> set[uuid.UUID]:
    booked = select(Booking.person_id).where(
        Booking.event_id == event.id, Booking.person_id.in_(people), Booking.state == "booked"
    )
    return set(session.scalars(booked))


@dataclass(frozen=True, slots=True)
class RosterLine:
    """Somebody with a place, for the trainer at the door.

    Attributes:
        attendance: By half-day.
        signed: By module, the newest signature.
    """

    person: Person
    booking: Booking
    attendance: dict[int, Attendance]
    signed: dict[str, SignOff]


def roster(session: Session, event: Event) -> list[RosterLine]:
    """Everybody with a place or waiting for one, in four queries."""
    rows = session.execute(
        select(Person, Booking)
        .join(Booking, Booking.person_id == Person.id)
        .where(Booking.event_id == event.id, Booking.state != "cancelled")
    ).all()
    attended: dict[uuid.UUID, dict[int, Attendance]] = {}
    for (person_id, number), line in attendance_of(session, event).items():
        attended.setdefault(person_id, {})[number] = line
    signed: dict[uuid.UUID, dict[str, SignOff]] = {}
    for one in session.scalars(select(SignOff).where(SignOff.event_id == event.id).order_by(SignOff.id)):
        signed.setdefault(one.person_id, {})[one.module_id] = one
    return [
        RosterLine(person, booking, attended.get(person.id, {}), signed.get(person.id, {})) for person, booking in rows
    ]
