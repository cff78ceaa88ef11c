"""Who of a class is where: one cell for each learner and module. Knows no HTTP and writes nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import Select, String, Table, case, func, select, type_coerce
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.catalogue.operations import NOT_PUBLISHED, ModuleNow, count_publications, current_catalogue, modules_now
from api.classes.assignments import ClassWork, modules_of, work_of
from api.classes.models import Assignment, Class, ClassMember
from api.core.schemas import Time
from api.evidence.models import ModuleProgress
from api.evidence.progress import find_state
from site_builder.course.model import Catalogue

CellState = Literal[
    "open", "started", "failed", "passed", "done", "renew", "elsewhere", "waiting", "booked", "attended", "absent",
    "excused",
]  # fmt: skip
"""Nothing yet; something; handed in and not passed; complete with a score; complete without a graded quiz; complete
before a renewal; not done online (webinars and practicals)."""

COMPLETE: tuple[CellState, ...] = ("passed", "done")


@dataclass(frozen=True, slots=True)
class Cell:
    """A learner's standing in a module that they were given.

    Attributes:
        score: Of its graded quizzes, 0..1 (`completion.score_of`); None before the first attempt.
        late: Whether it is required, due, and not complete.
        due_at: For this learner; the first one, where several assignments hold the module.
        optional: Whether no assignment requires it.
    """

    state: CellState
    score: float | None
    late: bool
    due_at: Time | None
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
    return tuple(sorted(found, key=lambda person: (person.sort_as, person.id)))


def class_standing(
    session: Session, group: Class, at: datetime, *, unopened: bool = True, work: ClassWork | None = None
) -> ClassStanding:
    """The standing of every learner in everything that the class was given; the number of queries is fixed.

    Args:
        session: To read with.
        group: The class.
        at: This moment.
        unopened: Whether assignments that learners do not see yet are in it.
        work: What the class was given, where that is known already.
    """
    catalogue = current_catalogue(session)
    learners = learners_of(session, group)
    work = work or work_of(session, group)
    module_ids = given_modules(catalogue, work)
    found = modules_now(session)
    rows = _progress_rows(session, group, module_ids)
    cells: dict[uuid.UUID, dict[str, Cell]] = {}
    covered = [
        (assignment, frozenset(modules_of(catalogue, assignment)))
        for assignment in work.assignments
        if unopened or assignment.opens_at is None or assignment.opens_at <= at
    ]
    online = {module_id: catalogue.modules[module_id].rules.online for module_id in module_ids}
    now = {module_id: found.get(module_id, NOT_PUBLISHED) for module_id in module_ids}
    # Most learners of a class have the same to do by the same times: it is worked out once for all of them.
    shared: dict[tuple[Held, ...], list[tuple[str, Terms, Cell]]] = {}
    joined = _joined(session, group)
    for person in learners:
        mine = tuple(
            _held(work, place, assignment, person.id, joined[person.id])
            for place, (assignment, _) in enumerate(covered)
            if work.holds_for(assignment, person.id)
        )
        if mine not in shared:
            shared[mine] = [
                (module_id, terms, make_cell(None, now[module_id], terms, at, online=online[module_id]))
                for module_id, terms in _terms_of(mine, covered, module_ids, at)
            ]
        own = rows.get(person.id, {})
        cells[person.id] = {
            module_id: empty
            if (row := own.get(module_id)) is None
            else make_cell(row, now[module_id], terms, at, online=online[module_id])
            for module_id, terms, empty in shared[mine]
        }
    return ClassStanding(learners, module_ids, cells, work)


def _progress_rows(session: Session, group: Class, module_ids: Sequence[str]) -> dict[uuid.UUID, dict[str, Summary]]:
    """Summaries by learner and module, as rows of columns: objects of a session cost five times as much."""
    members: Table = ClassMember.__table__  # type: ignore[assignment]  # It is a table.
    mine = select(members.c.person_id).where(members.c.class_id == group.id, members.c.teaches.is_(False))
    found = session.execute(
        select(*SHOWN).where(SUMMARIES.c.person_id.in_(mine), SUMMARIES.c.module_id.in_(module_ids))
    )
    rows: dict[Any, dict[str, Summary]] = {}
    for person, module_id, *summary in found.all():
        rows.setdefault(person, {})[module_id] = Summary._make(summary)
    # Of each learner once, and not of each row, an id is made of what the database gave.
    return {key if isinstance(key, uuid.UUID) else uuid.UUID(key): own for key, own in rows.items()}


class Summary(NamedTuple):
    """What a cell needs of a summary; quizzes only where the module is not complete."""

    best_score: float | None
    completed_renewal: int | None
    valid_until: datetime | None
    quizzes: Any


SUMMARIES: Table = ModuleProgress.__table__  # type: ignore[assignment]  # It is a table.
SHOWN = (
    type_coerce(SUMMARIES.c.person_id, String).label("person"),
    SUMMARIES.c.module_id,
    SUMMARIES.c.best_score,
    SUMMARIES.c.completed_renewal,
    SUMMARIES.c.valid_until,
    case((SUMMARIES.c.completed_renewal.is_(None), SUMMARIES.c.quizzes)).label("quizzes"),
)


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms a learner has a module.

    Attributes:
        due_at: The first one, where several assignments hold it.
        optional: Whether no assignment requires it.
        over: Whether it is required, and was due.
    """

    due_at: datetime | None
    optional: bool
    over: bool


class Held(NamedTuple):
    """An assignment that is for a learner.

    Attributes:
        place: Among those of the class.
        due_at: For this learner.
        extended: Whether they were given more time.
        binds: Whether they can be late: not with what was given and due before they entered the class.
    """

    place: int
    due_at: datetime | None
    extended: bool
    binds: bool


def _held(work: ClassWork, place: int, assignment: Assignment, person_id: uuid.UUID, joined: datetime) -> Held:
    due = work.due_for(assignment, person_id)
    extended = (assignment.id, person_id) in work.extensions
    binds = due is None or extended or due >= joined or assignment.created_at >= joined
    return Held(place, due, extended, binds)


def _joined(session: Session, group: Class) -> dict[uuid.UUID, datetime]:
    """Since when each learner is in a class."""
    return {
        row.person_id: row.joined_at
        for row in session.execute(
            select(ClassMember.person_id, ClassMember.joined_at).where(
                ClassMember.class_id == group.id, ClassMember.teaches.is_(False)
            )
        )
    }


def _terms_of(
    mine: Iterable[Held],
    covered: Sequence[tuple[Assignment, frozenset[str]]],
    module_ids: Iterable[str],
    at: datetime,
) -> Iterator[tuple[str, Terms]]:
    """The terms of each module that some assignments hold.

    Args:
        mine: The assignments that are for a learner.
        covered: All assignments with their modules.
        module_ids: Of what the class was given.
        at: This moment.
    """
    holding = [(covered[held.place][1], covered[held.place][0].required, held) for held in mine]
    for module_id in module_ids:
        found = [(is_required, held) for modules, is_required, held in holding if module_id in modules]
        if found:
            required = [held for is_required, held in found if is_required]
            dated = [held for held in (required or [held for _, held in found]) if held.due_at is not None]
            first = min(dated, key=lambda held: (held.due_at, not held.binds), default=None)
            due = first.due_at if first else None
            # More time in one of several assignments is more time for the module.
            more = max((held.due_at for held in dated if held.extended and held.due_at), default=None)
            if due is not None and more is not None and more > due:
                due = more
            over = bool(required) and first is not None and first.binds and due is not None and due < at
            yield module_id, Terms(due, not required, over)


def make_cell(row: Summary | None, now: ModuleNow, terms: Terms, at: datetime, *, online: bool) -> Cell:
    """What a summary comes to for a teacher.

    Args:
        row: The learner's progress in the module; None before the first act.
        now: What the module asks for.
        terms: On which terms the learner has it.
        at: This moment.
        online: Whether the module is completed here, and not in a room.
    """
    state: CellState
    found, score = find_state(row, now, at), None if row is None else row.best_score
    if not online and found not in ("done", "renew"):
        return _cell("elsewhere", None, False, terms.due_at, terms.optional)
    if row is not None and found == "started":
        failed = any(entry["attempts"] and not entry["passed"] for entry in row.quizzes.values())
        state = "failed" if failed else "started"
    elif found == "done":
        state = "passed" if score is not None else "done"
    else:
        state = found
    return _cell(state, score, terms.over and state not in COMPLETE, terms.due_at, terms.optional)


_cell = lru_cache(maxsize=4096)(Cell)
"""Cells are alike more often than not, and never change."""


def given_modules(catalogue: Catalogue, work: ClassWork) -> tuple[str, ...]:
    """Every module that a class was given, in the order of the catalogue's courses."""
    wanted = {name for assignment in work.assignments for name in modules_of(catalogue, assignment)}
    return tuple(name for course in catalogue.courses.values() for name in course.module_ids if name in wanted)


def standing_tag(session: Session, group: Class, work: ClassWork, at: datetime) -> str:
    """What changes whenever the table changes, at a fraction of its cost.

    The class counts its own changes, each row of progress counts its writes, and what time alone changes is how many
    due times are over.
    """
    module_ids = given_modules(current_catalogue(session), work)
    writes, rows = session.execute(
        select(func.coalesce(func.sum(ModuleProgress.revision), 0), func.count()).where(
            ModuleProgress.person_id.in_(learner_ids(group)), ModuleProgress.module_id.in_(module_ids)
        )
    ).one()
    over = sum(due < at for due in work.times())
    return f"{group.revision}.{writes}.{rows}.{over}.{count_publications(session)}"


def learner_ids(group: Class) -> Select[uuid.UUID]:
    """The ids of those who learn in a class, as a query."""
    return select(ClassMember.person_id).where(ClassMember.class_id == group.id, ClassMember.teaches.is_(False))
