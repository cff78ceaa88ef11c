"""Rooms, and what takes place in them when. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person
from api.catalogue.operations import current_catalogue
from api.classes.models import Class
from api.classes.operations import checked_zone
from api.core.errors import NotFound
from api.core.roles import Role
from api.core.texts import sort_key
from api.events.access import reachable_events
from api.events.errors import EventOver, PlanInvalid, RoomClosed, Taken
from api.events.letters import Cancelled, Gone, Moved, about
from api.events.models import Booking, Event, EventClass, EventTrainer, HalfDay, Occupation, Room, Zone
from api.messages.operations import add_messages

LONGEST = timedelta(hours=8)
"""Of a half-day: a whole night shift."""
MOST_HALF_DAYS = 40
MOST_PLACES = 500
LEADERS: tuple[Role, ...] = ("trainer", "admin")
"""Who may lead an event."""


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """What is said of a room."""

    name: str
    zone: Zone
    places: int
    equipment: str = ""
    directions: str = ""
    closed: tuple[date, ...] = ()
    area: int = 0


def save_room(act: Act, room: Room | None, plan: RoomPlan) -> Room:
    """Make a room, or change one.

    Raises:
        PlanInvalid: It has no name, no place, or the name of another one.
    """
    if not plan.name.strip():
        raise PlanInvalid("A room has a name.", field="name")
    if not 1 <= plan.places <= MOST_PLACES:
        raise PlanInvalid(f"A room has 1 to {MOST_PLACES} places.", field="places")
    other = act.session.scalar(select(Room).where(Room.name == plan.name.strip()))
    if other is not None and other is not room:
        raise PlanInvalid("Another room has this name.", field="name")
    room = room or Room()
    room.name, room.zone, room.places = plan.name.strip(), plan.zone, plan.places
    room.equipment, room.directions = plan.equipment.strip(), plan.directions.strip()
    room.area = plan.area
    room.closed = sorted(day.isoformat() for day in set(plan.closed))
    act.session.add(room)
    act.session.flush()
    act.record("room.save", f"room:{room.id}", new={"zone": room.zone, "places": room.places})
    return room


def rooms(session: Session) -> list[Room]:
    """The rooms that are in use, by name."""
    return sorted(session.scalars(select(Room).where(Room.archived_at.is_(None))), key=lambda room: sort_key(room.name))


def find_room(session: Session, room_id: uuid.UUID) -> Room:
    """A room.

    Raises:
        NotFound: There is none.
    """
    room = session.get(Room, room_id)
    if room is None:
        raise NotFound("There is no such room.")
    return room


@dataclass(frozen=True, slots=True)
class EventPlan:
    """What is said of an event.

    Attributes:
        half_days: Their begins and ends, as clocks in the time zone show them.
    """

    module_ids: tuple[str, ...]
    half_days: tuple[tuple[datetime, datetime], ...]
    trainer_ids: tuple[uuid.UUID, ...]
    places: int
    timezone: str
    lang: str
    room_id: uuid.UUID | None = None
    link: str = ""
    note: str = ""
    class_ids: tuple[uuid.UUID, ...] = ()
    open_to_all: bool = False
    has_waiting_list: bool = True
    needs_ready: bool = False
    cancel_until: datetime | None = None


def lock(session: Session, event: Event) -> None:
    """Let those who change an event, its places or its presence follow one another, and see what the others did."""
    session.refresh(event, with_for_update=True)


def plan_event(act: Act, plan: EventPlan) -> Event:
    """Plan a webinar or a practical.

    Raises:
        PlanInvalid: Something of it cannot be; the field says what.
        RoomClosed: The room is closed on one of the days.
        Taken: The room or a trainer is taken at that time.
    """
    halves = _checked(act, plan)
    event = Event(id=uuid.uuid4(), created_at=act.at, created_by=act.person.id)
    _write(act, event, plan, halves)
    act.record(
        "event.plan", f"event:{event.id}", new={"modules": list(plan.module_ids), "begins": halves[0][0].isoformat()}
    )
    return event


def change_event(act: Act, event: Event, plan: EventPlan) -> Event:
    """Move an event or change what is said of it; those who have a place are told if time or room are others.

    Raises:
        EventOver: It was cancelled.
        PlanInvalid, RoomClosed, Taken: As for a new one; also fewer places than are booked, or a half-day that has
            begun is to be another.
    """
    lock(act.session, event)
    if event.cancelled_at is not None:
        raise EventOver("It was cancelled.")
    known = half_days(act.session, event)
    begun = tuple((half.begins, half.ends) for half in known if half.begins <= act.at)
    halves = _checked(act, plan, begun)
    dropped = [half for half in known if half.number > len(halves)]
    booked = select(Booking).where(Booking.event_id == event.id, Booking.state == "booked")
    count = len(list(act.session.scalars(booked)))
    if plan.places < count:
        raise PlanInvalid(f"{count} places are booked already.", field="places")
    before = ([(half.begins, half.ends) for half in known], event.room_id)
    gone = [Gone(number=half.number, begins=half.begins.isoformat(), ends=half.ends.isoformat()) for half in dropped]
    if begun and list(plan.module_ids) != event.module_ids:
        raise PlanInvalid("It has begun: it stays for the modules that it is for.", field="begun")
    ahead = (Occupation.event_id == event.id) & (Occupation.begins > act.at)
    act.session.execute(delete(Occupation).where(ahead))
    for model in (HalfDay, EventTrainer, EventClass):
        act.session.execute(delete(model).where(model.event_id == event.id))
    event.sequence += 1
    _write(act, event, plan, halves, begun=len(begun))
    act.record(
        "event.change", f"event:{event.id}", new={"begins": halves[0][0].isoformat(), "sequence": event.sequence}
    )
    if before != (halves, event.room_id):
        _tell(act, event, Moved, removed=gone)
    return event


def cancel_event(act: Act, event: Event, why: str) -> None:
    """Call an event off; everybody who has a place or waits for one is told, with the reason.

    Raises:
        PlanInvalid: Without a reason.
        EventOver: It was cancelled already, or has begun: who was there then stays so.
    """
    lock(act.session, event)
    if event.cancelled_at is not None or event.begins <= act.at:
        raise EventOver("It was cancelled already, or has begun.")
    if not 0 < len(why.strip()) <= 500:
        raise PlanInvalid("Say why, in up to 500 characters: those who have a place are told.", field="why")
    event.cancelled_at, event.cancelled_why = act.at, why.strip()
    event.sequence += 1
    # The room and the trainers are free again.
    act.session.execute(delete(Occupation).where(Occupation.event_id == event.id))
    act.session.flush()
    act.because(why).record("event.cancel", f"event:{event.id}", new={"sequence": event.sequence})
    _tell(act, event, Cancelled, why=event.cancelled_why)


def _tell(act: Act, event: Event, kind: type[Moved | Cancelled], **more: Any) -> None:
    people = act.session.scalars(
        select(Person)
        .join(Booking, Booking.person_id == Person.id)
        .where(Booking.event_id == event.id, Booking.state != "cancelled")
    )
    letters = [(person, kind(**{**about(act.session, event, person.lang), **more})) for person in people]
    add_messages(act.session, letters, at=act.at)


def _checked(
    act: Act, plan: EventPlan, begun: Sequence[tuple[datetime, datetime]] = ()
) -> list[tuple[datetime, datetime]]:
    """The half-days in their order, when everything of the plan can be; those that have begun are as they were."""
    session, catalogue = act.session, current_catalogue(act.session)
    checked_zone(plan.timezone)
    modules = [catalogue.modules.get(name) for name in plan.module_ids]
    if not modules or None in modules:
        raise PlanInvalid("Choose modules of the catalogue.", field="modules")
    kinds = {module.kind for module in modules if module is not None}
    if len(kinds) > 1 or any(module is not None and module.rules.online for module in modules):
        raise PlanInvalid("An event stands for webinars, or for practicals, and for nothing else.", field="modules")
    halves = list(_half_days(plan, act.at, begun))
    if not 1 <= plan.places <= MOST_PLACES:
        raise PlanInvalid(f"An event has 1 to {MOST_PLACES} places.", field="places")
    if plan.link and not plan.link.startswith("https://"):
        raise PlanInvalid("A link begins with https://.", field="link")
    if plan.room_id is None and not plan.link:
        raise PlanInvalid("Choose a room, or give the link of the meeting.", field="room")
    if plan.room_id is not None:
        _check_room(session, plan, [half for half in halves if half not in begun])
    leading = select(Person).where(Person.id.in_(plan.trainer_ids), Person.role.in_(LEADERS), Person.active.is_(True))
    if not plan.trainer_ids or len(list(session.scalars(leading))) != len(set(plan.trainer_ids)):
        raise PlanInvalid("Choose trainers who have an account.", field="trainers")
    if len(list(session.scalars(select(Class.id).where(Class.id.in_(plan.class_ids))))) != len(set(plan.class_ids)):
        raise PlanInvalid("There is no such class.", field="classes")
    if plan.cancel_until is not None and not begun and plan.cancel_until > halves[0][0]:
        raise PlanInvalid("A place can be given back until it begins.", field="cancel_until")
    return halves


def _half_days(
    plan: EventPlan, at: datetime, begun: Sequence[tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, datetime]]:
    if not 1 <= len(plan.half_days) <= MOST_HALF_DAYS:
        raise PlanInvalid(f"An event has 1 to {MOST_HALF_DAYS} half-days.", field="half_days")
    before: datetime | None = None
    halves = sorted((_moment(begins), _moment(ends)) for begins, ends in plan.half_days)
    if tuple(halves[: len(begun)]) != tuple(begun):
        raise PlanInvalid("A half-day that has begun stays as it was.", field="begun")
    for begins, ends in halves:
        if ends <= begins:
            raise PlanInvalid("A half-day ends after it begins.", field="half_days")
        if ends - begins > LONGEST:
            raise PlanInvalid("A half-day has at most eight hours.", field="half_days")
        if begins <= at and (begins, ends) not in begun:
            raise PlanInvalid("It would begin in the past.", field="half_days")
        if before is not None and begins < before:
            raise PlanInvalid("Half-days of one event overlap.", field="half_days")
        before = ends
        yield begins, ends


def _moment(clock: datetime) -> datetime:
    """What a clock shows, in UTC; of the hour that comes twice in autumn, the first one."""
    moment = clock.astimezone(UTC)
    if moment.astimezone(clock.tzinfo).replace(tzinfo=None) != clock.replace(tzinfo=None):
        raise PlanInvalid("That hour does not exist in that night: clocks go forward.", field="half_days")
    return moment


def _check_room(session: Session, plan: EventPlan, halves: Sequence[tuple[datetime, datetime]]) -> None:
    room = session.get(Room, plan.room_id)
    if room is None or room.archived_at is not None:
        raise PlanInvalid("There is no such room.", field="room")
    if plan.places > room.places:
        raise PlanInvalid(f"The room has {room.places} places.", field="places")
    zone = ZoneInfo(plan.timezone)
    for begins, ends in halves:
        for moment in (begins, ends - timedelta(seconds=1)):
            day = moment.astimezone(zone).date().isoformat()
            if day in room.closed:
                raise RoomClosed(f"The room is closed on {day}.", day=day)


def _write(
    act: Act, event: Event, plan: EventPlan, halves: Sequence[tuple[datetime, datetime]], begun: int = 0
) -> None:
    session = act.session
    event.module_ids, event.room_id, event.link = list(plan.module_ids), plan.room_id, plan.link.strip()
    event.places, event.has_waiting_list, event.needs_ready = plan.places, plan.has_waiting_list, plan.needs_ready
    event.lang, event.timezone, event.note = plan.lang, plan.timezone, plan.note.strip()
    event.open_to_all, event.cancel_until, event.begins = plan.open_to_all, plan.cancel_until, halves[0][0]
    session.add(event)
    session.flush()
    session.add_all(
        HalfDay(event_id=event.id, number=number, begins=begins, ends=ends)
        for number, (begins, ends) in enumerate(halves, start=1)
    )
    session.add_all(EventTrainer(event_id=event.id, person_id=person) for person in dict.fromkeys(plan.trainer_ids))
    session.add_all(EventClass(event_id=event.id, class_id=group) for group in dict.fromkeys(plan.class_ids))
    session.flush()
    # Always in one order, so that two who plan at once wait for one another, and never both.
    resources = sorted(
        [*(f"person:{person}" for person in set(plan.trainer_ids)), *([f"room:{plan.room_id}"] if plan.room_id else [])]
    )
    for resource in resources:
        for number, (begins, ends) in enumerate(halves[begun:], start=begun + 1):
            _occupy(session, event, number, resource, begins, ends)


def _occupy(session: Session, event: Event, number: int, resource: str, begins: datetime, ends: datetime) -> None:
    try:
        with session.begin_nested():
            session.add(Occupation(event_id=event.id, number=number, resource=resource, begins=begins, ends=ends))
            session.flush()
    except IntegrityError as error:
        if "ex_occupations_resource" not in str(error.orig):
            raise
        other = session.scalar(
            select(Occupation)
            .where(Occupation.resource == resource, Occupation.begins < ends, Occupation.ends > begins)
            .limit(1)
        )
        kind, _, key = resource.partition(":")
        model: type[Any] = Room if kind == "room" else Person
        name = session.get_one(model, uuid.UUID(key)).name
        raise Taken(
            f"{name} is taken at that time.",
            resource=kind,
            name=name,
            begins=(other.begins if other else begins).isoformat(),
            ends=(other.ends if other else ends).isoformat(),
        ) from None


def half_days(session: Session, event: Event) -> list[HalfDay]:
    """The half-days of an event, in their order."""
    return list(session.scalars(select(HalfDay).where(HalfDay.event_id == event.id).order_by(HalfDay.number)))


def find_half_day(session: Session, event: Event, number: int) -> HalfDay:
    """A half-day of an event.

    Raises:
        NotFound: It has fewer.
    """
    half = session.get(HalfDay, (event.id, number))
    if half is None:
        raise NotFound("The event has no such half-day.")
    return half


def find_event(act: Act, event_id: uuid.UUID) -> Event:
    """An event that an act reaches.

    Raises:
        NotFound: It does not exist, or not for them.
    """
    event = act.session.scalar(select(Event).where(Event.id == event_id, reachable_events(act)))
    if event is None:
        raise NotFound("There is no such event.")
    return event
