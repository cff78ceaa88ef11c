"""What most kinds of question do alike on the builder's side."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from site_builder.course.model import Question
from site_builder.markup import lines_of
from site_builder.quizzes.html import add, append_html

Ask = Callable[[str], str]
"""Gives the line that is typed after a prompt."""
Say = Callable[[str], None]
"""Shows a line."""


def plain(html: str) -> str:
    """HTML as lines of text, for a terminal."""
    return lines_of(html, picture="[picture: {}]")


def pick(texts: Sequence[str], prompt: str, ask: Ask, say: Say) -> list[int]:
    """Places of what was picked by number; asks again for what is no number of the list."""
    for number, text in enumerate(texts, start=1):
        say(f"  {number}  {text}")
    while True:
        words = re.findall(r"\S+", ask(prompt).replace(",", " "))
        if all(word.isascii() and word.isdecimal() and 1 <= int(word) <= len(texts) for word in words):
            return list(dict.fromkeys(int(word) - 1 for word in words))
        say(f"Numbers from 1 to {len(texts)}, please.")


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
    codes: tuple[str, ...] = ()
    slips: tuple[tuple[str, str], ...] = ()

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

    def describe(self, outline: tuple[Any, ...]) -> str:
        """Nothing but the kind."""
        return ""

    def in_terminal(self, question: Question) -> str:
        """The text as it is."""
        return question.stem

    def ask(self, question: Question, order: tuple[str, ...], ask: Ask, say: Say) -> Any:
        """A typed line."""
        return ask("Answer").strip() or None

    def right(self, question: Question) -> str:
        """What a released result shows."""
        key = question.key()
        return str(key.get("answer") or " / ".join(key.get("accepted", ())))

    def remarks(self, question: Question, response: Any) -> Iterator[tuple[str, str]]:
        """None but the explanation, which every kind has."""
        yield from ()
