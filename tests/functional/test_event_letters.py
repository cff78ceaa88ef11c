"""What people get of an event: calendars with secret addresses, and letters with their entries."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import ics
from icalendar import Calendar

from api.accounts.act import Act
from api.accounts.sign_ins import set_active
from api.core.config import Settings
from api.events.reminding import add_event_letters
from api.messages.letters import write_letter
from api.messages.operations import look_again
from api.messages.senders import SmtpSender
from tests.conftest import SECRET, Caller, World
from tests.functional.teaching import done, messages, send, shown
from tests.functional.test_event_day import at_door, line
from tests.functional.test_events import plan, planned, room

__all__ = ["room"]
ROOT = Path(__file__).parent.parent.parent
BRUSSELS = ZoneInfo("Europe/Brussels")
BEGINS = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)


# Calendars.


def feed_of(caller: Caller, **body: Any) -> str:
    address: str = done(caller, "calendars", body)["address"]
    return address.partition("8000")[2]


def _read_by_javascript(text: str) -> list[tuple[datetime, ...]]:
    """What npm's ical.js, which calendars of browsers use, reads."""
    script = """
      import ICAL from "ical.js";
      import { readFileSync } from "node:fs";
      const root = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
      for (const zone of root.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
      for (const one of root.getAllSubcomponents("vevent").map((part) => new ICAL.Event(part)))
        console.log([one.startDate, one.endDate].map((time) => time.toJSDate().toISOString()).join(" "));
    """
    command = ["node", "--input-type=module", "-e", script]
    found = subprocess.run(command, input=text, capture_output=True, text=True, check=True, timeout=60, cwd=ROOT)
    return [tuple(map(datetime.fromisoformat, row.split())) for row in found.stdout.splitlines()]


def test_three_parsers_read_the_same_times_over_summer_time(world: World, room: str) -> None:
    halves = [
        {"begins": "2026-03-28T09:00", "ends": "2026-03-28T12:00"},
        {"begins": "2026-03-28T22:00", "ends": "2026-03-29T04:00"},
        {"begins": "2026-03-30T09:00", "ends": "2026-03-30T12:00"},
    ]
    made = plan(world, room=room, half_days=halves, note="Bring; à, “é”\nand shoes")
    done(world.client("learner"), f"events/{made['id']}/booking")
    address = feed_of(world.client("learner"), of="mine")
    text = world.client(None).get(address).text
    wanted = [
        (
            datetime.fromisoformat(half["begins"]).replace(tzinfo=BRUSSELS),
            datetime.fromisoformat(half["ends"]).replace(tzinfo=BRUSSELS),
        )
        for half in halves
    ]
    wanted = [(begins.astimezone(UTC), ends.astimezone(UTC)) for begins, ends in wanted]
    assert wanted[1][1] - wanted[1][0] == timedelta(hours=5), "the night is an hour shorter"
    first = [
        (one.decoded("dtstart").astimezone(UTC), one.decoded("dtend").astimezone(UTC))
        for one in Calendar.from_ical(text).walk("VEVENT")
    ]
    second = sorted(
        (one.begin.datetime.astimezone(UTC), one.end.datetime.astimezone(UTC)) for one in ics.Calendar(text).events
    )
    assert sorted(first) == second == sorted(_read_by_javascript(text)) == wanted
    (summary, *_) = {str(one["summary"]) for one in Calendar.from_ical(text).walk("VEVENT")}
    assert summary == "Walk through"


def test_calendars_are_secret_can_be_renewed_and_end_with_the_account(world: World, room: str) -> None:
    made = plan(world, room=room)
    anybody, trainer = world.client(None), world.client("trainer")
    addresses = {
        "led": feed_of(trainer, of="led"),
        "room": feed_of(trainer, of="room", target=room),
        "class": feed_of(world.client("teacher"), of="class", target=str(world.classes["1A"])),
    }
    for address in addresses.values():
        assert f"{made['id']}-1@127.0.0.1" in anybody.get(address).text
    assert send(world.client("learner"), "calendars", {"of": "led"}).json["code"] == "forbidden"
    stranger = world.client("other teacher")
    assert send(stranger, "calendars", {"of": "class", "target": str(world.classes["1A"])}).json["code"] == "forbidden"
    feed = next(one for one in shown(trainer, "calendars")["calendars"] if one["of"] == "led")
    done(trainer, f"calendars/{feed['id']}/renewal")
    assert anybody.get(addresses["led"]).status_code == 404
    with world.database.writing() as session:
        set_active(Act(session, world.clock(), "tests"), email=world.people["trainer"].email, active=False)
    assert anybody.get(addresses["room"]).status_code == 404


def letters_of(world: World, who: str) -> list[Any]:
    """What went out to somebody, as mail programs get it, the oldest first."""
    settings = Settings(
        url="http://127.0.0.1:8000",
        database_url="",
        secret_key=SECRET,
        audit_key=SECRET,
        mail_from="Airlock <airlock@example.org>",
    )
    sender = SmtpSender("smtp://127.0.0.1", settings.mail_from)
    made = []
    for message in sorted(messages(world), key=lambda one: one.created_at):
        if message.person_id != world.people[who].id:
            continue
        with world.database.writing() as session:
            again = session.merge(message)
            facts = look_again(session, again, world.clock())
            if facts is not None:
                letter = write_letter(session, settings, again.reader, facts, world.clock())
                made.append(message_from_bytes(sender.compose(letter, message.id).as_bytes()))
    return made


def calendar_in(mail: Any) -> Any:
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    (found,) = parts
    read = Calendar.from_ical(found.get_payload(decode=True))
    (event,) = read.walk("VEVENT")
    assert found.get_param("method") == read["method"]
    return str(read["method"]), str(event["uid"]), int(str(event["sequence"])), str(event["status"])


def test_mails_carry_the_same_entry_with_a_rising_number(world: World, room: str) -> None:
    made = plan(world, room=room)
    learner, trainer, seen = world.client("learner"), world.client("trainer"), []
    done(learner, f"events/{made['id']}/booking")
    seen.append(calendar_in(letters_of(world, "learner")[-1]))
    world.clock.forward(hours=1)
    later = {"half_days": [{"begins": "2026-03-11T09:00", "ends": "2026-03-11T12:00"}]}
    done(trainer, f"events/{made['id']}", planned(world, room=room, **later))
    seen.append(calendar_in(letters_of(world, "learner")[-1]))
    world.clock.forward(hours=1)
    done(learner, f"events/{made['id']}/booking/return", {"why": "ill"})
    seen.append(calendar_in(letters_of(world, "learner")[-1]))
    world.clock.forward(hours=1)
    done(learner, f"events/{made['id']}/booking")
    seen.append(calendar_in(letters_of(world, "learner")[-1]))
    world.clock.forward(hours=1)
    done(trainer, f"events/{made['id']}/cancellation", {"why": "The filter is changed."})
    seen.append(calendar_in(letters_of(world, "learner")[-1]))
    yes, no = ("REQUEST", "CONFIRMED"), ("CANCEL", "CANCELLED")
    assert [(method, status) for method, _, _, status in seen] == [yes, yes, no, yes, no]
    assert len({uid for _, uid, _, _ in seen}) == 1
    numbers = [number for _, _, number, _ in seen]
    assert numbers == sorted(set(numbers)), "each is higher than the one before"


# Letters.


def run(world: World) -> int:
    with world.database.writing() as session:
        return add_event_letters(session, world.clock())


def test_before_an_event_and_after_a_missed_one_people_are_told_once(world: World, room: str) -> None:
    made = plan(world, room=room)
    for who in ("learner", "other learner"):
        done(world.client(who), f"events/{made['id']}/booking")
    assert run(world) == 0, "a week before"
    world.clock.moment = BEGINS - timedelta(days=2, hours=20)
    assert (run(world), run(world)) == (2, 0)
    text = letters_of(world, "learner")[-1].get_payload(decode=True).decode()
    assert "Talk to the crew" in text
    assert "Clean room 1" in text
    done(world.client("other learner"), f"events/{made['id']}/booking/return")
    world.clock.moment = datetime(2026, 3, 9, 17, 5, tzinfo=BRUSSELS)
    assert (run(world), run(world)) == (1, 0)
    assert len(messages(world, "event-tomorrow")) == 1
    done(world.client("other learner"), f"events/{made['id']}/booking")
    world.clock.moment = BEGINS
    at_door(world, made["id"], line(world, who="other learner"))
    world.clock.forward(hours=7)
    assert run(world) == 0, "the list is still being made"
    world.clock.forward(days=1)
    assert (run(world), run(world)) == (1, 0)
    (missed,) = messages(world, "no-show")
    assert missed.person_id == world.people["learner"].id


def test_nobody_is_told_what_does_not_hold_any_more(world: World, room: str) -> None:
    made = plan(world, room=room)
    done(world.client("learner"), f"events/{made['id']}/booking")
    world.clock.moment = BEGINS - timedelta(days=2)
    run(world)
    done(world.client("learner"), f"events/{made['id']}/booking/return")
    subjects = [str(mail["Subject"]) for mail in letters_of(world, "learner")]
    assert subjects == ["Place given back: Walk through"]


def test_whoever_cannot_come_is_offered_the_next_free_date(world: World, room: str) -> None:
    made = plan(world, room=room)
    plan(world, room=room, half_days=[{"begins": "2026-03-17T09:00", "ends": "2026-03-17T12:00"}])
    done(world.client("learner"), f"events/{made['id']}/booking")
    done(world.client("learner"), f"events/{made['id']}/booking/return")
    text = letters_of(world, "learner")[-1].walk()
    (body,) = [part.get_payload(decode=True).decode() for part in text if part.get_content_type() == "text/plain"]
    assert "17 March 2026" in body


def test_a_place_given_back_late_is_counted_for_the_centre_alone(world: World, room: str) -> None:
    made = plan(world, room=room, cancel_until="2026-03-09T12:00")
    done(world.client("learner"), f"events/{made['id']}/booking")
    world.clock.moment = BEGINS - timedelta(hours=12)
    done(world.client("learner"), f"events/{made['id']}/booking/return")
    assert shown(world.client("trainer"), f"events/{made['id']}")["late_returns"] == 1
    assert shown(world.client("teacher"), f"events/{made['id']}")["late_returns"] == 0


def test_a_half_day_that_goes_leaves_the_calendar_too(world: World, room: str) -> None:
    halves = [
        {"begins": "2026-03-10T09:00", "ends": "2026-03-10T12:00"},
        {"begins": "2026-03-11T09:00", "ends": "2026-03-11T12:00"},
    ]
    made = plan(world, room=room, half_days=halves, places=1)
    done(world.client("learner"), f"events/{made['id']}/booking")
    done(world.client("other learner"), f"events/{made['id']}/booking")
    world.clock.forward(hours=1)
    done(world.client("trainer"), f"events/{made['id']}", planned(world, room=room, half_days=halves[:1], places=1))

    def methods(who: str) -> list[str]:
        parts = [part for part in letters_of(world, who)[-1].walk() if part.get_content_type() == "text/calendar"]
        return [str(part.get_param("method")) for part in parts]

    assert methods("learner") == ["REQUEST", "CANCEL"]
    assert methods("other learner") == [], "who waits has nothing in the calendar"
