"""What a trainer should know of a group before a practical: on one page, each line with its numbers. Writes nothing."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import Somebody
from api.catalogue.operations import current_catalogue, module_of_version
from api.discussion.models import Thread
from api.discussion.operations import waiting_questions
from api.events.attending import roster
from api.events.models import Event
from api.events.needs import verdicts_of
from api.learning.models import Attempt
from api.readiness.verdict import Verdict
from site_builder.course.model import Catalogue

FEW = 5
"""Learners; with fewer of them who answered, a share says nothing about a group."""
VERY_SURE = 3
OPENINGS = 3
WEAK = 0.8
"""Share of the points; an objective is worth opening with where the group, or a third of it, is below."""


@dataclass(frozen=True, slots=True)
class Weakness:
    """An objective, by the last attempts of the group.

    Attributes:
        objective: Its number in the module, from 1; 0 for questions that name none.
        learners: Who answered questions of it.
        share: Mean share of the points, 0..1.
        below: How many of them have less than `WEAK`.
    """

    module_id: str
    objective: int
    learners: int
    share: float
    below: int


@dataclass(frozen=True, slots=True)
class SureAndWrong:
    """A question that somebody answered wrongly and was very sure of.

    Attributes:
        answered: How many of the group answered it.
        wrong: How many of those did so wrongly.
        sure: Who of those was very sure; for the trainer alone.
    """

    module_id: str
    quiz_id: str
    question_id: str
    stem: str
    answered: int
    wrong: int
    sure: list[Somebody]


@dataclass(frozen=True, slots=True)
class Opening:
    """Something to begin with, and why: as many people as it is about, of how many.

    Attributes:
        kind: A belief that is wrong and held firmly; an objective; questions that wait for an answer.
        concerns: How many people.
        of: Of how many.
        share: Of the points, 0..1, of an objective; None otherwise.
    """

    kind: Literal["belief", "objective", "questions"]
    module_id: str
    objective: int
    stem: str
    concerns: int
    of: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Briefing:
    """A group before a practical.

    Attributes:
        people: Everybody with a place, with their verdicts.
        answered: How many of them handed in anything that counts here.
        few: Whether that is too few to say anything of the group.
    """

    people: list[tuple[Somebody, Verdict]]
    answered: int
    few: bool
    weaknesses: list[Weakness]
    sure_and_wrong: list[SureAndWrong]
    questions: list[Thread]
    openings: list[Opening]


def briefing_of(session: Session, event: Event, lang: str, at: datetime) -> Briefing:
    """The briefing of an event; the number of queries is fixed."""
    catalogue = current_catalogue(session)
    people: list[Somebody] = [line.person for line in roster(session, event) if line.booking.state == "booked"]
    ids = [person.id for person in people]
    verdicts = verdicts_of(session, event, ids, at)
    about = _modules_about(catalogue, event)
    attempts = _last_attempts(session, ids, about)
    weaknesses = _weaknesses(session, attempts)
    sure = _sure_and_wrong(session, attempts, {person.id: person for person in people}, lang)
    questions = waiting_questions(session, ids, [*about, *event.module_ids])
    answered = len({attempt.person_id for attempt in attempts})
    few = answered < FEW
    return Briefing(
        people=[(person, verdicts[person.id]) for person in people],
        answered=answered,
        few=few,
        weaknesses=weaknesses,
        sure_and_wrong=sure,
        questions=questions,
        openings=_openings([] if few else weaknesses, sure, questions, len(people)),
    )


def _modules_about(catalogue: Catalogue, event: Event) -> list[str]:
    """What an event builds on: what its modules ask for first, and what stands before them in their course."""
    found: list[str] = []
    for name in event.module_ids:
        module = catalogue.modules.get(name)
        if module is None:
            continue
        order = catalogue.course_of(name).module_ids
        found.extend((*order[: order.index(name)], *module.comes_after))
    return list(dict.fromkeys(name for name in found if name in catalogue.modules))


def _last_attempts(session: Session, people: Collection[uuid.UUID], module_ids: Collection[str]) -> list[Attempt]:
    found: dict[tuple[uuid.UUID, str, str], Attempt] = {}
    for attempt in session.scalars(
        select(Attempt)
        .where(
            Attempt.person_id.in_(people),
            Attempt.module_id.in_(module_ids),
            Attempt.submitted_at.is_not(None),
        )
        .order_by(Attempt.number)
    ):
        found[attempt.person_id, attempt.module_id, attempt.quiz_id] = attempt
    return list(found.values())


def _weaknesses(session: Session, attempts: Sequence[Attempt]) -> list[Weakness]:
    points: dict[tuple[str, int], dict[uuid.UUID, list[float]]] = defaultdict(lambda: defaultdict(list))
    for attempt in attempts:
        quiz = module_of_version(session, attempt.version).page("").find_quiz(attempt.quiz_id)
        for question in quiz.questions if quiz else ():
            if question.id in attempt.grades:
                points[attempt.module_id, question.objective][attempt.person_id].append(
                    attempt.grades[question.id]["score"]
                )
    found = []
    for (module_id, objective), by_person in points.items():
        shares = [sum(scores) / len(scores) for scores in by_person.values()]
        mean = sum(shares) / len(shares)
        found.append(Weakness(module_id, objective, len(shares), mean, sum(share < WEAK for share in shares)))
    return sorted(found, key=lambda one: (one.share, one.module_id, one.objective))


def _sure_and_wrong(
    session: Session,
    attempts: Sequence[Attempt],
    people: Mapping[uuid.UUID, Somebody],
    lang: str,
) -> list[SureAndWrong]:
    seen: dict[tuple[str, str, str], SureAndWrong] = {}
    counts: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for attempt in attempts:
        for question_id, grade in attempt.grades.items():
            key = (attempt.module_id, attempt.quiz_id, question_id)
            counts[key][0] += 1
            if grade["correct"]:
                continue
            counts[key][1] += 1
            if (attempt.confidence or {}).get(question_id, 0) >= VERY_SURE and grade["answered"]:
                if key not in seen:
                    stem = _stem(session, attempt, question_id, lang)
                    if stem is None:
                        continue
                    seen[key] = SureAndWrong(*key, stem, 0, 0, [])
                seen[key].sure.append(people[attempt.person_id])
    found = [replace(one, answered=counts[key][0], wrong=counts[key][1]) for key, one in seen.items()]
    return sorted(found, key=lambda one: (-len(one.sure), -one.wrong, one.module_id, one.question_id))


def _stem(session: Session, attempt: Attempt, question_id: str, lang: str) -> str | None:
    quiz = module_of_version(session, attempt.version).page(lang).find_quiz(attempt.quiz_id)
    found = next((one for one in quiz.questions if one.id == question_id), None) if quiz else None
    return found.readable_stem() if found else None


def _openings(
    weaknesses: Sequence[Weakness], sure: Sequence[SureAndWrong], questions: Sequence[Thread], people: int
) -> list[Opening]:
    """Three things to begin with: those that concern most people. What is firmly believed counts twice."""
    found = [
        (2 * len(one.sure), Opening("belief", one.module_id, 0, one.stem, len(one.sure), one.answered, None))
        for one in sure
    ]
    found += [
        (one.below, Opening("objective", one.module_id, one.objective, "", one.below, one.learners, one.share))
        for one in weaknesses
        if one.share < WEAK or one.below * 3 >= one.learners
    ]
    asked: dict[str, set[uuid.UUID]] = defaultdict(set)
    for thread in questions:
        asked[thread.module_id].add(thread.author_id)
    found += [(len(who), Opening("questions", name, 0, "", len(who), people, None)) for name, who in asked.items()]
    found.sort(key=lambda one: -one[0])
    return [opening for _, opening in found[:OPENINGS]]
