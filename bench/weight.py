"""What a learner's first lesson weighs: every byte of it over the wire, from a real browser's network log.

`make bench-weight` signs a learner in, opens the first lesson of the shipped course with an empty cache, scrolls to its
end so that everything to read and answer is there, and adds up what the browser received, headers included. The
baseline is the same page in the same browser without compression.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench import pages
from tests.browser.conftest import Served, launch_options, serving
from tests.conftest import SHIPPED

BUDGET = 80_000
"""Bytes."""
REQUESTS = 15

LESSON = "entering-grade-b/contamination/"


def first_lesson(browser: Browser, served: Served, *, compressed: bool = True) -> list[tuple[str, int]]:
    """Address and bytes of everything that the browser received for a first lesson."""
    email = served.add("First Lesson")
    context = browser.new_context(viewport={"width": 360, "height": 740})
    token = served.link(email).partition("#")[2]
    csrf = context.request.get(f"{served.url}/api/v1/me").json()["csrf_token"]
    signed_in = context.request.post(
        f"{served.url}/api/v1/sign-in/link", data={"token": token}, headers={"X-CSRFToken": csrf}
    )
    if not signed_in.ok:
        raise RuntimeError(f"signing in failed: {signed_in.text()}")
    page = context.new_page()
    log = context.new_cdp_session(page)
    addresses: dict[str, str] = {}
    received: list[tuple[str, int]] = []
    log.send("Network.enable")
    if not compressed:
        log.send("Network.setExtraHTTPHeaders", {"headers": {"Accept-Encoding": "identity"}})
    log.on("Network.responseReceived", lambda event: addresses.update({event["requestId"]: event["response"]["url"]}))
    log.on(
        "Network.loadingFinished",
        lambda event: received.append((addresses.get(event["requestId"], "?"), int(event["encodedDataLength"]))),
    )
    page.goto(f"{served.url}/{LESSON}", wait_until="networkidle")
    page.evaluate("() => scrollTo(0, document.body.scrollHeight)")
    page.locator(".quiz-facts").last.wait_for()
    page.wait_for_load_state("networkidle")
    context.close()
    # What stands in a style sheet is no request of its own.
    return [(url.removeprefix(served.url), size) for url, size in received if not url.startswith("data:")]


def main() -> int:
    """Measure and print; exit code 1 above the budget."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(SHIPPED, Path(folder) / "site") as served,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(**launch_options())
        measured = first_lesson(browser, served)
        baseline = first_lesson(browser, served, compressed=False)
        browser.close()
    for url, size in sorted(measured, key=lambda item: -item[1]):
        print(f"{size:>8,}  {url}")
    total, plain = sum(size for _, size in measured), sum(size for _, size in baseline)
    print(f"{total:>8,}  bytes in {len(measured)} requests; the budget is {BUDGET:,} in {REQUESTS}")
    print(f"{total / plain:>8.2f}  of the same page without compression ({plain:,} bytes)")
    return int(total > BUDGET or len(measured) > REQUESTS or pages.main() > 0)


if __name__ == "__main__":
    sys.exit(main())
