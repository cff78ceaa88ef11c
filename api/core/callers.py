"""Who sends a request."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from api.core.roles import Role


@dataclass(frozen=True, slots=True)
class Caller:
    """A person who is signed in, as one short statement knows them, and no row of a session.

    Routes, keys of repeated requests and the audit trail know a caller by `role` and `actor` alone: what is no person
    (a device at a door, an application) needs these two and a way of being recognised.

    Attributes:
        id: Of the account.
        time_factor: By how much the time of timed quizzes is multiplied, 1..4.
        sign_in_id: The sign-in that the request came with.
        operator: It began by a link that somebody else had in their hands.
        second: A second factor was given.
        asked_second: The centre chose that this role has to have one.
        password: Whether the account has one.
    """

    id: uuid.UUID
    name: str
    role: Role
    lang: str
    time_factor: float
    sign_in_id: uuid.UUID
    operator: bool = False
    second: bool = False
    asked_second: bool = False
    password: bool = True

    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False
    """These three and `get_id` are what Flask-Login asks of whoever is signed in."""

    @property
    def actor(self) -> str:
        """As the audit trail and the keys of repeated requests have it."""
        return str(self.id)

    def get_id(self) -> str:
        """What the cookie keeps: the sign-in, so that it can be ended."""
        return str(self.sign_in_id)
