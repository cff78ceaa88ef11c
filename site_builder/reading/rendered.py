"""A page as Markdown makes it, looked at before it is built: what went, what it refers to, which quizzes it shows.

What can only be said of the result is said of the result: a link in any of Markdown's forms is a link in the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser

from markdown import Markdown

from site_builder import writing
from site_builder.extension import AirlockExtension, Known
from site_builder.markup import Removed

EXTENSIONS = (*writing.EXTENSIONS, "abbr", "def_list", "footnotes", "md_in_html", "toc")
"""What a page may use beside our own extension, which comes last. What mkdocs.yml names changes nothing."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a page shows.

    Attributes:
        removed: What the sanitiser took out, outside of quizzes.
        images: Addresses of images and other media.
        links: Addresses of links.
        raw: Relative addresses in raw HTML, which no builder adjusts.
        quizzes: Ids of the quizzes, in their order.
        readable: How many quizzes could be read; more than are shown when some stand where nothing is shown.
        html: The page.
        prose: The text of its paragraphs and lists, outside of quizzes; one sentence or more a line.
        headings: Id and text of each heading outside of quizzes.
    """

    removed: tuple[Removed, ...] = ()
    images: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    raw: tuple[str, ...] = ()
    quizzes: tuple[str, ...] = ()
    readable: int = 0
    html: str = ""
    prose: str = ""
    headings: tuple[tuple[str, str], ...] = ()


HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
PROSE = ("p", "li", "dd")


class _Addresses(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.images: list[str] = []
        self.links: list[str] = []
        self.quizzes: list[str] = []
        self.prose: list[str] = []
        self.headings: list[tuple[str, str]] = []
        self._heading = ""
        self._quiz = 0
        self._block = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the addresses of one element."""
        names = {name: value or "" for name, value in attrs}
        self.images.extend(names[name] for name in ("src", "poster") if name in names)
        if tag == "a" and "href" in names:
            self.links.append(names["href"])
        if tag == "air-quiz":
            self.quizzes.append(names.get("quiz", ""))
            self._quiz += 1
        if tag in PROSE:
            self._block = tag
            self.prose.append("")
        elif tag in ("pre", "table", *HEADINGS):
            self._block = ""
        if tag in HEADINGS and names.get("id") and not self._quiz:
            self._heading = names["id"]
            self.headings.append((self._heading, ""))

    def handle_endtag(self, tag: str) -> None:
        """Leave a paragraph, or a quiz."""
        if tag == "air-quiz":
            self._quiz -= 1
        if tag == self._block:
            self._block = ""
        if tag in HEADINGS:
            self._heading = ""

    def handle_data(self, data: str) -> None:
        """Note what is said in paragraphs."""
        if self._block and not self._quiz:
            self.prose[-1] += data
        if self._heading:
            self.headings[-1] = (self._heading, self.headings[-1][1] + data)


def _addresses(html: str) -> _Addresses:
    found = _Addresses()
    found.feed(html)
    found.close()
    return found


@cache
def _converter(lang: str) -> tuple[Markdown, AirlockExtension]:
    """Making a converter takes a tenth of what a page takes; `reset` makes it forget the last one."""
    extension = AirlockExtension(lang=lang)
    return Markdown(extensions=[*EXTENSIONS, extension], extension_configs=writing.CONFIGS), extension


def render_page(text: str, lang: str, known: Known | None = None) -> Rendered:
    """Render the body of a page.

    Args:
        text: Markdown.
        lang: Of the page.
        known: Its quizzes, as far as they were read already.

    Raises:
        RecursionError: It is nested too deeply for any Markdown builder.
    """
    converter, extension = _converter(lang)
    converter.reset()
    extension.known = known or {}
    try:
        html = converter.convert(text)
    except BaseException:
        _converter.cache_clear()  # It stopped in the middle of something.
        raise
    found = _addresses(html)
    stash = "".join(block for block in converter.htmlStash.rawHtmlBlocks if isinstance(block, str))
    raw = _addresses(stash) if stash else _Addresses()
    return Rendered(
        removed=extension.removed,
        images=tuple(found.images),
        links=tuple(found.links),
        raw=(*raw.images, *raw.links),
        quizzes=tuple(found.quizzes),
        readable=sum(element.tag == "air-quiz" for element in extension.found),
        html=html,
        prose="\n".join(line.strip() for line in found.prose if line.strip()),
        headings=tuple(found.headings),
    )
