"""What a build costs: from nothing, again with nothing changed, with one lesson edited, and as sites grow.

`make bench-site N=1600` builds the same lessons with stock Material in turn. `python -m bench.site WHAT N` with WHAT
one of site, scale, edit, noop, check; `RUNS` is how often, `LANGS` in how many languages the lessons are written.
"""

from __future__ import annotations

import filecmp
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.made import write_site
from bench.measure import PAUSE, Cost, alternate, ratio, run, table
from tests.browser.conftest import free_port

BIN = Path(sys.executable).parent
MATERIAL = """site_name: Stock
docs_dir: content
site_dir: stock
theme: {name: material, font: false}
"""
OURS = """site_name: Ours
docs_dir: content
site_dir: site
theme: {name: material, font: false, favicon: assets/images/airlock.svg}
plugins:
  - airlock:
      languages: [en, fr, nl]
"""


class Made:
    """A made-up site of some size, and what is done with it.

    Args:
        folder: Where it goes.
        lessons: How many.
        languages: In how many languages each is written.
    """

    def __init__(self, folder: Path, lessons: int, languages: int = 1) -> None:
        self.folder, self.lessons = folder, lessons
        write_site(folder / "content", lessons, languages)
        (folder / "mkdocs.yml").write_text(OURS)
        (folder / "stock.yml").write_text(MATERIAL)
        self._edits = 0

    def airlock(self, *arguments: str) -> Cost:
        """A command, with a cache of the site's own."""
        return run([str(BIN / "airlock"), *arguments], folder=self.folder, AIRLOCK_CACHE=str(self.folder / "cache"))

    def forget(self) -> None:
        """As on a machine that built nothing yet."""
        for name in ("cache", "site", ".airlock"):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def cold(self) -> Cost:
        """A build from nothing."""
        self.forget()
        return self.airlock("build")

    def stock(self) -> Cost:
        """Stock Material with the same pages."""
        shutil.rmtree(self.folder / "stock", ignore_errors=True)
        return run([str(BIN / "mkdocs"), "build", "-q", "-f", "stock.yml"], folder=self.folder, NO_MKDOCS_2_WARNING="1")

    def edit(self) -> str:
        """Add a sentence to a lesson in the middle; gives its words."""
        self._edits += 1
        words = f"Sentence number {self._edits} of {os.getpid()}."
        number = self.lessons // 2
        page = self.folder / "content" / f"course-{number // 20:03}" / f"lesson-{number:04}.md"
        page.write_text(page.read_text().replace("\n## ", f"\n{words}\n\n## ", 1))
        return words

    def edited(self) -> Cost:
        """A build after an edit."""
        self.edit()
        return self.airlock("build")

    def starting(self) -> Cost:
        """What it costs to start the command, with everything that `build` loads."""
        return run([str(BIN / "python"), "-c", "import site_builder.cli, site_builder.building"])

    def hashing(self) -> Cost:
        """The same, with every file of the content read and hashed."""
        program = (
            "import hashlib, pathlib, site_builder.cli, site_builder.building; "
            "[hashlib.sha256(path.read_bytes()).digest() for path in pathlib.Path('content').rglob('*.*')]"
        )
        return run([str(BIN / "python"), "-c", program], folder=self.folder)

    def checking(self) -> Cost:
        """`airlock check` from nothing."""
        self.forget()
        return self.airlock("check")

    @contextmanager
    def serving(self) -> Iterator[tuple[str, float]]:
        """The preview; its address, and the seconds from starting it to the first page."""
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        number = self.lessons // 2
        page = f"{url}/course-{number // 20:03}/lesson-{number:04}/"
        began = time.perf_counter()
        process = subprocess.Popen(
            [str(BIN / "airlock"), "serve", "--port", str(port)],
            cwd=self.folder,
            env={**os.environ, "AIRLOCK_CACHE": str(self.folder / "cache")},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield page, wait_for(page, "lesson", began)
        finally:
            process.terminate()
            process.wait()


def wait_for(page: str, words: str, began: float) -> float:
    """Seconds until a page has some words."""
    while True:
        try:
            with urllib.request.urlopen(page, timeout=60) as reply:
                if words in reply.read().decode():
                    return time.perf_counter() - began
        except OSError:
            pass
        PAUSE.wait(0.01)


def cpu(costs: list[Cost]) -> list[float]:
    """Processors' seconds."""
    return [cost.cpu for cost in costs]


def wall(costs: list[Cost]) -> list[float]:
    """Seconds that passed."""
    return [cost.wall for cost in costs]


def said(values: list[float], unit: str = "s") -> str:
    """Median with the smallest and the largest."""
    return f"{median(values):.2f} {unit} ({min(values):.2f} to {max(values):.2f})"


def bench_site(made: Made, runs: int) -> None:
    """A1, A8: from nothing, against stock Material."""
    ours, stock = alternate(runs, made.cold, made.stock)
    table(
        {
            "processors, relative to Material": ratio(cpu(ours), cpu(stock)),
            "time, relative to Material": ratio(wall(ours), wall(stock)),
            "processors": said(cpu(ours)),
            "processors, Material": said(cpu(stock)),
            "time": said(wall(ours)),
            "time, Material": said(wall(stock)),
            "memory of all processes": f"{max(cost.peak for cost in ours) / 1e6:.0f} MB",
        }
    )


def bench_scale(folder: Path, lessons: int, runs: int) -> None:
    """A2: how the cost grows from a quarter of the lessons to all of them."""
    small, large = Made(folder / "small", lessons // 4), Made(folder / "large", lessons)
    few, many = alternate(runs, small.cold, large.cold)
    exponents = [math.log(one.cpu / other.cpu) / math.log(4) for one, other in zip(many, few, strict=True)]
    table(
        {
            f"exponent of processors' time from {lessons // 4} to {lessons} lessons": said(exponents, ""),
            "memory of all processes": f"{max(cost.peak for cost in many) / 1e6:.0f} MB",
        }
    )


def bench_edit(made: Made, runs: int) -> None:
    """A3, A7: one lesson edited."""
    made.cold()
    edited, starting = alternate(runs, made.edited, made.starting)
    table(
        {
            "processors beyond starting, one lesson edited": said(
                [one.cpu - other.cpu for one, other in zip(edited, starting, strict=True)]
            )
        }
    )
    shutil.copytree(made.folder / "site", made.folder / "before")
    made.cold()
    differences = list(unlike(filecmp.dircmp(made.folder / "before", made.folder / "site", ignore=[])))
    table({"files that a build from nothing makes otherwise": str(len(differences))})
    made.forget()
    with made.serving() as (page, first):
        table({"from starting `airlock serve` to the first page": f"{first:.2f} s"})
        # Until the whole site is there, which the page says by its script.
        with urllib.request.urlopen(page.partition("/course")[0] + "/__live?known=0", timeout=600):
            pass
        found = []
        for _ in range(max(3, runs)):
            words, began = made.edit(), time.perf_counter()
            found.append(wait_for(page, words, began))
        table({"from saving to the page": said(found)})


def unlike(compared: filecmp.dircmp[str]) -> Iterator[str]:
    """Files that two folders do not share, byte for byte."""
    yield from (*compared.left_only, *compared.right_only, *compared.funny_files)
    _, different, failed = filecmp.cmpfiles(compared.left, compared.right, compared.common_files, shallow=False)
    yield from (*different, *failed)
    for below in compared.subdirs.values():
        yield from unlike(below)


def bench_noop(made: Made, runs: int) -> None:
    """A4: nothing changed."""
    made.cold()
    PAUSE.wait(2.5)  # Files that are younger are not trusted to have told everything by their times.
    made.airlock("build")
    again, hashing = alternate(runs, lambda: made.airlock("build"), made.hashing)
    table(
        {
            "processors, relative to starting and hashing": ratio(cpu(again), cpu(hashing)),
            "processors": said(cpu(again)),
        }
    )


def bench_check(made: Made, runs: int) -> None:
    """A9: `airlock check`, from nothing and again."""
    cold, warm = alternate(runs, made.checking, lambda: made.airlock("check"))
    table(
        {
            "processors, `airlock check` from nothing": said(cpu(cold)),
            "processors, again": said(cpu(warm)),
            "again, relative to the first": ratio(cpu(warm), cpu(cold)),
        }
    )


def main(what: str, lessons: int) -> None:
    """Measure and print."""
    runs, languages = int(os.environ.get("RUNS", "3")), int(os.environ.get("LANGS", "1"))
    benches: dict[str, Callable[[Made, int], None]] = {
        "site": bench_site,
        "edit": bench_edit,
        "noop": bench_noop,
        "check": bench_check,
    }
    with tempfile.TemporaryDirectory() as folder:
        print(f"{lessons} lessons, {languages} languages, {runs} runs, {os.cpu_count()} cores", flush=True)
        if what == "scale":
            bench_scale(Path(folder), lessons, runs)
        else:
            benches[what](Made(Path(folder), lessons, languages), runs)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
