"""Building a whole site: compile, render, index, protect, compress, verify; and swapping it for the live one."""

from __future__ import annotations

import gzip
import json
import os
import re
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

from site_builder.compiling.loader import Loaded, load
from site_builder.course.manifest import dump_catalogue, module_edition
from site_builder.course.model import Catalogue
from site_builder.extension import BROKEN
from site_builder.problems import Problem, has_errors
from site_builder.reading.project import Project
from site_builder.site.links import language_prefix, page_address
from site_builder.site.pages import HOUSE_PAGES
from site_builder.site.policy import breaches, inline_scripts, write_policies
from site_builder.site.theme import THEME

COMPRESSED = frozenset([".html", ".css", ".js", ".svg", ".json", ".xml", ".txt", ".mjs", ".vtt", ".csv"])
SMALLEST = 300
"""Bytes; smaller files gain nothing from being compressed."""

KEPT_RELEASES = 3

Step = Callable[[str], None]


Render = Callable[[Project, Path, Loaded, bool], None]
"""Writes the pages of what was compiled into a folder, or those of its drafts alone; raises `BuildError`."""

Unwritten = Callable[[Loaded], Iterable[Problem]]

DRAFTS_SUFFIX = ".drafts"
"""What the folder with the pages of drafts is called, beside the site's own. The API reads it too."""


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
    drafts: tuple[str, ...] = ()
    """Addresses of pages that only trainers see."""


def build_site(
    project: Project,
    site: Path,
    *,
    render: Render,
    unwritten: Unwritten,
    step: Step = lambda _: None,
    search: bool = True,
) -> Built:
    """Build a site into a folder, which is made anew.

    The content is read once: what was compiled then makes the catalogue and the pages, whatever is saved meanwhile.

    Args:
        project: What is built.
        site: Where the site goes. Nothing is there until everything is done.
        render: Writes the pages.
        unwritten: Finds texts of starting files, which are not published.
        step: Told what happens, a few words at a time.
        search: Whether to make the search index.

    Raises:
        ContentError: Pages have errors.
        BuildError: A step failed.
    """
    step("Reading the content")
    loaded = load(project.content, languages=project.languages)
    everything, loaded = loaded, loaded.published()
    left = list(unwritten(loaded))
    if has_errors(loaded.problems) or left:
        raise ContentError(sorted([*loaded.problems, *left]))
    site.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{site.name}-", dir=site.parent))
    try:
        step("Rendering the pages")
        render(project, beside, loaded, False)
        pages = finish_site(beside, step=step, search=search)
        step("Verifying")
        verify_site(beside, loaded)
        drafts = _build_drafts(project, beside, everything, render, step) if everything.drafts else ()
        os.chmod(beside, 0o755)  # noqa: S103  # A web server that runs as another user reads it.
        if site.exists():
            old = beside.with_name(f"{beside.name}-old")
            os.replace(site, old)
            os.replace(beside, site)
            shutil.rmtree(old)
        else:
            os.replace(beside, site)
        _put_drafts(site, beside)
    finally:
        shutil.rmtree(_drafts_of(beside), ignore_errors=True)
        shutil.rmtree(beside, ignore_errors=True)
    return Built(site=site, catalogue=loaded.catalogue, problems=loaded.problems, pages=pages, drafts=tuple(drafts))


def _drafts_of(site: Path) -> Path:
    """The private folder beside a site with the pages of its drafts."""
    return site.with_name(f"{site.name}{DRAFTS_SUFFIX}")


def _build_drafts(project: Project, beside: Path, everything: Loaded, render: Render, step: Step) -> list[str]:
    """Write the pages of drafts beside the site, for those who may see them; gives their addresses.

    What is wrong with a draft stops nothing: its page says so, as the preview does.
    """
    step("Rendering the drafts")
    folder = _drafts_of(beside)
    render(project, folder, everything, True)
    for path in folder.iterdir():
        if path.name != "drafts":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    write_policies(folder)
    return sorted(path.parent.relative_to(folder).as_posix() + "/" for path in folder.rglob("index.html"))


def _put_drafts(site: Path, beside: Path) -> None:
    there = _drafts_of(site)
    if there.exists():
        shutil.rmtree(there)
    if _drafts_of(beside).exists():
        os.replace(_drafts_of(beside), there)


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


def verify_site(site: Path, loaded: Loaded) -> None:
    """Refuse a site that lacks a page, shows another edition than the catalogue has, or what its policy would block.

    Raises:
        BuildError: Names the first few things that are wrong.
    """
    expected = dict(_expected_pages(loaded))
    messages = [f"{name} is missing" for name in expected if not (site / name).is_file()]
    own = inline_scripts((THEME / "partials" / "javascripts" / "base.html").read_text(encoding="utf-8"))
    for path in sorted(site.rglob("*.html")):
        text, name = path.read_text(encoding="utf-8"), path.relative_to(site).as_posix()
        messages.extend(f"{name} has {what}" for what in breaches(text))
        if not inline_scripts(text) <= own:
            messages.append(f"{name} has a script that is not the theme's")
        if f'class="{BROKEN}"' in text:
            messages.append(f"{name} has a quiz that could not be read")
        shown = EDITION.search(text)
        if (shown[1] if shown else "") != expected.get(name, ""):
            messages.append(f"{name} shows another edition than the catalogue has")
    messages.extend(_quizzes_not_shown(site, loaded))
    if list(site.rglob("*catalogue*.json")):
        messages.append("a catalogue lies in the site")
    if messages:
        raise BuildError("The built site is not right: " + "; ".join(messages[:5]))


def _quizzes_not_shown(site: Path, loaded: Loaded) -> Iterable[str]:
    """Quizzes of the catalogue that their page does not have: nobody could complete the module."""
    for module in loaded.catalogue.modules.values():
        for page in module.pages.values():
            path = site / f"{language_prefix(page.lang, loaded.languages)}{module.id}" / "index.html"
            text = path.read_text(encoding="utf-8") if path.is_file() else ""
            for quiz in page.quizzes:
                if f' quiz="{quiz.id}"' not in text:
                    yield f"{page.source}: the quiz {quiz.id!r} is not in the page"


EDITION = re.compile(r'<air-lesson\b[^>]*\sedition="([^"]*)"')


def _expected_pages(loaded: Loaded) -> Iterable[tuple[str, str]]:
    """Path of every page, and the edition that it must show, "" for a page that is no module."""
    editions = {module.id: module_edition(module) for module in loaded.catalogue.modules.values()}
    for lang in loaded.languages:
        prefix = language_prefix(lang, loaded.languages)
        yield f"{prefix}404.html", ""
        yield from ((f"{prefix}{name}/index.html", "") for name in HOUSE_PAGES)
        for stem in loaded.pages:
            yield f"{prefix}{page_address(stem)}index.html", editions.get(stem, "")


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
    names = [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
    releases = sorted(path for path in names if not path.name.endswith(DRAFTS_SUFFIX))
    for path in releases[:-KEPT_RELEASES]:
        if path.resolve() != serving:
            shutil.rmtree(path, ignore_errors=True)
            shutil.rmtree(_drafts_of(path), ignore_errors=True)
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
