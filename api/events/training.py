"""Training time that an event gives: a line for each half-day and learner. Never commits.

How much of a half-day somebody was there is what is proved: between coming and leaving at the door, as long as an
attendance file says, and within what the learner signed.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.operations import one_writer
from api.catalogue.operations import current_catalogue
from api.events.facts import attendance_of
from api.events.models import Attendance, Event, HalfDay, PresenceSignature
from api.hours.counting import Span, length, minutes_in
from api.hours.operations import Worked, record_hours


def settle_hours(act: Act, event: Event, people: Iterable[uuid.UUID]) -> None:
    """Have a line of training time for each half-day at which somebody was, and none for others."""
    session = act.session
    modules = current_catalogue(session).modules
    module = next((modules[name] for name in event.module_ids if name in modules), None)
    if module is None:
        return
    halves = list(session.scalars(select(HalfDay).where(HalfDay.event_id == event.id).order_by(HalfDay.number)))
    known, zone = attendance_of(session, event), ZoneInfo(event.timezone)
    learners, trainers = _signatures(session, event)
    for person_id in sorted(people):
        one_writer(session, person_id)
        worked = []
        for half in halves:
            said = learners.get((person_id, half.number))
            span = _presence(known.get((person_id, half.number)), half, said) if event.cancelled_at is None else None
            line = known.get((person_id, half.number))
            minutes = minutes_in(length([span])) if span else 0
            if line is not None and line.seconds is not None:
                minutes = min(minutes, line.seconds // 60)
            worked.append(
                Worked(
                    person_id,
                    module.rules.hours,
                    module.id,
                    half.begins.astimezone(zone).date().isoformat(),
                    f"event:{event.id}/{half.number}",
                    [span] if span else [(half.begins, half.ends)],
                    minutes,
                    event_id=event.id,
                    number=half.number,
                    learner_signed=said is not None,
                    trainer_signed=str(person_id) in trainers.get(half.number, ()),
                )
            )
        record_hours(act, worked)


def _presence(line: Attendance | None, half: HalfDay, said: PresenceSignature | None) -> Span | None:
    """From when until when somebody was at a half-day; None where they were not."""
    if line is None or line.state != "present":
        return None
    begins = max(half.begins, line.came_at or half.begins, (said and said.begins) or half.begins)
    ends = min(half.ends, line.left_at or half.ends, (said and said.ends) or half.ends)
    return (begins, ends) if begins < ends else None


def _signatures(
    session: Session, event: Event
) -> tuple[Mapping[tuple[uuid.UUID, int], PresenceSignature], Mapping[int, Sequence[str]]]:
    """The newest signature of each learner and half-day, and whom the newest list of each trainer names."""
    learners: dict[tuple[uuid.UUID, int], PresenceSignature] = {}
    lists: dict[int, dict[uuid.UUID, Sequence[str]]] = {}
    for one in session.scalars(
        select(PresenceSignature).where(PresenceSignature.event_id == event.id).order_by(PresenceSignature.id)
    ):
        if one.as_trainer:
            lists.setdefault(one.number, {})[one.person_id] = one.people or ()
        else:
            learners[one.person_id, one.number] = one
    return learners, {number: [who for named in by.values() for who in named] for number, by in lists.items()}
