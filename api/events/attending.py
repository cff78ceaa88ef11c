"""Who was at an event, and what a trainer signs. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person
from api.catalogue.operations import current_catalogue, current_edition
from api.core.errors import NotFound
from api.events.errors import EventOver, NotBooked, PlanInvalid
from api.events.models import Attendance, Booking, Criterion, Event, HalfDay, Presence, SignOff
from api.events.planning import half_days
from api.evidence.models import Evidence
from api.evidence.operations import Done, add_evidence
from api.learning.operations import one_writer

SHARE = 0.8
"""Of each half-day that somebody must have been there for, where intervals say how long."""
EARLY = timedelta(minutes=60)
"""How long before its begin presence can be recorded."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is recorded of somebody for a half-day.

    Attributes:
        seconds: Of presence; None where somebody said it by hand.
        source: "hand", or "file:SHA-256".
    """

    person_id: uuid.UUID
    number: int
    state: Presence
    seconds: int | None = None
    source: str = "hand"


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
    booked = set(
        session.scalars(
            select(Booking.person_id).where(
                Booking.event_id == event.id, Booking.person_id.in_(people), Booking.state == "booked"
            )
        )
    )
    if people - booked:
        raise NotBooked("Somebody has no place at this event.")
    known = attendance_of(session, event)
    added = 0
    for one in seen:
        before = known.get((one.person_id, one.number))
        if before is not None and (before.state, before.seconds) == (one.state, one.seconds):
            continue
        line = Attendance(
            event_id=event.id,
            number=one.number,
            person_id=one.person_id,
            state=one.state,
            seconds=one.seconds,
            source=one.source,
            recorded_by=act.actor,
            at=act.at,
        )
        session.add(line)
        known[one.person_id, one.number] = line
        added += 1
    session.flush()
    if added:
        act.record("event.attend", f"event:{event.id}", new={"lines": added})
        for person_id in sorted(people):
            _count_presence(act, event, person_id, list(halves.values()), known)
    return added


def attendance_of(session: Session, event: Event) -> dict[tuple[uuid.UUID, int], Attendance]:
    """The newest line of each person and half-day."""
    lines = session.scalars(select(Attendance).where(Attendance.event_id == event.id).order_by(Attendance.id))
    return {(line.person_id, line.number): line for line in lines}


def was_there(line: Attendance | None, half: HalfDay) -> bool:
    """Whether a line counts as presence: by hand as it says, from intervals for the share that is asked."""
    if line is None or line.state != "present":
        return False
    whole = (half.ends - half.begins).total_seconds()
    return line.seconds is None or line.seconds >= SHARE * whole


def _count_presence(
    act: Act,
    event: Event,
    person_id: uuid.UUID,
    halves: Sequence[HalfDay],
    known: Mapping[tuple[uuid.UUID, int], Attendance],
) -> None:
    """Write evidence of the webinars that somebody attended, or take it back."""
    modules = current_catalogue(act.session).modules
    there = all(was_there(known.get((person_id, half.number)), half) for half in halves)
    minutes = sum(
        int((half.ends - half.begins).total_seconds() // 60)
        for half in halves
        if was_there(known.get((person_id, half.number)), half)
    )
    one_writer(act.session, person_id)
    for module_id in event.module_ids:
        module = modules.get(module_id)
        if module is None or not any(need.fact == "attended" for need in module.needs):
            continue
        _keep_line(act, event, person_id, module_id, there, halves[-1].ends, minutes)


def _keep_line(
    act: Act, event: Event, person_id: uuid.UUID, module_id: str, holds: bool, ended: datetime, minutes: int
) -> None:
    """Have a line of evidence for a fact that holds, and none that counts for one that does not."""
    session = act.session
    source = f"event:{event.id}"
    lines = list(
        session.scalars(
            select(Evidence)
            .where(Evidence.person_id == person_id, Evidence.module_id == module_id)
            .where(Evidence.source.startswith(source))
            .order_by(Evidence.id)
        )
    )
    newest = lines[-1] if lines else None
    stands = newest is not None and newest.what == "attended"
    if holds == stands:
        return
    against = current_edition(session, module_id)
    hours = current_catalogue(session).modules[module_id].rules.hours
    # Each change is a line of its own: the first one counts for the event, others name which correction they are.
    named = source if not lines else f"{source}:{len(lines)}"
    if holds:
        supersedes = newest.id if newest is not None else None
        done = Done("attended", named, at=min(ended, act.at), minutes=minutes, hours=hours, supersedes=supersedes)
    else:
        assert newest is not None
        done = Done("withdrawn", named, supersedes=newest.id)
    add_evidence(act, person_id, against, done)


@dataclass(frozen=True, slots=True)
class Observed:
    """What a trainer saw of one line of a checklist."""

    state: Criterion
    remark: str = ""


def sign_off(
    act: Act,
    event: Event,
    module_id: str,
    people: Mapping[uuid.UUID, Sequence[Observed]],
    signed_as: str,
) -> list[SignOff]:
    """Sign what people did in a practical; signing again adds, and the newest counts.

    Args:
        act: Whose signature it is.
        event: Where it was.
        module_id: The practical.
        people: For each of them what was seen of every line of the checklist, in its order.
        signed_as: The trainer's name, as they typed it to sign.

    Raises:
        PlanInvalid: The module is no practical of the event, a line is missing, or the name is not the trainer's.
        NotBooked: Somebody was not there.
    """
    session = act.session
    module = current_catalogue(session).modules.get(module_id)
    if module is None or module_id not in event.module_ids or not module.rules.has_checklist:
        raise PlanInvalid("The event has no such practical.", field="module")
    if " ".join(signed_as.casefold().split()) != " ".join(act.person.name.casefold().split()):
        raise PlanInvalid("Sign with your own name, as your account has it.", field="signed_as")
    lines = module.page(event.lang).checklist
    present = {person for (person, _), line in attendance_of(session, event).items() if line.state == "present"}
    if set(people) - present:
        raise NotBooked("Somebody was not checked in: record first that they were there.")
    against = current_edition(session, module_id)
    made = []
    for person_id in sorted(people):
        observed = people[person_id]
        if len(observed) != len(lines):
            raise PlanInvalid(f"The checklist has {len(lines)} lines.", field="criteria")
        one_writer(session, person_id)
        passed = all(one.state == "ticked" for one in observed)
        signed = SignOff(
            event_id=event.id,
            person_id=person_id,
            module_id=module_id,
            version=against.version,
            criteria=[one.state for one in observed],
            remarks=[one.remark.strip() for one in observed],
            passed=passed,
            signed_by=act.person.id,
            signed_as=act.person.name,
            at=act.at,
        )
        session.add(signed)
        session.flush()
        made.append(signed)
        _keep_sign_off(act, event, person_id, module_id, against, signed, passed)
    remarks = {str(one.person_id): one.remarks for one in made if any(one.remarks)}
    act.record(
        "event.sign",
        f"event:{event.id}",
        new={"module": module_id, "people": len(made)},
        texts={"signed_as": act.person.name, "remarks": remarks},
    )
    return made


def _keep_sign_off(
    act: Act, event: Event, person_id: uuid.UUID, module_id: str, against: Any, signed: SignOff, passed: bool
) -> None:
    minutes = sum(int((half.ends - half.begins).total_seconds() // 60) for half in half_days(act.session, event))
    # A later failure takes an earlier signature of the same event back; the line of before stays beside it.
    earlier = act.session.scalar(
        select(Evidence)
        .where(Evidence.person_id == person_id, Evidence.module_id == module_id, Evidence.what == "signed-off")
        .where(
            Evidence.source.in_(
                [
                    f"signoff:{name}"
                    for name in act.session.scalars(
                        select(SignOff.id).where(SignOff.event_id == event.id, SignOff.person_id == person_id)
                    )
                ]
            )
        )
        .order_by(Evidence.id.desc())
        .limit(1)
    )
    if passed:
        supersedes = earlier.id if earlier is not None else None
        done = Done("signed-off", f"signoff:{signed.id}", minutes=minutes, hours="on-site", supersedes=supersedes)
        add_evidence(act, person_id, against, done)
    elif earlier is not None:
        add_evidence(act, person_id, against, Done("withdrawn", f"signoff:{signed.id}", supersedes=earlier.id))


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
