"""Where learners stand in modules, as it is shown. Knows no HTTP and writes nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.operations import NOT_PUBLISHED, ModuleNow, current_catalogue, modules_now
from api.core.errors import NotFound
from api.evidence.completion import find_loss
from api.evidence.models import ModuleProgress
from site_builder.course.model import Course

State = Literal["open", "started", "done", "renew"]


@dataclass(frozen=True, slots=True)
class ModuleState:
    """Where a learner stands in a module.

    Attributes:
        state: Nothing yet, something, complete, or complete before a renewal or until a day that is over.
        best_score: Of its graded quizzes, 0..1; None before the first attempt.
        changed: Whether a change that it shows came out after it was completed.
    """

    id: str
    state: State
    read: bool
    best_score: float | None
    updated_at: datetime | None
    changed: bool


def course_progress(session: Session, person_id: uuid.UUID, course_id: str, at: datetime) -> list[ModuleState]:
    """Where a person stands in every module of a course, in its order.

    Raises:
        NotFound: There is no such course.
    """
    course = current_catalogue(session).courses.get(course_id)
    if course is None:
        raise NotFound("There is no such course.")
    return progress_of(session, person_id, [course], at)[course_id]


def progress_of(
    session: Session, person_id: uuid.UUID, courses: Iterable[Course], at: datetime
) -> dict[str, list[ModuleState]]:
    """Where a person stands in the modules of several courses, in two queries."""
    rows = {
        row.module_id: row
        for row in session.scalars(select(ModuleProgress).where(ModuleProgress.person_id == person_id))
    }
    found = modules_now(session)
    return {
        course.id: [
            state_of(rows.get(module_id), module_id, found.get(module_id, NOT_PUBLISHED), at)
            for module_id in course.module_ids
        ]
        for course in courses
    }


def find_state(row: Any, now: ModuleNow, at: datetime) -> State:
    """The state alone: of a row it needs `completed_renewal` and `valid_until`."""
    if row is None:
        return "open"
    loss = find_loss(row.completed_renewal, row.valid_until, now.renewal, at)
    return "done" if loss is None else "started" if loss == "open" else "renew"


def state_of(row: Any, module_id: str, now: ModuleNow, at: datetime) -> ModuleState:
    """What a summary means by what the module asks for now.

    Args:
        row: Of `ModuleProgress`, or its columns; None before the first act.
        module_id: Whose it is.
        now: What the module asks for.
        at: This moment.
    """
    state = find_state(row, now, at)
    if row is None:
        return ModuleState(module_id, state, False, None, None, changed=False)
    # What must be renewed must be read again.
    read = row.read_at is not None and state != "renew"
    changed = state == "done" and bool(row.completed_at and now.changed_at and row.completed_at < now.changed_at)
    return ModuleState(module_id, state, read, row.best_score, row.updated_at, changed=changed)
