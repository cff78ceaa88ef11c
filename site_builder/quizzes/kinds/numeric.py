"""Numbers: `= 12.5 ± 0.5 mL`, `= 15..25 °C`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

from site_builder.course.kinds.numeric import Numeric
from site_builder.course.model import Question
from site_builder.course.numbers import HEDGE, UnitConversion, read_number
from site_builder.course.units import canonical
from site_builder.quizzes.base import BaseKind, add_field
from site_builder.quizzes.draft import Draft
from site_builder.quizzes.units import conversions_to, near

ANSWER = re.compile(r"^ {0,3}=[ \t]*(.*)$")
QUOTED = re.compile(r"^ {0,3}=\s*[\"“”„«]")


class NumericKind(BaseKind):
    """The kind behind a line that starts with `=`."""

    names = (Numeric.kind,)
    form = "a number (= 12.5 ± 0.5 mL)"
    often = 2
    codes = ("numeric-",)

    def starts(self, line: str) -> bool:
        """An equals sign, no quotation mark (that is a short text), and no braces (that is calculated)."""
        plain = QUOTED.match(line) is None and "{{" not in line
        return ANSWER.match(line) is not None and plain and not set(line.strip()) <= {"="}

    def parse(self, draft: Draft) -> Question | None:
        """Read value and tolerance, or a range, and the unit."""
        match = ANSWER.match(draft.lines[0])
        text = match[1].strip() if match else ""
        column = draft.lines[0].find("=") + 1
        share = SHARE.fullmatch(text)
        bounds = None if share and share[4] else read_key(text)
        if bounds is None:
            draft.report(
                draft.first_line,
                column,
                code="numeric-malformed",
                found=draft.lines[0].strip()[:80],
                expected="a number, = 12.5 ± 0.5 mL, or a range, = 15..25 °C",
                hint=_hint(text),
            )
            return None
        low, high, unit = bounds
        if not report_below(draft):
            return None
        if low > high:
            draft.report(
                draft.first_line,
                column,
                code="numeric-empty-range",
                found=f"= {text}",
                expected="a range that goes up, and a tolerance of 0 or more",
            )
            return None
        units = units_of(draft, unit, column)
        if units is None:
            return None
        return Numeric(**draft.common(), low=low, high=high, unit=unit, answer=shown_key(text), units=units)

    def show(self, parent: Element, question: Question, name: str, *, practice: bool) -> None:
        """A text field: number and unit are typed together, as one writes them."""
        assert isinstance(question, Numeric)
        add_number(parent, name, has_unit=bool(question.unit))
        if practice:
            parent.set("data-low", str(question.low))
            parent.set("data-high", str(question.high))
            parent.set("data-answer", question.answer)
            parent.set("data-units", units_for_browser(question.units))

    def describe(self, outline: tuple[Any, ...]) -> str:
        """Its bounds."""
        return f" ({outline[0]} to {outline[1]})"


def _hint(text: str) -> str:
    """What to do about a key that cannot be read."""
    if text[:1] in "'‘’‚":
        return 'A short text has double quotation marks: = "autoclave".'
    if text[:1].isalpha():
        return 'A word goes in quotation marks: = "autoclave".'
    if "±" in text or "+-" in text or "+/-" in text:
        return f"A tolerance is in the unit of the key, not a share of it: {_without_share(text)}."
    if re.search(r"[0-9][^0-9]*(?:[-–—]|\b(?:to|à|tot|or|ou|of)\b)\s*[0-9]", text):
        return "Write a range with two dots: = 15..25 °C."
    return "Use a point or a comma for decimals, e6 or × 10^6 for powers, and no sign between thousands."


SHARE = re.compile(r"([\d.,]+)\s*(\S*)\s*(?:±|\+-|\+/-)\s*([\d.,]+)\s*%\s*(?![vm]/v|[vm]/m|w/)([^\s%].*)?")
"""A tolerance as a share of a value in another unit than percent: `12.5 ± 4 % mL`, `12.5 mL ± 4 %`."""


def _without_share(text: str) -> str:
    """The key with its tolerance in the unit of the value, where it was meant as a share."""
    match = SHARE.fullmatch(text)
    value, share = (_one(match[1]), _one(match[3])) if match else (None, None)
    if match is None or value is None or share is None:
        return "= 100 ± 5 mL"
    width = (abs(value[0]) * share[0] / 100).normalize()
    return f"= {match[1]} ± {width:f} {match[4] or match[2]}".rstrip()


def report_below(draft: Draft) -> bool:
    """Whether what stands straight under an answer is no part of it that was broken off; reports it otherwise."""
    below = draft.below.strip()
    if below.startswith(">"):
        draft.wrong(
            draft.first_line + 1,
            1,
            "option-feedback",
            "feedback under an answer that is typed",
            "an explanation: the same text without the >, behind a blank line",
        )
        return False
    if re.match(r"[±|/\"“”„«]|\+-|\+/-", below) or (below and conversions_to(below)):
        draft.wrong(
            draft.first_line + 1,
            1,
            "answer-continuation",
            f"{below[:40]!r} straight under an answer",
            "the whole answer in one line",
            "Put a blank line before an explanation.",
        )
        return False
    return True


def units_of(draft: Draft, unit: str, column: int) -> tuple[UnitConversion, ...] | None:
    """The conversions into a unit, none for a pure number; None after reporting a unit that nobody knows."""
    units = conversions_to(unit) if unit else ()
    if unit and not units:
        draft.wrong(
            draft.first_line,
            column,
            "numeric-unknown-unit",
            f"unit {unit!r}",
            "a unit that can be converted",
            near(unit),
        )
        return None
    return units


def units_for_browser(units: Iterable[UnitConversion]) -> str:
    """Name, factor and offset of each unit, as the theme's element reads them."""
    return ";".join(dict.fromkeys(f"{c.name} {float(c.factor)!r} {float(c.offset)!r}" for c in units))


def add_number(parent: Element, name: str, *, has_unit: bool) -> Element:
    """The field for a number."""
    unit = "yes" if has_unit else "no"
    field = add_field(parent, name, row="numeric", field="numeric-input", maxlength="60", data_unit=unit)
    if not has_unit:
        field.set("inputmode", "decimal")
    return field


RANGE = re.compile(r"(.+?)(?:\.\.\.?|…)(.+)", re.DOTALL)
TOLERANCE = re.compile(r"(.+?)(?:±|\+-|\+/-)(.+)", re.DOTALL)


def read_key(text: str) -> tuple[Decimal, Decimal, str] | None:
    """Lower bound, upper bound and unit of a key, or None when it cannot be read."""
    for pattern in (TOLERANCE, RANGE):
        match = pattern.fullmatch(text)
        if match:
            first, second = _one(match[1]), _one(match[2])
            if first is None or second is None:
                return None
            if second[1] and first[1] and canonical(first[1]) != canonical(second[1]):
                return None
            unit = second[1] or first[1]
            if pattern is TOLERANCE:
                return first[0] - second[0], first[0] + second[0], unit
            return first[0], second[0], unit
    only = _one(text)
    return (only[0], only[0], only[1]) if only else None


def _one(text: str) -> tuple[Decimal, str] | None:
    """A number and its unit as written; a unit begins with a letter or a sign that is no part of a number."""
    bare = re.sub(r"(?<![.\s])[.;,]$", "", text.strip())
    readings, unit = read_number(bare)
    if not readings or re.search(r"[0-9][.,](?![0-9])", bare.rstrip()) or HEDGE.match(bare):
        return None
    if unit and (unit[0] in "+-.,=±" or not bare.endswith(unit)):
        return None
    # "15–25 °C", "1 h 30", "2 × 100": no unit has a second number in it, but for those that are known.
    if re.search(r"[0-9±=|×*^<>]", unit) and not conversions_to(unit):
        return None
    # "1,250" in a key is read with a decimal comma, as the docs say; authors write 1250 without a sign.
    return readings[0], unit


def shown_key(text: str) -> str:
    """The key as a learner reads it: no tolerance of zero, real plus-minus and dash signs."""
    text = re.sub(r"\s*(?:±|\+-|\+/-)\s*0(?:[.,]0+)?(?=\s|$)", "", text)
    text = re.sub(r"\s*(?:\+-|\+/-|±)\s*", " ± ", text)
    text = re.sub(r"\s*(?:\.\.\.?|…)\s*", " – ", text).strip()
    return re.sub(r"(?<![\w.,^])-(?=[0-9.,])", "\N{MINUS SIGN}", text)


KIND = NumericKind()
