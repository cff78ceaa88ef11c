"""What classes were given: courses and modules, by when, and for whom. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person, Somebody
from api.catalogue.operations import current_catalogue
from api.classes.access import find_learner, reachable
from api.classes.models import Assignment, AssignmentLearner, Class, ClassMember, Extension
from api.classes.operations import check_open, note_change, zone_of
from api.core.errors import Invalid, NotFound
from api.core.richtext import LONGEST
from site_builder.course.model import Catalogue


@dataclass(frozen=True, slots=True)
class Terms:
    """What a teacher says about an assignment, beside the course.

    Attributes:
        module_ids: Some modules of the course; None is the whole course.
        learner_ids: Some learners of the class; None is the whole class.
        opens_at: From when on learners see it; None is at once.
        due_at: When it should be done; None is no date.
        note: To the learners, in Markdown.
        required: What is optional is never late.
    """

    module_ids: Sequence[str] | None = None
    learner_ids: Sequence[uuid.UUID] | None = None
    opens_at: datetime | None = None
    due_at: datetime | None = None
    note: str = ""
    required: bool = True


EVERYTHING = Terms()


def assign(act: Act, group: Class, course_id: str, terms: Terms = EVERYTHING) -> Assignment:
    """Give a course, or some of its modules, to a class or to some of its learners.

    Raises:
        Invalid: There is no such course, module or learner, or it would be due before it opens.
    """
    check_open(group)
    _check(act.session, group, course_id, terms)
    made = Assignment(class_id=group.id, course_id=course_id, created_at=act.at)
    act.session.add(made)
    _write(act.session, made, terms)
    note_change(act, group, "assignment.add", new=_told(made, terms))
    return made


def change_assignment(act: Act, group: Class, assignment: Assignment, terms: Terms) -> None:
    """Say something else about an assignment; what learners did stays, and so does the more time that some were given.

    Raises:
        Invalid: As for `assign`.
    """
    _check(act.session, group, assignment.course_id, terms)
    old = _told(assignment, _terms_of(act.session, assignment))
    _write(act.session, assignment, terms)
    note_change(act, group, "assignment.change", old=old, new=_told(assignment, terms))


def withdraw_assignment(act: Act, group: Class, assignment: Assignment, withdrawn: bool) -> None:
    """Take an assignment back, or give it again; what learners did stays."""
    if (assignment.withdrawn_at is not None) == withdrawn:
        return
    assignment.withdrawn_at = act.at if withdrawn else None
    note_change(act, group, "assignment.withdraw", new={"id": str(assignment.id), "withdrawn": withdrawn})


def extend_assignment(
    act: Act, group: Class, assignment: Assignment, person_id: uuid.UUID, due_at: datetime | None
) -> None:
    """Give one learner another due time; None takes it back.

    Raises:
        NotFound: There is no such learner in the class.
        Invalid: The assignment has no due time that could be another one.
    """
    session = act.session
    check_open(group)
    find_learner(session, group, person_id)
    if not assignment.everyone and session.get(AssignmentLearner, (assignment.id, person_id)) is None:
        raise NotFound("This assignment is not for this learner.")
    if due_at is not None and assignment.due_at is None:
        raise Invalid("This assignment has no due time.", field="due")
    if due_at is not None and assignment.due_at is not None and due_at < assignment.due_at:
        raise Invalid("This would be less time than the class has.", field="due")
    found = session.get(Extension, (assignment.id, person_id))
    if due_at is None:
        if found is not None:
            session.delete(found)
    elif found is None:
        session.add(Extension(assignment_id=assignment.id, person_id=person_id, due_at=due_at))
    else:
        found.due_at = due_at
    new = {"id": str(assignment.id), "learner": str(person_id), "due": due_at.isoformat() if due_at else None}
    note_change(act, group, "assignment.extend", new=new)


def find_assignment(act: Act, assignment_id: uuid.UUID) -> tuple[Class, Assignment]:
    """An assignment of a class that an act reaches.

    Raises:
        NotFound: It does not exist, or is another teacher's.
    """
    found = act.session.execute(
        select(Class, Assignment)
        .join(Assignment, Assignment.class_id == Class.id)
        .where(Assignment.id == assignment_id, reachable(act))
    ).first()
    if found is None:
        raise NotFound("There is no such assignment.")
    return found.Class, found.Assignment


def check_given(session: Session, group: Class, person: Person, module_id: str) -> None:
    """Make sure that a learner was given a module in a class.

    Raises:
        NotFound: They were not.
    """
    catalogue = current_catalogue(session)
    work = work_of(session, group)
    if not any(
        work.holds_for(item, person.id) and module_id in modules_of(catalogue, item) for item in work.assignments
    ):
        raise NotFound("This class was not given this module.")


def _check(session: Session, group: Class, course_id: str, terms: Terms) -> None:
    catalogue = current_catalogue(session)
    course = catalogue.courses.get(course_id)
    if course is None:
        raise Invalid("There is no such course.", field="course")
    if terms.module_ids is not None:
        unknown = sorted(set(terms.module_ids) - set(course.module_ids))
        if unknown or not terms.module_ids:
            raise Invalid("Choose modules of this course, at least one.", field="modules")
    if terms.learner_ids is not None:
        members = set(
            session.scalars(
                select(ClassMember.person_id).where(ClassMember.class_id == group.id, ClassMember.teaches.is_(False))
            )
        )
        if not terms.learner_ids or not set(terms.learner_ids) <= members:
            raise Invalid("Choose learners of this class, at least one.", field="learners")
    # Times of one zone are compared as clocks show them, also in the night in which one is set.
    if terms.opens_at and terms.due_at and terms.due_at.astimezone(UTC) <= terms.opens_at.astimezone(UTC):
        raise Invalid("It would be due before it opens.", field="due")
    if len(terms.note) > LONGEST:
        raise Invalid(f"A note has at most {LONGEST} characters.", field="note")


def _write(session: Session, assignment: Assignment, terms: Terms) -> None:
    assignment.module_ids = list(dict.fromkeys(terms.module_ids)) if terms.module_ids is not None else None
    assignment.everyone = terms.learner_ids is None
    assignment.opens_at, assignment.due_at = terms.opens_at, terms.due_at
    assignment.note, assignment.required = terms.note.strip(), terms.required
    session.flush()
    session.execute(delete(AssignmentLearner).where(AssignmentLearner.assignment_id == assignment.id))
    session.add_all(
        AssignmentLearner(assignment_id=assignment.id, person_id=person_id)
        for person_id in dict.fromkeys(terms.learner_ids or ())
    )
    session.flush()


def _terms_of(session: Session, assignment: Assignment) -> Terms:
    learners = list(
        session.scalars(select(AssignmentLearner.person_id).where(AssignmentLearner.assignment_id == assignment.id))
    )
    return Terms(
        module_ids=assignment.module_ids,
        learner_ids=None if assignment.everyone else learners,
        opens_at=assignment.opens_at,
        due_at=assignment.due_at,
        note=assignment.note,
        required=assignment.required,
    )


def _told(assignment: Assignment, terms: Terms) -> dict[str, Any]:
    """An assignment for the audit trail."""
    return {
        "id": str(assignment.id),
        "course": assignment.course_id,
        "modules": list(terms.module_ids) if terms.module_ids is not None else None,
        "learners": sorted(map(str, terms.learner_ids)) if terms.learner_ids is not None else None,
        "opens": terms.opens_at.isoformat() if terms.opens_at else None,
        "due": terms.due_at.isoformat() if terms.due_at else None,
        "required": terms.required,
    }


def local_time(text: str | None, zone: ZoneInfo, name: str) -> datetime | None:
    """A time as it is typed, "2026-11-27T16:00", read off a clock in a zone; None for nothing.

    In the hour that a clock skips in spring, the clock is read as if it had not yet been moved; in the hour that it
    shows twice in autumn, the first time counts (PEP 495, fold 0).

    Raises:
        Invalid: It is no time.
    """
    if not text:
        return None
    try:
        typed = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("This is no date and time.", field=name) from None
    if typed.tzinfo is not None or not 2000 <= typed.year <= 2100:
        raise Invalid("Write a date and a time of this century, without a zone: 2026-11-27T16:00.", field=name)
    return typed.replace(tzinfo=zone)


@dataclass(frozen=True, slots=True)
class Given:
    """An assignment as it holds for one learner.

    Attributes:
        due_at: With the more time that the learner was given.
        module_ids: What it comes to by the current catalogue, in the course's order.
    """

    assignment: Assignment
    group: Class
    due_at: datetime | None
    module_ids: tuple[str, ...]

    @property
    def zone(self) -> ZoneInfo:
        """The zone that its times are shown in."""
        return zone_of(self.group)

    def is_open(self, at: datetime) -> bool:
        """Whether learners may see it."""
        return self.assignment.opens_at is None or self.assignment.opens_at <= at

    def is_late(self, at: datetime) -> bool:
        """Whether what is not done by now is late."""
        return self.assignment.required and self.due_at is not None and self.due_at < at


def later(due_at: datetime | None, extended: datetime | None) -> datetime | None:
    """The due time of a learner who was given more time: more time is never less, whatever the class's becomes."""
    return due_at if due_at is None or extended is None else max(due_at, extended)


def modules_of(catalogue: Catalogue, assignment: Assignment) -> tuple[str, ...]:
    """The modules of an assignment that the catalogue has, in the course's order."""
    course = catalogue.courses.get(assignment.course_id)
    if course is None:
        return ()
    wanted = assignment.module_ids
    return tuple(name for name in course.module_ids if wanted is None or name in wanted)


def given_to(session: Session, person: Somebody) -> list[Given]:
    """What a learner's classes gave them and did not take back, the first due first; in one query."""
    catalogue = current_catalogue(session)
    rows = session.execute(
        select(Assignment, Class, Extension.due_at.label("extended"))
        .join(Class, Class.id == Assignment.class_id)
        .join(ClassMember, ClassMember.class_id == Class.id)
        .outerjoin(
            Extension, (Extension.assignment_id == Assignment.id) & (Extension.person_id == ClassMember.person_id)
        )
        .outerjoin(
            AssignmentLearner,
            (AssignmentLearner.assignment_id == Assignment.id) & (AssignmentLearner.person_id == ClassMember.person_id),
        )
        .where(
            ClassMember.person_id == person.id,
            ClassMember.teaches.is_(False),
            Class.archived_at.is_(None),
            Assignment.withdrawn_at.is_(None),
            Assignment.everyone.is_(True) | AssignmentLearner.person_id.is_not(None),
        )
    )
    given = [
        Given(
            row.Assignment,
            row.Class,
            later(row.Assignment.due_at, row.extended),
            modules_of(catalogue, row.Assignment),
        )
        for row in rows
    ]
    return sorted(
        given,
        key=lambda item: (
            item.due_at is None,
            item.due_at or item.assignment.created_at,
            item.assignment.created_at,
            item.assignment.id,
        ),
    )


@dataclass(frozen=True, slots=True)
class ClassWork:
    """Everything that a class was given, with the exceptions of its learners.

    Attributes:
        targets: By assignment that is not for everyone, for whom it is.
        extensions: By assignment and learner, the other due time.
    """

    assignments: tuple[Assignment, ...]
    targets: Mapping[uuid.UUID, frozenset[uuid.UUID]]
    extensions: Mapping[tuple[uuid.UUID, uuid.UUID], datetime]

    def holds_for(self, assignment: Assignment, person_id: uuid.UUID) -> bool:
        """Whether an assignment is for a learner."""
        return assignment.everyone or person_id in self.targets.get(assignment.id, frozenset())

    def due_for(self, assignment: Assignment, person_id: uuid.UUID) -> datetime | None:
        """When an assignment is due for a learner."""
        return later(assignment.due_at, self.extensions.get((assignment.id, person_id)))

    def times(self) -> Iterable[datetime]:
        """Every due time, of assignments and of exceptions."""
        yield from (item.due_at for item in self.assignments if item.due_at)
        yield from self.extensions.values()


def work_of(session: Session, group: Class, *, withdrawn: bool = False) -> ClassWork:
    """What a class was given, the oldest first, in three queries.

    Args:
        session: To read with.
        group: The class.
        withdrawn: Whether what was taken back is wanted too.
    """
    statement = select(Assignment).where(Assignment.class_id == group.id)
    if not withdrawn:
        statement = statement.where(Assignment.withdrawn_at.is_(None))
    assignments = tuple(session.scalars(statement.order_by(Assignment.created_at, Assignment.id)))
    mine = select(Assignment.id).where(Assignment.class_id == group.id)
    targets: dict[uuid.UUID, set[uuid.UUID]] = {}
    for row in session.execute(
        select(AssignmentLearner.assignment_id, AssignmentLearner.person_id).where(
            AssignmentLearner.assignment_id.in_(mine)
        )
    ):
        targets.setdefault(row.assignment_id, set()).add(row.person_id)
    extensions = {
        (row.assignment_id, row.person_id): row.due_at
        for row in session.scalars(select(Extension).where(Extension.assignment_id.in_(mine)))
    }
    return ClassWork(assignments, {key: frozenset(found) for key, found in targets.items()}, extensions)


def courses_given(session: Session, group: Class) -> set[str]:
    """The courses of which a class was given something, also if it was taken back: what its teachers may see."""
    return set(session.scalars(select(Assignment.course_id).where(Assignment.class_id == group.id).distinct()))
