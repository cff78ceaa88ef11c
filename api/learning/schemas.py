"""Requests and replies of attempts and progress."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from pydantic import Field, JsonValue

from api.core.choices import Release
from api.core.schemas import Hash, In, Lang, ModuleId, Out, Query, Slug, Time
from api.evidence.progress import State


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
    confidence: Annotated[dict[str, Annotated[int, Field(ge=1, le=3)]], Field(default_factory=dict, max_length=500)]
    """How sure the learner is, by question id: 1 not, 2 fairly, 3 very."""
    scene: JsonValue = None
    """What was done in the scene that the quiz is asked in (`route`, `seconds`, `events`); what cannot be read of it is
    left out, and refuses no answer."""
    as_it_is: bool = False
    """Whether to take answers that cannot be read: the time is over, and nobody can mend them."""


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
    deadline: Time | None
    late: bool
    score: float | None
    passed: bool | None


class HandedOutOut(Out):
    """A question that the page does not have: its controls, the order of its options, the values in its text."""

    id: str
    html: str
    order: list[str]
    values: dict[str, str]


class PaperOut(Out):
    """The questions of an attempt. `seconds_left` is null without a limit, and counts from this reply."""

    attempt_id: uuid.UUID
    number: int
    seconds_left: float | None
    questions: list[HandedOutOut]


class Correction(Out):
    """What a later correction of a key did to a result."""

    at: Time
    reason: str
    score_before: float
    passed_before: bool


class QuestionResult(Out):
    """One question of a handed-in attempt.

    `key` is null until the release rule allows it, and for a question that was left open; `own` is what is shown
    before: feedback on what was chosen.
    """

    id: str
    score: float
    correct: bool
    answered: bool
    reason: str
    response: Any
    confidence: int | None
    key: dict[str, Any] | None
    own: dict[str, Any] | None


class DetectionOut(Out):
    """How faults were told from what is in order; `d_prime` is null where nothing is in order."""

    hits: int
    faults: int
    misses: int
    false_alarms: int
    d_prime: float | None


class BreachOut(Out):
    """Something that was done and is forbidden; a critical one fails the attempt."""

    id: str
    critical: bool


class SceneOut(Out):
    """What one did in a scene; `critical` fails the attempt, `detection` comes with the right answers."""

    route: str
    seconds: float
    events: list[dict[str, Any]]
    breaches: list[BreachOut]
    critical: bool
    detection: DetectionOut | None


class AttemptResult(AttemptOut):
    """A handed-in attempt; `release` is the rule by which its right answers are shown."""

    failed_critical: list[str]
    released: bool
    release: Release
    corrected: Correction | None
    questions: list[QuestionResult]
    scene: SceneOut | None = None


class History(Out):
    """Attempts at a quiz, the newest first; `next_at` is null unless some time has to pass before another one.

    `questions` is null unless a renewal asks for some of them alone.
    """

    attempts: list[AttemptOut]
    attempts_left: int | None
    next_at: Time | None
    questions: list[str] | None


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
