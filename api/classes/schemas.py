"""Requests and replies of classes, assignments, lists and reminders."""

from __future__ import annotations

import uuid
from typing import Annotated

from pydantic import Field, StringConstraints

from api.classes.importing import Status
from api.core.schemas import Id, In, Lang, LocalTime, ModuleId, Out, Slug, Time
from site_builder.course.model import Audience

ClassName = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class ClassIn(In):
    """A class to make; without a time zone it is in the centre's."""

    name: ClassName
    timezone: Annotated[str, StringConstraints(max_length=64)] = ""


class ClassChange(In):
    """What to change of a class; what is left out stays."""

    name: ClassName | None = None
    timezone: Annotated[str, StringConstraints(max_length=64)] | None = None
    archived: bool | None = None


class ClassLineOut(Out):
    """A class in the list."""

    id: uuid.UUID
    name: str
    learners: int
    teachers: list[str]
    archived_at: Time | None


class ClassesOut(Out):
    """The classes that one reaches."""

    classes: list[ClassLineOut]


class MemberOut(Out):
    """Somebody in a class."""

    id: uuid.UUID
    name: str
    email: str
    lang: str
    joined_at: Time
    signed_in: bool
    audience: Audience | None
    employer: str
    funding: str


class AskedOut(Out):
    """Somebody who was asked into a class and has not said yes, as the list had them."""

    name: str
    email: str
    asked_at: Time
    declined_at: Time | None


class UnaskIn(In):
    """Whom to ask no more."""

    email: Annotated[str, StringConstraints(min_length=3, max_length=254)]


class AnswerIn(In):
    """Yes or no."""

    accepted: bool


class AssignmentOut(Out):
    """An assignment, for teachers."""

    id: uuid.UUID
    course_id: str
    title: str
    module_ids: list[str] | None
    learner_ids: list[uuid.UUID] | None
    opens_at: Time | None
    due_at: Time | None
    opens: str | None
    due: str | None
    note: str
    note_html: str
    required: bool
    withdrawn_at: Time | None


class JoinCodeOut(Out):
    """A code that lets learners in."""

    code: str
    expires_at: Time


class ClassOut(Out):
    """A class with its people and what it was given."""

    id: uuid.UUID
    name: str
    timezone: str
    archived_at: Time | None
    join: JoinCodeOut | None
    teachers: list[MemberOut]
    learners: list[MemberOut]
    asked: list[AskedOut]
    assignments: list[AssignmentOut]


class ModuleChoice(Out):
    """A module that a class can be given."""

    id: str
    title: str
    kind: str


class CourseChoice(Out):
    """A course that a class can be given."""

    id: str
    title: str
    modules: list[ModuleChoice]


class CoursesOut(Out):
    """What a class can be given."""

    courses: list[CourseChoice]


class TeacherIn(In):
    """One more teacher."""

    email: Annotated[str, StringConstraints(min_length=3, max_length=254)]


class LearnerChange(In):
    """What a class knows of a learner."""

    audience: Audience | None = None
    employer: Annotated[str, StringConstraints(max_length=120)] = ""
    funding: Annotated[str, StringConstraints(max_length=60)] = ""
    lang: Lang | None = None


Columns = Annotated[list[Annotated[str, StringConstraints(max_length=20)]] | None, Field(max_length=100)]
"""What each column means, as it is said by hand; "" is not read."""


class ListIn(In):
    """A list, pasted as text or uploaded as file; a file's bytes come in base64."""

    text: str | None = None
    file: str | None = None
    columns: Columns = None


class ListImport(In):
    """A list to be written, as it was previewed."""

    text: str
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    lang: Lang = "fr"
    columns: Columns = None


class PreviewRowOut(Out):
    """What would become of a row."""

    line: int
    found: str
    name: str
    email: str
    status: Status
    changes: list[str]
    wrong: list[str]
    name_guessed: bool
    renamed: bool
    account: str


class PlaceOut(Out):
    """A column of a list, and what it is read as."""

    heading: str
    sample: str
    meaning: str


class PreviewOut(Out):
    """What would become of a list."""

    rows: list[PreviewRowOut]
    unreadable: str | None
    text: str
    columns: list[str]
    ignored: list[str]
    places: list[PlaceOut]
    digest: str
    new: int
    known: int
    changed: int
    wrong: int


class JoinCodeIn(In):
    """How long a code lets learners in."""

    days: Annotated[int, Field(ge=1, le=90)] = 14


class JoinIn(In):
    """A code."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=40)]


class JoinRequest(JoinIn):
    """Somebody who is not signed in."""

    email: Annotated[str, StringConstraints(min_length=3, max_length=254)]
    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    lang: Lang = "fr"


class JoinedOut(Out):
    """The class that one is in now."""

    name: str


class TermsIn(In):
    """What a teacher says about an assignment, beside the course."""

    modules: list[ModuleId] | None = None
    learners: list[Id] | None = None
    opens: LocalTime | None = None
    due: LocalTime | None = None
    note: Annotated[str, StringConstraints(max_length=4000)] = ""
    required: bool = True


class AssignmentIn(TermsIn):
    """A course, or some of its modules, to give."""

    course: Slug


class WithdrawalIn(In):
    """Whether an assignment is taken back, or given again."""

    withdrawn: bool


class ExtensionIn(In):
    """Another due time for one learner; without one, the assignment's own."""

    learner: Id
    due: LocalTime | None = None


class AllowanceIn(In):
    """More attempts, or more time, in the quizzes of a module; 0 and 1 take it back."""

    extra_attempts: Annotated[int, Field(ge=0, le=20)] = 0
    time_factor: Annotated[float, Field(ge=1, le=4, strict=False)] = 1.0
    why: Annotated[str, StringConstraints(max_length=500)] = ""


class NoteIn(In):
    """A note about a learner."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]


class ReminderLineOut(Out):
    """A learner who is late."""

    id: uuid.UUID
    name: str
    titles: list[str]
    skipped: str


class RemindersOut(Out):
    """Who would be reminded, and what one of the messages says."""

    lines: list[ReminderLineOut]
    subject: str
    text: str


class RemindersIn(In):
    """Whom to remind: some of the late learners, or all."""

    learners: list[Id] | None = None


class SentOut(Out):
    """How many messages are on their way."""

    sent: int
