"""Rooms, and webinars and practicals with a date: who has a place, who was there, who signed."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar, Literal

from sqlalchemy import JSON, BigInteger, ForeignKey, Identity, Index, Integer, String, Text, false, true
from sqlalchemy.orm import Mapped, mapped_column

from api.core.audit import Proven
from api.core.database import Base

NUMBER = BigInteger().with_variant(Integer, "sqlite")

Zone = Literal[
    "grade-a", "grade-b", "grade-c", "grade-d", "atex-0", "atex-1", "atex-2", "atex-20", "atex-21", "atex-22",
    "laboratory", "hall", "meeting", "online",
]  # fmt: skip
"""What a room is: clean rooms by grade (EU GMP Annex 1), hazardous areas by zone (IEC 60079-10), and others."""

BookingState = Literal["booked", "waiting", "cancelled"]
Presence = Literal["present", "absent", "excused"]
Criterion = Literal["ticked", "failed", "unseen"]


class Room(Base):
    """A room of the centre.

    Attributes:
        places: How many learners it takes.
        closed: Days on which it is closed, ISO 8601.
        archived_at: Since when nothing new is planned in it.
    """

    __tablename__ = "rooms"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    zone: Mapped[Zone] = mapped_column(String(16))
    places: Mapped[int]
    equipment: Mapped[str] = mapped_column(String(500), default="", server_default="")
    closed: Mapped[Any] = mapped_column(JSON)
    archived_at: Mapped[datetime | None]


class Event(Base):
    """A webinar or a practical with a date.

    Attributes:
        module_ids: What it stands for: modules of one kind.
        room_id: None for a webinar without a room.
        link: Address of the meeting; shown to those alone who have a place.
        places: Learners; the others wait, where there is a waiting list.
        open_to_all: Whether every learner may book; otherwise those of the invited classes.
        cancel_until: Until when a learner may give the place back by themselves; None until it begins.
        sequence: Goes up with each change that those concerned are told of (RFC 5545, SEQUENCE).
        begins: Of its first half-day; kept for lists.
    """

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_begins", "begins"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    module_ids: Mapped[Any] = mapped_column(JSON)
    room_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("rooms.id"))
    link: Mapped[str] = mapped_column(String(1000), default="", server_default="")
    places: Mapped[int]
    has_waiting_list: Mapped[bool] = mapped_column(default=True, server_default=true())
    lang: Mapped[str] = mapped_column(String(2))
    timezone: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    open_to_all: Mapped[bool] = mapped_column(default=False, server_default=false())
    cancel_until: Mapped[datetime | None]
    begins: Mapped[datetime]
    created_at: Mapped[datetime]
    created_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    cancelled_at: Mapped[datetime | None]
    cancelled_why: Mapped[str] = mapped_column(String(500), default="", server_default="")
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")


class HalfDay(Base):
    """A half-day of an event, numbered from 1."""

    __tablename__ = "event_half_days"

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    begins: Mapped[datetime]
    ends: Mapped[datetime]


class EventTrainer(Base):
    """Somebody who leads an event."""

    __tablename__ = "event_trainers"

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class EventClass(Base):
    """A class whose learners may book an event."""

    __tablename__ = "event_classes"

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    class_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("classes.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Occupation(Base):
    """A room or a trainer that is taken for a half-day. The database lets none be taken twice at once.

    PostgreSQL: an exclusion constraint. SQLite: triggers, which see every row, since there is one writer.

    Attributes:
        resource: "room:ID" or "person:ID".
    """

    __tablename__ = "occupations"
    __table_args__ = (Index("ix_occupations_resource", "resource", "begins"),)

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    resource: Mapped[str] = mapped_column(String(64), primary_key=True)
    begins: Mapped[datetime]
    ends: Mapped[datetime]


class Booking(Base):
    """A place at an event, or in its waiting list.

    Attributes:
        at: Since when it is so: who waits longest comes first.
        why: Why it was given back, as it was typed.
        late: Whether it was given back after the last day for that.
    """

    __tablename__ = "bookings"

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    state: Mapped[BookingState] = mapped_column(String(16))
    at: Mapped[datetime]
    booked_by: Mapped[uuid.UUID]
    why: Mapped[str] = mapped_column(String(500), default="", server_default="")
    late: Mapped[bool] = mapped_column(default=False, server_default=false())


class Attendance(Proven, Base):
    """Whether somebody was there for a half-day: a line that is added; the newest counts.

    Attributes:
        seconds: Of presence, where intervals say it; None where somebody said it by hand.
        source: "hand", or "file:SHA-256".
        recorded_by: Id of the person who recorded it.
    """

    __tablename__ = "attendances"
    __table_args__ = (Index("ix_attendances_event_id", "event_id", "person_id", "number"),)

    id: Mapped[int] = mapped_column(NUMBER, Identity(), primary_key=True)
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("events.id"))
    number: Mapped[int]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    state: Mapped[Presence] = mapped_column(String(16))
    seconds: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(80))
    recorded_by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class SignOff(Proven, Base):
    """A trainer's signed statement about a practical's checklist: a line that is added; the newest counts.

    What was typed stands beside the proof, and in the texts of the audit trail: it can be erased.

    Attributes:
        criteria: For each line of the checklist its state.
        remarks: For each line what the trainer remarked, "" for nothing.
        passed: Whether every criterion was ticked.
        signed_as: Name of the trainer as it was typed to sign.
    """

    proof: ClassVar[tuple[str, ...]] = (
        "event_id", "person_id", "module_id", "version", "criteria", "passed", "signed_by", "at",
    )  # fmt: skip

    __tablename__ = "sign_offs"
    __table_args__ = (Index("ix_sign_offs_person_id", "person_id", "module_id"),)

    id: Mapped[int] = mapped_column(NUMBER, Identity(), primary_key=True)
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("events.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    module_id: Mapped[str] = mapped_column(String(200))
    version: Mapped[str] = mapped_column(ForeignKey("module_versions.version"))
    criteria: Mapped[Any] = mapped_column(JSON)
    remarks: Mapped[Any] = mapped_column(JSON)
    passed: Mapped[bool]
    signed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    signed_as: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]
