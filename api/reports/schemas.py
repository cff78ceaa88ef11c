"""Replies of a learner's home and of results."""

from __future__ import annotations

import uuid

from api.core.schemas import Lang, Out, Query, Time
from api.learning.progress import State


class LangQuery(Query):
    """In which language titles are wanted."""

    lang: Lang = "en"


class ModuleLineOut(Out):
    """A module on a learner's home."""

    id: str
    title: str
    kind: str
    minutes: int
    state: State
    best_score: float | None
    changed: bool


class CourseLineOut(Out):
    """A course on a learner's home."""

    id: str
    title: str
    done: int
    modules: list[ModuleLineOut]


class DueLineOut(Out):
    """An assignment on a learner's home."""

    course_id: str
    title: str
    due_at: Time | None
    done: bool


class HomeOut(Out):
    """A learner's first page."""

    name: str
    next: ModuleLineOut | None
    waiting: ModuleLineOut | None
    due: list[DueLineOut]
    courses: list[CourseLineOut]


class ModuleSummaryOut(Out):
    """A module in the list of results."""

    id: str
    title: str
    course_id: str
    course_title: str
    kind: str
    started: int
    done: int
    mean_best: float | None


class ResultsOverviewOut(Out):
    """The list of results."""

    modules: list[ModuleSummaryOut]


class LearnerLineOut(Out):
    """A learner in the results of a module."""

    id: uuid.UUID
    name: str
    state: State
    best_score: float | None
    attempts: int
    updated_at: Time | None


class QuestionLineOut(Out):
    """A question in the results of a module."""

    id: str
    quiz_id: str
    stem: str
    right: int
    answers: int


class ModuleResultsOut(Out):
    """A trainer's view of a module."""

    id: str
    title: str
    learners: list[LearnerLineOut]
    questions: list[QuestionLineOut]
