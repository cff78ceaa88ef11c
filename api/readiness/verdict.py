"""Whether somebody is ready for a module, with a reason for every answer. Pure.

What a module asks for first (`requires` of its front matter) against what was done: completions with their renewal and
validity, and shares of right answers. The same input gives the same verdict, whenever and in whichever order evidence
arrived: only what it comes to is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from api.evidence.completion import find_loss
from site_builder.course.model import Module, Share

State = Literal["ready", "not-yet", "expired"]
Why = Literal["open", "started", "expired", "renewed", "below"]
"""Nothing done yet; something; its validity ended; a renewal asks for it anew; not enough right answers."""
LOST: frozenset[Why] = frozenset(("expired", "renewed"))


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person's evidence in one module comes to.

    Attributes:
        renewal: Of the completion; None where there is none.
        valid_until: Until when that counts; None is for good.
    """

    renewal: int | None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one person.

    Attributes:
        standings: By module; nothing for one that was never begun.
        shares: Best share of points, 0..1, by module and objective.
        admitted_until: Until when a trainer admits them all the same, by module that they are admitted to.
    """

    standings: Mapping[str, Standing] = field(default_factory=dict)
    shares: Mapping[tuple[str, int], float] = field(default_factory=dict)
    admitted_until: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing.

    Attributes:
        modules: Ids: what must be completed, or of several one.
        why: What is the matter with it.
        since: Since when it does not count any more; None where it never did, or where nobody knows.
        minutes: How long it takes, by the module's own nominal time.
        objective: Which objective of the module must be known better, from 1; 0 for a completion.
        percent: The share that is asked for, 1..100; 0 for a completion.
        reached: The best share so far, 0..1; None before the first answer, and for a completion.
    """

    modules: tuple[str, ...]
    why: Why
    since: datetime | None = None
    minutes: int = 0
    objective: int = 0
    percent: int = 0
    reached: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether somebody is ready, and why not.

    Attributes:
        state: Ready; not yet; or they were, and something that they did does not count any more.
        missing: What is missing; nothing for who is ready.
        since: Since when they are not ready any more, where that is known.
        admitted_until: Until when a trainer admits them all the same.
    """

    state: State
    missing: tuple[Missing, ...] = ()
    since: datetime | None = None
    admitted_until: datetime | None = None

    @property
    def may_enter(self) -> bool:
        """Whether they are ready or admitted."""
        return not self.missing or self.admitted_until is not None


READY = Verdict("ready")


def judge(modules: Iterable[Module], asked: Mapping[str, Module], known: Known, at: datetime) -> Verdict:
    """Whether a person is ready for all of some modules at a moment.

    Args:
        modules: What they want to do.
        asked: Every module that can be asked for, as it is now; one that is gone is asked for no more.
        known: What is known of them.
        at: The moment that counts: of the practical, not of the question.
    """
    missing: dict[tuple[tuple[str, ...], int], Missing] = {}
    wanted = list(modules)
    for module in wanted:
        for name in module.requires:
            _add(missing, _completed((name,), asked, known, at))
        for group in module.any_of:
            _add(missing, _completed(group, asked, known, at))
        for share in module.shares:
            _add(missing, _known_well(share, asked, known))
    if not missing:
        return READY
    found = tuple(missing.values())
    ends = [known.admitted_until[module.id] for module in wanted if known.admitted_until.get(module.id, at) > at]
    admitted = min(ends) if len(ends) == len(wanted) else None
    lost = all(one.why in LOST for one in found)
    return Verdict(
        "expired" if lost else "not-yet",
        found,
        min((one.since for one in found if one.since is not None), default=None) if lost else None,
        admitted,
    )


def _add(missing: dict[tuple[tuple[str, ...], int], Missing], one: Missing | None) -> None:
    if one is None:
        return
    key = (one.modules, one.objective)
    if key not in missing or missing[key].percent < one.percent:
        missing[key] = one


def _completed(group: tuple[str, ...], asked: Mapping[str, Module], known: Known, at: datetime) -> Missing | None:
    """What is missing of a group of modules of which one is enough; None where one is completed and counts."""
    there = [asked[name] for name in group if name in asked]
    if not there:
        return None
    whys: list[tuple[Why, datetime | None]] = []
    for module in there:
        standing = known.standings.get(module.id)
        if standing is None:
            whys.append(("open", None))
            continue
        loss = find_loss(standing.renewal, standing.valid_until, module.renewal, at)
        if loss is None:
            return None
        whys.append(("started" if loss == "open" else loss, standing.valid_until if loss == "expired" else None))
    why, since = max(whys, key=lambda one: (_NEARNESS[one[0]], one[1] is not None and one[1].timestamp()))
    return Missing(tuple(module.id for module in there), why, since, min(module.minutes for module in there))


_NEARNESS: Mapping[Why, int] = {"open": 0, "started": 1, "renewed": 2, "expired": 3}
"""Of several that would do, the one that says most about somebody."""


def _known_well(share: Share, asked: Mapping[str, Module], known: Known) -> Missing | None:
    module = asked.get(share.module)
    if module is None:
        return None
    reached = known.shares.get((share.module, share.objective))
    # Points against the mark: no rounding decides.
    if reached is not None and reached * 100 + 1e-9 >= share.percent:
        return None
    return Missing(
        (module.id,),
        "below",
        minutes=module.minutes,
        objective=share.objective,
        percent=share.percent,
        reached=reached,
    )
