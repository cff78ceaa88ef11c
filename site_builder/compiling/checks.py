"""Whether what a page refers to is there."""

from __future__ import annotations

import difflib
import posixpath
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from site_builder.course.languages import LANGUAGES
from site_builder.course.media import FILM, SOUND
from site_builder.reading.compiled import Body, Target
from site_builder.reading.files import Collector, Source


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands.

    Attributes:
        folder: Below the content folder.
        stems: Of all pages, without language and ending.
        media: Paths of all media below the content folder.
        languages: Of the site.
    """

    folder: str
    stems: set[str]
    media: set[str]
    languages: Sequence[str] = LANGUAGES


def check_targets(targets: Iterable[Target], place: Place, report: Collector) -> None:
    """Report addresses that lead nowhere, or out of the content folder."""
    for target in targets:
        if target.address:
            _check_target(target, place, report)


def _check_target(target: Target, place: Place, report: Collector) -> None:
    address, line, column = target.address, target.line, target.column
    what = "an image" if target.is_image else "a link"
    resolved = _resolve(place.folder, address)
    if address.startswith("/") or resolved is None:
        report(
            line,
            column,
            code="link-outside",
            found=f"{what} to {address!r}",
            expected="a path relative to this file, inside the content folder",
        )
    elif resolved.endswith(".md"):
        if page_of(resolved, place.stems, place.languages) is None:
            near = _near(resolved.removesuffix(".md"), place.stems)
            hint = f"Did you mean {_from(place.folder, near)}.md?" if near else ""
            report(line, column, code="link-missing", found=f"a link to {address!r}", expected="a page that exists",
                   hint=hint)  # fmt: skip
    elif resolved in place.media:
        base, ending = posixpath.splitext(resolved)
        if ending in (*FILM, *SOUND) and not any(
            f"{base}{end}" in place.media for end in (".vtt", *(f".{code}.vtt" for code in place.languages))
        ):
            report(
                line,
                column,
                code="media-captions",
                found=f"{address!r} without captions",
                expected=f"{PurePosixPath(base).name}.{place.languages[0]}.vtt beside it (WCAG 2.2, 1.2.2)",
                hint="Who does not hear it reads them; the page shows them as a transcript too.",
                severity="warning",
            )
    else:
        report(
            line,
            column,
            code="image-missing" if target.is_image else "link-missing",
            found=f"{what} {address!r}",
            expected="a file that exists" if target.is_image else "a page (name.md) or a file that exists",
            hint=_hint(address, resolved, place),
        )


def page_of(path: str, stems: Collection[str], languages: Sequence[str]) -> tuple[str, str] | None:
    """Stem and language of the page that a path means, "" where it names no language; None for no page."""
    stem = path.removesuffix(".md")
    name, _, lang = stem.rpartition(".")
    if stem in stems:
        return stem, ""
    return (name, lang) if lang in languages and name in stems else None


def _hint(address: str, resolved: str, place: Place) -> str:
    """What a path was meant to be: the page without its ending, the file in another folder or in other letters."""
    if "\\" in address:
        straight = _resolve(place.folder, address.replace("\\", "/")) or ""
        there = straight if straight in place.media else _near(straight, place.media)
        return "Write / between folders, as in an address" + (f": {_from(place.folder, there)}" if there else "") + "."
    bare = re.sub(r"/?(?:index)?\.html?$|/$", "", resolved)
    for stem in (bare, f"{bare}/index"):
        if stem in place.stems:
            return f"Did you mean {_from(place.folder, stem)}.md? A link to a page names its file."
    near = _near(resolved, place.media)
    return f"Did you mean {_from(place.folder, near)}?" if near else ""


def _near(path: str, known: Collection[str]) -> str:
    """The known path that was probably meant: of the same name, whatever its folder and letters; "" for none."""
    name = PurePosixPath(path).name.casefold()
    same = sorted(one for one in known if PurePosixPath(one).name.casefold() == name)
    by_folder = difflib.get_close_matches(path, same, n=1, cutoff=0.0)
    return next(iter(by_folder or difflib.get_close_matches(path, sorted(known), n=1)), "")


def _from(folder: str, path: str) -> str:
    """A path below the content folder, as seen from a folder of it."""
    return posixpath.relpath(path, folder or ".")


def check_anchors(
    page: Body, source: Source, pages: Mapping[str, Mapping[str, Body]], languages: Sequence[str], report: Collector
) -> None:
    """Report links to a place in a page that the page does not have, in the language that a reader gets.

    Args:
        page: Whose links are looked at.
        source: Its file.
        pages: Of every stem, the page in each of its languages, the one that stands for the others first.
        languages: Of the site.
        report: Where problems go.
    """
    for target in page.targets:
        resolved = _resolve(source.folder, target.address) if target.address else f"{source.stem}.md"
        if not target.anchor or resolved is None or not resolved.endswith(".md"):
            continue
        found = page_of(resolved, pages.keys(), languages)
        if found is None:
            continue
        stem, lang = found
        versions = pages[stem]
        other = versions.get(lang or source.lang) or next(iter(versions.values()), None)
        if other is None or not other.html or target.anchor in other.anchors:
            continue
        close = _alike(target.anchor, other.anchors)
        where = "this page" if other is page else f"{stem.rpartition('/')[2]}.md in this language"
        report(
            target.line,
            target.column,
            code="anchor-missing",
            found=f"a link to #{target.anchor}",
            expected=f"a heading or another place with this id in {where}",
            hint=f"Did you mean #{close}?"
            if close
            else "The id of a heading is its text in small letters and hyphens.",
            severity="warning",
        )


def draft_behind(address: str, folder: str, drafts: Collection[str], languages: Sequence[str]) -> str:
    """The draft that a relative address leads to, "" for none."""
    resolved = _resolve(folder, address) if address else None
    found = page_of(resolved, drafts, languages) if resolved and resolved.endswith(".md") else None
    return found[0] if found else ""


def _alike(anchor: str, known: Collection[str]) -> str:
    plain = unicodedata.normalize("NFKD", anchor).encode("ascii", "ignore").decode().casefold()
    if plain in known:
        return plain
    return next(iter(difflib.get_close_matches(plain, sorted(known), n=1, cutoff=0.5)), "")


def _resolve(folder: str, address: str) -> str | None:
    """A path below the content folder, None when it leads out of it."""
    parts: list[str] = [part for part in folder.split("/") if part]
    for part in address.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
