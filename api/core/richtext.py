"""Markdown that people type into the product, as HTML that cannot do harm (`site_builder.markup`, PEOPLE)."""

from __future__ import annotations

from functools import lru_cache
from html import escape

import markdown

from site_builder.markup import PEOPLE, clean

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
    if text.count("<") > MOST_BRACKETS:
        text = text.replace("<", "&lt;")
    try:
        # Headings would break into the order of the page that shows the text, so that only their words stay.
        raw = markdown.markdown(text, extensions=["nl2br", "sane_lists"], output_format="html")
    except RecursionError:
        # Nested beyond every sense: the text as it was typed.
        raw = f"<p>{escape(text)}</p>"
    return clean(raw, PEOPLE)
