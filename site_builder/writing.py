"""What authors expect to be able to write: H~2~O and x^2^, tabs, figures with captions, sound and film."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions.admonition import AdmonitionProcessor
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from site_builder import maths
from site_builder.course.media import FILM, SOUND

EXTENSIONS = (
    "admonition",
    "attr_list",
    "tables",
    "pymdownx.betterem",
    "pymdownx.caret",
    "pymdownx.details",
    "pymdownx.keys",
    "pymdownx.mark",
    "pymdownx.superfences",
    "pymdownx.tilde",
)
"""What a page and a fragment of a quiz may both use."""

CONFIGS: dict[str, dict[str, object]] = {
    # An attribute for the alignment of a column: a style would be against the page's policy.
    "tables": {"use_align_attribute": True},
    # Raised and lowered letters are ours: 10^6/10^7 is not 10 with 6/10 above.
    "pymdownx.caret": {"superscript": False},
    "pymdownx.tilde": {"subscript": False},
}

RAISED = r"(?<![\^\\])\^(?![\^\s])([^\s^~$]{1,24})\^(?![\^\d])"
LOWERED = r"(?<![~\\])~(?![~\s])([^\s^~$]{1,24})~(?!~)"
FIGURE = {"en": "Figure", "fr": "Figure", "nl": "Figuur"}


class Shifted(InlineProcessor):
    """Text above or below the line."""

    def __init__(self, pattern: str, tag: str, md: Markdown) -> None:
        super().__init__(pattern, md)
        self._tag = tag

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: N802
        """One piece."""
        element = Element(self._tag)
        element.text = m[1]
        return element, m.start(0), m.end(0)


class Tabs(AdmonitionProcessor):
    """`=== "Title"` with an indented text; those that follow one another are one set."""

    CLASSNAME = "tab"
    CLASSNAME_TITLE = "tab-title"
    RE = re.compile(r'(?:^|\n)===[+!]? +["“](.*?)["”] *(?:\n|$)')

    def get_class_and_title(self, match: re.Match[str]) -> tuple[str, str]:
        """The title."""
        return "tab", match[1]


class Sets(Treeprocessor):
    """Puts tabs that follow one another into one element, which the page turns into tabs."""

    def run(self, root: Element) -> None:
        """Over the whole page."""
        for parent in list(root.iter()):
            self._gather(parent)

    def _gather(self, parent: Element) -> None:
        if parent.tag == "air-tabs":
            return
        current: Element | None = None
        for child in list(parent):
            if child.tag == "div" and (child.get("class") or "").startswith("tab "):
                child.set("class", "tab")
                if current is None:
                    current = Element("air-tabs", {"class": "tab-set"})
                    parent.insert(list(parent).index(child), current)
                parent.remove(child)
                current.append(child)
            else:
                current = None


class Figures(Treeprocessor):
    """A picture with a title, alone in its paragraph, is a figure with that caption and a number; a film is a film."""

    def __init__(self, md: Markdown, lang: str) -> None:
        super().__init__(md)
        self._lang = lang

    def run(self, root: Element) -> None:
        """Over the whole page."""
        number = 0
        for parent in list(root.iter()):
            for child in list(parent):
                picture = _alone(child)
                if picture is None or parent.tag == "figure":
                    continue
                source, title = picture.get("src", ""), picture.get("title", "")
                ending = source[source.rfind(".") :].lower().partition("?")[0]
                if ending in (*FILM, *SOUND):
                    figure = self._medium(picture, "video" if ending in FILM else "audio")
                elif title:
                    number += 1
                    figure = Element("figure")
                    del picture.attrib["title"]
                    figure.append(picture)
                    caption = SubElement(figure, "figcaption")
                    caption.text = f"{FIGURE.get(self._lang, FIGURE['en'])} {number}. {title}"
                else:
                    continue
                figure.tail = child.tail
                parent[list(parent).index(child)] = figure

    def _medium(self, picture: Element, tag: str) -> Element:
        """Sound or film from the site's own files: it never starts by itself, and nothing of it is loaded before."""
        figure = Element("figure", {"class": f"medium medium-{tag}"})
        player = SubElement(figure, tag, {"src": picture.get("src", ""), "controls": "controls", "preload": "none"})
        label = picture.get("alt") or picture.get("title") or ""
        if label:
            player.set("aria-label", label)
        caption = SubElement(figure, "figcaption")
        caption.text = AtomicString(label)
        return figure


def _alone(element: Element) -> Element | None:
    """The picture of a paragraph that holds nothing else, None for any other element."""
    if element.tag != "p" or len(element) != 1 or (element.text or "").strip():
        return None
    picture = element[0]
    return picture if picture.tag == "img" and not (picture.tail or "").strip() else None


def register(md: Markdown, lang: str = "en", *, page: bool = True) -> None:
    """Teach a converter all of it.

    Args:
        md: The converter.
        lang: Of the text.
        page: Whether it is a page: a fragment of a quiz has no tabs, figures or films.
    """
    maths.register(md)
    md.inlinePatterns.register(Shifted(RAISED, "sup", md), "airlock-sup", 65)
    md.inlinePatterns.register(Shifted(LOWERED, "sub", md), "airlock-sub", 64)
    if page:
        md.parser.blockprocessors.register(Tabs(md.parser), "airlock-tabs", 106)
        md.treeprocessors.register(Sets(md), "airlock-tabs", 8)
        md.treeprocessors.register(Figures(md, lang), "airlock-figures", 7)
