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

WORD = re.compile(r"[^\W_]+")
COMMENT = re.compile(r"<!--.*?(?:-->|--!>|\Z)", re.DOTALL)
MARKDOWN_ATTRIBUTE = re.compile(r"""(<[a-zA-Z][^<>]*?)\s+markdown(?:\s*=\s*(?:"[^"]*"|'[^']*'|\w+))?(?=[\s/>])""")
RULE_OF_FENCE = re.compile(r"^\s*(?:[>*+-]\s*)*(`{3,}|~{3,}).*$")


def words_of(text: str) -> list[str]:
    """The words of a text, as they are compared: entities and encoded addresses resolved, case and width folded."""
    plain = unicodedata.normalize("NFKC", unescape(unquote(unescape(text)))).casefold()
    return WORD.findall(plain)


def without_notes(lines: Sequence[str], mask: Sequence[bool]) -> list[str]:
    """The lines without what is not meant for readers: comments, and the attribute that asks for Markdown in HTML.

    Args:
        lines: Of a source.
        mask: Which of them are fenced code, where everything is meant for readers.
    """
    open_text = "\n".join("" if coded else line for line, coded in zip(lines, mask, strict=True))
    bare = COMMENT.sub(lambda match: "\n" * match[0].count("\n"), open_text)
    bare = MARKDOWN_ATTRIBUTE.sub(r"\1", bare)
    found = bare.split("\n")
    return [
        ("" if RULE_OF_FENCE.match(line) else line) if coded else other
        for line, coded, other in zip(lines, mask, found, strict=True)
    ]


def first_loss(lines: Iterable[tuple[int, str]], made: Iterable[str], *, each: bool = True) -> tuple[int, str] | None:
    """Line and word of the first word of a source that is not in what was made of it; None when all are there.

    Args:
        lines: Numbers and texts.
        made: Texts that came of them, with all their attributes.
        each: Whether a word that is said twice must be there twice. Two matches that read the same are one.
    """
    there = Counter(word for text in made for word in words_of(text))
    joined: str | None = None
    for number, line in lines:
        for word in words_of(line):
            if there[word]:
                there[word] -= each
                continue
            if word in there:
                # Used up: said once more in the source than in the page, as in a reference that is defined twice.
                if len(word) < 4 or word.isdecimal():
                    continue
            elif joined is None:
                joined = " ".join(there)
            if word not in there and joined is not None and word in joined:
                continue  # A part of a longer word: markup inside of it was taken out.
            return number, word
    return None
