"""The class matrix: learners down, modules across. Knows no HTTP and writes nothing."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from zlib import crc32

from sqlalchemy.orm import Session

from api.catalogue.operations import current_catalogue
from api.classes.assignments import ClassWork
from api.classes.models import Class
from api.classes.standing import (
    COMPLETE,
    Cell,
    CellState,
    ClassStanding,
    class_standing,
    given_modules,
    learner_ids,
)
from api.events.standing import EventState, states_at_events


@dataclass(frozen=True, slots=True)
class MatrixModule:
    """A column, with what its row at the foot says.

    Attributes:
        online: Whether learners complete it alone, in the page.
        done: Learners who completed it.
        given: Learners who were given it.
        mean: Mean best score of those who have one, 0..1.
    """

    id: str
    title: str
    course_id: str
    course_title: str
    kind: str
    online: bool
    due_at: datetime | None
    done: int
    given: int
    late: int
    mean: float | None


@dataclass(frozen=True, slots=True)
class MatrixLearner:
    """A row; a cell is None where the learner was not given the module."""

    id: uuid.UUID
    name: str
    cells: list[Cell | None]
    done: int
    given: int
    late: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """A class at one look.

    Attributes:
        states: How many cells are in each state, and "late".
    """

    name: str
    timezone: str
    modules: list[MatrixModule]
    learners: list[MatrixLearner]
    states: dict[str, int]


def _places(
    session: Session, standing: ClassStanding, online: Collection[str]
) -> dict[tuple[uuid.UUID, str], EventState]:
    """What became of learners' places at webinars and practicals, where the class has any."""
    module_ids = [module_id for module_id in standing.module_ids if module_id not in online]
    return states_at_events(session, [one.id for one in standing.learners], module_ids) if module_ids else {}


def places_tag(session: Session, group: Class, work: ClassWork) -> str:
    """What changes whenever what the table says of webinars and practicals does; "" where the class has none."""
    catalogue = current_catalogue(session)
    wanted = [name for name in given_modules(catalogue, work) if not catalogue.modules[name].rules.online]
    if not wanted:
        return ""
    people = session.scalars(learner_ids(group)).all()
    states = sorted(
        (str(person), name, state) for (person, name), state in states_at_events(session, people, wanted).items()
    )
    return f"{crc32(repr(states).encode()):08x}"


def class_matrix(session: Session, group: Class, lang: str, at: datetime, work: ClassWork | None = None) -> Matrix:
    """The matrix of a class; the number of queries does not depend on its size.

    Args:
        session: To read with.
        group: The class.
        lang: Of the titles.
        at: This moment.
        work: What the class was given, where that is known already.
    """
    catalogue = current_catalogue(session)
    standing = class_standing(session, group, at, work=work)
    online_ids = {module_id for module_id in standing.module_ids if catalogue.modules[module_id].rules.online}
    places = _places(session, standing, online_ids)
    learners = []
    for person in standing.learners:
        mine = standing.cells[person.id]
        cells = [mine.get(module_id) for module_id in standing.module_ids]
        online = [cell for cell in cells if cell is not None and cell.state != "elsewhere"]
        for place, module_id in enumerate(standing.module_ids):
            state, cell = places.get((person.id, module_id)), cells[place]
            if state is not None and cell is not None and cell.state == "elsewhere":
                cells[place] = replace(cell, state=state)
        learners.append(
            MatrixLearner(
                id=person.id,
                name=person.name,
                cells=cells,
                done=sum(cell.state in COMPLETE for cell in online),
                given=len(online),
                late=sum(cell.late for cell in online),
            )
        )
    modules = []
    for place, module_id in enumerate(standing.module_ids):
        found = [cell for learner in learners if (cell := learner.cells[place]) is not None]
        scores = [cell.score for cell in found if cell.score is not None]
        module = catalogue.modules[module_id]
        course = catalogue.course_of(module_id)
        dues = Counter(cell.due_at for cell in found if cell.due_at is not None)
        modules.append(
            MatrixModule(
                id=module_id,
                title=module.page(lang).title,
                course_id=course.id,
                course_title=course.text(lang).title,
                kind=module.kind,
                online=module.rules.online,
                due_at=dues.most_common(1)[0][0] if dues else None,
                done=sum(cell.state in COMPLETE for cell in found),
                given=len(found),
                late=sum(cell.late for cell in found),
                mean=sum(scores) / len(scores) if scores else None,
            )
        )
    states: Counter[CellState | str] = Counter(
        cell.state for learner in learners for cell in learner.cells if cell is not None
    )
    states["late"] = sum(learner.late for learner in learners)
    return Matrix(group.name, group.timezone, modules, learners, dict(states))
