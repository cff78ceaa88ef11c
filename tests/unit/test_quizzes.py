from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.authoring.cheatsheet import EXAMPLES
from site_builder.authoring.fixes import add_question_ids, fix_page, question_ids
from site_builder.course.kinds import question_kinds
from site_builder.course.manifest import dump_quiz
from site_builder.course.model import Quiz
from site_builder.problems import Problem
from site_builder.quizzes import kinds
from site_builder.reading.bodies import compile_quizzes
from site_builder.reading.files import Collector


def read_source(name: str) -> str:
    """An example of the cheat sheet: the product and the tests read the same files."""
    return (EXAMPLES / name).read_text(encoding="utf-8")


def source_of(case: dict[str, Any]) -> str:
    """The source of a golden case."""
    return str(case.get("source") or read_source(case["example"]))


GOLDEN = Path(__file__).parent.parent / "golden"
FILES = [GOLDEN / "quizzes.toml", *sorted((GOLDEN / "kinds").glob("*.toml"))]
CASES = [
    {**case, "name": f"{path.stem}: {case['name']}", "source": source_of(case)}
    for path in FILES
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]


def compile_source(source: str, lang: str = "en") -> tuple[tuple[Quiz, ...], list[Problem]]:
    report = Collector("page.md")
    quizzes, _, _ = compile_quizzes(source.split("\n"), lang, 0, report)
    return tuple(parsed.quiz for parsed in quizzes), sorted(report.problems)


def assert_fits(found: Any, expected: Any, place: str) -> None:
    """Whether what was found has everything that is expected; it may have more."""
    if isinstance(expected, dict):
        assert isinstance(found, dict), place
        for name, item in expected.items():
            assert name in found, f"{place}.{name}"
            assert_fits(found[name], item, f"{place}.{name}")
    elif isinstance(expected, list):
        assert isinstance(found, list), place
        assert len(found) == len(expected), (place, found)
        for number, (one, other) in enumerate(zip(found, expected, strict=True)):
            assert_fits(one, other, f"{place}[{number}]")
    else:
        assert found == expected, place


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_golden_cases(case: dict[str, Any]) -> None:
    quizzes, problems = compile_source(case["source"].removeprefix("\n"), case.get("lang", "en"))
    found = [
        {"at": f"{problem.line}:{problem.column}", "code": problem.code, "found": problem.found} for problem in problems
    ]
    assert_fits(found, case.get("problems", []), "problems")
    if "quiz" in case:
        assert_fits(dump_quiz(quizzes[0]), case["quiz"], "quiz")
    if "questions" in case:
        plain = [question for quiz in quizzes for question in dump_quiz(quiz)["questions"]]
        assert_fits(plain, case["questions"], "questions")


@pytest.mark.parametrize("path", FILES[1:], ids=lambda path: path.stem)
def test_every_kind_has_cases_enough(path: Path) -> None:
    cases = tomllib.loads(path.read_text(encoding="utf-8"))["case"]
    assert sum("problems" not in case for case in cases) >= 12
    assert sum("problems" in case for case in cases) >= 12
    assert {case["lang"] for case in cases if case.get("example")} == {"en", "fr", "nl"}


def test_every_kind_has_a_file_of_cases() -> None:
    assert {path.stem for path in FILES[1:]} == set(question_kinds())


def test_every_problem_says_what_was_found_and_expected() -> None:
    for case in CASES:
        for problem in compile_source(case["source"])[1]:
            assert problem.found
            assert problem.expected
            assert problem.as_line().startswith(
                f"page.md:{problem.line}:{problem.column}: {problem.severity}[{problem.code}]: found "
            )


def test_attributes() -> None:
    question = "### Q{0}? {{#q{0}}}\n- [x] A\n- [ ] B\n"
    three = "".join(map(question.format, range(3)))
    (quiz,), problems = compile_source(
        '<quiz id="a" pass="65 %" attempts=2 release=\'passed\' show="one" draw="2" shuffle minutes=20 wait="1h" '
        f'confidence marking="all-or-nothing">\n{three}</quiz>'
    )
    assert not problems
    assert (quiz.pass_mark, quiz.attempts, quiz.practice, quiz.release, quiz.show) == (65, 2, False, "passed", "one")
    assert (quiz.draw, quiz.shuffle, quiz.minutes, quiz.wait) == (2, True, 20, 3600)
    assert (quiz.confidence, quiz.marking, quiz.handed_out) == (True, "all-or-nothing", True)
    assert set(quiz.sheets) == {"q0", "q1", "q2"}
    for attempts, release in (("", "passed"), ('attempts="3"', "passed"), ('attempts="1"', "now")):
        (quiz,), problems = compile_source(f"<quiz {attempts}>\n{three}</quiz>")
        assert (not problems, quiz.release) == (True, release), "who may try again is not handed the key"
    (quiz,), problems = compile_source(f"<quiz practice shuffle>\n{three}</quiz>")
    assert not problems
    assert (quiz.practice, quiz.shuffle, quiz.handed_out) == (True, True, False)


@given(st.text(alphabet=st.sampled_from("#-[] x\n>=<quiz/>.{}#aéＡ\u202e±0123,\"'`~|\t"), max_size=200))
def test_any_text_is_a_quiz_or_a_problem(text: str) -> None:
    quizzes, problems = compile_source(f"<quiz>\n{text}\n</quiz>\n")
    assert quizzes or problems


@given(st.text(max_size=300))
def test_any_page_compiles(text: str) -> None:
    compile_source(text)


def test_missing_ids_are_written() -> None:
    question = "- [x] A\n- [ ] B\n"
    source = f"<quiz>\n### Which door?\n{question}### Which door? {{.critical}}\n{question}</quiz>\n### Not me\n"
    fixed, count = add_question_ids(source)
    assert count == 2
    assert "### Which door? {#which-door}" in fixed
    assert "### Which door? {#which-door-2 .critical}" in fixed
    assert fixed.endswith("### Not me\n")
    assert add_question_ids(fixed) == (fixed, 0)
    french = source.replace("Which door?", "Quelle porte ?")
    assert question_ids(add_question_ids(french, question_ids(fixed))[0]) == ["which-door", "which-door-2"]
    braces = "<quiz>\n### The set {x}\n- [x] A\n- [ ] B\n</quiz>"
    assert add_question_ids(braces) == (braces, 0), "braces that are text are left alone"


def test_fixing_a_page_loses_nothing() -> None:
    fixed, what = fix_page("﻿Température élevée\r\nfin\r\n".encode())
    assert fixed.decode() == "Température élevée\nfin\n"
    assert len(what) == 2
    fixed, what = fix_page("Température".encode("cp1252"))
    assert fixed.decode() == "Température"
    assert what == ["converted from Latin-1 to UTF-8"]
    mixed, _ = fix_page("café ".encode() + "déjà".encode("cp1252"))
    assert mixed.decode() == "café déjà", "what was UTF-8 stays as it was"
    for unreadable in ("x".encode("utf-16"), b"a\x00b", b"\x81 and \xff"):
        assert fix_page(unreadable) == (unreadable, [])


NEW_KIND = """
from site_builder.course.kinds.numeric import Numeric
from site_builder.quizzes.base import BaseKind
from site_builder.quizzes.html import add

class Echo(BaseKind):
    names = ("echo",)
    form = "an echo"
    def starts(self, line): return line.startswith("@echo ")
    def parse(self, draft):
        return Numeric(**draft.common(), low=1, high=1, answer=draft.lines[0].removeprefix("@echo "))
    def show(self, parent, question, name, *, practice): add(parent, "p")

KIND = Echo()
"""


def test_a_new_kind_is_one_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "echo.py").write_text(NEW_KIND)
    monkeypatch.setattr(kinds, "__path__", [*kinds.__path__, str(tmp_path)])
    kinds.all_kinds.cache_clear()
    try:
        (quiz,), problems = compile_source("<quiz>\n### Say it\n@echo hello\n</quiz>")
        assert not problems
        assert getattr(quiz.questions[0], "answer") == "hello"  # noqa: B009  # Of a kind that the types do not know.
    finally:
        kinds.all_kinds.cache_clear()


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("12.5 mL ± 4 %", "= 12.5 ± 0.5 mL"),
        ("12.5 ± 4% mL", "= 12.5 ± 0.5 mL"),
        ("200 mg/L +- 10 %", "= 200 ± 20 mg/L"),
    ],
)
def test_a_tolerance_as_a_share_is_shown_as_it_should_be(key: str, meant: str) -> None:
    _, problems = compile_source(f'<quiz id="a">\n\n### How much? {{#q}}\n\n= {key}\n\n</quiz>')
    assert [problem.code for problem in problems] == ["numeric-malformed"]
    assert problems[0].hint.endswith(f"{meant}.")
