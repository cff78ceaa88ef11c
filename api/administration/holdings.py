"""What the database holds of a person, column by column, and what becomes of it.

One list for all that asks: *My data* (GDPR 15 and 20), erasing (17), merging two accounts, keeping no longer than
needed (5(1)(e)) and the record of processing (30). A column that names a person and stands nowhere here fails a test,
so that a new table comes with a decision.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from api.core.audit import PROVEN
from api.tables import metadata

Category = Literal[
    "account", "sign-in", "classes", "learning", "evidence", "events", "hours", "documents", "messages", "discussion",
    "notes", "outcomes", "particulars", "duties",
]  # fmt: skip
CATEGORIES: tuple[Category, ...] = (
    "account", "sign-in", "classes", "learning", "evidence", "events", "hours", "documents", "messages", "discussion",
    "notes", "outcomes", "particulars", "duties",
)  # fmt: skip
"""As what a person is told of it; `duties` is what somebody did for others in their work."""

Erased = Literal["delete", "keep", "clear", "unname"]
"""What erasing a person does with a row: deletes it; keeps it as it is, under an id that names nobody; empties its
words; or takes the person out of it."""
Merged = Literal["move", "drop"]
"""What merging does: the other account gets the row, where it has none in its place; or it goes with the account."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What a column that names a person means.

    Attributes:
        category: As what they are told of it.
        erased: What erasing does.
        merged: What merging does.
        shown: Whether the rows are a part of *My data*; where they are about somebody else, only how many there are.
        words: Columns with words that somebody typed, emptied by `clear`.
        secret: Columns that are never shown.
        texts: Whether the column holds an id as text, without a foreign key.
    """

    category: Category
    erased: Erased
    merged: Merged = "move"
    shown: bool = True
    words: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    texts: bool = False


HOLDINGS: Mapping[str, Holding] = {
    "active_spans.person_id": Holding("hours", "delete"),
    "application_documents.person_id": Holding("evidence", "delete"),
    "address_changes.person_id": Holding("account", "delete", "drop", secret=("token_hash",)),
    "admissions.person_id": Holding("evidence", "keep"),
    "admissions.admitted_by": Holding("duties", "keep", "drop", shown=False),
    "allowances.person_id": Holding("learning", "delete"),
    "allowances.granted_by": Holding("duties", "keep", "drop", shown=False),
    "asked_learners.person_id": Holding("classes", "delete", secret=("name", "email")),
    "asked_learners.asked_by": Holding("duties", "delete", shown=False),
    "assignment_learners.person_id": Holding("classes", "delete"),
    "attempts.person_id": Holding("evidence", "keep"),
    "scene_runs.person_id": Holding("evidence", "keep"),
    "attendances.person_id": Holding("evidence", "keep"),
    "attendances.recorded_by": Holding("duties", "keep", "drop", shown=False, texts=True),
    "audit_entries.actor": Holding("duties", "keep", "drop", shown=False, texts=True),
    "beats.person_id": Holding("events", "delete"),
    "bookings.person_id": Holding("events", "keep"),
    "bookings.booked_by": Holding("duties", "keep", "drop", shown=False),
    "calendar_feeds.owner_id": Holding("events", "delete", "drop"),
    "class_allowances.person_id": Holding("learning", "delete"),
    "class_allowances.granted_by": Holding("duties", "keep", "drop", shown=False),
    "class_members.person_id": Holding("classes", "delete"),
    "counted_hours.person_id": Holding("hours", "keep"),
    "counter_signatures.person_id": Holding("evidence", "keep"),
    "documents.person_id": Holding("documents", "clear", words=("content",), secret=("code", "salt", "seal")),
    "documents.issued_by": Holding("duties", "keep", "drop", shown=False, texts=True),
    "door_entries.person_id": Holding("evidence", "keep"),
    "door_entries.recorded_by": Holding("duties", "keep", "drop", shown=False, texts=True),
    "event_files.added_by": Holding("duties", "keep", "drop", shown=False),
    "event_trainers.person_id": Holding("duties", "keep"),
    "events.created_by": Holding("duties", "keep", shown=False),
    "evidence.person_id": Holding("evidence", "keep"),
    "evidence.recorded_by": Holding("duties", "keep", "drop", shown=False, texts=True),
    "extensions.person_id": Holding("classes", "delete"),
    "former_members.person_id": Holding("classes", "delete"),
    "hours_lines.person_id": Holding("hours", "keep"),
    "hours_lines.recorded_by": Holding("duties", "keep", "drop", shown=False, texts=True),
    "idempotency_keys.caller": Holding("sign-in", "delete", "drop", secret=("body", "key", "request_hash"), texts=True),
    "inspections.made_by": Holding("duties", "keep", shown=False),
    "devices.made_by": Holding("duties", "keep", "drop", shown=False, texts=True),
    "launches.person_id": Holding(
        "evidence", "keep", secret=("code_digest", "ticket_digest", "key_digest", "device_id")
    ),
    "statements.person_id": Holding("evidence", "delete"),
    "live_answers.person_id": Holding("events", "delete"),
    "live_questions.asked_by": Holding("duties", "keep", "drop", shown=False),
    "mailbox.person_id": Holding("messages", "delete", secret=("subject", "text")),
    "mandates.person_id": Holding("duties", "keep"),
    "mandates.given_by": Holding("duties", "keep", "drop", shown=False, texts=True),
    "messages.person_id": Holding("messages", "delete", secret=("data", "claim", "claimed_until")),
    "messages.caused_by": Holding("duties", "unname", shown=False),
    "module_progress.person_id": Holding("evidence", "keep"),
    "one_time_links.person_id": Holding("sign-in", "delete", "drop", secret=("token_hash",)),
    "outcome_consents.person_id": Holding("outcomes", "delete"),
    "outcomes.person_id": Holding("outcomes", "delete"),
    "particulars.person_id": Holding("particulars", "delete", "drop", secret=("sealed",)),
    "particulars.given_by": Holding("duties", "keep", "drop", shown=False, texts=True),
    "photos.person_id": Holding("events", "delete", secret=("content",)),
    "photos.added_by": Holding("duties", "keep", "drop", shown=False),
    "preferences.person_id": Holding("messages", "delete"),
    "presence_signatures.person_id": Holding("evidence", "keep"),
    "publications.actor": Holding("duties", "keep", "drop", shown=False, texts=True),
    "refresher_cards.person_id": Holding("learning", "delete"),
    "regrades.actor": Holding("duties", "keep", "drop", shown=False, texts=True),
    "replies.author_id": Holding("discussion", "clear", words=("text", "html")),
    "reports.reporter_id": Holding("discussion", "delete"),
    "recovery_codes.person_id": Holding("sign-in", "delete", "drop", secret=("code_hash",)),
    "second_factors.person_id": Holding("sign-in", "delete", "drop", secret=("secret", "credential")),
    "single_sign_ons.person_id": Holding("sign-in", "delete"),
    "sign_ins.person_id": Holding("sign-in", "delete", "drop"),
    "sign_offs.person_id": Holding("evidence", "keep"),
    "sign_offs.signed_by": Holding("duties", "keep", shown=False),
    "teacher_notes.person_id": Holding("notes", "delete", shown=False),
    "teacher_notes.author_id": Holding("duties", "keep", shown=False),
    "threads.author_id": Holding("discussion", "clear", words=("text", "html")),
}
"""By "table.column"."""


def split(name: str) -> tuple[Table, Any]:
    """Table and column of a name: "attempts.person_id"."""
    table_name, _, column = name.partition(".")
    table = metadata.tables[table_name]
    return table, table.c[column]


def columns_that_name_people() -> Iterator[str]:
    """Every column of the schema that refers to a person, or that by its name holds who did something."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            refers = any(key.column.table.name == "people" for key in column.foreign_keys)
            says = column.name in ("actor", "caller") or column.name.endswith("_by")
            if refers or says:
                yield f"{table.name}.{column.name}"


def value_for(holding: Holding, person_id: uuid.UUID) -> Any:
    """A person's id as a column holds it."""
    return str(person_id) if holding.texts else person_id


def model_of(table: Table) -> type[Any] | None:
    """The mapped class of a table whose rows are evidence: they are changed as objects, so that the trail notes it."""
    return next((model for model in PROVEN if model.__table__ is table), None)  # type: ignore[attr-defined]


def rows_of(session: Session, name: str, person_id: uuid.UUID) -> list[dict[str, Any]]:
    """The rows in which a column names a person, in the order of their keys."""
    table, column = split(name)
    wanted = select(table).where(column == value_for(HOLDINGS[name], person_id)).order_by(*table.primary_key)
    return [dict(row._mapping) for row in session.execute(wanted)]


def count_rows(session: Session, name: str, person_id: uuid.UUID) -> int:
    """In how many rows a column names a person."""
    table, column = split(name)
    wanted = select(func.count()).select_from(table).where(column == value_for(HOLDINGS[name], person_id))
    return session.scalar(wanted) or 0
