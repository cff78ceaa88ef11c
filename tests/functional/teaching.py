"""What tests of classes share: writes with a key of their own, things that classes have, counted statements."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, func, select

from api.accounts.act import Act
from api.accounts.models import Person
from api.accounts.operations import add_person
from api.classes.models import Class
from api.classes.operations import add_learner
from api.core.audit import AuditEntry
from api.messages.models import Message
from tests.conftest import Caller, World


def send(caller: Caller, path: str, body: Any = None, *, key: str | None = None) -> Any:
    """A write with a key of its own; gives the reply."""
    return caller.post(f"/api/v1/{path}", body, key=key or f"key-{uuid.uuid4()}")


def done(caller: Caller, path: str, body: Any = None) -> Any:
    """A write that succeeds; gives its JSON."""
    reply = send(caller, path, body)
    assert reply.status_code in (200, 201), reply.text
    return reply.json


def shown(caller: Caller, path: str) -> Any:
    """The JSON of an address that is there."""
    reply = caller.get(f"/api/v1/{path}")
    assert reply.status_code == 200, reply.text
    return reply.json


def add_to_class(world: World, name: str, email: str, group: str = "1A") -> Person:
    """One more learner, with an account."""
    with world.database.writing() as session:
        person = add_person(Act(session, world.clock(), "tests"), email=email, name=name, role="learner")
        add_learner(Act(session, world.clock(), "tests"), session.get_one(Class, world.classes[group]), person)
    world.people[name] = person
    return person


def class_of(world: World, group: str = "1A") -> Any:
    """A class as its first teacher's page shows it."""
    teacher = "teacher" if group == "1A" else "other teacher"
    return shown(world.client(teacher), f"classes/{world.classes[group]}")


def assignment_ids(world: World, group: str = "1A") -> list[str]:
    return [line["id"] for line in class_of(world, group)["assignments"]]


def revision(world: World, group: str = "1A") -> int:
    with world.database.reading() as session:
        return session.get_one(Class, world.classes[group]).revision


def audit_entries(world: World) -> int:
    """How many there are, but for those of the tests' own signing in."""
    signing_in = AuditEntry.action.in_(("link.make", "sign-in"))
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(AuditEntry).where(~signing_in)) or 0


def messages(world: World, kind: str | None = None) -> list[Message]:
    statement = select(Message).order_by(Message.created_at, Message.id)
    with world.database.reading() as session:
        return list(session.scalars(statement if kind is None else statement.where(Message.kind == kind)))


@contextmanager
def statements(world: World) -> Iterator[list[str]]:
    """The SQL statements that run meanwhile."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(statement)

    event.listen(world.database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(world.database.engine, "before_cursor_execute", note)
