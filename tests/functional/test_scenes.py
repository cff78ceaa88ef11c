"""What learners do in scenes counts the same by every route, and its breaches are reckoned by the server."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import delete, update

from api.core.audit import verify
from api.learning.models import Attempt, SceneRun
from api.learning.scenes import detection_of, has_critical_breach
from tests.conftest import SHIPPED, World, load_once

MODULES = {
    "changing-room": "gowning-order",
    "airlock": "cascade",
    "filling-room": "deviations",
    "loading-bay": "sparks",
    "pump": "lock-out",
}


@pytest.fixture
def rooms(make_world: Callable[..., World]) -> World:
    return make_world(load_once(SHIPPED))


def right(world: World, module: str) -> dict[str, Any]:
    quiz = world.catalogue.modules[f"rooms-to-try/{module}"].page("en").quizzes[0]
    return {question.id: question.right_response() for question in quiz.questions}


def hand_in(
    world: World,
    persona: str,
    module: str,
    answers: dict[str, Any],
    *,
    acted: Sequence[str] = (),
    route: str | None = "screen",
    key: str = "1",
) -> Any:
    caller, name = world.client(persona), f"rooms-to-try/{module}"
    begun = {"module": name, "quiz": MODULES[module], "edition": world.edition(name), "lang": "en"}
    attempt = caller.post("/api/v1/attempts", begun, key=f"start-{key}").json
    assert attempt is not None
    events = [{"what": "entered", "at": 0, "route": route}]
    events += [{"what": "acted", "at": number, "id": one} for number, one in enumerate(acted, start=1)]
    body = {"responses": answers, "edition": world.edition(name), "lang": "en"}
    if route:
        body["scene"] = {"route": route, "seconds": 30.5, "events": events}
    reply = caller.post(f"/api/v1/attempts/{attempt['id']}/submission", body, key=f"submit-{key}")
    assert reply.status_code == 200, reply.text
    return reply.json


def state(world: World, persona: str, module: str) -> str:
    reply = world.client(persona).get("/api/v1/courses/rooms-to-try/progress").json
    assert reply is not None
    return {one["id"].partition("/")[2]: str(one["state"]) for one in reply["modules"]}[module]


@pytest.mark.parametrize("module", MODULES)
def test_the_same_answers_give_the_same_result_by_every_route(rooms: World, module: str) -> None:
    answers = right(rooms, module)
    results = []
    for number, route in enumerate(("screen", "text", "headset", "ar", None)):
        found = hand_in(rooms, "learner", module, answers, route=route, key=str(number))
        assert (found["scene"] or {}).get("route") == route
        results.append((found["score"], found["passed"], [one["score"] for one in found["questions"]]))
    assert results == [results[0]] * 5
    assert results[0][:2] == (1.0, True)
    assert state(rooms, "learner", module) == "done"


def test_a_critical_breach_fails_whatever_the_answers_are(rooms: World) -> None:
    found = hand_in(rooms, "learner", "airlock", right(rooms, "airlock"), acted=["gauge-b", "door-b"])
    assert (found["score"], found["passed"], found["failed_critical"]) == (1.0, False, [])
    assert found["scene"]["breaches"] == [{"id": "door-b", "critical": True}]
    assert [one["what"] for one in found["scene"]["events"]] == ["entered", "acted", "breached", "finished"]
    assert state(rooms, "learner", "airlock") == "started"
    again = hand_in(rooms, "learner", "airlock", right(rooms, "airlock"), acted=["phone", "door-c"], key="2")
    assert (again["passed"], again["scene"]["breaches"]) == (True, [])
    assert state(rooms, "learner", "airlock") == "done"


def test_what_is_refused_and_may_be_done_later_is_a_breach_only_before(rooms: World) -> None:
    early = hand_in(rooms, "learner", "airlock", right(rooms, "airlock"), acted=["door-c", "phone", "door-c"])
    assert (early["scene"]["breaches"], early["passed"]) == ([{"id": "door-c", "critical": False}], True)
    assert [one["what"] for one in early["scene"]["events"]] == ["entered", "breached", "acted", "acted", "finished"]


HOSTILE: tuple[Any, ...] = (
    None,
    "screen",
    [],
    {},
    {"route": "dream", "seconds": 1, "events": []},
    {"route": "screen", "seconds": "long", "events": []},
    {"route": "screen", "seconds": 1, "events": "all"},
    {"route": "screen", "seconds": -1, "events": [{"what": "breached", "at": 1, "id": "door-b"}]},
    {"route": "screen", "seconds": 1e300, "events": [{"what": "acted", "at": 1e9, "id": "door-b"}], "breaches": []},
    {"route": "screen", "seconds": 1, "events": [None, 3, [], {"what": "acted"}, {"what": "acted", "at": 1, "id": 7}]},
    {"route": "screen", "seconds": 1, "events": [{"what": "acted", "at": 1, "id": "x" * 300}]},
    {"route": "screen", "seconds": 1, "events": [{"what": "acted", "at": 1, "id": "nothing"}] * 3000},
    {"route": "screen", "seconds": 1, "events": [{"what": "looked", "at": 1, "yaw": 720, "pitch": 0, "seconds": 1}]},
)


def test_no_report_of_a_scene_refuses_an_answer_or_says_what_follows_from_it(rooms: World) -> None:
    caller, name = rooms.client("learner"), "rooms-to-try/airlock"
    begun = {"module": name, "quiz": "cascade", "edition": rooms.edition(name), "lang": "en"}
    for number, scene in enumerate(HOSTILE):
        with rooms.database.writing() as session:
            session.execute(delete(SceneRun))
            session.execute(delete(Attempt))
        attempt = caller.post("/api/v1/attempts", begun, key=f"start-{number}").json
        assert attempt is not None
        body = {"responses": right(rooms, "airlock"), "edition": rooms.edition(name), "lang": "en", "scene": scene}
        reply = caller.post(f"/api/v1/attempts/{attempt['id']}/submission", body, key=f"submit-{number}")
        assert reply.status_code == 200, (scene, reply.text)
        assert reply.json is not None
        assert reply.json["passed"], scene
        found = reply.json["scene"] or {"breaches": [], "events": []}
        assert found["breaches"] == []
        assert len(found["events"]) <= 1001
        assert not [one for one in found["events"] if one["what"] not in ("acted", "finished")]


def test_faults_are_told_from_what_is_in_order(rooms: World) -> None:
    quiz = rooms.catalogue.modules["rooms-to-try/filling-room"].page("en").quizzes[0]
    right_ones = next(question for question in quiz.questions if question.id == "deviations").right_response()
    every = [str(number) for number in range(1, 21)]
    by_hand = {
        "all right": (right_ones, (8, 8, 0, 0), 3.36),
        "everything": (every, (8, 8, 0, 12), -0.18),
        "half": (right_ones[:4], (4, 8, 4, 0), 1.77),
        "nothing": ([], (0, 8, 8, 0), 0.18),
    }
    for name, (chosen, counts, d_prime) in by_hand.items():
        found = detection_of(quiz, {"deviations": chosen})
        assert found is not None
        assert (found.hits, found.faults, found.misses, found.false_alarms) == counts, name
        # By hand: z((h + 0.5) / 9) - z((f + 0.5) / 13), from a table of the normal distribution.
        assert found.d_prime == pytest.approx(d_prime, abs=0.01), name


def test_counts_of_what_was_found_come_with_the_right_answers(rooms: World) -> None:
    wrong = {**right(rooms, "filling-room"), "deviations": ["1", "2"]}
    failed = hand_in(rooms, "learner", "filling-room", {**wrong, "first": ["1"]})
    assert (failed["released"], failed["scene"]["detection"]) == (False, None)
    passed = hand_in(rooms, "learner", "filling-room", right(rooms, "filling-room"), key="2")
    assert passed["scene"]["detection"]["hits"] == 8


def test_what_was_done_is_a_part_of_the_proof(rooms: World) -> None:
    found = hand_in(rooms, "learner", "airlock", right(rooms, "airlock"), acted=["door-b"])
    with rooms.database.writing() as session:
        assert has_critical_breach(session, uuid.UUID(found["id"]))
        assert not verify(session).breaks
        session.execute(update(SceneRun).values(critical=False).execution_options(synchronize_session=False))
    with rooms.database.reading() as session:
        assert any("scene_runs" in sentence for sentence in verify(session).breaks)


def test_trainers_see_where_learners_looked_and_what_they_missed(rooms: World) -> None:
    name = "rooms-to-try/filling-room"
    wrong = {**right(rooms, "filling-room"), "deviations": ["2", "5"]}
    hand_in(rooms, "learner", "filling-room", wrong, acted=["gauge", "wipes"])
    hand_in(rooms, "learner", "filling-room", right(rooms, "filling-room"), key="2")
    hand_in(rooms, "other learner", "filling-room", right(rooms, "filling-room"), route="text")
    hand_in(rooms, "shared learner", "airlock", right(rooms, "airlock"), acted=["door-b"])

    def report(persona: str, module: str, query: str = "") -> Any:
        reply = rooms.client(persona).get(
            f"/api/v1/analysis/rooms-to-try/{module}/{MODULES[module]}/scene?lang=en{query}"
        )
        return reply.json if reply.status_code == 200 else reply.status_code

    found = report("trainer", "filling-room")
    assert (found["learners"], found["routes"], found["median_seconds"]) == (2, {"screen": 1, "text": 1}, 30.5)
    things = {thing["id"]: thing for thing in found["things"]}
    # The first time of each learner counts: one marked the gauge and the wipes, the other all eight.
    assert (things["gauge"]["fault"], things["gauge"]["marked"], things["gauge"]["acted"]) == (True, 2, 1)
    assert (things["carton"]["fault"], things["carton"]["marked"]) == (True, 1)
    assert (things["wipes"]["fault"], things["wipes"]["marked"]) == (False, 1)
    assert found["views"][0]["picture"] == "rooms-to-try/scenes/filling-room/room.webp"
    airlock = {thing["id"]: thing for thing in report("trainer", "airlock")["things"]}
    assert (airlock["door-b"]["breached"], airlock["door-b"]["fault"]) == (1, None)

    assert report("teacher", "filling-room")["learners"] == 2
    assert report("other teacher", "filling-room")["learners"] == 0
    assert report("teacher", "filling-room", f"&class_id={rooms.classes['1A']}")["learners"] == 2
    assert report("teacher", "filling-room", f"&class_id={rooms.classes['2B']}") == 404
    assert report("learner", "filling-room") == 403
    reply = rooms.client("trainer").get(f"/api/v1/analysis/{name}/deviations?lang=en")
    assert reply.json is not None
    assert (reply.json["scene"], reply.json["learners"]) == (True, 2)
    gone = rooms.client("trainer").get("/api/v1/analysis/entering-grade-b/gowning/gowning/scene?lang=en")
    assert gone.status_code == 404


def test_where_learners_looked_is_added_up(rooms: World) -> None:
    caller, name = rooms.client("learner"), "rooms-to-try/airlock"
    begun = {"module": name, "quiz": "cascade", "edition": rooms.edition(name), "lang": "en"}
    attempt = caller.post("/api/v1/attempts", begun, key="a").json
    assert attempt is not None
    events = [
        {"what": "looked", "at": at, "view": view, "yaw": yaw, "pitch": 0, "seconds": seconds}
        for at, view, yaw, seconds in (
            (0, "airlock", 0, 2),
            (2, "airlock", -180, 1.5),
            (4, "airlock", 0, 3),
            (7, "attic", 0, 9),
        )
    ]
    scene = {"route": "screen", "seconds": 8, "events": events}
    body = {"responses": {}, "edition": rooms.edition(name), "lang": "en", "scene": scene}
    assert caller.post(f"/api/v1/attempts/{attempt['id']}/submission", body, key="b").status_code == 200
    reply = rooms.client("trainer").get("/api/v1/analysis/rooms-to-try/airlock/cascade/scene?lang=en").json
    assert reply is not None
    assert reply["views"][0]["looked"] == [
        {"yaw": -180, "pitch": 0, "seconds": 1.5},
        {"yaw": 0, "pitch": 0, "seconds": 5.0},
    ]


def test_teachers_read_why_an_attempt_with_every_answer_right_did_not_pass(rooms: World) -> None:
    found = hand_in(rooms, "learner", "airlock", right(rooms, "airlock"), acted=["door-c", "door-b"])
    path = f"/api/v1/classes/{rooms.classes['1A']}/learners/{rooms.people['learner'].id}/attempts/{found['id']}"
    reply = rooms.client("teacher").get(f"{path}?lang=en").json
    assert reply is not None
    assert (reply["attempt"]["passed"], reply["attempt"]["score"]) == (False, 1.0)
    assert reply["breaches"] == [
        {"text": "Go back into the changing room", "critical": False},
        {"text": "Open the door to grade B", "critical": True},
    ]
