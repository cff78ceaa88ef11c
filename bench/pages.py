"""Pages know only their course: those of a large site are as small, and build as fast, as those of a small one.

`make bench` builds made-up sites of 10 and of 100 courses and prints what a lesson's page costs in the large one,
relative to the small one.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from statistics import mean

from site_builder.compiling.loader import load
from site_builder.plugin import render_site
from site_builder.reading.project import project_of_content
from tests.generated import write_course

SMALL, LARGE = 10, 100
LESSONS = 4


def write_site(folder: Path, courses: int) -> None:
    """A content folder with many courses."""
    for number in range(courses):
        with tempfile.TemporaryDirectory() as made:
            write_course(Path(made) / "content", seed=number, lessons=LESSONS)
            shutil.copytree(Path(made) / "content" / "made", folder / f"course-{number}")
            shutil.copy(Path(made) / "content" / "index.md", folder / "index.md")


def measure(courses: int) -> tuple[float, float]:
    """Mean bytes of a lesson's page, and seconds for each page."""
    with tempfile.TemporaryDirectory() as made:
        content, site = Path(made) / "content", Path(made) / "site"
        content.mkdir()
        write_site(content, courses)
        began = time.perf_counter()
        render_site(project_of_content(content), site, load(content))
        seconds = time.perf_counter() - began
        pages = list(site.glob("course-*/lesson-*/index.html"))
        return mean(page.stat().st_size for page in pages), seconds / len(list(site.rglob("index.html")))


def main() -> None:
    """Measure and print."""
    measure(1)  # What is loaded once is not counted.
    small, large = measure(SMALL), measure(LARGE)
    print(f"{large[0] / small[0]:.2f}  bytes of a lesson's page in a site of {LARGE} courses, relative to {SMALL}")
    print(f"{large[1] / small[1]:.2f}  build time a page in a site of {LARGE} courses, relative to {SMALL}")


if __name__ == "__main__":
    main()
