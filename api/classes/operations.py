"""Classes and what they were given. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from api.accounts.models import Person
from api.classes.models import Assignment, Class, ClassMember


def create_class(
    session: Session, *, name: str, teachers: Iterable[Person], learners: Iterable[Person], at: datetime
) -> Class:
    """Make a class with its people."""
    made = Class(name=name, created_at=at)
    session.add(made)
    session.flush()
    for people, teaches in ((teachers, True), (learners, False)):
        session.add_all(
            ClassMember(class_id=made.id, person_id=person.id, teaches=teaches, joined_at=at) for person in people
        )
    session.flush()
    return made


def assign_course(
    session: Session, group: Class, course_id: str, *, due_at: datetime | None, at: datetime
) -> Assignment:
    """Give a course to a class."""
    assignment = Assignment(class_id=group.id, course_id=course_id, due_at=due_at, created_at=at)
    session.add(assignment)
    session.flush()
    return assignment


def assignments_of(session: Session, person: Person) -> list[Assignment]:
    """What a learner's classes were given, the first due first."""
    statement = (
        select(Assignment)
        .join(ClassMember, ClassMember.class_id == Assignment.class_id)
        .where(ClassMember.person_id == person.id, ClassMember.teaches.is_(False))
        .order_by(Assignment.due_at.is_(None), Assignment.due_at, Assignment.created_at)
    )
    return list(session.scalars(statement))


def learner_ids_of(teacher: Person) -> Select[uuid.UUID]:
    """A selection of the learners in a teacher's classes, to be used inside another query."""
    mine = aliased(ClassMember)
    return (
        select(ClassMember.person_id)
        .join(mine, mine.class_id == ClassMember.class_id)
        .where(mine.person_id == teacher.id, mine.teaches.is_(True), ClassMember.teaches.is_(False))
    )
