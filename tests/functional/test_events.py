"""Webinars and practicals: planned, booked, attended, signed off."""

from __future__ import annotations

import base64
import threading
from typing import Any

import pytest
from sqlalchemy import select

from api.accounts.act import Act
from api.accounts.operations import add_person
from api.accounts.passwords import make_confirmation
from api.core.audit import verify
from api.events.models import Attendance, Booking, Event, Occupation, SignOff
from api.evidence.models import Evidence
from tests.conftest import SECRET, Caller, World
from tests.functional.teaching import done, messages, send, shown

WEBINAR, PRACTICAL = "safe-start/talk", "safe-start/walk"


@pytest.fixture
def room(world: World) -> str:
    body = {"name": "Clean room 1", "zone": "grade-b", "places": 8, "closed": ["2026-03-25"]}
    return str(done(world.client("admin"), "rooms", body)["id"])


def planned(world: World, **more: Any) -> dict[str, Any]:
    return {
        "modules": [PRACTICAL],
        "half_days": [{"begins": "2026-03-10T09:00", "ends": "2026-03-10T12:00"}],
        "trainers": [str(world.people["trainer"].id)],
        "places": 2,
        "lang": "en",
        "classes": [str(world.classes["1A"])],
        **more,
    }


def plan(world: World, caller: str = "trainer", **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = done(world.client(caller), "events", planned(world, **more))
    return found


def webinar(world: World, **more: Any) -> dict[str, Any]:
    return plan(world, **{"modules": [WEBINAR], "link": "https://meet.example/x", **more})


def state_of(world: World, module_id: str, who: str = "learner") -> str:
    found = shown(world.client(who), "courses/safe-start/progress")["modules"]
    return str(next(line["state"] for line in found if line["id"] == module_id))


def test_an_event_is_planned_and_those_who_are_invited_see_it(world: World, room: str) -> None:
    made = plan(world, room=room)
    assert (made["kind"], made["room"], made["free"], made["trainers"]) == ("practical", "Clean room 1", 2, ["Trainer"])
    assert made["half_days"][0]["begins"].startswith("2026-03-10T08:00")
    assert made["half_days"][0]["begins_at"] == "2026-03-10T09:00"
    for who, sees in (("learner", True), ("teacher", True), ("other teacher", False), ("trainer", True)):
        assert [line["id"] for line in shown(world.client(who), "events")["events"]] == ([made["id"]] if sees else [])
    stranger = world.client("other teacher")
    assert stranger.get(f"/api/v1/events/{made['id']}").status_code == 404


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"modules": ["safe-start/doors"]}, "modules"),
        ({"modules": [PRACTICAL, WEBINAR]}, "modules"),
        ({"modules": ["nowhere/nothing"]}, "modules"),
        ({"half_days": [{"begins": "2026-03-10T12:00", "ends": "2026-03-10T09:00"}]}, "half_days"),
        ({"half_days": [{"begins": "2026-03-01T09:00", "ends": "2026-03-01T12:00"}]}, "half_days"),
        ({"half_days": [{"begins": "2026-03-10T09:00", "ends": "2026-03-11T09:00"}]}, "half_days"),
        (
            {
                "half_days": [
                    {"begins": "2026-03-10T09:00", "ends": "2026-03-10T12:00"},
                    {"begins": "2026-03-10T11:00", "ends": "2026-03-10T14:00"},
                ]
            },
            "half_days",
        ),
        ({"half_days": [{"begins": "2026-02-30T09:00", "ends": "2026-02-30T12:00"}]}, "half_days"),
        ({"places": 0}, "places"),
        ({"places": 9}, "places"),
        ({"trainers": []}, "trainers"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"cancel_until": "2026-03-11T09:00"}, "cancel_until"),
        ({"timezone": "Factory"}, "timezone"),
    ],
)
def test_a_plan_that_cannot_be_says_which_part_of_it(world: World, room: str, more: dict[str, Any], field: str) -> None:
    reply = send(world.client("trainer"), "events", planned(world, **{"room": room, **more}))
    assert (reply.status_code, reply.json["field"]) == (422, field)
    assert shown(world.client("trainer"), "events")["events"] == []


def test_a_closed_room_a_room_and_a_trainer_that_are_taken(world: World, room: str) -> None:
    day = [{"begins": "2026-03-25T09:00", "ends": "2026-03-25T12:00"}]
    reply = send(world.client("trainer"), "events", planned(world, room=room, half_days=day))
    assert (reply.status_code, reply.json["code"], reply.json["day"]) == (409, "room_closed", "2026-03-25")
    first = plan(world, room=room)
    admin = str(world.people["admin"].id)
    half = [{"begins": "2026-03-10T11:00", "ends": "2026-03-10T14:00"}]
    reply = send(world.client("admin"), "events", planned(world, room=room, trainers=[admin], half_days=half))
    assert (reply.json["code"], reply.json["resource"], reply.json["name"]) == ("taken", "room", "Clean room 1")
    reply = send(world.client("admin"), "events", planned(world, link="https://meet.example/x", half_days=half))
    assert (reply.json["code"], reply.json["resource"], reply.json["name"]) == ("taken", "person", "Trainer")
    # One after the other is no clash; what was cancelled takes nothing.
    after = [{"begins": "2026-03-10T12:00", "ends": "2026-03-10T14:00"}]
    plan(world, room=room, half_days=after)
    done(world.client("trainer"), f"events/{first['id']}/cancellation", {"why": "The filter is changed."})
    plan(world, room=room)


def test_of_two_who_plan_the_same_room_at_once_one_gets_it(world: World, room: str) -> None:
    ready, replies = threading.Barrier(2), {}
    callers = {name: world.client(name) for name in ("trainer", "admin")}

    def work(name: str) -> None:
        body = planned(world, room=room, trainers=[str(world.people[name].id)])
        ready.wait()
        replies[name] = send(callers[name], "events", body)

    threads = [threading.Thread(target=work, args=(name,)) for name in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(reply.status_code for reply in replies.values()) == [201, 409]
    with world.database.reading() as session:
        assert len(list(session.scalars(select(Event)))) == 1
        assert len(list(session.scalars(select(Occupation)))) == 2
        assert verify(session).breaks == ()


def test_places_are_booked_given_back_and_move_up(world: World, room: str) -> None:
    made = plan(world, room=room, places=1)
    path = f"events/{made['id']}/booking"
    learner, other = world.client("learner"), world.client("other learner")
    done(learner, path)
    done(learner, path)
    done(other, path)
    assert [line["mine"] for line in shown(learner, "events")["events"]] == ["booked"]
    assert [(line["mine"], line["free"]) for line in shown(other, "events")["events"]] == [("waiting", 0)]
    assert sorted(message.kind for message in messages(world)) == ["booked", "waiting"]
    done(learner, f"{path}/return", {"why": "ill"})
    assert [line["mine"] for line in shown(other, "events")["events"]] == ["booked"]
    assert sorted(message.kind for message in messages(world)) == ["booked", "booked", "given-back", "waiting"]
    assert send(learner, f"{path}/return").json["code"] == "not_booked"
    world.clock.forward(days=9)
    assert send(learner, path).json["code"] == "event_over"


def test_without_a_waiting_list_a_full_event_is_full(world: World, room: str) -> None:
    made = plan(world, room=room, places=1, has_waiting_list=False)
    done(world.client("learner"), f"events/{made['id']}/booking")
    assert send(world.client("other learner"), f"events/{made['id']}/booking").json["code"] == "event_full"


def test_of_fifty_who_race_for_the_last_place_one_gets_it(world: World, room: str) -> None:
    made = plan(world, room=room, places=1, open_to_all=True)
    callers: list[Caller] = []
    for number in range(50):
        with world.database.writing() as session:
            act = Act(session, world.clock(), "tests")
            person = add_person(act, email=f"racer{number}@example.org", name=f"Racer {number}", role="learner")
        world.people[f"racer {number}"] = person
        callers.append(world.client(f"racer {number}"))
    ready, replies = threading.Barrier(len(callers)), []

    def work(caller: Caller) -> None:
        ready.wait()
        replies.append(send(caller, f"events/{made['id']}/booking").status_code)

    threads = [threading.Thread(target=work, args=(caller,)) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert replies == [200] * 50
    with world.database.reading() as session:
        states = sorted(session.scalars(select(Booking.state).where(Booking.event_id.is_not(None))))
    assert states == ["booked"] + ["waiting"] * 49


def test_moving_and_cancelling_tell_everybody_with_the_reason(world: World, room: str) -> None:
    made = plan(world, room=room)
    done(world.client("learner"), f"events/{made['id']}/booking")
    later = [{"begins": "2026-03-11T09:00", "ends": "2026-03-11T12:00"}]
    done(world.client("trainer"), f"events/{made['id']}", planned(world, room=room, half_days=later, places=1))
    done(world.client("trainer"), f"events/{made['id']}/cancellation", {"why": "The filter is changed."})
    kinds = {message.kind: message.data for message in messages(world)}
    assert set(kinds) == {"booked", "moved", "cancelled"}
    assert kinds["moved"]["begins"].startswith("2026-03-11")
    assert kinds["cancelled"]["why"] == "The filter is changed."
    (line,) = shown(world.client("learner"), "events")["events"]
    assert (line["cancelled_why"], line["half_days"][0]["begins_at"]) == ("The filter is changed.", "2026-03-11T09:00")
    assert send(world.client("trainer"), f"events/{made['id']}/cancellation", {"why": "x"}).json["code"] == "event_over"


def test_fewer_places_than_are_booked_are_refused_and_more_move_up(world: World, room: str) -> None:
    made = plan(world, room=room, places=2)
    for who in ("learner", "other learner", "shared learner"):
        done(world.client(who), f"events/{made['id']}/booking")
    reply = send(world.client("trainer"), f"events/{made['id']}", planned(world, room=room, places=1))
    assert (reply.status_code, reply.json["field"]) == (422, "places")
    done(world.client("trainer"), f"events/{made['id']}", planned(world, room=room, places=3))
    assert [line["mine"] for line in shown(world.client("shared learner"), "events")["events"]] == ["booked"]


def test_teachers_book_their_learners_and_see_nobody_else(world: World, room: str) -> None:
    made = plan(world, room=room, places=8, classes=list(map(str, world.classes.values())))
    teacher, ids = world.client("teacher"), {name: str(person.id) for name, person in world.people.items()}
    done(teacher, f"events/{made['id']}/bookings", {"people": [ids["learner"], ids["other learner"]]})
    assert send(teacher, f"events/{made['id']}/bookings", {"people": [ids["admin"]]}).status_code == 404
    done(world.client("trainer"), f"events/{made['id']}/bookings", {"people": [ids["admin"]]})
    seen = shown(teacher, f"events/{made['id']}")
    assert [line["name"] for line in seen["roster"]] == ["Learner", "Other Learner"]
    assert seen["meeting"] == ""
    assert len(shown(world.client("trainer"), f"events/{made['id']}")["roster"]) == 3


def attend(world: World, made: dict[str, Any], who: str, state: str = "present", number: int = 1) -> Any:
    seen = [{"person": str(world.people[who].id), "number": number, "state": state}]
    return send(world.client("trainer"), f"events/{made['id']}/attendance", {"seen": seen, "why": "I saw it."})


def test_a_webinar_is_done_by_whoever_was_there_in_every_half_day(world: World) -> None:
    halves = [
        {"begins": "2026-03-10T09:00", "ends": "2026-03-10T12:00"},
        {"begins": "2026-03-11T09:00", "ends": "2026-03-11T12:00"},
    ]
    made = webinar(world, half_days=halves)
    done(world.client("learner"), f"events/{made['id']}/booking")
    assert attend(world, made, "learner").json["code"] == "event_over", "it does not begin yet"
    world.clock.forward(days=8, hours=2)
    assert attend(world, made, "other learner").json["code"] == "not_booked"
    assert attend(world, made, "learner").status_code == 200
    assert state_of(world, WEBINAR) == "open"
    world.clock.forward(days=1)
    assert attend(world, made, "learner", number=2).status_code == 200
    assert state_of(world, WEBINAR) == "done"
    assert attend(world, made, "learner", "absent", number=2).status_code == 200
    assert state_of(world, WEBINAR) != "done", "a correction takes it back"
    assert attend(world, made, "learner", number=2).status_code == 200
    assert state_of(world, WEBINAR) == "done"
    with world.database.reading() as session:
        lines = [line.what for line in session.scalars(select(Evidence).order_by(Evidence.id))]
        assert lines == ["attended", "withdrawn", "attended"]
        newest = session.scalars(select(Evidence).order_by(Evidence.id.desc())).first()
        assert newest is not None
        assert (newest.minutes, newest.hours) == (360, "live-remote")
        assert len(list(session.scalars(select(Attendance)))) == 4
        assert verify(session).breaks == ()


def test_the_way_in_is_for_those_with_a_place_and_opens_in_time(world: World) -> None:
    made = webinar(world)
    learner = world.client("learner")
    done(learner, f"events/{made['id']}/booking")

    def link(who: str) -> str:
        return str(shown(world.client(who), "events")["events"][0]["link"])

    assert link("learner") == ""
    world.clock.forward(days=7, hours=22, minutes=45)
    assert (link("learner"), link("other learner")) == ("https://meet.example/x", "")


def test_an_attendance_file_is_shown_then_written_once(world: World) -> None:
    made = webinar(world)
    for who in ("learner", "other learner"):
        done(world.client(who), f"events/{made['id']}/booking")
    world.clock.forward(days=8, hours=4)
    text = (
        "Name,Email,Join time,Leave time,Duration (minutes)\n"
        "Learner,learner@example.org,10/03/2026 08:58:00,10/03/2026 11:59:00,181\n"
        "Learner Other,,10/03/2026 09:00:00,10/03/2026 10:00:00,60\n"
        "Nobody Known,,10/03/2026 09:00:00,10/03/2026 10:00:00,60\n"
        "Early Bird,,10/03/2026 06:00:00,10/03/2026 07:00:00,60\n"
    )
    file = base64.b64encode(text.encode()).decode()
    trainer, path = world.client("trainer"), f"events/{made['id']}/attendance-file"
    found = done(trainer, f"{path}/preview", {"file": file, "order": "dmy"})
    by_name = {one["names"][0]: one for one in found["attendees"]}
    assert (by_name["Learner"]["match"], by_name["Learner"]["by"]) == (str(world.people["learner"].id), "email")
    assert by_name["Learner Other"]["candidates"] == [str(world.people["other learner"].id)]
    assert [(row["names"], row["reason"]) for row in found["unused"]] == [(["Early Bird"], "outside")]
    matches = {by_name["Learner Other"]["key"]: by_name["Learner Other"]["candidates"][0]}
    body = {"file": file, "order": "dmy", "matches": matches}
    assert done(trainer, path, body) == {"added": 2}
    assert done(trainer, path, body) == {"added": 0}, "the same file again changes nothing"
    assert state_of(world, WEBINAR) == "done"
    assert state_of(world, WEBINAR, "other learner") == "open", "an hour of three is too little"
    page = base64.b64encode(b"<html>Sign in</html>").decode()
    reply = send(trainer, f"{path}/preview", {"file": page})
    assert (reply.status_code, reply.json["reason"]) == (422, "web-page")


def sign(world: World, made: dict[str, Any], states: list[str], who: str = "learner", **more: Any) -> Any:
    criteria = [{"state": state, "remark": ""} for state in states]
    people = [{"person": str(world.people[who].id), "criteria": criteria}]
    confirmation = make_confirmation(SECRET, world.people["trainer"].id)
    body = {"module": PRACTICAL, "signed_as": "trainer", "people": people, "confirmation": confirmation, **more}
    return send(world.client("trainer"), f"events/{made['id']}/sign-offs", body)


def test_a_practical_is_done_by_a_signature_under_its_whole_checklist(world: World, room: str) -> None:
    made = plan(world, room=room)
    done(world.client("learner"), f"events/{made['id']}/booking")
    world.clock.forward(days=8, hours=2)
    (checklist,) = shown(world.client("trainer"), f"events/{made['id']}")["checklists"]
    good = ["ticked"] * len(checklist["lines"])
    assert sign(world, made, good).json["code"] == "not_booked", "who was not checked in is not signed off"
    attend(world, made, "learner")
    assert state_of(world, PRACTICAL) == "open", "being there is not enough"
    assert sign(world, made, good[1:]).json["field"] == "criteria"
    assert sign(world, made, good, signed_as="Somebody Else").json["field"] == "signed_as"
    assert sign(world, made, ["failed", *good[1:]]).status_code == 201
    assert state_of(world, PRACTICAL) == "open"
    assert sign(world, made, good).status_code == 201
    assert state_of(world, PRACTICAL) == "done"
    (line,) = shown(world.client("trainer"), f"events/{made['id']}")["roster"]
    assert [(one["passed"], one["signed_as"]) for one in line["signed"]] == [(True, "Trainer")]
    assert sign(world, made, ["failed", *good[1:]]).status_code == 201
    assert state_of(world, PRACTICAL) != "done", "a correction is one more line"
    with world.database.reading() as session:
        assert [one.passed for one in session.scalars(select(SignOff).order_by(SignOff.id))] == [False, True, False]
        assert verify(session).breaks == ()


def test_what_was_signed_shows_in_the_matrix_and_at_home(world: World, room: str) -> None:
    made = plan(world, room=room)
    done(world.client("learner"), f"events/{made['id']}/booking")
    world.clock.forward(days=8, hours=2)
    attend(world, made, "learner")
    (checklist,) = shown(world.client("trainer"), f"events/{made['id']}")["checklists"]
    sign(world, made, ["ticked"] * len(checklist["lines"]))
    matrix = shown(world.client("teacher"), f"classes/{world.classes['1A']}/matrix")
    place = [module["id"] for module in matrix["modules"]].index(PRACTICAL)
    row = next(line for line in matrix["learners"] if line["name"] == "Learner")
    assert row["cells"][place]["state"] == "done"


def test_the_matrix_says_what_became_of_a_place(world: World, room: str) -> None:
    teacher, learner, path = world.client("teacher"), world.client("learner"), f"classes/{world.classes['1A']}/matrix"

    def state() -> str:
        matrix = shown(teacher, path)
        place = [module["id"] for module in matrix["modules"]].index(PRACTICAL)
        return str(next(line for line in matrix["learners"] if line["name"] == "Learner")["cells"][place]["state"])

    def tag() -> str:
        return teacher.get(f"/api/v1/{path}").headers["ETag"]

    def later() -> None:
        nonlocal teacher
        world.clock.forward(days=8, hours=2)
        teacher = world.client("teacher")
        attend(world, made, "learner", "absent")

    made, seen, tags = plan(world, room=room, places=1), [state()], [tag()]
    done(world.client("other learner"), f"events/{made['id']}/booking")
    for act in (
        lambda: done(learner, f"events/{made['id']}/booking"),
        lambda: done(world.client("other learner"), f"events/{made['id']}/booking/return"),
        later,
        lambda: attend(world, made, "learner", "excused"),
        lambda: attend(world, made, "learner"),
    ):
        act()
        seen.append(state())
        tags.append(tag())
    assert seen == ["elsewhere", "waiting", "booked", "absent", "excused", "attended"]
    assert len(set(tags)) == len(tags), "a table that was looked at before is looked at again"


def test_retries_leave_one_row(world: World, room: str) -> None:
    trainer, body = world.client("trainer"), planned(world, room=room)
    first = trainer.post("/api/v1/events", body, key="same")
    again = trainer.post("/api/v1/events", body, key="same")
    assert first.json == again.json
    learner = world.client("learner")
    path = f"/api/v1/events/{first.json['id']}/booking"  # type: ignore[index]
    assert [learner.post(path, key="k").status_code for _ in range(3)] == [200] * 3
    assert len(messages(world, "booked")) == 1
