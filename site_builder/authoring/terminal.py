"""Taking a quiz in a terminal: what `airlock quiz preview` asks and says."""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from site_builder.course.grading import grade_quiz
from site_builder.course.kinds.calculated import Calculated
from site_builder.course.kinds.choice import ChoiceQuestion
from site_builder.course.kinds.cloze import Cloze
from site_builder.course.kinds.matching import Matching
from site_builder.course.kinds.ordering import Ordering
from site_builder.course.marks import Grade, percent
from site_builder.course.model import Question, Quiz
from site_builder.course.papers import draw_paper, set_quiz
from site_builder.markup import lines_of

Ask = Callable[[str], str]
Say = Callable[[str], None]

REASONS = {
    "not-a-number": "this is no number",
    "unit-missing": "the unit is missing",
    "unit-unreadable": "this is no unit",
    "unit-unknown": "this unit does not fit",
    "unit-unexpected": "a number without a unit was asked for",
}


def plain(html: str) -> str:
    """HTML as lines of text."""
    return lines_of(html, picture="[picture: {}]")


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
        say(f"{number}/{len(asked.questions)}  {plain(_stem(question))}{critical}")
        responses[question.id] = _ask(question, paper.orders.get(question.id, ()), ask, say)
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


def _stem(question: Question) -> str:
    if isinstance(question, Calculated):
        return question.fill(question.stem)
    if isinstance(question, Cloze):
        return re.sub(r"⟦(\d+)⟧", r"[\1: ____]", question.stem)
    return question.stem


def _ask(question: Question, order: tuple[str, ...], ask: Ask, say: Say) -> Any:
    """The response to one question; None for an empty line."""
    match question:
        case ChoiceQuestion():
            return _ask_choice(question, order, ask, say)
        case Ordering():
            steps = sorted(question.steps, key=lambda step: step.id)
            picked = _pick(
                [plain(step.html) for step in steps], "The numbers in the right order, for example 2 1 3", ask, say
            )
            return [steps[place].id for place in picked] or None
        case Matching():
            return _ask_matching(question, ask, say)
        case Cloze():
            return _ask_cloze(question, ask, say)
    return ask("Answer").strip() or None


def _ask_choice(question: ChoiceQuestion, order: tuple[str, ...], ask: Ask, say: Say) -> Any:
    options = sorted(question.options, key=lambda option: order.index(option.id) if option.id in order else 0)
    several = len(question.right_ids) > 1
    picked = _pick([plain(option.html) for option in options], "Numbers" if several else "Number", ask, say)
    return [options[place].id for place in picked] or None


def _pick(texts: list[str], prompt: str, ask: Ask, say: Say) -> list[int]:
    """Places of what was picked by number; asks again for what is no number of the list."""
    for number, text in enumerate(texts, start=1):
        say(f"  {number}  {text}")
    while True:
        words = re.findall(r"\S+", ask(prompt).replace(",", " "))
        if all(word.isascii() and word.isdecimal() and 1 <= int(word) <= len(texts) for word in words):
            return list(dict.fromkeys(int(word) - 1 for word in words))
        say(f"Numbers from 1 to {len(texts)}, please.")


def _ask_matching(question: Matching, ask: Ask, say: Say) -> Any:
    matches = sorted(question.matches, key=lambda match: match.id)
    letters = string.ascii_lowercase[: len(matches)] if len(matches) <= 26 else None
    names = list(letters) if letters else [str(number) for number in range(1, len(matches) + 1)]
    for name, match in zip(names, matches, strict=True):
        say(f"  {name}  {plain(match.html)}")
    found = {}
    for pair in question.pairs:
        while True:
            said = ask(f"{plain(pair.html)} =>").strip().lower()
            if not said:
                break
            if said in names:
                found[pair.id] = matches[names.index(said)].id
                break
            say(f"One of {', '.join(names)}, please.")
    return found or None


def _ask_cloze(question: Cloze, ask: Ask, say: Say) -> Any:
    found = {}
    for gap in question.gaps:
        if gap.options:
            say(f"Gap {gap.id}:")
            picked = _pick(list(gap.options), "Number", ask, say)
            said = str(picked[0] + 1) if picked else ""
        else:
            said = ask(f"Gap {gap.id}").strip()
        if said:
            found[gap.id] = said
    return found or None


def _tell(number: int, question: Question, response: Any, grade: Grade, say: Say) -> None:
    """How one answer did, with its feedback."""
    word = (
        "right" if grade.correct else "no answer" if not grade.answered else "partly right" if grade.score else "wrong"
    )
    reason = f" ({REASONS[grade.reason]})" if grade.reason in REASONS else ""
    say(f"{number}  {word}{reason}" + ("" if grade.correct else f"; right: {_right(question)}"))
    if isinstance(question, ChoiceQuestion):
        for option in question.options:
            if option.feedback and option.id in (response or []):
                say(f"     {plain(option.html)}: {plain(option.feedback)}")
    explanation = question.key().get("explanation", question.explanation)
    for line in plain(explanation).split("\n") if explanation else ():
        say(f"     {line}")


def _right(question: Question) -> str:
    match question:
        case ChoiceQuestion():
            return " / ".join(plain(option.html) for option in question.options if option.correct)
        case Ordering():
            return ", ".join(f"{step.rank}. {plain(step.html)}" for step in question.right_steps)
        case Matching():
            texts = {match.id: plain(match.html) for match in question.matches}
            return "; ".join(f"{plain(pair.html)} => {texts[pair.match]}" for pair in question.pairs)
        case Cloze():
            return ", ".join(gap.answer for gap in question.gaps)
    key = question.key()
    return str(key.get("answer") or " / ".join(key.get("accepted", ())))
