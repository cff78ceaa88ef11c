"""Requests and replies of rooms and events."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from api.classes.models import DEFAULT_TIMEZONE
from api.core.schemas import In, Lang, ModuleId, Out, Query, Time
from api.events.models import BookingState, Criterion, Presence, Zone
from api.events.presence.clocks import Order

Id = Annotated[uuid.UUID, Field(strict=False)]
"""JSON has no ids, only texts."""
Day = Annotated[date, Field(strict=False)]
Clock = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d$")]
"""A time as it is typed, read off a clock in the event's time zone: "2026-11-27T09:00"."""
Why = Annotated[str, StringConstraints(max_length=500)]


class RoomIn(In):
    """A room."""

    name: Annotated[str, StringConstraints(max_length=120)]
    zone: Zone
    places: int
    equipment: Annotated[str, StringConstraints(max_length=500)] = ""
    closed: Annotated[list[Day], Field(default_factory=list, max_length=400)]


class RoomOut(Out):
    """A room."""

    id: uuid.UUID
    name: str
    zone: str
    places: int
    equipment: str
    closed: list[str]


class RoomsOut(Out):
    """Rooms that are in use, by name."""

    rooms: list[RoomOut]


class TrainerOut(Out):
    """Somebody who may lead an event."""

    id: uuid.UUID
    name: str


class TrainersOut(Out):
    """Those who may lead an event, by name."""

    trainers: list[TrainerOut]


class HalfDayIn(In):
    """Begin and end of a half-day."""

    begins: Clock
    ends: Clock


class EventIn(In):
    """An event to plan, or what it is to be."""

    modules: Annotated[list[ModuleId], Field(min_length=1, max_length=20)]
    half_days: Annotated[list[HalfDayIn], Field(min_length=1, max_length=40)]
    trainers: Annotated[list[Id], Field(max_length=20)]
    places: int
    timezone: Annotated[str, StringConstraints(max_length=64)] = DEFAULT_TIMEZONE
    lang: Lang = "fr"
    room: Id | None = None
    link: Annotated[str, StringConstraints(max_length=1000)] = ""
    note: Annotated[str, StringConstraints(max_length=4000)] = ""
    classes: Annotated[list[Id], Field(default_factory=list, max_length=100)]
    open_to_all: bool = False
    has_waiting_list: bool = True
    cancel_until: Clock | None = None


class CancellationIn(In):
    """Why an event does not take place; those who have a place are told."""

    why: Why


class ReturnIn(In):
    """Why a place is given back."""

    why: Why = ""


class BookingsIn(In):
    """For whom places are booked."""

    people: Annotated[list[Id], Field(min_length=1, max_length=500)]
    at_the_door: bool = False


class SeenIn(In):
    """Whether somebody was there for a half-day."""

    person: Id
    number: int
    state: Presence


class AttendanceIn(In):
    """Who was there."""

    seen: Annotated[list[SeenIn], Field(min_length=1, max_length=2000)]


class FileIn(In):
    """An attendance file in base64; in which order it writes day and month, where that had to be asked."""

    file: str
    order: Order | None = None


class FileImport(FileIn):
    """An attendance file with what a person decided: whom a line of it is about."""

    matches: Annotated[dict[str, Id], Field(default_factory=dict, max_length=2000)]


class ObservedIn(In):
    """What was seen of one line of the checklist."""

    state: Criterion
    remark: Annotated[str, StringConstraints(max_length=500)] = ""


class SignedIn(In):
    """One learner."""

    person: Id
    criteria: Annotated[list[ObservedIn], Field(max_length=100)]


class SignOffIn(In):
    """A trainer's signature under the checklists of some learners."""

    module: ModuleId
    signed_as: Annotated[str, StringConstraints(max_length=120)]
    people: Annotated[list[SignedIn], Field(min_length=1, max_length=100)]


class EventsQuery(Query):
    """Which events."""

    lang: Lang = "en"
    past: bool = False


class HalfDayOut(Out):
    """A half-day, as moments and as a clock of the event shows them."""

    number: int
    begins: Time
    ends: Time
    begins_at: str
    ends_at: str


class EventLineOut(Out):
    """An event in a list.

    `mine` is one's own booking, "" without one; `link` is there for those who have a place, from a quarter of an hour
    before it begins.
    """

    id: uuid.UUID
    kind: str
    titles: list[str]
    module_ids: list[str]
    half_days: list[HalfDayOut]
    timezone: str
    room: str
    zone: str
    places: int
    free: int
    waiting_list: bool
    trainers: list[str]
    lang: str
    note: str
    mine: BookingState | str
    link: str
    cancelled_at: Time | None
    cancelled_why: str


class EventsOut(Out):
    """Events, the next one first."""

    events: list[EventLineOut]


class SignedOut(Out):
    """A signature."""

    module_id: str
    passed: bool
    signed_as: str
    at: Time
    criteria: list[Criterion]
    remarks: list[str]


class RosterLineOut(Out):
    """Somebody with a place; attendance by number of the half-day."""

    id: uuid.UUID
    name: str
    email: str
    state: BookingState
    attendance: dict[int, Presence]
    seconds: dict[int, int | None]
    signed: list[SignedOut]


class ChecklistOut(Out):
    """What a trainer signs for a practical."""

    module_id: str
    title: str
    lines: list[str]


class EventOut(EventLineOut):
    """An event with everybody who has a place, for those who lead or accompany it."""

    room_id: uuid.UUID | None
    meeting: str
    trainer_ids: list[uuid.UUID]
    class_ids: list[uuid.UUID]
    open_to_all: bool
    cancel_until: str | None
    roster: list[RosterLineOut]
    checklists: list[ChecklistOut]


class AttendeeOut(Out):
    """Somebody in an attendance file, and whom of those with a place it may be."""

    key: str
    names: list[str]
    email: str
    seconds: list[int]
    told: float | None
    differs: bool
    open_end: bool
    match: str | None
    by: str
    candidates: list[str]


class UnusedOut(Out):
    """A row of an attendance file that says nothing about presence."""

    line: int
    names: list[str]
    email: str
    reason: str


class ReadingOut(Out):
    """What an attendance file says; `order` is null where it must be asked."""

    tool: str
    sha256: str
    order: str | None
    summed: bool
    attendees: list[AttendeeOut]
    unused: list[UnusedOut]


class ImportedOut(Out):
    """How many lines of attendance an import added."""

    added: int
