"""Questions that learners ask below a lesson, and their answers."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from api.accounts.models import Person
from api.core.database import Base


class Thread(Base):
    """A question to the trainer.

    Attributes:
        anchor: Id of the heading that it is about; "" for the whole lesson.
        class_id: The class in which it was asked: its teachers read it, its learners if it is shared; None is to the
            trainers alone.
        html: The text as it is shown, made once when it was written; None in what an earlier program wrote.
        shared: Whether class mates may read it.
        hidden_at: Since when class mates do not see it; its author and those who answer do.
    """

    __tablename__ = "threads"
    __table_args__ = (Index("ix_threads_module_id_created_at", "module_id", "created_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    module_id: Mapped[str] = mapped_column(String(200))
    anchor: Mapped[str] = mapped_column(String(200))
    class_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("classes.id", ondelete="SET NULL"), index=True)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    shared: Mapped[bool]
    created_at: Mapped[datetime]
    hidden_at: Mapped[datetime | None]

    author: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class Reply(Base):
    """An answer, or a word of its author to it, in Markdown."""

    __tablename__ = "replies"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    thread_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("threads.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    hidden_at: Mapped[datetime | None]

    author: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class Report(Base):
    """Somebody says that a question or an answer should not be there.

    Attributes:
        settled_at: Since when somebody decided about it: hid it, or found it all right.
    """

    __tablename__ = "reports"
    __table_args__ = (CheckConstraint("(thread_id IS NULL) <> (reply_id IS NULL)", name="one_subject"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    thread_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("threads.id", ondelete="CASCADE"), index=True)
    reply_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("replies.id", ondelete="CASCADE"), index=True)
    reporter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
