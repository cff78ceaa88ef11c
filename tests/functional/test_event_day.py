"""The day of an event: passes at doors without a connection, presence, signatures, sheets."""

from __future__ import annotations

import base64
import random
import threading
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import insert, select

from api.accounts.act import Act
from api.accounts.passwords import make_confirmation
from api.accounts.sign_ins import set_active
from api.core.audit import verify
from api.events.models import Attendance, DoorEntry, PresenceSignature
from api.events.passes import Pass, PassKey
from api.evidence.models import Evidence
from site_builder.course.model import Catalogue
from tests.conftest import CONTENT, SECRET, World, load_once
from tests.functional.teaching import done, send, shown
from tests.functional.test_events import PRACTICAL, WEBINAR, plan, planned, room, sign, state_of, webinar

__all__ = ["room"]
KEY = PassKey.of(SECRET)
BEGINS = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)


@pytest.fixture
def practice(world: World, room: str) -> str:
    """A practical at which three have places; it begins in ten minutes."""
    made = plan(world, room=room, places=8)
    for who in ("learner", "other learner", "shared learner"):
        done(world.client(who), f"events/{made['id']}/booking")
    world.clock.moment = BEGINS - timedelta(minutes=10)
    return str(made["id"])


def pass_of(world: World, event: str, who: str = "learner", begins: datetime | None = None, number: int = 1) -> str:
    window = begins or world.clock()
    return KEY.sign(Pass(uuid.UUID(event), number, world.people[who].id, window))


def line(
    world: World, *, token: str = "", who: str = "", what: str = "in", why: str = "It is a drill.", **more: Any
) -> Any:
    found = {"id": str(uuid.uuid4()), "number": 1, "what": what, "claimed_at": world.clock().isoformat(), "why": why}
    return {**found, **({"token": token} if token else {"person": str(world.people[who].id)}), **more}


def at_door(world: World, event: str, *lines: Any, device: str = "north") -> list[str]:
    reply = done(world.client("trainer"), f"events/{event}/door", {"device": device, "lines": list(lines)})
    outcomes = {entry["id"]: str(entry["outcome"]) for entry in reply["lines"]}
    return [outcomes[one["id"]] for one in lines]


def secret_of(world: World, who: str = "learner") -> dict[str, str]:
    """That somebody gave their password just before."""
    return {"confirmation": make_confirmation(SECRET, world.people[who].id)}


def presence(world: World, who: str) -> list[str]:
    with world.database.reading() as session:
        found = select(Attendance).where(Attendance.person_id == world.people[who].id).order_by(Attendance.id)
        return [one.state for one in session.scalars(found)]


def test_the_phone_shows_a_pass_for_each_five_minutes_of_the_day(world: World, practice: str) -> None:
    found = shown(world.client("learner"), f"events/{practice}/passes")
    assert found["name"] == "Learner"
    begins = [datetime.fromisoformat(one["begins"]) for one in found["passes"]]
    assert begins[0] <= world.clock() <= begins[1]
    assert {later - before for before, later in pairwise(begins)} == {timedelta(minutes=5)}
    assert begins[-1] < BEGINS + timedelta(hours=3)
    assert send(world.client("admin"), f"events/{practice}/booking").status_code == 404
    assert world.client("admin").get(f"/api/v1/events/{practice}/passes").status_code == 404


def test_a_pass_lets_in_once(world: World, practice: str) -> None:
    token = pass_of(world, practice)
    assert at_door(world, practice, line(world, token=token)) == ["done"]
    assert at_door(world, practice, line(world, token=token)) == ["again"]
    assert at_door(world, practice, line(world, token=token), device="south") == ["elsewhere"]
    assert presence(world, "learner") == ["present"]
    world.clock.forward(hours=3)
    assert at_door(world, practice, line(world, token=token, what="out")) == ["done"], "out, a pass is a name"
    with world.database.reading() as session:
        newest = session.scalars(select(Attendance).order_by(Attendance.id.desc())).first()
        assert newest is not None
        assert (newest.came_at, newest.left_at) == (BEGINS - timedelta(minutes=10), world.clock())
        assert verify(session).breaks == ()


def test_what_does_not_fit_is_kept_with_its_reason(world: World, practice: str) -> None:
    other = str(uuid.uuid4())
    with world.database.writing() as session:
        set_active(Act(session, world.clock(), "tests"), email=world.people["shared learner"].email, active=False)
    lines = {
        "late-pass": line(world, token=pass_of(world, practice, begins=world.clock() - timedelta(days=1))),
        "false-pass": line(world, token=pass_of(world, practice)[:-8] + "AAAAAAAA"),
        "other-event": line(world, token=pass_of(world, other)),
        "no-place": line(world, who="admin"),
        "suspended": line(world, who="shared learner"),
        "not-ready": line(world, who="learner", why=" "),
        "not-in": line(world, who="learner", what="out"),
        "wrong-time": line(world, who="learner", claimed_at=(world.clock() + timedelta(days=2)).isoformat()),
    }
    assert at_door(world, practice, *lines.values()) == list(lines)
    old = PassKey.of("the key of before").sign(Pass(uuid.UUID(practice), 1, world.people["learner"].id, world.clock()))
    assert at_door(world, practice, line(world, token=old)) == ["false-pass"]
    book = shown(world.client("trainer"), f"events/{practice}")["book"]
    assert {entry["outcome"] for entry in book} == set(lines)
    assert presence(world, "learner") == []


def test_a_reason_lets_in_whoever_is_not_ready_and_is_kept(world: World, practice: str) -> None:
    roster = shown(world.client("trainer"), f"events/{practice}")["roster"]
    assert {tuple(need["id"] for need in entry["missing"]) for entry in roster} == {(WEBINAR,)}
    assert at_door(world, practice, line(world, who="learner", why="")) == ["not-ready"]
    assert at_door(world, practice, line(world, who="learner", why="Saw the film with me.")) == ["done"]
    with world.database.reading() as session:
        kept = session.scalars(select(DoorEntry.why).where(DoorEntry.outcome == "done")).one()
        assert kept == "Saw the film with me."
        assert verify(session).breaks == ()


def test_two_tablets_that_knew_nothing_of_one_another_agree_afterwards(world: World, practice: str) -> None:
    chance = random.Random(7)
    whos = ["learner", "other learner", "shared learner"]
    lines: dict[str, list[Any]] = {"north": [], "south": []}
    for minute in range(40):
        at = (world.clock() + timedelta(minutes=minute)).isoformat()
        device = chance.choice(("north", "south"))
        lines[device].append(line(world, who=chance.choice(whos), what=chance.choice(("in", "out")), claimed_at=at))
    world.clock.forward(hours=2)
    ready = threading.Barrier(2)

    def send_all(device: str) -> None:
        caller = world.client("trainer")
        ready.wait()
        for start in range(0, len(lines[device]), 7):
            body = {"device": device, "lines": lines[device][start : start + 7]}
            for _ in range(2):  # The first reply was lost.
                assert send(caller, f"events/{practice}/door", body).status_code == 200

    threads = [threading.Thread(target=send_all, args=(device,)) for device in lines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    book = shown(world.client("trainer"), f"events/{practice}")["book"]
    assert {entry["id"] for entry in book} == {one["id"] for sent in lines.values() for one in sent}, "none is dropped"
    assert len(book) == 40
    world.clock.forward(days=7)
    for device, sent in lines.items():
        at_door(world, practice, *sent, device=device)  # A week later, once more.
    assert shown(world.client("trainer"), f"events/{practice}")["book"] == book
    with world.database.reading() as session:
        assert verify(session).breaks == ()


def test_a_signature_wants_the_password_given_just_before(world: World, practice: str) -> None:
    at_door(world, practice, line(world, who="learner"))
    made = {"id": practice}
    assert sign(world, made, ["ticked", "ticked"], confirmation="x").json["code"] == "not_confirmed"
    other = make_confirmation(SECRET, world.people["admin"].id)
    assert sign(world, made, ["ticked", "ticked"], confirmation=other).json["code"] == "not_confirmed"
    assert sign(world, made, ["ticked", "ticked"]).status_code == 201
    # Who has no password gives none: a sign-in of just now stands for it, and an older one does not.
    trainer = world.client("trainer")
    given = done(trainer, "confirmations", {})["confirmation"]
    assert sign(world, made, ["ticked", "ticked"], confirmation=given).status_code == 201
    world.clock.forward(minutes=16)
    assert send(trainer, "confirmations", {"password": "x"}).json["code"] == "sign_in_again"
    assert not shown(trainer, "me")["person"]["password"]


def test_a_copied_signature_is_found(world: World, practice: str) -> None:
    """21 CFR 11.70: a signature cannot be cut out and put under another record."""
    at_door(world, practice, line(world, who="learner"))
    world.clock.forward(hours=4)
    signed = {"signed_as": "learner", "begins": "2026-03-10T09:00", "ends": "2026-03-10T11:50", **secret_of(world)}
    done(world.client("learner"), f"events/{practice}/half-days/1/presence", signed)
    with world.database.writing() as session:
        assert not verify(session).breaks
        columns = [column.key for column in PresenceSignature.__table__.columns if column.key != "id"]
        source = session.execute(select(*(getattr(PresenceSignature, name) for name in columns))).one()
        copy = {**dict(zip(columns, source, strict=True)), "person_id": world.people["other learner"].id}
        session.execute(insert(PresenceSignature).values(**copy))
    with world.database.reading() as session:
        assert verify(session).breaks


def with_rules(**rules: Any) -> Catalogue:
    catalogue = load_once(CONTENT)
    page_rules = {name: rules.pop(name) for name in ("critical", "levels", "asked_levels") if name in rules}
    module = catalogue.modules[PRACTICAL]
    pages = {lang: replace(page, **page_rules) for lang, page in module.pages.items()}
    modules = {**catalogue.modules, PRACTICAL: replace(module, pages=pages, **rules)}
    return replace(catalogue, modules=modules)


def test_a_line_is_done_from_the_level_that_it_asks_for(make_world: Any) -> None:
    rules = with_rules(critical=(1,), levels=("with help", "alone", "shows others"), asked_levels=(1, 2))
    world = make_world(catalogue=rules)
    made = webinar(world, modules=[PRACTICAL])
    done(world.client("learner"), f"events/{made['id']}/booking")
    world.clock.moment = BEGINS
    at_door(world, made["id"], line(world, who="learner"))
    (checklist,) = shown(world.client("trainer"), f"events/{made['id']}")["checklists"]
    assert (checklist["levels"], checklist["asked_levels"]) == (["with help", "alone", "shows others"], [1, 2])

    def at_levels(*levels: int) -> Any:
        criteria = [{"state": "ticked" if level else "unseen", "level": level} for level in levels]
        people = [{"person": str(world.people["learner"].id), "criteria": criteria}]
        return sign(world, made, [], people=people)

    wrong = [{"state": "ticked"}, {"state": "ticked", "level": 4}, {"state": "failed", "level": 1}]
    for one in wrong:
        people = [{"person": str(world.people["learner"].id), "criteria": [one, {"state": "ticked", "level": 2}]}]
        assert sign(world, made, [], people=people).json["field"] == "criteria", one
    assert at_levels(3, 1).status_code == 201
    assert state_of(world, PRACTICAL) == "open", "the critical line was done with help only"
    assert at_levels(0, 2).status_code == 201
    assert state_of(world, PRACTICAL) == "done"
    first, newest = shown(world.client("learner"), f"events/{made['id']}/mine")["sign_offs"]
    assert (first["levels"], newest["levels"], newest["criteria"]) == ([3, 1], [0, 2], ["unseen", "ticked"])
    assert [one.endswith(": alone") for one in newest["lines"]] == [False, True]


def test_two_trainers_sign_where_the_module_says_so_and_the_learner_too(make_world: Any) -> None:
    world = make_world(catalogue=with_rules(signatures=2, countersigned=True))
    made = webinar(world, modules=[PRACTICAL], trainers=[str(world.people[one].id) for one in ("trainer", "admin")])
    done(world.client("learner"), f"events/{made['id']}/booking")
    world.clock.moment = BEGINS
    at_door(world, made["id"], line(world, who="learner"))
    assert sign(world, made, ["ticked", "ticked"]).status_code == 201
    assert state_of(world, PRACTICAL) == "open", "one of two"
    people = [{"person": str(world.people["learner"].id), "criteria": [{"state": "ticked"}, {"state": "ticked"}]}]
    confirmation = make_confirmation(SECRET, world.people["admin"].id)
    body = {"module": PRACTICAL, "signed_as": "Admin", "people": people, "confirmation": confirmation}
    done(world.client("admin"), f"events/{made['id']}/sign-offs", body)
    assert state_of(world, PRACTICAL) == "open", "the learner has not signed"
    learner = world.client("learner")
    newest = shown(learner, f"events/{made['id']}/mine")["sign_offs"][-1]
    assert newest["wanted"]
    path = f"sign-offs/{newest['id']}/counter-signature"
    mine = secret_of(world)
    other = {"signed_as": "Other Learner", **secret_of(world, "other learner")}
    assert send(world.client("other learner"), path, other).status_code == 404
    assert send(learner, path, {"signed_as": "Somebody", **mine}).json["field"] == "signed_as"
    assert send(learner, path, {"signed_as": "learner"}).json["code"] == "not_confirmed"
    assert send(learner, path, {**other, "signed_as": "learner"}).json["code"] == "not_confirmed", "another's password"
    done(learner, path, {"signed_as": "learner", **mine})
    done(learner, path, {"signed_as": "learner", **mine})
    assert state_of(world, PRACTICAL) == "done"
    assert sign(world, made, ["failed", "ticked"]).status_code == 201
    assert state_of(world, PRACTICAL) != "done", "one of them saw it fail afterwards"
    with world.database.reading() as session:
        assert [one.what for one in session.scalars(select(Evidence).order_by(Evidence.id))] == [
            "signed-off",
            "withdrawn",
        ]
        assert verify(session).breaks == ()


@pytest.mark.parametrize(("states", "state"), [(["ticked", "failed"], "done"), (["failed", "ticked"], "open")])
def test_where_lines_are_critical_those_decide(make_world: Any, states: list[str], state: str) -> None:
    world = make_world(catalogue=with_rules(critical=(0,)))
    made = webinar(world, modules=[PRACTICAL])
    done(world.client("learner"), f"events/{made['id']}/booking")
    world.clock.moment = BEGINS
    at_door(world, made["id"], line(world, who="learner"))
    assert sign(world, made, states).status_code == 201
    assert state_of(world, PRACTICAL) == state


def test_both_sides_sign_a_half_day(world: World, practice: str) -> None:
    learner, trainer = world.client("learner"), world.client("trainer")
    path, mine = (
        f"events/{practice}/half-days/1",
        {"signed_as": "learner", "begins": "2026-03-10T09:00", "ends": "2026-03-10T11:50", **secret_of(world)},
    )
    assert send(learner, f"{path}/presence", {**mine, "confirmation": ""}).json["code"] == "not_confirmed"
    assert send(learner, f"{path}/presence", mine).json["code"] == "event_over", "it does not begin yet"
    world.clock.forward(hours=3)
    assert send(learner, f"{path}/presence", {**mine, "ends": "2026-03-10T18:00"}).json["field"] == "begins"
    assert send(learner, f"{path}/presence", {**mine, "begins": "2026-02-30T09:00"}).status_code == 422
    done(learner, f"{path}/presence", mine)
    done(learner, f"{path}/presence", mine)
    assert shown(learner, f"events/{practice}/mine")["signed"] == {"1": "09:00–11:50"}
    confirmed = {"signed_as": "Trainer", "confirmation": make_confirmation(SECRET, world.people["trainer"].id)}
    assert send(trainer, f"{path}/signature", confirmed).json["field"] == "people", "nobody is on the list"
    at_door(world, practice, line(world, who="learner"))
    done(trainer, f"{path}/signature", confirmed)
    event = shown(trainer, f"events/{practice}")
    assert [(one["number"], one["signed_as"], one["people"]) for one in event["lists"]] == [(1, "Trainer", 1)]
    assert [entry["confirmed"] for entry in event["roster"] if entry["name"] == "Learner"] == [[1]]


def test_a_hand_says_why_where_it_takes_the_place_of_a_file(world: World) -> None:
    made = webinar(world)
    done(world.client("learner"), f"events/{made['id']}/booking")
    world.clock.moment = BEGINS
    seen = [{"person": str(world.people["learner"].id), "number": 1, "state": "present"}]
    assert send(world.client("trainer"), f"events/{made['id']}/attendance", {"seen": seen}).json["field"] == "why"
    done(world.client("trainer"), f"events/{made['id']}/attendance", {"seen": seen, "why": "The tool failed."})


def test_an_open_page_is_an_aid_and_proves_nothing(world: World) -> None:
    made = webinar(world)
    learner = world.client("learner")
    done(learner, f"events/{made['id']}/booking")
    world.clock.moment = BEGINS
    for _ in range(5):
        found = done(learner, f"events/{made['id']}/beat")
        world.clock.forward(minutes=1)
    assert found == {"seconds": 240}
    world.clock.forward(minutes=30)
    assert done(learner, f"events/{made['id']}/beat") == {"seconds": 240}, "a pause is a pause"
    (entry,) = shown(world.client("trainer"), f"events/{made['id']}")["roster"]
    assert (entry["open_page"], entry["attendance"]) == ({"1": 240}, {})
    assert state_of(world, WEBINAR) == "open"


def test_a_sheet_to_sign_and_the_signed_one(world: World, practice: str) -> None:
    trainer = world.client("trainer")
    reply = trainer.get(f"/api/v1/events/{practice}/half-days/1/sheet.pdf?lang=fr")
    assert (reply.status_code, reply.mimetype) == (200, "application/pdf")
    assert reply.data.startswith(b"%PDF-")
    picture = "/9j/4AAQSkZJRg=="
    for _ in range(2):
        done(trainer, f"events/{practice}/sheets", {"name": "signed.jpg", "file": picture})
    (kept,) = shown(trainer, f"events/{practice}")["files"]
    assert (kept["name"], kept["media_type"]) == ("signed.jpg", "image/jpeg")
    assert trainer.get(f"/api/v1/events/{practice}/files/{kept['id']}").data.startswith(b"\xff\xd8\xff")
    assert send(trainer, f"events/{practice}/sheets", {"file": "PGh0bWw+"}).json["field"] == "file"


# Weeks, nights, and who is ready.


def test_each_week_at_the_same_hour_also_after_the_clocks_change(world: World, room: str) -> None:
    plan(world, room=room, half_days=[{"begins": "2026-03-24T09:00", "ends": "2026-03-24T12:00"}], weeks=2)
    events = shown(world.client("trainer"), "events")["events"]
    assert [line["half_days"][0]["begins_at"] for line in events] == ["2026-03-24T09:00", "2026-03-31T09:00"]
    assert [line["half_days"][0]["begins"][11:13] for line in events] == ["08", "07"]


def test_of_several_weeks_all_or_none_are_planned(world: World, room: str) -> None:
    body = planned(world, room=room, half_days=[{"begins": "2026-03-18T09:00", "ends": "2026-03-18T12:00"}], weeks=3)
    assert send(world.client("trainer"), "events", body).json["code"] == "room_closed", "on the 25th"
    assert shown(world.client("trainer"), "events")["events"] == []


def test_an_hour_that_a_night_does_not_have_is_refused(world: World, room: str) -> None:
    body = planned(world, room=room, half_days=[{"begins": "2026-03-29T02:30", "ends": "2026-03-29T05:00"}])
    assert send(world.client("trainer"), "events", body).json["field"] == "half_days"


def test_only_those_who_are_ready_may_book_where_that_is_asked(world: World, room: str) -> None:
    made = plan(world, room=room, needs_ready=True)
    reply = send(world.client("learner"), f"events/{made['id']}/booking")
    assert (reply.status_code, reply.json["code"], reply.json["modules"]) == (409, "not_ready", [WEBINAR])


def test_dates_that_are_open_to_all_are_seen_by_everybody(world: World, room: str) -> None:
    plan(world, room=room)
    anybody = world.client(None)
    assert shown(anybody, f"dates?modules={PRACTICAL}") == {"dates": []}
    later = [{"begins": "2026-03-12T09:00", "ends": "2026-03-12T12:00"}]
    plan(world, room=room, half_days=later, open_to_all=True)
    (found,) = shown(anybody, f"dates?modules={PRACTICAL},x/y")["dates"]
    assert (found["free"], found["half_day"]["begins_at"]) == (2, "2026-03-12T09:00")
    assert set(found) == {"module_ids", "half_day", "timezone", "lang", "free"}, "nothing about a person or a room"


# What a second look found.


def presence_line(world: World, who: str) -> tuple[Any, Any]:
    with world.database.reading() as session:
        found = select(Attendance).where(Attendance.person_id == world.people[who].id).order_by(Attendance.id.desc())
        newest = session.scalars(found).first()
        return (newest.came_at, newest.left_at) if newest else (None, None)


def test_it_does_not_matter_which_tablet_is_heard_first(
    make_world: Any, room: str, world: World, practice: str
) -> None:
    start = world.clock()
    told = [("in", 0, "north"), ("out", 30, "south"), ("in", 45, "south"), ("out", 170, "north")]
    lines = [
        (device, line(world, who="learner", what=what, claimed_at=(start + timedelta(minutes=minute)).isoformat()))
        for what, minute, device in told
    ]
    world.clock.forward(hours=3)
    chance = random.Random(3)
    for order in (lines, lines[::-1], chance.sample(lines, 4)):
        for device, one in order:
            again = {**one, "id": str(uuid.uuid4())}
            at_door(world, practice, again, device=device)
        assert presence_line(world, "learner") == (start, start + timedelta(minutes=170))
    assert state_of(world, PRACTICAL) == "open"


def test_what_no_server_signed_and_what_is_cancelled_is_kept_too(world: World, practice: str) -> None:
    assert at_door(world, practice, line(world, token="unreadable")) == ["false-pass"]
    made = plan(
        world,
        link="https://meet.example/x",
        trainers=[str(world.people["admin"].id)],
        half_days=[{"begins": "2026-03-20T09:00", "ends": "2026-03-20T12:00"}],
    )
    done(world.client("trainer"), f"events/{made['id']}/cancellation", {"why": "The filter is changed."})
    assert at_door(world, made["id"], line(world, who="learner")) == ["cancelled"]


def meeting(world: World, *rows: tuple[str, str, str]) -> str:
    lines = [f"{who},{who.lower()}@example.org,{came},{left},0" for who, came, left in rows]
    text = "\n".join(["Name,Email,Join time,Leave time,Duration (minutes)", *lines]) + "\n"
    return base64.b64encode(text.encode()).decode()


def test_files_of_two_days_and_of_a_meeting_begun_anew_lose_nothing(world: World) -> None:
    halves = [
        {"begins": "2026-03-10T09:00", "ends": "2026-03-10T12:00"},
        {"begins": "2026-03-11T09:00", "ends": "2026-03-11T12:00"},
    ]
    made = webinar(world, half_days=halves)
    done(world.client("learner"), f"events/{made['id']}/booking")
    path = f"events/{made['id']}/attendance-file"
    first = meeting(world, ("Learner", "10/03/2026 09:00:00", "10/03/2026 10:30:00"))
    anew = meeting(world, ("Learner", "10/03/2026 10:20:00", "10/03/2026 12:00:00"))
    world.clock.moment = BEGINS + timedelta(hours=5)
    trainer = world.client("trainer")
    assert done(trainer, path, {"file": first, "order": "dmy"}) == {"added": 1}, "the second day has not begun"
    assert done(trainer, path, {"file": anew, "order": "dmy"}) == {"added": 1}
    world.clock.forward(days=1)
    trainer = world.client("trainer")
    second = meeting(world, ("Learner", "11/03/2026 09:05:00", "11/03/2026 12:00:00"))
    assert done(trainer, path, {"file": second, "order": "dmy"}) == {"added": 1}
    (entry,) = shown(trainer, f"events/{made['id']}")["roster"]
    assert entry["seconds"] == {"1": 10800, "2": 10500}
    assert state_of(world, WEBINAR) == "done"
    for file in (first, anew, second):
        assert done(trainer, path, {"file": file, "order": "dmy"}) == {"added": 0}
    seen = [{"person": entry["id"], "number": 1, "state": "absent"}]
    done(trainer, f"events/{made['id']}/attendance", {"seen": seen, "why": "Somebody else used the account."})
    assert done(trainer, path, {"file": first, "order": "dmy"}) == {"added": 0}, "a hand's reason stays"
    assert state_of(world, WEBINAR) != "done"


def test_what_has_begun_stays_as_it_was_and_the_rest_can_change(world: World, room: str) -> None:
    halves = [
        {"begins": "2026-03-10T09:00", "ends": "2026-03-10T12:00"},
        {"begins": "2026-03-11T09:00", "ends": "2026-03-11T12:00"},
    ]
    made = plan(world, room=room, half_days=halves)
    done(world.client("learner"), f"events/{made['id']}/booking")
    world.clock.moment = BEGINS + timedelta(hours=1)
    trainer, path = world.client("trainer"), f"events/{made['id']}"
    moved = [{"begins": "2026-03-17T09:00", "ends": "2026-03-17T12:00"}]
    assert send(trainer, path, planned(world, room=room, half_days=moved)).json["field"] == "begun"
    assert send(trainer, f"{path}/cancellation", {"why": "x"}).json["code"] == "event_over"
    admin = [str(world.people["admin"].id)]
    done(trainer, path, planned(world, room=room, half_days=[halves[0], moved[0]], trainers=admin))
    assert [half["begins_at"] for half in shown(trainer, path)["half_days"]] == ["2026-03-10T09:00", "2026-03-17T09:00"]


def test_a_correction_of_presence_takes_a_signature_back(world: World, practice: str) -> None:
    at_door(world, practice, line(world, who="learner"))
    assert sign(world, {"id": practice}, ["ticked", "ticked"]).status_code == 201
    assert state_of(world, PRACTICAL) == "done"
    seen = [{"person": str(world.people["learner"].id), "number": 1, "state": "absent"}]
    done(world.client("trainer"), f"events/{practice}/attendance", {"seen": seen, "why": "It was somebody else."})
    assert state_of(world, PRACTICAL) != "done"


def test_training_time_is_that_of_the_half_days_that_somebody_was_there(world: World, room: str) -> None:
    halves = [
        {"begins": "2026-03-10T09:00", "ends": "2026-03-10T12:00"},
        {"begins": "2026-03-10T13:00", "ends": "2026-03-10T16:00"},
    ]
    made = plan(world, room=room, half_days=halves)
    done(world.client("learner"), f"events/{made['id']}/booking")
    world.clock.moment = BEGINS
    at_door(world, made["id"], line(world, who="learner"))
    assert sign(world, made, ["ticked", "ticked"]).status_code == 201

    def minutes() -> int | None:
        with world.database.reading() as session:
            return session.scalars(select(Evidence.minutes).order_by(Evidence.id.desc())).first()

    assert minutes() == 180
    world.clock.forward(hours=5)
    at_door(world, made["id"], line(world, who="learner", number=2))
    assert minutes() == 360, "the afternoon is added when it was seen"
    assert state_of(world, PRACTICAL) == "done"


def test_another_trainer_reassesses_and_nobody_signs_for_themselves(world: World, practice: str) -> None:
    at_door(world, practice, line(world, who="learner"))
    assert sign(world, {"id": practice}, ["failed", "ticked"]).status_code == 201
    admin, person = world.client("admin"), str(world.people["learner"].id)
    body = {
        "module": PRACTICAL,
        "signed_as": "Admin",
        "people": [{"person": person, "criteria": [{"state": "ticked"}] * 2}],
        "confirmation": make_confirmation(SECRET, world.people["admin"].id),
    }
    assert (
        send(admin, f"events/{practice}/sign-offs", {**body, "version": "0" * 64}).json["code"] == "checklist_changed"
    )
    (checklist,) = shown(admin, f"events/{practice}")["checklists"]
    done(admin, f"events/{practice}/sign-offs", {**body, "version": checklist["version"]})
    assert state_of(world, PRACTICAL) == "done", "what was seen later counts, and the earlier one stays"
    own = {"person": str(world.people["admin"].id), "criteria": [{"state": "ticked"}] * 2}
    assert send(admin, f"events/{practice}/sign-offs", {**body, "people": [own]}).json["field"] == "self"


def test_a_closed_account_takes_no_place(world: World, room: str) -> None:
    made = plan(world, room=room, places=1)
    for who in ("learner", "other learner"):
        done(world.client(who), f"events/{made['id']}/booking")
    with world.database.writing() as session:
        set_active(Act(session, world.clock(), "tests"), email=world.people["learner"].email, active=False)
    person = world.people["learner"].id
    done(world.client("teacher"), f"events/{made['id']}/bookings/{person}/return")
    states = {
        entry["name"]: entry["state"] for entry in shown(world.client("teacher"), f"events/{made['id']}")["roster"]
    }
    assert states == {"Other Learner": "booked"}


def test_whoever_left_the_class_books_no_more(world: World, room: str) -> None:
    made = plan(world, room=room)
    learner = world.client("learner")
    done(learner, f"events/{made['id']}/booking")
    done(learner, f"events/{made['id']}/booking/return")
    person = world.people["learner"].id
    done(world.client("teacher"), f"classes/{world.classes['1A']}/members/{person}/removal")
    assert send(learner, f"events/{made['id']}/booking").status_code == 404


def test_places_at_the_door_are_given_at_the_door(world: World, room: str) -> None:
    made = plan(world, room=room, places=1)
    body = {"email": "learner@example.org"}
    assert send(world.client("trainer"), f"events/{made['id']}/bookings/door", body).json["code"] == "event_over"
    world.clock.moment = BEGINS + timedelta(minutes=5)
    done(world.client("trainer"), f"events/{made['id']}/bookings/door", body)
