"""What is shown is not reported as lost, and what is lost is, where it stands."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from site_builder.problems import has_errors
from site_builder.reading.bodies import read_body

GOLDEN = Path(__file__).parent.parent / "golden"
DOCS = Path(__file__).parent.parent.parent / "docs"


def cases(name: str) -> list[Any]:
    found = tomllib.loads((GOLDEN / name).read_text(encoding="utf-8"))["page"]
    return [pytest.param(case, id=case["name"]) for case in found]


@pytest.mark.parametrize("case", cases("ordinary.toml"))
def test_what_is_shown_is_not_lost(case: dict[str, Any]) -> None:
    problems = read_body("made.md", case["source"].split("\n"), 0, "en").problems
    # Nothing is said of losses where there is another error: there must be none.
    assert not has_errors(problems), [problem.as_line() for problem in problems]


@pytest.mark.parametrize("case", cases("lost.toml"))
def test_what_is_lost_is_reported_where_it_stands(case: dict[str, Any]) -> None:
    (problem,) = read_body("made.md", case["source"].split("\n"), 0, "en").problems
    assert (problem.code, problem.line) == ("text-lost", case["line"]), problem.as_line()


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_no_example_of_the_docs_is_lost(page: Path) -> None:
    for example in re.findall(r"(?ms)^```markdown\n(.*?)^```", page.read_text(encoding="utf-8")):
        problems = read_body(page.name, example.split("\n"), 0, "en").problems
        assert "text-lost" not in {problem.code for problem in problems}, example
