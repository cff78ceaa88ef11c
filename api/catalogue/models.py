"""Published catalogues, and every version of every module that was ever published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Identity, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.core.audit import Proven
from api.core.database import Base


class CatalogueVersion(Proven, Base):
    """A catalogue under its content address.

    Attributes:
        manifest: Courses, paths, and of each module its version and edition.
    """

    __tablename__ = "catalogue_versions"

    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    manifest: Mapped[Any] = mapped_column(JSON)
    created_at: Mapped[datetime]


class Publication(Proven, Base):
    """A moment at which a catalogue became the current one; the newest counts."""

    __tablename__ = "publications"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    version: Mapped[str] = mapped_column(ForeignKey("catalogue_versions.version"))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))


class ModuleVersion(Proven, Base):
    """A module as it was compiled, keys included.

    Attributes:
        edition: Hash of what a learner could see; pages carry it.
        renewal: As its author wrote it: evidence of a lower number than the module's must be renewed.
        sequence: Order of first publication.
        changed_at: When the change that it shows to learners first came out; None where it shows none.
        content_digest: Hash of the content; "" for what an earlier program stored.
    """

    __tablename__ = "module_versions"
    __table_args__ = (UniqueConstraint("module_id", "sequence"),)

    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    module_id: Mapped[str] = mapped_column(String(200), index=True)
    edition: Mapped[str] = mapped_column(String(64), index=True)
    renewal: Mapped[int]
    sequence: Mapped[int]
    changed_at: Mapped[datetime | None]
    content: Mapped[Any] = mapped_column(JSON)
    content_digest: Mapped[str] = mapped_column(String(64), default="", server_default="")
    published_at: Mapped[datetime]
