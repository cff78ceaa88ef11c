"""Maths between dollar signs, as MathML: browsers show it without a script, and screen readers say it.

`$…$` stands in a text, `$$…$$` on lines of its own; round and square brackets with backslashes are the same. A sign of
money is none: behind the first sign and before the second there is no space, and no digit follows (as pandoc has it).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape
from xml.etree.ElementTree import Element, ParseError, fromstring

from latex2mathml.converter import convert
from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.inlinepatterns import InlineProcessor

INLINE = r"(?<![\\$\w])\$(?![\s$])((?:\\.|[^$\\\n])+?)(?<!\s)\$(?![\d$])|\\\((.+?)\\\)"
"""A formula in a text."""
IN_TEXT = re.compile(INLINE)
BLOCK = re.compile(r"^ {0,3}(?:\$\$\s*(.+?)\s*\$\$|\\\[\s*(.+?)\s*\\\])\s*$", re.DOTALL)
"""A formula on lines of its own."""
UNKNOWN = re.compile(r"\\([a-zA-Z]+)")
MATHML = "{http://www.w3.org/1998/Math/MathML}"


REASONS = {
    "MissingEndError": "\\begin without \\end",
    "MissingSuperScriptOrSubscriptError": "nothing behind ^ or _",
    "DoubleSubscriptsError": "_ for a second time: put braces around what belongs together",
    "DoubleSuperscriptsError": "^ for a second time: put braces around what belongs together",
    "ExtraLeftOrMissingRightError": "\\left without \\right",
    "NumeratorNotFoundError": "nothing above the line of a fraction",
    "DenominatorNotFoundError": "nothing below the line of a fraction",
    "NoAvailableTokensError": "nothing behind a command",
}
"""What the errors of the library say to an author."""


class MathsError(ValueError):
    """A formula that cannot be read; the message says why."""


@lru_cache(maxsize=5000)
def to_mathml(latex: str, *, block: bool = False) -> str:
    """MathML of a formula.

    Raises:
        MathsError: It cannot be read.
    """
    if latex.count("{") - latex.count("\\{") != latex.count("}") - latex.count("\\}"):
        raise MathsError("braces that do not match")
    try:
        made = convert(latex, display="block" if block else "inline")
        root = fromstring(made)  # noqa: S314  # Made by a library of ours, without a document type.
    except (ParseError, RecursionError, ValueError, IndexError, KeyError, TypeError, StopIteration) as error:
        raise MathsError(str(error) or type(error).__name__) from error
    except Exception as error:  # The library has errors of its own without a common base.
        raise MathsError(REASONS.get(type(error).__name__, "something that does not fit together")) from error
    for item in root.iter():
        item.tag = item.tag.removeprefix(MATHML)
        if item.text and (unknown := UNKNOWN.search(item.text)) and item.tag in ("mi", "mo", "mtext"):
            raise MathsError(f"the command \\{unknown[1]}, which is not known")
    return made


def element(latex: str, *, block: bool) -> Element:
    """A formula as an element; as it was written, marked, where it cannot be read."""
    try:
        root = fromstring(to_mathml(latex, block=block))  # noqa: S314  # As above.
    except MathsError:
        code = Element("code", {"class": "maths-broken"})
        code.text = latex
        return code
    for item in root.iter():
        item.tag = item.tag.removeprefix(MATHML)
    root.set("alttext", latex)
    if block:
        holder = Element("div", {"class": "maths"})
        holder.append(root)
        return holder
    return root


class InText(InlineProcessor):
    """Formulas in a text."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: N802
        """One formula."""
        return element(m[1] or m[2], block=False), m.start(0), m.end(0)


class OnItsOwn(BlockProcessor):
    """Formulas on lines of their own."""

    def test(self, parent: Element, block: str) -> bool:
        """Whether a block is a formula."""
        return BLOCK.match(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> bool:
        """Append it."""
        match = BLOCK.match(blocks.pop(0))
        assert match is not None
        parent.append(element(match[1] or match[2], block=True))
        return True


def register(md: Markdown) -> None:
    """Let a converter read maths: behind code, before backslashes."""
    md.ESCAPED_CHARS.append("$")
    md.inlinePatterns.register(InText(INLINE, md), "airlock-maths", 185)
    parser: BlockParser = md.parser
    parser.blockprocessors.register(OnItsOwn(parser), "airlock-maths", 195)


def broken(lines: Sequence[str]) -> Iterable[tuple[int, str, str]]:
    """Index of the line, formula and reason of every formula that cannot be read; code is to be blanked before."""
    text = "\n".join(lines)
    for pattern, block in ((re.compile(r"\$\$(.+?)\$\$|\\\[(.+?)\\\]", re.DOTALL), True), (IN_TEXT, False)):
        for match in pattern.finditer(text):
            try:
                to_mathml(match[1] or match[2], block=block)
            except MathsError as error:
                yield text.count("\n", 0, match.start()), escape(match[0][:60], quote=False), str(error)
        text = pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
