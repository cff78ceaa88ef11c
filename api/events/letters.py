"""Letters about places at events."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session
from typing_extensions import override

from api.accounts.models import Person
from api.catalogue.operations import current_catalogue
from api.core.texts import long_time
from api.events.models import Booking, Event, Room
from api.messages.kinds import Facts, Writer


@dataclass(frozen=True, slots=True)
class _AboutEvent(Facts):
    """Something about a place at an event.

    Attributes:
        title: Of its modules, in the reader's language.
        begins: ISO 8601.
        timezone: Of the event.
        room: "" for a webinar.
    """

    can_be_ended = False

    event_id: str
    title: str
    begins: str
    timezone: str
    room: str

    def when(self, writer: Writer) -> str:
        """Its first half-day, on a clock of the place where it is."""
        return long_time(datetime.fromisoformat(self.begins), ZoneInfo(self.timezone), writer.lang)

    def lines(self, writer: Writer) -> list[str]:
        """When and where."""
        where = [writer.say("Where: {room}", room=self.room)] if self.room else []
        return ["\n".join([writer.say("When: {when}", when=self.when(writer)), *where]), writer.page("learning")]


@dataclass(frozen=True, slots=True)
class Booked(_AboutEvent):
    """Somebody has a place."""

    kind: ClassVar[str] = "booked"

    @override
    def as_of_now(self, session: Session, reader: Person, at: datetime) -> Facts | None:
        return _still(self, session, reader, at, "booked")

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        return writer.say("Your place: {title}", title=self.title), [
            writer.say("You have a place at “{title}”.", title=self.title),
            *self.lines(writer),
        ]


@dataclass(frozen=True, slots=True)
class Waiting(_AboutEvent):
    """Somebody waits for a place."""

    kind: ClassVar[str] = "waiting"

    @override
    def as_of_now(self, session: Session, reader: Person, at: datetime) -> Facts | None:
        return _still(self, session, reader, at, "waiting")

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        return writer.say("Waiting list: {title}", title=self.title), [
            writer.say(
                "“{title}” is full. You are on the waiting list, and told when a place is free.", title=self.title
            ),
            *self.lines(writer),
        ]


@dataclass(frozen=True, slots=True)
class Moved(_AboutEvent):
    """An event takes place at another time or in another room."""

    kind: ClassVar[str] = "moved"

    @override
    def as_of_now(self, session: Session, reader: Person, at: datetime) -> Facts | None:
        return _still(self, session, reader, at, "booked", "waiting")

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        return writer.say("Moved: {title}", title=self.title), [
            writer.say("“{title}” takes place at another time or in another room now.", title=self.title),
            *self.lines(writer),
        ]


@dataclass(frozen=True, slots=True)
class Cancelled(_AboutEvent):
    """An event does not take place."""

    kind: ClassVar[str] = "cancelled"

    why: str = ""

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        return writer.say("Cancelled: {title}", title=self.title), [
            writer.say("“{title}” does not take place.", title=self.title),
            *([writer.say("The reason: {why}", why=self.why)] if self.why else []),
            *self.lines(writer),
        ]


def _still(facts: _AboutEvent, session: Session, reader: Person, at: datetime, *states: str) -> Facts | None:
    """The facts as they are now; None where the event is over or cancelled, or the reader gave the place back."""
    event = session.get(Event, uuid.UUID(facts.event_id))
    if event is None or event.cancelled_at is not None or event.begins <= at:
        return None
    booking = session.get(Booking, (event.id, reader.id))
    if booking is None or booking.state not in states:
        return None
    return replace(facts, **about(session, event, reader.lang))


def about(session: Session, event: Event, lang: str) -> dict[str, str]:
    """What a letter says of an event, in a language."""
    room = session.get(Room, event.room_id) if event.room_id else None
    return {
        "event_id": str(event.id),
        "title": title_of(session, event, lang),
        "begins": event.begins.isoformat(),
        "timezone": event.timezone,
        "room": room.name if room else "",
    }


def title_of(session: Session, event: Event, lang: str) -> str:
    """The titles of an event's modules."""
    modules = current_catalogue(session).modules
    return ", ".join(modules[name].page(lang).title if name in modules else name for name in event.module_ids)
