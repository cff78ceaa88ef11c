"""Numeric: a number with an optional unit. The response is the text that the learner typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

from site_builder.course.fields import DERIVED
from site_builder.course.marks import Grade, Reason
from site_builder.course.model import Question, Said, typed
from site_builder.course.numbers import UnitConversion, mark_number, unreadable


@dataclass(frozen=True, kw_only=True)
class Numeric(Question):
    """A number with an optional unit; the response is the text that the learner typed.

    Attributes:
        low: Smallest right value, in `unit`, inclusive.
        high: Largest right value, in `unit`, inclusive.
        unit: Unit of the key as written, "" for a pure number.
        answer: The key as a learner should see it, for example "12.5 ± 0.5 mL".
        units: Every spelling that is accepted, with its conversion; empty for a pure number.
    """

    kind: ClassVar[str] = "numeric"
    low: Decimal
    high: Decimal
    unit: str = ""
    answer: str = ""
    # Made of the unit: the tables grow, and no module changes its version for that.
    units: tuple[UnitConversion, ...] = field(default=(), metadata=DERIVED)

    def mark(self, response: object) -> Grade:
        """All or nothing, within the bounds."""
        return mark_number(response, Fraction(self.low), Fraction(self.high), self.unit, self.units)

    def unreadable(self, response: object) -> Reason:
        """What is no number, or no number with a unit where one is asked for."""
        return unreadable(response, has_unit=bool(self.unit)) if isinstance(response, str) else ""

    def said(self, response: object) -> tuple[Said, ...]:
        """What was typed."""
        return typed(response)

    def is_right(self, said: Said) -> bool:
        """Whether it is marked as right."""
        return self.mark(said.value).correct

    def public(self) -> dict[str, Any]:
        """Whether a unit is asked for."""
        return {"has_unit": bool(self.unit)}

    def key(self) -> dict[str, Any]:
        """The answer as the author wrote it."""
        return {"answer": self.answer}

    def outline(self) -> tuple[Any, ...]:
        """The bounds, and what the units mean: their names differ from language to language."""
        return (self.low, self.high, *sorted((c.factor, c.offset) for c in self.units))

    def right_response(self) -> Any:
        """The lower bound, with its unit."""
        return f"{self.low} {self.unit}".strip()

    def wrong_response(self) -> Any:
        """A number far above the upper bound."""
        return f"{abs(self.high) * 10 + 1} {self.unit}".strip()

    def malformed_responses(self) -> tuple[Any, ...]:
        """Among others, what is no number."""
        return (*super().malformed_responses(), "NaN", "1e999", "--1", "9" * 100)
