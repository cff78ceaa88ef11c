"""Which questions somebody refreshes today, and what an answer does. Knows no HTTP and never commits.

Asked are questions that a learner has met: of practice quizzes of lessons that they read, and of graded ones whose
answers were released to them; those that they got wrong first (the notebook of mistakes). Only where it is of use:
while something with a trainer is still to come in the course, or before something in it expires.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.operations import one_writer
from api.catalogue.operations import NOT_PUBLISHED, ModuleNow, current_catalogue, modules_now
from api.evidence.models import ModuleProgress
from api.evidence.progress import find_state
from api.evidence.validity import ZONE
from api.learning.models import Attempt
from api.learning.operations import is_released
from api.refreshers.errors import NotDue
from api.refreshers.memory import first_memory, next_memory, retrievability
from api.refreshers.models import RefresherCard
from site_builder.course.marks import Grade
from site_builder.course.model import Catalogue, Course, Module, Question, Quiz

A_DAY = 8
"""Questions: at a quarter of a minute each, two minutes."""
AHEAD = timedelta(days=90)
"""How long before the end of a validity refreshing begins."""

Key = tuple[str, str, str]
"""Module, quiz, question."""


@dataclass(frozen=True, slots=True)
class DueCard:
    """A question to be asked.

    Attributes:
        html: Controls without a key, where the page of the lesson does not have them; "" otherwise.
        mistaken: Whether it was answered wrongly in an attempt.
    """

    module: Module
    quiz: Quiz
    question: Question
    html: str
    mistaken: bool


@dataclass(frozen=True, slots=True)
class Today:
    """What somebody refreshes today.

    Attributes:
        cards: To be asked, the most urgent first.
        done: How many were answered today.
        mistakes: How many questions of the notebook of mistakes were not answered right since.
        total: How many questions they keep fresh.
        next_at: When the next one is due, where none is today.
    """

    cards: list[DueCard]
    done: int
    mistakes: int
    total: int
    next_at: datetime | None


def active_courses(session: Session, person_id: uuid.UUID, at: datetime) -> list[Course]:
    """The courses in which refreshing is of use to somebody now: begun, and with a door still to go through."""
    catalogue, now = current_catalogue(session), modules_now(session)
    rows = {
        row.module_id: row
        for row in session.scalars(select(ModuleProgress).where(ModuleProgress.person_id == person_id))
    }
    begun = {name.partition("/")[0] for name in rows}
    return [
        course
        for name, course in catalogue.courses.items()
        if name in begun
        and any(
            _is_ahead(module, rows.get(module.id), now.get(module.id, NOT_PUBLISHED), at)
            for module in catalogue.modules_of(course)
        )
    ]


def _is_ahead(module: Module, row: ModuleProgress | None, now: ModuleNow, at: datetime) -> bool:
    if row is None or find_state(row, now, at) != "done":
        return not module.rules.online
    return row.valid_until is not None and row.valid_until <= at + AHEAD


def _candidates(
    session: Session, person_id: uuid.UUID, courses: Collection[Course], at: datetime
) -> Iterator[tuple[Key, bool | None, datetime]]:
    """Questions that somebody met, whether their last answer was right, and when that was."""
    catalogue = current_catalogue(session)
    module_ids = [name for course in courses for name in course.module_ids]
    read = {
        row.module_id: row.read_at
        for row in session.execute(
            select(ModuleProgress.module_id, ModuleProgress.read_at).where(
                ModuleProgress.person_id == person_id,
                ModuleProgress.module_id.in_(module_ids),
                ModuleProgress.read_at.is_not(None),
            )
        )
    }
    attempts = {
        (attempt.module_id, attempt.quiz_id): attempt
        for attempt in session.scalars(
            select(Attempt)
            .where(
                Attempt.person_id == person_id,
                Attempt.module_id.in_(module_ids),
                Attempt.submitted_at.is_not(None),
            )
            .order_by(Attempt.number)
        )
    }
    for name in module_ids:
        for quiz in next(iter(catalogue.modules[name].pages.values())).quizzes:
            attempt = attempts.get((name, quiz.id))
            if quiz.practice and name in read:
                yield from (((name, quiz.id, one.id), None, read[name]) for one in quiz.questions if not one.draws)
            elif not quiz.practice and attempt is not None and is_released(session, attempt, at):
                for one in quiz.questions:
                    # What was left open was not shown with the result either.
                    if (
                        attempt.grades.get(one.id, {}).get("answered")
                        and not one.draws
                        and attempt.submitted_at is not None
                    ):
                        yield (name, quiz.id, one.id), attempt.grades[one.id]["correct"], attempt.submitted_at


def add_cards(act: Act) -> int:
    """Add the questions that somebody has met since; gives how many. A question that is kept stays as it is."""
    session, person_id = act.session, act.person.id
    one_writer(session, person_id)
    courses = active_courses(session, person_id, act.at)
    if not courses:
        return 0
    known = set(_keys(session, person_id))
    rows = []
    for key, right, at in _candidates(session, person_id, courses, act.at):
        if key not in known:
            memory, due = first_memory(right, at)
            rows.append(
                {
                    "person_id": person_id,
                    "module_id": key[0],
                    "quiz_id": key[1],
                    "question_id": key[2],
                    "memory": memory,
                    "due_at": due,
                    "wrong": 0,
                    "mistaken": right is False,
                    "reviewed_at": None,
                    "last_right": None,
                }
            )
    if rows:
        session.execute(insert(RefresherCard), rows)
    return len(rows)


def _keys(session: Session, person_id: uuid.UUID) -> Iterator[Key]:
    for row in session.execute(
        select(RefresherCard.module_id, RefresherCard.quiz_id, RefresherCard.question_id).where(
            RefresherCard.person_id == person_id
        )
    ):
        yield row.module_id, row.quiz_id, row.question_id


def today(session: Session, person_id: uuid.UUID, lang: str, at: datetime) -> Today:
    """What somebody refreshes today: those that are due, mistakes first, then what is nearest to being forgotten."""
    catalogue = current_catalogue(session)
    active = {course.id for course in active_courses(session, person_id, at)}
    cards = [
        card
        for card in session.scalars(select(RefresherCard).where(RefresherCard.person_id == person_id))
        if card.module_id.partition("/")[0] in active and _find(catalogue, card, lang) is not None
    ]
    morning = _morning(at)
    done = sum(card.reviewed_at is not None and card.reviewed_at >= morning for card in cards)
    evening = morning + timedelta(days=1)
    due = sorted(
        (card for card in cards if card.due_at < evening),
        key=lambda card: (not _is_mistake(card), retrievability(card.memory, at) or 0.5, card.due_at),
    )
    found = [_due_card(catalogue, card, lang) for card in due[: max(0, A_DAY - done)]]
    return Today(
        cards=found,
        done=done,
        mistakes=sum(map(_is_mistake, cards)),
        total=len(cards),
        next_at=None if found else min((card.due_at for card in cards if card.due_at >= evening), default=None),
    )


def _morning(at: datetime) -> datetime:
    """The beginning of the day, where the centre is."""
    return at.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)


def _is_mistake(card: RefresherCard) -> bool:
    """Whether it was answered wrongly in an attempt, and not right since."""
    return card.mistaken and not card.last_right


def _find(catalogue: Catalogue, card: RefresherCard, lang: str) -> tuple[Module, Quiz, Question] | None:
    module = catalogue.modules.get(card.module_id)
    quiz = module.page(lang).find_quiz(card.quiz_id) if module else None
    question = next((one for one in quiz.questions if one.id == card.question_id), None) if quiz else None
    return (module, quiz, question) if module and quiz and question and not question.draws else None


def _due_card(catalogue: Catalogue, card: RefresherCard, lang: str) -> DueCard:
    found = _find(catalogue, card, lang)
    assert found is not None
    module, quiz, question = found
    return DueCard(module, quiz, question, quiz.sheets.get(question.id, ""), _is_mistake(card))


def _card(act: Act, key: Key, lang: str) -> tuple[RefresherCard, Question]:
    one_writer(act.session, act.person.id)
    card = act.session.get(RefresherCard, (act.person.id, *key))
    found = _find(current_catalogue(act.session), card, lang) if card else None
    if card is None or found is None or card.due_at >= _morning(act.at) + timedelta(days=1):
        raise NotDue("The question was answered today, or is gone.")
    return card, found[2]


def answer(act: Act, key: Key, response: Any, lang: str) -> tuple[Grade, Question, datetime]:
    """Answer a question; gives its marking, and when it comes again: as it is about to be forgotten.

    Raises:
        NotDue: It is not to be asked now.
    """
    card, question = _card(act, key, lang)
    grade = question.mark(response)
    card.memory, card.due_at = next_memory(card.memory, grade.correct, act.at)
    card.reviewed_at, card.last_right = act.at, grade.correct
    card.wrong += not grade.correct
    act.session.flush()
    return grade, question, card.due_at


def skip(act: Act, key: Key, lang: str) -> None:
    """Put a question off until tomorrow; nothing else follows from it.

    Raises:
        NotDue: It is not to be asked now.
    """
    card, _ = _card(act, key, lang)
    card.due_at = act.at + timedelta(days=1)
    act.session.flush()


@dataclass(frozen=True, slots=True)
class Retention:
    """How well an objective is remembered by a group.

    Attributes:
        objective: Its number in the module, from 1; 0 for questions that name none.
        learners: Who keeps questions of it fresh.
        share: Mean chance of a right answer now, 0..1, over the questions that were answered at least once.
    """

    module_id: str
    objective: int
    learners: int
    share: float


def retention_of(
    session: Session, people: Collection[uuid.UUID], courses: Collection[str], at: datetime
) -> tuple[list[Retention], int]:
    """How well objectives of some courses are remembered by a group, the worst first; in one query.

    Returns:
        The objectives, and how many of the group answered any question of them.
    """
    catalogue = current_catalogue(session)
    chances: dict[tuple[str, int], list[float]] = {}
    who: dict[tuple[str, int], set[uuid.UUID]] = {}
    for card in session.scalars(select(RefresherCard).where(RefresherCard.person_id.in_(people))):
        found = _find(catalogue, card, "")
        chance = retrievability(card.memory, at)
        if found is not None and chance is not None and card.module_id.partition("/")[0] in courses:
            key = (card.module_id, found[2].objective)
            chances.setdefault(key, []).append(chance)
            who.setdefault(key, set()).add(card.person_id)
    lines = [Retention(*key, len(who[key]), sum(found) / len(found)) for key, found in chances.items()]
    return sorted(lines, key=lambda line: line.share), len(set().union(*who.values()))
