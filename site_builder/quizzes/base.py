"""What most kinds of question do alike on the builder's side."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from site_builder.course.model import Question
from site_builder.quizzes.html import append_html


class BaseKind:
    """A kind whose answers are strong, take nothing of others, fill one line, and have nothing in the stem."""

    weak = False
    needs_stem = True
    draws = False

    def takes(self, line: str) -> bool:
        """Nothing."""
        return False

    def goes_on(self, line: str) -> bool:
        """Nothing does."""
        return False

    def extent(self, lines: Sequence[str]) -> int:
        """One line."""
        return 1

    def write(self, parent: Element, html: str, question: Question, name: str) -> None:
        """The text as it is."""
        append_html(parent, html)
