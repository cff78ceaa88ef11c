"""The centre against its capacity, a simulation from its own events, and the screen at the entrance."""

from __future__ import annotations

import json
from typing import Any

import pytest

from api.capacity.screen import screen_key
from tests.conftest import SECRET, World
from tests.functional.teaching import done, send, shown
from tests.functional.test_audit import verify
from tests.functional.test_events import PRACTICAL, WEBINAR, attend, plan, webinar

GOALS = {"learners": 6000, "on_site": 100_000, "live_remote": 20_000, "self_paced": 20_000, "area": 3750}
WEEK = "capacity?first=2026-03-09&last=2026-03-15"


@pytest.fixture
def room(world: World) -> str:
    body = {"name": "Clean room 1", "zone": "grade-b", "places": 8, "closed": ["2026-03-11"], "area": 60}
    return str(done(world.client("admin"), "rooms", body)["id"])


def test_a_week_of_rooms_trainers_and_places(world: World, room: str) -> None:
    admin = world.client("admin")
    done(admin, "rooms", {"name": "Hall", "zone": "hall", "places": 20})
    made = plan(world, room=room)
    other = [{"begins": "2026-03-12T13:30", "ends": "2026-03-12T17:00"}]
    gone = plan(world, room=room, half_days=other)
    done(world.client("learner"), f"events/{made['id']}/booking")
    done(world.client("other learner"), f"events/{made['id']}/booking")
    use = shown(world.client("admin"), WEEK)
    clean = next(one for one in use["rooms"] if one["name"] == "Clean room 1")
    assert (clean["open"], clean["used"], clean["area"]) == (8, 2, 60), "five days less the one on which it is closed"
    assert (clean["seats"], clean["taken"]) == (4, 2)
    assert next(one["used"] for one in use["rooms"] if one["name"] == "Hall") == 0
    assert next((one["used"], one["open"]) for one in use["trainers"] if one["name"] == "Trainer") == (2, 10)
    done(world.client("trainer"), f"events/{gone['id']}/cancellation", {"why": "The filter is changed."})
    use = shown(world.client("admin"), WEEK)
    assert next(one["used"] for one in use["rooms"] if one["name"] == "Clean room 1") == 1
    assert (use["came"], use["absent"]) == (0, 0)
    world.clock.forward(days=9)
    use = shown(world.client("admin"), WEEK)
    assert (use["came"], use["absent"]) == (0, 0), "nobody wrote down who was there"
    attend(world, made, "learner")
    use = shown(world.client("admin"), WEEK)
    assert (use["came"], use["absent"], use["excused"]) == (1, 1, 0)
    attend(world, made, "other learner", "excused")
    use = shown(world.client("admin"), WEEK)
    assert (use["came"], use["absent"], use["excused"]) == (1, 0, 1)


def test_who_is_not_there_yet_may_still_come(world: World, room: str) -> None:
    made = plan(world, room=room)
    for who in ("learner", "other learner"):
        done(world.client(who), f"events/{made['id']}/booking")
    world.clock.forward(days=8)
    assert attend(world, made, "learner").status_code == 200
    use = shown(world.client("admin"), WEEK)
    assert (use["came"], use["absent"]) == (0, 0), "it goes on until noon"
    world.clock.forward(hours=3)
    use = shown(world.client("admin"), WEEK)
    assert (use["came"], use["absent"]) == (1, 1)


def test_goals_are_said_once_and_kept(world: World) -> None:
    admin = world.client("admin")
    assert shown(admin, WEEK)["goals"]["learners"] == 0
    assert done(admin, "capacity/goals", GOALS)["area"] == 3750
    assert done(admin, "capacity/goals", {**GOALS, "learners": 7})["learners"] == 7
    assert shown(admin, WEEK)["goals"]["learners"] == 7
    assert send(admin, "capacity/goals", {**GOALS, "area": -1}).status_code == 422
    assert admin.get("/api/v1/capacity?first=2026-03-09&last=2020-03-15").status_code == 422
    assert send(world.client("trainer"), "capacity/goals", GOALS).status_code == 403
    assert not verify(world.database).breaks


def test_a_simulation_begins_with_the_centres_own_events(world: World, room: str) -> None:
    plan(world, room=room, places=6)
    halves = [{"begins": f"2026-03-{day}T09:00", "ends": f"2026-03-{day}T12:00"} for day in (17, 18)]
    webinar(world, half_days=halves, places=30)
    admin = world.client("admin")
    basis = shown(admin, "capacity/basis?lang=fr")
    needs = {one["id"]: one for one in basis["needs"]}
    assert needs[PRACTICAL]["zone"] == "grade-b"
    assert (needs[PRACTICAL]["places"], needs[PRACTICAL]["half_days"], needs[PRACTICAL]["guessed"]) == (6, 1, [])
    assert (needs[WEBINAR]["zone"], needs[WEBINAR]["half_days"], needs[WEBINAR]["places"]) == ("", 2, 30)
    assert basis["rooms"] == {"grade-b": 1}
    assert (basis["trainers"], basis["half_days"]) == (1, 522)
    path = next(one for one in basis["paths"] if PRACTICAL in one["modules"])
    body = {
        "learners": {path["id"]: 61}, "rooms": {"grade-b": 1}, "trainers": 1, "half_days": 10, "no_show": 0,
    }  # fmt: skip
    found = admin.post("/api/v1/capacity/simulations", body).json
    assert found is not None
    taking = next(one for one in found["takings"] if one["id"] == PRACTICAL)
    assert (taking["groups"], taking["half_days"]) == (11, 11)
    assert found["loads"][0]["resource"] == "trainer"
    assert (found["loads"][0]["there"], found["fits"]) == (10, False)
    assert admin.post("/api/v1/capacity/simulations", {**body, "learners": {"none": 3}}).status_code == 404
    assert admin.post("/api/v1/capacity/simulations", {**body, "no_show": 100}).status_code == 422


def test_what_no_event_says_is_guessed_and_said_so(world: World) -> None:
    needs = {one["id"]: one for one in shown(world.client("admin"), "capacity/basis")["needs"]}
    assert needs[PRACTICAL]["guessed"] == ["half_days", "places", "trainers", "zone"]


def screen_of(world: World) -> str:
    made: dict[str, Any] = done(world.client("admin"), "capacity/screen")
    return f"screens/{made['screen'].partition('#')[2]}"


def test_the_screen_shows_today_and_no_names_of_learners(world: World, room: str) -> None:
    made = plan(world, room=room)
    done(world.client("learner"), f"events/{made['id']}/booking")
    path, stranger = screen_of(world), world.client()
    assert shown(stranger, path)["events"] == [], "it is not today"
    world.clock.forward(days=8)
    (line,) = shown(stranger, f"{path}?lang=fr")["events"]
    assert (line["room"], line["trainers"], line["learners"]) == ("Clean room 1", ["Trainer"], [])
    assert "Learner" not in json.dumps(shown(stranger, path)["events"])
    done(world.client("admin"), "capacity/goals", {**GOALS, "screen_names": True})
    assert shown(stranger, path)["events"][0]["learners"] == ["Learner"]
    renewed = screen_of(world)
    assert stranger.get(f"/api/v1/{path}").status_code == 404, "the address of before"
    assert shown(stranger, renewed)["day"] == "2026-03-10"
    world.clock.forward(hours=16)
    assert shown(stranger, renewed)["events"] == [], "it is tomorrow"


def test_there_is_no_screen_before_an_address_is_made(world: World) -> None:
    for key in ("0" * 40, screen_key(SECRET, 0)):
        assert world.client().get(f"/api/v1/screens/{key}").status_code == 404
    assert shown(world.client("admin"), WEEK)["goals"]["screen"] == ""


def test_the_day_is_the_centres_own(world: World, room: str) -> None:
    plan(world, room=room, half_days=[{"begins": "2026-03-10T00:15", "ends": "2026-03-10T03:00"}])
    path = screen_of(world)
    world.clock.moment = world.clock.moment.replace(day=9, hour=22, minute=50)
    assert shown(world.client(), path)["events"] == []
    world.clock.forward(minutes=15)
    assert len(shown(world.client(), path)["events"]) == 1, "five past midnight in Brussels is 23:05 UTC"
