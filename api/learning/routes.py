"""Routes of attempts and progress."""

from __future__ import annotations

import uuid
from typing import Any

from apiflask import APIBlueprint
from flask_login import current_user

from api.accounts.current import current_act
from api.core.clock import now
from api.core.database import current_session
from api.core.errors import NotFound
from api.core.idempotency import idempotent
from api.core.permissions import everyone_signed_in
from api.evidence.progress import course_progress
from api.learning import operations
from api.learning.models import Attempt
from api.learning.regrading import last_regrade
from api.learning.schemas import (
    AttemptOut,
    AttemptResult,
    AttemptStart,
    Correction,
    CourseProgress,
    HandedOutOut,
    History,
    ModuleStateOut,
    PaperOut,
    QuestionResult,
    QuizQuery,
    ReadingIn,
    Submission,
)

learning = APIBlueprint("learning", __name__, url_prefix="/api/v1", tag="Learning")


@learning.post("/attempts")
@everyone_signed_in(rows="own")
@learning.input(AttemptStart)
@learning.output(AttemptOut, status_code=201)
@idempotent
def start(json_data: AttemptStart) -> tuple[dict[str, Any], int]:
    """Begin an attempt at a graded quiz, or go on with the one that is open."""
    attempt = operations.start_attempt(
        current_act(),
        module_id=json_data.module,
        quiz_id=json_data.quiz,
        edition=json_data.edition,
        lang=json_data.lang,
    )
    return AttemptOut.model_validate(attempt).model_dump(mode="json"), 201


@learning.post("/attempts/<uuid:attempt_id>/submission")
@everyone_signed_in(rows="own")
@learning.input(Submission)
@learning.output(AttemptResult)
@idempotent
def submit(attempt_id: uuid.UUID, json_data: Submission) -> tuple[dict[str, Any], int]:
    """Hand in an attempt and get its result."""
    attempt = operations.submit_attempt(
        current_act(),
        attempt_id,
        json_data.responses,
        edition=json_data.edition,
        lang=json_data.lang,
        confidence=json_data.confidence,
        as_it_is=json_data.as_it_is,
    )
    return _result(attempt), 200


@learning.get("/attempts/<uuid:attempt_id>")
@everyone_signed_in(rows="own")
@learning.output(AttemptResult)
def result(attempt_id: uuid.UUID) -> dict[str, Any]:
    """The result of a handed-in attempt."""
    attempt = operations.find_attempt(current_session(), current_user.id, attempt_id)
    if attempt.submitted_at is None:
        raise NotFound("The attempt has no result yet.")
    return _result(attempt)


@learning.get("/attempts/<uuid:attempt_id>/paper")
@everyone_signed_in(rows="own")
@learning.output(PaperOut)
def paper(attempt_id: uuid.UUID) -> dict[str, Any]:
    """The questions that an attempt was handed out, and the time that is left."""
    session = current_session()
    attempt = operations.find_attempt(session, current_user.id, attempt_id)
    left = (attempt.deadline - now()).total_seconds() if attempt.deadline else None
    reply = PaperOut(
        attempt_id=attempt.id,
        number=attempt.number,
        seconds_left=None if left is None or attempt.submitted_at else left,
        questions=[HandedOutOut.model_validate(item) for item in operations.questions_of(session, attempt)],
    )
    return reply.model_dump(mode="json")


@learning.get("/attempts")
@everyone_signed_in(rows="own")
@learning.input(QuizQuery, location="query")
@learning.output(History)
def history(query_data: QuizQuery) -> dict[str, Any]:
    """One's attempts at a quiz, and how many are left."""
    session = current_session()
    attempts = operations.attempts_of(session, current_user.id, query_data.module, query_data.quiz)
    left = operations.attempts_left(session, current_user.id, query_data.module, query_data.quiz, now())
    reply = History(
        attempts=[AttemptOut.model_validate(attempt) for attempt in attempts],
        attempts_left=left,
        next_at=operations.waiting_until(session, current_user.id, query_data.module, query_data.quiz, now()),
    )
    return reply.model_dump(mode="json")


@learning.post("/modules/<string:course>/<string:name>/reading")
@everyone_signed_in(rows="own")
@learning.input(ReadingIn)
@learning.output(CourseProgress)
@idempotent
def read(course: str, name: str, json_data: ReadingIn) -> tuple[dict[str, Any], int]:
    """Note that one read a module."""
    operations.read_module(current_act(), module_key(course, name), json_data.edition)
    return _progress(course), 200


@learning.get("/courses/<string:course>/progress")
@everyone_signed_in(rows="own")
@learning.output(CourseProgress)
def progress(course: str) -> dict[str, Any]:
    """One's standing in the modules of a course."""
    return _progress(course)


def module_key(course: str, name: str) -> str:
    """The id of a module from the two parts of an address.

    Raises:
        NotFound: The parts cannot be an id.
    """
    key = f"{course}/{name}"
    if not key.isascii() or not key.isprintable():
        raise NotFound("There is no such module.")
    return key


def _progress(course: str) -> dict[str, Any]:
    states = course_progress(current_session(), current_user.id, course, now())
    modules = [ModuleStateOut.model_validate(state) for state in states]
    done = sum(state.state == "done" for state in states)
    return CourseProgress(modules=modules, done=done, total=len(modules)).model_dump(mode="json")


def _result(attempt: Attempt) -> dict[str, Any]:
    session = current_session()
    quiz = operations.corrected_quiz(session, attempt)
    released = operations.is_released(session, attempt, now())
    confidence = attempt.confidence or {}
    questions = [
        QuestionResult(
            id=question.id,
            response=attempt.responses.get(question.id),
            confidence=confidence.get(question.id),
            key=operations.public_key(question) if released else None,
            **attempt.grades[question.id],
        )
        for question in quiz.questions
        if question.id in attempt.grades
    ]
    summary = AttemptOut.model_validate(attempt).model_dump()
    regrade = last_regrade(session, attempt) if attempt.key_version else None
    corrected = None
    if regrade is not None:
        before = regrade.before
        corrected = Correction(
            at=regrade.at, reason=regrade.reason, score_before=before["score"], passed_before=before["passed"]
        )
    result = AttemptResult(
        **summary,
        failed_critical=attempt.failed_critical,
        released=released,
        corrected=corrected,
        questions=questions,
    )
    return result.model_dump(mode="json")
