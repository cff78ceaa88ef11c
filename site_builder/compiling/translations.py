"""Whether a translation carries the same questions as its page in the default language."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import Any

from site_builder.course.model import Page, Quiz
from site_builder.quizzes.blocks import find_blocks
from site_builder.quizzes.kinds import all_kinds, kind_named
from site_builder.reading.files import Collector
from site_builder.reading.frontmatter import FrontMatter


@cache
def _quiz_codes() -> tuple[str, ...]:
    """Problems after which a quiz is not what its author meant: comparing it would only repeat them."""
    return ("quiz-", "question-", "fence-", "page-", *(code for kind in all_kinds() for code in kind.codes))


def compare_translation(
    main: Page, other: Page, *, lines: list[str], matter: FrontMatter, main_report: Collector, report: Collector
) -> None:
    """Report where a translation has other questions, options or keys, or another order of them.

    Args:
        main: The page in the default language.
        other: Its translation.
        lines: Of the translation's file.
        matter: Of the translation.
        main_report: What was reported of the page in the default language.
        report: What was reported of the translation, and where problems go.
    """
    problems = (*main_report.problems, *report.problems)
    unread = any(problem.code.startswith(_quiz_codes()) for problem in problems)
    if not unread and _outline(main) != _outline(other):
        blocks = find_blocks(lines)
        found, expected = _first_difference(_outline(main), _outline(other))
        report(
            blocks[0].start + 1 if blocks else 1,
            1,
            code="translation-differs",
            found=found,
            expected=f"{expected}, as in {main.source}",
            hint="A translation has the same quizzes, questions, options and right answers in the same order.",
        )
    for name in ("objectives", "checklist", "levels", "bring"):
        if len(getattr(main, name)) != len(getattr(other, name)):
            report(
                matter.line(name),
                1,
                code="translation-differs",
                found=f"{len(getattr(other, name))} {name}",
                expected=f"{len(getattr(main, name))}, as in {main.source}",
            )
    if tuple(map(bool, main.pictures)) != tuple(map(bool, other.pictures)):
        report(
            matter.line("checklist"),
            1,
            code="translation-differs",
            found="pictures at other lines of the checklist",
            expected=f"at the same ones as in {main.source}",
        )
    if main.asked_levels != other.asked_levels:
        report(
            matter.line("checklist"),
            1,
            code="translation-differs",
            found="other levels behind the lines of the checklist",
            expected=f"the same ones as in {main.source}",
        )
    if main.critical != other.critical:
        report(
            matter.line("checklist"),
            1,
            code="translation-differs",
            found="other lines marked {.critical}",
            expected=f"the same ones as in {main.source}",
        )


def _outline(page: Page) -> list[Any]:
    outline: list[Any] = []
    for quiz in page.quizzes:
        settings = [getattr(quiz, name) for name in SETTINGS]
        outline.append(("quiz", quiz.id, *settings))
        outline.extend((q.kind, q.id, q.critical, q.objective, q.outline()) for q in quiz.questions)
    return outline


TEXTS = ("id", "questions", "intro", "intro_md", "sheets")
SETTINGS = tuple(item.name for item in fields(Quiz) if item.name not in TEXTS)
"""Everything that is set on a quiz; its texts differ by language."""


def _first_difference(main: list[Any], other: list[Any]) -> tuple[str, str]:
    for left, right in zip(main, other, strict=False):
        if left != right:
            return _said(right), _said(left)
    if len(other) > len(main):
        return _said(other[len(main)]), "the end of the quizzes"
    return "the end of the quizzes", _said(main[len(other)])


def _said(item: Any) -> str:
    if item[0] == "quiz":
        settings = ", ".join(
            name.replace("pass_mark", "pass") if value is True else f"{name.replace('pass_mark', 'pass')} {value}"
            for name, value in zip(SETTINGS, item[2:], strict=True)
            if value not in (None, False, 0, "partial")
        )
        return f"quiz {item[1]!r} ({settings})"
    kind, name, critical, objective, outline = item
    text = f"{kind} question {name!r}{' (critical)' if critical else ''}{f' (objective {objective})' * bool(objective)}"
    known = kind_named(kind)
    return text + (known.describe(outline) if known else "")
