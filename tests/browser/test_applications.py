"""A program that is not ours, begun in the browser or with a code; what it reports completes the page."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from api.accounts.act import Act
from api.applications.operations import add_device
from api.core.clock import system_clock
from tests.browser.conftest import ROOT, OpenPage, Served, free_port, serving, sign_in, violations
from tests.functional.test_applications import add_unit

UNIT = """<!doctype html><title>A unit</title><button>Pass</button><script>
const asked = Object.fromEntries(new URLSearchParams(location.search));
document.querySelector("button").onclick = async () => {
  const { "auth-token": key } = await (await fetch(asked.fetch, { method: "POST" })).json();
  const headers = { Authorization: `Basic ${key}`, "X-Experience-API-Version": "1.0.3" };
  const place = new URLSearchParams({ stateId: "LMS.LaunchData", activityId: asked.activityId, agent: asked.actor,
    registration: asked.registration });
  const data = await (await fetch(`${asked.endpoint}activities/state?${place}`, { headers })).json();
  const liked = new URLSearchParams({ profileId: "cmi5LearnerPreferences", agent: asked.actor });
  await fetch(`${asked.endpoint}agents/profile?${liked}`, { headers });
  const cmi5 = "https://w3id.org/xapi/cmi5/context/categories/";
  const say = (verb, result) => ({ id: crypto.randomUUID(), actor: JSON.parse(asked.actor),
    verb: { id: `http://adlnet.gov/expapi/verbs/${verb}` }, object: { id: asked.activityId },
    timestamp: new Date().toISOString(), ...(result ? { result } : {}),
    context: { registration: asked.registration, extensions: { ...data.contextTemplate.extensions,
      ...(result?.success ? { "https://w3id.org/xapi/cmi5/context/extensions/masteryscore": data.masteryScore } : {}) },
      contextActivities: {
      ...data.contextTemplate.contextActivities,
      category: [{ id: `${cmi5}cmi5` }, ...(result?.success ? [{ id: `${cmi5}moveon` }] : [])] } } });
  for (const one of [say("initialized"), say("passed", { success: true, score: { scaled: 0.92 }, duration: "PT4M" }),
    say("terminated", { duration: "PT4M" })]) {
    const reply = await fetch(`${asked.endpoint}statements`, { method: "POST", body: JSON.stringify(one),
      headers: { ...headers, "Content-Type": "application/json" } });
    if (!reply.ok) throw new Error(await reply.text());
  }
  location.assign(data.returnURL);
};
</script>"""
COURSE = "safe-start"


class Elsewhere(BaseHTTPRequestHandler):
    """Another origin, where the unit is."""

    def do_GET(self) -> None:  # As the library calls it.
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(UNIT.encode())

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


@pytest.fixture(scope="module")
def unit_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with HTTPServer(("127.0.0.1", free_port()), Elsewhere) as other:
        thread = Thread(target=other.serve_forever, daemon=True)
        thread.start()
        content = add_unit(tmp_path_factory.mktemp("unit"), f"http://127.0.0.1:{other.server_port}/lock-out/")
        with serving(content, tmp_path_factory.mktemp("unit-site")) as site:
            yield site
        other.shutdown()


def said(lang: str) -> dict[str, str]:
    folder = ROOT / "themes" / "airlock" / "texts"
    texts: dict[str, str] = json.loads((folder / f"{lang}.json").read_text(encoding="utf-8"))
    texts |= json.loads((folder / "scene" / f"{lang}.json").read_text(encoding="utf-8"))
    return texts


def come_in(site: Served, page: Page, name: str, lang: str) -> None:
    email = site.add(name, lang=lang)
    site.give_course(email, COURSE)
    sign_in(page, site.link(email))
    page.goto(f"{site.url}/{'' if lang == 'en' else f'{lang}/'}{COURSE}/lock-out/")


@pytest.mark.parametrize(("lang", "scheme", "width"), [("en", "light", 1280), ("fr", "dark", 360)])
def test_a_unit_is_begun_in_the_browser(
    unit_site: Served, open_page: OpenPage, lang: str, scheme: str, width: int
) -> None:
    page, texts = open_page(width, scheme), said(lang)
    come_in(unit_site, page, f"Unit {lang.title()}", lang)
    expect(page.get_by_text(texts["application_note"])).to_be_visible()
    assert not violations(page)
    page.get_by_role("button", name=texts["launch_here"], exact=True).click()
    page.get_by_role("button", name="Pass").click()
    page.wait_for_url(f"{unit_site.url}/**/lock-out/")
    score = "92 %" if lang == "fr" else "92%"
    expect(page.locator(".launch-list li").first).to_contain_text(f"{texts['launch_passed']} · {score}")
    assert not violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(f"{unit_site.url}/{'' if lang == 'en' else f'{lang}/'}{COURSE}/")
    expect(page.locator(f'[data-module="{COURSE}/lock-out"]').first).to_have_attribute("data-progress", "done")


def test_a_headset_is_given_a_code(unit_site: Served, open_page: OpenPage) -> None:
    page, texts = open_page(360), said("nl")
    come_in(unit_site, page, "Unit Headset", "nl")
    page.get_by_role("button", name=texts["launch_headset"]).focus()
    page.keyboard.press("Enter")
    code = page.locator(".launch-code b").inner_text().replace(" ", "")
    assert len(code) == 8
    assert not violations(page)
    expect(page.locator(".launch-list li").first).to_contain_text(texts["launch_waiting"])
    with unit_site.database.writing() as session:
        _, key = add_device(Act(session, system_clock(), "tests"), "Headset")
    headers = {
        "Authorization": f"Basic {b64encode(key.encode()).decode()}",
        "X-Experience-API-Version": "1.0.3",
        "Content-Type": "application/json",
    }
    reply: Any = page.request.post(f"{unit_site.url}/api/v1/xapi/codes", data={"code": code}, headers=headers)
    assert reply.status == 200
    assert reply.json()["activityId"].endswith("safe-start/lock-out")


def test_who_is_not_signed_in_is_asked_to(unit_site: Served, open_page: OpenPage) -> None:
    page = open_page(360)
    page.goto(f"{unit_site.url}/{COURSE}/lock-out/")
    link = page.locator("air-launch").get_by_role("link", name=said("en")["page_sign_in"])
    expect(link).to_have_attribute("href", f"../../sign-in/?next=%2F{COURSE}%2Flock-out%2F")
    assert not violations(page)
