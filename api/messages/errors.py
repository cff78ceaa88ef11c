"""Errors of messages."""

from __future__ import annotations

from http import HTTPStatus

from api.core.errors import ApiError


class LettersUsedUp(ApiError):
    """Somebody had as many letters sent as one person may within a day; `wait` says when to look again, in seconds."""

    status, code = HTTPStatus.TOO_MANY_REQUESTS, "letters_used_up"
