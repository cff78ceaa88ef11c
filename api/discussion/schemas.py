"""Requests and replies of questions to the trainer."""

from __future__ import annotations

import uuid
from typing import Annotated

from pydantic import StringConstraints

from api.core.schemas import Id, In, Out, Time

Text = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]


class ThreadIn(In):
    """A question."""

    text: Text
    anchor: Annotated[str, StringConstraints(max_length=200)] = ""
    class_id: Id | None = None
    shared: bool = False


class ReplyIn(In):
    """An answer."""

    text: Text


class SharingIn(In):
    """Whether class mates may read a question."""

    shared: bool


class HidingIn(In):
    """Whether a question, or one of its answers, is hidden."""

    hidden: bool
    reply_id: Id | None = None


class ReportIn(In):
    """Why a question, or one of its answers, should not be there."""

    reason: Annotated[str, StringConstraints(max_length=500)] = ""
    reply_id: Id | None = None


class ReplyOut(Out):
    """An answer."""

    id: uuid.UUID
    author: str
    role: str
    mine: bool
    text: str
    html: str
    at: Time
    hidden: bool
    reports: int


class ThreadOut(Out):
    """A question with its answers.

    `source` is where the lesson's text can be changed: for trainers alone.
    """

    id: uuid.UUID
    module_id: str
    title: str
    anchor: str
    author: str
    mine: bool
    class_name: str
    shared: bool
    text: str
    html: str
    at: Time
    hidden: bool
    reports: int
    may_answer: bool
    may_moderate: bool
    source: str | None
    source_url: str | None
    replies: list[ReplyOut]


class ClassChoice(Out):
    """A class in which one can ask."""

    id: uuid.UUID
    name: str


class ThreadsOut(Out):
    """Questions."""

    threads: list[ThreadOut]
    classes: list[ClassChoice]
