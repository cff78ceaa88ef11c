"""Classes and who is in them. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person, Somebody
from api.accounts.operations import find_person
from api.classes.access import find_learner, reachable
from api.classes.errors import ClassArchived
from api.classes.models import (
    Assignment,
    AssignmentLearner,
    Class,
    ClassMember,
    Extension,
    FormerMember,
)
from api.core.choices import DEFAULT_TIMEZONE
from api.core.errors import Conflict, Invalid, NotFound
from api.core.names import checked_name
from api.core.texts import sort_key
from api.learning.allowances import end_allowances, reopen_allowances
from site_builder.course.model import Audience

Row = TypeVar("Row", AssignmentLearner, Extension)
MOST_LEARNERS = 500
"""In one class; more is a mistake in a list."""


def create_class(
    act: Act,
    *,
    name: str,
    teachers: Iterable[Somebody],
    learners: Iterable[Somebody] = (),
    timezone: str = DEFAULT_TIMEZONE,
) -> Class:
    """Make a class with its people.

    Raises:
        Invalid: The name is none (`core/names.py`), or there is no such time zone.
    """
    session = act.session
    made = Class(name=checked_name(name), timezone=checked_zone(timezone), created_at=act.at, revision=1)
    session.add(made)
    session.flush()
    for people, teaches in ((teachers, True), (learners, False)):
        session.add_all(
            ClassMember(class_id=made.id, person_id=person.id, teaches=teaches, joined_at=act.at) for person in people
        )
    session.flush()
    act.record("class.add", f"class:{made.id}", texts={"name": made.name})
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


@cache
def known_zones() -> frozenset[str]:
    """Names of time zones; listing them reads every file of them, so that it happens once."""
    # "localtime" and "Factory" are the machine's own.
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


def checked_zone(name: str) -> str:
    """A time zone.

    Raises:
        Invalid: There is no such zone.
    """
    if name not in known_zones():
        raise Invalid("There is no such time zone; write it as in Europe/Brussels.", field="timezone")
    return name


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class in the list of classes."""

    id: uuid.UUID
    name: str
    learners: int
    teachers: list[str]
    archived_at: datetime | None


def list_classes(act: Act) -> list[ClassLine]:
    """The classes that an act reaches, by name; in three queries."""
    session = act.session
    found = session.scalars(select(Class).where(reachable(act)))
    groups = sorted(found, key=lambda group: (sort_key(group.name), group.id))
    wanted = select(Class.id).where(reachable(act))
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
    ):
        teachers.setdefault(class_id, []).append(name)
    return [
        ClassLine(
            group.id,
            group.name,
            learners.get(group.id, 0),
            sorted(teachers.get(group.id, []), key=sort_key),
            group.archived_at,
        )
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
    for member, person in sorted(rows, key=lambda row: (row.Person.sort_as, row.Person.id)):
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
    act: Act,
    group: Class,
    *,
    name: str | None = None,
    timezone: str | None = None,
    archived: bool | None = None,
) -> None:
    """Rename a class, move it to another time zone, put it away or take it back; None leaves a thing as it is.

    Raises:
        Invalid: The name is empty or too long, or there is no such time zone.
    """
    old_name = group.name
    old = {"timezone": group.timezone, "archived": group.archived_at is not None}
    if name is not None:
        group.name = checked_name(name)
    if timezone is not None and checked_zone(timezone) != group.timezone:
        _keep_clocks(act.session, group, ZoneInfo(group.timezone), ZoneInfo(timezone))
        group.timezone = timezone
    if archived is True and group.archived_at is None:
        group.archived_at, group.join_code, group.join_expires_at = act.at, None, None
        end_allowances(act, group.id)
    if archived is False and group.archived_at is not None:
        group.archived_at = None
        reopen_allowances(act, group.id)
    new = {"timezone": group.timezone, "archived": group.archived_at is not None}
    if new != old or group.name != old_name:
        texts = {"old": old_name, "new": group.name} if group.name != old_name else None
        note_change(act, group, "class.change", old=old, new=new, texts=texts)


def _keep_clocks(session: Session, group: Class, old: ZoneInfo, new: ZoneInfo) -> None:
    """What opens or is due at four o'clock does so at four o'clock also in another zone."""

    def moved(at: datetime | None) -> datetime | None:
        return None if at is None else at.astimezone(old).replace(tzinfo=new)

    mine = list(session.scalars(select(Assignment).where(Assignment.class_id == group.id)))
    for assignment in mine:
        assignment.opens_at, assignment.due_at = moved(assignment.opens_at), moved(assignment.due_at)
    for extension in session.scalars(select(Extension).where(Extension.assignment_id.in_([one.id for one in mine]))):
        extension.due_at = extension.due_at.astimezone(old).replace(tzinfo=new)
    session.flush()


def note_change(act: Act, group: Class, action: str, **what: Any) -> None:
    """Note a change of a class: in the audit trail, and for pages that show it."""
    # By the database: two changes at the same moment count twice.
    group.revision = Class.revision + 1
    act.session.flush()
    act.record(action, f"class:{group.id}", **what)


def add_teacher(act: Act, group: Class, email: str) -> Person:
    """Give a class one more teacher.

    Raises:
        NotFound: Nobody with this address teaches here.
        Conflict: They learn in this class.
    """
    session = act.session
    person = find_person(session, email)
    if person is None or person.role == "learner" or not person.active:
        raise NotFound("Nobody with this address teaches here.", field="email")
    member = session.get(ClassMember, (group.id, person.id))
    if member is None:
        session.add(ClassMember(class_id=group.id, person_id=person.id, teaches=True, joined_at=act.at))
        note_change(act, group, "class.teacher", new=str(person.id))
    elif not member.teaches:
        raise Conflict("They learn in this class.", field="email")
    return person


def remove_member(act: Act, group: Class, person_id: uuid.UUID) -> None:
    """Take somebody out of a class: its teachers see nothing of theirs any more. What they did stays theirs.

    Raises:
        NotFound: Nobody of this class has this id.
        Conflict: They are its last teacher.
    """
    session = act.session
    lock_class(session, group)
    member = session.get(ClassMember, (group.id, person_id))
    if member is None:
        raise NotFound("There is nobody like that in this class.")
    if member.teaches:
        count = select(func.count()).where(ClassMember.class_id == group.id, ClassMember.teaches.is_(True))
        if session.scalar(count) == 1:
            raise Conflict("A class has at least one teacher.")
        # They may have said the code out loud.
        group.join_code = group.join_expires_at = None
    given = select(Assignment.id).where(Assignment.class_id == group.id)
    targets = _take(session, AssignmentLearner, person_id, given)
    extensions = _take(session, Extension, person_id, given)
    session.merge(
        FormerMember(
            class_id=group.id,
            person_id=person_id,
            left_at=act.at,
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
    end_allowances(act, group.id, person_id)
    note_change(act, group, "class.remove", old=str(person_id))


def _take(session: Session, table: type[Row], person_id: uuid.UUID, assignments: Select[uuid.UUID]) -> list[Row]:
    """Delete what a person has in assignments; gives what it was."""
    rows = list(
        session.scalars(select(table).where(table.person_id == person_id, table.assignment_id.in_(assignments)))
    )
    for row in rows:
        session.delete(row)
    return rows


def return_member(act: Act, group: Class, person_id: uuid.UUID) -> None:
    """Take somebody back into a class as they were in it: what a removal by mistake needs.

    Raises:
        NotFound: Nobody like that has left the class, or they are in it again.
        ClassArchived: It is put away.
    """
    session = act.session
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
    reopen_allowances(act, group.id, person_id)
    note_change(act, group, "class.return", new=str(person_id))


def change_learner(
    act: Act,
    group: Class,
    person_id: uuid.UUID,
    *,
    audience: Audience | None,
    employer: str,
    funding: str,
    lang: str | None = None,
) -> None:
    """Change what a class knows of a learner.

    The language belongs to the learner: it can be changed until they have signed in, and is theirs from then on. Where
    they are in other classes too, it is nobody else's to change.

    Raises:
        NotFound: There is no such learner in this class.
    """
    member, person = find_learner(act.session, group, person_id)
    old = {"audience": member.audience, "employer": member.employer, "funding": member.funding, "lang": person.lang}
    member.audience, member.employer, member.funding = audience, employer.strip(), funding.strip()
    if lang is not None and person.password_hash is None and _is_only_in(act.session, group, person):
        person.lang = lang
    new = {"audience": member.audience, "employer": member.employer, "funding": member.funding, "lang": person.lang}
    if new != old:
        # Employer and funding were typed: they stand beside the trail, not in it.
        note_change(act, group, "class.learner", new=str(person_id), texts={"old": old, "new": new})


def _is_only_in(session: Session, group: Class, person: Person) -> bool:
    others = select(ClassMember.class_id).where(ClassMember.person_id == person.id, ClassMember.class_id != group.id)
    return session.scalar(others.limit(1)) is None


def add_learner(act: Act, group: Class, person: Somebody) -> ClassMember:
    """Put a learner into a class, if they are not in it.

    Raises:
        Conflict: They teach it, or the class is full.
    """
    session = act.session
    lock_class(session, group)
    member = session.get(ClassMember, (group.id, person.id))
    if member is not None:
        if member.teaches:
            raise Conflict("They teach this class.")
        return member
    count = select(func.count()).where(ClassMember.class_id == group.id, ClassMember.teaches.is_(False))
    if (session.scalar(count) or 0) >= MOST_LEARNERS:
        raise Conflict(f"A class has at most {MOST_LEARNERS} learners.")
    member = ClassMember(
        class_id=group.id, person_id=person.id, teaches=False, joined_at=act.at, employer="", funding=""
    )
    session.add(member)
    note_change(act, group, "class.join", new={"id": str(person.id)})
    return member


def zone_of(group: Class) -> ZoneInfo:
    """The time zone of a class."""
    return ZoneInfo(group.timezone)
