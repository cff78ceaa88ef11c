"""Marking attempts again under corrected keys. Knows no HTTP and never commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person
from api.catalogue.models import ModuleVersion
from api.catalogue.operations import current_catalogue, module_of_version, version_of
from api.core.errors import Conflict, Invalid, NotFound
from api.evidence.operations import Done, add_evidence, evidence_of
from api.learning.models import Attempt, Regrade
from api.learning.operations import marked_quiz
from api.learning.scenes import has_critical_breach
from site_builder.course.grading import grade_quiz
from site_builder.course.manifest import module_version
from site_builder.course.model import Quiz
from site_builder.course.papers import asks_the_same, with_keys_of

LONGEST_REASON = 500
"""Characters, as the column has."""


@dataclass(frozen=True, slots=True)
class TakenVersion:
    """A version of a module against which a quiz was handed in."""

    version: str
    published_at: datetime
    attempts: int
    is_current: bool


def versions_taken(session: Session, module_id: str, quiz_id: str) -> list[TakenVersion]:
    """Against which versions a quiz was handed in, the newest first.

    Raises:
        NotFound: Nobody handed it in, under this name.
    """
    module = current_catalogue(session).modules.get(module_id)
    current = module_version(module) if module else ""
    rows = session.execute(
        select(ModuleVersion.version, ModuleVersion.published_at, func.count(Attempt.id))
        .join(Attempt, Attempt.version == ModuleVersion.version)
        .where(Attempt.module_id == module_id, Attempt.quiz_id == quiz_id, Attempt.submitted_at.is_not(None))
        .group_by(ModuleVersion.version, ModuleVersion.published_at, ModuleVersion.sequence)
        .order_by(ModuleVersion.sequence.desc())
    ).all()
    if not rows:
        raise NotFound(f"Nobody has handed in a quiz {module_id}/{quiz_id}.")
    return [TakenVersion(version, at, count, version == current) for version, at, count in rows]


@dataclass(frozen=True, slots=True)
class Change:
    """What a regrade does to one attempt.

    Attributes:
        before: Score, passed, failed_critical and grades as they are.
        after: The same as they would be.
        questions: Ids of the questions whose grade is another one.
    """

    attempt: Attempt
    name: str
    before: dict[str, Any]
    after: dict[str, Any]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a regrade would do.

    Attributes:
        old: Version whose attempts are marked again.
        new: Version whose keys are used.
        attempts: All attempts against the old version.
        changes: Those among them whose result is another one.
        kept: Ids of questions that ask something else now: they keep their grades.
        reworded: Ids of questions with the same to choose from and another text: the author knows what they ask.
        gone: Ids of questions that are no longer there: they count no more.
    """

    module_id: str
    quiz_id: str
    old: str
    new: str
    attempts: tuple[Attempt, ...]
    changes: tuple[Change, ...]
    kept: tuple[str, ...]
    reworded: tuple[str, ...]
    gone: tuple[str, ...]


def plan_regrade(session: Session, module_id: str, quiz_id: str, old: str) -> Plan:
    """See what the current keys of a quiz would change in the attempts against an older version.

    Args:
        session: Of the database.
        module_id: `course/name`.
        quiz_id: Of a graded quiz.
        old: The version, or its first digits.

    Raises:
        NotFound: There is no such module, quiz or version.
        Invalid: The digits fit several versions.
        Conflict: The version is the current one, and no other key was ever used for its attempts.
    """
    module = current_catalogue(session).modules.get(module_id)
    if module is None:
        raise NotFound(f"There is no module {module_id!r}.")
    found = list(
        session.scalars(
            select(ModuleVersion.version).where(
                ModuleVersion.module_id == module_id, ModuleVersion.version.startswith(old, autoescape=True)
            )
        )
    )
    if not found:
        raise NotFound(f"The module {module_id!r} has no version {old!r}.")
    if len(found) > 1:
        raise Invalid(f"{len(found)} versions begin with {old!r}: give more digits.", field="version")
    new = module_version(module)
    lang = next(iter(module.pages))
    newer, older = module.page(lang).find_quiz(quiz_id), _quiz(session, found[0], lang, quiz_id)
    if newer is None or newer.practice or older is None or older.practice:
        raise NotFound(f"There is no graded quiz {quiz_id!r} in both versions.")
    rows = session.execute(
        select(Attempt, Person.name)
        .join(Person, Person.id == Attempt.person_id)
        .where(
            Attempt.module_id == module_id,
            Attempt.quiz_id == quiz_id,
            Attempt.version == found[0],
            Attempt.submitted_at.is_not(None),
        )
        .order_by(Attempt.submitted_at, Attempt.id)
    ).all()
    if found[0] == new and not any(attempt.key_version for attempt, _ in rows):
        raise Conflict("This is the current version: publish the corrected key first.")
    by_id = {question.id: question for question in newer.questions}
    pairs = [(question, by_id[question.id]) for question in older.questions if question.id in by_id]
    changes = [_change(session, attempt, name, new) for attempt, name in rows]
    return Plan(
        module_id=module_id,
        quiz_id=quiz_id,
        old=found[0],
        new=new,
        attempts=tuple(attempt for attempt, _ in rows),
        changes=tuple(change for change in changes if change),
        kept=tuple(one.id for one, other in pairs if not asks_the_same(one, other)),
        reworded=tuple(one.id for one, other in pairs if asks_the_same(one, other) and one.stem != other.stem),
        gone=tuple(q.id for q in older.questions if q.id not in by_id),
    )


def _quiz(session: Session, version: str, lang: str, quiz_id: str) -> Quiz | None:
    return module_of_version(session, version).page(lang).find_quiz(quiz_id)


def _change(session: Session, attempt: Attempt, name: str, new: str) -> Change | None:
    newer = _quiz(session, new, attempt.lang, attempt.quiz_id)
    assert newer is not None
    quiz = with_keys_of(marked_quiz(session, attempt), newer)
    if not quiz.questions:
        return None  # Nothing is left to mark: what was given stays.
    result = grade_quiz(quiz, attempt.responses)
    before = result_of(attempt)
    after: dict[str, Any] = {
        "score": result.score,
        "passed": result.passed and not attempt.late and not has_critical_breach(session, attempt.id),
        "failed_critical": list(result.failed_critical),
        "grades": {question_id: grade.record() for question_id, grade in result.grades.items()},
    }
    if before == after:
        return None
    ids = [question.id for question in marked_quiz(session, attempt).questions]
    differ = tuple(name for name in ids if before["grades"].get(name) != after["grades"].get(name))
    return Change(attempt, name, before, after, differ)


def result_of(attempt: Attempt) -> dict[str, Any]:
    """The result of an attempt as it stands."""
    return {
        "score": attempt.score,
        "passed": attempt.passed,
        "failed_critical": attempt.failed_critical,
        "grades": attempt.grades,
    }


def apply_regrade(act: Act, plan: Plan, by: str = "") -> None:
    """Write what a plan says, for the reason of the act; the old grades stay beside the new ones.

    Args:
        act: Who does it, and why: learners see the reason.
        plan: What to write.
        by: Who asked for it, in words.

    Raises:
        Invalid: No reason was given.
    """
    session, reason = act.session, act.why
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise Invalid(
            f"Say why, in up to {LONGEST_REASON} characters: learners see it, and the audit trail keeps it.",
            field="reason",
        )
    # The writes of one person follow one another, here as for handing in.
    people = sorted({attempt.person_id for attempt in plan.attempts})
    session.execute(select(Person.id).where(Person.id.in_(people)).order_by(Person.id).with_for_update(key_share=True))
    changed = {change.attempt.id: change for change in plan.changes}
    for attempt in plan.attempts:
        before = attempt.key_version or attempt.version
        attempt.key_version = plan.new
        change = changed.get(attempt.id)
        if change is None:
            continue
        session.add(
            Regrade(
                attempt_id=attempt.id,
                at=act.at,
                actor=by or act.actor,
                reason=reason.strip(),
                from_version=before,
                to_version=plan.new,
                before=change.before,
                after=change.after,
            )
        )
        attempt.score, attempt.passed = change.after["score"], change.after["passed"]
        attempt.failed_critical, attempt.grades = change.after["failed_critical"], change.after["grades"]
        session.flush()
        _correct_evidence(act, attempt)
        act.record(
            "attempt.regrade",
            f"attempt:{attempt.id}",
            old={name: change.before[name] for name in ("score", "passed")},
            new={**{name: change.after[name] for name in ("score", "passed")}, "version": plan.new},
            texts={"by": by} if by else None,
        )
    if plan.attempts and not changed:
        act.record("attempt.regrade", f"quiz:{plan.module_id}/{plan.quiz_id}", old=plan.old, new=plan.new)


def _correct_evidence(act: Act, attempt: Attempt) -> None:
    """Add the line that takes the place of the one that the old grade made."""
    corrections = select(Regrade.id).where(Regrade.attempt_id == attempt.id)
    sources = [f"attempt:{attempt.id}", *(f"regrade:{name}" for name in act.session.scalars(corrections))]
    lines = [line for line in evidence_of(act.session, attempt.person_id, attempt.module_id) if line.source in sources]
    corrected = Done(
        "passed" if attempt.passed else "failed",
        sources[-1],
        part=attempt.quiz_id,
        at=attempt.submitted_at,
        score=attempt.score,
        supersedes=lines[-1].id if lines else None,
    )
    add_evidence(act, attempt.person_id, version_of(act.session, attempt.version), corrected)


def last_regrade(session: Session, attempt: Attempt) -> Regrade | None:
    """The newest correction of an attempt, None when its first result stands."""
    return session.scalar(select(Regrade).where(Regrade.attempt_id == attempt.id).order_by(Regrade.id.desc()).limit(1))
