"""Requests and replies about messages."""

from __future__ import annotations

import uuid
from typing import Annotated

from pydantic import StringConstraints

from api.core.schemas import In, Out, Query, Time


class PreferencesOut(Out):
    """Which messages one gets."""

    preferences: dict[str, bool]


class PreferenceIn(In):
    """Whether one wants a kind of message."""

    kind: Annotated[str, StringConstraints(max_length=16)]
    wanted: bool


class TokenQuery(Query):
    """What a link at the end of a message carries."""

    token: Annotated[str, StringConstraints(min_length=1, max_length=300)]


class EndedOut(Out):
    """Which kind of message has come to an end."""

    kind: str


class MailOut(Out):
    """A message in the demo's mailbox."""

    id: uuid.UUID
    recipient: str
    subject: str
    text: str
    lang: str
    at: Time


class MailboxOut(Out):
    """The demo's mailbox; `everybody` is whether it is everybody's."""

    everybody: bool
    messages: list[MailOut]
