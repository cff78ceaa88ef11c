"""What authors write beside plain text, as people meet it: tabs, terms, formulas, films."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, Served, Watch, serving, violations
from tests.browser.test_pages import overflow
from tests.conftest import CONTENT

TEXT = """

Look through the interlock room first: H~2~O, 10^6^ cells, ==mind this==, press ++ctrl+c++.

$$
x = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a} + \\frac{c_1 V_1 + c_2 V_2 + c_3 V_3}{c_1 + c_2 + c_3} + \\sum_{i=1}^{n} x_i
$$

=== "Liquid"

    Pour it.

=== "Powder"

    Scoop it.

- [ ] gloves
- [x] goggles

![How it is put on](gowning.mp4)
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The tests' course, with a page that uses everything."""
    folder = tmp_path_factory.mktemp("written")
    content = folder / "content"
    shutil.copytree(CONTENT, content)
    page = content / "safe-start" / "pumps.md"
    page.write_text(page.read_text(encoding="utf-8") + TEXT, encoding="utf-8")
    (page.parent / "gowning.mp4").write_bytes(b"no film")
    (page.parent / "gowning.en.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nHood first.\n", encoding="utf-8")
    (content / "glossary.yml").write_text(
        "airlock:\n  en: {term: airlock, also: interlock room, text: Two doors that are never open together.}\n",
        encoding="utf-8",
    )
    with serving(content, folder) as site:
        yield site


def address(site: Served) -> str:
    return f"{site.url}/safe-start/pumps/"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_is_readable(scheme: str, written: Served, open_page: OpenPage, watch: Watch) -> None:
    page = open_page(width=360, scheme=scheme)
    page.goto(address(written), wait_until="networkidle")
    assert violations(page) == []
    for width in (320, 360, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        assert overflow(page) <= 0, width
    page.get_by_role("button", name="interlock room").click()
    expect(page.get_by_text("Two doors that are never open together.")).to_be_visible()
    assert violations(page) == []


def test_tabs_by_keyboard(written: Served, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(address(written))
    liquid, powder = page.get_by_role("tab", name="Liquid"), page.get_by_role("tab", name="Powder")
    expect(page.get_by_text("Pour it.")).to_be_visible()
    expect(page.get_by_text("Scoop it.")).to_be_hidden()
    liquid.focus()
    page.keyboard.press("ArrowRight")
    expect(powder).to_be_focused()
    expect(powder).to_have_attribute("aria-selected", "true")
    expect(page.get_by_text("Scoop it.")).to_be_visible()
    expect(page.get_by_text("Pour it.")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(liquid).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Tab")
    expect(page.get_by_role("tabpanel", name="Powder")).to_be_focused()


def test_a_term_by_keyboard(written: Served, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(address(written))
    term = page.get_by_role("button", name="interlock room")
    explanation = page.get_by_text("Two doors that are never open together.")
    expect(explanation).to_be_hidden()
    term.focus()
    page.keyboard.press("Enter")
    expect(explanation).to_be_visible()
    page.keyboard.press("Escape")
    expect(explanation).to_be_hidden()
    expect(term).to_be_focused()


def test_what_is_said_in_a_film_can_be_read(written: Served, open_page: OpenPage, watch: Watch) -> None:
    page = open_page()
    page.goto(address(written), wait_until="networkidle")
    assert not any("gowning.mp4" in asked for asked in watch.requests)
    film = page.locator("video")
    for file in (film.get_attribute("src"), film.locator("track").get_attribute("src")):
        assert page.request.get(f"{page.url}{file}").ok, file
    page.get_by_text("Transcript").click()
    expect(page.get_by_text("Hood first.")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_without_scripts_and_on_paper_everything_is_there(scripts: bool, written: Served, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=scripts)
    page.goto(address(written), wait_until="networkidle")
    page.emulate_media(media="print" if scripts else "screen")
    for text in ("Liquid", "Pour it.", "Powder", "Scoop it."):
        expect(page.locator(".tab").get_by_text(text, exact=True)).to_be_visible()
    if scripts:
        expect(page.get_by_text("Two doors that are never open together.")).to_be_visible()
