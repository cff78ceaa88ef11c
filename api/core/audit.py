"""The audit trail: every change to a record that is evidence, in a chain of hashes.

An entry's hash covers its content and the hash before it, so that an entry that is altered, missing or moved breaks the
chain (the principle of EU GMP Annex 11 §9 and 21 CFR 11.10(e): who, what, old, new, when, why).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Integer, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from api.core.database import Base

FIRST = "0" * 64
LOCK = 4_215_061
"""Any number that no other advisory lock of this database uses."""


class AuditEntry(Base):
    """One change."""

    __tablename__ = "audit_entries"

    sequence: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(200), index=True)
    old: Mapped[Any] = mapped_column(JSON, nullable=True)
    new: Mapped[Any] = mapped_column(JSON, nullable=True)
    why: Mapped[str] = mapped_column(String(500), default="")
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    def digest(self) -> str:
        """What `hash` must be."""
        content = [
            self.sequence,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.actor,
            self.action,
            self.subject,
            self.old,
            self.new,
            self.why,
            self.previous,
        ]
        plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(plain.encode()).hexdigest()


def record(
    session: Session,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    old: Any = None,
    new: Any = None,
    why: str = "",
) -> AuditEntry:
    """Append an entry in the transaction of the change that it tells of."""
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        # One writer at a time appends; SQLite has one writer anyway.
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    last = session.execute(
        select(AuditEntry.sequence, AuditEntry.hash).order_by(AuditEntry.sequence.desc()).limit(1)
    ).first()
    entry = AuditEntry(
        sequence=last.sequence + 1 if last else 1,
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        old=old,
        new=new,
        why=why,
        previous=last.hash if last else FIRST,
        hash="",
    )
    entry.hash = entry.digest()
    session.add(entry)
    session.flush()
    return entry


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found.

    Attributes:
        count: Entries that were read.
        breaks: One sentence for each place where the chain does not hold.
        head: The last hash; noting it elsewhere also proves that nothing was cut off at the end.
    """

    count: int
    breaks: tuple[str, ...]
    head: str


def verify(session: Session) -> Verdict:
    """Walk the whole chain."""
    expected, previous, count, breaks = 1, FIRST, 0, []
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.sequence).execution_options(yield_per=500)):
        if entry.sequence != expected:
            breaks.append(f"entry {expected} is missing (the next one is {entry.sequence})")
        elif entry.previous != previous:
            breaks.append(f"entry {entry.sequence} does not follow the entry before it")
        if entry.hash != entry.digest():
            breaks.append(f"entry {entry.sequence} was altered")
        expected, previous, count = entry.sequence + 1, entry.hash, count + 1
    return Verdict(count, tuple(breaks), previous)
