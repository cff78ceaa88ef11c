"""What the last build wrote and out of what: what is still so is taken over, and only the rest is made again.

A record lies among what this user's programs can make again, never in a site: what it is made of includes keys. It says
which files there were, with their sizes and times: a file that anybody touched since is made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path

from site_builder.compiling.store import code_digest
from site_builder.reading.files import FRESH_NANOSECONDS

Stamp = tuple[int, int, int]
"""Size, time of change in nanoseconds, and number on the disk."""


@dataclass(slots=True)
class Made:
    """What belongs to one place of a site.

    Attributes:
        made_of: Hash of everything that decides what it is; "" for what is always made again.
        files: Its files, with their places and stamps.
    """

    made_of: str
    files: dict[str, Stamp] = field(default_factory=dict)


@dataclass(slots=True)
class Record:
    """What a build wrote.

    Attributes:
        site: The folder.
        inputs: Hash of everything that went into it.
        made: By place: a page, a file, the index of the search.
        pages: How many pages there are.
        rest: Warnings and drafts, as they were pickled.
        catalogue: Where the private catalogue of the same build was written, and its stamp.
    """

    site: str = ""
    inputs: str = ""
    made: dict[str, Made] = field(default_factory=dict)
    pages: int = 0
    rest: bytes = b""
    catalogue: tuple[str, Stamp] | None = None

    def reusable(self, place: str, made_of: str, there: Mapping[str, Stamp]) -> Made | None:
        """What was made of the same, if its files are there as they were left."""
        made = self.made.get(place)
        if made is None or not made_of or made.made_of != made_of:
            return None
        return made if all(there.get(path) == stamp for path, stamp in made.files.items()) else None

    def is_whole(self, there: Mapping[str, Stamp]) -> bool:
        """Whether a site has just the files that were written."""
        written = {path: stamp for made in self.made.values() for path, stamp in made.files.items()}
        return written == dict(there)


def hash_of(parts: Iterable[str | bytes]) -> str:
    """Of several parts, none of which can pass for a piece of another."""
    digest = hashlib.blake2b(digest_size=20)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.hexdigest()


@cache
def program_digest() -> str:
    """Of this program, and of the libraries that decide how a page looks."""
    package = Path(__file__).resolve().parent.parent
    files = sorted(path for path in package.rglob("*") if path.suffix in (".py", ".json", ".md"))
    versions = [f"{name} {version(name)}" for name in ("babel", "jinja2", "markupsafe", "mkdocs-material")]
    return hash_of([code_digest(), *versions, *(path.read_bytes() for path in files)])


def stamp_of(state: os.stat_result) -> Stamp:
    """Of a file."""
    return state.st_size, state.st_mtime_ns, state.st_ino


def source_stamp(path: Path, now_ns: int) -> str:
    """What a file is made of that is taken as it is; "" where its times cannot tell yet."""
    state = path.stat()
    if now_ns - max(state.st_mtime_ns, state.st_ctime_ns) < FRESH_NANOSECONDS:
        return ""
    return f"{path} {state.st_size} {state.st_mtime_ns} {state.st_ctime_ns} {state.st_ino}"


def stamps(folder: Path) -> dict[str, Stamp]:
    """Every file below a folder, by its place."""
    found: dict[str, Stamp] = {}
    waiting = [("", str(folder))]
    while waiting:
        below, path = waiting.pop()
        try:
            with os.scandir(path) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append((f"{below}{entry.name}/", entry.path))
                    else:
                        found[below + entry.name] = stamp_of(entry.stat(follow_symlinks=False))
        except OSError:
            continue
    return found


def record_file(folder: Path | None, site: Path) -> Path | None:
    """Where the record of a site lies; None where nothing is kept."""
    if folder is None:
        return None
    return folder / "built" / hash_of([str(site.absolute())])


def read_record(path: Path | None) -> Record:
    """What was recorded; an empty record where nothing can be read."""
    try:
        data = path.read_bytes() if path else b""
        if data[:20] != hashlib.blake2b(data[20:], digest_size=20).digest():
            return Record()
        found = pickle.loads(data[20:])  # noqa: S301  # This user's own.
    except (OSError, pickle.UnpicklingError, AttributeError, EOFError, ImportError):
        return Record()
    return found if isinstance(found, Record) else Record()


def write_record(path: Path | None, record: Record) -> None:
    """Keep a record, in one step; a disk that cannot be written costs only time."""
    if path is None:
        return
    data = pickle.dumps(record, protocol=pickle.HIGHEST_PROTOCOL)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.touch(mode=0o600)
        beside.write_bytes(hashlib.blake2b(data, digest_size=20).digest() + data)
        os.replace(beside, path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
