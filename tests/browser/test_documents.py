"""Documents in a browser: a learner has one issued and lets its name be seen; a stranger scans its code."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from api.accounts.act import Act
from api.classes.models import ClassMember
from api.classes.operations import create_class
from api.core.clock import system_clock
from api.events.attending import Seen, record_attendance
from api.events.booking import book
from api.events.planning import EventPlan, RoomPlan, plan_event, save_room
from tests.browser.conftest import ROOT, OpenPage, Served, Watch, sign_in, violations

PRACTICAL = "safe-start/walk"
TEXTS = {
    lang: {
        **json.loads((Path(ROOT) / f"themes/airlock/texts/{lang}.json").read_text()),
        **json.loads((Path(ROOT) / f"themes/airlock/texts/documents/{lang}.json").read_text()),
    }
    for lang in ("fr", "nl")
}


def was_there(served: Served, email: str, trainer: str) -> None:
    """Somebody was at a practical this week."""
    begins = (system_clock() - timedelta(days=2)).replace(hour=8, minute=0, second=0, microsecond=0)
    with served.database.writing() as session:
        before = Act.of(session, served.find(session, trainer), begins - timedelta(days=1), scope="all")
        room = save_room(before, None, RoomPlan(f"Room of {email}", "grade-b", 8))
        half = (begins, begins + timedelta(hours=3))
        event = plan_event(
            before,
            EventPlan(
                module_ids=(PRACTICAL,),
                half_days=(half,),
                trainer_ids=(before.person.id,),
                places=4,
                timezone="Europe/Brussels",
                lang="fr",
                room_id=room.id,
            ),
        )
        person = served.find(session, email)
        book(before, event, [person])
        act = Act.of(session, before.person, begins + timedelta(hours=4), scope="all")
        record_attendance(act.because("Paper list."), event, [Seen(person.id, 1, "present")])


@pytest.mark.parametrize("lang", ["fr", "nl"])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_certificate_and_the_stranger_who_checks_it(
    served: Served, open_page: OpenPage, watch: Watch, lang: str, width: int
) -> None:
    texts = TEXTS[lang]
    email = served.add(f"Holder {lang} {width}", lang=lang)
    page = open_page(width)
    sign_in(page, served.link(email))
    page.goto(f"{served.url}/{lang}/documents/")
    expect(page.locator(".notice")).to_have_text(texts["documents_none"])
    assert violations(page) == []
    was_there(served, email, served.add(f"Leader {lang} {width}", role="trainer"))
    page.reload()
    page.locator("section[aria-labelledby=possible] button").nth(1).press("Enter")
    expect(page.locator(".notice-good")).to_be_visible()
    expect(page.locator("section[aria-labelledby=issued] .chip-done")).to_have_text(texts["state_valid"])
    assert violations(page) == []
    paper = page.request.get(served.url + str(page.locator("a[href$='document.pdf']").get_attribute("href")))
    assert paper.body().startswith(b"%PDF-")
    address = str(page.locator("section[aria-labelledby=issued] a").nth(1).get_attribute("href"))
    stranger = open_page(width, "dark")
    stranger.goto(served.url + address)
    expect(stranger.locator(".notice-good")).to_have_text(texts["check_valid"])
    expect(stranger.locator("air-check")).not_to_contain_text("Holder")
    assert violations(stranger) == []
    page.get_by_label(texts["documents_show_name"]).check()
    expect(page.locator(".notice-good")).to_have_text(texts["documents_kept"])
    stranger.reload()
    expect(stranger.locator(".told")).to_contain_text(f"Holder {lang} {width}")
    with page.expect_download() as download:
        page.get_by_role("button", name=texts["documents_badge"]).click()
    assert download.value.suggested_filename.endswith(".jwt")
    watch.expected = ("404",)
    stranger.goto(f"{served.url}/{lang}/check/?d=nothing-of-the-kind")
    expect(stranger.locator(".notice")).to_have_text(texts["check_unknown"])
    assert violations(stranger) == []


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_a_coordinator_sees_their_own_company(served: Served, open_page: OpenPage, watch: Watch, lang: str) -> None:
    watch.expected, texts = ("404",), TEXTS[lang]
    worker = served.add(f"Worker {lang}", lang=lang)
    other = served.add(f"Stranger {lang}", lang=lang)
    coordinator = served.add(f"Coordinator {lang}", lang=lang)
    boss = served.add(f"Head {lang}", role="admin", lang=lang)
    was_there(served, worker, served.add(f"Seen by {lang}", role="trainer"))
    with served.database.writing() as session:
        act = Act.of(session, served.find(session, boss), system_clock(), scope="all")
        for email, employer in ((worker, f"Works {lang}"), (other, "Elsewhere")):
            group = create_class(act, name=f"Class, {employer}", teachers=[], learners=[served.find(session, email)])
            member = session.get_one(ClassMember, (group.id, served.find(session, email).id))
            member.employer = employer
    page = open_page(360, "dark")
    sign_in(page, served.link(coordinator))
    page.goto(f"{served.url}/{lang}/company/")
    expect(page.locator(".notice")).to_have_text(texts["company_none"])
    assert violations(page) == []
    centre = open_page(1280)
    sign_in(centre, served.link(boss))
    centre.goto(f"{served.url}/{lang}/hours/")
    centre.get_by_label(texts["mandates_email"]).fill("nobody@example.org")
    centre.get_by_role("textbox", name=texts["mandates_employer"]).fill(f"works {lang}")
    centre.get_by_role("button", name=texts["mandates_give"], exact=True).click()
    expect(centre.get_by_role("alert")).to_have_text(texts["mandates_nobody"])
    centre.get_by_label(texts["mandates_email"]).fill(coordinator)
    centre.get_by_role("button", name=texts["mandates_give"], exact=True).press("Enter")
    expect(centre.locator("section[aria-labelledby=mandates] li")).to_contain_text([f"works {lang}"])
    assert violations(centre) == []
    page.goto(f"{served.url}/{lang}/learning/")
    page.locator("a[href$='company/']").click()
    expect(page.locator("tbody")).to_contain_text(f"Worker {lang}")
    expect(page.locator("tbody")).not_to_contain_text("Stranger")
    assert violations(page) == []
