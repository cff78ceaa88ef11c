"""Hostile pages: each is read within its limits or given up, none harms another, and none loses text in silence."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest

import site_builder.compiling.workshop as workshop_module
from site_builder.compiling.loader import load
from site_builder.compiling.workshop import Workshop
from site_builder.problems import has_errors
from site_builder.reading.bodies import Body
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
def make_workshop() -> Iterator[Callable[..., Workshop]]:
    made: list[Workshop] = []

    def make(seconds: float = SECONDS, memory: int = MEMORY) -> Workshop:
        made.append(Workshop(seconds=seconds, memory=memory))
        return made[-1]

    yield make
    for workshop in made:
        workshop.close()


@pytest.fixture
def workshop(make_workshop: Callable[..., Workshop]) -> Workshop:
    return make_workshop()


def read(workshop: Workshop, path: str, source: str) -> Body:
    return workshop.read(path, source.split("\n"), 0, LANG)


def codes(body: Body) -> list[str]:
    return [problem.code for problem in body.problems]


def pid_of(workshop: Workshop) -> int | None:
    return workshop._process.pid if workshop._process else None


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_harms_another_or_loses_text(part: int, workshop: Workshop, capfd: pytest.CaptureFixture[str]) -> None:
    compared = 0
    for page in islice(pages(PAGES, SEED), part, None, PARTS):
        body = read(workshop, page.name, page.source)
        last = page.source.count("\n") + 1
        for problem in body.problems:
            assert problem.file == page.name
            assert 1 <= problem.line <= last, (problem.as_line(), page.source)
        if not has_errors(body.problems):
            # It was read within its limits, so it can be shown here to compare.
            assert lost_words(page, body) == [], (page.name, page.source)
            compared += bool(page.canaries)
        if page.name.startswith("killer-"):
            # Under a name of its own: what was read before is remembered.
            assert read(workshop, f"after-{page.name}", SOUND).problems == ()
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


def test_a_page_that_takes_too_long_is_one_problem(workshop: Workshop) -> None:
    lines = ["---", "title: Busy", "---", *BUSY.split("\n")]
    (problem,) = workshop.read("made/busy.md", lines, 3, LANG).problems
    assert (problem.file, problem.line, problem.code) == ("made/busy.md", 4, "page-too-heavy")
    assert problem.severity == "error"
    assert "time" in problem.found
    assert read(workshop, "made/sound.md", SOUND).problems == ()


@pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere only the time is limited.")
def test_a_page_that_takes_too_much_memory_is_one_problem(make_workshop: Callable[..., Workshop]) -> None:
    workshop = make_workshop(seconds=600, memory=384 * 1024**2)
    (problem,) = read(workshop, "made/large.md", "word " * (160 * MEGABYTE // 5)).problems
    assert (problem.file, problem.line, problem.code) == ("made/large.md", 1, "page-too-heavy")
    assert "memory" in problem.found
    assert len(read(workshop, "made/sound.md", SOUND).quizzes) == 1


def test_a_process_that_cannot_begin_is_a_problem_of_the_page(
    make_workshop: Callable[..., Workshop], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A limit of memory would not do: what a process has mapped before it is told of the limit may be enough for a page.
    monkeypatch.setattr(workshop_module, "PROGRAM", "import sys; sys.exit({memory} and 1)")
    assert codes(read(make_workshop(), "made/sound.md", SOUND)) == ["page-too-heavy"]


def test_a_process_that_was_ended_is_replaced(workshop: Workshop) -> None:
    read(workshop, "made/first.md", SOUND)
    process = workshop._process
    assert process is not None
    process.kill()
    process.wait()
    assert read(workshop, "made/second.md", SOUND).problems == ()
    assert pid_of(workshop) != process.pid


@pytest.mark.skipif(sys.platform == "win32", reason="Asks for a process in the way of Unix.")
def test_closing_leaves_no_process(workshop: Workshop) -> None:
    body = read(workshop, "made/sound.md", SOUND)
    pid = pid_of(workshop)
    assert pid is not None
    os.kill(pid, 0)
    workshop.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    # What was read is remembered, and what is new makes a process again.
    assert read(workshop, "made/sound.md", SOUND) is body
    assert pid_of(workshop) is None
    assert len(read(workshop, "made/other.md", SOUND).quizzes) == 1


def test_the_other_pages_build(content: Path, workshop: Workshop) -> None:
    lesson = "---\ntitle: {}\nkind: lesson\nminutes: 5\nsummary: Made.\n---\n\n{}\n"
    course = content / "safe-start"
    index = (course / "index.md").read_text(encoding="utf-8")
    (course / "index.md").write_text(index.replace("modules: [", "modules: [busy, large, "), encoding="utf-8")
    (course / "busy.md").write_text(lesson.format("Busy", BUSY), encoding="utf-8")
    (course / "large.md").write_text(lesson.format("Large", "word\n" * (10 * MEGABYTE // 5)), encoding="utf-8")
    loaded = load(content, workshop)
    assert [(problem.file, problem.code) for problem in loaded.problems] == [
        ("safe-start/busy.md", "page-too-heavy"),
        ("safe-start/large.md", "page-too-large"),
    ]
    assert loaded.heavy == {"safe-start/busy.md"}
    assert {"safe-start/doors", "safe-start/pumps", "safe-start/busy"} <= set(loaded.catalogue.modules)
