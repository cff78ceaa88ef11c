"""Lines of answers as items: a first line, indented lines that go on, and feedback behind `>`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from site_builder.quizzes.blocks import code_mask

if TYPE_CHECKING:
    from site_builder.quizzes.draft import Draft

FEEDBACK = re.compile(r"^\s*>[ \t]?(.*)$")
RULE = re.compile(r"^ {0,3}(?:-[ \t]*){3,}$|^ {0,3}(?:\*[ \t]*){3,}$|^ {0,3}(?:_[ \t]*){3,}$")
"""A line across: what follows is the explanation."""
LOST = re.compile(r"(?:^|(?<=\s))\{:?\s*(?:#[a-z0-9-]+|\.critical)[^{}]*\}$")
SECOND_BOX = re.compile(r"^(?:\[[ xX]\](?!\()|\[\](?=\s+\S))")
INDENT = re.compile(r"^(?: {1,6}|\t)")

SPACE = "[ \\t\u00a0\u202f]"
"""What looks like a space: keyboards put a no-break space where one holds a key too long."""
BOX = re.compile(rf"^( {{0,3}})[-*+]{SPACE}+\[([ \u00a0xX]?)\](?:{SPACE}+(.*))?$")
"""A check-list item; an empty pair of brackets is an empty box, as in other quiz languages."""
ALMOST_BOX = re.compile(
    rf"^\s*(?:[-*+–—•]?{SPACE}*\[{SPACE}*[xXvV✓✔*хХ×✗✘☑☒]?{SPACE}*\]|[-*+–—•]{SPACE}*\({SPACE}*[xX✓✔]?{SPACE}*\))(?![\[(:])"
)
REGION = re.compile(r"^\s*\(\s*[-\d.,]+\s*%\s*[,;]")
"""What the text of a check-list item begins with when it is a region of a picture."""
BARE_REGION = re.compile(r"^\s*[\[(](?:\s*-?[\d.]+\s*(?:px)?\s*[,;]){3}\s*-?[\d.]+\s*(?:px)?\s*[\])]")
"""Four numbers without percent signs: a region, where there is a picture."""


@dataclass(slots=True)
class Item:
    """One item while it is being read.

    Attributes:
        line: Number of its first line.
        match: Of its first line.
        text: Its lines: the first one without marker and box, the others as they were written.
        feedback: The lines of its feedback.
    """

    line: int
    match: re.Match[str]
    text: list[str]
    feedback: list[str] = field(default_factory=list)

    @property
    def markdown(self) -> str:
        """The text of the item."""
        first, *others = self.text
        written = next((line for line in others if line.strip()), "")
        # All lines lose the indentation of the first of them: code keeps what is its own.
        depth = min(len(_indent(written)), MOST_INDENT)
        lines = [line[min(depth, len(_indent(line))) :] for line in others]
        return as_text("\n".join([first, *lines]).strip("\n"))


MOST_INDENT = 6
"""Spaces: as far in as a text behind "10. [x] "."""


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" "))]


BLOCK_START = re.compile(r"(?:([0-9]{1,9})([.)])(?=\s)|(>|#{1,6}|[-+*](?=\s)|[-*_]{3,}$))")


def as_text(markdown: str) -> str:
    """Markdown whose first line is text: "> 10 Pa" is no quote, "2. Hood" no list and "#5" no heading."""
    match = BLOCK_START.match(markdown)
    if match is None:
        return markdown
    return f"{match[1]}\\{markdown[match.end(1) :]}" if match[1] else f"\\{markdown}"


def own_code(lines: Sequence[str]) -> list[bool]:
    """For each line, whether it is fenced code of an item; code in feedback is feedback."""
    return code_mask(["" if FEEDBACK.match(line) else line for line in lines])


def extent_of(lines: Sequence[str], starts: Callable[[str], bool]) -> int:
    """How many lines, from the first, are items, their feedback and their indented lines, with blank lines between."""
    end = 0
    mask = own_code(lines)
    inside = False  # Whether fenced code began as a part of an item.
    for index, (line, coded) in enumerate(zip(lines, mask, strict=True)):
        if coded and not (index and mask[index - 1]):
            # Fenced code belongs to an item that it is indented under; behind a blank line it is an explanation.
            inside = bool(INDENT.match(line)) or end == index
        belongs = inside if coded else starts(line) or FEEDBACK.match(line) or (end and INDENT.match(line))
        if not coded and RULE.match(line):
            break
        # Text straight under an item looks as if it belonged to it; `read_items` reports it.
        if line.strip() and (belongs or (end == index and not coded)):
            end = index + 1
        elif line.strip():
            break
    return end


def read_items(
    draft: Draft, item: Callable[[str], re.Match[str] | None], malformed: Callable[[str, int], bool]
) -> list[Item] | None:
    """Read the answer lines of a draft as items.

    Args:
        draft: The question.
        item: The match of a line that is an item; its last group is the text.
        malformed: Reports a line that was meant as an item and is none, and says whether it was one.

    Returns:
        The items, or None after reporting what is wrong.
    """
    items: list[Item] = []
    sound = True
    mask = own_code(draft.lines)
    for number, (line, coded) in enumerate(zip(draft.lines, mask, strict=True), start=draft.first_line):
        match = None if coded else item(line)
        if coded and items and BOX.match(line) and len(_indent(line)) < len(_indent(items[-1].match.string)) + 2:
            draft.wrong(
                number,
                1,
                "option-in-code",
                f"{line.strip()[:40]!r} inside the code of the option above",
                "code that ends before the next option, and is two spaces further in than the options",
                "The fence above, ``` or ~~~, has no end of its own.",
            )
            return None
        if match:
            text = (match[match.re.groups] or "").strip()
            if not text:
                draft.wrong(number, 1, "option-empty", "an option without text", "text behind it")
                sound = False
            elif SECOND_BOX.match(text):
                draft.wrong(number, match.start(match.re.groups) + 1, "option-malformed", repr(text[:40]), "one box")
                sound = False
            elif lost := LOST.search(text):
                draft.wrong(
                    number,
                    match.start(match.re.groups) + lost.start() + 1,
                    "question-attribute",
                    repr(lost[0]),
                    "ids and .critical behind the heading of the question",
                )
                sound = False
            items.append(Item(number, match, [text]))
        elif not coded and malformed(line, number):
            sound = False
        elif items:
            sound = _continue(items[-1], line, coded, number, draft) and sound
    return items if sound and items else None


def _continue(item: Item, line: str, coded: bool, number: int, draft: Draft) -> bool:
    """Add a line to an item or, once that has begun, to its feedback; False after reporting why not."""
    feedback = None if coded else FEEDBACK.match(line)
    if feedback:
        item.feedback.append(feedback[1])
    elif not line.strip():
        (item.feedback or item.text).append("")
    elif INDENT.match(line) or (coded and item.text[-1:] != [""]):
        # What stands under feedback is feedback: it must not end up in the option, which everybody can read.
        if item.feedback:
            item.feedback.append(INDENT.sub("", line))
        else:
            item.text.append(line.expandtabs(4) if line[:1] == "\t" else line)
    else:
        draft.wrong(
            number,
            1,
            "option-continuation",
            f"{line.strip()[:40]!r} straight under an option",
            "a blank line before an explanation, or two spaces before more of the option",
        )
        return False
    return True


def _box_hint(line: str) -> str:
    if re.search(r"\[\s*[хХ×✗✘☑☒✓✔vV*]\s*\]", line):
        return "The sign in the box is an x of the Latin keyboard: - [x] text."
    return "A hyphen, a space, the box with a space or an x in it, a space, the text."


def report_box(draft: Draft, line: str, number: int) -> bool:
    """Report a line that was meant as a check-list item; False when it was not."""
    if not ALMOST_BOX.match(line) and not BOX.match(line):
        return False
    draft.wrong(
        number,
        len(line) - len(line.lstrip()) + 1,
        "option-malformed",
        repr(line.strip()[:40]),
        "- [ ] text or - [x] text, at the left margin",
        _box_hint(line),
    )
    return True


def without_feedback(draft: Draft, items: Sequence[Item], what: str) -> bool:
    """Report feedback where nothing would show it; True when there is none."""
    for item in items:
        if item.feedback:
            draft.wrong(
                item.line,
                1,
                "option-feedback",
                f"feedback under {what}",
                "feedback under the options of a check-list only",
                "Say it in the explanation, below the answers.",
            )
            return False
    return True


def inline(fragment: str) -> str:
    """A single paragraph without its paragraph tags: a label holds phrasing content only."""
    text = fragment.strip()
    if text.startswith("<p>") and text.endswith("</p>") and text.count("<p>") == 1:
        return text[3:-4]
    return text
