"""Asking somebody who has an account whether they want to be in a class. Knows no HTTP and never commits.

Who shares no class with a teacher is asked before they are in: an address on a list is no yes. So is whoever works
here, whoever lists them.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person, Somebody
from api.classes.access import learners_of_classes
from api.classes.errors import NotAsked
from api.classes.letters import AskedIn
from api.classes.lists import Row
from api.classes.models import AskedLearner, Class
from api.classes.operations import add_learner, note_change
from api.core.errors import NotFound
from api.messages.operations import add_messages


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom an act may put into a class without asking.

    Attributes:
        near: Learners of the classes that it reaches; None is everybody.
        own: Who acts.
    """

    near: frozenset[uuid.UUID] | None
    own: uuid.UUID

    @classmethod
    def of(cls, act: Act) -> Reach:
        """What an act reaches."""
        near = learners_of_classes(act)
        return cls(None if near is None else frozenset(near), act.person.id)

    def knows(self, person: Person) -> bool:
        """Whether the act may be told anything of an account."""
        return self.near is None or person.id in self.near or person.id == self.own

    def must_ask(self, person: Person) -> bool:
        """Whether somebody is asked before they are in."""
        return person.id != self.own and (person.role != "learner" or not self.knows(person))


def not_asked_yet(session: Session, group: Class, found: Iterable[tuple[Person, Row]]) -> list[tuple[Person, Row]]:
    """Those of some people whom a class has not asked: whoever said no is not asked again."""
    before = set(session.scalars(select(AskedLearner.person_id).where(AskedLearner.class_id == group.id)))
    return [(person, row) for person, row in found if person.id not in before]


def ask_learners(act: Act, group: Class, found: Sequence[tuple[Person, Row]]) -> None:
    """Ask people whether they want to be in a class, who have not been asked.

    Nobody is told of an account that is closed, the one who asks included.
    """
    session = act.session
    for person, row in found:
        session.add(
            AskedLearner(
                class_id=group.id,
                person_id=person.id,
                name=row.name,
                email=row.email,
                audience=row.audience,
                employer=row.employer,
                funding=row.funding,
                asked_by=act.person.id,
                asked_at=act.at,
            )
        )
    letter = AskedIn(group.name, act.person.name, str(group.id))
    add_messages(session, [(person, letter) for person, _ in found], at=act.at, by=act.person)
    if found:
        session.flush()
        note_change(act, group, "class.ask", new=[str(person.id) for person, _ in found])


def asked_in(session: Session, group: Class) -> list[AskedLearner]:
    """Who was asked for a class and did not say yes, in the order of the lists."""
    statement = select(AskedLearner).where(AskedLearner.class_id == group.id)
    return list(session.scalars(statement.order_by(AskedLearner.asked_at, AskedLearner.email)))


@dataclass(frozen=True, slots=True)
class Question:
    """A class that asks somebody in."""

    class_id: uuid.UUID
    name: str
    teacher: str
    at: datetime


def questions_to(session: Session, person: Somebody) -> list[Question]:
    """The classes that wait for somebody's answer."""
    rows = session.execute(
        select(AskedLearner, Class.name, Person.name)
        .join(Class, Class.id == AskedLearner.class_id)
        .join(Person, Person.id == AskedLearner.asked_by)
        .where(AskedLearner.person_id == person.id, AskedLearner.declined_at.is_(None), Class.archived_at.is_(None))
        .order_by(AskedLearner.asked_at, Class.name)
    )
    return [Question(one.class_id, name, teacher, one.asked_at) for one, name, teacher in rows]


def answer(act: Act, class_id: uuid.UUID, accepted: bool) -> None:
    """Say yes or no to a class that asks one in.

    Raises:
        NotFound: It does not, or not any more.
        Conflict: The class is full.
    """
    session = act.session
    found = session.get(AskedLearner, (class_id, act.person.id))
    group = session.get(Class, class_id)
    if found is None or found.declined_at is not None or group is None or group.archived_at is not None:
        raise NotFound("This class does not ask you in, or not any more.")
    if accepted:
        member = add_learner(act, group, act.person)
        member.audience, member.employer, member.funding = found.audience, found.employer, found.funding
        session.delete(found)
    else:
        found.declined_at = act.at
        note_change(act, group, "class.decline", new=str(act.person.id))


def take_back(act: Act, group: Class, email: str) -> None:
    """Ask somebody no more; who said no stays in the list, and is not asked again.

    Raises:
        NotAsked: Nobody with this address was asked and has not answered.
    """
    statement = select(AskedLearner).where(AskedLearner.class_id == group.id, AskedLearner.email == email)
    found = act.session.scalar(statement)
    if found is None or found.declined_at is not None:
        raise NotAsked("Nobody with this address was asked and has not answered.", field="email")
    act.session.delete(found)
    note_change(act, group, "class.unask", old=str(found.person_id))
