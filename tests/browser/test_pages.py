"""Every kind of page and every state of a quiz: accessible, within its width, and without a word to anybody else."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.weight import BUDGET, first_lesson
from tests.browser.conftest import OpenPage, Served, Watch, sign_in, violations

SHIPPED_PAGES = (
    "",
    "catalogue/",
    "entering-grade-b/",
    "entering-grade-b/contamination/",
    "entering-grade-b/live-questions/",
    "entering-grade-b/first-entry/",
    "paths/production-operator/",
    "sign-in/",
    "welcome/",
    "learning/",
    "join/",
    "classes/",
    "questions/",
    "messages/",
    "mailbox/",
    "results/",
    "404.html",
)


ONE_LANGUAGE = ("404.html", "classes/", "questions/", "messages/", "mailbox/")
"""Not built in each language, or asking for a sign-in alone: what they show then is looked at elsewhere."""


def overflow(page: Page) -> int:
    width: int = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    return width


def background(page: Page) -> str:
    return str(page.evaluate("() => getComputedStyle(document.body).backgroundColor"))


@pytest.mark.parametrize("lang", ["", "fr/", "nl/"])
def test_every_kind_of_page(lang: str, shipped: Served, open_page: OpenPage, watch: Watch) -> None:
    watch.expected = ("404",)
    page = open_page(width=360)
    for name in SHIPPED_PAGES:
        if lang and name in ONE_LANGUAGE:
            continue
        page.goto(f"{shipped.url}/{lang}{name}", wait_until="networkidle")
        # The same in every language: what is narrow or wide differs by its words alone.
        for width in (320, 360, 768, 1280, 1920):
            page.set_viewport_size({"width": width, "height": 740})
            assert overflow(page) <= 0, f"{lang}{name} at {width} px"
            if width == 360 or (width == 1280 and not lang):
                page.emulate_media(color_scheme="light")
                light = background(page)
                assert violations(page) == [], f"{lang}{name} at {width} px"
                page.emulate_media(color_scheme="dark")
                assert background(page) != light, f"{lang}{name} is dark"
                assert violations(page, colours=True) == [], f"{lang}{name} at {width} px, dark"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_of_a_quiz(scheme: str, served: Served, open_page: OpenPage, watch: Watch) -> None:
    watch.expected = ("ERR_FAILED",)
    email = served.add(f"Stateful {scheme}")
    served.give_course(email, "safe-start")
    page = open_page(scheme=scheme)
    address = f"{served.url}/safe-start/doors/"

    def clean(state: str) -> None:
        assert violations(page) == [], state
        assert overflow(page) <= 0, state

    page.goto(address, wait_until="networkidle")
    clean("signed out")
    page.locator('[question="closed"] label').first.click()
    page.get_by_role("button", name="Check my answers").click()
    expect(page.locator('air-quiz[quiz="warm-up"] .quiz-result')).to_contain_text("Right")
    clean("practice, marked")
    sign_in(page, served.link(email))
    page.goto(address, wait_until="networkidle")
    clean("open")
    quiz = page.locator('air-quiz[quiz="doors"]')
    quiz.locator('[question="first"] label').first.click()
    quiz.locator("button[type=submit]").click()
    expect(quiz.locator(".quiz-confirm")).to_be_visible()
    clean("asking about missing answers")
    page.route("**/submission", lambda route: route.abort())
    quiz.get_by_role("button", name="Hand in all the same").click()
    expect(quiz.locator(".alert")).to_be_visible()
    clean("failed to hand in")
    page.unroute("**/submission")
    quiz.locator("button[type=submit]").click()
    quiz.get_by_role("button", name="Hand in all the same").click()
    expect(quiz.locator(".quiz-result h3")).to_be_visible()
    clean("not passed")
    page.reload(wait_until="networkidle")
    quiz.get_by_role("button", name="See my last result").click()
    expect(quiz.locator(".quiz-result h3")).to_be_visible()
    clean("last result")
    page.goto(f"{served.url}/safe-start/pumps/", wait_until="networkidle")
    clean("one at a time")
    page.goto(f"{served.url}/learning/", wait_until="networkidle")
    clean("my learning")
    page.locator("air-account summary").click()
    clean("account menu")
    page.keyboard.press("Escape")
    page.locator(".settings summary").click()
    clean("settings menu")
    sign_in(page, served.link(served.add("Teach", role="trainer")))
    expect(page.locator("tbody a").first).to_be_visible()
    clean("results")
    page.locator("tbody a").first.click()
    page.locator(".class-list a").first.wait_for()
    clean("results of a module")
    page.locator(".class-list a").first.click()
    expect(page.locator(".analysis-list")).to_be_visible()
    clean("item analysis")
    page.locator("input[type=search]").fill("gauge")
    expect(page.locator(".search-panel a").first).to_be_visible()
    clean("search")


def test_a_first_lesson_stays_within_its_budget(shipped: Served, browser: Browser) -> None:
    received = first_lesson(browser, shipped)
    assert any("contamination/" in url for url, _ in received)
    assert any("air-quiz" in url for url, _ in received)
    assert any("particle-sources" in url for url, _ in received)
    assert sum(size for _, size in received) <= BUDGET, received


def test_the_theme_is_kept(served: Served, open_page: OpenPage) -> None:
    page = open_page(width=1280)
    page.goto(served.url)
    light = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    page.locator(".settings summary").click()
    page.get_by_role("button", name="Dark").click()
    dark = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert dark != light
    page.reload()
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == dark


def test_search_is_loaded_on_focus_and_finds(served: Served, open_page: OpenPage, watch: Watch) -> None:
    page = open_page(width=1280)
    page.goto(f"{served.url}/fr/", wait_until="networkidle")
    assert not [url for url in watch.requests if "pagefind" in url]
    page.locator("input[type=search]").fill("portes")
    first = page.locator(".search-panel a").first
    expect(first).to_contain_text("Les portes")
    page.keyboard.press("ArrowDown")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/fr/safe-start/doors/")
    page.locator("input[type=search]").fill("interverrouillage")
    expect(page.locator(".search-panel p").first).to_contain_text("Rien trouvé")


def test_filters_work_without_a_page_load(shipped: Served, open_page: OpenPage, watch: Watch) -> None:
    page = open_page()
    page.goto(f"{shipped.url}/catalogue/", wait_until="networkidle")
    before = len(watch.requests)
    assert page.locator("select[name=language] option").evaluate_all("all => all.map(o => o.value)") == ["", "en", "fr"]
    # A choice that somebody shared, of a course that is gone.
    cards = page.locator("[data-course]")
    everything = cards.count()
    assert everything > 1
    cards.evaluate_all("cards => cards.forEach((card) => { card.dataset.audience = ''; })")
    page.locator("select[name=audience]").select_option("worker")
    expect(page.locator(".filter-status")).to_contain_text("No course fits")
    cards.first.evaluate("card => { card.dataset.audience = 'worker'; }")
    page.get_by_role("button", name="Show all courses").click()
    expect(cards.first).to_be_visible()
    page.locator("select[name=trade]").select_option("qc-technician")
    page.locator("select[name=audience]").select_option("worker")
    expect(page.locator(".filter-status")).to_contain_text(f"1 of {everything} courses")
    assert page.url.endswith("?trade=qc-technician&audience=worker")
    assert not [url for url in watch.requests[before:] if not url.endswith("airlock.svg")]
    page.reload()
    expect(page.locator("select[name=trade]")).to_have_value("qc-technician")


@pytest.fixture
def plain_server(served: Served) -> Iterator[str]:
    """A web server that knows nothing of Airlock."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(served.site.resolve()))
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_site_alone_is_useful(plain_server: str, open_page: OpenPage, watch: Watch) -> None:
    watch.expected = ("404",)
    page = open_page()
    page.goto(f"{plain_server}/fr/safe-start/doors/", wait_until="networkidle")
    practice = page.locator('air-quiz[quiz="warm-up"]')
    practice.locator("label", has_text="Faux").click()
    practice.locator("button[type=submit]").click()
    expect(practice.locator(".quiz-result")).to_contain_text("Incorrect")
    expect(practice).to_contain_text("Regardez encore.")
    graded = page.locator('air-quiz[quiz="doors"]')
    expect(graded.locator(".notice")).to_contain_text("corrigé par le serveur")
    expect(graded.locator("button[type=submit]")).to_have_count(0)
    page.goto(f"{plain_server}/fr/learning/", wait_until="networkidle")
    expect(page.locator(".notice")).to_contain_text("inaccessible")


def test_pages_read_without_scripts(served: Served, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{served.url}/safe-start/doors/")
    expect(page.locator("h1")).to_have_text("Doors")
    expect(page.get_by_text("Which door opens first?")).to_be_visible()
    expect(page.get_by_text("The outer one")).to_be_visible()


def test_search_finds_what_is_not_translated_where_its_readers_are(served: Served, open_page: OpenPage) -> None:
    page = open_page(width=1280)
    page.goto(f"{served.url}/nl/", wait_until="networkidle")
    page.locator("input[type=search]").fill("gauges")
    first = page.locator(".search-panel a").first
    # Found by the rules of English, and shown in the Dutch site.
    expect(first).to_be_visible()
    expect(page.locator(".search-panel li").first).to_have_attribute("lang", "en")
    first.click()
    page.wait_for_url("**/nl/safe-start/**")
    # What is translated is found in the reader's own language alone.
    page.goto(f"{served.url}/fr/", wait_until="networkidle")
    page.locator("input[type=search]").fill("gauges")
    expect(page.locator(".search-panel p").first).not_to_be_empty()
    addresses = page.locator(".search-panel a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert not [address for address in addresses if address.endswith("safe-start/doors/")]
