"""Markdown that people type into the product, as HTML that cannot do harm.

bleach cleans first; nh3, which is maintained, has the last word with the same list (DESIGN, dependencies). There are no
images and no addresses without a scheme: nothing is fetched, and nothing depends on the page that it is shown on.
"""

from __future__ import annotations

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


def render_text(text: str) -> str:
    """HTML of a text in Markdown; a line break is a line break. "" for nothing."""
    if not text.strip():
        return ""
    # Headings would break into the order of the page that shows the text, so that only their words stay.
    raw = markdown.markdown(text[:LONGEST], extensions=["nl2br", "sane_lists"], output_format="html")
    allowed = {tag: sorted(names) for tag, names in ATTRIBUTES.items()}
    cleaned = bleach.clean(raw, tags=TAGS, attributes=allowed, protocols=SCHEMES, strip=True, strip_comments=True)
    return nh3.clean(
        cleaned,
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        url_schemes=set(SCHEMES),
        link_rel="nofollow noopener noreferrer",
        strip_comments=True,
    )
