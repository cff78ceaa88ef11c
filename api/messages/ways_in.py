"""Links that somebody asked for from the page of signing in: to sign in, or to set a new password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy.orm import Session
from typing_extensions import override

from api.accounts.operations import take_asked_links
from api.messages.kinds import Facts, Writer
from api.messages.operations import add_message, made_since

PAUSE = timedelta(minutes=2)
"""How soon after one link another is sent: nobody's mailbox is filled by somebody else."""


@dataclass(frozen=True, slots=True)
class SignInLink(Facts):
    """A link to sign in with."""

    kind: ClassVar[str] = "sign-in-link"
    can_be_ended = False

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        return writer.say("Your link to sign in"), [
            writer.say("Somebody, probably you, asked for a link to sign in. It works once, for 15 minutes:"),
            writer.page("sign-in", f"#{writer.link('sign-in')}"),
            writer.say("If it was not you, do nothing: without this mail nobody comes in."),
        ]


@dataclass(frozen=True, slots=True)
class NewPassword(Facts):
    """A link to set a password with."""

    kind: ClassVar[str] = "new-password"
    can_be_ended = False

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        return writer.say("Set a new password"), [
            writer.say("Somebody, probably you, asked for a new password. The link works once, for an hour:"),
            writer.page("welcome", f"#{writer.link('password')}"),
            writer.say("Then every device on which you are signed in now is signed out."),
            writer.say("If it was not you, do nothing: without this mail nobody comes in."),
        ]


def answer_asked_links(session: Session, at: datetime) -> int:
    """Put the links that were asked for into the outbox; gives how many."""
    made = 0
    for person, wanted in take_asked_links(session):
        facts = SignInLink() if wanted == "sign-in" else NewPassword()
        if not made_since(session, facts.kind, [person.id], at - PAUSE):
            made += add_message(session, person, facts, at=at)
    return made
