"""Addresses: where pages and files of the content end up, and how a page at one address names another one.

What an author wrote is relative to the source; a page is served from another place, in each language of the site.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import quote, unquote

TAG = re.compile(r"""<[a-zA-Z](?:[^"'<>]|"[^"]*"|'[^']*')*>""")
ADDRESS = re.compile(r'(\s(?:href|src|poster)=)"([^"]*)"')
ELSEWHERE = re.compile(r"^(?:[a-zA-Z][a-zA-Z0-9+.-]*:|//|/|#|\?|$)")


def language_prefix(lang: str, languages: Sequence[str]) -> str:
    """What addresses of a language start with: "" for the site's first language, else "fr/"."""
    return "" if lang == languages[0] else f"{lang}/"


def page_address(stem: str) -> str:
    """Address of a page below its language: "a/index" is "a/", "a/b" is "a/b/"."""
    if stem == "index":
        return ""
    return f"{stem.removesuffix('/index')}/"


@dataclass(frozen=True, slots=True)
class Linker:
    """Rewrites the relative addresses of compiled pages.

    Attributes:
        languages: Of the site, that of its content first.
        stems: Of all pages.
        media: Paths of all media.
    """

    languages: tuple[str, ...]
    stems: Collection[str]
    media: Collection[str]

    def place(self, html: str, *, stem: str, lang: str, written_in: str, at: str | None = None) -> str:
        """The HTML of a page as it is served in a language.

        Args:
            html: As it was compiled.
            stem: Of the page.
            lang: Of the site around it, to which its links lead.
            written_in: Language of its text, and of the pictures in it.
            at: Where it is served, when that is not the page's own address.
        """
        here = language_prefix(lang, self.languages) + page_address(stem) if at is None else at
        folder = stem.rpartition("/")[0]

        def address(match: re.Match[str]) -> str:
            target = unescape(match[2])
            if ELSEWHERE.match(target):
                return match[0]
            return f'{match[1]}"{escape(self._address(target, folder, lang, written_in, here))}"'

        return TAG.sub(lambda tag: ADDRESS.sub(address, tag[0]), html)

    def _address(self, target: str, folder: str, lang: str, written_in: str, here: str) -> str:
        path, mark, rest = re.fullmatch(r"([^?#]*)([?#]?)(.*)", target, re.DOTALL).groups()  # type: ignore[union-attr]
        full = posixpath.normpath(posixpath.join(folder, unquote(path)))
        if full.endswith(".md"):
            stem, lang = self.page_of(full.removesuffix(".md"), lang)
            end = language_prefix(lang, self.languages) + page_address(stem)
        else:
            end = self._medium(full, written_in)
        relative = posixpath.relpath(f"/{end}", f"/{here or '.'}") if end else posixpath.relpath("/", f"/{here}")
        slash = "/" if (not end or end.endswith("/")) and not relative.endswith("/") else ""
        return f"{quote(relative)}{slash}{mark}{rest}"

    def page_of(self, stem: str, lang: str) -> tuple[str, str]:
        """Stem and language of the page that a link means: one that names a language means that one."""
        name, _, code = stem.rpartition(".")
        if stem not in self.stems and code in self.languages and name in self.stems:
            return name, code
        return stem, lang

    def _medium(self, path: str, lang: str) -> str:
        """A picture with words in it may have a translation beside it: plan.svg and plan.fr.svg."""
        stem, end = posixpath.splitext(path)
        translated = f"{stem}.{lang}{end}"
        return translated if translated in self.media else path
