"""Hours of everybody: each total is recomputed from raw rows by code that shares nothing with the reports."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import uuid
import zipfile
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from api.accounts.act import Act
from api.core.audit import AuditEntry, digest_of
from api.events.booking import book
from api.events.models import Event
from api.funding.totals import Report, lines_of, totals
from api.hours import months
from api.hours.models import HoursLine
from api.hours.operations import Worked, record_hours, spans_of
from bench.year import BY, YEAR, fill_year, minutes_in_sets
from tests.conftest import World
from tests.functional.teaching import done, shown
from tests.functional.test_audit import verify
from tests.functional.test_events import attend, webinar

FIRST, LAST = f"{YEAR}-01-01", f"{YEAR}-12-31"


@pytest.fixture
def year(world: World) -> World:
    """A small year: 120 learners."""
    with world.database.writing() as session:
        fill_year(Act(session, world.clock(), "tests"), 120, seed=7)
    return world


def test_not_one_minute_of_difference_by_any_column(year: World) -> None:
    with year.database.reading() as session:
        for first, last in ((FIRST, LAST), (f"{YEAR}-03-01", f"{YEAR}-05-31")):
            for by in BY:
                report = totals(session, first, last, by, "fr")
                said = {(row.key, kind): n for row in report.rows for kind, n in row.minutes.items() if n}
                counted, doubled = minutes_in_sets(session, first, last, by)
                assert said == counted, by
                assert first != FIRST or by not in ("room", "trainer") or len(report.rows) > 5, "the year has events"
                assert report.whole.overlap == doubled
                for row in report.rows[:3]:
                    lines = lines_of(session, first, last, by, row.key)
                    assert len({line.person_id for line in lines}) == row.people
                    for kind, minutes in row.minutes.items():
                        assert sum(line.minutes for line in lines if line.kind == kind) == minutes
    assert not verify(year.database).breaks


def same_as_anew(world: World) -> Report:
    """What processes keep of months says what is read anew, by each dimension; gives the report by month."""
    with world.database.reading() as session:
        at = world.clock()
        kept = {by: totals(session, FIRST, LAST, by, "fr", at) for by in BY}
        months._keepers.clear()
        for by in BY:
            assert kept[by] == totals(session, FIRST, LAST, by, "fr", at), by
    return kept["month"]


def test_what_is_kept_of_a_month_follows_each_change(world: World) -> None:
    rooms = done(world.client("admin"), "rooms", {"name": "R", "zone": "hall", "places": 9})
    half = {"begins": "2026-03-10T09:00", "ends": "2026-03-10T12:00"}
    made = webinar(world, room=rooms["id"], half_days=[half], places=5)
    path = f"events/{made['id']}"
    for who in ("learner", "other learner", "shared learner"):
        done(world.client(who), f"{path}/booking")
    world.clock.forward(days=80)
    assert (same_as_anew(world).rows, attend(world, made, "learner").status_code) == ([], 200)
    report = same_as_anew(world)
    assert (report.whole.minutes, report.whole.people, report.whole.absent) == ({"live-remote": 180}, 1, 2)
    attend(world, made, "other learner")
    assert (same_as_anew(world).whole.people, same_as_anew(world).whole.absent) == (2, 1)
    attend(world, made, "shared learner", "excused")
    assert (same_as_anew(world).whole.people, same_as_anew(world).whole.absent) == (2, 0)
    attend(world, made, "shared learner", "absent")
    attend(world, made, "learner", "excused")
    assert (same_as_anew(world).whole.people, same_as_anew(world).whole.absent) == (1, 1)
    with world.database.writing() as session:  # Somebody is written down as they came, long after.
        act = Act.of(session, world.people["trainer"], world.clock())
        book(act, session.get_one(Event, uuid.UUID(made["id"])), [world.people["teacher"]], at_the_door=True)
    assert same_as_anew(world).whole.absent == 2
    with world.database.writing() as session:  # In the same transaction one reads what one wrote.
        act = Act(session, world.clock(), "tests")
        line = session.scalars(select(HoursLine).where(HoursLine.minutes > 0).order_by(HoursLine.id.desc())).first()
        assert line is not None
        less = Worked(line.person_id, line.kind, line.module_id, line.day, line.source, spans_of(line), 60)
        record_hours(act, [less])
        assert totals(session, FIRST, LAST, "month", "fr", world.clock()).whole.minutes == {"live-remote": 60}
    assert same_as_anew(world).whole.minutes == {"live-remote": 60}


def query(by: str, **more: str) -> str:
    return "&".join(f"{key}={value}" for key, value in {"first": FIRST, "last": LAST, "by": by, **more}.items())


def test_every_number_opens_to_its_lines_and_goes_into_a_file(year: World) -> None:
    admin = year.client("admin")
    report = shown(admin, f"totals?{query('scheme', lang='fr')}")
    assert not report["several"]
    assert shown(admin, f"totals?{query('trainer')}")["several"]
    row = next(one for one in report["rows"] if one["key"] == "esf-like")
    found = shown(admin, f"totals/lines?{query('scheme', key='esf-like')}")
    assert found["count"] >= len(found["lines"])
    lines: list[dict[str, Any]] = []
    for page in range(1, found["pages"] + 1):
        lines += shown(admin, f"totals/lines?{query('scheme', key='esf-like', page=str(page))}")["lines"]
    assert len(lines) == found["count"]
    assert sum(line["minutes"] for line in lines if line["kind"] == "on-site") == row["minutes"]["on-site"]
    book = openpyxl.load_workbook(
        io.BytesIO(admin.get(f"/api/v1/totals/exports/hours.xlsx?{query('scheme')}").data), read_only=True
    )
    cells = {values[0]: values for values in book.worksheets[0].iter_rows(values_only=True)}
    assert cells["esf-like"][2] == row["minutes"]["on-site"]
    text = admin.get(f"/api/v1/totals/exports/lines.csv?{query('scheme', lang='fr')}").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert sum(int(one[5]) for one in rows[1:]) == sum(sum(one["minutes"].values()) for one in report["rows"])
    assert admin.get(f"/api/v1/totals/exports/hours.pdf?{query('month', lang='nl')}").data.startswith(b"%PDF-")
    assert admin.get(f"/api/v1/totals/exports/other.csv?{query('month')}").status_code == 404


def test_a_period_is_in_order(world: World) -> None:
    reply = world.client("admin").get("/api/v1/totals?first=2026-05-01&last=2026-04-01")
    assert reply.status_code == 422
    for path in ("totals", "capacity", "outcomes"):
        found = world.client("admin").get(f"/api/v1/{path}?first=0001-01-01&last=9999-12-31")
        assert (path, found.status_code) == (path, 422), "a report is read month by month and day by day"
    assert world.client("admin").get("/api/v1/totals?first=x&last=2026-04-01").status_code == 422
    assert shown(world.client("admin"), "totals?first=2020-01-01&last=2020-12-31")["rows"] == []


def packed(world: World, first: str, last: str) -> dict[str, bytes]:
    reply = world.client("admin").get(f"/api/v1/totals/pack.zip?first={first}&last={last}&lang=fr")
    with zipfile.ZipFile(io.BytesIO(reply.data)) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def test_an_evidence_pack_holds_everything_and_its_hashes(year: World) -> None:
    files = packed(year, FIRST, LAST)
    assert {"lines.csv", "lines.json", "versions.json", "audit.jsonl", "verify.html", "totals/scheme.csv"} <= set(files)
    page = files["verify.html"].decode()
    told = re.search(r'id="manifest" type="application/json">(.*?)</script>', page)
    assert told is not None
    manifest = json.loads(told[1])
    assert manifest == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != "verify.html"
    }
    lines = json.loads(files["lines.json"])
    with year.database.reading() as session:
        for line in lines[:20]:
            row = session.get_one(HoursLine, line["id"])
            assert (line["minutes"], line["digest"]) == (row.minutes, digest_of(session, HoursLine, row))
    assert "src=" not in page, "it needs nothing from anywhere"
    again = packed(year, FIRST, LAST)
    assert {**again, "verify.html": b""} == {**files, "verify.html": b""}, "the same evidence makes the same files"


def test_an_inspectors_link_reads_its_period_and_leaves_a_trace(year: World) -> None:
    admin, body = year.client("admin"), {"label": "Ministry", "first": f"{YEAR}-03-01", "last": f"{YEAR}-03-31"}
    made = done(admin, "inspections", {**body, "days": 2})
    token = made["address"].partition("#")[2]
    path = "/api/v1/inspections/views"

    def see(**more: Any) -> Any:
        return year.client().post(path, {"token": token, "by": "course", **more})

    seen = see().json
    assert seen["label"] == "Ministry"
    told = shown(admin, f"totals?first={YEAR}-03-01&last={YEAR}-03-31&by=course")
    assert seen["totals"] == told
    assert seen["lines"] is None
    key = told["rows"][0]["key"]
    opened = see(key=key).json["lines"]
    assert opened["lines"]
    assert all(f"{YEAR}-03-01" <= line["day"] <= f"{YEAR}-03-31" for line in opened["lines"])
    assert see(token="x" * 43).status_code == 404
    with year.database.reading() as session:
        viewed = select(AuditEntry.new).where(AuditEntry.action == "inspection.view").order_by(AuditEntry.sequence)
        views = session.scalars(viewed).all()
    assert [one["what"] for one in views] == ["totals by course", f"lines of course {key}, page 1"]
    assert shown(admin, "inspections")["inspections"][0]["address"] == "", "the secret is shown once"
    year.clock.forward(days=3)
    assert see().status_code == 404, "its time is over"
    again = done(year.client("admin"), "inspections", {**body, "days": 2})
    token = again["address"].partition("#")[2]
    assert see().status_code == 200
    done(year.client("admin"), f"inspections/{again['id']}/end")
    assert see().status_code == 404, "it was closed"
    assert not verify(year.database).breaks


def test_completions_and_no_shows_by_each_dimension(world: World) -> None:
    """Three have a place on two half-days: one comes to both, one to the first alone, one excuses themselves."""
    rooms = done(world.client("admin"), "rooms", {"name": "R", "zone": "hall", "places": 9})
    halves = [{"begins": f"2026-03-{day}T09:00", "ends": f"2026-03-{day}T12:00"} for day in (10, 31)]
    made = webinar(world, room=rooms["id"], half_days=halves, places=5)
    for who in ("learner", "other learner", "shared learner"):
        done(world.client(who), f"events/{made['id']}/booking")
    world.clock.forward(days=40)
    for who, number, state in (
        ("learner", 1, "present"),
        ("learner", 2, "present"),
        ("other learner", 1, "present"),
        ("shared learner", 1, "excused"),
        ("shared learner", 2, "excused"),
    ):
        assert attend(world, made, who, state, number).status_code == 200
    admin = world.client("admin")

    def told(by: str, first: str = FIRST, last: str = LAST) -> dict[str, tuple[int | None, int]]:
        found = shown(admin, f"totals?first={first}&last={last}&by={by}&lang=en")
        assert (found["whole"]["done"], found["whole"]["absent"]) == (1, 1)
        return {row["title"]: (row["done"], row["absent"]) for row in found["rows"]}

    month = told("month")
    assert {key: value for key, value in month.items() if value[1]} == {"2026-03": (1, 1)}
    assert told("course") == {"A safe start": (1, 1)}
    assert told("room") == {"R": (None, 1)}
    assert told("trainer") == {"Trainer": (None, 1)}
    assert told("audience")["not said"] == (1, 1)
    with world.database.reading() as session:
        only = totals(session, "2026-03-31", "2026-03-31", "month", "en", world.clock())
        assert [(row.key, row.absent) for row in only.rows] == [("2026-03", 1)], "the day is in it"
        before = totals(session, "2026-03-10", "2026-03-10", "month", "en", world.clock())
        assert before.whole.absent == 0
