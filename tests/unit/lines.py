"""Lines of evidence as tests of what they come to write them, and the days on which things were done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from site_builder.course.modules import Fact

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


@dataclass(frozen=True)
class Line:
    what: Fact
    at: datetime
    part: str = ""
    version: str = "v1"
    renewal: int = 1
    valid_until: datetime | None = None
    score: float | None = None
