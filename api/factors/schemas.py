"""Requests and replies of second factors."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from pydantic import StringConstraints

from api.core.schemas import In, Out, Time

Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Code = Annotated[str, StringConstraints(max_length=40)]
Confirmation = Annotated[str, StringConstraints(max_length=400)]


class FactorOut(Out):
    """A second factor of one's own."""

    id: uuid.UUID
    kind: str
    name: str
    made_at: Time
    used_at: Time | None


class FactorsOut(Out):
    """One's second factors; `required` is whether one's role must have one."""

    factors: list[FactorOut]
    codes_left: int
    required: bool


class FactorIn(In):
    """What to call a new factor, with one's password given just before."""

    name: Name
    confirmation: Confirmation


class AppOut(Out):
    """What an app needs: the address, the same as a picture to scan, and the secret to type."""

    id: uuid.UUID
    address: str
    picture: str
    secret: str


class AppCode(In):
    """The first code of an app."""

    code: Code


class CodesOut(Out):
    """Recovery codes, shown this once; none where there were some."""

    codes: list[str]


class ConfirmedIn(In):
    """One's password, given just before."""

    confirmation: Confirmation


class PasskeyOut(Out):
    """What the browser needs."""

    options: dict[str, Any]


class PasskeyIn(In):
    """A passkey that the browser made."""

    name: Name
    answer: dict[str, Any]


class SecondIn(In):
    """A second factor: one of the three."""

    code: Code = ""
    recovery: Code = ""
    answer: dict[str, Any] | None = None
