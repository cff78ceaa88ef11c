"""Letters about places at events."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import parseaddr
from typing import ClassVar, TypedDict
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from typing_extensions import override

from api.accounts.models import Person
from api.catalogue.operations import current_catalogue
from api.core.texts import days_until, long_time
from api.events.access import open_to
from api.events.calendar import Entry, make_invitation
from api.events.facts import attendance_of
from api.events.models import Booking, Event, HalfDay, Room
from api.events.needs import missing_of
from api.messages.kinds import Facts, Writer
from api.readiness.verdict import Missing
from site_builder.course.model import Module

THREE = 3
"""Days before an event on which it is told."""


class Gone(TypedDict):
    """A half-day that an event has no more; times in ISO 8601."""

    number: int
    begins: str
    ends: str


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
    states: ClassVar[tuple[str, ...]] = ("booked",)
    """Of the reader's booking, for which it is still true; () is true whatever became of it."""
    invites: ClassVar[bool] = False
    """Whether it brings the half-days for the reader's calendar."""
    calls_off: ClassVar[bool] = False
    """Whether it takes them out of it."""

    event_id: str
    title: str
    begins: str
    timezone: str
    room: str

    def when(self, writer: Writer) -> str:
        """Its first half-day, on a clock of the place where it is."""
        return long_time(datetime.fromisoformat(self.begins), ZoneInfo(self.timezone), writer.lang)

    def place(self, writer: Writer) -> str:
        """When and where."""
        where = [writer.say("Where: {room}", room=self.room)] if self.room else []
        return "\n".join([writer.say("When: {when}", when=self.when(writer)), *where])

    @override
    def as_of_now(self, session: Session, reader: Person, at: datetime) -> Facts | None:
        if not self.states:
            return self
        event = session.get(Event, uuid.UUID(self.event_id))
        if event is None or event.cancelled_at is not None or event.begins <= at:
            return None
        booking = session.get(Booking, (event.id, reader.id))
        if booking is None or booking.state not in self.states:
            return None
        return replace(self, **about(session, event, reader.lang))

    def taken_out(self, writer: Writer, event: Event, booking: Booking | None) -> list[Entry]:
        """What else goes out of the reader's calendar."""
        return []

    @override
    def calendars(self, writer: Writer) -> Iterator[tuple[str, bytes]]:
        event = writer.session.get(Event, uuid.UUID(self.event_id))
        if event is None or not (self.invites or self.calls_off):
            return
        booking = writer.session.get(Booking, (event.id, writer.reader.id))
        if self.invites and (booking is None or booking.state != "booked"):
            return  # Whoever waits has nothing in the calendar yet.
        organizer = parseaddr(writer.settings.mail_from)[1]
        for entry in [
            *entries_of(writer, event, booking, cancelled=self.calls_off),
            *self.taken_out(writer, event, booking),
        ]:
            method = "CANCEL" if entry.cancelled else "REQUEST"
            yield method, make_invitation(entry, organizer, writer.reader.email)


def entry_of(
    writer: Writer,
    event: Event,
    booking: Booking | None,
    number: int,
    times: tuple[datetime, datetime],
    *,
    cancelled: bool,
) -> Entry:
    """A half-day as a reader's calendar has it."""
    facts = about(writer.session, event, writer.lang)
    return Entry(
        uid=uid_of(event.id, number, writer.settings.url),
        sequence=event.sequence + (booking.changes if booking else 0),
        begins=times[0],
        ends=times[1],
        timezone=event.timezone,
        title=facts["title"],
        place=facts["room"],
        text=event.note,
        address=writer.page("learning"),
        cancelled=cancelled,
        stamp=writer.at,
    )


def entries_of(writer: Writer, event: Event, booking: Booking | None, *, cancelled: bool) -> Iterator[Entry]:
    """The half-days of an event as a reader's calendar has them."""
    wanted = select(HalfDay).where(HalfDay.event_id == event.id).order_by(HalfDay.number)
    for half in writer.session.scalars(wanted):
        yield entry_of(writer, event, booking, half.number, (half.begins, half.ends), cancelled=cancelled)


def uid_of(event_id: uuid.UUID, number: int, site: str) -> str:
    """The name of a half-day in every calendar."""
    return f"{event_id}-{number}@{site.partition('://')[2].partition('/')[0].partition(':')[0]}"


@dataclass(frozen=True, slots=True)
class Booked(_AboutEvent):
    """Somebody has a place."""

    kind: ClassVar[str] = "booked"
    invites = True

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        return writer.say("Your place: {title}", title=self.title), [
            writer.say("You have a place at “{title}”.", title=self.title),
            self.place(writer),
            writer.say("If you cannot come, give your place back here, so that somebody else gets it:"),
            writer.page("learning"),
        ]


@dataclass(frozen=True, slots=True)
class Waiting(_AboutEvent):
    """Somebody waits for a place."""

    kind: ClassVar[str] = "waiting"
    states = ("waiting",)

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        return writer.say("Waiting list: {title}", title=self.title), [
            writer.say(
                "“{title}” is full. You are on the waiting list, and told when a place is free.", title=self.title
            ),
            self.place(writer),
            writer.page("learning"),
        ]


@dataclass(frozen=True, slots=True)
class Moved(_AboutEvent):
    """An event takes place at another time or in another room."""

    kind: ClassVar[str] = "moved"
    states = ("booked", "waiting")
    invites = True

    removed: list[Gone] = field(default_factory=list)

    @override
    def taken_out(self, writer: Writer, event: Event, booking: Booking | None) -> list[Entry]:
        return [
            entry_of(
                writer,
                event,
                booking,
                one["number"],
                (datetime.fromisoformat(one["begins"]), datetime.fromisoformat(one["ends"])),
                cancelled=True,
            )
            for one in self.removed
        ]

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        return writer.say("Moved: {title}", title=self.title), [
            writer.say("“{title}” takes place at another time or in another room now.", title=self.title),
            self.place(writer),
            writer.page("learning"),
        ]


@dataclass(frozen=True, slots=True)
class Cancelled(_AboutEvent):
    """An event does not take place."""

    kind: ClassVar[str] = "cancelled"
    states = ()
    calls_off = True

    why: str = ""

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        return writer.say("Cancelled: {title}", title=self.title), [
            writer.say("“{title}” does not take place.", title=self.title),
            *([writer.say("The reason: {why}", why=self.why)] if self.why else []),
            self.place(writer),
            *next_date(writer, self.event_id),
        ]


@dataclass(frozen=True, slots=True)
class GivenBack(_AboutEvent):
    """Somebody gave their place back, or somebody did it for them."""

    kind: ClassVar[str] = "given-back"
    states = ()
    calls_off = True

    @override
    def as_of_now(self, session: Session, reader: Person, at: datetime) -> Facts | None:
        booking = session.get(Booking, (uuid.UUID(self.event_id), reader.id))
        return self if booking is not None and booking.state == "cancelled" else None

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        return writer.say("Place given back: {title}", title=self.title), [
            writer.say("Your place at “{title}” was given back.", title=self.title),
            self.place(writer),
            *next_date(writer, self.event_id),
        ]


@dataclass(frozen=True, slots=True)
class _Ahead(_AboutEvent):
    """Something that comes soon, with what is missing and what to bring."""

    can_be_ended = True

    def told(self, writer: Writer) -> list[str]:
        """Where, how to get there, what to bring, and what is missing."""
        event = writer.session.get_one(Event, uuid.UUID(self.event_id))
        modules = current_catalogue(writer.session).modules
        room = writer.session.get(Room, event.room_id) if event.room_id else None
        bring = [line for name in event.module_ids if name in modules for line in modules[name].page(writer.lang).bring]
        missing = missing_of(writer.session, event, [writer.reader.id], writer.at)[writer.reader.id]
        parts = [self.place(writer)]
        if room is not None and room.directions:
            parts.append(writer.say("How to get there: {directions}", directions=room.directions))
        if bring:
            parts.append("\n".join([writer.say("To wear and to bring:"), *(f"- {line}" for line in bring)]))
        if missing:
            lines = [f"- {_said(one, modules, writer)}\n  {writer.page(one.modules[0])}" for one in missing]
            parts.append("\n".join([writer.say("Still to do before:"), *lines]))
        if event.link:
            parts.append(writer.say("The way in opens a quarter of an hour before, on this page:"))
        return [*parts, writer.page("learning")]


def _said(missing: Missing, modules: Mapping[str, Module], writer: Writer) -> str:
    """What is missing, in a line."""
    titles = f" {writer.say('or')} ".join(modules[name].page(writer.lang).title for name in missing.modules)
    if missing.percent:
        return writer.say("{title}: {percent} % right of one objective", title=titles, percent=missing.percent)
    if missing.why in ("expired", "renewed"):
        return writer.say("{title}: to be renewed", title=titles)
    return titles


@dataclass(frozen=True, slots=True)
class Soon(_Ahead):
    """In three days, or in two where the place was booked since."""

    kind: ClassVar[str] = "event-soon"

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        begins, zone = datetime.fromisoformat(self.begins), ZoneInfo(self.timezone)
        if days_until(begins, writer.at, zone) == THREE:
            return writer.say("In three days: {title}", title=self.title), self.told(writer)
        return writer.say("Soon: {title}", title=self.title), self.told(writer)


@dataclass(frozen=True, slots=True)
class Tomorrow(_Ahead):
    """On the evening before."""

    kind: ClassVar[str] = "event-tomorrow"

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        return writer.say("Tomorrow: {title}", title=self.title), self.told(writer)


@dataclass(frozen=True, slots=True)
class NoShow(_AboutEvent):
    """Somebody had a place and was not there."""

    kind: ClassVar[str] = "no-show"
    can_be_ended = True

    @override
    def as_of_now(self, session: Session, reader: Person, at: datetime) -> Facts | None:
        event = session.get(Event, uuid.UUID(self.event_id))
        booking = session.get(Booking, (uuid.UUID(self.event_id), reader.id))
        if event is None or booking is None or booking.state != "booked":
            return None
        lines = [line for (person, _), line in attendance_of(session, event).items() if person == reader.id]
        return None if any(line.state in ("present", "excused") for line in lines) else self

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        return writer.say("We missed you: {title}", title=self.title), [
            writer.say("You had a place at “{title}”, and nobody saw you there.", title=self.title),
            self.place(writer),
            writer.say("If that is a mistake, tell your trainer."),
            *next_date(writer, self.event_id),
        ]


def next_date(writer: Writer, event_id: str) -> list[str]:
    """The next date with a free place that the reader may book instead of an event."""
    session = writer.session
    event = session.get(Event, uuid.UUID(event_id))
    found = next_free(session, event, writer.reader.id, writer.at) if event is not None else None
    if found is None:
        return [writer.page("learning")]
    when = long_time(found.begins, ZoneInfo(found.timezone), writer.lang)
    return [writer.say("The next date with a free place: {when}. Book it here:", when=when), writer.page("learning")]


def next_free(session: Session, event: Event, person_id: uuid.UUID, at: datetime) -> Event | None:
    """The next event for the same modules at which somebody may still book a place."""
    taken = (
        select(func.count())
        .where(Booking.event_id == Event.id, Booking.state == "booked")
        .correlate(Event)
        .scalar_subquery()
    )
    ahead = select(Event).where(
        Event.id != event.id,
        Event.begins > at,
        Event.cancelled_at.is_(None),
        Event.places > taken,
        open_to(person_id),
    )
    wanted = set(event.module_ids)
    return next((one for one in session.scalars(ahead.order_by(Event.begins)) if wanted & set(one.module_ids)), None)


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
