"""Building a whole site: compile, write, index, verify, and put it in its place in one step.

What the last build made of the same content is taken over; the result is the one that a build from nothing gives.
"""

from __future__ import annotations

import functools
import json
import os
import pickle
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from site_builder.compiling.loader import Loaded, compile_tree
from site_builder.compiling.store import cache_folder
from site_builder.course.manifest import dump_head
from site_builder.course.model import Catalogue
from site_builder.problems import Problem, has_errors
from site_builder.quizzes.blocks import BROKEN
from site_builder.reading.files import Tree, read_tree
from site_builder.reading.project import Project
from site_builder.site.links import language_prefix, page_address
from site_builder.site.pages import HOUSE_PAGES
from site_builder.site.plan import Examples, NoFile, Plan, make_plan
from site_builder.site.policy import breaches, inline_scripts
from site_builder.site.record import (
    Record,
    hash_of,
    program_digest,
    read_record,
    record_file,
    stamp_of,
    stamps,
    write_record,
)
from site_builder.site.search import FOLDER, SearchError, index_site
from site_builder.site.templates import Templates, configured, needs_mkdocs
from site_builder.site.theme import THEME, NotBundled
from site_builder.site.writer import Writer

DRAFTS_SUFFIX = ".drafts"
"""What the folder with the pages of drafts is called, beside the site's own. The API reads it too."""

Step = Callable[[str], None]

Render = Callable[[Project, Path, Loaded, bool], None]
"""Writes the pages of what was compiled into a folder, or those of its drafts alone; raises `BuildError`."""

Unwritten = Callable[[Loaded], Iterable[Problem]]


class BuildError(Exception):
    """A build that gives no site; the message says why in a sentence."""


class ContentError(BuildError):
    """The content has errors."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("The content has errors.")
        self.problems = problems


@dataclass(frozen=True)
class Built:
    """What a build made.

    Attributes:
        site: Where it is.
        problems: Warnings.
        pages: How many pages the site has.
        drafts: Addresses of pages that only trainers see.
        tree: What was read.
        fresh: How many places of the site were made and not taken over; 0 where nothing had to be done.
        record: What was written.
        record_file: Where that is kept.
        compiled: What was compiled, None where nothing had to be.
    """

    site: Path
    problems: list[Problem]
    pages: int
    drafts: tuple[str, ...]
    tree: Tree
    fresh: int
    record: Record
    record_file: Path | None
    compiled: Loaded | None = None

    @functools.cached_property
    def loaded(self) -> Loaded:
        """What is in the site."""
        return self.compiled or compile_tree(self.tree).published()

    @property
    def catalogue(self) -> Catalogue:
        """The private part of it."""
        return self.loaded.catalogue


@dataclass(frozen=True, slots=True)
class Tools:
    """What other rooms give to a build.

    Attributes:
        examples: What the cheat sheet shows of a language.
        unwritten: Finds texts of starting files, which are not published.
        mkdocs: Writes the pages of a site that uses what only MkDocs knows.
    """

    examples: Examples
    unwritten: Unwritten
    mkdocs: Render


def build_site(
    project: Project,
    site: Path,
    tools: Tools,
    *,
    step: Step = lambda _: None,
    search: bool = True,
    before: Path | None = None,
) -> Built:
    """Build a site into a folder, which is made anew.

    The content is read once: what was compiled then makes the catalogue and the pages, whatever is saved meanwhile.

    Args:
        project: What is built.
        site: Where the site goes. Nothing is there until everything is done.
        tools: What other rooms give.
        step: Told what happens, a few words at a time.
        search: Whether to make the search index.
        before: The site whose unchanged parts are taken over; the one at `site` otherwise.

    Raises:
        ContentError: Pages have errors.
        BuildError: A step failed.
    """
    step("Reading the content")
    project = configured(project)
    tree = read_tree(project.content, project.languages)
    kept = cache_folder()
    file = record_file(kept, before or site)
    record = read_record(file)
    templates = Templates(project, kept / "templates" if kept else None) if not needs_mkdocs(project) else None
    inputs = _inputs(project, tree, templates, search) if templates else ""
    if before is None and inputs and record.inputs == inputs and record.is_whole(stamps(site)):
        problems, drafts = pickle.loads(record.rest)  # noqa: S301  # This user's own.
        return Built(site, problems, record.pages, drafts, tree, 0, record, file)
    everything = compile_tree(tree, done=lambda now, of: step(f"Reading the pages: {now} of {of}"))
    loaded = everything.published()
    left = list(tools.unwritten(loaded))
    if has_errors(loaded.problems) or left:
        raise ContentError(sorted([*loaded.problems, *left]))
    site.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{site.name}-", dir=site.parent))
    try:
        if templates is None:
            pages, fresh, record = _by_mkdocs(project, beside, loaded, tools, step, search)
        else:
            pages, fresh, record = _by_writer(project, beside, loaded, tools, templates, record, step, search)
        record.inputs = inputs if not everything.drafts else ""
        drafts = _build_drafts(project, beside, everything, tools, templates, step) if everything.drafts else ()
        record.rest = pickle.dumps((loaded.problems, drafts))
        os.chmod(beside, 0o755)  # noqa: S103  # A web server that runs as another user reads it.
        if site.exists():
            old = beside.with_name(f"{beside.name}-old")
            os.replace(site, old)
            os.replace(beside, site)
            shutil.rmtree(old)
        else:
            os.replace(beside, site)
        _put_drafts(site, beside)
        record.site = str(site.absolute())
        write_record(file, record)
    finally:
        shutil.rmtree(drafts_of(beside), ignore_errors=True)
        shutil.rmtree(beside, ignore_errors=True)
    return Built(site, loaded.problems, pages, tuple(drafts), tree, fresh, record, file, loaded)


def _inputs(project: Project, tree: Tree, templates: Templates, search: bool) -> str:
    """Hash of everything that goes into a site; "" where that may still change without a trace."""
    digest = tree.digest()
    config = project.config.read_bytes() if project.config else b""
    files = templates.files_digest()
    if not digest or not files:
        return ""
    dressed = [project.name, repr(project.options)]
    return hash_of([digest, config, templates.digest, files, program_digest(), str(search), *dressed])


def _by_writer(
    project: Project,
    beside: Path,
    loaded: Loaded,
    tools: Tools,
    templates: Templates,
    before: Record,
    step: Step,
    search: bool,
) -> tuple[int, int, Record]:
    """Write a site by the builder's own writer; gives how many pages there are, how much is new, and the record."""
    plan = plan_of(project, loaded, tools, templates)
    checker = Checker(loaded)
    writer = Writer(beside, before, checker.look)
    step("Writing the pages")
    written = writer.write(plan, templates, lambda now, of: step(f"Writing the pages: {now} of {of}"))
    if search:
        made_of = hash_of([f"{place} {written.made[place].made_of}" for place in sorted(written.pages)])
        if not all(written.made[place].made_of for place in written.pages) or not writer.take_over(FOLDER, made_of):
            step("Indexing for the search")
            writer.add(FOLDER, made_of, _index(beside, loaded, writer))
    step("Verifying")
    checker.finish(beside, written.pages)
    return len(written.pages), written.fresh, writer.record()


def plan_of(project: Project, loaded: Loaded, tools: Tools, templates: Templates, *, only_drafts: bool = False) -> Plan:
    """What a site consists of, for the builder's own writer.

    Raises:
        BuildError: The elements are not bundled, or a file that the configuration names is not there.
    """
    try:
        return make_plan(project, loaded, examples=tools.examples, folders=templates.folders, only_drafts=only_drafts)
    except (NotBundled, NoFile) as error:
        raise BuildError(str(error)) from None


def _by_mkdocs(
    project: Project, beside: Path, loaded: Loaded, tools: Tools, step: Step, search: bool
) -> tuple[int, int, Record]:
    """Write a site by MkDocs; for what is given see `_by_writer`."""
    step("Writing the pages with MkDocs")
    tools.mkdocs(project, beside, loaded, False)
    writer = Writer(beside, Record())
    checker = Checker(loaded)
    places = [path.relative_to(beside).as_posix() for path in sorted(beside.rglob("*")) if path.is_file()]
    pages = [place for place in places if place.endswith(".html")]
    for place in pages:
        checker.look(place, writer.protect(place))
    writer.compress(places)
    if search:
        step("Indexing for the search")
        _index(beside, loaded, writer)
    step("Verifying")
    checker.finish(beside, pages)
    return len(pages), len(places), Record()


def drafts_of(site: Path) -> Path:
    """The private folder beside a site with the pages of its drafts."""
    return site.with_name(f"{site.name}{DRAFTS_SUFFIX}")


def _build_drafts(
    project: Project, beside: Path, everything: Loaded, tools: Tools, templates: Templates | None, step: Step
) -> tuple[str, ...]:
    """Write the pages of drafts beside the site, for those who may see them; gives their addresses.

    What is wrong with a draft stops nothing: its page says so, as the preview does.
    """
    step("Writing the drafts")
    folder = drafts_of(beside)
    folder.mkdir()
    if templates is None:
        tools.mkdocs(project, folder, everything, True)
        for path in folder.iterdir():
            if path.name != "drafts":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        writer = Writer(folder, Record())
        for path in folder.rglob("*.html"):
            writer.protect(path.relative_to(folder).as_posix())
    else:
        plan = plan_of(project, everything, tools, templates, only_drafts=True)
        Writer(folder, Record()).write(plan, templates, lambda now, of: None)
    return tuple(sorted(path.parent.relative_to(folder).as_posix() + "/" for path in folder.rglob("index.html")))


def _put_drafts(site: Path, beside: Path) -> None:
    there = drafts_of(site)
    if there.exists():
        shutil.rmtree(there)
    if drafts_of(beside).exists():
        os.replace(drafts_of(beside), there)


def _index(site: Path, loaded: Loaded, writer: Writer) -> list[str]:
    """Make the index of the search; gives the places of its files."""
    try:
        places = index_site(site, loaded)
    except SearchError as error:
        raise BuildError(str(error)) from None
    return [*places, *writer.compress(places)]


class Checker:
    """Refuses a site that lacks a page, shows another edition than the catalogue has, or what its policy would block.

    Pages that were taken over were looked at when they were made.
    """

    def __init__(self, loaded: Loaded) -> None:
        self._loaded = loaded
        self._expected = dict(_expected_pages(loaded))
        self._quizzes = {
            f"{language_prefix(page.lang, loaded.languages)}{module.id}/index.html": (page.source, page.quizzes)
            for module in loaded.catalogue.modules.values()
            for page in module.pages.values()
        }
        self._own = inline_scripts((THEME / "partials" / "javascripts" / "base.html").read_text(encoding="utf-8"))
        self._messages: list[str] = []

    def look(self, place: str, text: str) -> None:
        """Look at one page."""
        say = self._messages.append
        for what in breaches(text):
            say(f"{place} has {what}")
        if not inline_scripts(text) <= self._own:
            say(f"{place} has a script that is not the theme's")
        if f'class="{BROKEN}"' in text:
            say(f"{place} has a quiz that could not be read")
        shown = EDITION.search(text)
        if (shown[1] if shown else "") != self._expected.get(place, ""):
            say(f"{place} shows another edition than the catalogue has")
        source, quizzes = self._quizzes.get(place, ("", ()))
        for quiz in quizzes:
            # Nobody could complete the module.
            if f' quiz="{quiz.id}"' not in text:
                say(f"{source}: the quiz {quiz.id!r} is not in the page")

    def finish(self, site: Path, pages: Iterable[str]) -> None:
        """Look at the whole.

        Raises:
            BuildError: Names the first few things that are wrong.
        """
        there = set(pages)
        self._messages.extend(f"{place} is missing" for place in self._expected if place not in there)
        if list(site.rglob("*catalogue*.json")):
            self._messages.append("a catalogue lies in the site")
        if self._messages:
            raise BuildError("The built site is not right: " + "; ".join(self._messages[:5]))


EDITION = re.compile(r'<air-lesson\b[^>]*\sedition="([^"]*)"')


def _expected_pages(loaded: Loaded) -> Iterator[tuple[str, str]]:
    """Place of every page, and the edition that it must show, "" for a page that is no module."""
    hashes: Mapping[str, tuple[str, str]] = loaded.versions.hashes(loaded.catalogue.modules.values())
    for lang in loaded.languages:
        prefix = language_prefix(lang, loaded.languages)
        yield f"{prefix}404.html", ""
        yield from ((f"{prefix}{name}/index.html", "") for name in HOUSE_PAGES)
        for stem in loaded.pages:
            edition = hashes[stem][1] if stem in loaded.catalogue.modules else ""
            yield f"{prefix}{page_address(stem)}index.html", edition


def write_catalogue(built: Built, path: Path) -> None:
    """Write the private manifest, readable by this user alone, in one step; what is there already is left alone."""
    record, loaded = built.record, built.loaded if built.compiled else None
    place = str(path.absolute())
    if loaded is None and path.exists() and record.catalogue == (place, stamp_of(path.stat())):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.touch(mode=0o600)
    with beside.open("w", encoding="utf-8") as file:
        file.writelines(catalogue_text(loaded or built.loaded))
    os.replace(beside, path)
    record.catalogue = (place, stamp_of(path.stat()))
    write_record(built.record_file, record)


def catalogue_text(loaded: Loaded) -> Iterator[str]:
    """The manifest as JSON, with a line for each module."""
    modules = loaded.catalogue.modules
    head = dump_head(loaded.catalogue, loaded.versions.hashes(modules.values()))
    yield json.dumps(head, ensure_ascii=False, sort_keys=True)[:-1] + ', "modules": {'
    dumped = loaded.versions.dumped(modules.values())
    for number, name in enumerate(sorted(modules)):
        yield f"{',' if number else ''}\n{json.dumps(name)}: {dumped[name].text}"
    yield "}}\n"
