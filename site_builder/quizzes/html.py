"""HTML fragments as elements, so that a page's own link rewriting reaches what stands in a quiz."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from xml.etree.ElementTree import Element

from markdown.util import AtomicString

VOID = frozenset({"br", "col", "hr", "img", "input", "source", "track", "wbr"})


class _Builder(HTMLParser):
    """Appends what the sanitiser wrote, which is well nested, to an element.

    Texts are protected from being read as Markdown again.
    """

    def __init__(self, parent: Element) -> None:
        super().__init__(convert_charrefs=True)
        self._open = [parent]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        element = Element(tag, {name: name if value is None else value for name, value in attrs})
        self._open[-1].append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element of this name."""
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place].tag == tag:
                del self._open[place:]
                break

    def handle_data(self, data: str) -> None:
        """Append text where it stands: in the element, or behind its last child."""
        parent = self._open[-1]
        if len(parent):
            parent[-1].tail = AtomicString((parent[-1].tail or "") + data)
        else:
            parent.text = AtomicString((parent.text or "") + data)


IN_BACKTICKS = "A tag that is meant as text is written in `backticks`."
MEDIA = re.compile(r"<(?:img|svg|math|audio|video|hr)\b")


def shows_nothing(html: str) -> bool:
    """Whether a fragment has neither text nor a picture: a tag that was meant as text, for example."""
    return not html or (not MEDIA.search(html.replace("<hr>", "")) and not re.sub(r"<[^<>]*>|&nbsp;|\s", "", html))


def append_html(parent: Element, fragment: str) -> None:
    """Append sanitised HTML to an element."""
    builder = _Builder(parent)
    builder.feed(fragment)
    builder.close()


def add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """A child element; `class_` becomes `class`, and underscores in names become hyphens."""
    names = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    child = Element(tag, names)
    if text:
        child.text = AtomicString(text)
    parent.append(child)
    return child


def replace_marks(parent: Element, pattern: re.Pattern[str], make: Callable[[re.Match[str]], Element]) -> None:
    """Put an element in the place of each mark in the texts of an element."""
    for element in list(parent.iter()):
        children = list(element)
        _split_text(element, pattern, make)
        for child in children:
            _split_tail(element, child, pattern, make)


def _split_text(element: Element, pattern: re.Pattern[str], make: Callable[[re.Match[str]], Element]) -> None:
    text, made = _cut(element.text or "", pattern, make)
    if made:
        element.text = AtomicString(text)
        for place, child in enumerate(made):
            element.insert(place, child)


def _split_tail(
    parent: Element, child: Element, pattern: re.Pattern[str], make: Callable[[re.Match[str]], Element]
) -> None:
    text, made = _cut(child.tail or "", pattern, make)
    if made:
        child.tail = AtomicString(text)
        start = list(parent).index(child) + 1
        for place, new in enumerate(made, start=start):
            parent.insert(place, new)


def _cut(text: str, pattern: re.Pattern[str], make: Callable[[re.Match[str]], Element]) -> tuple[str, list[Element]]:
    """What stands before the first mark, and an element for each, with what follows it as its tail."""
    matches = list(pattern.finditer(text))
    made = []
    for match, following in zip(matches, [*matches[1:], None][: len(matches)], strict=True):
        element = make(match)
        element.tail = AtomicString(text[match.end() : following.start() if following else len(text)])
        made.append(element)
    return text[: matches[0].start()] if matches else text, made
