"""What people did, a line each, and the summary of it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Identity, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.core.audit import Proven
from api.core.database import Base
from site_builder.course.modules import Fact, Hours


class Evidence(Proven, Base):
    """One thing that a person did. It is added and never changed: a correction is a line that supersedes another.

    Attributes:
        version: Of the module, that it was done against.
        renewal: Of that version.
        what: See `Fact`.
        part: Of the module: the id of a quiz; "" is the module itself.
        at: When it was done, by the server's clock.
        valid_until: Until when it counts; None is for good.
        score: 0..1, of what has one.
        minutes: Training time that it stands for; None where it stands for none.
        hours: Kind of that time.
        source: What it was made from: "page", "attempt:ID", "regrade:ID", "event:ID".
        recorded_by: Id of the person who recorded it, or who else did ("job", "command line").
        supersedes: The line that it takes the place of.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        # What is recorded twice, by a retry or by two doors, is there once.
        UniqueConstraint("person_id", "module_id", "version", "what", "part", "source"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), Identity(), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    module_id: Mapped[str] = mapped_column(String(200))
    version: Mapped[str] = mapped_column(ForeignKey("module_versions.version"))
    renewal: Mapped[int]
    what: Mapped[Fact] = mapped_column(String(16))
    part: Mapped[str] = mapped_column(String(100), default="", server_default="")
    at: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    score: Mapped[float | None]
    minutes: Mapped[int | None]
    hours: Mapped[Hours | None] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(64))
    recorded_by: Mapped[str] = mapped_column(String(64))
    supersedes: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"))


class ModuleProgress(Base):
    """Where a learner stands in a module: made of evidence, written with it, and recomputable.

    Attributes:
        quizzes: By quiz id: best score (0..1), passed, number of attempts handed in.
        best_score: 0..1, as `completion.score_of` has it; None before the first attempt.
        completed_renewal: Of the version that was completed; a lower one than the module's is to be renewed.
        valid_until: Until when the completion counts; None is for good.
        revision: Goes up with every write, so that a sum over rows tells whether any of them changed.
    """

    __tablename__ = "module_progress"
    # Sums over everybody are read off the index alone.
    __table_args__ = (
        Index("ix_module_progress_module_id", "module_id", "completed_renewal", "best_score"),
        Index("ix_module_progress_valid_until", "valid_until"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    module_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    read_at: Mapped[datetime | None]
    quizzes: Mapped[Any] = mapped_column(JSON)
    best_score: Mapped[float | None]
    completed_at: Mapped[datetime | None]
    completed_renewal: Mapped[int | None]
    valid_until: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
