"""Ordering: steps in the right order, and some that belong nowhere. The response is a list of step ids."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any, ClassVar

from site_builder.course.fields import SPARSE, made_of
from site_builder.course.marks import MALFORMED, UNANSWERED, Grade, is_empty, share
from site_builder.course.model import Question, Said


def text_id(text: str) -> str:
    """An id that says nothing of where a text stands in the source: 8 hexadecimal digits of its Markdown's SHA-256.

    Shown in the order of these ids, steps and matches are in an order that has nothing to do with the key.
    """
    return hashlib.sha256(text.encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of the list.

    Attributes:
        id: Made of the text.
        html: What the learner reads.
        rank: Number in the right order; equal ranks may swap. 0 for a distractor.
    """

    id: str
    html: str = made_of("md")
    rank: int
    md: str = field(default="", metadata=SPARSE)


@dataclass(frozen=True, kw_only=True)
class Ordering(Question):
    """Steps to be put in order."""

    kind: ClassVar[str] = "ordering"
    steps: tuple[Step, ...]

    @property
    def right_steps(self) -> tuple[Step, ...]:
        """The steps that belong somewhere, in the right order."""
        return tuple(sorted((step for step in self.steps if step.rank), key=lambda step: step.rank))

    def mark(self, response: object) -> Grade:
        """The longest run of steps in the right order, minus the distractors placed, over the number of steps.

        The run need not be in one piece (it is the longest non-decreasing subsequence of ranks), so that one step in
        the wrong place costs one part and not all that follow. Steps with equal ranks may stand in any order.
        """
        if is_empty(response):
            return UNANSWERED
        rank_of = {step.id: step.rank for step in self.steps}
        if (
            not isinstance(response, list)
            or not all(isinstance(item, str) and item in rank_of for item in response)
            or len(set(response)) != len(response)
        ):
            return MALFORMED
        ranks = [rank_of[item] for item in response]
        tails: list[int] = []
        for rank in (rank for rank in ranks if rank):
            place = bisect_right(tails, rank)
            tails[place : place + 1] = [rank]
        return share(len(tails) - ranks.count(0), len(self.right_steps))

    def said(self, response: object) -> tuple[Said, ...]:
        """Which step was put in which place, counted from "1"."""
        positions = {step.id: str(number) for number, step in enumerate(self.steps, start=1)}
        placed = response if isinstance(response, list) else []
        return tuple(
            Said(str(place), positions[item])
            for place, item in enumerate(placed, start=1)
            if isinstance(item, str) and item in positions
        )

    def is_right(self, said: Said) -> bool:
        """Whether the step belongs in this place; steps that may swap belong in each other's."""
        right = self.right_steps
        place = int(said.place) - 1
        return place < len(right) and self.steps[int(said.value) - 1].rank == right[place].rank

    def wording(self, said: Said) -> tuple[str, str]:
        """The place, and the step's text."""
        return f"{said.place}.", self.steps[int(said.value) - 1].html

    def public(self) -> dict[str, Any]:
        """The steps in the order of their ids, and whether some belong nowhere."""
        steps = sorted(({"id": step.id, "html": step.html} for step in self.steps), key=lambda step: step["id"])
        return {"steps": steps, "extra": any(not step.rank for step in self.steps)}

    def key(self) -> dict[str, Any]:
        """The right order with its texts: the page may be in another language. Steps that may swap share a rank."""
        return {"order": [{"id": step.id, "rank": step.rank, "html": step.html} for step in self.right_steps]}

    def entries(self) -> tuple[tuple[str, str], ...]:
        """The steps, and what belongs nowhere."""
        return tuple((step.id, step.md) for step in self.steps)

    def outline(self) -> tuple[Any, ...]:
        """The ranks."""
        return tuple(step.rank for step in self.steps)

    def right_response(self) -> Any:
        """The steps in order."""
        return [step.id for step in self.right_steps]

    def wrong_response(self) -> Any:
        """The first step alone."""
        return [self.right_steps[0].id]

    def malformed_responses(self) -> tuple[Any, ...]:
        """Among others, a step twice."""
        first = self.steps[0].id
        return (*super().malformed_responses(), first, [first, first], ["nothing"])
