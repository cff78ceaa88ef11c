"""When a question is about to be forgotten: FSRS with what it knows of all learners, in whole days. Pure.

Free Spaced Repetition Scheduler 6, `fsrs` library, its default parameters: fitted by its authors to the reviews of
thousands of people; they are not fitted to ours (docs/refreshers.md).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from fsrs import Card, Rating, Scheduler

RETENTION = 0.85
"""The share of right answers that is aimed at: higher costs more days than a practical is away."""
LONGEST = 180
"""Days; nobody waits longer for a question."""
FIRST = timedelta(days=1)
"""Where nothing was answered yet: after a night."""

_scheduler = Scheduler(
    desired_retention=RETENTION,
    learning_steps=(),  # One question a day at most: minutes are for people who sit down to learn by heart.
    relearning_steps=(),
    maximum_interval=LONGEST,
    enable_fuzzing=False,
)


def first_memory(right: bool | None, at: datetime) -> tuple[dict[str, Any], datetime]:
    """The state of a question that somebody met for the first time, and when to ask it.

    Args:
        right: Whether they answered it right; None where they only read it.
        at: When.
    """
    card = Card(card_id=0, due=at.astimezone(UTC))
    if right is None:
        return dict(card.to_dict()), at + FIRST
    return next_memory(dict(card.to_dict()), right, at)


def next_memory(memory: dict[str, Any], right: bool, at: datetime) -> tuple[dict[str, Any], datetime]:
    """The state after an answer, and when to ask next."""
    card = Card.from_dict(memory)  # type: ignore[arg-type]  # It is what `to_dict` gave.
    card, _ = _scheduler.review_card(card, Rating.Good if right else Rating.Again, at.astimezone(UTC))
    due = max(card.due, at.astimezone(UTC) + FIRST)
    return dict(card.to_dict()), due


def retrievability(memory: dict[str, Any], at: datetime) -> float | None:
    """The chance that a question is answered right now, 0..1; None before the first answer."""
    card = Card.from_dict(memory)  # type: ignore[arg-type]  # It is what `to_dict` gave.
    return _scheduler.get_card_retrievability(card, at.astimezone(UTC)) if card.last_review else None
