"""Adding evidence, and keeping the summaries of it. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Connection, Engine, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from api.accounts.act import Act
from api.catalogue.models import ModuleVersion
from api.catalogue.operations import Version, count_publications, module_of_version
from api.core.audit import note_rows
from api.core.statements import Prepared, insert_or_nothing
from api.evidence.completion import Asked, find_completion, score_of, summarise
from api.evidence.models import Evidence, ModuleProgress
from api.evidence.validity import valid_until
from site_builder.course.model import Module
from site_builder.course.modules import Fact, Hours

Against = Version | ModuleVersion
ATTEMPTED: tuple[Fact, ...] = ("passed", "failed")


LINES: Table = Evidence.__table__  # type: ignore[assignment]  # They are tables.
SUMMARIES: Table = ModuleProgress.__table__  # type: ignore[assignment]
WRITTEN = tuple(column.name for column in LINES.columns if column.name != "id")
SUMMED = tuple(SUMMARIES.columns.keys())
COUNTS = ("read_at", "quizzes", "best_score", "completed_at", "completed_renewal", "valid_until")
"""Columns of a summary that evidence says."""
NOTHING: Mapping[str, Any] = {**dict.fromkeys(COUNTS), "quizzes": {}}


def _upsert(dialect: str) -> Any:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(SUMMARIES)
    changed = {name: statement.excluded[name] for name in (*COUNTS, "updated_at")}
    return statement.on_conflict_do_update(
        index_elements=["person_id", "module_id"], set_={**changed, "revision": SUMMARIES.c.revision + 1}
    )


def _touch(dialect: str) -> Any:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(SUMMARIES)
    return statement.on_conflict_do_update(
        index_elements=["person_id", "module_id"],
        set_={"updated_at": statement.excluded.updated_at, "revision": SUMMARIES.c.revision + 1},
    )


def _is_superseded() -> ColumnElement[bool]:
    newer = aliased(Evidence)
    return (
        select(newer.id)
        .where(
            newer.person_id == bindparam("person_id"),
            newer.module_id == bindparam("module_id"),
            newer.supersedes == Evidence.id,
        )
        .exists()
    )


@cache
def _adding(number: int) -> Prepared:
    """An INSERT of so many lines at once; it gives those that were not there yet."""
    rows = [
        {name: bindparam(f"{name}_{place}", type_=LINES.c[name].type) for name in WRITTEN} for place in range(number)
    ]
    return Prepared(
        lambda dialect: (
            insert_or_nothing(LINES, dialect).values(rows).returning(LINES.c.id, LINES.c.what, LINES.c.source)
        )
    )


LINES_OF = Prepared(
    select(*LINES.columns)
    .where(
        Evidence.person_id == bindparam("person_id"),
        Evidence.module_id == bindparam("module_id"),
        Evidence.what != "withdrawn",
        ~_is_superseded(),
    )
    .order_by(Evidence.at, Evidence.id)
)
SUMMARY = Prepared(
    select(*(SUMMARIES.c[name] for name in COUNTS)).where(
        ModuleProgress.person_id == bindparam("person_id"), ModuleProgress.module_id == bindparam("module_id")
    )
)
PUT_SUMMARY, TOUCH_SUMMARY = Prepared(_upsert, SUMMED), Prepared(_touch, SUMMED)


@dataclass(frozen=True, slots=True)
class Done:
    """Something that was done, as it is to be recorded.

    Attributes:
        what: What it was.
        source: What it is made from.
        part: Of the module: the id of a quiz.
        at: When it was done; now, if it is not said.
        score: 0..1.
        minutes: Training time that it stands for.
        hours: Kind of that time.
        valid_until: Until when it counts.
        supersedes: Id of the line that it takes the place of.
    """

    what: Fact
    source: str
    part: str = ""
    at: datetime | None = None
    score: float | None = None
    minutes: int | None = None
    hours: Hours | None = None
    valid_until: datetime | None = None
    supersedes: int | None = None


DONE = tuple(field.name for field in fields(Done))


def add_evidence(act: Act, person_id: uuid.UUID, against: Against, *done: Done) -> list[int]:
    """Add lines of evidence and bring the summary up to date; what is there already is not added again.

    The caller makes sure that the writes of one person follow one another, and records the act.

    Args:
        act: Who records it.
        person_id: Who did it.
        against: The version of the module that it was done against.
        done: What was done.

    Returns:
        Ids of the lines that were added.
    """
    session = act.session
    module = module_of_version(session, against.version)
    lines = [
        {
            **{name: getattr(one, name) for name in DONE},
            "person_id": person_id,
            "module_id": against.module_id,
            "version": against.version,
            "renewal": against.renewal,
            "at": one.at or act.at,
            "valid_until": one.valid_until or _counts_until(module, one, one.at or act.at),
            "recorded_by": act.actor,
        }
        for one in done
    ]
    numbered = {f"{name}_{place}": line[name] for place, line in enumerate(lines) for name in WRITTEN}
    ids = {(row.what, row.source): row.id for row in _adding(len(lines)).rows(session, **numbered)}
    added = [{**line, "id": ids[key]} for line in lines if (key := (line["what"], line["source"])) in ids]
    if added:
        note_rows(session, Evidence, added)
        _add_to_summary(act, person_id, against.module_id, added)
    return [line["id"] for line in added]


def _counts_until(module: Module, done: Done, at: datetime) -> datetime | None:
    """Until when something done counts by itself: what was there before is for the completion to know."""
    needed = any(need.fact == done.what for need in (*module.needs, *module.instead))
    return valid_until(module.valid, 0, at) if module.valid and needed else None


def _known_end(session: Session, person_id: uuid.UUID, module: Module) -> datetime | None:
    row = SUMMARY.row(session, person_id=person_id, module_id=module.id)
    return row.valid_until if row is not None and row.completed_renewal == module.renewal else None


def source_of_page(session: Session, person_id: uuid.UUID, version: Against, at: datetime) -> str:
    """What names that somebody did something in a page: once for good, or once a day where it must be done again."""
    module = module_of_version(session, version.version)
    if not module.valid:
        return "page"
    end = _known_end(session, person_id, module)
    again = end is not None and at >= end - timedelta(days=module.renew)
    return f"page:{at.date().isoformat()}" if again else "page"


def completed_renewal(session: Session, person_id: uuid.UUID, module_id: str) -> int | None:
    """The newest renewal of a module that a person completed; None for none."""
    row = SUMMARY.row(session, person_id=person_id, module_id=module_id)
    return row.completed_renewal if row is not None else None


def evidence_of(session: Session, person_id: uuid.UUID, module_id: str) -> list[Any]:
    """What counts of a person's evidence in a module, in the order in which it was done: rows of `Evidence`."""
    return LINES_OF.rows(session, person_id=person_id, module_id=module_id)


_asked: WeakKeyDictionary[Engine | Connection, tuple[int, dict[str, list[Asked]]]] = WeakKeyDictionary()
"""By database, for its newest publication."""


def asked_of(session: Session, module_id: str) -> list[Asked]:
    """What each version of a module asks for, the newest first."""
    number = count_publications(session)
    kept, found = _asked.get(session.get_bind(), (-1, {}))
    if kept != number:
        found = {}
        _asked[session.get_bind()] = (number, found)
    if module_id not in found:
        rows = session.execute(
            select(ModuleVersion.version, ModuleVersion.renewal)
            .where(ModuleVersion.module_id == module_id)
            .order_by(ModuleVersion.sequence.desc())
        )
        modules = [(row, module_of_version(session, row.version)) for row in rows]
        found[module_id] = [
            Asked(
                row.version,
                row.renewal,
                module.needs,
                module.reopened if module.touches else None,
                module.touches,
                module.valid,
                module.renew,
                module.instead,
            )
            for row, module in modules
        ]
    return found[module_id]


def recompute_progress(session: Session, person_id: uuid.UUID, module_id: str) -> dict[str, Any]:
    """The summary of a person's evidence in a module, as `module_progress` must have it."""
    return summarise(evidence_of(session, person_id, module_id), asked_of(session, module_id))


def touch_progress(act: Act, person_id: uuid.UUID, module_id: str) -> None:
    """Note that something was begun: the summary of a person and a module is made if there is none."""
    TOUCH_SUMMARY.run(
        act.session,
        **NOTHING,
        person_id=person_id,
        module_id=module_id,
        updated_at=act.at,
        revision=1,
    )


def _add_to_summary(act: Act, person_id: uuid.UUID, module_id: str, lines: Sequence[Mapping[str, Any]]) -> None:
    """What more lines change in a summary: the same as to summarise all lines anew, at the cost of these alone."""
    session, key = act.session, {"person_id": person_id, "module_id": module_id}
    # What takes the place of another line, or has a score and is no quiz, is summed up from all of them.
    if any(line["supersedes"] is not None or (line["score"] is not None and not line["part"]) for line in lines):
        counts = recompute_progress(session, person_id, module_id)
    else:
        row = SUMMARY.row(session, **key)
        counts = row._asdict() if row else {**NOTHING, "quizzes": {}}
        for line in lines:
            _count(counts, line)
        if any(line["what"] != "failed" for line in lines):
            found = find_completion(evidence_of(session, person_id, module_id), asked_of(session, module_id))
            counts["completed_at"] = found.at if found else None
            counts["completed_renewal"] = found.renewal if found else None
            counts["valid_until"] = found.valid_until if found else None
    PUT_SUMMARY.run(session, **counts, **key, updated_at=act.at, revision=1)


def _count(counts: dict[str, Any], line: Mapping[str, Any]) -> None:
    score, at = line["score"], line["at"]
    if line["what"] in ATTEMPTED:
        known = counts["quizzes"].get(line["part"], {"best": 0.0, "passed": False, "attempts": 0})
        counts["quizzes"][line["part"]] = {
            "best": max(known["best"], score or 0.0),
            "passed": known["passed"] or line["what"] == "passed",
            "attempts": known["attempts"] + 1,
        }
        counts["best_score"] = score_of(counts["quizzes"])
    if line["what"] == "read":
        counts["read_at"] = at if counts["read_at"] is None else min(counts["read_at"], at)
