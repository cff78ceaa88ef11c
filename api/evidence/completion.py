"""What evidence comes to: whether a module is complete, since when, and until when. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

from api.evidence.validity import valid_until
from site_builder.course.modules import Fact, Need

FOR_GOOD = datetime.max.replace(tzinfo=UTC)


class Line(Protocol):
    """A line of evidence, as a row or as what is about to become one."""

    @property
    def version(self) -> str:
        """Of the module."""

    @property
    def renewal(self) -> int:
        """Of that version."""

    @property
    def what(self) -> Fact:
        """What was done."""

    @property
    def part(self) -> str:
        """Of the module."""

    @property
    def at(self) -> datetime:
        """When."""

    @property
    def valid_until(self) -> datetime | None:
        """Until when it counts."""

    @property
    def score(self) -> float | None:
        """0..1."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one version of a module asks for.

    Attributes:
        needs: What completes it.
        instead: What completes it as well; nothing where nothing else does.
        reopened: What of that its renewal asks for anew; None is all of it.
        touches: Objectives that its renewal is about; none given is all of them.
        valid: How long what was done against it counts, as `Module.valid` has it.
        renew: Days before the end of that, from which doing it again counts from the end on.
    """

    version: str
    renewal: int
    needs: tuple[Need, ...]
    reopened: tuple[Need, ...] | None = None
    touches: tuple[int, ...] = ()
    valid: str = ""
    renew: int = 0
    instead: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class _Counted:
    """When a need was met, and until when that counts."""

    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Completion:
    """A module that was completed.

    Attributes:
        at: When the last thing that it needs was done.
        valid_until: Until when all of it counts; None is for good.
    """

    at: datetime
    renewal: int
    valid_until: datetime | None


def find_completion(lines: Sequence[Line], versions: Sequence[Asked]) -> Completion | None:
    """The completion in the newest renewal in which there is one, or None.

    A module is complete when everything was done that one of its versions of a renewal asks for, whichever version of
    that renewal it was done against: a change without a renewal that adds a quiz reopens nothing. What was done before
    a renewal counts for what that renewal does not touch.

    Args:
        lines: Of one person and module, without those that were superseded.
        versions: Every version of the module, the newest first.
    """
    reopened: dict[int, tuple[Need, ...] | None] = {}
    for version in versions:
        reopened.setdefault(version.renewal, version.reopened)
    for renewal in sorted(reopened, reverse=True):
        best = _best((line for line in lines if _counts(line, renewal, reopened)), versions)
        for version in versions:
            if version.renewal != renewal:
                continue
            ways = [[best[need] for need in needs] for needs in _ways(version) if all(need in best for need in needs)]
            if ways:
                # What counts longest; of equals what was done first.
                until, used = max(
                    ((min(one.until for one in used), used) for used in ways),
                    key=lambda way: (way[0], -max(one.at for one in way[1]).timestamp()),
                )
                return Completion(max(one.at for one in used), renewal, None if until == FOR_GOOD else until)
    return None


def _ways(version: Asked) -> list[tuple[Need, ...]]:
    """Each set of needs that completes it."""
    return [needs for needs in (version.needs, version.instead) if needs]


def _counts(line: Line, renewal: int, reopened: Mapping[int, tuple[Need, ...] | None]) -> bool:
    """Whether what was done counts for a renewal: no renewal since then asks for it anew."""
    if line.renewal >= renewal:
        return line.renewal == renewal
    need = Need(line.what, line.part)
    return all(
        needs is not None and need not in needs
        for number, needs in reopened.items()
        if line.renewal < number <= renewal
    )


def touched_since(done: int, versions: Sequence[Asked]) -> tuple[int, ...]:
    """Objectives that renewals after one that was completed are about; none where one of them is about everything.

    Args:
        done: The renewal that was completed.
        versions: Every version of the module, the newest first.
    """
    newest: dict[int, tuple[int, ...]] = {}
    for version in versions:
        if version.renewal > done:
            newest.setdefault(version.renewal, version.touches)
    if not newest or not all(newest.values()):
        return ()
    return tuple(sorted({objective for touches in newest.values() for objective in touches}))


def _best(lines: Iterable[Line], versions: Sequence[Asked]) -> dict[Need, _Counted]:
    """For each thing that was done what counts longest; among equals the first.

    What is done again within its window counts from an end on that was there by then. All ends that were ever reached
    are looked at, not the last one alone: one line more must never shorten anything. The order in which lines came
    does not matter, only when what they say was done.
    """
    rules = {version.version: version for version in versions}
    best: dict[Need, _Counted] = {}
    reached: dict[Need, list[datetime]] = {}
    for line in sorted(lines, key=lambda line: (line.at, line.valid_until or FOR_GOOD)):
        need, rule = Need(line.what, line.part), rules.get(line.version)
        until, ends = line.valid_until or FOR_GOOD, reached.setdefault(need, [])
        found = [until]
        if line.valid_until is not None and rule is not None and rule.valid:
            found += [valid_until(rule.valid, rule.renew, line.at, end) for end in ends]
        known = best.get(need)
        if known is None or max(found) > known.until:
            best[need] = _Counted(line.at, max(found))
        ends.extend(end for end in dict.fromkeys(found) if end != FOR_GOOD)
    return best


Loss = Literal["open", "renewed", "expired"]
"""Never completed; asked for anew by a renewal since; over."""


def find_loss(renewal: int | None, valid_until: datetime | None, asked: int, at: datetime) -> Loss | None:
    """Why a completion does not count at a moment; None where it does.

    Args:
        renewal: That was completed; None for none.
        valid_until: Until when it counts; None is for good.
        asked: The renewal that the module asks for.
        at: The moment.
    """
    if renewal is None:
        return "open"
    if renewal < asked:
        return "renewed"
    return "expired" if valid_until is not None and valid_until <= at else None


def summarise(lines: Sequence[Line], versions: Sequence[Asked]) -> dict[str, Any]:
    """The columns of a summary that evidence says.

    Args:
        lines: Of one person and module, without those that were superseded.
        versions: Every version of the module, the newest first.
    """
    quizzes: dict[str, Any] = {}
    for line in lines:
        if line.what not in ("passed", "failed"):
            continue
        quiz = quizzes.setdefault(line.part, {"best": 0.0, "passed": False, "attempts": 0})
        quiz["best"] = max(quiz["best"], line.score or 0.0)
        quiz["passed"] = quiz["passed"] or line.what == "passed"
        quiz["attempts"] += 1
    results = [line.score for line in lines if line.score is not None and line.what not in ("passed", "failed")]
    completion = find_completion(lines, versions)
    return {
        "read_at": min((line.at for line in lines if line.what == "read"), default=None),
        "quizzes": quizzes,
        "best_score": score_of(quizzes, max(results, default=None)),
        "completed_at": completion.at if completion else None,
        "completed_renewal": completion.renewal if completion else None,
        "valid_until": completion.valid_until if completion else None,
    }


def score_of(quizzes: Mapping[str, Any], result: float | None = None) -> float | None:
    """The score of a module, 0..1: of the quiz that stands in the way, or else the lowest of the best ones.

    One number for the table of a class, for results and for the learner: the best of several quizzes would hide the one
    that was failed.

    Args:
        quizzes: By id, as a summary has them.
        result: The best one that a scene reported.
    """
    tried = [quiz for quiz in quizzes.values() if quiz["attempts"]]
    counting = [quiz["best"] for quiz in tried if not quiz["passed"]] or [quiz["best"] for quiz in tried]
    return min([*counting, *([] if result is None else [result])], default=None)
