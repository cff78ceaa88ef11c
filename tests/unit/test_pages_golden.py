"""Pages as people write them, by golden cases: what they show, or the problem that says why not."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from site_builder.reading.bodies import read_body

CASES = tomllib.loads((Path(__file__).parent.parent / "golden" / "pages.toml").read_text(encoding="utf-8"))["case"]
BEFORE = ["---", "title: A page", "---", ""]


def shown(html: str) -> str:
    """HTML without classes, on one line."""
    return re.sub(r"\s+", " ", re.sub(r' class="[^"]*"', "", html.replace("<span></span>", "")))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_page(case: dict[str, Any]) -> None:
    lines = [*BEFORE, *case["source"].split("\n")]
    body = read_body("page.md", lines, len(BEFORE), case.get("lang", "en"))
    problems = sorted(body.problems)
    found = [(problem.line, problem.code) for problem in problems]
    assert found == [(problem["line"], problem["code"]) for problem in case.get("problems", [])]
    for problem, expected in zip(problems, case.get("problems", []), strict=True):
        assert problem.expected == expected.get("expected", problem.expected)
    for piece in case.get("shows", []):
        assert piece in shown(body.html), shown(body.html)
