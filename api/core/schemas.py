"""The base of every request and reply."""

from __future__ import annotations

import math
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints, model_validator

from site_builder.course.languages import LANGUAGES

DEEPEST = 12
"""Levels of lists and objects within one another, of a request of our own pages."""


def check_storable(value: Any, deepest: int = DEEPEST) -> None:
    """Refuse what a database or a JSON reader cannot hold, wherever it stands in a request.

    Raises:
        ValueError: It says what.
    """
    if deepest < 0:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("a NUL character")
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise ValueError("half of a surrogate pair")
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a number that is not finite")
    elif isinstance(value, dict):
        for key, item in value.items():
            check_storable(key, deepest - 1)
            check_storable(item, deepest - 1)
    elif isinstance(value, list):
        for item in value:
            check_storable(item, deepest - 1)


class In(BaseModel):
    """A request: unknown fields are errors, and so are values of another type."""

    model_config = ConfigDict(extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Refuse text and numbers that cannot be stored."""
        check_storable(value)
        return value


class Query(BaseModel):
    """Query parameters: text that is read as the field's type."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Refuse text that cannot be stored."""
        check_storable(value)
        return value


class Out(BaseModel):
    """A reply."""

    model_config = ConfigDict(from_attributes=True)


def iso_time(value: datetime) -> str:
    """A time as JSON has it."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds")


Time = Annotated[datetime, PlainSerializer(iso_time, return_type=str)]
"""UTC with its offset: "2026-11-21T08:00:00.000+00:00"."""

Id = Annotated[uuid.UUID, Field(strict=False)]
"""An id as JSON has it: a text."""
Day = Annotated[date, Field(strict=False)]
"""ISO 8601: "2026-11-21"."""

LocalTime = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d$")]
"""A time as it is typed, read off a clock in a zone that is said elsewhere: "2026-11-27T16:00"."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", max_length=100)]
Why = Annotated[str, StringConstraints(max_length=500)]
"""A reason, as somebody types it."""

ModuleId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]+/[a-z0-9_-]+$", max_length=200)]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Lang = Annotated[
    str,
    StringConstraints(pattern=f"^(?:{'|'.join(LANGUAGES)})$"),
    Field(json_schema_extra={"enum": list(LANGUAGES)}),
]
"""Languages of the interface."""


class LangQuery(Query):
    """In which language titles are wanted."""

    lang: Lang = "en"


LONGEST_PERIOD = timedelta(days=3653)
"""Ten years: what is told month by month and day by day has an end."""


def check_period(first: date, last: date) -> None:
    """Two days are a period.

    Raises:
        ValueError: The last one is before the first, or ten years after it.
    """
    if last < first:
        raise ValueError("the last day is before the first")
    if last - first >= LONGEST_PERIOD:
        raise ValueError("a period is at most ten years long")


class Period(Query):
    """Two days, both of them included."""

    first: date
    last: date

    @model_validator(mode="after")
    def ordered(self) -> Self:
        """It is one."""
        check_period(self.first, self.last)
        return self


class DoneOut(Out):
    """It is done."""

    done: Literal[True] = True
