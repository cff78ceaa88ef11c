"""The kinds of question. A module in this folder with a `KIND` is a kind: nothing else has to be registered."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol
from xml.etree.ElementTree import Element

from site_builder.course.model import Question

if TYPE_CHECKING:
    from site_builder.quizzes.base import Ask, Say
    from site_builder.quizzes.draft import Draft


class Kind(Protocol):
    """What a kind of question does on the builder's side."""

    names: tuple[str, ...]
    """The `kind` values of the model classes that it makes and shows."""

    form: str
    """What its answers look like, for a message."""

    often: int
    """Its place on the cheat sheet, from what one needs daily to what one needs rarely."""

    codes: tuple[str, ...]
    """How its problems begin: after one, its question is not what its author meant."""

    slips: tuple[tuple[str, str], ...]
    """What a line that is none of its answers looks like, and what to write instead."""

    weak: bool
    """Whether its lines may be plain text too: they are answers only where nothing else is."""

    draws: bool
    """Whether its texts may have values that are drawn."""

    needs_stem: bool
    """Whether there must be a text above the answers."""

    def starts(self, line: str) -> bool:
        """Whether a line begins the answers of this kind."""

    def takes(self, line: str) -> bool:
        """Whether a line that begins answers of another kind belongs to this one's, below them."""

    def goes_on(self, line: str) -> bool:
        """Whether a line further down would be a second part of the answers, broken off by a text."""

    def extent(self, lines: Sequence[str]) -> int:
        """How many of the lines, from the first answer line on, belong to the answers."""

    def parse(self, draft: Draft) -> Question | None:
        """The question, or None after reporting why there is none."""

    def show(self, parent: Element, question: Question, name: str, *, practice: bool) -> None:
        """Append the controls to `parent`, without the key unless the quiz is a practice quiz."""

    def write(self, parent: Element, html: str, question: Question, name: str) -> None:
        """Append a text of the question (stem or explanation) to `parent`, with the controls that stand in it."""

    def describe(self, outline: tuple[Any, ...]) -> str:
        """An outline in words, for a translation that differs: ", with 3 options"; "" for nothing."""

    def in_terminal(self, question: Question) -> str:
        """The stem, as a terminal shows it; HTML."""

    def ask(self, question: Question, order: tuple[str, ...], ask: Ask, say: Say) -> Any:
        """The response that is given in a terminal; None for an empty line."""

    def right(self, question: Question) -> str:
        """The right answer in one line."""

    def remarks(self, question: Question, response: Any) -> Iterator[tuple[str, str]]:
        """What was answered and the feedback on it; both HTML."""


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
    kind = kind_named(question.kind)
    if kind is None:
        raise KeyError(question.kind)
    return kind


def kind_named(name: str) -> Kind | None:
    """The kind with a `kind` value; None for one that no file knows."""
    return next((kind for kind in all_kinds() if name in kind.names), None)
