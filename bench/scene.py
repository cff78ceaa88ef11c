"""What a scene costs a phone: until one can look around in it, and how many frames it draws while one turns.

`make bench-scene` opens the airlock of the shipped course in a browser that is slowed down as a slow phone on a slow
network is (Chromium's own means: 1.6 Mbit/s, 150 ms there and back, a processor four times slower), at 360 x 640, with
the picture drawn by software. The baseline is the lesson on gowning, in the same browser, in turn.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.browser.conftest import launch_options, serving
from tests.conftest import SHIPPED

RUNS = 5
SCENE, LESSON = "rooms-to-try/airlock/", "entering-grade-b/gowning/"
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
SLOW_PHONE = 4
LONGEST = 3.0
"""Seconds, until a page with a scene can be used."""
FIRST_VIEW = 120_000
"""Bytes."""
FRAMES = """() => new Promise((done) => {
  const frame = document.querySelector('.scene-frame');
  const turn = () => frame.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
  const began = performance.now();
  let count = 0;
  const step = (now) => {
    turn();
    count += 1;
    if (now - began > 3000) done(count / (now - began) * 1000);
    else requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""


def slow_page(browser: Browser) -> tuple[Page, CDPSession]:
    """A page with an empty cache on a slow phone."""
    context = browser.new_context(
        viewport={"width": 360, "height": 640}, reduced_motion="reduce", service_workers="block"
    )
    page = context.new_page()
    log = context.new_cdp_session(page)
    log.send("Network.enable")
    log.send("Network.emulateNetworkConditions", SLOW_4G)
    log.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_PHONE})
    return page, log


def usable(browser: Browser, url: str, ready: str) -> float:
    """Seconds until something in a page is there to be used."""
    page, _ = slow_page(browser)
    began = time.monotonic()
    page.goto(url, wait_until="commit")
    page.locator(ready).first.wait_for()
    took = time.monotonic() - began
    page.context.close()
    return took


def opened(browser: Browser, url: str) -> tuple[float, int, float, float]:
    """Of a scene: seconds from the click to its first view, bytes of that, and frames a second, slowed down and not."""
    page, log = slow_page(browser)
    page.goto(url, wait_until="networkidle")
    received: list[int] = []
    log.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    began = time.monotonic()
    page.locator(".scene-bar button").first.click()
    page.locator(".scene-stage .scene-around").wait_for()
    took = time.monotonic() - began
    slow = float(page.evaluate(FRAMES))
    log.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    fast = float(page.evaluate(FRAMES))
    size = sum(received)
    page.context.close()
    return took, size, slow, fast


def main() -> int:
    """Measure and print; exit code 1 where a page takes too long or a first view is too heavy."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(SHIPPED, Path(folder) / "site") as served,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(**launch_options())
        pages: dict[str, list[float]] = {SCENE: [], LESSON: []}
        scenes = []
        for _ in range(RUNS):
            pages[LESSON].append(usable(browser, f"{served.url}/{LESSON}", ".quiz-facts"))
            pages[SCENE].append(usable(browser, f"{served.url}/{SCENE}", ".scene-bar button"))
            scenes.append(opened(browser, f"{served.url}/{SCENE}"))
        browser.close()
    scene, lesson = median(pages[SCENE]), median(pages[LESSON])
    took, size, slow, fast = (median(column) for column in zip(*scenes, strict=True))
    print(f"{scene / lesson:8.2f}  time until the page of a scene can be used ({scene:.2f} s), relative to a lesson's")
    print(f"{took:8.2f}  s from the click to the first view")
    print(f"{size:8,.0f}  bytes of it, code and picture")
    print(f"{fast:8.1f}  frames a second while one turns, drawn by software ({slow:.1f} on the slowed-down processor)")
    return int(scene > LONGEST or size > FIRST_VIEW)


if __name__ == "__main__":
    sys.exit(main())
