"""Routes of places at events."""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from sqlalchemy import select

from api.accounts.act import Act
from api.accounts.current import current_act
from api.accounts.models import Person
from api.accounts.operations import find_person
from api.classes.access import find_class, learners_of_classes
from api.classes.standing import learners_of
from api.core.errors import NotFound
from api.core.permissions import anyone, everyone_signed_in, roles
from api.core.replies import gives, writes
from api.core.requests import current_session, now
from api.events import booking
from api.events.access import open_to
from api.events.models import Booking, Event, HalfDay
from api.events.planning import find_event
from api.events.routes.lines import half_out
from api.events.schemas import BookingsIn, DateOut, DatesOut, DatesQuery, DoorBookingIn, ReturnIn

places = APIBlueprint("places", __name__, url_prefix="/api/v1", tag="Webinars and practicals")
MOST_DATES = 20


@places.get("/dates")
@anyone()
@places.input(DatesQuery, location="query")
@gives(places, DatesOut)
def dates(query_data: DatesQuery) -> DatesOut:
    """Dates of some modules that everybody may book, with their free places; nothing of it is about a person."""
    session = current_session()
    ahead = session.scalars(
        select(Event)
        .where(Event.begins > now(), Event.cancelled_at.is_(None), Event.open_to_all.is_(True))
        .order_by(Event.begins)
        .limit(500)
    )
    wanted = set(query_data.modules.split(","))
    found = [event for event in ahead if wanted & set(event.module_ids)][:MOST_DATES]
    free = booking.free_places(session, found)
    firsts = {
        half.event_id: half
        for half in session.scalars(
            select(HalfDay).where(HalfDay.event_id.in_([event.id for event in found]), HalfDay.number == 1)
        )
    }
    return DatesOut(
        dates=[
            DateOut(
                module_ids=event.module_ids,
                half_day=half_out(firsts[event.id], ZoneInfo(event.timezone)),
                timezone=event.timezone,
                lang=event.lang,
                free=free[event.id],
            )
            for event in found
        ]
    )


@places.post("/events/<uuid:event_id>/booking")
@everyone_signed_in(rows="own")
@writes(places)
def book_mine(event_id: uuid.UUID) -> None:
    """Book a place for oneself, or a place on the waiting list."""
    act = current_act()
    event = find_event(act, event_id)
    if act.session.scalar(select(Event.id).where(Event.id == event.id, open_to(act.person.id))) is None:
        raise NotFound("There is no such event.")  # A place that was given back opens no door.
    booking.book(act, event, [act.session.get_one(Person, act.person.id)])


@places.post("/events/<uuid:event_id>/booking/return")
@everyone_signed_in(rows="own")
@places.input(ReturnIn)
@writes(places)
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


@places.post("/events/<uuid:event_id>/bookings")
@roles(teacher="classes", trainer="all", admin="all")
@places.input(BookingsIn)
@writes(places)
def book(event_id: uuid.UUID, json_data: BookingsIn) -> None:
    """Book places for learners, or for those of a class who have none yet."""
    act = current_act()
    event = find_event(act, event_id)
    people = _people(act, json_data.people)
    if json_data.class_id is not None:
        group = find_class(act, json_data.class_id)
        known = set(act.session.scalars(select(Booking.person_id).where(Booking.event_id == event.id)))
        people += [one for one in learners_of(act.session, group) if one.active and one.id not in known]
    booking.book(act, event, people)


@places.post("/events/<uuid:event_id>/bookings/door")
@roles(trainer="all", admin="all")
@places.input(DoorBookingIn)
@writes(places)
def book_at_the_door(event_id: uuid.UUID, json_data: DoorBookingIn) -> None:
    """Give somebody a place at the door, also when it has begun and is full."""
    act = current_act()
    event = find_event(act, event_id)
    person = find_person(act.session, json_data.email)
    if person is None or not person.active:
        raise NotFound("Nobody has this address.")
    booking.book(act, event, [person], at_the_door=True)


@places.post("/events/<uuid:event_id>/bookings/<uuid:person_id>/return")
@roles(teacher="classes", trainer="all", admin="all")
@places.input(ReturnIn)
@writes(places)
def return_place(event_id: uuid.UUID, person_id: uuid.UUID, json_data: ReturnIn) -> None:
    """Give the place of a learner back."""
    act = current_act()
    event = find_event(act, event_id)
    seen = learners_of_classes(act)
    if seen is not None and person_id not in seen:
        raise NotFound("There is no such learner.")
    booking.give_back(act, event, person_id, json_data.why)
