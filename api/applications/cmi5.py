"""The rules of cmi5 (Quartz, 1st edition) for what a launched unit reports, and what is said of it. Pure.

https://github.com/AICC/CMI-5_Spec_Current/blob/quartz/cmi5_spec.md; sections are named where a rule is applied.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from api.applications.statements import VOIDED, Json, agent_key
from site_builder.course.model import Application
from site_builder.course.modules import MoveOn

PLACE = "https://w3id.org/xapi/cmi5"
CATEGORY = f"{PLACE}/context/categories/cmi5"
MOVE_ON = f"{PLACE}/context/categories/moveon"
EXTENSIONS = f"{PLACE}/context/extensions"
SESSION, MASTERY = f"{EXTENSIONS}/sessionid", f"{EXTENSIONS}/masteryscore"
MODE, ADDRESS, RULE = f"{EXTENSIONS}/launchmode", f"{EXTENSIONS}/launchurl", f"{EXTENSIONS}/moveon"
COURSE = f"{PLACE}/activitytype/course"

Verb = Literal["launched", "initialized", "completed", "passed", "failed", "abandoned", "terminated", "satisfied"]
ADL, W3ID = "http://adlnet.gov/expapi/verbs", "https://w3id.org/xapi/adl/verbs"
VERBS: Mapping[Verb, str] = {
    **{name: f"{ADL}/{name}" for name in ("launched", "initialized", "completed", "passed", "failed", "terminated")},
    **{name: f"{W3ID}/{name}" for name in ("abandoned", "satisfied")},
}
NAMES: Mapping[str, Verb] = {iri: name for name, iri in VERBS.items()}
OF_UNITS: tuple[Verb, ...] = ("initialized", "completed", "passed", "failed", "terminated")
"""What a unit may say of these; the others are for whoever launches it (9.3)."""


class Refused(ValueError):
    """A statement is against the rules of its session."""


@dataclass(frozen=True, slots=True)
class Session:
    """What a unit was launched with, and what it said since.

    Attributes:
        id: Of the launch.
        actor: As whom the unit speaks.
        activity: Its address, as the launch gave it.
        publisher: Its id, as its publisher gave it.
        mastery: 0..1 of its score, from which on it is passed; None leaves that to the unit.
        unread: What it has to read before it begins, and has not read.
        said: What it said in this session, in its order.
        said_before: What was said of it in other sessions of the same registration.
    """

    id: str
    registration: str
    actor: Json
    activity: str
    publisher: str
    mastery: float | None
    unread: tuple[str, ...] = ()
    said: tuple[Verb, ...] = ()
    said_before: tuple[Verb, ...] = ()


def verb_of(statement: Json) -> Verb | None:
    """The verb of what cmi5 defines; None is anything else that a unit may say."""
    return NAMES.get(statement["verb"]["id"]) if CATEGORY in _ids(statement, "category") else None


def _ids(statement: Json, name: str) -> set[str]:
    several = statement.get("context", {}).get("contextActivities", {}).get(name, [])
    return {one["id"] for one in (several if isinstance(several, list) else [several])}


def check_sent(statement: Json, session: Session) -> Verb | None:
    """What a unit says, by the rules of its session; gives the verb where cmi5 defines it.

    Raises:
        Refused: It breaks one.
    """
    context = statement.get("context", {})
    if "id" not in statement or "timestamp" not in statement:
        raise Refused("A unit gives each statement an id and a timestamp (9.1, 9.7).")
    if not statement["timestamp"].upper().endswith(("Z", "+00:00", "+0000", "+00")):
        raise Refused("A unit says when in UTC (9.7).")
    if statement["actor"].get("objectType", "Agent") != "Agent" or agent_key(statement["actor"]) != agent_key(
        session.actor
    ):
        raise Refused("The actor is not the learner of this launch (9.2).")
    if context.get("registration", "").lower() != session.registration:
        raise Refused("The registration is not the one of this launch (9.6.1).")
    if context.get("extensions", {}).get(SESSION) != session.id:
        raise Refused("The session id is not the one of this launch (9.6.3.1).")
    if statement["verb"]["id"] == VOIDED:
        raise Refused("A unit takes nothing back.")
    if "terminated" in session.said:
        raise Refused("The session is over: terminated is the last statement (7.1.2).")
    if CATEGORY not in _ids(statement, "category"):
        if MOVE_ON in _ids(statement, "category"):
            raise Refused("The moveon category stands beside that of cmi5 (9.6.2.2).")
        if "initialized" not in session.said:
            raise Refused("The first statement of a session is initialized (7.1.1).")
        return None
    verb = NAMES.get(statement["verb"]["id"])
    if verb not in OF_UNITS:
        raise Refused("A unit does not say this (9.3).")
    _check_order(verb, session)
    _check_parts(verb, statement, session)
    return verb


def _check_order(verb: Verb, session: Session) -> None:
    if (verb == "initialized") == ("initialized" in session.said):
        raise Refused("initialized is the first statement, and is said once (7.1.1).")
    if verb == "initialized" and session.unread:
        raise Refused(f"Before initialized a unit reads {' and '.join(session.unread)} (10, 11).")
    if verb in session.said or (verb in ("passed", "failed") and {"passed", "failed"} & set(session.said)):
        raise Refused(f"{verb} was said in this session, or its opposite was (9.3).")
    if verb in ("completed", "passed") and verb in session.said_before:
        raise Refused(f"{verb} was said in an earlier session (9.3).")
    if verb == "failed" and "passed" in session.said_before:
        raise Refused("What was passed does not fail any more (9.3).")


def _check_parts(verb: Verb, statement: Json, session: Session) -> None:
    result, about = statement.get("result", {}), statement["object"]
    if about.get("objectType", "Activity") != "Activity" or about["id"] != session.activity:
        raise Refused("The object is not what was launched (9.4).")
    if session.publisher not in _ids(statement, "grouping"):
        raise Refused("The publisher's id is missing in grouping: the context template is a part of it (9.6.2.3).")
    judged = verb in ("passed", "failed")
    if "score" in result and not judged:
        raise Refused("Only passed and failed have a score (9.5.1).")
    if result.get("success") is not {"passed": True, "failed": False}.get(verb):
        raise Refused("passed says success: true, failed says false, and nothing else says either (9.5.2).")
    if result.get("completion", False) is not (verb == "completed"):
        raise Refused("completed says completion: true, and nothing else does (9.5.3).")
    if verb != "initialized" and "duration" not in result:
        raise Refused(f"{verb} says how long it took: duration (9.5.4.1).")
    if (MOVE_ON in _ids(statement, "category")) != ("success" in result or "completion" in result):
        raise Refused("The moveon category stands with success and completion, and nowhere else (9.6.2.2).")
    score = result.get("score", {}).get("scaled")
    told = statement["context"]["extensions"].get(MASTERY)
    asked = told is not None or (verb == "passed" and score is not None)
    if judged and session.mastery is not None and asked and told != session.mastery:
        raise Refused(f"{verb} says from which score on it is passed: {session.mastery:g} (9.6.3.2).")
    if score is not None and not 0 <= score <= 1:
        raise Refused("A scaled score is from 0 to 1 (9.5.1).")
    if "raw" in result.get("score", {}) and not {"min", "max"} <= set(result["score"]):
        raise Refused("A raw score stands between its min and max (9.5.1).")
    if (
        judged
        and session.mastery is not None
        and score is not None
        and (score >= session.mastery) != (verb == "passed")
    ):
        raise Refused(f"{verb} does not fit the score: it is passed from {session.mastery:g} (9.5.1).")


def is_met(rule: MoveOn, said: Iterable[Verb]) -> bool:
    """Whether what was said of a unit within a registration completes it (13.1.4, moveOn)."""
    passed, completed = ("passed" in (known := set(said))), "completed" in known
    return {
        "passed": passed,
        "completed": completed,
        "completed-and-passed": passed and completed,
        "completed-or-passed": passed or completed,
    }[rule]


WORDS: Mapping[MoveOn, str] = {
    "passed": "Passed",
    "completed": "Completed",
    "completed-and-passed": "CompletedAndPassed",
    "completed-or-passed": "CompletedOrPassed",
}
"""The same rules by cmi5's names."""


def launch_data(session: Session, unit: Application, back: str) -> dict[str, Any]:
    """What a unit reads before it begins (10, LMS.LaunchData).

    Args:
        session: Of the launch.
        unit: What its page says of it.
        back: The page that one comes back to.
    """
    data: dict[str, Any] = {
        "contextTemplate": {
            "contextActivities": {"grouping": [{"id": session.publisher}]},
            "extensions": {SESSION: session.id},
        },
        "launchMode": "Normal",
        "launchMethod": "OwnWindow",
        "moveOn": WORDS[unit.move_on],
        "returnURL": back,
    }
    if session.mastery is not None:
        data["masteryScore"] = session.mastery
    if unit.parameters:
        data["launchParameters"] = unit.parameters
    if unit.entitlement:
        data["entitlementKey"] = {"courseStructure": unit.entitlement}
    return data


def own_statement(verb: Verb, session: Session, at: datetime, **more: Any) -> dict[str, Any]:
    """What is said of a unit by whoever launches it.

    Args:
        verb: launched, abandoned or satisfied.
        session: Of the launch.
        at: When.
        more: Parts that differ: `object`, `result`, `extensions` of the context.
    """
    extensions = {SESSION: session.id, **more.pop("extensions", {})}
    return {
        "actor": dict(session.actor),
        "verb": {"id": VERBS[verb], "display": {"en": verb}},
        "object": {"objectType": "Activity", "id": session.activity},
        "context": {
            "registration": session.registration,
            "contextActivities": {
                "category": [{"objectType": "Activity", "id": CATEGORY}],
                "grouping": [{"objectType": "Activity", "id": session.publisher}],
            },
            "extensions": extensions,
        },
        "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        **more,
    }


def duration_text(time: timedelta) -> str:
    """A duration in ISO 8601, in seconds."""
    return f"PT{max(0.0, time.total_seconds()):.2f}S"
