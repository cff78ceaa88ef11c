"""Prints the numeric keys of golden/marking.json as the builder compiles them, for the JavaScript tests."""

from __future__ import annotations

import json
from pathlib import Path

from site_builder.quizzes.kinds.numeric import conversions_to, read_key

CASES = json.loads((Path(__file__).parent / "golden" / "marking.json").read_text(encoding="utf-8"))["numeric"]


def compiled(key: str) -> dict[str, object]:
    bounds = read_key(key)
    assert bounds is not None
    low, high, unit = bounds
    units = [[c.name, float(c.factor), float(c.offset)] for c in conversions_to(unit)] if unit else []
    return {"low": str(low), "high": str(high), "units": units}


if __name__ == "__main__":
    print(json.dumps({case["key"]: compiled(case["key"]) for case in CASES}))
