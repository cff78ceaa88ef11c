"""The marking of one response: what every kind of question gives."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

Reason = Literal[
    "",
    "unanswered",
    "malformed",
    "not-a-number",
    "unit-missing",
    "unit-unexpected",
    "unit-unreadable",
    "unit-unknown",
]
"""Why a response is no answer; `unit-unreadable` is no unit at all, `unit-unknown` one that does not fit the key."""


@dataclass(frozen=True, slots=True)
class Grade:
    """The marking of one response.

    Attributes:
        score: 0..1.
        correct: Whether the response is wholly right (score 1).
        answered: Whether there was anything to mark.
        reason: Why a response could not be read as an answer, "" otherwise.
    """

    score: float
    correct: bool
    answered: bool = True
    reason: Reason = ""

    def record(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"score": self.score, "correct": self.correct, "answered": self.answered, "reason": self.reason}


RIGHT = Grade(1.0, True)
WRONG = Grade(0.0, False)
UNANSWERED = Grade(0.0, False, answered=False, reason="unanswered")
MALFORMED = Grade(0.0, False, reason="malformed")


def share(right: int, of: int) -> Grade:
    """A grade of so many right parts of all; fewer than none count as none."""
    return RIGHT if right == of else Grade(max(0.0, right / of), False)


def percent(score: float) -> int:
    """A score of 0..1 as a whole percentage: 100 only when nothing was wrong, and never rounded up over a pass mark."""
    return math.floor(score * 100 + 1e-9)


def is_empty(response: object) -> bool:
    """Whether a response says nothing."""
    return response is None or response == [] or response == {} or (isinstance(response, str) and not response.strip())
