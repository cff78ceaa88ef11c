"""Quizzes whose questions the server hands out: the clock, the wait, two tabs, no connection."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from api.accounts.act import Act
from api.accounts.operations import find_person, set_time_factor
from api.core.clock import system_clock
from api.learning.models import Attempt
from api.learning.operations import marked_quiz
from tests.browser.conftest import OpenPage, Served, Watch, sign_in, violations
from tests.browser.hands import KINDS_IN_PAGE, WAYS, Hand, answers
from tests.browser.test_journey import tab_to, texts


def open_attempt(site: Served, email: str) -> tuple[str, dict[str, Any]]:
    """The id of somebody's open attempt, and the right responses to it."""
    with site.database.reading() as session:
        person = find_person(session, email)
        assert person is not None
        found = session.scalar(select(Attempt).where(Attempt.person_id == person.id, Attempt.submitted_at.is_(None)))
        assert found is not None
        return str(found.id), {q.id: q.right_response() for q in marked_quiz(session, found).questions}


@pytest.mark.parametrize(("lang", "way"), [("en", "finger"), ("fr", "keyboard")])
def test_questions_are_handed_out(lang: str, way: str, kinds_site: Served, open_page: OpenPage) -> None:
    said = texts(lang)
    make, options = WAYS[way]
    email = kinds_site.add(f"Handed {lang}", lang=lang)
    page = open_page(**options)
    sign_in(page, kinds_site.link(email))
    page.goto(f"{kinds_site.url}{'/fr' if lang == 'fr' else ''}/every-kind/handed-out/")
    quiz = page.locator("air-quiz[quiz=all]")
    hand = make(page)
    begin = quiz.locator(".quiz-begin button")
    expect(quiz.locator(".question")).to_have_count(0)
    expect(quiz.locator(".quiz-begin")).to_contain_text("20")
    assert violations(page) == []
    if way == "keyboard":
        tab_to(page, "air-quiz[quiz=all] .quiz-begin button")
        page.keyboard.press("Enter")
    else:
        hand.press(begin)
    expect(quiz.locator(".question")).to_have_count(10)
    expect(quiz.locator("[role=timer]")).to_have_text(f"◷ {said['time_minutes'].format(count=20)}")
    expect(quiz.locator(".stem").first).to_be_focused()
    loaded = hand.of("hotspot", "img").evaluate(
        "async image => { await image.decode(); return image.naturalWidth > 0; }"
    )
    assert loaded, "its picture is reached from the page"
    hand.answer(answers(lang, right=True))
    _, right = open_attempt(kinds_site, email)
    hand.type("calculated", "input", right["calculated"])
    values = hand.of("calculated", ".drawn").all_inner_texts()
    assert violations(page) == []

    page.reload()
    expect(quiz.locator(".question")).to_have_count(10)
    expect(hand.of("calculated", "input")).to_have_value(right["calculated"])
    assert hand.of("calculated", ".drawn").all_inner_texts() == values
    hand.submit()
    expect(quiz.locator(".quiz-result h3")).to_contain_text(said["quiz_passed"])
    expect(quiz.locator("[role=timer]")).to_have_count(0)
    assert {hand.of(name).get_attribute("data-grade") for name in [*KINDS_IN_PAGE, "calculated"]} == {"right"}
    assert violations(page) == []

    page.reload()
    page.get_by_role("button", name=said["quiz_show_result"]).first.click()
    expect(quiz.locator(".question")).to_have_count(10)
    assert hand.of("calculated", ".drawn").all_inner_texts() == values


def test_the_end_of_the_time_hands_in(kinds_site: Served, open_page: OpenPage) -> None:
    """The clock is announced twice before the end; at the end what was answered goes in by itself."""
    email = kinds_site.add("Timed")
    page = open_page(width=360)
    sign_in(page, kinds_site.link(email))
    # The device's clock is moved, not the server's: what arrives is in time for the server.
    page.clock.install()
    page.goto(f"{kinds_site.url}/every-kind/handed-out/")
    quiz = page.locator("air-quiz[quiz=all]")
    quiz.locator(".quiz-begin button").click()
    expect(quiz.locator(".question")).to_have_count(10)
    quiz.locator('[question="single"] [data-option="2"] label').click()
    status = quiz.locator("> [role=status]")
    page.clock.run_for(14 * 60_000)
    expect(quiz.locator("[role=timer]")).to_contain_text("6 min left")
    expect(status).to_have_text("")
    page.clock.run_for(62_000)
    expect(status).to_have_text("Time: 5 min left.")
    page.clock.run_for(4 * 60_000)
    expect(status).to_have_text("Time: 60 s left.")
    expect(quiz.locator("[role=timer]")).to_contain_text("s left")
    assert violations(page) == []
    page.clock.run_for(61_000)
    expect(quiz.locator(".quiz-result h3")).to_contain_text("Not passed yet")
    expect(quiz.locator('[question="single"]')).to_have_attribute("data-grade", "right")


def test_extra_time_is_on_the_clock(kinds_site: Served, open_page: OpenPage) -> None:
    email = kinds_site.add("Extra")
    with kinds_site.database.writing() as session:
        set_time_factor(Act(session, system_clock(), "tests"), email=email, factor=1.5)
    page = open_page()
    sign_in(page, kinds_site.link(email))
    page.goto(f"{kinds_site.url}/every-kind/handed-out/")
    page.locator("air-quiz[quiz=all] .quiz-begin button").click()
    expect(page.locator("[role=timer]")).to_contain_text("30 min left")


def test_too_late_says_so(kinds_site: Served, open_page: OpenPage) -> None:
    email = kinds_site.add("Late")
    page = open_page()
    sign_in(page, kinds_site.link(email))
    page.goto(f"{kinds_site.url}/every-kind/handed-out/")
    quiz = page.locator("air-quiz[quiz=all]")
    quiz.locator(".quiz-begin button").click()
    expect(quiz.locator(".question")).to_have_count(10)
    quiz.locator('[question="single"] [data-option="2"] label').click()
    attempt, _ = open_attempt(kinds_site, email)
    with kinds_site.database.writing() as session:
        for found in session.scalars(select(Attempt)):
            if str(found.id) == attempt:
                found.deadline = system_clock() - timedelta(minutes=2)
                Act(session, system_clock(), "tests").record("attempt.shorten", f"attempt:{attempt}")
    quiz.locator("button[type=submit]").click()
    quiz.locator(".quiz-confirm button[type=submit]").click()
    expect(quiz.locator(".quiz-result")).to_contain_text("came after the time was over")
    expect(quiz.locator('[question="single"]')).to_have_attribute("data-grade", "right")
    assert violations(page) == []


def test_waiting_is_told(kinds_site: Served, open_page: OpenPage) -> None:
    email = kinds_site.add("Waiting")
    page = open_page()
    sign_in(page, kinds_site.link(email))
    page.goto(f"{kinds_site.url}/every-kind/handed-out/")
    quiz = page.locator("air-quiz[quiz=pool]")
    expect(quiz.locator(".quiz-facts")).to_contain_text("1\u00a0h between attempts")
    expect(quiz.locator(".quiz-begin")).to_contain_text("2 questions when you begin, drawn at random out of 5")
    quiz.locator(".quiz-begin button").click()
    expect(quiz.locator(".question")).to_have_count(2)
    quiz.locator("button[type=submit]").click()
    quiz.locator(".quiz-confirm button[type=submit]").click()
    expect(quiz.locator(".quiz-result")).to_contain_text("You can begin the next attempt from")
    expect(quiz.get_by_role("button", name="Try again")).to_have_count(0)
    page.reload()
    expect(quiz.locator(".quiz-begin")).to_contain_text("You can begin the next attempt from")
    expect(quiz.locator(".quiz-begin button")).to_have_count(0)
    assert violations(page) == []


def test_nothing_is_lost_without_a_connection(kinds_site: Served, open_page: OpenPage, watch: Watch) -> None:
    watch.expected = ("ERR_INTERNET_DISCONNECTED", "Failed to load resource")
    email = kinds_site.add("Offline")
    page = open_page(width=360)
    sign_in(page, kinds_site.link(email))
    page.goto(f"{kinds_site.url}/every-kind/handed-out/")
    quiz = page.locator("air-quiz[quiz=all]")
    quiz.locator(".quiz-begin button").click()
    expect(quiz.locator(".question")).to_have_count(10)
    page.context.set_offline(True)
    hand = Hand(page)
    hand.answer(answers("en", right=True))
    hand.submit()
    quiz.locator(".quiz-confirm button[type=submit]").click()
    expect(quiz.locator("[role=alert]")).to_contain_text("Your answers are kept")
    expect(quiz.locator('[question="text"] input')).to_have_value("AUTOCLAVE")
    page.context.set_offline(False)
    expect(quiz.locator(".quiz-result h3")).to_contain_text("Passed")


def test_two_tabs_know_of_each_other(kinds_site: Served, open_page: OpenPage) -> None:
    email = kinds_site.add("Two Tabs")
    one = open_page()
    sign_in(one, kinds_site.link(email))
    address = f"{kinds_site.url}/every-kind/handed-out/"
    one.goto(address)
    two = one.context.new_page()
    two.goto(address)
    begin = "air-quiz[quiz=all] .quiz-begin button"
    expect(two.locator(begin)).to_be_visible()
    one.locator(begin).click()
    one.locator('[question="text"] input').fill("autoclave")
    two.locator(begin).click()
    expect(two.locator('[question="text"] input')).to_have_value("autoclave")
    two.locator('[question="numeric"] input').fill("12.5 mL")
    expect(one.locator('[question="numeric"] input')).to_have_value("12.5 mL")
    one.reload()
    expect(one.locator('[question="text"] input')).to_have_value("autoclave")
    expect(one.locator('[question="numeric"] input')).to_have_value("12.5 mL")
