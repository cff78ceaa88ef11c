"""What an event proves about modules: from presence and signatures to evidence. Never commits.

One function decides it (`settle`), whatever changed: presence, a signature, the learner's own, a correction of any.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.operations import one_writer
from api.catalogue.operations import current_catalogue, current_edition, version_of
from api.events.models import Attendance, CounterSignature, Event, HalfDay, SignOff
from api.evidence.models import Evidence
from api.evidence.operations import Done, add_evidence
from site_builder.course.model import Module
from site_builder.course.modules import Fact


def attendance_of(session: Session, event: Event) -> dict[tuple[uuid.UUID, int], Attendance]:
    """The newest line of each person and half-day."""
    lines = session.scalars(select(Attendance).where(Attendance.event_id == event.id).order_by(Attendance.id))
    return {(line.person_id, line.number): line for line in lines}


def was_there(line: Attendance | None, half: HalfDay, presence: int) -> bool:
    """Whether a line counts as presence: by hand as it says, from intervals for the percentage that is asked."""
    if line is None or line.state != "present":
        return False
    whole = (half.ends - half.begins).total_seconds()
    return line.seconds is None or line.seconds * 100 >= presence * whole


def signatures_of(session: Session, event: Event, module_id: str, person_id: uuid.UUID) -> list[SignOff]:
    """The signatures that count for what somebody did, the newest last.

    The newest one, and those of other trainers since the last that said "not passed", all under the same version of the
    checklist.
    """
    lines = session.scalars(
        select(SignOff)
        .where(SignOff.event_id == event.id, SignOff.module_id == module_id, SignOff.person_id == person_id)
        .order_by(SignOff.id)
    )
    counting: dict[uuid.UUID, SignOff] = {}
    for line in lines:
        newest = next(reversed(counting.values()), None)
        if newest is not None and (not newest.passed or not line.passed or newest.version != line.version):
            counting.clear()
        counting.pop(line.signed_by, None)
        counting[line.signed_by] = line
    return list(counting.values())


def counter_signed(session: Session, sign_offs: Iterable[SignOff]) -> dict[int, CounterSignature]:
    """The learners' own signatures, by the id of what they are under."""
    ids = [one.id for one in sign_offs]
    found = session.scalars(select(CounterSignature).where(CounterSignature.sign_off_id.in_(ids)))
    return {one.sign_off_id: one for one in found}


def settle(act: Act, event: Event, people: Iterable[uuid.UUID]) -> None:
    """Have a line of evidence for each fact that an event gives, and none that counts for one that it does not give."""
    session = act.session
    halves = list(session.scalars(select(HalfDay).where(HalfDay.event_id == event.id).order_by(HalfDay.number)))
    modules = current_catalogue(session).modules
    known = attendance_of(session, event)
    for person_id in sorted(people):
        one_writer(session, person_id)
        lines = _lines(session, event, person_id)
        for module_id in dict.fromkeys([*event.module_ids, *lines]):
            module = modules.get(module_id) if module_id in event.module_ids else None
            fact = _fact(module)
            mine = {half.number: known.get((person_id, half.number)) for half in halves}
            done_at, there = _holds(act, event, module, person_id, halves, mine)
            minutes = minutes_of(there) // max(1, len(event.module_ids))
            _keep(act, event, person_id, module_id, lines.get(module_id, []), fact, done_at, minutes)


def _fact(module: Module | None) -> Fact | None:
    return (
        next((need.fact for need in module.needs if need.fact in ("attended", "signed-off")), None) if module else None
    )


def _holds(
    act: Act,
    event: Event,
    module: Module | None,
    person_id: uuid.UUID,
    halves: Sequence[HalfDay],
    mine: dict[int, Attendance | None],
) -> tuple[datetime | None, list[HalfDay]]:
    """Since when the fact holds, or None; and the half-days that count as training time."""
    fact = _fact(module)
    if module is None or fact is None or event.cancelled_at is not None:
        return None, []
    if fact == "attended":
        there = [half for half in halves if was_there(mine[half.number], half, module.presence)]
        return (min(halves[-1].ends, act.at) if len(there) == len(halves) else None), there
    there = [half for half in halves if (line := mine[half.number]) is not None and line.state == "present"]
    signed = signatures_of(act.session, event, module.id, person_id)
    holds = bool(there) and len(signed) >= module.signatures and all(one.passed for one in signed)
    if holds and module.countersigned:
        holds = signed[-1].id in counter_signed(act.session, signed)
    return (act.at if holds else None), there


def minutes_of(halves: Sequence[HalfDay]) -> int:
    """How many minutes they are together."""
    return sum(int((half.ends - half.begins).total_seconds() // 60) for half in halves)


def _source(event: Event) -> str:
    return f"event:{event.id}"


def _lines(session: Session, event: Event, person_id: uuid.UUID) -> dict[str, list[Evidence]]:
    """The lines of evidence that an event wrote for somebody, by module, the oldest first."""
    found: dict[str, list[Evidence]] = {}
    for line in session.scalars(
        select(Evidence)
        .where(Evidence.person_id == person_id, Evidence.source.startswith(_source(event)))
        .order_by(Evidence.id)
    ):
        found.setdefault(line.module_id, []).append(line)
    return found


def _keep(
    act: Act,
    event: Event,
    person_id: uuid.UUID,
    module_id: str,
    lines: Sequence[Evidence],
    fact: Fact | None,
    done_at: datetime | None,
    minutes: int,
) -> None:
    newest = lines[-1] if lines else None
    stands = newest is not None and newest.what != "withdrawn"
    if (done_at is not None) == stands and (newest is None or not stands or newest.minutes == minutes):
        return
    # Each change is a line of its own: the first one counts for the event, others name which correction they are.
    named = f"{_source(event)}:{len(lines)}" if lines else _source(event)
    supersedes = newest.id if newest is not None else None
    if done_at is not None and fact is not None:
        hours = current_catalogue(act.session).modules[module_id].rules.hours
        at = newest.at if stands and newest is not None else done_at
        done = Done(fact, named, at=at, minutes=minutes, hours=hours, supersedes=supersedes)
        add_evidence(act, person_id, current_edition(act.session, module_id), done)
    elif newest is not None:
        against = version_of(act.session, newest.version)
        add_evidence(act, person_id, against, Done("withdrawn", named, supersedes=newest.id))
