"""Units as people write them: one spelling for every way, and whether a text is a unit at all.

A unit is a product of names with exponents: `mol·L⁻¹`, `mol/L`, `mol.L-1`, `mol per litre` are one. The names and what
else they are called stand in `units.json`, which the browser reads too; `lib/units.js` is this file's twin there, and
`tests/golden/marking.json` holds both to the same readings.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
LOOKALIKES = str.maketrans({"º": "°", "˚": "°"})
"""Signs that are typed for the degree sign, and would be letters otherwise."""

SUPERSCRIPT = re.compile("[⁺⁻]?[⁰¹²³⁴-⁹]+")
DASH = re.compile("[\u2010-\u2015\u2212]")
TIMES = re.compile(r"[·⋅∙•*×✕.]+")
END = re.compile(r"[\s.;,!?:]+$")
FACTOR = re.compile(
    r"\s*(?:(?P<slash>/)|(?P<open>[(\[])|(?P<close>[)\]])|(?P<times>·)|(?P<number>[0-9]+)(?:\^(?P<times_over>-?[0-9]{1,2}))?|"
    r"(?P<name>[^\s/·*^()\[\]0-9+-]+)(?:\^?\(?(?P<power>[+-]?[0-9]{1,2})\)?)?)"
)


def plain(text: str) -> str:
    """A text with one sign for what looks the same: exponents behind ^, one minus, one dot, one micro."""
    text = SUPERSCRIPT.sub(lambda match: f"^{match[0].translate(RAISED)}", text.translate(LOOKALIKES))
    text = unicodedata.normalize("NFKC", text)
    return END.sub("", DASH.sub("-", text).replace("**", "^")).strip()


@cache
def _table() -> tuple[dict[str, str], dict[str, str], re.Pattern[str]]:
    """Names by spelling, names by spelling without regard to case, and the words for a division."""
    found = json.loads((Path(__file__).parent / "units.json").read_text(encoding="utf-8"))
    exact: dict[str, str] = {}
    folded: dict[str, set[str]] = {}
    for name, ways in found["names"].items():
        for way in (name, *ways):
            exact[plain(way)] = plain(name)
            # Symbols are told apart by their case; words are not.
            if len(way) > 3:
                folded.setdefault(plain(way).casefold(), set()).add(plain(name))
    words = {way: next(iter(names)) for way, names in folded.items() if len(names) == 1}
    return exact, words, re.compile(rf"\s(?:{'|'.join(found['per'])})\s", re.IGNORECASE)


def names() -> frozenset[str]:
    """Every name that a unit may be made of, in its one spelling."""
    return frozenset(_table()[0].values())


def _name(text: str) -> str:
    exact, words, _ = _table()
    return exact.get(text) or words.get(text.casefold()) or text


@lru_cache(maxsize=5000)
def factors(text: str) -> tuple[tuple[str, int], ...] | None:
    """Names and exponents of a unit, in one order; None for what is no unit by its form.

    Numbers are names too: CFU/100 mL is not CFU/mL.
    """
    text = plain(text)
    whole = _name(" ".join(text.split()))
    if whole in names():
        return ((whole, 1),)
    text = _table()[2].sub("/", f" {text} ").strip()
    text = TIMES.sub("·", text)
    found: dict[tuple[str, int], int] = {}
    sign, place = 1, 0
    while place < len(text):
        match = FACTOR.match(text, place)
        if match is None or match.end() == place:
            return None
        place = match.end()
        if match["slash"]:
            # All that stands behind a slash divides, as in kJ/kg·K and CFU/100 mL.
            sign = -1
        elif match["number"] and match["number"] != "1":
            power = sign * int(match["times_over"] or 1)
            key = (match["number"], 1 if power > 0 else -1)
            found[key] = found.get(key, 0) + abs(power)
        elif match["name"]:
            power = sign * int(match["power"] or 1)
            key = (_name(match["name"]), 1 if power > 0 else -1)
            found[key] = found.get(key, 0) + abs(power)
    return tuple(sorted((name, way * count) for (name, way), count in found.items())) or None


def canonical(text: str) -> str:
    """One spelling for every way to write a unit, without spaces; "" for what is none by its form."""
    found = factors(text) or ()
    return "·".join(name if power == 1 else f"{name}^{power}" for name, power in found)


def is_unit(text: str) -> bool:
    """Whether a text is a unit that exists, whatever question it was typed for."""
    for way in (text, re.sub(r"\s+", "", text)):
        found = factors(way)
        if found and any(not name.isdigit() for name, _ in found):
            known = names()
            folded = {name.casefold() for name in known}
            if all(name in known or name.casefold() in folded or name.isdigit() for name, _ in found):
                return True
    return False
