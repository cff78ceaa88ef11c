"""`application:` in the front matter of a simulation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from site_builder.compiling.loader import load
from site_builder.course.manifest import dump_catalogue, load_catalogue
from site_builder.course.model import Application
from site_builder.course.modules import Need
from site_builder.reading.applications import read_application
from tests.functional.test_applications import URL, add_unit

GOOD = {"id": "https://e.org/unit", "url": "https://e.org/start", "mastery": "80%", "completed_by": "completed"}


def wrong_in(value: Any) -> list[str]:
    said: list[str] = []
    found = read_application(value, lambda found, expected, hint="": said.append(f"{found} | {expected} | {hint}"))
    assert (found is None) == bool(said) or value is None
    return said


def test_what_is_read() -> None:
    found = read_application(GOOD, pytest.fail)
    assert found == Application(id="https://e.org/unit", url="https://e.org/start", move_on="completed", mastery=80)
    assert read_application({"id": "urn:x:unit", "mastery": 75}, pytest.fail) == Application(
        id="urn:x:unit", mastery=75
    )
    assert read_application(None, pytest.fail) is None


@pytest.mark.parametrize(
    "value",
    [
        "https://e.org",
        [],
        {},
        {**GOOD, "id": "unit"},
        {**GOOD, "id": "https://e.org/a b"},
        {**GOOD, "id": 7},
        {**GOOD, "url": "http://e.org/start"},
        {**GOOD, "url": "javascript:alert(1)"},
        {**GOOD, "url": "https://[/"},
        {**GOOD, "url": "https://e.org/?actor=x"},
        {**GOOD, "url": "https://e.org/\n"},
        {**GOOD, "completed_by": "anything"},
        {**GOOD, "mastery": "101%"},
        {**GOOD, "mastery": "0.8"},
        {**GOOD, "mastery": []},
        {**GOOD, "parameters": {"a": 1}},
        {**GOOD, "parameters": "x" * 2001},
        {**GOOD, "adress": "x"},
    ],
)
def test_what_is_not(value: Any) -> None:
    assert wrong_in(value)


def test_a_slip_has_its_line_and_a_hint(tmp_path: Path) -> None:
    content = add_unit(tmp_path, URL)
    file = content / "safe-start" / "lock-out.md"
    file.write_text(file.read_text().replace("  mastery:", "  masterie:"))
    (problem,) = load(content).problems
    assert (problem.file, problem.line) == ("safe-start/lock-out.md", 5)
    assert "mastery" in problem.hint


def test_only_a_simulation_has_one_and_it_is_needed(tmp_path: Path) -> None:
    content = add_unit(tmp_path, URL)
    loaded = load(content)
    module = loaded.catalogue.modules["safe-start/lock-out"]
    assert module.needs == (Need("result"),)
    assert load_catalogue(dump_catalogue(loaded.catalogue)).modules["safe-start/lock-out"] == module
    file = content / "safe-start" / "lock-out.md"
    file.write_text(file.read_text().replace("kind: simulation", "kind: lesson"))
    assert [problem.code for problem in load(content).problems] == ["front-matter-unknown"]
