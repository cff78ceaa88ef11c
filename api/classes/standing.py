"""Who of a class is where: one cell for each learner and module. Knows no HTTP and writes nothing."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.catalogue.operations import NOT_PUBLISHED, ModuleNow, count_publications, current_catalogue, modules_now
from api.classes.assignments import ClassWork, modules_of, work_of
from api.classes.models import Class, ClassMember
from api.core.texts import sort_key
from api.evidence.models import ModuleProgress
from api.evidence.progress import state_of
from site_builder.course.model import Catalogue

CellState = Literal["open", "started", "failed", "passed", "done", "renew", "elsewhere"]
"""Nothing yet; something; handed in and not passed; complete with a score; complete without a graded quiz; complete
before a renewal; not done online (webinars and practicals)."""

COMPLETE: tuple[CellState, ...] = ("passed", "done")


@dataclass(frozen=True, slots=True)
class Cell:
    """A learner's standing in a module that they were given.

    Attributes:
        score: Best score of its graded quizzes, 0..1, where one was not passed that quiz's; None before the first
            attempt.
        late: Whether it is required, due, and not complete.
        due_at: For this learner; the first one, where several assignments hold the module.
        optional: Whether no assignment requires it.
    """

    state: CellState
    score: float | None
    late: bool
    due_at: datetime | None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class ClassStanding:
    """A class as a table.

    Attributes:
        learners: By name.
        module_ids: Of what the class was given, in the order of catalogue and courses.
        cells: By learner and module; a learner who was not given a module has no cell for it.
    """

    learners: tuple[Person, ...]
    module_ids: tuple[str, ...]
    cells: dict[uuid.UUID, dict[str, Cell]]
    work: ClassWork

    def late_modules(self, person_id: uuid.UUID) -> list[str]:
        """What a learner is late with."""
        return [name for name, cell in self.cells[person_id].items() if cell.late]


def learners_of(session: Session, group: Class) -> tuple[Person, ...]:
    """The learners of a class, by name."""
    found = session.scalars(
        select(Person)
        .join(ClassMember, ClassMember.person_id == Person.id)
        .where(ClassMember.class_id == group.id, ClassMember.teaches.is_(False))
    )
    return tuple(sorted(found, key=lambda person: (sort_key(person.name), person.id)))


def class_standing(session: Session, group: Class, at: datetime, *, unopened: bool = True) -> ClassStanding:
    """The standing of every learner in everything that the class was given; the number of queries is fixed.

    Args:
        session: To read with.
        group: The class.
        at: This moment.
        unopened: Whether assignments that learners do not see yet are in it.
    """
    catalogue = current_catalogue(session)
    learners = learners_of(session, group)
    work = work_of(session, group)
    module_ids = given_modules(catalogue, work)
    found = modules_now(session)
    rows = {
        (row.person_id, row.module_id): row
        for row in session.scalars(
            select(ModuleProgress).where(
                ModuleProgress.person_id.in_(_learner_ids(group)), ModuleProgress.module_id.in_(module_ids)
            )
        )
    }
    cells: dict[uuid.UUID, dict[str, Cell]] = {person.id: {} for person in learners}
    covered = [
        (assignment, frozenset(modules_of(catalogue, assignment)))
        for assignment in work.assignments
        if unopened or assignment.opens_at is None or assignment.opens_at <= at
    ]
    for person in learners:
        mine = [
            (modules, assignment.required, work.due_for(assignment, person.id))
            for assignment, modules in covered
            if work.holds_for(assignment, person.id)
        ]
        for module_id in module_ids:
            terms = [(required, due) for modules, required, due in mine if module_id in modules]
            if terms:
                cells[person.id][module_id] = make_cell(
                    rows.get((person.id, module_id)),
                    found.get(module_id, NOT_PUBLISHED),
                    terms,
                    at,
                    online=catalogue.modules[module_id].rules.online,
                )
    return ClassStanding(learners, module_ids, cells, work)


def make_cell(
    row: ModuleProgress | None,
    now: ModuleNow,
    terms: list[tuple[bool, datetime | None]],
    at: datetime,
    *,
    online: bool,
) -> Cell:
    """What a summary comes to for a teacher.

    Args:
        row: The learner's progress in the module; None before the first act.
        now: What the module asks for.
        terms: Of each assignment that holds the module: required, and due when.
        at: This moment.
        online: Whether the module is completed here, and not in a room.
    """
    required = [due for is_required, due in terms if is_required]
    dated = sorted(due for due in (required or [due for _, due in terms]) if due is not None)
    due = dated[0] if dated else None
    state: CellState
    shown = state_of(row, "", now, at)
    if not online and shown.state not in ("done", "renew"):
        return Cell("elsewhere", None, late=False, due_at=due, optional=not required)
    if shown.state in ("open", "renew"):
        state = "open" if shown.state == "open" else "renew"
    elif shown.state == "done":
        state = "passed" if shown.best_score is not None else "done"
    else:
        assert row is not None
        handed_in = [entry for entry in row.quizzes.values() if entry["attempts"]]
        state = "failed" if any(not entry["passed"] for entry in handed_in) else "started"
    score = shown.best_score
    if state == "failed" and row is not None:
        # What stands in the way, and not what went well beside it.
        score = min(entry["best"] for entry in row.quizzes.values() if entry["attempts"] and not entry["passed"])
    late = bool(required) and due is not None and due < at and state not in COMPLETE
    return Cell(state, score, late=late, due_at=due, optional=not required)


def given_modules(catalogue: Catalogue, work: ClassWork) -> tuple[str, ...]:
    """Every module that a class was given, in the order of the catalogue's courses."""
    wanted = {name for assignment in work.assignments for name in modules_of(catalogue, assignment)}
    return tuple(name for course in catalogue.courses.values() for name in course.module_ids if name in wanted)


def standing_tag(session: Session, group: Class, at: datetime) -> str:
    """What changes whenever the table changes, at a fraction of its cost.

    The class counts its own changes, each row of progress counts its writes, and what time alone changes is how many
    due times are over.
    """
    catalogue = current_catalogue(session)
    work = work_of(session, group)
    module_ids = given_modules(catalogue, work)
    writes, rows = session.execute(
        select(func.coalesce(func.sum(ModuleProgress.revision), 0), func.count()).where(
            ModuleProgress.person_id.in_(_learner_ids(group)), ModuleProgress.module_id.in_(module_ids)
        )
    ).one()
    over = sum(due < at for due in work.times())
    return f"{group.revision}.{writes}.{rows}.{over}.{count_publications(session)}"


def _learner_ids(group: Class) -> Select[uuid.UUID]:
    return select(ClassMember.person_id).where(ClassMember.class_id == group.id, ClassMember.teaches.is_(False))
