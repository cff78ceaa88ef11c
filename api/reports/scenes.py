"""What learners looked at, acted on, missed and breached in a scene. Writes nothing."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import func, select

from api.accounts.act import Act
from api.catalogue.operations import current_catalogue
from api.classes.access import find_class, is_given_to_teach, seen_in_course
from api.classes.models import ClassMember
from api.core.errors import NotFound
from api.learning.models import Attempt, SceneRun
from site_builder.course.model import Question, Quiz, Said
from site_builder.course.scenes import Hotspot, Scene

MOST_RUNS = 2000
"""The newest ones; more tell nothing more."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A direction, to ten degrees, that was looked at.

    Attributes:
        seconds: Of all learners.
    """

    yaw: int
    pitch: int
    seconds: float


@dataclass(frozen=True, slots=True)
class SeenView:
    """A view and where it was looked at; a flat picture is seen whole.

    Attributes:
        picture: Its address below the site.
    """

    id: str
    title: str
    picture: str
    flat: bool
    looked: list[Looked]


@dataclass(frozen=True, slots=True)
class Thing:
    """A hotspot, and how many learners did something at it.

    Attributes:
        opened: Read what is there.
        acted: Acted on it.
        breached: Did what is forbidden.
        fault: Whether it was to be marked; None where nothing is marked at it.
        marked: Marked it, as they handed in.
    """

    id: str
    label: str
    opened: int
    acted: int
    breached: int
    fault: bool | None
    marked: int


@dataclass(frozen=True, slots=True)
class SceneReport:
    """A scene by the first run of each learner.

    Attributes:
        routes: How many came in by each.
        median_seconds: From coming in to handing in.
    """

    title: str
    learners: int
    routes: dict[str, int]
    median_seconds: float | None
    views: list[SeenView]
    things: list[Thing]


def report_scene(
    act: Act, module_id: str, quiz_id: str, lang: str, *, class_id: uuid.UUID | None = None
) -> SceneReport:
    """What learners did in a scene, of those that an act may see.

    Args:
        act: Whose learners: those of its scope.
        module_id: The module.
        quiz_id: A quiz that is asked in a scene.
        lang: Language of the texts.
        class_id: One class alone.

    Raises:
        NotFound: There is no such quiz, scene or class.
    """
    session, course_id = act.session, module_id.partition("/")[0]
    module = current_catalogue(session).modules.get(module_id)
    quiz = module.page(lang).find_quiz(quiz_id) if module is not None and is_given_to_teach(act, course_id) else None
    if quiz is None or quiz.scene is None:
        raise NotFound("There is no such scene.")
    of_quiz = [
        SceneRun.module_id == module_id,
        SceneRun.quiz_id == quiz_id,
        seen_in_course(act, course_id, SceneRun.person_id, SceneRun.at),
    ]
    if class_id is not None:
        group = find_class(act, class_id)
        members = select(ClassMember.person_id).where(ClassMember.class_id == group.id, ClassMember.teaches.is_(False))
        of_quiz.append(SceneRun.person_id.in_(members))
    place = func.row_number().over(partition_by=SceneRun.person_id, order_by=SceneRun.at).label("place")
    first = select(SceneRun.attempt_id, SceneRun.at, place).where(*of_quiz).subquery()
    rows = session.execute(
        select(SceneRun.route, SceneRun.seconds, SceneRun.events, Attempt.responses)
        .join(first, first.c.attempt_id == SceneRun.attempt_id)
        .join(Attempt, Attempt.id == SceneRun.attempt_id)
        .where(first.c.place == 1)
        .order_by(SceneRun.at.desc(), SceneRun.attempt_id)
        .limit(MOST_RUNS)
    ).all()
    return SceneReport(
        title=quiz.scene.title,
        learners=len(rows),
        routes=dict(sorted(Counter(row.route for row in rows).items())),
        median_seconds=median(row.seconds for row in rows) if rows else None,
        views=_views(quiz.scene, course_id, rows),
        things=_things(quiz, quiz.scene, rows),
    )


def _views(scene: Scene, course_id: str, rows: Sequence[Any]) -> list[SeenView]:
    seconds: dict[str, dict[tuple[int, int], float]] = defaultdict(lambda: defaultdict(float))
    for row in rows:
        for one in row.events:
            if one["what"] == "looked" and "yaw" in one and "pitch" in one:
                seconds[one.get("view", "")][one["yaw"], one["pitch"]] += one.get("seconds", 0.0)
    return [
        SeenView(
            view.id,
            view.title,
            f"{course_id}/scenes/{scene.id}/{view.picture}",
            view.flat,
            [Looked(*at, round(time, 1)) for at, time in sorted(seconds[view.id].items()) if time],
        )
        for view in scene.views
    ]


def _things(quiz: Quiz, scene: Scene, rows: Sequence[Any]) -> list[Thing]:
    questions = {question.id: question for question in quiz.questions}
    done: dict[str, Counter[str]] = {name: Counter() for name in ("looked-at", "acted", "breached")}
    for row in rows:
        for what, counts in done.items():
            counts.update({one.get("id") for one in row.events if one["what"] == what})
    return [_thing(one, questions, rows, done) for one in scene.hotspots.values()]


def _thing(
    hotspot: Hotspot, questions: dict[str, Question], rows: Sequence[Any], done: dict[str, Counter[str]]
) -> Thing:
    fault, marked = None, 0
    question = questions[hotspot.answer[0]] if hotspot.answer else None
    if question is not None and question.kind == "multiple":
        said = Said("", hotspot.answer[1])
        fault = question.is_right(said)
        marked = sum(said in question.said(row.responses.get(question.id)) for row in rows)
    return Thing(
        hotspot.id,
        hotspot.label,
        done["looked-at"][hotspot.id],
        done["acted"][hotspot.id] + done["breached"][hotspot.id],
        done["breached"][hotspot.id],
        fault,
        marked,
    )
