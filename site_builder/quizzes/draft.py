"""A question as its lines, on the way from the parser to its kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from site_builder.quizzes.blocks import Report
from site_builder.quizzes.html import IN_BACKTICKS, shows_nothing


@dataclass(frozen=True, slots=True)
class Draft:
    """A question as its lines, handed to the kind that recognised its answers.

    Attributes:
        id: Of the question.
        lang: Language of the page.
        line: Number of the line where the question begins.
        stem: Markdown of heading and text above the answers.
        stem_line: Number that the first line of the stem would have, had every line of it one.
        explanation: Markdown of what follows the answers.
        explanation_line: Number of its first line.
        critical: Whether it is a knock-out item.
        first_line: Number of the first answer line in the file.
        lines: The answer lines.
        below: The line straight under them, "" when it is blank or not there.
        render: Markdown of one fragment to sanitised HTML; takes the text and its line number.
        report: Where problems go.
    """

    id: str
    lang: str
    line: int
    stem: str
    stem_line: int
    explanation: str
    explanation_line: int
    critical: bool
    first_line: int
    lines: Sequence[str]
    below: str
    render: Callable[[str, int], str] = field(repr=False)
    report: Report = field(repr=False)

    def common(self, *, stem: str | None = None, explanation: str | None = None) -> dict[str, Any]:
        """What every question has, rendered; with other Markdown where a kind has marks in its texts."""
        told = self.explanation if explanation is None else explanation
        asked = self.stem if stem is None else stem
        # Problems are counted from the heading if they can be in it, from the text below it otherwise.
        line = self.line if "<" in asked.partition("\n")[0] else self.stem_line
        stem = self.render(asked, line)
        if asked.strip() and shows_nothing(stem):
            found = f"{asked.strip()[:40]!r}, a question that shows nothing"
            self.wrong(self.line, 1, "question-empty", found, "the question as text", IN_BACKTICKS)
        return {
            "id": self.id,
            "stem": stem,
            "stem_md": asked,
            "explanation": self.render(told, self.explanation_line) if told.strip() else "",
            "explanation_md": told if told.strip() else "",
            "critical": self.critical,
        }

    def wrong(self, line: int, column: int, code: str, found: str, expected: str, hint: str = "") -> None:
        """Report a problem."""
        self.report(line, column, code=code, found=found, expected=expected, hint=hint)
