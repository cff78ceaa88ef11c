"""Published catalogues, and every version of every module that was ever published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Identity, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.core.database import Base


class CatalogueVersion(Base):
    """A manifest under its content address."""

    __tablename__ = "catalogue_versions"

    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    manifest: Mapped[Any] = mapped_column(JSON)
    created_at: Mapped[datetime]


class Publication(Base):
    """A moment at which a catalogue became the current one; the newest counts."""

    __tablename__ = "publications"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    version: Mapped[str] = mapped_column(ForeignKey("catalogue_versions.version"))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))


class ModuleVersion(Base):
    """A module as it was compiled, keys included.

    Attributes:
        edition: Hash of what a learner could see; pages carry it.
        epoch: Goes up with every major revision; evidence counts within its epoch.
        sequence: Order of first publication.
        changed_at: When it last changed in a way that learners should notice: by a minor or a major revision.
    """

    __tablename__ = "module_versions"
    __table_args__ = (UniqueConstraint("module_id", "sequence"),)

    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    module_id: Mapped[str] = mapped_column(String(200), index=True)
    edition: Mapped[str] = mapped_column(String(64), index=True)
    epoch: Mapped[int]
    sequence: Mapped[int]
    changed_at: Mapped[datetime]
    content: Mapped[Any] = mapped_column(JSON)
    published_at: Mapped[datetime]
