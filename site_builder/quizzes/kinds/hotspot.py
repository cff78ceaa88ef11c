"""Hotspots: a picture in the question, then `- [x] (12%, 30%, 8%, 6%) Interlock panel`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

from site_builder.course.kinds.hotspot import Hotspot, Region
from site_builder.course.model import Question
from site_builder.quizzes.draft import Draft
from site_builder.quizzes.html import add
from site_builder.quizzes.kinds.choice import WithOptions, add_option, are_sound, feedback_of, has_answer
from site_builder.quizzes.lists import BOX, REGION, Item, extent_of, read_items, report_box

NUMBER = r"\s*(-?\d{1,5}(?:[.,]\d{1,4})?)\s*%\s*"
PLACE = re.compile(rf"^\({NUMBER}[,;]{NUMBER}[,;]{NUMBER}[,;]{NUMBER}\)\s*(.*)$", re.DOTALL)
IMAGE = re.compile(r"<img\b[^>]*\bsrc=", re.IGNORECASE)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SMALLEST = Decimal(2)
"""Percent: a smaller region cannot be hit with a finger on a phone, nor seen."""


class HotspotKind(WithOptions):
    """The kind behind a check-list whose items begin with a place."""

    names = (Hotspot.kind,)
    form = "regions of the picture above (- [x] (12%, 30%, 8%, 6%) Label)"
    often = 8
    codes = ("hotspot-",)

    def starts(self, line: str) -> bool:
        """A check-list item that begins with percentages in brackets."""
        match = BOX.match(line)
        return match is not None and REGION.match(match[3] or "") is not None

    def takes(self, line: str) -> bool:
        """Items without a place: reported as such."""
        return BOX.match(line) is not None

    def extent(self, lines: Sequence[str]) -> int:
        """As for a check-list."""
        return extent_of(lines, lambda line: BOX.match(line) is not None)

    def parse(self, draft: Draft) -> Question | None:
        """Read regions and labels; the question must have a picture."""
        items = read_items(draft, BOX.match, lambda line, number: report_box(draft, line, number))
        if items is None or not has_answer(draft, items):
            return None
        if len(items) > len(LETTERS):
            draft.wrong(
                draft.first_line,
                1,
                "hotspot-region",
                f"{len(items)} regions",
                f"{len(LETTERS)} or fewer in one picture",
            )
            return None
        regions = [self._region(draft, item, str(number)) for number, item in enumerate(items, start=1)]
        common = draft.common()
        pictures = len(IMAGE.findall(common["stem"]))
        if pictures != 1:
            draft.wrong(
                draft.line,
                1,
                "hotspot-picture",
                f"{pictures} pictures in the question",
                "one picture above the regions: ![what it shows](images/plan.svg)",
            )
            return None
        found = tuple(region for region in regions if region)
        if len(found) < len(items) or not are_sound(draft, items, [region.html for region in found]):
            return None
        return Hotspot(**common, options=found)

    def _region(self, draft: Draft, item: Item, number: str) -> Region | None:
        column = item.match.start(3) + 1
        match = PLACE.match(item.markdown)
        if match is None:
            draft.wrong(
                item.line,
                column,
                "hotspot-region",
                f"{item.text[0][:40]!r}",
                "(left%, top%, width%, height%) and a label, for example (12%, 30%, 8%, 6%) Interlock panel",
                "Left and top are those of the region's upper left corner; all four are shares of the whole picture.",
            )
            return None
        x, y, width, height = (Decimal(match[place].replace(",", ".")) for place in range(1, 5))
        if min(x, y) < 0 or x + width > 100 or y + height > 100:
            draft.wrong(
                item.line, column, "hotspot-region", "a region that leaves the picture", "all of it from 0% to 100%"
            )
            return None
        if min(width, height) < SMALLEST:
            draft.wrong(
                item.line,
                column,
                "hotspot-region",
                f"a region of {width}% by {height}%",
                f"at least {SMALLEST}% either way: a finger must hit it",
            )
            return None
        if not match[5].strip():
            draft.wrong(
                item.line,
                column,
                "hotspot-label",
                "a region without a label",
                "a label behind the brackets",
                "Those who use a keyboard or a screen reader choose by the labels.",
            )
            return None
        return Region(
            id=number,
            html=draft.render(match[5].strip(), item.line),
            md=match[5].strip(),
            correct=item.match[2] in ("x", "X"),
            **feedback_of(draft, item),
            x=x,
            y=y,
            width=width,
            height=height,
        )

    def show(self, parent: Element, question: Question, name: str, *, practice: bool) -> None:
        """The labels as a check-list with letters; the theme's element draws the regions over the picture."""
        assert isinstance(question, Hotspot)
        group = add(parent, "div", class_="options regions")
        for letter, region in zip(LETTERS, question.options, strict=False):
            row = add_option(group, region, name, several=question.several, practice=practice)
            row.set("data-region", f"{region.x} {region.y} {region.width} {region.height}")
            mark = Element("span", {"class": "region-letter"})
            mark.text = letter
            row[0].insert(1, mark)
        if practice:
            parent.set("data-key", " ".join(sorted(question.right_ids)))

    def describe(self, outline: tuple[Any, ...]) -> str:
        """Its regions."""
        right = [part for part in outline[1:] if isinstance(part, str)]
        return f" with {outline[0]} regions, right: {', '.join(right)}"


KIND = HotspotKind()
