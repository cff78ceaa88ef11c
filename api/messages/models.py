"""The outbox, who wants which messages, and the mailbox of the demo."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from api.accounts.models import Newcomer, Person
from api.core.database import Base
from api.core.outbox import Outgoing


class Message(Outgoing, Base):
    """A message to a person or a newcomer: facts, which become a text in the reader's language when it leaves.

    Attributes:
        caused_by: Who had it sent, where somebody did; what one person causes has a limit.
        data: What the text is made of. No secrets: links that sign in are made when the message leaves.
        once: A message with the same value is not made again; None for messages that may repeat.
    """

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_state_send_after", "state", "send_after"),
        Index("ix_messages_caused_by_created_at", "caused_by", "created_at"),
    )

    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    newcomer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("newcomers.id", ondelete="CASCADE"), index=True)
    caused_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(16))
    data: Mapped[Any] = mapped_column(JSON)
    once: Mapped[str | None] = mapped_column(String(120), unique=True)

    person: Mapped[Person | None] = relationship(lazy="joined", foreign_keys=[person_id])
    newcomer: Mapped[Newcomer | None] = relationship(lazy="joined")

    @property
    def reader(self) -> Person:
        """Who reads it; of a newcomer what a letter needs, which is no account."""
        if self.person is not None:
            return self.person
        assert self.newcomer is not None, "a message is to somebody"
        one = self.newcomer
        return Person(id=one.id, email=one.email, name=one.name, lang=one.lang, role="learner", active=True)


class Preference(Base):
    """Whether a person wants a kind of message; without a row the kind's own rule holds."""

    __tablename__ = "preferences"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    wanted: Mapped[bool]


class MailboxEntry(Base):
    """A message of the demo, where a mail server would have got it."""

    __tablename__ = "mailbox"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
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
