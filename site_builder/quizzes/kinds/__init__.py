"""The kinds of question. A module in this folder with a `KIND` is a kind: nothing else has to be registered."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol
from xml.etree.ElementTree import Element

from site_builder.course.model import Question
from site_builder.quizzes.blocks import Report


@dataclass(frozen=True, slots=True)
class Draft:
    """A question as its lines, handed to the kind that recognised its answers.

    Attributes:
        id: Of the question.
        lang: Language of the page.
        stem: HTML.
        explanation: HTML.
        critical: Whether it is a knock-out item.
        first_line: Number of the first answer line in the file.
        lines: The answer lines.
        render: Markdown of one fragment to sanitised HTML; takes the text and its line number.
        report: Where problems go.
    """

    id: str
    lang: str
    stem: str
    explanation: str
    critical: bool
    first_line: int
    lines: Sequence[str]
    render: Callable[[str, int], str] = field(repr=False)
    report: Report = field(repr=False)


class Kind(Protocol):
    """What a kind of question does on the builder's side."""

    names: tuple[str, ...]
    """The `kind` values of the model classes that it makes and shows."""

    def starts(self, line: str) -> bool:
        """Whether a line begins the answers of this kind."""

    def extent(self, lines: Sequence[str]) -> int:
        """How many of the lines, from the first answer line on, belong to the answers."""

    def parse(self, draft: Draft) -> Question | None:
        """The question, or None after reporting why there is none."""

    def show(self, parent: Element, question: Question, name: str, *, practice: bool) -> None:
        """Append the controls to `parent`, without the key unless the quiz is a practice quiz."""


@cache
def all_kinds() -> tuple[Kind, ...]:
    """Every kind, in the order of their file names."""
    found = []
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda item: item.name):
        module = importlib.import_module(f"{__name__}.{info.name}")
        found.append(module.KIND)
    return tuple(found)


def kind_of(question: Question) -> Kind:
    """The kind that shows a question.

    Raises:
        KeyError: No file of this folder knows the question's kind.
    """
    for kind in all_kinds():
        if question.kind in kind.names:
            return kind
    raise KeyError(question.kind)
