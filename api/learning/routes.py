"""Routes of attempts and progress."""

from __future__ import annotations

import uuid

from apiflask import APIBlueprint
from flask_login import current_user

from api.accounts.current import current_act
from api.core.errors import NotFound
from api.core.permissions import everyone_signed_in
from api.core.replies import gives, writes
from api.core.requests import current_session, now
from api.evidence.progress import course_progress
from api.learning import operations
from api.learning.models import Attempt
from api.learning.regrading import last_regrade
from api.learning.scenes import breached_in, detection_of, read_played, run_of
from api.learning.schemas import (
    AttemptOut,
    AttemptResult,
    AttemptStart,
    BreachOut,
    Correction,
    CourseProgress,
    DetectionOut,
    HandedOutOut,
    History,
    ModuleStateOut,
    PaperOut,
    QuestionResult,
    QuizQuery,
    ReadingIn,
    SceneOut,
    Submission,
)

learning = APIBlueprint("learning", __name__, url_prefix="/api/v1", tag="Learning")


@learning.post("/attempts")
@everyone_signed_in(rows="own")
@learning.input(AttemptStart)
@writes(learning, AttemptOut, 201)
def start(json_data: AttemptStart) -> AttemptOut:
    """Begin an attempt at a graded quiz, or go on with the one that is open."""
    attempt = operations.start_attempt(
        current_act(),
        module_id=json_data.module,
        quiz_id=json_data.quiz,
        edition=json_data.edition,
        lang=json_data.lang,
    )
    return AttemptOut.model_validate(attempt)


@learning.post("/attempts/<uuid:attempt_id>/submission")
@everyone_signed_in(rows="own")
@learning.input(Submission)
@writes(learning, AttemptResult)
def submit(attempt_id: uuid.UUID, json_data: Submission) -> AttemptResult:
    """Hand in an attempt and get its result."""
    attempt = operations.submit_attempt(
        current_act(),
        attempt_id,
        json_data.responses,
        edition=json_data.edition,
        lang=json_data.lang,
        confidence=json_data.confidence,
        as_it_is=json_data.as_it_is,
        played=read_played(json_data.scene),
    )
    return _result(attempt)


@learning.get("/attempts/<uuid:attempt_id>")
@everyone_signed_in(rows="own")
@gives(learning, AttemptResult)
def result(attempt_id: uuid.UUID) -> AttemptResult:
    """The result of a handed-in attempt."""
    attempt = operations.find_attempt(current_session(), current_user.id, attempt_id)
    if attempt.submitted_at is None:
        raise NotFound("The attempt has no result yet.")
    return _result(attempt)


@learning.get("/attempts/<uuid:attempt_id>/paper")
@everyone_signed_in(rows="own")
@gives(learning, PaperOut)
def paper(attempt_id: uuid.UUID) -> PaperOut:
    """The questions that an attempt was handed out, and the time that is left."""
    session = current_session()
    attempt = operations.find_attempt(session, current_user.id, attempt_id)
    left = (attempt.deadline - now()).total_seconds() if attempt.deadline else None
    return PaperOut(
        attempt_id=attempt.id,
        number=attempt.number,
        seconds_left=None if left is None or attempt.submitted_at else left,
        questions=[HandedOutOut.model_validate(item) for item in operations.questions_of(session, attempt)],
    )


@learning.get("/attempts")
@everyone_signed_in(rows="own")
@learning.input(QuizQuery, location="query")
@gives(learning, History)
def history(query_data: QuizQuery) -> History:
    """One's attempts at a quiz, and how many are left."""
    session = current_session()
    attempts = operations.attempts_of(session, current_user.id, query_data.module, query_data.quiz)
    left = operations.attempts_left(session, current_user.id, query_data.module, query_data.quiz, now())
    return History(
        attempts=[AttemptOut.model_validate(attempt) for attempt in attempts],
        attempts_left=left,
        next_at=operations.waiting_until(session, current_user.id, query_data.module, query_data.quiz, now()),
        questions=operations.questions_anew(session, current_user.id, query_data.module, query_data.quiz),
    )


@learning.post("/modules/<string:course>/<string:name>/reading")
@everyone_signed_in(rows="own")
@learning.input(ReadingIn)
@writes(learning, CourseProgress)
def read(course: str, name: str, json_data: ReadingIn) -> CourseProgress:
    """Note that one read a module."""
    operations.read_module(current_act(), module_key(course, name), json_data.edition)
    return _progress(course)


@learning.get("/courses/<string:course>/progress")
@everyone_signed_in(rows="own")
@gives(learning, CourseProgress)
def progress(course: str) -> CourseProgress:
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


def _progress(course: str) -> CourseProgress:
    states = course_progress(current_session(), current_user.id, course, now())
    modules = [ModuleStateOut.model_validate(state) for state in states]
    done = sum(state.state == "done" for state in states)
    return CourseProgress(modules=modules, done=done, total=len(modules))


def _result(attempt: Attempt) -> AttemptResult:
    session = current_session()
    quiz = operations.corrected_quiz(session, attempt)
    released = operations.is_released(session, attempt, now())
    confidence = attempt.confidence or {}
    questions = [
        QuestionResult(
            id=question.id,
            response=attempt.responses.get(question.id),
            confidence=confidence.get(question.id),
            key=operations.public_key(question) if released and attempt.grades[question.id]["answered"] else None,
            own=question.own_feedback(attempt.responses.get(question.id)) or None,
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
    run = run_of(session, attempt.id) if quiz.scene is not None else None
    scene = None
    if run is not None:
        detection = detection_of(quiz, attempt.responses) if released else None
        scene = SceneOut(
            route=run.route,
            seconds=run.seconds,
            events=run.events,
            breaches=[
                BreachOut(id=one.id, critical=one.breach == "critical") for one in breached_in(session, attempt, quiz)
            ],
            critical=run.critical,
            detection=DetectionOut.model_validate(detection) if detection else None,
        )
    return AttemptResult(
        **summary,
        failed_critical=attempt.failed_critical,
        released=released,
        release=operations.release_of(session, attempt),
        corrected=corrected,
        questions=questions,
        scene=scene,
    )
