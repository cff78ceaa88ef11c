"""What a compiled page gets where it is shown: captions, posters and sizes of films, and the terms of the glossary.

None of it is a part of a module's version: a film's captions and a term's explanation may get better without anything
being done again.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Mapping
from html import escape, unescape
from pathlib import Path

from site_builder.course.languages import LANGUAGE
from site_builder.reading.glossary import Term

MEDIUM = re.compile(
    r'<figure class="(medium medium-(?:video|audio))"><(video|audio)([^>]*?) src="([^"]*)"></\2>'
    r"<figcaption>(.*?)</figcaption></figure>",
    re.DOTALL,
)
POSTERS = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".svg")
CUE = re.compile(r"^(?:\d+:)?\d+:\d+[.,]\d+\s+-->")
NO_TERMS = frozenset(
    "a button code pre h1 h2 h3 h4 h5 h6 air-quiz math figcaption summary script style kbd video audio".split()  # noqa: SIM905
)
"""Elements in whose texts no term is marked."""
PIECES = re.compile(r"""(</?[a-zA-Z](?:[^"'<>]|"[^"]*"|'[^']*')*>)""")
"""Tags, and the texts between them."""
SPACE = r"(?:\s|&nbsp;|\u00a0)+"


def size_of(path: Path, lang: str) -> str:
    """Kind and size of a file, as a language writes them: "MP4, 12.3 MB"."""
    size = path.stat().st_size
    said = f"{size / 1e6:.0f}" if size >= 100e6 else f"{size / 1e6:.1f}" if size >= 100e3 else f"{size / 1e3:.1f}"
    if LANGUAGE[lang].decimal_comma:
        said = said.replace(".", ",")
    unit = ("M" if size >= 100e3 else "k") + ("o" if lang == "fr" else "B")
    return f"{path.suffix.removeprefix('.').upper()}, {said}\N{NO-BREAK SPACE}{unit}"


def read_captions(path: Path) -> list[str]:
    """What is said in a file of captions (WebVTT), a line each; the words of one speaker stay together."""
    said: list[str] = []
    waiting = False
    for line in path.read_text(encoding="utf-8-sig", errors="replace").splitlines():
        if CUE.match(line.strip()):
            waiting = True
        elif not line.strip():
            waiting = False
        elif waiting:
            text = unescape(re.sub(r"<[^<>]*>", "", line)).strip()
            if text and (not said or said[-1] != text):
                said.append(text)
    return said


def _track(lang: str, source: str, own: str) -> str:
    """Captions in one language."""
    name = escape(LANGUAGE[lang].name)
    return f'<track kind="captions" srclang="{lang}" label="{name}" src="{source}"{own}>'


def dress_media(
    html: str, *, folder: str, lang: str, root: Path, media: Collection[str], texts: Mapping[str, str]
) -> str:
    """Give films and sound what lies beside them: name.jpg is the poster, name.fr.vtt the captions in French.

    Args:
        html: Of a page, with the addresses of its source.
        folder: Of the page.
        lang: Of its text.
        root: The content folder.
        media: Paths of all media.
        texts: Of the interface.
    """

    def dress(match: re.Match[str]) -> str:
        kind, tag, attributes, source, caption = match.groups()
        path = posixpath.normpath(posixpath.join(folder, unescape(source)))
        if path not in media:
            return match[0]
        base, shown = posixpath.splitext(path)[0], posixpath.splitext(source)[0]
        poster = next((end for end in POSTERS if f"{base}{end}" in media), "") if tag == "video" else ""
        tracks, captions = "", ""
        for code in (lang, *(other for other in LANGUAGE if other != lang)):
            if f"{base}.{code}.vtt" in media:
                captions = captions or f"{base}.{code}.vtt"
                tracks += _track(code, f"{shown}.{code}.vtt", " default" if code == lang else "")
        if not tracks and f"{base}.vtt" in media:
            captions = f"{base}.vtt"
            tracks = _track(lang, f"{shown}.vtt", " default")
        attributes += f' poster="{shown}{poster}"' if poster else ""
        size = escape(size_of(root / path, lang))
        transcript = ""
        if captions and (said := read_captions(root / captions)):
            lines = "".join(f"<p>{escape(line)}</p>" for line in said)
            summary = escape(texts["media_transcript"])
            transcript = f'<details class="transcript"><summary>{summary}</summary>{lines}</details>'
        about = f"{caption} " if caption.strip() else ""
        return (
            f'<figure class="{kind}"><{tag}{attributes} src="{source}">{tracks}</{tag}>'
            f"<figcaption>{about}<small>{size}</small></figcaption>{transcript}</figure>"
        )

    return MEDIUM.sub(dress, html)


def mark_terms(html: str, terms: Iterable[Term], title: str) -> str:
    """Mark each term where a page says it first; its explanation is shown at a tap, and printed at the end."""
    words = {word.casefold(): term for term in terms for word in term.words}
    if not words:
        return html
    said = sorted(words, key=len, reverse=True)
    pattern = re.compile(
        r"(?<![\w-])("
        + "|".join(SPACE.join(map(re.escape, map(escape, word.split()))) for word in said)
        + r")(?![\w-])",
        re.IGNORECASE,
    )
    seen: dict[str, Term] = {}
    out: list[str] = []
    depth = 0

    def mark(match: re.Match[str]) -> str:
        term = words.get(" ".join(re.sub(SPACE, " ", unescape(match[0])).split()).casefold())
        if term is None or term.id in seen:
            return match[0]
        seen[term.id] = term
        return f'<button type="button" class="term" popovertarget="term-{term.id}">{match[0]}</button>'

    for piece in PIECES.split(html):
        match = PIECES.fullmatch(piece)
        if match is None:
            out.append(piece if depth else pattern.sub(mark, piece))
            continue
        name = re.match(r"</?([a-zA-Z0-9-]+)", piece)[1].lower()  # type: ignore[index]  # It is a tag.
        if name in NO_TERMS:
            depth += -1 if piece.startswith("</") else 1
        out.append(piece)
    if seen:
        explained = "".join(
            f'<div class="term-text" popover id="term-{term.id}"><strong>{escape(term.words[0])}</strong> '
            f"{escape(term.text)}</div>"
            for term in seen.values()
        )
        out.append(f'<section class="glossary" aria-label="{escape(title)}">{explained}</section>')
    return "".join(out)
