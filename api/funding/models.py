"""Links for inspectors, and what schemes ask of a person."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from api.core.audit import Proven
from api.core.database import Base


class Inspection(Proven, Base):
    """A secret with which somebody from outside reads the hours of a period, until a day; all that they see is noted.

    Attributes:
        token_hash: SHA-256 of the secret.
        label: For whom it is, as it was typed.
        first: Day, ISO 8601.
        last: Day, the last one.
    """

    proof: ClassVar[tuple[str, ...]] = (
        "token_hash", "first", "last", "made_by", "at", "expires_at", "ended_at",
    )  # fmt: skip

    __tablename__ = "inspections"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(120))
    first: Mapped[str] = mapped_column(String(10))
    last: Mapped[str] = mapped_column(String(10))
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Particular(Base):
    """What somebody told a funder beside their name. It can be erased, so that no proof rests on it.

    Attributes:
        field: As schemes ask for it.
        sealed: Nonce and sealed text (AES-256-GCM); the key follows from the server's secret.
        given_by: Actor.
    """

    __tablename__ = "particulars"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    field: Mapped[str] = mapped_column(String(20), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    given_by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
