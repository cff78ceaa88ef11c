"""Pages know only their course: a lesson of a large site weighs what one of a small site weighs.

`make bench-weight` prints it beside what a learner's first lesson weighs.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import mean

import brotli

from bench.made import write_site
from site_builder.building import TOOLS
from site_builder.compiling.loader import load
from site_builder.reading.project import project_of_content
from site_builder.site.build import plan_of
from site_builder.site.templates import Templates, configured

SMALL, LARGE = 100, 1600
SHOWN = 40
"""Lessons that are looked at."""
LIMIT = 6_000
"""Bytes of a lesson's page, compressed, without its own text."""


def measure(lessons: int) -> tuple[float, float]:
    """Mean bytes of a lesson's page; and compressed, without its own text."""
    with tempfile.TemporaryDirectory() as folder:
        content = Path(folder) / "content"
        write_site(content, lessons)
        project = configured(project_of_content(content))
        templates = Templates(project)
        plan = plan_of(project, load(content), TOOLS, templates)
        pages = [one for one in plan.all_pages() if "/lesson-" in f"/{one.address}"][:SHOWN]
        bare = [templates.render(replace(page, html=str)).encode() for page in pages]
        return (
            mean(len(templates.render(page).encode()) for page in pages),
            mean(len(brotli.compress(page, quality=9)) for page in bare),
        )


def main() -> int:
    """Measure and print; exit code 1 above the limit."""
    small, large = measure(SMALL), measure(LARGE)
    print(f"{large[0] / small[0]:8.3f}  bytes of a lesson's page among {LARGE} lessons, relative to {SMALL}")
    print(f"{large[1]:>8,.0f}  bytes of it without its own text, compressed; the limit is {LIMIT:,}")
    return int(large[1] > LIMIT)


if __name__ == "__main__":
    raise SystemExit(main())
