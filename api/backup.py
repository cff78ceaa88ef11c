"""Copies of the database while it runs, encrypted for somebody who is not the server, and back (age-encryption.org/v1).

A backup is one file: a snapshot of SQLite's own online backup, or a dump of PostgreSQL's `pg_dump`, encrypted to the
public key of the centre. The server can make it and cannot read it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pyrage
from sqlalchemy.engine import URL, make_url

SUFFIXES = {"sqlite": ".sqlite.age", "postgresql": ".dump.age"}
KEPT_DAYS = 30


class BackupError(Exception):
    """A sentence for the person who runs the command."""


def make_key() -> tuple[str, str]:
    """A new pair: the secret, to be kept off the server, and the public key that the server encrypts to."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def back_up(database_url: str, folder: Path, recipients: Sequence[str], at: datetime) -> Path:
    """Write a backup into a folder; gives the file, which is there whole or not at all.

    Args:
        database_url: Of the running database.
        folder: Made if it is missing, for its owner alone.
        recipients: Public keys: "age1...".
        at: Now.

    Raises:
        BackupError: A key is none, the database cannot be read, or the disk is full.
    """
    keys = [_recipient(one) for one in recipients]
    if not keys:
        raise BackupError("Name a key to encrypt to: --to age1..., made by `airlock backup key`.")
    url = make_url(database_url)
    dialect = url.get_backend_name()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BackupError(f"The folder {folder} cannot be made: {error.strerror}.") from error
    if not os.access(folder, os.W_OK):
        raise BackupError(f"The folder {folder} cannot be written to: it belongs to somebody else.")
    target = folder / f"airlock-{at:%Y%m%dT%H%M%SZ}{SUFFIXES[dialect]}"
    with tempfile.TemporaryDirectory(dir=folder, prefix=".backup-") as working:
        plain, sealed = Path(working) / "plain", Path(working) / "sealed"
        _snapshot(url, plain) if dialect == "sqlite" else _dump(url, plain)
        try:
            pyrage.encrypt_file(str(plain), str(sealed), keys)
            sealed.chmod(0o600)
            _to_disk(sealed)
            os.replace(sealed, target)
        except (OSError, pyrage.EncryptError) as error:
            raise BackupError(f"The backup could not be written: {error}") from error
    return target


def _recipient(text: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError:
        raise BackupError(
            f"{text!r} is no public key: it begins with age1 and is made by `airlock backup key`."
        ) from None


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _snapshot(url: URL, target: Path) -> None:
    """SQLite's online backup: a state that some moment had, while others write."""
    source = Path(url.database or "")
    if not source.is_file():
        raise BackupError(f"There is no database at {source}.")
    target.touch(mode=0o600)
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _environment(url: URL) -> dict[str, str]:
    """Of PostgreSQL's programs: the password is no argument, which every user of the machine could read."""
    return {**os.environ, **({"PGPASSWORD": url.password} if url.password else {})}


def _address(url: URL) -> str:
    return url.set(drivername="postgresql", password=None).render_as_string()


def _run(command: list[str], url: URL) -> None:
    if shutil.which(command[0]) is None:
        raise BackupError(f"{command[0]} is missing: install PostgreSQL's client programs.")
    done = subprocess.run(command, env=_environment(url), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupError(f"{command[0]}: {(done.stderr or 'failed').strip().splitlines()[-1]}")


def _dump(url: URL, target: Path) -> None:
    target.touch(mode=0o600)
    _run(["pg_dump", "--format=custom", f"--file={target}", "--no-owner", f"--dbname={_address(url)}"], url)


def restore(backup: Path, database_url: str, identities: Sequence[str]) -> None:
    """Bring a backup back into a database that is empty.

    Args:
        backup: The file.
        database_url: Where to: a SQLite file that is not there, or an empty PostgreSQL database.
        identities: Secrets: "AGE-SECRET-KEY-...".

    Raises:
        BackupError: No secret fits, the file is damaged, or the database is not empty.
    """
    url = make_url(database_url)
    dialect = url.get_backend_name()
    if not backup.name.endswith(SUFFIXES[dialect]):
        raise BackupError(f"{backup.name} is no backup of {dialect}: it ends in {SUFFIXES[dialect]}.")
    with tempfile.TemporaryDirectory(prefix="airlock-restore-") as working:
        plain = Path(working) / "plain"
        plain.touch(mode=0o600)
        _decrypt(backup, plain, identities)
        if dialect == "sqlite":
            _put_back(plain, Path(url.database or ""))
        else:
            _check_empty(url)
            _run(
                ["pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", f"--dbname={_address(url)}",
                 str(plain)], url,
            )  # fmt: skip


def _decrypt(backup: Path, target: Path, identities: Sequence[str]) -> None:
    try:
        keys = [pyrage.x25519.Identity.from_str(one.strip()) for one in identities]
        pyrage.decrypt_file(str(backup), str(target), keys)
    except pyrage.IdentityError:
        raise BackupError("This is no secret key: it begins with AGE-SECRET-KEY-.") from None
    except pyrage.DecryptError as error:
        raise BackupError(f"The backup is damaged, or this key is not for it: {error}") from error
    except OSError as error:
        raise BackupError(f"The backup is damaged, or cannot be read: {error}") from error


def _put_back(plain: Path, target: Path) -> None:
    beside = [target, *(target.with_name(target.name + end) for end in ("-wal", "-shm"))]
    if any(path.exists() for path in beside):
        raise BackupError(f"{target} is there: stop the server, and put it and its -wal and -shm files aside first.")
    with closing(sqlite3.connect(plain)) as found:
        if found.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise BackupError("The database in the backup is damaged.")
    partial = target.with_name(f".{target.name}.restoring")
    shutil.copyfile(plain, partial)
    partial.chmod(0o600)
    _to_disk(partial)
    os.replace(partial, target)


def _check_empty(url: URL) -> None:
    with psycopg.connect(_address(url), password=url.password) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if row is None or row[0]:
        raise BackupError("The database is not empty: make a new one, and name it in DATABASE_URL.")


def backups_in(folder: Path) -> list[Path]:
    """The backups of a folder, the oldest first."""
    return sorted(path for path in folder.glob("airlock-*.age") if path.is_file())


def made_at(backup: Path) -> datetime:
    """When a backup was made, as its name says."""
    stamp = backup.name.removeprefix("airlock-").partition(".")[0]
    return datetime.strptime(f"{stamp}+0000", "%Y%m%dT%H%M%SZ%z")


def rotate(folder: Path, at: datetime, days: int = KEPT_DAYS) -> list[Path]:
    """Delete backups that are older than some days, but for the first of each month and the newest; gives which."""
    found = backups_in(folder)
    first_of_month: dict[str, Path] = {}
    for path in found:
        first_of_month.setdefault(f"{made_at(path):%Y-%m}", path)
    kept = {*first_of_month.values(), *found[-1:]}
    gone = [path for path in found if path not in kept and made_at(path) < at - timedelta(days=days)]
    for path in gone:
        path.unlink()
    return gone
