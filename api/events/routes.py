"""Routes of rooms, events, places, attendance and sign-offs."""

from __future__ import annotations

import base64
import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from sqlalchemy import select

from api.accounts.act import Act
from api.accounts.current import current_act
from api.accounts.models import Person
from api.catalogue.operations import current_catalogue
from api.classes.access import learners_of_classes
from api.core.errors import Invalid, NotFound
from api.core.permissions import everyone_signed_in, roles
from api.core.replies import gives, writes
from api.core.requests import current_session
from api.core.schemas import DoneOut
from api.core.texts import sort_key
from api.events import attending, booking, planning
from api.events.access import reachable_events
from api.events.attending import Observed, Seen
from api.events.models import Booking, Event, EventClass, EventTrainer, HalfDay, Room
from api.events.planning import EventPlan, RoomPlan, find_event, half_days
from api.events.presence.decoding import Unreadable
from api.events.presence.reading import Attendee, Expected, Reading, read_attendance
from api.events.presence.reading import HalfDay as Planned
from api.events.schemas import (
    AttendanceIn,
    AttendeeOut,
    BookingsIn,
    CancellationIn,
    ChecklistOut,
    EventIn,
    EventLineOut,
    EventOut,
    EventsOut,
    EventsQuery,
    FileImport,
    FileIn,
    HalfDayOut,
    ImportedOut,
    ReadingOut,
    ReturnIn,
    RoomIn,
    RoomOut,
    RoomsOut,
    RosterLineOut,
    SignedOut,
    SignOffIn,
    TrainerOut,
    TrainersOut,
    UnusedOut,
)

events = APIBlueprint("events", __name__, url_prefix="/api/v1", tag="Webinars and practicals")
readers = roles(learner="own", teacher="classes", trainer="all", admin="all")
leaders = roles(trainer="all", admin="all")
companions = roles(teacher="classes", trainer="all", admin="all")
OPENS = timedelta(minutes=15)
"""How long before it begins the way into a webinar opens."""


@events.get("/rooms")
@roles(trainer="none", admin="none")
@gives(events, RoomsOut)
def rooms() -> dict[str, Any]:
    """Rooms that are in use."""
    return {"rooms": planning.rooms(current_session())}


def _room(sent: RoomIn) -> RoomPlan:
    return RoomPlan(sent.name, sent.zone, sent.places, sent.equipment, tuple(sent.closed))


@events.post("/rooms")
@roles(admin="none")
@events.input(RoomIn)
@writes(events, RoomOut, 201)
def make_room(json_data: RoomIn) -> Room:
    """A new room."""
    return planning.save_room(current_act(), None, _room(json_data))


@events.post("/rooms/<uuid:room_id>")
@roles(admin="none")
@events.input(RoomIn)
@writes(events, RoomOut)
def change_room(room_id: uuid.UUID, json_data: RoomIn) -> Room:
    """Change a room."""
    return planning.save_room(current_act(), planning.find_room(current_session(), room_id), _room(json_data))


@events.get("/trainers")
@roles(trainer="none", admin="none")
@gives(events, TrainersOut)
def trainers() -> TrainersOut:
    """Those who may lead an event."""
    found = current_session().scalars(select(Person).where(Person.role != "learner", Person.active.is_(True)))
    people = sorted(found, key=lambda person: sort_key(person.name))
    return TrainersOut(trainers=[TrainerOut.model_validate(person) for person in people])


def _clock(text: str, zone: ZoneInfo, field: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone)
    except ValueError:
        raise Invalid("There is no such day or time.", field=field) from None


def _plan(sent: EventIn) -> EventPlan:
    try:
        zone = ZoneInfo(sent.timezone)
    except (KeyError, ValueError, OSError):
        raise Invalid("There is no such time zone.", field="timezone") from None
    return EventPlan(
        module_ids=tuple(dict.fromkeys(sent.modules)),
        half_days=tuple(
            (_clock(half.begins, zone, "half_days"), _clock(half.ends, zone, "half_days")) for half in sent.half_days
        ),
        trainer_ids=tuple(sent.trainers),
        places=sent.places,
        timezone=sent.timezone,
        lang=sent.lang,
        room_id=sent.room,
        link=sent.link,
        note=sent.note,
        class_ids=tuple(sent.classes),
        open_to_all=sent.open_to_all,
        has_waiting_list=sent.has_waiting_list,
        cancel_until=_clock(sent.cancel_until, zone, "cancel_until") if sent.cancel_until else None,
    )


@events.post("/events")
@leaders
@events.input(EventIn)
@writes(events, EventLineOut, 201)
def plan(json_data: EventIn) -> EventLineOut:
    """Plan a webinar or a practical."""
    act = current_act()
    return _lines(act, [planning.plan_event(act, _plan(json_data))], json_data.lang)[0]


@events.post("/events/<uuid:event_id>")
@leaders
@events.input(EventIn)
@writes(events, EventLineOut)
def change(event_id: uuid.UUID, json_data: EventIn) -> EventLineOut:
    """Move an event, or change what is said of it."""
    act = current_act()
    event = planning.change_event(act, find_event(act, event_id), _plan(json_data))
    booking.fill_up(act, event)
    return _lines(act, [event], json_data.lang)[0]


@events.post("/events/<uuid:event_id>/cancellation")
@leaders
@events.input(CancellationIn)
@writes(events)
def cancel(event_id: uuid.UUID, json_data: CancellationIn) -> None:
    """Call an event off."""
    act = current_act()
    planning.cancel_event(act, find_event(act, event_id), json_data.why)


@events.get("/events")
@roles(page="events", teacher="classes", trainer="all", admin="all", learner="own")
@events.input(EventsQuery, location="query")
@gives(events, EventsOut)
def list_events(query_data: EventsQuery) -> EventsOut:
    """Events that one reaches: those to come, or the past ones."""
    act = current_act()
    last = select(HalfDay.event_id).where(HalfDay.ends > act.at)
    wanted = Event.id.not_in(last) if query_data.past else Event.id.in_(last)
    order = Event.begins.desc() if query_data.past else Event.begins
    found = act.session.scalars(select(Event).where(wanted, reachable_events(act)).order_by(order, Event.id).limit(200))
    return EventsOut(events=_lines(act, list(found), query_data.lang))


def _lines(act: Act, found: list[Event], lang: str) -> list[EventLineOut]:
    """Events as lists show them; the number of queries is fixed."""
    session, ids = act.session, [event.id for event in found]
    halves: dict[uuid.UUID, list[HalfDay]] = {}
    for half in session.scalars(select(HalfDay).where(HalfDay.event_id.in_(ids)).order_by(HalfDay.number)):
        halves.setdefault(half.event_id, []).append(half)
    leading: dict[uuid.UUID, list[str]] = {}
    for event_id, name in session.execute(
        select(EventTrainer.event_id, Person.name)
        .join(Person, Person.id == EventTrainer.person_id)
        .where(EventTrainer.event_id.in_(ids))
        .order_by(Person.name)
    ):
        leading.setdefault(event_id, []).append(name)
    known = {room.id: room for room in session.scalars(select(Room))} if found else {}
    mine = {
        row.event_id: row.state
        for row in session.scalars(select(Booking).where(Booking.event_id.in_(ids), Booking.person_id == act.person.id))
    }
    free = booking.free_places(session, found)
    modules = current_catalogue(session).modules
    return [
        EventLineOut(
            id=event.id,
            kind=next((modules[name].kind for name in event.module_ids if name in modules), "practical"),
            titles=[modules[name].page(lang).title if name in modules else name for name in event.module_ids],
            module_ids=event.module_ids,
            half_days=[_half(half, ZoneInfo(event.timezone)) for half in halves.get(event.id, [])],
            timezone=event.timezone,
            room=known[event.room_id].name if event.room_id in known else "",
            zone=known[event.room_id].zone if event.room_id in known else "online",
            places=event.places,
            free=free.get(event.id, 0),
            waiting_list=event.has_waiting_list,
            trainers=leading.get(event.id, []),
            lang=event.lang,
            note=event.note,
            mine=mine.get(event.id, ""),
            link=event.link if mine.get(event.id) == "booked" and event.begins - OPENS <= act.at else "",
            cancelled_at=event.cancelled_at,
            cancelled_why=event.cancelled_why,
        )
        for event in found
    ]


def _half(half: HalfDay, zone: ZoneInfo) -> HalfDayOut:
    def shown(at: datetime) -> str:
        return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M")

    return HalfDayOut(
        number=half.number,
        begins=half.begins,
        ends=half.ends,
        begins_at=shown(half.begins),
        ends_at=shown(half.ends),
    )


@events.get("/events/<uuid:event_id>")
@companions
@events.input(EventsQuery, location="query")
@gives(events, EventOut)
def show(event_id: uuid.UUID, query_data: EventsQuery) -> EventOut:
    """An event with everybody who has a place; a teacher sees those of their classes."""
    act = current_act()
    event = find_event(act, event_id)
    (line,) = _lines(act, [event], query_data.lang)
    seen = learners_of_classes(act)
    modules = current_catalogue(act.session).modules
    zone = ZoneInfo(event.timezone)
    return EventOut(
        **line.model_dump(),
        room_id=event.room_id,
        meeting=event.link if act.scope == "all" else "",
        trainer_ids=list(act.session.scalars(select(EventTrainer.person_id).where(EventTrainer.event_id == event.id))),
        class_ids=list(act.session.scalars(select(EventClass.class_id).where(EventClass.event_id == event.id))),
        open_to_all=event.open_to_all,
        cancel_until=event.cancel_until.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if event.cancel_until else None,
        roster=[
            _roster_line(one)
            for one in sorted(attending.roster(act.session, event), key=lambda one: sort_key(one.person.name))
            if seen is None or one.person.id in seen
        ],
        checklists=[
            ChecklistOut(
                module_id=name,
                title=modules[name].page(query_data.lang).title,
                lines=list(modules[name].page(query_data.lang).checklist),
            )
            for name in event.module_ids
            if name in modules and modules[name].rules.has_checklist
        ],
    )


def _roster_line(one: attending.RosterLine) -> RosterLineOut:
    return RosterLineOut(
        id=one.person.id,
        name=one.person.name,
        email=one.person.email,
        state=one.booking.state,
        attendance={number: line.state for number, line in one.attendance.items()},
        seconds={number: line.seconds for number, line in one.attendance.items()},
        signed=[SignedOut.model_validate(signed) for signed in one.signed.values()],
    )


@events.post("/events/<uuid:event_id>/booking")
@everyone_signed_in(rows="own")
@writes(events)
def book_mine(event_id: uuid.UUID) -> None:
    """Book a place for oneself, or a place on the waiting list."""
    act = current_act()
    event = find_event(act, event_id)
    booking.book(act, event, [act.session.get_one(Person, act.person.id)])


@events.post("/events/<uuid:event_id>/booking/return")
@everyone_signed_in(rows="own")
@events.input(ReturnIn)
@writes(events)
def return_mine(event_id: uuid.UUID, json_data: ReturnIn) -> None:
    """Give one's own place back."""
    act = current_act()
    booking.give_back(act, find_event(act, event_id), act.person.id, json_data.why)


def _people(act: Act, wanted: list[uuid.UUID]) -> list[Person]:
    """Learners that an act may give places to, in the order of the request."""
    seen = learners_of_classes(act)
    found = {
        person.id: person
        for person in act.session.scalars(select(Person).where(Person.id.in_(wanted), Person.active.is_(True)))
    }
    if any(one not in found or (seen is not None and one not in seen) for one in wanted):
        raise NotFound("There is no such learner.")
    return [found[one] for one in dict.fromkeys(wanted)]


@events.post("/events/<uuid:event_id>/bookings")
@companions
@events.input(BookingsIn)
@writes(events)
def book(event_id: uuid.UUID, json_data: BookingsIn) -> None:
    """Book places for learners; at the door a trainer lets more in than were planned."""
    act = current_act()
    event = find_event(act, event_id)
    at_the_door = json_data.at_the_door and act.scope == "all"
    booking.book(act, event, _people(act, json_data.people), at_the_door=at_the_door)


@events.post("/events/<uuid:event_id>/bookings/<uuid:person_id>/return")
@companions
@events.input(ReturnIn)
@writes(events)
def return_place(event_id: uuid.UUID, person_id: uuid.UUID, json_data: ReturnIn) -> None:
    """Give the place of a learner back."""
    act = current_act()
    event = find_event(act, event_id)
    booking.give_back(act, event, _people(act, [person_id])[0].id, json_data.why)


@events.post("/events/<uuid:event_id>/attendance")
@leaders
@events.input(AttendanceIn)
@writes(events)
def attend(event_id: uuid.UUID, json_data: AttendanceIn) -> None:
    """Record who was there, by hand."""
    act = current_act()
    seen = [Seen(one.person, one.number, one.state) for one in json_data.seen]
    attending.record_attendance(act, find_event(act, event_id), seen)


def _read_file(act: Act, event: Event, sent: FileIn) -> Reading:
    try:
        data = base64.b64decode(sent.file, validate=True)
    except ValueError:
        raise Invalid("A file comes in base64.", field="file") from None
    people = [
        Expected(str(one.person.id), one.person.name, (one.person.email,), str(one.person.id))
        for one in attending.roster(act.session, event)
        if one.booking.state == "booked"
    ]
    halves = [Planned(half.begins, half.ends) for half in half_days(act.session, event)]
    try:
        return read_attendance(data, halves, ZoneInfo(event.timezone), people, sent.order)
    except Unreadable as error:
        raise Invalid("The file says nothing about this event.", field="file", reason=error.reason) from None


def _key(one: Attendee) -> str:
    """By which a person says whom an attendee is: the first line of the file that names them."""
    return str(one.lines[0])


@events.post("/events/<uuid:event_id>/attendance-file/preview")
@leaders
@events.input(FileIn)
@gives(events, ReadingOut)
def preview_file(event_id: uuid.UUID, json_data: FileIn) -> ReadingOut:
    """What an attendance file says; nothing is written."""
    act = current_act()
    found = _read_file(act, find_event(act, event_id), json_data)
    return ReadingOut(
        tool=found.tool,
        sha256=found.sha256,
        order=found.order,
        summed=found.summed,
        attendees=[
            AttendeeOut(
                key=_key(one),
                names=list(one.names),
                email=one.email,
                seconds=list(one.seconds),
                told=one.told,
                differs=one.differs,
                open_end=one.open_end,
                match=one.match,
                by=one.by,
                candidates=list(one.candidates),
            )
            for one in found.attendees
        ],
        unused=[UnusedOut.model_validate(row) for row in found.unused],
    )


@events.post("/events/<uuid:event_id>/attendance-file")
@leaders
@events.input(FileImport)
@writes(events, ImportedOut)
def import_file(event_id: uuid.UUID, json_data: FileImport) -> ImportedOut:
    """Record what an attendance file says of those whom it names for sure, or whom a person named."""
    act = current_act()
    event = find_event(act, event_id)
    found = _read_file(act, event, json_data)
    if found.order is None:
        raise Invalid("Say in which order the file writes day and month.", field="order")
    seconds: dict[uuid.UUID, list[int]] = {}
    for one in found.attendees:
        decided = json_data.matches.get(_key(one))
        person = decided or (uuid.UUID(one.match) if one.match else None)
        if person is not None:
            known = seconds.setdefault(person, [0] * len(one.seconds))
            seconds[person] = [max(before, more) for before, more in zip(known, one.seconds, strict=True)]
    source = f"file:{found.sha256}"
    seen = [
        Seen(person, number, "present" if spent else "absent", spent, source)
        for person, halves in seconds.items()
        for number, spent in enumerate(halves, start=1)
    ]
    return ImportedOut(added=attending.record_attendance(act, event, seen))


@events.post("/events/<uuid:event_id>/sign-offs")
@leaders
@events.input(SignOffIn)
@writes(events, DoneOut, 201)
def sign(event_id: uuid.UUID, json_data: SignOffIn) -> None:
    """Sign what learners did in a practical."""
    act = current_act()
    people = {one.person: [Observed(line.state, line.remark) for line in one.criteria] for one in json_data.people}
    attending.sign_off(act, find_event(act, event_id), json_data.module, people, json_data.signed_as)
