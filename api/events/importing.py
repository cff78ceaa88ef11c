"""Attendance files of meetings: what one says about an event, and taking it over. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.core.errors import Invalid
from api.events.attending import Seen, record_attendance, roster
from api.events.filing import TABLE, keep_file
from api.events.models import Event
from api.events.planning import half_days
from api.events.presence.clocks import Order
from api.events.presence.decoding import Unreadable
from api.events.presence.reading import Attendee, Expected, HalfDay, Reading, read_attendance


def read_file(session: Session, event: Event, data: bytes, order: Order | None) -> Reading:
    """What a file says about an event; nothing is written.

    Raises:
        Invalid: It says nothing; `reason` says why.
    """
    people = [
        Expected(str(one.person.id), one.person.name, (one.person.email,), str(one.person.id))
        for one in roster(session, event)
        if one.booking.state == "booked"
    ]
    halves = [HalfDay(half.begins, half.ends) for half in half_days(session, event)]
    try:
        return read_attendance(data, halves, ZoneInfo(event.timezone), people, order)
    except Unreadable as error:
        raise Invalid("The file says nothing about this event.", field="file", reason=error.reason) from None


def key_of(one: Attendee) -> str:
    """By which a person says whom an attendee is: the first line of the file that names them."""
    return str(one.lines[0])


def take_over(
    act: Act, event: Event, data: bytes, order: Order | None, matches: Mapping[str, uuid.UUID], name: str
) -> int:
    """Record what a file says of those whom it names for sure, or whom a person named; the file itself is kept.

    Gives how many lines were added: the same file again adds none.

    Raises:
        Invalid: It says nothing, or in either order of day and month something.
    """
    found = read_file(act.session, event, data, order)
    if found.order is None:
        raise Invalid("Say in which order the file writes day and month.", field="order")
    seconds: dict[uuid.UUID, list[int]] = {}
    for one in found.attendees:
        person = matches.get(key_of(one)) or (uuid.UUID(one.match) if one.match else None)
        if person is not None:
            known = seconds.setdefault(person, [0] * len(one.seconds))
            seconds[person] = [max(before, more) for before, more in zip(known, one.seconds, strict=True)]
    seen = [
        Seen(person, number, "present" if spent else "absent", spent, f"file:{found.sha256}")
        for person, halves in seconds.items()
        for number, spent in enumerate(halves, start=1)
    ]
    added = record_attendance(act, event, seen)
    keep_file(act, event, name, TABLE, data)
    return added
