"""Statements of xAPI: what is one, and what is none, with the place where that stands."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.applications.errors import Rejected
from api.applications.statements import Malformed, activities_of, agents_of, check_statement
from api.applications.store import read_json, read_statements, shortened

WHO: dict[str, Any] = {"mbox": "mailto:a@example.org"}
GOOD: dict[str, Any] = {"actor": WHO, "verb": {"id": "https://e.org/v"}, "object": {"id": "https://e.org/o"}}


def with_(**parts: Any) -> dict[str, Any]:
    return {**GOOD, **parts}


@pytest.mark.parametrize(
    "statement",
    [
        GOOD,
        with_(actor={"objectType": "Group", "member": [WHO]}),
        with_(actor={"account": {"homePage": "https://e.org", "name": "7"}, "name": "Anne"}),
        with_(object={"objectType": "StatementRef", "id": "7a0d1f0e-5f0f-4a54-b9f5-0a2c5d5c1b11"}),
        with_(object={**GOOD, "objectType": "SubStatement"}),
        with_(result={"score": {"scaled": -1, "raw": 3, "min": 0, "max": 5}, "duration": "PT1H2.5S"}),
        with_(context={"contextActivities": {"grouping": {"id": "https://e.org/g"}}, "language": "fr-BE"}),
        with_(timestamp="2026-11-28T01:02:03.5+01:00", version="1.0.3"),
        with_(object={"id": "https://e.org/o", "definition": {"interactionType": "choice", "choices": [{"id": "a"}]}}),
    ],
)
def test_what_is_a_statement(statement: dict[str, Any]) -> None:
    check_statement(statement)


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ([], ""),
        ({"verb": GOOD["verb"], "object": GOOD["object"]}, "actor"),
        (with_(actor=None), "actor"),
        (with_(unknown=1), "unknown"),
        (with_(actor={}), "actor"),
        (with_(actor={**WHO, "openid": "https://e.org/a"}), "actor"),
        (with_(actor={"mbox": "a@example.org"}), "actor.mbox"),
        (with_(actor={"account": {"name": "7"}}), "actor.account"),
        (with_(actor={"objectType": "Group"}), "actor.member"),
        (with_(verb={"id": "v"}), "verb.id"),
        (with_(verb={"id": "https://e.org/v", "display": {"en_GB ": "did"}}), "verb.display.en_GB "),
        (with_(object={"objectType": "Thing", "id": "https://e.org/o"}), "object.objectType"),
        (with_(object={"id": "https://e.org/o", "definition": {"choices": []}}), "object.definition.interactionType"),
        (with_(object={"objectType": "SubStatement", **with_(id="x")}), "object.id"),
        (with_(result={"score": {"scaled": 1.1}}), "result.score.scaled"),
        (with_(result={"score": {"raw": 6, "min": 0, "max": 5}}), "result.score.raw"),
        (with_(result={"success": "true"}), "result.success"),
        (with_(result={"duration": "P"}), "result.duration"),
        (with_(context={"registration": "1"}), "context.registration"),
        (with_(object={**WHO, "objectType": "Agent"}, context={"revision": "1"}), "context.revision"),
        (with_(context={"extensions": {"x": 1}}), "context.extensions.x"),
        (with_(timestamp="2026-11-28T01:02:03-00:00"), "timestamp"),
        (with_(timestamp="yesterday"), "timestamp"),
        (with_(timestamp="2026-13-28T01:02:03Z"), "timestamp"),
        (with_(version="2.0.0"), "version"),
        (with_(authority={"objectType": "Group", "member": [WHO]}), "authority"),
        (with_(attachments=[{"usageType": "https://e.org/u"}]), "attachments[0].display"),
        (with_(verb={"id": "http://adlnet.gov/expapi/verbs/voided"}), "object"),
    ],
)
def test_what_is_none_is_told_with_its_place(statement: Any, where: str) -> None:
    with pytest.raises(Malformed) as caught:
        check_statement(statement)
    assert caught.value.where == where


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=12,
)


@given(part=st.sampled_from(["actor", "verb", "object", "result", "context", "timestamp", "attachments"]), value=JSON)
def test_whatever_stands_in_a_part_is_a_statement_or_none(part: str, value: Any) -> None:
    try:
        check_statement(with_(**{part: value}))
    except Malformed:
        pass
    else:
        shortened(with_(**{part: value}), "ids", ["fr"])
        agents_of(with_(**{part: value}), related=True)
        activities_of(with_(**{part: value}), related=True)


def test_what_is_nested_too_deep_or_very_long_is_none() -> None:
    with pytest.raises(Rejected):
        read_json('{"a":' * 500 + "1" + "}" * 500, "x")
    long = with_(result={"duration": "PT" + "1" * 100_000 + "X"})
    with pytest.raises(Malformed):
        check_statement(long)
    with pytest.raises(Malformed):
        check_statement(with_(actor={"mbox": "mailto:" + "a@" * 50_000}))


def test_a_form_keeps_what_it_is_for() -> None:
    named = with_(verb={"id": "https://e.org/v", "display": {"en": "did", "fr": "a fait"}}, actor={**WHO, "name": "A"})
    assert shortened(named, "ids", [])["actor"] == WHO
    assert shortened(named, "canonical", ["fr"])["verb"]["display"] == {"fr": "a fait"}
    assert shortened(named, "exact", []) == named
    assert read_statements(json.loads(json.dumps(GOOD))) == [GOOD]
