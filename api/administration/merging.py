"""Two accounts of one person become one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, UniqueConstraint, func, select, update
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.links import end_links
from api.accounts.models import Person
from api.accounts.sign_ins import end_sign_ins
from api.administration.errors import CannotMerge
from api.administration.holdings import CATEGORIES, HOLDINGS, Category, count_rows, model_of, split, value_for
from api.core.errors import NotFound
from api.events.missed import note_events
from api.events.models import Booking
from api.evidence.models import ModuleProgress
from api.evidence.operations import recompute_progress
from api.hours.operations import recount, standing_lines
from api.learning.models import Attempt

MERGED = "merged.invalid"
"""Domain of the address that the closed account keeps (RFC 2606)."""
SUMMARY = "module_progress.person_id"
"""Made of evidence, and made again."""


@dataclass(frozen=True, slots=True)
class Moving:
    """What merging does with one category: how many rows the other account gets, and how many go or stay behind."""

    category: Category
    moved: int
    left: int


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What merging two accounts would do."""

    gone: Person
    kept: Person
    lines: list[Moving]


def preview_merge(session: Session, gone_id: uuid.UUID, kept_id: uuid.UUID) -> MergePreview:
    """What would move from one account to another.

    Raises:
        NotFound: One of them does not exist, or is closed for good.
        CannotMerge: They are one, or both have work of their own to answer for.
    """
    gone, kept = _find(session, gone_id), _find(session, kept_id)
    _check(session, gone, kept)
    moved: dict[Category, list[int]] = {}
    for name, holding in HOLDINGS.items():
        count = count_rows(session, name, gone_id)
        if not count or name == SUMMARY:
            continue
        free = len(_free(session, name, gone_id, kept_id)) if holding.merged == "move" else 0
        line = moved.setdefault(holding.category, [0, 0])
        line[0] += free
        line[1] += count - free
    return MergePreview(gone, kept, [Moving(name, *moved[name]) for name in CATEGORIES if name in moved])


def _find(session: Session, person_id: uuid.UUID) -> Person:
    person = session.get(Person, person_id)
    if person is None or person.erased_at is not None or person.merged_into is not None:
        raise NotFound("There is no such person.")
    return person


def _check(session: Session, gone: Person, kept: Person) -> None:
    if gone.id == kept.id:
        raise CannotMerge("This is one account.")
    if gone.role != "learner":
        raise CannotMerge("An account of somebody who works here has signed in its name: it is closed, not merged.")
    begun = select(Attempt.id).where(Attempt.person_id == gone.id, Attempt.submitted_at.is_(None))
    if session.scalar(begun.limit(1)) is not None:
        raise CannotMerge("An attempt is open in the account that goes: it is handed in first, or its time ends.")


def _keys(table: Table) -> list[tuple[str, ...]]:
    """Columns that are unique together."""
    found = [tuple(column.name for column in table.primary_key)]
    found += [
        tuple(column.name for column in one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)
    ]
    return found + [tuple(column.name for column in one.columns) for one in table.indexes if one.unique]


def _free(session: Session, name: str, gone_id: uuid.UUID, kept_id: uuid.UUID) -> list[dict[str, Any]]:
    """Rows of one account in whose place the other one has none."""
    holding, (table, column) = HOLDINGS[name], split(name)
    mine = select(table).where(column == value_for(holding, gone_id))
    rows = [dict(row._mapping) for row in session.execute(mine)]
    keys = [key for key in _keys(table) if column.name in key and key != (column.name,)]
    if any(key == (column.name,) for key in _keys(table)):
        taken = session.execute(select(table).where(column == value_for(holding, kept_id)).limit(1)).first()
        return [] if taken else rows
    if not rows or not keys or table is Attempt.__table__:
        return rows
    there = [dict(row._mapping) for row in session.execute(select(table).where(column == value_for(holding, kept_id)))]
    free = []
    for row in rows:
        others = [{part: row[part] for part in key if part != column.name} for key in keys]
        if not any(all(one[part] == value for part, value in other.items()) for one in there for other in others):
            free.append(row)
    return free


def merge_people(act: Act, gone_id: uuid.UUID, kept_id: uuid.UUID) -> MergePreview:
    """Give everything of one account to another, and close it; its id is never used again.

    Raises:
        NotFound: As for the preview.
        CannotMerge: The same.
    """
    session = act.session
    shown = preview_merge(session, gone_id, kept_id)
    _renumber_attempts(session, gone_id, kept_id)
    for name, holding in HOLDINGS.items():
        if holding.merged == "move" and name != SUMMARY:
            _move(session, name, gone_id, kept_id)
    end_sign_ins(act, gone_id)
    end_links(session, gone_id)
    gone = shown.gone
    gone.email, gone.password_hash = f"{gone_id}@{MERGED}", None
    gone.active, gone.merged_into = False, kept_id
    session.flush()
    _summarise(act, gone_id, kept_id)
    act.record("person.merge", f"person:{gone_id}", new={"into": str(kept_id)})
    return shown


def _renumber_attempts(session: Session, gone_id: uuid.UUID, kept_id: uuid.UUID) -> None:
    """Attempts that move come behind those that are there: two have no number in common."""
    last = {
        (module_id, quiz_id): number
        for module_id, quiz_id, number in session.execute(
            select(Attempt.module_id, Attempt.quiz_id, func.max(Attempt.number))
            .where(Attempt.person_id == kept_id)
            .group_by(Attempt.module_id, Attempt.quiz_id)
        )
    }
    mine = select(Attempt).where(Attempt.person_id == gone_id).order_by(Attempt.number.desc())
    for attempt in session.scalars(mine).all():
        attempt.number += last.get((attempt.module_id, attempt.quiz_id), 0)
        session.flush()


def _move(session: Session, name: str, gone_id: uuid.UUID, kept_id: uuid.UUID) -> None:
    holding, (table, column) = HOLDINGS[name], split(name)
    keys = [one.name for one in table.primary_key]
    free = {tuple(row[key] for key in keys) for row in _free(session, name, gone_id, kept_id)}
    new = value_for(holding, kept_id)
    model = model_of(table)
    if model is not None:
        for row in session.scalars(select(model).where(column == value_for(holding, gone_id))):
            if tuple(getattr(row, key) for key in keys) in free:
                setattr(row, column.name, new)
        session.flush()
        return
    for values in free:
        same = [table.c[key] == value for key, value in zip(keys, values, strict=True)]
        session.execute(update(table).where(*same).values({column.name: new}))


def _summarise(act: Act, gone_id: uuid.UUID, kept_id: uuid.UUID) -> None:
    """Make the summaries of evidence and of training time anew."""
    session = act.session
    rows = list(session.scalars(select(ModuleProgress).where(ModuleProgress.person_id.in_([gone_id, kept_id]))))
    names = {row.module_id for row in rows}
    kept = {row.module_id: row for row in rows if row.person_id == kept_id}
    for row in rows:
        if row.person_id == gone_id:
            session.delete(row)
    for name in sorted(names):
        counts = recompute_progress(session, kept_id, name)
        summary = kept.get(name)
        if summary is None:
            session.add(ModuleProgress(person_id=kept_id, module_id=name, updated_at=act.at, revision=1, **counts))
        else:
            for key, value in counts.items():
                setattr(summary, key, value)
            summary.updated_at, summary.revision = act.at, summary.revision + 1
    session.flush()
    # Both accounts may have claimed the same time.
    recount(session, kept_id, {line.day for line in standing_lines(session, kept_id)})
    note_events(session, session.scalars(select(Booking.event_id).where(Booking.person_id == kept_id)).all())
