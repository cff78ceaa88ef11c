"""How well people answer the questions that test an objective. Writes nothing."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.operations import current_catalogue, module_of_version, version_of
from api.evidence.operations import asked_of
from api.learning.models import Attempt


def best_shares(
    session: Session, people: Collection[uuid.UUID], wanted: Collection[tuple[str, int]]
) -> dict[uuid.UUID, dict[tuple[str, int], float]]:
    """Best share of points, 0..1, in the questions that test some objectives, by person; in one query.

    Of each graded quiz that tests an objective now the best attempt counts, since the last renewal that touched it; a
    quiz that was not tried gives nothing.

    Args:
        session: Of the database.
        people: Who.
        wanted: Modules, and the number of an objective of each.
    """
    if not wanted or not people:
        return {}
    modules = current_catalogue(session).modules
    tests = {
        (name, objective): [
            quiz.id
            for quiz in next(iter(modules[name].pages.values())).quizzes
            if not quiz.practice and any(question.objective == objective for question in quiz.questions)
        ]
        for name, objective in wanted
        if name in modules
    }
    floors = {key: _last_touched(session, *key) for key in tests}
    best: dict[tuple[uuid.UUID, str, int], dict[str, float]] = defaultdict(dict)
    rows = session.execute(
        select(Attempt.person_id, Attempt.module_id, Attempt.quiz_id, Attempt.version, Attempt.grades).where(
            Attempt.person_id.in_(people),
            Attempt.module_id.in_({name for name, _ in tests}),
            Attempt.submitted_at.is_not(None),
            Attempt.late.is_(False),
        )
    )
    for row in rows:
        quiz = module_of_version(session, row.version).page("").find_quiz(row.quiz_id)
        renewal = version_of(session, row.version).renewal
        for (name, objective), quizzes in tests.items():
            if name != row.module_id or row.quiz_id not in quizzes or quiz is None or renewal < floors[name, objective]:
                continue
            scores = [
                row.grades[question.id]["score"]
                for question in quiz.questions
                if question.objective == objective and question.id in row.grades
            ]
            if scores:
                known = best[row.person_id, name, objective]
                known[row.quiz_id] = max(known.get(row.quiz_id, 0.0), sum(scores) / len(scores))
    found: dict[uuid.UUID, dict[tuple[str, int], float]] = defaultdict(dict)
    for (person_id, name, objective), by_quiz in best.items():
        found[person_id][name, objective] = sum(by_quiz.values()) / len(tests[name, objective])
    return found


def _last_touched(session: Session, module_id: str, objective: int) -> int:
    """The newest renewal of a module that asks for an objective anew."""
    newest: dict[int, tuple[int, ...]] = {}
    for version in asked_of(session, module_id):
        newest.setdefault(version.renewal, version.touches)
    touched = [number for number, touches in newest.items() if not touches or objective in touches]
    return max(touched, default=1)
