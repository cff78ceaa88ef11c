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


def code_mask(lines: Sequence[str], report: Report | None = None) -> list[bool]:
    """For each line, whether it belongs to fenced code (the fences themselves included).

    A fence that is never closed is reported: what follows it would be read as code here and as text elsewhere.
    """
    mask: list[bool] = []
    fence, opened = "", 0
    for number, line in enumerate(lines, start=1):
        match = FENCE.match(line)
        if fence:
            mask.append(True)
            if match and match[1].startswith(fence) and not match[2].strip():
                fence = ""
        elif match and "`" not in match[2]:
            fence, opened = match[1], number
            mask.append(True)
        else:
            mask.append(False)
    if fence and report:
        report(
            opened,
            lines[opened - 1].find(fence) + 1,
            code="fence-unclosed",
            found=f"code that begins with {fence} and never ends",
            expected=f"a line {fence} after it",
        )
    return mask


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
        if not closed and report:
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
    bare = CODE_SPAN.sub(lambda match: " " * len(match[0]), line)
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
