"""Whether what a page refers to is there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from site_builder.course.languages import LANGUAGES
from site_builder.reading.bodies import Target
from site_builder.reading.files import Collector
from site_builder.reading.frontmatter import did_you_mean


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands.

    Attributes:
        folder: Below the content folder.
        stems: Of all pages, without language and ending.
        media: Paths of all media below the content folder.
    """

    folder: str
    stems: set[str]
    media: set[str]


def check_targets(targets: Iterable[Target], place: Place, report: Collector) -> None:
    """Report addresses that lead nowhere, or out of the content folder."""
    for target in targets:
        _check_target(target, place, report)


def _check_target(target: Target, place: Place, report: Collector) -> None:
    address, line, column = target.address, target.line, target.column
    resolved = _resolve(place.folder, address)
    what = "an image" if target.is_image else "a link"
    if address.startswith("/") or resolved is None:
        report(
            line,
            column,
            code="link-outside",
            found=f"{what} to {address!r}",
            expected="a path relative to this file, inside the content folder",
        )
    elif resolved.endswith(".md"):
        stem = resolved.removesuffix(".md")
        name, _, lang = stem.rpartition(".")
        if stem not in place.stems and not (lang in LANGUAGES and name in place.stems):
            report(line, column, code="link-missing", found=f"a link to {address!r}", expected="a page that exists")
    elif resolved not in place.media:
        names = tuple(PurePosixPath(name).name for name in place.media)
        report(
            line,
            column,
            code="image-missing" if target.is_image else "link-missing",
            found=f"{what} {address!r}",
            expected="a file that exists" if target.is_image else "a page (name.md) or a file that exists",
            hint=did_you_mean(PurePosixPath(resolved).name, names),
        )


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
