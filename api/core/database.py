"""The database: one engine an app, one transaction a request."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect, Engine, MetaData, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

SYNCHRONOUS = "FULL"
"""SQLite waits for the disk with each commit: what was acknowledged survives a failure of the power."""
BUSY_SECONDS = 15
"""How long a writer waits for another one on SQLite."""


if sys.platform == "win32":
    fcntl: Any = None
else:
    import fcntl


class UtcDateTime(TypeDecorator[datetime]):
    """A time with its zone, stored in UTC; SQLite, which has no zones, gets and gives it as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every table; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime}


class DatabaseSession(Session):
    """A session whose commits are recorded in the audit trail (`core/audit.py`).

    `remembered` holds what was read in the running transaction and is asked for again and again.
    """

    @property
    def remembered(self) -> dict[str, Any]:
        """By name; empty when a transaction ends."""
        found: dict[str, Any] = self.info.setdefault("airlock_remembered", {})
        return found

    @property
    def driver(self) -> tuple[Dialect, Any]:
        """The dialect, and a cursor of the driver's own in the running transaction."""
        found: tuple[Dialect, Any] | None = self.remembered.get("driver")
        if found is None:
            found = self.remembered["driver"] = driver_of(self)
        return found

    @override
    def commit(self) -> None:
        super().commit()
        self.remembered.clear()

    @override
    def rollback(self) -> None:
        super().rollback()
        self.remembered.clear()

    @override
    def close(self) -> None:
        super().close()
        self.remembered.clear()


def driver_of(session: Session | Connection) -> tuple[Dialect, Any]:
    """The dialect, and a cursor of the driver's own."""
    connection = session if isinstance(session, Connection) else session.connection()
    return connection.dialect, connection.connection.driver_connection.cursor()  # type: ignore[union-attr]


class Database:
    """An engine set up the way Airlock needs it.

    Args:
        url: As SQLAlchemy reads it.
        chain: Key and anchor of the audit trail (`audit.Chain`); without it nothing can be recorded.
    """

    def __init__(self, url: str, chain: Any = None) -> None:
        self.chain = chain
        # One thread a process serves requests; a small pool covers the rate limiter's own short transaction.
        options: dict[str, Any] = {} if url.startswith("sqlite") else {"pool_size": 2, "max_overflow": 2}
        self.engine: Engine = create_engine(url, hide_parameters=True, **options)
        if self.engine.dialect.name == "sqlite":
            keep_private(self.engine.url.database)
            event.listen(self.engine, "connect", _set_up_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
            event.listen(self.engine, "reset", _leave_queue)
            event.listen(self.engine, "close", _close_queue)
        else:
            event.listen(self.engine, "checkin", _note_use)
            event.listen(self.engine, "checkout", partial(_ask_the_idle, self.engine.dialect))

    def session(self, connection: Connection | None = None) -> DatabaseSession:
        """A session of its own, or within a connection's transaction; what was loaded stays readable after a commit."""
        return DatabaseSession(connection or self.engine, expire_on_commit=False, info={"airlock_chain": self.chain})

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that will not write."""
        with self.session() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that commits at the end, unless there was an exception."""
        with self.session() as session:
            mark_writing(session)
            yield session
            session.commit()


PRIVATE = stat.S_IRUSR | stat.S_IWUSR
"""Who may read and write a file with people in it: its owner."""


def keep_private(path: str | None) -> None:
    """Make the file of a database, or take from others what they may do with it; what SQLite puts beside it follows.

    Args:
        path: None, "" and ":memory:" are no file.
    """
    if not path or path == ":memory:" or path.startswith("file:"):
        return
    with contextlib.suppress(OSError):  # A folder that is not there, or another owner: SQLite says what is wrong.
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE))
        except FileExistsError:
            # By its name: opening and closing a file that is there takes this process's locks off it (sqlite.org,
            # "How To Corrupt", 2.2).
            if Path(path).stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                Path(path).chmod(PRIVATE)


def mark_writing(session: Session) -> None:
    """Start the session's transaction as one that writes.

    SQLite: BEGIN IMMEDIATE. A deferred transaction that reads first fails with "database is locked" when it writes.
    """
    session.connection(execution_options={"airlock_writes": True})


def _set_up_sqlite(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # The driver starts no transactions of its own; `_begin_sqlite` does.
    for pragma in (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        f"synchronous = {SYNCHRONOUS}",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


IDLE_SECONDS = 5
"""A connection that was used within them is taken to be alive: asking costs as much as a statement."""


def _note_use(connection: Any, entry: ConnectionPoolEntry) -> None:
    entry.info["airlock_used"] = time.monotonic()


def _ask_the_idle(dialect: Dialect, connection: Any, entry: ConnectionPoolEntry, proxy: Any) -> None:
    """Have a connection replaced that the server closed while nobody used it."""
    if time.monotonic() - entry.info.get("airlock_used", 0.0) > IDLE_SECONDS and not dialect.do_ping(connection):
        raise DisconnectionError


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("airlock_writes", False)
    if writes and connection.engine.url.database and fcntl is not None:
        _enter_queue(connection.connection.info, f"{connection.engine.url.database}-queue")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


LOOK_AGAIN = 0.0003
"""Seconds between two looks whether it is one's turn to write."""


def _enter_queue(info: dict[str, Any], path: str) -> None:
    """Wait for one's turn to write, at most as long as for SQLite itself.

    SQLite has waiting writers sleep for up to 100 ms, however short the other one is: some wait for a second beside
    others that never do. A lock of a file beside the database is looked at far more often, and freed by the system when
    a process ends.
    """
    file = info.get("airlock_queue")
    if file is None:
        file = info["airlock_queue"] = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, PRIVATE), "ab")
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return  # SQLite decides.
            time.sleep(LOOK_AGAIN)
        else:
            return


def _leave_queue(connection: sqlite3.Connection, entry: ConnectionPoolEntry, state: Any) -> None:
    file = entry.info.get("airlock_queue")
    if file is not None:
        fcntl.flock(file, fcntl.LOCK_UN)


def _close_queue(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
    file = entry.info.pop("airlock_queue", None)
    if file is not None:
        file.close()
