"""Ways to answer every kind of question: with a mouse, with a finger, with a keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.test_journey import tab_to

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
        """Every question in the order of the page: on a keyboard, Tab leads from one to the next."""
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


def grades(hand: Hand) -> dict[str, str | None]:
    """How each question did."""
    return {name: hand.of(name).get_attribute("data-grade") for name in KINDS_IN_PAGE}


WAYS: dict[str, tuple[Callable[[Page], Hand], dict[str, Any]]] = {
    "mouse": (Hand, {"width": 1280}),
    "finger": (Finger, {"width": 360, "has_touch": True, "is_mobile": True}),
    "keyboard": (Keys, {"width": 1024}),
}
