"""Building a whole site: compile, render, index, protect, compress, verify; and swapping it for the live one."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import brotli

from site_builder.course.manifest import dump_catalogue
from site_builder.course.model import Catalogue
from site_builder.extension import BROKEN
from site_builder.loader import load
from site_builder.pages import HOUSE_PAGES, language_prefix
from site_builder.plugin import THEME, Abort, PluginError, render_site
from site_builder.policy import breaches, inline_scripts, write_policies
from site_builder.problems import Problem, has_errors

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "mkdocs.yml"
COMPRESSED = frozenset([".html", ".css", ".js", ".svg", ".json", ".xml", ".txt", ".mjs", ".vtt", ".csv"])
SMALLEST = 300
"""Bytes; smaller files gain nothing from being compressed."""

KEPT_RELEASES = 3

Step = Callable[[str], None]


class BuildError(Exception):
    """A build that gives no site; the message says why in a sentence."""


class ContentError(BuildError):
    """The content has errors."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("The content has errors.")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made."""

    site: Path
    catalogue: Catalogue
    problems: list[Problem]
    pages: int


def build_site(
    site: Path, *, content: Path | None = None, config: Path = CONFIG, step: Step = lambda _: None, search: bool = True
) -> Built:
    """Build a site into a folder, which is made anew.

    Args:
        site: Where the site goes. Nothing is there until everything is done.
        content: The content folder, when it is not the configured one.
        config: mkdocs.yml.
        step: Told what happens, a few words at a time.
        search: Whether to make the search index.

    Raises:
        ContentError: Pages have errors.
        BuildError: A step failed.
    """
    step("Reading the content")
    loaded = load(content or ROOT / "content")
    if has_errors(loaded.problems):
        raise ContentError(loaded.problems)
    site.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{site.name}-", dir=site.parent))
    try:
        step("Rendering the pages")
        try:
            render_site(config, beside, content=content)
        except (PluginError, Abort, RecursionError) as error:
            raise BuildError(f"MkDocs stopped: {error}") from error
        pages = finish_site(beside, step=step, search=search)
        step("Verifying")
        verify_site(beside, loaded.catalogue)
        os.chmod(beside, 0o755)  # noqa: S103  # A web server that runs as another user reads it.
        if site.exists():
            old = beside.with_name(f"{beside.name}-old")
            os.replace(site, old)
            os.replace(beside, site)
            shutil.rmtree(old)
        else:
            os.replace(beside, site)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return Built(site=site, catalogue=loaded.catalogue, problems=loaded.problems, pages=pages)


def finish_site(site: Path, *, step: Step = lambda _: None, search: bool = True) -> int:
    """What comes after rendering: search index, policies, compression. Gives the number of pages."""
    if search:
        step("Indexing for the search")
        _run_pagefind(site)
    step("Writing the security policies")
    pages = write_policies(site)
    step("Compressing")
    compress(site)
    return pages


def _run_pagefind(site: Path) -> None:
    command = [sys.executable, "-m", "pagefind", "--site", str(site), "--quiet"]
    done = subprocess.run(  # noqa: S603  # Our own interpreter, a module we depend on, a path of ours.
        command, capture_output=True, text=True, check=False, timeout=600
    )
    if done.returncode:
        raise BuildError(f"The search index failed: {(done.stderr or done.stdout).strip()[-400:]}")
    # It writes the languages in no fixed order; the same content makes the same bytes.
    entry = site / "pagefind" / "pagefind-entry.json"
    entry.write_text(json.dumps(json.loads(entry.read_text(encoding="utf-8")), sort_keys=True), encoding="utf-8")
    # Its own user interface is not used; ours is an element of the theme.
    for pattern in ("pagefind-*ui*", "pagefind-highlight.js", "pagefind-component*"):
        for file in (site / "pagefind").glob(pattern):
            file.unlink()


def compress(site: Path) -> None:
    """Put a .br and a .gz beside every text file; a server sends them as they are."""
    for path in sorted(site.rglob("*")):
        if path.suffix in COMPRESSED and path.is_file() and path.stat().st_size >= SMALLEST:
            raw = path.read_bytes()
            path.with_name(f"{path.name}.br").write_bytes(brotli.compress(raw, mode=brotli.MODE_TEXT, quality=9))
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(raw, compresslevel=9, mtime=0))


def verify_site(site: Path, catalogue: Catalogue) -> None:
    """Refuse a site that lacks a page of the catalogue, or has something that its own policy would block.

    Raises:
        BuildError: Names the first few things that are wrong.
    """
    wrong = [name for name in _expected_pages(catalogue) if not (site / name).is_file()]
    messages = [f"{name} is missing" for name in wrong]
    own = inline_scripts((THEME / "partials" / "javascripts" / "base.html").read_text(encoding="utf-8"))
    for path in sorted(site.rglob("*.html")):
        text, name = path.read_text(encoding="utf-8"), path.relative_to(site)
        messages.extend(f"{name} has {what}" for what in breaches(text))
        if not inline_scripts(text) <= own:
            messages.append(f"{name} has a script that is not the theme's")
        if f'class="{BROKEN}"' in text:
            messages.append(f"{name} has a quiz that could not be read")
    messages.extend(_quizzes_not_shown(site, catalogue))
    if list(site.rglob("*catalogue*.json")):
        messages.append("a catalogue lies in the site")
    if messages:
        raise BuildError("The built site is not right: " + "; ".join(messages[:5]))


def _quizzes_not_shown(site: Path, catalogue: Catalogue) -> Iterable[str]:
    """Quizzes of the catalogue that their page does not have: nobody could complete the module."""
    for module in catalogue.modules.values():
        for page in module.pages.values():
            path = site / f"{language_prefix(page.lang)}{module.id}" / "index.html"
            text = path.read_text(encoding="utf-8") if path.is_file() else ""
            for quiz in page.quizzes:
                if f' quiz="{quiz.id}"' not in text:
                    yield f"{page.source}: the quiz {quiz.id!r} is not in the page"


def _expected_pages(catalogue: Catalogue) -> Iterable[str]:
    for lang in ("en", "fr", "nl"):
        prefix = language_prefix(lang)
        yield f"{prefix}index.html"
        yield f"{prefix}404.html"
        for name in (
            *HOUSE_PAGES,
            *catalogue.courses,
            *catalogue.modules,
            *(f"paths/{name}" for name in catalogue.paths),
        ):
            yield f"{prefix}{name}/index.html"


def write_catalogue(catalogue: Catalogue, path: Path) -> None:
    """Write the private manifest, readable by this user alone, in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(dump_catalogue(catalogue), ensure_ascii=False, sort_keys=True, indent=1)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.touch(mode=0o600)
    beside.write_text(text + "\n", encoding="utf-8")
    os.replace(beside, path)


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
    releases = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    for path in releases[:-KEPT_RELEASES]:
        if path.resolve() != serving:
            shutil.rmtree(path, ignore_errors=True)
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
