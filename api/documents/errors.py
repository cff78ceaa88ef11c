"""Errors of documents."""

from __future__ import annotations

from api.core.errors import Conflict


class NothingToSay(Conflict):
    """There is no evidence for such a document."""

    code = "nothing_to_say"


class AlreadyRevoked(Conflict):
    """It was revoked before."""

    code = "document_revoked"
