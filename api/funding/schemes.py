"""Funding schemes: files that say which training time counts, and who has signed it. Pure, but for reading files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Protocol

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from site_builder.course.languages import LANGUAGE
from site_builder.course.modules import Hours

Particular = Literal["national-number", "birth-date", "file-number", "address"]
Asked = Particular | Literal["employer"]
"""What a scheme can ask of a person; classes know the employer."""
Seer = Literal["teacher", "trainer", "admin"]
Side = Literal["learner", "trainer"]
Why = Literal["counts", "kind", "too-short", "unsigned", "half-missing"]
"""Why a line counts or does not: its kind is not paid; presence is below the threshold; a signature is missing; the
other half of the day is missing."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class SchemeInvalid(ValueError):
    """A scheme's file cannot be used; the message names the file and the field."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Strict):
    """Where a rule of a scheme comes from."""

    rule: Text
    document: Text
    checked: Literal["read", "not-read"]


class Deadline(_Strict):
    """By when something is sent, and to whom."""

    what: Mapping[str, Text]
    days_after_quarter: Annotated[int, Field(ge=0, le=366)]


class Scheme(_Strict):
    """A funding scheme.

    Attributes:
        code: Name of its file; the funding code of those whom it pays for.
        title: By language.
        hours: Kinds that it pays for.
        least_percent: Of a half-day that somebody must have been there for.
        counts: What of a half-day then counts: the minutes of presence, or the whole half-day.
        both_halves: Whether a day counts only where both of its halves do.
        signed_by: Who must have signed a half-day.
        least_hours: That it asks for in all; 0 for none.
        asks: What it asks of a person beside their name.
        seen_by: Roles that may read what a person gave; of teachers, those of their classes.
        document: Which document is handed in.
        deadlines: By when.
        sources: Where the rules come from.
        unverified: What could not be checked, in sentences.
    """

    code: str
    title: Mapping[str, Text]
    hours: tuple[Hours, ...]
    least_percent: Annotated[int, Field(ge=0, le=100)] = 0
    counts: Literal["minutes", "half-day"] = "minutes"
    both_halves: bool = False
    signed_by: tuple[Side, ...] = ()
    least_hours: Annotated[int, Field(ge=0, le=2000)] = 0
    asks: tuple[Asked, ...] = ()
    seen_by: tuple[Seer, ...] = ("admin",)
    document: Literal["sheet", "presence", "hours"] = "hours"
    deadlines: tuple[Deadline, ...] = ()
    sources: tuple[Source, ...] = Field(min_length=1)
    unverified: tuple[Text, ...] = ()

    @property
    def particulars(self) -> tuple[Particular, ...]:
        """What people give for it by themselves."""
        return tuple(one for one in self.asks if one != "employer")

    def name(self, lang: str) -> str:
        """Its title in a language, else in the first one there is."""
        return self.title.get(lang) or next(iter(self.title.values()))


class Claimed(Protocol):
    """A line of training time with the half-day that it belongs to.

    `half_day` is how long that one is, in minutes; of active time it is the line's own. `day` and `event` say which
    lines are halves of one day.
    """

    @property
    def kind(self) -> Hours:
        """Of hours."""

    @property
    def minutes(self) -> int:
        """That count once."""

    @property
    def half_day(self) -> int:
        """Minutes of its half-day."""

    @property
    def day(self) -> str:
        """ISO 8601."""

    @property
    def event(self) -> str:
        """Its id; "" of active time."""

    @property
    def learner_signed(self) -> bool:
        """Whether the learner confirmed it."""

    @property
    def trainer_signed(self) -> bool:
        """Whether a trainer signed it."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What of a line a scheme pays for, and why."""

    minutes: int
    why: Why


def read_schemes(folder: Path | None) -> dict[str, Scheme]:
    """The schemes of a folder, by code; none where there is no folder.

    Raises:
        SchemeInvalid: A file cannot be used.
    """
    found: dict[str, Scheme] = {}
    for path in sorted(folder.glob("*.yml")) if folder is not None and folder.is_dir() else ():
        try:
            told = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise SchemeInvalid(f"{path.name}: {str(error).splitlines()[0]}") from None
        if not isinstance(told, dict):
            raise SchemeInvalid(f"{path.name}: it has no keys; `title:`, `hours:` and `sources:` are the least.")
        try:
            scheme = Scheme.model_validate({**told, "code": path.stem})
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise SchemeInvalid(f"{path.name}, {where}: {first['msg']}") from None
        unknown = set(scheme.title) - set(LANGUAGE)
        if not scheme.title or unknown:
            raise SchemeInvalid(f"{path.name}, title: languages are {', '.join(sorted(LANGUAGE))}")
        found[path.stem] = scheme
    return found


def count(scheme: Scheme, lines: Mapping[int, Claimed]) -> dict[int, Counted]:
    """What a scheme pays for, of each line of one person; `minutes` of each are those that count once."""
    found = {number: _alone(scheme, line) for number, line in lines.items()}
    if not scheme.both_halves:
        return found
    halves: dict[tuple[str, str], list[int]] = {}
    for number, line in lines.items():
        if line.event:
            halves.setdefault((line.event, line.day), []).append(number)
    for group in halves.values():
        if len(group) > 1 and any(found[number].why != "counts" for number in group):
            for number in group:
                if found[number].why == "counts":
                    found[number] = Counted(0, "half-missing")
    return found


def _alone(scheme: Scheme, line: Claimed) -> Counted:
    if line.kind not in scheme.hours:
        return Counted(0, "kind")
    if line.event:
        if ("learner" in scheme.signed_by and not line.learner_signed) or (
            "trainer" in scheme.signed_by and not line.trainer_signed
        ):
            return Counted(0, "unsigned")
        if line.minutes * 100 < scheme.least_percent * line.half_day:
            return Counted(0, "too-short")
        if scheme.counts == "half-day":
            return Counted(line.half_day, "counts")
    return Counted(line.minutes, "counts")
