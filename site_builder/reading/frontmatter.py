"""Front matter: a small, strict part of YAML, read with the line of every key."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml

from site_builder.quizzes.blocks import Report
from site_builder.reading.plain import more_than_plain

FENCE = "---"
LONGEST_CHANGE = 300
"""Characters of the sentence that says what changed."""


@dataclass(slots=True)
class FrontMatter:
    """What stands between the two lines of hyphens.

    Attributes:
        values: By key.
        lines: Line number of each key.
        end: Index of the first line of the body.
    """

    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    end: int = 0
    broken: set[str] = field(default_factory=set)
    """Keys whose values could not be read, and were reported."""

    def line(self, key: str) -> int:
        """Where a key stands; the first line when it is missing."""
        return self.lines.get(key, 1)


def read_front_matter(lines: list[str], report: Report) -> FrontMatter | None:
    """Read the front matter of a page.

    Returns:
        None when there is none or it cannot be used; the reason is reported.
    """
    if not lines or lines[0].rstrip() != FENCE:
        report(
            1,
            1,
            code="front-matter-missing",
            found=repr(lines[0][:40]) if lines else "an empty file",
            expected="a first line --- that opens the front matter",
            hint="`airlock new module` makes a file with all of it.",
        )
        return None
    end = next((index for index, line in enumerate(lines[1:], start=1) if line.rstrip() in (FENCE, "...")), None)
    if end is None:
        report(1, 1, code="front-matter-unclosed", found="front matter that never ends", expected="a second line ---")
        return None
    text = "\n".join(lines[1:end]) + "\n"
    if not _is_plain(text, report):
        return None
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        _report_yaml(error, report)
        return None
    matter = FrontMatter(end=end + 1)
    if node is None:
        return matter
    if not isinstance(node, yaml.MappingNode):
        report(
            2, 1, code="front-matter-yaml", found="front matter without keys", expected="lines of the form key: value"
        )
        return None
    loader = yaml.SafeLoader("")
    for key_node, value_node in node.value:
        line, column = key_node.start_mark.line + 2, key_node.start_mark.column + 1
        key = str(getattr(key_node, "value", ""))
        if not isinstance(key_node, yaml.ScalarNode):
            report(line, column, code="front-matter-yaml", found="a key that is no word", expected="a simple key")
            continue
        if key in matter.values:
            report(
                line,
                column,
                code="front-matter-duplicate",
                found=f"{key!r} for a second time (first in line {matter.lines[key]})",
                expected="each key once",
            )
            continue
        try:
            matter.values[key] = loader.construct_object(value_node, deep=True)
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            report(
                line, column, code="front-matter-yaml", found=f"{key}: {error}", expected="a text, a number or a list"
            )
            matter.broken.add(key)
            continue
        matter.lines[key] = line
    return matter


def _is_plain(text: str, report: Report) -> bool:
    """Whether the text has no alias, anchor or tag: they let a short file mean a long one, or something else."""
    plain = True
    try:
        for mark, what in more_than_plain(text):
            report(
                mark.line + 2,
                mark.column + 1,
                code="front-matter-yaml",
                found=what,
                expected="plain values: no aliases, anchors or tags",
                hint="Put the value in quotes if it is meant as text.",
            )
            plain = False
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        _report_yaml(error, report)
        return False
    return plain


def _report_yaml(error: Exception, report: Report) -> None:
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 2, mark.column + 1) if mark else (1, 1)
    report(
        line,
        column,
        code="front-matter-yaml",
        found=str(getattr(error, "problem", None) or error).replace("\n", " ")[:200],
        expected="YAML: key: value",
        hint='A text with ": " or a special first character goes in quotes.',
    )


Reader = Callable[[Any], Any]

REPLACED = {
    "revision": {
        "expected": "renewal: a whole number, or changed: a day and a sentence",
        "hint": "minor and editorial: remove the line, or `airlock check --fix` does; write changed: where learners "
        "should see what is new. major: renewal: 2, or one more than it was, where everybody must do it again.",
    }
}
"""Keys of earlier versions, and what is written instead."""


class Fields:
    """Reads the known keys of one front matter and reports the rest.

    Usage: call the readers for the keys, then `finish()`.
    """

    def __init__(self, matter: FrontMatter, report: Report) -> None:
        self._matter = matter
        self._report = report
        self._known: set[str] = set()

    def text(self, key: str, *, required: bool = False, longest: int = 300) -> str:
        """A line of text; "" when it is missing."""
        value = self._take(key, required)
        if value is None:
            return ""
        if isinstance(value, bool | list | dict | datetime.date) or not str(value).strip():
            self._wrong(key, value, "a line of text", 'Put it in quotes: "…"')
            return ""
        if len(str(value)) > longest:
            self._wrong(key, f"{str(value)[:20]}… ({len(str(value))} characters)", f"at most {longest} characters")
        return str(value).strip()

    def number(self, key: str, low: int, high: int, *, default: int, required: bool = False) -> int:
        """A whole number from `low` to `high`."""
        value = self._take(key, required)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self._wrong(key, value, f"a whole number from {low} to {high}")
            return default
        return value

    def choice(self, key: str, allowed: tuple[str, ...], *, default: str, required: bool = False) -> str:
        """One of a few words."""
        value = self._take(key, required)
        if value is None:
            return default
        if value not in allowed:
            self._wrong(key, value, "one of " + ", ".join(allowed), did_you_mean(str(value), allowed))
            return default
        return str(value)

    def words(self, key: str, *, allowed: tuple[str, ...] = (), required: bool = False) -> tuple[str, ...]:
        """A list of texts, or one text; each one of `allowed` where that is given."""
        value = self._take(key, required)
        if value is None:
            return ()
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) and item.strip() for item in items):
            self._wrong(key, value, "a list of texts", "One a line: '  - text'. A text with ': ' in it goes in quotes.")
            return ()
        for item in items:
            if allowed and item not in allowed:
                self._wrong(key, item, "one of " + ", ".join(allowed), did_you_mean(item, allowed))
        if len(set(items)) < len(items):
            self._wrong(key, "the same item twice", "each item once")
        return tuple(dict.fromkeys(item.strip() for item in items if not allowed or item in allowed))

    def switch(self, key: str) -> bool:
        """True or false; false when it is missing."""
        value = self._take(key, False)
        if value is None or isinstance(value, bool):
            return bool(value)
        self._wrong(key, value, "true, or no such line")
        return False

    def change(self, key: str) -> tuple[str, str]:
        """A day, ISO 8601, and a sentence: what changed. Both "" when it is missing."""
        value = self._take(key, False)
        if value is None:
            return "", ""
        match = re.fullmatch(r"(\d{4}-\d{2}-\d{2})[\s:,]+(\S.*)", str(value).strip(), re.DOTALL)
        try:
            day = datetime.date.fromisoformat(match[1]) if match else None
        except ValueError:
            day = None
        if match is None or day is None or isinstance(value, list | dict):
            self._wrong(
                key, value, "a day and what changed, in a sentence", f"{key}: 2026-11-20 The mask goes on first."
            )
            return "", ""
        sentence = " ".join(match[2].split())
        if len(sentence) > LONGEST_CHANGE:
            self._wrong(key, f"{sentence[:20]}… ({len(sentence)} characters)", f"at most {LONGEST_CHANGE} characters")
        return day.isoformat(), sentence

    def value(self, key: str) -> tuple[Any, Callable[..., None]]:
        """What stands at a key, None when it is missing, and what reports it: `wrong(found, expected, hint)`."""
        return self._take(key, False), lambda found, expected, hint="": self._wrong(key, found, expected, hint)

    def finish(self, *, hint: str = "") -> None:
        """Report every key that nothing asked for."""
        for key, line in self._matter.lines.items():
            if key in REPLACED and key not in self._known:
                self._report(line, 1, code="front-matter-replaced", found=f"the key {key!r}", **REPLACED[key])
            elif key not in self._known:
                self._report(
                    line,
                    1,
                    code="front-matter-unknown",
                    found=f"the key {key!r}",
                    expected="one of " + ", ".join(sorted(self._known)),
                    hint=did_you_mean(key, tuple(self._known)) or hint,
                )

    def _take(self, key: str, required: bool) -> Any:
        self._known.add(key)
        value = self._matter.values.get(key)
        if value is None and required and key not in self._matter.broken:
            self._report(
                self._matter.line(key), 1, code="front-matter-missing-key", found=f"no {key!r}", expected=f"{key}: …"
            )
        return value

    def _wrong(self, key: str, value: Any, expected: str, hint: str = "") -> None:
        self._report(
            self._matter.line(key),
            1,
            code="front-matter-value",
            found=f"{key}: {value!r}"[:160],
            expected=expected,
            hint=hint,
        )


def did_you_mean(word: str, known: tuple[str, ...]) -> str:
    """A suggestion, or ""."""
    close = difflib.get_close_matches(word, known, n=1)
    return f"Did you mean {close[0]!r}?" if close else ""
