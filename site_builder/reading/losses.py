"""Whether words of a source are missing from what was made of it.

Markdown parsers drop text in silence: definitions that nothing refers to, what follows an element that is never closed.
Every word of the source must be in the page (in its text or in an attribute), or a problem says that it is not.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from html import unescape
from urllib.parse import unquote

from site_builder.quizzes.blocks import ITEM_FENCE

WORD = re.compile(r"[^\W_]+")
KEPT_BY_PARSER = str.maketrans("", "", "\x02\x03")
"""Two signs that Markdown's parser keeps for itself and takes out of a source; copied texts have them now and then."""
TAG = re.compile(r"<[^<>]*>")

CODE_OR_COMMENT = re.compile(r"(?P<code>(?<!`)(?P<ticks>`++).*?(?<!`)(?P=ticks)(?!`))|<!--(?s:.*?)(?:-->|--!>)")
"""A comment in a code span is shown; one that is never closed is none, and must be shown like any text."""

MARKDOWN_ATTRIBUTE = re.compile(r"""(<[a-zA-Z][^<>]*?)\s+markdown(?:\s*=\s*(?:"[^"]*"|'[^']*'|\w+))?(?=[\s/>])""")
TOC_LABEL = re.compile(r"""\sdata-toc-label\s*=\s*(?:"[^"]*"|'[^']*'|\S+)""")
"""What a heading is called in a table of contents, which pages do not have."""
CLOSING_TAG = re.compile(r"</[a-zA-Z][a-zA-Z0-9-]*\s*>")
RULE_OF_FENCE = re.compile(r"^\s*(?:[>*+-]\s*)*(`{3,}|~{3,}).*$")

PLACE = r"^([ \t>]*(?:(?:[*+-]|\d+\.)[ \t]+)*)"
"""What may stand before a block: quotes and lists around it."""
NUMBER = re.compile(r"^([ \t>]*(?:[*+:-][ \t]+)*)\d+[.)](?=\s)", re.MULTILINE)
DEFINITION = re.compile(PLACE + r"\[([^\[\]^][^\[\]\n]*)\]:", re.MULTILINE)
ABBREVIATION = re.compile(PLACE + r"\*\[([^\]\n]*)\] ?:", re.MULTILINE)
BRACKETS = re.compile(r"\[([^\[\]]+)\]")
REFERENCE = re.compile(r"\](\s?)\[([^\[\]]+)\]")


def words_of(text: str) -> list[str]:
    """The words of a text, as they are compared: entities and encoded addresses resolved, case and width folded."""
    plain = unescape(unquote(unescape(text.translate(KEPT_BY_PARSER))))
    return WORD.findall(unicodedata.normalize("NFKC", plain).casefold())


def without_notes(lines: Sequence[str], mask: Sequence[bool]) -> list[str]:
    """The lines without what is not meant for readers.

    That is comments, the attribute that asks for Markdown in HTML, closing tags, and what ties a text together: the
    numbers of lists and the labels of links and abbreviations.

    Args:
        lines: Of a source.
        mask: Which of them are fenced code, where everything is meant for readers.
    """
    open_text = "\n".join("" if coded else line for line, coded in zip(lines, mask, strict=True))
    # Of code on the line of a list item, only the item's marker is on that line.
    open_text = "\n".join(ITEM_FENCE.sub("", line) for line in open_text.split("\n"))
    bare = CODE_OR_COMMENT.sub(lambda match: match[0] if match["code"] else _breaks(match[0]), open_text)
    bare = TOC_LABEL.sub(" ", bare)
    bare = CLOSING_TAG.sub(" ", MARKDOWN_ATTRIBUTE.sub(r"\1", bare))
    bare = _without_labels(NUMBER.sub(r"\1", bare))
    found = bare.split("\n")
    return [
        ("" if RULE_OF_FENCE.match(line) else line) if coded else other
        for line, coded, other in zip(lines, mask, found, strict=True)
    ]


def _without_labels(text: str) -> str:
    """A text without the labels that tie links and abbreviations to what they stand for, where they tie anything."""
    rest = ABBREVIATION.sub("", DEFINITION.sub("", text))
    used = {_label(match[1]) for match in BRACKETS.finditer(rest)}
    defined = {_label(match[2]) for match in DEFINITION.finditer(text)}
    text = DEFINITION.sub(lambda match: match[1] if _label(match[2]) in used else match[0], text)
    text = ABBREVIATION.sub(lambda match: match[1] if match[2].strip() in rest else match[0], text)
    # A label that nothing defines is shown as it is written.
    return REFERENCE.sub(lambda match: "]" + _breaks(match[0]) if _label(match[2]) in defined else match[0], text)


def _breaks(text: str) -> str:
    return "\n" * text.count("\n")


def _label(text: str) -> str:
    return " ".join(text.split()).casefold()


def first_loss(lines: Iterable[tuple[int, str]], made: Iterable[str], *, each: bool = True) -> tuple[int, str] | None:
    """Line and word of a loss; None when every word of a source is in what was made of it.

    Args:
        lines: Numbers and texts.
        made: Texts that came of them, with all their attributes.
        each: Whether a word that is said twice must be there twice. Two matches that read the same are one.
    """
    text = "\n".join(made)
    # Markup cuts words in two, as colours in code do; taken out, it makes one word of two. Either is there.
    there = Counter(words_of(text)) | Counter(words_of(TAG.sub("", text)))
    said = [(number, words_of(line)) for number, line in lines]
    wanted = Counter(word for _, words in said for word in words)
    missing = {word for word, count in wanted.items() if there[word] < (count if each else 1)}
    if not missing:
        return None
    # Of a word that is said elsewhere too, nothing tells which one is gone: a word that is nowhere tells more.
    blamed = {word for word in missing if not there[word]} or missing

    def blame(item: tuple[int, list[str]]) -> float:
        """Much of the line, and most of it."""
        return sum(word in blamed for word in item[1]) ** 2 / (len(item[1]) or 1)

    number, words = max(said, key=blame)
    return number, next(word for word in words if word in blamed)
