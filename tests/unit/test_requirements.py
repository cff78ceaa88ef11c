"""What comes before a module and how long it counts, as authors write it: read, or reported with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from site_builder.compiling.loader import load
from site_builder.course.manifest import dump_module, load_module, module_edition, module_version
from site_builder.course.model import Module, Share
from site_builder.course.modules import Need
from site_builder.reading.requirements import read_numbers, read_requirements, read_validity, read_window

LESSON = """---
title: A
kind: lesson
minutes: 5
objectives: [One, Two]
{more}---
Text.

<quiz id="q" objective="1">

### One? {{#one}}

- [x] Yes
- [ ] No

### Two? {{#two .critical objective={two}}}

- [x] Yes
- [ ] No

</quiz>
"""
OTHER = "---\ntitle: B\nkind: {kind}\nminutes: 5\n{more}---\n{text}\n"


def found(tmp_path: Path, **pages: str) -> tuple[dict[str, Module], list[tuple[str, int]]]:
    root = tmp_path / "content"
    (root / "c").mkdir(parents=True, exist_ok=True)
    (root / "index.md").write_text("---\ntitle: Home\n---\nHello.\n")
    (root / "c" / "index.md").write_text(f"---\ntitle: C\nmodules: [{', '.join(pages)}]\n---\nHello.\n")
    for name, text in pages.items():
        (root / "c" / f"{name}.md").write_text(text)
    loaded = load(root)
    problems = [(one.code, one.line) for one in loaded.problems if one.severity == "error"]
    return dict(loaded.catalogue.modules), problems


def lesson(more: str = "", two: int = 2) -> str:
    return LESSON.format(more=more, two=two)


def other(kind: str = "lesson", more: str = "", text: str = "Text.") -> str:
    return OTHER.format(kind=kind, more=more, text=text)


def asking(what: str) -> str:
    return other("practical", f"checklist: [Do it]\nrequires: [{what}]\n")


def test_what_is_written_is_what_is_asked_for(tmp_path: Path) -> None:
    more = "checklist: [Do it]\nrequires: [a, any of: [a, b], a: 80 % of objective 2]\n"
    more += "valid: 1 year\nrenew: 60 days before\n"
    modules, problems = found(tmp_path, a=lesson(), b=other(), p=other("practical", more))
    assert not problems
    module = modules["c/p"]
    assert (module.requires, module.any_of) == (("c/a",), (("c/a", "c/b"),))
    assert module.shares == (Share(module="c/a", objective=2, percent=80),)
    assert (module.valid, module.renew, module.comes_after) == ("12 months", 60, ("c/a", "c/b"))
    (quiz,) = modules["c/a"].pages["en"].quizzes
    assert [question.objective for question in quiz.questions] == [1, 2]
    assert modules["c/a"].pages["en"].text == "Text."
    for one in modules.values():
        assert load_module(dump_module(one)) == one


def test_a_line_of_a_checklist_has_a_picture(tmp_path: Path) -> None:
    marks = (" {.critical image=images/hands.svg}", "", " {image=images/none.svg}", " {.critical}")
    lines = [f"{text}{mark}" for text, mark in zip(("Washes hands", "Enters", "Waits", "Leaves"), marks, strict=True)]
    more = "checklist:\n" + "".join(f"  - {line}\n" for line in lines)
    folder = tmp_path / "content" / "c" / "images"
    folder.mkdir(parents=True)
    (folder / "hands.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    modules, problems = found(tmp_path, p=other("practical", more))
    page = modules["c/p"].pages["en"]
    assert page.checklist == ("Washes hands", "Enters", "Waits", "Leaves")
    assert (page.critical, page.pictures) == ((0, 3), ("images/hands.svg", "", "images/none.svg", ""))
    assert problems == [("image-missing", 5)]


def test_a_line_of_a_checklist_asks_for_a_level(tmp_path: Path) -> None:
    lines = ("Washes hands {level=2 .critical}", "Enters", "Leaves {not a mark}", "Signs {level=4}")
    more = "levels: [with help, alone, shows others]\nchecklist:\n" + "".join(f"  - {line}\n" for line in lines)
    modules, problems = found(tmp_path, p=other("practical", more))
    page = modules["c/p"].pages["en"]
    assert page.checklist == ("Washes hands", "Enters", "Leaves {not a mark}", "Signs")
    assert (page.critical, page.asked_levels) == ((0,), (2, 1, 1, 4))
    assert [page.asked_level(place) for place in range(3)] == [2, 1, 1]
    assert problems == [("checklist-levels", 6)]
    assert load_module(dump_module(modules["c/p"])) == modules["c/p"]


@pytest.mark.parametrize("levels", ["levels: [alone]", "levels: [a, b, c, d, e, f, g]"])
def test_levels_are_a_scale(tmp_path: Path, levels: str) -> None:
    _, problems = found(tmp_path, p=other("practical", f"{levels}\nchecklist: [Enters]\n"))
    assert problems == [("checklist-levels", 5)]


def test_what_a_module_does_not_use_changes_none_of_its_hashes(tmp_path: Path) -> None:
    modules, _ = found(tmp_path, b=other())
    plain = dump_module(modules["c/b"])
    assert not {"any_of", "shares", "valid", "renew", "touches", "replay"} & plain.keys()
    longer = load_module({**plain, "pages": {"en": {**plain["pages"]["en"], "text": "Something else."}}})
    assert module_version(longer) == module_version(modules["c/b"]), "the text is compared, and counts for no version"
    assert module_edition(longer) == module_edition(modules["c/b"])


def test_a_renewal_reopens_the_quizzes_that_test_what_it_touches(tmp_path: Path) -> None:
    """Of the two lessons the quiz of one tests the second objective, that of the other does not."""
    more = "renewal: 2\ntouches: 2\n"
    modules, problems = found(tmp_path, a=lesson(more), b=lesson(more, 1), whole=lesson("renewal: 2\n"))
    assert not problems
    assert modules["c/a"].reopened == (Need("read"), Need("passed", "q"))
    assert modules["c/b"].reopened == (Need("read"),)
    assert modules["c/b"].needs == modules["c/whole"].reopened == (Need("read"), Need("passed", "q"))


@pytest.mark.parametrize(
    ("pages", "problem"),
    [
        ({"a": lesson(two=3)}, ("objective-unknown", 16)),
        ({"a": lesson(), "p": asking("a: 80 % of objective 7")}, ("requires-objective", 6)),
        ({"a": lesson(), "p": asking("b: 80 % of objective 1")}, ("requires-unknown", 6)),
        ({"a": other(more="requires: [any of: [a, b]]\n"), "b": other()}, ("requires-circle", 5)),
        ({"a": other(more="touches: [1]\n")}, ("front-matter-value", 5)),
        ({"a": other(more="renew: 60 days\n")}, ("front-matter-value", 5)),
        ({"a": other(more="valid: sometimes\n")}, ("front-matter-value", 5)),
        ({"a": other("webinar", "replay: true\n")}, ("replay-without-film", 5)),
        ({"a": other("webinar", "replay: true\n")}, ("replay-without-quiz", 5)),
        ({"a": other(more="replay: true\n")}, ("front-matter-unknown", 5)),
        ({"a": lesson().replace(' objective="1"', ' objective="one"')}, ("quiz-attribute", 9)),
    ],
)
def test_slips_are_reported_with_their_line(tmp_path: Path, pages: dict[str, str], problem: tuple[str, int]) -> None:
    _, problems = found(tmp_path, **pages)
    assert problem in problems


def reported(read: Any, value: object, *more: object) -> tuple[Any, int]:
    said: list[object] = []
    result = read(value, lambda *told: said.append(told), *more)
    return result, len(said)


@pytest.mark.parametrize(
    ("value", "valid"),
    [
        ("12 months", "12 months"),
        ("1 year", "12 months"),
        ("10 years", "120 months"),
        ("30 days", "30 days"),
        ("until 1 September", "09-01"),
        ("every 28 February", "02-28"),
        (None, ""),
    ],
)
def test_validity(value: object, valid: str) -> None:
    assert reported(read_validity, value) == (valid, 0)


@pytest.mark.parametrize(
    "value", ["11 years", "0 days", "until 30 February", "until 1 Septembre", "12", 12, "12 weeks", ["12 months"], ""]
)
def test_validity_that_is_none(value: object) -> None:
    assert reported(read_validity, value) == ("", 1)


@pytest.mark.parametrize(
    ("value", "days", "problems"), [("60 days before", 60, 0), ("1 day", 1, 0), ("400 days", 0, 1), (60, 0, 1)]
)
def test_window(value: object, days: int, problems: int) -> None:
    assert reported(read_window, value) == (days, problems)


@pytest.mark.parametrize(
    "value",
    [
        {"any of": "a"},
        {"any of": ["a"]},
        {"a": "80"},
        {"a": "0 % of objective 1"},
        {"a": "101 % of objective 1"},
        7,
        [[1]],
        [""],
        {"a": 1, "b": 2},
        ["a", "a"],
    ],
)
def test_requirements_that_are_none_are_reported_once(value: object) -> None:
    assert reported(read_requirements, value, "c")[1] == 1


@pytest.mark.parametrize(
    ("value", "numbers", "problems"), [(2, (2,), 0), ([2, 1, 2], (1, 2), 0), (3, (), 1), (True, (), 1), ("1", (), 1)]
)
def test_numbers(value: object, numbers: tuple[int, ...], problems: int) -> None:
    assert reported(read_numbers, value, 2) == (numbers, problems)
