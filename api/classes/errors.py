"""Errors of classes and their lists."""

from __future__ import annotations

from api.core.errors import Conflict, Invalid, NotFound


class ClassArchived(Conflict):
    """The class is put away: it asks for nothing until it is taken back."""

    code = "class_archived"


class ListChanged(Conflict):
    """What a list would do is no longer what was previewed."""

    code = "list_changed"


class JoinCodeInvalid(Invalid):
    """A code that opens no class, or not any more."""

    code = "join_code_invalid"


class ListInvalid(Invalid):
    """A list of learners with rows that cannot be taken."""

    code = "list_invalid"


class NotAsked(NotFound):
    """Nobody like that was asked into a class."""

    code = "not_asked"
