"""How long what is kept (GDPR 5(1)(e)): rules by kind, as a job that first says what it would do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select

from api.accounts.act import Act
from api.accounts.models import Person, SignIn
from api.administration.erasing import erase_person
from api.classes.models import AskedLearner, Class, ClassMember, FormerMember, TeacherNote
from api.core.choices import read_choices
from api.discussion.models import Report
from api.events.models import Beat, LiveAnswer
from api.evidence.models import Evidence
from api.outcomes.models import Outcome

YEAR = 365


@dataclass(frozen=True, slots=True)
class Rule:
    """What is kept for how long.

    Attributes:
        days: From the moment that counts on, unless the centre chose another number.
        model: The table; of people, they are erased and not deleted.
        is_over: Which rows, given the moment before which their time is over.
    """

    name: str
    days: int
    model: type[Any]
    is_over: Callable[[datetime], ColumnElement[bool]]


def _unused(before: datetime) -> ColumnElement[bool]:
    """Learners without a sign-in or a line of evidence since a moment, who are in no class that is in use."""
    signed_in = select(SignIn.person_id).where(SignIn.person_id == Person.id)
    worked = select(Evidence.id).where(Evidence.person_id == Person.id, Evidence.at >= before)
    learns = (
        select(ClassMember.person_id)
        .join(Class, Class.id == ClassMember.class_id)
        .where(ClassMember.person_id == Person.id, Class.archived_at.is_(None))
    )
    account = (Person.role == "learner") & (Person.created_at < before)
    still = Person.erased_at.is_(None) & Person.merged_into.is_(None)
    return account & still & ~signed_in.exists() & ~worked.exists() & ~learns.exists()


def _put_away(before: datetime) -> ColumnElement[bool]:
    return TeacherNote.class_id.in_(select(Class.id).where(Class.archived_at < before))


RULES: tuple[Rule, ...] = (
    Rule("asked-into-classes", YEAR, AskedLearner, lambda before: AskedLearner.asked_at < before),
    Rule("left-classes", YEAR, FormerMember, lambda before: FormerMember.left_at < before),
    Rule("notes", YEAR, TeacherNote, _put_away),
    Rule("live-answers", YEAR, LiveAnswer, lambda before: LiveAnswer.at < before),
    Rule("beats", YEAR, Beat, lambda before: Beat.last_at < before),
    Rule("reports", YEAR, Report, lambda before: Report.settled_at < before),
    Rule("outcomes", 3 * YEAR, Outcome, lambda before: Outcome.asked_at < before),
    Rule("accounts", 5 * YEAR, Person, _unused),
)  # fmt: skip
"""Letters that were sent, replies for retries, links and unanswered requests go with `airlock db prune`. Evidence,
attendance, signatures, hours and documents have no rule: a centre says with its funders how long, and erasing takes the
names out. The audit trail is never shortened."""


@dataclass(frozen=True, slots=True)
class Over:
    """How many rows of a rule have been kept as long as they may."""

    rule: Rule
    days: int
    count: int


def retain_no_longer(act: Act, *, write: bool) -> list[Over]:
    """Count what has been kept as long as it may, and delete it.

    Args:
        act: Whose act it is; how much was deleted stands in the audit trail.
        write: Whether it is done; otherwise it is counted alone.
    """
    session, found = act.session, []
    chosen = read_choices(session).retention
    for rule in RULES:
        days = chosen.get(rule.name, rule.days)
        over = rule.is_over(act.at - timedelta(days=days))
        count = session.scalar(select(func.count()).select_from(rule.model).where(over)) or 0
        found.append(Over(rule, days, count))
        if write and count and rule.model is Person:
            for person_id in list(session.scalars(select(Person.id).where(over))):
                erase_person(act, person_id)
        elif write and count:
            session.execute(delete(rule.model).where(over))
    done = {one.rule.name: one.count for one in found if one.count}
    if write and done:
        act.record("privacy.retain", "privacy", old=done)
    return found
