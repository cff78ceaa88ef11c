"""Hostile pages: how many are read, what is said of them, and what one takes relative to a page of the shipped course.

`make bench-hostile` reads 10,000 pages with the limits that `airlock check` has; `python -m bench.hostile 500` reads
fewer. A page that loses text without a problem, or a problem in no line of its page, makes it fail.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path
from statistics import mean, median

from site_builder.compiling.readers import Readers
from site_builder.problems import has_errors
from site_builder.reading.compiled import Body
from site_builder.reading.files import Source, read_tree
from tests.hostile import LANG, lost_words, pages

CONTENT = Path(__file__).parent.parent / "content"
COUNT = 10_000
SEED = 20_260_302
ROUNDS = 10
"""How often each page of the course is read."""


def read(readers: Readers, path: str, lines: list[str], lang: str) -> tuple[Body, float]:
    """A page, and the seconds that it took."""
    began = time.perf_counter()
    (page,) = readers.read([Source(path, path.removesuffix(".md"), lang, lines)])
    return page.body, time.perf_counter() - began


def measure_course(readers: Readers) -> list[float]:
    """Seconds for each page of the shipped course, each time it was read."""
    # Under a name of its own each time: what was read before is remembered.
    return [
        read(readers, f"{number}/{source.path}", source.lines, source.lang)[1]
        for number in range(ROUNDS)
        for source in read_tree(CONTENT).sources
    ]


def main(count: int) -> int:
    """Measure and print; 1 when a page broke what holds for every page."""
    readers = Readers()
    read(readers, "first.md", ["Text."], LANG)  # What is loaded once is not counted.
    course = measure_course(readers)
    took: list[float] = []
    codes: Counter[str] = Counter()
    limits: Counter[str] = Counter()
    sound = 0
    broken: list[str] = []
    for page in pages(count, SEED):
        lines = page.source.split("\n")
        body, seconds = read(readers, page.name, lines, LANG)
        took.append(seconds)
        sound += not body.problems
        codes.update({problem.code for problem in body.problems})
        for problem in body.problems:
            if problem.code == "page-too-heavy":
                limits["time" if "time" in problem.found else "memory"] += 1
            if problem.file != page.name or not 1 <= problem.line <= len(lines):
                broken.append(f"{page.name}: a problem in no line of it: {problem.as_line()}")
        if not has_errors(body.problems):
            lost = lost_words(page, body)
            if lost:
                broken.append(f"{page.name}: {len(lost)} words lost in silence, {lost[0]!r} the first")
    readers.close()
    given_up = limits.total()
    print(f"{count - given_up} of {count} pages read, {sound} of them without a problem; {given_up} given up", end="")
    print(f" ({limits['time']} for their time, {limits['memory']} for their memory)")
    for code, number in codes.most_common():
        print(f"{number:6}  {code}")
    print(f"{mean(took) / mean(course):.2f}  mean time a hostile page, relative to a page of the course")
    print(f"{median(took) / median(course):.2f}  median time a hostile page, relative to a page of the course")
    print(f"{len(broken)}  pages that lost text in silence, or problems in no line of their page")
    for line in broken:
        print(line)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT))
