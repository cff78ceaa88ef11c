"""Attempts at graded quizzes, with their answers, and what was allowed beyond their rules."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Identity, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from api.core.audit import Proven
from api.core.database import Base


class Attempt(Proven, Base):
    """One try at a quiz, against the version that the learner saw.

    Attributes:
        number: From 1, for each person and quiz.
        responses: By question id, as they were handed in.
        grades: By question id: score, correct, answered, reason.
        score: 0..1.
        failed_critical: Ids of knock-out questions that were wrong.
        paper: What was handed out: questions in their order, orders of options, drawn values. None where the questions
            stand in the page.
        deadline: Until when it may be handed in; None without a limit.
        late: Whether it was handed in after the deadline and its grace: such an attempt does not pass.
        confidence: How sure the learner was, 1..3 by question id; None where the quiz does not ask.
        key_version: Version of the module whose keys count for it, where they were corrected.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("person_id", "module_id", "quiz_id", "number"),
        # Which attempts an analysis is about is read off the index alone: their answers are long.
        Index(
            "ix_attempts_module_id_quiz_id",
            "module_id",
            "quiz_id",
            "person_id",
            "number",
            "version",
            "submitted_at",
            "started_at",
        ),
        # Corrected keys are rare, and are looked for at every handing in.
        Index(
            "ix_attempts_key_version",
            "module_id",
            "quiz_id",
            "version",
            sqlite_where=text("key_version IS NOT NULL"),
            postgresql_where=text("key_version IS NOT NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
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
    paper: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    deadline: Mapped[datetime | None]
    late: Mapped[bool] = mapped_column(default=False, server_default=false())
    confidence: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    key_version: Mapped[str | None] = mapped_column(ForeignKey("module_versions.version"))


class SceneRun(Proven, Base):
    """What somebody did in a scene before they handed in an attempt at its quiz; added with the result.

    Attributes:
        route: screen, text, headset or ar.
        seconds: From coming in to handing in, by the page's clock.
        events: What was done, with its time: see `api.learning.scenes`.
        breaches: Ids of what was breached, in order, as reckoned here.
        critical: Whether one of them fails the attempt.
    """

    __tablename__ = "scene_runs"
    __table_args__ = (Index("ix_scene_runs_module_id", "module_id", "quiz_id"),)

    attempt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    module_id: Mapped[str] = mapped_column(String(200))
    quiz_id: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
    route: Mapped[str] = mapped_column(String(16))
    seconds: Mapped[float]
    events: Mapped[Any] = mapped_column(JSON)
    breaches: Mapped[Any] = mapped_column(JSON)
    critical: Mapped[bool]


class Regrade(Proven, Base):
    """A correction of an attempt's grade after a correction of a key; it is added, and the old grade stays in it.

    Attributes:
        actor: Who asked for it.
        reason: Why, in their words.
        from_version: Version of the module whose keys counted before.
        to_version: Version whose keys count from now on.
        before: Score, passed, failed_critical and grades as they were.
        after: The same as they are.
    """

    __tablename__ = "regrades"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    attempt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("attempts.id"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(254))
    reason: Mapped[str] = mapped_column(String(500))
    from_version: Mapped[str] = mapped_column(ForeignKey("module_versions.version"))
    to_version: Mapped[str] = mapped_column(ForeignKey("module_versions.version"))
    before: Mapped[Any] = mapped_column(JSON)
    after: Mapped[Any] = mapped_column(JSON)


class ClassAllowance(Proven, Base):
    """More attempts, or more time, for one learner of a class in the graded quizzes of a module.

    Attributes:
        extra_attempts: Beside those that the quiz allows, 0..20.
        time_factor: By how much the time of its timed quizzes is multiplied, 1..4; the person's own counts if it is
            more.
        granted_by: Id of who gave it.
        ended_at: Since when it does not hold: they left the class, or it was put away.
    """

    __tablename__ = "class_allowances"
    __table_args__ = (UniqueConstraint("person_id", "module_id", "class_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    class_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("classes.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    module_id: Mapped[str] = mapped_column(String(200))
    extra_attempts: Mapped[int]
    time_factor: Mapped[float]
    granted_by: Mapped[uuid.UUID]
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Allowance(Proven, Base):
    """More attempts, or more time, for one learner in a module, given before allowances were a class's: in all of them.

    Attributes:
        extra_attempts: Beside those that the quiz allows, 0..20.
        time_factor: By how much the time of its timed quizzes is multiplied, 1..4; the person's own counts if it is
            more.
        granted_by: Id of who gave it.
    """

    __tablename__ = "allowances"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    module_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    extra_attempts: Mapped[int]
    time_factor: Mapped[float]
    granted_by: Mapped[uuid.UUID]
    at: Mapped[datetime]
