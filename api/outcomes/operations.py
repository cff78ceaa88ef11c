"""Consent, the letters that ask, the answers, and the placement rate. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from itsdangerous import BadSignature
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person
from api.classes.membership import memberships, said_of
from api.core.errors import NotFound
from api.events.models import Booking, Event
from api.evidence.validity import ZONE
from api.hours.models import CountedHours
from api.messages.operations import add_message
from api.outcomes.letters import OutcomeAsked, signer
from api.outcomes.models import PLACED, Outcome, OutcomeConsent, Stage, Working

AFTER: Mapping[Stage, int] = {"4-weeks": 28, "6-months": 182}
"""Days after the last training time."""
LATE = 14
"""Days after such a day on which it is still asked: a job that did not run asks then."""
LASTS = timedelta(days=60)
"""How long the link in a letter works."""


def job_seekers(session: Session) -> set[uuid.UUID]:
    """The learners whose classes say that they look for work."""
    return {person_id for person_id, rows in memberships(session).items() if said_of(rows, "audience") == "job-seeker"}


def is_job_seeker(session: Session, person_id: uuid.UUID) -> bool:
    """Whether somebody's classes say that they look for work."""
    return said_of(memberships(session, person_id).get(person_id, ()), "audience") == "job-seeker"


def consent_of(session: Session, person_id: uuid.UUID) -> OutcomeConsent | None:
    """The consent of somebody that holds."""
    found = session.get(OutcomeConsent, person_id)
    return found if found is not None and found.withdrawn_at is None else None


def give_consent(act: Act) -> None:
    """Let the centre ask how it goes on."""
    found = act.session.get(OutcomeConsent, act.person.id)
    if found is None:
        act.session.add(OutcomeConsent(person_id=act.person.id, given_at=act.at))
    elif found.withdrawn_at is not None:
        found.given_at, found.withdrawn_at = act.at, None
    else:
        return
    act.session.flush()
    act.record("outcome.consent", f"person:{act.person.id}")


def withdraw_consent(act: Act, person_id: uuid.UUID) -> None:
    """Ask no more, and forget what was answered; who never agreed is not told so."""
    found = consent_of(act.session, person_id)
    if found is None:
        return
    found.withdrawn_at = act.at
    act.session.execute(delete(Outcome).where(Outcome.person_id == person_id))
    act.session.flush()
    act.record("outcome.withdraw", f"person:{person_id}")


def _ends(session: Session) -> dict[uuid.UUID, str]:
    """The day of the last training time of each job seeker."""
    seekers = job_seekers(session)
    last = session.execute(select(CountedHours.person_id, func.max(CountedHours.day)).group_by(CountedHours.person_id))
    return {person_id: day for person_id, day in last if person_id in seekers}


def _going_on(session: Session, at: datetime) -> set[uuid.UUID]:
    ahead = (
        select(Booking.person_id)
        .join(Event, Event.id == Booking.event_id)
        .where(Booking.state != "cancelled", Event.begins > at, Event.cancelled_at.is_(None))
    )
    return set(session.scalars(ahead))


def ask_outcomes(session: Session, at: datetime) -> int:
    """Ask those who agreed, four weeks and six months after their training, each once. Gives how many were asked."""
    agreed = {
        one.person_id for one in session.scalars(select(OutcomeConsent).where(OutcomeConsent.withdrawn_at.is_(None)))
    }
    if not agreed:
        return 0
    today, going_on, made = at.astimezone(ZONE).date(), _going_on(session, at), 0
    for person_id, ended in sorted(_ends(session).items()):
        if person_id not in agreed or person_id in going_on:
            continue
        gone = (today - date.fromisoformat(ended)).days
        stage = next((stage for stage, days in AFTER.items() if days <= gone <= days + LATE), None)
        if stage is None:
            continue
        wanted = (Outcome.person_id == person_id) & (Outcome.stage == stage) & (Outcome.ended == ended)
        if session.scalar(select(Outcome.id).where(wanted)) is not None:
            continue
        asked = Outcome(
            id=uuid.uuid4(), person_id=person_id, stage=stage, ended=ended, asked_at=at, expires_at=at + LASTS
        )
        session.add(asked)
        session.flush()
        facts = OutcomeAsked(str(asked.id), ended)
        made += add_message(session, session.get_one(Person, person_id), facts, at=at, once=f"outcome:{asked.id}")
    return made


def find_asked(session: Session, secret: str, token: str, at: datetime) -> Outcome:
    """What a link asks.

    Raises:
        NotFound: It is none of ours, its time is over, or consent was taken back.
    """
    try:
        found = session.get(Outcome, uuid.UUID(signer(secret).loads(token)))
    except (BadSignature, ValueError, TypeError, AttributeError):
        found = None
    if found is None or found.expires_at <= at or consent_of(session, found.person_id) is None:
        raise NotFound("This link asks nothing, or not any more.")
    return found


def answer(act: Act, asked: Outcome, working: Working, helped: int, words: str) -> None:
    """Keep an answer; a later one takes its place while the link works."""
    asked.working, asked.helped, asked.words = working, helped, words.strip()
    asked.answered_at = act.at
    act.session.flush()
    act.record("outcome.answer", f"outcome:{asked.id}")


@dataclass(frozen=True, slots=True)
class Placement:
    """What became of those whose training ended in a period. Each of them is in exactly one of the last five numbers.

    Attributes:
        base: Job seekers whose training ended in the period.
        early: Of whom it is too early to ask.
        not_agreed: Who did not agree to be asked, or were not asked in time.
        unanswered: Asked, without an answer.
        placed: Who work.
        others: Who answered something else.
        working: Answers.
        helped: Answers to whether the training helped, by mark.
    """

    stage: Stage
    base: int
    early: int
    not_agreed: int
    unanswered: int
    placed: int
    others: int
    working: Mapping[Working, int]
    helped: Mapping[int, int]
    words: list[str]

    @property
    def answered(self) -> int:
        """How many answered."""
        return self.placed + self.others


def placements(session: Session, first: str, last: str, at: datetime) -> list[Placement]:
    """Placement of the job seekers whose training ended in a period, four weeks and six months later.

    Args:
        session: Where.
        first: Day, ISO 8601.
        last: Day, the last one.
        at: Now.
    """
    going_on, today = _going_on(session, at), at.astimezone(ZONE).date()
    ended = {
        person_id: day
        for person_id, day in _ends(session).items()
        if first <= day <= last and person_id not in going_on
    }
    rows = {
        (row.person_id, row.stage): row
        for row in session.scalars(select(Outcome).where(Outcome.ended >= first, Outcome.ended <= last))
        if ended.get(row.person_id) == row.ended
    }
    return [_placement(stage, ended, rows, today) for stage in AFTER]


def _placement(
    stage: Stage, ended: Mapping[uuid.UUID, str], rows: Mapping[tuple[uuid.UUID, Stage], Outcome], today: date
) -> Placement:
    counts: Counter[str] = Counter()
    working: Counter[Working] = Counter()
    helped: Counter[int] = Counter()
    words = []
    for person_id, day in sorted(ended.items()):
        row = rows.get((person_id, stage))
        if row is not None and row.working is not None:
            counts["placed" if row.working in PLACED else "others"] += 1
            working[row.working] += 1
            helped[row.helped or 0] += 1
            words += [row.words] if row.words else []
        elif row is not None:
            counts["unanswered"] += 1
        elif (today - date.fromisoformat(day)).days < AFTER[stage] + LATE:
            counts["early"] += 1
        else:
            counts["not_agreed"] += 1
    return Placement(
        stage,
        len(ended),
        counts["early"],
        counts["not_agreed"],
        counts["unanswered"],
        counts["placed"],
        counts["others"],
        working,
        helped,
        words,
    )
