"""What can be said of the body of any page: HTML that goes, addresses that lead nowhere, quizzes that do not show."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote

from site_builder.files import LANGUAGES, Collector
from site_builder.fragments import render_fragment
from site_builder.frontmatter import did_you_mean
from site_builder.quizzes.blocks import find_blocks
from site_builder.rendered import Rendered, render_page
from site_builder.sanitise import Removed


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands.

    Attributes:
        folder: Below the content folder.
        lang: Of the page.
        stems: Of all pages, without language and ending.
        media: Paths of all media below the content folder.
    """

    folder: str
    lang: str
    stems: set[str]
    media: set[str]


def reporting_renderer(report: Collector) -> Callable[[str, int], str]:
    """A renderer for the quiz parser that reports what the sanitiser took out of a fragment."""

    def render(text: str, line: int) -> str:
        try:
            html, removed = render_fragment(text)
        except RecursionError:
            _report_nesting(report, line)
            return ""
        _report_removed(removed, text.lower().split("\n"), line, report)
        return html

    return render


def check_body(lines: list[str], start: int, place: Place, report: Collector) -> None:
    """Report what is wrong with the body of a page.

    Args:
        lines: Of the whole file.
        start: Index of the first line of the body.
        place: Where the page stands.
        report: Where problems go.
    """
    body = lines[start:]
    try:
        shown = render_page("\n".join(body), place.lang)
    except RecursionError:
        _report_nesting(report, start + 1)
        return
    blocks = find_blocks(body)
    outside = [line.lower() for line in body]
    for block in blocks:
        outside[block.start : block.end + 1] = [""] * (block.end - block.start + 1)
    _report_removed(shown.removed, outside, start + 1, report)
    lowered = [line.lower() for line in body]
    for target in dict.fromkeys(shown.raw):
        if _relative(target):
            line, column = _locate(lowered, target.lower(), 0)
            report(
                start + line,
                column,
                code="html-address",
                found=f"the relative address {target!r} in raw HTML",
                expected="Markdown: ![what it shows](file) or [text](file)",
                hint="Addresses in raw HTML are not adjusted to where the page ends up.",
            )
    for is_image, targets in ((True, shown.images), (False, shown.links)):
        for target in dict.fromkeys(targets):
            path = _relative(target)
            if path and target not in shown.raw:
                line, column = _locate(lowered, target.lower(), 0)
                _check_target(path, is_image, start + line, column, place, report)
    _check_quizzes(shown, body, start, report)


def _check_quizzes(shown: Rendered, body: list[str], start: int, report: Collector) -> None:
    if len(shown.quizzes) >= shown.readable:
        return
    block = find_blocks(body)[-1]
    report(
        start + block.start + 1,
        1,
        code="quiz-hidden",
        found="a quiz that the page does not show",
        expected="quizzes outside of raw HTML and comments",
    )


def _report_removed(removed: Iterable[Removed], lines: list[str], first: int, report: Collector) -> None:
    seen: Counter[str] = Counter()
    for item in removed:
        line, column = _locate(lines, item.needle, seen[item.needle])
        seen[item.needle] += 1
        report(
            first + line - 1,
            column,
            code="html-removed",
            found=item.found,
            expected=item.expected,
            hint="It was removed from the page.",
        )


def _report_nesting(report: Collector, line: int) -> None:
    report(
        line,
        1,
        code="nested-too-deeply",
        found="lists or quotes in one another, hundreds deep",
        expected="a few levels",
    )


def _locate(lines: list[str], needle: str, skip: int) -> tuple[int, int]:
    """Line and column, from 1, of an occurrence of a text; of the beginning where it cannot be found as it is."""
    for number, line in enumerate(lines, start=1):
        place = line.find(needle)
        while place >= 0:
            if not skip:
                return number, place + 1
            skip -= 1
            place = line.find(needle, place + 1)
    return 1, 1


def _relative(target: str) -> str:
    """The path of a relative address, "" for an address elsewhere or on the same page."""
    path = unquote(target.partition("#")[0].partition("?")[0]).strip()
    return "" if re.match(r"^[a-zA-Z][a-zA-Z0-9+.-]*:|^//", path) else path


def _check_target(target: str, is_image: bool, line: int, column: int, place: Place, report: Collector) -> None:
    resolved = _resolve(place.folder, target)
    what = "an image" if is_image else "a link"
    if target.startswith("/") or resolved is None:
        report(
            line,
            column,
            code="link-outside",
            found=f"{what} to {target!r}",
            expected="a path relative to this file, inside the content folder",
        )
    elif resolved.endswith(".md"):
        stem = resolved.removesuffix(".md")
        name, _, lang = stem.rpartition(".")
        if stem not in place.stems and not (lang in LANGUAGES and name in place.stems):
            report(line, column, code="link-missing", found=f"a link to {target!r}", expected="a page that exists")
    elif resolved not in place.media:
        names = tuple(PurePosixPath(name).name for name in place.media)
        report(
            line,
            column,
            code="image-missing" if is_image else "link-missing",
            found=f"{what} {target!r}",
            expected="a file that exists" if is_image else "a page (name.md) or a file that exists",
            hint=did_you_mean(PurePosixPath(resolved).name, names),
        )


def _resolve(folder: str, target: str) -> str | None:
    """A path below the content folder, None when it leads out of it."""
    parts: list[str] = [part for part in folder.split("/") if part]
    for part in target.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
