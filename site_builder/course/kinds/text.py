"""Short text: a word or a few. The response is the text that the learner typed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, ClassVar

from site_builder.course.marks import MALFORMED, RIGHT, UNANSWERED, WRONG, Grade, is_empty
from site_builder.course.model import Question, Said, typed
from site_builder.course.numbers import INVISIBLE

MAX_TEXT = 500
"""Characters; a longer text is no short text."""

LETTERS = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
SIGNS = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ‛´`′ʹˈ‵＇՚ꞌ", "'"),
        **dict.fromkeys("“”„‟‹›«»〝〞〟＂″‚", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d⁻₋", "-"),
        **dict.fromkeys("⁺₊＋﹢", "+"),
        **dict.fromkeys("·•∙⋅‧", "."),
        "≥": ">=",
        "≤": "<=",
        "≠": "/=",
        "×": "x",
        "→": "->",
    }
)
"""One sign for what keyboards, phones and word processors write in several ways."""

MINUS = "\N{MINUS SIGN}"
FORMULA = re.compile(r"(?:[A-Z][a-z]?|[0-9()\[\].]|[βαγe])+")
"""What stands before a charge: the letters of a formula, a blood group, a particle."""
CHARGE = re.compile(r"(?<![^\s(/,;])([^\s/,;]*?)(\s?\(?[0-9]*(?:-+|\++)\)?)(?=$|[\s.,;:!?)/])")


def _charges(text: str) -> str:
    """The text with the charges of ions as a sign that is no hyphen: Cl⁻ is not Cl, and O− is not O.

    A sign behind a formula is a charge, with a space before it or without; at the very end of the text it is one behind
    any short word, for phones write cl- too. A hyphen between words stays a hyphen.
    """

    def sign(match: re.Match[str]) -> str:
        word, charge = match[1], match[2]
        bare = charge.strip("() ")
        ends = not match.string[match.end() :].strip(" .,;:!?)\"'")
        short = len(word) <= 3 or any(letter.isdigit() for letter in word)
        is_formula = FORMULA.fullmatch(word) and any(letter.isalpha() for letter in word)
        # A sign that stands apart, with no number, is one only where nothing else is said: Zone A - is no ion.
        apart = charge.startswith(" ") and not any(sign.isdigit() for sign in bare)
        if not word or (apart and not (ends and match.start() == 0)):
            return match[0]
        if not (is_formula or (ends and short and not apart)):
            return match[0]
        digits = bare.rstrip("+-")
        times = len(bare) - len(digits)
        return f"{word}{digits}{times if times > 1 else ''}{MINUS if bare.endswith('-') else '+'}"

    return CHARGE.sub(sign, text)


def fold(text: str) -> str:
    """One spelling for what is forgiven: case, accents, spacing, hyphens, and punctuation at the ends.

    `lib/fold.js` is its twin in the browser.
    """
    plain = INVISIBLE.sub("", text).translate(SIGNS)
    # SO₄²⁻ may be typed as SO4^2-, SO_4^{2-} or SO4 2-.
    plain = re.sub(r"\^\{?|(?<=\w)_(?=[0-9{])\{?|(?<=[0-9+-])\}", "", plain)
    plain = unicodedata.normalize("NFKD", plain).translate(SIGNS)
    plain = _charges(re.sub(r"\s+", " ", plain).strip())
    plain = plain.casefold().translate(LETTERS)
    plain = unicodedata.normalize("NFKD", plain)
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    # Minus 20 is not 20; and 0,5 is 0.5.
    plain = re.sub(r"(?<![^\W_])-\s*(?=\d)", MINUS, plain)
    plain = re.sub(r"(?<=\d),(?=\d)", ".", plain)
    plain = re.sub(r"[\s\-_]+", " ", plain)
    # 10 mL is 10mL, and CuSO4 · 5 H2O is CuSO4.5H2O.
    plain = re.sub(r"(?<=\d) (?=[a-z%°µμω])| (?=%)|(?<=\d) ?\. ?(?=\d)", lambda m: "." if "." in m[0] else "", plain)
    plain = re.sub(r"\s*'\s*", "'", plain)
    bare = plain.strip(" .,;:!?\"'()")
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
