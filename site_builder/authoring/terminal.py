"""Taking a quiz in a terminal: what `airlock quiz preview` asks and says."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from site_builder.course.grading import grade_quiz
from site_builder.course.marks import Grade, percent
from site_builder.course.model import Question, Quiz
from site_builder.course.papers import draw_paper, set_quiz
from site_builder.quizzes.base import Ask, Say, plain
from site_builder.quizzes.kinds import kind_of

REASONS = {
    "not-a-number": "this is no number",
    "unit-missing": "the unit is missing",
    "unit-unreadable": "this is no unit",
    "unit-unknown": "this unit does not fit",
    "unit-unexpected": "a number without a unit was asked for",
}


def take_quiz(quiz: Quiz, ask: Ask, say: Say, chance: Random) -> bool:
    """Ask every question of a quiz, and say how the answers did.

    Args:
        quiz: As it was compiled.
        ask: Gives the line that is typed after a prompt.
        say: Shows a line.
        chance: What is drawn and shuffled is drawn from it.

    Returns:
        Whether the quiz was passed.
    """
    paper = draw_paper(replace(quiz, practice=False), chance)
    asked = set_quiz(quiz, paper)
    responses: dict[str, Any] = {}
    for number, question in enumerate(asked.questions, start=1):
        say("")
        critical = "  (must be right)" if question.critical else ""
        say(f"{number}/{len(asked.questions)}  {plain(kind_of(question).in_terminal(question))}{critical}")
        responses[question.id] = kind_of(question).ask(question, paper.orders.get(question.id, ()), ask, say)
    result = grade_quiz(asked, responses)
    say("")
    for number, question in enumerate(asked.questions, start=1):
        _tell(number, question, responses[question.id], result.grades[question.id], say)
    say("")
    verdict = "passed" if result.passed else "not passed"
    say(f"{percent(result.score)} %, {verdict} (pass at {quiz.pass_mark} %)")
    if result.failed_critical:
        say(f"A question that must be right was wrong: {', '.join(result.failed_critical)}.")
    return result.passed


def _tell(number: int, question: Question, response: Any, grade: Grade, say: Say) -> None:
    """How one answer did, with its feedback."""
    word = (
        "right" if grade.correct else "no answer" if not grade.answered else "partly right" if grade.score else "wrong"
    )
    reason = f" ({REASONS[grade.reason]})" if grade.reason in REASONS else ""
    say(f"{number}  {word}{reason}" + ("" if grade.correct else f"; right: {kind_of(question).right(question)}"))
    for answer, feedback in kind_of(question).remarks(question, response):
        say(f"     {plain(answer)}: {plain(feedback)}")
    explanation = question.key().get("explanation", question.explanation)
    for line in plain(explanation).split("\n") if explanation else ():
        say(f"     {line}")
