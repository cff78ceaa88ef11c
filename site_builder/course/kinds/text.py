"""Short text: a word or a few. The response is the text that the learner typed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, ClassVar

from site_builder.course.marks import MALFORMED, RIGHT, UNANSWERED, WRONG, Grade, is_empty
from site_builder.course.model import Question, Said, typed

MAX_TEXT = 500
"""Characters; a longer text is no short text."""

LETTERS = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "’": "'", "‘": "'", "ʼ": "'"}
)


INVISIBLE = re.compile("[\ufeff\u00ad\u200b-\u200f\u2060]")
"""Signs that nobody sees and keyboards, clipboards and files bring along."""


def fold(text: str) -> str:
    """One spelling for what is forgiven: case, accents, spacing, hyphens, and punctuation at the ends."""
    plain = unicodedata.normalize("NFKD", INVISIBLE.sub("", text)).casefold().translate(LETTERS)
    plain = unicodedata.normalize("NFKD", plain)
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    # Minus 20 is not 20; and 0,5 is 0.5.
    plain = re.sub(r"(?<![^\W_])[-\u2010-\u2015\u2212](?=\s*\d)", "\u2212", plain)
    plain = re.sub(r"(?<=\d),(?=\d)", ".", plain)
    plain = re.sub(r"[\s\-\u2010-\u2015\u00ad_]+", " ", plain)
    plain = re.sub(r"\s*'\s*", "'", plain)
    bare = plain.strip(" .,;:!?\"'«»“”()")
    return bare or text.strip().casefold()


def says(typed: object, accepted: tuple[str, ...]) -> bool:
    """Whether a typed text is one of those that are accepted."""
    if not isinstance(typed, str) or len(typed) > MAX_TEXT or not typed.strip():
        return False
    return fold(typed) in {fold(text) for text in accepted}


@dataclass(frozen=True, kw_only=True)
class ShortText(Question):
    """A word or a few, typed.

    Attributes:
        accepted: Every text that is right; the first one is shown as the answer.
    """

    kind: ClassVar[str] = "text"
    accepted: tuple[str, ...]

    def mark(self, response: object) -> Grade:
        """All or nothing; case, accents and spacing are forgiven."""
        if is_empty(response):
            return UNANSWERED
        if not isinstance(response, str):
            return MALFORMED
        return RIGHT if says(response, self.accepted) else WRONG

    def said(self, response: object) -> tuple[Said, ...]:
        """What was typed."""
        return typed(response)

    def is_right(self, said: Said) -> bool:
        """Whether it is marked as right."""
        return self.mark(said.value).correct

    def key(self) -> dict[str, Any]:
        """Every accepted text."""
        return {"accepted": list(self.accepted)}

    def right_response(self) -> Any:
        """The first accepted text."""
        return self.accepted[0]

    def wrong_response(self) -> Any:
        """The texts with something before them."""
        return "x".join(["", *self.accepted])

    def malformed_responses(self) -> tuple[Any, ...]:
        """Among others, a number."""
        return (*super().malformed_responses(), 3, ["a"], "a" * (MAX_TEXT + 1))
