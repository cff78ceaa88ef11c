"""Whether a translation carries the same questions as its page in the default language."""

from __future__ import annotations

from typing import Any

from site_builder.course.model import ChoiceQuestion, Numeric, Page
from site_builder.files import Collector
from site_builder.frontmatter import FrontMatter
from site_builder.quizzes.blocks import find_blocks

QUIZ_CODES = ("quiz-", "question-", "option-", "numeric-", "fence-")
"""Problems after which a quiz is not what its author meant: comparing it would only repeat them."""


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
    unread = [p for p in (*main_report.problems, *report.problems) if p.code.startswith(QUIZ_CODES)]
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
    for name in ("objectives", "checklist"):
        if len(getattr(main, name)) != len(getattr(other, name)):
            report(
                matter.line(name),
                1,
                code="translation-differs",
                found=f"{len(getattr(other, name))} {name}",
                expected=f"{len(getattr(main, name))}, as in {main.source}",
            )


def _outline(page: Page) -> list[Any]:
    outline: list[Any] = []
    for quiz in page.quizzes:
        outline.append(("quiz", quiz.id, quiz.pass_mark, quiz.attempts, quiz.practice, quiz.release, quiz.show))
        for question in quiz.questions:
            key: Any = ""
            if isinstance(question, ChoiceQuestion):
                key = (len(question.options), *sorted(question.right_ids))
            elif isinstance(question, Numeric):
                factors = sorted((c.factor, c.offset) for c in question.units)
                key = (question.low, question.high, *factors)
            outline.append((question.kind, question.id, question.critical, key))
    return outline


def _first_difference(main: list[Any], other: list[Any]) -> tuple[str, str]:
    for left, right in zip(main, other, strict=False):
        if left != right:
            return _said(right), _said(left)
    if len(other) > len(main):
        return _said(other[len(main)]), "the end of the quizzes"
    return "the end of the quizzes", _said(main[len(other)])


def _said(item: Any) -> str:
    if item[0] == "quiz":
        return f"quiz {item[1]!r} (pass {item[2]} %, attempts {item[3] or 'unlimited'})"
    text = f"{item[0]} question {item[1]!r}"
    if item[0] == "numeric":
        return f"{text} ({item[3][0]} to {item[3][1]})"
    return f"{text} with {item[3][0]} options, right: {', '.join(item[3][1:])}"
