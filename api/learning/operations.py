"""Attempts, their grading, and progress. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.catalogue.models import ModuleVersion
from api.catalogue.operations import (
    NEVER_PUBLISHED,
    Standing,
    current_catalogue,
    find_edition,
    module_of_version,
    standings,
)
from api.core import audit
from api.core.errors import AttemptSubmitted, EditionUnknown, Invalid, NoAttemptsLeft, NotFound
from api.learning.models import Attempt, ModuleProgress, Reading
from site_builder.course.grading import grade_quiz
from site_builder.course.model import ChoiceQuestion, Course, Module, Numeric, Question, Quiz

State = Literal["open", "started", "done", "renew"]


@dataclass(frozen=True, slots=True)
class ModuleState:
    """A learner's standing in a module, as shown.

    Attributes:
        state: Nothing yet, something, complete, or complete before a major revision.
        best_score: Of its graded quizzes, 0..1; None before the first attempt.
        changed: Whether a minor revision came after it was completed.
    """

    id: str
    state: State
    read: bool
    best_score: float | None
    updated_at: datetime | None
    changed: bool


def start_attempt(
    session: Session, person: Person, *, module_id: str, quiz_id: str, edition: str, lang: str, at: datetime
) -> Attempt:
    """Begin an attempt, or go on with the one that was begun and not handed in.

    Raises:
        NotFound: There is no such module, or no such graded quiz in it.
        EditionUnknown: The module never looked like the learner's page, or did so before a major revision.
        NoAttemptsLeft: The quiz allows no more.
    """
    _one_writer(session, person)
    version = find_edition(session, module_id, edition)
    seen = _graded_quiz(module_of_version(session, version.version), lang, quiz_id)
    if version.epoch < standings(session).get(module_id, NEVER_PUBLISHED).epoch:
        raise EditionUnknown("The module was revised: the page must be loaded again.")
    _check_attempts(session, person, module_id, _current_quiz(session, module_id, seen), version.epoch)
    open_attempt = session.scalar(
        select(Attempt)
        .where(_of(person, module_id, quiz_id), Attempt.submitted_at.is_(None))
        .order_by(Attempt.number.desc())
        .limit(1)
    )
    if open_attempt:
        return open_attempt
    attempt = Attempt(
        person_id=person.id,
        module_id=module_id,
        quiz_id=quiz_id,
        version=version.version,
        lang=lang,
        number=_next_number(session, person, module_id, quiz_id),
        started_at=at,
    )
    session.add(attempt)
    _update_progress(session, person.id, module_id, at)
    session.flush()
    return attempt


def submit_attempt(
    session: Session,
    person: Person,
    attempt_id: uuid.UUID,
    responses: Mapping[str, Any],
    *,
    edition: str,
    lang: str,
    at: datetime,
) -> Attempt:
    """Hand in an attempt: grade it against the page that the learner answered on, and keep both for good.

    Raises:
        NotFound: The attempt is not this person's.
        AttemptSubmitted: It was handed in before.
        EditionUnknown: The module never looked like the learner's page.
        NoAttemptsLeft: Others were handed in meanwhile.
        Invalid: A response to a question that the quiz does not have.
    """
    _one_writer(session, person)
    attempt = find_attempt(session, person, attempt_id)
    if attempt.submitted_at is not None:
        raise AttemptSubmitted("The attempt was handed in already.")
    version = find_edition(session, attempt.module_id, edition)
    quiz = _graded_quiz(module_of_version(session, version.version), lang, attempt.quiz_id)
    _check_attempts(session, person, attempt.module_id, _current_quiz(session, attempt.module_id, quiz), version.epoch)
    unknown = sorted(set(responses) - {question.id for question in quiz.questions})
    if unknown:
        raise Invalid(f"The quiz has no question {unknown[0]!r}.", field=f"responses.{unknown[0]}")
    result = grade_quiz(quiz, responses)
    attempt.version, attempt.lang = version.version, lang
    attempt.submitted_at = at
    attempt.responses = dict(responses)
    attempt.grades = {question_id: asdict(grade) for question_id, grade in result.grades.items()}
    attempt.score = result.score
    attempt.passed = result.passed
    attempt.failed_critical = list(result.failed_critical)
    _note_reading(session, person.id, attempt.module_id, attempt.version, at)
    session.flush()
    audit.record(
        session,
        at=at,
        actor=str(person.id),
        action="attempt.submit",
        subject=f"attempt:{attempt.id}",
        new={
            "module": attempt.module_id,
            "quiz": attempt.quiz_id,
            "version": attempt.version,
            "score": attempt.score,
            "passed": attempt.passed,
        },
    )
    _update_progress(session, person.id, attempt.module_id, at)
    return attempt


def _one_writer(session: Session, person: Person) -> None:
    """Let the writes of one person follow one another: limits are counted and summaries made of what is there.

    On SQLite there is one writer anyway. On PostgreSQL the lock leaves foreign keys to the person alone: those are
    held already, by the row of the idempotency key.
    """
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))


def _current_quiz(session: Session, module_id: str, seen: Quiz) -> Quiz:
    """The quiz as it is now, whose limit and release rule hold for everybody; as it was seen where it is gone."""
    module = current_catalogue(session).modules.get(module_id)
    quiz = module.page("").find_quiz(seen.id) if module else None
    return quiz if quiz and not quiz.practice else seen


def _check_attempts(session: Session, person: Person, module_id: str, quiz: Quiz, epoch: int) -> None:
    if quiz.attempts is not None and count_submitted(session, person, module_id, quiz.id, epoch) >= quiz.attempts:
        raise NoAttemptsLeft(f"The quiz allows {quiz.attempts} attempts.")


def read_module(session: Session, person: Person, module_id: str, edition: str, at: datetime) -> None:
    """Note that a person read a module in the edition that they saw; a second time changes nothing.

    Raises:
        NotFound: There is no such module.
        EditionUnknown: The module never looked like the learner's page.
    """
    _one_writer(session, person)
    version = find_edition(session, module_id, edition)
    if _note_reading(session, person.id, module_id, version.version, at):
        _update_progress(session, person.id, module_id, at)


def find_attempt(session: Session, person: Person, attempt_id: uuid.UUID) -> Attempt:
    """A person's own attempt.

    Raises:
        NotFound: It does not exist, or is somebody else's.
    """
    attempt = session.scalar(select(Attempt).where(Attempt.id == attempt_id, Attempt.person_id == person.id))
    if attempt is None:
        raise NotFound("There is no such attempt.")
    return attempt


def attempts_of(session: Session, person: Person, module_id: str, quiz_id: str) -> list[Attempt]:
    """A person's attempts at a quiz, the newest first."""
    return list(session.scalars(select(Attempt).where(_of(person, module_id, quiz_id)).order_by(Attempt.number.desc())))


def attempts_left(session: Session, person: Person, module_id: str, quiz_id: str) -> int | None:
    """How many attempts a person still has by the current version of the quiz; None is no limit.

    Raises:
        NotFound: There is no such quiz.
    """
    module = current_catalogue(session).modules.get(module_id)
    if module is None:
        raise NotFound("There is no such module.")
    quiz = _graded_quiz(module, "", quiz_id)
    if quiz.attempts is None:
        return None
    epoch = standings(session).get(module_id, NEVER_PUBLISHED).epoch
    return max(0, quiz.attempts - count_submitted(session, person, module_id, quiz_id, epoch))


def count_submitted(session: Session, person: Person, module_id: str, quiz_id: str, epoch: int) -> int:
    """How many attempts a person handed in within an epoch: a major revision gives everybody new ones."""
    count = (
        select(func.count())
        .select_from(Attempt)
        .join(ModuleVersion, ModuleVersion.version == Attempt.version)
        .where(_of(person, module_id, quiz_id), Attempt.submitted_at.is_not(None), ModuleVersion.epoch == epoch)
    )
    return session.scalar(count) or 0


def _next_number(session: Session, person: Person, module_id: str, quiz_id: str) -> int:
    last = session.scalar(select(func.max(Attempt.number)).where(_of(person, module_id, quiz_id)))
    return (last or 0) + 1


def quiz_of(session: Session, attempt: Attempt) -> Quiz:
    """The quiz of an attempt, as the learner saw it."""
    return _graded_quiz(module_of_version(session, attempt.version), attempt.lang, attempt.quiz_id)


def is_released(session: Session, person: Person, attempt: Attempt) -> bool:
    """Whether feedback and keys may be shown by the quiz's release rule, as it is now.

    `now`: with every result. `passed`: once the learner passed or has no attempt left. `closed`: once none is left.
    Only attempts within the epoch of this one count: the questions of another one may be others.
    """
    if attempt.submitted_at is None:
        return False
    quiz = _current_quiz(session, attempt.module_id, quiz_of(session, attempt))
    if quiz.release == "now":
        return True
    epoch = select(ModuleVersion.epoch).where(ModuleVersion.version == attempt.version).scalar_subquery()
    passed = list(
        session.scalars(
            select(Attempt.passed)
            .join(ModuleVersion, ModuleVersion.version == Attempt.version)
            .where(
                _of(person, attempt.module_id, attempt.quiz_id),
                Attempt.submitted_at.is_not(None),
                ModuleVersion.epoch == epoch,
            )
        )
    )
    used_up = quiz.attempts is not None and len(passed) >= quiz.attempts
    return used_up or (quiz.release == "passed" and any(passed))


def public_key(question: Question) -> dict[str, Any]:
    """Key and feedback of a question, once they are released."""
    key: dict[str, Any] = {"explanation": question.explanation}
    if isinstance(question, ChoiceQuestion):
        key["right"] = sorted(question.right_ids, key=int)
        key["feedback"] = {option.id: option.feedback for option in question.options if option.feedback}
    if isinstance(question, Numeric):
        key["answer"] = question.answer
    return key


def course_progress(session: Session, person: Person, course_id: str) -> list[ModuleState]:
    """A person's standing in every module of a course, in its order.

    Raises:
        NotFound: There is no such course.
    """
    course = current_catalogue(session).courses.get(course_id)
    if course is None:
        raise NotFound("There is no such course.")
    return progress_of(session, person.id, [course])[course_id]


def progress_of(session: Session, person_id: uuid.UUID, courses: Iterable[Course]) -> dict[str, list[ModuleState]]:
    """A person's standing in the modules of several courses, in two queries."""
    rows = {
        row.module_id: row
        for row in session.scalars(select(ModuleProgress).where(ModuleProgress.person_id == person_id))
    }
    found = standings(session)
    return {
        course.id: [
            state_of(rows.get(module_id), module_id, found.get(module_id, NEVER_PUBLISHED))
            for module_id in course.module_ids
        ]
        for course in courses
    }


def state_of(row: ModuleProgress | None, module_id: str, standing: Standing) -> ModuleState:
    """What a summary means by the module's newest version."""
    if row is None:
        return ModuleState(module_id, "open", False, None, None, changed=False)
    if row.completed_epoch is None:
        state: State = "started"
    else:
        state = "done" if row.completed_epoch >= standing.epoch else "renew"
    # What must be renewed must be read again.
    read = row.read_at is not None and state != "renew"
    changed = state == "done" and bool(
        row.completed_at and standing.changed_at and row.completed_at < standing.changed_at
    )
    return ModuleState(module_id, state, read, row.best_score, row.updated_at, changed=changed)


def recompute_progress(session: Session, person_id: uuid.UUID, module_id: str) -> dict[str, Any]:
    """The summary of a person's facts in a module, as `module_progress` must have it."""
    versions = list(
        session.scalars(
            select(ModuleVersion).where(ModuleVersion.module_id == module_id).order_by(ModuleVersion.sequence.desc())
        )
    )
    epoch_of = {version.version: version.epoch for version in versions}
    attempts = list(
        session.scalars(
            select(Attempt)
            .where(Attempt.person_id == person_id, Attempt.module_id == module_id, Attempt.submitted_at.is_not(None))
            .order_by(Attempt.submitted_at, Attempt.number)
        )
    )
    readings = list(
        session.scalars(select(Reading).where(Reading.person_id == person_id, Reading.module_id == module_id))
    )
    quizzes: dict[str, Any] = {}
    for attempt in attempts:
        entry = quizzes.setdefault(attempt.quiz_id, {"best": 0.0, "passed": False, "attempts": 0})
        entry["best"] = max(entry["best"], attempt.score or 0.0)
        entry["passed"] = entry["passed"] or bool(attempt.passed)
        entry["attempts"] += 1
    completed_at, completed_epoch = _completion(session, versions, epoch_of, attempts, readings)
    return {
        "read_at": min((reading.at for reading in readings), default=None),
        "quizzes": quizzes,
        "best_score": max((entry["best"] for entry in quizzes.values()), default=None),
        "completed_at": completed_at,
        "completed_epoch": completed_epoch,
    }


def _completion(
    session: Session,
    versions: list[ModuleVersion],
    epoch_of: dict[str, int],
    attempts: list[Attempt],
    readings: list[Reading],
) -> tuple[datetime | None, int | None]:
    """When, and in which epoch, a lesson was completed; the newest epoch first.

    A lesson is complete when it was read and the graded quizzes of one of its versions in that epoch were passed: a
    minor revision that adds a quiz reopens nothing.
    """
    for epoch in sorted(set(epoch_of.values()), reverse=True):
        read = min((reading.at for reading in readings if epoch_of[reading.version] == epoch), default=None)
        if read is None:
            continue
        passed: dict[str, datetime] = {}
        for attempt in attempts:
            if attempt.passed and attempt.submitted_at and epoch_of[attempt.version] == epoch:
                passed.setdefault(attempt.quiz_id, attempt.submitted_at)
        for version in (version for version in versions if version.epoch == epoch):
            module = module_of_version(session, version.version)
            if module.kind == "lesson" and set(module.graded_quiz_ids) <= set(passed):
                return max([read, *(passed[quiz_id] for quiz_id in module.graded_quiz_ids)]), epoch
    return None, None


def _update_progress(session: Session, person_id: uuid.UUID, module_id: str, at: datetime) -> None:
    session.flush()
    values = recompute_progress(session, person_id, module_id)
    row = session.get(ModuleProgress, (person_id, module_id))
    if row is None:
        row = ModuleProgress(person_id=person_id, module_id=module_id, updated_at=at)
        session.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.updated_at = at
    session.flush()


def _note_reading(session: Session, person_id: uuid.UUID, module_id: str, version: str, at: datetime) -> bool:
    if session.get(Reading, (person_id, version)) is not None:
        return False
    session.add(Reading(person_id=person_id, version=version, module_id=module_id, at=at))
    return True


def _graded_quiz(module: Module, lang: str, quiz_id: str) -> Quiz:
    quiz = module.page(lang).find_quiz(quiz_id)
    if quiz is None or quiz.practice:
        raise NotFound("There is no such graded quiz.")
    return quiz


def _of(person: Person, module_id: str, quiz_id: str) -> Any:
    return (Attempt.person_id == person.id) & (Attempt.module_id == module_id) & (Attempt.quiz_id == quiz_id)
