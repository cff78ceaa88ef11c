"""Standing in modules: summaries of attempts and readings. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.catalogue.models import ModuleVersion
from api.catalogue.operations import NOT_PUBLISHED, ModuleNow, current_catalogue, module_of_version, modules_now
from api.core.errors import NotFound
from api.learning.models import Attempt, ModuleProgress, Reading
from site_builder.course.model import Course

State = Literal["open", "started", "done", "renew"]


@dataclass(frozen=True, slots=True)
class ModuleState:
    """A learner's standing in a module, as shown.

    Attributes:
        state: Nothing yet, something, complete, or complete before a renewal.
        best_score: Of its graded quizzes, 0..1; None before the first attempt.
        changed: Whether a change that it shows came out after it was completed.
    """

    id: str
    state: State
    read: bool
    best_score: float | None
    updated_at: datetime | None
    changed: bool


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
    found = modules_now(session)
    return {
        course.id: [
            state_of(rows.get(module_id), module_id, found.get(module_id, NOT_PUBLISHED))
            for module_id in course.module_ids
        ]
        for course in courses
    }


def state_of(row: ModuleProgress | None, module_id: str, now: ModuleNow) -> ModuleState:
    """What a summary means by what the module asks for now."""
    if row is None:
        return ModuleState(module_id, "open", False, None, None, changed=False)
    if row.completed_renewal is None:
        state: State = "started"
    else:
        state = "done" if row.completed_renewal >= now.renewal else "renew"
    # What must be renewed must be read again.
    read = row.read_at is not None and state != "renew"
    changed = state == "done" and bool(row.completed_at and now.changed_at and row.completed_at < now.changed_at)
    return ModuleState(module_id, state, read, row.best_score, row.updated_at, changed=changed)


def recompute_progress(session: Session, person_id: uuid.UUID, module_id: str) -> dict[str, Any]:
    """The summary of a person's facts in a module, as `module_progress` must have it."""
    versions = list(
        session.scalars(
            select(ModuleVersion).where(ModuleVersion.module_id == module_id).order_by(ModuleVersion.sequence.desc())
        )
    )
    renewal_of = {version.version: version.renewal for version in versions}
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
    completed_at, completed_renewal = _completion(session, versions, renewal_of, attempts, readings)
    return {
        "read_at": min((reading.at for reading in readings), default=None),
        "quizzes": quizzes,
        "best_score": max((entry["best"] for entry in quizzes.values()), default=None),
        "completed_at": completed_at,
        "completed_renewal": completed_renewal,
    }


def _completion(
    session: Session,
    versions: list[ModuleVersion],
    renewal_of: dict[str, int],
    attempts: list[Attempt],
    readings: list[Reading],
) -> tuple[datetime | None, int | None]:
    """When, and in which renewal, a lesson was completed; the newest renewal first.

    A lesson is complete when it was read and the graded quizzes of one of its versions of that renewal were passed: a
    change without a renewal that adds a quiz reopens nothing.
    """
    for renewal in sorted(set(renewal_of.values()), reverse=True):
        read = min((reading.at for reading in readings if renewal_of[reading.version] == renewal), default=None)
        if read is None:
            continue
        passed: dict[str, datetime] = {}
        for attempt in attempts:
            if attempt.passed and attempt.submitted_at and renewal_of[attempt.version] == renewal:
                passed.setdefault(attempt.quiz_id, attempt.submitted_at)
        for version in (version for version in versions if version.renewal == renewal):
            module = module_of_version(session, version.version)
            if module.kind == "lesson" and set(module.graded_quiz_ids) <= set(passed):
                return max([read, *(passed[quiz_id] for quiz_id in module.graded_quiz_ids)]), renewal
    return None, None


def update_progress(session: Session, person_id: uuid.UUID, module_id: str, at: datetime) -> None:
    """Write the summary of a person's facts in a module anew."""
    session.flush()
    values = recompute_progress(session, person_id, module_id)
    row = session.get(ModuleProgress, (person_id, module_id))
    if row is None:
        row = ModuleProgress(person_id=person_id, module_id=module_id, updated_at=at, revision=0)
        session.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.updated_at = at
    row.revision += 1
    session.flush()


def note_reading(session: Session, person_id: uuid.UUID, module_id: str, version: str, at: datetime) -> bool:
    """Note that a person read a version; gives whether that was new."""
    if session.get(Reading, (person_id, version)) is not None:
        return False
    session.add(Reading(person_id=person_id, version=version, module_id=module_id, at=at))
    return True
