"""One learner of a class, as their teacher sees them. Knows no HTTP and writes nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person
from api.catalogue.operations import current_catalogue
from api.classes.access import find_learner
from api.classes.assignments import courses_given
from api.classes.models import Class, ClassMember
from api.classes.notes import NoteLine, notes_about
from api.classes.operations import zone_of
from api.classes.standing import Cell, class_standing
from api.core.errors import NotFound
from api.events.standing import PlaceLine, places_of
from api.learning.models import Attempt, ClassAllowance
from api.learning.operations import corrected_quiz, is_released
from api.learning.scenes import breached_in
from site_builder.course.model import Catalogue, Question

MOST_ATTEMPTS = 200
"""The newest that a page shows; the export has all."""


@dataclass(frozen=True, slots=True)
class SaidLine:
    """One thing that a learner answered.

    Attributes:
        place: HTML of the gap or pair; "" where there is one place alone.
        html: What was chosen or typed.
    """

    place: str
    html: str
    right: bool


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """An answer of an attempt, with the feedback that belongs to it.

    Attributes:
        score: 0..1.
        feedback: HTML of what the author says to the chosen options.
    """

    id: str
    stem: str
    said: list[SaidLine]
    score: float
    correct: bool
    answered: bool
    confidence: int | None
    feedback: list[str]
    explanation: str


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """An attempt of a learner.

    Attributes:
        seconds: From beginning to handing in.
    """

    id: uuid.UUID
    module_id: str
    title: str
    quiz_id: str
    number: int
    started_at: datetime
    submitted_at: datetime | None
    seconds: float | None
    score: float | None
    passed: bool | None
    late: bool


@dataclass(frozen=True, slots=True)
class LearnerModule:
    """A module that the class gave a learner."""

    id: str
    title: str
    cell: Cell
    extra_attempts: int
    time_factor: float
    has_quiz: bool
    assignment_ids: list[uuid.UUID]


@dataclass(frozen=True, slots=True)
class LearnerPage:
    """A learner of a class.

    Attributes:
        dues: By assignment, when it is due for this learner, as a clock in the class shows it.
    """

    person: Person
    member: ClassMember
    modules: list[LearnerModule]
    attempts: list[AttemptLine]
    notes: list[NoteLine]
    seconds: float
    dues: dict[str, str]
    places: list[PlaceLine]


def learner_page(act: Act, group: Class, person_id: uuid.UUID, lang: str) -> LearnerPage:
    """What a learner of a class did in what the class was given, since they entered it.

    Raises:
        NotFound: There is no such learner in this class.
    """
    session = act.session
    member, person = find_learner(session, group, person_id)
    catalogue = current_catalogue(session)
    standing = class_standing(session, group, act.at)
    allowances = {
        row.module_id: row
        for row in session.scalars(
            select(ClassAllowance).where(
                ClassAllowance.person_id == person.id,
                ClassAllowance.class_id == group.id,
                ClassAllowance.ended_at.is_(None),
            )
        )
    }
    modules = []
    for module_id, cell in standing.cells[person.id].items():
        module = catalogue.modules[module_id]
        allowance = allowances.get(module_id)
        modules.append(
            LearnerModule(
                id=module_id,
                title=module.page(lang).title,
                cell=cell,
                extra_attempts=allowance.extra_attempts if allowance else 0,
                time_factor=allowance.time_factor if allowance else 1.0,
                has_quiz=bool(module.graded_quiz_ids),
                assignment_ids=[
                    item.id
                    for item in standing.work.assignments
                    if item.course_id == module_id.partition("/")[0]
                    and (item.module_ids is None or module_id in item.module_ids)
                    and standing.work.holds_for(item, person.id)
                ],
            )
        )
    mine = (
        (Attempt.person_id == person.id)
        & (Attempt.started_at >= member.joined_at)
        & in_courses(courses_given(session, group))
    )
    statement = select(Attempt).where(mine).order_by(Attempt.started_at.desc(), Attempt.id).limit(MOST_ATTEMPTS)
    lines = [_attempt_line(catalogue, attempt, lang) for attempt in session.scalars(statement)]
    given = set(courses_given(session, group))
    return LearnerPage(
        places=[
            line
            for line in places_of(session, person.id)
            if any(name.partition("/")[0] in given for name in line.event.module_ids)
        ],
        person=person,
        member=member,
        modules=modules,
        attempts=lines,
        notes=notes_about(session, act.person, group, person.id),
        dues={
            str(item.id): due.astimezone(zone_of(group)).strftime("%Y-%m-%dT%H:%M")
            for item in standing.work.assignments
            if (due := standing.work.due_for(item, person.id)) is not None
        },
        seconds=sum(
            seconds_of(row.started_at, row.submitted_at) or 0
            for row in session.execute(select(Attempt.started_at, Attempt.submitted_at).where(mine))
        ),
    )


def in_courses(courses: Iterable[str]) -> ColumnElement[bool]:
    """Which attempts are at modules of some courses."""
    return or_(false(), *(Attempt.module_id.startswith(f"{course}/", autoescape=True) for course in sorted(courses)))


def seconds_of(started_at: datetime, submitted_at: datetime | None) -> float | None:
    """From beginning to handing in; None before that."""
    return (submitted_at - started_at).total_seconds() if submitted_at else None


def _attempt_line(catalogue: Catalogue, attempt: Attempt, lang: str) -> AttemptLine:
    module = catalogue.modules.get(attempt.module_id)
    return AttemptLine(
        id=attempt.id,
        module_id=attempt.module_id,
        title=module.page(lang).title if module else attempt.module_id,
        quiz_id=attempt.quiz_id,
        number=attempt.number,
        started_at=attempt.started_at,
        submitted_at=attempt.submitted_at,
        seconds=seconds_of(attempt.started_at, attempt.submitted_at),
        score=attempt.score,
        passed=attempt.passed,
        late=attempt.late,
    )


@dataclass(frozen=True, slots=True)
class BreachLine:
    """Something that was done in a scene and is forbidden there; a critical one fails the attempt."""

    text: str
    critical: bool


@dataclass(frozen=True, slots=True)
class AttemptPage:
    """An attempt with its answers.

    Attributes:
        lang: Of the texts: the language in which the learner answered.
        feedback_given: Whether the learner has seen feedback and explanations.
        breaches: What was done in the scene that the quiz is asked in, in its order.
    """

    attempt: AttemptLine
    lang: str
    feedback_given: bool
    answers: list[AnswerLine]
    breaches: list[BreachLine]


def attempt_page(
    session: Session, group: Class, person_id: uuid.UUID, attempt_id: uuid.UUID, lang: str, at: datetime
) -> AttemptPage:
    """An attempt of a learner of a class, at something that the class was given.

    Raises:
        NotFound: There is no such learner in this class, or no such attempt of theirs.
    """
    member, person = find_learner(session, group, person_id)
    attempt = session.scalar(
        select(Attempt).where(
            Attempt.id == attempt_id,
            Attempt.person_id == person.id,
            Attempt.started_at >= member.joined_at,
            in_courses(courses_given(session, group)),
        )
    )
    if attempt is None:
        raise NotFound("There is no such attempt.")
    line = _attempt_line(current_catalogue(session), attempt, lang)
    if attempt.submitted_at is None:
        return AttemptPage(line, attempt.lang, False, [], [])
    quiz = corrected_quiz(session, attempt)
    answers = [
        _answer(question, attempt.responses.get(question.id), attempt.grades[question.id], attempt.confidence or {})
        for question in quiz.questions
        if question.id in attempt.grades
    ]
    breaches = [
        BreachLine(hotspot.does or hotspot.label, hotspot.breach == "critical")
        for hotspot in breached_in(session, attempt, quiz)
    ]
    return AttemptPage(line, attempt.lang, is_released(session, attempt, at), answers, breaches)


def _answer(question: Question, response: object, grade: dict[str, Any], confidence: dict[str, int]) -> AnswerLine:
    said = question.said(response)
    key = question.key()
    feedback = key.get("feedback", {})
    return AnswerLine(
        id=question.id,
        stem=question.set_stem(),
        said=[SaidLine(*question.wording(part), right=question.is_right(part)) for part in said],
        score=grade["score"],
        correct=grade["correct"],
        answered=grade["answered"],
        confidence=confidence.get(question.id),
        feedback=[feedback[part.value] for part in said if part.value in feedback],
        explanation=key.get("explanation", question.explanation),
    )
