"""What a learner did: attempts and readings are facts, progress is their summary."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.core.database import Base


class Attempt(Base):
    """One try at a quiz, against the version that the learner saw.

    Attributes:
        number: From 1, for each person and quiz.
        responses: By question id, as they were handed in.
        grades: By question id: score, correct, answered, reason.
        score: 0..1.
        failed_critical: Ids of knock-out questions that were wrong.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("person_id", "module_id", "quiz_id", "number"),
        Index("ix_attempts_module_id_submitted_at", "module_id", "submitted_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    module_id: Mapped[str] = mapped_column(String(200))
    quiz_id: Mapped[str] = mapped_column(String(100))
    version: Mapped[str] = mapped_column(ForeignKey("module_versions.version"))
    lang: Mapped[str] = mapped_column(String(2))
    number: Mapped[int]
    started_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    responses: Mapped[Any] = mapped_column(JSON, nullable=True)
    grades: Mapped[Any] = mapped_column(JSON, nullable=True)
    score: Mapped[float | None]
    passed: Mapped[bool | None]
    failed_critical: Mapped[Any] = mapped_column(JSON, nullable=True)


class Reading(Base):
    """A learner said that they read a module, in one of its versions."""

    __tablename__ = "readings"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    version: Mapped[str] = mapped_column(ForeignKey("module_versions.version"), primary_key=True)
    module_id: Mapped[str] = mapped_column(String(200), index=True)
    at: Mapped[datetime]


class ModuleProgress(Base):
    """A learner's standing in a module: made of attempts and readings, written with them, and recomputable.

    Attributes:
        quizzes: By quiz id: best score (0..1), passed, number of attempts handed in.
        completed_epoch: Epoch of the version that was completed; an older one than the module's is to be renewed.
    """

    __tablename__ = "module_progress"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    module_id: Mapped[str] = mapped_column(String(200), primary_key=True, index=True)
    read_at: Mapped[datetime | None]
    quizzes: Mapped[Any] = mapped_column(JSON)
    best_score: Mapped[float | None]
    completed_at: Mapped[datetime | None]
    completed_epoch: Mapped[int | None]
    updated_at: Mapped[datetime]
