"""Who was at an event. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person
from api.catalogue.operations import current_catalogue, current_edition
from api.core.errors import NotFound
from api.events.errors import EventOver, NotBooked
from api.events.models import Attendance, Booking, Event, HalfDay, Presence, SignOff
from api.events.planning import half_days
from api.evidence.models import Evidence
from api.evidence.operations import Done, add_evidence
from api.learning.operations import one_writer
from site_builder.course.modules import Fact

EARLY = timedelta(minutes=60)
"""How long before its begin presence can be recorded."""


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
        return self.left_at is None or self.left_at == line.left_at


def record_attendance(act: Act, event: Event, seen: Sequence[Seen]) -> int:
    """Record who was there; what is so already is not recorded again. Gives how many lines were added.

    Presence in every half-day completes the webinars that the event stands for, from then on; a correction takes that
    back.

    Raises:
        EventOver: It was cancelled, or does not begin yet.
        NotBooked: Somebody has no place: a trainer gives one first.
        NotFound: It has no such half-day.
    """
    session = act.session
    halves = {half.number: half for half in half_days(session, event)}
    if event.cancelled_at is not None:
        raise EventOver("It was cancelled.")
    for one in seen:
        if one.number not in halves:
            raise NotFound("The event has no such half-day.")
        if halves[one.number].begins - EARLY > act.at:
            raise EventOver("It does not begin yet.")
    people = {one.person_id for one in seen}
    if people - _with_a_place(session, event, people):
        raise NotBooked("Somebody has no place at this event.")
    known = attendance_of(session, event)
    added: list[Attendance] = []
    for one in seen:
        before = known.get((one.person_id, one.number))
        if one.says_the_same(before):
            continue
        line = Attendance(
            event_id=event.id,
            number=one.number,
            person_id=one.person_id,
            state=one.state,
            seconds=one.seconds,
            source=one.source,
            came_at=one.came_at or (before.came_at if before and one.state == "present" else None),
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
        for person_id in sorted(people):
            _count_presence(act, event, person_id, list(halves.values()), known)
    return len(added)


def _with_a_place(session: Session, event: Event, people: set[uuid.UUID]) -> set[uuid.UUID]:
    booked = select(Booking.person_id).where(
        Booking.event_id == event.id, Booking.person_id.in_(people), Booking.state == "booked"
    )
    return set(session.scalars(booked))


def attendance_of(session: Session, event: Event) -> dict[tuple[uuid.UUID, int], Attendance]:
    """The newest line of each person and half-day."""
    lines = session.scalars(select(Attendance).where(Attendance.event_id == event.id).order_by(Attendance.id))
    return {(line.person_id, line.number): line for line in lines}


def was_there(line: Attendance | None, half: HalfDay, presence: int) -> bool:
    """Whether a line counts as presence: by hand as it says, from intervals for the percentage that is asked."""
    if line is None or line.state != "present":
        return False
    whole = (half.ends - half.begins).total_seconds()
    return line.seconds is None or line.seconds * 100 >= presence * whole


def _count_presence(
    act: Act,
    event: Event,
    person_id: uuid.UUID,
    halves: Sequence[HalfDay],
    known: Mapping[tuple[uuid.UUID, int], Attendance],
) -> None:
    """Write evidence of the webinars that somebody attended, or take it back."""
    modules = current_catalogue(act.session).modules
    for module_id in event.module_ids:
        module = modules.get(module_id)
        if module is None or not any(need.fact == "attended" for need in module.needs):
            continue
        there = [half for half in halves if was_there(known.get((person_id, half.number)), half, module.presence)]
        done_at = min(halves[-1].ends, act.at) if len(there) == len(halves) else None
        keep_line(act, event, person_id, module_id, "attended", done_at, minutes_of(there))


def minutes_of(halves: Sequence[HalfDay]) -> int:
    """How many minutes they are together."""
    return sum(int((half.ends - half.begins).total_seconds() // 60) for half in halves)


def keep_line(
    act: Act,
    event: Event,
    person_id: uuid.UUID,
    module_id: str,
    fact: Fact,
    done_at: datetime | None,
    minutes: int,
) -> None:
    """Have a line of evidence for a fact that an event gave, and none that counts for one that it did not.

    Args:
        act: Who records it.
        event: Where it was.
        person_id: Whose fact.
        module_id: About which module.
        fact: "attended" or "signed-off".
        done_at: When it was done; None where it is not, or not any more.
        minutes: Training time that it stands for.
    """
    session, source = act.session, f"event:{event.id}"
    one_writer(session, person_id)
    lines = list(
        session.scalars(
            select(Evidence)
            .where(Evidence.person_id == person_id, Evidence.module_id == module_id)
            .where(Evidence.source.startswith(source))
            .order_by(Evidence.id)
        )
    )
    newest = lines[-1] if lines else None
    if (done_at is not None) == (newest is not None and newest.what == fact):
        return
    # Each change is a line of its own: the first one counts for the event, others name which correction they are.
    named = f"{source}:{len(lines)}" if lines else source
    supersedes = newest.id if newest is not None else None
    if done_at is not None:
        hours = current_catalogue(session).modules[module_id].rules.hours
        done = Done(fact, named, at=done_at, minutes=minutes, hours=hours, supersedes=supersedes)
    else:
        done = Done("withdrawn", named, supersedes=supersedes)
    add_evidence(act, person_id, current_edition(session, module_id), done)


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
