"""The audit trail as people read it: filtered, and as the story of one result. Writes nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.core.audit import AuditEntry, AuditText
from api.core.errors import NotFound
from api.core.schemas import iso_time
from api.documents.models import Document
from api.evidence.models import Evidence
from api.learning.models import Attempt, Regrade

PAGE = 100
"""Entries on one page."""
MOST = 10_000
"""Entries in one export."""


@dataclass(frozen=True, slots=True)
class TrailLine:
    """An entry of the trail, with names beside the ids.

    Attributes:
        typed: What people typed; empty where nothing was, or where it was erased.
    """

    sequence: int
    at: datetime
    actor: str
    actor_name: str
    action: str
    subject: str
    subject_name: str
    old: Any
    new: Any
    typed: dict[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Which entries are wanted; None and "" are all.

    Attributes:
        action: How actions begin: "person." or "sign-in".
        person: Who did it, or whom it is about; their attempts are theirs.
        before: Entries with lower numbers.
    """

    action: str = ""
    person: uuid.UUID | None = None
    first: datetime | None = None
    last: datetime | None = None
    before: int | None = None


def list_trail(session: Session, wanted: TrailFilter, at_most: int = PAGE) -> list[TrailLine]:
    """Entries, the newest first."""
    found = select(AuditEntry).where(*_conditions(wanted)).order_by(AuditEntry.sequence.desc()).limit(at_most)
    return _lines(session, session.scalars(found).all())


def _conditions(wanted: TrailFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.action:
        conditions.append(AuditEntry.action.startswith(wanted.action, autoescape=True))
    if wanted.person is not None:
        conditions.append(or_(AuditEntry.actor == str(wanted.person), AuditEntry.subject == f"person:{wanted.person}"))
    if wanted.first is not None:
        conditions.append(AuditEntry.at >= wanted.first)
    if wanted.last is not None:
        conditions.append(AuditEntry.at < wanted.last)
    if wanted.before is not None:
        conditions.append(AuditEntry.sequence < wanted.before)
    return conditions


def _lines(session: Session, entries: Iterable[AuditEntry]) -> list[TrailLine]:
    entries = list(entries)
    ids = {found for one in entries for text in (one.actor, one.subject) if (found := _person_in(text))}
    names = names_of(session, ids)
    numbers = [one.sequence for one in entries]
    texts = {
        row.sequence: row.content for row in session.scalars(select(AuditText).where(AuditText.sequence.in_(numbers)))
    }

    def name(text: str) -> str:
        found = _person_in(text)
        return names.get(found, "") if found else ""

    return [
        TrailLine(
            one.sequence,
            one.at,
            one.actor,
            name(one.actor),
            one.action,
            one.subject,
            name(one.subject),
            one.old,
            one.new,
            {**({"why": one.why} if one.why else {}), **texts.get(one.sequence, {})},
            one.hash,
        )
        for one in entries
    ]


def names_of(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names of people, by id."""
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(list(ids))))
    return {row.id: row.name for row in found}


def _person_in(text: str) -> uuid.UUID | None:
    """The person that an actor or a subject names."""
    try:
        return uuid.UUID(text.removeprefix("person:"))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a result, in the order of time.

    Attributes:
        what: "began", "handed-in", "evidence", "regrade", "document", or "entry" for what the trail alone tells.
        about: Ids, numbers and words of the program's own.
        entry: The trail's entry, where one tells of it.
    """

    at: datetime
    what: str
    about: dict[str, Any]
    entry: int | None


ORDER = ("began", "handed-in", "evidence", "regrade", "document", "entry")
"""Of what happened at one moment."""


@dataclass(frozen=True, slots=True)
class Story:
    """What became of one attempt, from its first question to the documents that rest on it."""

    attempt_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    module_id: str
    quiz_id: str
    version: str
    steps: list[Step]


def story_of(session: Session, attempt_id: uuid.UUID) -> Story:
    """The story of one result.

    Raises:
        NotFound: There is no such attempt.
    """
    attempt = session.get(Attempt, attempt_id)
    if attempt is None:
        raise NotFound("There is no such attempt.")
    person = session.get_one(Person, attempt.person_id)
    subject = f"attempt:{attempt_id}"
    entries = {
        entry.sequence: entry for entry in session.scalars(select(AuditEntry).where(AuditEntry.subject == subject))
    }
    by_action = {entry.action: entry.sequence for entry in entries.values()}
    about: dict[str, Any]
    steps = [Step(attempt.started_at, "began", {"version": attempt.version}, by_action.pop("attempt.start", None))]
    if attempt.submitted_at is not None:
        about = {"score": attempt.score, "passed": attempt.passed, "late": attempt.late, "number": attempt.number}
        steps.append(Step(attempt.submitted_at, "handed-in", about, by_action.pop("attempt.submit", None)))
    lines = list(session.scalars(select(Evidence).where(Evidence.source == subject)))
    for line in lines:
        until = iso_time(line.valid_until) if line.valid_until else None
        about = {"line": line.id, "what": line.what, "recorded_by": line.recorded_by, "valid_until": until}
        steps.append(Step(line.at, "evidence", {k: v for k, v in about.items() if v is not None}, None))
    for regrade in session.scalars(select(Regrade).where(Regrade.attempt_id == attempt_id)):
        about = {"before": regrade.before["score"], "after": regrade.after["score"], "reason": regrade.reason}
        steps.append(Step(regrade.at, "regrade", about, None))
    names = {f"evidence:{line.id}" for line in lines}
    for document in session.scalars(select(Document).where(Document.person_id == attempt.person_id)):
        if names & set(document.rests_on):
            about = {"number": document.number, "kind": document.kind, "revoked": document.revoked_at is not None}
            steps.append(Step(document.issued_at, "document", about, None))
    told = {step.entry for step in steps}
    steps += [
        Step(one.at, "entry", {"action": one.action}, number) for number, one in entries.items() if number not in told
    ]
    steps.sort(key=lambda step: (step.at, ORDER.index(step.what)))
    return Story(attempt_id, person.id, person.name, attempt.module_id, attempt.quiz_id, attempt.version, steps)
