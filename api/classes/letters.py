"""Letters to learners and teachers of classes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, TypedDict
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session
from typing_extensions import override

from api.accounts.models import Person
from api.catalogue.operations import current_catalogue
from api.classes.models import AskedLearner, Class, ClassMember
from api.classes.standing import COMPLETE, Cell, ClassStanding, class_standing
from api.core.pages import page_path
from api.messages.kinds import DueLine, Facts, Writer
from site_builder.course.model import Catalogue


@dataclass(frozen=True, slots=True)
class _Entry(Facts):
    """Somebody was put into a class.

    Attributes:
        class_name: As it was called then.
        class_id: Whoever was taken out of it again is told nothing.
        teacher: Who did it.
    """

    can_be_ended = False

    class_name: str
    teacher: str
    class_id: str = ""

    @override
    def as_of_now(self, session: Session, reader: Person, at: datetime) -> Facts | None:
        if not self.class_id:
            return self  # Made by an earlier version of the program.
        member = session.get(ClassMember, (uuid.UUID(self.class_id), reader.id))
        return self if member is not None and not member.teaches else None

    def _said(self, writer: Writer) -> list[str]:
        return [
            writer.say("{teacher} added you to the class {name}.", teacher=self.teacher, name=self.class_name),
            writer.say("The teachers of the class see what you do in the courses that it is given."),
        ]


@dataclass(frozen=True, slots=True)
class Invitation(_Entry):
    """To somebody who has no password yet."""

    kind: ClassVar[str] = "invitation"

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        return writer.say("Your class {name}: choose a password", name=self.class_name), [
            *self._said(writer),
            writer.say("Choose a password here. The link works once, for 14 days:"),
            writer.page("welcome", f"#{writer.invitation()}"),
        ]


@dataclass(frozen=True, slots=True)
class Added(_Entry):
    """To somebody who has an account."""

    kind: ClassVar[str] = "added"

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        subject = writer.say("You are in the class {name}", name=self.class_name)
        return subject, [*self._said(writer), writer.page("learning")]


@dataclass(frozen=True, slots=True)
class AskedIn(Facts):
    """To somebody with an account whom a teacher who does not know them wants in a class."""

    kind: ClassVar[str] = "asked"
    can_be_ended = False

    class_name: str
    teacher: str
    class_id: str

    @override
    def as_of_now(self, session: Session, reader: Person, at: datetime) -> Facts | None:
        found = session.get(AskedLearner, (uuid.UUID(self.class_id), reader.id))
        return self if found is not None and found.declined_at is None else None

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        if writer.reader.password_hash is None:
            way = [
                writer.say("Choose a password here. The link works once, for 14 days:"),
                writer.page("welcome", f"#{writer.invitation()}"),
            ]
        else:
            way = [writer.page("learning")]
        return writer.say("The class {name} asks you in", name=self.class_name), [
            writer.say("{teacher} wants you in the class {name}.", teacher=self.teacher, name=self.class_name),
            writer.say("If you say yes, the teachers of the class see what you do in the courses that it is given."),
            writer.say("Say yes or no on the page My learning:"),
            *way,
            writer.say("If you do nothing, nothing happens."),
        ]


@dataclass(frozen=True, slots=True)
class Join(Facts):
    """To the address that somebody who is not signed in typed with a join code."""

    kind: ClassVar[str] = "join"
    can_be_ended = False
    greets = False

    class_name: str
    code: str
    class_id: str = ""

    @override
    def as_of_now(self, session: Session, reader: Person, at: datetime) -> Facts | None:
        if not self.class_id:
            return self
        group = session.get(Class, uuid.UUID(self.class_id))
        if group is None or group.archived_at or group.join_code is None:
            return None
        if group.join_expires_at is None or group.join_expires_at <= at:
            return None
        return replace(self, class_name=group.name, code=group.join_code)

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        if writer.reader.password_hash is None:
            back = f"?next={quote(page_path(writer.lang, 'join'))}%3Fcode%3D{self.code}"
            way = [
                writer.say("Choose a password here. The link works once, for 14 days:"),
                writer.page("welcome", f"{back}#{writer.invitation()}"),
            ]
        else:
            way = [
                writer.say("You have an account already. Sign in, and you can enter:"),
                writer.page("join", f"?code={self.code}"),
            ]
        who = writer.say(
            "Somebody, probably you, wants to enter the class {name} with this address.", name=self.class_name
        )
        return writer.say("Enter the class {name}", name=self.class_name), [
            who,
            *way,
            writer.say("If it was not you, do nothing."),
        ]


@dataclass(frozen=True, slots=True)
class Reminder(Facts):
    """To a learner who is late, from a teacher."""

    kind: ClassVar[str] = "reminder"

    class_name: str
    teacher: str
    lines: list[DueLine]
    class_id: str = ""

    @override
    def as_of_now(self, session: Session, reader: Person, at: datetime) -> Facts | None:
        if not self.class_id:
            return self
        group = session.get(Class, uuid.UUID(self.class_id))
        if group is None or group.archived_at is not None:
            return None
        standing = class_standing(session, group, at)
        lines = _still(session, self.lines, reader, group, standing, lambda cell: cell.late)
        return replace(self, class_name=group.name, lines=lines) if lines else None

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        subject = writer.say_count("{count} module is late", "{count} modules are late", len(self.lines))
        return subject, [
            writer.say(
                "{teacher} reminds you of what is still open in the class {name}:",
                teacher=self.teacher,
                name=self.class_name,
            ),
            *[writer.due(line) for line in self.lines],
            writer.say("If something keeps you from it, tell your teacher: more time can be given."),
        ]


@dataclass(frozen=True, slots=True)
class DueDigest(Facts):
    """To a learner, once a week: what is due."""

    kind: ClassVar[str] = "due"

    lines: list[DueLine]

    @override
    def as_of_now(self, session: Session, reader: Person, at: datetime) -> Facts | None:
        mine = select(ClassMember.class_id).where(ClassMember.person_id == reader.id, ClassMember.teaches.is_(False))
        found: list[DueLine] = []
        for group in session.scalars(select(Class).where(Class.id.in_(mine), Class.archived_at.is_(None))):
            standing = class_standing(session, group, at, unopened=False)
            lines = _still(
                session, self.lines, reader, group, standing, lambda cell: cell.state not in (*COMPLETE, "elsewhere")
            )
            found.extend(line for line in lines if line not in found)
        return DueDigest(sorted(found, key=lambda line: line["due_at"])) if found else None

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        return writer.say("What is due this week"), [
            writer.say("This is due in the next days, or late:"),
            *[writer.due(line) for line in self.lines],
            writer.page("learning"),
        ]


class ClassLines(TypedDict):
    """A class in a digest: how many learners, how many of them late, and who with what."""

    id: str
    name: str
    learners: int
    late: int
    lines: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ClassDigest(Facts):
    """To a teacher who wants it, once a week: how the classes are doing."""

    kind: ClassVar[str] = "class-digest"
    on_request = True
    staff_only = True

    classes: list[ClassLines]

    @override
    def as_of_now(self, session: Session, reader: Person, at: datetime) -> Facts | None:
        taught = set(
            session.scalars(
                select(ClassMember.class_id)
                .join(Class, Class.id == ClassMember.class_id)
                .where(
                    ClassMember.person_id == reader.id,
                    ClassMember.teaches.is_(True),
                    Class.archived_at.is_(None),
                )
            )
        )
        found = [line for line in self.classes if uuid.UUID(line["id"]) in taught]
        return ClassDigest(found) if found and reader.role != "learner" else None

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        lines = []
        for group in self.classes:
            lines.append(group["name"])
            lines.append(
                "- "
                + writer.say_count("{count} learner", "{count} learners", group["learners"])
                + ", "
                + writer.say_count("{count} of them late", "{count} of them late", group["late"])
            )
            for late in group["lines"]:
                said = writer.say("{title}: {words}", title=late["name"], words=", ".join(late["titles"]))
                lines.append(f"- {said}")
            lines.append(writer.page("classes", f"?class={group['id']}"))
            lines.append("")
        return writer.say("Your classes this week"), ["\n".join(lines).strip()]


def due_line(catalogue: Catalogue, group: Class, reader: Person, module_id: str, cell: Cell) -> DueLine:
    """A module that is due, as a letter holds it."""
    assert cell.due_at is not None
    return {
        "title": catalogue.modules[module_id].page(reader.lang).title,
        "address": module_id,
        "due_at": cell.due_at.isoformat(),
        "timezone": group.timezone,
    }


def _still(
    session: Session,
    lines: list[DueLine],
    reader: Person,
    group: Class,
    standing: ClassStanding,
    holds: Callable[[Cell], bool],
) -> list[DueLine]:
    """The lines of a letter that still hold in a class, with their due times as they are now."""
    catalogue = current_catalogue(session)
    cells = standing.cells.get(reader.id, {})
    return [
        due_line(catalogue, group, reader, module_id, cells[module_id])
        for module_id in dict.fromkeys(line["address"] for line in lines)
        if module_id in cells and cells[module_id].due_at is not None and holds(cells[module_id])
    ]
