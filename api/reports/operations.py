"""A learner's home, and a trainer's view of results. Knows no HTTP and writes nothing."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.catalogue.operations import NEVER_PUBLISHED, current_catalogue, module_of_version, standings
from api.classes.operations import assignments_of, learner_ids_of
from api.core.errors import NotFound
from api.learning.models import Attempt, ModuleProgress
from api.learning.progress import ModuleState, State, progress_of, state_of
from site_builder.course.model import Catalogue, Course, Module


@dataclass(frozen=True, slots=True)
class ModuleLine:
    """A module on a learner's home."""

    id: str
    title: str
    kind: str
    minutes: int
    state: State
    best_score: float | None
    changed: bool


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A course on a learner's home."""

    id: str
    title: str
    modules: list[ModuleLine]

    @property
    def done(self) -> int:
        """Modules that are complete."""
        return sum(module.state == "done" for module in self.modules)


@dataclass(frozen=True, slots=True)
class DueLine:
    """An assignment on a learner's home; done when everything that can be done online is."""

    course_id: str
    title: str
    due_at: datetime | None
    done: bool


@dataclass(frozen=True, slots=True)
class Home:
    """A learner's first page.

    Attributes:
        next: What to do now; None when everything online is done.
        waiting: The first thing that happens with a trainer, once everything online is done.
    """

    next: ModuleLine | None
    waiting: ModuleLine | None
    due: list[DueLine]
    courses: list[CourseLine]


def learner_home(session: Session, person: Person, lang: str) -> Home:
    """What is due, what is next and how far a learner is; the number of queries does not depend on what there is."""
    catalogue = current_catalogue(session)
    assignments = assignments_of(session, person)
    states = progress_of(session, person.id, catalogue.courses.values())
    given = [item.course_id for item in assignments if item.course_id in catalogue.courses]
    begun = [course_id for course_id, modules in states.items() if any(module.state != "open" for module in modules)]
    order = list(dict.fromkeys([*given, *begun]))
    courses = [_course_line(catalogue, catalogue.courses[name], states[name], lang) for name in order]
    lessons = [module for course in courses for module in course.modules if module.kind == "lesson"]
    following = next((module for module in lessons if module.state != "done"), None)
    waiting = next((m for course in courses for m in course.modules if m.kind != "lesson" and m.state != "done"), None)
    by_id = {course.id: course for course in courses}
    due = [
        DueLine(
            course_id=item.course_id,
            title=by_id[item.course_id].title,
            due_at=item.due_at,
            done=all(m.state == "done" for m in by_id[item.course_id].modules if m.kind == "lesson"),
        )
        for item in assignments
        if item.course_id in by_id
    ]
    return Home(next=following, waiting=None if following else waiting, due=due, courses=courses)


def _course_line(catalogue: Catalogue, course: Course, states: list[ModuleState], lang: str) -> CourseLine:
    modules = [_module_line(catalogue.modules[state.id], state, lang) for state in states]
    return CourseLine(id=course.id, title=course.text(lang).title, modules=modules)


def _module_line(module: Module, state: ModuleState, lang: str) -> ModuleLine:
    return ModuleLine(
        id=module.id,
        title=module.page(lang).title,
        kind=module.kind,
        minutes=module.minutes,
        state=state.state,
        best_score=state.best_score,
        changed=state.changed,
    )


@dataclass(frozen=True, slots=True)
class ModuleSummary:
    """A module in the list of results."""

    id: str
    title: str
    course_id: str
    course_title: str
    kind: str
    started: int
    done: int
    mean_best: float | None


def results_overview(session: Session, actor: Person, lang: str) -> list[ModuleSummary]:
    """Every module with how many learners started and completed it, of the learners that the actor may see."""
    catalogue = current_catalogue(session)
    found_standings = standings(session)
    rows: dict[str, list[tuple[int | None, float | None]]] = defaultdict(list)
    statement = select(ModuleProgress.module_id, ModuleProgress.completed_epoch, ModuleProgress.best_score).where(
        _visible(actor, ModuleProgress.person_id)
    )
    for module_id, epoch, best in session.execute(statement):
        rows[module_id].append((epoch, best))
    summaries = []
    for course in catalogue.courses.values():
        for module in catalogue.modules_of(course):
            found = rows[module.id]
            scores = [best for _, best in found if best is not None]
            summaries.append(
                ModuleSummary(
                    id=module.id,
                    title=module.page(lang).title,
                    course_id=course.id,
                    course_title=course.text(lang).title,
                    kind=module.kind,
                    started=len(found),
                    done=sum(
                        epoch is not None and epoch >= found_standings.get(module.id, NEVER_PUBLISHED).epoch
                        for epoch, _ in found
                    ),
                    mean_best=sum(scores) / len(scores) if scores else None,
                )
            )
    return summaries


@dataclass(frozen=True, slots=True)
class LearnerLine:
    """A learner in the results of a module."""

    id: uuid.UUID
    name: str
    state: State
    best_score: float | None
    attempts: int
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question in the results of a module, over first attempts against the current form of the question.

    Attributes:
        right: Learners who answered it rightly.
        answers: Learners whose first attempt has it.
    """

    id: str
    quiz_id: str
    stem: str
    right: int
    answers: int


@dataclass(frozen=True, slots=True)
class ModuleResults:
    """A trainer's view of a module."""

    id: str
    title: str
    learners: list[LearnerLine]
    questions: list[QuestionLine]


def module_results(session: Session, actor: Person, module_id: str, lang: str) -> ModuleResults:
    """Learners and questions of a module, of the learners that the actor may see.

    Raises:
        NotFound: There is no such module.
    """
    module = current_catalogue(session).modules.get(module_id)
    if module is None:
        raise NotFound("There is no such module.")
    standing = standings(session).get(module_id, NEVER_PUBLISHED)
    rows = session.execute(
        select(ModuleProgress, Person.name)
        .join(Person, Person.id == ModuleProgress.person_id)
        .where(ModuleProgress.module_id == module_id, _visible(actor, ModuleProgress.person_id))
        .order_by(func.lower(Person.name), Person.id)
    )
    learners = []
    for row, name in rows:
        state = state_of(row, module_id, standing)
        attempts = sum(entry["attempts"] for entry in row.quizzes.values())
        learners.append(LearnerLine(row.person_id, name, state.state, row.best_score, attempts, row.updated_at))
    return ModuleResults(
        id=module_id,
        title=module.page(lang).title,
        learners=learners,
        questions=_question_lines(session, actor, module, lang),
    )


def _question_lines(session: Session, actor: Person, module: Module, lang: str) -> list[QuestionLine]:
    """First attempts alone: later ones are made with the feedback of the first."""
    tally: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    rows = session.execute(
        select(Attempt.quiz_id, Attempt.grades, Attempt.version).where(
            Attempt.module_id == module.id,
            Attempt.number == 1,
            Attempt.submitted_at.is_not(None),
            _visible(actor, Attempt.person_id),
        )
    ).all()
    stems = {version: _stems(module_of_version(session, version)) for version in {row.version for row in rows}}
    now = _stems(module)
    for quiz_id, grades, version in rows:
        for question_id, grade in grades.items():
            key = (quiz_id, question_id)
            if stems[version].get(key) == now.get(key):
                tally[key][0] += bool(grade["correct"])
                tally[key][1] += 1
    return [
        QuestionLine(question.id, quiz.id, question.readable_stem(), *tally[quiz.id, question.id])
        for quiz in module.page(lang).quizzes
        if not quiz.practice
        for question in quiz.questions
    ]


def _stems(module: Module) -> dict[tuple[str, str], str]:
    """The text of every question, by quiz and id, in the module's first language."""
    page = next(iter(module.pages.values()))
    return {(quiz.id, question.id): question.stem for quiz in page.quizzes for question in quiz.questions}


def _visible(actor: Person, person_id: Any) -> ColumnElement[bool]:
    """Which learners an actor may see: a teacher those of their own classes, trainers and administrators all."""
    if actor.role == "teacher":
        visible: ColumnElement[bool] = person_id.in_(learner_ids_of(actor))
        return visible
    return true()
