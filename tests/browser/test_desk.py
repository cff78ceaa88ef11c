"""Tools in the header of those who work at the centre, with what waits; the first page is one's work."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from api.accounts.act import Act
from api.classes.assignments import Terms, assign
from api.classes.operations import add_learner, create_class
from api.core.clock import system_clock
from tests.browser.conftest import ROOT, OpenPage, Served, sign_in, violations
from tests.browser.test_pages import overflow

TEXTS: dict[str, Any] = {
    lang: {
        key: text
        for folder in ("", "account/")
        for key, text in json.loads((ROOT / f"themes/airlock/texts/{folder}{lang}.json").read_text()).items()
    }
    for lang in ("fr", "nl")
}


@pytest.mark.parametrize(("lang", "width", "scheme"), [("fr", 360, "dark"), ("nl", 1280, "light")])
def test_a_teachers_tools_say_what_waits(
    served: Served, open_page: OpenPage, lang: str, width: int, scheme: str
) -> None:
    texts, now = TEXTS[lang], system_clock()
    teacher, learners = served.add(f"Desk {lang}", role="teacher"), [served.add(f"Late {n} {lang}") for n in "ab"]
    with served.database.writing() as session:
        act = Act(session, now - timedelta(days=9), "tests")
        group = create_class(act, name=f"Desk class {lang}", teachers=[served.find(session, teacher)])
        for email in learners:
            add_learner(act, group, served.find(session, email))
        assign(act, group, "safe-start", Terms(due_at=now - timedelta(days=1)))
    page = open_page(width, scheme)
    home = f"{served.url}/{lang}/"
    page.goto(home, wait_until="networkidle")
    expect(page.locator(".hero")).to_be_visible()
    sign_in(page, served.link(teacher))
    page.goto(home, wait_until="networkidle")
    expect(page.locator(".hero")).to_have_count(0)
    expect(page.locator("h1")).to_contain_text("Desk")
    assert violations(page) == []
    assert overflow(page) <= 0
    said = texts["desk_late"].replace("{count}", "2")
    waiting = page.get_by_role("region", name=texts["desk_title"])
    expect(waiting.get_by_text(said)).to_be_visible()
    wide = page.locator(".top-nav").get_by_role("link", name=texts["tool_classes"])
    if width < 960:
        expect(wide).to_be_hidden()
        page.locator("air-account summary").press("Enter")
        expect(page.locator(".menu-panel").get_by_role("link", name=f"{texts['page_classes']} {said}")).to_be_visible()
        page.keyboard.press("Escape")
    else:
        expect(wide).to_contain_text("2")
    page.goto(f"{served.url}/{lang}/safe-start/doors/", wait_until="networkidle")
    assert violations(page) == []
    assert overflow(page) <= 0
    page.goto(home, wait_until="networkidle")
    waiting.get_by_role("link", name=f"Desk class {lang}").press("Enter")
    expect(page.locator("h1")).to_contain_text(f"Desk class {lang}")
    sign_in(page, served.link(learners[0]))
    page.goto(home, wait_until="networkidle")
    expect(page.locator(".next-card")).to_be_visible()
    expect(page.locator(".tools")).to_have_count(0)
    assert violations(page) == []
