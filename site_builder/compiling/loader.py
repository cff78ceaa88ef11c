"""`content/` to a catalogue and the problems of all its files.

The folder's form: `index.md` is the home page; a folder with an `index.md` is a course and its other pages are modules;
`paths/` holds the paths. Other pages at the top are plain pages.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import cast

from site_builder.compiling.checks import Place, check_anchors, check_targets, draft_behind
from site_builder.compiling.criteria import check_levels, read_criterion
from site_builder.compiling.readers import Done, Readers, address_of, default_readers
from site_builder.compiling.requirements import check_requirements
from site_builder.compiling.scenes import Scenes
from site_builder.compiling.store import Store
from site_builder.compiling.translations import compare_translation
from site_builder.compiling.versions import Versions
from site_builder.course.languages import LANGUAGES
from site_builder.course.model import (
    AUDIENCES,
    Audience,
    Catalogue,
    Course,
    CourseText,
    Module,
    Page,
    Path,
)
from site_builder.course.modules import KINDS, Lesson
from site_builder.course.scenes import Scene
from site_builder.problems import ADVICE, Problem
from site_builder.reading.applications import read_application
from site_builder.reading.compiled import Body, Compiled, Target
from site_builder.reading.files import GLOSSARY, Collector, Source, Tree, read_tree
from site_builder.reading.frontmatter import Fields, FrontMatter, did_you_mean
from site_builder.reading.glossary import Glossary, read_glossary
from site_builder.reading.requirements import read_numbers, read_requirements, read_validity, read_window

PATHS = "paths"
"""The folder of the path pages."""

MAX_MINUTES = 40 * 60
MAX_RENEWAL = 999


@dataclass(slots=True)
class ReadPage:
    """A page on the way to the catalogue."""

    source: Source
    matter: FrontMatter
    report: Collector
    body: Body = field(default_factory=Body)
    address: bytes = b""
    """Hash of everything that it was read from."""
    scenes: dict[str, Scene] = field(default_factory=dict)
    """Those that are asked in it, by the id of their quiz."""

    def fields(self) -> Fields:
        """The front matter, to be read key by key."""
        return Fields(self.matter, self.report)


@dataclass(slots=True)
class Loaded:
    """What came of a content folder.

    Attributes:
        catalogue: Everything that could be compiled, also when there are problems elsewhere.
        problems: In the order of files and lines.
        languages: Of the site, that of its content first.
        pages: Each page by its stem and its language, plain pages included; the one that stands for the others first.
        media: Paths of all media.
        glossary: Terms of the trade.
        drafts: Stems of pages that are not published; of all pages of a course that is not.
        heavy: Paths of pages that were given up: no builder may try them again.
        read: Every page that could be read, by its path, for advice.
        versions: What the modules hash to.
        digest: Hash of the content folder.
    """

    catalogue: Catalogue
    problems: list[Problem]
    languages: tuple[str, ...] = LANGUAGES
    pages: dict[str, dict[str, ReadPage]] = field(default_factory=dict)
    media: frozenset[str] = frozenset()
    glossary: Glossary = field(default_factory=Glossary)
    drafts: frozenset[str] = frozenset()
    heavy: frozenset[str] = frozenset()
    read: dict[str, ReadPage] = field(default_factory=dict)
    versions: Versions = field(default_factory=lambda: Versions(Store(None), {}))
    digest: str = ""

    def published(self) -> Loaded:
        """The same without drafts: what may be seen by everybody."""
        if not self.drafts:
            return self
        catalogue = self.catalogue
        courses = {
            name: replace(course, module_ids=tuple(one for one in course.module_ids if one not in self.drafts))
            for name, course in catalogue.courses.items()
            if f"{name}/index" not in self.drafts
        }
        folders = {stem.removesuffix("/index") for stem in self.drafts if stem.endswith("/index")}
        files = {page.source.path for stem in self.drafts for page in self.pages.get(stem, {}).values()}
        return replace(
            self,
            catalogue=Catalogue(
                courses=courses,
                modules={name: module for name, module in catalogue.modules.items() if name not in self.drafts},
                paths={
                    name: replace(path, course_ids=tuple(one for one in path.course_ids if one in courses))
                    for name, path in catalogue.paths.items()
                },
            ),
            problems=[problem for problem in self.problems if problem.file not in files],
            pages={stem: pages for stem, pages in self.pages.items() if stem not in self.drafts},
            media=frozenset(path for path in self.media if path.partition("/")[0] not in folders),
            drafts=frozenset(),
            read={path: page for path, page in self.read.items() if path not in files},
        )


def load(
    root: FilePath,
    readers: Readers | None = None,
    *,
    languages: tuple[str, ...] = LANGUAGES,
    done: Done = lambda now, of: None,
) -> Loaded:
    """Compile a content folder. Never raises for what an author wrote.

    Args:
        root: The content folder.
        readers: Who reads pages; this process's own otherwise.
        languages: Of the site, that of its content first.
        done: Told now and then how many of how many pages are read.
    """
    return compile_tree(read_tree(root, languages), readers, done=done)


def compile_tree(tree: Tree, readers: Readers | None = None, *, done: Done = lambda now, of: None) -> Loaded:
    """Compile pages, wherever they come from; for the arguments see `load`."""
    languages = tree.languages
    loader = _Loader(tree)
    loader.problems.extend(tree.problems)
    by_stem: dict[str, dict[str, Source]] = defaultdict(dict)
    for source in tree.sources:
        if source.lang in by_stem[source.stem]:
            report = Collector(source.path)
            report(
                1, 1, code="file-twice", found=f"a second file for {source.stem!r} in {source.lang!r}", expected="one"
            )
            loader.problems.extend(report.problems)
            continue
        by_stem[source.stem][source.lang] = source
    sources = [source for by_lang in by_stem.values() for source in by_lang.values()]
    readers = readers or default_readers()
    loader.compiled = {source.path: page for source, page in zip(sources, readers.read(sources, done), strict=True)}
    catalogue = loader.compile(by_stem)
    report = Collector(GLOSSARY)
    glossary = read_glossary(tree.glossary, languages, report) if tree.glossary.strip() else Glossary()
    loader.problems.extend(report.problems)
    loader.problems.sort()
    pages = {
        stem: {lang: loader.read[sources[lang].path] for lang in languages if lang in sources}
        for stem, sources in sorted(by_stem.items())
    }
    return Loaded(
        catalogue=catalogue,
        problems=loader.problems,
        languages=languages,
        pages={stem: found for stem, found in pages.items() if found},
        media=frozenset(tree.media),
        glossary=glossary,
        drafts=frozenset(loader.drafts),
        heavy=frozenset(loader.heavy),
        read=loader.read,
        versions=Versions(readers.store, {stem: _together(stem, found) for stem, found in pages.items()}),
        digest=tree.digest(),
    )


def _together(stem: str, pages: Mapping[str, ReadPage]) -> bytes:
    """One hash of all that a module is compiled of; the front matter of its pages is a part of them."""
    digest = hashlib.blake2b(stem.encode(), digest_size=32)
    for lang, page in pages.items():
        digest.update(lang.encode() + page.address)
    return digest.digest()


class _Loader:
    def __init__(self, tree: Tree) -> None:
        self.media = tree.media
        self.scenes = Scenes(tree)
        self.languages = tree.languages
        self.compiled: dict[str, Compiled] = {}
        self.broken = tree.broken
        """Stems of pages that could not be read: they are there, and what refers to them is no mistake of its own."""
        self.problems: list[Problem] = []
        self.stems: set[str] = set()
        self.heavy: set[str] = set()
        self.drafts: set[str] = set()
        self.read: dict[str, ReadPage] = {}

    def compile(self, by_stem: dict[str, dict[str, Source]]) -> Catalogue:
        """Courses, then their modules, then what refers from one to another."""
        self.stems = set(by_stem) | self.broken
        read = {stem: self._read_all(sources) for stem, sources in sorted(by_stem.items())}
        folders = {stem.partition("/")[0] for stem in by_stem if "/" in stem}
        folders -= {folder for folder in folders if f"{folder}/index" in self.broken}
        path_names = tuple(sorted(stem.partition("/")[2] for stem in by_stem if stem.startswith(f"{PATHS}/")))
        courses: dict[str, Course] = {}
        modules: dict[str, Module] = {}
        paths: dict[str, Path] = {}
        for folder in sorted(folders - {PATHS}):
            if f"{folder}/index" in read:
                mine = {stem: pages for stem, pages in read.items() if stem.startswith(f"{folder}/")}
                course, found = self._course(folder, mine, path_names)
                if course:
                    courses[folder] = course
                    modules.update(found)
            else:
                stem = next(stem for stem in by_stem if stem.startswith(f"{folder}/"))
                source = next(iter(by_stem[stem].values()))
                report = Collector(source.path)
                report(
                    1,
                    1,
                    code="course-without-index",
                    found=f"a folder {folder!r} without index.md",
                    expected=f"{folder}/index.md with the title and the order of the modules",
                )
                self.problems.extend(report.problems)
        for stem, pages in read.items():
            if stem.startswith(f"{PATHS}/"):
                path = self._path(stem, pages, courses)
                if path:
                    paths[path.id] = path
            elif "/" not in stem:
                self._plain(pages)
        catalogue = Catalogue(courses=courses, modules=modules, paths=paths)
        mains = {stem: _main(pages) for stem, pages in read.items() if pages}
        places = {stem: (page.matter.line("requires"), page.report) for stem, page in mains.items()}
        check_requirements(catalogue, places, self.broken)
        self._check_drafts(catalogue, read)
        bodies = {stem: {lang: page.body for lang, page in pages.items()} for stem, pages in read.items()}
        for pages in read.values():
            for page in pages.values():
                check_anchors(page.body, page.source, bodies, self.languages, page.report)
        for pages in read.values():
            for page in pages.values():
                self.problems.extend(page.report.problems)
        self.problems.extend(self.scenes.finish())
        return catalogue

    def _read_all(self, sources: dict[str, Source]) -> dict[str, ReadPage]:
        """The readable pages of one stem by language, in the site's order: the first stands for all."""
        pages: dict[str, ReadPage] = {}
        for lang in self.languages:
            source = sources.get(lang)
            if source is None:
                continue
            compiled = self.compiled[source.path]
            report = Collector(source.path, [*compiled.problems, *compiled.body.problems])
            page = ReadPage(source, compiled.matter or FrontMatter(), report, compiled.body, address_of(source))
            self._check_body(page)
            if compiled.matter is None:
                self.problems.extend(report.problems)
                self.broken.add(source.stem)
            else:
                pages[lang] = page
        first = next((lang for lang in self.languages if lang in sources), "")
        return pages if first in pages else {}

    def _check_body(self, page: ReadPage) -> None:
        source = page.source
        if any(problem.code == "page-too-heavy" for problem in page.body.problems):
            self.heavy.add(source.path)
        check_targets(page.body.targets, Place(source.folder, self.stems, self.media, self.languages), page.report)
        self.read[source.path] = page

    def _course(
        self, folder: str, read: dict[str, dict[str, ReadPage]], path_names: tuple[str, ...]
    ) -> tuple[Course | None, dict[str, Module]]:
        modules: dict[str, Module] = {}
        for stem, pages in read.items():
            name = stem.partition("/")[2]
            if name == "index" or not pages:
                continue
            module = self._module(stem, pages, path_names)
            if module:
                modules[stem] = module
        index = read.get(f"{folder}/index", {})
        if not index:
            return None, {}
        for page in index.values():
            _no_quizzes(page)
        main = _main(index)
        keys = main.fields()
        texts = {main.source.lang: _course_text(keys)}
        names = keys.words("modules", required=True)
        requires = keys.words("requires")
        trade = keys.words("trade", allowed=path_names)
        audiences = keys.words("audiences", allowed=AUDIENCES)
        if keys.switch("draft"):
            self.drafts.update(read)
        keys.words("silence", allowed=ADVICE)
        keys.finish()
        self._translate(index, texts)
        unread = {stem.partition("/")[2] for stem in self.broken if stem.startswith(f"{folder}/")}
        written = {stem.partition("/")[2] for stem in read} - {"index"}
        line = main.matter.line("modules")
        for name in names:
            if name not in written | unread:
                main.report(
                    line,
                    1,
                    code="module-missing",
                    found=f"module {name!r} in the list",
                    expected=f"a file {folder}/{name}.md",
                    hint=did_you_mean(name, tuple(written)),
                )
        for name in sorted(written - set(names) - unread if "modules" in main.matter.values else ()):
            for page in read[f"{folder}/{name}"].values():
                page.report(
                    1,
                    1,
                    code="module-unlisted",
                    found="a page that the course does not list",
                    expected=f"{name!r} among the modules of {folder}/index.md",
                )
                break
        order = tuple(f"{folder}/{name}" for name in names if f"{folder}/{name}" in modules)
        course = Course(
            id=folder,
            module_ids=order,
            requires=requires,
            trade=trade,
            audiences=cast(tuple[Audience, ...], audiences),
            texts=texts,
        )
        return course, {module_id: modules[module_id] for module_id in order}

    def _translate(self, pages: dict[str, ReadPage], texts: dict[str, CourseText]) -> None:
        main = _main(pages)
        for lang, page in pages.items():
            if page is not main:
                keys = page.fields()
                texts[lang] = _course_text(keys)
                keys.finish(hint=f"Everything but the texts stands in {main.source.path.rpartition('/')[2]}.")

    def _module(self, stem: str, pages: dict[str, ReadPage], path_names: tuple[str, ...]) -> Module | None:
        folder = stem.partition("/")[0]
        main = _main(pages)
        keys = main.fields()
        kind = keys.choice("kind", tuple(KINDS), default=Lesson.name, required=True)
        page, changed_on = self._page(main, keys, kind)
        compiled: dict[str, Page] = {main.source.lang: page}
        minutes = keys.number("minutes", 1, MAX_MINUTES, default=15, required=True)
        renewal = keys.number("renewal", 1, MAX_RENEWAL, default=1)
        rules = KINDS[kind]
        presence = keys.number("presence", 50, 100, default=80) if rules.has_presence else 80
        signatures = keys.number("signatures", 1, 2, default=1) if rules.has_checklist else 1
        countersigned = keys.switch("countersigned") if rules.has_checklist else False
        replay = rules.has_presence and keys.switch("replay")
        if replay:
            _check_replay(main, page)
        before = read_requirements(*keys.value("requires"), folder)
        valid, renew = read_validity(*keys.value("valid")), read_window(*keys.value("renew"))
        if renew and not valid:
            keys.value("renew")[1](f"{renew} days", "valid: as well, which says what ends")
        application = read_application(*keys.value("application")) if rules.is_reported else None
        touches = read_numbers(*keys.value("touches"), len(page.objectives))
        leaked = keys.switch("leaked")
        trade = keys.words("trade", allowed=path_names)
        audiences = keys.words("audiences", allowed=AUDIENCES)
        if keys.switch("draft"):
            self.drafts.add(stem)
        keys.words("silence", allowed=ADVICE)
        keys.finish()
        for lang, other in pages.items():
            if other is not main:
                keys = other.fields()
                compiled[lang], day = self._page(other, keys, kind)
                _check_change(other, day, changed_on, main)
                keys.finish(hint=f"Everything but the texts stands in {main.source.path.rpartition('/')[2]}.")
                compare_translation(
                    compiled[main.source.lang],
                    compiled[lang],
                    lines=other.source.lines,
                    matter=other.matter,
                    main_report=main.report,
                    report=other.report,
                )
        for lang, one in compiled.items():
            found = self.scenes.of_page(pages[lang].body, pages[lang].source, main.body, pages[lang].report)
            if found.scenes:
                pages[lang].scenes, pages[lang].address = found.scenes, found.address(pages[lang].address)
                compiled[lang] = replace(
                    one, quizzes=tuple(replace(quiz, scene=found.scenes.get(quiz.id)) for quiz in one.quizzes)
                )
        return Module(
            id=stem,
            kind=kind,
            minutes=minutes,
            renewal=renewal,
            changed_on=changed_on,
            presence=presence,
            signatures=signatures,
            countersigned=countersigned,
            replay=replay,
            requires=before.requires,
            any_of=before.any_of,
            shares=before.shares,
            valid=valid,
            renew=renew,
            touches=touches,
            application=application,
            leaked=leaked,
            trade=trade,
            audiences=cast(tuple[Audience, ...], audiences),
            pages=compiled,
        )

    def _page(self, page: ReadPage, keys: Fields, kind: str) -> tuple[Page, str]:
        """A page of a module, and the day on which it was changed."""
        title = keys.text("title", required=True, longest=120)
        summary = keys.text("summary")
        objectives = keys.words("objectives")
        changed_on, changed = keys.change("changed")
        marked = keys.words("checklist") if KINDS[kind].has_checklist else ()
        criteria = tuple(map(read_criterion, marked))
        levels = keys.words("levels") if KINDS[kind].has_checklist else ()
        shown = (Target(one.picture, True, page.matter.line("checklist"), 1) for one in criteria if one.picture)
        check_targets(shown, Place(page.source.folder, self.stems, self.media, self.languages), page.report)
        bring = () if KINDS[kind].online else keys.words("bring")
        check_levels(levels, criteria, page.matter, page.report)
        if KINDS[kind].has_checklist and not criteria:
            page.report(
                page.matter.line("checklist"),
                1,
                code="practical-without-checklist",
                found="a practical without a checklist",
                expected="checklist: with one observable action a line",
                hint="A trainer signs each line at the practical.",
            )
        made = Page(
            lang=page.source.lang,
            title=title or page.source.name,
            summary=summary,
            source=page.source.path,
            body_sha=page.body.sha,
            lines=page.body.headings,
            text=page.body.prose,
            objectives=objectives,
            checklist=tuple(one.text for one in criteria),
            critical=tuple(place for place, one in enumerate(criteria) if one.critical),
            pictures=tuple(one.picture for one in criteria) if any(one.picture for one in criteria) else (),
            levels=levels,
            asked_levels=tuple(one.level or 1 for one in criteria) if any(one.level > 1 for one in criteria) else (),
            bring=bring,
            changed=changed,
            quizzes=tuple(parsed.quiz for parsed in page.body.quizzes),
        )
        for parsed in page.body.quizzes:
            for question in parsed.quiz.questions:
                if question.objective > len(objectives):
                    page.report(
                        parsed.lines.get(question.id, 1),
                        1,
                        code="objective-unknown",
                        found=f"objective={question.objective}",
                        expected=f"1 to {len(objectives)}, the objectives of the page"
                        if objectives
                        else "objectives: in the front matter of the page",
                    )
        return made, changed_on

    def _path(self, stem: str, pages: dict[str, ReadPage], courses: dict[str, Course]) -> Path | None:
        if not pages:
            return None
        for page in pages.values():
            _no_quizzes(page)
        main = _main(pages)
        keys = main.fields()
        texts = {main.source.lang: _course_text(keys)}
        names = keys.words("courses", required=True)
        keys.finish()
        self._translate(pages, texts)
        for name in names:
            if name not in courses and name not in self._broken_courses():
                main.report(
                    main.matter.line("courses"),
                    1,
                    code="course-unknown",
                    found=f"course {name!r}",
                    expected="the folder of a course",
                    hint=did_you_mean(name, tuple(courses)),
                )
        return Path(id=stem.partition("/")[2], course_ids=tuple(n for n in names if n in courses), texts=texts)

    def _plain(self, pages: dict[str, ReadPage]) -> None:
        for page in pages.values():
            keys = page.fields()
            keys.text("title", required=True, longest=120)
            keys.text("summary", longest=500)
            if page.source.stem == "index" and page is _main(pages):
                keys.words("silence", allowed=ADVICE)
            keys.finish()
            _no_quizzes(page)

    def _broken_courses(self) -> set[str]:
        return {stem.partition("/")[0] for stem in self.broken}

    def _check_drafts(self, catalogue: Catalogue, read: dict[str, dict[str, ReadPage]]) -> None:
        """Report what is published and leads to what is not."""
        for stem, pages in read.items():
            if stem in self.drafts:
                continue
            for page in pages.values():
                for target in page.body.targets:
                    other = draft_behind(target.address, page.source.folder, self.drafts, self.languages)
                    if other:
                        page.report(
                            target.line,
                            target.column,
                            code="link-draft",
                            found=f"a link to {target.address!r}, which is a draft",
                            expected="a page that is published",
                            severity="warning",
                        )
            module = catalogue.modules.get(stem)
            for name in module.comes_after if module else ():
                if name in self.drafts:
                    page = _main(pages)
                    page.report(
                        page.matter.line("requires"),
                        1,
                        code="requires-draft",
                        found=f"requires: {name!r}, which is a draft",
                        expected="a module that is published",
                        hint="Until it is, nobody is asked for it.",
                        severity="warning",
                    )


def _check_replay(read: ReadPage, page: Page) -> None:
    """A replay is a film of one's own in the page, and a quiz that shows that it was watched."""
    found = []
    if "<video" not in read.body.html:
        found.append(("replay-without-film", "no film in the page", "![The webinar](webinar.mp4), with captions"))
    if not any(not quiz.practice for quiz in page.quizzes):
        found.append(("replay-without-quiz", "no graded quiz in the page", "a short one about what was said"))
    for code, what, expected in found:
        read.report(read.matter.line("replay"), 1, code=code, found=f"replay: true, and {what}", expected=expected)


def _main(pages: dict[str, ReadPage]) -> ReadPage:
    """The page that stands for its translations."""
    return next(iter(pages.values()))


def _no_quizzes(page: ReadPage) -> None:
    for line in page.body.openings:
        page.report(
            line,
            1,
            code="quiz-misplaced",
            found="a quiz on a page that is no module",
            expected="quizzes in modules: only there can they be graded",
        )


def _check_change(page: ReadPage, day: str, expected: str, main: ReadPage) -> None:
    """A translation says in its language what changed; on the same day, for it is the same change."""
    if day and day != expected:
        page.report(
            page.matter.line("changed"),
            1,
            code="translation-differs",
            found=f"changed on {day}",
            expected=f"changed on {expected}, as in {main.source.path}"
            if expected
            else "no change, as in the other page",
        )


def _course_text(keys: Fields) -> CourseText:
    return CourseText(
        title=keys.text("title", required=True, longest=120) or "?",
        summary=keys.text("summary", longest=500),
        objectives=keys.words("objectives"),
    )
