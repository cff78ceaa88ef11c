"""Classes, who is in them, and what they were given."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, String, Text, false, true
from sqlalchemy.orm import Mapped, mapped_column

from api.core.audit import Proven
from api.core.choices import DEFAULT_TIMEZONE
from api.core.database import Base
from site_builder.course.model import Audience


class Class(Base):
    """Learners that one or more teachers look after.

    Attributes:
        timezone: IANA name; opening and due times are typed and shown in it.
        archived_at: Since when it is put away: it asks for nothing any more, and all of it stays.
        revision: Goes up with every change to its people or its assignments.
        join_code: What learners type to come in; None while nobody can.
    """

    __tablename__ = "classes"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]
    timezone: Mapped[str] = mapped_column(String(64), default=DEFAULT_TIMEZONE, server_default=DEFAULT_TIMEZONE)
    archived_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
    join_code: Mapped[str | None] = mapped_column(String(16), index=True, unique=True)
    join_expires_at: Mapped[datetime | None]


class ClassMember(Base):
    """A learner, or a teacher, of a class.

    Attributes:
        audience: As whom they learn here; None is not said.
        employer: Employer or school; "" is not said.
        funding: Code under which a funder pays; "" is not said.
    """

    __tablename__ = "class_members"

    class_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("classes.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    teaches: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[datetime]
    audience: Mapped[Audience | None] = mapped_column(String(16))
    employer: Mapped[str] = mapped_column(String(120), default="", server_default="")
    funding: Mapped[str] = mapped_column(String(60), default="", server_default="")


class AskedLearner(Base):
    """Somebody with an account who was asked into a class, and has not said yes.

    Attributes:
        name: As the list had it, as the teacher sees it: the account may say otherwise.
        email: The same.
        declined_at: When they said no; None while they have not answered.
    """

    __tablename__ = "asked_learners"

    class_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("classes.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    audience: Mapped[Audience | None] = mapped_column(String(16))
    employer: Mapped[str] = mapped_column(String(120))
    funding: Mapped[str] = mapped_column(String(60))
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime]
    declined_at: Mapped[datetime | None]


class FormerMember(Base):
    """Somebody who left a class, with what they had in it, so that a removal can be undone.

    Attributes:
        targets: Ids of assignments that were for them among others.
        extensions: Their own due times, by assignment.
    """

    __tablename__ = "former_members"

    class_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("classes.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    left_at: Mapped[datetime]
    teaches: Mapped[bool]
    joined_at: Mapped[datetime]
    audience: Mapped[Audience | None] = mapped_column(String(16))
    employer: Mapped[str] = mapped_column(String(120))
    funding: Mapped[str] = mapped_column(String(60))
    targets: Mapped[Any] = mapped_column(JSON)
    extensions: Mapped[Any] = mapped_column(JSON)


class Assignment(Base):
    """A course, or some of its modules, given to a class or to some learners of it.

    Attributes:
        course_id: Id of a course in the catalogue.
        module_ids: Which of its modules; None is the whole course, with what is added to it later.
        everyone: Whether it is for the whole class, with who comes later; otherwise `AssignmentLearner` says for whom.
        opens_at: From when on learners see it; None is at once.
        due_at: When it should be done; None is no date.
        note: To the learners, in Markdown.
        required: What is optional is never late.
        withdrawn_at: Since when it asks for nothing any more; what learners did stays.
    """

    __tablename__ = "assignments"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    class_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("classes.id", ondelete="CASCADE"), index=True)
    course_id: Mapped[str] = mapped_column(String(100))
    module_ids: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    everyone: Mapped[bool] = mapped_column(default=True, server_default=true())
    opens_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    required: Mapped[bool] = mapped_column(default=True, server_default=true())
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class AssignmentLearner(Base):
    """A learner whom an assignment is for, where it is not for everyone."""

    __tablename__ = "assignment_learners"

    assignment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assignments.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Extension(Base):
    """More time for one learner: another due time of one assignment."""

    __tablename__ = "extensions"

    assignment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assignments.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    due_at: Mapped[datetime]


class TeacherNote(Base):
    """What a teacher wrote about a learner of a class; teachers of that class read it, learners do not."""

    __tablename__ = "teacher_notes"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    class_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("classes.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    removed: Mapped[bool] = mapped_column(default=False, server_default=false())


class Mandate(Proven, Base):
    """Somebody sees the workers of an employer, whatever else their account is for: a line; it ends and stays.

    Attributes:
        employer: As classes have it; capitals and blanks make no difference.
        given_by: Who gave it.
    """

    proof: ClassVar[tuple[str, ...]] = ("person_id", "given_by", "at", "ended_at")

    __tablename__ = "mandates"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    employer: Mapped[str] = mapped_column(String(120))
    given_by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
