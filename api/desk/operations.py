"""What waits for somebody who works at the centre: late learners, questions, half-days to sign. Knows no HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.classes.models import Class, ClassMember
from api.classes.standing import class_standing
from api.core.texts import sort_key
from api.discussion.operations import count_waiting
from api.events.letters import title_of
from api.events.signing import unsigned_half_days
from api.reports.kept import keep

LOOKED_BACK = timedelta(days=60)
"""How long a half-day without a signature is shown."""


@dataclass(frozen=True, slots=True)
class LateClass:
    """A class that somebody teaches, with learners who are late.

    Attributes:
        late: How many learners.
    """

    id: uuid.UUID
    name: str
    late: int


@dataclass(frozen=True, slots=True)
class UnsignedHalfDay:
    """A half-day that is over, with people on its list and no signature of its trainer."""

    event_id: uuid.UUID
    number: int
    title: str
    begins: datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits for one person.

    Attributes:
        classes: Of those that they teach, where somebody is late.
        questions: Of learners, to which they owe an answer.
        to_sign: Half-days that they led.
    """

    classes: Sequence[LateClass]
    questions: int
    to_sign: Sequence[UnsignedHalfDay]


def desk_of(act: Act, lang: str) -> Desk:
    """What waits for somebody; who is late is counted once a minute at most while nobody does anything."""
    minute = int(act.at.timestamp()) // 60
    late = keep(act.session, ("desk", act.person.id, minute), act.at, lambda: _late_classes(act.session, act))
    waiting = unsigned_half_days(act.session, act.person.id, act.at - LOOKED_BACK, act.at)
    return Desk(
        classes=late,
        questions=count_waiting(act),
        to_sign=[
            UnsignedHalfDay(event.id, half.number, title_of(act.session, event, lang), half.begins)
            for event, half in waiting
        ],
    )


def _late_classes(session: Session, act: Act) -> tuple[list[LateClass], int]:
    """Classes with late learners, by name, and how many cells were looked at."""
    taught = select(ClassMember.class_id).where(ClassMember.person_id == act.person.id, ClassMember.teaches.is_(True))
    found, cells = [], 0
    for group in session.scalars(select(Class).where(Class.id.in_(taught), Class.archived_at.is_(None))):
        standing = class_standing(session, group, act.at)
        cells += sum(len(row) for row in standing.cells.values())
        late = sum(bool(standing.late_modules(person.id)) for person in standing.learners if person.active)
        if late:
            found.append(LateClass(group.id, group.name, late))
    return sorted(found, key=lambda line: (sort_key(line.name), line.id)), cells
