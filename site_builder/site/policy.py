"""The Content-Security-Policy of every page, with the hashes of the scripts and styles that stand in it.

Computed after a build, from what was built: a page carries its policy itself, so that it also holds on a plain web
server, which sends no header of ours.
"""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

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

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin to collect."""
        names = dict(attrs)
        if tag == "script" and "src" not in names and names.get("type") not in DATA_BLOCKS:
            self._into = self.scripts
        elif tag == "style":
            self._into = self.styles

    def handle_data(self, data: str) -> None:
        """Collect."""
        if self._into is not None:
            self._into.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Stop."""
        self._into = None


def inline_scripts(page: str) -> frozenset[str]:
    """The scripts and styles that stand in a page."""
    inline = _Inline()
    inline.feed(page)
    inline.close()
    return frozenset((*inline.scripts, *inline.styles))


def policy_of(page: str) -> str:
    """The policy for a page's HTML."""
    inline = _Inline()
    inline.feed(page)
    inline.close()
    policy = {name: list(values) for name, values in BASE.items()}
    policy["script-src"] += sorted({_hash(text) for text in inline.scripts})
    policy["style-src"] += sorted({_hash(text) for text in inline.styles})
    return "; ".join(f"{name} {' '.join(values)}" for name, values in policy.items())


def write_policies(site: Path) -> int:
    """Put its policy into every page of a site; gives how many pages there are."""
    pages = sorted(site.rglob("*.html"))
    for path in pages:
        text = path.read_text(encoding="utf-8")
        if PLACE in text:
            # In an attribute; none of the policy's characters needs escaping inside double quotes.
            path.write_text(text.replace(PLACE, f'content="{policy_of(text)}"', 1), encoding="utf-8")
    return len(pages)


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


STYLE_ATTRIBUTE = re.compile(r"<[^>]+\sstyle\s*=", re.IGNORECASE)
HANDLER_ATTRIBUTE = re.compile(r"<[^>]+\son[a-z]+\s*=\s*[\"']", re.IGNORECASE)


def breaches(page: str) -> list[str]:
    """What in a page its policy would block: inline handlers and style attributes."""
    found = []
    if STYLE_ATTRIBUTE.search(page):
        found.append("a style attribute")
    if HANDLER_ATTRIBUTE.search(page):
        found.append("an inline event handler")
    return found
