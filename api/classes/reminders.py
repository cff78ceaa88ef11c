"""Messages that follow from what is due: reminders, and digests. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person, Somebody
from api.catalogue.operations import current_catalogue
from api.classes.letters import ClassDigest, ClassLines, DueDigest, Reminder, due_line
from api.classes.models import Class, ClassMember
from api.classes.operations import zone_of
from api.classes.standing import COMPLETE, ClassStanding, class_standing
from api.messages.kinds import DueLine
from api.messages.models import Preference
from api.messages.operations import add_message, made_since
from site_builder.course.model import Catalogue

Skipped = Literal["", "today", "unwanted"]
AHEAD = timedelta(days=7)
"""How far a digest looks."""

MOST_DAYS = 7
"""How long a reminder may wait for a free day."""
MORNING = 8
"""The hour at which it goes out then."""


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """A learner who is late.

    Attributes:
        titles: What they are late with, in their language.
        lines: The same, as the message holds it.
        skipped: Why they get no reminder now: one went out today, or they do not want any. "" if they get one.
    """

    person: Person
    titles: list[str]
    lines: list[DueLine]
    skipped: Skipped


def _reminded_today(session: Session, group: Class, people: list[Person], at: datetime) -> set[uuid.UUID]:
    """Whom this class reminded today, by its calendar. What other classes did is not told."""
    midnight = at.astimezone(zone_of(group)).replace(hour=0, minute=0, second=0, microsecond=0)
    made = made_since(session, Reminder.kind, [person.id for person in people], midnight)
    return {message.reader.id for message in made if message.data.get("class_id") == str(group.id)}


def plan_reminders(session: Session, group: Class, at: datetime) -> list[ReminderLine]:
    """Who would be reminded of what; the number of queries is fixed. An archived class asks for nothing."""
    if group.archived_at is not None:
        return []
    catalogue = current_catalogue(session)
    standing = class_standing(session, group, at)
    late = [person for person in standing.learners if person.active and standing.late_modules(person.id)]
    sent = _reminded_today(session, group, late, at)
    unwanted = set(
        session.scalars(
            select(Preference.person_id).where(
                Preference.kind == Reminder.kind,
                Preference.wanted.is_(False),
                Preference.person_id.in_([person.id for person in late]),
            )
        )
    )
    lines = []
    for person in late:
        skipped: Skipped = ""
        if person.id in unwanted:
            skipped = "unwanted"
        elif person.id in sent:
            skipped = "today"
        told = [
            due_line(catalogue, group, person, module_id, standing.cells[person.id][module_id])
            for module_id in standing.late_modules(person.id)
        ]
        lines.append(ReminderLine(person, [line["title"] for line in told], told, skipped))
    return lines


def send_reminders(act: Act, group: Class, only: set[uuid.UUID] | None = None) -> int:
    """Remind who is late; gives how many messages were made.

    A learner gets at most one reminder a day. Where another class was first today, this one goes out on the next day
    that is free.

    Args:
        act: In whose name.
        group: The class.
        only: Some of them; None is all.
    """
    count = 0
    for line in plan_reminders(act.session, group, act.at):
        if line.skipped or (only is not None and line.person.id not in only):
            continue
        facts = reminder_of(act.person, group, line)
        count += _send_on_a_free_day(act.session, line.person, facts, zone_of(group), act.at)
    return count


def _send_on_a_free_day(session: Session, person: Person, facts: Reminder, zone: ZoneInfo, at: datetime) -> bool:
    today = at.astimezone(zone)
    for days in range(MOST_DAYS):
        day = today + timedelta(days=days)
        after = day.replace(hour=MORNING, minute=0, second=0, microsecond=0) if days else at
        once = f"reminder:{person.id}:{day:%Y-%m-%d}"
        if add_message(session, person, facts, at=at, once=once, after=after):
            return True
    return False


def reminder_of(actor: Somebody, group: Class, line: ReminderLine) -> Reminder:
    """What a reminder is made of."""
    return Reminder(group.name, actor.name, line.lines, str(group.id))


def _open_classes(session: Session) -> list[Class]:
    return list(session.scalars(select(Class).where(Class.archived_at.is_(None)).order_by(Class.name, Class.id)))


def add_due_digests(session: Session, period: str, at: datetime) -> int:
    """Tell every learner what is due in the next days; once a period, whoever asks. Gives how many were told."""
    catalogue = current_catalogue(session)
    people: dict[uuid.UUID, Person] = {}
    lines: dict[uuid.UUID, list[DueLine]] = defaultdict(list)
    for group in _open_classes(session):
        standing = class_standing(session, group, at, unopened=False)
        for person in standing.learners:
            people[person.id] = person
            for module_id, cell in standing.cells[person.id].items():
                if cell.state in (*COMPLETE, "elsewhere") or cell.due_at is None or cell.due_at > at + AHEAD:
                    continue
                if cell.optional and cell.due_at < at:
                    continue
                line = due_line(catalogue, group, person, module_id, cell)
                if line not in lines[person.id]:
                    lines[person.id].append(line)
    return sum(
        add_message(
            session,
            people[person_id],
            DueDigest(sorted(found, key=lambda line: line["due_at"])),
            at=at,
            once=f"due:{person_id}:{period}",
        )
        for person_id, found in lines.items()
        if found
    )


def add_class_digests(session: Session, period: str, at: datetime) -> int:
    """Tell the teachers who want it how their classes are doing; once a period. Gives how many were told."""
    catalogue = current_catalogue(session)
    wanted = session.execute(
        select(Person, Class)
        .join(ClassMember, ClassMember.person_id == Person.id)
        .join(Class, Class.id == ClassMember.class_id)
        .join(Preference, (Preference.person_id == Person.id) & (Preference.kind == ClassDigest.kind))
        .where(
            ClassMember.teaches.is_(True),
            Person.role != "learner",
            Preference.wanted.is_(True),
            Class.archived_at.is_(None),
        )
        .order_by(Class.name, Class.id)
    )
    standings: dict[uuid.UUID, ClassStanding] = {}
    people: dict[uuid.UUID, Person] = {}
    classes: dict[uuid.UUID, list[ClassLines]] = defaultdict(list)
    for person, group in wanted:
        if group.id not in standings:
            standings[group.id] = class_standing(session, group, at)
        people[person.id] = person
        classes[person.id].append(_digest(catalogue, group, standings[group.id], person.lang))
    return sum(
        add_message(session, people[key], ClassDigest(found), at=at, once=f"class-digest:{key}:{period}")
        for key, found in classes.items()
    )


def _digest(catalogue: Catalogue, group: Class, standing: ClassStanding, lang: str) -> ClassLines:
    late = [(person.name, found) for person in standing.learners if (found := standing.late_modules(person.id))]
    return {
        "id": str(group.id),
        "name": group.name,
        "learners": len(standing.learners),
        "late": len(late),
        "lines": [
            {"name": name, "titles": [catalogue.modules[module_id].page(lang).title for module_id in found]}
            for name, found in late
        ],
    }
