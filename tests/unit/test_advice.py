"""What an experienced colleague would say, and how one asks them to say it no more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from airlock import main
from site_builder.authoring.advice import LIX_LIMITS, advise, lix, read_times
from site_builder.compiling.loader import load
from site_builder.problems import ADVICE
from tests.conftest import SHIPPED

GOOD = """### Which door is open? {#q}

- [ ] The left door
  > No, it is locked.
- [x] The right door
  > Yes.
- [ ] The back door
  > No, it is walled up.
"""


def advice(
    tmp_path: Path,
    body: str,
    *,
    front: str = "",
    lang: str = "en",
    course: str = "",
    home: str = "",
    text: str = "Text.",
) -> list[tuple[int, str]]:
    """Line (of the quiz, from 1) and name of each piece of advice on a lesson with one quiz."""
    folder = tmp_path / "course"
    folder.mkdir(exist_ok=True)
    (tmp_path / "index.md").write_text(f"---\ntitle: Home\n{home}---\n\nHome.\n")
    (folder / "index.md").write_text(f"---\ntitle: C\nmodules: [m]\n{course}---\n\nText.\n")
    page = f"{text}\n\n<quiz>\n{body}\n</quiz>\n"
    head = f"---\ntitle: M\nkind: lesson\nminutes: 5\n{front}---\n\n"
    (folder / "m.md").write_text(head + page, encoding="utf-8")
    if lang != "en":
        (folder / f"m.{lang}.md").write_text(f"---\ntitle: M\n---\n\n{page}", encoding="utf-8")
        head = "---\ntitle: M\n---\n\n"
    loaded = load(tmp_path)
    assert not [problem.as_line() for problem in loaded.problems if problem.severity == "error"]
    start = (head + page).split("\n").index("<quiz>") + 1
    found = [problem for problem in advise(loaded) if problem.file.endswith(f"m.{lang}.md" if lang != "en" else "m.md")]
    assert all(problem.severity == "warning" and problem.found and problem.expected for problem in found)
    return [(problem.line - start, problem.code.removeprefix("advice-")) for problem in found]


def test_a_good_question_needs_none(tmp_path: Path) -> None:
    assert advice(tmp_path, GOOD) == []


CASES = {
    "longest-right": (
        GOOD.replace("The right door", "The right door, which leads to the corridor and never to the clean room"),
        (5, "longest-right"),
    ),
    "all-of-the-above": (GOOD.replace("The back door", "All of the above"), (7, "all-of-the-above")),
    "option-feedback": (GOOD.replace("  > No, it is locked.\n", ""), (3, "option-feedback")),
    "absolute-words": (GOOD.replace("The left door", "It is always the left"), (3, "absolute-words")),
    "same-options": (GOOD.replace("The back door", "A left door."), (7, "same-options")),
    "negation": (GOOD.replace("is open", "is not open"), (1, "negation")),
    "no-question": (GOOD.replace("Which door is open?", "The open door"), (1, "no-question")),
    "image-alt": (
        GOOD.replace("\n\n- [ ] The left", "\n\n![](https://example.org/a.png)\n\n- [ ] The left"),
        (3, "image-alt"),
    ),
    "share-tolerance": ("### How much? {#q}\n\n= 12.5 ± 4%\n", (1, "share-tolerance")),
    "digits": ("### How much? {#q}\n\n= 12.345 ± 0.5 mL\n", (1, "digits")),
}


@pytest.mark.parametrize("name", list(CASES))
def test_each_piece_of_advice(name: str, tmp_path: Path) -> None:
    body, expected = CASES[name]
    assert advice(tmp_path, body) == [expected]
    assert advice(tmp_path, body, front=f"silence: [{name}]\n") == []
    assert advice(tmp_path, body, course=f"silence: [{name}]\n") == []
    assert advice(tmp_path, body, home=f"silence: [{name}]\n") == []


@pytest.mark.parametrize(
    ("lang", "body", "name"),
    [
        ("fr", GOOD.replace("Which door is open?", "Quelle porte n’est pas ouverte ?"), "negation"),
        ("fr", GOOD.replace("The back door", "Toutes les réponses ci-dessus"), "all-of-the-above"),
        ("fr", GOOD.replace("The left door", "C’est toujours celle de gauche"), "absolute-words"),
        ("nl", GOOD.replace("Which door is open?", "Welke deur is niet open?"), "negation"),
        ("nl", GOOD.replace("The back door", "Alle bovenstaande"), "all-of-the-above"),
        ("nl", GOOD.replace("The left door", "Altijd de linkse"), "absolute-words"),
    ],
)
def test_in_other_languages(lang: str, body: str, name: str, tmp_path: Path) -> None:
    assert name in [found for _, found in advice(tmp_path, body, lang=lang)]


@pytest.mark.parametrize(
    "body",
    [
        GOOD.replace("is open", "is **not** open"),
        GOOD.replace("Which door is open?", "The open door is:"),
        GOOD.replace("Which door is open?", "Choose the open door."),
        GOOD.replace("The back door", "The door in the left wall"),
        "### What is the relative humidity? {#q}\n\n= 45 ± 5 %\n",
        "### How many percent? {#q}\n\n= 45 ± 5 %\n",
        "### Is it open? {#q}\n\n- [x] True\n- [ ] False\n\nThe plan shows it.\n",
        "### The door is open. {#q}\n\n- [x] True\n- [ ] False\n\nThe plan shows it.\n",
        "### How warm? {#q}\n\n= 15..25 °C\n\n### How much? {#r}\n\n= 12.5 ± 0.5 mL\n",
        GOOD.replace("The left door", "5 Pa").replace("The right door", "15 Pa").replace("The back door", "-15 Pa"),
    ],
)
def test_what_is_no_reason_for_advice(body: str, tmp_path: Path) -> None:
    assert advice(tmp_path, body) == []


EASY = " ".join(["The door is shut. You wait for the lamp."] * 20)
HARD = " ".join(
    ["Qualification documentation necessarily demonstrates microbiological contamination characteristics throughout "
     "production environments whenever manufacturing personnel simultaneously operate interconnected equipment"] * 10
)  # fmt: skip


def test_reading_level(tmp_path: Path) -> None:
    assert advice(tmp_path, GOOD, text=EASY) == []
    assert [name for _, name in advice(tmp_path, GOOD, text=HARD)] == ["reading-level"]
    assert advice(tmp_path, GOOD, text=HARD, front="silence: reading-level\n") == []
    middle = " ".join(
        ["Before production begins, operators inspect every filter that protects the cleanest rooms."] * 12
    )
    level, count = lix(middle)
    assert LIX_LIMITS["student"] < level < LIX_LIMITS["teacher"], level
    assert count > 120
    assert advice(tmp_path, GOOD, text=middle, front="audiences: [teacher]\n") == []
    assert [name for _, name in advice(tmp_path, GOOD, text=middle, front="audiences: [teacher, student]\n")] == [
        "reading-level"
    ]


def test_the_formula_of_the_reading_level() -> None:
    """Björnsson's: words in a sentence, plus the percentage of words of more than six letters."""
    assert lix("One two three four. Five sevenletters.") == (6 / 2 + 100 * 1 / 6, 6)
    assert lix("") == (0.0, 0)
    assert lix("L’air s’écoule.")[1] == 4, "an apostrophe parts words"


@pytest.mark.parametrize(("taken", "found"), [(6, []), (7, ["minutes"]), (3, ["minutes"]), (4, [])])
def test_a_nominal_time_is_held_against_what_learners_took(tmp_path: Path, taken: int, found: list[str]) -> None:
    advice(tmp_path, GOOD)
    (tmp_path / "times.json").write_text(json.dumps({"course/m": taken, "course/gone": 9, "course/odd": "x"}))
    advised = advise(load(tmp_path), read_times(tmp_path))
    assert [problem.code.removeprefix("advice-") for problem in advised] == found
    assert all(problem.file == "course/m.md" and problem.line == 4 for problem in advised)


@pytest.mark.parametrize("text", ["", "[1]", "{"])
def test_a_file_of_times_that_is_none_says_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "times.json").write_text(text)
    assert read_times(tmp_path) == {}
    assert read_times(tmp_path / "nowhere") == {}


def test_objectives(tmp_path: Path) -> None:
    front = "objectives:\n  - Tell which door is open\n  - Measure the pressure of a pump\n"
    assert advice(tmp_path, GOOD, front=front) == [(-5, "objective")]
    assert advice(tmp_path, GOOD, front=f"{front}silence: [objective]\n") == []


def test_silence_is_checked(tmp_path: Path) -> None:
    folder = tmp_path / "c"
    folder.mkdir()
    (tmp_path / "index.md").write_text("---\ntitle: H\nsilence: [nagging]\n---\n\nT.\n")
    (folder / "index.md").write_text("---\ntitle: C\nmodules: [m]\nsilence: [digits, digit]\n---\n\nT.\n")
    (folder / "m.md").write_text("---\ntitle: M\nkind: lesson\nminutes: 5\nsilence: [negations]\n---\n\nT.\n")
    found = [(problem.file, problem.line, problem.code) for problem in load(tmp_path).problems]
    assert found == [
        ("c/index.md", 4, "front-matter-value"),
        ("c/m.md", 5, "front-matter-value"),
        ("index.md", 3, "front-matter-value"),
    ]


def test_every_name_is_tested() -> None:
    assert {*CASES, "reading-level", "objective", "minutes"} == set(ADVICE)


def test_the_command(tmp_path: Path) -> None:
    advice(tmp_path, CASES["negation"][0])
    runner = CliRunner()
    shown = runner.invoke(main, ["check", "--content", str(tmp_path)])
    assert "warning [advice-negation]" in shown.output
    assert "0 errors, 1 warning." in shown.output
    assert shown.exit_code == 0
    assert "No problems." in runner.invoke(main, ["check", "--no-advice", "--content", str(tmp_path)]).output


def test_the_shipped_courses_follow_it() -> None:
    assert [problem.as_line() for problem in advise(load(SHIPPED))] == []
