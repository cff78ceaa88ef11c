"""What is reported of a month, added up once and kept until that month changes. Writes nothing but that it did.

A year's report puts twelve such sums together instead of reading its lines. They are kept by each process of the
server; a mark of each month stands in the database and is written anew with each change, so that a sum is never older
than what it is asked beside.
"""

from __future__ import annotations

import itertools
import uuid
from calendar import monthrange
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, event, func, select
from sqlalchemy.orm import Session

from api.core.database import DatabaseSession
from api.core.statements import insert_or_update
from api.hours.models import CountedHours, CountedMonth
from site_builder.course.modules import Hours

Column = Literal["person", "module", "event"]
"""What sums are asked by."""
COLUMNS: dict[Column, Any] = {
    "person": CountedHours.person_id,
    "module": CountedHours.module_id,
    "event": CountedHours.event_id,
}
MOST = 150
"""Figures that a process keeps: three years of each."""
Figures = TypeVar("Figures")

Kinds = dict[Hours, tuple[int, int]]
"""Minutes that count, and minutes that do not because another line stands for the same time, by kind."""


@dataclass(slots=True)
class Sums:
    """What counts in some days.

    Attributes:
        month: That the days are of: "2026-11".
        values: By person, module or event.
        people: Of each module or event, the learners as bits of a number.
        whole: Of all of them.
        everybody: The learners, the same.
    """

    month: str
    values: dict[Any, Kinds] = field(default_factory=dict)
    people: dict[Any, int] = field(default_factory=dict)
    whole: Kinds = field(default_factory=dict)
    everybody: int = 0


class _Keeper:
    """What a process knows of a database."""

    def __init__(self) -> None:
        self.kept: OrderedDict[tuple[str, str], tuple[str | None, Any]] = OrderedDict()
        self._numbers: dict[uuid.UUID, int] = {}
        self._next = itertools.count()

    def bit(self, person_id: uuid.UUID) -> int:
        """A number with one bit that is this person's; threads that ask at once leave gaps, and share none."""
        number = self._numbers.get(person_id)
        if number is None:
            number = self._numbers.setdefault(person_id, next(self._next))
        return 1 << number


_keepers: WeakKeyDictionary[Engine | Connection, _Keeper] = WeakKeyDictionary()
PENDING = "airlock_months"


def add_up(into: Kinds, kind: Hours, minutes: int, overlap: int) -> None:
    """Add minutes of a kind to sums."""
    before = into.get(kind, (0, 0))
    into[kind] = (before[0] + minutes, before[1] + overlap)


def sums_of(session: Session, first: str, last: str, column: Column) -> Iterator[Sums]:
    """What counts in a period, month by month.

    Args:
        session: Where.
        first: Day, ISO 8601.
        last: Day, the last one of it.
        column: What the sums are by.
    """
    keeper = _keeper_of(session)
    return month_by_month(
        session, first, last, column, lambda begins, ends: _read(session, keeper, begins, ends, column)
    )


def _keeper_of(session: Session) -> _Keeper:
    return _keepers.setdefault(session.get_bind(), _Keeper())


def month_by_month(
    session: Session,
    first: str,
    last: str,
    name: str,
    read: Callable[[str, str], Figures],
    over: str = "9999",
) -> Iterator[Figures]:
    """Figures of a period, month by month; those of whole months are kept until the month changes.

    Args:
        session: Where.
        first: Day, ISO 8601.
        last: Day, the last one of it.
        name: What they are.
        read: Gives those from one day to another.
        over: Months that end on this day or later are not kept: time alone changes what is said of them.
    """
    keeper = _keeper_of(session)
    # Marks are read before the lines: what is kept may be newer than its mark, and never older.
    wanted = select(CountedMonth.month, CountedMonth.mark)
    marks: dict[str, str] = dict(
        session.execute(wanted.where(CountedMonth.month >= first[:7], CountedMonth.month <= last[:7])).all()
    )
    for begins, ends in months_between(first, last):
        month = begins[:7]
        whole = begins.endswith("-01") and int(ends[8:]) == _length(begins)
        if not whole or ends >= over or month in session.info.get(PENDING, ()):
            yield read(begins, ends)
            continue
        known, mark = keeper.kept.get((month, name)), marks.get(month)
        if known is None or known[0] != mark:
            known = keeper.kept[month, name] = (mark, read(begins, ends))
            while len(keeper.kept) > MOST:
                keeper.kept.popitem(last=False)
        yield known[1]


def _length(day: str) -> int:
    return monthrange(int(day[:4]), int(day[5:7]))[1]


def months_between(first: str, last: str) -> Iterator[tuple[str, str]]:
    """A period, cut where months end."""
    day = first
    while day <= last:
        end = min(last, f"{day[:8]}{_length(day)}")
        yield day, end
        day = (date.fromisoformat(end) + timedelta(days=1)).isoformat()


def _read(session: Session, keeper: _Keeper, first: str, last: str, column: Column) -> Sums:
    """Added up by the database as far as it goes: by person, kind and column."""
    grouped = [CountedHours.person_id, CountedHours.kind, *([COLUMNS[column]] if column != "person" else [])]
    rows = session.execute(
        select(*grouped, func.sum(CountedHours.minutes), func.sum(CountedHours.overlap))
        .where(CountedHours.day >= first, CountedHours.day <= last)
        .group_by(*grouped)
    )
    sums = Sums(first[:7])
    for person_id, kind, *rest, minutes, overlap in rows:
        value, bit = (rest[0] if rest else person_id), keeper.bit(person_id)
        add_up(sums.values.setdefault(value, {}), kind, int(minutes), int(overlap))
        add_up(sums.whole, kind, int(minutes), int(overlap))
        if rest:
            sums.people[value] = sums.people.get(value, 0) | bit
        sums.everybody |= bit
    return sums


def note_months(session: Session, days: Iterable[str]) -> None:
    """Say that what is reported of some days changes: their months get another mark with the commit."""
    session.info.setdefault(PENDING, set()).update(day[:7] for day in days)


@event.listens_for(DatabaseSession, "before_commit")
def _mark(session: Session) -> None:
    """Give months that changed a new mark; in their order, so that two who write the same ones do not lock each other.

    A mark is drawn and not counted: that of a database that was restored says what is in it.
    """
    if session.in_nested_transaction():
        return
    for month in sorted(session.info.pop(PENDING, ())):
        mark = {"mark": uuid.uuid4().hex}
        session.execute(insert_or_update(session, CountedMonth, {"month": month, **mark}, ("month",), mark))


@event.listens_for(DatabaseSession, "after_soft_rollback")
def _forget(session: Session, transaction: Any) -> None:
    if not transaction.nested:
        session.info.pop(PENDING, None)
