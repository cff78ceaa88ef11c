"""A script in every field that people write, and every page, file and letter that shows one: none runs, none is raw.

What is planted is in `tests/canary.py`; files and letters are tried in `tests/functional/test_canary_files.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.classes.models import Class
from api.core.clock import system_clock
from api.core.roles import Role
from api.demo import PERSONAS, add_sample_people
from tests.browser.conftest import OpenPage, Served, Watch, serving, sign_in
from tests.canary import OURS, WRITTEN, plant, text_columns
from tests.conftest import SHIPPED


def test_every_text_column_has_a_decision() -> None:
    for name in text_columns():
        assert name in WRITTEN or name.partition(".")[2] in OURS or name == "mailbox.subject", name
    assert set(text_columns()) >= WRITTEN


@pytest.fixture(scope="module")
def infested(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The shipped courses with the demo's people and their past, and the canary in all that they wrote."""
    with serving(SHIPPED, tmp_path_factory.mktemp("canary")) as site:
        with site.database.writing() as session:
            add_sample_people(session, system_clock())
        with site.database.engine.begin() as connection, Session(connection) as session:
            plant(session)
            session.flush()
        yield site


PAGES: dict[Role, tuple[str, ...]] = {
    "learner": ("learning", "refresh", "hours", "documents", "my-account", "my-data", "messages", "events", "company"),
    "teacher": ("classes", "questions", "results", "events"),
    "trainer": ("classes", "questions", "results", "events", "centre", "hours"),
    "admin": ("people", "audit", "upkeep", "settings", "hours", "centre", "events", "classes", "results", "questions"),
}
MOST = 45
"""Pages that one person looks at."""
SETTLED = """() => !document.querySelector('.app :not(:defined)')
  && !document.querySelector('main [role=status]')?.textContent.match(/Loading|Chargement|Laden/)"""
LOOK = """() => ({
  ran: window.__canary ?? null,
  raw: [...document.querySelectorAll('img')].filter((one) => one.getAttribute('src') === 'x').length,
  shown: document.body.innerText.includes('onerror=__canary'),
  links: [...document.querySelectorAll('main a[href]:not([data-file])')].map((one) => one.href),
})"""


def crawl(page: Page, site: Served, start: list[str]) -> tuple[int, int]:
    """Look at pages, and at those that they lead to; gives how many, and on how many the canary stood as text."""
    waiting, seen, shown = list(start), set[str](), 0
    while waiting and len(seen) < MOST:
        address = waiting.pop(0)
        # One of each kind of link is enough: ids and numbers make no other page.
        kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "*", address)
        if kind in seen or urlsplit(address).netloc != urlsplit(site.url).netloc or "/api/" in address:
            continue
        seen.add(kind)
        reply = page.goto(address)
        if reply is None or not reply.headers.get("content-type", "").startswith("text/html"):
            continue
        page.wait_for_function(SETTLED)
        page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found = page.evaluate(LOOK)
        assert found["ran"] is None, f"a script ran on {address}"
        assert found["raw"] == 0, f"a tag came through on {address}"
        shown += found["shown"]
        waiting += [link.partition("#")[0] for link in found["links"]]
    return len(seen), shown


@pytest.mark.slow
def test_no_field_runs_a_script_anywhere(infested: Served, open_page: OpenPage, watch: Watch) -> None:
    watch.expected = ("404", "403", "409", "422", "Failed to load resource")
    emails = {person.role: person.email for person in PERSONAS}
    langs = {person.role: person.lang for person in PERSONAS}
    with infested.database.reading() as session:
        group = session.scalars(select(Class.id)).first()
    for role, names in PAGES.items():
        page = open_page(1280)
        sign_in(page, infested.link(emails[role]))
        home = f"{infested.url}/{langs[role]}" if langs[role] != "en" else f"{infested.url}/en"
        start = [f"{home}/{name}/" for name in names]
        if role != "learner":
            views = ("", "&view=matrix", "&view=people", "&view=assignments", "&view=settings")
            start += [f"{home}/classes/?class={group}{view}" for view in views]
        looked, shown = crawl(page, infested, start)
        assert looked > len(names), role
        assert shown > 0, f"the canary was nowhere to be seen as {role}: nothing was tried"
        page.context.close()


def test_the_crawl_can_fail(infested: Served, open_page: OpenPage, watch: Watch) -> None:
    watch.expected = ("404",)
    page = open_page(1280)
    page.goto(f"{infested.url}/")
    page.evaluate("() => { document.body.innerHTML += '<img src=x>'; }")
    assert page.evaluate(LOOK)["raw"] == 1
