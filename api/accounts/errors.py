"""Errors of signing in and of accounts."""

from __future__ import annotations

from api.core.errors import Conflict, Forbidden, Invalid


class SignInFailed(Invalid):
    """E-mail and password do not belong together; the reply is the same when the account does not exist."""

    code = "sign_in_failed"


class NotConfirmed(Forbidden):
    """A signature wants the password once more, given no longer than some minutes ago."""

    code = "not_confirmed"


class PasswordMissing(Conflict):
    """The account has no password yet, so that nothing can be signed with it."""

    code = "password_missing"


class LinkInvalid(Invalid):
    """A one-time link that was used, is too old, or never was."""

    code = "link_invalid"


class PasswordWeak(Invalid):
    """A password that is too short or among the common ones."""

    code = "password_weak"
