"""Photographs at practicals: where the centre allows them, of whom, without what the camera says, and how they go."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from api.accounts.passwords import make_confirmation
from api.core.audit import AuditEntry, verify
from api.events.errors import PlanInvalid
from api.events.models import Photo
from api.events.photos import LARGEST, MOST, without_metadata
from tests.conftest import SECRET, World
from tests.functional.teaching import done, send, shown
from tests.functional.test_event_day import at_door, line, practice
from tests.functional.test_events import PRACTICAL, room
from tests.functional.test_permissions import JPEG

__all__ = ["practice", "room"]
PLACE = b"GPS 50.41 N 4.44 E"
SAYS = b"\xff\xe1" + (2 + len(PLACE)).to_bytes(2, "big") + PLACE


@pytest.fixture
def allowed(world: World, practice: str) -> str:
    at_door(world, practice, line(world, who="learner"))
    choose(world, photos=True)
    return practice


def choose(world: World, **wanted: Any) -> None:
    done(world.client("admin"), "settings", {**wanted, "confirmation": secret(world)})


def secret(world: World) -> str:
    return make_confirmation(SECRET, world.people["admin"].id)


def add(world: World, event: str, content: bytes = JPEG, who: str = "learner", **more: Any) -> Any:
    body = {"module": PRACTICAL, "person": str(world.people[who].id), "line": 0, **more}
    return send(world.client("trainer"), f"events/{event}/photos", {**body, "file": base64.b64encode(content).decode()})


def test_a_centre_that_allows_none_has_none(world: World, practice: str) -> None:
    at_door(world, practice, line(world, who="learner"))
    assert not shown(world.client("trainer"), f"events/{practice}")["photos_allowed"]
    assert add(world, practice).json["code"] == "photos_not_allowed"
    choose(world, photos=True)
    assert shown(world.client("trainer"), f"events/{practice}")["photos_allowed"]
    assert add(world, practice).status_code == 201


def test_trainers_and_the_learner_see_it_and_nobody_else(world: World, allowed: str) -> None:
    made = add(world, allowed, JPEG[:2] + SAYS + JPEG[2:]).json
    path = f"events/{allowed}/photos/{made['id']}"
    for who in ("trainer", "admin", "learner"):
        reply = world.client(who).get(f"/api/v1/{path}")
        assert (reply.status_code, reply.mimetype, reply.data) == (200, "image/jpeg", JPEG), who
    others: dict[str | None, int] = {"other learner": 404, "teacher": 403, None: 401}
    for other, status in others.items():
        assert world.client(other).get(f"/api/v1/{path}").status_code == status
    (mine,) = shown(world.client("learner"), f"events/{allowed}/mine")["photos"]
    assert (mine["module_id"], mine["line"]) == (PRACTICAL, 0)
    assert shown(world.client("other learner"), f"events/{allowed}/mine")["photos"] == []
    assert len(shown(world.client("trainer"), f"events/{allowed}")["photos"]) == 1
    # Taken away, it is gone; the trail keeps its hash and verifies.
    done(world.client("trainer"), f"{path}/removal")
    assert world.client("learner").get(f"/api/v1/{path}").status_code == 404
    with world.database.reading() as session:
        kinds = session.scalars(
            select(AuditEntry.action).where(AuditEntry.action.like("event.photo%")).order_by(AuditEntry.sequence)
        ).all()
        assert kinds == ["event.photo", "event.photo.remove"]
        assert not verify(session).breaks


def test_what_does_not_fit_is_told(world: World, allowed: str) -> None:
    assert add(world, allowed, b"GIF89a").json["field"] == "file"
    assert add(world, allowed, JPEG[:9]).json["field"] == "file"
    assert add(world, allowed, JPEG + b"x" * LARGEST).json["field"] == "file"
    assert add(world, allowed, line=99).json["field"] == "line"
    assert add(world, allowed, module="safe-start/doors").json["field"] == "module"
    assert add(world, allowed, who="other learner").json["code"] == "not_booked", "they were not there"
    first = add(world, allowed).json
    assert add(world, allowed).json["id"] == first["id"], "the same one is kept once"
    for number in range(MOST - 1):
        assert add(world, allowed, JPEG + bytes([number])).status_code == 201
    assert add(world, allowed, JPEG + b"one too many").json["field"] == "file"


def test_it_goes_with_the_learner(world: World, allowed: str) -> None:
    add(world, allowed)
    done(world.client("admin"), f"people/{world.people['learner'].id}/erasure", {"confirmation": secret(world)})
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Photo)) == 0
        assert not verify(session).breaks


@given(st.binary(max_size=400))
def test_nothing_makes_it_stumble(content: bytes) -> None:
    for given_ in (content, JPEG[:2] + content, JPEG[:2] + SAYS + content):
        try:
            assert PLACE not in without_metadata(given_)
        except PlanInvalid:
            continue
