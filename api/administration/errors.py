"""Errors of administration."""

from __future__ import annotations

from api.core.errors import Conflict


class NotOneself(Conflict):
    """An administrator does this to others: their own account is not theirs to close, erase or merge."""

    code = "not_oneself"


class LastAdministrator(Conflict):
    """Somebody must be able to administer the centre."""

    code = "last_administrator"


class CannotMerge(Conflict):
    """These two accounts cannot become one."""

    code = "cannot_merge"
