"""Hours in a browser: active time is measured, and the centre opens a number to its lines."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Request, expect

from api.accounts.act import Act
from api.core.clock import system_clock
from api.hours.operations import close_days
from tests.browser.conftest import ROOT, OpenPage, Served, Watch, sign_in, violations
from tests.browser.test_documents import was_there

TEXTS = {lang: json.loads((ROOT / f"themes/airlock/texts/documents/{lang}.json").read_text()) for lang in ("fr", "nl")}


def test_active_time_is_that_of_a_visible_page_with_signs_of_life(served: Served, open_page: OpenPage) -> None:
    """Ten minutes with a sign of life each minute, then twenty without: twelve are told, and none of them twice."""
    email = served.add("Active")
    page = open_page(360)
    sign_in(page, served.link(email))
    told: list[dict[str, Any]] = []

    def note(request: Request) -> None:
        if request.url.endswith("/active-time"):
            told.extend(json.loads(request.post_data or "{}")["spans"])

    def pass_time(minutes: int) -> None:
        """What was used is told, and the page has its answer: before that it tells nothing else."""
        with page.expect_request_finished(lambda request: request.url.endswith("/api/v1/active-time")):
            page.clock.run_for(minutes * 60_000)
        page.evaluate("() => new Promise(done => queueMicrotask(done))")

    page.on("request", note)
    page.clock.install(time=system_clock())
    page.goto(f"{served.url}/safe-start/doors/", wait_until="networkidle")
    with page.expect_response("**/assets/bundle/air-active*"):
        page.keyboard.press("Shift")
    page.wait_for_load_state("networkidle")
    for _ in range(10):
        page.keyboard.press("Shift")
        pass_time(1)
    page.keyboard.press("Shift")
    for minutes in (20, 1):
        pass_time(minutes)
    assert {one["module"] for one in told} == {"safe-start/doors"}
    seconds = sum(one["began_ago"] - one["ended_ago"] for one in told)
    assert seconds == pytest.approx(12 * 60, abs=15)
    with served.database.writing() as session:
        close_days(Act(session, system_clock() + timedelta(days=2), "tests"))
    hours = page.request.get(f"{served.url}/api/v1/hours").json()
    assert list(hours["totals"]) == ["self-paced"]


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_the_centre_opens_a_number_to_its_lines(served: Served, open_page: OpenPage, lang: str) -> None:
    texts = TEXTS[lang]
    email = served.add(f"Counted {lang}", lang=lang)
    was_there(served, email, served.add(f"Counting {lang}", role="trainer"))
    page = open_page(1280 if lang == "fr" else 360, "dark" if lang == "nl" else "light")
    sign_in(page, served.link(served.add(f"Centre {lang}", role="admin", lang=lang)))
    page.goto(f"{served.url}/{lang}/hours/?first=2020-01-01&last=2020-12-31")
    expect(page.locator(".notice")).to_have_text(texts["totals_none"])
    assert violations(page) == []
    page.goto(f"{served.url}/{lang}/hours/?by=course")
    expect(page.locator(".totals tbody tr")).to_have_count(1)
    assert violations(page) == []
    page.locator(".totals tbody a").first.press("Enter")
    expect(page.locator("tbody")).to_contain_text(f"Counted {lang}")
    assert violations(page) == []
    learner = open_page(360)
    sign_in(learner, served.link(email))
    learner.goto(f"{served.url}/{lang}/hours/")
    expect(learner.locator(".notice")).to_have_text(texts["totals_not_for_you"])
    assert violations(learner) == []


def test_an_evidence_pack_is_checked_without_a_network(
    served: Served, open_page: OpenPage, watch: Watch, tmp_path: Path
) -> None:
    watch.allowed = (*watch.allowed, tmp_path.as_uri())
    was_there(served, served.add("Packed"), served.add("Packing", role="trainer"))
    page = open_page(1280)
    sign_in(page, served.link(served.add("Packer", role="admin")))
    reply = page.request.get(f"{served.url}/api/v1/totals/pack.zip?first=2021-01-01&last=2029-12-31&lang=nl")
    with zipfile.ZipFile(io.BytesIO(reply.body())) as archive:
        archive.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    assert list((folder / "sheets").iterdir())
    alone = open_page(360, offline=True)
    alone.goto((folder / "verify.html").as_uri())
    assert violations(alone) == []
    alone.locator("input").set_input_files(folder)
    expect(alone.locator("#verdict")).to_have_text("Elk bestand is zoals het gemaakt werd.")
    (folder / "lines.csv").write_text("altered")
    (folder / "versions.json").unlink()
    alone.locator("input").set_input_files(folder)
    expect(alone.locator("#verdict")).to_have_text("Iets is niet zoals het gemaakt werd: zie de lijst.")
    expect(alone.locator("td.bad")).to_contain_text(["lines.csv", "gewijzigd", "versions.json", "ontbreekt"])
    assert violations(alone) == []


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_an_inspector_reads_with_a_link_until_it_is_closed(
    served: Served, open_page: OpenPage, watch: Watch, lang: str
) -> None:
    watch.expected, texts = ("404",), TEXTS[lang]
    was_there(served, served.add(f"Inspected {lang}"), served.add(f"Present {lang}", role="trainer"))
    centre = open_page(1280)
    sign_in(centre, served.link(served.add(f"Host {lang}", role="admin", lang=lang)))
    centre.goto(f"{served.url}/{lang}/hours/")
    centre.get_by_label(texts["inspections_for"]).fill(f"Ministry {lang}")
    centre.get_by_role("button", name=texts["inspections_make"]).press("Enter")
    address = centre.locator("section[aria-labelledby=inspections] code").inner_text()
    assert violations(centre) == []
    page = open_page(360, "dark")
    page.goto(address)
    expect(page.locator("air-inspect")).to_contain_text(f"Ministry {lang}")
    assert violations(page) == []
    page.locator(".totals tbody button").first.press("Enter")
    expect(page.locator("tbody")).to_contain_text(f"Inspected {lang}")
    expect(page.locator("h1")).to_be_focused()
    expect(page.locator("tbody a")).to_have_count(0)
    assert violations(page) == []
    centre.get_by_role("button", name=texts["inspections_end"], exact=False).first.click()
    expect(centre.locator("section[aria-labelledby=inspections]")).to_contain_text(texts["inspections_closed"])
    page.reload()
    expect(page.locator(".notice")).to_have_text(texts["inspect_gone"])
    assert violations(page) == []
