"""Figures over everybody, kept while they are good: what they cost grows with the school, and not what they say.

The audit trail counts every act that figures are made of. Where none came since, they are exact; those of a large
school may be a minute old.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from api.core.audit import head

Figures = TypeVar("Figures")

LASTS = timedelta(minutes=1)
MANY = 5_000
"""Rows from which on figures may be as old as that."""
MOST = 200
"""Figures that a process keeps."""


@dataclass(frozen=True, slots=True)
class _Kept:
    sequence: int
    at: datetime
    rows: int
    figures: Any


_kept: WeakKeyDictionary[Engine | Connection, OrderedDict[Hashable, _Kept]] = WeakKeyDictionary()


def keep(session: Session, key: Hashable, at: datetime, compute: Callable[[], tuple[Figures, int]]) -> Figures:
    """Figures as they were computed, or computed anew.

    Args:
        session: To read with.
        key: What they are.
        at: Now.
        compute: Gives them, and over how many rows they are.
    """
    kept = _kept.setdefault(session.get_bind(), OrderedDict())
    sequence, _ = head(session)
    known = kept.get(key)
    if known is None or not (known.sequence == sequence or (known.rows >= MANY and known.at <= at < known.at + LASTS)):
        figures, rows = compute()
        known = kept[key] = _Kept(sequence, at, rows, figures)
        while len(kept) > MOST:
            kept.popitem(last=False)
    found: Figures = known.figures
    return found
