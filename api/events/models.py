"""Rooms, and webinars and practicals with a date: who has a place, who was there, who signed."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar, Literal

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
    true,
)
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
Passing = Literal["in", "out"]
Identified = Literal["pass", "name"]
Outcome = Literal[
    "done", "again", "elsewhere", "late-pass", "false-pass", "other-event", "no-place", "suspended", "not-ready",
    "not-in", "wrong-time", "cancelled",
]  # fmt: skip
"""What became of a line in the door's book.

done: it is recorded. again: it was so already, by the same tablet. elsewhere: another tablet had said so before.
late-pass: the pass was over. false-pass: it is not signed by this server as it is today. other-event: it is for
something else. no-place: they have none. suspended: their account is closed. not-ready: something is missing, and no
reason was given. not-in: who leaves had not come. wrong-time: the tablet's clock shows a time far from the half-day.
cancelled: the event does not take place.
"""
FeedOf = Literal["mine", "led", "room", "class"]


class Room(Base):
    """A room of the centre.

    Attributes:
        places: How many learners it takes.
        directions: How one gets there.
        area: Square metres; 0 is not said.
        closed: Days on which it is closed, ISO 8601.
        archived_at: Since when nothing new is planned in it.
    """

    __tablename__ = "rooms"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    zone: Mapped[Zone] = mapped_column(String(16))
    places: Mapped[int]
    equipment: Mapped[str] = mapped_column(String(500), default="", server_default="")
    directions: Mapped[str] = mapped_column(String(500), default="", server_default="")
    area: Mapped[int] = mapped_column(default=0, server_default="0")
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
        needs_ready: Whether only those may book who completed what its modules ask for first.
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
    needs_ready: Mapped[bool] = mapped_column(default=False, server_default=false())
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
        changes: How often it changed: with that of the event, the number of its calendar entry (RFC 5545, SEQUENCE).
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
    changes: Mapped[int] = mapped_column(default=0, server_default="0")


class Attendance(Proven, Base):
    """Whether somebody was there for a half-day: a line that is added; the newest counts.

    Attributes:
        seconds: Of presence, where intervals say it; None where somebody said it by hand.
        source: "hand", "file:SHA-256", or "door:ID" of a line in the door's book.
        came_at: When they came, by the clock of the door's tablet.
        left_at: When they left, by the same clock.
        why: As it was typed; it can be erased, and stands in the trail's texts too.
        recorded_by: Id of the person who recorded it.
    """

    proof: ClassVar[tuple[str, ...]] = (
        "event_id", "number", "person_id", "state", "seconds", "source", "came_at", "left_at", "recorded_by", "at",
    )  # fmt: skip

    __tablename__ = "attendances"
    __table_args__ = (Index("ix_attendances_event_id", "event_id", "person_id", "number"),)

    id: Mapped[int] = mapped_column(NUMBER, Identity(), primary_key=True)
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("events.id"))
    number: Mapped[int]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    state: Mapped[Presence] = mapped_column(String(16))
    seconds: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(80))
    came_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(String(500), default="", server_default="")
    recorded_by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class SignOff(Proven, Base):
    """A trainer's signed statement about a practical's checklist: a line that is added; the newest counts.

    What was typed stands beside the proof, and in the texts of the audit trail: it can be erased.

    Attributes:
        criteria: For each line of the checklist its state.
        levels: For each line its level, from 1; 0 where it was not done. None where the practical names no levels.
        remarks: For each line what the trainer remarked, "" for nothing.
        passed: Whether every criterion was ticked.
        signed_as: Name of the trainer as it was typed to sign.
    """

    proof: ClassVar[tuple[str, ...]] = (
        "event_id", "person_id", "module_id", "version", "criteria", "levels", "passed", "signed_by",
        "at",
    )  # fmt: skip

    __tablename__ = "sign_offs"
    __table_args__ = (Index("ix_sign_offs_person_id", "person_id", "module_id"),)

    id: Mapped[int] = mapped_column(NUMBER, Identity(), primary_key=True)
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("events.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    module_id: Mapped[str] = mapped_column(String(200))
    version: Mapped[str] = mapped_column(ForeignKey("module_versions.version"))
    criteria: Mapped[Any] = mapped_column(JSON)
    levels: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    remarks: Mapped[Any] = mapped_column(JSON)
    passed: Mapped[bool]
    signed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    signed_as: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]


class CounterSignature(Proven, Base):
    """The learner's own signature under what a trainer signed."""

    proof: ClassVar[tuple[str, ...]] = ("sign_off_id", "person_id", "at")

    __tablename__ = "counter_signatures"

    id: Mapped[int] = mapped_column(NUMBER, Identity(), primary_key=True)
    sign_off_id: Mapped[int] = mapped_column(ForeignKey("sign_offs.id"), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    signed_as: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]


class PresenceSignature(Proven, Base):
    """A signature under a half-day: the learner's "I was there", or the trainer's under the list of those who were.

    Attributes:
        as_trainer: Whose of the two it is.
        begins: From when, as the learner says it; None of a trainer.
        ends: Until when.
        people: Of a trainer, ids of those on the list that was signed.
    """

    proof: ClassVar[tuple[str, ...]] = (
        "event_id", "number", "person_id", "as_trainer", "begins", "ends", "people", "at",
    )  # fmt: skip

    __tablename__ = "presence_signatures"
    __table_args__ = (Index("ix_presence_signatures_event_id", "event_id", "number"),)

    id: Mapped[int] = mapped_column(NUMBER, Identity(), primary_key=True)
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("events.id"))
    number: Mapped[int]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    as_trainer: Mapped[bool]
    begins: Mapped[datetime | None]
    ends: Mapped[datetime | None]
    people: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    signed_as: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]


class DoorEntry(Proven, Base):
    """One line of the door's book: somebody came, or left, or was not let in. Every line of every tablet is kept.

    Attributes:
        id: Made by the tablet, so that a line that is sent once more is the same line.
        how: By a pass, or by tapping the name.
        window: Of the pass: when it began to be good, by the server's clock.
        claimed_at: When it was, by the tablet's clock as it was put right when the roster was loaded.
        device: Which tablet, a word of its own making.
        outcome: What became of it.
        why: Why somebody was let in who is not ready; as it was typed.
    """

    proof: ClassVar[tuple[str, ...]] = (
        "event_id", "number", "person_id", "what", "how", "window", "claimed_at", "device", "outcome", "recorded_by",
        "at",
    )  # fmt: skip

    __tablename__ = "door_entries"
    __table_args__ = (Index("ix_door_entries_event_id", "event_id", "number"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("events.id"))
    number: Mapped[int]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    what: Mapped[Passing] = mapped_column(String(8))
    how: Mapped[Identified] = mapped_column(String(8))
    window: Mapped[datetime | None]
    claimed_at: Mapped[datetime]
    device: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[Outcome] = mapped_column(String(24))
    why: Mapped[str] = mapped_column(String(500), default="", server_default="")
    recorded_by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class CalendarFeed(Base):
    """A calendar that programs read by a secret address.

    Attributes:
        of: What it shows: one's own places, what one leads, a room, a class.
        target_id: The room or the class; the owner otherwise.
        generation: Goes up when the address is renewed; the secret follows from it.
    """

    __tablename__ = "calendar_feeds"
    __table_args__ = (UniqueConstraint("owner_id", "of", "target_id", name="uq_calendar_feeds_owner_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    of: Mapped[FeedOf] = mapped_column(String(8))
    target_id: Mapped[uuid.UUID]
    generation: Mapped[int] = mapped_column(default=1, server_default="1")


class Beat(Base):
    """How long the page of a webinar was open on somebody's device: an aid for the trainer, and never a proof."""

    __tablename__ = "beats"

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    seconds: Mapped[int]


class EventFile(Base):
    """A file that belongs to an event: an attendance file as it was read, or a sheet that was signed on paper.

    Attributes:
        reading: Of an attendance file, how it was read: `order` of day and month, `matches` that a person decided.
    """

    __tablename__ = "event_files"
    __table_args__ = (UniqueConstraint("event_id", "sha256", name="uq_event_files_event_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    reading: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    added_by: Mapped[uuid.UUID]
    at: Mapped[datetime]


class Photo(Base):
    """A photograph of what somebody did at a practical.

    Attributes:
        person_id: Whose work it shows.
        line: Of the practical's checklist, from 0.
        content: A JPEG, loaded when it is asked for.
    """

    __tablename__ = "photos"
    __table_args__ = (Index("ix_photos_event_id", "event_id", "person_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    module_id: Mapped[str] = mapped_column(String(200))
    line: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_by: Mapped[uuid.UUID]
    at: Mapped[datetime]


class LiveQuestion(Base):
    """A question of a module that a trainer asks everybody in the room, once or twice.

    Attributes:
        version: Of the module, so that what was asked stays what it was.
        round: 1, and 2 after those who answered talked about it.
        is_open: Whether answers are taken.
    """

    __tablename__ = "live_questions"
    __table_args__ = (Index("ix_live_questions_event_id", "event_id", "asked_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    module_id: Mapped[str] = mapped_column(String(200))
    version: Mapped[str] = mapped_column(ForeignKey("module_versions.version"))
    quiz_id: Mapped[str] = mapped_column(String(80))
    question_id: Mapped[str] = mapped_column(String(80))
    round: Mapped[int] = mapped_column(default=1, server_default="1")
    is_open: Mapped[bool] = mapped_column(default=True, server_default=true())
    is_shown: Mapped[bool] = mapped_column(default=False, server_default=false())
    asked_by: Mapped[uuid.UUID]
    asked_at: Mapped[datetime]


class LiveAnswer(Base):
    """What somebody answered in a round; the last one counts."""

    __tablename__ = "live_answers"

    question_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("live_questions.id", ondelete="CASCADE"), primary_key=True
    )
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    option: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
