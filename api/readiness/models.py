"""Admissions for a time."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from api.core.audit import Proven
from api.core.database import Base


class Admission(Proven, Base):
    """A trainer's word that somebody who is not ready may enter all the same, until a day. It is added, never changed.

    Attributes:
        module_id: What they may do.
        until: When it ends. An admission that is to end earlier is followed by one that ends then: the newest counts.
        reason: Why, in the trainer's words.
        admitted_by: Id of the trainer.
    """

    __tablename__ = "admissions"
    __table_args__ = (Index("ix_admissions_person_id", "person_id", "module_id"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), Identity(), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    module_id: Mapped[str] = mapped_column(String(200))
    until: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(500))
    admitted_by: Mapped[uuid.UUID]
    at: Mapped[datetime]
