"""A learner's home, and a trainer's view of results. Knows no HTTP and writes nothing."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import false, func, or_, select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person, Somebody
from api.catalogue.operations import NOT_PUBLISHED, current_catalogue, modules_now
from api.classes.access import classes_of, is_given_to_teach, learners_by_course, seen_in_course
from api.classes.assignments import Given, given_to
from api.core.errors import NotFound
from api.core.richtext import render_text
from api.evidence.models import ModuleProgress
from api.evidence.progress import ModuleState, State, progress_of, state_of
from api.reports.kept import keep
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
    """An assignment on a learner's home.

    Attributes:
        address: Where to go: what is next of it, or the course.
        modules: Titles, where it is a part of the course.
        opens_at: Only if it is not open yet.
        done: Whether everything of it that can be done online is done.
        late: Whether it is required, due, and not done.
    """

    course_id: str
    title: str
    address: str
    modules: list[str]
    class_name: str
    timezone: str
    opens_at: datetime | None
    due_at: datetime | None
    required: bool
    note_html: str
    done: bool
    late: bool


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class that a learner is in, and who looks after it."""

    name: str
    teachers: list[str]


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
    classes: list[ClassLine]


def learner_home(session: Session, person: Somebody, lang: str, at: datetime) -> Home:
    """What is due, what is next and how far a learner is; the number of queries does not depend on what there is."""
    catalogue = current_catalogue(session)
    given = [item for item in given_to(session, person) if item.module_ids]
    states = progress_of(session, person.id, catalogue.courses.values(), at)
    by_module = {module.id: module for modules in states.values() for module in modules}
    begun = [course_id for course_id, modules in states.items() if any(module.state != "open" for module in modules)]
    shown = [item.assignment.course_id for item in given if item.is_open(at)]
    order = list(dict.fromkeys([*shown, *begun]))
    courses = [_course_line(catalogue, catalogue.courses[name], states[name], lang) for name in order]
    due = [_due_line(catalogue, item, by_module, lang, at) for item in given]
    # What is due first comes first; then the rest of the courses, in their order.
    wanted = [name for item in given if item.is_open(at) for name in item.module_ids]
    alone = {line.id: line for course in courses for line in course.modules if catalogue.modules[line.id].rules.online}
    queue = [alone[name] for name in dict.fromkeys([*wanted, *alone]) if name in alone]
    following = next((module for module in queue if module.state != "done"), None)
    waiting = next((m for course in courses for m in course.modules if m.id not in alone and m.state != "done"), None)
    return Home(
        next=following,
        waiting=None if following else waiting,
        due=due,
        courses=courses,
        classes=[ClassLine(name, teachers) for name, teachers in classes_of(session, person)],
    )


def _due_line(
    catalogue: Catalogue, item: Given, by_module: Mapping[str, ModuleState], lang: str, at: datetime
) -> DueLine:
    assignment = item.assignment
    alone = [name for name in item.module_ids if catalogue.modules[name].rules.online]
    todo = [name for name in alone if by_module[name].state != "done"]
    is_open = item.is_open(at)
    titles = [catalogue.modules[name].page(lang).title for name in item.module_ids]
    return DueLine(
        course_id=assignment.course_id,
        title=catalogue.courses[assignment.course_id].text(lang).title,
        address=todo[0] if todo else assignment.course_id,
        modules=titles if assignment.module_ids is not None and is_open else [],
        class_name=item.group.name,
        timezone=item.group.timezone,
        opens_at=None if is_open else assignment.opens_at,
        due_at=item.due_at,
        required=assignment.required,
        # What is not open yet has a date, and no words: they may give it away.
        note_html=render_text(assignment.note) if is_open else "",
        # What happens in a room is not done by itself.
        done=bool(alone) and not todo,
        late=bool(todo) and item.is_late(at),
    )


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


Totals = dict[str, list[tuple[int | None, int, int, float]]]
"""By module: the renewal that was reached, how many learners, how many of them have a score, the sum of those."""


def results_overview(act: Act, lang: str) -> list[ModuleSummary]:
    """Every module with how many learners started and completed it, of the learners that the act may see.

    A teacher sees the courses that their classes were given.
    """
    session = act.session
    catalogue = current_catalogue(session)
    modules = modules_now(session)
    courses = list(catalogue.courses.values())
    renewal, best = ModuleProgress.completed_renewal, ModuleProgress.best_score
    statement = select(ModuleProgress.module_id, renewal, func.count(), func.count(best), func.sum(best))
    if act.scope != "all":
        pairs = learners_by_course(session, act.person)
        courses = [course for course in courses if course.id in pairs]
        seen = [
            ModuleProgress.person_id.in_(pairs[course.id]) & ModuleProgress.module_id.in_(course.module_ids)
            for course in courses
        ]
        statement = statement.where(or_(false(), *seen))

    def count() -> tuple[Totals, int]:
        rows: Totals = defaultdict(list)
        for module_id, reached, number, scored, total in session.execute(
            statement.group_by(ModuleProgress.module_id, renewal)
        ):
            rows[module_id].append((reached, number, scored, total or 0.0))
        return rows, sum(line[1] for lines in rows.values() for line in lines)

    rows = keep(session, "results", act.at, count) if act.scope == "all" else count()[0]
    summaries = []
    for course in courses:
        for module in catalogue.modules_of(course):
            found = rows.get(module.id, [])
            now = modules.get(module.id, NOT_PUBLISHED).renewal
            scored = sum(count for _, _, count, _ in found)
            summaries.append(
                ModuleSummary(
                    id=module.id,
                    title=module.page(lang).title,
                    course_id=course.id,
                    course_title=course.text(lang).title,
                    kind=module.kind,
                    started=sum(count for _, count, _, _ in found),
                    done=sum(count for reached, count, _, _ in found if reached is not None and reached >= now),
                    mean_best=sum(total for _, _, _, total in found) / scored if scored else None,
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
class QuizLine:
    """A graded quiz of a module: its analysis is one click away."""

    id: str
    questions: int


@dataclass(frozen=True, slots=True)
class ModuleResults:
    """A trainer's view of a module."""

    id: str
    title: str
    learners: list[LearnerLine]
    quizzes: list[QuizLine]


def module_results(act: Act, module_id: str, lang: str) -> ModuleResults:
    """Learners and quizzes of a module, of the learners that the act may see.

    Raises:
        NotFound: There is no such module.
    """
    session = act.session
    module = current_catalogue(session).modules.get(module_id)
    if module is None or not is_given_to_teach(act, module_id.partition("/")[0]):
        raise NotFound("There is no such module.")
    standing = modules_now(session).get(module_id, NOT_PUBLISHED)
    rows = session.execute(
        select(ModuleProgress, Person.name, Person.sort_as)
        .join(Person, Person.id == ModuleProgress.person_id)
        .where(
            ModuleProgress.module_id == module_id,
            seen_in_course(act, module_id.partition("/")[0], ModuleProgress.person_id),
        )
    )
    learners = []
    for row, name, _ in sorted(rows, key=lambda one: (one[2], one[0].person_id)):
        state = state_of(row, module_id, standing, act.at)
        attempts = sum(entry["attempts"] for entry in row.quizzes.values())
        learners.append(LearnerLine(row.person_id, name, state.state, row.best_score, attempts, row.updated_at))
    return ModuleResults(
        id=module_id,
        title=module.page(lang).title,
        learners=learners,
        quizzes=[QuizLine(quiz.id, len(quiz.questions)) for quiz in module.page(lang).quizzes if not quiz.practice],
    )
