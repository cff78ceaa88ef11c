"""Wrong passwords: each makes the next one wait longer, for whoever guesses and for nobody else. Knows no HTTP.

What counts is a failure, never a try; by the address that was typed and the network that it came from together, so that
nobody can lock out somebody who is elsewhere. A device on which an account was in use before is counted by itself: in a
class room with one network address, whose neighbour guesses, its owner comes in.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from api.accounts.errors import TooManyGuesses
from api.core.database import Base
from api.core.statements import insert_or_update

FREE, FREE_OF_NETWORK = 5, 100
"""Wrong passwords that cost nothing: for one account, and for all accounts together from one network."""
LONGEST = timedelta(minutes=15)
FORGOTTEN = timedelta(hours=24)
"""After which a failure no longer counts."""


class Guess(Base):
    """Failures of one kind in a row.

    Attributes:
        key: A hash: which account from where.
        count: How many.
        last_at: The newest.
    """

    __tablename__ = "guesses"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)


def wait_after(count: int, free: int) -> timedelta:
    """How long one waits after some failures: 2 s, 4 s, 8 s… up to a quarter of an hour."""
    over = count - free
    return timedelta() if over < 0 else min(LONGEST, timedelta(seconds=2 ** min(over + 1, 20)))


def keys_of(email: str, network: str, device: str) -> dict[str, int]:
    """What a wrong password counts for, each with what is free.

    Args:
        email: As it was typed.
        network: Where it came from, roughly (`network_of`).
        device: Of a device on which this account was in use before; "" for any other.
    """
    account = email.strip().casefold()
    if device:
        return {_key("device", account, device): FREE}
    return {_key("account", account, network): FREE, _key("network", network): FREE_OF_NETWORK}


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()


def check_guesses(session: Session, keys: dict[str, int], at: datetime) -> None:
    """Make sure that whoever comes now has waited long enough.

    Raises:
        TooManyGuesses: They have not; with the seconds that are left.
    """
    left = timedelta()
    for row in session.scalars(select(Guess).where(Guess.key.in_(keys), Guess.last_at > at - FORGOTTEN)):
        left = max(left, row.last_at + wait_after(row.count, keys[row.key]) - at)
    if left > timedelta():
        seconds = max(1, round(left.total_seconds()))
        raise TooManyGuesses("Too many wrong passwords. Wait, or have a link sent.", wait=seconds)


def note_guess(session: Session, keys: dict[str, int], at: datetime) -> None:
    """Count a wrong password."""
    session.execute(delete(Guess).where(Guess.last_at <= at - FORGOTTEN))
    for key in sorted(keys):
        rows = {"key": key, "count": 1, "last_at": at}
        changed = {"count": Guess.count + 1, "last_at": at}
        session.execute(insert_or_update(session, Guess, rows, ["key"], changed))


def forget_guesses(session: Session, keys: dict[str, int]) -> None:
    """A right password ends the waiting of its account here, and leaves what counts for the network."""
    session.execute(delete(Guess).where(Guess.key.in_([key for key, free in keys.items() if free == FREE])))
