"""Events as lists show them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from api.accounts.act import Act
from api.accounts.models import Person
from api.catalogue.operations import current_catalogue
from api.core.errors import Invalid
from api.events.booking import free_places
from api.events.models import Booking, Event, EventTrainer, HalfDay, Room
from api.events.needs import missing_of
from api.events.schemas import EventLineOut, HalfDayOut
from api.readiness.schemas import needs_out

OPENS = timedelta(minutes=15)
"""How long before it begins the way into a webinar opens."""


def event_lines(act: Act, found: list[Event], lang: str) -> list[EventLineOut]:
    """Events as lists show them; the number of queries is fixed but for what is missing before an own next one."""
    session, ids = act.session, [event.id for event in found]
    halves: dict[uuid.UUID, list[HalfDay]] = defaultdict(list)
    for half in session.scalars(select(HalfDay).where(HalfDay.event_id.in_(ids)).order_by(HalfDay.number)):
        halves[half.event_id].append(half)
    leading: dict[uuid.UUID, list[str]] = defaultdict(list)
    for event_id, name in session.execute(
        select(EventTrainer.event_id, Person.name)
        .join(Person, Person.id == EventTrainer.person_id)
        .where(EventTrainer.event_id.in_(ids))
        .order_by(Person.name)
    ):
        leading[event_id].append(name)
    known = {room.id: room for room in session.scalars(select(Room))} if found else {}
    mine = {
        row.event_id: row.state
        for row in session.scalars(select(Booking).where(Booking.event_id.in_(ids), Booking.person_id == act.person.id))
    }
    free = free_places(session, found)
    return [
        _line(
            act,
            event,
            lang,
            halves[event.id],
            known.get(event.room_id) if event.room_id else None,
            leading[event.id],
            mine.get(event.id, ""),
            free.get(event.id, 0),
        )
        for event in found
    ]


def _line(
    act: Act,
    event: Event,
    lang: str,
    halves: list[HalfDay],
    room: Room | None,
    trainers: list[str],
    mine: str,
    free: int,
) -> EventLineOut:
    modules, zone = current_catalogue(act.session).modules, ZoneInfo(event.timezone)
    pages = {name: modules[name].page(lang) for name in event.module_ids if name in modules}
    missing = missing_of(act.session, event, [act.person.id], act.at)[act.person.id] if act.scope == "own" else ()
    is_open = mine == "booked" and event.begins - OPENS <= act.at <= halves[-1].ends if halves else False
    return EventLineOut(
        id=event.id,
        kind=next((modules[name].kind for name in pages), "practical"),
        titles=[pages[name].title if name in pages else name for name in event.module_ids],
        module_ids=event.module_ids,
        half_days=[half_out(half, zone) for half in halves],
        timezone=event.timezone,
        room=room.name if room else "",
        zone=room.zone if room else "online",
        directions=room.directions if room else "",
        places=event.places,
        free=free,
        waiting_list=event.has_waiting_list,
        trainers=trainers,
        lang=event.lang,
        note=event.note,
        mine=mine,
        opens_at=event.begins - OPENS if event.link else None,
        link=event.link if is_open and event.cancelled_at is None else "",
        cancel_until=event.cancel_until,
        cancelled_at=event.cancelled_at,
        cancelled_why=event.cancelled_why,
        missing=needs_out(missing, modules, lang),
        needs_ready=event.needs_ready,
        bring=[line for page in pages.values() for line in page.bring],
    )


def half_out(half: HalfDay, zone: ZoneInfo) -> HalfDayOut:
    """A half-day, as moments and as a clock in a time zone shows them."""
    return HalfDayOut(
        number=half.number,
        begins=half.begins,
        ends=half.ends,
        begins_at=clock_text(half.begins, zone),
        ends_at=clock_text(half.ends, zone),
    )


def clock_text(at: datetime, zone: ZoneInfo) -> str:
    """What a clock in a time zone shows: "2026-11-27T09:00"."""
    return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def read_clock(text: str, zone: ZoneInfo, field: str) -> datetime:
    """What somebody typed, read off a clock in a time zone.

    Raises:
        Invalid: There is no such day or time.
    """
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone)
    except ValueError:
        raise Invalid("There is no such day or time.", field=field) from None
