"""Requests and replies of administration."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from api.administration.holdings import Category
from api.administration.people import State
from api.core.choices import Release
from api.core.roles import Role
from api.core.schemas import Day, Id, In, Lang, Out, Query, Time, Why
from site_builder.course.model import Audience

Word = Annotated[str, StringConstraints(max_length=120)]
Address = Annotated[str, StringConstraints(min_length=3, max_length=254)]
Confirmation = Annotated[str, StringConstraints(max_length=400)]
"""That one gave one's password just before (`POST /confirmations`)."""


class PeopleQuery(Query):
    """Which people are looked for."""

    search: Word = ""
    role: Role | None = None
    state: State | None = None
    audience: Audience | None = None
    page: Annotated[int, Field(ge=1, le=10_000)] = 1


class PersonLineOut(Out):
    """Somebody in the list of people."""

    id: uuid.UUID
    name: str
    given: str
    family: str
    email: str
    role: Role
    lang: str
    state: State
    audience: Audience | None
    employer: str
    time_factor: float
    created_at: Time
    seen_at: Time | None


class PeopleOut(Out):
    """A page of the people."""

    people: list[PersonLineOut]
    total: int
    pages: int


class ClassOfOut(Out):
    """A class that somebody is in."""

    id: uuid.UUID
    name: str
    teaches: bool


class PersonPageOut(Out):
    """Somebody, as an administrator sees them."""

    person: PersonLineOut
    classes: list[ClassOfOut]
    devices: int
    address_waiting: str
    merged_into: uuid.UUID | None
    factors: int


class NewPersonIn(In):
    """An account to make; one of the two names is enough."""

    email: Address
    given: Word = ""
    family: Word = ""
    role: Role = "learner"
    lang: Lang = "fr"


class PersonIn(In):
    """What an administrator says of a person."""

    given: Word = ""
    family: Word = ""
    lang: Lang
    audience: Audience | None = None
    employer: Word = ""
    time_factor: Annotated[float, Field(strict=False, ge=1, le=4)] = 1.0
    why: Why = ""


class AddressIn(In):
    """Another address."""

    email: Address


class OwnAddressIn(AddressIn):
    """Another address for oneself, with one's password given just before."""

    confirmation: Confirmation


class TokenIn(In):
    """The secret of a link."""

    token: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class AddressConfirmed(Out):
    """The address that an account has from now on."""

    email: str


class RoleIn(In):
    """Another role, with the administrator's own password given just before."""

    role: Role
    why: Why = ""
    confirmation: Confirmation


class StateIn(In):
    """Suspend an account, or open it again."""

    active: bool
    why: Why = ""


class WhyIn(In):
    """A reason."""

    why: Why = ""


class ConfirmedIn(In):
    """Something that cannot be taken back, with the administrator's own password given just before."""

    why: Why = ""
    confirmation: Confirmation


class MergeQuery(Query):
    """Into which account."""

    into: uuid.UUID


class MergeIn(ConfirmedIn):
    """Into which account."""

    into: Id


class MovingOut(Out):
    """What merging does with one category."""

    category: Category
    moved: int
    left: int


class MergeOut(Out):
    """What merging would do, or did."""

    gone: PersonLineOut
    kept: PersonLineOut
    lines: list[MovingOut]


class KeptOut(Out):
    """What erasing does with one category."""

    category: Category
    deleted: int
    cleared: int
    kept: int


class ErasureOut(Out):
    """What erasing would do."""

    lines: list[KeptOut]


class PeopleListIn(In):
    """A list of people, as classes read them, that get accounts and are in no class."""

    text: Annotated[str, StringConstraints(max_length=150_000)]
    lang: Lang = "fr"
    write: bool = False


class PeopleListRow(Out):
    """What would become of a row."""

    line: int
    name: str
    email: str
    status: str
    wrong: list[str]


class PeopleListOut(Out):
    """What would become of a list, or did."""

    rows: list[PeopleListRow]
    unreadable: str | None
    new: int
    known: int
    wrong: int


class TrailQuery(Query):
    """Which entries of the trail."""

    action: Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z.-]*$")] = ""
    person: uuid.UUID | None = None
    first: Day | None = None
    last: Day | None = None
    before: Annotated[int, Field(ge=1, le=2**62)] | None = None


class TrailExportIn(In):
    """Which entries, in which form."""

    action: Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z.-]*$")] = ""
    person: Id | None = None
    first: Day | None = None
    last: Day | None = None
    form: Annotated[str, StringConstraints(pattern=r"^(?:csv|json|pdf)$")]
    lang: Lang = "en"
    confirmation: Confirmation


class TrailLineOut(Out):
    """An entry of the trail."""

    sequence: int
    at: Time
    actor: str
    actor_name: str
    action: str
    subject: str
    subject_name: str
    old: Any
    new: Any
    typed: dict[str, Any]
    hash: str


class TrailOut(Out):
    """Entries, the newest first; `more` is whether there are older ones."""

    entries: list[TrailLineOut]
    more: bool


class StepOut(Out):
    """One thing that happened to a result."""

    at: Time
    what: str
    about: dict[str, Any]
    entry: int | None


class StoryOut(Out):
    """What became of one attempt."""

    attempt_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    module_id: str
    quiz_id: str
    version: str
    steps: list[StepOut]


class LetterLineOut(Out):
    """A letter that has not arrived."""

    id: uuid.UUID
    name: str
    email: str
    kind: str
    state: str
    created_at: Time
    send_after: Time
    tries: int
    error: str
    caused_by: str
    decision: bool


class LettersOut(Out):
    """What is on its way."""

    letters: list[LetterLineOut]
    counts: dict[str, int]


class SettleIn(In):
    """Send it again, or count it as sent."""

    send_again: bool


class PublicationOut(Out):
    """A publication, and what it changed."""

    id: int
    version: str
    at: Time
    actor: str
    actor_name: str
    added: list[str]
    changed: list[str]
    removed: list[str]
    current: bool
    kept: bool


class PublicationsOut(Out):
    """The newest publications."""

    publications: list[PublicationOut]


class HealthOut(Out):
    """How the house stands."""

    database: str
    python: str
    jobs: dict[str, Time]
    people: int
    waiting: int
    failed: int
    undecided: int


class PublishedCourseOut(Out):
    """A course that is published."""

    id: str
    title: str
    languages: list[str]
    modules: dict[str, int]
    minutes: int


class ContentOut(Out):
    """Courses and drafts."""

    courses: list[PublishedCourseOut]
    drafts: list[str]


class RetentionOut(Out):
    """How long something is kept, days."""

    rule: str
    days: int
    default: int


class SettingsOut(Out):
    """What the centre chose, and what holds where it chose nothing.

    Attributes:
        logo: As a data URL; "" where the site's own holds.
        fixed_second_factor: Roles for which the server's environment asks one.
        without: What stands where nothing was chosen, by the name of the setting.
        zones: Names of time zones.
        changed_at: None where nothing was chosen yet.
    """

    site_name: str
    colour: str
    logo: str
    languages: list[str]
    centre: str
    sender: str
    timezone: str
    release: Release
    second_factor: list[str]
    retention: list[RetentionOut]
    photos: bool
    fixed_second_factor: list[str]
    without: dict[str, str]
    zones: list[str]
    changed_at: Time | None


class SettingsIn(In):
    """What the centre chooses; what is left out stays, what is empty is no choice any more."""

    site_name: Word | None = None
    colour: Annotated[str, StringConstraints(max_length=7)] | None = None
    logo: Annotated[str, StringConstraints(max_length=90_000)] | None = None
    languages: Annotated[list[Lang], Field(max_length=3)] | None = None
    centre: Word | None = None
    sender: Word | None = None
    timezone: Annotated[str, StringConstraints(max_length=64)] | None = None
    release: Release | None = None
    second_factor: Annotated[list[Role], Field(max_length=4)] | None = None
    retention: Annotated[dict[Word, int], Field(max_length=40)] | None = None
    photos: bool | None = None
    why: Why = ""
    confirmation: Confirmation


class HeldTableOut(Out):
    """Rows of one kind that name a person."""

    name: str
    category: Category
    erased: str
    rows: list[dict[str, Any]]
    count: int


class MyDataOut(Out):
    """Everything that is held of somebody."""

    account: dict[str, Any]
    tables: list[HeldTableOut]
