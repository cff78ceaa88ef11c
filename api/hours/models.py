"""Lines of training time, what of each counts, and the active time of pages before its day is closed."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Identity, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from api.core.audit import Proven
from api.core.database import Base
from site_builder.course.modules import Hours

NUMBER = BigInteger().with_variant(Integer, "sqlite")


class HoursLine(Proven, Base):
    """Training time of one person: a half-day, or the active time in one module on one day.

    It is added and never changed; the newest of a person and a source counts.

    Attributes:
        module_id: What it was about; of an event with several modules, the first.
        event_id: Where it was; None of active time.
        number: Of the half-day.
        day: On the calendar where it was, ISO 8601.
        spans: From when until when, pairs of UTC times in ISO 8601, in order and apart from one another.
        minutes: Whole minutes that it stands for; 0 takes back what an older line said.
        learner_signed: Whether the learner confirmed it.
        trainer_signed: Whether a trainer signed a list with them on it.
        source: What it was made from: "event:ID/NUMBER" or "active:MODULE/DAY".
        recorded_by: Id of the person who recorded it, or who else did.
        supersedes: The line that it takes the place of.
    """

    __tablename__ = "hours_lines"
    __table_args__ = (Index("ix_hours_lines_person_id", "person_id", "source"),)

    id: Mapped[int] = mapped_column(NUMBER, Identity(), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[Hours] = mapped_column(String(16))
    module_id: Mapped[str] = mapped_column(String(200))
    event_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("events.id"))
    number: Mapped[int | None]
    day: Mapped[str] = mapped_column(String(10))
    spans: Mapped[Any] = mapped_column(JSON)
    minutes: Mapped[int]
    learner_signed: Mapped[bool]
    trainer_signed: Mapped[bool]
    source: Mapped[str] = mapped_column(String(240))
    recorded_by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    supersedes: Mapped[int | None] = mapped_column(ForeignKey("hours_lines.id"))


class CountedHours(Base):
    """What of a line counts: a summary of the lines of its person, written with them, and recomputable.

    Attributes:
        minutes: Whole minutes that count.
        overlap: Whole minutes that do not, because another line stands for the same time.
        overlaps: Ids of those lines.
    """

    __tablename__ = "counted_hours"
    # Reports over everybody are read off the indexes alone.
    __table_args__ = (
        Index("ix_counted_hours_day", "day", "kind", "person_id", "module_id", "event_id", "minutes", "overlap"),
        Index("ix_counted_hours_person_id", "person_id", "day"),
    )

    line_id: Mapped[int] = mapped_column(ForeignKey("hours_lines.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[Hours] = mapped_column(String(16))
    module_id: Mapped[str] = mapped_column(String(200))
    event_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("events.id"))
    day: Mapped[str] = mapped_column(String(10))
    minutes: Mapped[int]
    overlap: Mapped[int]
    overlaps: Mapped[Any] = mapped_column(JSON)


class CountedMonth(Base):
    """That what is reported of a month changed: what counts in it, its half-days, or who has a place at them.

    Attributes:
        month: "2026-11".
        mark: Another one after each change.
    """

    __tablename__ = "counted_months"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    mark: Mapped[str] = mapped_column(String(32))


class ActiveSpan(Base):
    """A stretch of time in which a page of a module was visible and somebody was active in it.

    It waits until its day is closed; then it stands in a line, and is forgotten here.
    """

    __tablename__ = "active_spans"
    __table_args__ = (Index("ix_active_spans_begins", "begins"),)

    id: Mapped[int] = mapped_column(NUMBER, Identity(), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    module_id: Mapped[str] = mapped_column(String(200))
    begins: Mapped[datetime]
    ends: Mapped[datetime]
