"""The Content-Security-Policy of every page, with the hashes of the scripts and styles that stand in it.

Computed after a build, from what was built: a page carries its policy itself, so that it also holds on a plain web
server, which sends no header of ours.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from html.parser import HTMLParser

from typing_extensions import override

PLACE = 'content="airlock-policy"'

BASE = {
    "default-src": ["'self'"],
    "script-src": ["'self'", "'wasm-unsafe-eval'"],  # Pagefind's search is WebAssembly.
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
}
DATA_BLOCKS = frozenset({"application/json", "application/ld+json"})


class _Inline(HTMLParser):
    """Collects what stands between <script> or <style> and their ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self._into: list[str] | None = None

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "script" and "src" not in names and names.get("type") not in DATA_BLOCKS:
            self._into = self.scripts
        elif tag == "style":
            self._into = self.styles

    @override
    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into.append(data)

    @override
    def handle_endtag(self, tag: str) -> None:
        self._into = None


PIECE = re.compile(r"<(script|style)\b[^<>]*>.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
"""What may be a script or a style with all that stands in it, in a page that `markup` has cleaned."""


def _read_inline(page: str) -> _Inline:
    """What stands in a page, without reading what is neither script nor style."""
    inline = _Inline()
    inline.feed("".join(match[0] for match in PIECE.finditer(page)))
    inline.close()
    return inline


def inline_scripts(page: str) -> frozenset[str]:
    """The scripts and styles that stand in a page."""
    inline = _read_inline(page)
    return frozenset((*inline.scripts, *inline.styles))


def policy_of(page: str) -> str:
    """The policy for a page's HTML."""
    inline = _read_inline(page)
    return _policy(frozenset(inline.scripts), frozenset(inline.styles))


@lru_cache(maxsize=100)
def _policy(scripts: frozenset[str], styles: frozenset[str]) -> str:
    policy = {name: list(values) for name, values in BASE.items()}
    policy["script-src"] += sorted(map(_hash, scripts))
    policy["style-src"] += sorted(map(_hash, styles))
    return "; ".join(f"{name} {' '.join(values)}" for name, values in policy.items())


def with_policy(page: str) -> str:
    """A page with its policy in it."""
    # In an attribute; none of the policy's characters needs escaping inside double quotes.
    return page.replace(PLACE, f'content="{policy_of(page)}"', 1) if PLACE in page else page


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


STYLE_ATTRIBUTE = re.compile(r"<[^>]+\sstyle\s*=", re.IGNORECASE)
MAYBE_HANDLER = re.compile(r"\son[a-z]+\s*=", re.IGNORECASE)
HANDLER_ATTRIBUTE = re.compile(r"<[^>]+\son[a-z]+\s*=\s*[\"']", re.IGNORECASE)


def breaches(page: str) -> list[str]:
    """What in a page its policy would block: inline handlers and style attributes."""
    found = []
    # The first look is for what stands in no page: it costs a hundredth of the second.
    if "style" in page.lower() and STYLE_ATTRIBUTE.search(page):
        found.append("a style attribute")
    if MAYBE_HANDLER.search(page) and HANDLER_ATTRIBUTE.search(page):
        found.append("an inline event handler")
    return found
