"""Classes and who is in them. Knows no HTTP and never commits.

Who may do what: a teacher reaches the classes that they teach; trainers and administrators reach all of them. Of their
learners a teacher sees what was done in courses that the class was given, and nothing else.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session, aliased

from api.accounts.models import Person
from api.accounts.operations import add_person, find_person, normalise_email
from api.classes.models import (
    DEFAULT_TIMEZONE,
    Assignment,
    AssignmentLearner,
    Audience,
    Class,
    ClassMember,
    Extension,
    FormerMember,
)
from api.core import audit
from api.core.errors import ClassArchived, Conflict, Invalid, JoinCodeInvalid, NotFound
from api.core.texts import sort_key
from api.messages.operations import add_message, drop_waiting

Row = TypeVar("Row", AssignmentLearner, Extension)
LONGEST_NAME = 120
CODE_LASTS = timedelta(days=14)
MOST_LEARNERS = 500
"""In one class; more is a mistake in a list."""

# Letters that sound alike in one of the languages, or look alike, are left out.
CONSONANTS = "bdfgklmnprtvz"
VOWELS = "aeiou"
DIGITS = "23456789"


def create_class(
    session: Session,
    *,
    name: str,
    teachers: Iterable[Person],
    learners: Iterable[Person],
    at: datetime,
    actor: str = "system",
    timezone: str = DEFAULT_TIMEZONE,
) -> Class:
    """Make a class with its people.

    Raises:
        Invalid: The name is empty or too long, or there is no such time zone.
    """
    made = Class(name=checked_name(name), timezone=checked_zone(timezone), created_at=at, revision=1)
    session.add(made)
    session.flush()
    for people, teaches in ((teachers, True), (learners, False)):
        session.add_all(
            ClassMember(class_id=made.id, person_id=person.id, teaches=teaches, joined_at=at) for person in people
        )
    session.flush()
    audit.record(session, at=at, actor=actor, action="class.add", subject=f"class:{made.id}", new=made.name)
    return made


def lock_class(session: Session, group: Class) -> None:
    """Let changes of who is in a class follow one another: they count who is there."""
    session.execute(select(Class.id).where(Class.id == group.id).with_for_update())


def check_open(group: Class) -> None:
    """Make sure that a class is in use.

    Raises:
        ClassArchived: It is put away.
    """
    if group.archived_at is not None:
        raise ClassArchived("The class is archived.")


def checked_name(name: str) -> str:
    """A name of a class.

    Raises:
        Invalid: It is empty or too long.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid(f"A name has 1 to {LONGEST_NAME} characters.", field="name")
    return name


def checked_zone(name: str) -> str:
    """A time zone.

    Raises:
        Invalid: There is no such zone.
    """
    if name not in available_timezones():
        raise Invalid("There is no such time zone; write it as in Europe/Brussels.", field="timezone")
    return name


def reachable(actor: Person) -> ColumnElement[bool]:
    """Which classes an actor reaches, as a condition on `Class`."""
    if actor.role in ("trainer", "admin"):
        return true()
    mine = aliased(ClassMember)
    return Class.id.in_(select(mine.class_id).where(mine.person_id == actor.id, mine.teaches.is_(True)))


def find_class(session: Session, actor: Person, class_id: uuid.UUID) -> Class:
    """A class that an actor reaches.

    Raises:
        NotFound: It does not exist, or is another teacher's.
    """
    found = session.scalar(select(Class).where(Class.id == class_id, reachable(actor)))
    if found is None:
        raise NotFound("There is no such class.")
    return found


def find_learner(session: Session, group: Class, person_id: uuid.UUID) -> tuple[ClassMember, Person]:
    """A learner of a class.

    Raises:
        NotFound: Nobody of this class has this id.
    """
    found = session.execute(
        select(ClassMember, Person)
        .join(Person, Person.id == ClassMember.person_id)
        .where(
            ClassMember.class_id == group.id,
            ClassMember.person_id == person_id,
            ClassMember.teaches.is_(False),
        )
    ).first()
    if found is None:
        raise NotFound("There is no such learner in this class.")
    return found.ClassMember, found.Person


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class in the list of classes."""

    id: uuid.UUID
    name: str
    learners: int
    teachers: list[str]
    archived_at: datetime | None


def list_classes(session: Session, actor: Person) -> list[ClassLine]:
    """The classes that an actor reaches, by name; in three queries."""
    groups = list(session.scalars(select(Class).where(reachable(actor)).order_by(func.lower(Class.name), Class.id)))
    wanted = select(Class.id).where(reachable(actor))
    counts = session.execute(
        select(ClassMember.class_id, func.count().label("learners"))
        .where(ClassMember.class_id.in_(wanted), ClassMember.teaches.is_(False))
        .group_by(ClassMember.class_id)
    )
    learners = {row.class_id: row.learners for row in counts}
    teachers: dict[uuid.UUID, list[str]] = {}
    for class_id, name in session.execute(
        select(ClassMember.class_id, Person.name)
        .join(Person, Person.id == ClassMember.person_id)
        .where(ClassMember.class_id.in_(wanted), ClassMember.teaches.is_(True))
        .order_by(Person.name, Person.id)
    ):
        teachers.setdefault(class_id, []).append(name)
    return [
        ClassLine(group.id, group.name, learners.get(group.id, 0), teachers.get(group.id, []), group.archived_at)
        for group in groups
    ]


@dataclass(frozen=True, slots=True)
class MemberLine:
    """Somebody in a class."""

    id: uuid.UUID
    name: str
    email: str
    lang: str
    joined_at: datetime
    signed_in: bool
    audience: Audience | None
    employer: str
    funding: str


def members_of(session: Session, group: Class) -> tuple[list[MemberLine], list[MemberLine]]:
    """Teachers and learners of a class, by name."""
    rows = session.execute(
        select(ClassMember, Person)
        .join(Person, Person.id == ClassMember.person_id)
        .where(ClassMember.class_id == group.id)
    )
    teachers: list[MemberLine] = []
    learners: list[MemberLine] = []
    for member, person in sorted(rows, key=lambda row: (sort_key(row.Person.name), row.Person.id)):
        line = MemberLine(
            id=person.id,
            name=person.name,
            email=person.email,
            lang=person.lang,
            joined_at=member.joined_at,
            signed_in=person.password_hash is not None,
            audience=member.audience,
            employer=member.employer,
            funding=member.funding,
        )
        (teachers if member.teaches else learners).append(line)
    return teachers, learners


def change_class(
    session: Session,
    actor: Person,
    group: Class,
    *,
    at: datetime,
    name: str | None = None,
    timezone: str | None = None,
    archived: bool | None = None,
) -> None:
    """Rename a class, move it to another time zone, put it away or take it back; None leaves a thing as it is.

    Raises:
        Invalid: The name is empty or too long, or there is no such time zone.
    """
    old = {"name": group.name, "timezone": group.timezone, "archived": group.archived_at is not None}
    if name is not None:
        group.name = checked_name(name)
    if timezone is not None:
        group.timezone = checked_zone(timezone)
    if archived is True and group.archived_at is None:
        group.archived_at, group.join_code, group.join_expires_at = at, None, None
        drop_waiting(session, "reminder", "class_id", str(group.id))
    if archived is False:
        group.archived_at = None
    new = {"name": group.name, "timezone": group.timezone, "archived": group.archived_at is not None}
    if new != old:
        note_change(session, group, "class.change", at=at, actor=str(actor.id), old=old, new=new)


def note_change(session: Session, group: Class, action: str, *, at: datetime, actor: str, **what: Any) -> None:
    """Note a change of a class: in the audit trail, and for pages that show it."""
    # By the database: two changes at the same moment count twice.
    group.revision = Class.revision + 1
    session.flush()
    audit.record(session, at=at, actor=actor, action=action, subject=f"class:{group.id}", **what)


def add_teacher(session: Session, actor: Person, group: Class, email: str, at: datetime) -> Person:
    """Give a class one more teacher.

    Raises:
        NotFound: Nobody with this address teaches here.
        Conflict: They learn in this class.
    """
    person = find_person(session, email)
    if person is None or person.role == "learner" or not person.active:
        raise NotFound("Nobody with this address teaches here.", field="email")
    member = session.get(ClassMember, (group.id, person.id))
    if member is None:
        session.add(ClassMember(class_id=group.id, person_id=person.id, teaches=True, joined_at=at))
        note_change(session, group, "class.teacher", at=at, actor=str(actor.id), new=str(person.id))
    elif not member.teaches:
        raise Conflict("They learn in this class.", field="email")
    return person


def remove_member(session: Session, actor: Person, group: Class, person_id: uuid.UUID, at: datetime) -> None:
    """Take somebody out of a class: its teachers see nothing of theirs any more. What they did stays theirs.

    Raises:
        NotFound: Nobody of this class has this id.
        Conflict: They are its last teacher.
    """
    lock_class(session, group)
    member = session.get(ClassMember, (group.id, person_id))
    if member is None:
        raise NotFound("There is nobody like that in this class.")
    if member.teaches:
        count = select(func.count()).where(ClassMember.class_id == group.id, ClassMember.teaches.is_(True))
        if session.scalar(count) == 1:
            raise Conflict("A class has at least one teacher.")
    given = select(Assignment.id).where(Assignment.class_id == group.id)
    targets = _take(session, AssignmentLearner, person_id, given)
    extensions = _take(session, Extension, person_id, given)
    session.merge(
        FormerMember(
            class_id=group.id,
            person_id=person_id,
            left_at=at,
            teaches=member.teaches,
            joined_at=member.joined_at,
            audience=member.audience,
            employer=member.employer,
            funding=member.funding,
            targets=[str(row.assignment_id) for row in targets],
            extensions={str(row.assignment_id): row.due_at.isoformat() for row in extensions},
        )
    )
    session.delete(member)
    note_change(session, group, "class.remove", at=at, actor=str(actor.id), old=str(person_id))


def _take(session: Session, table: type[Row], person_id: uuid.UUID, assignments: Select[uuid.UUID]) -> list[Row]:
    """Delete what a person has in assignments; gives what it was."""
    rows = list(
        session.scalars(select(table).where(table.person_id == person_id, table.assignment_id.in_(assignments)))
    )
    for row in rows:
        session.delete(row)
    return rows


def return_member(session: Session, actor: Person, group: Class, person_id: uuid.UUID, at: datetime) -> None:
    """Take somebody back into a class as they were in it: what a removal by mistake needs.

    Raises:
        NotFound: Nobody like that has left the class, or they are in it again.
        ClassArchived: It is put away.
    """
    check_open(group)
    lock_class(session, group)
    former = session.get(FormerMember, (group.id, person_id))
    if former is None or session.get(ClassMember, (group.id, person_id)) is not None:
        raise NotFound("There is nobody like that who has left this class.")
    session.add(
        ClassMember(
            class_id=group.id,
            person_id=person_id,
            teaches=former.teaches,
            joined_at=former.joined_at,
            audience=former.audience,
            employer=former.employer,
            funding=former.funding,
        )
    )
    there = {str(name) for name in session.scalars(select(Assignment.id).where(Assignment.class_id == group.id))}
    session.add_all(
        AssignmentLearner(assignment_id=uuid.UUID(name), person_id=person_id)
        for name in former.targets
        if name in there
    )
    session.add_all(
        Extension(assignment_id=uuid.UUID(name), person_id=person_id, due_at=datetime.fromisoformat(due))
        for name, due in former.extensions.items()
        if name in there
    )
    session.delete(former)
    note_change(session, group, "class.return", at=at, actor=str(actor.id), new=str(person_id))


def change_learner(
    session: Session,
    actor: Person,
    group: Class,
    person_id: uuid.UUID,
    *,
    at: datetime,
    audience: Audience | None,
    employer: str,
    funding: str,
    lang: str | None = None,
) -> None:
    """Change what a class knows of a learner.

    The language belongs to the learner: it can be changed until they have signed in, and is theirs from then on.

    Raises:
        NotFound: There is no such learner in this class.
    """
    member, person = find_learner(session, group, person_id)
    old = {"audience": member.audience, "employer": member.employer, "funding": member.funding, "lang": person.lang}
    member.audience, member.employer, member.funding = audience, employer.strip(), funding.strip()
    if lang is not None and person.password_hash is None:
        person.lang = lang
    new = {"audience": member.audience, "employer": member.employer, "funding": member.funding, "lang": person.lang}
    if new != old:
        told = {"id": str(person_id), **old}
        note_change(session, group, "class.learner", at=at, actor=str(actor.id), old=told, new=new)


def open_to_code(session: Session, actor: Person, group: Class, at: datetime, lasts: timedelta = CODE_LASTS) -> str:
    """A new code that lets learners in until it expires; an older one is over.

    Raises:
        ClassArchived: It is put away.
    """
    check_open(group)
    group.join_code, group.join_expires_at = _speakable(), at + lasts
    note_change(session, group, "class.code", at=at, actor=str(actor.id), new=group.join_expires_at.isoformat())
    return group.join_code


def close_to_code(session: Session, actor: Person, group: Class, at: datetime) -> None:
    """End the code of a class."""
    if group.join_code is not None:
        group.join_code = group.join_expires_at = None
        note_change(session, group, "class.code", at=at, actor=str(actor.id), new=None)


def _speakable() -> str:
    """A code that can be read out loud in the three languages: "tabo-rimu-47", one of a billion."""
    syllables = [secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in range(4)]
    digits = secrets.choice(DIGITS) + secrets.choice(DIGITS)
    return f"{''.join(syllables[:2])}-{''.join(syllables[2:])}-{digits}"


def normalise_code(text: str) -> str:
    """A code as people type it: capitals, spaces and forgotten dashes do not matter."""
    plain = "".join(character for character in text.casefold() if character.isalnum())
    return f"{plain[:4]}-{plain[4:8]}-{plain[8:]}" if len(plain) == 10 else ""


def find_by_code(session: Session, code: str, at: datetime) -> Class:
    """The class that a code opens.

    Raises:
        JoinCodeInvalid: There is no such code, or it is over.
    """
    code = normalise_code(code)
    group = session.scalar(select(Class).where(Class.join_code == code)) if code else None
    if group is None or group.archived_at or group.join_expires_at is None or group.join_expires_at <= at:
        raise JoinCodeInvalid("This code opens no class, or not any more.", field="code")
    return group


def join_class(session: Session, person: Person, code: str, at: datetime) -> Class:
    """Enter a class by its code; once more changes nothing.

    Raises:
        JoinCodeInvalid: There is no such code, or it is over.
    """
    group = find_by_code(session, code, at)
    add_learner(session, str(person.id), group, person, at)
    return group


def add_learner(session: Session, actor: str, group: Class, person: Person, at: datetime) -> ClassMember:
    """Put a learner into a class, if they are not in it.

    Raises:
        Conflict: They teach it, or the class is full.
    """
    lock_class(session, group)
    member = session.get(ClassMember, (group.id, person.id))
    if member is not None:
        if member.teaches:
            raise Conflict("They teach this class.")
        return member
    count = select(func.count()).where(ClassMember.class_id == group.id, ClassMember.teaches.is_(False))
    if (session.scalar(count) or 0) >= MOST_LEARNERS:
        raise Conflict(f"A class has at most {MOST_LEARNERS} learners.")
    member = ClassMember(class_id=group.id, person_id=person.id, teaches=False, joined_at=at, employer="", funding="")
    session.add(member)
    note_change(session, group, "class.join", at=at, actor=actor, new={"id": str(person.id)})
    return member


def ask_to_join(session: Session, *, code: str, email: str, name: str, lang: str, at: datetime) -> None:
    """Somebody who is not signed in wants to enter a class: the way in goes to their address.

    The answer is the same whether the address has an account or not; nobody is in the class before they signed in.

    Raises:
        JoinCodeInvalid: There is no such code, or it is over.
        Invalid: Address or name is none.
    """
    group = find_by_code(session, code, at)
    email = normalise_email(email)
    # Before it is looked up: what is refused must not depend on whether there is an account.
    name = checked_name(name)
    person = find_person(session, email)
    if person is None:
        person = add_person(session, actor=f"code:{group.id}", at=at, email=email, name=name, role="learner", lang=lang)
    assert group.join_code is not None
    # One an hour is enough for a code, whoever asks for it.
    once = f"join:{group.join_code}:{person.id}:{at:%Y%m%d%H}"
    add_message(session, person, "join", {"class": group.name, "code": group.join_code}, at=at, once=once)


def zone_of(group: Class) -> ZoneInfo:
    """The time zone of a class."""
    return ZoneInfo(group.timezone)


def seen_in_course(actor: Person, course_id: str, person_id: Any, since: Any = None) -> ColumnElement[bool]:
    """Whose work in a course an actor may see, as a condition on columns.

    A teacher sees that of the learners of their classes that were given the course; trainers and administrators see
    everybody's.

    Args:
        actor: Who looks.
        course_id: The course.
        person_id: Column with whose it is.
        since: Column with when it was begun, where answers are shown: what somebody did before they entered the class
            is not the class's to read.
    """
    if actor.role in ("trainer", "admin"):
        return true()
    mine = aliased(ClassMember)
    learners = (
        select(ClassMember.person_id)
        .join(mine, mine.class_id == ClassMember.class_id)
        .join(Assignment, Assignment.class_id == ClassMember.class_id)
        .where(
            mine.person_id == actor.id,
            mine.teaches.is_(True),
            ClassMember.teaches.is_(False),
            Assignment.course_id == course_id,
        )
    )
    if since is not None:
        return learners.where(ClassMember.person_id == person_id, ClassMember.joined_at <= since).exists()
    condition: ColumnElement[bool] = person_id.in_(learners)
    return condition


def learners_by_course(session: Session, teacher: Person) -> dict[str, set[uuid.UUID]]:
    """Whose work a teacher may see, by course; in one query."""
    mine = aliased(ClassMember)
    found: dict[str, set[uuid.UUID]] = {}
    for course_id, person_id in session.execute(
        select(Assignment.course_id, ClassMember.person_id)
        .join(ClassMember, ClassMember.class_id == Assignment.class_id)
        .join(mine, mine.class_id == Assignment.class_id)
        .where(mine.person_id == teacher.id, mine.teaches.is_(True), ClassMember.teaches.is_(False))
        .distinct()
    ):
        found.setdefault(course_id, set()).add(person_id)
    return found


def classes_of(session: Session, learner: Person) -> list[tuple[str, list[str]]]:
    """The classes that somebody learns in, with the names of their teachers; in one query."""
    teaching = aliased(ClassMember)
    rows = session.execute(
        select(Class.id, Class.name, Person.name)
        .join(ClassMember, ClassMember.class_id == Class.id)
        .outerjoin(teaching, (teaching.class_id == Class.id) & teaching.teaches.is_(True))
        .outerjoin(Person, Person.id == teaching.person_id)
        .where(ClassMember.person_id == learner.id, ClassMember.teaches.is_(False), Class.archived_at.is_(None))
        .order_by(func.lower(Class.name), Class.id, Person.name)
    )
    found: dict[uuid.UUID, tuple[str, list[str]]] = {}
    for class_id, name, teacher in rows:
        teachers = found.setdefault(class_id, (name, []))[1]
        if teacher is not None:
            teachers.append(teacher)
    return list(found.values())


def is_given_to_teach(session: Session, actor: Person, course_id: str) -> bool:
    """Whether an actor may look into a course: teachers into those that their classes were given."""
    if actor.role in ("trainer", "admin"):
        return True
    mine = aliased(ClassMember)
    given = (
        select(Assignment.id)
        .join(mine, mine.class_id == Assignment.class_id)
        .where(mine.person_id == actor.id, mine.teaches.is_(True), Assignment.course_id == course_id)
    )
    return session.scalar(given.limit(1)) is not None
