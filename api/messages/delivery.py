"""Sending the letters that the outbox holds (`core/outbox.py`)."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from api.core import outbox
from api.core.clock import Clock
from api.core.config import MAILBOX, Settings
from api.core.database import Database
from api.core.outbox import Delivered, Outbox
from api.messages.letters import Letter, write_letter
from api.messages.models import Message
from api.messages.operations import look_again
from api.messages.senders import MailboxSender, Sender, SmtpSender


def make_sender(settings: Settings, database: Database, clock: Clock) -> Sender | None:
    """How messages leave by the settings; None if they have to wait."""
    if settings.mail is None:
        return None
    if settings.mail == MAILBOX:
        return MailboxSender(database, clock)
    return SmtpSender(settings.mail, settings.mail_from)


def deliver(database: Database, settings: Settings, sender: Sender, clock: Clock) -> Delivered:
    """Send every message whose time has come. Stops early when the mail server cannot be reached."""

    def write(session: Session, message: Message, at: datetime) -> Letter | None:
        facts = look_again(session, message, at)
        if facts is None:
            return None
        message.data = asdict(facts)
        return write_letter(session, settings, message.reader, facts, at, message.newcomer)

    with sender:
        return Outbox(database, clock, Message, write, sender.send).deliver()


def undecided_messages(session: Session, at: datetime) -> list[Message]:
    """Messages that need a person's decision."""
    return list(session.scalars(outbox.undecided(Message, at)))


def settle(session: Session, message_id: uuid.UUID, *, send_again: bool, at: datetime) -> bool:
    """Decide about one of them: send it again, or count it as sent; gives whether there was one."""
    return outbox.settle(session, Message, message_id, send_again=send_again, at=at)
