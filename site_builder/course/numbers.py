"""Numbers with units, as people type them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from site_builder.course.marks import MALFORMED, RIGHT, UNANSWERED, WRONG, Grade, is_empty

MAX_NUMBER_LENGTH = 60
"""Characters; a longer text is not a number that a person typed."""

MAX_EXPONENT = 40
"""Powers of ten either way; keeps arithmetic on hostile input small."""


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
    readings, typed = read_number(text)
    if not readings:
        return Grade(0.0, False, reason="not-a-number")
    if not unit:
        if typed:
            return Grade(0.0, False, reason="unit-unexpected")
        conversion = UnitConversion("", Fraction(1))
    elif not typed:
        return Grade(0.0, False, reason="unit-missing")
    else:
        found = find_conversion(units, typed)
        if found is None:
            return Grade(0.0, False, reason="unit-unknown")
        conversion = found
    # In fractions nothing is rounded: 60 min is 1 h, and 98.6 °F is 37 °C.
    values = (Fraction(value) * conversion.factor + conversion.offset for value in readings)
    return RIGHT if any(low <= value <= high for value in values) else WRONG


NUMBER = re.compile(r"([+-]?)([0-9][0-9.,]*|[.,][0-9]+)(?:[eE]([+-]?[0-9]{1,3}))?(?![0-9])(.*)", re.DOTALL)
POWER = re.compile(r"\s*[x×*·]\s*10\s*(?:\^\s*([+-]?[0-9]+)|([+-][0-9]+))")
"""Times a power of ten, as people write it."""
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
SPACED = re.compile(r"[0-9]\s+(?![0-9]{3}(?![0-9]))[0-9]")
"""Digits behind a space that are no group of three: two numbers, or a slip."""
GROUPS = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")


def read_number(text: str) -> tuple[tuple[Decimal, ...], str]:
    """Read what a person typed as a number with a unit.

    A comma or a point may be the decimal sign; spaces of any width group digits. "1,250" is both 1.25 and 1250, so
    both readings are returned and the key decides.

    Returns:
        The possible values (none when the text is no number) and the unit, "" when there is none.
    """
    if len(text) > MAX_NUMBER_LENGTH:
        return (), ""
    text = re.sub("[\ufeff\u200b-\u200f\u2060]", "", text)
    plain = re.sub(r"10\s*([⁺⁻]?[⁰¹²³⁴-⁹]+)", lambda match: f"10^{match[1].translate(RAISED)}", text.strip())
    plain = re.sub(r"^[\u2010-\u2015\u2212](?=\s*[0-9])", "-", plain)
    plain = POWER.sub(lambda match: f"e{match[1] or match[2]}", plain.replace("\N{MINUS SIGN}", "-"))
    plain = re.sub(r"^([+-]?)10\s*\^\s*(?=[+-]?[0-9])", r"\g<1>1e", plain)
    # One says "pH 7" as one says "7 mL".
    plain = re.sub(r"^(pH)\s*[=:]?\s*([0-9.,]+)$", r"\2 \1", plain, flags=re.IGNORECASE)
    if SPACED.search(plain):
        return (), ""
    plain = normalise_unit(plain)
    plain = re.sub(r"(?<=[0-9])['’](?=[0-9]{3})", "", plain)
    match = NUMBER.fullmatch(plain)
    if match is None:
        return (), ""
    sign, digits, exponent, unit = match.groups()
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


LOOKALIKES = str.maketrans({"º": "°", "˚": "°"})
"""Signs that are typed for the degree sign, and would be letters otherwise."""


def normalise_unit(text: str) -> str:
    """One spelling for what looks the same: compatibility forms folded, spaces removed, both micro signs as one."""
    folded = unicodedata.normalize("NFKC", text.translate(LOOKALIKES)).replace("·", ".")
    return re.sub(r"\s+", "", folded.replace("\N{MINUS SIGN}", "-").replace("\N{HYPHEN}", "-"))


def find_conversion(units: Sequence[UnitConversion], name: str) -> UnitConversion | None:
    """The conversion for a unit as typed: exact first, then without regard to case where that is unambiguous."""
    for conversion in units:
        if normalise_unit(conversion.name) == name:
            return conversion
    folded = name.casefold()
    alike = {
        (c.factor, c.offset): c
        for c in units
        # A small m is never a capital one: mPa is not MPa. Phones make capitals of first letters, so the other way is.
        if normalise_unit(c.name).casefold() == folded and not (name[0] == "m" and c.name[0] == "M")
    }
    return next(iter(alike.values())) if len(alike) == 1 else None
