"""The outbox, who wants which messages, and the mailbox of the demo."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from api.accounts.models import Person
from api.core.database import Base

Kind = Literal["invitation", "added", "join", "reminder", "due", "class-digest", "answer", "question"]
Unsubscribable = Literal["reminder", "due", "class-digest", "answer", "question"]
"""Messages that one can switch off; the others belong to an act of one's own or of one's teacher."""

State = Literal["waiting", "claimed", "handing over", "sent", "unwanted", "failed"]


class Message(Base):
    """A message to a person: facts, which become a text in the reader's language when it leaves.

    Attributes:
        data: What the text is made of. No secrets: links that sign in are made when the message leaves.
        once: A message with the same value is not made again; None for messages that may repeat.
        send_after: Not before; moved on after every failure.
        state: `claimed` by a process until `claimed_until`; `handing over` from just before the mail server takes it
            until it said so: after a crash there, nobody knows, and it is not sent again by itself.
        tries: How often it was tried.
        error: What the mail server said last.
    """

    __tablename__ = "messages"
    __table_args__ = (Index("ix_messages_state_send_after", "state", "send_after"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    kind: Mapped[Kind] = mapped_column(String(16))
    data: Mapped[Any] = mapped_column(JSON)
    once: Mapped[str | None] = mapped_column(String(120), unique=True)
    created_at: Mapped[datetime]
    send_after: Mapped[datetime]
    state: Mapped[State] = mapped_column(String(16), default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    claim: Mapped[uuid.UUID | None]
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(300), default="")

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class Preference(Base):
    """Whether a person wants a kind of message; without a row the kind's own rule holds."""

    __tablename__ = "preferences"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[Unsubscribable] = mapped_column(String(16), primary_key=True)
    wanted: Mapped[bool]


class MailboxEntry(Base):
    """A message of the demo, where a mail server would have got it."""

    __tablename__ = "mailbox"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(String(2))
    at: Mapped[datetime]


class JobRun(Base):
    """For which period a regular job was done last."""

    __tablename__ = "job_runs"

    job: Mapped[str] = mapped_column(String(40), primary_key=True)
    period: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
