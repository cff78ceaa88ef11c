"""Applications and devices, launches, and what they reported."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Identity, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.core.database import Base

NUMBER = BigInteger().with_variant(Integer, "sqlite")


class Device(Base):
    """A headset or a program that has a key of its own.

    Attributes:
        key_digest: SHA-256 of its key, which was shown once.
        revoked_at: Since when its key opens nothing.
        used_at: When it was last heard of.
    """

    __tablename__ = "devices"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(String(120))
    key_digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(64))
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class Launch(Base):
    """One session of a module's application, begun by its learner.

    Attributes:
        id: The session id (cmi5, 9.6.3.1).
        registration: The same for all launches of a person, a module and a renewal.
        activity: The address of the unit, as it was launched.
        version: Of the module, that counts.
        code_digest: SHA-256 of what is typed into a headset; None where a browser was sent there.
        ticket_digest: SHA-256 of what fetches the key, once.
        key_digest: SHA-256 of the key of this session; None until it was fetched.
        device_id: Which device took the code.
        ends_at: From then on nothing is taken.
        read: What it read before it begins: names of the documents that cmi5 asks it to read.
        said: Verbs of cmi5 that were said in it, in their order.
        ended_at: When it was terminated, or abandoned because another one was begun.
    """

    __tablename__ = "launches"
    __table_args__ = (
        Index("ix_launches_person_id", "person_id", "module_id"),
        Index("ix_launches_code", "code_digest"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    module_id: Mapped[str] = mapped_column(String(200))
    version: Mapped[str] = mapped_column(ForeignKey("module_versions.version"))
    registration: Mapped[uuid.UUID]
    activity: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]
    ends_at: Mapped[datetime]
    code_digest: Mapped[str | None] = mapped_column(String(64))
    ticket_digest: Mapped[str | None] = mapped_column(String(64))
    key_digest: Mapped[str | None] = mapped_column(String(64))
    device_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("devices.id"))
    read: Mapped[Any] = mapped_column(JSON)
    said: Mapped[Any] = mapped_column(JSON)
    score: Mapped[float | None]
    ended_at: Mapped[datetime | None]


class KeptStatement(Base):
    """A statement that was taken.

    Attributes:
        number: In the order in which they came.
        store: Whose it is: "launch:REGISTRATION" or "device:ID"; nobody reads across.
        who: By what the actor is known.
        target: The statement that it points to.
        voided: Whether a later one took it back.
    """

    __tablename__ = "statements"
    __table_args__ = (UniqueConstraint("store", "id"), Index("ix_statements_store", "store", "number"))

    number: Mapped[int] = mapped_column(NUMBER, Identity(), primary_key=True)
    id: Mapped[uuid.UUID]
    store: Mapped[str] = mapped_column(String(64))
    launch_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("launches.id"))
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    who: Mapped[str] = mapped_column(String(600))
    verb: Mapped[str] = mapped_column(String(500))
    registration: Mapped[str | None] = mapped_column(String(36))
    target: Mapped[uuid.UUID | None]
    stored: Mapped[datetime]
    voided: Mapped[bool] = mapped_column(default=False)
    content: Mapped[Any] = mapped_column(JSON)


class KeptDocument(Base):
    """A document of the state, activity or agent resource.

    Attributes:
        resource: "state", "activity" or "agent".
        place: What it belongs to: activity, agent and registration, as far as the resource has them.
    """

    __tablename__ = "application_documents"
    __table_args__ = (UniqueConstraint("store", "resource", "place", "registration", "name"),)

    id: Mapped[int] = mapped_column(NUMBER, Identity(), primary_key=True)
    store: Mapped[str] = mapped_column(String(64))
    resource: Mapped[str] = mapped_column(String(8))
    place: Mapped[str] = mapped_column(String(64))
    registration: Mapped[str] = mapped_column(String(36), default="")
    name: Mapped[str] = mapped_column(String(300))
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    media_type: Mapped[str] = mapped_column(String(120))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    updated_at: Mapped[datetime]
