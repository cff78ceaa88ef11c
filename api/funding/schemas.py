"""Requests and replies about hours of everybody, and schemes."""

from __future__ import annotations

import uuid
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from api.core.schemas import Day, Id, In, Lang, LangQuery, Out, Period, Time, check_period
from api.funding.totals import By
from site_builder.course.modules import Hours


class PeriodQuery(Period, LangQuery):
    """A period, and in which language titles are wanted."""


class TotalsQuery(PeriodQuery):
    """What the rows are."""

    by: By = "month"


class LinesQuery(PeriodQuery):
    """Which number is opened: `key` is a row's; without `by` it is every line."""

    by: By | None = None
    key: Annotated[str, StringConstraints(max_length=120)] = ""
    page: Annotated[int, Field(ge=1, le=10_000)] = 1


class TotalOut(Out):
    """A row: learners, and minutes by kind, which are never added up."""

    key: str
    title: str
    people: int
    minutes: dict[Hours, int]
    overlap: int
    done: int | None
    absent: int


class TotalsOut(Out):
    """A report. Where `several`, one line can stand in several rows; `whole` has each line once."""

    rows: list[TotalOut]
    whole: TotalOut
    several: bool


class TotalLineOut(Out):
    """A line behind a number."""

    id: int
    person_id: uuid.UUID
    name: str
    kind: Hours
    module_id: str
    title: str
    event: str
    day: str
    minutes: int
    overlap: int
    overlaps: list[int]
    learner_signed: bool
    trainer_signed: bool
    source: str


class TotalLinesOut(Out):
    """A page of lines, and how many there are."""

    lines: list[TotalLineOut]
    count: int
    pages: int


class InspectionIn(In):
    """For whom a link is, which period it shows, and for how many days it can be used."""

    label: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    first: Day
    last: Day
    days: Annotated[int, Field(ge=1, le=90)] = 14

    @model_validator(mode="after")
    def ordered(self) -> InspectionIn:
        """It is a period."""
        check_period(self.first, self.last)
        return self


class InspectionOut(Out):
    """A link for an inspector; its address is shown once, when it is made."""

    id: uuid.UUID
    label: str
    first: str
    last: str
    at: Time
    expires_at: Time
    ended_at: Time | None
    address: str = ""


class InspectionsOut(Out):
    """All of them, the newest first."""

    inspections: list[InspectionOut]


class ViewIn(In):
    """What an inspector looks at: totals, or with a key the lines of a row."""

    token: Annotated[str, StringConstraints(min_length=20, max_length=100)]
    lang: Lang = "en"
    by: By = "month"
    key: Annotated[str, StringConstraints(max_length=120)] | None = None
    page: Annotated[int, Field(ge=1, le=10_000)] = 1


class ViewOut(Out):
    """What an inspector sees."""

    label: str
    centre: str
    first: str
    last: str
    expires_at: Time
    totals: TotalsOut
    lines: TotalLinesOut | None


class SchemeOut(Out):
    """A funding scheme, with its sources and what could not be checked."""

    code: str
    title: str
    hours: list[Hours]
    least_percent: int
    least_hours: int
    both_halves: bool
    counts: str
    signed_by: list[str]
    asks: list[str]
    seen_by: list[str]
    document: str
    deadlines: list[str]
    sources: list[str]
    unverified: list[str]


class SchemesOut(Out):
    """All of them."""

    schemes: list[SchemeOut]


class ClaimOut(Out):
    """A learner of a scheme in a period."""

    person_id: uuid.UUID
    name: str
    minutes: int
    unpaid: dict[str, int]
    reached: bool
    missing: list[str]


class ClaimsOut(Out):
    """What a scheme pays for, by learner.

    `unpaid` are minutes that it does not pay for, by reason; `missing` is what it asks of them and they did not give.
    """

    scheme: SchemeOut
    people: list[ClaimOut]
    minutes: int


class ParticularIn(In):
    """What somebody says of themselves."""

    value: Annotated[str, StringConstraints(min_length=1, max_length=300)]


class AskedOut(Out):
    """What the scheme that pays for somebody asks of them.

    `scheme` is "" where it asks no more; `value` is what they gave, None if nothing, or not to be read.
    """

    field: str
    scheme: str
    seen_by: list[str]
    given: bool
    value: str | None


class ParticularsOut(Out):
    """One's own particulars."""

    asked: list[AskedOut]


class AskedLearnerOut(Out):
    """A learner of a class for whom a scheme pays, and which of what it asks they have not given."""

    person_id: uuid.UUID
    name: str
    missing: list[str]


class AskingSchemeOut(Out):
    """A scheme that asks something of learners of a class, and names one's role among those who see it."""

    code: str
    title: str
    asks: list[str]
    learners: list[AskedLearnerOut]


class AskingSchemesOut(Out):
    """What schemes ask of the learners of a class, as far as one may see it."""

    schemes: list[AskingSchemeOut]


class ParticularsViewIn(In):
    """Whose particulars: the learners of one class, or everybody whom one reaches."""

    class_id: Id | None = None


class OpenedOut(Out):
    """What a learner gave, by field; None cannot be read any more."""

    person_id: uuid.UUID
    values: dict[str, str | None]


class OpenedListOut(Out):
    """What a scheme asks of its learners."""

    people: list[OpenedOut]
