"""A script in every field that people write, past every check of what may be typed.

Which columns people write is held against the schema (`tests/browser/test_canary.py`): a new text column comes with a
decision. They are written by SQL, so that what shows them is tried and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import JSON, String, Table, select, update
from sqlalchemy.orm import Session

from api.core.database import Base

CANARY = "<img src=x onerror=__canary=1>\"'{{7}}"
WRITTEN = {
    "people.name", "people.given", "people.family", "people.employer", "classes.name", "class_members.employer",
    "class_members.funding", "asked_learners.name", "asked_learners.employer", "asked_learners.funding",
    "former_members.employer", "former_members.funding", "assignments.note", "teacher_notes.text", "threads.text",
    "replies.text", "reports.reason", "rooms.name", "rooms.equipment", "rooms.directions", "events.note",
    "events.cancelled_why", "bookings.why", "attendances.why", "door_entries.why", "admissions.reason",
    "presence_signatures.signed_as", "sign_offs.signed_as", "counter_signatures.signed_as", "regrades.reason",
    "documents.revoked_why", "event_files.name", "inspections.label", "mandates.employer", "outcomes.words",
    "newcomers.name", "sign_ins.device", "messages.error", "second_factors.name", "audit_entries.why",
    "regrades.actor", "devices.name", "statements.who", "statements.verb", "application_documents.name",
}  # fmt: skip
"""Text that somebody typed, or that came from a browser or another server."""
OURS = {
    "id", "email", "wanted", "actor", "action", "subject", "previous", "hash", "text_digest", "seal", "timezone",
    "join_code", "request_hash", "period", "module_id", "edition", "content_digest", "lang", "token_hash", "sort_as",
    "audience", "role", "password_hash", "zone", "course_id", "quiz_id", "version", "key_version", "salt", "of",
    "link", "what", "part", "hours", "source", "recorded_by", "first", "last", "recipient", "text", "given_by",
    "kind", "once", "state", "purpose", "stage", "ended", "working", "credential", "way", "network", "anchor", "html",
    "number", "code", "digest", "issued_by", "how", "device", "outcome", "media_type", "sha256", "day", "question_id",
    "route", "from_version", "to_version", "option", "mark", "made_by", "key_digest", "code_digest", "ticket_digest",
    "activity", "store", "registration", "resource", "place",
}  # fmt: skip
"""Names of columns that hold ids, words and hashes of the program's own, or that are checked (addresses, links)."""
RENDERED = ("threads", "replies")
"""Whose HTML was made when the text was written: it is made again of the canary."""
TYPED_JSON = {"sign_offs.remarks", "attempts.responses", "audit_texts.content"}


def text_columns() -> Iterator[str]:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, String) and not column.primary_key:
                yield f"{table.name}.{column.name}"


def plant(session: Session) -> None:
    """The canary in every field."""
    for name in sorted(WRITTEN):
        table: Table = Base.metadata.tables[name.partition(".")[0]]
        column = table.c[name.partition(".")[2]]
        room = getattr(column.type, "length", None) or 500
        if name == "rooms.name":
            # Two rooms have no name in common.
            for number, key in enumerate(session.scalars(select(table.c.id)).all()):
                session.execute(update(table).where(table.c.id == key).values({column.name: f"{number} {CANARY}"}))
            continue
        session.execute(update(table).where(column.is_not(None)).values({column.name: CANARY[:room]}))
    for name in RENDERED:
        session.execute(update(Base.metadata.tables[name]).values(html=None))
    for name in sorted(TYPED_JSON):
        table = Base.metadata.tables[name.partition(".")[0]]
        column = table.c[name.partition(".")[2]]
        assert isinstance(column.type, JSON)
        for row in session.execute(select(*table.primary_key, column)).all():
            key = [one == row[place] for place, one in enumerate(table.primary_key)]
            session.execute(update(table).where(*key).values({column.name: _planted(row[-1])}))


def _planted(value: Any) -> Any:
    """A value of the same form, with the canary in each text that is no id of an option."""
    if isinstance(value, dict):
        return {key: _planted(item) for key, item in value.items()}
    if isinstance(value, list):
        return value
    return CANARY if isinstance(value, str) else value
