"""Issuing documents, taking them back, and what holds of them today. Knows no HTTP and never commits."""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.core.audit import digest_of
from api.core.errors import NotFound
from api.documents.errors import AlreadyRevoked, NothingToSay
from api.documents.facts import Found, Subject, gather
from api.documents.models import Document, Shown
from api.evidence.validity import ZONE

State = Literal["valid", "expired", "superseded", "revoked"]
"""valid: it says what holds. expired: its time is over. superseded: a record that it rests on changed since.
revoked: the centre took it back."""


def seal(salt: str, content: Any) -> str:
    """Digest of what a document says."""
    return hashlib.sha256(salt.encode() + json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _digest(session: Session, found: Found) -> str:
    """Of all lines that a document rests on, each with its name."""
    lines = sorted(digest_of(session, type(row), row) for row in found.rests_on)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def issue(act: Act, subject: Subject, lang: str) -> Document:
    """Issue a document; where one says the same and holds, that one.

    Raises:
        NothingToSay: There is no evidence for it.
    """
    session = act.session
    found = gather(session, subject, lang)
    digest = _digest(session, found)
    for known in _of(session, subject):
        if known.lang == lang and known.digest == digest and known.revoked_at is None and known.content:
            return known
    place = (session.scalar(select(func.max(Document.place))) or 0) + 1
    year = act.at.astimezone(ZONE).year
    content, salt = found.content.dump(), secrets.token_hex(16)
    made = Document(
        id=uuid.uuid4(),
        number=f"{year}-{place:06}",
        code=secrets.token_urlsafe(16),
        kind=subject.kind,
        person_id=subject.person_id,
        event_id=subject.event_id,
        half_day=subject.half_day,
        module_id=subject.module_id,
        period=subject.period,
        lang=lang,
        content=content,
        salt=salt,
        seal=seal(salt, content),
        digest=digest,
        rests_on=found.keys,
        shown=[],
        place=place,
        issued_at=act.at,
        issued_by=act.actor,
        valid_until=found.valid_until,
    )
    session.add(made)
    session.flush()
    act.record("document.issue", f"document:{made.id}", new={"kind": made.kind, "number": made.number})
    return made


def _of(session: Session, subject: Subject) -> Sequence[Document]:
    """The documents about the same, the newest first."""
    return session.scalars(
        select(Document)
        .where(
            Document.kind == subject.kind,
            Document.person_id == subject.person_id,
            Document.event_id == subject.event_id,
            Document.half_day == subject.half_day,
            Document.module_id == subject.module_id,
            Document.period == subject.period,
        )
        .order_by(Document.place.desc())
    ).all()


def subject_of(document: Document) -> Subject:
    """What it is about."""
    return Subject(
        document.kind, document.person_id, document.event_id, document.half_day, document.module_id, document.period
    )


def state_of(session: Session, document: Document, at: datetime) -> State:
    """What holds of it."""
    if document.revoked_at is not None:
        return "revoked"
    try:
        now = _digest(session, gather(session, subject_of(document), document.lang))
    except NothingToSay:
        return "superseded"
    if now != document.digest:
        return "superseded"
    return "expired" if document.valid_until is not None and document.valid_until <= at else "valid"


def find_document(session: Session, document_id: uuid.UUID, person_id: uuid.UUID | None = None) -> Document:
    """A document, by its id.

    Args:
        session: Where.
        document_id: Of it.
        person_id: Whose it has to be; None is anybody's.

    Raises:
        NotFound: There is none, or it is somebody else's.
    """
    found = session.get(Document, document_id)
    if found is None or (person_id is not None and found.person_id != person_id):
        raise NotFound("There is no such document.")
    return found


def find_by_code(session: Session, code: str) -> Document:
    """A document, by the secret of its check page.

    Raises:
        NotFound: There is none.
    """
    found = session.scalar(select(Document).where(Document.code == code))
    if found is None:
        raise NotFound("There is no such document.")
    return found


def documents_of(session: Session, person_id: uuid.UUID) -> Sequence[Document]:
    """Everything that was issued to somebody, the newest first."""
    return session.scalars(
        select(Document).where(Document.person_id == person_id).order_by(Document.place.desc())
    ).all()


def revoke(act: Act, document: Document) -> None:
    """Take a document back, with a reason.

    Raises:
        AlreadyRevoked: It was.
    """
    if document.revoked_at is not None:
        raise AlreadyRevoked("It was revoked before.")
    document.revoked_at = act.at
    document.revoked_why = act.why
    act.session.flush()
    act.record("document.revoke", f"document:{document.id}", texts={"why": act.why})


def show(act: Act, document: Document, shown: Sequence[Shown]) -> None:
    """Let strangers with its code see more, or less."""
    document.shown = sorted(set(shown))
    act.session.flush()
    act.record("document.show", f"document:{document.id}", new={"shown": list(document.shown)})
