"""What a simulation begins with: the centre's own events, rooms, trainers and no-shows. Writes nothing."""

from __future__ import annotations

import math
import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_high

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.capacity.simulator import Need
from api.capacity.use import HALVES, use_of, working_days
from api.catalogue.operations import current_catalogue
from api.events.models import Event, EventTrainer, HalfDay, Room
from api.evidence.validity import ZONE
from api.hours.models import CountedHours
from site_builder.course.model import Catalogue, Module

YEAR = timedelta(days=365)
HALF_DAY = 240
"""Minutes of a half-day, where no event says how long one is."""
GROUP = 12
"""Places of a group, where no event says it."""


@dataclass(frozen=True, slots=True)
class PathBasis:
    """A path: its modules that take place with a trainer, and how many learners it had in a year."""

    id: str
    title: str
    modules: tuple[str, ...]
    learners: int


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a simulation begins.

    Attributes:
        rooms: How many rooms there are, by zone.
        trainers: How many.
        half_days: Working half-days of a year.
        no_show: Share of the last year, 0..1.
        seen: Places that this share rests on.
    """

    paths: list[PathBasis]
    needs: dict[str, Need]
    rooms: dict[str, int]
    trainers: int
    half_days: int
    no_show: float
    seen: int


def basis_of(session: Session, at: datetime, lang: str) -> Basis:
    """What the last year says.

    Args:
        session: Where.
        at: Now.
        lang: Of titles.
    """
    catalogue = current_catalogue(session)
    last = at.astimezone(ZONE).date()
    first = last - YEAR
    use = use_of(session, first, last, at)
    rooms = Counter(room.zone for room in use.rooms)
    people = _learners(session, catalogue, first.isoformat())
    paths = [
        PathBasis(
            path.id,
            path.text(lang).title,
            tuple(_with_trainer(catalogue, path.course_ids)),
            people.get(path.id, 0),
        )
        for path in catalogue.paths.values()
    ]
    wanted = {module for path in paths for module in path.modules}
    needs = _needs(session, [catalogue.modules[name] for name in sorted(wanted)], rooms)
    return Basis(
        paths,
        needs,
        dict(sorted(rooms.items())),
        len(use.trainers),
        HALVES * len(working_days(first + timedelta(days=1), last)),
        use.no_show,
        use.came + use.absent,
    )


def _with_trainer(catalogue: Catalogue, courses: Sequence[str]) -> list[str]:
    return [
        module.id
        for module in catalogue.modules.values()
        if module.id.partition("/")[0] in courses and not module.rules.online
    ]


def _learners(session: Session, catalogue: Catalogue, since: str) -> dict[str, int]:
    """How many learners had training time in the courses of each path."""
    people: dict[str, set[uuid.UUID]] = defaultdict(set)
    rows = session.execute(
        select(CountedHours.person_id, CountedHours.module_id).where(CountedHours.day >= since).distinct()
    )
    for person_id, module_id in rows:
        people[module_id.partition("/")[0]].add(person_id)
    return {
        path.id: len(set().union(*(people.get(course, set()) for course in path.course_ids)))
        for path in catalogue.paths.values()
    }


def _counts(session: Session, table: type[HalfDay] | type[EventTrainer]) -> dict[uuid.UUID, int]:
    found = session.execute(select(table.event_id, func.count()).group_by(table.event_id))
    return {row[0]: row[1] for row in found}


def _needs(session: Session, modules: Sequence[Module], rooms: Mapping[str, int]) -> dict[str, Need]:
    halves, leading = _counts(session, HalfDay), _counts(session, EventTrainer)
    zones: dict[uuid.UUID, str] = {room.id: room.zone for room in session.scalars(select(Room))}
    events: dict[str, list[Event]] = defaultdict(list)
    for event in session.scalars(select(Event).where(Event.cancelled_at.is_(None))):
        for name in event.module_ids[:1]:
            events[name].append(event)
    usual = max(rooms, key=lambda zone: rooms[zone], default="")
    found = {}
    for module in modules:
        mine = events.get(module.id, [])
        guessed: list[str] = []
        on_site = module.rules.hours == "on-site"
        half_days = median_high([halves.get(one.id, 1) for one in mine] or [0])
        places = median_high([one.places for one in mine] or [0])
        trainers = median_high([leading.get(one.id, 1) for one in mine] or [0])
        held = Counter(zones[one.room_id] for one in mine if one.room_id in zones)
        zone = held.most_common(1)[0][0] if held else ""
        if not half_days:
            half_days, guessed = max(1, math.ceil(module.minutes / HALF_DAY)), [*guessed, "half_days"]
        if not places:
            places, guessed = GROUP, [*guessed, "places"]
        if not trainers:
            trainers, guessed = 1, [*guessed, "trainers"]
        if on_site and zone in ("", "online"):
            zone, guessed = usual, [*guessed, "zone"]
        found[module.id] = Need(
            module.id, zone if on_site else "", half_days, places, max(trainers, module.signatures), tuple(guessed)
        )
    return found
