"""A quiz in the terminal, and the cheat sheet."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from airlock import main
from site_builder.authoring.cheatsheet import as_markdown, examples, kind_names
from site_builder.authoring.terminal import take_quiz
from site_builder.course.kinds import question_kinds
from site_builder.quizzes.base import plain
from tests.conftest import KINDS as CONTENT
from tests.conftest import SHIPPED
from tests.unit.test_quizzes import compile_source

ROOT = Path(__file__).parent.parent.parent
PAGE = CONTENT / "every-kind" / "practice.md"


def numbers(lines: list[str], *texts: str) -> str:
    """The numbers under which the options of the last question were shown."""
    shown = {
        line[3:].partition("  ")[2].strip() or line[2:].strip(): line[2:].split()[0]
        for line in lines
        if line[:2] == "  "
    }
    return " ".join(next(number for text, number in reversed(shown.items()) if text == wanted) for wanted in texts)


def answered(right: bool) -> tuple[bool, list[str]]:
    """Take the quiz with every kind in it."""
    source = PAGE.read_text(encoding="utf-8")
    (quiz,), problems = compile_source(source[source.index("<quiz") :])
    assert not problems
    said: list[str] = []

    def ask(prompt: str) -> str:
        stem = next(line for line in reversed(said) if "/10  " in line)
        if not right:
            return (
                ""
                if "Gap" in prompt or "=>" in prompt
                else {"Number": "1", "Numbers": "1 3"}.get(prompt, "7 florbs" if prompt == "Answer" else "1 2")
            )
        if "door" in stem:
            return numbers(said, "One")
        if "outside" in stem:
            return numbers(said, "Watch", "Phone")
        if "flows" in stem:
            return numbers(said, "True")
        if "much" in stem:
            return "0,0125 L"
        if "spores" in stem:
            return "Autoclave"
        if "order" in stem:
            return numbers(said, "Wash", "Hood", "Goggles", "Mask", "Coverall")
        if "zones" in stem:
            letters = {line.split()[1]: line.split()[0] for line in said if line[:2] == "  " and len(line.split()) == 2}
            return letters["sometimes" if "Zone 1 " in prompt else "always"]
        if "gaps" in stem:
            return "aseptic" if prompt == "Gap 1" else "1"
        if "alarm" in stem:
            return numbers(said, "Red lamp")
        stock, volume, wanted = (
            float(word)
            for word in stem.replace("Stock", "").split()
            if word.replace(".", "").isdigit() and "/10" not in word
        )
        return f"{wanted * volume / stock:.1f} mL"

    return take_quiz(quiz, ask, said.append, Random(4)), said


def test_rightly() -> None:
    passed, said = answered(right=True)
    assert passed, "\n".join(said)
    assert "100 %, passed (pass at 80 %)" in said
    assert any("Explanation-ordering" in line for line in said)


def test_wrongly() -> None:
    passed, said = answered(right=False)
    assert not passed
    text = "\n".join(said)
    assert "this is no unit" in text
    assert "right: 1. Wash, 2. Hood, 3. Mask, 3. Goggles, 4. Coverall" in text
    assert "right: Zone 0 => always; Zone 1 => sometimes; Zone 20 => always" in text
    assert "A question that must be right was wrong: hotspot." in text


def test_what_is_no_number_of_the_list_is_asked_again() -> None:
    (quiz,), _ = compile_source("<quiz>\n### Q? {#q}\n- [x] A\n- [ ] B\n</quiz>")
    lines = iter(["5", "a", "1,", ""])
    said: list[str] = []
    assert take_quiz(quiz, lambda _: next(lines), said.append, Random(1))
    assert said.count("Numbers from 1 to 2, please.") == 2


def test_the_command() -> None:
    runner = CliRunner()
    shown = runner.invoke(main, ["quiz", "preview", str(PAGE), "--seed", "3"], input="\n" * 60)
    assert shown.exit_code == 0, shown.output
    assert "1/10" in shown.output
    assert "0 %, not passed" in shown.output
    missing = runner.invoke(main, ["quiz", "preview", str(PAGE), "--quiz", "none"])
    assert missing.exit_code == 1
    assert "it has all" in missing.output
    bare = runner.invoke(main, ["quiz", "preview", str(CONTENT / "index.md")])
    assert "has no quiz that can be read" in bare.output


def test_problems_are_shown_first(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    bad = '<quiz id="bad">\n### Q? {#q}\n- [ ] A\n- [ ] B\n</quiz>\n'
    page.write_text(f'---\ntitle: P\n---\n\n{bad}\n<quiz id="good">\n### R? {{#r}}\n= 3\n</quiz>\n')
    shown = CliRunner().invoke(main, ["quiz", "preview", str(page)], input="3\n")
    assert "page.md:7:1" in shown.output
    assert "100 %, passed" in shown.output


@pytest.mark.parametrize("path", sorted((SHIPPED / "entering-grade-b").glob("*.md")), ids=lambda path: path.name)
def test_the_shipped_quizzes_can_be_taken(path: Path) -> None:
    if "<quiz" not in path.read_text(encoding="utf-8"):
        return
    shown = CliRunner().invoke(main, ["quiz", "preview", str(path)], input="\n" * 300)
    assert shown.exit_code == 0, shown.output[-500:]


def test_html_as_text() -> None:
    assert (
        plain('<p>A <b>bold</b> &amp; b</p><ul><li>c</li></ul><img alt="plan" src="x">')
        == "A bold & b\nc\n[picture: plan]"
    )


@pytest.mark.parametrize("lang", ["en", "fr", "nl"])
def test_the_cheat_sheet_has_every_kind(lang: str) -> None:
    found = examples(lang)
    assert [example.kind for example in found] == [*kind_names(), "page"]
    assert set(kind_names()) == set(question_kinds())
    assert "<math" in found[-1].html
    for example in found[:-1]:
        assert f"<air-{example.kind} " in example.html
        assert 'mode="practice"' in example.html, "it is marked in the page"


def test_the_cheat_sheet_of_the_docs_is_up_to_date() -> None:
    texts = json.loads((ROOT / "themes" / "airlock" / "texts" / "en.json").read_text(encoding="utf-8"))
    page = (ROOT / "docs" / "cheat-sheet.md").read_text(encoding="utf-8")
    assert page == as_markdown({kind: texts[f"asked_{kind}"] for kind in (*kind_names(), "page")}), "make cheat-sheet"


def test_a_worker_ends_when_its_parent_does() -> None:
    code = (
        "from site_builder.compiling.readers import default_readers as readers; "
        "from site_builder.reading.files import Source; "
        "print(readers().read([Source('a.md', 'a', 'en', ['x'])])[0].body.sha)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert len(done.stdout.strip()) == 64
    assert not done.stderr
