"""Signatures: of trainers under checklists, of learners under those, and of both under half-days.

Knows no HTTP and never commits. A signature is a line that is added (21 CFR 11.50: it shows the printed name, the time
and its meaning). Which ones count is said in `facts.py`.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.catalogue.operations import current_catalogue, current_edition
from api.core.errors import NotFound
from api.events.attending import EARLY
from api.events.errors import ChecklistChanged, EventOver, NotBooked, PlanInvalid
from api.events.facts import attendance_of, counter_signed, settle
from api.events.models import (
    Attendance,
    Booking,
    CounterSignature,
    Criterion,
    Event,
    EventTrainer,
    HalfDay,
    PresenceSignature,
    SignOff,
)  # fmt: skip
from api.events.planning import find_half_day, lock
from api.events.training import settle_hours
from site_builder.course.model import Page

CLOCKS = timedelta(minutes=5)
"""How far a learner's clock may be ahead when they say until when they were there."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What a trainer saw of one line of a checklist.

    Attributes:
        level: Of those that the practical names, from 1; 0 where it names none, or where the line was not done.
    """

    state: Criterion
    remark: str = ""
    level: int = 0


def _check_name(act: Act, signed_as: str) -> str:
    if " ".join(signed_as.casefold().split()) != " ".join(act.person.name.casefold().split()):
        raise PlanInvalid("Sign with your own name, as your account has it.", field="signed_as")
    return act.person.name


def is_passed(page: Page, observed: Sequence[Observed]) -> bool:
    """Whether a checklist is passed: every critical line is done, or every line where none is marked as critical.

    Where a practical names levels, a line is done at the level that it asks for.
    """
    asked = page.critical or range(len(observed))
    return all(
        observed[place].state == "ticked" and observed[place].level >= page.asked_level(place) for place in asked
    )


def _check_observed(page: Page, observed: Sequence[Observed]) -> None:
    if len(observed) != len(page.checklist):
        raise PlanInvalid(f"The checklist has {len(page.checklist)} lines.", field="criteria")
    for one in observed:
        highest = len(page.levels) if one.state == "ticked" else 0
        if not min(highest, 1) <= one.level <= highest:
            raise PlanInvalid("Say of each line that was done at which level, and only there.", field="criteria")


def sign_off(
    act: Act,
    event: Event,
    module_id: str,
    people: Mapping[uuid.UUID, Sequence[Observed]],
    signed_as: str,
    version: str = "",
) -> list[SignOff]:
    """Sign what people did in a practical; signing again adds, and the newest counts.

    Args:
        act: Whose signature it is.
        event: Where it was.
        module_id: The practical.
        people: For each of them what was seen of every line of the checklist, in its order.
        signed_as: The trainer's name, as they typed it to sign.
        version: Of the checklist that they saw; "" is the one of now.

    Raises:
        PlanInvalid: The module is no practical of the event, a line is missing, the name is not the trainer's, or they
            sign for themselves.
        NotBooked: Somebody was not there.
        EventOver: It was cancelled.
        ChecklistChanged: Another version was published meanwhile.
    """
    session = act.session
    lock(session, event)
    if event.cancelled_at is not None:
        raise EventOver("It was cancelled.")
    if act.person.id in people:
        raise PlanInvalid("Nobody signs for themselves.", field="self")
    module = current_catalogue(session).modules.get(module_id)
    if module is None or module_id not in event.module_ids or not module.rules.has_checklist:
        raise PlanInvalid("The event has no such practical.", field="module")
    name, page = _check_name(act, signed_as), module.page(event.lang)
    present = {person for (person, _), line in attendance_of(session, event).items() if line.state == "present"}
    if set(people) - present:
        raise NotBooked("Somebody was not checked in: record first that they were there.")
    against = current_edition(session, module_id)
    if version and version != against.version:
        raise ChecklistChanged("The checklist was published anew meanwhile: look at it again.")
    made = []
    for person_id in sorted(people):
        observed = people[person_id]
        _check_observed(page, observed)
        signed = SignOff(
            event_id=event.id,
            person_id=person_id,
            module_id=module_id,
            version=against.version,
            criteria=[one.state for one in observed],
            remarks=[one.remark.strip() for one in observed],
            levels=[one.level for one in observed] if page.levels else None,
            passed=is_passed(page, observed),
            signed_by=act.person.id,
            signed_as=name,
            at=act.at,
        )
        session.add(signed)
        made.append(signed)
    session.flush()
    settle(act, event, people)
    remarks = {str(one.person_id): one.remarks for one in made if any(one.remarks)}
    act.record(
        "event.sign",
        f"event:{event.id}",
        new={"module": module_id, "people": len(made)},
        texts={"signed_as": name, "remarks": remarks},
    )
    return made


def find_own_sign_off(act: Act, sign_off_id: int) -> SignOff:
    """What a trainer signed of oneself.

    Raises:
        NotFound: It is about somebody else, or there is none.
    """
    signed = act.session.get(SignOff, sign_off_id)
    if signed is None or signed.person_id != act.person.id:
        raise NotFound("There is no such signature.")
    return signed


def counter_sign(act: Act, signed: SignOff, signed_as: str) -> CounterSignature:
    """The learner's own signature under what a trainer signed.

    Raises:
        PlanInvalid: The name is not theirs.
    """
    session = act.session
    event = session.get_one(Event, signed.event_id)
    lock(session, event)
    known = counter_signed(session, [signed]).get(signed.id)
    if known is not None:
        return known
    made = CounterSignature(
        sign_off_id=signed.id, person_id=act.person.id, signed_as=_check_name(act, signed_as), at=act.at
    )
    session.add(made)
    session.flush()
    act.record("event.counter-sign", f"event:{signed.event_id}", new={"sign_off": signed.id})
    settle(act, event, [act.person.id])
    return made


def sign_presence(
    act: Act, event: Event, number: int, signed_as: str, begins: datetime, ends: datetime
) -> PresenceSignature:
    """A learner's "I was there", for a half-day.

    Raises:
        NotBooked: They have no place.
        EventOver: It does not begin yet, or was cancelled.
        PlanInvalid: The name is not theirs, or the times are not of the half-day.
    """
    session, half = act.session, find_half_day(act.session, event, number)
    booking = session.get(Booking, (event.id, act.person.id))
    if booking is None or booking.state != "booked":
        raise NotBooked("There is no place of yours.")
    if event.cancelled_at is not None or half.begins > act.at:
        raise EventOver("It was cancelled, or does not begin yet.")
    if not half.begins - EARLY <= begins < ends <= min(half.ends + EARLY, act.at + CLOCKS):
        raise PlanInvalid("These times are not of this half-day.", field="begins")
    known = session.scalar(
        select(PresenceSignature)
        .where(PresenceSignature.event_id == event.id, PresenceSignature.number == number)
        .where(PresenceSignature.person_id == act.person.id, PresenceSignature.as_trainer.is_(False))
        .order_by(PresenceSignature.id.desc())
        .limit(1)
    )
    if known is not None and (known.begins, known.ends) == (begins, ends):
        return known
    made = _add(act, event, number, signed_as, begins=begins, ends=ends)
    settle_hours(act, event, [act.person.id])
    return made


def sign_list(act: Act, event: Event, number: int, signed_as: str) -> PresenceSignature:
    """A trainer's signature under the list of those who were there.

    Raises:
        EventOver: It does not begin yet.
        PlanInvalid: The name is not theirs, or the list is empty.
    """
    half = find_half_day(act.session, event, number)
    if half.begins > act.at:
        raise EventOver("It does not begin yet.")
    lines = attendance_of(act.session, event)
    there = sorted(str(person) for (person, of), line in lines.items() if of == number and line.state == "present")
    if not there:
        raise PlanInvalid("Nobody is on the list yet.", field="people")
    before = _named(act, event, number)
    made = _add(act, event, number, signed_as, people=there)
    settle_hours(act, event, {uuid.UUID(person) for person in {*there, *before}})
    return made


def _named(act: Act, event: Event, number: int) -> set[str]:
    """Whom the lists of a half-day name that this trainer signed before."""
    lists = act.session.scalars(
        select(PresenceSignature.people)
        .where(PresenceSignature.event_id == event.id, PresenceSignature.number == number)
        .where(PresenceSignature.person_id == act.person.id, PresenceSignature.as_trainer.is_(True))
    )
    return {person for named in lists for person in named or ()}


def _add(
    act: Act,
    event: Event,
    number: int,
    signed_as: str,
    begins: datetime | None = None,
    ends: datetime | None = None,
    people: list[str] | None = None,
) -> PresenceSignature:
    made = PresenceSignature(
        event_id=event.id,
        number=number,
        person_id=act.person.id,
        as_trainer=people is not None,
        begins=begins,
        ends=ends,
        people=people,
        signed_as=_check_name(act, signed_as),
        at=act.at,
    )
    act.session.add(made)
    act.session.flush()
    act.record("event.sign-presence", f"event:{event.id}", new={"number": number}, texts={"signed_as": made.signed_as})
    return made


def unsigned_half_days(
    session: Session, trainer_id: uuid.UUID, since: datetime, at: datetime
) -> list[tuple[Event, HalfDay]]:
    """Half-days that somebody led and that are over, whose list as it is now no trainer signed; the oldest first."""
    over = (
        select(Event, HalfDay)
        .join(HalfDay, HalfDay.event_id == Event.id)
        .join(EventTrainer, EventTrainer.event_id == Event.id)
        .where(EventTrainer.person_id == trainer_id, Event.cancelled_at.is_(None))
        .where(HalfDay.ends > since, HalfDay.ends <= at)
        .order_by(HalfDay.begins, HalfDay.event_id)
    )
    found = [(row[0], row[1]) for row in session.execute(over)]
    ids = {event.id for event, _ in found}
    state = {}
    for line in session.scalars(select(Attendance).where(Attendance.event_id.in_(ids)).order_by(Attendance.id)):
        state[line.event_id, line.number, str(line.person_id)] = line.state
    there: dict[tuple[uuid.UUID, int], set[str]] = {}
    for (event_id, number, person), how in state.items():
        if how == "present":
            there.setdefault((event_id, number), set()).add(person)
    lists = select(PresenceSignature).where(PresenceSignature.event_id.in_(ids), PresenceSignature.as_trainer.is_(True))
    named: dict[tuple[uuid.UUID, int], set[str]] = {}
    for signed in session.scalars(lists):
        named.setdefault((signed.event_id, signed.number), set()).update(signed.people or ())
    return [
        (event, half)
        for event, half in found
        if there.get((event.id, half.number), set()) - named.get((event.id, half.number), set())
    ]


def presence_signatures(session: Session, event: Event) -> list[PresenceSignature]:
    """All signatures under its half-days, the oldest first."""
    return list(
        session.scalars(
            select(PresenceSignature).where(PresenceSignature.event_id == event.id).order_by(PresenceSignature.id)
        )
    )
