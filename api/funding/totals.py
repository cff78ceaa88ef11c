"""Totals of training time, and the lines behind each number. Writes nothing.

Kinds of hours are columns that are never added up. Of dimensions that hold several values at once (a module belongs to
several paths, an event has several trainers) each value has all of it: such columns have no total, and say so.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.catalogue.operations import current_catalogue
from api.classes.membership import Member, memberships, said_of
from api.classes.models import Class
from api.core.texts import sort_key, translator
from api.events.missed import absences, bounds_of
from api.events.models import Event, EventTrainer, HalfDay, Room
from api.evidence.models import ModuleProgress
from api.funding.schemes import Counted, Scheme, count
from api.hours.models import CountedHours, HoursLine
from api.hours.months import Column, Kinds, add_up, months_between, sums_of
from site_builder.course.modules import Hours

By = Literal["month", "audience", "scheme", "employer", "class", "course", "path", "room", "trainer"]
SEVERAL: tuple[By, ...] = ("class", "path", "trainer")
"""Of which one line may have several values."""
OF_EVENTS: tuple[By, ...] = ("room", "trainer")
"""What a completion does not say."""


@dataclass(slots=True)
class Total:
    """A row of a report.

    Attributes:
        key: What it stands for, as the lines are asked for; "" is what has none.
        people: How many learners.
        minutes: That count, by kind.
        overlap: Minutes that do not count, because another line stands for the same time.
        paid: Minutes that the learners' schemes pay for; None where it was not asked.
        done: Modules that were completed in the period, as things stand; None where a row cannot say.
        absent: Places at half-days whose people stayed away without a word.
    """

    key: str
    title: str = ""
    people: int = 0
    minutes: dict[Hours, int] = field(default_factory=dict)
    overlap: int = 0
    paid: int | None = None
    done: int | None = 0
    absent: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """Totals of a period, a row for each value, and those of everybody: each line once, and each learner once."""

    rows: list[Total]
    whole: Total
    several: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line behind a number; it has what a scheme looks at.

    Attributes:
        half_day: How long its half-day is; of active time, the line's own minutes.
    """

    id: int
    person_id: uuid.UUID
    name: str
    kind: Hours
    module_id: str
    event: str
    day: str
    minutes: int
    overlap: int
    overlaps: list[int]
    half_day: int
    learner_signed: bool
    trainer_signed: bool
    source: str
    at: datetime


def _period(wanted: Any, first: str, last: str) -> Any:
    return wanted.where(CountedHours.day >= first, CountedHours.day <= last)


def totals(session: Session, first: str, last: str, by: By, lang: str, at: datetime | None = None) -> Report:
    """Training time of a period.

    Args:
        session: Where.
        first: Day, ISO 8601.
        last: Day, the last one of it.
        by: What the rows are.
        lang: Of their titles.
        at: Now: who stayed away is known of half-days that are over; None is after all of them.
    """
    keys_of = _reader(session, by)
    found = _by_month(session, first, last) if by == "month" else _by_value(session, first, last, by, keys_of)
    _add_done(session, found, by, keys_of, first, last)
    _add_absent(session, found, by, keys_of, first, last, at)
    rows, people, whole = found
    titles = _titles(session, by, rows, lang)
    for key, row in rows.items():
        row.done = None if by in OF_EVENTS else row.done
        row.people, row.title = people.get(key, 0), titles.get(key, key)
    ordered = sorted(rows.values(), key=lambda row: (row.key == "", sort_key(row.key if by == "month" else row.title)))
    return Report(ordered, whole, by in SEVERAL)


Found = tuple[dict[str, Total], dict[str, int], Total]
"""Rows by key, how many learners each has, and the whole."""
COLUMNS: Mapping[By, Column] = {"course": "module", "path": "module", "room": "event", "trainer": "event"}
"""What a dimension is read from; the others are read from the person."""


def _by_month(session: Session, first: str, last: str) -> Found:
    """Nothing but the day says which month a line is of."""
    rows: dict[str, Total] = {}
    people: dict[str, int] = {}
    whole, everybody = Total(""), 0
    for sums in sums_of(session, first, last, "person"):
        if sums.whole:
            _add(rows.setdefault(sums.month, Total(sums.month)), sums.whole)
            people[sums.month] = sums.everybody.bit_count()
        _add(whole, sums.whole)
        everybody |= sums.everybody
    whole.people = everybody.bit_count()
    return rows, people, whole


def _by_value(session: Session, first: str, last: str, by: By, keys_of: Any) -> Found:
    """Months are put together first, so that each person, module or event is looked up once."""
    column = COLUMNS.get(by, "person")
    values: dict[Any, Kinds] = {}
    bits: dict[Any, int] = {}
    whole, everybody = Total(""), 0
    for sums in sums_of(session, first, last, column):
        for value, kinds in sums.values.items():
            together = values.setdefault(value, {})
            for kind, (minutes, overlap) in kinds.items():
                add_up(together, kind, minutes, overlap)
        for value, mine in sums.people.items():
            bits[value] = bits.get(value, 0) | mine
        _add(whole, sums.whole)
        everybody |= sums.everybody
    whole.people = everybody.bit_count()
    rows: dict[str, Total] = {}
    people: dict[str, int] = {}
    together_bits: dict[str, int] = {}
    for value, kinds in values.items():
        for key in keys_of(value, value):
            _add(rows.setdefault(key, Total(key)), kinds)
            if column == "person":
                people[key] = people.get(key, 0) + 1
            else:
                together_bits[key] = together_bits.get(key, 0) | bits[value]
    people.update((key, mine.bit_count()) for key, mine in together_bits.items())
    return rows, people, whole


def _add(row: Total, kinds: Kinds) -> None:
    for kind, (minutes, overlap) in kinds.items():
        row.minutes[kind] = row.minutes.get(kind, 0) + minutes
        row.overlap += overlap


def _add_done(session: Session, found: Found, by: By, keys_of: Any, first: str, last: str) -> None:
    """Modules completed in the period; an event's room and trainers are not known of them."""
    rows, _, whole = found
    if by == "month":
        for first_day, last_day in months_between(first, last):
            begins, ends = bounds_of(date.fromisoformat(first_day), date.fromisoformat(last_day))
            number = session.scalar(_done(select(func.count()), begins, ends)) or 0
            whole.done = (whole.done or 0) + number
            if number:
                rows.setdefault(first_day[:7], Total(first_day[:7])).done = number
        return
    begins, ends = bounds_of(date.fromisoformat(first), date.fromisoformat(last))
    column = ModuleProgress.module_id if COLUMNS.get(by) == "module" else ModuleProgress.person_id
    for value, number in session.execute(_done(select(column, func.count()), begins, ends).group_by(column)):
        whole.done = (whole.done or 0) + number
        for key in keys_of(value, value) if by not in OF_EVENTS else ():
            row = rows.setdefault(key, Total(key))
            row.done = (row.done or 0) + number


def _done(wanted: Any, begins: datetime, ends: datetime) -> Any:
    return wanted.where(ModuleProgress.completed_at >= begins, ModuleProgress.completed_at < ends)


def _add_absent(
    session: Session, found: Found, by: By, keys_of: Any, first: str, last: str, at: datetime | None
) -> None:
    """Places at half-days whose people stayed away without a word."""
    rows, _, whole = found
    for one in absences(session, first, last, at):
        whole.absent += 1
        value = {"month": one.month, "course": one.module_id, "path": one.module_id}.get(by, one.event_id)
        for key in keys_of(one.person_id, value):
            rows.setdefault(key, Total(key)).absent += 1


def _reader(session: Session, by: By) -> Any:
    """From a person and a value of the database to the rows that a line belongs to."""
    if by in ("audience", "scheme", "employer", "class"):
        members = memberships(session)
        return lambda person_id, _: _values(members.get(person_id, ()), by)
    if by == "course":
        return lambda _, module_id: (module_id.partition("/")[0],)
    if by == "path":
        paths: dict[str, list[str]] = {}
        for path in current_catalogue(session).paths.values():
            for course in path.course_ids:
                paths.setdefault(course, []).append(path.id)
        return lambda _, module_id: paths.get(module_id.partition("/")[0], ("",))
    if by == "room":
        rooms = {key: str(room or "") for key, room in session.execute(select(Event.id, Event.room_id))}
        return lambda _, event_id: (rooms.get(event_id, ""),)
    if by == "trainer":
        trainers: dict[uuid.UUID, list[str]] = {}
        for event_id, person_id in session.execute(select(EventTrainer.event_id, EventTrainer.person_id)):
            trainers.setdefault(event_id, []).append(str(person_id))
        return lambda _, event_id: trainers.get(event_id, ("",))
    return lambda _, month: (month,)


def _values(members: Iterable[Member], by: By) -> Iterable[str]:
    if by == "class":
        return [str(row.class_id) for row in members] or [""]
    return (said_of(members, DIMENSIONS[by]),)


DIMENSIONS: Mapping[By, Literal["audience", "employer", "funding"]] = {
    "audience": "audience",
    "employer": "employer",
    "scheme": "funding",
}


def learners_of_scheme(session: Session, code: str) -> list[uuid.UUID]:
    """Those whose funding code is a scheme's."""
    return [person for person, rows in memberships(session).items() if code == said_of(rows, "funding")]


def _titles(session: Session, by: By, rows: Iterable[str], lang: str) -> dict[str, str]:
    say, catalogue = translator(lang), current_catalogue(session)
    none = {"": say("not said")}
    if by == "course":
        return {key: catalogue.courses[key].text(lang).title for key in rows if key in catalogue.courses}
    if by == "path":
        known = {key: catalogue.paths[key].text(lang).title for key in rows if key in catalogue.paths}
        return {**known, "": say("in no path")}
    if by == "audience":
        return {
            **none,
            "job-seeker": say("Job seekers"),
            "worker": say("Workers"),
            "student": say("Students"),
            "teacher": say("Teachers"),
        }
    tables: dict[str, tuple[Any, Any]] = {
        "class": (Class.id, Class.name),
        "room": (Room.id, Room.name),
        "trainer": (Person.id, Person.name),
    }
    if by not in tables:
        return none
    key, name = tables[by]
    wanted = [uuid.UUID(row) for row in rows if row]
    found = {str(one): title for one, title in session.execute(select(key, name).where(key.in_(wanted)))}
    return {**found, "": say("online") if by == "room" else none[""]}


def lines_of(
    session: Session, first: str, last: str, by: By | None = None, key: str = "", person_id: uuid.UUID | None = None
) -> list[Line]:
    """The lines behind a number, in the order of days.

    Args:
        session: Where.
        first: Day, ISO 8601.
        last: Day, the last one.
        by: What the row is; None for every line.
        key: Of the row.
        person_id: Whose; None is everybody's.
    """
    wanted = _period(
        select(CountedHours, HoursLine, Person.name, HalfDay.begins, HalfDay.ends)
        .join(HoursLine, HoursLine.id == CountedHours.line_id)
        .join(Person, Person.id == CountedHours.person_id)
        .outerjoin(HalfDay, (HalfDay.event_id == HoursLine.event_id) & (HalfDay.number == HoursLine.number))
        .order_by(CountedHours.day, HoursLine.id),
        first,
        last,
    )
    if person_id is not None:
        wanted = wanted.where(CountedHours.person_id == person_id)
    keys_of = _reader(session, by) if by is not None else None
    found = []
    for counted, line, name, begins, ends in session.execute(wanted):
        if keys_of is not None and key not in keys_of(counted.person_id, _value(counted, by)):
            continue
        half = int((ends - begins).total_seconds() // 60) if begins is not None else counted.minutes
        found.append(
            Line(
                line.id,
                line.person_id,
                name,
                line.kind,
                line.module_id,
                str(line.event_id or ""),
                line.day,
                counted.minutes,
                counted.overlap,
                counted.overlaps,
                half,
                line.learner_signed,
                line.trainer_signed,
                line.source,
                line.at,
            )
        )
    return found


def _value(counted: CountedHours, by: By | None) -> Any:
    return {
        "month": counted.day[:7],
        "course": counted.module_id,
        "path": counted.module_id,
        "room": counted.event_id,
        "trainer": counted.event_id,
    }.get(by or "")


@dataclass(frozen=True, slots=True)
class Claim:
    """A line with what its learner's scheme pays for."""

    line: Line
    counted: Counted


def claims_of(session: Session, scheme: Scheme, first: str, last: str) -> list[Claim]:
    """Every line of a period of those whose funding code is a scheme's, and what it pays for."""
    lines = lines_of(session, first, last, "scheme", scheme.code)
    people: dict[uuid.UUID, dict[int, Line]] = {}
    for line in lines:
        people.setdefault(line.person_id, {})[line.id] = line
    paid: dict[int, Counted] = {}
    for mine in people.values():
        paid.update(count(scheme, mine))
    return [Claim(line, paid[line.id]) for line in lines]
