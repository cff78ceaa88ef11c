"""What `docs/security.md` claims is shown by tests that exist and run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLAIMED = re.findall(r"`(tests/[\w/.]+\.(?:py|mjs))(?:::(\w+))?`", (ROOT / "docs" / "security.md").read_text("utf-8"))


def test_there_are_claims() -> None:
    assert len(CLAIMED) > 80


@pytest.mark.parametrize(("file", "name"), sorted(set(CLAIMED)))
def test_a_claim_names_a_test_that_runs(file: str, name: str) -> None:
    source = (ROOT / file).read_text(encoding="utf-8")
    if not name:
        assert "def test_" in source or "test(" in source
        return
    found = re.search(rf"((?:^@[^\n]*\n(?:^[^@\n][^\n]*\n)*)*)^def {name}\(", source, re.MULTILINE)
    assert found is not None, f"{file} has no {name}"
    assert not re.search(r"mark\.(?:skip|xfail)", found[1]), "it must run"


def test_every_line_of_a_table_shows_something() -> None:
    """A claim without a test stands in the last section, or says that nothing is there."""
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("| ") and not set(line) <= set("|- ") and "shown by" not in line:
            assert "`tests/" in line or "none is used" in line, line
