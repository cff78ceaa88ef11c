"""The audit trail: who did what to a record that is evidence, when and why, and what the record is since then.

Entries are a chain (the principle of EU GMP Annex 11 §9 and 21 CFR 11.10(e)): each carries an HMAC over its content and
the one before it, with a key that is not in the database. Each also carries a digest of every record that it speaks of.
`verify` walks the chain and then computes each digest again from today's tables, so that an entry or a record that was
altered, added or taken away is found, whoever may write to the database.

No name, address or free text stands inside the chain: those are kept beside it under a salted digest, and may be
erased.

Entries are written when the transaction is committed, all of them together and last, so that other writers wait for
that moment alone. A transaction that changes a record without an entry is refused.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    Float,
    ForeignKey,
    Integer,
    String,
    Table,
    bindparam,
    event,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Mapped, Session, SessionTransaction, UOWTransaction, mapped_column

from api.core.database import Base, DatabaseSession
from api.core.statements import Prepared

FIRST = "0" * 64
"""Stands before the first entry."""
PLAIN, KEYED = 1, 2
"""How an entry is hashed: as an earlier version of the program did, without a key; or as this one does."""


class AuditKeyMissing(RuntimeError):
    """Something is to be recorded, and there is no key."""


class Unrecorded(RuntimeError):
    """A record that is evidence was changed, and nothing says by whom."""


class AuditEntry(Base):
    """One act.

    Attributes:
        actor: Id of a person, or what else acted: "command line", "job", "code:ID".
        subject: What it is about: "attempt:ID".
        old: Ids, numbers and words of the program's own; never what a person typed.
        new: The same.
        records: Digests of records as this act left them, by "table:key"; null for one that it removed.
        text_digest: Of what stands in `AuditText`; None where there is nothing.
        why: Of entries of the old form.
        form: How it is hashed.
    """

    __tablename__ = "audit_entries"

    sequence: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(200))
    old: Mapped[Any] = mapped_column(JSON, nullable=True)
    new: Mapped[Any] = mapped_column(JSON, nullable=True)
    why: Mapped[str] = mapped_column(String(500), default="", server_default="")
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    form: Mapped[int] = mapped_column(default=PLAIN, server_default="1")
    records: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    text_digest: Mapped[str | None] = mapped_column(String(64))


class AuditText(Base):
    """What people typed about an entry: reasons and names. It may be erased; it cannot be altered unnoticed."""

    __tablename__ = "audit_texts"

    sequence: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"),
        ForeignKey("audit_entries.sequence"),
        primary_key=True,
        autoincrement=False,
    )
    salt: Mapped[str] = mapped_column(String(32))
    content: Mapped[Any] = mapped_column(JSON)


class AuditHead(Base):
    """The newest entry, in one row that writers wait for; its seal shows that the newest ones were not cut off."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))


PROVEN: list[type[Proven]] = []
"""Tables whose rows are evidence."""


class Proven:
    """A table whose rows are evidence: each change of one carries its digest into the trail.

    Attributes:
        proof: Names of the columns that the digest covers, beside the key; empty for all of them.
    """

    proof: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **options: Any) -> None:
        """Note the table."""
        super().__init_subclass__(**options)
        PROVEN.append(cls)


_columns: dict[str, tuple[tuple[str, bool], ...]] = {}


def covered(model: type[Any]) -> tuple[tuple[str, bool], ...]:
    """Names of the columns of a table that its digests cover, and whether each is a number with a point."""
    table: Table = model.__table__
    if table.name not in _columns:
        _columns[table.name] = tuple(_read_columns(table, model.proof))
    return _columns[table.name]


def _read_columns(table: Table, proof: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    names = [column.name for column in table.primary_key]
    names += [column.name for column in table.columns if not column.primary_key]
    wanted = {*(column.name for column in table.primary_key), *proof} if proof else set(names)
    return ((name, isinstance(table.c[name].type, Float)) for name in names if name in wanted)


def _key_columns(model: type[Any]) -> tuple[str, ...]:
    table: Table = model.__table__
    return tuple(column.name for column in table.primary_key)


def record_key(model: type[Any], values: Any) -> str:
    """Under which name a record stands in entries: "attempts:ID"."""
    parts = (str(_value(values, name)) for name in _key_columns(model))
    return f"{model.__table__.name}:{'/'.join(parts)}"


def _value(values: Any, name: str) -> Any:
    return values.get(name) if isinstance(values, Mapping) else getattr(values, name)


def _plain(value: Any) -> Any:
    """A value as canonical JSON has it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, uuid.UUID):
        return str(value)
    return value


_write_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain).encode


def _canonical(content: Any) -> bytes:
    return _write_json(content).encode()


@dataclass(frozen=True, slots=True)
class Chain:
    """The key, and the file outside of the database to which each new head is written.

    Attributes:
        key: 32 bytes or more.
        anchor: A line for each commit is added to it; None writes none.
    """

    key: bytes = field(repr=False)
    anchor: Path | None = None

    def mac(self, *content: Any) -> str:
        """A keyed hash (RFC 2104) of canonical JSON."""
        return hmac.digest(self.key, _canonical(content), "sha256").hex()

    def digest(self, model: type[Any], values: Any) -> str:
        """Digest of a record: of a row, or of a mapping with the columns that become one.

        What is null is left out, so that a column that a later version of the program adds changes no digest.
        """
        content = {}
        for name, real in covered(model):
            value = _value(values, name)
            if value is not None:
                # What is given as 1 comes back as 1.0.
                content[name] = float(value) if real else _plain(value)
        return self.mac(model.__table__.name, content)

    def hash(self, entry: Mapping[str, Any]) -> str:
        """Hash of an entry."""
        names = ("sequence", "at", "actor", "action", "subject", "old", "new", "records", "text_digest", "previous")
        return self.mac("entry", *(_plain(entry[name]) for name in names))

    def seal(self, sequence: int, hash_: str) -> str:
        """Seal of a head."""
        return self.mac("head", sequence, hash_)

    def write_anchor(self, sequence: int, hash_: str, at: datetime) -> None:
        """Add a head to the file; one write, so that processes do not mix their lines."""
        if self.anchor is not None:
            with self.anchor.open("ab", buffering=0) as file:
                file.write(f"{sequence} {hash_} {_plain(at)}\n".encode())


@dataclass(slots=True)
class _Pending:
    """What a transaction will record.

    Attributes:
        entries: In their order, without sequence and hash.
        texts: What people typed, by the entry's place.
        rows: Records that were changed, by name; None for a removed one, a digest for one that has no object.
        marks: How many entries there were when a savepoint began.
        head: What was appended, for the anchor.
    """

    entries: list[dict[str, Any]] = field(default_factory=list)
    texts: dict[int, dict[str, Any]] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)
    marks: dict[int, int] = field(default_factory=dict)
    head: tuple[int, str, datetime] | None = None


def _pending(session: Session) -> _Pending:
    found: _Pending = session.info.setdefault("airlock_audit", _Pending())
    return found


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
    texts: Mapping[str, Any] | None = None,
) -> None:
    """Note an act; its entry is written with the commit of what it changed.

    Args:
        session: Whose transaction changes the records.
        at: When.
        actor: Who.
        action: Words of the program's own: "attempt.submit".
        subject: "attempt:ID".
        old: Without anything that a person typed.
        new: The same.
        why: A reason, as it was typed.
        texts: Other things that were typed: names, titles.
    """
    pending = _pending(session)
    typed = {**(texts or {}), **({"why": why} if why else {})}
    if typed:
        pending.texts[len(pending.entries)] = typed
    pending.entries.append(
        {"at": at, "actor": actor, "action": action, "subject": subject, "old": old, "new": new, "records": None}
    )


def note_rows(session: Session, model: type[Any], rows: Iterable[Any]) -> None:
    """Say that records were written by a statement, and not as objects of the session."""
    chain = _chain(session)
    for row in rows:
        _pending(session).rows[record_key(model, row)] = chain.digest(model, row)


def digest_of(session: Session, model: type[Any], row: Any) -> str:
    """The digest of a record as it stands, as the trail would have it."""
    return _chain(session).digest(model, row)


def _chain(session: Session) -> Chain:
    chain: Chain | None = session.info.get("airlock_chain")
    if chain is None:
        raise AuditKeyMissing("AIRLOCK_AUDIT_KEY is not set: nothing can be recorded without it.")
    return chain


@event.listens_for(DatabaseSession, "after_flush")
def _collect(session: Session, context: UOWTransaction) -> None:
    """Note which records a flush writes."""
    for row in session.deleted:
        if isinstance(row, Proven):
            _pending(session).rows[record_key(type(row), row)] = None
    for row in session.new:
        if isinstance(row, Proven):
            _pending(session).rows[record_key(type(row), row)] = row
    for row in session.dirty:
        if isinstance(row, Proven):
            state = inspect(row)
            if any(state.attrs[name].history.has_changes() for name, _ in covered(type(row))):
                _pending(session).rows[record_key(type(row), row)] = row


@event.listens_for(DatabaseSession, "after_transaction_create")
def _mark(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        pending = _pending(session)
        pending.marks[id(transaction)] = len(pending.entries)


@event.listens_for(DatabaseSession, "after_soft_rollback")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    """What was rolled back is not recorded."""
    pending = _pending(session)
    if transaction.nested:
        kept = pending.marks.pop(id(transaction), 0)
        del pending.entries[kept:]
        pending.texts = {place: typed for place, typed in pending.texts.items() if place < kept}
    else:
        session.info.pop("airlock_audit", None)


@event.listens_for(DatabaseSession, "before_commit")
def _append(session: Session) -> None:
    """Write what the transaction records."""
    if session.in_nested_transaction():
        return
    session.flush()
    pending = _pending(session)
    rows = {name: row for name, row in pending.rows.items() if not _is_gone(row)}
    if not pending.entries:
        session.info.pop("airlock_audit", None)
        if rows:
            raise Unrecorded(f"{', '.join(sorted(rows)[:3])}: changed by nobody")
        return
    chain = _chain(session)
    digests = {
        name: chain.digest(type(row), row) if isinstance(row, Proven) else row for name, row in sorted(rows.items())
    }
    pending.entries[-1]["records"] = digests or None
    pending.head = append(session, chain, pending.entries, pending.texts)
    pending.entries, pending.texts, pending.rows = [], {}, {}


def _is_gone(row: Any) -> bool:
    """Whether an object was written and then rolled back to a savepoint."""
    return isinstance(row, Proven) and not inspect(row).persistent


@event.listens_for(DatabaseSession, "after_commit")
def _anchor(session: Session) -> None:
    pending: _Pending | None = session.info.get("airlock_audit")
    if pending is not None and pending.head is not None and not session.in_nested_transaction():
        session.info.pop("airlock_audit")
        _chain(session).write_anchor(*pending.head)


ENTRIES: Table = AuditEntry.__table__  # type: ignore[assignment]  # They are tables.
HEADS: Table = AuditHead.__table__  # type: ignore[assignment]
HEAD = Prepared(select(HEADS.c.sequence, HEADS.c.hash).where(HEADS.c.id == 1).with_for_update())
ADD_ENTRY = Prepared(insert(ENTRIES), tuple(ENTRIES.columns.keys()))
_move = (
    update(HEADS)
    .where(HEADS.c.id == 1)
    .values(sequence=bindparam("to"), hash=bindparam("to_hash"), seal=bindparam("seal"))
)
MOVE = Prepared(_move)
ADD_AND_MOVE = Prepared(
    _move.add_cte(
        insert(ENTRIES).values({c.name: bindparam(c.name, type_=c.type) for c in ENTRIES.columns}).cte("entry")
    )
)
"""In one go, where the database is asked over a network."""


def append(
    session: Session, chain: Chain, entries: list[dict[str, Any]], texts: Mapping[int, dict[str, Any]]
) -> tuple[int, str, datetime]:
    """Add entries to the chain; gives the new head. Other writers wait from here to the commit."""
    sequence, previous = HEAD.row(session)
    written, typed = [], []
    for place, entry in enumerate(entries):
        sequence += 1
        text = texts.get(place)
        salt = secrets.token_hex(16) if text else ""
        whole = {
            **entry,
            "sequence": sequence,
            "previous": previous,
            "form": KEYED,
            "why": "",
            "text_digest": _text_digest(salt, text) if text else None,
        }
        previous = whole["hash"] = chain.hash(whole)
        written.append(whole)
        if text:
            typed.append({"sequence": sequence, "salt": salt, "content": text})
    for whole in written[:-1]:
        ADD_ENTRY.run(session, **whole)
    head = {"to": sequence, "to_hash": previous, "seal": chain.seal(sequence, previous)}
    if session.get_bind().dialect.name == "postgresql":
        ADD_AND_MOVE.run(session, **written[-1], **head)
    else:
        ADD_ENTRY.run(session, **written[-1])
        MOVE.run(session, **head)
    if typed:
        session.execute(insert(AuditText), typed)
    return sequence, previous, entries[-1]["at"]


def _text_digest(salt: str, text: Any) -> str:
    return hashlib.sha256(salt.encode() + _canonical(text)).hexdigest()


def is_begun(session: Session) -> bool:
    """Whether the chain has an entry of the present form."""
    return session.scalar(select(AuditEntry.sequence).where(AuditEntry.form == KEYED).limit(1)) is not None


ADOPTED_TOGETHER = 500


def adopt(session: Session, at: datetime) -> int:
    """Take what was there before into the chain, once: digests of every record as it is now; gives how many.

    What was done to them earlier is told by entries of the old form, which nobody's key protects.
    """
    if is_begun(session):
        return 0
    chain, count = _chain(session), 0
    together: dict[str, str] = {}

    def note() -> None:
        record(session, at=at, actor="command line", action="audit.adopt", subject="audit", new=len(together))
        _pending(session).entries[-1]["records"] = dict(together)
        together.clear()

    for model in PROVEN:
        for row in session.scalars(select(model).execution_options(yield_per=500)):
            together[record_key(model, row)] = chain.digest(model, row)
            count += 1
            if len(together) >= ADOPTED_TOGETHER:
                note()
    if together:
        note()
    if count:
        # The last of them is the one that records are given to at the commit: it has its own.
        record(session, at=at, actor="command line", action="audit.begin", subject="audit", new=count)
    return count


def head(session: Session) -> tuple[int, str]:
    """Number and hash of the newest entry."""
    row = session.execute(select(AuditHead.sequence, AuditHead.hash).where(AuditHead.id == 1)).one()
    return row.sequence, row.hash


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found.

    Attributes:
        count: Entries that were read.
        records: Records that were compared.
        breaks: One sentence for each thing that does not hold.
        head: Sequence and hash of the last entry.
        old_until: The last entry of the old form, 0 if there is none: until there, nothing is proved by a key.
        erased: Entries whose texts were erased.
        anchored: The newest entry that the file outside of the database knows; None without such a file.
    """

    count: int
    records: int
    breaks: tuple[str, ...]
    head: str
    old_until: int
    erased: int
    anchored: int | None


def verify(session: Session) -> Verdict:
    """Walk the whole chain, and compare every record with what the chain says of it."""
    chain = _chain(session)
    anchors = dict(_read_anchor(chain.anchor))
    breaks: list[str] = []
    with closing(_open_notes()) as notes:
        walked = _Walked()
        with _unreadable("audit_entries", breaks):
            _walk(session, chain, anchors, notes, breaks, walked)
        head = session.execute(select(AuditHead)).scalar_one_or_none()
        breaks.extend(_check_head(chain, head, walked))
        newest = max(anchors, default=0)
        if newest > walked.sequence:
            breaks.append(f"entries after {walked.sequence} are missing: the anchor knows entry {newest}")
        records = _compare(session, chain, notes, breaks)
    return Verdict(
        walked.count,
        records,
        tuple(breaks),
        f"{walked.sequence} {walked.previous}",
        walked.old_until,
        walked.erased,
        newest if chain.anchor else None,
    )


@dataclass(slots=True)
class _Walked:
    sequence: int = 0
    previous: str = FIRST
    count: int = 0
    old_until: int = 0
    erased: int = 0


@contextmanager
def _unreadable(table: str, breaks: list[str]) -> Iterator[None]:
    """A value that cannot be what the program wrote (no time, no JSON) is a finding, and no failure."""
    try:
        yield
    except (ValueError, TypeError, LookupError, StatementError) as error:
        breaks.append(f"{table}: a value in it cannot be read ({type(error).__name__})")


def _walk(
    session: Session,
    chain: Chain,
    anchors: Mapping[int, str],
    notes: sqlite3.Connection,
    breaks: list[str],
    walked: _Walked,
) -> None:
    statement = (
        select(AuditEntry, AuditText)
        .outerjoin(AuditText, AuditText.sequence == AuditEntry.sequence)
        .order_by(AuditEntry.sequence)
        .execution_options(yield_per=500)
    )
    for entry, found in session.execute(statement):
        text = cast(AuditText | None, found)
        number = entry.sequence
        if number != walked.sequence + 1:
            breaks.append(f"entry {walked.sequence + 1} is missing (the next one is {number})")
        elif entry.previous != walked.previous:
            breaks.append(f"entry {number} does not follow the entry before it")
        if entry.form == PLAIN and walked.old_until == number - 1:
            walked.old_until = number
        keyed = walked.old_until != number
        values = {column.name: getattr(entry, column.name) for column in AuditEntry.__table__.columns}
        if entry.hash != (chain.hash(values) if keyed else old_hash(entry)):
            breaks.append(f"entry {number} was altered")
        if anchors.get(number, entry.hash) != entry.hash:
            breaks.append(f"entry {number} is another one than the anchor knows")
        if text is None:
            walked.erased += entry.text_digest is not None
        elif _text_digest(text.salt, text.content) != entry.text_digest:
            breaks.append(f"the text of entry {number} was altered")
        if keyed and isinstance(entry.records, dict):
            notes.executemany(
                "INSERT OR REPLACE INTO known VALUES (?, ?, ?)",
                [(name, None if digest is None else str(digest), number) for name, digest in entry.records.items()],
            )
        walked.sequence, walked.previous, walked.count = number, entry.hash, walked.count + 1
        session.expunge(entry)


def _open_notes() -> sqlite3.Connection:
    """A file of the process's own, in memory while it is small: what the chain says of each record last."""
    notes = sqlite3.connect("", isolation_level=None)
    notes.execute("CREATE TABLE known (name TEXT PRIMARY KEY, digest TEXT, sequence INTEGER) WITHOUT ROWID")
    notes.execute("BEGIN")
    return notes


def _check_head(chain: Chain, head: AuditHead | None, walked: _Walked) -> Iterator[str]:
    if head is None:
        yield "the head is missing"
    elif (head.sequence, head.hash) != (walked.sequence, walked.previous):
        yield f"the last entry is {walked.sequence}; the head says {head.sequence}"
    elif walked.sequence > walked.old_until and head.seal != chain.seal(head.sequence, head.hash):
        yield "the seal of the head is not ours"


def _compare(session: Session, chain: Chain, notes: sqlite3.Connection, breaks: list[str]) -> int:
    """Compare every record with what was noted of it; gives how many there are."""
    count = 0
    for model in PROVEN:
        with _unreadable(model.__table__.name, breaks):  # type: ignore[attr-defined]  # It is a table.
            for row in session.scalars(select(model).execution_options(yield_per=500)):
                count += 1
                name = record_key(model, row)
                known = notes.execute("SELECT digest, sequence FROM known WHERE name = ?", (name,)).fetchone()
                if known is None or known[0] is None:
                    breaks.append(f"{name} was added, and no entry tells of it")
                elif known[0] != chain.digest(model, row):
                    breaks.append(f"{name} was altered since entry {known[1]}")
                notes.execute("DELETE FROM known WHERE name = ?", (name,))
                session.expunge(row)
    for name, sequence in notes.execute("SELECT name, sequence FROM known WHERE digest IS NOT NULL ORDER BY name"):
        breaks.append(f"{name} is missing; entry {sequence} tells of it")
    return count


def _read_anchor(path: Path | None) -> Iterator[tuple[int, str]]:
    if path is None or not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            number, _, rest = line.partition(" ")
            if number.isdecimal() and len(rest) >= 64:
                yield int(number), rest[:64]


def old_hash(entry: AuditEntry) -> str:
    """The hash of an entry of the old form."""
    content = [
        entry.sequence, entry.at, entry.actor, entry.action, entry.subject, entry.old, entry.new, entry.why,
        entry.previous,
    ]  # fmt: skip
    return hashlib.sha256(_canonical(content)).hexdigest()
