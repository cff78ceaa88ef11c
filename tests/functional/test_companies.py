"""Coordinators see the workers of their own company, what they did, where they go, their certificates; nothing else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from api.accounts.passwords import make_confirmation
from api.classes.models import ClassMember
from tests.conftest import SECRET, World
from tests.functional.teaching import done, send, shown
from tests.functional.test_audit import verify
from tests.functional.test_event_day import BEGINS, with_rules
from tests.functional.test_events import PRACTICAL, attend, plan, planned, room

__all__ = ["planned", "room"]


@pytest.fixture
def company(make_world: Any) -> World:
    """Two employers; the shared learner coordinates one."""
    world: World = make_world(catalogue=with_rules(levels=("with help", "alone"), asked_levels=()))
    with world.database.writing() as session:
        for who, employer in (("learner", "Cleanworks  SA"), ("other learner", "Other SA")):
            session.execute(
                update(ClassMember).where(ClassMember.person_id == world.people[who].id).values(employer=employer)
            )
    body = {"email": "shared.learner@example.org", "employer": " cleanworks sa "}
    done(world.client("admin"), "mandates", body)
    return world


def sign_levels(world: World, made: Any, *levels: int) -> None:

    criteria = [{"state": "ticked", "level": level} for level in levels]
    people = [{"person": str(world.people["learner"].id), "criteria": criteria}]
    confirmation = make_confirmation(SECRET, world.people["trainer"].id)
    body = {"module": PRACTICAL, "signed_as": "trainer", "people": people, "confirmation": confirmation}
    done(world.client("trainer"), f"events/{made['id']}/sign-offs", body)


def test_a_coordinator_sees_their_own_workers_and_nothing_else(company: World) -> None:
    world = company
    rooms = done(world.client("admin"), "rooms", {"name": "R", "zone": "hall", "places": 9})
    made = plan(world, room=rooms["id"])
    done(world.client("learner"), f"events/{made['id']}/booking")
    coordinator = world.client("shared learner")
    (worker,) = shown(coordinator, "company?lang=fr")["workers"]
    assert (worker["name"], worker["employer"], len(worker["places"])) == ("Learner", "cleanworks sa", 1)
    world.clock.moment = BEGINS + timedelta(hours=4)
    attend(world, made, "learner")
    sign_levels(world, made, 2, 1)
    body = {"lang": "en", "kind": "competence", "event": made["id"], "module": PRACTICAL}
    done(world.client("learner"), "documents", body)
    found = shown(world.client("shared learner"), "company?lang=en")
    (worker,) = found["workers"]
    skill = next(one for one in worker["skills"] if one["module_id"] == PRACTICAL)
    assert (skill["state"], skill["level"]) == ("done", "with help"), "the lowest of its lines"
    assert [one["state"] for one in worker["certificates"]] == ["valid"]
    assert worker["places"] == []
    told = json.dumps(found)
    for hidden in ("Other Learner", "learner@example.org", "best_score", "Other SA"):
        assert hidden not in told
    assert not verify(world.database).breaks


def test_others_see_no_company(company: World) -> None:
    for who in ("learner", "other learner", "teacher", "trainer", "admin"):
        assert company.client(who).get("/api/v1/company").status_code == 404, who
    assert company.client().get("/api/v1/company").status_code == 401


def test_a_mandate_is_given_once_and_ends(company: World) -> None:
    admin = company.client("admin")
    body = {"email": "shared.learner@example.org", "employer": "Cleanworks SA"}
    first = done(admin, "mandates", body)
    (listed,) = shown(admin, "mandates")["mandates"]
    assert (listed["id"], listed["name"]) == (first["id"], "Shared Learner")
    assert send(admin, "mandates", {**body, "email": "nobody@example.org"}).status_code == 404
    assert send(admin, "mandates", {**body, "employer": " "}).json["field"] == "employer"
    assert send(company.client("trainer"), "mandates", body).status_code == 403
    done(admin, f"mandates/{first['id']}/end")
    assert send(admin, f"mandates/{first['id']}/end").status_code == 404
    assert company.client("shared learner").get("/api/v1/company").status_code == 404
    assert not verify(company.database).breaks
