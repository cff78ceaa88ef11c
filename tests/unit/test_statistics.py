"""Item analysis against a published example, and at its borders.

The example: Law School Admission Test, section 6, 1,000 people and five questions (Bock & Lieberman 1970), with the
figures that Rizopoulos (2006), ltm, Journal of Statistical Software 17 (5), prints for it.
"""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.reports.statistics import Scores, alpha, correlation, discrimination, facility, standard_error, thirds

QUESTIONS = ("item 1", "item 2", "item 3", "item 4", "item 5")
# How many people answered in each way; the way is the number in binary digits, the first question first.
COUNTS = (
    3, 6, 2, 11, 1, 1, 3, 4, 1, 8, 0, 16, 0, 3, 2, 15, 10, 29, 14, 81, 3, 28, 15, 80, 16, 56, 21, 173, 11, 61, 28, 298,
)  # fmt: skip
LEARNERS: list[Scores] = [
    {question: float(way >> (4 - place) & 1) for place, question in enumerate(QUESTIONS)}
    for way, count in enumerate(COUNTS)
    for _ in range(count)
]


def test_the_example_has_a_thousand_people() -> None:
    assert len(LEARNERS) == 1000


@pytest.mark.parametrize(
    ("question", "published"), list(zip(QUESTIONS, (0.924, 0.709, 0.553, 0.763, 0.870), strict=True))
)
def test_facility_is_as_published(question: str, published: float) -> None:
    assert facility([scores[question] for scores in LEARNERS]) == pytest.approx(published)


@pytest.mark.parametrize(
    ("question", "published"), list(zip(QUESTIONS, (0.1128, 0.1532, 0.1728, 0.1444, 0.1216), strict=True))
)
def test_the_corrected_point_biserial_correlation_is_as_published(question: str, published: float) -> None:
    assert discrimination(LEARNERS, question) == pytest.approx(published, abs=5e-5)


def test_alpha_is_as_published() -> None:
    found = alpha(LEARNERS, QUESTIONS)
    assert found.whole == pytest.approx(0.2950, abs=5e-5)
    published = (0.2754, 0.2376, 0.2168, 0.2459, 0.2663)
    assert [found.without[question] for question in QUESTIONS] == pytest.approx(published, abs=5e-5)


def test_the_standard_error_is_what_reliability_leaves_of_the_deviation() -> None:
    totals = [sum(scores.values()) for scores in LEARNERS]
    found = standard_error(totals, alpha(LEARNERS, QUESTIONS).whole)
    assert found == pytest.approx(statistics.stdev(totals) * (1 - 0.2950) ** 0.5, abs=1e-3)
    assert standard_error(totals, None) is None
    assert standard_error(totals, 1.0) == 0


def test_nothing_is_said_of_too_few_or_of_what_does_not_vary() -> None:
    assert facility([]) is None
    assert correlation([1, 0], [1, 0]) is None
    assert correlation([1, 1, 1], [1, 0, 1]) is None
    assert discrimination([{"a": 1.0}, {"a": 0.0}, {"a": 1.0}], "a") is None
    assert alpha([], ("a", "b")).whole is None
    assert alpha([{"a": 1.0, "b": 1.0}] * 5, ("a", "b")).whole is None
    assert alpha([{"a": 1.0}, {"a": 0.0}, {"a": 1.0}], ("a",)).whole is None


def test_drawn_questions_have_no_alpha_and_their_discrimination_is_over_those_who_were_asked() -> None:
    learners: list[Scores] = [{"a": 1.0, "b": 1.0}, {"a": 0.0, "c": 0.0}, {"a": 1.0, "c": 1.0}, {"b": 0.0, "c": 1.0}]
    assert alpha(learners, ("a", "b", "c")).whole is None
    assert discrimination(learners, "a") == pytest.approx(1)


def test_thirds_are_of_one_size_and_share_nobody() -> None:
    upper, lower = thirds([5, 1, 4, 2, 3, 6, 0])
    assert (sorted(upper), sorted(lower)) == ([0, 5], [1, 6])
    assert thirds([1, 2]) == ([], [])


answers = st.lists(
    st.fixed_dictionaries({name: st.sampled_from([0.0, 0.25, 0.5, 1.0]) for name in "abc"}), min_size=0, max_size=30
)


@given(answers)
def test_figures_stay_in_their_bounds(learners: list[dict[str, float]]) -> None:
    found = alpha(learners, ("a", "b", "c"))
    assert found.whole is None or found.whole <= 1 + 1e-9
    for name in "abc":
        figure = discrimination(learners, name)
        assert figure is None or -1 <= figure <= 1
    error = standard_error([sum(scores.values()) for scores in learners], found.whole)
    assert error is None or error >= 0


@given(answers)
def test_alpha_without_a_question_is_the_alpha_of_the_others(learners: list[dict[str, float]]) -> None:
    without = alpha(learners, ("a", "b", "c")).without["c"]
    alone = alpha([{"a": scores["a"], "b": scores["b"]} for scores in learners], ("a", "b")).whole
    assert (without is None) == (alone is None)
    if without is not None:
        assert without == pytest.approx(alone, abs=1e-6)
