"""Every kind of question, answered by mouse, by finger and by keyboard alone, rightly and wrongly, in two languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from api.accounts.operations import find_person, set_time_factor
from api.core.clock import system_clock
from api.learning.models import Attempt
from api.learning.operations import marked_quiz
from tests.browser.conftest import OpenPage, Served, Watch, serving, sign_in, violations
from tests.browser.test_journey import tab_to, texts
from tests.conftest import KINDS

WORDS = {
    "en": {
        "steps": ["Wash", "Hood", "Mask", "Goggles", "Coverall"],
        "extra": "Watch",
        "always": "always",
        "sometimes": "sometimes",
        "gap": "Aseptic",
        "text": "AUTOCLAVE",
    },
    "fr": {
        "steps": ["Laver", "Cagoule", "Masque", "Lunettes", "Combinaison"],
        "extra": "Montre",
        "always": "toujours",
        "sometimes": "parfois",
        "gap": "aséptique",
        "text": "stérilisateur  à vapeur",
    },
}
KINDS_IN_PAGE = ["single", "multiple", "truefalse", "numeric", "text", "ordering", "matching", "cloze", "hotspot"]


@pytest.fixture(scope="session")
def kinds_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The course with a question of every kind."""
    with serving(KINDS, tmp_path_factory.mktemp("kinds")) as site:
        yield site


@dataclass(frozen=True)
class Answers:
    """What is answered: option ids, typed texts, steps and matches by their words."""

    single: str
    multiple: tuple[str, ...]
    truefalse: str
    numeric: str
    text: str
    steps: list[str]
    matches: list[str]
    gap: str
    choice: str
    region: str


def answers(lang: str, *, right: bool) -> Answers:
    words: Any = WORDS[lang]
    if right:
        return Answers(
            single="2",
            multiple=("1", "2"),
            truefalse="1",
            numeric="0,0125 L",
            text=words["text"],
            # Mask and goggles may swap.
            steps=[*words["steps"][:2], words["steps"][3], words["steps"][2], words["steps"][4]],
            matches=[words["always"], words["sometimes"], words["always"]],
            gap=words["gap"],
            choice="1",
            region="2",
        )
    return Answers(
        single="1",
        multiple=("1", "3"),
        truefalse="2",
        numeric="12.5",
        text="bleach",
        steps=[words["steps"][4], words["steps"][0], words["extra"]],
        matches=[words["sometimes"], words["always"], words["sometimes"]],
        gap="dry",
        choice="2",
        region="1",
    )


class Hand:
    """Answers with a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        target.click()

    def of(self, question: str, selector: str = "") -> Locator:
        return self.page.locator(f'[question="{question}"] {selector}'.strip())

    def option(self, question: str, value: str) -> None:
        self.press(self.of(question, f'[data-option="{value}"] label'))

    def type(self, question: str, selector: str, text: str) -> None:
        self.press(self.of(question, selector))
        self.page.keyboard.type(text)

    def order(self, steps: list[str]) -> None:
        """Each step is dragged to the end of the list."""
        for place, step in enumerate(steps):
            source = self.of("ordering", f'.order-pool .order-step:has-text("{step}")')
            target = self.of("ordering", ".order-list")
            self.drag(source, target)
            expect(self.of("ordering", ".order-list .order-step")).to_have_count(place + 1)

    def drag(self, source: Locator, target: Locator) -> None:
        source.evaluate("element => element.closest('.question').scrollIntoView({ block: 'center' })")
        start, end = source.bounding_box(), target.bounding_box()
        assert start is not None
        assert end is not None
        mouse = self.page.mouse
        mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
        mouse.down()
        mouse.move(start["x"] + start["width"] / 2 + 6, start["y"] + start["height"] / 2 + 6, steps=3)
        mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] - 6, steps=12)
        # The list has made room by now: its end is further down.
        end = target.bounding_box()
        assert end is not None
        mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] - 3, steps=6)
        mouse.up()

    def match(self, matches: list[str]) -> None:
        for number, match in enumerate(matches, start=1):
            row = self.of("matching", f'[data-pair="{number}"]')
            self.drag(self.of("matching", ".match").filter(has_text=match), row)
            expect(row.locator("select option:checked")).to_have_text(match)

    def choose_gap(self, value: str) -> None:
        self.of("cloze", "select.gap").select_option(value)

    def region(self, value: str) -> None:
        self.press(self.of("hotspot", f'.region[data-of="{value}"]'))

    def sure(self, question: str, value: str) -> None:
        self.press(self.of(question, f'.confidence label:has([value="{value}"])'))

    def submit(self) -> None:
        self.press(self.page.locator("air-quiz[quiz=all] button[type=submit]"))

    def answer(self, given: Answers) -> None:
        self.option("single", given.single)
        for value in given.multiple:
            self.option("multiple", value)
        self.option("truefalse", given.truefalse)
        self.type("numeric", "input.numeric-input", given.numeric)
        self.type("text", "input.text-input", given.text)
        self.order(given.steps)
        self.match(given.matches)
        self.type("cloze", "input.gap", given.gap)
        self.choose_gap(given.choice)
        self.region(given.region)


class Finger(Hand):
    """Answers with taps alone."""

    def press(self, target: Locator) -> None:
        target.tap()

    def order(self, steps: list[str]) -> None:
        """Tapped in another order first; then one is picked up and put where it belongs."""
        first, second = steps[:2]
        for step in (second, first, *steps[2:]):
            self.press(self.of("ordering", f'.order-pool .step-text:has-text("{step}")'))
        self.press(self.of("ordering", f'.order-list .step-text:has-text("{first}")'))
        self.press(self.of("ordering", f'.order-list .step-text:has-text("{second}")'))

    def match(self, matches: list[str]) -> None:
        for number, match in enumerate(matches, start=1):
            self.press(self.of("matching", ".match").filter(has_text=match))
            self.press(self.of("matching", f'[data-pair="{number}"] .pair-left'))


class Keys(Hand):
    """Answers with a keyboard alone: Tab, Space, Enter, arrows, letters."""

    def option(self, question: str, value: str) -> None:
        self._radio(f'[question="{question}"] .options input', value)

    def _radio(self, group: str, value: str) -> None:
        kind = self.page.locator(group).first.get_attribute("type")
        if kind == "checkbox":
            self._focus(f'{group}[value="{value}"]')
            self.page.keyboard.press("Space")
            return
        self._focus(group)
        self.page.keyboard.press("Space")
        for _ in range(8):
            if self.page.evaluate("v => document.activeElement.value === v && document.activeElement.checked", value):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no option {value} in {group}")

    def _focus(self, selector: str) -> None:
        if not self.page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            tab_to(self.page, selector)

    def type(self, question: str, selector: str, text: str) -> None:
        self._focus(f'[question="{question}"] {selector}')
        self.page.keyboard.type(text)

    def order(self, steps: list[str]) -> None:
        """Placed with Enter, the first two in the wrong order; then moved up with an arrow key."""
        first, second = steps[:2]
        for step in (second, first, *steps[2:]):
            button = self.of("ordering", f'.order-pool .step-text:has-text("{step}")')
            self._reach(button)
            self.page.keyboard.press("Enter")
        moved = self.of("ordering", f'.order-list .step-text:has-text("{first}")')
        self._reach(moved)
        self.page.keyboard.press("ArrowUp")
        expect(self.of("ordering", ".order-list .order-step").first).to_contain_text(first)
        expect(self.of("ordering", "[role=status]")).to_contain_text("1")
        expect(moved).to_be_focused()

    def _reach(self, target: Locator) -> None:
        """Tab forward a while, then back: what was placed may be on either side."""
        for key in ["Tab"] * 12 + ["Shift+Tab"] * 60:
            if target.evaluate("element => document.activeElement === element"):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"the keyboard never reached {target}")

    def match(self, matches: list[str]) -> None:
        rows = self.of("matching", ".pair")
        for place in range(rows.count()):
            number = rows.nth(place).get_attribute("data-pair")
            self._focus(f'[question="matching"] [data-pair="{number}"] select')
            self.page.keyboard.type(matches[int(number or 0) - 1])
            expect(rows.nth(place).locator("select option:checked")).to_have_text(matches[int(number or 0) - 1])

    def choose_gap(self, value: str) -> None:
        self._focus('[question="cloze"] select.gap')
        for _ in range(int(value)):
            self.page.keyboard.press("ArrowDown")

    def region(self, value: str) -> None:
        self._radio('[question="hotspot"] .options input', value)

    def sure(self, question: str, value: str) -> None:
        self._radio(f'[question="{question}"] .confidence input', value)

    def submit(self) -> None:
        self._focus("air-quiz[quiz=all] button[type=submit]")
        self.page.keyboard.press("Enter")

    def answer(self, given: Answers) -> None:
        # In the order of the page: Tab leads from one to the next.
        self.option("single", given.single)
        if self.of("single", ".confidence").count():
            self.sure("single", "3")
        for value in sorted(given.multiple, key=self._place):
            self.option("multiple", value)
        self.option("truefalse", given.truefalse)
        self.type("numeric", "input.numeric-input", given.numeric)
        self.type("text", "input.text-input", given.text)
        self.order(given.steps)
        self.match(given.matches)
        self.type("cloze", "input.gap", given.gap)
        self.choose_gap(given.choice)
        self.region(given.region)

    def _place(self, value: str) -> int:
        place: int = self.of("multiple", f'[data-option="{value}"]').evaluate(
            "row => [...row.parentElement.children].indexOf(row)"
        )
        return place


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


def grades(hand: Hand) -> dict[str, str | None]:
    """How each question did."""
    return {name: hand.of(name).get_attribute("data-grade") for name in KINDS_IN_PAGE}


WAYS: dict[str, tuple[Callable[[Page], Hand], dict[str, Any]]] = {
    "mouse": (Hand, {"width": 1280}),
    "finger": (Finger, {"width": 360, "has_touch": True, "is_mobile": True}),
    "keyboard": (Keys, {"width": 1024}),
}


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
    if way != "keyboard":
        hand.sure("single", "3")
    assert violations(page) == []
    page.reload()
    expect(hand.of("ordering", ".order-list .order-step")).to_have_count(3)
    expect(hand.of("text", "input.text-input")).to_have_value("bleach")
    expect(hand.of("single", ".confidence input:checked")).to_have_value("3")
    hand.submit()
    result = quiz.locator(".quiz-result h3")
    expect(result).to_contain_text(said["quiz_not_passed"])
    expect(result).to_be_focused()
    assert grades(hand) == dict.fromkeys(KINDS_IN_PAGE, "wrong")
    expect(quiz).to_contain_text(said["quiz_failed_critical"])
    expect(hand.of("numeric")).to_contain_text(said["reason_unit_missing"])
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
        set_time_factor(session, actor="tests", at=system_clock(), email=email, factor=1.5)
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_cheat_sheet(scheme: str, kinds_site: Served, open_page: OpenPage) -> None:
    for prefix, width in (("", 360), ("fr/", 1280), ("nl/", 320)):
        page = open_page(width=width, scheme=scheme)
        page.goto(f"{kinds_site.url}/{prefix}authoring/")
        expect(page.locator("air-quiz .question")).to_have_count(10)
        expect(page.locator(".order-pool button").first).to_be_visible()
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), prefix
        assert page.locator(".authoring-live img").evaluate("async image => { await image.decode(); return true; }")
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


def test_another_language_in_the_middle(kinds_site: Served, open_page: OpenPage) -> None:
    """Steps and matches are told by their words: what was placed in one language waits for it."""
    email = kinds_site.add("Bilingual")
    page = open_page()
    sign_in(page, kinds_site.link(email))
    page.goto(f"{kinds_site.url}/every-kind/graded/")
    hand = Hand(page)
    for step in ("Wash", "Hood"):
        hand.of("ordering", f'.order-pool .step-text:has-text("{step}")').click()
    page.goto(f"{kinds_site.url}/fr/every-kind/graded/")
    hand.of("text", ".text-input").fill("autoclave")
    expect(hand.of("ordering", ".order-list .order-step")).to_have_count(0)
    page.goto(f"{kinds_site.url}/every-kind/graded/")
    expect(hand.of("ordering", ".order-list .order-step")).to_have_count(2)
    expect(hand.of("text", ".text-input")).to_have_value("autoclave")
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
