"""Attendance files of meetings: what one says about an event, and taking it over. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.core.errors import Invalid
from api.events.attending import Seen, record_attendance, roster
from api.events.facts import attendance_of
from api.events.filing import TABLE, keep_file
from api.events.models import Event, EventFile, Presence
from api.events.models import HalfDay as Planned
from api.events.planning import half_days, lock
from api.events.presence.clocks import Order
from api.events.presence.decoding import Unreadable
from api.events.presence.reading import Attendee, Expected, HalfDay, Reading, merge, read_attendance, seconds_within


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
    session = act.session
    lock(session, event)
    found = read_file(session, event, data, order)
    if found.order is None:
        raise Invalid("Say in which order the file writes day and month.", field="order")
    reading = {"order": found.order, "matches": {key: str(person) for key, person in matches.items()}}
    keep_file(act, event, name, TABLE, data, reading)
    halves = [half for half in half_days(session, event) if half.begins <= act.at]
    stays = _stays(session, event)
    touched = [half for half in halves if any(_seconds(mine, half) for mine in _people(found, matches).values())]
    known = attendance_of(session, event)
    seen = []
    for person in _people(found, matches):
        for half in touched:
            line = known.get((person, half.number))
            # What a person said by hand, with a reason, is not taken back by a file.
            if line is None or line.source != "hand":
                spent = _seconds(stays.get(person, ()), half)
                state: Presence = "present" if spent else "absent"
                seen.append(Seen(person, half.number, state, spent, f"file:{found.sha256}"))
    return record_attendance(act, event, seen)


Stays = tuple[tuple[datetime, datetime], ...]


def _people(found: Reading, matches: Mapping[str, uuid.UUID]) -> dict[uuid.UUID, Stays]:
    """When each person was there, by one file: under one name or several, on one device or several."""
    people: dict[uuid.UUID, Stays] = {}
    for one in found.attendees:
        person = matches.get(key_of(one)) or (uuid.UUID(one.match) if one.match else None)
        if person is not None:
            people[person] = merge([*people.get(person, ()), *one.stays])
    return people


def _stays(session: Session, event: Event) -> dict[uuid.UUID, Stays]:
    """When each person was there, by all files that were kept: a meeting that was begun anew has two."""
    people: dict[uuid.UUID, Stays] = {}
    for file in session.scalars(
        select(EventFile).where(EventFile.event_id == event.id, EventFile.reading.is_not(None))
    ):
        matches = {key: uuid.UUID(person) for key, person in file.reading["matches"].items()}
        found = read_file(session, event, file.content, file.reading["order"])
        for person, mine in _people(found, matches).items():
            people[person] = merge([*people.get(person, ()), *mine])
    return people


def _seconds(stays: Stays, half: Planned) -> int:
    return seconds_within(stays, HalfDay(half.begins, half.ends))
