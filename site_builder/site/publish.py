"""Releases of a site, and swapping the newest one for the live one."""

from __future__ import annotations

import os
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

from site_builder.site.build import DRAFTS_SUFFIX, BuildError, drafts_of

KEPT_RELEASES = 3


def release_folder(live: Path) -> Path:
    """A new folder for a release, beside the link that is served; the names sort by time."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    return live.parent / f"{live.name}-releases" / stamp


def swap(live: Path, release: Path) -> None:
    """Make `live` a link to `release`, in one step: there is no moment without a site.

    Raises:
        BuildError: Something that is no link stands in the place of the link.
    """
    check_live(live)
    beside = live.with_name(f".{live.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    beside.symlink_to(os.path.relpath(release, live.parent))
    os.replace(beside, live)


def remove_old_releases(live: Path) -> None:
    """Keep the newest few releases, and always the one that is served; what a killed build left goes too."""
    folder = live.parent / f"{live.name}-releases"
    serving = live.resolve()
    names = [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
    releases = sorted(path for path in names if not path.name.endswith(DRAFTS_SUFFIX))
    for path in releases[:-KEPT_RELEASES]:
        if path.resolve() != serving:
            shutil.rmtree(path, ignore_errors=True)
            shutil.rmtree(drafts_of(path), ignore_errors=True)
    yesterday = time.time() - 24 * 3600
    for path in folder.glob(".*"):
        # Another publish may be building: only what nobody has touched for a day is left over.
        if path.stat().st_mtime < yesterday:
            shutil.rmtree(path, ignore_errors=True)


def check_live(live: Path) -> None:
    """Refuse a place where a link cannot go, before anything is built or stored.

    Raises:
        BuildError: Something that is no link stands there.
    """
    if live.exists() and not live.is_symlink():
        raise BuildError(f"{live} is a folder; publish needs a link there. Move it away once, or name another place.")
