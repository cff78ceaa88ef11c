"""Sending what the outbox holds.

    waiting ──claim──► claimed ──last moment──► handing over ──reply──► sent
       ▲                  │                          │
       └── not now ───────┴──── not now ─────────────┤
                                                     └── no reply: stays, and is listed; nobody sends it twice

A claim ends after some minutes, so that what a crash left in `claimed` is sent by the next run. What it left in
`handing over` may have arrived: `airlock jobs list` shows it, and a person decides.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from api.core.clock import Clock
from api.core.config import MAILBOX, Settings
from api.core.database import Database
from api.messages.letters import Letter, write_letter
from api.messages.models import Message
from api.messages.operations import look_again
from api.messages.senders import MailboxSender, NotNow, Refused, Sender, SmtpSender, Unclear

log = structlog.get_logger(__name__)

CLAIM_LASTS = timedelta(minutes=5)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360))
"""How long to wait after each failure; the last one for every later failure."""


class ClaimLost(Exception):
    """Another process took the message over: this one was too slow, and must not send it."""


@dataclass
class Delivered:
    """What a run did."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0
    unclear: int = 0


def make_sender(settings: Settings, database: Database, clock: Clock) -> Sender | None:
    """How messages leave by the settings; None if they have to wait."""
    if settings.mail is None:
        return None
    if settings.mail == MAILBOX:
        return MailboxSender(database, clock)
    return SmtpSender(settings.mail, settings.mail_from)


def deliver(database: Database, settings: Settings, sender: Sender, clock: Clock) -> Delivered:
    """Send every message whose time has come. Stops early when the mail server cannot be reached."""
    done = Delivered()
    with sender:
        while (claimed := _claim(database, settings, clock)) is not None:
            message_id, claim, letter = claimed
            if letter is None:
                done.failed += _is_failed(database, message_id)
            elif not _send(database, sender, clock, message_id, claim, letter, done):
                break
    return done


def _is_failed(database: Database, message_id: uuid.UUID) -> bool:
    """Whether a message without a text could not be written; nobody wants the others any more."""
    with database.reading() as session:
        return session.scalar(select(Message.state).where(Message.id == message_id)) == "failed"


def _claim(database: Database, settings: Settings, clock: Clock) -> tuple[uuid.UUID, uuid.UUID, Letter | None] | None:
    """Take the next message, and write its text; None for one that nobody wants any more, or that cannot be written."""
    at = clock()
    claim = uuid.uuid4()
    with database.writing() as session:
        ready = or_(
            (Message.state == "waiting") & (Message.send_after <= at),
            (Message.state == "claimed") & (Message.claimed_until <= at),
        )
        message = session.scalar(
            select(Message)
            .where(ready)
            .order_by(Message.send_after, Message.id)
            .limit(1)
            .with_for_update(skip_locked=True, of=Message)
        )
        if message is None:
            return None
        message.state, message.claim, message.claimed_until = "claimed", claim, at + CLAIM_LASTS
        message.tries += 1
        try:
            with session.begin_nested():
                if not look_again(session, message, at):
                    message.state = "unwanted"
                    return message.id, claim, None
                return message.id, claim, write_letter(session, settings, message, at)
        except (LookupError, ValueError, TypeError) as error:
            # Made by another version of the program: it must not stand in the way of the others.
            log.error("message cannot be written", message=str(message.id), exc_info=error)
            message.state, message.error = "failed", f"{type(error).__name__}: {error}"[:300]
            return message.id, claim, None


def _send(
    database: Database,
    sender: Sender,
    clock: Clock,
    message_id: uuid.UUID,
    claim: uuid.UUID,
    letter: Letter,
    done: Delivered,
) -> bool:
    """Send one message; gives whether to go on with the next."""

    def move(session: Session, old: tuple[str, ...], **values: Any) -> bool:
        mine = (Message.id == message_id) & (Message.claim == claim) & Message.state.in_(old)
        return session.execute(update(Message).where(mine).values(**values).returning(Message.id)).first() is not None

    def handing_over() -> None:
        with database.writing() as session:
            if not move(session, ("claimed",), state="handing over"):
                raise ClaimLost

    either = ("claimed", "handing over")
    try:
        sender.send(letter, message_id, handing_over)
    except ClaimLost:
        return True
    except Refused as error:
        done.failed += 1
        log.warning("message refused", message=str(message_id), reason=str(error))
        with database.writing() as session:
            move(session, either, state="failed", error=str(error)[:300])
    except NotNow as error:
        done.put_off += 1
        log.warning("message put off", message=str(message_id), reason=str(error))
        with database.writing() as session:
            tries = session.get_one(Message, message_id).tries
            pause = PAUSES[min(tries, len(PAUSES)) - 1]
            move(session, either, state="waiting", send_after=clock() + pause, error=str(error)[:300])
        return error.reachable
    except Unclear as error:
        done.unclear += 1
        log.error("message may have been sent", message=str(message_id), reason=str(error))
        with database.writing() as session:
            move(session, either, error=str(error)[:300])
        return False
    else:
        done.sent += 1
        with database.writing() as session:
            move(session, ("handing over",), state="sent", sent_at=clock(), error="")
    return True


def _undecided(at: datetime) -> ColumnElement[bool]:
    """Refused, or handed over without a reply in time."""
    return or_(Message.state == "failed", (Message.state == "handing over") & (Message.claimed_until <= at))


def undecided_messages(session: Session, at: datetime) -> list[Message]:
    """Messages that need a person's decision: refused ones, and those of which nobody knows whether they arrived."""
    return list(session.scalars(select(Message).where(_undecided(at)).order_by(Message.created_at, Message.id)))


def settle(session: Session, message_id: uuid.UUID, *, send_again: bool, at: datetime) -> bool:
    """Decide about one of them: send it again, or count it as sent; gives whether there was one."""
    values: dict[str, Any] = {"state": "waiting", "send_after": at} if send_again else {"state": "sent", "sent_at": at}
    statement = update(Message).where(Message.id == message_id, _undecided(at)).values(**values)
    found = session.execute(statement.returning(Message.id))
    return found.first() is not None
