"""How long a class matrix of 40 learners and 30 modules keeps a browser busy, relative to the demo's of 24 and 6.

`make bench-matrix` opens a class, gives the page made-up tables of both sizes in place of the API's, and measures each
act from the click to the picture after it. What is waited for in between by a person is a frame: 1/60 s.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import uuid
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route, sync_playwright

from api.accounts.act import Act
from api.classes.assignments import assign
from api.classes.operations import create_class
from api.core.clock import system_clock
from tests.browser.conftest import launch_options, serving, sign_in
from tests.conftest import CONTENT

SIZES = {"40 x 30": (40, 30), "24 x 6": (24, 6)}
STATES = ("open", "started", "failed", "passed", "done", "renew", "elsewhere")
RUNS = 15
ACTS = {"sort": "late", "sort back": "name"}

MEASURE = """
async (value) => {
  const select = document.querySelector(".matrix-tools select");
  const began = performance.now();
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return performance.now() - began;
}
"""


def made_up(learners: int, modules: int) -> dict[str, Any]:
    """A table as the API gives it."""
    rows = []
    for number in range(learners):
        cells = []
        for place in range(modules):
            state = STATES[(number * 7 + place * 3) % len(STATES)]
            score = 0.85 if state in ("failed", "passed") else None
            late = state == "open" and place % 2 == 0
            cells.append({"state": state, "score": score, "late": late, "due_at": None, "optional": False})
        late_cells = sum(bool(cell["late"]) for cell in cells)
        name = f"Learner {number:02}"
        rows.append(
            {"id": str(uuid.uuid4()), "name": name, "cells": cells, "done": 1, "given": modules, "late": late_cells}
        )
    columns = [
        {
            "id": f"course-{place // 6}/module-{place}",
            "title": f"A module with a title of some length, {place}",
            "course_id": f"course-{place // 6}",
            "course_title": f"Course {place // 6}",
            "kind": "lesson",
            "due_at": None,
            "done": 1,
            "given": learners,
            "late": 0,
            "mean": 0.8,
        }
        for place in range(modules)
    ]
    return {"name": "Class", "timezone": "Europe/Brussels", "modules": columns, "learners": rows, "states": {}}


def busy(page: Page, address: str, size: tuple[int, int]) -> dict[str, float]:
    """Milliseconds of each act in a table of a size, the median of several runs."""
    body = json.dumps(made_up(*size))

    def answer(route: Route) -> None:
        route.fulfill(body=body, content_type="application/json", headers={"ETag": 'W/"made-up"'})

    page.route("**/matrix?*", answer)
    page.goto(address)
    page.locator(".matrix tbody tr").nth(size[0] - 1).wait_for()
    found: dict[str, list[float]] = {act: [] for act in ACTS}
    for _ in range(RUNS):
        for act, value in ACTS.items():
            found[act].append(float(page.evaluate(MEASURE, value)))
    page.unroute("**/matrix?*")
    return {act: statistics.median(times) for act, times in found.items()}


def main() -> int:
    """Measure and print."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(CONTENT, Path(folder) / "site") as served,
        sync_playwright() as playwright,
    ):
        teacher, learner = served.add("Matrix Teacher", role="teacher"), served.add("Matrix Learner")
        with served.database.writing() as session:
            people = [served.find(session, email) for email in (teacher, learner)]
            group = create_class(
                Act(session, system_clock(), "bench"), name="M", teachers=people[:1], learners=people[1:]
            )
            assign(Act(session, system_clock(), "bench"), group, "safe-start")
        browser = playwright.chromium.launch(**launch_options())
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        sign_in(page, served.link(teacher))
        address = f"{served.url}/classes/?class={group.id}&view=matrix"
        times = {name: busy(page, address, size) for name, size in SIZES.items()}
        browser.close()
    large, small = times.values()
    cells = [rows * columns for rows, columns in SIZES.values()]
    print(f"{'':12}{'time':>8}   cells")
    for act in ACTS:
        print(f"{act:12}{large[act] / small[act]:8.2f}   {cells[0] / cells[1]:.2f}   ({', '.join(SIZES)})")
    print(f"{'frames':12}{max(large.values()) / (1000 / 60):8.2f}   of 1/60 s, for the slowest act in the larger table")
    return 0


if __name__ == "__main__":
    sys.exit(main())
