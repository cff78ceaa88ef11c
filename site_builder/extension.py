"""The Python-Markdown extension: quizzes become elements, and pages pass the sanitiser.

It works in any builder that uses Python-Markdown. It shows; it does not report: `airlock check` and the loader do,
from the same parser.
"""

from __future__ import annotations

import re
import secrets
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.util import AtomicString

from site_builder import writing
from site_builder.fragments import Dialect, keep_list_numbers, render_at
from site_builder.markup import Removed, sanitise_and_tell
from site_builder.quizzes.blocks import BROKEN, find_blocks
from site_builder.quizzes.parsed import Parsed
from site_builder.quizzes.parser import parse_quiz
from site_builder.quizzes.render import render_quiz

Known = dict[tuple[int, str, tuple[str, ...]], Parsed | None]
"""Quizzes that were read, by their place on the page, their attributes and their lines."""

MARK = "\x02airlock-quiz:{}\x03"
QUIZ_MARK = re.compile("\x02airlock-quiz:([0-9]+)\x03")


def _ignore(*_: object, **__: object) -> None:
    """Where the parser's reports go while a page is shown."""


class QuizLines(Preprocessor):
    """Takes the quizzes out of the source before anything else can read them as something else."""

    def __init__(self, md: Markdown, extension: AirlockExtension) -> None:
        super().__init__(md)
        self._extension = extension

    def run(self, lines: list[str]) -> list[str]:
        """Replace each block by a mark; a block that cannot be read stays visible as a note."""
        out, index = [], 0
        for number, block in enumerate(find_blocks(lines), start=1):
            known = (number, block.attributes, block.lines)
            if known in self._extension.known:
                parsed = self._extension.known[known]
            else:
                parsed = parse_quiz(block, lang=self._extension.lang, render=render_at, report=_ignore, number=number)
            element = (
                render_quiz(parsed.quiz, lang=self._extension.lang, scene=parsed.scene)
                if parsed
                else unreadable(block.lines)
            )
            element.set("data-place", self._extension.nonce)
            self._extension.found.append(element)
            out.extend(lines[index : block.start])
            out.extend(["", MARK.format(len(self._extension.found) - 1), ""])
            index = block.end + 1
        return [*out, *lines[index:]]


def unreadable(lines: tuple[str, ...]) -> Element:
    """The source of a quiz that has problems, so that a preview loses nothing of it."""
    element = Element("div", {"class": BROKEN})
    code = Element("pre")
    code.text = AtomicString("\n".join(lines))
    element.append(code)
    return element


class QuizMarks(BlockProcessor):
    """Puts the elements where the marks are."""

    def __init__(self, parser: BlockParser, extension: AirlockExtension) -> None:
        super().__init__(parser)
        self._extension = extension

    def test(self, parent: Element, block: str) -> bool:
        """Whether a block is one of our marks."""
        return QUIZ_MARK.search(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> bool:
        """Append the element that the mark stands for."""
        before, number, after = QUIZ_MARK.split(blocks.pop(0), maxsplit=1)
        if before.strip():
            self.parser.parseBlocks(parent, [before])
        parent.append(self._extension.found[int(number)])
        if after.strip():
            blocks.insert(0, after)
        return True


class Sanitiser(Postprocessor):
    """The last step over the whole page.

    Quizzes are set aside meanwhile: they were made here, out of sanitised fragments, from elements that an author may
    not write. The nonce tells them from what an author wrote.
    """

    def __init__(self, md: Markdown, extension: AirlockExtension) -> None:
        super().__init__(md)
        self._extension = extension

    def run(self, text: str) -> str:
        """The page without what the allow-list does not name."""
        nonce = self._extension.nonce
        mark = f' data-place="{nonce}"'
        kept: list[str] = []

        def set_aside(match: re.Match[str]) -> str:
            kept.append(match[0].replace(mark, "", 1))
            return f'<div data-place="{nonce}-{len(kept) - 1}"></div>'

        pattern = rf"<(air-quiz|div)\b[^>]*{mark}[^>]*>.*?</\1>"
        before = re.sub(pattern, set_aside, text, flags=re.DOTALL)
        # What looks like a quiz and was not recognised must not show its key: the builder refuses the page.
        before = re.sub(
            r"(?is)<quiz\b.*?(?:</quiz\s*>|\Z)|\x02?airlock-quiz:\d+\x03?", f'<div class="{BROKEN}"></div>', before
        )
        after, self._extension.removed = sanitise_and_tell(before)
        return re.sub(rf'<div data-place="{nonce}-(\d+)"></div>', lambda match: kept[int(match[1])], after)


class AirlockExtension(Extension):
    """Configuration: `lang`, the language of the page (for True and False in quizzes)."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {"lang": ["en", "Language of the page"]}
        self.found: list[Element] = []
        self.known: Known = {}
        """Quizzes of the next page that were read already."""
        self.removed: tuple[Removed, ...] = ()
        self.nonce = secrets.token_hex(8)
        super().__init__(**kwargs)

    @property
    def lang(self) -> str:
        """Language of the page, ISO 639-1."""
        return str(self.getConfig("lang"))

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the steps with a converter."""
        md.registerExtension(self)
        keep_list_numbers(md)
        # After whitespace is normalised (30), before fences (25) and raw HTML (20) are taken out.
        md.preprocessors.register(QuizLines(md, self), "airlock-quiz", 28)
        md.preprocessors.register(Dialect(md, self.lang), "airlock-dialect", 27)
        writing.register(md, self.lang)
        md.parser.blockprocessors.register(QuizMarks(md.parser, self), "airlock-quiz", 200)
        md.postprocessors.register(Sanitiser(md, self), "airlock-sanitise", -10)

    def reset(self) -> None:
        """Forget the last page."""
        self.found.clear()
        self.known = {}
        self.removed = ()
        self.nonce = secrets.token_hex(8)


def makeExtension(**kwargs: Any) -> AirlockExtension:
    """The entry point that Python-Markdown looks for."""
    return AirlockExtension(**kwargs)
