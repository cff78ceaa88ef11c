"""Attendance files of webinar tools."""

from __future__ import annotations

import io
import random
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from api.events.presence.clocks import UnknownUnit, read_duration, read_time
from api.events.presence.decoding import Unreadable
from api.events.presence.reading import (
    Attendee,
    Expected,
    HalfDay,
    Reading,
    fold,
    merge,
    read_attendance,
    seconds_within,
)
from tests import attendance as files

BRUSSELS = ZoneInfo("Europe/Brussels")


def local(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BRUSSELS).astimezone(UTC)


MORNING = HalfDay(local(24, 9), local(24, 12))
PEOPLE = (
    Expected("anais", "Anaïs Dupont", ("anais@example.org",), "p-anais"),
    Expected("jan", "Jan Peeters", ("jan@example.org",), "p-jan"),
)


def read(data: bytes | str, half_days: tuple[HalfDay, ...] = (MORNING,), **options: Any) -> Reading:
    raw = data.encode() if isinstance(data, str) else data
    return read_attendance(raw, half_days, BRUSSELS, options.pop("expected", PEOPLE), **options)


def who(reading: Reading, name: str) -> Attendee:
    return next(one for one in reading.attendees if any(name in said for said in one.names))


ANAIS, JAN = 70 * 60 + 88 * 60 + 9, 2 * 3600 + 53 * 60 + 40
"""Seconds within the morning: the two minutes before nine count nothing."""

FRENCH = ("1. Résumé", "2. Participants", "3. Activités")
FRENCH_SUMMED = (
    "Nom\tPremière participation\tDernier départ\tDurée dans la réunion\tE-mail\tID du participant (UPN)\tRôle"
)
DIGITS = {0x30 + number: 0x660 + number for number in range(10)}
ARABIC = re.sub(r"(?m)^[^\n]*\t[^\n]*$", lambda line: line[0].translate(DIGITS), files.teams())
GOOD: dict[str, bytes] = {
    "teams-2026-en-us": files.utf16(files.teams(dates=("11/24/26, ", " AM"))),
    "teams-2026-en-gb": files.utf16(files.teams(heading="Name\tJoin time\tLeave time\tDuration\tEmail\tRole")),
    "teams-2026-fr-shape": files.utf16(
        files.teams(
            FRENCH,
            FRENCH_SUMMED,
            "Nom\tHeure de connexion\tHeure de départ\tDurée\tE-mail\tRôle",
            units=(" h", " min", " s"),
        )
    ),
    "teams-2026-nl-shape": files.utf16(
        files.teams(
            ("1. Aaa", "2. Bbb", "3. Ccc"),
            "Aa\tBb\tCc\tDd\tEe\tFf\tGg",
            "Aa\tBb\tCc\tDd\tEe\tGg",
            dates=("24-11-2026 ", ""),
            units=(" u", " min", " s"),
        )
    ),
    "teams-2026-premium-columns": files.utf16(files.teams(more="Engagement: Reaction-Applause\tCamera On")),
    "teams-2021": files.utf16(files.TEAMS_2021),
    "teams-list-no-header": files.utf16(files.TEAMS_LIST),
    "zoom-new": files.ZOOM_NEW.encode("utf-8-sig"),
    "zoom-old": files.ZOOM_OLD.encode(),
    "zoom-french": files.ZOOM_FRENCH.encode(),
    "zoom-webinar": files.ZOOM_WEBINAR.encode(),
    "bbb.json": files.bbb_json(),
    "events.xml": files.events_xml(),
    "no mark": files.utf16(files.teams(), mark=False),
    "narrow spaces before AM": files.utf16(files.teams(dates=("11/24/2026, ", "\u202fAM"))),
    "carriage returns alone": files.ZOOM_OLD.replace("\n", "\r").encode(),
    "saved again by Excel": files.ZOOM_OLD.replace(",", ";").encode("cp1252"),
    "digits of another script": files.utf16(ARABIC),
    "marks of direction": files.utf16(files.teams().replace("24/11/26", "\u200e24/11/26")),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_each_tool_says_the_same_morning(name: str) -> None:
    reading = read(GOOD[name])
    anais, jan = who(reading, "Ana"), who(reading, "Jan")
    assert (anais.seconds, jan.seconds) == ((ANAIS,), (JAN if name != "bbb.json" else 2 * 3600 + 55 * 60,))
    for attendee, key in ((anais, "anais"), (jan, "jan")):
        sure = bool(attendee.email) or "bbb" in name or "events" in name
        assert attendee.match == (key if sure else None)
        assert attendee.candidates == (key,)
        assert (attendee.by == "name") == (not sure), "a name is confirmed by a person"
    assert reading.order is not None
    assert not reading.summed


def test_sums_with_a_first_join_say_so() -> None:
    dashboard = read(files.BBB_CSV)
    assert who(dashboard, "Jan").seconds == (JAN,)
    assert [row.reason for row in dashboard.unused] == ["anonymous"]
    only = files.teams().partition("3. In-Meeting")[0]
    assert read(files.utf16(only)).summed
    meet = read(files.MEET)
    assert who(meet, "Jan").seconds == (2 * 3600 + 53 * 60,)
    assert who(meet, "Ana").told == 9600
    assert who(meet, "Ana").differs, "the tool counted less than from the first join to the last leave"


def test_what_is_no_presence_is_listed_with_its_reason() -> None:
    assert [(row.line, row.reason) for row in read(files.ZOOM_NEW).unused] == [(5, "waiting-room")]
    webinar = read(files.ZOOM_WEBINAR)
    assert [row.reason for row in webinar.unused] == ["not-attended"]
    rows = files.ZOOM_OLD + (
        "Nobody Known,x@example.org,,,5,No,\n"
        "Backwards,b@example.org,24/11/2026 11:00:00,24/11/2026 10:00:00,60,No,\n"
        "Evening,e@example.org,24/11/2026 19:00:00,24/11/2026 20:00:00,60,No,\n"
        "Odd,o@example.org,24/11/2026 10:00:00,24/11/2026 11:00:00,1 parsec,No,\n"
        "Strange,s@example.org,yesterday,24/11/2026 11:00:00,60,No,\n"
        "Negative,n@example.org,24/11/2026 10:00:00,24/11/2026 11:00:00,-60,No,\n"
        ",,24/11/2026 10:00:00,24/11/2026 11:00:00,60,No,\n"
    )
    found = {row.names[0] if row.names else "": row.reason for row in read(rows, order="dmy").unused}
    assert found == {
        "Nobody Known": "no-join",
        "Backwards": "leave-before-join",
        "Evening": "outside",
        "Odd": "wrong-duration",
        "Strange": "wrong-time",
        "Negative": "wrong-duration",
        "": "no-name",
    }


BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "blank": (b"\xff\xfe\r\x00\n\x00", "empty"),
    "only section 1": (files.utf16(files.teams().partition("2. Participants")[0]), "no-people"),
    "empty sections": (files.utf16("1. Summary\nTitle\tx\n\n2. Participants\n\n3. Activities\n"), "no-people"),
    "old workbook": (b"\xd0\xcf\x11\xe0" + b"x" * 100, "old-workbook"),
    "zip": (b"PK\x03\x04" + b"x" * 100, "zip"),
    "pdf": (b"%PDF-1.7 ...", "pdf"),
    "an error page": (b"<!DOCTYPE html><html><title>Sign in</title></html>", "web-page"),
    "unique users": (files.ZOOM_UNIQUE.encode(), "no-times"),
    "another event": (files.utf16(files.teams(dates=("03/12/26, ", ""))), "another-event"),
    "another json": (b'{"hello": "world"}', "unknown"),
    "another xml": (b"<?xml version='1.0'?><feed/>", "unknown"),
    "entities": (b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><recording/>", "unknown"),
    "a letter": (b"Bonjour,\n\nvoici la liste.\n", "unknown"),
    "too large": (b"x" * 8_000_001, "too-large"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_says_why(name: str) -> None:
    data, reason = BAD[name]
    with pytest.raises(Unreadable) as error:
        read(data)
    assert error.value.reason == reason


def test_an_unclear_date_is_asked_about_and_never_guessed() -> None:
    plan = (HalfDay(local(5, 9, month=9), local(5, 12, month=9)), HalfDay(local(9, 9, month=5), local(9, 12, month=5)))
    text = files.ZOOM_OLD.replace("24/11/2026", "05/09/2026")
    assert read(text, plan).order is None, "both readings are near the plan"
    assert read(text, plan[:1]).order == "dmy"
    assert read(text, plan[1:]).order == "mdy"
    assert who(read(text, plan, order="dmy"), "Jan").seconds == (JAN, 0)


def test_a_second_day_is_not_lost() -> None:
    plan = (MORNING, HalfDay(local(25, 9), local(25, 12)))
    second = files.teams(dates=("25/11/26, ", "")).partition("3. In-Meeting Activities\n")[2].partition("\n")[2]
    reading = read(files.utf16(files.teams() + second), plan)
    assert who(reading, "Ana").seconds == (ANAIS, ANAIS)
    assert who(reading, "Jan").seconds == (JAN, JAN)


def test_midnight_and_the_hour_that_is_there_twice() -> None:
    night = (HalfDay(local(24, 22), local(25, 2)),)
    line = "Name,Email,Duration,Time joined,Time exited\nJan Peeters,jan@example.org,2 h,23:00,01:00\n"
    assert who(read(line, night), "Jan").seconds == (7200,)
    clocks = (HalfDay(local(25, 1, month=10), datetime(2026, 10, 25, 3, 0, tzinfo=BRUSSELS).astimezone(UTC)),)
    twice = (
        "Name,Email,Join time,Leave time,Duration (minutes)\n"
        "Jan Peeters,jan@example.org,25/10/2026 02:45:00,25/10/2026 02:15:00,30\n"
    )
    assert who(read(twice, clocks), "Jan").seconds == (1800,), "2:15 comes again after 2:59"


def test_people_are_told_apart_by_address_and_never_merged_by_name() -> None:
    rows = (
        "Name,Email,Join time,Leave time,Duration (minutes)\n"
        "Marie Dubois,m1@example.org,24/11/2026 09:00:00,24/11/2026 10:00:00,60\n"
        "Marie Dubois,m2@example.org,24/11/2026 09:00:00,24/11/2026 11:00:00,120\n"
        "ANAIS DUPONT,ANAIS@example.org,24/11/2026 09:00:00,24/11/2026 10:00:00,60\n"
        "Nana,anais@example.org,24/11/2026 10:00:00,24/11/2026 11:00:00,60\n"
        "+32•••••12,,24/11/2026 09:00:00,24/11/2026 10:00:00,60\n"
        '"=cmd|x\t""A""\nB",,24/11/2026 09:00:00,24/11/2026 10:00:00,60\n'
    )
    expected = (*PEOPLE, Expected("one", "Marie Dubois"), Expected("other", "Marie Dubois", ("m2@example.org",)))
    reading = read(rows, expected=expected)
    assert len(reading.attendees) == 5
    first, second = (one for one in reading.attendees if "Marie Dubois" in one.names)
    assert (first.email, first.match, first.candidates) == ("m1@example.org", None, ("one", "other"))
    assert (second.email, second.match) == ("m2@example.org", "other")
    renamed = who(reading, "Nana")
    assert (renamed.match, renamed.seconds, renamed.names) == ("anais", (7200,), ("ANAIS DUPONT", "Nana"))
    assert who(reading, "+32").match is None


def test_suffixes_order_and_marks_of_a_name_do_not_matter() -> None:
    assert fold("Peeters, Jan (Guest)") == fold("peeters  jan")
    assert fold("DUPONT Anaïs (EXT)") == fold("Dupont Anais (Non vérifié)")
    rows = (
        "Full Name\tJoin Time\tLeave Time\tDuration\n"
        "PEETERS, Jan (Niet geverifieerd)\t24/11/2026 09:00\t24/11/2026 10:00\t1h\n"
    )
    (jan,) = read(rows).attendees
    assert (jan.match, jan.by, jan.candidates) == (None, "name", ("jan",))


def test_an_open_stay_lasts_until_the_plan_and_is_not_proved() -> None:
    reading = read(files.TEAMS_LIST.replace('Peeters, Jan\tLeft\t"24/11/2026, 11:58:40"\n', ""))
    jan = who(reading, "Jan")
    assert (jan.seconds, jan.open_end) == ((2 * 3600 + 55 * 60,), True)
    assert not who(reading, "Ana").open_end


def test_a_workbook_with_serials_and_fractions() -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["Name", "Email", "Join time", "Leave time", "Duration"])
    sheet.append(["Jan Peeters", "jan@example.org", 46350.375, 46350.5, 0.125])
    sheet.append(["Anaïs", "anais@example.org", datetime(2026, 11, 24, 9, 0), datetime(2026, 11, 24, 10, 0), "1:00:00"])  # noqa: DTZ001  # A workbook has no zones.
    file = io.BytesIO()
    book.save(file)
    reading = read(file.getvalue())
    assert who(reading, "Jan").seconds == (3 * 3600,)
    assert who(reading, "Ana").seconds == (3600,)
    assert who(reading, "Jan").told == pytest.approx(3 * 3600)


def test_fifty_thousand_rows() -> None:
    head = "Name,Email,Join time,Leave time,Duration (minutes)\n"
    rows = (f"P {n},p{n % 900}@example.org,24/11/2026 09:{n % 60:02}:00,24/11/2026 10:00:00,9\n" for n in range(50_000))
    reading = read(head + "".join(rows))
    assert len(reading.attendees) == 900
    assert not reading.unused


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("1h 2m 3s", 3723), ("59m 29s", 3569), ("30s", 30), ("1 h 1 min 55 s", 3715), ("1 Std. 5 Min.", 3900),
        ("59 Min. 0 Sek.", 3540), ("2 godz. 3 min 4 sek.", 7384), ("1 hr 2 min", 3720), ("1 u 5 min 3 s", 3903),
        ("01:02:10", 3730), ("32:14", 1934), ("62", 3720), ("62 mins", 3720), ("--", None), ("-", None), ("", None),
    ],
)  # fmt: skip
def test_durations(cell: str, seconds: int | None) -> None:
    assert read_duration(cell) == seconds


@pytest.mark.parametrize("cell", ["1 parsec", "2h and a bit", "soon"])
def test_a_word_that_is_no_unit_is_shown(cell: str) -> None:
    with pytest.raises(UnknownUnit):
        read_duration(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "24/11/26, 09:00:12", "24-11-2026 09:00:12", "24.11.26, 09:00:12", "11/24/2026, 9:00:12 AM",
        "11/24/26, 9:00:12 a.m.", "24. 11. 2026 9:00:12", "2026-11-24T08:00:12Z", "2026-11-24 09:00:12+01:00",
        "2026-11-24T09:00:12", "46350.37513888889",
    ],
)  # fmt: skip
def test_times(cell: str) -> None:
    written = read_time(cell)
    assert written is not None
    order = "mdy" if cell.startswith("11/24") else "dmy"
    at = written.on(order, BRUSSELS, MORNING.begins)  # type: ignore[arg-type]  # It is one of them.
    assert at is not None
    assert abs(at - local(24, 9) - timedelta(seconds=12)) < timedelta(seconds=1)


@pytest.mark.parametrize(
    "cell", ["", "24/11", "31/31/2026 09:00", "24/11/2026", "25:00", "9:60", "noon", "12/2026 09:00"]
)
def test_what_is_no_time(cell: str) -> None:
    assert read_time(cell) is None


INSTANTS = st.integers(-3600, 4 * 3600).map(lambda second: MORNING.begins + timedelta(seconds=second))
STAYS = st.lists(st.tuples(INSTANTS, INSTANTS).map(lambda pair: (min(pair), max(pair))), max_size=12)


@given(STAYS, STAYS, st.randoms(use_true_random=False))
def test_presence_is_a_measure(stays: list[Any], more: list[Any], chance: random.Random) -> None:
    whole = seconds_within(merge(stays), MORNING)
    assert 0 <= whole <= (MORNING.ends - MORNING.begins).total_seconds(), "never more than the event"
    mixed = list(stays)
    chance.shuffle(mixed)
    assert seconds_within(merge(mixed), MORNING) == whole, "the order of rows is nothing"
    split = []
    for begin, end in stays:
        middle = begin + (end - begin) * chance.random()
        split += [(begin, middle), (middle, end)]
    assert abs(seconds_within(merge(split), MORNING) - whole) <= 1, "nor is where a stay is cut"
    assert seconds_within(merge([*stays, *stays]), MORNING) == whole, "twice is once"
    inside = [(begin + (end - begin) / 4, end) for begin, end in stays]
    assert seconds_within(merge([*stays, *inside]), MORNING) == whole, "another device adds nothing"
    assert seconds_within(merge([*stays, *more]), MORNING) >= whole
