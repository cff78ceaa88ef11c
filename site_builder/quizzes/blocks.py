"""Where the quizzes of a page are: `<quiz …>` to `</quiz>`, outside fenced code.

The loader and the Python-Markdown extension both look here, so that they see the same quizzes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

FENCE = re.compile(r"^(?: {0,3}|[ >]*)(`{3,}|~{3,})(.*)$")
OPENING = re.compile(r"^ {0,3}<quiz\b([^>]*)>[ \t]*$", re.IGNORECASE)
CLOSING = re.compile(r"^ {0,3}</quiz\s*>[ \t]*$", re.IGNORECASE)
LOOKS_LIKE_QUIZ = re.compile(r"</?quiz\b", re.IGNORECASE)
CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")

BROKEN = "quiz-broken"
"""Class of what stands in the place of a quiz that could not be read; a build with one is refused."""

Report = Callable[..., None]
"""`report(line, column, code=…, found=…, expected=…, hint=…)`; lines and columns count from 1."""


@dataclass(frozen=True, slots=True)
class Block:
    """One quiz in the lines of a page.

    Attributes:
        start: Index of the opening line, from 0.
        end: Index of the closing line; of the last line when the block is never closed.
        attributes: What stands between `<quiz` and `>`.
        lines: The lines in between.
        closed: Whether a closing line was found.
    """

    start: int
    end: int
    attributes: str
    lines: tuple[str, ...] = field(repr=False)
    closed: bool = True


ITEM_FENCE = re.compile(r"^[ >]*(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)+(?:\[[ xX]?\][ \t]+)?(`{3,}|~{3,})([^`]*)$")
"""Code that begins on the line of a list item: the line is the item's, and what follows is code."""
REGION = re.compile(r"<!--|<pre\b", re.IGNORECASE)
REGION_ENDS = {"<!--": re.compile(r"-->|--!>"), "<pre": re.compile(r"</pre\s*>", re.IGNORECASE)}


def code_mask(lines: Sequence[str], report: Report | None = None) -> list[bool]:
    """For each line, whether it belongs to fenced code (the fences themselves included).

    A fence that is never closed is reported: what follows it would be read as code here and as text elsewhere. So is a
    fence in a comment or between <pre> and </pre> that has no partner there: it would pair up with one further down.
    """
    if not any("```" in line or "~~~" in line for line in lines):
        return [False] * len(lines)
    mask: list[bool] = []
    fence, opened = "", 0
    region = ""
    for number, line in enumerate(lines, start=1):
        match = FENCE.match(line)
        if region and REGION_ENDS[region].search(line):
            if fence and report:
                _report_fence_in_html(report, opened, region)
            region = fence = ""
            mask.append(False)
        elif fence:
            mask.append(True)
            if match and match[1].startswith(fence) and not match[2].strip():
                fence = ""
        elif match and "`" not in match[2]:
            fence, opened = match[1], number
            mask.append(True)
        else:
            mask.append(False)
            if item := ITEM_FENCE.match(line):
                fence, opened = item[1], number
            elif not region:
                region = _opens_region(line)
    if fence and report:
        if region:
            _report_fence_in_html(report, opened, region)
        else:
            report(
                opened,
                lines[opened - 1].find(fence) + 1,
                code="fence-unclosed",
                found=f"code that begins with {fence} and never ends",
                expected=f"a line {fence} after it",
            )
    return mask


def _opens_region(line: str) -> str:
    """The region of raw text that a line opens and does not close, "" for none."""
    bare = without_code(line)
    found = ""
    for match in REGION.finditer(bare):
        name = match[0].lower()
        found = "" if REGION_ENDS[name].search(bare, match.end()) else name
    return found


def _report_fence_in_html(report: Report, line: int, region: str) -> None:
    where = "a comment" if region == "<!--" else "<pre> and </pre>"
    report(
        line,
        1,
        code="fence-in-html",
        found=f"a single code fence inside {where}",
        expected="fences in pairs, or none",
        hint="It would pair up with a fence further down, and what stands between would be shown as code.",
    )


def find_blocks(lines: Sequence[str], report: Report | None = None) -> list[Block]:
    """Every quiz of a page; what looks like one and is not is reported."""
    mask = code_mask(lines, report)
    blocks: list[Block] = []
    index, misplaced = 0, False
    while index < len(lines):
        line = lines[index]
        if mask[index] or not LOOKS_LIKE_QUIZ.search(line):
            index += 1
            continue
        opening = OPENING.match(line)
        if opening is None:
            # The end of a quiz whose beginning was reported is not a mistake of its own.
            if report and not (misplaced and CLOSING.match(line)):
                misplaced = _report_stray(report, line, index)
            index += 1
            continue
        end = index + 1
        while end < len(lines) and (mask[end] or not (CLOSING.match(lines[end]) or OPENING.match(lines[end]))):
            end += 1
        closed = end < len(lines) and CLOSING.match(lines[end]) is not None
        # Code that never ends swallowed the end of the quiz: that was reported, and is the one mistake.
        if not closed and report and not code_mask([*lines, ""])[-1]:
            report(
                index + 1,
                line.find("<") + 1,
                code="quiz-unclosed",
                found="<quiz> that is never closed",
                expected="a line </quiz> after its last question",
            )
        last = end if closed else end - 1
        blocks.append(Block(index, last, opening[1].strip(), tuple(lines[index + 1 : end]), closed))
        index = last + 1
    return blocks


def _report_stray(report: Report, line: str, index: int) -> bool:
    """Report what looks like a quiz and is none; gives whether it looked like a beginning."""
    bare = without_code(line)
    stray = LOOKS_LIKE_QUIZ.search(bare)
    if stray is None:
        return False
    if CLOSING.match(line):
        report(
            index + 1,
            stray.start() + 1,
            code="quiz-stray-end",
            found="</quiz> without a <quiz>",
            expected='an opening line <quiz id="…"> above it',
        )
        return False
    report(
        index + 1,
        stray.start() + 1,
        code="quiz-misplaced",
        found=f"{line.strip()[:60]!r}",
        expected="<quiz …> alone on a line of its own, at the left margin",
        hint="A quiz cannot stand in a list, a quote or a table; to mention one, write `<quiz>` in backticks.",
    )
    return True


CODE_OR_COMMENT = re.compile(r"(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)|<!--(?s:.*?)(?:-->|--!>)")


def without_code(line: str) -> str:
    """A line with spaces in the place of code in backticks: columns stay."""
    return CODE_SPAN.sub(lambda match: " " * len(match[0]), line)


def without_comments(lines: Sequence[str]) -> list[str]:
    """The lines with their HTML comments blanked, outside of fenced code: notes of the author are for nobody else."""
    if not lines:
        return []
    mask = code_mask(lines)
    text = "\n".join("" if coded else line for line, coded in zip(lines, mask, strict=True))
    bare = CODE_OR_COMMENT.sub(lambda m: m[0] if m["ticks"] else "\n" * m[0].count("\n"), text).split("\n")
    return [line if coded else other for line, coded, other in zip(lines, mask, bare, strict=True)]


ATTRIBUTE = re.compile(r"""([^\s=<>"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")


def parse_attributes(text: str) -> list[tuple[str, str | None, int]]:
    """Name, value (None for a bare name) and offset of each attribute, in order."""
    return [
        (match[1].lower(), next((value for value in match.groups()[1:] if value is not None), None), match.start())
        for match in ATTRIBUTE.finditer(text)
    ]
