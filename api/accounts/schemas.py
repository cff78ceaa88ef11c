"""Requests and replies of signing in."""

from __future__ import annotations

import uuid
from typing import Annotated

from pydantic import StringConstraints

from api.core.roles import Role
from api.core.schemas import In, Lang, Out

Secret = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class PasswordSignIn(In):
    """Address and password."""

    email: Annotated[str, StringConstraints(min_length=3, max_length=254)]
    password: Secret


class LinkSignIn(In):
    """The secret of a one-time link."""

    token: Secret


class ConfirmationIn(In):
    """The password, once more."""

    password: Secret


class ConfirmationOut(Out):
    """What a signature carries, for some minutes."""

    confirmation: str


class InvitationAnswer(In):
    """The secret of an invitation, and the first password."""

    token: Secret
    password: Secret


class Invitation(In):
    """Somebody to invite."""

    email: Annotated[str, StringConstraints(min_length=3, max_length=254)]
    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    role: Role
    lang: Lang = "en"


class InvitationMade(Out):
    """An account, and the link to send to its owner."""

    id: uuid.UUID
    email: str
    link: str


class PersonOut(Out):
    """Who is signed in."""

    id: uuid.UUID
    name: str
    role: Role
    lang: str
    start: str
    """The page that one comes to by signing in."""
    pages: list[str]
    """The pages beside those of learners that one may open."""


class Me(Out):
    """The state of this browser; `mailbox` is whether messages go to the demo's mailbox."""

    person: PersonOut | None
    csrf_token: str
    mailbox: bool
