"""The docs name commands, targets, settings and files that exist."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from airlock import main

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def commands(group: click.Group, prefix: str = "") -> set[str]:
    found = set()
    for name, command in group.commands.items():
        found.add(f"{prefix}{name}")
        if isinstance(command, click.Group):
            found |= commands(command, f"{prefix}{name} ")
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_the_docs_name_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    known = commands(main)
    for name, sub in re.findall(r"`?(?:\.venv/bin/)?\bairlock ([a-z]+)(?: ([a-z]+))?", re.sub(r"\*\*", "", text)):
        if f"`airlock {name}" not in text and f"/airlock {name}" not in text and f"\nairlock {name}" not in text:
            continue  # A word in a sentence, not a command.
        assert name in known, f"airlock {name}"
        if isinstance(main.commands[name], click.Group) and sub:
            assert f"{name} {sub}" in known, f"airlock {name} {sub}"
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", text)) <= targets
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)|<img src=\"([^\"]+)\"", text):
        path = target[0] or target[1]
        if not re.search(r"(?m)^(```|~~~)", text) or path.startswith(("docs/", "../", "deploy", "decisions/")):
            assert (page.parent / path).exists(), path


def test_every_setting_is_documented() -> None:
    source = (ROOT / "api" / "core" / "config.py").read_text() + (ROOT / "api" / "app.py").read_text()
    guide = (ROOT / "docs" / "administrators.md").read_text()
    for name in set(re.findall(r'"(AIRLOCK_[A-Z_]+|DATABASE_URL)"', source)):
        if name not in ("AIRLOCK_SETTINGS", "AIRLOCK_CLOCK"):
            assert name in guide, name


def test_every_problem_is_explained() -> None:
    guide = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    codes: set[str] = set()
    for path in (ROOT / "site_builder").rglob("*.py"):
        codes |= set(re.findall(r'code="([a-z-]+)"', path.read_text(encoding="utf-8")))
    missing = sorted(code for code in codes if f"| {code} |" not in guide)
    assert not missing, missing
