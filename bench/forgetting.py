"""What refreshers buy: made-up learners who forget by a published curve; none, fixed intervals, and ours.

    make bench-forgetting

Learners forget by the activation model of Pavlik and Anderson (2005, Cognitive Science 29): each time a question is
met leaves a trace that decays by a power of its age, the faster the better it was known at that moment. It is another
model than the one that our scheduler believes in. Learners differ in their threshold, come on three days of five, and
answer at most eight questions a day, whatever chooses them. Nothing here is known of real learners
(docs/refreshers.md).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import mean
from typing import Any

from api.refreshers.memory import first_memory, next_memory
from api.refreshers.operations import A_DAY

DECAY, SLOPE, THRESHOLD, NOISE, APART = 0.177, 0.217, -0.704, 0.255, 0.025
"""a, c, tau, s and h of the model: time outside of a lesson counts 0.025 of what it is."""
SPREAD = 0.3
"""Standard deviation of thresholds among learners: some forget sooner."""
COMES = 0.6
LEARNERS, QUESTIONS = 200, 40
SECONDS = 15
"""Of a question."""
START = datetime(2026, 1, 5, 18, 0, tzinfo=UTC)
DAY = 86_400 * APART


@dataclass
class Trace:
    """A question in a memory: when it was met, in the model's seconds, and how fast each trace decays."""

    met: list[float] = field(default_factory=list)
    decays: list[float] = field(default_factory=list)

    def activation(self, now: float) -> float:
        """How strong it is; a logarithm."""
        found = sum((now - at) ** -decay for at, decay in zip(self.met, self.decays, strict=True) if now > at)
        return math.log(found) if found else -math.inf

    def meet(self, now: float) -> None:
        """It is read or answered."""
        self.decays.append(SLOPE * math.exp(min(self.activation(now), 3.0)) + DECAY)
        self.met.append(now)

    def recall(self, now: float, threshold: float) -> float:
        """The chance of a right answer, 0..1."""
        return 1 / (1 + math.exp(min(60.0, (threshold - self.activation(now)) / NOISE)))


class Nothing:
    """No refreshers."""

    def __init__(self, rights: list[bool]) -> None:
        pass

    def due(self, day: int) -> list[int]:
        """Which questions are asked on a day."""
        return []

    def told(self, question: int, day: int, right: bool) -> None:
        """How one of them went."""


class Fixed(Nothing):
    """Each question again some days after the last time."""

    every: int

    def __init__(self, rights: list[bool]) -> None:
        self.next = [self.every] * len(rights)

    def due(self, day: int) -> list[int]:
        """Which questions are asked on a day."""
        return sorted((one for one, at in enumerate(self.next) if at <= day), key=lambda one: self.next[one])[:A_DAY]

    def told(self, question: int, day: int, right: bool) -> None:
        """How one of them went."""
        self.next[question] = day + self.every


class Weekly(Fixed):
    """Every seven days."""

    every = 7


class TenDays(Fixed):
    """Every ten days."""

    every = 10


class Monthly(Fixed):
    """Every thirty days."""

    every = 30


class Ours(Nothing):
    """What Airlock does."""

    def __init__(self, rights: list[bool]) -> None:
        self.cards: list[tuple[dict[str, Any], datetime]] = [first_memory(right, START) for right in rights]
        self.mistakes = {one for one, right in enumerate(rights) if not right}

    def due(self, day: int) -> list[int]:
        """Which questions are asked on a day."""
        evening = (START + timedelta(days=day)).replace(hour=0) + timedelta(days=1)
        found = [one for one, (_, at) in enumerate(self.cards) if at < evening]
        return sorted(found, key=lambda one: (one not in self.mistakes, self.cards[one][1]))[:A_DAY]

    def told(self, question: int, day: int, right: bool) -> None:
        """How one of them went."""
        self.cards[question] = next_memory(self.cards[question][0], right, START + timedelta(days=day))
        if right:
            self.mistakes.discard(question)


@dataclass(frozen=True)
class Outcome:
    """Of one policy: share of right answers on the day, without those who were unlucky to be asked; its costs."""

    recall: float
    weakest: float
    questions: float
    days: float


def run(policy: type[Nothing], until: int, chance: Random) -> Outcome:
    """Learners who learned on day 0 and are asked everything on a day."""
    recalls, questions, days = list[float](), list[int](), list[int]()
    for _ in range(LEARNERS):
        threshold = chance.gauss(THRESHOLD, SPREAD)
        traces = [Trace() for _ in range(QUESTIONS)]
        for place, trace in enumerate(traces):  # The lesson, its quiz, and the look at its result.
            for seconds in (0, 300, 900):
                trace.meet(place + seconds)
        rights = [chance.random() < trace.recall(1800, threshold) for trace in traces]
        schedule = policy(rights)
        asked = came = 0
        for day in range(1, until):
            if chance.random() >= COMES:
                continue
            due = schedule.due(day)
            came += bool(due)
            asked += len(due)
            for place, question in enumerate(due):
                now = day * DAY + place * SECONDS
                right = chance.random() < traces[question].recall(now, threshold)
                schedule.told(question, day, right)
                traces[question].meet(now + 1)  # The explanation, right or wrong.
        recalls.append(mean(trace.recall(until * DAY, threshold) for trace in traces))
        questions.append(asked)
        days.append(came)
    return Outcome(mean(recalls), mean(sorted(recalls)[: LEARNERS // 10]), mean(questions), mean(days))


POLICIES: dict[str, type[Nothing]] = {
    "nothing": Nothing,
    "every 30 days": Monthly,
    "every 10 days": TenDays,
    "every 7 days": Weekly,
    "ours": Ours,
}


def lines(until: int) -> Iterator[str]:
    """A table for one distance."""
    found = {name: run(policy, until, Random(2026)) for name, policy in POLICIES.items()}
    nothing = found["nothing"].recall
    yield f"after {until} days            right  weakest tenth  x nothing  questions  minutes  days"
    for name, one in found.items():
        yield (
            f"  {name:<20} {one.recall:7.1%} {one.weakest:14.1%} {one.recall / nothing:10.2f} {one.questions:10.0f}"
            f" {one.questions * SECONDS / 60:8.0f} {one.days:5.0f}"
        )


def main() -> None:
    """Between the online part and a practical, and before an expiry."""
    for until in (21, 60, 365):
        for line in lines(until):
            print(line)


if __name__ == "__main__":
    main()
