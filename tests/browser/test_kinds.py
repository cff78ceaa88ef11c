"""Every kind of question, answered by mouse, by finger and by keyboard alone, rightly and wrongly, in two languages."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, Served, Watch, sign_in, violations
from tests.browser.hands import KINDS_IN_PAGE, WAYS, Hand, answers, grades
from tests.browser.test_journey import tab_to, texts

MISPLACED = """question => {
  const image = question.querySelector("img").getBoundingClientRect();
  return [...question.querySelectorAll("[data-region]")].filter(option => {
    const [x, y, width, height] = option.dataset.region.split(" ").map(Number);
    const box = question.querySelector(`.region[data-of="${option.dataset.option}"]`).getBoundingClientRect();
    const wanted = [image.x + image.width * x / 100, image.y + image.height * y / 100,
      image.width * width / 100, image.height * height / 100];
    return [box.x, box.y, box.width, box.height].some((value, place) => Math.abs(value - wanted[place]) > 2);
  }).map(option => option.dataset.option);
}"""
"""Regions that are not where their percentages say, by more than 2 px."""


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("way", list(WAYS))
def test_every_kind(way: str, lang: str, kinds_site: Served, open_page: OpenPage) -> None:
    said = texts(lang)
    make, options = WAYS[way]
    email = kinds_site.add(f"{way} {lang}", lang=lang)
    kinds_site.give_course(email, "every-kind")
    page = open_page(**options)
    sign_in(page, kinds_site.link(email))
    page.goto(f"{kinds_site.url}{'/fr' if lang == 'fr' else ''}/every-kind/graded/")
    hand = make(page)
    quiz = page.locator("air-quiz[quiz=all]")
    expect(quiz.locator(".quiz-facts")).to_contain_text("80")

    assert hand.of("hotspot").evaluate(MISPLACED) == [], "regions lie where the author put them"
    hand.answer(answers(lang, right=False))
    assert violations(page) == []
    page.reload()
    expect(hand.of("ordering", ".order-list .order-step")).to_have_count(3)
    expect(hand.of("text", "input.text-input")).to_have_value("bleach")
    expect(hand.of("single", ".confidence input:checked")).to_have_value("3")
    hand.submit()
    # A number without its unit costs no attempt: the field says what is missing.
    result = quiz.locator(".quiz-result h3")
    field = hand.of("numeric", "input.numeric-input")
    expect(field).to_be_focused()
    expect(quiz).to_contain_text(said["error_answer_unreadable"])
    expect(hand.of("numeric")).to_contain_text(said["reason_unit_missing"])
    expect(result).to_have_count(0)
    assert violations(page) == []
    page.keyboard.press("Control+a")
    page.keyboard.type("125 mL")
    hand.submit()
    expect(result).to_contain_text(said["quiz_not_passed"])
    expect(result).to_be_focused()
    assert grades(hand) == dict.fromkeys(KINDS_IN_PAGE, "wrong")
    expect(quiz).to_contain_text(said["quiz_failed_critical"])
    expect(hand.of("single")).to_contain_text("Feedback-single-1")
    expect(hand.of("ordering", ".key-order li")).to_have_count(5)
    expect(hand.of("ordering")).to_contain_text(said["ordering_nowhere"])
    expect(hand.of("hotspot")).to_contain_text("Feedback-hotspot-1")
    expect(hand.of("cloze", ".gap-shown").first).to_contain_text("sterile" if lang == "en" else "stérile")
    assert violations(page) == []

    again = quiz.locator(".quiz-actions button")
    if way == "keyboard":
        tab_to(page, "air-quiz[quiz=all] .quiz-actions button")
        page.keyboard.press("Enter")
        page.keyboard.press("Shift+Tab")
    else:
        hand.press(again)
    expect(hand.of("ordering", ".order-list .order-step")).to_have_count(0)
    hand.answer(answers(lang, right=True))
    hand.submit()
    expect(result).to_contain_text(said["quiz_passed"])
    assert grades(hand) == dict.fromkeys(KINDS_IN_PAGE, "right"), hand.of("ordering").inner_text()
    assert violations(page) == []


def test_buttons_move_steps(kinds_site: Served, open_page: OpenPage) -> None:
    """What dragging does, buttons do; the place is announced, and the focus stays where it was."""
    page = open_page(width=360)
    page.goto(f"{kinds_site.url}/every-kind/practice/")
    hand = Hand(page)
    for step in ("Wash", "Hood", "Mask"):
        hand.of("ordering", f'.order-pool .step-text:has-text("{step}")').click()
    placed = hand.of("ordering", ".order-list .order-step")
    mask = hand.of("ordering", '.order-list .order-step:has-text("Mask")')
    expect(mask.locator(".tool-down")).to_be_disabled()
    mask.locator(".tool-up").focus()
    page.keyboard.press("Enter")
    expect(placed.nth(1)).to_contain_text("Mask")
    expect(hand.of("ordering", "[role=status]")).to_have_text("Mask: place 2 of 3")
    expect(mask.locator(".tool-up")).to_be_focused()
    page.keyboard.press("Enter")
    expect(placed.nth(0)).to_contain_text("Mask")
    expect(mask.locator(".step-text")).to_be_focused()
    page.keyboard.press("Delete")
    expect(placed).to_have_count(2)
    expect(hand.of("ordering", "[role=status]")).to_have_text("Mask: taken out")
    expect(hand.of("ordering", '.order-pool .step-text:has-text("Mask")')).to_be_focused()


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_practice_is_marked_here(lang: str, kinds_site: Served, open_page: OpenPage) -> None:
    page = open_page(width=360)
    page.goto(f"{kinds_site.url}{'/fr' if lang == 'fr' else ''}/every-kind/practice/")
    hand = Hand(page)
    seen = set()
    for _ in range(3):
        hand.answer(answers(lang, right=True))
        stem = hand.of("calculated", ".stem-text").inner_text()
        stock, volume, wanted = hand.of("calculated", ".stem-text .drawn").all_inner_texts()
        seen.add(stem)
        value = float(wanted.replace(",", ".")) * float(volume) / float(stock.replace(",", "."))
        hand.type("calculated", "input", f"{value:.1f} mL".replace(".", "," if lang == "fr" else "."))
        page.locator("air-quiz button[type=submit]").click()
        expect(page.locator(".quiz-result h3")).to_contain_text("100")
        assert violations(page) == []
        explained = hand.of("calculated", ".explanation-shown").inner_text()
        assert stock in explained
        assert volume in explained
        page.locator(".quiz-actions button").click()
        expect(hand.of("calculated", "input")).to_have_value("")
    assert len(seen) > 1, "another try has other numbers"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_cheat_sheet(scheme: str, kinds_site: Served, open_page: OpenPage) -> None:
    for prefix, width in (("", 360), ("fr/", 1280), ("nl/", 320)):
        page = open_page(width=width, scheme=scheme)
        page.goto(f"{kinds_site.url}/{prefix}authoring/")
        expect(page.locator("air-quiz .question")).to_have_count(10)
        expect(page.locator(".order-pool button").first).to_be_visible()
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), prefix
        assert page.locator(".authoring-live img").first.evaluate(
            "async image => { await image.decode(); return true; }"
        )
        assert violations(page) == []


@pytest.mark.parametrize(("width", "options"), [(320, {}), (640, {"device_scale_factor": 2})])
def test_every_kind_fits(width: int, options: dict[str, Any], kinds_site: Served, open_page: OpenPage) -> None:
    """At 320 px (1280 px at 400 % zoom), and in forced colours, where nothing may be told by colour alone."""
    page = open_page(width=width, forced_colors="active", **options)
    page.goto(f"{kinds_site.url}/every-kind/practice/")
    hand = Hand(page)
    for step in ("Wash", "Hood", "Coverall"):
        hand.of("ordering", f'.order-pool .step-text:has-text("{step}")').click()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    small = page.evaluate(
        "() => [...document.querySelectorAll('air-quiz :is(button, select, input[type=text])')]"
        ".filter(e => e.offsetParent).map(e => [e.className, e.getBoundingClientRect()])"
        ".filter(([, box]) => box.width < 24 || box.height < 24).map(([name]) => name)"
    )
    assert small == []
    page.locator("air-quiz button[type=submit]").click()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


def test_another_language_in_the_middle(kinds_site: Served, open_page: OpenPage) -> None:
    """Steps and matches are told by their words: what was placed in one language waits for it."""
    email = kinds_site.add("Bilingual")
    page = open_page()
    sign_in(page, kinds_site.link(email))
    page.goto(f"{kinds_site.url}/every-kind/graded/")
    hand = Hand(page)
    # The attempt begins with the first answer: the page is left once it has.
    with page.expect_response("**/api/v1/attempts"):
        for step in ("Wash", "Hood"):
            hand.of("ordering", f'.order-pool .step-text:has-text("{step}")').click()
    page.goto(f"{kinds_site.url}/fr/every-kind/graded/")
    hand.of("text", ".text-input").fill("autoclave")
    expect(hand.of("ordering", ".order-list .order-step")).to_have_count(0)
    page.goto(f"{kinds_site.url}/every-kind/graded/")
    expect(hand.of("ordering", ".order-list .order-step")).to_have_count(2)
    expect(hand.of("text", ".text-input")).to_have_value("autoclave")
    # What is left open shows no key.
    hand.of("matching", "select").first.select_option(index=1)
    hand.submit()
    page.locator(".quiz-confirm button[type=submit]").click()
    expect(page.locator(".quiz-result h3")).to_contain_text("Not passed yet")
    page.goto(f"{kinds_site.url}/fr/every-kind/graded/")
    page.get_by_role("button", name=texts("fr")["quiz_show_result"]).click()
    expect(hand.of("matching")).to_contain_text("always")
    expect(hand.of("ordering", ".key-order")).to_contain_text("Goggles")


def test_looking_at_a_result_loses_nothing(kinds_site: Served, open_page: OpenPage) -> None:
    email = kinds_site.add("Looking")
    page = open_page()
    sign_in(page, kinds_site.link(email))
    page.goto(f"{kinds_site.url}/every-kind/graded/")
    hand = Hand(page)
    hand.of("text", ".text-input").fill("first try")
    hand.submit()
    page.locator(".quiz-confirm button[type=submit]").click()
    expect(page.locator(".quiz-result h3")).to_be_visible()
    page.locator(".quiz-actions button").click()
    hand.of("text", ".text-input").fill("second try")
    page.reload()
    page.get_by_role("button", name=texts("en")["quiz_show_result"]).click()
    expect(hand.of("text", ".text-input")).to_have_value("first try")
    page.locator(".quiz-actions button").click()
    expect(hand.of("text", ".text-input")).to_have_value("second try")


def test_a_lost_reply_and_another_language(kinds_site: Served, open_page: OpenPage, watch: Watch) -> None:
    """The first key was used with the other language: it must not stand in the way for ever."""
    watch.expected = ("ERR_FAILED", "409")
    email = kinds_site.add("Lost Reply")
    page = open_page()
    sign_in(page, kinds_site.link(email))
    page.goto(f"{kinds_site.url}/every-kind/graded/")

    def lose(route: Any) -> None:
        route.fetch()
        route.abort()

    expect(page.locator(".quiz-facts")).to_contain_text("attempt 1")
    page.route("**/api/v1/attempts", lose)
    with page.expect_event("requestfailed"):
        page.locator('[question="text"] .text-input').fill("autoclave")
    page.unroute("**/api/v1/attempts")
    page.goto(f"{kinds_site.url}/fr/every-kind/graded/")
    expect(page.locator('[question="text"] .text-input')).to_have_value("autoclave")
    page.locator("air-quiz button[type=submit]").click()
    page.locator(".quiz-confirm button[type=submit]").click()
    expect(page.locator(".quiz-result h3")).to_be_visible()


def test_the_back_button_finds_everything(kinds_site: Served, open_page: OpenPage) -> None:
    page = open_page(width=360)
    page.goto(f"{kinds_site.url}/every-kind/practice/")
    hand = Hand(page)
    hand.answer(answers("en", right=True))
    order = hand.of("single", ".option-text").all_inner_texts()
    drawn = hand.of("calculated", ".stem-text .drawn").all_inner_texts()
    page.goto(f"{kinds_site.url}/every-kind/")
    page.go_back()
    expect(hand.of("ordering", ".order-list .order-step")).to_have_count(5)
    expect(hand.of("cloze", "input.gap")).to_have_value("Aseptic")
    expect(hand.of("hotspot", '.region[data-of="2"]')).to_have_attribute("data-chosen", "")
    assert hand.of("single", ".option-text").all_inner_texts() == order, "options are not shuffled again"
    assert hand.of("calculated", ".stem-text .drawn").all_inner_texts() == drawn, "nor are values drawn again"
