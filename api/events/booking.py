"""Places at events. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person
from api.events.errors import EventFull, EventOver, NotBooked, NotReady
from api.events.letters import Booked, GivenBack, Waiting, about
from api.events.missed import note_events
from api.events.models import Booking, Event
from api.events.needs import missing_of
from api.events.planning import lock
from api.messages.operations import add_messages

DOOR = timedelta(minutes=60)
"""How long before the begin places are given at the door."""


def book(act: Act, event: Event, people: Iterable[Person], *, at_the_door: bool = False) -> list[Booking]:
    """Give people places, in their order, or put them on the waiting list; whoever has one keeps it.

    Args:
        act: Who does it: a learner for themselves, a teacher for a class, a trainer.
        event: The event.
        people: For whom.
        at_the_door: Whether it may have begun, and be fuller than planned: a trainer lets them in.

    Raises:
        EventOver: It was cancelled, or has begun.
        EventFull: No place is left, and there is no waiting list.
        NotReady: It is only for those who did what its modules ask for first.
    """
    session = act.session
    lock(session, event)
    if event.cancelled_at is not None or (event.begins <= act.at and not at_the_door):
        raise EventOver("It was cancelled, or has begun.")
    if at_the_door and event.begins - DOOR > act.at:
        raise EventOver("The door is not open yet.")
    taken = _count(session, event)
    found, letters, people = [], [], list(people)
    if event.needs_ready and not at_the_door:
        missing = missing_of(session, event, [person.id for person in people], act.at)
        if any(missing.values()):
            names = sorted({name for needed in missing.values() for one in needed for name in one.modules[:1]})
            unready = [str(person_id) for person_id, needed in missing.items() if needed]
            raise NotReady("Something must be done first.", modules=names, people=unready)
    for person in people:
        booking = session.get(Booking, (event.id, person.id))
        if booking is not None and (booking.state == "booked" or (booking.state == "waiting" and not at_the_door)):
            found.append(booking)
            continue
        free = at_the_door or taken < event.places
        if not free and not event.has_waiting_list:
            raise EventFull("No place is left.")
        if booking is None:
            booking = Booking(event_id=event.id, person_id=person.id)
            session.add(booking)
        booking.state, booking.at, booking.booked_by = "booked" if free else "waiting", act.at, act.person.id
        booking.why, booking.late, booking.changes = "", False, (booking.changes or 0) + 1
        taken += free
        found.append(booking)
        note_events(session, [event.id])
        kind = Booked if free else Waiting
        letters.append((person, kind(**about(session, event, person.lang))))
    session.flush()
    if letters:
        new = [str(person.id) for person, _ in letters]
        act.record("event.book", f"event:{event.id}", new={"people": new})
        add_messages(session, letters, at=act.at)
    return found


def give_back(act: Act, event: Event, person_id: uuid.UUID, why: str = "") -> Booking:
    """Give a place back; whoever waits longest gets it, and is told.

    Raises:
        NotBooked: They have none.
        EventOver: It has begun.
    """
    session = act.session
    lock(session, event)
    booking = session.get(Booking, (event.id, person_id))
    if booking is None or booking.state == "cancelled":
        raise NotBooked("There is no place to give back.")
    if event.begins <= act.at:
        raise EventOver("It has begun.")
    had_place = booking.state == "booked"
    booking.state, booking.at, booking.why = "cancelled", act.at, why.strip()
    booking.changes += 1
    booking.late = had_place and event.cancel_until is not None and act.at > event.cancel_until
    session.flush()
    act.because(why).record(
        "event.give-back", f"event:{event.id}", new={"person": str(person_id), "late": booking.late}
    )
    person = session.get_one(Person, person_id)
    add_messages(session, [(person, GivenBack(**about(session, event, person.lang)))], at=act.at)
    if event.cancelled_at is None:
        _move_up(act, event)
    return booking


def _move_up(act: Act, event: Event) -> None:
    """Give free places to those who wait longest."""
    session = act.session
    free = event.places - _count(session, event)
    if free <= 0:
        return
    waiting = session.execute(
        select(Booking, Person)
        .join(Person, Person.id == Booking.person_id)
        .where(Booking.event_id == event.id, Booking.state == "waiting", Person.active.is_(True))
        .order_by(Booking.at, Booking.person_id)
        .limit(free)
    ).all()
    for booking, _ in waiting:
        booking.state, booking.at, booking.changes = "booked", act.at, booking.changes + 1
    session.flush()
    if waiting:
        moved = [str(person.id) for _, person in waiting]
        act.record("event.move-up", f"event:{event.id}", new={"people": moved})
        letters = [(person, Booked(**about(session, event, person.lang))) for _, person in waiting]
        add_messages(session, letters, at=act.at)


def fill_up(act: Act, event: Event) -> None:
    """After there are more places: those who wait get them."""
    lock(act.session, event)
    _move_up(act, event)


def _count(session: Session, event: Event) -> int:
    found = (
        select(func.count())
        .select_from(Booking)
        .join(Person, Person.id == Booking.person_id)
        .where(Booking.event_id == event.id, Booking.state == "booked", Person.active.is_(True))
    )
    return session.scalar(found) or 0


def free_places(session: Session, events: Iterable[Event]) -> dict[uuid.UUID, int]:
    """How many places are left, by event; in one query."""
    wanted = {event.id: event.places for event in events}
    taken = session.execute(
        select(Booking.event_id, func.count())
        .join(Person, Person.id == Booking.person_id)
        .where(Person.active.is_(True), Booking.event_id.in_(wanted), Booking.state == "booked")
        .group_by(Booking.event_id)
    )
    counts = {event_id: count for event_id, count in taken}  # noqa: C416  # Rows are no pairs to mypy.
    return {event_id: max(0, places - counts.get(event_id, 0)) for event_id, places in wanted.items()}
