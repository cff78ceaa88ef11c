"""Who reaches which class, and what of its learners they may see. Writes nothing.

Which classes are reached is the scope of the act, as its route declares it: those that one teaches, or all of them. Of
their learners a teacher sees what was done in courses that the class was given, and nothing else
(docs/decisions/0012).
"""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import Session, aliased

from api.accounts.act import Act
from api.accounts.models import Person, Somebody
from api.classes.models import Assignment, Class, ClassMember
from api.core.errors import NotFound
from api.core.texts import sort_key


def reachable(act: Act) -> ColumnElement[bool]:
    """Which classes an act reaches, as a condition on `Class`."""
    if act.scope == "all":
        return true()
    if act.scope != "classes":
        return false()
    mine = aliased(ClassMember)
    return Class.id.in_(select(mine.class_id).where(mine.person_id == act.person.id, mine.teaches.is_(True)))


def find_class(act: Act, class_id: uuid.UUID) -> Class:
    """A class that an act reaches.

    Raises:
        NotFound: It does not exist, or is another teacher's.
    """
    found = act.session.scalar(select(Class).where(Class.id == class_id, reachable(act)))
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


def seen_in_course(act: Act, course_id: str, person_id: Any, since: Any = None) -> ColumnElement[bool]:
    """Whose work in a course an act may see, as a condition on columns.

    Everybody's; or that of the learners of one's classes that were given the course.

    Args:
        act: Who looks.
        course_id: The course.
        person_id: Column with whose it is.
        since: Column with when it was begun, where answers are shown: what somebody did before they entered the class
            is not the class's to read.
    """
    if act.scope == "all":
        return true()
    if act.scope != "classes":
        return false()
    mine = aliased(ClassMember)
    learners = (
        select(ClassMember.person_id)
        .join(mine, mine.class_id == ClassMember.class_id)
        .join(Assignment, Assignment.class_id == ClassMember.class_id)
        .where(
            mine.person_id == act.person.id,
            mine.teaches.is_(True),
            ClassMember.teaches.is_(False),
            Assignment.course_id == course_id,
        )
    )
    if since is not None:
        return learners.where(ClassMember.person_id == person_id, ClassMember.joined_at <= since).exists()
    condition: ColumnElement[bool] = person_id.in_(learners)
    return condition


def learners_of_classes(act: Act) -> set[uuid.UUID] | None:
    """The learners of the classes that an act reaches; None where it reaches everybody."""
    if act.scope == "all":
        return None
    mine = aliased(ClassMember)
    found = (
        select(ClassMember.person_id)
        .join(mine, mine.class_id == ClassMember.class_id)
        .where(mine.person_id == act.person.id, mine.teaches.is_(True), ClassMember.teaches.is_(False))
    )
    return set(act.session.scalars(found)) if act.scope == "classes" else set()


def learners_by_course(session: Session, teacher: Somebody) -> dict[str, set[uuid.UUID]]:
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


def is_given_to_teach(act: Act, course_id: str) -> bool:
    """Whether an act may look into a course: into all of them, or those that one's classes were given."""
    if act.scope == "all":
        return True
    if act.scope != "classes":
        return False
    mine = aliased(ClassMember)
    given = (
        select(Assignment.id)
        .join(mine, mine.class_id == Assignment.class_id)
        .where(mine.person_id == act.person.id, mine.teaches.is_(True), Assignment.course_id == course_id)
    )
    return act.session.scalar(given.limit(1)) is not None


def classes_of(session: Session, learner: Somebody) -> list[tuple[str, list[str]]]:
    """The classes that somebody learns in, with the names of their teachers; in one query."""
    teaching = aliased(ClassMember)
    rows = session.execute(
        select(Class.id, Class.name, Person.name)
        .join(ClassMember, ClassMember.class_id == Class.id)
        .outerjoin(teaching, (teaching.class_id == Class.id) & teaching.teaches.is_(True))
        .outerjoin(Person, Person.id == teaching.person_id)
        .where(ClassMember.person_id == learner.id, ClassMember.teaches.is_(False), Class.archived_at.is_(None))
    ).all()
    rows = sorted(rows, key=lambda row: (sort_key(row[1]), row[0], sort_key(row[2] or "")))
    found: dict[uuid.UUID, tuple[str, list[str]]] = {}
    for class_id, name, teacher in rows:
        teachers = found.setdefault(class_id, (name, []))[1]
        if teacher is not None:
            teachers.append(teacher)
    return list(found.values())
