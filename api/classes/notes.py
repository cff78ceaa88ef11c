"""What teachers write down about their learners. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person, Somebody
from api.classes.access import find_learner
from api.classes.models import Class, TeacherNote
from api.core.errors import NotFound


def add_note(act: Act, group: Class, person_id: uuid.UUID, text: str) -> None:
    """Write a note about a learner.

    Raises:
        NotFound: There is no such learner in the class.
    """
    find_learner(act.session, group, person_id)
    act.session.add(
        TeacherNote(class_id=group.id, person_id=person_id, author_id=act.person.id, text=text.strip(), at=act.at)
    )
    act.session.flush()


def remove_note(act: Act, group: Class, note_id: uuid.UUID) -> None:
    """Take one's own note back.

    Raises:
        NotFound: There is no such note of one's own in this class.
    """
    note = act.session.get(TeacherNote, note_id)
    if note is None or note.class_id != group.id or note.author_id != act.person.id:
        raise NotFound("There is no such note of yours.")
    note.removed = True
    act.session.flush()


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note, with who wrote it."""

    id: uuid.UUID
    author: str
    mine: bool
    text: str
    at: datetime


def notes_about(session: Session, actor: Somebody, group: Class, person_id: uuid.UUID) -> list[NoteLine]:
    """The notes of a class about a learner, the newest first."""
    rows = session.execute(
        select(TeacherNote, Person.name)
        .join(Person, Person.id == TeacherNote.author_id)
        .where(TeacherNote.class_id == group.id, TeacherNote.person_id == person_id, TeacherNote.removed.is_(False))
        .order_by(TeacherNote.at.desc(), TeacherNote.id)
    )
    return [NoteLine(note.id, name, note.author_id == actor.id, note.text, note.at) for note, name in rows]
