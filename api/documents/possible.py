"""Which documents could be issued to somebody: those that evidence is there for."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.operations import current_catalogue
from api.core.texts import translator
from api.documents.facts import Subject
from api.events.letters import title_of
from api.events.models import Event
from api.evidence.models import Evidence, ModuleProgress
from api.hours.models import CountedHours


@dataclass(frozen=True, slots=True)
class Possible:
    """A document that there is evidence for.

    Attributes:
        at: When it was.
    """

    subject: Subject
    title: str
    about: str
    at: datetime | None


def possible_documents(session: Session, person_id: uuid.UUID, lang: str) -> list[Possible]:
    """Everything that could be issued, the newest first; the passport leads."""
    say = translator(lang)
    found = sorted(_of_events(session, person_id, lang), key=lambda one: (one.at is None, one.at), reverse=True)
    has_any = bool(found) or session.scalar(
        select(ModuleProgress.module_id)
        .where(ModuleProgress.person_id == person_id, ModuleProgress.completed_at.is_not(None))
        .limit(1)
    )
    if has_any:
        about = say("Everything that was done here, to keep.")
        found.insert(0, Possible(Subject("passport", person_id), say("Training passport"), about, None))
    return found


def _of_events(session: Session, person_id: uuid.UUID, lang: str) -> Iterator[Possible]:
    say, modules = translator(lang), current_catalogue(session).modules
    there = select(CountedHours.event_id).where(CountedHours.person_id == person_id, CountedHours.event_id.is_not(None))
    for event in session.scalars(select(Event).where(Event.id.in_(there)).order_by(Event.begins)):
        subject = Subject("presence", person_id, event.id)
        yield Possible(subject, say("Certificate of presence"), title_of(session, event, lang), event.begins)
    newest: dict[str, Evidence] = {}
    for line in session.scalars(
        select(Evidence)
        .where(Evidence.person_id == person_id, Evidence.source.startswith("event:"))
        .where(Evidence.what.in_(["signed-off", "withdrawn"]))
        .order_by(Evidence.id)
    ):
        newest[f"{line.module_id} {line.source.split(':')[1]}"] = line
    for line in newest.values():
        if line.what == "signed-off":
            title = modules[line.module_id].page(lang).title if line.module_id in modules else line.module_id
            subject = Subject("competence", person_id, uuid.UUID(line.source.split(":")[1]), None, line.module_id)
            yield Possible(subject, say("Certificate of practical competence"), title, line.at)
