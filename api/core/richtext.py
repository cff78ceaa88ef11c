"""Markdown that people type into the product, as HTML that cannot do harm.

bleach cleans first; nh3, which is maintained, has the last word with the same list (DESIGN, dependencies). There are no
images and no addresses without a scheme: nothing is fetched, and nothing depends on the page that it is shown on.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape

import bleach
import markdown
import nh3

TAGS = frozenset(
    ["a", "blockquote", "br", "code", "del", "em", "li", "ol", "p", "pre", "strong", "sub", "sup", "u", "ul"]
)
ATTRIBUTES = {"a": {"href"}}
SCHEMES = frozenset(["https", "http", "mailto"])
LONGEST = 4000
"""Characters of one text."""


MOST_BRACKETS = 100
"""Of one text: each one that closes nothing is looked for to the end, again and again."""


@lru_cache(maxsize=2000)
def render_text(text: str) -> str:
    """HTML of a text in Markdown; a line break is a line break. "" for nothing."""
    if not text.strip():
        return ""
    text = text[:LONGEST]
    if text.count("[") > MOST_BRACKETS:
        text = text.replace("[", "\\[")
    try:
        # Headings would break into the order of the page that shows the text, so that only their words stay.
        raw = markdown.markdown(text, extensions=["nl2br", "sane_lists"], output_format="html")
    except RecursionError:
        # Nested beyond every sense: the text as it was typed.
        raw = f"<p>{escape(text)}</p>"
    allowed = {tag: sorted(names) for tag, names in ATTRIBUTES.items()}
    cleaned = bleach.clean(raw, tags=TAGS, attributes=allowed, protocols=SCHEMES, strip=True, strip_comments=True)
    return nh3.clean(
        cleaned,
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        url_schemes=set(SCHEMES),
        attribute_filter=_with_scheme,
        link_rel="nofollow noopener noreferrer",
        strip_comments=True,
    )


def _with_scheme(tag: str, name: str, value: str) -> str | None:
    """An address that says where it leads; one that depends on the page leads elsewhere on another page."""
    return value if value.casefold().startswith(tuple(f"{scheme}:" for scheme in SCHEMES)) else None
