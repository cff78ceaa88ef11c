"""Job seekers agree, are asked after four weeks and six months, answer by a link; the rate says what is missing."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from api.accounts.act import Act
from api.accounts.operations import one_writer
from api.classes.models import ClassMember
from api.hours.operations import Worked, record_hours
from api.messages.letters import write_letter
from api.messages.models import Message
from api.messages.operations import look_again
from api.outcomes.models import Outcome
from api.outcomes.operations import ask_outcomes
from tests.conftest import World
from tests.functional.teaching import done, send, shown
from tests.functional.test_audit import verify
from tests.functional.test_events import plan, room

__all__ = ["room"]

PERIOD = "outcomes?first=2026-01-01&last=2026-12-31"
ANSWER = {"working": "in-field", "helped": 4, "words": "More practice, please."}


def trained(world: World, who: str, days_ago: int = 0) -> None:
    """Training time of an hour."""
    begins = world.clock() - timedelta(days=days_ago, hours=2)
    with world.database.writing() as session:
        person = world.people[who].id
        one_writer(session, person)
        spans = [(begins, begins + timedelta(hours=1))]
        line = Worked(person, "on-site", "safe-start/walk", begins.date().isoformat(), f"t:{uuid.uuid4()}", spans, 60)
        record_hours(Act(session, world.clock(), "tests"), [line])


@pytest.fixture
def seekers(world: World) -> World:
    """Two job seekers, trained today, of whom one agrees; a worker."""
    with world.database.writing() as session:
        for who, audience in (("learner", "job-seeker"), ("other learner", "job-seeker"), ("shared learner", "worker")):
            session.execute(
                update(ClassMember).where(ClassMember.person_id == world.people[who].id).values(audience=audience)
            )
    for who in ("learner", "other learner", "shared learner"):
        trained(world, who)
    done(world.client("learner"), "outcomes/consent", {"given": True})
    return world


def ask(world: World) -> int:
    with world.database.writing() as session:
        return ask_outcomes(session, world.clock())


def letters(world: World) -> list[str]:
    with world.database.reading() as session:
        found = []
        for message in session.scalars(select(Message).where(Message.kind == "outcome").order_by(Message.created_at)):
            facts = look_again(session, message, world.clock())
            if facts is not None:
                settings = world.app.config["AIRLOCK_SETTINGS"]
                found.append(write_letter(session, settings, message.reader, facts, world.clock()).text)
        return found


def token_in(letter: str) -> str:
    found = re.search(r"/outcome/#(\S+)", letter)
    assert found is not None, letter
    return found[1]


def test_who_agreed_is_asked_twice_and_others_never(seekers: World) -> None:
    world = seekers
    assert shown(world.client("learner"), "outcomes/consent") == {"asked": True, "given": True}
    assert shown(world.client("other learner"), "outcomes/consent") == {"asked": True, "given": False}
    assert shown(world.client("shared learner"), "outcomes/consent") == {"asked": False, "given": False}
    asked = []
    for days in (27, 28, 29, 60, 181, 182, 183):
        world.clock.moment = datetime.fromisoformat("2026-03-02T09:00+00:00") + timedelta(days=days)
        asked.append(ask(world))
    assert asked == [0, 1, 0, 0, 0, 1, 0]
    (letter,) = letters(world)
    assert "2 March 2026" in letter
    with world.database.reading() as session:
        people = session.scalars(select(Outcome.person_id)).all()
    assert set(people) == {world.people["learner"].id}


def test_an_answer_by_the_link_can_be_mended_and_is_counted(seekers: World) -> None:
    world = seekers
    world.clock.forward(days=28)
    ask(world)
    token, stranger = token_in(letters(world)[0]), world.client()
    seen = stranger.post("/api/v1/outcomes/views", {"token": token}).json
    assert seen is not None
    assert (seen["stage"], seen["ended"], seen["working"]) == ("4-weeks", "2026-03-02", None)
    assert "Learner" not in str(seen), "whoever finds the letter reads no name"
    for working in ("looking", "in-field"):
        reply = stranger.post("/api/v1/outcomes/answers", {"token": token, **ANSWER, "working": working})
        assert reply.status_code == 200, reply.text
    assert letters(world) == [], "what was answered is not sent any more"
    first = shown(world.client("admin"), PERIOD)["stages"][0]
    assert (first["base"], first["placed"], first["answered"]) == (2, 1, 1)
    assert first["working"] == {"in-field": 1}
    assert first["words"] == ["More practice, please."]
    assert first["early"] == 1, "the other one could still agree, for some days"
    world.clock.forward(days=20)
    first, second = shown(world.client("admin"), PERIOD)["stages"]
    assert (first["early"], first["not_agreed"]) == (0, 1)
    assert (second["base"], second["early"]) == (2, 2)
    for stage in (first, second):
        told = sum(stage[name] for name in ("early", "not_agreed", "unanswered", "answered"))
        assert told == stage["base"], "each of them is counted once"
    world.clock.forward(days=61)
    assert stranger.post("/api/v1/outcomes/views", {"token": token}).status_code == 404, "its time is over"


def test_consent_is_taken_back_by_the_link_and_what_was_said_is_gone(seekers: World) -> None:
    world = seekers
    world.clock.forward(days=30)
    ask(world)
    token, stranger = token_in(letters(world)[0]), world.client()
    stranger.post("/api/v1/outcomes/answers", {"token": token, **ANSWER})
    assert stranger.post("/api/v1/outcomes/end", {"token": token}).status_code == 200
    assert stranger.post("/api/v1/outcomes/views", {"token": token}).status_code == 404
    assert not shown(world.client("learner"), "outcomes/consent")["given"]
    with world.database.reading() as session:
        assert session.scalars(select(Outcome)).all() == []
    assert ask(world) == 0
    done(world.client("learner"), "outcomes/consent", {"given": True})
    done(world.client("learner"), "outcomes/consent", {"given": False})
    assert not verify(world.database).breaks


def test_nobody_is_asked_whose_training_goes_on(seekers: World, room: str) -> None:
    world = seekers
    later = [{"begins": "2026-04-20T09:00", "ends": "2026-04-20T12:00"}]
    made = plan(world, room=room, half_days=later)
    done(world.client("learner"), f"events/{made['id']}/booking")
    world.clock.forward(days=30)
    assert ask(world) == 0
    assert shown(world.client("admin"), PERIOD)["stages"][0]["base"] == 1
    trained(world, "learner")
    world.clock.forward(days=20)
    assert ask(world) == 0, "it ended later"
    world.clock.forward(days=8)
    assert ask(world) == 1


@pytest.mark.parametrize("body", [{}, {"working": "rich"}, {"helped": 0}, {"helped": 5}, {"words": "x" * 2001}])
def test_wrong_answers_are_refused(seekers: World, body: dict[str, Any]) -> None:
    seekers.clock.forward(days=28)
    ask(seekers)
    token = token_in(letters(seekers)[0])
    wanted = {"token": token, **ANSWER, **body} if body else {"token": token}
    assert seekers.client().post("/api/v1/outcomes/answers", wanted).status_code == 422
    forged = token[:-5] + ("A" if token[-5] != "A" else "B") + token[-4:]  # The last sign has bits that mean nothing.
    assert seekers.client().post("/api/v1/outcomes/views", {"token": forged}).status_code == 404
    assert send(seekers.client("trainer"), "outcomes/consent", {"given": "x"}).status_code == 422
    assert seekers.client("trainer").get(f"/api/v1/{PERIOD}").status_code == 403
