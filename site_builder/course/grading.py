"""Marking: pure and total. Any JSON value is a response; none raises."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import singledispatch
from typing import Literal

from site_builder.course.model import ChoiceQuestion, MultipleChoice, Numeric, Question, Quiz, UnitConversion

Reason = Literal["", "unanswered", "malformed", "not-a-number", "unit-missing", "unit-unknown", "unit-unexpected"]

MAX_NUMBER_LENGTH = 60
"""Characters; a longer text is not a number that a person typed."""

MAX_EXPONENT = 40
"""Powers of ten either way; keeps arithmetic on hostile input small."""


@dataclass(frozen=True, slots=True)
class Grade:
    """The marking of one response.

    Attributes:
        score: 0..1.
        correct: Whether the response is wholly right (score 1).
        answered: Whether there was anything to mark.
        reason: Why a response could not be read as an answer, "" otherwise.
    """

    score: float
    correct: bool
    answered: bool = True
    reason: Reason = ""


@dataclass(frozen=True, slots=True)
class QuizGrade:
    """The marking of one attempt.

    Attributes:
        score: Mean of the questions' scores, 0..1.
        passed: Score at or above the pass mark and no critical question wrong.
        failed_critical: Ids of critical questions that were answered wrongly.
        grades: By question id, for every question of the quiz.
    """

    score: float
    passed: bool
    failed_critical: tuple[str, ...]
    grades: Mapping[str, Grade]


RIGHT = Grade(1.0, True)
UNANSWERED = Grade(0.0, False, answered=False, reason="unanswered")
MALFORMED = Grade(0.0, False, reason="malformed")


def grade_quiz(quiz: Quiz, responses: Mapping[str, object]) -> QuizGrade:
    """Mark every question of a quiz; a question without a response scores 0."""
    grades = {question.id: grade(question, responses.get(question.id)) for question in quiz.questions}
    points = sum(item.score for item in grades.values())
    total = len(quiz.questions)
    failed = tuple(q.id for q in quiz.questions if q.critical and not grades[q.id].correct)
    # Points against the mark times the number of questions: no rounding of a mean decides whether somebody passes.
    passed = not failed and points * 100 + 1e-9 >= quiz.pass_mark * total
    return QuizGrade(score=points / total if total else 0.0, passed=passed, failed_critical=failed, grades=grades)


@singledispatch
def grade(question: Question, response: object) -> Grade:
    """Mark one response.

    Args:
        question: Of any kind in the catalogue.
        response: Any JSON value; None, "", [] and {} count as unanswered.

    Returns:
        A grade with a score in 0..1.
    """
    raise TypeError(f"no marking for questions of kind {question.kind!r}")


def is_empty(response: object) -> bool:
    """Whether a response says nothing."""
    return response is None or response == [] or response == {} or (isinstance(response, str) and not response.strip())


@grade.register
def grade_choice(question: ChoiceQuestion, response: object) -> Grade:
    """All or nothing for one right option; right minus wrong, floor 0, for several."""
    if is_empty(response):
        return UNANSWERED
    if not isinstance(response, list) or not all(isinstance(item, str) for item in response):
        return MALFORMED
    chosen = {str(item) for item in response}
    if not chosen <= {option.id for option in question.options}:
        return MALFORMED
    right = question.right_ids
    if chosen == right:
        return RIGHT
    if not isinstance(question, MultipleChoice):
        return Grade(0.0, False)
    points = len(chosen & right) - len(chosen - right)
    return Grade(max(0.0, points / len(right)), False)


@grade.register
def grade_numeric(question: Numeric, response: object) -> Grade:
    """Right when one reading of the number, in the unit of the key, lies within the key's bounds."""
    if is_empty(response):
        return UNANSWERED
    if isinstance(response, bool) or not isinstance(response, str | int | float):
        return MALFORMED
    text = response if isinstance(response, str) else repr(response)
    readings, unit = read_number(text)
    if not readings:
        return Grade(0.0, False, reason="not-a-number")
    if not question.unit:
        if unit:
            return Grade(0.0, False, reason="unit-unexpected")
        conversion = UnitConversion("", Fraction(1))
    elif not unit:
        return Grade(0.0, False, reason="unit-missing")
    else:
        found = find_conversion(question.units, unit)
        if found is None:
            return Grade(0.0, False, reason="unit-unknown")
        conversion = found
    low, high = Fraction(question.low), Fraction(question.high)
    # In fractions nothing is rounded: 60 min is 1 h, and 98.6 °F is 37 °C.
    values = (Fraction(value) * conversion.factor + conversion.offset for value in readings)
    return RIGHT if any(low <= value <= high for value in values) else Grade(0.0, False)


NUMBER = re.compile(
    r"([+-]?)([0-9][0-9.,]*|[.,][0-9]+)(?:(?:[eE]|[x×*]10\^?)([+-]?[0-9]{1,3}))?(?![0-9])(.*)", re.DOTALL
)
GROUPS = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")


def read_number(text: str) -> tuple[tuple[Decimal, ...], str]:
    """Read what a person typed as a number with a unit.

    A comma or a point may be the decimal sign; spaces of any width group digits. "1,250" is both 1.25 and 1250, so
    both readings are returned and the key decides.

    Returns:
        The possible values (none when the text is no number) and the unit, "" when there is none.
    """
    if len(text) > MAX_NUMBER_LENGTH:
        return (), ""
    plain = normalise_unit(text).replace("\N{MINUS SIGN}", "-").replace("\N{HYPHEN}", "-")
    plain = re.sub(r"(?<=[0-9])['’](?=[0-9]{3})", "", plain)
    match = NUMBER.fullmatch(plain)
    if match is None:
        return (), ""
    sign, digits, exponent, unit = match.groups()
    if abs(int(exponent or 0)) > MAX_EXPONENT:
        return (), ""
    readings = []
    decimal = digits.replace(",", ".")
    if decimal.count(".") <= 1:
        readings.append(decimal)
    if GROUPS.fullmatch(digits) and len({sign for sign in digits if sign in ".,"}) == 1 and not digits.startswith("0"):
        readings.append(re.sub(r"[.,]", "", digits))
    elif decimal.count(".") > 1:
        # 1,234.5 and 1.234,5: the last sign is the decimal one and the others group digits.
        whole, _, fraction = decimal.rpartition(".")
        if GROUPS.fullmatch(whole) and digits[len(whole)] not in digits[: len(whole)]:
            readings.append(f"{whole.replace('.', '')}.{fraction}")
    values = []
    for reading in readings:
        try:
            values.append(Decimal(f"{sign}{reading}E{exponent or 0}"))
        except InvalidOperation:
            continue
    return tuple(dict.fromkeys(values)), unit


def normalise_unit(text: str) -> str:
    """One spelling for what looks the same: compatibility forms folded, spaces removed, both micro signs as one."""
    folded = unicodedata.normalize("NFKC", text).replace("·", ".")
    return re.sub(r"\s+", "", folded)


def find_conversion(units: tuple[UnitConversion, ...], name: str) -> UnitConversion | None:
    """The conversion for a unit as typed: exact first, then without regard to case where that is unambiguous."""
    for conversion in units:
        if normalise_unit(conversion.name) == name:
            return conversion
    folded = name.casefold()
    alike = {
        (c.factor, c.offset): c
        for c in units
        # A small m is never a capital one: mPa is not MPa. Phones make capitals of first letters, so the other way is.
        if normalise_unit(c.name).casefold() == folded and not (name[0] == "m" and c.name[0] == "M")
    }
    return next(iter(alike.values())) if len(alike) == 1 else None
