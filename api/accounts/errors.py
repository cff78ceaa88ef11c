"""Errors of signing in and of accounts."""

from __future__ import annotations

from http import HTTPStatus

from api.core.errors import ApiError, Conflict, Forbidden, Invalid


class SignInFailed(Invalid):
    """E-mail and password do not belong together; the reply is the same when the account does not exist."""

    code = "sign_in_failed"


class NotConfirmed(Forbidden):
    """A signature wants the password once more, given no longer than some minutes ago."""

    code = "not_confirmed"


class PasswordMissing(Conflict):
    """The account has no password yet, so that nothing can be signed with it."""

    code = "password_missing"


class SignInAgain(Conflict):
    """Somebody without a password signs something, and came in too long ago."""

    code = "sign_in_again"


class LinkInvalid(Invalid):
    """A one-time link that was used, is too old, or never was."""

    code = "link_invalid"


class TooManyGuesses(ApiError):
    """Wrong passwords came too quickly; `wait` says for how many seconds."""

    status, code = HTTPStatus.TOO_MANY_REQUESTS, "too_many_guesses"


class PasswordWeak(Invalid):
    """A password that is too short, or that is guessed soon."""

    code = "password_weak"
