"""Compiled pages on the disk, by content address: what was read once is not read again, by no build of no site.

An address is the hash of everything that decides what comes out: the page with its path and language, this program's
own code, and the versions of the libraries that read it. So nothing in here can be out of date. What is damaged counts
as missing, and a disk that cannot be written costs time and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

VARIABLE = "AIRLOCK_CACHE"
"""Names another folder for what is kept; "off" keeps nothing."""

LIBRARIES = ("bleach", "latex2mathml", "markdown", "nh3", "pint", "pymdown-extensions", "pyyaml")
ROOMS = ("course", "quizzes", "reading")
FILES = ("dialect", "extension", "fragments", "markup", "maths", "problems", "writing")
"""Everything of this program that decides what reading a page gives."""

BUSY_SECONDS = 5.0
KEPT_SECONDS = 30 * 24 * 3600.0
"""How long a page is kept that nobody asks for."""
DAY = 24 * 3600.0
LARGEST = 1_000_000_000
"""Bytes on the disk, beyond which the older half goes."""
TOGETHER = 500
"""Addresses in one question."""


def cache_folder() -> Path | None:
    """Where this user's programs keep what they can make again; None where nothing is to be kept."""
    named = os.environ.get(VARIABLE)
    if named:
        return None if named == "off" else Path(named)
    try:
        if sys.platform == "win32":
            return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "airlock"
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Caches" / "airlock"
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "airlock"
    except RuntimeError:
        return None  # A user without a home.


@cache
def code_digest() -> bytes:
    """Of this program and the libraries that read pages."""
    package = Path(__file__).resolve().parent.parent
    files = [path for room in ROOMS for path in (package / room).rglob("*") if path.suffix in (".py", ".json")]
    digest = hashlib.blake2b(digest_size=32)
    for path in sorted([*files, *(package / f"{name}.py" for name in FILES)]):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for name in LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    digest.update(f"{sys.version_info[:2]}".encode())
    return digest.digest()


def page_address(path: str, lang: str, text: str) -> bytes:
    """The address of what reading a page gives."""
    digest = hashlib.blake2b(code_digest(), digest_size=32)
    digest.update(f"{path}\0{lang}\0".encode("utf-8", "surrogatepass"))
    digest.update(text.encode("utf-8", "surrogatepass"))
    return digest.digest()


class Store:
    """A file with compiled pages.

    Args:
        folder: Where it is; None keeps nothing.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection | None]:
        """A connection; None where there is no disk for it. Whatever goes wrong costs only what was kept."""
        connection: sqlite3.Connection | None = None
        try:
            if self._folder is not None:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                file = self._folder / "pages.db"
                if not file.exists():
                    file.touch(mode=0o600)  # Pages of graded quizzes hold their keys.
                connection = sqlite3.connect(file, timeout=BUSY_SECONDS)
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=OFF")
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS pages"
                    " (address BLOB PRIMARY KEY, used REAL NOT NULL, page BLOB NOT NULL)"
                )
        except (OSError, sqlite3.Error):
            self._forget(connection)
            connection = None
        try:
            yield connection
        except sqlite3.Error:
            self._forget(connection)
        finally:
            if connection is not None:
                connection.close()

    def _forget(self, connection: sqlite3.Connection | None) -> None:
        """Keep nothing any more; a file that is no database is removed."""
        folder, self._folder = self._folder, None
        if connection is None or folder is None:
            return
        with contextlib.suppress(sqlite3.Error, OSError):
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return
        for name in ("pages.db", "pages.db-wal", "pages.db-shm"):
            with contextlib.suppress(OSError):
                (folder / name).unlink()

    def read(self, addresses: Iterable[bytes]) -> dict[bytes, bytes]:
        """Those of some pages that are kept."""
        wanted, found, now = list(addresses), {}, time.time()
        with self._open() as connection:
            for start in range(0, len(wanted) if connection else 0, TOGETHER):
                assert connection is not None
                some = wanted[start : start + TOGETHER]
                marks = ",".join("?" * len(some))
                old: list[bytes] = []
                rows = connection.execute(f"SELECT address, used, page FROM pages WHERE address IN ({marks})", some)  # noqa: S608  # Question marks.
                for address, used, page in rows:
                    data = bytes(page)
                    if _seal(data[16:]) == data[:16]:
                        found[bytes(address)] = data[16:]
                    if used < now - DAY:
                        old.append(address)
                with connection:
                    connection.executemany("UPDATE pages SET used = ? WHERE address = ?", [(now, one) for one in old])
        return found

    def write(self, pages: Mapping[bytes, bytes]) -> None:
        """Keep pages; what nobody has asked for in a long time goes."""
        if not pages:
            return
        now = time.time()
        with self._open() as connection:
            if connection is None:
                return
            with connection:
                connection.executemany(
                    "INSERT OR REPLACE INTO pages VALUES (?, ?, ?)",
                    [(address, now, _seal(page) + page) for address, page in pages.items()],
                )
                connection.execute("DELETE FROM pages WHERE used < ?", (now - KEPT_SECONDS,))
                ((count,), (size,)) = (
                    connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size")
                )
                if count * size > LARGEST:
                    connection.execute(
                        "DELETE FROM pages WHERE address IN"
                        " (SELECT address FROM pages ORDER BY used LIMIT (SELECT count(*) / 2 FROM pages))"
                    )


def _seal(data: bytes) -> bytes:
    """What tells whether a page is as it was written."""
    return hashlib.blake2b(data, digest_size=16).digest()
