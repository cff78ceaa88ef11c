"""Applications that are not ours: launched in a browser, begun with a code on a headset, and what they report."""

from __future__ import annotations

import json
import shutil
import uuid
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select

from api.applications import store
from api.applications.cmi5 import CATEGORY, MASTERY, MOVE_ON, SESSION, VERBS
from api.applications.models import KeptStatement, Launch
from api.evidence.models import Evidence
from site_builder.compiling.loader import load
from tests.conftest import CONTENT, World
from tests.functional.teaching import done, send, shown
from tests.functional.test_audit import verify
from tests.functional.test_events import state_of

MODULE = "safe-start/lock-out"
PAGE = """---
title: Lock-out in the headset
kind: simulation
minutes: 10
application:
  id: https://publisher.example/units/lock-out
  url: https://vr.example.org/lock-out/?scene=2
  mastery: 80%
  parameters: level=2
---

Put the headset on.
"""
URL = "https://vr.example.org/lock-out/?scene=2"
HEADERS = {"X-Experience-API-Version": "1.0.3"}


def add_unit(folder: Path, url: str) -> Path:
    """The tests' content, with a unit that is launched somewhere."""
    content = Path(shutil.copytree(CONTENT, folder / "content"))
    index = content / "safe-start" / "index.md"
    index.write_text(index.read_text().replace("talk, walk]", "talk, walk, lock-out]"))
    (content / "safe-start" / "lock-out.md").write_text(PAGE.replace(URL, url))
    return content


@pytest.fixture(scope="module")
def content_with_unit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return add_unit(tmp_path_factory.mktemp("unit"), URL)


@pytest.fixture
def world(make_world: Callable[..., World], content_with_unit: Path) -> World:
    loaded = load(content_with_unit)
    assert not loaded.problems
    return make_world(catalogue=loaded.catalogue)


class Unit:
    """A client of its own: it speaks cmi5 as the specification has it, and knows nothing of the server's code."""

    def __init__(self, world: World, url: str = "", **given: str) -> None:
        self.http = world.app.test_client()
        query = parse_qs(urlsplit(url).query)
        known = {name: values[0] for name, values in query.items()} | given
        self.endpoint = urlsplit(known["endpoint"]).path.rstrip("/")
        self.fetch = urlsplit(known.get("fetch", ""))
        self.actor, self.registration = json.loads(known["actor"]), known["registration"]
        self.activity, self.key = known["activityId"], known.get("auth-token", "")
        self.data: dict[str, Any] = {}

    @classmethod
    def of_device(cls, world: World) -> Unit:
        """One that has a device's key, and was not launched."""
        key = done(world.client("admin"), "devices", {"name": "Bench"})["key"]
        given = {"endpoint": "http://x/api/v1/xapi/", "actor": "{}", "registration": "", "activityId": ""}
        return cls(world, **given, **{"auth-token": b64encode(key.encode()).decode()})

    def fetched(self) -> Any:
        reply = self.http.post(f"{self.fetch.path}?{self.fetch.query}")
        assert reply.status_code == 200
        self.key = (reply.json or {}).get("auth-token", self.key)
        return reply.json

    def call(self, method: str, resource: str, query: dict[str, str] | None = None, **more: Any) -> Any:
        headers = {**HEADERS, "Authorization": f"Basic {self.key}", **more.pop("headers", {})}
        return self.http.open(f"{self.endpoint}/{resource}", method=method, query_string=query, headers=headers, **more)

    @property
    def place(self) -> dict[str, str]:
        return {"activityId": self.activity, "agent": json.dumps(self.actor), "registration": self.registration}

    def prepare(self) -> None:
        self.data = self.call("GET", "activities/state", {**self.place, "stateId": "LMS.LaunchData"}).json

    def preferences(self) -> Any:
        wanted = {"agent": json.dumps(self.actor), "profileId": "cmi5LearnerPreferences"}
        return self.call("GET", "agents/profile", wanted)

    def begin(self) -> None:
        self.prepare()
        assert self.preferences().status_code == 200
        assert self.say("initialized").status_code == 200

    def statement(self, verb: str, **result: Any) -> dict[str, Any]:
        template = self.data["contextTemplate"]
        told = {MASTERY: self.data["masteryScore"]} if verb in ("passed", "failed") else {}
        category = [{"id": CATEGORY}, *([{"id": MOVE_ON}] if {"success", "completion"} & set(result) else [])]
        return {
            "id": str(uuid.uuid4()),
            "actor": self.actor,
            "verb": {"id": VERBS.get(verb, verb)},  # type: ignore[call-overload]
            "object": {"id": self.activity},
            "timestamp": "2026-03-02T09:10:00Z",
            "context": {
                "extensions": {**template["extensions"], **told},
                "registration": self.registration,
                "contextActivities": {**template["contextActivities"], "category": category},
            },
            **({"result": result} if result else {}),
        }

    def send(self, *statements: dict[str, Any]) -> Any:
        return self.call("POST", "statements", json=list(statements))

    def say(self, verb: str, **result: Any) -> Any:
        return self.send(self.statement(verb, **result))

    def passes(self, scaled: float = 0.9) -> Any:
        return self.say("passed", success=True, score={"scaled": scaled}, duration="PT5M")


def launch(world: World, who: str = "learner", **more: Any) -> Any:
    body = {"module": MODULE, "edition": world.edition(MODULE), "back": "/safe-start/lock-out/", **more}
    return send(world.client(who), "launches", body)


def launched(world: World, who: str = "learner") -> Unit:
    unit = Unit(world, launch(world, who).json["url"])
    assert set(unit.fetched()) == {"auth-token"}
    unit.begin()
    return unit


def lines(world: World) -> list[tuple[str, float | None, str]]:
    with world.database.reading() as session:
        rows = session.scalars(select(Evidence).where(Evidence.module_id == MODULE)).all()
        return [(row.what, row.score, row.source.partition(":")[0]) for row in rows]


def test_a_unit_is_launched_reports_and_completes_its_module(world: World) -> None:
    reply = launch(world)
    assert reply.status_code == 201
    url = urlsplit(reply.json["url"])
    assert (url.scheme, url.hostname, url.path) == ("https", "vr.example.org", "/lock-out/")
    assert set(parse_qs(url.query)) == {"scene", "endpoint", "fetch", "actor", "registration", "activityId"}
    unit = Unit(world, reply.json["url"])
    assert str(world.people["learner"].id) in unit.actor["account"]["name"]
    assert "learner" not in json.dumps(unit.actor).lower(), "no name, no address"
    assert set(unit.fetched()) == {"auth-token"}
    assert unit.fetched()["error-code"] == "1", "a key is given once"
    unit.begin()
    assert unit.data["masteryScore"] == 0.8
    assert (unit.data["moveOn"], unit.data["launchParameters"]) == ("Passed", "level=2")
    assert unit.data["returnURL"].endswith("/safe-start/lock-out/")
    assert "languagePreference" in unit.preferences().json
    assert state_of(world, MODULE) != "done"
    assert unit.send({**unit.statement("https://example.org/looked"), "context": _plain(unit)}).status_code == 200
    assert unit.passes().status_code == 200
    assert state_of(world, MODULE) == "done"
    assert lines(world) == [("result", 0.9, "launch")]
    said = unit.call("GET", "statements", {"ascending": "true"}).json["statements"]
    assert unit.say("terminated", duration="PT6M").status_code == 200
    assert unit.call("GET", "statements").status_code == 401, "terminated is the end of a session, and of its key"
    names = [one["verb"]["id"].rpartition("/")[2] for one in said]
    assert names == ["launched", "initialized", "looked", "passed", "satisfied"]
    assert {one["context"]["extensions"][SESSION] for one in said} == {
        unit.data["contextTemplate"]["extensions"][SESSION]
    }
    (line,) = shown(world.client("learner"), f"launches?module={MODULE}")["launches"]
    assert (line["said"], line["score"]) == (["initialized", "passed", "terminated"], 0.9)
    assert shown(world.client("other learner"), f"launches?module={MODULE}")["launches"] == []
    assert not verify(world.database).breaks


def _plain(unit: Unit) -> dict[str, Any]:
    return {**unit.data["contextTemplate"], "registration": unit.registration}


def test_a_retry_after_a_lost_reply_is_one_statement(world: World) -> None:
    unit = launched(world)
    passed = unit.statement("passed", success=True, duration="PT1M")
    replies = [unit.send(passed) for _ in range(3)]
    assert {reply.status_code for reply in replies} == {200}
    assert {tuple(reply.json) for reply in replies} == {(passed["id"],)}
    assert lines(world) == [("result", None, "launch")]
    changed = {**passed, "result": {**passed["result"], "duration": "PT2M"}}
    assert unit.send(changed).status_code == 409, "what was taken is not said in another way"


@pytest.mark.parametrize(
    ("why", "change"),
    [
        ("another learner", lambda one: one["actor"]["account"].update(name=str(uuid.uuid4()))),
        ("another registration", lambda one: one["context"].update(registration=str(uuid.uuid4()))),
        ("another session", lambda one: one["context"]["extensions"].update({SESSION: "x"})),
        ("another object", lambda one: one["object"].update(id="https://example.org/other")),
        ("no publisher", lambda one: one["context"]["contextActivities"].pop("grouping")),
        ("no success", lambda one: one["result"].pop("success")),
        ("another mastery score", lambda one: one["context"]["extensions"].update({MASTERY: 0.7})),
        ("moveon without cmi5", lambda one: one["context"]["contextActivities"].update(category=[{"id": MOVE_ON}])),
        ("no duration", lambda one: one["result"].pop("duration")),
        ("below the mastery score", lambda one: one["result"].update(score={"scaled": 0.79})),
        ("no moveon", lambda one: one["context"]["contextActivities"].update(category=[{"id": CATEGORY}])),
        ("no timestamp", lambda one: one.pop("timestamp")),
        ("another zone", lambda one: one.update(timestamp="2026-03-02T10:10:00+01:00")),
        ("no id", lambda one: one.pop("id")),
        ("a verb of the launcher's", lambda one: one["verb"].update(id=VERBS["satisfied"])),
        ("taking back", lambda one: one.update(verb={"id": "http://adlnet.gov/expapi/verbs/voided"}, object={
            "objectType": "StatementRef", "id": str(uuid.uuid4())})),
    ],
)  # fmt: skip
def test_what_is_against_the_rules_is_refused_and_changes_nothing(world: World, why: str, change: Any) -> None:
    unit = launched(world)
    one = json.loads(json.dumps(unit.statement("passed", success=True, duration="PT1M")))
    change(one)
    allowed = {**unit.statement("https://example.org/before"), "context": _plain(unit)}
    assert unit.send({**allowed, "id": str(uuid.uuid4())}).status_code == 200, "by itself it is taken"
    reply = unit.send(allowed, one)
    assert (why, reply.status_code) == (why, 403)
    assert len(reply.text) > 20, "it says why"
    assert lines(world) == []
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(KeptStatement)) == 3, "a batch is taken whole or not"


def test_the_order_within_a_session_and_a_registration(world: World) -> None:
    unit = Unit(world, launch(world).json["url"])
    unit.fetched()
    unit.prepare()
    assert unit.passes().status_code == 403, "initialized comes first"
    assert unit.say("initialized").status_code == 403, "and before it one reads what the learner prefers"
    assert unit.send({**unit.statement("https://example.org/looked"), "context": _plain(unit)}).status_code == 403
    unit.begin()
    assert unit.say("initialized").status_code == 403
    assert unit.say("failed", success=False, score={"scaled": 0.5}, duration="PT1M").status_code == 200
    assert unit.passes().status_code == 403, "one of the two in a session"
    again = launched(world)
    assert again.registration == unit.registration
    assert unit.say("terminated", duration="PT1M").status_code == 401, "another session was begun"
    assert unit.call("GET", "statements").status_code == 401
    said = again.call("GET", "statements", {"verb": VERBS["abandoned"]}).json["statements"]
    assert [one["result"]["duration"][:2] for one in said] == ["PT"]
    assert again.passes().status_code == 200
    third = launched(world)
    assert third.passes().status_code == 403, "passed once is enough"
    assert third.say("failed", success=False, duration="PT1M").status_code == 403
    assert third.say("completed", completion=True, duration="PT1M").status_code == 200
    assert lines(world) == [("result", 0.9, "launch")]
    satisfied = third.call("GET", "statements", {"verb": VERBS["satisfied"]}).json["statements"]
    assert len(satisfied) == 1


def test_a_headset_takes_a_code(world: World) -> None:
    admin = world.client("admin")
    device = done(admin, "devices", {"name": "Headset 3"})
    key = b64encode(device["key"].encode()).decode()
    assert device["key"] not in json.dumps(shown(admin, "devices")), "a key is shown once"
    begun = launch(world, code=True).json
    assert begun["url"] == ""

    def take(code: str, key: str = key) -> Any:
        headers = {**HEADERS, "Authorization": f"Basic {key}"}
        return world.app.test_client().post("/api/v1/xapi/codes", json={"code": code}, headers=headers)

    assert take("WRONGONE").status_code == 404
    assert take(begun["code"], "bm9ib2R5OngK").status_code == 401
    reply = take(begun["code"].lower())
    assert (reply.status_code, "fetch" in reply.json) == (200, False)
    assert take(begun["code"]).status_code == 404, "a code is taken once"
    unit = Unit(world, **reply.json)
    unit.begin()
    assert unit.passes().status_code == 200
    assert lines(world) == [("result", 0.9, "launch")]
    old = launch(world, "other learner", code=True).json
    world.clock.forward(minutes=16)
    assert take(old["code"]).status_code == 404, "a code is typed at once"
    open_ = launch(world, "other learner", code=True).json
    other = Unit(world, **take(open_["code"]).json)
    other.begin()
    done(admin, f"devices/{device['id']}/revocation")
    assert other.passes().status_code == 401, "a revoked device's sessions are over"
    assert take(launch(world, code=True).json["code"]).status_code == 401
    (line,) = shown(admin, "devices")["devices"]
    assert line["revoked_at"]
    assert line["used_at"]
    assert not verify(world.database).breaks


def test_nobody_reads_across(world: World) -> None:
    mine, theirs = launched(world), launched(world, "other learner")
    assert theirs.call("GET", "statements", {"registration": mine.registration}).json["statements"] == []
    assert theirs.call("GET", "activities/state", {**mine.place, "stateId": "LMS.LaunchData"}).status_code == 403
    assert theirs.call("PUT", "activities/state", {**mine.place, "stateId": "x"}, data=b"x").status_code == 403
    wanted = {"agent": json.dumps(mine.actor), "profileId": "cmi5LearnerPreferences"}
    assert theirs.call("GET", "agents/profile", wanted).status_code == 403
    mine.key = b64encode(b"x:y").decode()
    assert mine.call("GET", "statements").status_code == 401
    assert world.client("admin").get("/api/v1/xapi/statements", headers=HEADERS).status_code == 401, (
        "a cookie is no key"
    )


def test_documents_are_the_units_own_but_what_it_is_launched_with(world: World) -> None:
    unit = launched(world)
    data = {**unit.place, "stateId": "LMS.LaunchData"}
    assert unit.call("PUT", "activities/state", data, json={"moveOn": "Completed"}).status_code == 403
    assert unit.call("DELETE", "activities/state", unit.place).status_code == 403
    liked = {"agent": json.dumps(unit.actor), "profileId": "cmi5LearnerPreferences"}
    assert unit.call("PUT", "agents/profile", liked, json={"audioPreference": "off"}).status_code == 403
    place = {**unit.place, "stateId": "bookmark"}
    assert unit.call("PUT", "activities/state", place, json={"page": 1, "a": 1}).status_code == 204
    assert unit.call("POST", "activities/state", place, json={"page": 2}).status_code == 204
    found = unit.call("GET", "activities/state", place)
    assert found.json == {"page": 2, "a": 1}
    assert found.headers["Content-Disposition"] == "attachment", "it is no page of this origin"
    assert sorted(unit.call("GET", "activities/state", unit.place).json) == ["LMS.LaunchData", "bookmark"]
    assert unit.call("DELETE", "activities/state", place).status_code == 204
    assert unit.call("GET", "activities/state", place).status_code == 404
    assert unit.call("PUT", "activities/state", place, data=b"x" * 200_001).status_code == 413


def test_pages_of_other_origins_may_call_with_a_key_and_with_nothing_else(world: World) -> None:
    unit = launched(world)
    headers = {"Origin": "https://vr.example.org", "Sec-Fetch-Site": "cross-site"}
    assert unit.call("GET", "statements", headers=headers).headers["Access-Control-Allow-Origin"] == "*"
    doubled = unit.http.get("/api/v1/xapi//statements", headers={**HEADERS, "Authorization": f"Basic {unit.key}"})
    assert doubled.status_code == 200, "a slash behind the slash of the endpoint"
    preflight = unit.http.options("/api/v1/xapi/statements", headers=headers)
    assert (preflight.status_code, preflight.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in preflight.headers
    one = unit.statement("https://example.org/looked")
    one["context"] = _plain(unit)
    assert unit.call("POST", "statements", json=one, headers=headers).status_code == 200
    other = world.client("learner").post("/api/v1/launches", {}, headers=headers)
    assert other.status_code == 403, "every other route refuses them"


def test_a_device_keeps_statements_of_its_own(world: World) -> None:
    key = done(world.client("admin"), "devices", {"name": "Bench"})["key"]
    unit = launched(world)
    unit.key = b64encode(key.encode()).decode()
    one = {
        "actor": {"mbox": "mailto:a@example.org"},
        "verb": {"id": "https://e.org/v"},
        "object": {"id": "https://e.org/o"},
    }
    named = str(uuid.uuid4())
    assert unit.call("PUT", "statements", {"statementId": named}, json=one).status_code == 204
    assert unit.call("PUT", "statements", {"statementId": named}, json=one).status_code == 204
    assert (
        unit.call("GET", "statements", {"statementId": named})
        .json["authority"]["account"]["name"]
        .startswith("device:")
    )
    back = {
        **one,
        "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"},
        "object": {"objectType": "StatementRef", "id": named},
    }
    assert unit.send(back).status_code == 200
    assert unit.call("GET", "statements", {"statementId": named}).status_code == 404
    assert unit.call("GET", "statements", {"voidedStatementId": named}).status_code == 200
    assert len(unit.call("GET", "statements").json["statements"]) == 1
    for number in range(5):
        assert unit.send({**one, "object": {"id": f"https://e.org/{number}"}}).status_code == 200
    first: Any = unit.call("GET", "statements", {"limit": "4"}).json
    more: Any = unit.http.get(first["more"], headers={**HEADERS, "Authorization": f"Basic {unit.key}"}).json
    assert (len(first["statements"]), len(more["statements"]), more["more"]) == (4, 2, "")
    assert lines(world) == []


def test_without_an_application_nothing_is_launched(world: World) -> None:
    body = {"module": "safe-start/doors", "edition": world.edition("safe-start/doors")}
    assert send(world.client("learner"), "launches", body).json["code"] == "not_launched"
    body = {"module": MODULE, "edition": world.edition(MODULE), "back": "//evil.example"}
    assert send(world.client("learner"), "launches", body).status_code == 422
    with world.database.reading() as session:
        assert session.scalars(select(Launch)).all() == []


def test_keys_are_asked_for_a_limited_number_of_times(world: World) -> None:
    unit = launched(world)
    codes = [unit.call("POST", "codes", json={"code": "x"}).status_code for _ in range(32)]
    assert (codes[0], codes[-1]) == (403, 429)


LONE, NUL = '"\\ud800"', '"a\\u0000b"'


@pytest.mark.parametrize(
    "part",
    [
        '"result": {"score": {"raw": NaN}}',
        '"result": {"extensions": {"https://e.org/x": 1e999}}',
        f'"result": {{"response": {NUL}}}',
        f'"result": {{"response": {LONE}}}',
        f'"actor": {{"account": {{"homePage": "https://e.org", "name": {LONE}}}}}',
        f'"actor": {{"account": {{"homePage": "https://e.org", "name": {NUL}}}}}',
        '"verb": {"id": "https://e.org/\\u0000"}',
        '"result": ' + '{"extensions":' * 500 + "{}" + "}" * 500,
        '"result": ' + "[" * 50_000,
    ],
)
def test_what_no_database_holds_is_no_statement(world: World, part: str) -> None:
    unit = Unit.of_device(world)
    good = json.dumps(
        {"actor": {"mbox": "mailto:a@e.org"}, "verb": {"id": "https://e.org/v"}, "object": {"id": "https://e.org/o"}}
    )
    body = f"{good[:-1]}, {part}}}"
    reply = unit.call("POST", "statements", data=body, headers={"Content-Type": "application/json"})
    assert reply.status_code == 400, reply.text


@pytest.mark.parametrize(
    ("resource", "query"),
    [
        ("statements", {"since": "0001-01-01T00:00:00+14:00"}),
        ("statements", {"until": "9999-12-31T23:59:59-14:00"}),
        ("statements", {"verb": "https://e.org/\x00"}),
        ("statements", {"agent": '{"account": {"homePage": "https://e.org", "name": "a\\u0000b"}}'}),
        ("statements", {"agent": '{"account": {"homePage": "https://e.org", "name": "\\ud800"}}'}),
        ("activities/profile", {"activityId": "https://e.org/a", "profileId": "x\x00"}),
        ("activities/profile", {"activityId": "https://e.org/a", "profileId": "x" * 301}),
        ("activities/profile", {"activityId": "https://e.org/\x00", "profileId": "x"}),
    ],
)
def test_what_no_database_holds_is_asked_for_in_vain(world: World, resource: str, query: dict[str, str]) -> None:
    unit = Unit.of_device(world)
    replies = [unit.call("GET", resource, query)]
    if resource != "statements":
        replies.append(unit.call("PUT", resource, query, data=b"x", headers={"If-None-Match": "*"}))
    assert {reply.status_code for reply in replies} == {400}


def test_odd_keys_codes_and_documents_are_refused(world: World) -> None:
    unit = Unit.of_device(world)
    key, unit.key = unit.key, b64encode(b"x" * 3000 + b":y").decode()
    assert unit.call("GET", "statements").status_code == 401
    unit.key = key
    for code in ("\ud800", "\x00", "x" * 10_000):
        assert unit.call("POST", "codes", json={"code": code}).status_code in (400, 404)
    place = {"activityId": "https://e.org/a", "profileId": "p"}
    headers = {"If-None-Match": "*", "Content-Type": "application/json"}
    assert unit.call("PUT", "activities/profile", place, data=b'{"a": 1}', headers=headers).status_code == 204
    odd = {"Content-Type": "application/json"}
    assert unit.call("POST", "activities/profile", place, data=b'{"b": "\\ud800"}', headers=odd).status_code == 400
    assert unit.call("GET", "activities/profile", place).json == {"a": 1}


def test_a_rare_statement_is_found_behind_many_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one reply looks through has an end; the next page goes on from there."""
    monkeypatch.setattr(store, "READ", 3)
    unit = Unit.of_device(world)
    wanted = "https://e.org/wanted"
    for number in range(8):
        about = wanted if number == 0 else f"https://e.org/{number}"
        unit.send({"actor": {"mbox": "mailto:a@e.org"}, "verb": {"id": "https://e.org/v"}, "object": {"id": about}})
    found: list[Any] = []
    page: Any = unit.call("GET", "statements", {"activity": wanted}).json
    for _ in range(9):
        found += page["statements"]
        if not page["more"]:
            break
        page = unit.http.get(page["more"], headers={**HEADERS, "Authorization": f"Basic {unit.key}"}).json
    assert [one["object"]["id"] for one in found] == [wanted]


def test_what_is_over_is_done_once_more(make_world: Callable[..., World], tmp_path: Path) -> None:
    """A completion that ends is renewed by another registration: in one, a unit passes once."""
    content = add_unit(tmp_path, URL)
    file = content / "safe-start" / "lock-out.md"
    file.write_text(file.read_text().replace("minutes: 10", "minutes: 10\nvalid: 12 months"))
    world = make_world(catalogue=load(content).catalogue)
    first = launched(world)
    assert first.passes().status_code == 200
    assert state_of(world, MODULE) == "done"
    again = launched(world)
    assert again.registration == first.registration
    world.clock.forward(days=400)
    assert state_of(world, MODULE) != "done"
    anew = launched(world)
    assert anew.registration != first.registration
    assert anew.passes().status_code == 200
    assert state_of(world, MODULE) == "done"
    assert len(lines(world)) == 2
