"""HTML fragments as elements, so that a page's own link rewriting reaches what stands in a quiz."""

from __future__ import annotations

import html
import re
from xml.etree.ElementTree import Element, ParseError, fromstring

from markdown.util import AtomicString

VOID = re.compile(r"<(br|hr|img|input|source|track|wbr|col)\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*?)\s*/?>", re.IGNORECASE)
NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)([A-Za-z][A-Za-z0-9]*);")


def append_html(parent: Element, fragment: str) -> None:
    """Append sanitised HTML to an element, its text protected from being read as Markdown again."""
    text = NAMED.sub(lambda match: html.unescape(match[0]), fragment)
    text = VOID.sub(lambda match: f"<{match[1].lower()}{match[2]}/>", text)
    try:
        root = fromstring(f"<root>{text}</root>")  # noqa: S314  # The sanitiser's output: no entities, no doctype.
    except ParseError as error:  # The sanitiser serialises well-formed HTML; anything else is a defect here.
        raise ValueError(f"fragment is not well-formed: {fragment[:80]!r}") from error
    for element in root.iter():
        if element.text:
            element.text = AtomicString(element.text)
        if element.tail:
            element.tail = AtomicString(element.tail)
    if root.text:
        if len(parent):
            parent[-1].tail = AtomicString((parent[-1].tail or "") + root.text)
        else:
            parent.text = AtomicString((parent.text or "") + root.text)
    for child in root:
        parent.append(child)


def add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """A child element; `class_` becomes `class`, and underscores in names become hyphens."""
    names = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    child = Element(tag, names)
    if text:
        child.text = AtomicString(text)
    parent.append(child)
    return child
