"""The whole journey, by keyboard alone, on a phone: sign in, answer wrongly, see why, answer rightly, see progress."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, Served, Watch, sign_in, violations

TEXTS = Path(__file__).parent.parent.parent / "themes" / "airlock" / "texts"


def texts(lang: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((TEXTS / f"{lang}.json").read_text(encoding="utf-8"))
    return found


def tab_to(page: Page, selector: str, most: int = 150) -> None:
    """Press Tab until something that fits has the focus; it must also be seen to have it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
    raise AssertionError(f"Tab never reached {selector}")


def choose(page: Page, question: str, value: str) -> None:
    """Pick an option of a radio group by arrow keys, or of check boxes by the space bar."""
    group = f'[question="{question}"] input'
    tab_to(page, group)
    kind = page.evaluate("() => document.activeElement.type")
    if kind == "checkbox":
        if not page.evaluate("v => document.activeElement.value === v", value):
            tab_to(page, f'{group}[value="{value}"]')
        page.keyboard.press("Space")
        return
    page.keyboard.press("Space")
    for _ in range(8):
        if page.evaluate("v => document.activeElement.value === v && document.activeElement.checked", value):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no option {value} in {question}")


def answer(page: Page, answers: dict[str, str | list[str]]) -> None:
    for question, value in answers.items():
        if question in ("pressure", "count"):
            tab_to(page, f'[question="{question}"] input')
            page.keyboard.type(str(value))
        else:
            for item in value if isinstance(value, list) else [value]:
                choose(page, question, item)


WRONG: dict[str, str | list[str]] = {"first": "1", "outside": ["1"], "override": "1", "pressure": "30 kg", "count": "2"}
RIGHT: dict[str, str | list[str]] = {
    "first": "2",
    "outside": ["1", "3"],
    "override": "2",
    "pressure": "0,03 kPa",
    "count": "1",
}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_what_cannot_be_read_costs_no_attempt(lang: str, served: Served, open_page: OpenPage) -> None:
    said = texts(lang)
    email = served.add(f"Unreadable {lang}", lang=lang)
    served.give_course(email, "safe-start")
    page = open_page()
    sign_in(page, served.link(email))
    page.goto(f"{served.url}/{'' if lang == 'en' else 'fr/'}safe-start/doors/")
    quiz = page.locator('air-quiz[quiz="doors"]')
    expect(quiz.locator(".quiz-facts")).to_contain_text(said["quiz_attempt_of"].format(number=1, max=3))
    answer(page, {**RIGHT, "pressure": "30² Pa"})
    # Leaving the field says it, before anything is handed in.
    problem = quiz.locator('[question="pressure"] .field-problem')
    expect(problem).to_have_text(said["reason_not_a_number"])
    field = quiz.locator('[question="pressure"] input')
    expect(field).to_have_attribute("aria-invalid", "true")
    assert violations(page) == []
    tab_to(page, 'air-quiz[quiz="doors"] button[type=submit]')
    page.keyboard.press("Enter")
    expect(quiz.locator(".quiz-actions .alert")).to_contain_text(said["error_answer_unreadable"])
    expect(field).to_be_focused()
    assert violations(page) == []
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("30 Pa")
    expect(problem).to_be_empty()
    tab_to(page, 'air-quiz[quiz="doors"] button[type=submit]')
    page.keyboard.press("Enter")
    expect(quiz.locator(".quiz-result h3")).to_contain_text(said["quiz_passed"])
    expect(quiz.locator(".quiz-result")).to_contain_text("100")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_by_keyboard_alone(lang: str, served: Served, open_page: OpenPage) -> None:
    said = texts(lang)
    email = served.add(f"Keyboard {lang}", lang=lang)
    served.give_course(email, "safe-start")
    page = open_page()
    page.goto(served.link(email))
    expect(page.locator("button.wide")).to_be_visible()
    assert page.evaluate("() => location.hash") == "", "the secret is out of the address bar"
    tab_to(page, "button.wide")
    page.keyboard.press("Enter")
    page.wait_for_url("**/learning/")
    expect(page.locator(".next-title")).to_have_text("Doors" if lang == "en" else "Les portes")
    tab_to(page, ".next-card a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/safe-start/doors/")

    quiz = page.locator('air-quiz[quiz="doors"]')
    expect(quiz.locator(".quiz-facts")).to_contain_text(said["quiz_attempt_of"].format(number=1, max=3))
    answer(page, WRONG)
    tab_to(page, 'air-quiz[quiz="doors"] button[type=submit]')
    page.keyboard.press("Enter")
    result = quiz.locator(".quiz-result h3")
    expect(result).to_contain_text(said["quiz_not_passed"])
    expect(result).to_be_focused()
    expect(quiz.locator('[question="first"]')).to_contain_text(
        "Feedback-first-1: never" if lang == "en" else "Retour-first-1"
    )
    expect(quiz.locator('[question="first"] [data-option="1"]')).to_have_attribute("data-result", "yours_wrong")
    expect(quiz.locator('[question="outside"] [data-option="3"]')).to_contain_text(said["option_missed"])
    expect(quiz.locator('[question="pressure"]')).to_contain_text(said["reason_unit_unknown"])
    expect(quiz.locator('[question="pressure"]')).to_contain_text("30 ± 1 Pa")
    expect(quiz.locator(".quiz-result")).to_contain_text(said["quiz_failed_critical"])

    tab_to(page, 'air-quiz[quiz="doors"] .quiz-actions button')
    page.keyboard.press("Enter")
    expect(quiz.locator("input").first).to_be_focused()
    page.keyboard.press("Shift+Tab")
    answer(page, RIGHT)
    tab_to(page, 'air-quiz[quiz="doors"] button[type=submit]')
    page.keyboard.press("Enter")
    expect(result).to_contain_text(said["quiz_passed"])
    expect(page.locator(".read-mark")).to_contain_text(said["state_done"])

    tab_to(page, ".top-nav a:nth-child(2)")
    page.keyboard.press("Enter")
    page.wait_for_url("**/learning/")
    done = page.locator('.module-list li[data-progress="done"]')
    expect(done).to_have_count(1)
    expect(done).to_contain_text(said["best_score"].format(score=100))
    expect(page.locator(".next-title")).to_have_text("Pumps")

    trainer = served.add("Trainer", role="trainer")
    other = open_page(width=1280)
    other.goto(served.link(trainer))
    tab_to(other, "button.wide")
    other.keyboard.press("Enter")
    other.wait_for_url("**/results/")
    tab_to(other, "tbody a")
    other.keyboard.press("Enter")
    expect(other.locator("h1")).to_have_text("Doors")
    row = other.locator("tr", has_text=f"Keyboard {lang}")
    expect(row).to_contain_text("Done")
    expect(row).to_contain_text("100")
    expect(row.locator("td").nth(2)).to_have_text("2")


def test_clicks_from_the_link_to_the_result(served: Served, open_page: OpenPage) -> None:
    """At most 2 clicks to the first question, and 6 more for five answers and the result (Moodle: 5 and 12)."""
    email = served.add("Clicker")
    served.give_course(email, "safe-start")
    page = open_page()
    clicks = 0

    def click(selector: str) -> None:
        nonlocal clicks
        page.locator(selector).first.click()
        clicks += 1

    page.goto(served.link(email))
    click("button.wide")
    page.wait_for_url("**/learning/")
    click(".next-card a")
    expect(page.locator('[question="first"]')).to_be_visible()
    assert clicks <= 2
    click('[question="first"] [data-option="2"] label')
    click('[question="outside"] [data-option="1"] label')
    click('[question="override"] [data-option="2"] label')
    # A click into the field begins an answer that is typed; Tab leads to the next field.
    click('[question="pressure"] input')
    page.keyboard.type("30 Pa")
    page.keyboard.press("Tab")
    page.keyboard.type("1")
    click('air-quiz[quiz="doors"] button[type=submit]')
    expect(page.locator(".quiz-result h3")).to_be_visible()
    assert clicks <= 2 + 6


def test_what_was_answered_survives(served: Served, open_page: OpenPage, watch: Watch) -> None:
    watch.expected = ("ERR_FAILED", "ERR_INTERNET_DISCONNECTED")
    email = served.add("Survivor")
    page = open_page()
    address = f"{served.url}/safe-start/doors/"
    page.goto(address)
    quiz = page.locator('air-quiz[quiz="doors"]')
    quiz.locator('[question="first"] [data-option="2"] label').click()
    expect(quiz.locator(".notice")).to_contain_text("stays on this device")
    sign_in(page, served.link(email))
    page.goto(address)
    chosen = quiz.locator('[question="first"] input[value="2"]')
    quiz.get_by_role("button", name="They are mine", exact=True).click()
    expect(chosen).to_be_checked()
    quiz.locator('[question="count"] input').fill("1")
    page.reload()
    expect(chosen).to_be_checked()
    expect(quiz.locator('[question="count"] input')).to_have_value("1")

    # An answer that is missing is asked about, in the page.
    quiz.locator("button[type=submit]").click()
    expect(quiz.locator(".quiz-confirm")).to_contain_text("3 questions have no answer")
    quiz.locator(".quiz-confirm button").first.click()
    expect(quiz.locator('[question="outside"] input').first).to_be_focused()
    for question in ("outside", "override"):
        quiz.locator(f'[question="{question}"] [data-option="2"] label').click()
    quiz.locator('[question="pressure"] input').fill("30 Pa")

    # The reply is lost: everything is kept, and the retry has one effect.
    lost = {"count": 0}

    def lose(route: object) -> None:
        lost["count"] += 1
        if lost["count"] == 1:
            route.fetch()  # type: ignore[attr-defined]  # The server has it; the phone never hears of it.
            route.abort()  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    page.route("**/submission", lose)
    quiz.locator("button[type=submit]").click()
    expect(quiz.locator(".alert")).to_contain_text("Your answers are kept")
    expect(quiz.locator('[question="pressure"] input')).to_have_value("30 Pa")
    page.reload()
    expect(quiz.locator(".quiz-result h3")).to_be_visible()
    history = page.evaluate(
        "async () => (await (await fetch('/api/v1/attempts?module=safe-start/doors&quiz=doors')).json()).attempts"
    )
    assert len(history) == 1


def test_one_question_at_a_time(served: Served, open_page: OpenPage) -> None:
    email = served.add("One by one")
    page = open_page()
    sign_in(page, served.link(email))
    page.goto(f"{served.url}/safe-start/pumps/")
    quiz = page.locator('air-quiz[quiz="flow"]')
    expect(quiz.locator(".quiz-place")).to_have_text("Question 1 of 2")
    expect(quiz.locator('[question="valve"]')).to_be_hidden()
    quiz.locator('[question="dose"] input').fill("12.5 mL")
    quiz.get_by_role("button", name="Next question").click()
    expect(quiz.locator('[question="dose"]')).to_be_hidden()
    quiz.get_by_role("button", name="Previous question").click()
    expect(quiz.locator('[question="dose"] input')).to_have_value("12.5 mL")
    quiz.get_by_role("button", name="Next question").click()
    quiz.locator('[question="valve"] [data-option="2"] label').click()
    quiz.get_by_role("button", name="Hand in my answers").click()
    expect(quiz.locator(".quiz-result")).to_contain_text("50%")
    expect(quiz.locator('[question="dose"]')).to_be_visible()


def test_feedback_waits_for_its_release(served: Served, open_page: OpenPage) -> None:
    email = served.add("Waiter")
    page = open_page()
    sign_in(page, served.link(email))
    page.goto(f"{served.url}/safe-start/pumps/")
    quiz = page.locator('air-quiz[quiz="flow"]')
    quiz.get_by_role("button", name="Next question").click()
    quiz.locator('[question="valve"] [data-option="2"] label').click()
    quiz.get_by_role("button", name="Hand in my answers").click()
    quiz.get_by_role("button", name="Hand in all the same").click()
    expect(quiz.locator(".quiz-result")).to_contain_text("explanations are shown once you pass")
    expect(quiz.locator('[question="valve"] [data-option="2"]')).to_contain_text("Feedback-valve-2")
    assert "Feedback-valve-1" not in page.content()
    assert "Explanation-dose" not in page.content()


def test_an_invitation(served: Served, open_page: OpenPage, watch: Watch) -> None:
    watch.expected = ("422",)
    admin = open_page(width=1280)
    sign_in(admin, served.link(served.add("Boss", role="admin")))
    link = admin.evaluate(
        """async () => {
          const { csrf_token } = await (await fetch('/api/v1/me')).json();
          const headers = { 'Content-Type': 'application/json', 'X-CSRFToken': csrf_token, 'Idempotency-Key': 'i' };
          const body = JSON.stringify({ email: 'guest@example.org', name: 'Guest', role: 'learner', lang: 'nl' });
          return (await (await fetch('/api/v1/invitations', { method: 'POST', headers, body })).json()).link;
        }"""
    )
    page = open_page()
    page.goto(link)
    expect(page.locator("h1")).to_have_text("Welkom")
    field = page.locator("input[name=password]")
    field.fill("kort")
    page.locator("button[type=submit]").click()
    expect(page.locator(".alert")).to_contain_text("minder dan 10")
    expect(field).to_have_value("kort")
    field.fill("een lange zin")
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/nl/learning/")
    expect(page.locator("air-learning h1")).to_contain_text("Guest")  # Nothing is on its way when the way out is taken.
    page.locator("air-account summary").click()
    page.get_by_role("button", name="Afmelden").click()
    page.wait_for_url("**/nl/sign-in/")
    page.locator("input[name=email]").fill("guest@example.org")
    page.locator("input[name=password]").fill("een lange zin")
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/nl/learning/")


def test_a_visited_lesson_works_offline(served: Served, open_page: OpenPage, watch: Watch) -> None:
    watch.expected = ("ERR_INTERNET_DISCONNECTED", "Failed to load resource")
    email = served.add("Offline")
    page = open_page(service_workers="allow")
    sign_in(page, served.link(email))
    page.goto(f"{served.url}/safe-start/doors/", wait_until="networkidle")
    page.wait_for_function(
        """async () => {
          const cache = await caches.open("airlock-1");
          const kept = (await cache.keys()).map((request) => request.url);
          return kept.includes(location.href) && kept.some((url) => url.includes("air-quiz"));
        }"""
    )
    kept = page.evaluate("async () => (await (await caches.open('airlock-1')).keys()).map((r) => r.url)")
    assert not [url for url in kept if "/api/" in url]
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("h1")).to_have_text("Doors")
    expect(page.locator('img[alt="A closed door"]')).to_have_js_property("naturalWidth", 150)
    quiz = page.locator('air-quiz[quiz="doors"]')
    for question, option in (("first", "2"), ("outside", "1"), ("outside", "3"), ("override", "2")):
        quiz.locator(f'[question="{question}"] [data-option="{option}"] label').click()
    quiz.locator('[question="pressure"] input').fill("30 Pa")
    quiz.locator('[question="count"] input').fill("1")
    quiz.locator("button[type=submit]").click()
    expect(quiz.locator(".alert")).to_contain_text("Your answers are kept")
    page.context.set_offline(False)
    expect(quiz.locator(".quiz-result h3")).to_contain_text("Passed")
