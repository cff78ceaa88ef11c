"""Telling before something ends, 60, 30 and 7 days ahead: the learner, their teachers, their company's coordinator."""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.briefings.letters import ClassExpiring, CompanyExpiring, Expiring, ExpiringLine
from api.catalogue.operations import NOT_PUBLISHED, current_catalogue, modules_now
from api.classes.mandates import mandates_of, workers_of
from api.classes.models import Assignment, Class, ClassMember
from api.core.texts import days_until
from api.evidence.models import ModuleProgress
from api.evidence.validity import ZONE
from api.messages.operations import add_message, made_since

DAYS = (7, 30, 60)
LATE = 3
"""Days after such a day on which it is still told: a job that did not run tells it then."""


def add_expiry_letters(session: Session, at: datetime) -> int:
    """Tell what ends in 60, 30 and 7 days, each once. Gives how many letters were made."""
    ending = _ending(session, at)
    if not ending:
        return 0
    made = 0
    people = {one.id: one for one in session.scalars(select(Person).where(Person.id.in_({row[0] for row in ending})))}
    for person_id, module_id, until, days in ending:
        once = f"{Expiring.kind}:{person_id}:{module_id}:{until:%Y%m%d}:{days}"
        facts = Expiring(module_id, until.isoformat())
        made += add_message(session, people[person_id], facts, at=at, once=once)
    return made + _tell_teachers(session, ending, people, at) + _tell_coordinators(session, ending, people, at)


Ending = tuple[uuid.UUID, str, datetime, int]
"""Person, module, end, and of which days it is told."""


def _ending(session: Session, at: datetime) -> list[Ending]:
    modules, now = current_catalogue(session).modules, modules_now(session)
    rows = session.execute(
        select(
            ModuleProgress.person_id,
            ModuleProgress.module_id,
            ModuleProgress.completed_at,
            ModuleProgress.completed_renewal,
            ModuleProgress.valid_until,
        )
        .where(ModuleProgress.valid_until > at, ModuleProgress.valid_until <= at + timedelta(days=DAYS[-1] + 1))
        .order_by(ModuleProgress.valid_until, ModuleProgress.person_id, ModuleProgress.module_id)
    ).all()
    found: list[Ending] = []
    for row in rows:
        left = days_until(row.valid_until, at, ZONE)
        days = next((days for days in DAYS if days - LATE < left <= days), None)
        asked = row.module_id in modules and row.completed_renewal >= now.get(row.module_id, NOT_PUBLISHED).renewal
        # What was done for so short a time that this day was before it is not told at once.
        begun = days is not None and row.completed_at < row.valid_until - timedelta(days=days)
        if days is not None and asked and begun:
            found.append((row.person_id, row.module_id, row.valid_until, days))
    return found


def _line(person: Person, module_id: str, until: datetime) -> ExpiringLine:
    return ExpiringLine(person_id=str(person.id), name=person.name, module_id=module_id, until=until.isoformat())


def _told(
    session: Session, kind: str, of: str, readers: list[uuid.UUID], at: datetime
) -> set[tuple[uuid.UUID, str, str, str, str]]:
    """What readers were told of late: reader, class or employer, person, module, end."""
    return {
        (message.person_id, message.data[of], line["person_id"], line["module_id"], line["until"])
        for message in made_since(session, kind, readers, at - timedelta(days=LATE + 1))
        for line in message.data["lines"]
        if message.person_id is not None
    }


def _tell_coordinators(session: Session, ending: list[Ending], people: dict[uuid.UUID, Person], at: datetime) -> int:
    """One letter for each coordinator and employer, of what they were not told yet."""
    mandates = mandates_of(session)
    known = _told(session, CompanyExpiring.kind, "employer", [one.person_id for one in mandates], at)
    made = 0
    for mandate in mandates:
        workers = workers_of(session, [mandate.employer])
        fresh = []
        for person_id, module_id, until, _ in ending:
            key = (mandate.person_id, mandate.employer, str(person_id), module_id, until.isoformat())
            if person_id in workers and key not in known:
                fresh.append(_line(people[person_id], module_id, until))
        if fresh:
            coordinator = session.get_one(Person, mandate.person_id)
            made += add_message(session, coordinator, CompanyExpiring(mandate.employer, fresh), at=at)
    return made


def _tell_teachers(session: Session, ending: list[Ending], people: dict[uuid.UUID, Person], at: datetime) -> int:
    """One letter for each teacher and class, of what they were not told yet."""
    courses = {module_id.partition("/")[0] for _, module_id, _, _ in ending}
    learners = session.execute(
        select(Class.id, Class.name, ClassMember.person_id, Assignment.course_id)
        .join(ClassMember, ClassMember.class_id == Class.id)
        .join(Assignment, Assignment.class_id == Class.id)
        .where(
            Class.archived_at.is_(None),
            ClassMember.teaches.is_(False),
            ClassMember.person_id.in_({row[0] for row in ending}),
            Assignment.course_id.in_(courses),
        )
        .distinct()
    ).all()
    lines: dict[uuid.UUID, list[tuple[int, ExpiringLine]]] = defaultdict(list)
    names = {row.id: row.name for row in learners}
    for row in learners:
        for person_id, module_id, until, days in ending:
            if person_id == row.person_id and module_id.partition("/")[0] == row.course_id:
                lines[row.id].append((days, _line(people[person_id], module_id, until)))
    teachers = session.execute(
        select(ClassMember.class_id, Person)
        .join(Person, Person.id == ClassMember.person_id)
        .where(ClassMember.class_id.in_(lines), ClassMember.teaches.is_(True))
        .order_by(ClassMember.class_id, Person.id)
    ).all()
    known = _told(session, ClassExpiring.kind, "class_id", [teacher.id for _, teacher in teachers], at)
    made = 0
    for class_id, teacher in teachers:
        fresh = [
            line
            for _, line in lines[class_id]
            if (teacher.id, str(class_id), line["person_id"], line["module_id"], line["until"]) not in known
        ]
        if fresh:
            facts = ClassExpiring(str(class_id), names[class_id], fresh)
            made += add_message(session, teacher, facts, at=at)
    return made
