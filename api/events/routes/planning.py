"""Routes of rooms, and of events: planned, moved, called off, shown."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from sqlalchemy import select

from api.accounts.act import Act
from api.accounts.current import current_act
from api.accounts.models import Person
from api.catalogue.operations import current_catalogue, current_edition
from api.classes.access import learners_by_course, learners_of_classes
from api.core.choices import read_choices
from api.core.errors import Invalid
from api.core.permissions import roles
from api.core.replies import gives, writes
from api.core.requests import current_session, current_settings
from api.events import attending, booking, door, filing, photos, planning, signing
from api.events.access import reachable_events
from api.events.models import Beat, Booking, Event, EventClass, EventTrainer, HalfDay, PresenceSignature, Room
from api.events.needs import verdicts_of
from api.events.passes import PassKey
from api.events.planning import EventPlan, RoomPlan, find_event
from api.events.routes.lines import clock_text, event_lines, read_clock
from api.events.schemas import (
    CancellationIn,
    ChecklistOut,
    DoorLineOut,
    EventIn,
    EventLineOut,
    EventOut,
    EventsOut,
    EventsQuery,
    FileOut,
    ListSignedOut,
    PhotoOut,
    RoomIn,
    RoomOut,
    RoomsOut,
    RosterLineOut,
    SignedOut,
    TrainerOut,
    TrainersOut,
)
from api.readiness.schemas import NeedOut, needs_out
from api.readiness.verdict import Missing, Verdict

events = APIBlueprint("events", __name__, url_prefix="/api/v1", tag="Webinars and practicals")
leaders = roles(trainer="all", admin="all")


@events.get("/rooms")
@roles(trainer="none", admin="none")
@gives(events, RoomsOut)
def rooms() -> dict[str, Any]:
    """Rooms that are in use."""
    return {"rooms": planning.rooms(current_session())}


def _room(sent: RoomIn) -> RoomPlan:
    return RoomPlan(sent.name, sent.zone, sent.places, sent.equipment, sent.directions, tuple(sent.closed), sent.area)


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
    found = current_session().scalars(select(Person).where(Person.role.in_(planning.LEADERS), Person.active.is_(True)))
    people = sorted(found, key=lambda person: person.sort_as)
    return TrainersOut(
        trainers=[TrainerOut.model_validate(person) for person in people],
        timezone=read_choices(current_session()).timezone,
    )


def _plan(sent: EventIn) -> EventPlan:
    timezone = sent.timezone or read_choices(current_session()).timezone
    try:
        zone = ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        raise Invalid("There is no such time zone.", field="timezone") from None
    return EventPlan(
        module_ids=tuple(dict.fromkeys(sent.modules)),
        half_days=tuple(
            (read_clock(half.begins, zone, "half_days"), read_clock(half.ends, zone, "half_days"))
            for half in sent.half_days
        ),
        trainer_ids=tuple(sent.trainers),
        places=sent.places,
        timezone=timezone,
        lang=sent.lang,
        room_id=sent.room,
        link=sent.link,
        note=sent.note,
        class_ids=tuple(sent.classes),
        open_to_all=sent.open_to_all,
        has_waiting_list=sent.has_waiting_list,
        needs_ready=sent.needs_ready,
        cancel_until=read_clock(sent.cancel_until, zone, "cancel_until") if sent.cancel_until else None,
    )


@events.post("/events")
@leaders
@events.input(EventIn)
@writes(events, EventLineOut, 201)
def plan(json_data: EventIn) -> EventLineOut:
    """Plan a webinar or a practical, also the same one each week: all of them, or none. Gives the first."""
    act, first = current_act(), _plan(json_data)
    made = [planning.plan_event(act, _weeks_later(first, week)) for week in range(json_data.weeks)]
    return event_lines(act, made[:1], json_data.lang)[0]


def _weeks_later(plan: EventPlan, weeks: int) -> EventPlan:
    """The same plan later, at the same time by the clock, also after the change of summer time."""
    # A time with its zone moves by the clock: what it is in UTC follows from the day it comes to.
    later = timedelta(weeks=weeks)
    return replace(
        plan,
        half_days=tuple((begins + later, ends + later) for begins, ends in plan.half_days),
        cancel_until=plan.cancel_until + later if plan.cancel_until else None,
    )


@events.post("/events/<uuid:event_id>")
@leaders
@events.input(EventIn)
@writes(events, EventLineOut)
def change(event_id: uuid.UUID, json_data: EventIn) -> EventLineOut:
    """Move an event, or change what is said of it."""
    act = current_act()
    event = planning.change_event(act, find_event(act, event_id), _plan(json_data))
    booking.fill_up(act, event)
    return event_lines(act, [event], json_data.lang)[0]


@events.post("/events/<uuid:event_id>/cancellation")
@leaders
@events.input(CancellationIn)
@writes(events)
def cancel(event_id: uuid.UUID, json_data: CancellationIn) -> None:
    """Call an event off."""
    act = current_act()
    planning.cancel_event(act, find_event(act, event_id), json_data.why)


@events.get("/events")
@roles(learner="own", teacher="classes", trainer="all", admin="all")
@events.input(EventsQuery, location="query")
@gives(events, EventsOut)
def list_events(query_data: EventsQuery) -> EventsOut:
    """Events that one reaches: those to come, or the past ones."""
    act = current_act()
    order: Any = Event.begins.desc() if query_data.past else Event.begins
    if query_data.since and query_data.until:
        # A day is one of the event's own zone: half a day more on both sides holds it, wherever that is.
        begins, ends = (
            read_clock(f"{day}T00:00", ZoneInfo("UTC"), "since") for day in (query_data.since, query_data.until)
        )
        spanned = HalfDay.ends > begins - timedelta(hours=14), HalfDay.begins < ends + timedelta(hours=36)
        wanted = Event.id.in_(select(HalfDay.event_id).where(*spanned))
    else:
        last = select(HalfDay.event_id).where(HalfDay.ends > act.at)
        wanted = Event.id.not_in(last) if query_data.past else Event.id.in_(last)
    found = act.session.scalars(select(Event).where(wanted, reachable_events(act)).order_by(order, Event.id).limit(200))
    return EventsOut(events=event_lines(act, list(found), query_data.lang))


@events.get("/events/<uuid:event_id>")
@roles(page="events", teacher="classes", trainer="all", admin="all")
@events.input(EventsQuery, location="query")
@gives(events, EventOut)
def show(event_id: uuid.UUID, query_data: EventsQuery) -> EventOut:
    """An event with everybody who has a place; a teacher sees those of their classes."""
    act, lang = current_act(), query_data.lang
    session, event = act.session, find_event(act, event_id)
    (line,) = event_lines(act, [event], lang)
    seen, leading = learners_of_classes(act), act.scope == "all"
    people = [one for one in attending.roster(session, event) if seen is None or one.person.id in seen]
    known = None if leading else _known(act, event)
    modules = current_catalogue(session).modules
    verdicts = verdicts_of(session, event, [one.person.id for one in people], act.at)
    beats = {
        (beat.person_id, beat.number): beat.seconds
        for beat in session.scalars(select(Beat).where(Beat.event_id == event.id))
    }
    signatures = signing.presence_signatures(session, event)
    return EventOut(
        **line.model_dump(),
        now=act.at,
        room_id=event.room_id,
        meeting=event.link if leading else "",
        trainer_ids=list(session.scalars(select(EventTrainer.person_id).where(EventTrainer.event_id == event.id))),
        class_ids=list(session.scalars(select(EventClass.class_id).where(EventClass.event_id == event.id))),
        open_to_all=event.open_to_all,
        cancel_until_at=clock_text(event.cancel_until, ZoneInfo(event.timezone)) if event.cancel_until else None,
        roster=[
            _roster_line(
                one,
                verdicts[one.person.id],
                needs_out(_keeping_out(verdicts[one.person.id]), modules, lang),
                beats,
                signatures,
                known=known is None or one.person.id in known,
            )
            for one in sorted(people, key=lambda one: one.person.sort_as)
        ],
        checklists=[
            ChecklistOut(
                module_id=name,
                version=current_edition(session, name).version,
                title=modules[name].page(lang).title,
                lines=list(modules[name].page(lang).checklist),
                critical=list(modules[name].page(lang).critical),
                pictures=list(modules[name].page(lang).pictures),
                levels=list(modules[name].page(lang).levels),
                asked_levels=list(modules[name].page(lang).asked_levels),
                signatures=modules[name].signatures,
                countersigned=modules[name].countersigned,
            )
            for name in event.module_ids
            if name in modules and modules[name].rules.has_checklist
        ],
        presence=min((modules[name].presence for name in event.module_ids if name in modules), default=80),
        book=[DoorLineOut.model_validate(entry) for entry in door.book_of(session, event)] if leading else [],
        lists=[
            ListSignedOut(number=one.number, signed_as=one.signed_as, at=one.at, people=len(one.people or ()))
            for one in signatures
            if one.as_trainer
        ],
        photos_allowed=read_choices(act.session).photos,
        photos=[PhotoOut.model_validate(one) for one in photos.photos_of(session, event)] if leading else [],
        files=[FileOut(id=key, name=name, media_type=kind) for key, name, kind in filing.files_of(session, event)]
        if leading
        else [],
        pass_key=PassKey.of(current_settings().secret_key).public() if leading else {},
        late_returns=sum(row.late for row in session.scalars(select(Booking).where(Booking.event_id == event.id)))
        if leading
        else 0,
    )


def _known(act: Act, event: Event) -> set[uuid.UUID]:
    """Whose work in the event's courses a teacher sees: that of learners whose class was given all of them."""
    given = learners_by_course(act.session, act.person)
    courses = {name.partition("/")[0] for name in event.module_ids}
    return set.intersection(*(given.get(course, set()) for course in courses)) if courses else set()


def _keeping_out(verdict: Verdict) -> tuple[Missing, ...]:
    return () if verdict.may_enter else verdict.missing


def _roster_line(
    one: attending.RosterLine,
    verdict: Verdict,
    missing: list[NeedOut],
    beats: dict[tuple[uuid.UUID, int], int],
    signatures: list[PresenceSignature],
    *,
    known: bool,
) -> RosterLineOut:
    mine = one.person.id
    return RosterLineOut(
        id=mine,
        name=one.person.name,
        email=one.person.email,
        lang=one.person.lang,
        state=one.booking.state,
        active=one.person.active,
        known=known,
        missing=missing if known else [],
        readiness=verdict.state if known else None,
        since=verdict.since if known else None,
        admitted_until=verdict.admitted_until if known else None,
        attendance={number: line.state for number, line in one.attendance.items()},
        seconds={number: line.seconds for number, line in one.attendance.items()},
        sources={number: line.source.partition(":")[0] for number, line in one.attendance.items()},
        open_page={number: seconds for (person, number), seconds in beats.items() if person == mine},
        confirmed=sorted({line.number for line in signatures if line.person_id == mine and not line.as_trainer}),
        signed=[SignedOut.model_validate(signed) for signed in one.signed.values()] if known else [],
    )
