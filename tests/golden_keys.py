"""Prints, for the JavaScript tests, what the builder makes of keys and how Python reads what people type.

The browser has twins of reading and folding; what a person typed must mean the same on both sides.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

from site_builder.course.kinds.text import fold
from site_builder.course.numbers import read_number, unreadable
from site_builder.course.units import canonical
from site_builder.quizzes.kinds.numeric import read_key
from site_builder.quizzes.units import conversions_to

CASES = json.loads((Path(__file__).parent / "golden" / "marking.json").read_text(encoding="utf-8"))["numeric"]
PIECES = [
    *("0", "1", "2", "5", "10", "12", "250", "000", "816", ".", ",", "'", "’", " ", "\u202f", "\u00a0"),
    *(
        "-",
        "\u2212",
        "–",
        "+",
        "=",
        "≈",
        "ca. ",
        "e6",
        "E-3",
        "^",
        "**",
        "×",
        "x",
        "·",
        "*",
        "10^6",
        "10⁶",
        "²",
        "₂",
        "½",
    ),
    *(
        "mL",
        "ml",
        "µg",
        "ug",
        "mcg",
        "mol",
        "L-1",
        "L⁻¹",
        "/",
        "/L",
        "/m³",
        "h",
        "min",
        "s",
        "°C",
        "%",
        "CFU",
        "UFC",
        "100",
    ),
    *(
        "Cl",
        "SO",
        "₄",
        "Na",
        "Ca",
        "O",
        "-",
        "⁻",
        "++",
        "_",
        "{",
        "}",
        "(",
        ")",
        "eau",
        "l",
        "´",
        "„",
        "“",
        "é",
        "ß",
        "Œ",
    ),
    *(
        "\u200b",
        "\ufe0f",
        "\u202a",
        ".",
        ";",
        "!",
        " et ",
        "d",
        "j",
        "u",
        "pH",
        "autoclave",
        "Zone",
        "A",
        "≥",
        "≠",
        "ς",
        "ﬁ",
    ),
]
COUNT = 3000


def compiled(key: str) -> dict[str, object]:
    bounds = read_key(key)
    assert bounds is not None
    low, high, unit = bounds
    units = [[c.name, float(c.factor), float(c.offset)] for c in conversions_to(unit)] if unit else []
    return {"low": str(low), "high": str(high), "units": units}


def readings() -> list[dict[str, Any]]:
    """Texts made of what people type, and what Python reads in them."""
    chance = Random(9)
    found: list[dict[str, Any]] = []
    for _ in range(COUNT):
        text = "".join(chance.choices(PIECES, k=chance.randint(1, 7)))
        values, unit = read_number(text)
        found.append(
            {
                "text": text,
                "values": [float(value) for value in values],
                "unit": canonical(unit),
                "unreadable": [unreadable(text, has_unit=has_unit) for has_unit in (False, True)],
                "folded": fold(text),
            }
        )
    return found


if __name__ == "__main__":
    print(json.dumps({"keys": {case["key"]: compiled(case["key"]) for case in CASES}, "readings": readings()}))
