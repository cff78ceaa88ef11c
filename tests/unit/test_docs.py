"""The docs name commands, targets, settings and files that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import click
import pytest

from airlock import main
from site_builder.problems import ADVICE
from site_builder.reading.bodies import read_body

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def commands(group: click.Group, prefix: str = "") -> set[str]:
    found = set()
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
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
        if isinstance(main.get_command(click.Context(main), name), click.Group) and sub:
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


def problem_codes(source: str) -> set[str]:
    """The codes that a file reports: as `code=`, as the third argument of `wrong` and `_report_file`, or kept first."""
    codes: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        found: list[ast.expr] = []
        if isinstance(node, ast.Call):
            found += [keyword.value for keyword in node.keywords if keyword.arg == "code"]
            if ast.unparse(node.func).rpartition(".")[2] in ("wrong", "_report_file"):
                found += node.args[2:3]
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).strip("()").startswith("code, "):
            found += node.value.elts[:1] if isinstance(node.value, ast.Tuple) else []
        for value in found:
            codes |= {
                part.value for part in ast.walk(value) if isinstance(part, ast.Constant) and isinstance(part.value, str)
            }
    return {code for code in codes if re.fullmatch(r"[a-z]+(-[a-z]+)+", code)}


def test_every_problem_is_explained() -> None:
    guide = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z-]+) \|", guide, re.MULTILINE)
    codes = {f"advice-{name}" for name in ADVICE}
    for path in (ROOT / "site_builder").rglob("*.py"):
        codes |= problem_codes(path.read_text(encoding="utf-8"))
    assert not codes - set(rows), "problems that the docs do not explain"
    assert not set(rows) - codes - {"name", "---"}, "rows about what is no problem"
    assert len(rows) == len(set(rows)), "a row for a second time"


def test_every_advice_is_in_the_guide() -> None:
    guide = (ROOT / "docs" / "trainers.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `advice-([a-z-]+)` \|", guide, re.MULTILINE)) == set(ADVICE)


def test_every_quiz_in_the_guides_compiles() -> None:
    count = 0
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in re.finditer(r"^```markdown\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            if "<quiz" not in match[1]:
                continue
            body = read_body(page.name, match[1].split("\n"), 0, "en")
            line = text[: match.start()].count("\n") + 1
            assert not body.problems, f"{page.name}:{line}: {body.problems[0].as_line()}"
            assert body.quizzes, f"{page.name}:{line}"
            count += len(body.quizzes)
    assert count > 20
