"""Numbers with units, as people type them. `lib/numbers.js` is this file's twin in the browser."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from site_builder.course.marks import MALFORMED, RIGHT, UNANSWERED, WRONG, Grade, Reason, is_empty
from site_builder.course.units import RAISED, canonical, is_unit

MAX_NUMBER_LENGTH = 60
"""Characters; a longer text is not a number that a person typed."""

MAX_EXPONENT = 40
"""Powers of ten either way; keeps arithmetic on hostile input small."""

INVISIBLE = re.compile(
    "[\ufeff\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f]"
)
"""Signs that nobody sees and keyboards, clipboards and files bring along."""


@dataclass(frozen=True, slots=True)
class UnitConversion:
    """How a value in unit `name` becomes a value in the unit of the key, exactly: `value * factor + offset`."""

    name: str
    factor: Fraction
    offset: Fraction = Fraction(0)


def mark_number(response: object, low: Fraction, high: Fraction, unit: str, units: Sequence[UnitConversion]) -> Grade:
    """Right when one reading of the number, in the unit of the key, lies within the bounds, both included."""
    if is_empty(response):
        return UNANSWERED
    if isinstance(response, bool) or not isinstance(response, str | int | float):
        return MALFORMED
    if isinstance(response, int) and abs(response) > 10**MAX_NUMBER_LENGTH:
        return Grade(0.0, False, reason="not-a-number")
    text = response if isinstance(response, str) else repr(response)
    reason = unreadable(text, has_unit=bool(unit))
    if reason:
        return Grade(0.0, False, reason=reason)
    readings, typed = read_number(text)
    conversion = find_conversion(units, typed) if unit else UnitConversion("", Fraction(1))
    if conversion is None:
        return Grade(0.0, False, reason="unit-unknown")
    # In fractions nothing is rounded: 60 min is 1 h, and 98.6 °F is 37 °C.
    values = (Fraction(value) * conversion.factor + conversion.offset for value in readings)
    return RIGHT if any(low <= value <= high for value in values) else WRONG


def unreadable(text: str, *, has_unit: bool) -> Reason:
    """Why a text can be read as no answer at all, whatever the key is; "" when it can.

    It depends on nothing but the text and on whether a unit is asked for, which the page says: a learner may be told
    before handing in.
    """
    if not text.strip():
        return ""
    readings, typed = read_number(text)
    if not readings:
        return "not-a-number"
    if not has_unit:
        return "unit-unexpected" if typed else ""
    if not typed:
        return "unit-missing"
    return "" if is_unit(typed) else "unit-unreadable"


HEDGE = re.compile(r"^(?:[=≈≃≅≒∼~]|(?:ca|env|approx|circa|environ|about|ongeveer)\b\.?)\s*(?=\S)", re.IGNORECASE)
"""What people write before a number, and mean nothing by."""
FULL_WIDTH = str.maketrans("０１２３４５６７８９＋－．，", "0123456789+-.,")
TEN = re.compile(r"(?<![0-9])10\s*([⁺⁻]?[⁰¹²³⁴-⁹]+)")
SIGN = re.compile(r"^([+\-\u2010-\u2015\u2212])\s*(?=[0-9.,])")
EXPONENT = r"\s*(?:\^|\*\*)\s*[({]?\s*([+-]?)\s*([0-9]+)\s*[)}]?"
POWER = re.compile(rf"(?<=[0-9.,])(?:\s*[xX×хХ*·⋅∙•✕.]\s*|\s+)10{EXPONENT}")
"""Times a power of ten, as people write it: ×10^6, .10^6 in French, *10**6, a space alone."""
SIGNED_POWER = re.compile(r"(?<=[0-9.,])\s*[xX×хХ*·⋅∙•✕]\s*10([+-][0-9]+)")
BARE_POWER = re.compile(rf"^([+-]?)10{EXPONENT}")
GROUP = re.compile(r"(?<=[0-9])[\s'’](?=[0-9]{3}(?![0-9]))")
"""Between groups of three digits, on both sides of the decimal sign (ISO 80000-1, 7.3.1)."""
LAST_GROUP = re.compile(r"^([+-]?[0-9]*[.,](?:[0-9]{3})+)\s([0-9]{1,2})(?![0-9])")
NUMBER = re.compile(r"([+-]?)([0-9][0-9.,]*|[.,][0-9]+)(?:\s?[eE]([+-]?[0-9]{1,3})(?![0-9]))?(.*)", re.DOTALL)
GROUPS = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")
TRAILING = re.compile(r"(?<=\S)[\s.;,!?:]+$")


def read_number(text: str) -> tuple[tuple[Decimal, ...], str]:
    """Read what a person typed as a number with a unit.

    A comma or a point may be the decimal sign; spaces of any width group digits. "1,250" is both 1.25 and 1250, so
    both readings are returned and the key decides.

    Returns:
        The possible values (none when the text is no number) and the unit as it was typed, "" when there is none.
    """
    if len(text) > MAX_NUMBER_LENGTH:
        return (), ""
    text = HEDGE.sub("", INVISIBLE.sub("", text).translate(FULL_WIDTH).strip())
    text = TRAILING.sub("", text)
    if (seconds := read_duration(text)) is not None:
        return (seconds,), "s"
    text = SIGN.sub(lambda match: "+" if match[1] == "+" else "-", text)
    text = TEN.sub(lambda match: f"10^{match[1].translate(RAISED)}", text).replace("\N{MINUS SIGN}", "-")
    text = POWER.sub(r"e\1\2", SIGNED_POWER.sub(r"e\1", text))
    text = BARE_POWER.sub(r"\g<1>1e\2\3", text)
    # One says "pH 7" as one says "7 mL".
    text = re.sub(r"^(pH)\s*[=:≈]?\s*([0-9.,]+)$", r"\2 \1", text, flags=re.IGNORECASE)
    text = LAST_GROUP.sub(r"\1\2", GROUP.sub("", text))
    match = NUMBER.fullmatch(text)
    if match is None:
        return (), ""
    sign, digits, exponent, unit = match.groups()
    unit = unit.strip()
    # Raised, lowered and circled digits, and fractions: 5² is not 52, and 1½ is not 11/2. So are digits further on.
    if unit and (unit[0].isdigit() or unicodedata.category(unit[0]) == "No"):
        return (), ""
    if abs(int(exponent or 0)) > MAX_EXPONENT:
        return (), ""
    readings = []
    decimal = digits.replace(",", ".")
    if decimal.count(".") <= 1:
        readings.append(decimal)
    if GROUPS.fullmatch(digits) and len({sign for sign in digits if sign in ".,"}) == 1 and not digits.startswith("0"):
        readings.append(re.sub(r"[.,]", "", digits))
    elif decimal.count(".") > 1:
        # 1,234.5 and 1.234,5: the last sign is the decimal one and the others group digits.
        whole, _, fraction = decimal.rpartition(".")
        if GROUPS.fullmatch(whole) and digits[len(whole)] not in digits[: len(whole)]:
            readings.append(f"{whole.replace('.', '')}.{fraction}")
    values = []
    for reading in readings:
        try:
            values.append(Decimal(f"{sign}{reading}E{exponent or 0}"))
        except InvalidOperation:
            continue
    return tuple(dict.fromkeys(values)), unit


CLOCK = {
    "d": (86_400, r"d|j|days?|jours?|dag(?:en)?"),
    "h": (3600, r"h|hrs?|hours?|heures?|u|uur|uren"),
    "min": (60, r"(?P<minute>min(?:s|utes?|uut|uten)?|mn|m|['′’])"),
    "s": (1, r"s|secs?|seconds?|secondes?|seconden|[\"″”]"),
}
"""Seconds of each unit of time, and what it is called in a duration of several parts."""
DURATION = re.compile(
    "".join(rf"(?:([0-9]+(?:[.,][0-9]+)?)\s*(?:{names})\.?\s*(?:et|and|en)?\s*)?" for _, names in CLOCK.values())
    + r"([0-9]{1,2})?",
    re.IGNORECASE,
)


def read_duration(text: str) -> Decimal | None:
    """Seconds of a duration that has several parts: 1h30, 1 h 30 min, 2 d 4 h; None for anything else."""
    match = DURATION.fullmatch(text)
    if match is None:
        return None
    days, hours, minutes, minute, seconds, rest = match.groups()
    parts = [days, hours, minutes, seconds]
    if minute in ("m", "M") and not hours:
        return None  # 1 m 80 is a length.
    if rest:
        # What stands behind hours without a name is minutes, and behind minutes seconds.
        last = max((place for place, part in enumerate(parts) if part), default=None)
        if last not in (1, 2) or parts[last + 1]:
            return None
        parts[last + 1] = rest
    if sum(part is not None for part in parts) < 2:
        return None
    scales = [scale for scale, _ in CLOCK.values()]
    found = [Decimal(part.replace(",", ".")) * scale for part, scale in zip(parts, scales, strict=True) if part]
    return sum(found, Decimal(0))


def find_conversion(units: Sequence[UnitConversion], typed: str) -> UnitConversion | None:
    """The conversion for a unit as typed: exact first, then without regard to case where that is unambiguous."""
    ways = dict.fromkeys(filter(None, (canonical(typed), canonical(re.sub(r"\s+", "", typed)))))
    for name in ways:
        for conversion in units:
            if canonical(conversion.name) == name:
                return conversion
    for name in ways:
        folded = name.casefold()
        alike = {
            (c.factor, c.offset): c
            for c in units
            # A small m is never a capital one: mPa is not MPa. Phones make capitals of first letters: the other way is.
            if canonical(c.name).casefold() == folded and not (name[0] == "m" and canonical(c.name)[0] == "M")
        }
        if len(alike) == 1:
            return next(iter(alike.values()))
    return None
