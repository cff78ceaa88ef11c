"""What people write as they know it from GitHub, in the form that Python-Markdown reads.

Lists may stand right under a text and be nested by two or three spaces; a box's body may be; `#1` is no heading; a code
fence may begin on the line of a list item; `> [!NOTE]` is a box; `- [ ]` is a list to tick off. The lines that come out
are for the converter alone: problems are told by the lines that an author wrote.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from site_builder.quizzes.blocks import CODE_SPAN, code_mask

MARKER = re.compile(r"([-+*]|[0-9]{1,9}[.)])([ \t]+)(?=\S)(.*)", re.DOTALL)
RULE = re.compile(r"(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
BOX = re.compile(r"(?:!!!|\?\?\?\+?)[ \t]+\S|===[+!]?[ \t]+[\"“]|\[\^[^\]]+\]:")
"""What has a body of indented lines: boxes, folding boxes, tabs, footnotes."""
BLOCK = re.compile(r"#{1,6}\s|>|<|\|")
"""Lines that begin something else than a text: no lazy continuation of a list."""
NUMBER_SIGN = re.compile(r"^#{1,6}(?=[0-9])")
FENCE = re.compile(r"(`{3,}|~{3,})[^`]*$")
TASK = re.compile(r"\[([ xX])\][ \t]+(?=\S)")
ALERT = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][+-]?[ \t]*([^\n]*)$", re.IGNORECASE)
"""GitHub's way to write a box; behind it may be a title of its own, as in Obsidian."""
ALERTS = {
    "note": ("note", {"en": "Note", "fr": "Remarque", "nl": "Opmerking"}),
    "tip": ("tip", {"en": "Tip", "fr": "Conseil", "nl": "Tip"}),
    "important": ("info", {"en": "Important", "fr": "Important", "nl": "Belangrijk"}),
    "warning": ("warning", {"en": "Warning", "fr": "Attention", "nl": "Let op"}),
    "caution": ("danger", {"en": "Caution", "fr": "Prudence", "nl": "Voorzichtig"}),
}
RAW = re.compile(r"<(pre|script|style|textarea)\b", re.IGNORECASE)


@dataclass(slots=True)
class Level:
    """A list item or a box that is open.

    Attributes:
        indent: Of its marker.
        content: Indentation of what belongs to it, as it was written.
        is_item: Or a box.
    """

    indent: int
    content: int
    is_item: bool


def normalise(lines: Sequence[str], lang: str = "en", *, tasks: bool = True) -> list[str]:
    """The lines as Python-Markdown reads them.

    Args:
        lines: Of a page without its quizzes, or of a fragment.
        lang: Of the text, for the titles of alerts.
        tasks: Whether `- [ ]` is a list to tick off.
    """
    return _Writer(lines, lang, tasks).write()


class _Writer:
    def __init__(self, lines: Sequence[str], lang: str, tasks: bool) -> None:
        self.lines = [_spaces(line) for line in lines]
        self.mask = code_mask(self.lines)
        self.lang, self.tasks = lang, tasks
        self.out: list[str] = []
        self.stack: list[Level] = []
        self.last = "blank"  # What the last line was: blank, item, text, fence, other.
        self.block = 0  # How deep the first line behind the last blank one stands.
        self.kinds: dict[int, str] = {}  # The kind of list at each depth.
        self.fresh = True  # Whether the text that is being written began by itself, and not behind a list marker.

    def write(self) -> list[str]:
        """All lines."""
        place = 0
        while place < len(self.lines):
            place = self._line(place)
        return self.out

    def _line(self, place: int) -> int:
        line = self.lines[place]
        if not line.strip():
            self.out.append("")
            self.last = "blank"
            return place + 1
        if self.mask[place]:
            return self._fence(place, place)
        indent, text = _indent(line), line.strip(" ")
        marker = self._marker(text)
        if marker and self.last == "text" and self.fresh and not self._interrupts(text, indent):
            marker = None
        self._leave(indent, text, is_marker=marker is not None)
        if self.last == "blank":
            self.block = len(self.stack)
        if not self.stack and indent >= 4 and self.last in ("blank", "code"):
            self.out.append(line)  # Indented code.
            self.last = "code"
            return place + 1
        if RAW.match(text):
            return self._raw(place)
        if text.startswith(">"):
            return self._quote(place, indent)
        if marker:
            return self._item(place, indent, marker)
        if BOX.match(text) and self._has_body(place, indent):
            self._gap()
            self.out.append(" " * 4 * len(self.stack) + text)
            self.stack.append(Level(indent, self._content(place, indent, indent + 4), is_item=False))
            self.last = "other"
            return place + 1
        starts = bool(BLOCK.match(text))
        if not self.stack:
            self.kinds = {}  # A text at the margin ends every list.
        if starts and self.last == "fence":
            self._blank()
        text = NUMBER_SIGN.sub(lambda match: f"\\{match[0]}", text)
        if "|" in text and "\\|" in text:
            # In a table's code, GitHub's escaped bar is a bar.
            text = CODE_SPAN.sub(lambda match: match[0].replace("\\|", "|"), text)
        self.out.append(" " * self._shift(indent) + text)
        if self.last in ("blank", "fence", "other", "code"):
            self.fresh = True
        self.last = "other" if starts and not text.startswith("|") else "text"
        return place + 1

    def _marker(self, text: str) -> re.Match[str] | None:
        return None if RULE.match(text) else MARKER.fullmatch(text)

    def _interrupts(self, text: str, indent: int) -> bool:
        """Whether a list may begin right under a text: with a bullet or with 1, as in CommonMark."""
        return (
            not text[0].isdigit()
            or text[:2] in ("1.", "1)")
            or any(level.is_item and level.indent <= indent < level.content for level in self.stack)
        )

    def _leave(self, indent: int, text: str, *, is_marker: bool) -> None:
        """Close what a line of this indentation does not belong to."""
        lazy = self.last in ("item", "text") and not is_marker and not BLOCK.match(text) and not BOX.match(text)
        while self.stack and indent < self.stack[-1].indent + 2:
            if lazy and self.stack[-1].is_item:
                return
            self.stack.pop()

    def _shift(self, indent: int) -> int:
        if not self.stack:
            return min(indent, 3)
        return 4 * len(self.stack) + max(0, indent - self.stack[-1].content)

    def _gap(self) -> None:
        """A blank line above what would otherwise be read as a part of the text before it."""
        if self.last == "fence" or (self.last == "text" and self.fresh):
            self._blank()

    def _blank(self) -> None:
        self.out.append("")
        self.block = len(self.stack)

    def _content(self, place: int, indent: int, usual: int) -> int:
        """Indentation of what belongs to a marker: that of the next line further in, and at most the usual one."""
        for line in self.lines[place + 1 :]:
            if line.strip():
                found = _indent(line)
                return min(found, usual) if found >= indent + 2 else usual
        return usual

    def _has_body(self, place: int, indent: int) -> bool:
        following = next((line for line in self.lines[place + 1 :] if line.strip()), "")
        return _indent(following) >= indent + 2

    def _item(self, place: int, indent: int, marker: re.Match[str]) -> int:
        depth = len(self.stack)
        sign, space, text = marker.groups()
        kind = "ordered" if sign[0].isdigit() else "bullets"
        if self.block > depth:
            # A block that begins further in would take this item along.
            self._blank()
        elif self.last in ("blank", "item", "text") and self.kinds.get(depth, kind) != kind:
            # Bullets and numbers are two lists; a comment is nothing, and tells them apart.
            self.out.extend(["", f"{' ' * 4 * depth}<!-- -->", ""])
        else:
            self._gap()
        self.kinds = {level: known for level, known in self.kinds.items() if level < depth} | {depth: kind}
        usual = max(indent + len(sign) + (len(space) if len(space) <= 4 else 1), indent + 4)
        self.stack.append(Level(indent, self._content(place, indent, usual), is_item=True))
        sign = f"{sign[:-1]}." if sign.endswith(")") else sign
        head = f"{' ' * 4 * depth}{sign} "
        if FENCE.match(text) and place + 1 < len(self.lines) and self.mask[place + 1]:
            self.out.extend([f"{head}<!-- -->", "", " " * 4 * (depth + 1) + text])
            return self._fence(place + 1, place)
        task = TASK.match(text) if self.tasks else None
        if task:
            ticked = "☑" if task[1] in "xX" else "☐"
            text = f'<span class="task-box">{ticked}</span> {text[task.end() :]}'
        self.out.append(f"{head}{text}")
        self.last, self.fresh = "item", False
        return place + 1

    def _fence(self, place: int, opening: int) -> int:
        """Fenced code from `place` on, moved as its first line is."""
        if place == opening:
            indent = _indent(self.lines[place])
            if FENCE.match(self.lines[place].strip()) is None:
                self.out.append(self.lines[place])
                return place + 1
            self._leave(indent, "<", is_marker=False)
            self._gap()
            move = self._shift(indent) - indent
            self.out.append(_moved(self.lines[place], move))
            place += 1
        else:
            # Code on the line of an item: what follows is written as far in as the author's first line of it.
            move = 4 * len(self.stack) - self.stack[-1].content
        sign = (FENCE.search(self.lines[opening]) or FENCE.search("```"))[1]  # type: ignore[index]  # One is there.
        while place < len(self.lines) and self.mask[place]:
            line = self.lines[place]
            self.out.append(_moved(line, move) if line.strip() else "")
            place += 1
            if line.strip().startswith(sign) and not line.strip().strip(sign[0]):
                break
        self.last, self.fresh = "fence", True
        return place

    def _quote(self, place: int, indent: int) -> int:
        """The lines of a quote, which are a page of their own."""
        end = place
        while end < len(self.lines) and self.lines[end].lstrip(" ").startswith(">"):
            end += 1
        inner = [re.sub(r"^ *> ?", "", line) for line in self.lines[place:end]]
        if self.last in ("item", "text", "fence"):
            self._blank()
        head = " " * self._shift(indent)
        alert = ALERT.match(inner[0])
        if alert:
            kind, titles = ALERTS[alert[1].lower()]
            body = normalise(inner[1:], self.lang, tasks=self.tasks)
            title = alert[2].strip().replace('"', "”") or titles.get(self.lang, titles["en"])
            self.out.extend(["", f'{head}!!! {kind} "{title}"'])
            self.out.extend(f"{head}    {line}" if line else "" for line in body)
            self.out.append("")
        else:
            self.out.extend(f"{head}> {line}".rstrip() for line in normalise(inner, self.lang, tasks=self.tasks))
        self.last = "other"
        return end

    def _raw(self, place: int) -> int:
        """Raw HTML that holds text as it is, to its end."""
        name = RAW.match(self.lines[place].strip())[1]  # type: ignore[index]  # Just matched.
        end = re.compile(rf"</{name}\s*>", re.IGNORECASE)
        while place < len(self.lines):
            self.out.append(self.lines[place])
            place += 1
            if end.search(self.lines[place - 1]):
                break
        self.last = "other"
        return place


def _spaces(line: str) -> str:
    """A line whose indentation has no tabs."""
    bare = line.lstrip(" \t")
    return line[: len(line) - len(bare)].expandtabs(4) + bare.rstrip("\r")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _moved(line: str, by: int) -> str:
    if by >= 0:
        return " " * by + line
    return line[min(-by, _indent(line)) :]
