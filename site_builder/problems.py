"""Mistakes of authors: collected, never raised one at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

Severity = Literal["error", "warning"]

ADVICE = (
    "longest-right",
    "all-of-the-above",
    "option-feedback",
    "absolute-words",
    "same-options",
    "share-tolerance",
    "negation",
    "no-question",
    "image-alt",
    "digits",
    "reading-level",
    "objective",
    "minutes",
)
"""Names of the advice that `airlock check` gives and that front matter can silence."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One mistake, where it is and what to do about it.

    Attributes:
        file: Path below the content folder.
        line: From 1.
        column: From 1.
        code: Stable name, for filters and for the docs.
        found: What stands there.
        expected: What should stand there.
        hint: What to do, "" where `expected` says it all.
        severity: An error stops `airlock build`; a warning does not.
    """

    file: str
    line: int
    column: int = 1
    code: str
    found: str
    expected: str
    hint: str = ""
    severity: Severity = "error"

    @property
    def message(self) -> str:
        """Found, expected and hint in one line."""
        text = f"found {self.found}; expected {self.expected}"
        return f"{text}. {self.hint}" if self.hint else text

    def as_line(self) -> str:
        """`file:line:column: severity[code]: message`, which editors and terminals can jump to."""
        return f"{self.file}:{self.line}:{self.column}: {self.severity}[{self.code}]: {self.message}"

    def as_dict(self) -> dict[str, str | int]:
        """For `--format json`."""
        return asdict(self)

    def as_annotation(self) -> str:
        """A workflow command that a Git host shows beside the line."""
        escaped = self.message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        return f"::{self.severity} file={self.file},line={self.line},col={self.column},title={self.code}::{escaped}"


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any problem stops a build."""
    return any(problem.severity == "error" for problem in problems)
