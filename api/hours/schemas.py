"""Requests and replies about training time."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.core.schemas import Day, In, ModuleId, Out, Time
from site_builder.course.modules import Hours


class ActiveSpanIn(In):
    """A stretch of active time, in seconds before the request: a device's clock may be wrong, its stopwatch is not."""

    module: ModuleId
    began_ago: Annotated[float, Field(ge=0, le=2_700_000)]
    ended_ago: Annotated[float, Field(ge=0, le=2_700_000)]


class ActiveTimeIn(In):
    """What a page measured since it last told."""

    spans: Annotated[list[ActiveSpanIn], Field(min_length=1, max_length=200)]


class KeptOut(Out):
    """How many stretches were kept."""

    kept: int


class HoursLineOut(Out):
    """Training time of a half-day, or in one module on one day.

    `minutes` count; `overlap` do not, because `overlaps` stand for the same time.
    """

    id: int
    kind: Hours
    module_id: str
    title: str
    day: Day
    begins: Time
    ends: Time
    minutes: int
    overlap: int
    overlaps: list[int]
    learner_signed: bool
    trainer_signed: bool
    event_id: str


class HoursOut(Out):
    """Training time: minutes by kind, never one sum, and every line."""

    totals: dict[Hours, int]
    lines: list[HoursLineOut]
