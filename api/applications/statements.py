"""What a statement of xAPI 1.0.3 must be like (Part Two: Data). Pure.

Whatever is wrong is said with the place where it stands: "object.definition.type: not an IRI".
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

Json = Mapping[str, Any]
VERBS = "http://adlnet.gov/expapi/verbs/"
VOIDED = f"{VERBS}voided"
IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")
INTERACTIONS: dict[str, tuple[str, ...]] = {
    "true-false": (), "choice": ("choices",), "fill-in": (), "long-fill-in": (), "matching": ("source", "target"),
    "performance": ("steps",), "sequencing": ("choices",), "likert": ("scale",), "numeric": (), "other": (),
}  # fmt: skip
"""Kinds of interaction, and which lists of components each may have."""
COMPONENTS = ("choices", "scale", "source", "target", "steps")
UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
MAILBOX = re.compile(r"mailto:[^\s@]+@[^\s@]+\.[^\s@]+")
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
VERSION = re.compile(r"1\.0(\.\d+)?")
DURATION = re.compile(
    r"P(?!$)(\d+W|(\d+(\.\d+)?Y)?(\d+(\.\d+)?M)?(\d+(\.\d+)?D)?(T(?=\d)(\d+(\.\d+)?H)?(\d+(\.\d+)?M)?(\d+(\.\d+)?S)?)?)"
)
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}(:?\d{2})?)?")
NO_ZONE = re.compile(r"-00(:?00)?$")
"""An offset of minus nothing, which says that nobody knows it (RFC 3339, 4.3)."""


class Malformed(ValueError):
    """A statement is none.

    Attributes:
        where: The place: "actor.mbox".
        what: What is wrong there.
    """

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where or 'the statement'}: {what}")
        self.where, self.what = where, what


Check = Callable[[Any, str], None]


def check_statement(value: Any) -> None:
    """A statement as somebody sends it.

    Raises:
        Malformed: It is none.
    """
    fields = _object(value, "", {**_STATEMENT, **_SENT})
    _core(fields, "")
    if fields["verb"]["id"] == VOIDED and fields["object"].get("objectType") != "StatementRef":
        raise Malformed("object", "what is voided is a StatementRef")


def _core(fields: Json, where: str) -> None:
    """What statements and those within them have in common."""
    for name in ("actor", "verb", "object"):
        if name not in fields:
            raise Malformed(_in(where, name), "is missing")
    about_activity = fields["object"].get("objectType", "Activity") == "Activity"
    for name in ("revision", "platform"):
        if name in fields.get("context", {}) and not about_activity:
            raise Malformed(_in(where, f"context.{name}"), "belongs to statements about an activity alone")


def _in(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _object(value: Any, where: str, allowed: Mapping[str, Check]) -> Json:
    """An object whose properties are known; each is looked at."""
    if not isinstance(value, dict):
        raise Malformed(where, "not an object")
    for name, one in value.items():
        if name not in allowed:
            raise Malformed(_in(where, name), "no property of that name")
        if one is None:
            raise Malformed(_in(where, name), "null; a property without a value is left out")
        allowed[name](one, _in(where, name))
    return value


def _text(value: Any, where: str) -> None:
    if not isinstance(value, str):
        raise Malformed(where, "not a text")


def _like(pattern: re.Pattern[str], what: str) -> Check:
    def check(value: Any, where: str) -> None:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise Malformed(where, f"not {what}")

    return check


uuid_text = _like(UUID, "a UUID")
iri = _like(IRI, "an IRI")
language = _like(LANGUAGE, "a language tag (RFC 5646)")


def _one_of(*allowed: str) -> Check:
    def check(value: Any, where: str) -> None:
        if value not in allowed or not isinstance(value, str):
            raise Malformed(where, "not one of " + ", ".join(allowed))

    return check


def _number(value: Any, where: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Malformed(where, "not a number")


def _whole(value: Any, where: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Malformed(where, "not a whole number")


def _switch(value: Any, where: str) -> None:
    if not isinstance(value, bool):
        raise Malformed(where, "neither true nor false")


def _list(each: Check) -> Check:
    def check(value: Any, where: str) -> None:
        if not isinstance(value, list):
            raise Malformed(where, "not a list")
        for number, one in enumerate(value):
            each(one, f"{where}[{number}]")

    return check


def moment(value: Any, where: str) -> datetime:
    """A timestamp (ISO 8601, RFC 3339); without a zone it is UTC."""
    if not isinstance(value, str) or not MOMENT.fullmatch(value) or NO_ZONE.search(value[10:]):
        raise Malformed(where, "not a timestamp with its zone")
    try:
        return datetime.fromisoformat(value.upper().replace(" ", "T"))
    except ValueError:
        raise Malformed(where, "not a timestamp") from None


def _moment(value: Any, where: str) -> None:
    moment(value, where)


def _language_map(value: Any, where: str) -> None:
    if not isinstance(value, dict):
        raise Malformed(where, "not a map of languages")
    for name, text in value.items():
        language(name, f"{where}.{name}")
        _text(text, f"{where}.{name}")


def _extensions(value: Any, where: str) -> None:
    if not isinstance(value, dict):
        raise Malformed(where, "not an object")
    for name in value:
        iri(name, f"{where}.{name}")


# Who


def _account(value: Any, where: str) -> None:
    fields = _object(value, where, {"homePage": iri, "name": _text})
    if len(fields) < 2:
        raise Malformed(where, "an account has a homePage and a name")


_PERSON: dict[str, Check] = {
    "objectType": _text,
    "name": _text,
    "mbox": _like(MAILBOX, "an address: mailto:somebody@example.org"),
    "mbox_sha1sum": _like(re.compile(r"[0-9a-fA-F]{40}"), "a SHA-1 sum"),
    "openid": iri,
    "account": _account,
}


def agent(value: Any, where: str) -> None:
    """An agent: exactly one identifier."""
    fields = _object(value, where, _PERSON)
    if fields.get("objectType", "Agent") != "Agent":
        raise Malformed(_in(where, "objectType"), "not Agent")
    if sum(name in fields for name in IDENTIFIERS) != 1:
        raise Malformed(where, "an agent has exactly one of " + ", ".join(IDENTIFIERS))


def group(value: Any, where: str) -> None:
    """A group: one identifier, or members."""
    fields = _object(value, where, {**_PERSON, "member": _list(agent)})
    if fields.get("objectType") != "Group":
        raise Malformed(_in(where, "objectType"), "not Group")
    known = sum(name in fields for name in IDENTIFIERS)
    if known > 1:
        raise Malformed(where, "a group has at most one of " + ", ".join(IDENTIFIERS))
    if not known and not fields.get("member"):
        raise Malformed(_in(where, "member"), "a group without an identifier has members")


def _actor(value: Any, where: str) -> None:
    is_group = isinstance(value, dict) and value.get("objectType") == "Group"
    (group if is_group else agent)(value, where)


def _authority(value: Any, where: str) -> None:
    _actor(value, where)
    members = value.get("member", [])
    three_legged = len(members) == 2 and any("account" in one for one in members) and not agent_key(value)
    if value.get("objectType") == "Group" and not three_legged:
        raise Malformed(where, "an authority that is a group is an application and a person (OAuth)")


# What


def _verb(value: Any, where: str) -> None:
    if "id" not in _object(value, where, {"id": iri, "display": _language_map}):
        raise Malformed(_in(where, "id"), "is missing")


def _component(value: Any, where: str) -> None:
    if "id" not in _object(value, where, {"id": _text, "description": _language_map}):
        raise Malformed(_in(where, "id"), "is missing")


def _components(value: Any, where: str) -> None:
    _list(_component)(value, where)
    names = [one["id"] for one in value]
    if len(set(names)) < len(names):
        raise Malformed(where, "an id stands there twice")


def _definition(value: Any, where: str) -> None:
    allowed: dict[str, Check] = {
        "name": _language_map,
        "description": _language_map,
        "type": iri,
        "moreInfo": iri,
        "extensions": _extensions,
        "interactionType": _one_of(*INTERACTIONS),
        "correctResponsesPattern": _list(_text),
        **dict.fromkeys(COMPONENTS, _components),
    }
    fields = _object(value, where, allowed)
    kind = fields.get("interactionType")
    of_questions = {"correctResponsesPattern", *COMPONENTS} & set(fields)
    if of_questions and kind is None:
        raise Malformed(_in(where, "interactionType"), "is missing")
    for name in COMPONENTS:
        if name in fields and name not in INTERACTIONS[str(kind)]:
            raise Malformed(_in(where, name), f"nothing for {kind}")


def activity(value: Any, where: str) -> None:
    """An activity."""
    fields = _object(value, where, {"objectType": _one_of("Activity"), "id": iri, "definition": _definition})
    if "id" not in fields:
        raise Malformed(_in(where, "id"), "is missing")


def _reference(value: Any, where: str) -> None:
    fields = _object(value, where, {"objectType": _one_of("StatementRef"), "id": uuid_text})
    if len(fields) < 2:
        raise Malformed(where, "a reference has objectType and id")


def _sub_statement(value: Any, where: str) -> None:
    fields = _object(value, where, {**_STATEMENT, "objectType": _one_of("SubStatement")})
    if fields.get("object", {}).get("objectType") == "SubStatement":
        raise Malformed(_in(where, "object"), "a statement within a statement holds none")
    _core(fields, where)


def _any_object(value: Any, where: str) -> None:
    if not isinstance(value, dict):
        raise Malformed(where, "not an object")
    kinds: dict[Any, Check] = {
        "Activity": activity, "Agent": agent, "Group": group, "StatementRef": _reference,
        "SubStatement": _sub_statement,
    }  # fmt: skip
    kind = value.get("objectType", "Activity")
    if not isinstance(kind, str) or kind not in kinds:
        raise Malformed(_in(where, "objectType"), "not one of " + ", ".join(kinds))
    kinds[kind](value, where)


# How, and around it


def _scaled(value: Any, where: str) -> None:
    _number(value, where)
    if not -1 <= value <= 1:
        raise Malformed(where, "not from -1 to 1")


def _score(value: Any, where: str) -> None:
    fields = _object(value, where, {"scaled": _scaled, "raw": _number, "min": _number, "max": _number})
    low, high = fields.get("min"), fields.get("max")
    if low is not None and high is not None and low >= high:
        raise Malformed(where, "min is not below max")
    raw = fields.get("raw")
    if raw is not None and ((low is not None and raw < low) or (high is not None and raw > high)):
        raise Malformed(_in(where, "raw"), "not between min and max")


def _result(value: Any, where: str) -> None:
    _object(
        value,
        where,
        {
            "score": _score,
            "success": _switch,
            "completion": _switch,
            "response": _text,
            "duration": _like(DURATION, "a duration (ISO 8601)"),
            "extensions": _extensions,
        },
    )


def _activities(value: Any, where: str) -> None:
    if isinstance(value, dict):
        activity(value, where)
    else:
        _list(activity)(value, where)


def _context(value: Any, where: str) -> None:
    lists = dict.fromkeys(("parent", "grouping", "category", "other"), _activities)

    def around(one: Any, place: str) -> None:
        _object(one, place, lists)

    _object(
        value,
        where,
        {
            "registration": uuid_text,
            "instructor": _actor,
            "team": group,
            "contextActivities": around,
            "revision": _text,
            "platform": _text,
            "language": language,
            "statement": _reference,
            "extensions": _extensions,
        },
    )


def _attachment(value: Any, where: str) -> None:
    fields = _object(
        value,
        where,
        {
            "usageType": iri,
            "display": _language_map,
            "description": _language_map,
            "contentType": _like(re.compile(r"[\w.+-]+/[\w.+-]+(\s*;.*)?"), "a media type"),
            "length": _whole,
            "sha2": _like(re.compile(r"[0-9a-fA-F]{56}|[0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128}"), "a hash"),
            "fileUrl": iri,
        },
    )
    for name in ("usageType", "display", "contentType", "length", "sha2"):
        if name not in fields:
            raise Malformed(_in(where, name), "is missing")


_STATEMENT: dict[str, Check] = {
    "actor": _actor,
    "verb": _verb,
    "object": _any_object,
    "result": _result,
    "context": _context,
    "timestamp": _moment,
    "attachments": _list(_attachment),
}
_SENT: dict[str, Check] = {
    "id": uuid_text,
    "stored": _moment,
    "authority": _authority,
    "version": _like(VERSION, "1.0.x"),
}


# Reading a statement


def agent_key(one: Json) -> str:
    """By what an agent or an identified group is known; "" for a group of members alone."""
    if "account" in one:
        return f"account:{one['account']['homePage']} {one['account']['name']}"
    return next((f"{name}:{one[name]}" for name in IDENTIFIERS if name in one), "")


def agents_of(statement: Json, *, related: bool) -> set[str]:
    """Who a statement is about: its actor and object; with `related` everybody who is named in it."""
    found = [statement["actor"], statement["object"]]
    if related:
        context = statement.get("context", {})
        found += [context.get("instructor"), context.get("team"), statement.get("authority")]
        if statement["object"].get("objectType") == "SubStatement":
            return {key for one in found for key in _keys(one)} | agents_of(statement["object"], related=True)
    return {key for one in found for key in _keys(one)}


def _keys(one: Any) -> set[str]:
    if not isinstance(one, dict) or one.get("objectType", "Agent") not in ("Agent", "Group"):
        return set()
    keys = {agent_key(one), *(agent_key(member) for member in one.get("member", ()))}
    return keys - {""}


def activities_of(statement: Json, *, related: bool) -> set[str]:
    """Which activities a statement is about; with `related` also those around it."""
    about = statement["object"]
    found = {about["id"]} if about.get("objectType", "Activity") == "Activity" else set()
    if related:
        for several in statement.get("context", {}).get("contextActivities", {}).values():
            found |= {one["id"] for one in (several if isinstance(several, list) else [several])}
        if about.get("objectType") == "SubStatement":
            found |= activities_of(about, related=True)
    return found


def as_kept(statement: Json, stored: datetime, authority: Json, known: str = "") -> dict[str, Any]:
    """A statement as it is kept: with an id, when it was stored, whose it is, and lists where one may be alone."""
    kept = {
        **statement,
        "id": (known or statement.get("id") or str(uuid.uuid4())).lower(),
        "stored": stored.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "authority": dict(authority),
        "version": statement.get("version", "1.0.0"),
    }
    kept["timestamp"] = statement.get("timestamp", kept["stored"])
    kept["object"] = _with_lists(kept["object"])
    return _with_lists(kept)


def _with_lists(one: dict[str, Any]) -> dict[str, Any]:
    around = one.get("context", {}).get("contextActivities")
    if not around:
        return one
    lists = {name: several if isinstance(several, list) else [several] for name, several in around.items()}
    return {**one, "context": {**one["context"], "contextActivities": lists}}


SET_BY_SERVER = ("id", "stored", "authority", "timestamp", "version")


def says_the_same(one: Json, other: Json) -> bool:
    """Whether two statements say the same, apart from what a server sets (Part Two, 2.3.1 and 4.2.2)."""

    def said(statement: Json) -> dict[str, Any]:
        return {name: value for name, value in statement.items() if name not in SET_BY_SERVER}

    return said(one) == said(other)
