"""Releases of a site: folders beside the link that is served, and swapping another one for the one that is live."""

from __future__ import annotations

import os
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

from api.core.errors import Conflict

KEPT_RELEASES = 5
DRAFTS_SUFFIX = ".drafts"
"""As the builder calls the folder beside a site with the pages of its drafts."""
VERSION_SUFFIX = ".version"


class NotALink(Conflict):
    """Something that is no link stands in the place of the link to the live site."""

    code = "site_not_a_link"


class ReleaseGone(Conflict):
    """The pages of a publication are not kept any more, or there is no site here."""

    code = "release_gone"


def release_folder(live: Path) -> Path:
    """A new folder for a release, beside the link that is served; the names sort by time."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    return _releases(live) / stamp


def note_version(release: Path, version: str) -> None:
    """Note beside a release which catalogue its pages are of."""
    release.with_name(f"{release.name}{VERSION_SUFFIX}").write_text(version, encoding="utf-8")


def release_of(live: Path | None, version: str) -> Path | None:
    """The newest release with the pages of a catalogue; None where none is kept."""
    notes = sorted(_releases(live).glob(f"*{VERSION_SUFFIX}"), reverse=True) if live else []
    for note in notes:
        release = note.with_name(note.name.removesuffix(VERSION_SUFFIX))
        if release.is_dir() and _version_of(release) == version:
            return release
    return None


def swap(live: Path, release: Path) -> None:
    """Make `live` a link to `release`, in one step: there is no moment without a site.

    Raises:
        NotALink: Something that is no link stands in the place of the link.
    """
    check_live(live)
    beside = live.with_name(f".{live.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    beside.symlink_to(os.path.relpath(release, live.parent))
    os.replace(beside, live)


def remove_old_releases(live: Path) -> None:
    """Keep the newest few releases, and always the one that is served; what a killed build left goes too."""
    folder = _releases(live)
    serving = live.resolve()
    names = [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
    releases = sorted(path for path in names if not path.name.endswith(DRAFTS_SUFFIX))
    # The same content published again is no other release to go back to.
    newest = {_version_of(path): path for path in releases}
    kept = set(sorted(newest.values())[-KEPT_RELEASES:])
    for path in releases:
        if path not in kept and path.resolve() != serving:
            shutil.rmtree(path, ignore_errors=True)
            shutil.rmtree(drafts_beside(path), ignore_errors=True)
            path.with_name(f"{path.name}{VERSION_SUFFIX}").unlink(missing_ok=True)
    yesterday = time.time() - 24 * 3600
    for path in folder.glob(".*"):
        # Another publish may be building: only what nobody has touched for a day is left over.
        if path.stat().st_mtime < yesterday:
            shutil.rmtree(path, ignore_errors=True)


def _version_of(release: Path) -> str:
    """Which catalogue a release is of; its own name where that was not noted."""
    note = release.with_name(f"{release.name}{VERSION_SUFFIX}")
    return note.read_text(encoding="utf-8") if note.is_file() else release.name


def drafts_beside(site: Path) -> Path:
    """The private folder beside a site with the pages of its drafts."""
    return site.with_name(f"{site.name}{DRAFTS_SUFFIX}")


def check_live(live: Path) -> None:
    """Refuse a place where a link cannot go, before anything is built or stored.

    Raises:
        NotALink: Something that is no link stands there.
    """
    if live.exists() and not live.is_symlink():
        raise NotALink(f"{live} is a folder; publish needs a link there. Move it away once, or name another place.")


def _releases(live: Path) -> Path:
    return live.parent / f"{live.name}-releases"
