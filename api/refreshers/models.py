"""The questions that somebody keeps fresh."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from api.core.database import Base


class RefresherCard(Base):
    """A question that somebody keeps fresh: when it is about to be forgotten (FSRS, `fsrs` library).

    Attributes:
        memory: State of the scheduler, as it gives it.
        due_at: When it is to be asked next.
        wrong: How often it was answered wrongly here.
        mistaken: Whether it came from a wrong answer of an attempt: the notebook of mistakes.
        last_right: Whether the last answer was right; None before the first.
    """

    __tablename__ = "refresher_cards"
    __table_args__ = (Index("ix_refresher_cards_due", "person_id", "due_at"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    module_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    quiz_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    memory: Mapped[Any] = mapped_column(JSON)
    due_at: Mapped[datetime]
    wrong: Mapped[int] = mapped_column(default=0, server_default="0")
    mistaken: Mapped[bool]
    reviewed_at: Mapped[datetime | None]
    last_right: Mapped[bool | None]
