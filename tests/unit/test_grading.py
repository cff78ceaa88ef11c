from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.course.grading import grade, grade_quiz
from site_builder.course.kinds.choice import ChoiceQuestion, MultipleChoice, Option, SingleChoice, TrueFalse
from site_builder.course.kinds.numeric import Numeric
from site_builder.course.model import Question, Quiz
from site_builder.course.numbers import read_number
from site_builder.quizzes.kinds.numeric import read_key
from site_builder.quizzes.units import conversions_to, known_units

MARKING = json.loads((Path(__file__).parent.parent / "golden" / "marking.json").read_text(encoding="utf-8"))


def numeric(key: str) -> Numeric:
    bounds = read_key(key)
    assert bounds is not None
    low, high, unit = bounds
    units = conversions_to(unit) if unit else ()
    return Numeric(id="n", stem="", low=low, high=high, unit=unit, answer=key, units=units)


def choice(right: list[str], several: bool, count: int = 4) -> ChoiceQuestion:
    options = tuple(Option(id=str(n), html="", correct=str(n) in right) for n in range(1, count + 1))
    return (MultipleChoice if several else SingleChoice)(id="c", stem="", options=options)


@pytest.mark.parametrize("case", MARKING["choice"], ids=str)
def test_choices(case: dict[str, Any]) -> None:
    found = grade(choice(case["right"], case["several"]), case["response"])
    assert (found.score, found.correct) == (case["score"], case["correct"])
    assert found.reason == case.get("reason", "")


@pytest.mark.parametrize("case", MARKING["numeric"], ids=str)
def test_numbers(case: dict[str, Any]) -> None:
    found = grade(numeric(case["key"]), case["response"])
    assert (found.correct, found.reason) == (case["correct"], case.get("reason", ""))


@pytest.mark.parametrize("unit", known_units())
def test_every_unit_accepts_its_own_key(unit: str) -> None:
    assert grade(numeric(f"3.5 {unit}"), f"3,5 {unit}").correct


@pytest.mark.parametrize(
    ("key", "typed"),
    [("1 h", "60 min"), ("7 d", "168 h"), ("20 °C", "68 °F"), ("0 °C", "32 °F"), ("20 °C", "293.15 K")],
)
def test_what_is_equal_is_right(key: str, typed: str) -> None:
    assert grade(numeric(key), typed).correct


@pytest.mark.parametrize("key", ["5 - 6", "5-6 mL", "5−6", "1 ± 2 ± 3", "a dozen", "12.5 mL ± 0.5 L", "", "± 3"])
def test_what_is_no_key(key: str) -> None:
    assert read_key(key) is None


def test_conversions_are_exact() -> None:
    assert grade(numeric("12.5 mL"), "0.0125 L").correct
    assert not grade(numeric("12.5 mL"), "0.01250001 L").correct
    assert grade(numeric("37 °C"), "98.6 °F").correct


def test_hostile_numbers_are_no_numbers() -> None:
    for text in ("1e999999", "9" * 61, "1e41", "", "--1", "1..2", "٣", "NaN", "Infinity", "0x10", "1_000"):
        assert not grade(numeric("1"), text).correct
    assert read_number("1e40")[0] == (Decimal("1e40"),)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def questions(draw: st.DrawFn) -> tuple[Question, Any]:
    """A question with its right answer."""
    kind = draw(st.sampled_from(["single", "multiple", "truefalse", "numeric"]))
    if kind == "numeric":
        low = draw(st.decimals(-(10**6), 10**6, allow_nan=False, places=3))
        width = draw(st.decimals(0, 100, allow_nan=False, places=2))
        unit = draw(st.sampled_from(["", *known_units()]))
        units = conversions_to(unit) if unit else ()
        question: Question = Numeric(id="n", stem="", low=low, high=low + width, unit=unit, units=units)
        return question, f"{low} {unit}"
    count = 2 if kind == "truefalse" else draw(st.integers(2, 7))
    number = draw(st.integers(2, count)) if kind == "multiple" else 1
    right = draw(st.permutations([str(n) for n in range(1, count + 1)]))[:number]
    options = tuple(Option(id=str(n), html="", correct=str(n) in right) for n in range(1, count + 1))
    cls = {"single": SingleChoice, "multiple": MultipleChoice, "truefalse": TrueFalse}[kind]
    return cls(id="c", stem="", options=options), list(right)


@given(questions(), json_values)
def test_marking_is_total(pair: tuple[Question, Any], response: Any) -> None:
    found = grade(pair[0], response)
    assert 0 <= found.score <= 1
    assert found.correct == (found.score == 1)


@given(questions())
def test_the_right_answer_scores_1_and_none_scores_0(pair: tuple[Question, Any]) -> None:
    question, right = pair
    assert grade(question, right).score == 1
    nothings: list[Any] = [None, "", " ", [], {}]
    for nothing in nothings:
        assert grade(question, nothing).score == 0
        assert not grade(question, nothing).answered


@given(questions(), st.randoms(use_true_random=False))
def test_the_order_of_options_is_irrelevant(pair: tuple[Question, Any], random: Any) -> None:
    question, right = pair
    if isinstance(question, ChoiceQuestion):
        shuffled = list(right)
        random.shuffle(shuffled)
        assert grade(question, shuffled) == grade(question, right)


def test_pass_marks_are_met_exactly() -> None:
    quiz = Quiz(
        id="q",
        questions=tuple(TrueFalse(id=str(n), stem="", options=choice(["1"], False, 2).options) for n in range(5)),
        pass_mark=80,
    )
    four = {str(n): ["1"] for n in range(4)}
    assert grade_quiz(quiz, four).passed
    assert not grade_quiz(quiz, {str(n): ["1"] for n in range(3)}).passed
    thirds = Quiz(id="q", questions=quiz.questions[:3], pass_mark=67)
    assert not grade_quiz(thirds, {"0": ["1"], "1": ["1"]}).passed, "two thirds are less than 67 %"


def test_an_unknown_kind_is_a_defect_and_says_so() -> None:
    with pytest.raises(TypeError, match="no marking"):
        grade(Question(id="x", stem=""), "x")
