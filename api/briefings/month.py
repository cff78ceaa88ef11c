"""Who is ready for what comes in the next weeks: event by event, so that it can say how far it is. Writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.events.models import Booking, Event
from api.events.needs import verdicts_of
from api.readiness.verdict import State


@dataclass(frozen=True, slots=True)
class EventReadiness:
    """An event, and how many of those with a place are ready, not yet, or no more.

    Attributes:
        number: Which one it is, from 1.
        of: How many there are.
        admitted: Of those who are not ready, who may enter all the same.
    """

    number: int
    of: int
    event: Event
    states: Counter[State]
    admitted: int

    @property
    def people(self) -> int:
        """How many have a place."""
        return self.states.total()


def readiness_ahead(session: Session, at: datetime, days: int) -> Iterator[EventReadiness]:
    """Readiness for every event of the next days, in at most four queries each.

    Args:
        session: Of the database.
        at: Now.
        days: How far to look, 1..366.
    """
    wanted = (Event.begins > at, Event.begins <= at + timedelta(days=days), Event.cancelled_at.is_(None))
    events = list(session.scalars(select(Event).where(*wanted).order_by(Event.begins, Event.id)))
    for number, event in enumerate(events, start=1):
        booked = (Booking.event_id == event.id, Booking.state == "booked")
        verdicts = verdicts_of(session, event, list(session.scalars(select(Booking.person_id).where(*booked))), at)
        states = Counter(verdict.state for verdict in verdicts.values())
        admitted = sum(verdict.state != "ready" and verdict.may_enter for verdict in verdicts.values())
        yield EventReadiness(number, len(events), event, states, admitted)
