"""Requests and replies about outcomes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from api.core.schemas import In, Out
from api.outcomes.models import Stage, Working

Token = Annotated[str, StringConstraints(min_length=10, max_length=200)]


class ConsentIn(In):
    """Whether one lets the centre ask."""

    given: bool


class ConsentOut(Out):
    """Whether one is asked for consent at all, and whether one gave it."""

    asked: bool
    given: bool


class TokenIn(In):
    """What the link of a letter carries."""

    token: Token


class AnswerIn(TokenIn):
    """Three answers."""

    working: Working
    helped: Annotated[int, Field(ge=1, le=4)]
    words: Annotated[str, StringConstraints(max_length=2000)] = ""


class AskedOut(Out):
    """What a link asks, and what was answered already; `ended` is a day, ISO 8601."""

    centre: str
    stage: Stage
    ended: str
    working: Working | None
    helped: int | None
    words: str


class PlacementOut(Out):
    """What became of those whose training ended in a period."""

    stage: Stage
    base: int
    early: int
    not_agreed: int
    unanswered: int
    answered: int
    placed: int
    working: dict[Working, int]
    helped: dict[int, int]
    words: list[str]


class OutcomesOut(Out):
    """By stage."""

    stages: list[PlacementOut]
