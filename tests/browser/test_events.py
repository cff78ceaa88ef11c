"""A week with webinars and practicals, in a browser: planned, booked, attended, signed off. The clock is moved."""

from __future__ import annotations

import json
import struct
import threading
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from typing_extensions import override
from werkzeug.serving import make_server

from api.accounts.act import Act
from api.accounts.passwords import hash_password
from api.app import create_app
from api.catalogue.operations import store_catalogue
from api.classes.assignments import assign
from api.classes.operations import create_class
from api.core.choices import Choice
from api.core.clock import system_clock
from api.core.config import Settings
from api.core.database import Database
from api.core.schema_state import upgrade
from api.events.passes import Pass, PassKey
from tests.browser.conftest import ROOT, OpenPage, Served, Watch, free_port, sign_in, violations
from tests.conftest import CHAIN, CONTENT, SECRET, load_once

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

BRUSSELS = ZoneInfo("Europe/Brussels")
PASSWORD = "a good long password"
WEBINAR, PRACTICAL = "Talk to the crew", "Walk through"


@dataclass
class Moving(Served):
    """A server whose clock a test moves, and pages that show the same time."""

    ahead: timedelta = timedelta()
    pages: list[Page] = field(default_factory=list)

    @override
    def clock(self) -> datetime:
        return system_clock() + self.ahead

    def move_to(self, moment: datetime) -> None:
        """Set the clocks of the server and of all pages; a page shows what it shows until it is loaded again."""
        self.ahead = moment - system_clock()
        for page in self.pages:
            page.clock.set_fixed_time(moment)

    def open(self, page: Page, email: str) -> Page:
        """Somebody's device."""
        page.clock.set_fixed_time(self.clock())
        self.pages.append(page)
        sign_in(page, self.link(email))
        return page


@pytest.fixture
def moving(served: Served, tmp_path: Path) -> Iterator[Moving]:
    """The tests' course."""
    with moving_server(served.site, CONTENT, tmp_path) as site:
        yield site


def at_once(app: WSGIApplication) -> WSGIApplication:
    """An app whose replies are read whole before they are sent: a browser that goes on meanwhile drops connections, and
    the development server leaves the file of such a reply open."""

    def reading(environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        parts = app(environ, start)
        try:
            return [b"".join(parts)]
        finally:
            if hasattr(parts, "close"):
                parts.close()

    return reading


@contextmanager
def moving_server(folder: Path, content: Path, tmp_path: Path) -> Iterator[Moving]:
    """A site that was built, with a server whose clock is moved."""
    database = Database(f"sqlite:///{tmp_path / 'airlock.db'}", CHAIN)
    upgrade(database.engine)
    port = free_port()
    site = Moving(f"http://127.0.0.1:{port}", database, folder)
    settings = Settings(url=site.url, database_url="", secret_key=SECRET, audit_key=SECRET, site=folder)
    with database.writing() as session:
        store_catalogue(Act(session, system_clock(), "tests"), load_once(content))
    app = create_app(settings, clock=site.clock, database=database)
    server = make_server("127.0.0.1", port, at_once(app.wsgi_app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield site
    server.shutdown()
    thread.join()
    server.server_close()
    database.engine.dispose()


def people(site: Moving, lang: str) -> tuple[str, str, list[str]]:
    """Administrator, trainer, and two learners in a class; all of them read the language."""
    admin, trainer = site.add("Anna Admin", role="admin", lang=lang), site.add("Tom Trainer", role="trainer", lang=lang)
    learners = [site.add("Lea Learner", lang=lang), site.add("Max Mate", lang=lang)]
    with site.database.writing() as session:
        for email in (admin, trainer, learners[0]):
            site.find(session, email).password_hash = hash_password(PASSWORD)
        act = Act(session, site.clock(), "tests")
        group = create_class(act, name="1A", teachers=[], learners=[site.find(session, one) for one in learners])
        assign(act, group, "safe-start")
        session.add(Choice(name="photos", value=True, changed_at=site.clock()))
    return admin, trainer, learners


TEXTS = {
    lang: {
        **json.loads((ROOT / "themes/airlock/texts" / f"{lang}.json").read_text(encoding="utf-8")),
        **json.loads((ROOT / "themes/airlock/texts/events" / f"{lang}.json").read_text(encoding="utf-8")),
    }
    for lang in ("en", "fr")
}
"""What buttons say."""


def picture(width: int, height: int) -> bytes:
    """A grey PNG of some size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def go(page: Page, site: Moving, lang: str, path: str) -> None:
    page.goto(f"{site.url}/{lang}/{path}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def clean(page: Page) -> None:
    assert violations(page) == []


def local(moment: datetime) -> str:
    return moment.astimezone(BRUSSELS).strftime("%Y-%m-%dT%H:%M")


def plan(page: Page, site: Moving, lang: str, *, remote: bool, begins: datetime) -> str:
    """Plan an event through the form; gives its id."""
    go(page, site, lang, "events/?view=new")
    page.get_by_label(TEXTS[lang]["kind_webinar" if remote else "kind_practical"], exact=True).check()
    page.locator("input[type=datetime-local]").nth(0).fill(local(begins))
    page.locator("input[type=datetime-local]").nth(1).fill(local(begins + timedelta(hours=3)))
    if remote:
        page.locator("input[name=link]").fill("https://meet.example/crew")
    page.locator("input[name=class]").first.check()
    clean(page)
    page.locator("form.assign button[type=submit]").click()
    expect(page.locator(".notice-good")).to_be_visible()
    return page.url.partition("event=")[2].partition("&")[0]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_week_from_the_plan_to_the_signature(moving: Moving, open_page: OpenPage, watch: Watch, lang: str) -> None:
    site, monday = moving, datetime.now(BRUSSELS).replace(hour=10, minute=0, second=0, microsecond=0)
    site.move_to(monday)
    admin, trainer, learners = people(site, lang)
    # The room.
    page = site.open(open_page(1280), admin)
    go(page, site, lang, "events/?view=rooms")
    page.locator("input[name=name]").fill("Salle B1")
    page.locator("input[name=directions]").fill("Bâtiment B, premier étage")
    page.locator("form.stack button[type=submit]").click()
    expect(page.locator(".class-list")).to_contain_text("Salle B1")
    clean(page)
    # The plan.
    tablet = site.open(open_page(820), trainer)
    talk, walk = monday + timedelta(days=3, hours=-1), monday + timedelta(days=6, hours=-1)
    webinar = plan(tablet, site, lang, remote=True, begins=talk)
    practical = plan(tablet, site, lang, remote=False, begins=walk)
    for view in ("", "?view=week", f"?view=month&day={walk:%Y-%m-%d}"):
        go(tablet, site, lang, f"events/{view}")
        clean(tablet)
    # Two phones book.
    phones = [site.open(open_page(360), email) for email in learners]
    for phone in phones:
        go(phone, site, lang, "learning/")
        for _ in range(2):
            phone.get_by_role("button", name=TEXTS[lang]["dates_book"]).first.click()
            expect(phone.locator(".dates .notice-good")).to_be_visible()
        expect(phone.locator(".dates .is-mine")).to_have_count(2)
        clean(phone)
    # A trainer who used nothing for a day signs in once more; a learner's phone goes on.
    site.move_to(talk - timedelta(minutes=20))
    sign_in(tablet, site.link(trainer))
    watch_webinar(site, lang, tablet, phones, webinar, talk)
    site.move_to(walk - timedelta(minutes=30))
    sign_in(tablet, site.link(trainer))
    visit_practical(site, lang, tablet, phones, practical, walk, watch)


def watch_webinar(site: Moving, lang: str, tablet: Page, phones: list[Page], webinar: str, begins: datetime) -> None:
    """The way in, a live question that is asked twice, and the file of the meeting."""
    site.move_to(begins - timedelta(minutes=10))
    first, second = phones
    for phone in phones:
        go(phone, site, lang, f"event/?event={webinar}")
        expect(phone.locator('a[href="https://meet.example/crew"]')).to_be_visible()
    clean(first)
    site.move_to(begins + timedelta(minutes=30))
    go(tablet, site, lang, f"events/?event={webinar}&view=live")
    clean(tablet)
    tablet.locator(".live-stem + .hint + button, .class-list button").first.click()
    for phone, option in ((first, 0), (second, 1)):
        go(phone, site, lang, f"event/?event={webinar}")
        phone.locator(".live-choice input").nth(option).check()
        expect(phone.locator(".live-choice input").nth(option)).to_be_checked()
    expect(tablet.locator(".live .facts")).to_contain_text("2")
    clean(first)
    clean(tablet)
    tablet.get_by_role("button", name=TEXTS[lang]["live_again"]).click()
    for phone in phones:
        go(phone, site, lang, f"event/?event={webinar}")
        phone.locator(".live-choice input").nth(1).check()
        expect(phone.locator(".live-choice input").nth(1)).to_be_checked()
    tablet.locator(".live .actions button").nth(1).click()
    expect(tablet.locator(".live-gain")).to_be_visible()
    clean(tablet)
    # The file of Teams: one was there all the time, the other left early.
    site.move_to(begins + timedelta(hours=4))
    go(tablet, site, lang, f"events/?event={webinar}&view=file")
    rows = [("Lea Learner", 0, 180, "lea.learner@example.org"), ("Max Mate", 0, 60, "max.mate@example.org")]
    tablet.locator("input[type=file]").set_input_files(
        {"name": "attendance.csv", "mimeType": "text/csv", "buffer": teams_file(begins, rows)}
    )
    expect(tablet.locator("table.data tbody tr")).to_have_count(2)
    clean(tablet)
    tablet.locator(".actions .button").last.click()
    expect(tablet.locator(".notice-good")).to_be_visible()
    go(first, site, lang, "learning/")
    expect(first.locator(".module-list li[data-progress=done]")).to_have_count(1)
    go(second, site, lang, "learning/")
    expect(second.locator(".module-list li[data-progress=done]")).to_have_count(0)


def teams_file(begins: datetime, rows: list[tuple[str, int, int, str]]) -> bytes:
    """What Microsoft Teams writes: sections, tabs, UTF-16."""
    start = begins.astimezone(BRUSSELS)

    def clock(minutes: int) -> str:
        return (start + timedelta(minutes=minutes)).strftime("%d/%m/%Y %H:%M:%S")

    def row(name: str, came: int, left: int, *more: str) -> str:
        return "\t".join([name, clock(came), clock(left), f"{(left - came) // 60}h {(left - came) % 60}m", *more])

    lines = ["1. Summary", "Meeting title\tTalk", f"Start time\t{clock(0)}", f"End time\t{clock(180)}", ""]
    lines += ["2. Participants", "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole"]
    lines += [row(name, came, left, email, email, "Attendee") for name, came, left, email in rows]
    lines += ["", "3. In-Meeting Activities", "Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole"]
    lines += [row(name, came, left, email, "Attendee") for name, came, left, email in rows]
    return "\r\n".join(lines).encode("utf-16")


def visit_practical(
    site: Moving, lang: str, tablet: Page, phones: list[Page], practical: str, begins: datetime, watch: Watch
) -> None:
    """The pass, the door without a connection, the signature, the learner's own, a correction."""
    first, _ = phones
    site.move_to(begins - timedelta(minutes=20))
    go(first, site, lang, f"event/?event={practical}")
    expect(first.locator(".pass svg")).to_be_visible()
    clean(first)
    go(tablet, site, lang, f"events/?event={practical}&view=door")
    expect(tablet.locator(".door-list li")).to_have_count(2)
    clean(tablet)
    watch.expected = ("ERR_INTERNET_DISCONNECTED", "Failed to load resource")
    tablet.context.set_offline(True)
    with site.database.reading() as session:
        lea = site.find(session, "lea.learner@example.org").id
    token = PassKey.of(SECRET).sign(Pass(uuid.UUID(practical), 1, lea, site.clock().replace(microsecond=0)))
    scanner = tablet.locator("input[name=pass]")
    scanner.fill(token[:-6] + "AAAAAA")
    scanner.press("Enter")
    expect(tablet.locator(".door-bad")).to_be_visible()
    scanner.fill(token)
    scanner.press("Enter")
    expect(tablet.locator(".door-good")).to_contain_text("Lea Learner")
    scanner.fill(token)
    scanner.press("Enter")
    expect(tablet.locator(".door-bad")).to_contain_text("Lea Learner")
    clean(tablet)
    tablet.locator(".door-list button", has_text="Max Mate").click()
    tablet.locator("input[name=why]").fill("A vu le film avec moi.")
    tablet.locator("input[name=why]").press("Enter")
    expect(tablet.locator(".door-good")).to_contain_text("Max Mate")
    expect(tablet.locator(".door-list .door-in")).to_have_count(2)
    clean(tablet)
    tablet.context.set_offline(False)
    expect(tablet.locator(".facts .chip-done")).to_be_visible()
    # The signature.
    site.move_to(begins + timedelta(hours=2))
    go(tablet, site, lang, f"events/?event={practical}&view=sign")
    tablet.locator(".sign .actions button").first.click()
    tablet.locator(".sign .fold").nth(1).locator("summary").click()
    tablet.locator(".sign .fold").nth(1).locator(".state-failed input").first.check()
    # A photograph of what somebody did, larger than what is kept; it is taken away and taken anew.
    tablet.locator(".sign .fold").first.locator("summary").click()
    camera = tablet.locator(".sign .fold").first.locator("input[type=file]").first
    for again in (True, False):
        camera.set_input_files({"name": "hands.png", "mimeType": "image/png", "buffer": picture(1600, 900)})
        shown = tablet.locator(".photo img")
        expect(shown).to_have_count(1)
        tablet.wait_for_function("() => document.querySelector('.photo img').naturalWidth === 1280")
        clean(tablet)
        if again:
            tablet.locator(".photo button").press("Enter")
            expect(shown).to_have_count(0)
    tablet.locator("input[name=name]").fill("Tom Trainer")
    tablet.locator("input[name=password]").fill("wrong")
    tablet.locator(".sign button[type=submit]").click()
    expect(tablet.locator(".sign .alert")).to_be_visible()
    tablet.locator("input[name=password]").fill(PASSWORD)
    tablet.locator(".sign button[type=submit]").click()
    expect(tablet.locator(".sign .chip-passed")).to_have_count(1)
    expect(tablet.locator(".sign .chip-failed")).to_have_count(1)
    clean(tablet)
    go(first, site, lang, f"event/?event={practical}")
    expect(first.locator(".chip-passed")).to_be_visible()
    first.locator(".photos img").wait_for()
    first.locator("form.stack input[name=name]").fill("Lea Learner")
    first.locator("form.stack input[name=password]").fill("not hers")
    first.locator("form.stack button[type=submit]").click()
    expect(first.locator(".alert")).to_be_visible()
    expect(first.locator("form.stack input[name=name]")).to_have_value("Lea Learner")
    first.locator("form.stack input[name=password]").fill(PASSWORD)
    first.locator("form.stack button[type=submit]").click()
    expect(first.locator(".notice-good")).to_be_visible()
    clean(first)
    go(tablet, site, lang, f"events/?event={practical}&view=roster")
    expect(tablet.locator("tbody tr").first.locator(".chip-done").last).to_be_visible()
    # A correction: the other one is signed once more.
    go(tablet, site, lang, f"events/?event={practical}&view=sign")
    tablet.locator(".sign .actions button").first.click()
    tablet.locator(".sign .class-list > li").nth(1).locator("input[type=checkbox]").check()
    tablet.locator("input[name=name]").fill("Tom Trainer")
    tablet.locator("input[name=password]").fill(PASSWORD)
    tablet.locator(".sign button[type=submit]").click()
    expect(tablet.locator(".sign .chip-passed")).to_have_count(2)
    go(first, site, lang, "learning/")
    expect(first.locator(".module-list li[data-progress=done]")).to_have_count(2)
