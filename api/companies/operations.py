"""What a coordinator sees of their own workers. Writes nothing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.catalogue.operations import NOT_PUBLISHED, current_catalogue, modules_now
from api.classes.mandates import mandates_of, workers_of
from api.core.errors import NotFound
from api.documents.models import Document
from api.documents.operations import State as DocumentState
from api.documents.operations import documents_of, state_of
from api.events.models import Booking, Event, SignOff
from api.evidence.completion import find_loss
from api.evidence.models import ModuleProgress

SOON = timedelta(days=60)
"""How long before its end a completion is shown as ending."""
Skill = Literal["done", "ends-soon", "expired", "renewed", "started"]


@dataclass(frozen=True, slots=True)
class SkillCell:
    """What a worker did of a module.

    Attributes:
        level: Of those that the practical names, the lowest of its lines; "" where it names none.
        valid_until: None is for good.
    """

    module_id: str
    state: Skill
    level: str
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class Place:
    """A place at an event to come."""

    event_id: uuid.UUID
    module_id: str
    begins: datetime
    timezone: str
    waiting: bool


@dataclass(frozen=True, slots=True)
class Certificate:
    """A document that is valid or was."""

    document: Document
    state: DocumentState


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker of a coordinator's: nothing of their answers, scores or notes."""

    id: uuid.UUID
    name: str
    employer: str
    skills: list[SkillCell]
    places: list[Place]
    certificates: list[Certificate]


def company_of(session: Session, person_id: uuid.UUID, lang: str, at: datetime) -> tuple[list[str], list[Worker]]:
    """The employers that somebody coordinates, and their workers.

    Raises:
        NotFound: They coordinate none.
    """
    employers = [mandate.employer for mandate in mandates_of(session, person_id)]
    if not employers:
        raise NotFound("You coordinate no company.")
    ids = workers_of(session, employers)
    people = session.scalars(select(Person).where(Person.id.in_(list(ids)), Person.active.is_(True))).all()
    progress: dict[uuid.UUID, list[ModuleProgress]] = {}
    for row in session.scalars(select(ModuleProgress).where(ModuleProgress.person_id.in_(list(ids)))):
        progress.setdefault(row.person_id, []).append(row)
    levels = _levels(session, list(ids), lang)
    places: dict[uuid.UUID, list[Place]] = {}
    for booking, event in session.execute(
        select(Booking, Event)
        .join(Event, Event.id == Booking.event_id)
        .where(Booking.person_id.in_(list(ids)), Booking.state != "cancelled")
        .where(Event.begins > at, Event.cancelled_at.is_(None))
        .order_by(Event.begins)
    ):
        place = Place(event.id, event.module_ids[0], event.begins, event.timezone, booking.state == "waiting")
        places.setdefault(booking.person_id, []).append(place)
    workers = [
        Worker(
            one.id,
            one.name,
            ids[one.id],
            _skills(session, progress.get(one.id, []), levels.get(one.id, {}), at),
            places.get(one.id, []),
            [Certificate(document, state_of(session, document, at)) for document in _certificates(session, one.id)],
        )
        for one in sorted(people, key=lambda one: one.sort_as)
    ]
    return employers, workers


def _certificates(session: Session, person_id: uuid.UUID) -> list[Document]:
    return [one for one in documents_of(session, person_id) if one.kind in ("presence", "competence")]


def _levels(session: Session, ids: list[uuid.UUID], lang: str) -> dict[uuid.UUID, dict[str, str]]:
    modules = current_catalogue(session).modules
    found: dict[uuid.UUID, dict[str, str]] = {}
    for signed in session.scalars(select(SignOff).where(SignOff.person_id.in_(ids)).order_by(SignOff.id)):
        words = modules[signed.module_id].page(lang).levels if signed.module_id in modules else ()
        done = [level for level in signed.levels or () if level]
        level = words[min(done) - 1] if signed.passed and done and min(done) <= len(words) else ""
        found.setdefault(signed.person_id, {})[signed.module_id] = level
    return found


def _skills(session: Session, rows: Sequence[ModuleProgress], levels: dict[str, str], at: datetime) -> list[SkillCell]:
    now = modules_now(session)
    cells = []
    for row in rows:
        asked = now.get(row.module_id, NOT_PUBLISHED).renewal
        loss = find_loss(row.completed_renewal, row.valid_until, asked, at)
        until = row.valid_until if loss is None else None
        state: Skill = "done"
        if loss is not None:
            state = {"open": "started", "renewed": "renewed", "expired": "expired"}[loss]  # type: ignore[assignment]
        elif until is not None and until <= at + SOON:
            state = "ends-soon"
        level = levels.get(row.module_id, "") if loss is None else ""
        cells.append(SkillCell(row.module_id, state, level, row.valid_until))
    return cells
