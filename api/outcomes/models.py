"""Consents of job seekers, and what they were asked and answered."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Literal

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.core.database import Base

Stage = Literal["4-weeks", "6-months"]
Working = Literal["in-field", "elsewhere", "training", "looking", "not-looking"]
"""Works in what they trained for, or in something else; in another training; looks for work, or does not."""
PLACED: tuple[Working, ...] = ("in-field", "elsewhere")


class OutcomeConsent(Base):
    """That somebody lets the centre ask how it goes on; GDPR article 7: taken back as easily as given."""

    __tablename__ = "outcome_consents"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Outcome(Base):
    """What somebody was asked after their training, and what they answered.

    Attributes:
        ended: Day of their last training time, ISO 8601.
        expires_at: Until when the link in the letter works.
        helped: From 1, not at all, to 4, much.
        words: As they were typed.
    """

    __tablename__ = "outcomes"
    __table_args__ = (UniqueConstraint("person_id", "stage", "ended", name="uq_outcomes_person_id_stage_ended"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    stage: Mapped[Stage] = mapped_column(String(10))
    ended: Mapped[str] = mapped_column(String(10), index=True)
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    working: Mapped[Working | None] = mapped_column(String(16))
    helped: Mapped[int | None]
    words: Mapped[str] = mapped_column(Text, default="", server_default="")
