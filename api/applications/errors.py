"""What can go wrong with programs that are not ours."""

from __future__ import annotations

from api.core.errors import Conflict


class NotLaunched(Conflict):
    """The module has no application, or none that a browser can launch."""

    code = "not_launched"


class Rejected(Exception):
    """A request of an application is not taken; xAPI says with which status (Part Three, 3.2).

    Attributes:
        status: Of HTTP.
        why: For whoever writes the application.
    """

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why
