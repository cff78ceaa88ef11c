"""Calculated: a number whose key is an expression over values that are drawn for each attempt.

The stem and the explanation hold ⦃1⦄ where the value of the expression `shown[0]` is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any, ClassVar

from site_builder.course.expressions import ExpressionError, decimal_text, decimals_of, evaluate
from site_builder.course.fields import DERIVED, SPARSE
from site_builder.course.marks import MALFORMED, Grade, Reason
from site_builder.course.model import Question, Said, typed
from site_builder.course.numbers import UnitConversion, mark_number, unreadable

VALUE_MARK = re.compile("⦃(\\d{1,4})⦄")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A name and the values that it may be given."""

    name: str
    values: tuple[Decimal, ...]


@dataclass(frozen=True, kw_only=True)
class Calculated(Question):
    """A number to be worked out from drawn values; the response is the text that the learner typed.

    Attributes:
        parameters: In the order of the source.
        shown: Expressions whose values stand in the texts, by their marks from 1.
        formula: The key, an expression.
        tolerance: How far off an answer may be, an expression; "" for half a unit of the last decimal, or for none.
        unit: Unit of the key as written, "" for a pure number.
        units: Every spelling that is accepted, with its conversion.
        comma: Whether values are written with a decimal comma.
        drawn: Values of one attempt by name, as decimal digits; the first ones without an attempt.
    """

    kind: ClassVar[str] = "calculated"
    draws: ClassVar[bool] = True
    parameters: tuple[Parameter, ...]
    shown: tuple[str, ...]
    formula: str
    tolerance: str = ""
    unit: str = ""
    units: tuple[UnitConversion, ...] = field(default=(), metadata=DERIVED)
    comma: bool = False
    drawn: Mapping[str, str] = field(default_factory=dict, metadata=SPARSE)

    def draw(self, chance: Random) -> dict[str, str]:
        """A value for each parameter, for which the key has one too."""
        for _ in range(50):
            drawn = {parameter.name: str(chance.choice(parameter.values)) for parameter in self.parameters}
            try:
                self.bind(drawn).bounds()
                self.bind(drawn).shown_values()
            except ExpressionError:
                continue
            return drawn
        return {}

    def bind(self, values: Mapping[str, str]) -> Calculated:
        """The question with the values of one attempt."""
        return replace(self, drawn=dict(values))

    @property
    def bound(self) -> Mapping[str, str]:
        """The drawn values."""
        return self.drawn

    @property
    def has_key(self) -> bool:
        """Whether the formula has a value for what was drawn."""
        try:
            self.bounds()
        except ExpressionError:
            return False
        return True

    @property
    def values(self) -> dict[str, Fraction]:
        """The drawn values, or the first ones."""
        first = {parameter.name: str(parameter.values[0]) for parameter in self.parameters}
        return {name: Fraction(text) for name, text in {**first, **self.drawn}.items()}

    def bounds(self) -> tuple[Fraction, Fraction]:
        """Smallest and largest right value, in the unit of the key.

        Raises:
            ExpressionError: The key has no value for what was drawn.
        """
        value = evaluate(self.formula, self.values)
        if self.tolerance:
            slack = abs(evaluate(self.tolerance, self.values))
        else:
            decimals = decimals_of(self.formula)
            slack = Fraction(0) if decimals is None else Fraction(1, 2) / Fraction(10) ** decimals
        return value - slack, value + slack

    def mark(self, response: object) -> Grade:
        """All or nothing, within the tolerance."""
        try:
            low, high = self.bounds()
        except ExpressionError:
            return MALFORMED
        return mark_number(response, low, high, self.unit, self.units)

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
        """Whether a unit is asked for, to how many decimals, and what is drawn."""
        names = [parameter.name for parameter in self.parameters]
        return {"has_unit": bool(self.unit), "decimals": decimals_of(self.formula), "parameters": names}

    def key(self) -> dict[str, Any]:
        """The answer to the drawn values."""
        try:
            return {"answer": self.answer, "explanation": self.fill(self.explanation)}
        except ExpressionError:
            return {"answer": ""}

    def readable_stem(self) -> str:
        """The text with the spans of the values that are drawn."""
        spans = {p.name: f"{min(p.values)}…{max(p.values)}" for p in self.parameters}
        return VALUE_MARK.sub(lambda match: spans.get(self.shown[int(match[1]) - 1], "…"), self.stem)

    def set_stem(self) -> str:
        """The text with the drawn values."""
        try:
            return self.fill(self.stem)
        except ExpressionError:
            return self.readable_stem()

    def outline(self) -> tuple[Any, ...]:
        """Parameters, key and tolerance, and what the units mean."""
        parameters = tuple((parameter.name, parameter.values) for parameter in self.parameters)
        return (parameters, self.formula, self.tolerance, *sorted((c.factor, c.offset) for c in self.units))

    @property
    def answer(self) -> str:
        """The key with its unit, as a learner should write it."""
        value = decimal_text(evaluate(self.formula, self.values), decimals_of(self.formula))
        return f"{self._localised(value)} {self.unit}".strip()

    def shown_values(self) -> dict[str, str]:
        """What stands at each mark of the texts, by its number."""
        return {
            str(number): self._localised(decimal_text(evaluate(expression, self.values), decimals_of(expression)))
            for number, expression in enumerate(self.shown, start=1)
        }

    def stem_values(self) -> dict[str, str]:
        """What stands at the marks of the stem: all that a learner may see before handing in."""
        marks = set(VALUE_MARK.findall(self.stem))
        return {number: text for number, text in self.shown_values().items() if number in marks}

    def fill(self, html: str) -> str:
        """A text with the drawn values in place of its marks."""
        values = self.shown_values()
        return VALUE_MARK.sub(lambda match: values.get(match[1], match[0]), html)

    def _localised(self, text: str) -> str:
        whole, point, rest = text.partition(".")
        if len(whole.lstrip("-")) > 3:
            whole = f"{int(whole):,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
        return whole + ("," if point and self.comma else point) + rest

    def right_response(self) -> Any:
        """The answer."""
        return self.answer

    def wrong_response(self) -> Any:
        """A number far above the upper bound."""
        return f"{decimal_text(abs(self.bounds()[1]) * 10 + 1, 3)} {self.unit}".strip()

    def malformed_responses(self) -> tuple[Any, ...]:
        """Among others, the formula itself."""
        return (*super().malformed_responses(), self.formula, "NaN", "1e999")
