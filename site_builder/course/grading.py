"""Marking: pure and total. Any JSON value is a response; none raises.

How one response is marked stands with its kind of question, in `kinds/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from site_builder.course.marks import Grade
from site_builder.course.model import Question, Quiz


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


def grade(question: Question, response: object) -> Grade:
    """Mark one response.

    Args:
        question: Of any kind in the catalogue.
        response: Any JSON value; None, "", [] and {} count as unanswered.

    Returns:
        A grade with a score in 0..1.
    """
    return question.mark(response)


def grade_quiz(quiz: Quiz, responses: Mapping[str, object]) -> QuizGrade:
    """Mark every question of a quiz; a question without a response scores 0."""
    grades = {question.id: grade(question, responses.get(question.id)) for question in quiz.questions}
    if quiz.marking == "all-or-nothing":
        grades = {name: Grade(float(g.correct), g.correct, g.answered, g.reason) for name, g in grades.items()}
    points = sum(item.score for item in grades.values())
    total = len(quiz.questions)
    failed = tuple(q.id for q in quiz.questions if q.critical and not grades[q.id].correct)
    # Points against the mark times the number of questions: no rounding of a mean decides whether somebody passes.
    passed = bool(total) and not failed and points * 100 + 1e-9 >= quiz.pass_mark * total
    return QuizGrade(score=points / total if total else 0.0, passed=passed, failed_critical=failed, grades=grades)
