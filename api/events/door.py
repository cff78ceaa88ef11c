"""The door's book: what tablets say of who came and left, also hours later. Knows no HTTP and never commits.

Every line is kept with what became of it: two tablets that knew nothing of one another agree afterwards, and what does
not fit is there to be looked at.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person
from api.events.attending import EARLY, Seen, record_attendance
from api.events.facts import attendance_of
from api.events.models import Booking, DoorEntry, Event, HalfDay, Identified, Outcome, Passing
from api.events.needs import missing_of
from api.events.passes import FalsePass, PassKey
from api.events.planning import half_days, lock
from api.readiness.verdict import Missing

COUNTING: tuple[Outcome, ...] = ("done", "again", "elsewhere", "not-in")
"""Outcomes of lines that say where somebody was: they were sure who it is, and had a place."""
LATE = timedelta(hours=6)
"""How long after its end somebody can be said to have left a half-day."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a tablet says.

    Attributes:
        id: Made by the tablet.
        token: The pass that was read; "" where a name was tapped.
        person_id: Whose name was tapped; None where a pass was read.
        claimed_at: When it was, by the tablet's clock, put right by the server's when the roster was loaded.
        why: Why somebody who is not ready was let in.
    """

    id: uuid.UUID
    number: int
    what: Passing
    claimed_at: datetime
    device: str
    token: str = ""
    person_id: uuid.UUID | None = None
    why: str = ""


def write_book(act: Act, event: Event, key: PassKey, said: Sequence[Said]) -> list[DoorEntry]:
    """Take what a tablet says into the book; what is there already is not taken again.

    What is recorded of somebody follows from all lines about them, in the order of their times: which tablet is heard
    first does not matter.
    """
    session = act.session
    lock(session, event)
    halves = {half.number: half for half in half_days(session, event)}
    people = session.scalars(select(Booking.person_id).where(Booking.event_id == event.id)).all()
    missing = missing_of(session, event, people, act.at)
    found, new = [], set[tuple[uuid.UUID, int]]()
    for one in sorted(said, key=lambda one: (one.claimed_at, one.id)):
        entry = session.get(DoorEntry, one.id)
        if entry is None:
            entry = _entry(act, event, key, one, halves, missing)
            session.add(entry)
            session.flush()
            if entry.person_id is not None and entry.outcome in COUNTING:
                new.add((entry.person_id, entry.number))
        found.append(entry)
    for person_id, number in sorted(new):
        _record(act, event, person_id, number)
    outcomes = {str(entry.id): entry.outcome for entry in found}
    texts = {str(entry.id): entry.why for entry in found if entry.why}
    act.record("event.door", f"event:{event.id}", new=outcomes, texts=texts or None)
    return found


def _entry(
    act: Act,
    event: Event,
    key: PassKey,
    one: Said,
    halves: dict[int, HalfDay],
    missing: dict[uuid.UUID, tuple[Missing, ...]],
) -> DoorEntry:
    how: Identified = "pass" if one.token else "name"
    person_id, window, outcome = one.person_id, None, None
    if one.token:
        person_id, window, outcome = _read(key, event, one)
    if outcome is None:
        outcome = _judge(act, event, one, person_id, halves.get(one.number), missing)
    known = act.session.get(Person, person_id) if person_id else None
    return DoorEntry(
        id=one.id,
        event_id=event.id,
        number=one.number,
        person_id=known.id if known else None,
        what=one.what,
        how=how,
        window=window,
        claimed_at=one.claimed_at,
        device=one.device,
        outcome=outcome,
        why=one.why.strip(),
        recorded_by=act.actor,
        at=act.at,
    )


def _read(key: PassKey, event: Event, one: Said) -> tuple[uuid.UUID | None, datetime | None, Outcome | None]:
    """Whose pass it is, when it began to be good, and what is wrong with it."""
    try:
        shown = key.read(one.token)
    except FalsePass:
        return None, None, "false-pass"
    if (shown.event_id, shown.number) != (event.id, one.number):
        return shown.person_id, shown.begins, "other-event"
    # Out, a pass is only a name.
    wrong = one.what == "in" and not shown.is_good_at(one.claimed_at)
    return shown.person_id, shown.begins, "late-pass" if wrong else None


def _judge(
    act: Act,
    event: Event,
    one: Said,
    person_id: uuid.UUID | None,
    half: HalfDay | None,
    missing: dict[uuid.UUID, tuple[Missing, ...]],
) -> Outcome:
    session = act.session
    if event.cancelled_at is not None:
        return "cancelled"
    if half is None or not half.begins - EARLY <= one.claimed_at <= half.ends + LATE:
        return "wrong-time"
    booking = session.get(Booking, (event.id, person_id)) if person_id else None
    if booking is None or booking.state != "booked" or person_id is None:
        return "no-place"
    if not session.get_one(Person, person_id).active:
        return "suspended"
    before = next(
        (line for line in reversed(_of(session, event, person_id, one.number)) if line.claimed_at <= one.claimed_at),
        None,
    )
    if before is not None and before.what == one.what:
        return "again" if before.device == one.device else "elsewhere"
    if one.what == "out" and before is None:
        line = attendance_of(session, event).get((person_id, one.number))
        if line is None or line.state != "present":
            return "not-in"
    if one.what == "in" and missing.get(person_id) and not one.why.strip():
        return "not-ready"
    return "done"


def _of(session: Session, event: Event, person_id: uuid.UUID, number: int) -> list[DoorEntry]:
    """The lines that count for somebody in a half-day, as things happened."""
    return list(
        session.scalars(
            select(DoorEntry)
            .where(DoorEntry.event_id == event.id, DoorEntry.number == number, DoorEntry.person_id == person_id)
            .where(DoorEntry.outcome.in_(COUNTING))
            .order_by(DoorEntry.claimed_at, DoorEntry.id)
        )
    )


def _record(act: Act, event: Event, person_id: uuid.UUID, number: int) -> None:
    """Presence as the whole book has it: from the first coming, to a leaving that no coming follows."""
    lines = _of(act.session, event, person_id, number)
    came = next((line for line in lines if line.what == "in"), None)
    if came is None:
        return
    last = lines[-1]
    seen = Seen(
        person_id,
        number,
        "present",
        source=f"door:{came.id}",
        why=next((line.why for line in lines if line.why), ""),
        came_at=came.claimed_at,
        left_at=last.claimed_at if last.what == "out" else None,
    )
    record_attendance(act, event, [seen])


def book_of(session: Session, event: Event) -> list[DoorEntry]:
    """Every line of the book, as things happened."""
    found = select(DoorEntry).where(DoorEntry.event_id == event.id).order_by(DoorEntry.claimed_at, DoorEntry.id)
    return list(session.scalars(found))
