"""Which minutes of training time count, where lines stand for the same time. Pure.

Nobody is in two rooms at once, and nobody who is on site learns at home: time that several lines claim counts once, for
what is proved best (on site before live and remote before self-paced), and is flagged on the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from site_builder.course.modules import Hours

RANK: dict[Hours, int] = {"on-site": 0, "live-remote": 1, "self-paced": 2}
"""What counts first."""

Span = tuple[datetime, datetime]
"""From when until when."""


class Timed(Protocol):
    """A line of training time."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def kind(self) -> Hours:
        """Of hours."""

    @property
    def minutes(self) -> int:
        """That it stands for."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What of a line counts.

    Attributes:
        minutes: That count.
        overlap: That do not, because lines before it stand for the same time.
        overlaps: Ids of those lines.
    """

    minutes: int
    overlap: int = 0
    overlaps: tuple[int, ...] = ()


def merge(spans: Iterable[Span]) -> list[Span]:
    """The same time as stretches apart from one another, in order."""
    merged: list[Span] = []
    for begins, ends in sorted(spans):
        if ends <= begins:
            continue
        if merged and begins <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], ends))
        else:
            merged.append((begins, ends))
    return merged


def without(spans: Iterable[Span], taken: Sequence[Span]) -> list[Span]:
    """What is left of some time when other time is cut out of it.

    Args:
        spans: In any order.
        taken: Stretches apart from one another, in order.
    """
    left: list[Span] = []
    for begins, ends in merge(spans):
        at = begins
        for other_begins, other_ends in taken:
            if other_ends <= at:
                continue
            if other_begins >= ends:
                break
            if other_begins > at:
                left.append((at, other_begins))
            at = max(at, other_ends)
        if at < ends:
            left.append((at, ends))
    return left


def length(spans: Iterable[Span]) -> timedelta:
    """How long stretches apart from one another are together."""
    return sum((ends - begins for begins, ends in spans), timedelta())


def minutes_in(time: timedelta) -> int:
    """Whole minutes; what is begun does not count."""
    return int(time.total_seconds() // 60)


def count(lines: Iterable[tuple[Timed, Sequence[Span]]]) -> dict[int, Counted]:
    """What of each line counts.

    A line may stand for fewer minutes than its stretches are long (an attendance file says how long, not when): of the
    time that another line claims, all is taken off, so that no minute can count twice.

    Args:
        lines: Of one person, with their stretches.
    """
    counted: dict[int, Counted] = {}
    before: list[tuple[int, list[Span]]] = []
    taken: list[Span] = []
    for line, spans in sorted(lines, key=_order):
        mine = merge(spans) if line.minutes else []
        overlaps = tuple(other for other, theirs in before if _meet(mine, theirs))
        doubled = length(mine) - length(without(mine, taken)) if overlaps else timedelta()
        off = min(line.minutes, -minutes_in(-doubled) if doubled else 0)
        counted[line.id] = Counted(line.minutes - off, off, overlaps)
        if mine:
            before.append((line.id, mine))
            taken = merge([*taken, *mine])
    return counted


def _order(entry: tuple[Timed, Sequence[Span]]) -> tuple[int, float, int]:
    line, spans = entry
    return RANK[line.kind], min((begins.timestamp() for begins, _ in spans), default=0.0), line.id


def _meet(one: Sequence[Span], other: Sequence[Span]) -> bool:
    return any(a < d and c < b for a, b in one for c, d in other)


def share_out(days: Iterable[tuple[str, Span]]) -> Iterator[tuple[str, list[Span]]]:
    """Give each moment of active time to one module: to the one whose page was active first.

    Two tabs side by side count once.

    Args:
        days: Modules with their stretches, of one person.
    """
    found: dict[str, list[Span]] = {}
    taken: list[Span] = []
    for module, span in sorted(days, key=lambda entry: (entry[1][0], entry[1][1], entry[0])):
        found.setdefault(module, []).extend(without([span], taken))
        taken = merge([*taken, span])
    for module, spans in found.items():
        yield module, merge(spans)
