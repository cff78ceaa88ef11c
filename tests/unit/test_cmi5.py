"""The rules of cmi5 for what a unit says: each is broken alone, and the refusal names its section."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from api.applications.cmi5 import CATEGORY, MASTERY, MOVE_ON, SESSION, VERBS, Refused, Session, Verb, check_sent, is_met
from site_builder.course.modules import MoveOn

WHO = {"objectType": "Agent", "account": {"homePage": "https://e.org", "name": "7"}}
BEGUN = Session("s", "r", WHO, "https://e.org/units/a", "https://p.org/a", 0.8, (), ("initialized",), ())
RESULTS: dict[str, dict[str, Any]] = {
    "initialized": {},
    "completed": {"completion": True, "duration": "PT1M"},
    "passed": {"success": True, "duration": "PT1M", "score": {"scaled": 0.9}},
    "failed": {"success": False, "duration": "PT1M", "score": {"scaled": 0.1}},
    "terminated": {"duration": "PT1M"},
}


def statement(verb: str) -> dict[str, Any]:
    result = RESULTS.get(verb, {})
    category = [{"id": CATEGORY}, *([{"id": MOVE_ON}] if {"success", "completion"} & set(result) else [])]
    return {
        "id": "i",
        "timestamp": "2026-03-02T09:00:00Z",
        "actor": copy.deepcopy(WHO),
        "verb": {"id": VERBS.get(verb, verb)},  # type: ignore[call-overload]
        "object": {"id": BEGUN.activity},
        "context": {
            "registration": "r",
            "contextActivities": {"category": category, "grouping": [{"id": BEGUN.publisher}]},
            "extensions": {SESSION: "s", **({MASTERY: 0.8} if verb in ("passed", "failed") else {})},
        },
        **({"result": copy.deepcopy(result)} if result else {}),
    }


@pytest.mark.parametrize("verb", ["completed", "passed", "failed", "terminated"])
def test_what_keeps_to_the_rules_is_taken(verb: Verb) -> None:
    assert check_sent(statement(verb), BEGUN) == verb


def test_what_cmi5_does_not_define_may_be_said_in_between() -> None:
    one = statement("https://e.org/looked")
    one["context"]["contextActivities"].pop("category")
    assert check_sent(one, BEGUN) is None
    for session, section in (
        (replace(BEGUN, said=()), "7.1.1"),
        (replace(BEGUN, said=("initialized", "terminated")), "7.1.2"),
    ):
        with pytest.raises(Refused, match=section):
            check_sent(one, session)
    one["context"]["contextActivities"]["category"] = [{"id": MOVE_ON}]
    with pytest.raises(Refused, match=r"9\.6\.2\.2"):
        check_sent(one, BEGUN)


Change = Callable[[dict[str, Any]], object]
BROKEN: list[tuple[str, str, Change]] = [
    ("9.1", "passed", lambda one: one.pop("id")),
    ("9.7", "passed", lambda one: one.pop("timestamp")),
    ("9.7", "passed", lambda one: one.update(timestamp="2026-03-02T10:00:00+01:00")),
    ("9.2", "passed", lambda one: one["actor"].update(objectType="Group")),
    ("9.2", "passed", lambda one: one["actor"]["account"].update(name="8")),
    ("9.6.1", "passed", lambda one: one["context"].pop("registration")),
    ("9.6.3.1", "passed", lambda one: one["context"]["extensions"].pop(SESSION)),
    ("takes nothing back", "passed", lambda one: one["verb"].update(id="http://adlnet.gov/expapi/verbs/voided")),
    ("9.3", "passed", lambda one: one["verb"].update(id=VERBS["satisfied"])),
    ("7.1.1", "initialized", lambda one: None),
    ("9.4", "passed", lambda one: one["object"].update(id="https://e.org/other")),
    ("9.4", "passed", lambda one: one["object"].update(objectType="Agent")),
    ("9.6.2.3", "passed", lambda one: one["context"]["contextActivities"].pop("grouping")),
    ("9.5.1", "completed", lambda one: one["result"].update(score={"scaled": 1})),
    ("9.5.2", "passed", lambda one: one["result"].update(success=False)),
    ("9.5.2", "failed", lambda one: one["result"].update(success=True)),
    ("9.5.2", "completed", lambda one: one["result"].update(success=True)),
    ("9.5.3", "completed", lambda one: one["result"].pop("completion")),
    ("9.5.3", "passed", lambda one: one["result"].update(completion=True)),
    ("9.5.4.1", "terminated", lambda one: one.pop("result")),
    ("9.6.2.2", "passed", lambda one: one["context"]["contextActivities"].update(category=[{"id": CATEGORY}])),
    ("9.6.2.2", "terminated", lambda one: one["context"]["contextActivities"]["category"].append({"id": MOVE_ON})),
    ("9.6.3.2", "passed", lambda one: one["context"]["extensions"].pop(MASTERY)),
    ("9.6.3.2", "failed", lambda one: one["context"]["extensions"].update({MASTERY: 0.5})),
    ("9.5.1", "failed", lambda one: one["result"].update(score={"scaled": -0.5})),
    ("9.5.1", "failed", lambda one: one["result"].update(score={"raw": 3})),
    ("9.5.1", "passed", lambda one: one["result"].update(score={"scaled": 0.7})),
    ("9.5.1", "failed", lambda one: one["result"].update(score={"scaled": 0.8})),
]


@pytest.mark.parametrize(("section", "verb", "change"), BROKEN)
def test_each_rule_is_held(section: str, verb: str, change: Change) -> None:
    one = statement(verb)
    change(one)
    with pytest.raises(Refused) as caught:
        check_sent(one, BEGUN)
    assert section in str(caught.value)


@pytest.mark.parametrize(
    ("said", "before", "verb"),
    [
        (("initialized", "passed"), (), "passed"),
        (("initialized", "passed"), (), "failed"),
        (("initialized", "failed"), (), "passed"),
        (("initialized", "completed"), (), "completed"),
        (("initialized",), ("completed",), "completed"),
        (("initialized",), ("passed",), "passed"),
        (("initialized",), ("passed",), "failed"),
        ((), (), "passed"),
        (("initialized", "terminated"), (), "passed"),
    ],
)
def test_the_order_is_held(said: tuple[Verb, ...], before: tuple[Verb, ...], verb: str) -> None:
    with pytest.raises(Refused):
        check_sent(statement(verb), replace(BEGUN, said=said, said_before=before))


def test_nothing_is_begun_before_what_it_reads() -> None:
    fresh = replace(BEGUN, said=())
    assert check_sent(statement("initialized"), fresh) == "initialized"
    with pytest.raises(Refused, match=r"LMS\.LaunchData"):
        check_sent(statement("initialized"), replace(fresh, unread=("LMS.LaunchData",)))


@pytest.mark.parametrize(
    ("rule", "nothing", "passed", "completed", "both"),
    [
        ("passed", False, True, False, True),
        ("completed", False, False, True, True),
        ("completed-and-passed", False, False, False, True),
        ("completed-or-passed", False, True, True, True),
    ],
)
def test_what_completes(rule: MoveOn, nothing: bool, passed: bool, completed: bool, both: bool) -> None:
    assert is_met(rule, ["initialized", "failed"]) is nothing
    assert is_met(rule, ["passed"]) is passed
    assert is_met(rule, ["completed"]) is completed
    assert is_met(rule, ["completed", "passed"]) is both
