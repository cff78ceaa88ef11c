"""Letters about questions to the trainer."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session
from typing_extensions import override

from api.accounts.models import Person
from api.classes.models import ClassMember
from api.discussion.models import Thread
from api.messages.kinds import Facts, Writer


@dataclass(frozen=True, slots=True)
class _Post(Facts):
    """Something was written below a lesson.

    Attributes:
        title: Of the lesson, in the reader's language.
        name: Who wrote.
        address: Of the lesson.
        thread: Id of the question.
    """

    title: str
    name: str
    text: str
    address: str
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Answer(_Post):
    """To who asked."""

    kind: ClassVar[str] = "answer"

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        return writer.say("An answer to your question about {title}", title=self.title), [
            writer.say("{name} answered your question:", name=self.name),
            self.text,
            writer.page(self.address, "#questions"),
        ]


@dataclass(frozen=True, slots=True)
class Question(_Post):
    """To those who answer."""

    kind: ClassVar[str] = "question"
    staff_only = True

    @override
    def as_of_now(self, session: Session, reader: Person, at: datetime) -> Facts | None:
        if not self.thread:
            return self  # Made by an earlier version of the program.
        thread = session.get(Thread, uuid.UUID(self.thread))
        readers = who_answers(session, thread) if thread is not None and thread.hidden_at is None else []
        return self if reader.id in {person.id for person in readers} else None

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        return writer.say("A question about {title}", title=self.title), [
            writer.say("{name} asks:", name=self.name),
            self.text,
            writer.page(self.address, "#questions"),
        ]


def who_answers(session: Session, thread: Thread) -> list[Person]:
    """Who is told of a question: the teachers of its class, or the trainers where it has none.

    Whoever left a class takes their questions along: nobody there is told what they write.
    """
    trainers = select(Person).where(Person.role == "trainer")
    if thread.class_id is None:
        return list(session.scalars(trainers))
    if session.get(ClassMember, (thread.class_id, thread.author_id)) is None:
        return []
    teachers = select(ClassMember.person_id).where(
        ClassMember.class_id == thread.class_id, ClassMember.teaches.is_(True)
    )
    found = list(session.scalars(select(Person).where(Person.id.in_(teachers), Person.role != "learner")))
    return found or list(session.scalars(trainers))
