"""What learners did in scenes: taken with the answers, reckoned again here, and kept beside the attempt.

A page says what was done and when; what follows from it (breaches, what was found and missed) is never taken from it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from statistics import NormalDist
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.learning.models import Attempt, SceneRun
from site_builder.course.model import Quiz
from site_builder.course.scenes import Hotspot, Replayed, Scene, replay

Route = Literal["screen", "text", "headset", "ar"]
"""How somebody was in a scene."""
A_DAY = 86_400.0
MOST_EVENTS = 1000


@dataclass(frozen=True, slots=True)
class Played:
    """What a page reports of a scene.

    Attributes:
        seconds: From coming in to handing in, by the page's clock.
        events: In their order; `at` in seconds since coming in.
    """

    route: Route
    seconds: float
    events: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Detection:
    """How faults were told from what is in order, over the questions whose options stand in a scene.

    Attributes:
        d_prime: Sensitivity of signal detection theory; rates are corrected by adding a half (Hautus, 1995), so that
            finding all of them is no infinity. None where there is nothing that is in order.
    """

    hits: int
    faults: int
    misses: int
    false_alarms: int
    d_prime: float | None


class _Event(BaseModel):
    """One thing that was done in a scene, as a page reports it; what is no event of a scene is left out."""

    model_config = ConfigDict(extra="ignore", strict=False)

    what: Literal["entered", "looked", "looked-at", "acted", "asked", "answered", "time-over"]
    at: Annotated[float, Field(ge=0, le=A_DAY)]
    id: Annotated[str, Field(max_length=200)] | None = None
    route: Route | None = None
    view: Annotated[str, Field(max_length=200)] | None = None
    yaw: Annotated[int, Field(ge=-180, le=180)] | None = None
    pitch: Annotated[int, Field(ge=-90, le=90)] | None = None
    seconds: Annotated[float, Field(ge=0, le=A_DAY)] | None = None


def read_played(given: object) -> Played | None:
    """What a page reports of a scene; None where nothing can be made of it.

    It comes with answers, and must never be the reason for which they are refused: what is no event is left out.
    """
    if not isinstance(given, dict) or given.get("route") not in get_args(Route):
        return None
    seconds, events = given.get("seconds"), given.get("events")
    if not isinstance(seconds, int | float) or not isfinite(seconds) or not isinstance(events, list):
        return None
    found = []
    for one in events[:MOST_EVENTS]:
        try:
            found.append(_Event.model_validate(one).model_dump(exclude_none=True))
        except ValidationError:
            continue
    return Played(given["route"], round(min(max(float(seconds), 0.0), A_DAY), 1), found)


def reckon(quiz: Quiz, played: Played | None) -> Replayed | None:
    """What follows from what was done; None without a scene, or where nobody came in."""
    if quiz.scene is None or played is None:
        return None
    return replay(quiz.scene, (str(one.get("id")) for one in played.events if one["what"] == "acted"))


def keep_run(act: Act, attempt: Attempt, played: Played, replayed: Replayed) -> None:
    """Keep what was done beside its attempt."""
    act.session.add(
        SceneRun(
            attempt_id=attempt.id,
            person_id=attempt.person_id,
            module_id=attempt.module_id,
            quiz_id=attempt.quiz_id,
            at=act.at,
            route=played.route,
            seconds=played.seconds,
            events=_with_breaches(played, replayed),
            breaches=list(replayed.breaches),
            critical=replayed.critical,
        )
    )
    act.session.flush()


def _with_breaches(played: Played, replayed: Replayed) -> list[dict[str, Any]]:
    """The events, with a breach in the place of each act that was one, and the handing in."""
    found, acts = [], 0
    for one in played.events:
        is_act = one["what"] == "acted"
        is_breach = is_act and acts in replayed.places
        acts += is_act
        found.append({**one, "what": "breached"} if is_breach else dict(one))
    return [*found, {"what": "finished", "at": played.seconds}]


def run_of(session: Session, attempt_id: uuid.UUID) -> SceneRun | None:
    """What was done in a scene before an attempt was handed in."""
    return session.get(SceneRun, attempt_id)


def breached_in(session: Session, attempt: Attempt, quiz: Quiz) -> list[Hotspot]:
    """What was breached before an attempt was handed in, in its order."""
    run = run_of(session, attempt.id) if quiz.scene is not None else None
    hotspots = quiz.scene.hotspots if quiz.scene is not None else {}
    return [hotspots[name] for name in (run.breaches if run is not None else ()) if name in hotspots]


def has_critical_breach(session: Session, attempt_id: uuid.UUID) -> bool:
    """Whether something was done that fails an attempt whatever its answers are."""
    return bool(session.scalar(select(SceneRun.critical).where(SceneRun.attempt_id == attempt_id)))


def detection_of(quiz: Quiz, responses: Mapping[str, Any]) -> Detection | None:
    """How well faults were told from the rest, at questions with several right options that stand in the scene."""
    if quiz.scene is None:
        return None
    hits = faults = false_alarms = sound = 0
    for question in quiz.questions:
        if not _stands_in(quiz.scene, question.id) or question.kind != "multiple":
            continue
        chosen = {said.value for said in question.said(responses.get(question.id))}
        for option in question.possible():
            if question.is_right(option):
                faults += 1
                hits += option.value in chosen
            else:
                sound += 1
                false_alarms += option.value in chosen
    if not faults:
        return None
    d_prime = None
    if sound:
        normal = NormalDist()
        d_prime = round(
            normal.inv_cdf((hits + 0.5) / (faults + 1)) - normal.inv_cdf((false_alarms + 0.5) / (sound + 1)), 2
        )
    return Detection(hits, faults, faults - hits, false_alarms, d_prime)


def _stands_in(scene: Scene, question_id: str) -> bool:
    return any(one.answer[:1] == (question_id,) for one in scene.hotspots.values())
