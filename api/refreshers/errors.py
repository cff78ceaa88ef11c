"""What can go wrong with refreshers."""

from __future__ import annotations

from api.core.errors import Conflict


class NotDue(Conflict):
    """The question is not to be asked now: it was answered meanwhile, or is gone."""

    code = "not_due"
