"""Half-days as calendars (RFC 5545), for programs that read them. Knows no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, vCalAddress
from icalendar import Event as Component

PRODUCT = "-//Airlock//Webinars and practicals//EN"
FETCH_AGAIN = timedelta(hours=1)
"""How often programs are asked to read a calendar again."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One half-day.

    Attributes:
        uid: Stays the same, whatever changes.
        sequence: Goes up with each change (RFC 5545, 3.8.7.4).
        timezone: In which it is shown, also by programs elsewhere.
        place: A room; "" for none.
        address: Of a page about it.
        stamp: When it was changed last.
    """

    uid: str
    sequence: int
    begins: datetime
    ends: datetime
    timezone: str
    title: str
    place: str
    text: str
    address: str
    cancelled: bool
    stamp: datetime


def _component(entry: Entry, organizer: str, attendee: str) -> Component:
    zone, made = ZoneInfo(entry.timezone), Component()
    made.add("uid", entry.uid)
    made.add("sequence", entry.sequence)
    made.add("dtstamp", entry.stamp)
    made.add("dtstart", entry.begins.astimezone(zone))
    made.add("dtend", entry.ends.astimezone(zone))
    made.add("summary", entry.title)
    if entry.place:
        made.add("location", entry.place)
    if entry.text:
        made.add("description", entry.text)
    made.add("url", entry.address)
    made.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    if attendee:
        made.add("organizer", vCalAddress(f"mailto:{organizer}"))
        person = vCalAddress(f"mailto:{attendee}")
        person.params.update({"PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
        made.add("attendee", person)
    return made


def _calendar(entries: Sequence[Entry], organizer: str = "", attendee: str = "") -> Calendar:
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    for entry in entries:
        made.add_component(_component(entry, organizer, attendee))
    if entries:
        # From the year before, so that the rule that holds on the first day is in it.
        first, last = min(entry.begins for entry in entries), max(entry.ends for entry in entries)
        made.add_missing_timezones(date(first.year - 1, 1, 1), date(last.year + 1, 12, 31))
    return made


def make_feed(name: str, entries: Sequence[Entry]) -> bytes:
    """A calendar to subscribe to."""
    made = _calendar(entries)
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("name", name)
    made.add("refresh-interval", FETCH_AGAIN, parameters={"VALUE": "DURATION"})
    return bytes(made.to_ical())


def make_invitation(entry: Entry, organizer: str, attendee: str) -> bytes:
    """What goes with a mail (RFC 5546): a half-day that takes place, also elsewhere than before, or does not."""
    made = _calendar([entry], organizer, attendee)
    made.add("method", "CANCEL" if entry.cancelled else "REQUEST")
    return bytes(made.to_ical())
