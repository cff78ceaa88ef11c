"""Until when what was done counts. Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Brussels")
"""In which days of a year begin: where the centre is."""


def valid_until(valid: str, renew: int, at: datetime, known: datetime | None = None) -> datetime:
    """The end of the validity of something done at a moment.

    Who does it again shortly before the end loses none of the time that is left: the new validity begins there.

    Args:
        valid: As `Module.valid` has it: "12 months", "30 days", or a day of each year, "09-01".
        renew: Days before the end from which that holds.
        at: When it was done.
        known: Until when it counts by what was done before; None for nothing.
    """
    soon = known is not None and at < known <= at + timedelta(days=renew)
    begins = known if soon and known is not None else at
    if "-" in valid:
        return _next_day(valid, begins)
    number, unit = valid.split()
    return begins + timedelta(days=int(number)) if unit == "days" else _months_later(begins, int(number))


def _months_later(begins: datetime, months: int) -> datetime:
    """The same day and time by the clock, so many months later; the last day of a shorter month."""
    local = begins.astimezone(ZONE)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day).astimezone(begins.tzinfo)


def _next_day(valid: str, begins: datetime) -> datetime:
    """The beginning of the next such day after a moment."""
    month, day = map(int, valid.split("-"))
    local = begins.astimezone(ZONE)
    found = datetime(local.year, month, day, tzinfo=ZONE)
    if found <= local:
        found = found.replace(year=local.year + 1)
    return found.astimezone(begins.tzinfo)
