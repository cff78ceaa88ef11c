"""What most kinds of question do alike on the builder's side."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from site_builder.course.model import Question
from site_builder.quizzes.html import add, append_html


def add_field(parent: Element, name: str, *, row: str, field: str, **attributes: str) -> Element:
    """A row with a text field that the stem labels; gives the field.

    Args:
        parent: Of the row.
        name: Of the question in its page.
        row: Class of the row.
        field: Class of the field.
        attributes: More attributes of the field.
    """
    common = {"type": "text", "name": name, "id": f"{name}-value", "autocomplete": "off", "spellcheck": "false"}
    return add(
        add(parent, "div", class_=row), "input", class_=field, aria_labelledby=f"stem-{name}", **common, **attributes
    )


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
