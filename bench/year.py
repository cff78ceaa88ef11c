"""A generated year of the centre, and what its report costs beside a month's.

    make bench-year N=6000

6,000 learners, 140,000 hours, five schemes; corrections, lines that were taken back, and overlaps are among them. The
same report is asked for a month and for the whole year, in turn: what a process reads of a month it keeps until the
month changes. What the report says is compared with a count of
minutes in sets, which shares no code with it.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person
from api.catalogue.operations import current_catalogue, store_catalogue
from api.classes.models import Class, ClassMember
from api.core.audit import Chain, note_rows, record
from api.core.database import Database
from api.core.schema_state import upgrade
from api.events.missed import note_events
from api.events.models import Attendance, Booking, Event, EventTrainer, HalfDay, Room
from api.funding.totals import By, totals
from api.hours.models import CountedHours, HoursLine
from api.hours.months import note_months
from api.hours.operations import recomputed, span_texts
from bench.classes import CONTENT
from site_builder.compiling.loader import load

YEAR = 2026
AUDIENCES = ("job-seeker", "worker", "student", "teacher")
SCHEMES = ("sheet", "paid-educational-leave", "flemish-training-leave", "esf-like", "company")
EMPLOYERS = tuple(f"Employer {number}" for number in range(40))
RANK = ("on-site", "live-remote", "self-paced")
HOURS_EACH = 140_000 / 6_000
RUNS = 5
BY: tuple[By, ...] = ("month", "audience", "scheme", "employer", "course", "path", "room", "trainer", "class")


def fill_year(act: Act, people: int, seed: int = 1) -> int:
    """Write a year of lines; gives the minutes that were claimed.

    Args:
        act: Who writes.
        people: How many learners.
        seed: Of the chance.
    """
    session, chance = act.session, random.Random(seed)
    modules = sorted(current_catalogue(session).modules.values(), key=lambda module: module.id)
    kinds = {kind: [module for module in modules if module.rules.hours == kind] for kind in RANK}
    groups = [uuid.UUID(int=chance.getrandbits(128)) for _ in range(max(1, people // 25))]
    session.execute(
        insert(Class),
        [
            {"id": one, "name": f"Groupe {n}", "timezone": "Europe/Brussels", "created_at": act.at}
            for n, one in enumerate(groups)
        ],
    )
    learners = [uuid.UUID(int=chance.getrandbits(128)) for _ in range(people)]
    persons = [
        {
            "id": one, "email": f"l{n}@example.org", "name": f"Learner {n}", "role": "learner", "lang": "fr",
            "active": True, "created_at": act.at, "time_factor": 1.0,
        }
        for n, one in enumerate(learners)
    ]  # fmt: skip
    session.execute(insert(Person), persons)
    note_rows(session, Person, persons)
    session.execute(
        insert(ClassMember),
        [
            {
                "class_id": groups[n % len(groups)], "person_id": one, "teaches": False, "joined_at": act.at,
                "audience": chance.choice(AUDIENCES), "employer": chance.choice(EMPLOYERS),
                "funding": chance.choice(SCHEMES),
            }
            for n, one in enumerate(learners)
        ],
    )  # fmt: skip
    events = _fill_events(session, act, learners[0], kinds, chance, max(20, people // 5))
    _fill_places(session, act, events, learners, chance)
    lines: list[dict[str, Any]] = []
    claimed = 0
    for person in learners:
        wanted = chance.gauss(HOURS_EACH, HOURS_EACH / 3) * 60
        mine = 0
        while mine < wanted:
            kind = chance.choices(RANK, (6, 2, 2))[0]
            module = chance.choice(kinds[kind] or modules)
            begins = _some_time(chance)
            long = chance.randrange(5, 20) if kind == "self-paced" else chance.randrange(120, 240)
            mine += long
            lines.append(_line(act, len(lines) + 1, person, kind, module.id, begins, long, long))
            if events[kind]:
                event_id, begins, module_id = chance.choice(events[kind])
                begins += timedelta(minutes=chance.randrange(0, 15))
                lines[-1] = _line(act, len(lines), person, kind, module_id, begins, long, long)
                lines[-1].update(event_id=event_id, number=1)
            if chance.random() < 0.04:  # A correction, or what was taken back.
                less = chance.choice((0, long // 2))
                before = lines[-1]
                lines.append({**before, "id": len(lines) + 1, "minutes": less, "supersedes": before["id"]})
        claimed += mine
    for start in range(0, len(lines), 5000):
        session.execute(insert(HoursLine), lines[start : start + 5000])
    note_rows(session, HoursLine, lines)
    record(session, at=act.at, actor=act.actor, action="hours.generate", subject="year")
    session.flush()
    for person in learners:
        found = recomputed(session, person)
        rows = {line.id: line for line in session.scalars(select(HoursLine).where(HoursLine.id.in_(list(found))))}
        counted = [
            {
                "line_id": key, "person_id": person, "kind": rows[key].kind, "module_id": rows[key].module_id,
                "event_id": rows[key].event_id, "day": rows[key].day, "minutes": one[0],
                "overlap": one[1], "overlaps": one[2],
            }
            for key, one in found.items()
        ]  # fmt: skip
        if counted:
            session.execute(insert(CountedHours), counted)
    note_months(session, {line["day"] for line in lines})
    note_events(session, [key for several in events.values() for key, _, _ in several])
    return claimed


def _some_time(chance: random.Random) -> datetime:
    return datetime(YEAR, 1, 1, 7, tzinfo=UTC) + timedelta(days=chance.randrange(365), minutes=chance.randrange(0, 600))


Places = dict[str, list[tuple[uuid.UUID, datetime, str]]]
"""By kind of hours: events with their begin and module."""


def _fill_events(
    session: Session, act: Act, maker: uuid.UUID, kinds: dict[str, list[Any]], chance: random.Random, count: int
) -> Places:
    """Events of half a day, with a room or without, led by one trainer or by two."""
    rooms = [uuid.UUID(int=chance.getrandbits(128)) for _ in range(12)]
    session.execute(
        insert(Room),
        [{"id": one, "name": f"Room {n}", "zone": "hall", "places": 12, "closed": []} for n, one in enumerate(rooms)],
    )
    trainers = [uuid.UUID(int=chance.getrandbits(128)) for _ in range(9)]
    people = [
        {
            "id": one, "email": f"t{n}@example.org", "name": f"Trainer {n}", "role": "trainer", "lang": "fr",
            "active": True, "created_at": act.at, "time_factor": 1.0,
        }
        for n, one in enumerate(trainers)
    ]  # fmt: skip
    session.execute(insert(Person), people)
    note_rows(session, Person, people)
    found: Places = {kind: [] for kind in RANK}
    events, halves, leading = [], [], []
    for number in range(count):
        kind = ("on-site", "live-remote")[number % 2]
        if not kinds[kind]:
            continue
        key, begins = uuid.UUID(int=chance.getrandbits(128)), _some_time(chance)
        module = chance.choice(kinds[kind])
        events.append(
            {
                "id": key, "module_ids": [module.id], "places": 12, "lang": "fr", "timezone": "Europe/Brussels",
                "room_id": chance.choice(rooms) if kind == "on-site" else None, "begins": begins,
                "created_at": act.at, "created_by": maker,
            }
        )  # fmt: skip
        halves.append({"event_id": key, "number": 1, "begins": begins, "ends": begins + timedelta(minutes=255)})
        leading += [
            {"event_id": key, "person_id": trainer} for trainer in chance.sample(trainers, chance.choice((1, 1, 2)))
        ]
        found[kind].append((key, begins, module.id))
    if events:
        session.execute(insert(Event), events)
        session.execute(insert(HalfDay), halves)
        session.execute(insert(EventTrainer), leading)
    return found


def _fill_places(session: Session, act: Act, events: Places, learners: list[uuid.UUID], chance: random.Random) -> None:
    """Two dozen people with a place at each event, of whom one in twenty stays away without a word."""
    bookings: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    for event_id, _, _ in (one for several in events.values() for one in several):
        for n, person in enumerate(chance.sample(learners, min(24, len(learners)))):
            bookings.append(
                {"event_id": event_id, "person_id": person, "state": "booked", "at": act.at, "booked_by": person}
            )
            if n == 0 or chance.random() > 0.05:
                lines.append(
                    {
                        "id": len(lines) + 1, "event_id": event_id, "number": 1, "person_id": person,
                        "state": "present", "seconds": None, "source": "hand", "came_at": None, "left_at": None,
                        "recorded_by": "bench", "at": act.at,
                    }
                )  # fmt: skip
    for start in range(0, len(bookings), 5000):
        session.execute(insert(Booking), bookings[start : start + 5000])
    for start in range(0, len(lines), 5000):
        session.execute(insert(Attendance), lines[start : start + 5000])
    note_rows(session, Attendance, lines)


def _line(
    act: Act, number: int, person: uuid.UUID, kind: str, module: str, begins: datetime, long: int, minutes: int
) -> dict[str, Any]:
    return {
        "id": number, "person_id": person, "kind": kind, "module_id": module, "event_id": None, "number": None,
        "day": begins.date().isoformat(), "spans": span_texts([(begins, begins + timedelta(minutes=long))]),
        "minutes": minutes, "learner_signed": True, "trainer_signed": True, "source": f"generated:{number}",
        "recorded_by": "bench", "at": act.at, "supersedes": None,
    }  # fmt: skip


def minutes_in_sets(session: Session, first: str, last: str, by: str) -> tuple[dict[tuple[str, str], int], int]:
    """Totals from raw rows: each minute of a person is taken once, by what ranks first; and what was doubled."""
    rows = session.execute(
        select(
            HoursLine.id, HoursLine.person_id, HoursLine.kind, HoursLine.module_id, HoursLine.day, HoursLine.spans,
            HoursLine.minutes, HoursLine.supersedes, HoursLine.event_id,
        )
    ).all()  # fmt: skip
    gone = {row.supersedes for row in rows}
    members = {row.person_id: row for row in session.scalars(select(ClassMember)).all()}
    paths = current_catalogue(session).paths
    rooms = {one.id: one.room_id for one in session.scalars(select(Event))}
    leaders: dict[Any, list[str]] = defaultdict(list)
    for one in session.scalars(select(EventTrainer)):
        leaders[one.event_id].append(str(one.person_id))
    people: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in rows:
        if row.id not in gone and row.minutes:
            people[row.person_id].append(row)
    sums: dict[tuple[str, str], int] = defaultdict(int)
    doubled = 0
    for person, mine in people.items():
        taken: set[int] = set()
        for row in sorted(mine, key=lambda row: (RANK.index(row.kind), row.spans[0][0], row.id)):
            minutes = {minute for begins, ends in row.spans for minute in _minutes(begins, ends)}
            off = min(row.minutes, len(minutes & taken))
            taken |= minutes
            if first <= row.day <= last:
                doubled += off
                for key in _keys(by, row, members.get(person), paths, rooms, leaders):
                    sums[key, row.kind] += row.minutes - off
    return {key: total for key, total in sums.items() if total}, doubled


def _minutes(begins: str, ends: str) -> range:
    return range(*(int(datetime.fromisoformat(one).timestamp() // 60) for one in (begins, ends)))


def _keys(by: str, row: Any, member: Any, paths: Any, rooms: Any, leaders: Any) -> Iterator[str]:
    course = row.module_id.split("/")[0]
    if by == "path":
        yield from [path.id for path in paths.values() if course in path.course_ids] or [""]
        return
    if by == "trainer":
        yield from leaders.get(row.event_id) or [""]
        return
    yield {
        "month": row.day[:7],
        "course": course,
        "room": str(rooms.get(row.event_id) or ""),
        "audience": member.audience if member else "",
        "scheme": member.funding if member else "",
        "employer": member.employer if member else "",
        "class": str(member.class_id) if member else "",
    }[by]


def main() -> None:
    """Print the ratios."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 6000
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'year.db'}", Chain(b"bench" * 8))
        upgrade(database.engine)
        with database.writing() as session:
            act = Act(session, datetime.now(UTC), "bench")
            store_catalogue(act, load(CONTENT).catalogue)
            claimed = fill_year(act, people)
        with database.reading() as session:
            count = len(session.scalars(select(HoursLine.id)).all())
            print(f"{people} learners, {claimed / 60:,.0f} hours claimed, {count:,} lines")
            first: dict[str, float] = {}
            for name, last in (("month", f"{YEAR}-01-31"), ("year", f"{YEAR}-12-31")):
                began = time.process_time()
                totals(session, f"{YEAR}-01-01", last, "room", "en")
                first[name] = time.process_time() - began
            one, rest = first["month"] * 1000, first["year"] * 1000
            print(f"read for the first time: a month in {one:.0f} ms, the eleven others in {rest:.0f} ms")
            wrong = 0
            for by in BY:
                report = totals(session, f"{YEAR}-01-01", f"{YEAR}-12-31", by, "en")
                said = {(row.key, kind): n for row in report.rows for kind, n in row.minutes.items() if n}
                counted, doubled = minutes_in_sets(session, f"{YEAR}-01-01", f"{YEAR}-12-31", by)
                wrong += (said != counted) + (report.whole.overlap != doubled)
            print(f"{wrong} of {2 * len(BY)} comparisons with a count of minutes in sets differ")
            for by in BY:
                taken: dict[str, list[float]] = defaultdict(list)
                for _ in range(RUNS):
                    for name, last in (("month", f"{YEAR}-01-31"), ("year", f"{YEAR}-12-31")):
                        began = time.process_time()
                        totals(session, f"{YEAR}-01-01", last, by, "en")
                        taken[name].append(time.process_time() - began)
                month, year = median(taken["month"]), median(taken["year"])
                print(
                    f"  {year / month:5.1f}  the year's report by {by}, relative to a month's ({month * 1000:.0f} ms)"
                )
        database.engine.dispose()
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
