"""Generated from the matrix that `airlock routes` prints: every route for every persona."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from api.app import create_app
from api.core.config import Settings
from api.core.permissions import MissingPermission, RouteRule, permission_matrix
from tests.conftest import CONTENT, KINDS, PERSONAS, RIGHT_ANSWERS, SECRET, Caller, World, load_once, take_quiz

SETTINGS = Settings(url="http://127.0.0.1:8000", database_url="sqlite://", secret_key=SECRET)
MATRIX = permission_matrix(create_app(SETTINGS))
CALLERS = ("anonymous", *(name for name, _ in PERSONAS))
ROLE = dict(PERSONAS)


def example(rule: RouteRule, world: World, attempt_id: str) -> tuple[str, Any]:
    """A request that succeeds for the learner, or for whoever may call the route at all."""
    path = rule.path
    for name, value in {
        "<uuid:attempt_id>": attempt_id,
        "<string:course>": "safe-start",
        "<string:name>": "doors",
        "<path:path>": "nowhere.html",
    }.items():
        path = path.replace(name, value)
    assert "<" not in path, f"no example for {rule.path}"
    edition = world.edition(next(name for name in world.catalogue.modules if name.endswith(("/doors", "/graded"))))
    bodies: dict[str, Any] = {
        "/api/v1/attempts": {"module": "safe-start/doors", "quiz": "doors", "edition": edition, "lang": "en"},
        "/api/v1/attempts/<uuid:attempt_id>/submission": {"responses": {}, "edition": edition, "lang": "en"},
        "/api/v1/modules/<string:course>/<string:name>/reading": {"edition": edition},
        "/api/v1/invitations": {"email": "new@example.org", "name": "New", "role": "learner"},
        "/api/v1/invitations/answer": {"token": "x", "password": "a good long one"},
        "/api/v1/sign-in": {"email": "a@example.org", "password": "x"},
        "/api/v1/sign-in/link": {"token": "x"},
    }
    if rule.path == "/api/v1/attempts" and rule.method == "GET":
        path += "?module=safe-start/doors&quiz=doors"
    return path, bodies.get(rule.path, {})


def call(caller: Caller, rule: RouteRule, path: str, body: Any) -> int:
    if rule.method == "GET":
        return caller.get(path).status_code
    assert rule.method == "POST"
    return caller.post(path, body, key=f"matrix-{uuid.uuid4()}").status_code


def prepare(world: World, rule: RouteRule) -> str:
    """An attempt of the learner: open for handing in, handed in for reading."""
    learner = world.client("learner")
    if rule.endpoint == "learning.paper":
        module = "every-kind/handed-out"
        body = {"module": module, "quiz": "all", "edition": world.edition(module), "lang": "en"}
        start = learner.post("/api/v1/attempts", body, key="open")
        assert start.json is not None
        return str(start.json["id"])
    if rule.endpoint == "learning.submit":
        start = learner.post(
            "/api/v1/attempts",
            {"module": "safe-start/doors", "quiz": "doors", "edition": world.edition("safe-start/doors"), "lang": "en"},
            key="open",
        )
        assert start.json is not None
        return str(start.json["id"])
    result = take_quiz(learner, world, RIGHT_ANSWERS)
    assert result.json is not None
    return str(result.json["id"])


@pytest.mark.parametrize("rule", MATRIX, ids=lambda rule: f"{rule.method} {rule.path}")
def test_every_route_for_every_persona(rule: RouteRule, make_world: Callable[..., World]) -> None:
    """Those of papers with a quiz that hands its questions out."""
    world = make_world(catalogue=load_once(KINDS if rule.endpoint == "learning.paper" else CONTENT))
    attempt_id = prepare(world, rule)
    for name in CALLERS:
        caller = world.client(None if name == "anonymous" else name)
        path, body = example(rule, world, attempt_id)
        status = call(caller, rule, path, body)
        told = f"{name}: {status}"
        if rule.permission.roles is None:
            assert status not in (401, 403, 405, 500), told
        elif name == "anonymous":
            assert status == 401, told
        elif ROLE[name] not in rule.permission.roles:
            assert status == 403, told
        elif "<uuid:attempt_id>" in rule.path and name != "learner":
            assert status == 404, f"{told}: another person's record does not exist"
        else:
            assert status in (200, 201), told


def test_a_route_without_a_declaration_stops_the_app() -> None:
    app = create_app(SETTINGS)
    app.add_url_rule("/api/v1/undeclared", "undeclared", lambda: "open to all")
    with pytest.raises(MissingPermission, match="/api/v1/undeclared"):
        permission_matrix(app)


def test_teachers_see_the_learners_of_their_own_classes_alone(world: World) -> None:
    take_quiz(world.client("learner"), world, RIGHT_ANSWERS)
    seen = {}
    for name in ("teacher", "other teacher", "trainer", "admin"):
        caller = world.client(name)
        overview = caller.get("/api/v1/results").json
        module = caller.get("/api/v1/results/safe-start/doors").json
        assert overview is not None
        assert module is not None
        started = next(line["started"] for line in overview["modules"] if line["id"] == "safe-start/doors")
        answers = {question["answers"] for question in module["questions"]}
        seen[name] = (started, [line["name"] for line in module["learners"]], answers)
    assert seen["teacher"] == seen["trainer"] == seen["admin"] == (1, ["Learner"], {1})
    assert seen["other teacher"] == (0, [], {0})
