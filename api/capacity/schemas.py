"""Requests and replies about the centre's capacity."""

from __future__ import annotations

import uuid
from typing import Annotated

from pydantic import Field, model_validator

from api.capacity.simulator import Resource
from api.core.schemas import In, LangQuery, Out, Period, Time

Count = Annotated[int, Field(ge=0, le=10_000_000)]


class GoalsIn(In):
    """What the centre is made for in a year; 0 is not said."""

    learners: Count
    on_site: Count
    live_remote: Count
    self_paced: Count
    area: Count
    screen_names: bool = False


class GoalsOut(Out):
    """What was said; `screen` is the address of the screen, "" without one."""

    learners: int
    on_site: int
    live_remote: int
    self_paced: int
    area: int
    screen_names: bool
    screen: str


class UseQuery(Period):
    """A period of at most 400 days."""

    @model_validator(mode="after")
    def short(self) -> UseQuery:
        """The last day is not far behind the first."""
        if (self.last - self.first).days > 400:
            raise ValueError("the last day is more than 400 days behind the first")
        return self


class RoomUseOut(Out):
    """A room, in half-days."""

    id: uuid.UUID
    name: str
    zone: str
    places: int
    area: int
    open: int
    used: int
    seats: int
    taken: int


class TrainerUseOut(Out):
    """A trainer, in half-days."""

    id: uuid.UUID
    name: str
    open: int
    used: int


class UseOut(Out):
    """A period."""

    goals: GoalsOut
    rooms: list[RoomUseOut]
    trainers: list[TrainerUseOut]
    came: int
    absent: int
    excused: int


class PathBasisOut(Out):
    """A path and its learners of a year."""

    id: str
    title: str
    modules: list[str]
    learners: int


class NeedOut(Out):
    """What a group of a module takes; `guessed` was not read from the centre's own events."""

    id: str
    title: str
    zone: str
    half_days: int
    places: int
    trainers: int
    guessed: list[str]


class BasisOut(Out):
    """Where a simulation begins; `no_show` in percent, of `seen` places."""

    paths: list[PathBasisOut]
    needs: list[NeedOut]
    rooms: dict[str, int]
    trainers: int
    half_days: int
    no_show: float
    seen: int


class SimulationIn(LangQuery):
    """A plan: learners by path, rooms by zone, trainers, half-days that each of them has, and no-shows in percent."""

    learners: Annotated[dict[str, Annotated[int, Field(ge=0, le=100_000)]], Field(max_length=200)]
    rooms: Annotated[dict[str, Annotated[int, Field(ge=0, le=1000)]], Field(max_length=40)]
    trainers: Annotated[int, Field(ge=0, le=1000)]
    half_days: Annotated[int, Field(ge=0, le=1000)]
    no_show: Annotated[float, Field(ge=0, le=90)]


class LoadOut(Out):
    """What a resource is asked for: half-days needed and there."""

    resource: Resource
    zone: str
    needed: int
    there: int


class TakingOut(Out):
    """How often a module takes place."""

    id: str
    title: str
    learners: int
    groups: int
    half_days: int


class SimulatedOut(Out):
    """What a plan comes to; the first load runs out first."""

    takings: list[TakingOut]
    loads: list[LoadOut]
    most: int
    fits: bool


class ShownOut(Out):
    """A half-day of today."""

    title: str
    room: str
    zone: str
    directions: str
    begins: Time
    ends: Time
    trainers: list[str]
    learners: list[str]


class ScreenOut(Out):
    """What the screen at the entrance shows."""

    centre: str
    day: str
    timezone: str
    now: Time
    events: list[ShownOut]
