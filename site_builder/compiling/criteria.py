"""The lines of a practical's checklist, and what stands in braces behind them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from site_builder.reading.files import Collector
from site_builder.reading.frontmatter import FrontMatter

BRACES = re.compile(r"\s*\{([^{}]*)\}\s*$")
MARK = re.compile(r"\.critical|level=(?P<level>[1-9])|image=(?P<picture>\S+)")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of a checklist.

    Attributes:
        critical: Whether a practical is not passed without it.
        picture: Address relative to the page; "" for none.
        level: From which it counts as done, from 1; 0 where it does not say.
    """

    text: str
    critical: bool = False
    picture: str = ""
    level: int = 0


def read_criterion(line: str) -> Criterion:
    """Read a line; braces with anything else in them are part of its words."""
    braces = BRACES.search(line)
    marks = [MARK.fullmatch(token) for token in braces[1].split()] if braces else []
    if braces is None or not marks or not all(marks):
        return Criterion(line)
    found = [mark for mark in marks if mark is not None]
    return Criterion(
        line[: braces.start()],
        any(mark[0] == ".critical" for mark in found),
        next((mark["picture"] for mark in found if mark["picture"]), ""),
        next((int(mark["level"]) for mark in found if mark["level"]), 0),
    )


def check_levels(
    levels: tuple[str, ...], criteria: tuple[Criterion, ...], matter: FrontMatter, report: Collector
) -> None:
    """Report too few or too many levels, and a line that asks for one that there is not."""
    if levels and not 2 <= len(levels) <= 6:
        report(
            matter.line("levels"),
            1,
            code="checklist-levels",
            found=f"{len(levels)} level{'s' * (len(levels) != 1)}",
            expected="2 to 6, from the lowest to the highest: levels: [with help, alone, shows others]",
        )
    for one in criteria:
        if one.level > len(levels):
            report(
                matter.line("checklist"),
                1,
                code="checklist-levels",
                found=f"level={one.level} behind {one.text!r}",
                expected=f"1 to {len(levels)}" if levels else "levels: in the front matter of the page",
            )
