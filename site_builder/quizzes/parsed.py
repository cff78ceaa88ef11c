"""A quiz as it was read. It needs no Markdown library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from site_builder.course.model import Quiz


@dataclass(frozen=True, slots=True)
class Parsed:
    """A quiz, and where its questions stand.

    Attributes:
        quiz: With the HTML of its questions where the API hands them out.
        lines: Number of the first line of each question, by id.
        scene: Name of the folder of the scene that it is asked in, "" for none.
    """

    quiz: Quiz
    lines: Mapping[str, int]
    scene: str = ""
