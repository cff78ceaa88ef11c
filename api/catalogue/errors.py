"""Errors of published versions."""

from __future__ import annotations

from api.core.errors import Conflict


class EditionUnknown(Conflict):
    """No published version looks like the page that the learner saw."""

    code = "edition_unknown"
