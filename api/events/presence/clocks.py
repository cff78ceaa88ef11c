"""Times and durations as webinar tools write them, in any language.

Neither the order of day and month nor the time zone stands in a file: a time stays as it is written until the plan of
the event proves how it is meant.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Order = Literal["dmy", "mdy", "ymd"]
ORDERS: tuple[Order, ...] = ("dmy", "mdy")
"""What a date of numbers alone may be."""


@dataclass(frozen=True, slots=True)
class Written:
    """A time as it stands there.

    Attributes:
        parts: Three numbers of a date, in the order in which they stand; None where there is none.
        orders: In which orders they can be read.
        seconds: Since midnight.
        offset: Seconds from UTC, where the file says it; None otherwise.
    """

    parts: tuple[int, int, int] | None
    orders: tuple[Order, ...]
    seconds: int
    offset: int | None = None

    def on(self, order: Order, zone: ZoneInfo, near: datetime, fold: int = 0) -> datetime | None:
        """The moment that it is; None where it is no date in this order.

        Args:
            order: Of day and month.
            zone: Of the file.
            near: Where it has no date, the moment that it is nearest to.
            fold: Which of two, in the hour that a clock shows twice.
        """
        if self.parts is None:
            local = near.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=fold)
            days = (timedelta(days=days, seconds=self.seconds) for days in (-1, 0, 1))
            return min((local + step for step in days), key=lambda at: abs(at - near)).astimezone(UTC)
        chosen = order if order in self.orders else self.orders[0]
        places = {"dmy": (2, 1, 0), "mdy": (2, 0, 1), "ymd": (0, 1, 2)}[chosen]
        year, month, day = (self.parts[place] for place in places)
        try:
            day_begins = datetime(year + 2000 if year < 100 else year, month, day, tzinfo=UTC)
        except ValueError:
            return None
        shown = day_begins + timedelta(seconds=self.seconds)
        if self.offset is not None:
            return shown - timedelta(seconds=self.offset)
        return shown.replace(tzinfo=zone, fold=fold).astimezone(UTC)


DATE = r"(?P<a>\d{1,4})\s*[./-]\s*(?P<b>\d{1,2})\s*[./-]\s*(?P<c>\d{1,4})\.?"
TIME = (
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?\s?m\.?)?"
)
WRITTEN = re.compile(
    rf"^(?:{DATE}(?:\s*,?\s+|T))?{TIME}\s*(?P<zone>Z|UTC|GMT|[+-]\d{{2}}(?::?\d{{2}})?)?$", re.IGNORECASE
)
SERIAL = re.compile(r"^[2-7]\d{4}(?:[.,]\d+)?$")
"""Days since 1899-12-30, as a spreadsheet counts them: 1954 to 2119."""


def ascii_digits(text: str) -> str:
    """A text with the digits of any script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)


def read_time(cell: str) -> Written | None:
    """A time with or without its date; None for anything else."""
    text = ascii_digits(cell.strip().strip('"'))
    if SERIAL.match(text):
        days = float(text.replace(",", "."))
        at = datetime(1899, 12, 30, tzinfo=UTC) + timedelta(days=days)
        seconds = round((at - at.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds())
        return Written((at.year, at.month, at.day), ("ymd",), seconds)
    found = WRITTEN.match(text)
    if found is None:
        return None
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    half = (found["half"] or "").lower()[:1]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    seconds = 3600 * hour + 60 * minute + second
    if found["a"] is None:
        return Written(None, (), seconds, _offset(found["zone"]))
    a, b, c = int(found["a"]), int(found["b"]), int(found["c"])
    orders = _orders(found["a"], found["b"], found["c"], "." in found[0].split(":")[0])
    return Written((a, b, c), orders, seconds, _offset(found["zone"])) if orders else None


def _orders(a: str, b: str, c: str, dots: bool) -> tuple[Order, ...]:
    if len(a) == 4:
        return ("ymd",) if 1 <= int(b) <= 12 and 1 <= int(c) <= 31 else ()
    if len(a) > 2 or len(c) == 3 or len(c) == 1:
        return ()
    first, second = int(a), int(b)
    found: list[Order] = []
    if 1 <= first <= 31 and 1 <= second <= 12:
        found.append("dmy")
    # Nobody writes the month first with dots between.
    if 1 <= first <= 12 and 1 <= second <= 31 and not dots:
        found.append("mdy")
    return tuple(found)


def _offset(zone: str | None) -> int | None:
    if not zone:
        return None
    if zone.upper() in ("Z", "UTC", "GMT"):
        return 0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return (1 if zone[0] == "+" else -1) * (3600 * int(digits[:2]) + 60 * int(digits[2:4]))


UNITS = {
    3600: (
        "h",
        "hr",
        "hrs",
        "hour",
        "hours",
        "heure",
        "heures",
        "u",
        "uur",
        "uren",
        "std",
        "stunde",
        "stunden",
        "godz",
    ),
    60: ("m", "min", "mins", "minute", "minutes", "minuut", "minuten", "mn"),
    1: ("s", "sec", "secs", "second", "seconds", "seconde", "secondes", "seconden", "sek", "sekunde", "sekunden"),
}  # fmt: skip
BY_WORD = {word: seconds for seconds, words in UNITS.items() for word in words}
UNKNOWN = ("", "-", "--", "–", "n/a")


class UnknownUnit(ValueError):
    """A duration with a word that is no unit: it is shown, and never taken for 0."""


def read_duration(cell: str, unit: int = 60) -> float | None:
    """Seconds of a duration; None where there is none.

    Args:
        cell: "1h 2m 3s", "1 Std. 5 Min.", "01:02:10", "62", a fraction of a day.
        unit: Seconds of a bare number, as its heading says.

    Raises:
        UnknownUnit: It has a word that is no unit, or is none at all.
    """
    text = ascii_digits(cell.strip().lower())
    if text in UNKNOWN:
        return None
    clock = re.fullmatch(r"(-?)(\d{1,3}):(\d{2})(?::(\d{2}))?", text)
    if clock:
        first, second, third = int(clock[2]), int(clock[3]), clock[4]
        seconds = 60 * first + second if third is None else 3600 * first + 60 * second + int(third)
        return -float(seconds) if clock[1] else float(seconds)
    if re.fullmatch(r"-?0?[.,]\d+", text):
        return 86400 * float(text.replace(",", "."))
    if re.fullmatch(r"-?\d+(?:[.,]\d+)?", text):
        return unit * float(text.replace(",", "."))
    pairs = re.findall(r"(-?\d+(?:[.,]\d+)?)\s*([^\W\d_]+)\.?", text)
    rest = re.sub(r"(-?\d+(?:[.,]\d+)?)\s*([^\W\d_]+)\.?", "", text).strip(" ,")
    if not pairs or rest or any(word not in BY_WORD for _, word in pairs):
        raise UnknownUnit(cell)
    return sum(float(number.replace(",", ".")) * BY_WORD[word] for number, word in pairs)
