"""Taking the quizzes of the course with every kind: start, get the paper, hand in."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from api.accounts.act import Act
from api.catalogue.operations import store_catalogue
from api.learning.models import Attempt
from api.learning.operations import marked_quiz
from site_builder.course.kinds.choice import ChoiceQuestion
from site_builder.course.model import Catalogue, Question
from tests.conftest import Caller, World

MODULE = "every-kind/handed-out"


def start(
    caller: Caller, world: World, quiz: str = "all", key: str = "start", module: str = MODULE, lang: str = "en"
) -> Any:
    body = {"module": module, "quiz": quiz, "edition": world.edition(module), "lang": lang}
    return caller.post("/api/v1/attempts", body, key=key)


def paper(caller: Caller, attempt: str) -> Any:
    reply = caller.get(f"/api/v1/attempts/{attempt}/paper")
    assert reply.status_code == 200, reply.text
    return reply.json


def hand_in(caller: Caller, world: World, attempt: str, responses: Any, key: str = "submit", **more: Any) -> Any:
    body = {"responses": responses, "edition": world.edition(MODULE), "lang": "en", **more}
    return caller.post(f"/api/v1/attempts/{attempt}/submission", body, key=key)


def right(world: World, attempt: str) -> dict[str, Any]:
    """The right responses to what an attempt was handed out."""
    with world.database.reading() as session:
        found = session.scalar(select(Attempt).where(Attempt.id == uuid.UUID(attempt)))
        assert found is not None
        return {question.id: question.right_response() for question in marked_quiz(session, found).questions}


def history(caller: Caller, quiz: str) -> Any:
    return caller.get(f"/api/v1/attempts?module={MODULE}&quiz={quiz}").json


def stored(world: World, attempt: str) -> Attempt:
    with world.database.reading() as session:
        found = session.scalar(select(Attempt).where(Attempt.id == uuid.UUID(attempt)))
        assert found is not None
        session.expunge(found)
        return found


def republish(world: World, catalogue: Catalogue) -> None:
    with world.database.writing() as session:
        store_catalogue(Act(session, world.clock(), "tests"), catalogue)
    world.catalogue = catalogue


def with_other_key(catalogue: Catalogue, quiz_id: str, question_id: str, module_id: str = MODULE) -> Catalogue:
    """The catalogue after its author moved the x of a question to the next option."""

    def correct(question: Question) -> Question:
        if question.id != question_id or not isinstance(question, ChoiceQuestion):
            return question
        marks = [option.correct for option in question.options]
        options = tuple(
            replace(option, correct=mark)
            for option, mark in zip(question.options, [marks[-1], *marks[:-1]], strict=True)
        )
        return replace(question, options=options)

    module = catalogue.modules[module_id]
    pages = {
        lang: replace(
            page,
            quizzes=tuple(
                replace(quiz, questions=tuple(map(correct, quiz.questions))) if quiz.id == quiz_id else quiz
                for quiz in page.quizzes
            ),
        )
        for lang, page in module.pages.items()
    }
    return replace(catalogue, modules={**catalogue.modules, module_id: replace(module, pages=pages)})
