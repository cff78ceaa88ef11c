"""Requests and replies of refreshers."""

from __future__ import annotations

from typing import Any

from pydantic import JsonValue

from api.core.schemas import In, Lang, ModuleId, Out, Slug, Time


class RefreshIn(In):
    """In which language questions are wanted."""

    lang: Lang = "en"


class RefresherIn(In):
    """Which question."""

    module: ModuleId
    quiz: Slug
    question: Slug
    lang: Lang = "en"


class RefresherAnswerIn(RefresherIn):
    """What somebody answers."""

    response: JsonValue


class RefresherOut(Out):
    """A question that is due.

    `html` is empty where the page of the lesson has its controls.
    """

    module_id: str
    title: str
    quiz_id: str
    question_id: str
    html: str
    mistaken: bool


class RefreshersOut(Out):
    """What is refreshed today."""

    cards: list[RefresherOut]
    done: int
    mistakes: int
    total: int
    next_at: Time | None


class RefresherGradeOut(Out):
    """How an answer was marked, with its key, and when the question comes again."""

    score: float
    correct: bool
    answered: bool
    reason: str
    key: dict[str, Any]
    next_at: Time
