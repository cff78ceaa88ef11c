"""What waits for somebody who works at the centre: counts in the header, lines on the first page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from api.accounts.passwords import make_confirmation
from api.messages.models import Message
from tests.conftest import SECRET, World
from tests.functional.teaching import done, send, shown
from tests.functional.test_assignments import give
from tests.functional.test_event_day import at_door, line, practice
from tests.functional.test_events import room

__all__ = ["practice", "room"]
ASKED = {"text": "Why?", "shared": False}
EMPTY = {"classes": [], "questions": 0, "to_sign": []}


def desk(world: World, who: str = "teacher", lang: str = "en") -> Any:
    return shown(world.client(who), f"desk?lang={lang}")


def test_late_learners_and_questions_are_those_of_ones_own_classes(world: World) -> None:
    for who in ("teacher", "other teacher", "trainer", "admin"):
        assert desk(world, who) == EMPTY
    give(world, due="2026-03-05T10:00")
    assert desk(world)["classes"] == [], "nothing is due yet"
    world.clock.moment = datetime(2026, 3, 6, tzinfo=UTC)
    learners = shown(world.client("teacher"), f"classes/{world.classes['1A']}")["learners"]
    (late,) = desk(world)["classes"]
    assert late == {"id": str(world.classes["1A"]), "name": "1A", "late": len(learners)}
    done(world.client("learner"), "modules/safe-start/doors/threads", ASKED)
    (thread,) = shown(world.client("trainer"), "threads")["threads"]
    assert desk(world) == {**EMPTY, "classes": [late]}, "it was asked of the trainers alone"
    assert (desk(world, "trainer")["questions"], desk(world, "admin")["questions"]) == (1, 1)
    done(world.client("trainer"), f"threads/{thread['id']}/replies", {"text": "Because."})
    asked = {**ASKED, "class_id": str(world.classes["1A"])}
    done(world.client("learner"), "modules/safe-start/doors/threads", asked)
    (thread,) = shown(world.client("teacher"), "threads")["threads"]
    assert desk(world)["questions"] == 1
    for who in ("other teacher", "trainer", "admin"):
        assert desk(world, who) == EMPTY, "they do not teach it"
    done(world.client("teacher"), f"threads/{thread['id']}/replies", {"text": "Because."})
    assert desk(world)["questions"] == 0
    assert send(world.client("learner"), "desk").status_code in (403, 404, 405)


def test_a_half_day_waits_for_its_signature_and_again_after_a_correction(world: World, practice: str) -> None:
    at_door(world, practice, line(world, who="learner"))
    assert desk(world, "trainer")["to_sign"] == [], "it is not over"
    world.clock.forward(hours=4)
    (half,) = desk(world, "trainer", "fr")["to_sign"]
    assert (half["event_id"], half["number"]) == (practice, 1)
    assert half["title"]
    assert desk(world, "admin")["to_sign"] == [], "who did not lead it signs nothing"
    signed = {"signed_as": "Trainer", "confirmation": make_confirmation(SECRET, world.people["trainer"].id)}
    done(world.client("trainer"), f"events/{practice}/half-days/1/signature", signed)
    assert desk(world, "trainer")["to_sign"] == []
    seen = [{"person": str(world.people["other learner"].id), "number": 1, "state": "present"}]
    done(world.client("trainer"), f"events/{practice}/attendance", {"seen": seen, "why": "Came by the other door."})
    assert len(desk(world, "trainer")["to_sign"]) == 1, "the list is another one now"
    world.clock.forward(days=61)
    assert desk(world, "trainer")["to_sign"] == [], "two months later nobody is reminded any more"


def test_letters_are_an_administrators(world: World) -> None:
    assert shown(world.client("admin"), "health")["undecided"] == 0
    with world.database.writing() as session:
        session.add(
            Message(
                person_id=world.people["learner"].id,
                kind="due",
                data={},
                state="failed",
                created_at=world.clock(),
                send_after=world.clock() - timedelta(hours=1),
                tries=9,
                error="550 no such mailbox",
            )
        )
    assert shown(world.client("admin"), "health")["undecided"] == 1
    assert world.client("trainer").get("/api/v1/health").status_code == 403
