"""Documents that were issued."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar, Literal

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from api.core.audit import Proven
from api.core.database import Base

DocumentKind = Literal["sheet", "presence", "competence", "passport", "hours"]
"""Presence at a half-day; presence of a learner at an event; practical competence; everything of a learner; hours."""

Shown = Literal["name", "hours"]
"""What a holder may let the public check page show, beside what the document is."""


class Document(Proven, Base):
    """A document as it was issued: what it says is kept, and what it rests on is named.

    Attributes:
        number: As people read it: "2026-000123".
        code: Secret of its check page, in the QR code.
        person_id: The holder; None of a sheet.
        event_id: Of a sheet, a presence or a competence, where it was.
        half_day: Of a sheet.
        module_id: Of a competence.
        period: Of an hours report, "2026-01-01/2026-03-31"; "" otherwise.
        content: What it says, as it was set; names stand in it.
        seal: Digest of a salt and the content: it cannot be altered unnoticed, and may be erased.
        digest: Of the lines of evidence that it rests on.
        rests_on: Their names, "sign_offs:12".
        shown: What the holder lets strangers see.
        place: Its place in the status list of badges (W3C Bitstring Status List).
        valid_until: Until when it says what holds; None is for good.
    """

    proof: ClassVar[tuple[str, ...]] = (
        "number", "kind", "person_id", "event_id", "half_day", "module_id", "period", "lang", "seal", "digest",
        "rests_on", "place", "issued_at", "issued_by", "valid_until", "revoked_at",
    )  # fmt: skip

    __tablename__ = "documents"
    __table_args__ = (Index("ix_documents_person_id", "person_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[DocumentKind] = mapped_column(String(16))
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    event_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("events.id"))
    half_day: Mapped[int | None]
    module_id: Mapped[str | None] = mapped_column(String(200))
    period: Mapped[str] = mapped_column(String(24), default="", server_default="")
    lang: Mapped[str] = mapped_column(String(2))
    content: Mapped[Any] = mapped_column(JSON)
    salt: Mapped[str] = mapped_column(String(32))
    seal: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    rests_on: Mapped[Any] = mapped_column(JSON)
    shown: Mapped[Any] = mapped_column(JSON)
    place: Mapped[int] = mapped_column(unique=True)
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(64))
    valid_until: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_why: Mapped[str] = mapped_column(String(500), default="", server_default="")
