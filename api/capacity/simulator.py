"""What N learners of each path would need of rooms and trainers, and what runs out first. Pure.

Every learner of a path takes each of its webinars and practicals once. Who stays away takes another place later, so
that N people need N / (1 - no-show) places. A group fills its places before the next one is made. What comes out is a
lower bound of half-days: how a calendar is filled is not simulated, and a centre that needs all of its half-days has no
room for a change.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Resource = Literal["room", "trainer"]


@dataclass(frozen=True, slots=True)
class Need:
    """A module that takes place with a trainer.

    Attributes:
        id: Of the module.
        zone: What kind of room it takes; "" takes none.
        half_days: Of one group.
        places: Of one group.
        trainers: Of one group.
        guessed: What was not read from the centre's own events: "half_days", "places", "trainers", "zone".
    """

    id: str
    zone: str
    half_days: int
    places: int
    trainers: int
    guessed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Supply:
    """What there is.

    Attributes:
        rooms: Half-days on which rooms are open, by zone.
        trainers: Half-days on which trainers can lead.
        no_show: Share of places whose people stay away, 0 up to less than 1.
    """

    rooms: Mapping[str, int]
    trainers: int
    no_show: float


@dataclass(frozen=True, slots=True)
class Load:
    """What a resource is asked for: half-days needed and there."""

    resource: Resource
    zone: str
    needed: int
    there: int

    @property
    def ratio(self) -> float:
        """Needed of what is there; infinite where something is needed and nothing is there."""
        if not self.needed:
            return 0.0
        return self.needed / self.there if self.there else math.inf


@dataclass(frozen=True, slots=True)
class Taking:
    """How often a module takes place."""

    id: str
    learners: int
    groups: int
    half_days: int


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a plan comes to.

    Attributes:
        loads: The one that runs out first is the first.
        most: Percent of the plan's learners for whom there is enough, as far as whole percents say; 100 or more fits.
    """

    takings: list[Taking]
    loads: list[Load]
    most: int

    @property
    def fits(self) -> bool:
        """Whether there is enough of everything."""
        return all(load.needed <= load.there for load in self.loads)


def simulate(
    learners: Mapping[str, int], paths: Mapping[str, Sequence[str]], needs: Mapping[str, Need], supply: Supply
) -> Simulated:
    """What learners need, and what runs out first.

    Args:
        learners: How many, by path.
        paths: Modules that take place with a trainer, by path.
        needs: By module.
        supply: What there is.
    """
    takings, loads = _loads(learners, paths, needs, supply, 100)
    return Simulated(takings, loads, _most(learners, paths, needs, supply))


def _loads(
    learners: Mapping[str, int],
    paths: Mapping[str, Sequence[str]],
    needs: Mapping[str, Need],
    supply: Supply,
    percent: int,
) -> tuple[list[Taking], list[Load]]:
    people: dict[str, int] = {}
    for path, count in learners.items():
        for module in paths[path]:
            people[module] = people.get(module, 0) + math.ceil(count * percent / 100)
    takings, rooms, trainers = [], dict.fromkeys(supply.rooms, 0), 0
    for module, count in people.items():
        need = needs[module]
        groups = math.ceil(count / (1 - supply.no_show) / need.places - 1e-9)
        half_days = groups * need.half_days
        takings.append(Taking(module, count, groups, half_days))
        trainers += half_days * need.trainers
        if need.zone:
            rooms[need.zone] = rooms.get(need.zone, 0) + half_days
    loads = [Load("room", zone, needed, supply.rooms.get(zone, 0)) for zone, needed in rooms.items()]
    loads.append(Load("trainer", "", trainers, supply.trainers))
    loads.sort(key=lambda load: (-load.ratio, load.resource, load.zone))
    return takings, loads


MOST = 1000
"""Percent up to which it is looked how many learners there is enough for."""


def _most(
    learners: Mapping[str, int], paths: Mapping[str, Sequence[str]], needs: Mapping[str, Need], supply: Supply
) -> int:
    """The needs never fall when there are more learners, so that halving finds the place."""
    low, high = 0, MOST
    while low < high:
        middle = (low + high + 1) // 2
        _, loads = _loads(learners, paths, needs, supply, middle)
        low, high = (middle, high) if all(one.needed <= one.there for one in loads) else (low, middle - 1)
    return low
