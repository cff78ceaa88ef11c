"""What is wrong with an installation, or will be soon: looked at one thing at a time, told in sentences."""

from __future__ import annotations

import os
import shutil
import smtplib
import socket
import sqlite3
import ssl
import stat
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from api.backup import backups_in, made_at
from api.core.config import MAILBOX, Settings
from api.core.database import Database
from api.core.schema_state import is_current
from api.messages.models import JobRun

Level = Literal["good", "look", "bad"]
TIMEOUT = 5
FREE = 2 * 2**30
"""Bytes that a disk should have left."""
DRIFT = timedelta(seconds=30)
OLD_BACKUP = timedelta(hours=36)
ENDING = timedelta(days=14)
IDLE_JOBS = timedelta(days=8)
WAL_RESET_FIXED = ((3, 44, 6), (3, 50, 7), (3, 51, 3))
"""SQLite before these, in its line, may corrupt a database in WAL mode at a checkpoint (sqlite.org/wal.html, 11)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about one thing."""

    about: str
    level: Level
    sentence: str


def has_wal_reset_bug(version: tuple[int, ...]) -> bool:
    """Whether a version of SQLite has the fault: back-ports went to two older lines."""
    for fixed in WAL_RESET_FIXED:
        if version[:2] == fixed[:2]:
            return version < fixed
    return version < WAL_RESET_FIXED[-1]


def examine(settings: Settings, database: Database, at: datetime, backups: Path | None = None) -> Iterator[Finding]:
    """Look at everything; a look that fails is a finding itself.

    Args:
        settings: Of the environment.
        database: Of the settings.
        at: Now.
        backups: Folder that `airlock backup` writes to.
    """
    looks: tuple[Callable[[], Iterator[Finding]], ...] = (
        lambda: look_at_settings(settings),
        lambda: look_at_versions(settings),
        lambda: look_at_database(database),
        lambda: look_at_files(settings),
        lambda: look_at_jobs(database, at),
        lambda: look_at_backups(backups, at),
        lambda: look_at_mail(settings),
        lambda: look_at_site(settings, at),
    )
    for look in looks:
        try:
            yield from look()
        except (OSError, SQLAlchemyError, ValueError) as error:
            reason = str(getattr(error, "orig", error)).splitlines()
            yield Finding("doctor", "bad", f"A look failed: {reason[0] if reason else type(error).__name__}.")


def look_at_settings(settings: Settings) -> Iterator[Finding]:
    """What is set, and what should be."""
    local = urlsplit(settings.url).hostname in ("127.0.0.1", "localhost", "::1")
    if settings.secure:
        yield Finding("address", "good", f"People reach {settings.url} by https.")
    elif local:
        yield Finding("address", "look", f"{settings.url} is this machine alone: for a trial, not for a centre.")
    if settings.secret_key == settings.audit_key:
        yield Finding("secrets", "bad", "AIRLOCK_SECRET_KEY and AIRLOCK_AUDIT_KEY are the same: make two.")
    else:
        yield Finding("secrets", "good", "Both secrets are there, and differ.")
    if settings.audit_anchor is None:
        yield Finding(
            "audit",
            "look",
            "AIRLOCK_AUDIT_ANCHOR is not set: a whole older copy would not be noticed.",
        )
    if settings.mail is None:
        yield Finding("mail", "bad", "AIRLOCK_MAIL is not set: letters wait, and nobody gets an invitation.")
    if not settings.security_contact:
        yield Finding("contact", "look", "AIRLOCK_SECURITY_CONTACT is not set: nobody knows whom to tell of a hole.")
    if settings.secure and settings.proxies == 0 and not local:
        yield Finding("proxies", "look", "AIRLOCK_PROXIES is 0: behind a proxy, all visitors look like one network.")


def look_at_versions(settings: Settings) -> Iterator[Finding]:
    """Versions with known faults."""
    python = ".".join(map(str, sys.version_info[:3]))
    old = sys.version_info < (3, 11, 4)
    yield Finding("Python", "look" if old else "good", f"Python {python}" + (": update it." if old else "."))
    if settings.database_url.startswith("sqlite"):
        version = tuple(int(part) for part in sqlite3.sqlite_version.split("."))
        if has_wal_reset_bug(version):
            yield Finding(
                "SQLite", "bad",
                f"SQLite {sqlite3.sqlite_version} may corrupt a database in WAL mode when several processes write "
                "(fixed in 3.51.3, 3.50.7 and 3.44.6): update it, or use PostgreSQL.",
            )  # fmt: skip
        else:
            yield Finding("SQLite", "good", f"SQLite {sqlite3.sqlite_version}.")


def look_at_database(database: Database) -> Iterator[Finding]:
    """Whether it answers, has the tables of this program, and is whole."""
    with database.engine.connect() as connection:
        if not is_current(connection):
            yield Finding("database", "bad", "The tables are of another version: run `airlock db upgrade`.")
            return
        if connection.dialect.name == "sqlite":
            whole = connection.execute(text("PRAGMA quick_check")).scalar() == "ok"
            mode = connection.execute(text("PRAGMA journal_mode")).scalar()
            if not whole:
                yield Finding("database", "bad", "The database is damaged: restore the newest backup.")
                return
            if mode != "wal":
                yield Finding("database", "bad", f"The journal mode is {mode}, not WAL: readers and writers wait.")
        else:
            number = int(connection.execute(text("SHOW server_version_num")).scalar() or 0)
            if number < 140000:
                yield Finding("database", "bad", "PostgreSQL 14 or newer is needed.")
        yield Finding("database", "good", "The database answers, and has the tables of this program.")


def look_at_files(settings: Settings) -> Iterator[Finding]:
    """Room on the disks, and who may read what."""
    places = {"database": _sqlite_file(settings), "site": settings.site, "anchor": settings.audit_anchor}
    for name, path in places.items():
        if path is None or not path.exists():
            continue
        free = shutil.disk_usage(path).free
        level: Level = "good" if free > FREE else "bad"
        yield Finding("disk", level, f"{free / 2**30:.1f} GiB are free where the {name} lies.")
    path = places["database"]
    if path is not None and path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding("files", "bad", f"Others on this machine may read {path}: chmod 600.")
    for name in ("AIRLOCK_SECRET_KEY_FILE", "AIRLOCK_AUDIT_KEY_FILE"):
        file = os.environ.get(name)
        if file and Path(file).exists() and Path(file).stat().st_mode & stat.S_IRWXO:
            yield Finding("files", "bad", f"Everybody on this machine may read {file}: chmod 600.")


def _sqlite_file(settings: Settings) -> Path | None:
    scheme, _, path = settings.database_url.partition(":///")
    return Path(path) if scheme == "sqlite" and path and path != ":memory:" else None


def look_at_jobs(database: Database, at: datetime) -> Iterator[Finding]:
    """Whether the jobs run."""
    with database.reading() as session:
        newest = max(session.scalars(select(JobRun.at)), default=None)
    if newest is None or at - newest > IDLE_JOBS:
        yield Finding("jobs", "look", "No weekly job ran for over a week: does `airlock jobs run` run?")
    else:
        yield Finding("jobs", "good", f"Jobs ran last on {newest:%Y-%m-%d}.")


def look_at_backups(folder: Path | None, at: datetime) -> Iterator[Finding]:
    """How old the newest backup is."""
    if folder is None:
        yield Finding("backups", "look", "Say where they are: --backups FOLDER.")
        return
    found = backups_in(folder)
    if not found:
        yield Finding("backups", "bad", f"There is no backup in {folder}: run `airlock backup` daily.")
        return
    age = at - made_at(found[-1])
    level: Level = "bad" if age > OLD_BACKUP else "good"
    yield Finding(
        "backups", level, f"The newest of {len(found)} backups is {age.total_seconds() / 3600:.0f} hours old."
    )


def look_at_mail(settings: Settings) -> Iterator[Finding]:
    """Whether the mail server answers; nothing is sent."""
    if settings.mail is None or settings.mail == MAILBOX:
        return
    parts = urlsplit(settings.mail)
    host = parts.hostname or ""
    port = parts.port or (465 if parts.scheme == "smtps" else 587)
    try:
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
        else:
            server = smtplib.SMTP(host, port, timeout=TIMEOUT)
        with server:
            code, _ = server.noop()
    except (OSError, smtplib.SMTPException) as error:
        yield Finding("mail", "bad", f"The mail server {host}:{port} does not answer: {error}.")
        return
    level: Level = "good" if code == 250 else "bad"
    yield Finding("mail", level, f"The mail server {host}:{port} answers.")


def look_at_site(settings: Settings, at: datetime) -> Iterator[Finding]:
    """The certificate, and the clock beside that of whoever answers at the site's address."""
    if not settings.secure:
        return
    parts = urlsplit(settings.url)
    host, port = parts.hostname or "", parts.port or 443
    try:
        with (
            socket.create_connection((host, port), timeout=TIMEOUT) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secured,
        ):
            certificate = secured.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        yield Finding("certificate", "bad", f"The certificate of {host} does not hold: {error.verify_message}.")
        return
    except OSError as error:
        yield Finding("site", "bad", f"{settings.url} cannot be reached from here: {error}.")
        return
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    level: Level = "bad" if ends - at < ENDING else "good"
    yield Finding("certificate", level, f"The certificate of {host} ends on {ends:%Y-%m-%d}.")
    with urllib.request.urlopen(f"{settings.url}/healthz", timeout=TIMEOUT) as reply:  # noqa: S310  # https alone.
        said = reply.headers.get("Date")
    if said:
        drift = abs(parsedate_to_datetime(said) - datetime.now(UTC))
        level = "bad" if drift > DRIFT else "good"
        yield Finding("clock", level, f"The clock is {drift.total_seconds():.0f} seconds from the proxy's.")
