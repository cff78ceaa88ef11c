"""The canary through everything that leaves as a file, a letter or a calendar: no page, no tag, no formula."""

from __future__ import annotations

import csv
import io
import re
import uuid
import zipfile
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import icalendar
import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.links import make_link
from api.accounts.operations import find_person
from api.accounts.passwords import make_confirmation
from api.app import create_app
from api.catalogue.operations import store_catalogue
from api.classes.models import Class
from api.core.config import Settings
from api.core.database import Database
from api.core.permissions import permission_matrix
from api.demo import PERSONAS, add_sample_people
from api.documents.facts import Subject
from api.documents.models import Document
from api.documents.operations import issue
from api.events.feeds import make_feed_of
from api.events.models import Attendance
from api.jobs import run_jobs
from api.learning.models import Attempt
from api.messages.letters import Letter, write_letter
from api.messages.models import Message
from api.messages.operations import look_again
from api.messages.senders import SmtpSender
from tests.canary import plant
from tests.conftest import SECRET, SHIPPED, Caller, TestClock, load_once

pytestmark = pytest.mark.slow
SETTINGS = Settings(url="http://127.0.0.1:8000", database_url="", secret_key=SECRET, audit_key=SECRET)
FILES = {
    "reports.export_class": ("matrix.csv", "matrix.xlsx", "attempts.csv", "attempts.xlsx"),
    "reports.export_event": ("roster.csv", "roster.xlsx"),
    "reports.export_analysis": ("analysis.csv", "analysis.xlsx"),
    "funding.export_totals": ("hours.csv", "hours.xlsx", "hours.pdf", "lines.csv", "lines.xlsx"),
}
PERIOD = "first=2025-01-01&last=2027-12-31&lang=fr"
FORMULA = ("=", "+", "-", "@")


class Tags(HTMLParser):
    """Elements that the canary would be, were it a tag."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if (tag == "img" and values.get("src") == "x") or any(name.startswith("on") for name in values):
            self.found.append(self.get_starttag_text() or tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def looked_at(html: str) -> str:
    """The text of a page in which the canary is no tag."""
    tags = Tags()
    tags.feed(html)
    assert tags.found == []
    return tags.text


@pytest.fixture
def infested(database: Database, clock: TestClock) -> Any:
    """The app with the demo's people, their documents and letters, and the canary in all that they wrote."""
    with database.writing() as session:
        act = Act(session, clock(), "tests")
        store_catalogue(act, load_once(SHIPPED))
        add_sample_people(session, clock())
        trainer = find_person(session, next(one.email for one in PERSONAS if one.role == "trainer"))
        assert trainer is not None
        seen = session.scalars(select(Attendance).where(Attendance.state == "present").order_by(Attendance.id)).first()
        assert seen is not None, "the demo has an event at which somebody was"
        signing = Act.of(session, trainer, clock())
        issue(signing, Subject("presence", seen.person_id, seen.event_id), "fr")
        issue(signing, Subject("hours", seen.person_id, period="2025-01-01/2027-12-31"), "fr")
        make_feed_of(signing, "led", None)
    with database.engine.begin() as connection, Session(connection) as session:
        plant(session)
        session.flush()
    app = create_app(SETTINGS, clock=clock, database=database)
    app.config["TESTING"] = True
    return app


def caller_of(app: Any, database: Database, clock: TestClock, role: str) -> Caller:
    caller = Caller(app.test_client())
    with database.writing() as session:
        person = find_person(session, next(one.email for one in PERSONAS if one.role == role))
        assert person is not None
        token = make_link(Act(session, clock(), "tests"), person, "sign-in")
    assert caller.post("/api/v1/sign-in/link", {"token": token}).status_code == 200
    return caller


def addresses(app: Any, database: Database) -> Iterator[str]:
    """Every address that is read, with ids of what is there."""
    with database.reading() as session:
        module, quiz = "entering-grade-b/contamination", "contamination"
        event = session.scalars(select(Attendance.event_id).order_by(Attendance.id)).first()
        attempt = session.scalars(select(Attempt).order_by(Attempt.started_at)).first()
        assert attempt is not None
        learner = find_person(session, PERSONAS[0].email)
        assert learner is not None
        values = {
            "<uuid:class_id>": session.scalars(select(Class.id)).first(), "<uuid:event_id>": event,
            "<uuid:person_id>": attempt.person_id, "<uuid:attempt_id>": attempt.id, "<int:number>": 1,
            "<string:course>": module.partition("/")[0], "<string:name>": module.partition("/")[2],
            "<string:quiz>": quiz,
        }  # fmt: skip
        documents = session.scalars(select(Document.id)).all()
    for rule in permission_matrix(app):
        if rule.method != "GET" or not rule.path.startswith("/api/v1"):
            continue
        path = rule.path
        for part, value in values.items():
            path = path.replace(part, str(value))
        for document in documents if "<uuid:document_id>" in path else ("",):
            for name in FILES.get(rule.endpoint, ("",)):
                full = path.replace("<uuid:document_id>", str(document)).replace("<string:file>", name)
                yield f"{full}?{PERIOD}" if rule.endpoint.startswith(("funding.", "capacity.")) else f"{full}?lang=fr"


def look(kind: str, data: bytes) -> str:
    """What stands in a file, as text; the file is what it says it is."""
    if kind == "text/csv":
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
        numbers = re.compile(r"[-+][\d  .,:]+%?")
        assert not [cell for row in rows for cell in row if cell.startswith(FORMULA) and not numbers.fullmatch(cell)]
        return "\n".join(cell for row in rows for cell in row)
    if kind.endswith("spreadsheetml.sheet"):
        cells = [cell for sheet in openpyxl.load_workbook(io.BytesIO(data)) for row in sheet.rows for cell in row]
        assert not [cell.value for cell in cells if cell.data_type == "f"]
        return "\n".join(str(cell.value) for cell in cells)
    if kind == "application/zip":
        text = ""
        with zipfile.ZipFile(io.BytesIO(data)) as pack:
            for name in pack.namelist():
                content = pack.read(name)
                if name.endswith(".html"):
                    text += looked_at(content.decode())
                elif name.endswith(".csv"):
                    text += look("text/csv", content)
        return text
    return data.decode("utf-8", "replace") if kind.endswith("json") else ""


def test_no_file_is_a_page_or_a_formula(
    infested: Any, database: Database, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_pages: list[str] = []

    def kept(html: str) -> bytes:
        set_pages.append(html)
        return b"%PDF-1.7"

    for room in ("documents.setting", "events.paper"):
        monkeypatch.setattr(f"api.{room}.set_paper", kept)
    known: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    for role in ("admin", "trainer", "teacher", "learner"):
        caller = caller_of(infested, database, clock, role)
        for address in addresses(infested, database):
            reply = caller.get(address)
            assert reply.status_code < 500, (role, address, reply.text[:300])
            if reply.status_code != 200:
                continue
            kind = reply.mimetype or ""
            assert kind not in ("text/html", "image/svg+xml", "application/xhtml+xml"), address
            assert reply.headers["X-Content-Type-Options"] == "nosniff", address
            known[kind] += 1
            shown[kind] += "onerror=__canary" in look(kind, reply.data)
    confirmed = {"form": "pdf", "confirmation": confirm(infested, database)}
    trail = caller_of(infested, database, clock, "admin").post("/api/v1/audit/export", confirmed, key="trail")
    assert trail.status_code == 200, trail.text
    for html in set_pages:
        shown["application/pdf"] += "onerror=__canary" in looked_at(html)
    for kind in ("text/csv", "application/zip", "application/json", "application/pdf"):
        assert known[kind] > 0, kind
        assert shown[kind] > 0, f"the canary was nowhere to be seen as {kind}: nothing was tried"
    assert any(kind.endswith("sheet") and count for kind, count in shown.items())
    assert len(set_pages) > 3


def confirm(app: Any, database: Database) -> str:
    with database.reading() as session:
        admin = find_person(session, next(one.email for one in PERSONAS if one.role == "admin"))
        assert admin is not None
        return make_confirmation(SECRET, admin.id)


def test_calendars_and_letters_hold_it_as_text(infested: Any, database: Database, clock: TestClock) -> None:
    caller = caller_of(infested, database, clock, "trainer")
    feeds = caller.get("/api/v1/calendars").json["calendars"]  # type: ignore[index]
    (address,) = {feed["address"].partition("127.0.0.1:8000")[2] for feed in feeds}
    calendar = icalendar.Calendar.from_ical(infested.test_client().get(address).data)
    events = list(calendar.walk("VEVENT"))
    assert events
    assert any("onerror=__canary" in str(one.get("location", "")) + str(one.get("description", "")) for one in events)
    assert not [name for one in events for name in one if name.startswith("X-ALT")], "no HTML beside the text"
    # Every kind of letter that the demo's past made, as a mail program gets it.
    sender = SmtpSender("smtp://127.0.0.1:1", "Airlock <sas@example.org>")
    kinds: Counter[str] = Counter()
    shown = 0
    run_jobs(database, SETTINGS, clock)
    with database.writing() as session:
        for message in session.scalars(select(Message).order_by(Message.id)).all():
            facts = look_again(session, message, clock())
            if facts is None:
                continue
            letter: Letter = write_letter(session, SETTINGS, message.reader, facts, clock())
            mail = sender.compose(letter, uuid.uuid4())
            assert {part.get_content_type() for part in mail.walk()} <= {
                "text/plain", "text/calendar", "multipart/mixed", "multipart/alternative",
            }  # fmt: skip
            assert "\n" not in str(mail["Subject"])
            kinds[message.kind] += 1
            shown += "onerror=__canary" in letter.text
    assert len(kinds) > 2, kinds
    assert shown, "the canary was in no letter: nothing was tried"
