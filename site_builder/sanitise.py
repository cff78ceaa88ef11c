"""What HTML may be in a page: one allow-list for two sanitisers, and a check of the source with line numbers.

bleach cleans first; nh3, which is maintained, has the last word with the same list (DESIGN, dependencies).
"""

from __future__ import annotations

import re
from functools import lru_cache
from html.parser import HTMLParser

import bleach
import nh3

from site_builder.quizzes.blocks import CODE_SPAN, LOOKS_LIKE_QUIZ, Report, code_mask

TEXT_TAGS = frozenset(
    [
        "a",
        "abbr",
        "article",
        "aside",
        "audio",
        "b",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "picture",
        "pre",
        "q",
        "s",
        "samp",
        "section",
        "small",
        "source",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "track",
        "u",
        "ul",
        "var",
        "video",
        "wbr",
    ]
)
"""What an author may write."""

QUIZ_TAGS = frozenset(
    [
        "air-quiz",
        "air-single",
        "air-multiple",
        "air-truefalse",
        "air-numeric",
        "form",
        "fieldset",
        "legend",
        "label",
        "input",
    ]
)
"""What the quiz renderer writes, beside the tags above."""

ATTRIBUTES: dict[str, frozenset[str]] = {
    "*": frozenset(
        {
            "class",
            "id",
            "lang",
            "dir",
            "title",
            "role",
            "hidden",
            "aria-label",
            "aria-hidden",
            "aria-labelledby",
            "aria-describedby",
        }
    ),
    "a": frozenset({"href", "rel", "target", "download"}),
    "abbr": frozenset({"title"}),
    "audio": frozenset({"src", "controls", "preload"}),
    "col": frozenset({"span"}),
    "details": frozenset({"open"}),
    "img": frozenset({"src", "alt", "width", "height", "loading"}),
    "input": frozenset(
        {"type", "name", "value", "checked", "disabled", "autocomplete", "spellcheck", "maxlength", "inputmode"}
    ),
    "form": frozenset({"novalidate"}),
    "label": frozenset({"for"}),
    "ol": frozenset({"start", "type", "reversed"}),
    "source": frozenset({"src", "type", "media", "srcset"}),
    "td": frozenset({"colspan", "rowspan", "headers"}),
    "th": frozenset({"colspan", "rowspan", "scope", "headers"}),
    "time": frozenset({"datetime"}),
    "track": frozenset({"src", "kind", "srclang", "label", "default"}),
    "video": frozenset({"src", "controls", "poster", "preload", "width", "height", "muted"}),
    "air-quiz": frozenset({"quiz", "mode", "show", "pass", "release", "attempts"}),
    **{tag: frozenset({"question", "critical"}) for tag in QUIZ_TAGS if tag.startswith("air-") and tag != "air-quiz"},
}
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
URL_ATTRIBUTES = frozenset({"href", "src", "poster", "srcset"})
EVENT = re.compile(r"^on[a-z]+$", re.IGNORECASE)
BAD_SCHEME = re.compile(r"^[\s\x00-\x1f]*(javascript|vbscript|data|file)[\s\x00-\x1f]*:", re.IGNORECASE)


def _allowed(tag: str, name: str, value: str) -> bool:
    if name.startswith("data-"):
        return True
    return name in ATTRIBUTES["*"] or name in ATTRIBUTES.get(tag, frozenset())


_cleaner = bleach.Cleaner(
    tags=TEXT_TAGS | QUIZ_TAGS, attributes=_allowed, protocols=SCHEMES, strip=True, strip_comments=True
)


@lru_cache(maxsize=20_000)
def sanitise(html: str) -> str:
    """HTML with everything removed that the allow-list does not name. Idempotent."""
    if "<" not in html and "&" not in html:
        return html
    return nh3.clean(
        _cleaner.clean(html),
        tags=set(TEXT_TAGS | QUIZ_TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        generic_attribute_prefixes={"data-"},
        url_schemes=set(SCHEMES),
        link_rel=None,
        strip_comments=True,
    )


def report_raw_html(text: str, report: Report) -> None:
    """Report what the sanitiser will remove from a page's source, at the line where it stands."""
    lines = text.split("\n")
    mask = code_mask(lines)
    bare = [
        " " * len(line) if coded or LOOKS_LIKE_QUIZ.search(line) else CODE_SPAN.sub(lambda m: " " * len(m[0]), line)
        for line, coded in zip(lines, mask, strict=True)
    ]
    _TagCheck(report).check("\n".join(bare))
    for number, line in enumerate(bare, start=1):
        for match in MARKDOWN_URL.finditer(line):
            if BAD_SCHEME.match(match[1]):
                _report(
                    report,
                    number,
                    match.start(1) + 1,
                    f"a link to {match[1][:30]!r}",
                    "a link to http, https, mailto, tel or a page of the course",
                )
        for match in EVENT_IN_ATTRIBUTE_LIST.finditer(line):
            _report(report, number, match.start(1) + 1, f"the attribute {match[1]!r}", "no event handlers")


MARKDOWN_URL = re.compile(
    r"(?:\]\(\s*<?|^\s{0,3}\[[^\]]+\]:\s*<?|<)((?:javascript|vbscript|data|file)\s*:[^\s)>]*)", re.IGNORECASE
)
EVENT_IN_ATTRIBUTE_LIST = re.compile(r"\{:?[^{}]*?\b(on[a-z]+)\s*=[^{}]*\}", re.IGNORECASE)


def _report(report: Report, line: int, column: int, found: str, expected: str, hint: str = "") -> None:
    report(
        line, column, code="html-removed", found=found, expected=expected, hint=hint or "It was removed from the page."
    )


class _TagCheck(HTMLParser):
    """Walks over the raw HTML of a Markdown source."""

    def __init__(self, report: Report) -> None:
        super().__init__(convert_charrefs=False)
        self._problem = report

    def set_cdata_mode(self, elem: str, *_: object, **__: object) -> None:
        """Tags inside <script> are looked at too: after an unclosed one the rest of the page would go unread."""

    def check(self, text: str) -> None:
        """Report every tag and attribute that is not allowed."""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Check one opening tag."""
        if re.search(r"[:@/.]", tag):  # <https://…> and <name@host> are links, not tags.
            return
        line, offset = self.getpos()
        if tag not in TEXT_TAGS:
            hint = "Put a link to it instead." if tag in {"iframe", "embed", "object", "frame"} else ""
            _report(
                self._problem, line, offset + 1, f"<{tag}>", "Markdown, or one of the HTML tags the docs list", hint
            )
            return
        for name, value in attrs:
            if EVENT.match(name):
                _report(self._problem, line, offset + 1, f"the attribute {name!r} on <{tag}>", "no event handlers")
            elif not _allowed(tag, name, value or "") and name not in {"markdown", "style"}:
                _report(
                    self._problem, line, offset + 1, f"the attribute {name!r} on <{tag}>", "an attribute the docs list"
                )
            elif name == "style":
                _report(
                    self._problem,
                    line,
                    offset + 1,
                    f"style on <{tag}>",
                    "no inline styles: the page's policy forbids them",
                )
            elif name in URL_ATTRIBUTES and value and BAD_SCHEME.match(value):
                _report(
                    self._problem,
                    line,
                    offset + 1,
                    f"{name}={value[:30]!r}",
                    "an address with http, https, mailto or tel, or a relative one",
                )
