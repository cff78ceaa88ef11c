"""Short pieces of Markdown (a stem, an option, feedback) to sanitised HTML."""

from __future__ import annotations

import re
from functools import lru_cache

from markdown import Markdown
from markdown.preprocessors import Preprocessor

from site_builder import writing
from site_builder.dialect import normalise
from site_builder.markup import Removed, sanitise_and_tell


@lru_cache(maxsize=1)
def _markdown() -> Markdown:
    converter = Markdown(extensions=list(writing.EXTENSIONS), extension_configs=writing.CONFIGS, output_format="xhtml")
    converter.preprocessors.register(Dialect(converter, tasks=False), "airlock-dialect", 27)
    writing.register(converter, page=False)
    keep_list_numbers(converter)
    return converter


class Dialect(Preprocessor):
    """Lists and boxes as on GitHub, in the form that Python-Markdown reads; before fences are taken out (25)."""

    def __init__(self, md: Markdown, lang: str = "en", *, tasks: bool = True) -> None:
        super().__init__(md)
        self._lang, self._tasks = lang, tasks

    def run(self, lines: list[str]) -> list[str]:
        """All lines."""
        return normalise(lines, self._lang, tasks=self._tasks)


def keep_list_numbers(converter: Markdown) -> None:
    """Let a list that an author begins with 3. begin with 3."""
    processor = converter.parser.blockprocessors["olist"]
    setattr(processor, "LAZY_OL", False)  # noqa: B010  # Its types call it a class variable; other converters keep theirs.


LETTER = "A-Za-zÀ-ÖØ-öø-ÿœŒ"
SIGNS = f"{LETTER}0-9,.;:?!'()%/°±µ×²³’‘“”«»…–-"
LINE = rf"[{LETTER}](?:[ {SIGNS}]*[{SIGNS}])?"
PLAIN = re.compile(rf"{LINE}(?:\n{LINE})*")
"""Lines that Markdown reads as they stand, as most options and remarks are."""


@lru_cache(maxsize=20_000)
def render_fragment(text: str) -> tuple[str, tuple[Removed, ...]]:
    """Sanitised HTML of one piece of Markdown, and what was taken out of it."""
    bare = text.strip("\n")
    if PLAIN.fullmatch(bare):
        return f"<p>{bare}</p>", ()
    return render_markdown(text)


def render_markdown(text: str) -> tuple[str, tuple[Removed, ...]]:
    """`render_fragment` for a text that need not be plain."""
    converter = _markdown()
    converter.reset()
    after, removed = sanitise_and_tell(converter.convert(text))
    return after.strip(), removed


def render_at(text: str, line: int) -> str:
    """`render_fragment` in the form that the quiz parser calls, for showing: nothing is reported."""
    return render_fragment(text)[0]
