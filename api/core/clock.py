"""The server's clock, in one place so that tests can set it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from flask import current_app

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """Now by the clock of the running app, UTC."""
    clock: Clock = current_app.config["AIRLOCK_CLOCK"]
    return clock()
