"""Requests and replies of rooms and events."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from api.core.schemas import Day, Hash, Id, In, Lang, LocalTime, ModuleId, Out, Query, Slug, Time, Why
from api.events.models import BookingState, Criterion, FeedOf, Passing, Presence, Zone
from api.events.presence.clocks import Order
from api.readiness.schemas import NeedOut
from api.readiness.verdict import State

Name = Annotated[str, StringConstraints(max_length=120)]


class RoomIn(In):
    """A room."""

    name: Annotated[str, StringConstraints(max_length=120)]
    zone: Zone
    places: int
    equipment: Annotated[str, StringConstraints(max_length=500)] = ""
    directions: Annotated[str, StringConstraints(max_length=500)] = ""
    closed: Annotated[list[Day], Field(default_factory=list, max_length=400)]
    area: Annotated[int, Field(ge=0, le=100_000)] = 0


class RoomOut(Out):
    """A room."""

    id: uuid.UUID
    name: str
    zone: str
    places: int
    equipment: str
    directions: str
    closed: list[str]
    area: int


class RoomsOut(Out):
    """Rooms that are in use, by name."""

    rooms: list[RoomOut]


class TrainerOut(Out):
    """Somebody who may lead an event."""

    id: uuid.UUID
    name: str


class TrainersOut(Out):
    """Those who may lead an event, by name, and the zone that an event has unless it says otherwise."""

    trainers: list[TrainerOut]
    timezone: str


class HalfDayIn(In):
    """Begin and end of a half-day."""

    begins: LocalTime
    ends: LocalTime


class EventIn(In):
    """An event to plan, or what it is to be; `weeks` plans it in that many weeks. The zone is the centre's."""

    modules: Annotated[list[ModuleId], Field(min_length=1, max_length=20)]
    half_days: Annotated[list[HalfDayIn], Field(min_length=1, max_length=40)]
    trainers: Annotated[list[Id], Field(max_length=20)]
    places: int
    timezone: Annotated[str, StringConstraints(max_length=64)] = ""
    lang: Lang = "fr"
    room: Id | None = None
    link: Annotated[str, StringConstraints(max_length=1000)] = ""
    note: Annotated[str, StringConstraints(max_length=4000)] = ""
    classes: Annotated[list[Id], Field(default_factory=list, max_length=100)]
    open_to_all: bool = False
    has_waiting_list: bool = True
    needs_ready: bool = False
    cancel_until: LocalTime | None = None
    weeks: Annotated[int, Field(ge=1, le=26)] = 1


class CancellationIn(In):
    """Why an event does not take place; those who have a place are told."""

    why: Why


class ReturnIn(In):
    """Why a place is given back."""

    why: Why = ""


class BookingsIn(In):
    """For whom places are booked: for some learners, for those of a class who have none yet, or for both."""

    people: Annotated[list[Id], Field(default_factory=list, max_length=500)]
    class_id: Id | None = None


class DoorBookingIn(In):
    """Who stands at the door without a place."""

    email: Annotated[str, StringConstraints(min_length=3, max_length=254)]


class DatesQuery(Query):
    """Of which modules, with commas between their ids."""

    modules: Annotated[str, StringConstraints(max_length=2000)]


class SeenIn(In):
    """Whether somebody was there for a half-day."""

    person: Id
    number: int
    state: Presence


class AttendanceIn(In):
    """Who was there."""

    seen: Annotated[list[SeenIn], Field(min_length=1, max_length=2000)]
    why: Why = ""


class FileIn(In):
    """An attendance file in base64; in which order it writes day and month, where that had to be asked."""

    file: str
    order: Order | None = None


class FileImport(FileIn):
    """An attendance file with what a person decided: whom a line of it is about."""

    name: Annotated[str, StringConstraints(max_length=200)] = ""

    matches: Annotated[dict[str, Id], Field(default_factory=dict, max_length=2000)]


class ObservedIn(In):
    """What was seen of one line of the checklist."""

    state: Criterion
    level: Annotated[int, Field(ge=0, le=6)] = 0
    remark: Annotated[str, StringConstraints(max_length=500)] = ""


class SignedIn(In):
    """One learner."""

    person: Id
    criteria: Annotated[list[ObservedIn], Field(max_length=100)]


class SheetIn(In):
    """A sheet that was signed on paper, in base64."""

    name: Annotated[str, StringConstraints(max_length=200)] = ""
    file: str


class PhotoIn(In):
    """A photograph of what somebody did, in base64: a JPEG; `line` is of the checklist, from 0."""

    module: ModuleId
    person: Id
    line: Annotated[int, Field(ge=0, le=200)]
    file: Annotated[str, StringConstraints(max_length=220_000)]


class DoorLineIn(In):
    """What a tablet says of somebody who came or left: by their pass, or by their name."""

    id: Id
    number: int
    what: Passing
    claimed_at: Annotated[datetime, Field(strict=False)]
    token: Annotated[str, StringConstraints(max_length=400)] = ""
    person: Id | None = None
    why: Why = ""

    @field_validator("claimed_at")
    @classmethod
    def _has_a_zone(cls, value: datetime) -> datetime:
        if value.tzinfo is None:
            raise ValueError("A time has its offset.")
        return value


class DoorIn(In):
    """What a tablet says; `device` is a word of its own making."""

    device: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    lines: Annotated[list[DoorLineIn], Field(min_length=1, max_length=500)]


class ListSignIn(In):
    """A trainer's signature under the list of a half-day."""

    signed_as: Name
    confirmation: Annotated[str, StringConstraints(max_length=300)] = ""


class PresenceSignIn(In):
    """A learner's "I was there"; `confirmation` as for `SignOffIn`."""

    signed_as: Name
    confirmation: Annotated[str, StringConstraints(max_length=300)] = ""
    begins: LocalTime
    ends: LocalTime


class CounterSignIn(In):
    """A learner's own signature under what a trainer signed; `confirmation` as for `SignOffIn`."""

    signed_as: Name
    confirmation: Annotated[str, StringConstraints(max_length=300)] = ""


class FeedIn(In):
    """A calendar: of one's own places, of what one leads, of a room, of a class."""

    of: FeedOf
    target: Id | None = None


class AskIn(In):
    """A question to ask live."""

    module: ModuleId
    quiz: Slug
    question: Annotated[str, StringConstraints(max_length=80)]


class SteerIn(In):
    """What becomes of the question that is asked: open, shown, or asked once more."""

    open: bool = False
    shown: bool = False
    again: bool = False


class LiveAnswerIn(In):
    """An option."""

    option: Annotated[str, StringConstraints(max_length=200)]


class SignOffIn(In):
    """A trainer's signature under the checklists of some learners.

    `confirmation` is what `POST /confirmations` gave for the password, some minutes ago at most.
    """

    module: ModuleId
    version: Hash | Literal[""] = ""
    confirmation: Annotated[str, StringConstraints(max_length=300)] = ""
    signed_as: Annotated[str, StringConstraints(max_length=120)]
    people: Annotated[list[SignedIn], Field(min_length=1, max_length=100)]


class EventsQuery(Query):
    """Which events: those to come, the past ones, or those between two days, both of them included."""

    lang: Lang = "en"
    past: bool = False
    since: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$")] | None = None
    until: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$")] | None = None


class HalfDayOut(Out):
    """A half-day, as moments and as a clock of the event shows them."""

    number: int
    begins: Time
    ends: Time
    begins_at: str
    ends_at: str


class DateOut(Out):
    """A date that everybody may book."""

    module_ids: list[str]
    half_day: HalfDayOut
    timezone: str
    lang: str
    free: int


class DatesOut(Out):
    """Dates, the next one first."""

    dates: list[DateOut]


class EventLineOut(Out):
    """An event in a list.

    `mine` is one's own booking, "" without one; `link` is there for those who have a place, from a quarter of an hour
    before it begins, which is `opens_at`; `missing` is what a learner must do first.
    """

    id: uuid.UUID
    kind: str
    titles: list[str]
    module_ids: list[str]
    half_days: list[HalfDayOut]
    timezone: str
    room: str
    zone: str
    directions: str
    places: int
    free: int
    waiting_list: bool
    trainers: list[str]
    lang: str
    note: str
    mine: BookingState | str
    opens_at: Time | None
    link: str
    cancel_until: Time | None
    cancelled_at: Time | None
    cancelled_why: str
    missing: list[NeedOut]
    needs_ready: bool
    bring: list[str]


class EventsOut(Out):
    """Events, the next one first."""

    events: list[EventLineOut]


class SignedOut(Out):
    """A signature; `levels` by line, from 1, where the practical names any."""

    id: int

    module_id: str
    passed: bool
    signed_as: str
    at: Time
    criteria: list[Criterion]
    levels: list[int] | None
    remarks: list[str]


class RosterLineOut(Out):
    """Somebody with a place; attendance by number of the half-day.

    `known` is whether what is missing and signed may be seen, `active` whether the account is open.
    `open_page` is for how many seconds the page of a webinar was open, `confirmed` which half-days the learner signed.
    """

    id: uuid.UUID
    name: str
    email: str
    lang: str
    state: BookingState
    active: bool
    known: bool
    missing: list[NeedOut]
    readiness: State | None
    since: Time | None
    admitted_until: Time | None
    attendance: dict[int, Presence]
    seconds: dict[int, int | None]
    sources: dict[int, str]
    open_page: dict[int, int]
    confirmed: list[int]
    signed: list[SignedOut]


class PhotoOut(Out):
    """A photograph of what somebody did; what is in it has an address of its own."""

    id: uuid.UUID
    person_id: uuid.UUID
    module_id: str
    line: int
    at: Time


class ChecklistOut(Out):
    """What a trainer signs for a practical."""

    module_id: str
    version: str
    title: str
    lines: list[str]
    critical: list[int]
    levels: list[str]
    asked_levels: list[int]
    pictures: list[str]
    signatures: int
    countersigned: bool


class DoorLineOut(Out):
    """A line of the door's book."""

    id: uuid.UUID
    number: int
    person_id: uuid.UUID | None
    what: str
    how: str
    claimed_at: Time
    device: str
    outcome: str
    why: str


class DoorOut(Out):
    """What became of the lines of a tablet."""

    lines: list[DoorLineOut]


class ListSignedOut(Out):
    """A trainer's signature under the list of a half-day, and how many were on it."""

    number: int
    signed_as: str
    at: Time
    people: int


class FileOut(Out):
    """A file of an event."""

    id: uuid.UUID
    name: str
    media_type: str


class EventOut(EventLineOut):
    """An event with everybody who has a place, for those who lead or accompany it."""

    room_id: uuid.UUID | None
    meeting: str
    trainer_ids: list[uuid.UUID]
    class_ids: list[uuid.UUID]
    open_to_all: bool
    cancel_until_at: str | None
    now: Time
    roster: list[RosterLineOut]
    checklists: list[ChecklistOut]
    presence: int
    book: list[DoorLineOut]
    lists: list[ListSignedOut]
    photos_allowed: bool
    photos: list[PhotoOut]
    files: list[FileOut]
    pass_key: dict[str, str]
    late_returns: int


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


class PassOut(Out):
    """A door pass: the rows of its QR code, and between which moments it is shown."""

    number: int
    begins: Time
    ends: Time
    rows: list[str]


class PassesOut(Out):
    """One's own passes for what is left of the day; `now` is the server's clock."""

    name: str
    now: Time
    passes: list[PassOut]


class MySignOffOut(SignedOut):
    """What a trainer signed of oneself; `wanted` is whether the learner signs too, `lines` what each one says."""

    lines: list[str]

    counter_signed_at: Time | None
    wanted: bool


class MineOut(Out):
    """What is recorded of oneself, by half-day, and what one signed oneself ("09:00–12:15")."""

    attendance: dict[int, Presence]
    signed: dict[int, str]
    sign_offs: list[MySignOffOut]
    photos: list[PhotoOut]


class BeatOut(Out):
    """For how many seconds the page was open."""

    seconds: int


class FeedOut(Out):
    """A calendar with its secret address."""

    id: uuid.UUID
    of: str
    target: uuid.UUID
    address: str


class FeedsOut(Out):
    """One's own calendars."""

    calendars: list[FeedOut]


class AskableOut(Out):
    """A question that can be asked live."""

    module_id: str
    module: str
    quiz_id: str
    question_id: str
    stem: str


class AskablesOut(Out):
    """Questions that can be asked live, in the order of the course."""

    questions: list[AskableOut]


class LiveOptionOut(Out):
    """An option."""

    id: str
    html: str


class LiveOut(Out):
    """The question that is asked now; `id` is null while there is none.

    `counts` has for each round how many chose which option, once it is shown; `gain` is -1..1 where both rounds are;
    `again_in` is after how many seconds to ask again.
    """

    id: uuid.UUID | None = None
    module_id: str = ""
    stem: str = ""
    options: list[LiveOptionOut] = Field(default_factory=list)
    round: int = 1
    open: bool = False
    shown: bool = False
    mine: str = ""
    counts: list[dict[str, int]] = Field(default_factory=list)
    gain: float | None = None
    again_in: int


class TallyOut(LiveOut):
    """The same for the trainer's screen, with how many answered in this round."""

    answered: int
