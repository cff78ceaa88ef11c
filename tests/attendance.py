"""Attendance files as webinar tools write them, all made up: what each says is the same morning.

Anaïs is there from 8:58:01 to 10:10:00 and from 10:30:30 to 11:58:39, Jan from 9:05:00 to the end at 11:58:40.
"""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

DAY = int(datetime(2026, 11, 24, tzinfo=ZoneInfo("Europe/Brussels")).timestamp())
TEAMS_HEADING = "Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole"


def utf16(text: str, mark: bool = True) -> bytes:
    """As Teams writes a file."""
    return (b"\xff\xfe" if mark else b"") + text.replace("\n", "\r\n").encode("utf-16-le")


def teams(
    titles: tuple[str, str, str] = ("1. Summary", "2. Participants", "3. In-Meeting Activities"),
    summed: str = "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole",
    heading: str = TEAMS_HEADING,
    dates: tuple[str, str] = ("24/11/26, ", ""),
    units: tuple[str, str, str] = ("h", "m", "s"),
    more: str = "",
) -> str:
    """A report since 2022."""
    day, half = dates
    h, m, s = units

    def at(clock: str) -> str:
        return f"{day}{clock}{half}"

    extra = f"\t{more}" if more else ""
    return f"""{titles[0]}
Meeting title\tSas et gradients de pression
Attended participants\t2
Start time\t{at("09:00:12")}
End time\t{at("11:58:40")}
Meeting duration\t2{h} 58{m} 28{s}
Average attendance time\t2{h} 40{m} 1{s}

{titles[1]}
{summed}{extra}
DUPONT Anaïs (EXT)\t{at("08:58:01")}\t{at("11:58:39")}\t2{h} 40{m} 8{s}\tanais@example.org\tanais@example.org\tAttendee{extra}
Peeters, Jan (Guest)\t{at("09:05:00")}\t{at("11:58:40")}\t2{h} 53{m} 40{s}\t\t\tAttendee{extra}

{titles[2]}
{heading}{extra}
DUPONT Anaïs (EXT)\t{at("08:58:01")}\t{at("10:10:00")}\t1{h} 11{m} 59{s}\tanais@example.org\tAttendee{extra}
DUPONT Anaïs (EXT)\t{at("10:30:30")}\t{at("11:58:39")}\t1{h} 28{m} 9{s}\tanais@example.org\tAttendee{extra}
Peeters, Jan (Guest)\t{at("09:05:00")}\t{at("11:58:40")}\t2{h} 53{m} 40{s}\t\tAttendee{extra}
"""


TEAMS_2021 = """Meeting Summary
Total Number of Participants\t2
Meeting Title\tSas et gradients de pression
Meeting Start Time\t11/24/2026, 9:00:12 AM
Meeting End Time\t11/24/2026, 11:58:40 AM

Full Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole\tParticipant ID (UPN)
DUPONT Anaïs\t11/24/2026, 8:58:01 AM\t11/24/2026, 10:10:00 AM\t1h 11m 59s\tanais@example.org\tAttendee\tanais@example.org
DUPONT Anaïs\t11/24/2026, 10:30:30 AM\t11/24/2026, 11:58:39 AM\t1h 28m 9s\tanais@example.org\tAttendee\tanais@example.org
Jan Peeters\t11/24/2026, 9:05:00 AM\t11/24/2026, 11:58:40 AM\t2h 53m 40s\t\tAttendee\t
"""

TEAMS_LIST = """DUPONT Anaïs\tJoined before\t"24/11/2026, 08:58:01"
Peeters, Jan\tJoined\t"24/11/2026, 09:05:00"
DUPONT Anaïs\tLeft\t"24/11/2026, 10:10:00"
DUPONT Anaïs\tJoined\t"24/11/2026, 10:30:30"
DUPONT Anaïs\tLeft\t"24/11/2026, 11:58:39"
Peeters, Jan\tLeft\t"24/11/2026, 11:58:40"
"""

ZOOM_NEW = """Topic,ID,Host,Duration (minutes),Start time,End time,Participants
Sas et gradients,812 3456 7890,Formateur,178,"11/24/2026 09:00:12 AM","11/24/2026 11:58:40 AM",2

Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,Recording disclaimer response,In waiting room
Anaïs D. (Anaïs Dupont),anais@example.org,"11/24/2026 08:55:01 AM","11/24/2026 08:58:01 AM",3,No,,Yes
Anaïs D. (Anaïs Dupont),anais@example.org,"11/24/2026 08:58:01 AM","11/24/2026 10:10:00 AM",72,No,,No
Anaïs D. (Anaïs Dupont),anais@example.org,"11/24/2026 10:30:30 AM","11/24/2026 11:58:39 AM",89,No,,No
Jan Peeters,,"11/24/2026 09:05:00 AM","11/24/2026 11:58:40 AM",174,Yes,,No
"""

ZOOM_OLD = """Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants
812 3456 7890,Sas et gradients,24/11/2026 09:00,24/11/2026 11:58,formateur@example.org,178,2

Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,Recording Consent
Anaïs Dupont,anais@example.org,24/11/2026 08:58:01,24/11/2026 10:10:00,72,No,
Anaïs Dupont,anais@example.org,24/11/2026 10:30:30,24/11/2026 11:58:39,89,No,
Jan Peeters,,24/11/2026 09:05:00,24/11/2026 11:58:40,174,Yes,
"""

ZOOM_FRENCH = """Nom (nom original),Adresse e-mail de l’utilisateur,Heure d’arrivée,Heure de départ,Durée (minutes),Invité,Salle d’attente
Anaïs Dupont,anais@example.org,24/11/26 08:58:01,24/11/26 10:10:00,72,Non,Non
Anaïs Dupont,anais@example.org,24/11/26 10:30:30,24/11/26 11:58:39,89,Non,Non
Jan Peeters,,24/11/26 09:05:00,24/11/26 11:58:40,174,Oui,Non
"""

ZOOM_UNIQUE = """Name (Original Name),User Email,Total Duration (Minutes),Guest
Anaïs Dupont,anais@example.org,161,No
Jan Peeters,,174,Yes
"""

ZOOM_WEBINAR = """Attendee Report
Report Generated:,11/24/2026 14:00
Topic,Webinar ID,Actual Start Time,Actual Duration (minutes)
Sas et gradients,812 3456 7890,11/24/2026 09:00:12,178

Host Details,
Attended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes)
Yes,Formateur,formateur@example.org,11/24/2026 08:50:00,11/24/2026 11:59:00,189

Attendee Details,
Attended,User Name (Original Name),First Name,Last Name,Email,Registration Time,Join Time,Leave Time,Time in Session (minutes)
Yes,Anaïs Dupont,Anaïs,Dupont,anais@example.org,11/20/2026 10:00:00,11/24/2026 08:58:01,11/24/2026 10:10:00,72
Yes,Anaïs Dupont,,,anais@example.org,,11/24/2026 10:30:30,11/24/2026 11:58:39,89
Yes,Jan Peeters,Jan,Peeters,jan@example.org,11/20/2026 10:00:00,11/24/2026 09:05:00,11/24/2026 11:58:40,174
No,Absent Person,Absent,Person,absent@example.org,11/20/2026 10:00:00,--,--,--
"""

BBB_CSV = """Name,Moderator,Activity Score,Talk Time,Webcam Time,Messages,Reactions,Poll Votes,Raise Hands,Join,Left,Duration,What, and why?
"Anaïs Dupont","FALSE","1.2","00:01:00","00:00:00","1","0","1","0","24/11/2026 08:58:01","24/11/2026 11:58:39","03:00:38","A"
"Jan Peeters","FALSE","1.2","00:01:00","00:00:00","1","0","1","0","24/11/2026 09:05:00","24/11/2026 11:58:40","02:53:40","B"
"Anonymous","FALSE","-","-","-","-","-","-","-","-","-","-","A\r\nB"
"""

MEET = """First name,Last name,Email,Duration,Time joined,Time exited
Anaïs,Dupont,anais@example.org,2 hr 40 min,8:58 AM,11:58 AM
Jan,Peeters,jan@example.org,2 hr 53 min,9:05 AM,11:58 AM
"""


def bbb_json() -> bytes:
    """The dashboard of BigBlueButton: each stay, and the id that our link gave."""

    def session(joined: int, left: int) -> dict[str, int]:
        return {"registeredOn": 1000 * joined, "leftOn": 1000 * left}

    users = {
        "1": {
            "name": "Anaïs Dupont",
            "isModerator": False,
            "extId": "p-anais",
            "intIds": {
                "a": {"sessions": [session(DAY + 32281, DAY + 36600)]},
                "b": {"sessions": [session(DAY + 37830, DAY + 43119)]},
            },
        },
        "2": {
            "name": "Jan Peeters",
            "isModerator": False,
            "extId": "p-jan",
            "intIds": {"c": {"sessions": [session(DAY + 32700, 0)]}},
        },
    }
    return json.dumps({"intId": "x", "users": users}).encode()


def events_xml() -> bytes:
    """The log of BigBlueButton: each connection has an id of its own."""

    def join(connection: str, who: str, uid: str, at: int) -> str:
        return (
            f'<event timestamp="7610890308" module="PARTICIPANT" eventname="ParticipantJoinEvent"><name>{who}</name>'
            f"<role>VIEWER</role><externalUserId>{uid}</externalUserId><userId>{connection}</userId>"
            f"<timestampUTC>{1000 * (DAY + at)}</timestampUTC></event>"
        )

    def left(connection: str, at: int) -> str:
        return (
            f'<event module="PARTICIPANT" eventname="ParticipantLeftEvent"><userId>{connection}</userId>'
            f"<timestampUTC>{1000 * (DAY + at)}</timestampUTC></event>"
        )

    body = [
        join("a", "Anaïs Dupont", "p-anais", 32281),
        join("c", "Jan Peeters", "p-jan", 32700),
        left("a", 36600),
        join("b", "Anaïs Dupont", "p-anais", 37830),
        left("b", 43119),
        '<event module="PARTICIPANT" eventname="EndAndKickAllEvent">'
        f"<timestampUTC>{1000 * (DAY + 43120)}</timestampUTC></event>",
    ]
    return f"<?xml version='1.0'?><recording>{''.join(body)}</recording>".encode()
