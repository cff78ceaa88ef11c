"""Calculated numbers: `{{ c1 = 2..5 step 0.5 }}` in the question, `= {{ c2 * v2 / c1 }} ± 1 % mL` as its answer."""

from __future__ import annotations

import itertools
import json
import keyword
import re
from decimal import Decimal
from random import Random
from typing import Any
from xml.etree.ElementTree import Element

from site_builder.course.expressions import (
    CONSTANTS,
    FUNCTIONS,
    NAME,
    ExpressionError,
    decimal_text,
    decimals_of,
    is_finite,
    names_in,
)
from site_builder.course.kinds.calculated import VALUE_MARK, Calculated, Parameter
from site_builder.course.model import Question
from site_builder.course.numbers import read_number
from site_builder.quizzes.base import BaseKind
from site_builder.quizzes.blocks import CODE_SPAN, code_mask
from site_builder.quizzes.draft import Draft
from site_builder.quizzes.html import append_html, replace_marks
from site_builder.quizzes.kinds.numeric import add_number, report_below, units_for_browser, units_of
from site_builder.quizzes.units import conversions_to

BRACES = re.compile(r"\{\{(.*?)\}\}")
ANSWER = re.compile(r"^ {0,3}=[ \t]*(?=.*\{\{)(.*)$")
KEY = re.compile(
    r"\{\{(.*?)\}\}\s*(?:(?:±|\+-|\+/-)\s*(?:\{\{(.*?)\}\}|([\d.,]+(?:\s\d{3}(?!\d))*(?:[eE][-+]?\d+)?)\s*(%(?=\s*\S))?))?\s*(.*)"
)
DEFINITION = re.compile(r"\s*([^=<>!]+?)\s*=(?!=)\s*(.*?)\s*")
RANGE = re.compile(r"(.+?)(?:\.\.\.?|…)(.+?)(?:\s+(?:step|pas|stap)\s+(.+))?")
RESERVED = frozenset({*FUNCTIONS, *CONSTANTS, "round", "min", "max"})
MAX_VALUES = 500
MAX_PARAMETERS = 10
TRIED = 300
"""How many combinations of values a build tries out; all of them when there are no more."""
VARIANTS = 20
"""How many drawings a practice question carries in its page."""


class CalculatedKind(BaseKind):
    """The kind behind an equals sign and double braces."""

    names = (Calculated.kind,)
    draws = True
    form = "a formula (= {{ c2 * v2 / c1 }} ± 1 % mL)"
    often = 3
    codes = ("calculated-",)
    slips = (
        (r"^\s*=?\s*\{(?!\s*[=~])[^{]",
         "A formula has two braces on each side: = {{ c2 * v2 / c1 }}"),
    )  # fmt: skip

    def starts(self, line: str) -> bool:
        """An equals sign at the beginning and double braces somewhere behind it."""
        return ANSWER.match(line) is not None

    def parse(self, draft: Draft) -> Question | None:
        """Read parameters, formula, tolerance and unit, and try the formula out."""
        reader = _Reader(draft)
        stem = reader.read(draft.stem, draft.stem_line, parameters=True)
        explanation = reader.read(draft.explanation, draft.explanation_line, parameters=False)
        match = ANSWER.match(draft.lines[0])
        source = match[1].strip() if match else ""
        column = draft.lines[0].find("=") + 1
        key = KEY.fullmatch(source)
        if key is None:
            draft.wrong(
                draft.first_line,
                column,
                "calculated-malformed",
                f"= {source[:60]}",
                "= {{ formula }}, a tolerance and a unit, for example = {{ c2 * v2 / c1 }} ± 0.5 mL",
            )
            return None
        if not reader.sound or not report_below(draft):
            return None
        formula, slack, number, percent, unit = (part.strip() if part else "" for part in key.groups())
        broken = re.search(r"[=±|×*^<>{}\d]|^[-+%]|\.\.", unit) and not conversions_to(unit)
        if not formula or (key[2] is not None and not slack) or broken:
            draft.wrong(
                draft.first_line,
                column,
                "calculated-malformed",
                f"= {source[:60]}",
                "= {{ formula }} ± tolerance unit, for example = {{ c2 * v2 / c1 }} ± 0.5 mL",
            )
            return None
        tolerance = slack
        if number:
            readings, _ = read_number(number)
            if not readings:
                draft.wrong(draft.first_line, column, "calculated-malformed", f"± {number}", "a number as tolerance")
                return None
            value = f"{readings[0]:f}"
            tolerance = f"{value}/100*abs({formula})" if percent else value
        units = units_of(draft, unit, column)
        if units is None:
            return None
        if not self._known(draft, reader, column, (formula, tolerance)):
            return None
        common = draft.common(stem=stem, explanation=explanation)
        shown = VALUE_MARK.findall(re.sub(r"<[^>]*>", "", common["stem"] + common["explanation"]))
        if len(shown) != len(reader.shown):
            draft.wrong(
                draft.line,
                1,
                "calculated-hidden",
                "a value that the page would not show",
                "values in plain text, not in an address, an attribute or a comment",
            )
            return None
        question = Calculated(
            **common,
            parameters=tuple(reader.parameters.values()),
            shown=tuple(reader.shown),
            formula=formula,
            tolerance=tolerance,
            unit=unit,
            units=units,
            comma=draft.lang in ("fr", "nl"),
        )
        return question if self._has_values(draft, question, column) else None

    def _known(self, draft: Draft, reader: _Reader, column: int, expressions: tuple[str, ...]) -> bool:
        """Whether every expression can be read and uses known names; reports it otherwise."""
        for expression in (*(text for text in expressions if text), *reader.shown):
            try:
                unknown = sorted(names_in(expression) - set(reader.parameters))
            except ExpressionError as error:
                draft.wrong(
                    draft.first_line, column, "calculated-formula", str(error), "numbers, names and + - * / ^ ( )"
                )
                return False
            if unknown:
                known = ", ".join(reader.parameters) or "none"
                draft.wrong(
                    draft.first_line,
                    column,
                    "calculated-unknown",
                    f"the name {unknown[0]!r}",
                    f"a name that the question gives a value to ({known})",
                    f"Write {{{{ {unknown[0]} = 2..5 step 0.5 }}}} where learners read the value.",
                )
                return False
        if not reader.parameters:
            draft.wrong(
                draft.first_line,
                column,
                "calculated-no-parameter",
                "a formula without anything that is drawn",
                "a parameter in the question: {{ c1 = 2..5 step 0.5 }}",
                "A number that is always the same is written = 12.5 mL.",
            )
            return False
        return True

    def _has_values(self, draft: Draft, question: Calculated, column: int) -> bool:
        """Try values out: the formula must have a value, and one that a person can write down."""
        for drawn in combinations(question):
            bound = question.bind(drawn)
            said = ", ".join(f"{name} = {value}" for name, value in drawn.items())
            try:
                low, high = bound.bounds()
                bound.shown_values()
            except ExpressionError as error:
                draft.wrong(
                    draft.first_line,
                    column,
                    "calculated-formula",
                    f"{error} (for {said})",
                    "a value for all that is drawn",
                )
                return False
            if low == high and not is_finite(low) and decimals_of(question.formula) is None:
                draft.wrong(
                    draft.first_line,
                    column,
                    "calculated-no-tolerance",
                    f"an answer that has no end ({decimal_text(low, digits=8)}… for {said}) and no tolerance",
                    "± and a tolerance, or a rounding: = {{ round(c2 * v2 / c1, 1) }}",
                )
                return False
        return True

    def write(self, parent: Element, html: str, question: Question, name: str) -> None:
        """The text, with an empty place for each value."""
        append_html(parent, html)
        replace_marks(parent, VALUE_MARK, _value_place)

    def show(self, parent: Element, question: Question, name: str, *, practice: bool) -> None:
        """A text field; a practice quiz carries some drawings with their keys."""
        assert isinstance(question, Calculated)
        field = add_number(parent, name, has_unit=bool(question.unit))
        decimals = decimals_of(question.formula)
        if decimals is not None:
            field.set("data-decimals", str(decimals))
        if practice:
            parent.set("data-units", units_for_browser(question.units))
            parent.set("data-variants", json.dumps(list(variants(question)), ensure_ascii=False))

    def describe(self, outline: tuple[Any, ...]) -> str:
        """Its formula."""
        return f" ({outline[1]})"

    def in_terminal(self, question: Question) -> str:
        """With the values that were drawn."""
        assert isinstance(question, Calculated)
        return question.fill(question.stem)


class _Reader:
    """Reads the braces of a text: definitions are collected, values get marks."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.parameters: dict[str, Parameter] = {}
        self.shown: list[str] = []
        self.sound = True

    def read(self, text: str, line: int, *, parameters: bool) -> str:
        """The text with marks in the places of values."""
        out = []
        lines = text.split("\n")
        for number, (source, coded) in enumerate(zip(lines, code_mask(lines), strict=True), start=line):
            if coded:
                out.append(source)
                continue
            at = max(number, self.draft.line)
            if "⦃" in source or "⦄" in source:
                self._wrong(at, 1, "the sign ⦃ or ⦄", "other brackets")
            blanked = CODE_SPAN.sub(lambda match: "\x00" * len(match[0]), source)
            parts, place = [], 0
            for match in BRACES.finditer(blanked):
                parts.append(source[place : match.start()])
                parts.append(self._value(match[1], at, match.start() + 1, parameters))
                place = match.end()
            if "{{" in blanked[place:]:
                self._wrong(at, blanked.find("{{", place) + 1, "{{ without }}", "}} in the same line")
            out.append("".join(parts) + source[place:])
        return "\n".join(out)

    def _value(self, source: str, line: int, column: int, parameters: bool) -> str:
        definition = DEFINITION.fullmatch(source)
        expression = source.strip()
        if definition:
            expression = definition[1]
            if not parameters:
                self._wrong(line, column, "a value that is drawn in the explanation", "drawn values in the question")
            else:
                self._define(definition[1], definition[2], line, column)
        elif not expression:
            self._wrong(line, column, "empty braces", "a name, a definition or a formula")
        self.shown.append(expression)
        return f"⦃{len(self.shown)}⦄"

    def _define(self, name: str, source: str, line: int, column: int) -> bool:
        if not NAME.fullmatch(name) or keyword.iskeyword(name) or name in RESERVED:
            return self._wrong(line, column, f"the name {name!r}", "a letter, then letters and digits, for example c1")
        if name in self.parameters:
            return self._wrong(line, column, f"{name!r} for a second time", "each name defined once, then {{ name }}")
        if len(self.parameters) >= MAX_PARAMETERS:
            return self._wrong(line, column, "one more parameter", f"{MAX_PARAMETERS} or fewer")
        values = _values(source)
        if isinstance(values, str):
            return self._wrong(line, column, f"{name} = {source}", values)
        self.parameters[name] = Parameter(name=name, values=values)
        return True

    def _wrong(self, line: int, column: int, found: str, expected: str) -> bool:
        self.draft.wrong(line, column, "calculated-parameter", found, expected)
        self.sound = False
        return False


def _values(source: str) -> tuple[Decimal, ...] | str:
    """The values of a definition, or what was expected instead."""
    span = RANGE.fullmatch(source)
    if span is None:
        found = [_number(part) for part in source.split("|")]
        values = tuple(value for value in found if value is not None)
        if len(values) < len(found) or len(values) < 2:
            return "a range, 2..5 step 0.5, or values to choose from, 0.1 | 0.2 | 0.5"
        return values if len(set(values)) == len(values) else "values that differ"
    low, high = _number(span[1]), _number(span[2])
    step = _number(span[3]) if span[3] else Decimal(1)
    if low is None or high is None or step is None:
        return "numbers, 2..5 step 0.5"
    if low >= high or step <= 0:
        return "a range that goes up, in steps above 0"
    if not span[3] and (low % 1 or high % 1):
        return "a step for a range with decimals: 0.5..2 step 0.5"
    count = int((high - low) / step) + 1
    if count > MAX_VALUES:
        return f"{MAX_VALUES} values or fewer; this range has {count}"
    if count < 2:
        return "two values or more; the step is larger than the range"
    if low + step * (count - 1) != high:
        return f"a step that reaches the end: {low} and so many steps of {step} are not {high}"
    return tuple(low + step * place for place in range(count))


def _number(text: str) -> Decimal | None:
    readings, unit = read_number(text.strip())
    return readings[0] if readings and not unit else None


def _value_place(match: re.Match[str]) -> Element:
    return Element("span", {"class": "drawn", "data-value": match[1]})


def combinations(question: Calculated) -> list[dict[str, str]]:
    """All that may be drawn, or a fair part of it with the ends of every range."""
    names = [parameter.name for parameter in question.parameters]
    spans = [parameter.values for parameter in question.parameters]
    total = 1
    for values in spans:
        total *= len(values)
    if total <= TRIED:
        chosen: list[tuple[Decimal, ...]] = list(itertools.product(*spans))
    else:
        ends = itertools.islice(itertools.product(*((values[0], values[-1]) for values in spans)), TRIED // 2)
        chance = Random(question.id)  # noqa: S311  # The same build gives the same site.
        chosen = [*ends, *(tuple(chance.choice(values) for values in spans) for _ in range(TRIED // 2))]
        # Every value of every parameter once: a division by zero often hangs on one of them.
        for place, values in enumerate(spans):
            for value in values:
                others = [chance.choice(other) for other in spans]
                chosen.append((*others[:place], value, *others[place + 1 :]))
    return [dict(zip(names, map(str, values), strict=True)) for values in chosen]


def variants(question: Calculated) -> list[dict[str, Any]]:
    """Some drawings of a practice question: values, bounds and answer of each."""
    chance = Random(question.id)  # noqa: S311  # The same build gives the same site.
    found = []
    for _ in range(VARIANTS):
        bound = question.bind(question.draw(chance))
        low, high = bound.bounds()
        item = {"values": bound.shown_values(), "low": float(low), "high": float(high), "answer": bound.answer}
        if item not in found:
            found.append(item)
    return found


KIND = CalculatedKind()
