"""Webinar tools: recognised by the shape of their files, and read to one row a stay.

Titles are written in the language of whoever organised the meeting, and change from year to year: words confirm, and
shapes decide. Facts about each tool's files: Teams reports of 2021 to 2026, Zoom's and Google Meet's exports, and
BigBlueButton's dashboard and events.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from xml.etree import ElementTree

from api.events.presence.clocks import UnknownUnit, Written, read_duration, read_time
from api.events.presence.decoding import Decoded, Unreadable

Tool = Literal["teams", "teams-list", "zoom", "zoom-webinar", "bigbluebutton", "meet", "table"]
Cells = tuple[str, ...]
Rows = Sequence[tuple[int, Cells]]

Skipped = Literal[
    "no-name",
    "no-join",
    "leave-before-join",
    "waiting-room",
    "not-attended",
    "anonymous",
    "wrong-time",
    "wrong-duration",
]
"""Why a row is no stay."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file.

    Attributes:
        line: In the file.
        names: As it names somebody; Zoom gives the original name beside the one that was chosen.
        uid: An id of the tool's own, or the one that our link gave.
        left: None where it is not said: still there, or the log ended.
        told: Seconds, by the tool's own count.
        moments: Epoch seconds of join and leave, where the tool counts in them.
        skipped: Why it is no stay; "" if it is one.
    """

    line: int
    names: tuple[str, ...]
    email: str = ""
    uid: str = ""
    joined: Written | None = None
    left: Written | None = None
    told: float | None = None
    moments: tuple[float, float | None] | None = None
    skipped: Skipped | Literal[""] = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a file says.

    Attributes:
        summed: Whether its rows are sums with a first join and a last leave, which say more than was there.
    """

    tool: Tool
    rows: tuple[Row, ...]
    summed: bool = False


def read_report(decoded: Decoded) -> Report:
    """The rows of a file of whichever tool.

    Raises:
        Unreadable: It is none that says who was there and when.
    """
    if decoded.tree is not None:
        return _bigbluebutton_json(decoded.tree)
    if decoded.xml is not None:
        return _bigbluebutton_xml(decoded.xml)
    rows = [(line, cells) for line, cells in decoded.rows if any(cells)]
    if not rows:
        raise Unreadable("empty")
    sections = _sections(rows)
    if sections:
        return _teams(sections)
    if any(cells[0].startswith(("Attendee Report", "Report Generated")) for _, cells in rows[:4]):
        return _zoom_webinar(rows)
    if _is_event_log(rows):
        return _teams_list(rows)
    return _table(rows)


# Words that confirm what a column is. A column without one is known by what stands in it.
WORDS: dict[str, tuple[str, ...]] = {
    "name": ("name", "full name", "participant", "nom", "nom complet", "naam", "volledige naam", "user name",
             "display name", "nom d utilisateur", "gebruikersnaam", "deelnemer", "teilnehmer"),
    "first": ("first name", "prenom", "voornaam", "vorname", "given name"),
    "last": ("last name", "nom de famille", "familienaam", "achternaam", "nachname", "family name", "surname"),
    "email": ("email", "e mail", "user email", "adresse e mail", "mail", "e mailadres"),
    "uid": ("participant id upn", "upn", "participant id", "user id"),
    "join": ("first join", "join time", "time joined", "join", "joined", "premiere participation", "premiere connexion",
             "heure d arrivee", "heure de connexion", "eerste deelname", "tijd van deelname", "erster beitritt",
             "beitrittszeit", "start time"),
    "leave": ("last leave", "leave time", "time exited", "left", "leave", "dernier depart", "derniere deconnexion",
              "heure de depart", "laatst verlaten", "tijd van vertrek", "letztes verlassen", "end time"),
    "duration": ("duration", "duree", "duur", "dauer", "time in session", "attendance duration"),
    "waiting": ("in waiting room", "waiting room", "salle d attente", "wachtkamer", "in wachtkamer"),
    "attended": ("attended", "a participe", "aanwezig"),
}  # fmt: skip
YES = ("yes", "true", "oui", "ja", "1")


def plain(text: str) -> str:
    """A heading without accents, capitals and marks."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("’", " ").replace("'", " "))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", "".join(c for c in folded if not unicodedata.combining(c))).split())


def _is_called(heading: str, what: str) -> bool:
    said = plain(heading)
    return any(f" {word} " in f" {said} " for word in WORDS[what])


@dataclass(frozen=True, slots=True)
class _Columns:
    """Places of the columns of a table; -1 where there is none."""

    name: int
    first: int
    last: int
    email: int
    uid: int
    join: int
    leave: int
    duration: int
    waiting: int
    attended: int
    unit: int


def _find_columns(heading: Cells, body: Rows) -> _Columns:
    """What each column of a table is: by what stands in it, and where that leaves a doubt by its heading."""
    width = max((len(cells) for _, cells in body), default=len(heading))
    sample = [cells for _, cells in body[:400]]

    def filled(place: int) -> list[str]:
        return [cells[place] for cells in sample if place < len(cells) and cells[place]]

    def titled(what: str, but: Sequence[int] = ()) -> int:
        return next((p for p in range(len(heading)) if p not in but and _is_called(heading[p], what)), -1)

    def share(place: int, test: Any) -> float:
        cells = filled(place)
        return sum(bool(test(cell)) for cell in cells) / len(cells) if cells else 0.0

    mails = [place for place in range(width) if share(place, lambda cell: "@" in cell) > 0.5]
    uid = titled("uid")
    email = titled("email", (uid,))
    if email < 0:
        email = next((place for place in mails if place != uid), -1)
    duration = next(
        (p for p in range(len(heading)) if p not in (email, uid) and _is_called(heading[p], "duration")), -1
    )
    timed = [
        place
        for place in range(width)
        if place not in (email, uid, duration)
        and share(place, read_time) >= 0.6
        and not share(place, lambda cell: re.fullmatch(r"\d+([.,]\d+)?", cell) and not re.match(r"[2-7]\d{4}", cell))
    ]
    join = next((p for p in timed if p < len(heading) and _is_called(heading[p], "join")), timed[0] if timed else -1)
    later = [place for place in timed if place > join]
    leave = next((p for p in later if p < len(heading) and _is_called(heading[p], "leave")), later[0] if later else -1)
    if duration < 0:
        duration = next(
            (p for p in range(width) if p not in (email, uid, join, leave) and share(p, _is_duration) >= 0.6), -1
        )
    first, last = titled("first"), titled("last")
    taken = {email, uid, join, leave, duration, *mails}
    name = titled("name", (first, last, *taken))
    if name < 0 and not (first >= 0 and last >= 0):
        name = next((p for p in range(width) if p not in taken and share(p, _is_words) >= 0.5), -1)
    unit = 1 if duration >= 0 and duration < len(heading) and "sec" in plain(heading[duration]) else 60
    return _Columns(name, first, last, email, uid, join, leave, duration, titled("waiting"), titled("attended"), unit)


def _is_duration(cell: str) -> bool:
    try:
        return bool(re.search(r"[^\W\d_]|:", cell)) and read_duration(cell) is not None
    except UnknownUnit:
        return False


def _is_words(cell: str) -> bool:
    return any(sign.isalpha() for sign in cell)


def _read_rows(columns: _Columns, body: Rows) -> Iterator[Row]:
    for line, cells in body:
        yield _read_row(columns, line, cells)


def _read_row(columns: _Columns, line: int, cells: Cells) -> Row:
    def cell(place: int) -> str:
        return cells[place] if 0 <= place < len(cells) else ""

    named = cell(columns.name)
    if not named and columns.first >= 0:
        named = f"{cell(columns.first)} {cell(columns.last)}".strip()
    row = Row(line, _names(named), cell(columns.email).lower(), cell(columns.uid).lower())
    if cell(columns.waiting).lower() in YES:
        return replace(row, skipped="waiting-room")
    if columns.attended >= 0 and cell(columns.attended) and cell(columns.attended).lower() not in YES:
        return replace(row, skipped="not-attended")
    if not row.names and not row.email:
        return replace(row, skipped="no-name")
    if plain(named) in ("anonymous", "anonyme", "anoniem"):
        return replace(row, skipped="anonymous")
    try:
        told = read_duration(cell(columns.duration), columns.unit)
    except UnknownUnit:
        return replace(row, skipped="wrong-duration")
    if told is not None and told < 0:
        return replace(row, skipped="wrong-duration")
    row = replace(row, told=told)
    joined, left = cell(columns.join), cell(columns.leave)
    if joined in ("", "-", "--"):
        return replace(row, skipped="no-join")
    begin, end = read_time(joined), read_time(left) if left not in ("", "-", "--") else None
    if begin is None or (end is None and left not in ("", "-", "--")):
        return replace(row, skipped="wrong-time")
    return replace(row, joined=begin, left=end)


def _names(text: str) -> tuple[str, ...]:
    """The names of a cell: "Anaïs D. (Anaïs Dupont)" is both."""
    text = text.strip('" ')
    if not text:
        return ()
    bracketed = re.fullmatch(r"(.+?)\s*\((.+)\)", text)
    if bracketed and plain(bracketed[2]) not in SUFFIXES:
        return (bracketed[1].strip(), bracketed[2].strip())
    return (text,)


SUFFIXES = ("ext", "external", "externe", "extern", "guest", "invite", "gast", "unverified", "non verifie",
            "niet geverifieerd", "you", "vous", "host", "hote", "co host", "me")  # fmt: skip
"""What tools put in brackets behind a name."""


def _needs_times(columns: _Columns, rows: Sequence[Row]) -> None:
    if columns.join < 0:
        raise Unreadable("no-times" if columns.duration >= 0 and rows else "unknown")


# Teams


def _sections(rows: Rows) -> list[list[tuple[int, Cells]]]:
    """The sections of a Teams report: titles that begin with "1. ", "2. " and so on, in any language."""
    starts = [place for place, (_, cells) in enumerate(rows) if re.match(r"^\d\. ", cells[0]) and not any(cells[1:])]
    if not starts or not rows[starts[0]][1][0].startswith("1. "):
        return []
    ends = [*starts[1:], len(rows)]
    return [list(rows[start + 1 : end]) for start, end in zip(starts, ends, strict=True)]


def _teams(sections: list[list[tuple[int, Cells]]]) -> Report:
    """The section with one row a stay; where it is empty, the one that sums them up."""
    for number in (3, 2):
        if len(sections) >= number and len(sections[number - 1]) > 1:
            (_, heading), *body = sections[number - 1]
            columns = _find_columns(heading, body)
            rows = tuple(_read_rows(columns, body))
            if columns.join >= 0:
                return Report("teams", rows, summed=number == 2)
    raise Unreadable("no-people")


def _is_event_log(rows: Rows) -> bool:
    """Whether it is a list that was saved during a meeting: who, what, when; a few words for what."""
    body = [cells for _, cells in rows if len([cell for cell in cells if cell]) == 3]
    if len(body) < 0.8 * len(rows) or not body:
        return False
    timed = sum(read_time(cells[2]) is not None for cells in body)
    actions = Counter(cells[1] for cells in body if read_time(cells[2]))
    return (
        timed >= 0.8 * len(body)
        and len(actions) <= 4
        and not any("@" in action or read_time(action) for action in actions)
    )


LEFT = ("left", "quitte", "verlaten", "verlassen", "leave", "parti")
APART = 6 * 3600
"""Seconds without anything, after which another meeting began."""


def _teams_list(rows: Rows) -> Report:
    events: dict[str, list[tuple[int, bool, Written]]] = defaultdict(list)
    names: dict[str, str] = {}
    found: list[Row] = []
    for line, cells in rows:
        filled = [cell for cell in cells if cell]
        at = read_time(filled[2]) if len(filled) == 3 else None
        if at is None:
            if len(filled) == 3 and found + [1 for _ in events]:
                found.append(Row(line, _names(filled[0]), skipped="wrong-time"))
            continue
        left = any(word in plain(filled[1]) for word in LEFT)
        names.setdefault(plain(filled[0]), filled[0])
        events[plain(filled[0])].append((line, left, at))
    for key, log in events.items():
        opened: tuple[int, Written] | None = None
        for line, left, at in log:
            if not left:
                # Joined again without having left: the connection broke.
                if opened is not None and _is_apart(opened[1], at):
                    found.append(Row(opened[0], _names(names[key]), joined=opened[1]))
                    opened = None
                opened = opened or (line, at)
            elif opened is not None:
                found.append(Row(opened[0], _names(names[key]), joined=opened[1], left=at))
                opened = None
            else:
                found.append(Row(line, _names(names[key]), skipped="no-join"))
        if opened is not None:
            found.append(Row(opened[0], _names(names[key]), joined=opened[1]))
    return Report("teams-list", tuple(sorted(found, key=lambda row: row.line)))


def _is_apart(one: Written, other: Written) -> bool:
    return one.parts != other.parts or other.seconds - one.seconds > APART


# Zoom


def _zoom_webinar(rows: Rows) -> Report:
    """Sections below one another, each with its own heading."""
    found: list[Row] = []
    heading: Cells | None = None
    for place, (line, cells) in enumerate(rows):
        if _is_called(cells[0], "attended"):
            heading = cells
            after = rows[place + 1 :]
            # Up to the title of the next section.
            body = after[: next((n for n, row in enumerate(after) if sum(map(bool, row[1])) <= 1), len(after))]
            columns = _find_columns(heading, body)
        elif heading is not None and len([cell for cell in cells if cell]) <= 1:
            heading = None
        elif heading is not None:
            found.append(_read_row(columns, line, cells))
    if not found:
        raise Unreadable("no-people")
    return Report("zoom-webinar", tuple(found))


# Any table


def _table(rows: Rows) -> Report:
    """A table with a heading somewhere near its top: Zoom, Google Meet, BigBlueButton, Teams of 2021, others."""
    place = _heading(rows)
    if place < 0:
        raise Unreadable("unknown")
    heading, body = rows[place][1], [row for row in rows[place + 1 :] if len([cell for cell in row[1] if cell]) > 1]
    if not body:
        raise Unreadable("no-people")
    tool = _tool_of(heading, rows[:place])
    if tool == "bigbluebutton":
        # A question of a poll may have a comma: what is ours stands in the first twelve columns.
        heading, body = heading[:12], [(line, cells[:12]) for line, cells in body]
    columns = _find_columns(heading, body)
    found = tuple(_read_rows(columns, body))
    _needs_times(columns, found)
    return Report(tool, found)


def _heading(rows: Rows) -> int:
    """Where the heading of the people stands: the row with most of the words, below which there are times or names."""
    best, where = 0, -1
    for place, (_, cells) in enumerate(rows[:30]):
        score = sum(any(_is_called(cell, what) for what in WORDS) for cell in cells if cell)
        names = any(_is_called(cell, "name") or _is_called(cell, "first") for cell in cells)
        if score > best + (0 if names else 1) and (names or score >= 3):
            best, where = score, place
    return where if best >= 2 else -1


def _tool_of(heading: Cells, before: Rows) -> Tool:
    said = " | ".join(plain(cell) for cell in heading)
    if "moderator" in said or "moderateur" in said:
        return "bigbluebutton"
    if "time joined" in said or "time exited" in said:
        return "meet"
    if (
        "original name" in said
        or "nom original" in said
        or "waiting room" in said
        or "guest" in said
        or "invite" in said
    ):
        return "zoom"
    if "upn" in said or any("meeting summary" in plain(cells[0]) for _, cells in before):
        return "teams"
    return "table"


# BigBlueButton


def _bigbluebutton_json(tree: Any) -> Report:
    users = tree.get("users") if isinstance(tree, dict) else None
    if not isinstance(users, dict) or not users:
        raise Unreadable("unknown")
    found: list[Row] = []
    for place, user in enumerate(users.values(), start=1):
        if not isinstance(user, dict):
            continue
        names, uid = _names(str(user.get("name", ""))), str(user.get("extId") or "")
        stays = list(_sessions(user))
        found += [Row(place, names, uid=uid, moments=stay) for stay in stays]
        if not stays:
            found.append(Row(place, names, uid=uid, skipped="no-join"))
    return Report("bigbluebutton", tuple(found))


def _sessions(user: dict[str, Any]) -> Iterator[tuple[float, float | None]]:
    ids = user.get("intIds")
    for one in ids.values() if isinstance(ids, dict) else ():
        for session in one.get("sessions", ()) if isinstance(one, dict) else ():
            joined, left = session.get("registeredOn"), session.get("leftOn")
            if isinstance(joined, int | float) and joined > 0:
                yield joined / 1000, left / 1000 if isinstance(left, int | float) and left > 0 else None


def _bigbluebutton_xml(root: ElementTree.Element) -> Report:
    """Joins and leaves by the id of a connection, people by the id that our link gave."""
    events = [event for event in root.iter("event") if event.get("module") == "PARTICIPANT"]
    if not events:
        raise Unreadable("unknown")
    open_stays: dict[str, tuple[int, tuple[str, ...], str, float]] = {}
    found: list[Row] = []
    end: float | None = None
    for line, event in enumerate(events, start=1):
        name = event.get("eventname")
        at = event.findtext("timestampUTC")
        moment = float(at) / 1000 if at and at.isdigit() else None
        key = event.findtext("userId") or ""
        if name == "ParticipantJoinEvent":
            names, uid = _names(event.findtext("name") or ""), event.findtext("externalUserId") or ""
            if moment is None:
                found.append(Row(line, names, uid=uid, skipped="no-join"))
            else:
                open_stays[key] = (line, names, uid, moment)
        elif name == "ParticipantLeftEvent" and key in open_stays:
            begun, names, uid, joined = open_stays.pop(key)
            found.append(Row(begun, names, uid=uid, moments=(joined, moment)))
        elif name == "EndAndKickAllEvent":
            end = moment
    found += [Row(line, names, uid=uid, moments=(joined, end)) for line, names, uid, joined in open_stays.values()]
    if not found:
        raise Unreadable("no-people")
    return Report("bigbluebutton", tuple(found))
