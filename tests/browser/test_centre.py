"""The centre's year, the simulator, the screen, a job seeker's consent and answers, and what a scheme asks of them."""

from __future__ import annotations

import json
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from api.accounts.act import Act
from api.classes.models import ClassMember
from api.classes.operations import create_class
from api.core.clock import system_clock
from api.outcomes.letters import signer
from api.outcomes.models import Outcome
from tests.browser.conftest import ROOT, OpenPage, Served, Watch, sign_in, violations
from tests.browser.test_documents import was_there
from tests.conftest import SECRET


def texts_of(lang: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for folder in ("", "centre/", "documents/", "events/"):
        found |= json.loads((ROOT / f"themes/airlock/texts/{folder}{lang}.json").read_text())
    return found


TEXTS: dict[str, Any] = {lang: texts_of(lang) for lang in ("fr", "nl")}


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_the_centres_year_and_its_screen(served: Served, open_page: OpenPage, watch: Watch, lang: str) -> None:
    texts, watch.expected = TEXTS[lang], ("404",)
    width, colours = (1280, "light") if lang == "fr" else (360, "dark")
    was_there(served, served.add(f"Measured {lang}", lang=lang), served.add(f"Measuring {lang}", role="trainer"))
    page = open_page(width, colours)
    sign_in(page, served.link(served.add(f"Director {lang}", role="admin", lang=lang)))
    page.goto(f"{served.url}/{lang}/centre/")
    room = page.locator("section[aria-labelledby=rooms] tr", has_text=f"Room of measured.{lang}")
    expect(room).to_contain_text(texts["zone_grade_b"])
    assert violations(page) == []
    page.locator("input[name=learners]").fill("6000")
    page.locator("input[name=on_site]").fill("100000")
    page.locator("section[aria-labelledby=goals] button").press("Enter")
    expect(page.locator(".notice-good")).to_have_text(texts["saved"])
    expect(page.locator(".goal-list li").first).to_contain_text(re.compile(r"6\D000 "))
    expect(page.locator(".goal-list li").nth(1)).to_contain_text(re.compile(r"100\D000"))
    page.locator("section[aria-labelledby=screen] button").press("Enter")
    expect(page.locator("section[aria-labelledby=screen] code")).to_contain_text("/screen/#")
    assert violations(page) == []
    address = page.locator("section[aria-labelledby=screen] code").inner_text()
    wall = open_page(width, colours)
    wall.goto(address)
    expect(wall.locator("h1")).to_be_visible()
    expect(wall.locator(".screen [role=status]")).to_be_visible()
    assert violations(wall) == []
    page.locator("section[aria-labelledby=screen] button").press("Enter")
    expect(page.locator("section[aria-labelledby=screen] code")).not_to_have_text(address)
    wall.reload()
    expect(wall.locator(".notice")).to_have_text(texts["screen_gone"])
    assert violations(wall) == []


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_a_simulation_says_what_runs_out_first(served: Served, open_page: OpenPage, lang: str) -> None:
    texts = TEXTS[lang]
    was_there(served, served.add(f"Planned {lang}", lang=lang), served.add(f"Planning {lang}", role="trainer"))
    page = open_page(360 if lang == "fr" else 1280, "dark" if lang == "nl" else "light")
    sign_in(page, served.link(served.add(f"Planner {lang}", role="admin", lang=lang)))
    page.goto(f"{served.url}/{lang}/centre/?view=simulator")
    expect(page.get_by_role("button", name=texts["simulator_run"])).to_be_visible()
    assert violations(page) == []
    page.locator("fieldset.numbers input").first.fill("6000")
    page.get_by_label(texts["simulator_half_days"]).fill("10")
    page.get_by_label(texts["simulator_half_days"]).press("Enter")
    expect(page.locator("[role=status].notice-late")).to_be_visible()
    expect(page.locator("tbody").first.locator("tr").first).to_contain_text(
        texts["simulator_missing"].replace("{count}", "").strip()
    )
    expect(page.locator("#simulated")).to_be_focused()
    assert violations(page) == []


def seeking(served: Served, name: str, lang: str) -> str:
    """A job seeker whom a scheme pays for that asks something."""
    email = served.add(name, lang=lang)
    with served.database.writing() as session:
        person = served.find(session, email)
        group = create_class(Act(session, system_clock(), "tests"), name=name, teachers=[], learners=[person])
        member = session.get_one(ClassMember, (group.id, person.id))
        member.audience, member.funding = "job-seeker", "esf-like"
    return email


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_a_job_seeker_agrees_answers_and_takes_it_back(
    served: Served, open_page: OpenPage, watch: Watch, lang: str
) -> None:
    texts, watch.expected = TEXTS[lang], ("404", "422")
    email = seeking(served, f"Seeker {lang}", lang)
    was_there(served, email, served.add(f"Helper {lang}", role="trainer"))
    page = open_page(360, "dark" if lang == "fr" else "light")
    sign_in(page, served.link(email))
    page.goto(f"{served.url}/{lang}/documents/")
    born = page.locator("section[aria-labelledby=particulars] li", has_text=texts["field_birth_date"])
    born.locator("input").fill("1899-01-01")
    born.locator("button").press("Enter")
    expect(page.locator(".notice-late")).to_have_text(texts["error_particular_wrong"])
    expect(born.locator("input")).to_have_value("1899-01-01")
    born.locator("input").fill("1985-07-30")
    born.locator("button").press("Enter")
    expect(page.locator(".notice-good")).to_have_text(texts["particulars_kept"])
    expect(born).to_contain_text("1985-07-30")
    page.get_by_label(texts["consent_check"]).press("Space")
    expect(page.locator(".notice-good")).to_have_text(texts["documents_kept"])
    expect(page.get_by_label(texts["consent_check"])).to_be_checked()
    assert violations(page) == []

    centre = open_page(1280 if lang == "fr" else 360)
    sign_in(centre, served.link(served.add(f"Claims {lang}", role="admin", lang=lang)))
    centre.goto(f"{served.url}/{lang}/hours/?scheme=esf-like")
    line = centre.locator("tbody tr", has_text=f"Seeker {lang}")
    expect(line).to_contain_text(texts["field_file_number"])
    expect(line).not_to_contain_text("1985-07-30")
    centre.get_by_role("button", name=texts["particulars_see"]).press("Enter")
    expect(line).to_contain_text("1985-07-30")
    assert violations(centre) == []
    born.get_by_role("button").first.press("Enter")
    expect(page.locator(".notice-good")).to_have_text(texts["particulars_erased"])

    with served.database.writing() as session:
        asked = Outcome(
            id=uuid.uuid4(),
            person_id=served.find(session, email).id,
            stage="4-weeks",
            ended=(system_clock() - timedelta(days=28)).date().isoformat(),
            asked_at=system_clock(),
            expires_at=system_clock() + timedelta(days=60),
        )
        session.add(asked)
        token = signer(SECRET).dumps(str(asked.id))
    stranger = open_page(360, "light" if lang == "fr" else "dark")
    stranger.goto(f"{served.url}/{lang}/outcome/#{token}")
    expect(stranger.get_by_role("button", name=texts["outcome_send"])).to_be_visible()
    assert violations(stranger) == []
    stranger.get_by_label(texts["working_in_field"]).press("Space")
    stranger.get_by_label(texts["helped_4"]).press("Space")
    stranger.get_by_label(texts["outcome_words"]).fill("Plus de pratique.")
    stranger.get_by_role("button", name=texts["outcome_send"]).press("Enter")
    expect(stranger.locator(".notice-good")).to_have_text(texts["outcome_thanks"])
    assert violations(stranger) == []
    with served.database.reading() as session:
        row = session.get_one(Outcome, asked.id)
        assert (row.working, row.helped, row.words) == ("in-field", 4, "Plus de pratique.")
    centre.goto(f"{served.url}/{lang}/centre/?view=outcomes")
    expect(centre.locator("#stage-4-weeks")).to_be_visible()
    assert violations(centre) == []
    stranger.get_by_role("button", name=texts["outcome_end"]).press("Enter")
    expect(stranger.locator(".notice")).to_have_text(texts["outcome_ended"])
    with served.database.reading() as session:
        assert session.scalar(select(Outcome.id).where(Outcome.id == asked.id)) is None
    stranger.reload()
    expect(stranger.locator(".notice")).to_have_text(texts["outcome_gone"])
    assert violations(stranger) == []
