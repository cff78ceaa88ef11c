"""What is told without anybody asking: before an event, and after one that somebody missed. Never commits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.core.texts import days_until
from api.events.facts import attendance_of
from api.events.letters import THREE, NoShow, Soon, Tomorrow, about
from api.events.models import Booking, Event, HalfDay
from api.messages.operations import add_message

AHEAD = timedelta(days=4)
"""How far ahead is looked: what is three days away by the calendar may be nearly four."""
EVENING = 17
"""The hour, where the event is, from which on the evening before begins."""
AFTER = timedelta(days=1)
"""How long after its end it is told that somebody was missed: until then the list is still being made."""
KEPT = timedelta(days=3)
"""For how long after that it is still worth telling."""


def add_event_letters(session: Session, at: datetime) -> int:
    """Tell whoever has a place what comes, and whoever was missed; each once. Gives how many letters were made."""
    return sum(_before(session, event, at) for event in _coming(session, at)) + sum(
        _missed(session, event, at) for event in _ended(session, at)
    )


def _coming(session: Session, at: datetime) -> list[Event]:
    wanted = select(Event).where(Event.begins > at, Event.begins <= at + AHEAD, Event.cancelled_at.is_(None))
    found = session.scalars(wanted.order_by(Event.begins))
    return [event for event in found if days_until(event.begins, at, ZoneInfo(event.timezone)) <= THREE]


def _ended(session: Session, at: datetime) -> list[Event]:
    ended = (
        select(HalfDay.event_id)
        .group_by(HalfDay.event_id)
        .having(func.max(HalfDay.ends) <= at - AFTER, func.max(HalfDay.ends) > at - AFTER - KEPT)
    )
    return list(session.scalars(select(Event).where(Event.id.in_(ended), Event.cancelled_at.is_(None))))


def _with_places(session: Session, event: Event) -> Iterable[Person]:
    return session.scalars(
        select(Person)
        .join(Booking, Booking.person_id == Person.id)
        .where(Booking.event_id == event.id, Booking.state == "booked")
    ).all()


def _before(session: Session, event: Event, at: datetime) -> int:
    zone = ZoneInfo(event.timezone)
    days = days_until(event.begins, at, zone)
    if days == 0 or (days == 1 and at.astimezone(zone).hour < EVENING):
        return 0  # Today it is late for that, and tomorrow it is told in the evening.
    kind: type[Soon | Tomorrow] = Tomorrow if days == 1 else Soon
    # Moved to another time, it is told again.
    once = f"{kind.kind}:{event.id}:{event.begins:%Y%m%d%H%M}"
    return sum(
        add_message(session, person, kind(**about(session, event, person.lang)), at=at, once=f"{once}:{person.id}")
        for person in _with_places(session, event)
    )


def _missed(session: Session, event: Event, at: datetime) -> int:
    lines = attendance_of(session, event)
    if not lines:
        return 0  # Nobody made a list: that says nothing about anybody.
    seen = {person_id for (person_id, _), line in lines.items() if line.state in ("present", "excused")}
    return sum(
        add_message(
            session,
            person,
            NoShow(**about(session, event, person.lang)),
            at=at,
            once=f"{NoShow.kind}:{event.id}:{person.id}",
        )
        for person in _with_places(session, event)
        if person.id not in seen
    )
