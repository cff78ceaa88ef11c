from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.course.model import ChoiceQuestion, Numeric, Quiz
from site_builder.files import Collector
from site_builder.fixes import add_question_ids, fix_page, question_ids
from site_builder.loader import compile_quizzes
from site_builder.problems import Problem
from site_builder.quizzes import kinds

CASES = tomllib.loads((Path(__file__).parent.parent / "golden" / "quizzes.toml").read_text(encoding="utf-8"))["case"]


def compile_source(source: str, lang: str = "en") -> tuple[tuple[Quiz, ...], list[Problem]]:
    report = Collector("page.md")
    quizzes, _ = compile_quizzes(source.split("\n"), lang, 0, report)
    return quizzes, sorted(report.problems)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_golden_cases(case: dict[str, Any]) -> None:
    quizzes, problems = compile_source(case["source"].removeprefix("\n"), case.get("lang", "en"))
    found = [[problem.line, problem.column, problem.code] for problem in problems]
    assert found == case.get("problems", []), [problem.as_line() for problem in problems]
    if "questions" not in case:
        return
    questions = [question for quiz in quizzes for question in quiz.questions]
    assert len(questions) == len(case["questions"])
    for question, expected in zip(questions, case["questions"], strict=True):
        seen: dict[str, Any] = {"kind": question.kind, "id": question.id}
        if isinstance(question, ChoiceQuestion):
            seen |= {
                "right": sorted(question.right_ids),
                "options": len(question.options),
                "feedback": [option.feedback for option in question.options],
                "html": [option.html for option in question.options],
            }
        if isinstance(question, Numeric):
            seen |= {"low": str(question.low), "high": str(question.high), "unit": question.unit}
            seen["answer"] = question.answer
        seen |= {"critical": question.critical, "explanation": question.explanation}
        assert {name: seen[name] for name in expected} == expected


def test_every_problem_says_what_was_found_and_expected() -> None:
    for case in CASES:
        for problem in compile_source(case["source"])[1]:
            assert problem.found
            assert problem.expected
            assert problem.as_line().startswith(
                f"page.md:{problem.line}:{problem.column}: error[{problem.code}]: found "
            )


def test_attributes() -> None:
    source = (
        '<quiz id="a" pass="65 %" attempts=2 practice release=\'passed\' show="one">\n### Q?\n- [x] A\n- [ ] B\n</quiz>'
    )
    (quiz,), problems = compile_source(source)
    assert not problems
    assert (quiz.pass_mark, quiz.attempts, quiz.practice, quiz.release, quiz.show) == (65, 2, True, "passed", "one")


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
from site_builder.course.model import Numeric
from site_builder.quizzes.html import add

class Echo:
    names = ("echo",)
    def starts(self, line): return line.startswith("@echo ")
    def extent(self, lines): return 1
    def parse(self, draft):
        return Numeric(id=draft.id, stem=draft.stem, low=1, high=1, answer=draft.lines[0].removeprefix("@echo "))
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
