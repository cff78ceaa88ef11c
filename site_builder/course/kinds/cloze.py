"""Cloze: gaps in a text, typed or chosen. The response maps gap ids to what was typed, or to the id of an option.

The stem holds ⟦1⟧ where gap "1" is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar

from site_builder.course.kinds.text import says
from site_builder.course.marks import MALFORMED, UNANSWERED, Grade, is_empty, share
from site_builder.course.model import Question, Said

GAP_MARK = "⟦{}⟧"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One gap.

    Attributes:
        id: Position from "1".
        accepted: Texts that are right, for a gap to type; empty for one to choose.
        options: Texts to choose from, in the order of the source; empty for a gap to type.
        right: Position of the right option from "1", "" for a gap to type.
    """

    id: str
    accepted: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    right: str = ""

    def is_right(self, said: object) -> bool:
        """Whether a gap was filled rightly."""
        return said == self.right if self.options else says(said, self.accepted)

    def can_say(self, said: str) -> bool:
        """Whether it can stand in the gap: of a gap to choose, only what it offers."""
        return not self.options or said in {str(number) for number in range(1, len(self.options) + 1)}

    @property
    def answer(self) -> str:
        """What should stand in the gap."""
        return self.options[int(self.right) - 1] if self.options else self.accepted[0]


@dataclass(frozen=True, kw_only=True)
class Cloze(Question):
    """A text with gaps."""

    kind: ClassVar[str] = "cloze"
    gaps: tuple[Gap, ...]

    def mark(self, response: object) -> Grade:
        """One part for each gap."""
        if is_empty(response):
            return UNANSWERED
        if not isinstance(response, dict) or not all(isinstance(said, str) for said in response.values()):
            return MALFORMED
        if not set(response) <= {gap.id for gap in self.gaps}:
            return MALFORMED
        if all(is_empty(said) for said in response.values()):
            return UNANSWERED
        return share(sum(gap.is_right(response.get(gap.id)) for gap in self.gaps), len(self.gaps))

    def said(self, response: object) -> tuple[Said, ...]:
        """What stands in each gap."""
        filled = response if isinstance(response, dict) else {}
        return tuple(
            Said(gap.id, typed.strip())
            for gap in self.gaps
            if isinstance(typed := filled.get(gap.id), str) and typed.strip() and gap.can_say(typed)
        )

    def possible(self) -> tuple[Said, ...]:
        """What there is to choose."""
        return tuple(Said(gap.id, str(n)) for gap in self.gaps for n in range(1, len(gap.options) + 1))

    def is_right(self, said: Said) -> bool:
        """Whether it belongs in the gap."""
        return any(gap.id == said.place and gap.is_right(said.value) for gap in self.gaps)

    def wording(self, said: Said) -> tuple[str, str]:
        """The gap's number, and what stands in it."""
        gap = next((gap for gap in self.gaps if gap.id == said.place), None)
        chosen = gap.options[int(said.value) - 1] if gap and gap.options else said.value
        return f"({said.place})", escape(chosen)

    def public(self) -> dict[str, Any]:
        """What there is to choose; nothing of the gaps to type."""
        return {"gaps": [{"id": gap.id, "options": list(gap.options)} for gap in self.gaps]}

    def key(self) -> dict[str, Any]:
        """What should stand in each gap, and which right option that is."""
        gaps = {gap.id: {"answer": gap.answer, "right": gap.right, "accepted": list(gap.accepted)} for gap in self.gaps}
        return {"gaps": gaps}

    def readable_stem(self) -> str:
        """The text with lines in the gaps."""
        return re.sub(r"⟦\d+⟧", "____", self.stem)

    def outline(self) -> tuple[Any, ...]:
        """For each gap how much there is to choose, and what is right of it; typed words differ by language."""
        return tuple((len(gap.options), gap.right) for gap in self.gaps)

    def right_response(self) -> Any:
        """Every gap filled."""
        return {gap.id: gap.right or gap.accepted[0] for gap in self.gaps}

    def wrong_response(self) -> Any:
        """The first gap alone, filled wrongly."""
        gap = self.gaps[0]
        if gap.options:
            return {gap.id: next(str(n) for n in range(1, len(gap.options) + 1) if str(n) != gap.right)}
        return {gap.id: "x".join(["", *gap.accepted])}

    def malformed_responses(self) -> tuple[Any, ...]:
        """Among others, a gap that is none."""
        return (*super().malformed_responses(), {"0": "a"}, {"1": 1}, "a", ["a"])
