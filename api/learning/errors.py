"""Errors of attempts."""

from __future__ import annotations

from api.core.errors import Conflict, Invalid


class AttemptSubmitted(Conflict):
    """The attempt was handed in already."""

    code = "attempt_submitted"


class NoAttemptsLeft(Conflict):
    """Every attempt that the quiz allows was handed in."""

    code = "no_attempts_left"


class AttemptTooSoon(Conflict):
    """The quiz wants some time to pass between two attempts; `retry_at` says when it will have."""

    code = "attempt_too_soon"


class AnswerUnreadable(Invalid):
    """A typed answer is no number, or no unit; `questions` says which and why. Nothing was handed in."""

    code = "answer_unreadable"
