"""What comes before a module, and for how long what was done counts: the keys of its front matter that say so."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from site_builder.course.model import Share

Wrong = Callable[..., None]
"""`wrong(found, expected, hint)` for the key that is read."""

ANY_OF = "any of"
SHARE = re.compile(r"\s*([1-9][0-9]?|100)\s*%\s*of\s+objective\s+([1-9][0-9]?)\s*", re.IGNORECASE)
HOW = "a module; any of: [one, another]; or one: 80 % of objective 2"
PERIOD = re.compile(r"([1-9][0-9]{0,2})\s+(day|month|year)s?", re.IGNORECASE)
FIXED = re.compile(r"(?:until|every)\s+([1-9]|[12][0-9]|3[01])\s+([a-z]+)", re.IGNORECASE)
WINDOW = re.compile(r"([1-9][0-9]{0,2})\s+days?(?:\s+before)?", re.IGNORECASE)
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MAX_MONTHS = 120


@dataclass(frozen=True, slots=True)
class Before:
    """What comes before a module: its modules, groups of which one is enough, and shares of right answers."""

    requires: tuple[str, ...] = ()
    any_of: tuple[tuple[str, ...], ...] = ()
    shares: tuple[Share, ...] = ()


def read_requirements(value: object, wrong: Wrong, folder: str) -> Before:
    """Read `requires`: names of modules, and what asks for more.

    Args:
        value: Of the key.
        wrong: Takes what was found, what was expected and a hint.
        folder: Course of the page; a name without one is of the same.
    """
    items = [value] if isinstance(value, str | Mapping) else value
    if items is None:
        return Before()
    if not isinstance(items, list):
        wrong(value, f"a list; each line {HOW}")
        return Before()

    def full(name: str) -> str:
        return name.strip() if "/" in name else f"{folder}/{name.strip()}"

    requires: list[str] = []
    any_of: list[tuple[str, ...]] = []
    shares: list[Share] = []
    for item in items:
        if isinstance(item, str) and item.strip():
            if full(item) in requires:
                wrong(item, "each module once")
            else:
                requires.append(full(item))
            continue
        if not isinstance(item, Mapping) or len(item) != 1:
            wrong(item, HOW)
            continue
        ((key, what),) = item.items()
        if key == ANY_OF:
            if (
                isinstance(what, list)
                and len(what) > 1
                and all(isinstance(name, str) and name.strip() for name in what)
            ):
                any_of.append(tuple(dict.fromkeys(full(name) for name in what)))
            else:
                wrong(item, "any of: [one, another], two modules or more")
            continue
        share = SHARE.fullmatch(str(what))
        if share is None or not isinstance(key, str):
            wrong(item, HOW, "The number of the objective is its place in the list of that module.")
        else:
            shares.append(Share(module=full(key), percent=int(share[1]), objective=int(share[2])))
    return Before(tuple(requires), tuple(any_of), tuple(shares))


def read_validity(value: object, wrong: Wrong) -> str:
    """Read `valid`: "12 months", "30 days", or the day of each year until which it counts, as "09-01"; "" for good."""
    if value is None:
        return ""
    period, fixed = PERIOD.fullmatch(str(value).strip()), FIXED.fullmatch(str(value).strip())
    if period is not None:
        number, unit = int(period[1]), period[2].lower()
        if unit == "day":
            return f"{number} days"
        months = number * (12 if unit == "year" else 1)
        if months <= MAX_MONTHS:
            return f"{months} months"
    elif fixed is not None and fixed[2].lower() in MONTHS:
        month = MONTHS.index(fixed[2].lower())
        if int(fixed[1]) <= DAYS[month]:
            return f"{month + 1:02}-{int(fixed[1]):02}"
    wrong(value, "12 months, 30 days, 2 years (10 at most), or until 1 September")
    return ""


def read_window(value: object, wrong: Wrong) -> int:
    """Read `renew`: days before the end of validity; 0 for none."""
    if value is None:
        return 0
    found = WINDOW.fullmatch(str(value).strip())
    if found is None or int(found[1]) > 366:
        wrong(value, "60 days before, at most 366")
        return 0
    return int(found[1])


def read_numbers(value: object, wrong: Wrong, high: int) -> tuple[int, ...]:
    """Read a list of whole numbers from 1 to `high`, or one: places in a list of the same page."""
    items = value if isinstance(value, list) else [] if value is None else [value]
    if any(isinstance(item, bool) or not isinstance(item, int) or not 1 <= item <= high for item in items):
        wrong(value, f"numbers of its objectives, 1 to {high}" if high else "objectives first: the page has none")
        return ()
    return tuple(sorted(set(items)))
