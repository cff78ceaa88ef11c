"""Adding evidence, and keeping the summaries of it. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from api.accounts.act import Act
from api.catalogue.models import ModuleVersion
from api.catalogue.operations import module_of_version
from api.evidence.completion import Asked, find_completion, summarise
from api.evidence.models import Evidence, ModuleProgress
from site_builder.course.modules import Fact, Hours

ATTEMPTED: tuple[Fact, ...] = ("passed", "failed")


def add_evidence(
    act: Act,
    person_id: uuid.UUID,
    against: ModuleVersion,
    what: Fact,
    *,
    source: str,
    part: str = "",
    at: datetime | None = None,
    score: float | None = None,
    minutes: int | None = None,
    hours: Hours | None = None,
    valid_until: datetime | None = None,
    supersedes: Evidence | None = None,
) -> Evidence | None:
    """Add a line of evidence and bring the summary up to date; what is there already is not added again.

    The caller makes sure that the writes of one person follow one another, and records the act.

    Args:
        act: Who records it.
        person_id: Who did it.
        against: The version of the module that it was done against.
        what: What was done.
        source: What it is made from.
        part: Of the module: the id of a quiz.
        at: When it was done; now, if it is not said.
        score: 0..1.
        minutes: Training time that it stands for.
        hours: Kind of that time.
        valid_until: Until when it counts.
        supersedes: The line that it takes the place of.
    """
    line = Evidence(
        person_id=person_id,
        module_id=against.module_id,
        version=against.version,
        renewal=against.renewal,
        what=what,
        part=part,
        at=at or act.at,
        valid_until=valid_until,
        score=score,
        minutes=minutes,
        hours=hours,
        source=source,
        recorded_by=act.actor,
        supersedes=supersedes.id if supersedes else None,
    )
    if what not in ATTEMPTED and find_evidence(act.session, line) is not None:
        return None
    act.session.add(line)
    act.session.flush()
    _add_to_summary(act, line)
    return line


def find_evidence(session: Session, line: Evidence) -> Evidence | None:
    """The line that says the same, or None."""
    return session.scalar(
        select(Evidence).where(
            Evidence.person_id == line.person_id,
            Evidence.module_id == line.module_id,
            Evidence.version == line.version,
            Evidence.what == line.what,
            Evidence.part == line.part,
            Evidence.source == line.source,
        )
    )


def evidence_of(session: Session, person_id: uuid.UUID, module_id: str, but: Sequence[Fact] = ()) -> list[Evidence]:
    """What counts of a person's evidence in a module, in the order in which it was done.

    Args:
        session: To read with.
        person_id: Whose.
        module_id: The module.
        but: Facts that are not wanted.
    """
    newer = aliased(Evidence)
    superseded = select(newer.id).where(
        newer.person_id == person_id, newer.module_id == module_id, newer.supersedes == Evidence.id
    )
    return list(
        session.scalars(
            select(Evidence)
            .where(
                Evidence.person_id == person_id,
                Evidence.module_id == module_id,
                Evidence.what.not_in(("withdrawn", *but)),
                ~superseded.exists(),
            )
            .order_by(Evidence.at, Evidence.id)
        )
    )


def asked_of(session: Session, module_id: str) -> list[Asked]:
    """What each version of a module asks for, the newest first."""
    rows = session.execute(
        select(ModuleVersion.version, ModuleVersion.renewal)
        .where(ModuleVersion.module_id == module_id)
        .order_by(ModuleVersion.sequence.desc())
    )
    return [Asked(row.version, row.renewal, module_of_version(session, row.version).needs) for row in rows]


def recompute_progress(session: Session, person_id: uuid.UUID, module_id: str) -> dict[str, Any]:
    """The summary of a person's evidence in a module, as `module_progress` must have it."""
    return summarise(evidence_of(session, person_id, module_id), asked_of(session, module_id))


def touch_progress(act: Act, person_id: uuid.UUID, module_id: str) -> ModuleProgress:
    """The summary of a person and a module, made if there is none: something was begun."""
    row = act.session.get(ModuleProgress, (person_id, module_id))
    if row is None:
        row = ModuleProgress(person_id=person_id, module_id=module_id, quizzes={}, updated_at=act.at, revision=0)
        act.session.add(row)
    row.updated_at = act.at
    row.revision += 1
    return row


def _add_to_summary(act: Act, line: Evidence) -> None:
    """What one more line changes in a summary: the same as to summarise all lines anew, at the cost of this one."""
    row = touch_progress(act, line.person_id, line.module_id)
    if line.supersedes is not None:
        for name, value in recompute_progress(act.session, line.person_id, line.module_id).items():
            setattr(row, name, value)
        act.session.flush()
        return
    if line.score is not None:
        row.best_score = line.score if row.best_score is None else max(row.best_score, line.score)
    if line.what in ATTEMPTED:
        known = row.quizzes.get(line.part, {"best": 0.0, "passed": False, "attempts": 0})
        quiz = {
            "best": max(known["best"], line.score or 0.0),
            "passed": known["passed"] or line.what == "passed",
            "attempts": known["attempts"] + 1,
        }
        row.quizzes = {**row.quizzes, line.part: quiz}
    if line.what == "read":
        row.read_at = line.at if row.read_at is None else min(row.read_at, line.at)
    if line.what != "failed":
        lines = evidence_of(act.session, line.person_id, line.module_id, but=("failed",))
        found = find_completion(lines, asked_of(act.session, line.module_id))
        row.completed_at = found.at if found else None
        row.completed_renewal = found.renewal if found else None
        row.valid_until = found.valid_until if found else None
    act.session.flush()
