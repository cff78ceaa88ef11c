"""What is done without anybody asking: weekly digests, letters about events, and sending what the outbox holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

import api.briefings.letters
import api.classes.letters
import api.discussion.letters
import api.events.letters
import api.outcomes.letters  # noqa: F401  # What letters there are.
from api.accounts.act import Act
from api.briefings.expiring import add_expiry_letters
from api.classes.reminders import add_class_digests, add_due_digests
from api.core.choices import DEFAULT_TIMEZONE, read_choices, with_choices
from api.core.clock import Clock
from api.core.config import Settings
from api.core.database import Database
from api.core.outbox import Delivered
from api.events.reminding import add_event_letters
from api.hours.operations import close_days
from api.messages.delivery import deliver, make_sender
from api.messages.operations import end_period, is_to_be_done
from api.messages.ways_in import answer_asked_links
from api.outcomes.operations import ask_outcomes

DAY, HOUR = 0, 7
"""Digests are made on Mondays from 7 o'clock on, or when the jobs run next."""

DIGESTS: dict[str, Callable[[Session, str, datetime], int]] = {
    "due": add_due_digests,
    "class-digest": add_class_digests,
}


@dataclass(frozen=True, slots=True)
class JobsDone:
    """What a run did: how many digests and letters about events and what expires it made, and what it sent.

    `delivered` is None where messages have nowhere to go.
    """

    digests: int
    delivered: Delivered | None


def period_of(at: datetime, timezone: str = DEFAULT_TIMEZONE) -> str | None:
    """The week whose digests are due, "2026-W48"; None before Monday morning."""
    local = at.astimezone(ZoneInfo(timezone))
    if (local.weekday(), local.hour) < (DAY, HOUR):
        return None
    year, week, _ = local.isocalendar()
    return f"{year}-W{week:02}"


def run_jobs(database: Database, settings: Settings, clock: Clock) -> JobsDone:
    """Make the digests that are due, then send what waits. Any number of processes may do it at the same time."""
    digests = 0
    with database.reading() as session:
        settings, timezone = with_choices(session, settings), read_choices(session).timezone
    period = period_of(clock(), timezone)
    if period is not None:
        for job, make in DIGESTS.items():
            with database.writing() as session:
                if is_to_be_done(session, job, period):
                    digests += make(session, period, clock())
                    end_period(session, job, period, clock())
    with database.writing() as session:
        close_days(Act(session, clock(), "job"))
    with database.writing() as session:
        made = add_event_letters(session, clock()) + add_expiry_letters(session, clock())
        made += ask_outcomes(session, clock()) + answer_asked_links(session, clock())
    sender = make_sender(settings, database, clock)
    return JobsDone(digests + made, deliver(database, settings, sender, clock) if sender else None)
