"""What is known of people, for verdicts: in a fixed number of queries, however many they are. Writes nothing."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.operations import current_catalogue
from api.evidence.models import ModuleProgress
from api.learning.objectives import best_shares
from api.readiness.models import Admission
from api.readiness.verdict import Known, Standing, Verdict, judge
from site_builder.course.model import Module


def readiness_of(
    session: Session, people: Collection[uuid.UUID], module_ids: Iterable[str], at: datetime
) -> dict[uuid.UUID, Verdict]:
    """Whether people are ready for all of some modules at a moment, in at most three queries.

    Args:
        session: Of the database.
        people: Who.
        module_ids: What they want to do; one that is not published asks for nothing.
        at: The moment that counts: of the practical, not of the question.
    """
    modules = current_catalogue(session).modules
    wanted = [modules[name] for name in dict.fromkeys(module_ids) if name in modules]
    known = gather(session, people, wanted)
    return {person_id: judge(wanted, modules, known[person_id], at) for person_id in people}


def gather(session: Session, people: Collection[uuid.UUID], wanted: Collection[Module]) -> dict[uuid.UUID, Known]:
    """What is known of people that matters for some modules."""
    names = {name for module in wanted for name in module.comes_after}
    if not names or not people:
        return {person_id: Known() for person_id in people}
    standings: dict[uuid.UUID, dict[str, Standing]] = defaultdict(dict)
    for row in session.execute(
        select(
            ModuleProgress.person_id,
            ModuleProgress.module_id,
            ModuleProgress.completed_renewal,
            ModuleProgress.valid_until,
        ).where(ModuleProgress.person_id.in_(people), ModuleProgress.module_id.in_(names))
    ):
        standings[row.person_id][row.module_id] = Standing(row.completed_renewal, row.valid_until)
    asked = {(share.module, share.objective) for module in wanted for share in module.shares}
    shares = best_shares(session, people, asked)
    admitted: dict[uuid.UUID, dict[str, datetime]] = defaultdict(dict)
    for admission in session.execute(
        select(Admission.person_id, Admission.module_id, Admission.until)
        .where(Admission.person_id.in_(people), Admission.module_id.in_([module.id for module in wanted]))
        .order_by(Admission.id)
    ):
        # The newest one counts.
        admitted[admission.person_id][admission.module_id] = admission.until
    return {one: Known(standings[one], shares.get(one, {}), admitted[one]) for one in people}
