"""The kinds of question: what they are made of, what of them is public, how they are marked. One file a kind."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache

from site_builder.course.model import Question


@cache
def question_kinds() -> dict[str, type[Question]]:
    """Every concrete question class by its kind; a file in this folder is found by itself."""
    for info in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{info.name}")

    def below(parent: type[Question]) -> Iterator[type[Question]]:
        for child in parent.__subclasses__():
            yield child
            yield from below(child)

    return {kind.kind: kind for kind in below(Question) if kind.kind}
