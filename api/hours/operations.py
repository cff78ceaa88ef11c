"""Recording training time, closing days of active time, and what counts. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.operations import one_writer
from api.catalogue.operations import current_catalogue
from api.core.errors import NotFound
from api.evidence.validity import ZONE
from api.hours.counting import Span, count, length, minutes_in, share_out
from api.hours.models import ActiveSpan, CountedHours, HoursLine
from api.hours.months import note_months
from site_builder.course.modules import Hours

LONGEST = timedelta(hours=4)
"""Of one stretch of active time."""
KEPT_OFFLINE = timedelta(days=31)
"""How long ago active time may have been, that a device sends when it has a connection again."""


@dataclass(frozen=True, slots=True)
class Worked:
    """Training time of somebody, as it is to stand; `minutes` of 0 is that there is none."""

    person_id: uuid.UUID
    kind: Hours
    module_id: str
    day: str
    source: str
    spans: Sequence[Span]
    minutes: int
    event_id: uuid.UUID | None = None
    number: int | None = None
    learner_signed: bool = False
    trainer_signed: bool = False


def span_texts(spans: Iterable[Span]) -> list[list[str]]:
    """Stretches as a line keeps them."""
    return [[moment.astimezone(UTC).isoformat() for moment in span] for span in spans]


def spans_of(line: HoursLine) -> list[Span]:
    """The stretches that a line keeps."""
    return [(datetime.fromisoformat(begins), datetime.fromisoformat(ends)) for begins, ends in line.spans]


def newest_lines(session: Session, person_id: uuid.UUID, sources: Iterable[str]) -> dict[str, HoursLine]:
    """The line that counts of each of some sources."""
    lines = session.scalars(
        select(HoursLine)
        .where(HoursLine.person_id == person_id, HoursLine.source.in_(list(sources)))
        .order_by(HoursLine.id)
    )
    return {line.source: line for line in lines}


def record_hours(act: Act, worked: Sequence[Worked]) -> list[HoursLine]:
    """Have a line for each of these that says what it says; what is so already stays. Gives the lines that were added.

    The caller has let the writes of each person follow one another (`one_writer`).

    Args:
        act: Who records it.
        worked: Of one person.
    """
    if not worked:
        return []
    person_id = worked[0].person_id
    known = newest_lines(act.session, person_id, [one.source for one in worked])
    added = []
    for one in worked:
        before = known.get(one.source)
        if (before is None and not one.minutes) or (before is not None and _says_the_same(before, one)):
            continue
        line = HoursLine(
            person_id=person_id,
            kind=one.kind,
            module_id=one.module_id,
            event_id=one.event_id,
            number=one.number,
            day=one.day,
            spans=span_texts(one.spans),
            minutes=one.minutes,
            learner_signed=one.learner_signed,
            trainer_signed=one.trainer_signed,
            source=one.source,
            recorded_by=act.actor,
            at=act.at,
            supersedes=before.id if before is not None else None,
        )
        act.session.add(line)
        added.append(line)
    if added:
        act.session.flush()
        act.record("hours.record", f"person:{person_id}", new={"lines": len(added)})
        days = {line.day for line in added} | {known[line.source].day for line in added if line.source in known}
        recount(act.session, person_id, days)
    return added


def _says_the_same(line: HoursLine, one: Worked) -> bool:
    if not line.minutes and not one.minutes:
        return True
    return (
        line.kind, line.module_id, line.day, line.minutes, line.learner_signed, line.trainer_signed, line.spans,
    ) == (
        one.kind, one.module_id, one.day, one.minutes, one.learner_signed, one.trainer_signed, span_texts(one.spans),
    )  # fmt: skip


def standing_lines(session: Session, person_id: uuid.UUID, days: Iterable[str] = ()) -> list[HoursLine]:
    """The lines of somebody that count, without those that were superseded; of some days alone where they are given."""
    wanted = select(HoursLine).where(HoursLine.person_id == person_id).order_by(HoursLine.id)
    named = list(days)
    lines = list(session.scalars(wanted.where(HoursLine.day.in_(named)) if named else wanted))
    gone = set(
        session.scalars(
            select(HoursLine.supersedes).where(HoursLine.person_id == person_id, HoursLine.supersedes.is_not(None))
        )
    )
    return [line for line in lines if line.id not in gone]


def recount(session: Session, person_id: uuid.UUID, days: Iterable[str]) -> None:
    """Say anew what counts on some days of somebody, and on those beside them, which a night may join."""
    around = _beside(days)
    wide = _beside(around)
    lines = standing_lines(session, person_id, wide)
    found = count((line, spans_of(line)) for line in lines)
    session.execute(delete(CountedHours).where(CountedHours.person_id == person_id, CountedHours.day.in_(around)))
    for line in lines:
        if line.day in around and line.minutes:
            one = found[line.id]
            session.add(
                CountedHours(
                    line_id=line.id,
                    person_id=person_id,
                    kind=line.kind,
                    module_id=line.module_id,
                    event_id=line.event_id,
                    day=line.day,
                    minutes=one.minutes,
                    overlap=one.overlap,
                    overlaps=list(one.overlaps),
                )
            )
    session.flush()
    note_months(session, around)


def _beside(days: Iterable[str]) -> list[str]:
    """Some days, and the day before and after each."""
    shifts = (timedelta(days=-1), timedelta(), timedelta(days=1))
    return sorted({(date.fromisoformat(day) + shift).isoformat() for day in days for shift in shifts})


def recomputed(session: Session, person_id: uuid.UUID) -> dict[int, tuple[int, int, list[int]]]:
    """What counts of each line of somebody, from the lines alone: minutes, overlap, and with which."""
    lines = [line for line in standing_lines(session, person_id) if line.minutes]
    found = count((line, spans_of(line)) for line in lines)
    return {line.id: (found[line.id].minutes, found[line.id].overlap, list(found[line.id].overlaps)) for line in lines}


def counted_of(session: Session, person_id: uuid.UUID) -> dict[int, tuple[int, int, list[int]]]:
    """What counts of each line of somebody, as it is kept."""
    rows = session.scalars(select(CountedHours).where(CountedHours.person_id == person_id))
    return {row.line_id: (row.minutes, row.overlap, list(row.overlaps)) for row in rows}


def note_active(act: Act, spans: Sequence[tuple[str, Span]]) -> int:
    """Keep active time of the person who acts until its day is closed; gives how many stretches were kept.

    What lies in the future, is too long or too old to be true is left out: a page measures, and a device may lie.

    Raises:
        NotFound: There is no such module.
    """
    modules = current_catalogue(act.session).modules
    kept = 0
    for module_id, (begins, ends) in spans:
        if module_id not in modules:
            raise NotFound("There is no such module.")
        if not modules[module_id].rules.online:
            continue
        if begins < act.at - KEPT_OFFLINE or not begins < ends <= act.at or ends - begins > LONGEST:
            continue
        act.session.add(ActiveSpan(person_id=act.person.id, module_id=module_id, begins=begins, ends=ends))
        kept += 1
    return kept


def close_days(act: Act, limit: int = 500) -> int:
    """Write the active time of days that are over into lines; gives how many people's were written.

    A moment counts once, whatever was open beside it; a module counts at most for its nominal time, over all days.

    Args:
        act: Whose transaction it is.
        limit: Of people in one transaction.
    """
    session = act.session
    midnight = datetime.combine(act.at.astimezone(ZONE).date(), time(), ZONE).astimezone(UTC)
    people = list(
        session.scalars(
            select(ActiveSpan.person_id)
            .where(ActiveSpan.begins < midnight)
            .group_by(ActiveSpan.person_id)
            .order_by(ActiveSpan.person_id)
            .limit(limit)
        )
    )
    for person_id in people:
        one_writer(session, person_id)
        rows = list(
            session.scalars(select(ActiveSpan).where(ActiveSpan.person_id == person_id, ActiveSpan.begins < midnight))
        )
        record_hours(act, _days_of(session, person_id, [(row.module_id, (row.begins, row.ends)) for row in rows]))
        session.execute(delete(ActiveSpan).where(ActiveSpan.id.in_([row.id for row in rows])))
    return len(people)


def _days_of(session: Session, person_id: uuid.UUID, spans: Sequence[tuple[str, Span]]) -> list[Worked]:
    """Lines of active time, with what older lines of the same days say."""
    days: dict[str, list[tuple[str, Span]]] = {}
    for module_id, (begins, ends) in spans:
        # What goes over midnight belongs to the day on which it began.
        days.setdefault(begins.astimezone(ZONE).date().isoformat(), []).append((module_id, (begins, ends)))
    for line in standing_lines(session, person_id, days):
        if line.kind == "self-paced":
            days[line.day].extend((line.module_id, span) for span in spans_of(line))
    used = dict(_used(session, person_id, days))
    modules = current_catalogue(session).modules
    found = []
    for day in sorted(days):
        for module_id, mine in share_out(days[day]):
            nominal = modules[module_id].minutes if module_id in modules else 0
            left = max(0, nominal - used.get(module_id, 0))
            minutes = min(left, minutes_in(length(mine)))
            used[module_id] = used.get(module_id, 0) + minutes
            found.append(Worked(person_id, "self-paced", module_id, day, f"active:{module_id}/{day}", mine, minutes))
    return found


def _used(session: Session, person_id: uuid.UUID, days: Mapping[str, Any]) -> Iterable[tuple[str, int]]:
    """Minutes of each module that other days have."""
    totals: dict[str, int] = {}
    for line in standing_lines(session, person_id):
        if line.kind == "self-paced" and line.day not in days:
            totals[line.module_id] = totals.get(line.module_id, 0) + line.minutes
    return totals.items()


def median_minutes(session: Session, least: int = 5) -> dict[str, tuple[int, int]]:
    """By module, the median of the active minutes that learners took, and how many learners that is.

    The nominal time caps what counts, not what was measured: the median is of the stretches themselves.

    Args:
        session: Where.
        least: Learners below which there is nothing to say.
    """
    taken: dict[str, dict[uuid.UUID, float]] = {}
    gone = select(HoursLine.supersedes).where(HoursLine.supersedes.is_not(None))
    for line in session.scalars(
        select(HoursLine).where(HoursLine.kind == "self-paced", HoursLine.id.not_in(gone)).order_by(HoursLine.id)
    ):
        people = taken.setdefault(line.module_id, {})
        people[line.person_id] = people.get(line.person_id, 0.0) + length(spans_of(line)).total_seconds() / 60
    found = {}
    for module_id, people in taken.items():
        if len(people) >= least:
            values = sorted(people.values())
            middle = len(values) // 2
            median = values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2
            found[module_id] = (round(median), len(values))
    return found


def people_with_hours(session: Session) -> Sequence[uuid.UUID]:
    """Everybody of whom there is a line."""
    return session.scalars(select(HoursLine.person_id).group_by(HoursLine.person_id)).all()


def totals_of(session: Session, person_id: uuid.UUID) -> dict[Hours, int]:
    """Minutes that count, by kind; never one sum."""
    rows = session.execute(
        select(CountedHours.kind, func.sum(CountedHours.minutes))
        .where(CountedHours.person_id == person_id)
        .group_by(CountedHours.kind)
    )
    return {kind: int(minutes) for kind, minutes in rows}
