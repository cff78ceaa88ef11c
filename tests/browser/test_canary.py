"""A script in every field that people write, and every page, file and letter that shows one: none runs, none is raw.

Which columns people write is held against the schema: a new text column comes with a decision. They are written by SQL,
past every check of what may be typed, so that what shows them is tried and nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from sqlalchemy import JSON, String, Table, select, update
from sqlalchemy.orm import Session

from api.classes.models import Class
from api.core.clock import system_clock
from api.core.database import Base
from api.core.roles import Role
from api.demo import PERSONAS, add_sample_people
from tests.browser.conftest import OpenPage, Served, Watch, serving, sign_in
from tests.conftest import SHIPPED

CANARY = "<img src=x onerror=__canary=1>\"'{{7}}"
WRITTEN = {
    "people.name", "people.given", "people.family", "people.employer", "classes.name", "class_members.employer",
    "class_members.funding", "asked_learners.name", "asked_learners.employer", "asked_learners.funding",
    "former_members.employer", "former_members.funding", "assignments.note", "teacher_notes.text", "threads.text",
    "replies.text", "reports.reason", "rooms.name", "rooms.equipment", "rooms.directions", "events.note",
    "events.cancelled_why", "bookings.why", "attendances.why", "door_entries.why", "admissions.reason",
    "presence_signatures.signed_as", "sign_offs.signed_as", "counter_signatures.signed_as", "regrades.reason",
    "documents.revoked_why", "event_files.name", "inspections.label", "mandates.employer", "outcomes.words",
    "newcomers.name", "sign_ins.device", "messages.error", "second_factors.name", "audit_entries.why",
    "regrades.actor",
}  # fmt: skip
"""Text that somebody typed, or that came from a browser or another server."""
OURS = {
    "id", "email", "wanted", "actor", "action", "subject", "previous", "hash", "text_digest", "seal", "timezone",
    "join_code", "request_hash", "period", "module_id", "edition", "content_digest", "lang", "token_hash", "sort_as",
    "audience", "role", "password_hash", "zone", "course_id", "quiz_id", "version", "key_version", "salt", "of",
    "link", "what", "part", "hours", "source", "recorded_by", "first", "last", "recipient", "text", "given_by",
    "kind", "once", "state", "purpose", "stage", "ended", "working", "credential", "way", "network", "anchor", "html",
    "number", "code", "digest", "issued_by", "how", "device", "outcome", "media_type", "sha256", "day", "question_id",
    "from_version", "to_version", "option",
}  # fmt: skip
"""Names of columns that hold ids, words and hashes of the program's own, or that are checked (addresses, links)."""
RENDERED = ("threads", "replies")
"""Whose HTML was made when the text was written: it is made again of the canary."""
TYPED_JSON = {"sign_offs.remarks", "attempts.responses", "audit_texts.content"}


def text_columns() -> Iterator[str]:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, String) and not column.primary_key:
                yield f"{table.name}.{column.name}"


def test_every_text_column_has_a_decision() -> None:
    for name in text_columns():
        assert name in WRITTEN or name.partition(".")[2] in OURS or name == "mailbox.subject", name
    assert set(text_columns()) >= WRITTEN


def plant(session: Session) -> None:
    """The canary in every field."""
    for name in sorted(WRITTEN):
        table: Table = Base.metadata.tables[name.partition(".")[0]]
        column = table.c[name.partition(".")[2]]
        room = getattr(column.type, "length", None) or 500
        if name == "rooms.name":
            # Two rooms have no name in common.
            for number, key in enumerate(session.scalars(select(table.c.id)).all()):
                session.execute(update(table).where(table.c.id == key).values({column.name: f"{number} {CANARY}"}))
            continue
        session.execute(update(table).where(column.is_not(None)).values({column.name: CANARY[:room]}))
    for name in RENDERED:
        session.execute(update(Base.metadata.tables[name]).values(html=None))
    for name in sorted(TYPED_JSON):
        table = Base.metadata.tables[name.partition(".")[0]]
        column = table.c[name.partition(".")[2]]
        assert isinstance(column.type, JSON)
        for row in session.execute(select(*table.primary_key, column)).all():
            key = [one == row[place] for place, one in enumerate(table.primary_key)]
            session.execute(update(table).where(*key).values({column.name: _planted(row[-1])}))


def _planted(value: Any) -> Any:
    """A value of the same form, with the canary in each text that is no id of an option."""
    if isinstance(value, dict):
        return {key: _planted(item) for key, item in value.items()}
    if isinstance(value, list):
        return value
    return CANARY if isinstance(value, str) else value


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
    "admin": ("people", "audit", "upkeep", "hours", "centre", "events", "classes", "results", "questions"),
}
MOST = 45
"""Pages that one person looks at."""
SETTLED = "() => !document.querySelector('main [role=status]')?.textContent.match(/Loading|Chargement|Laden/)"
LOOK = """() => ({
  ran: window.__canary ?? null,
  raw: [...document.querySelectorAll('img')].filter((one) => one.getAttribute('src') === 'x').length,
  shown: document.body.innerText.includes('onerror=__canary'),
  links: [...document.querySelectorAll('main a[href]')].map((one) => one.href),
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


@pytest.mark.slow
def test_no_file_or_reply_is_a_page(infested: Served, open_page: OpenPage, watch: Watch) -> None:
    """What is downloaded is no HTML, and JSON and text are nothing that a browser would take for it."""
    watch.expected = ("404", "403", "409", "422", "Failed to load resource")
    emails = {person.role: person.email for person in PERSONAS}
    page = open_page(1280)
    sign_in(page, infested.link(emails["admin"]))
    with infested.database.reading() as session:
        group = session.scalars(select(Class.id)).first()
    tried = 0
    for path in (
        f"classes/{group}/matrix.csv", f"classes/{group}/matrix.xlsx", "people", "audit", "letters", "publications",
        "events", "classes", f"classes/{group}", "my-data", "health", "results",
    ):  # fmt: skip
        reply = page.request.get(f"{infested.url}/api/v1/{path}")
        if not reply.ok:
            continue
        tried += 1
        kind = reply.headers["content-type"].partition(";")[0]
        assert kind not in ("text/html", "image/svg+xml", "application/xhtml+xml"), path
        assert reply.headers["x-content-type-options"] == "nosniff", path
        if kind == "text/csv":
            cells = re.split(r"[;\t\r\n]", reply.body().decode("utf-8-sig", "replace"))
            assert not any(cell.lstrip('"').startswith(("=", "+", "@")) for cell in cells), path
        elif kind == "application/json":
            json.loads(reply.body())
    assert tried > 6


def test_the_crawl_can_fail(infested: Served, open_page: OpenPage, watch: Watch) -> None:
    watch.expected = ("404",)
    page = open_page(1280)
    page.goto(f"{infested.url}/")
    page.evaluate("() => { document.body.innerHTML += '<img src=x>'; }")
    assert page.evaluate(LOOK)["raw"] == 1
