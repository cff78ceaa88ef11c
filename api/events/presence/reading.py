"""From the rows of an attendance file to the presence of people at an event, half-day by half-day.

Time is computed from intervals and never taken from a tool's own sum: overlapping stays (two devices) count once, and
what is outside the half-days counts nothing. Which way a file writes its dates is proved against the plan.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from api.events.presence.clocks import ORDERS, Order
from api.events.presence.decoding import Unreadable, decode
from api.events.presence.tools import SUFFIXES, Report, Row, Skipped, Tool, plain, read_report

AROUND = timedelta(hours=2)
"""How far from the plan people may join for a reading of the dates to be believed."""
BELIEVED = 0.9
"""The share of joins that must be near the plan."""
DIFFERS = 60
"""Seconds between the tool's own duration and ours from which on it is said."""

Unused = Skipped | Literal["outside", "not-a-date"]
"""Why a row is not used; outside: before or after the half-days."""


@dataclass(frozen=True, slots=True)
class HalfDay:
    """A half-day of the plan, with UTC times."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody who is booked.

    Attributes:
        emails: Every address that is known, in small letters.
        uid: The id that our own link gave to the tool.
    """

    id: str
    name: str
    emails: tuple[str, ...] = ()
    uid: str = ""


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody in the file.

    Attributes:
        names: As the file names them.
        lines: Of the file.
        stays: Merged, in UTC.
        seconds: Of each half-day.
        told: Seconds by the tool's own count; None where it does not say.
        open_end: Whether some stay has no end and was taken to last until the planned one: that is not proved.
        match: Id of the booked person; None where nobody is sure.
        by: How they were found: an address or id is sure, a name needs a person to confirm it.
        candidates: Ids of those whom the name fits, the likeliest first.
    """

    names: tuple[str, ...]
    email: str
    lines: tuple[int, ...]
    stays: tuple[tuple[datetime, datetime], ...]
    seconds: tuple[int, ...]
    told: float | None
    open_end: bool
    match: str | None
    by: Literal["email", "id", "name", ""]
    candidates: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether the tool counted more than a minute more or less than its own intervals say."""
        whole = sum((end - begin).total_seconds() for begin, end in self.stays)
        return self.told is not None and not self.open_end and abs(self.told - whole) > DIFFERS


@dataclass(frozen=True, slots=True)
class UnusedRow:
    """A row that says nothing about presence, and why."""

    line: int
    names: tuple[str, ...]
    email: str
    reason: Unused


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file comes to.

    Attributes:
        sha256: Of the file: the same one again changes nothing.
        order: Of day and month, as it was proved; None where it must be asked.
        summed: Whether the file has only first joins and last leaves: who left in between is not seen.
    """

    tool: Tool
    sha256: str
    order: Order | None
    summed: bool
    attendees: tuple[Attendee, ...]
    unused: tuple[UnusedRow, ...]


def read_attendance(
    data: bytes,
    half_days: Sequence[HalfDay],
    zone: ZoneInfo,
    expected: Iterable[Expected] = (),
    order: Order | None = None,
) -> Reading:
    """Who was there, by an attendance file.

    Args:
        data: The file.
        half_days: Of the event, in their order.
        zone: In which the file writes its times: the event's own, unless somebody says otherwise.
        expected: Who is booked.
        order: Of day and month, where somebody said it.

    Raises:
        Unreadable: It says nothing about this event.
    """
    report = read_report(decode(data))
    chosen = order or _prove_order(report, half_days, zone)
    digest = hashlib.sha256(data).hexdigest()
    if chosen is None:
        return Reading(report.tool, digest, None, report.summed, (), _unused(report.rows))
    placed: list[tuple[Row, datetime, datetime, bool]] = []
    unused = list(_unused(report.rows))
    for row in report.rows:
        if row.skipped:
            continue
        stay = _place(row, chosen, half_days, zone)
        if isinstance(stay, str):
            unused.append(UnusedRow(row.line, row.names, row.email, stay))
        else:
            placed.append((row, *stay))
    if not placed and any(row.reason == "outside" for row in unused):
        raise Unreadable("another-event")
    attendees = _attendees(placed, half_days, list(expected))
    return Reading(
        report.tool, digest, chosen, report.summed, attendees, tuple(sorted(unused, key=lambda row: row.line))
    )


def _unused(rows: Iterable[Row]) -> tuple[UnusedRow, ...]:
    return tuple(UnusedRow(row.line, row.names, row.email, row.skipped) for row in rows if row.skipped)


def _prove_order(report: Report, half_days: Sequence[HalfDay], zone: ZoneInfo) -> Order | None:
    """Which order of day and month brings the joins to the plan; None where both do: it must be asked.

    Raises:
        Unreadable: Neither does: it is the file of another event.
    """
    stays = [row for row in report.rows if not row.skipped]
    if not stays:
        raise Unreadable("no-people")
    shares: dict[Order, float] = {}
    moments: dict[Order, list[datetime | None]] = {}
    for order in ORDERS:
        moments[order] = [_joined(row, order, half_days, zone) for row in stays]
        near = sum(at is not None and _is_near(at, half_days) for at in moments[order])
        shares[order] = near / len(stays)
    good = [order for order in ORDERS if shares[order] >= BELIEVED]
    if moments["dmy"] == moments["mdy"]:
        # Nothing in it can be read in two ways.
        if not any(shares.values()):
            raise Unreadable("another-event")
        return "dmy"
    if len(good) == 1:
        return good[0]
    if good:
        return None
    best: Order = max(ORDERS, key=lambda order: shares[order])
    if not shares[best]:
        raise Unreadable("another-event")
    # A file of several days or meetings: the one reading that brings anybody near.
    return best if min(shares.values()) == 0 else None


def _joined(row: Row, order: Order, half_days: Sequence[HalfDay], zone: ZoneInfo) -> datetime | None:
    if row.moments is not None:
        return datetime.fromtimestamp(row.moments[0], UTC)
    assert row.joined is not None
    return row.joined.on(order, zone, half_days[0].begins)


def _is_near(at: datetime, half_days: Sequence[HalfDay]) -> bool:
    return any(half.begins - AROUND <= at <= half.ends + AROUND for half in half_days)


def _place(
    row: Row, order: Order, half_days: Sequence[HalfDay], zone: ZoneInfo
) -> tuple[datetime, datetime, bool] | Unused:
    """When a stay began and ended, and whether its end is only the planned one; or why it is none."""
    if row.moments is not None:
        begin = datetime.fromtimestamp(row.moments[0], UTC)
        end = None if row.moments[1] is None else datetime.fromtimestamp(row.moments[1], UTC)
    else:
        assert row.joined is not None
        nearest = min(
            half_days, key=lambda half: abs(half.begins - (_joined(row, order, half_days, zone) or half.begins))
        )
        found = row.joined.on(order, zone, nearest.begins)
        if found is None:
            return "not-a-date"
        begin, end = found, None
        if row.left is not None:
            end = row.left.on(order, zone, begin)
            if end is None:
                return "not-a-date"
            if row.left.parts is None and end < begin:
                end += timedelta(days=1)
            if end < begin and (again := row.left.on(order, zone, begin, fold=1)) is not None and again >= begin:
                end = again  # The hour that the clock shows twice.
    open_end = end is None
    if end is None:
        # The log ended, or somebody was still there: until the planned end of the half-day in which they came.
        end = next((half.ends for half in half_days if begin < half.ends), begin)
    if end < begin:
        return "leave-before-join"
    if not any(begin < half.ends and end > half.begins for half in half_days):
        return "outside"
    return begin, end, open_end


def _attendees(
    placed: Sequence[tuple[Row, datetime, datetime, bool]], half_days: Sequence[HalfDay], expected: list[Expected]
) -> tuple[Attendee, ...]:
    groups: dict[str, list[tuple[Row, datetime, datetime, bool]]] = defaultdict(list)
    for one in placed:
        row = one[0]
        # Never by the name where addresses differ: two people may share one.
        key = f"@{row.email}" if "@" in row.email else f"#{row.uid}" if row.uid else f"~{fold(row.names[0])}"
        groups[key].append(one)
    found = []
    for stays in groups.values():
        rows = [row for row, _, _, _ in stays]
        names = tuple(dict.fromkeys(name for row in rows for name in row.names))
        merged = merge((begin, end) for _, begin, end, _ in stays)
        told = [row.told for row in rows]
        email = next((row.email for row in rows if "@" in row.email), "")
        match, by, candidates = _match(names, email, {row.uid for row in rows if row.uid}, expected)
        found.append(
            Attendee(
                names,
                email,
                tuple(sorted(row.line for row in rows)),
                merged,
                tuple(seconds_within(merged, half) for half in half_days),
                None if any(one is None for one in told) else sum(one for one in told if one is not None),
                any(open_end for _, _, _, open_end in stays),
                match,
                by,
                candidates,
            )
        )
    return tuple(sorted(_without_doubles(found), key=lambda one: (fold(one.names[0] if one.names else ""), one.email)))


def _without_doubles(found: Sequence[Attendee]) -> list[Attendee]:
    """Nobody is matched by a name that several people of the file have, nor twice by one."""
    names = Counter(one.candidates[0] for one in found if one.by == "name" and one.candidates)
    sure = {one.match for one in found if one.match}
    return [
        one
        if one.by != "name" or (names[one.candidates[0]] == 1 and one.candidates[0] not in sure)
        else Attendee(
            one.names, one.email, one.lines, one.stays, one.seconds, one.told, one.open_end, None, "", one.candidates
        )
        for one in found
    ]


def merge(stays: Iterable[tuple[datetime, datetime]]) -> tuple[tuple[datetime, datetime], ...]:
    """Stays without overlaps, in their order: two devices at once are one presence."""
    merged: list[tuple[datetime, datetime]] = []
    for begin, end in sorted(stays):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return tuple(merged)


def seconds_within(stays: Iterable[tuple[datetime, datetime]], half: HalfDay) -> int:
    """Whole seconds of merged stays in a half-day."""
    whole = sum(
        (max(0.0, (min(end, half.ends) - max(begin, half.begins)).total_seconds()) for begin, end in stays), 0.0
    )
    return int(whole)


def fold(name: str) -> str:
    """A name for comparing: without accents, capitals, marks and what tools put behind it."""
    without = re.sub(r"\(([^()]*)\)", lambda found: "" if plain(found[1]) in SUFFIXES else found[1], name)
    letters = unicodedata.normalize("NFKD", without.casefold())
    kept = "".join(sign if sign.isalnum() else " " for sign in letters if not unicodedata.combining(sign))
    return " ".join(kept.split())


def _match(
    names: Sequence[str], email: str, uids: set[str], expected: Sequence[Expected]
) -> tuple[str | None, Literal["email", "id", "name", ""], tuple[str, ...]]:
    """Who of those who are booked it is; by an address or an id for sure, by a name to be confirmed."""
    for person in expected:
        if person.uid and person.uid.lower() in uids:
            return person.id, "id", (person.id,)
        # Teams gives an account's name beside the address; either may be the one that is known.
        if email in person.emails or uids & set(person.emails):
            return person.id, "email", (person.id,)
    wanted = {fold(name) for name in names}
    sorted_wanted = {" ".join(sorted(name.split())) for name in wanted}
    exact = [person.id for person in expected if fold(person.name) in wanted]
    turned = [
        person.id
        for person in expected
        if person.id not in exact and " ".join(sorted(fold(person.name).split())) in sorted_wanted
    ]
    candidates = (*exact, *turned)
    if len(candidates) == 1:
        return None, "name", candidates
    return None, "", candidates
