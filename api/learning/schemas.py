"""Requests and replies of attempts and progress."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from pydantic import Field, JsonValue

from api.core.schemas import Hash, In, Lang, ModuleId, Out, Query, Slug, Time
from api.learning.operations import State


class AttemptStart(In):
    """Which quiz, and the page that the learner sees."""

    module: ModuleId
    quiz: Slug
    edition: Hash
    lang: Lang


class Submission(In):
    """Responses by question id, and the page that they were given on; what is left out is unanswered."""

    edition: Hash
    lang: Lang
    responses: Annotated[dict[str, JsonValue], Field(max_length=500)]


class ReadingIn(In):
    """The edition of the page that was read."""

    edition: Hash


class QuizQuery(Query):
    """Which quiz."""

    module: ModuleId
    quiz: Slug


class AttemptOut(Out):
    """An attempt without its content."""

    id: uuid.UUID
    module_id: str
    quiz_id: str
    number: int
    started_at: Time
    submitted_at: Time | None
    score: float | None
    passed: bool | None


class QuestionResult(Out):
    """One question of a handed-in attempt; `key` is null until the release rule allows it."""

    id: str
    score: float
    correct: bool
    answered: bool
    reason: str
    response: Any
    key: dict[str, Any] | None


class AttemptResult(AttemptOut):
    """A handed-in attempt."""

    failed_critical: list[str]
    released: bool
    questions: list[QuestionResult]


class History(Out):
    """Attempts at a quiz, the newest first."""

    attempts: list[AttemptOut]
    attempts_left: int | None


class ModuleStateOut(Out):
    """A learner's standing in a module."""

    id: str
    state: State
    read: bool
    best_score: float | None
    changed: bool


class CourseProgress(Out):
    """A learner's standing in a course."""

    modules: list[ModuleStateOut]
    done: int
    total: int
