"""The Python-Markdown extension: quizzes become elements, and pages pass the sanitiser.

It works in any builder that uses Python-Markdown. It shows; it does not report: `airlock check` and the loader do,
from the same parser.
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor

from site_builder.fragments import render_at
from site_builder.quizzes.blocks import find_blocks
from site_builder.quizzes.parser import parse_quiz
from site_builder.quizzes.render import render_quiz
from site_builder.sanitise import sanitise

MARK = "\x02airlock-quiz:{}\x03"


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
            quiz = parse_quiz(block, lang=self._extension.lang, render=render_at, report=_ignore, number=number)
            element = render_quiz(quiz, lang=self._extension.lang) if quiz else unreadable(block.lines)
            self._extension.found.append(element)
            out.extend(lines[index : block.start])
            out.extend(["", MARK.format(len(self._extension.found) - 1), ""])
            index = block.end + 1
        return [*out, *lines[index:]]


def unreadable(lines: tuple[str, ...]) -> Element:
    """The source of a quiz that has problems, so that a preview loses nothing of it."""
    element = Element("div", {"class": "quiz-broken"})
    code = Element("pre")
    code.text = "\n".join(lines)
    element.append(code)
    return element


class QuizMarks(BlockProcessor):
    """Puts the elements where the marks are."""

    def __init__(self, parser: BlockParser, extension: AirlockExtension) -> None:
        super().__init__(parser)
        self._extension = extension

    def test(self, parent: Element, block: str) -> bool:
        """Whether a block is one of our marks."""
        return block.strip().startswith("\x02airlock-quiz:")

    def run(self, parent: Element, blocks: list[str]) -> bool:
        """Append the element that the mark stands for."""
        number = int(blocks.pop(0).strip().removeprefix("\x02airlock-quiz:").removesuffix("\x03"))
        parent.append(self._extension.found[number])
        return True


class Sanitiser(Postprocessor):
    """The last step over the whole page."""

    def run(self, text: str) -> str:
        """The page without what the allow-list does not name."""
        return sanitise(text)


class AirlockExtension(Extension):
    """Configuration: `lang`, the language of the page (for True and False in quizzes)."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {"lang": ["en", "Language of the page"]}
        self.found: list[Element] = []
        super().__init__(**kwargs)

    @property
    def lang(self) -> str:
        """Language of the page, ISO 639-1."""
        return str(self.getConfig("lang"))

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the steps with a converter."""
        md.registerExtension(self)
        # After whitespace is normalised (30), before fences (25) and raw HTML (20) are taken out.
        md.preprocessors.register(QuizLines(md, self), "airlock-quiz", 28)
        md.parser.blockprocessors.register(QuizMarks(md.parser, self), "airlock-quiz", 200)
        md.postprocessors.register(Sanitiser(md), "airlock-sanitise", -10)

    def reset(self) -> None:
        """Forget the quizzes of the last page."""
        self.found.clear()


def makeExtension(**kwargs: Any) -> AirlockExtension:
    """The entry point that Python-Markdown looks for."""
    return AirlockExtension(**kwargs)
