"""Hostile pages: each is read within its limits or given up, none harms another, and none loses text in silence."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import islice
from multiprocessing import active_children
from pathlib import Path

import pytest

from site_builder.compiling.loader import load
from site_builder.compiling.readers import Readers
from site_builder.problems import has_errors
from site_builder.reading.compiled import Body
from site_builder.reading.files import Source
from site_builder.reading.rendered import render_page
from tests.hostile import KILLERS, LANG, MEGABYTE, lost_words, pages, quiz

PAGES = 500
SEED = 20_260_401
PARTS = 4
"""The pages are shared out, so that they can be read side by side."""

SECONDS = 2.0
MEMORY = 1024**3

SOUND = "# A page\n\nA *sound* page.\n\n" + quiz("### Is it? {#is}\n\n- [x] Yes\n- [ ] No\n\nIt is.")
BUSY = "[" * 16_000
"""What keeps the parser busy for minutes."""


@pytest.fixture
def make_readers() -> Iterator[Callable[..., Readers]]:
    made: list[Readers] = []

    def make(seconds: float = SECONDS, memory: int = MEMORY) -> Readers:
        made.append(Readers(seconds=seconds, memory=memory))
        return made[-1]

    yield make
    for readers in made:
        readers.close()


@pytest.fixture
def readers(make_readers: Callable[..., Readers]) -> Readers:
    return make_readers()


def page_of(path: str, source: str) -> Source:
    return Source(path, path.removesuffix(".md"), LANG, source.split("\n"))


def read(readers: Readers, path: str, source: str) -> Body:
    (page,) = readers.read([page_of(path, source)])
    return page.body


def codes(body: Body) -> list[str]:
    return [problem.code for problem in body.problems]


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_harms_another_or_loses_text(part: int, readers: Readers, capfd: pytest.CaptureFixture[str]) -> None:
    compared = 0
    hostile = list(islice(pages(PAGES, SEED), part, None, PARTS))
    # Behind each killer a sound page, under a name of its own: what was read before is remembered.
    sources = [
        source
        for page in hostile
        for source in (page_of(page.name, page.source), page_of(f"after-{page.name}", SOUND))
        if source.lines[0] != SOUND.split("\n")[0] or page.name.startswith("killer-")
    ]
    read_pages = {source.path: page.body for source, page in zip(sources, readers.read(sources), strict=True)}
    for page in hostile:
        body = read_pages[page.name]
        last = page.source.count("\n") + 1
        for problem in body.problems:
            assert problem.file == page.name
            assert 1 <= problem.line <= last, (problem.as_line(), page.source)
        if not has_errors(body.problems):
            # It was read within its limits, so it can be shown here to compare.
            assert lost_words(page, body) == [], (page.name, page.source)
            compared += bool(page.canaries)
        if page.name.startswith("killer-"):
            assert read_pages[f"after-{page.name}"].problems == ()
    assert compared > PAGES / PARTS / 4
    # A reader that fails is replaced; that it fails is a mistake all the same.
    assert "Traceback" not in capfd.readouterr().err


def test_text_straight_under_a_mark_is_text() -> None:
    render_page("<!----><!>\n<quiz>", LANG)


def test_the_pages_are_the_same_each_time() -> None:
    made = [list(islice(pages(PAGES, SEED), len(KILLERS), len(KILLERS) + 50)) for _ in range(2)]
    assert made[0] == made[1]
    assert len({page.source for page in made[0]}) == len(made[0])
    assert all(page.canaries for page in made[0])
    assert not {page.source for page in made[0]} & {page.source for page in islice(pages(PAGES, SEED + 1), PAGES)}


def test_a_page_that_takes_too_long_is_one_problem(readers: Readers) -> None:
    (problem,) = read(readers, "made/busy.md", f"---\ntitle: Busy\n---\n{BUSY}").problems
    assert (problem.file, problem.line, problem.code) == ("made/busy.md", 4, "page-too-heavy")
    assert problem.severity == "error"
    assert "time" in problem.found
    assert read(readers, "made/sound.md", SOUND).problems == ()


@pytest.mark.skipif(sys.platform == "win32", reason="There the clock alone decides.")
def test_what_is_limited_is_the_processor_and_not_the_clock(
    make_readers: Callable[..., Readers], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("site_builder.compiling.readers.WAITING", 10_000)
    (problem,) = read(make_readers(seconds=0.5), "made/busy.md", f"---\ntitle: Busy\n---\n{BUSY}").problems
    assert (problem.code, "too much time" in problem.found) == ("page-too-heavy", True)


@pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere only the time is limited.")
def test_a_page_that_takes_too_much_memory_is_one_problem(make_readers: Callable[..., Readers]) -> None:
    readers = make_readers(seconds=600, memory=384 * 1024**2)
    (problem,) = read(readers, "made/large.md", "word " * (160 * MEGABYTE // 5)).problems
    assert (problem.file, problem.line, problem.code) == ("made/large.md", 1, "page-too-heavy")
    assert "memory" in problem.found
    assert len(read(readers, "made/sound.md", SOUND).quizzes) == 1


def test_processes_that_cannot_begin_are_a_problem_of_the_pages(make_readers: Callable[..., Readers]) -> None:
    # A limit of memory would not do: what a process has mapped before it is told of the limit may be enough for a page.
    readers = make_readers(memory=None)
    bodies = [page.body for page in readers.read([page_of("made/one.md", SOUND), page_of("made/two.md", SOUND)])]
    assert [codes(body) for body in bodies] == [["page-failed"], ["page-failed"]]


def test_processes_that_were_ended_are_replaced(readers: Readers) -> None:
    read(readers, "made/first.md", SOUND)
    before = active_children()
    for process in before:
        process.kill()
        process.join()
    assert read(readers, "made/second.md", SOUND).problems == ()
    assert not {process.pid for process in before} & {process.pid for process in active_children()}


def test_closing_leaves_no_process(readers: Readers) -> None:
    before = {process.pid for process in active_children()}
    (page,) = readers.read([page_of("made/sound.md", SOUND)])
    made = [process for process in active_children() if process.pid not in before]
    assert made
    readers.close()
    assert not [process for process in made if process.is_alive()]
    # What was read is remembered, and what is new makes a process again.
    assert readers.read([page_of("made/sound.md", SOUND)]) == [page]
    assert {process.pid for process in active_children()} == before
    assert len(read(readers, "made/other.md", SOUND).quizzes) == 1


def test_the_other_pages_build(content: Path, readers: Readers) -> None:
    lesson = "---\ntitle: {}\nkind: lesson\nminutes: 5\nsummary: Made.\n---\n\n{}\n"
    course = content / "safe-start"
    index = (course / "index.md").read_text(encoding="utf-8")
    (course / "index.md").write_text(index.replace("modules: [", "modules: [busy, large, "), encoding="utf-8")
    (course / "busy.md").write_text(lesson.format("Busy", BUSY), encoding="utf-8")
    (course / "large.md").write_text(lesson.format("Large", "word\n" * (10 * MEGABYTE // 5)), encoding="utf-8")
    loaded = load(content, readers)
    assert [(problem.file, problem.code) for problem in loaded.problems] == [
        ("safe-start/busy.md", "page-too-heavy"),
        ("safe-start/large.md", "page-too-large"),
    ]
    assert loaded.heavy == {"safe-start/busy.md"}
    assert {"safe-start/doors", "safe-start/pumps", "safe-start/busy"} <= set(loaded.catalogue.modules)
