"""Letters about what expires."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypedDict

from sqlalchemy.orm import Session
from typing_extensions import override

from api.accounts.models import Person
from api.catalogue.operations import current_catalogue
from api.classes.mandates import mandates_of, workers_of
from api.core.texts import long_day
from api.evidence.models import ModuleProgress
from api.evidence.validity import ZONE
from api.messages.kinds import Facts, Writer


def _holds(session: Session, person_id: uuid.UUID, module_id: str, until: str) -> bool:
    """Whether a completion still ends then, and is still asked for."""
    module = current_catalogue(session).modules.get(module_id)
    row = session.get(ModuleProgress, (person_id, module_id))
    return (
        module is not None
        and row is not None
        and row.valid_until is not None
        and row.valid_until.isoformat() == until
        and (row.completed_renewal or 0) >= module.renewal
    )


@dataclass(frozen=True, slots=True)
class Expiring(Facts):
    """To a learner: what they did counts for some days more."""

    kind: ClassVar[str] = "expiring"
    module_id: str
    until: str

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        until = datetime.fromisoformat(self.until)
        title = current_catalogue(writer.session).modules[self.module_id].page(writer.lang).title
        return writer.say("To be renewed: {title}", title=title), [
            writer.say("What you did counts until {day}.", day=long_day(until, ZONE, writer.lang)),
            writer.say("Until then nothing changes. Here it is renewed:"),
            writer.page(self.module_id),
        ]

    @override
    def as_of_now(self, session: Session, reader: Person, at: datetime) -> Facts | None:
        over = datetime.fromisoformat(self.until) <= at
        return self if not over and _holds(session, reader.id, self.module_id, self.until) else None


class ExpiringLine(TypedDict):
    """Whose completion of what ends when; ids, and ISO 8601."""

    person_id: str
    name: str
    module_id: str
    until: str


def _listed(writer: Writer, lines: Sequence[ExpiringLine]) -> str:
    modules = current_catalogue(writer.session).modules
    return "\n".join(
        writer.say(
            "- {name}: {title}, until {day}",
            name=line["name"],
            title=modules[line["module_id"]].page(writer.lang).title,
            day=long_day(datetime.fromisoformat(line["until"]), ZONE, writer.lang),
        )
        for line in lines
    )


@dataclass(frozen=True, slots=True)
class ClassExpiring(Facts):
    """To a teacher: whose completions end in 60, 30 or 7 days."""

    kind: ClassVar[str] = "class-expiring"
    staff_only: ClassVar[bool] = True
    class_id: str
    class_name: str
    lines: list[ExpiringLine]

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        return writer.say("{name}: what ends soon", name=self.class_name), [
            writer.say("These learners must renew something before a day:"),
            _listed(writer, self.lines),
            writer.page("classes", f"?class={self.class_id}"),
        ]

    @override
    def as_of_now(self, session: Session, reader: Person, at: datetime) -> Facts | None:
        holding = _holding(session, self.lines)
        return ClassExpiring(self.class_id, self.class_name, holding) if holding else None


def _holding(session: Session, lines: Sequence[ExpiringLine]) -> list[ExpiringLine]:
    return [line for line in lines if _holds(session, uuid.UUID(line["person_id"]), line["module_id"], line["until"])]


@dataclass(frozen=True, slots=True)
class CompanyExpiring(Facts):
    """To a company's coordinator: whose completions end in 60, 30 or 7 days."""

    kind: ClassVar[str] = "company-expiring"
    employer: str
    lines: list[ExpiringLine]

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        return writer.say("{name}: what ends soon", name=self.employer), [
            writer.say("These workers must renew something before a day:"),
            _listed(writer, self.lines),
            writer.page("company"),
        ]

    @override
    def as_of_now(self, session: Session, reader: Person, at: datetime) -> Facts | None:
        mandated = [one.employer for one in mandates_of(session, reader.id) if one.employer == self.employer]
        workers = {str(one) for one in workers_of(session, mandated)} if mandated else set()
        holding = [line for line in _holding(session, self.lines) if line["person_id"] in workers]
        return CompanyExpiring(self.employer, holding) if holding else None
