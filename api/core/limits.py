"""Rate limits that hold across processes: the counters are in the database."""

from __future__ import annotations

import ipaddress
import time
from datetime import UTC, datetime

from flask import Flask, Response
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user
from limits.storage import Storage
from sqlalchemy import String, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from api.core.database import Base
from api.core.requests import close_session, current_database
from api.core.statements import insert_or_update


class RateLimit(Base):
    """A counter of one limit and one key in one window."""

    __tablename__ = "rate_limits"

    key: Mapped[str] = mapped_column(String(300), primary_key=True)
    count: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class DatabaseStorage(Storage):
    """Counters in a table of the running app's database, for the `limits` library."""

    STORAGE_SCHEME = ["airlock"]  # noqa: RUF012  # The library declares it as an instance's.

    @property
    def base_exceptions(self) -> type[Exception]:
        """What a failing storage raises."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count up and give the new count; a window that is over starts again."""
        # The counter is kept also if the request fails, so that it has a transaction of its own; on SQLite the one of
        # the request must not be open meanwhile. It has done nothing yet but to see who is signed in.
        close_session()
        now = datetime.now(UTC)
        until = datetime.fromtimestamp(time.time() + expiry, UTC)
        with current_database().writing() as session:
            session.execute(delete(RateLimit).where(RateLimit.expires_at <= now))
            row = {"key": key[:300], "count": amount, "expires_at": until}
            statement = insert_or_update(session, RateLimit, row, ["key"], {"count": RateLimit.count + amount})
            return int(session.execute(statement.returning(RateLimit.count)).scalar_one())

    def get(self, key: str) -> int:
        """The count, 0 when there is none."""
        with current_database().reading() as session:
            found = session.scalar(
                select(RateLimit.count).where(RateLimit.key == key[:300], RateLimit.expires_at > datetime.now(UTC))
            )
            return found or 0

    def get_expiry(self, key: str) -> float:
        """When the window ends, seconds since 1970."""
        with current_database().reading() as session:
            found = session.scalar(select(RateLimit.expires_at).where(RateLimit.key == key[:300]))
            return found.timestamp() if found else time.time()

    def check(self) -> bool:
        """Whether the table can be read."""
        with current_database().reading() as session:
            session.execute(select(RateLimit.key).limit(1))
        return True

    def reset(self) -> int | None:
        """Forget every counter."""
        with current_database().writing() as session:
            session.execute(delete(RateLimit))
        return None

    def clear(self, key: str) -> None:
        """Forget one counter."""
        with current_database().writing() as session:
            session.execute(delete(RateLimit).where(RateLimit.key == key[:300]))


HOUSEHOLD = 64
"""Bits of an IPv6 address that one household has to itself: it has more addresses than any limit counts."""


def household() -> str:
    """Whom a limit counts that counts by address: an address of IPv4, or the network of one of IPv6."""
    address = get_remote_address()
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, HOUSEHOLD), strict=False))


limiter = Limiter(household, storage_uri="airlock://", strategy="fixed-window", headers_enabled=False)


def person_key() -> str:
    """Who is signed in, on whatever device."""
    return f"person:{current_user.id}"


def was_a_guess(reply: Response) -> bool:
    """Whether a request counts: a class behind one address may come in, and nobody may try codes."""
    return reply.status_code == 422


def register_limits(app: Flask) -> None:
    """Tie the limiter to an app."""
    limiter.init_app(app)
    # Views that have a limit check it themselves; looking for one before every other request costs more than the look
    # at who is signed in.
    app.before_request_funcs[None].remove(limiter._check_request_limit)
