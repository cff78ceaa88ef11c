"""What one attempt is asked: which questions, in which order, with which values. Drawn once, then frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random

from site_builder.course.model import Question, Quiz, as_written


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The questions of one attempt.

    Attributes:
        questions: Ids, in the order in which they are asked.
        orders: Ids of the options in the order in which they are shown, by question; of those that are shuffled.
        values: Drawn values by question and name, as decimal digits.
    """

    questions: tuple[str, ...]
    orders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def draw_paper(quiz: Quiz, chance: Random) -> Paper:
    """Draw a paper. Critical questions are always on it."""
    questions = list(quiz.questions)
    if quiz.draw is not None and quiz.draw < len(questions):
        critical = [question for question in questions if question.critical]
        others = [question for question in questions if not question.critical]
        questions = critical + chance.sample(others, max(0, quiz.draw - len(critical)))
        chance.shuffle(questions)
    orders = {question.id: question.shuffled(chance) for question in questions} if quiz.shuffle else {}
    values = {question.id: question.draw(chance) for question in questions if question.draws}
    return Paper(
        questions=tuple(question.id for question in questions),
        orders={name: order for name, order in orders.items() if order},
        values=values,
    )


def set_quiz(quiz: Quiz, paper: Paper) -> Quiz:
    """The quiz as one attempt has it: its questions alone, with their values."""
    by_id = {question.id: question for question in quiz.questions}
    asked = tuple(by_id[name].bind(paper.values.get(name, {})) for name in paper.questions if name in by_id)
    return replace(quiz, questions=asked)


def with_keys_of(quiz: Quiz, newer: Quiz) -> Quiz:
    """An attempt's quiz with the questions of a newer version, where they ask the same.

    A question asks the same when learners have the same to choose from; only then do old responses mean what they
    meant. One that is gone stays gone: it counts no more.
    """
    by_id = {question.id: question for question in newer.questions}
    questions = []
    for question in quiz.questions:
        found = by_id.get(question.id)
        if found is not None:
            corrected = found.bind(question.bound)
            questions.append(corrected if asks_the_same(question, found) and corrected.has_key else question)
    return replace(quiz, questions=tuple(questions))


def asks_the_same(one: Question, other: Question) -> bool:
    """Whether a response to one question means the same as a response to another."""
    if one.kind != other.kind:
        return False
    if one.stem_md and other.stem_md:
        # HTML that a library makes in another way by now is no other question.
        one, other = as_written(one), as_written(other)
    return one.public() == other.public()
