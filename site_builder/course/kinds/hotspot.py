"""Hotspot: regions of a picture, each with a label. The response is a list of region ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any, ClassVar

from site_builder.course.fields import SPARSE, made_of
from site_builder.course.kinds.choice import ChoiceQuestion
from site_builder.course.marks import Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A rectangle, in percent of the picture: 0..100.

    Attributes:
        id: Position in the source from "1"; it never depends on the key.
        html: The label, which is also the alternative for those who do not see the picture.
        correct: Whether the region belongs to the right answer.
        feedback: HTML shown with the result, "" when the author wrote none.
        x: Left edge.
        y: Upper edge.
        width: Of the rectangle.
        height: Of the rectangle.
    """

    id: str
    html: str = made_of("md")
    correct: bool
    feedback: str = made_of("feedback_md", default="")
    x: Decimal
    y: Decimal
    width: Decimal
    height: Decimal
    md: str = field(default="", metadata=SPARSE)
    feedback_md: str = field(default="", metadata=SPARSE)


@dataclass(frozen=True, kw_only=True)
class Hotspot(ChoiceQuestion):
    """A picture with regions, one or several of them right."""

    kind: ClassVar[str] = "hotspot"
    options: tuple[Region, ...]  # type: ignore[assignment]  # A region has everything that an option has.

    @property
    def several(self) -> bool:
        """Whether more than one region is right; learners are told."""
        return len(self.right_ids) > 1

    def mark(self, response: object) -> Grade:
        """As for a choice: all or nothing for one right region, right minus wrong for several."""
        return self.mark_several(response) if self.several else super().mark(response)

    def public(self) -> dict[str, Any]:
        """The regions with their labels, and whether several are right."""
        regions = [
            {"id": r.id, "html": r.html, "place": [str(r.x), str(r.y), str(r.width), str(r.height)]}
            for r in self.options
        ]
        return {"regions": regions, "several": self.several}

    def outline(self) -> tuple[Any, ...]:
        """The regions, and which are right."""
        return (*super().outline(), *((r.x, r.y, r.width, r.height) for r in self.options))

    def shuffled(self, chance: Random) -> tuple[str, ...]:
        """The labels follow the letters in the picture."""
        return ()
