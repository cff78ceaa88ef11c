"""Item analysis: how well questions tell those who know from those who do not. Pure numbers.

    facility         mean score of a question, 0..1
    discrimination   product-moment correlation of a question's score with the score of all others together: the
                     point-biserial correlation where a question is right or wrong, corrected for the overlap of
                     question and total (Henrysson, S. (1963). Correction of item-total correlations in item analysis.
                     Psychometrika 28, 211-218)
    reliability      Cronbach's alpha (Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests.
                     Psychometrika 16, 297-334)
    standard error   of measurement: the standard deviation of the total times the root of what reliability leaves
                     (Lord, F. M. & Novick, M. R. (1968). Statistical Theories of Mental Test Scores, chapter 3)
    thirds           upper and lower groups as in Kelley, T. L. (1939). The selection of upper and lower groups for the
                     validation of test items. Journal of Educational Psychology 30, 17-24; he found 27 % best for large
                     groups, and a third keeps more of a class

The worked example that tests compare with is section 6 of the Law School Admission Test (Bock, R. D. & Lieberman, M.
(1970). Psychometrika 35, 179-197), as printed by Rizopoulos, D. (2006). ltm: An R Package for Latent Variable Modeling
and Item Response Theory Analyses. Journal of Statistical Software 17 (5).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Scores = Mapping[str, float]
"""Of one learner: 0..1 by question; of the questions that they were asked."""

FEWEST = 3
"""With fewer learners than that nothing can be correlated."""


def facility(scores: Sequence[float]) -> float | None:
    """The mean score; None without any."""
    return statistics.fmean(scores) if scores else None


def correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """The product-moment correlation, -1..1; None where one of them does not vary, or with too few."""
    if len(one) < FEWEST or _constant(one) or _constant(other):
        return None
    return max(-1.0, min(1.0, statistics.correlation(one, other)))


def _constant(values: Sequence[float]) -> bool:
    return max(values) - min(values) < 1e-12


def discrimination(learners: Sequence[Scores], question: str) -> float | None:
    """The correlation of a question with the others; where questions are drawn, with the share of the others."""
    pairs = [
        (scores[question], statistics.fmean(others))
        for scores in learners
        if question in scores and (others := [score for name, score in scores.items() if name != question])
    ]
    return correlation([own for own, _ in pairs], [rest for _, rest in pairs])


def item_total(learners: Sequence[Scores], question: str) -> float | None:
    """The correlation of a question with the total, itself included; None where totals do not differ."""
    pairs = [(scores[question], statistics.fmean(scores.values())) for scores in learners if question in scores]
    return correlation([own for own, _ in pairs], [total for _, total in pairs])


@dataclass(frozen=True, slots=True)
class Reliability:
    """Cronbach's alpha of a quiz, at most 1.

    Attributes:
        whole: Of all questions; None with fewer than two, with too few learners, or where not all are asked.
        without: Of the others, by the question that is left out.
    """

    whole: float | None
    without: Mapping[str, float | None]


def alpha(learners: Sequence[Scores], questions: Sequence[str]) -> Reliability:
    """The reliability of a quiz, and of what remains without each of its questions."""
    nothing = Reliability(None, dict.fromkeys(questions))
    if len(learners) < FEWEST or any(question not in scores for scores in learners for question in questions):
        return nothing
    columns = {question: [scores[question] for scores in learners] for question in questions}
    variances = {question: _variance(column) for question, column in columns.items()}
    totals = [math.fsum(column) for column in zip(*columns.values(), strict=True)]

    def of(count: int, parts: float, sums: Sequence[float]) -> float | None:
        if count < 2 or _constant(sums):
            return None
        return count / (count - 1) * (1 - parts / _variance(sums))

    parts = math.fsum(variances.values())
    return Reliability(
        of(len(questions), parts, totals),
        {
            question: of(
                len(questions) - 1,
                parts - variances[question],
                [total - own for total, own in zip(totals, columns[question], strict=True)],
            )
            for question in questions
        },
    )


def _variance(values: Sequence[float]) -> float:
    """Of a sample, by plain floats: the exact fractions of `statistics` take long, and say the same."""
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)


def standard_error(totals: Sequence[float], reliability: float | None) -> float | None:
    """The standard error of measurement, in the unit of the totals; None where there is no reliability."""
    if reliability is None or len(totals) < FEWEST:
        return None
    return statistics.stdev(totals) * math.sqrt(1 - max(0.0, min(1.0, reliability)))


def thirds(totals: Sequence[float]) -> tuple[list[int], list[int]]:
    """Places of the upper and of the lower third, as many in both.

    Empty with fewer than three, and where somebody of the lower third did as well as somebody of the upper one.

    Among equal totals at a border, the place in the sequence decides.
    """
    order = sorted(range(len(totals)), key=lambda place: (totals[place], place))
    size = len(totals) // 3
    upper, lower = order[len(order) - size :], order[:size]
    if not size or totals[upper[0]] - totals[lower[-1]] < 1e-12:
        return [], []
    return upper, lower
