"""Second factors: codes of an app, passkeys, recovery codes, and roles that must have one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from sqlalchemy import select

from api.accounts.act import Act
from api.accounts.links import make_link
from api.accounts.models import Person, SecondFactor
from api.accounts.passwords import hash_password, make_confirmation
from api.core.audit import AuditEntry
from api.core.config import ConfigError, read_settings
from tests.conftest import SECRET, Caller, World
from tests.functional.teaching import done, shown
from tests.functional.test_system import GOOD

PASSWORD = "four plain words are enough"


def secured(world: World, name: str = "trainer") -> tuple[str, list[str], Caller]:
    """Somebody with a password who sets up an app; gives its secret, the recovery codes, and the browser."""
    with world.database.writing() as session:
        session.get_one(Person, world.people[name].id).password_hash = hash_password(PASSWORD)
    caller = world.client(name)
    body = {"name": "My phone", "confirmation": make_confirmation(SECRET, world.people[name].id)}
    app = done(caller, "account/factors/app", body)
    assert app["picture"].startswith("data:image/svg+xml")
    assert "fff" in app["picture"], "light behind the dark: it is scanned off a dark page too"
    codes = done(caller, f"account/factors/app/{app['id']}", {"code": code_at(world, app["secret"])})["codes"]
    assert len(codes) == 10
    return app["secret"], codes, caller


def code_at(world: World, secret: str) -> str:
    return pyotp.TOTP(secret).at(world.clock())


def sign_in(world: World, name: str = "trainer") -> tuple[Caller, Any]:
    caller = world.client()
    reply = caller.post("/api/v1/sign-in", {"email": f"{name}@example.org", "password": PASSWORD})
    return caller, reply


def test_a_password_alone_does_not_let_in(world: World) -> None:
    secret, _, _ = secured(world)
    world.clock.forward(minutes=5)
    caller, reply = sign_in(world)
    assert (reply.json["person"], reply.json["second"]) == (None, ["app"])
    assert caller.get("/api/v1/home").status_code == 401, "nobody is in before the second factor"
    wrong = caller.post("/api/v1/sign-in/second", {"code": "000000"})
    assert (wrong.status_code, wrong.json["code"]) == (422, "factor_wrong")  # type: ignore[index]
    right = caller.post("/api/v1/sign-in/second", {"code": code_at(world, secret)})
    assert right.json["person"]["name"] == "Trainer"  # type: ignore[index]
    assert caller.get("/api/v1/home").status_code == 200


def test_a_code_counts_once(world: World) -> None:
    """RFC 6238, 5.2: a second try with the code that was accepted is somebody else's."""
    secret, _, _ = secured(world)
    world.clock.forward(minutes=5)
    code = code_at(world, secret)
    first, _ = sign_in(world)
    assert first.post("/api/v1/sign-in/second", {"code": code}).status_code == 200
    second, _ = sign_in(world)
    assert second.post("/api/v1/sign-in/second", {"code": code}).status_code == 422
    world.clock.forward(seconds=30)
    spaced = code_at(world, secret)
    assert second.post("/api/v1/sign-in/second", {"code": f"{spaced[:3]} {spaced[3:]}"}).status_code == 200


def test_wrong_codes_make_the_next_one_wait(world: World) -> None:
    secret, _, _ = secured(world)
    world.clock.forward(minutes=5)
    caller, _ = sign_in(world)
    statuses = [caller.post("/api/v1/sign-in/second", {"code": f"{n:06}"}).status_code for n in range(8)]
    assert 429 in statuses
    right = caller.post("/api/v1/sign-in/second", {"code": code_at(world, secret)})
    assert right.status_code == 429, "also the right one"
    again, reply = sign_in(world)
    assert reply.status_code == 200, "a password is not what was guessed"
    assert again.post("/api/v1/sign-in/second", {"code": "1"}).status_code == 429, "nor does a password begin anew"


def test_a_recovery_code_works_once(world: World) -> None:
    _, codes, own = secured(world)
    caller, _ = sign_in(world)
    assert caller.post("/api/v1/sign-in/second", {"recovery": codes[0].upper().replace("-", " ")}).status_code == 200
    other, _ = sign_in(world)
    assert other.post("/api/v1/sign-in/second", {"recovery": codes[0]}).status_code == 422
    assert shown(own, "account/factors")["codes_left"] == 9
    body = {"confirmation": make_confirmation(SECRET, world.people["trainer"].id)}
    new = done(own, "account/factors/codes", body)["codes"]
    assert not set(new) & set(codes)
    assert other.post("/api/v1/sign-in/second", {"recovery": codes[1]}).status_code == 422, "earlier ones are over"


def test_a_link_asks_for_the_second_factor_too(world: World) -> None:
    secret, _, _ = secured(world)
    world.clock.forward(minutes=5)
    for purpose, path, more in (
        ("sign-in", "sign-in/link", {}),
        ("password", "invitations/answer", {"password": "another set of four words"}),
    ):
        with world.database.writing() as session:
            token = make_link(Act(session, world.clock(), "tests"), world.people["trainer"], purpose)  # type: ignore[arg-type]
        caller = world.client()
        reply = caller.post(f"/api/v1/{path}", {"token": token, **more})
        assert (reply.json["person"], reply.json["second"]) == (None, ["app"]), path  # type: ignore[index]
        assert caller.get("/api/v1/home").status_code == 401
        world.clock.forward(seconds=60)
        assert caller.post("/api/v1/sign-in/second", {"code": code_at(world, secret)}).status_code == 200


def test_nothing_waits_for_ever_or_for_others(world: World) -> None:
    secret, _, _ = secured(world)
    world.clock.forward(minutes=5)
    assert world.client().post("/api/v1/sign-in/second", {"code": "1"}).json["code"] == "nothing_waits"  # type: ignore[index]
    caller, _ = sign_in(world)
    world.clock.forward(minutes=11)
    late = caller.post("/api/v1/sign-in/second", {"code": code_at(world, secret)})
    assert late.json["code"] == "nothing_waits"  # type: ignore[index]


def test_a_factor_wants_the_password_to_come_and_to_go(world: World) -> None:
    _, _, own = secured(world)
    (factor,) = shown(own, "account/factors")["factors"]
    assert (factor["kind"], factor["name"]) == ("app", "My phone")
    for path, body in (("account/factors/app", {"name": "Other"}), (f"account/factors/{factor['id']}/removal", {})):
        refused = own.post(f"/api/v1/{path}", {**body, "confirmation": "x"})
        assert refused.json["code"] == "not_confirmed"  # type: ignore[index]
    body = {"confirmation": make_confirmation(SECRET, world.people["trainer"].id)}
    done(own, f"account/factors/{factor['id']}/removal", body)
    assert shown(own, "account/factors") == {"factors": [], "codes_left": 0, "required": False}
    assert sign_in(world)[1].json["person"]["name"] == "Trainer"


def test_an_app_counts_after_its_first_code_and_its_secret_is_sealed(world: World) -> None:
    caller = world.client("learner")
    body = {"name": "App", "confirmation": make_confirmation(SECRET, world.people["learner"].id)}
    app = done(caller, "account/factors/app", body)
    assert shown(caller, "account/factors")["factors"] == []
    assert caller.post(f"/api/v1/account/factors/app/{app['id']}", {"code": "123"}).status_code == 422
    other = world.client("trainer").post(f"/api/v1/account/factors/app/{app['id']}", {"code": "123"})
    assert other.status_code == 404
    with world.database.reading() as session:
        stored = session.scalars(select(SecondFactor)).one()
        assert app["secret"].encode() not in stored.secret
    world.clock.forward(minutes=16)
    done(caller, "account/factors/app", body)
    with world.database.reading() as session:
        assert len(session.scalars(select(SecondFactor)).all()) == 1, "what was not taken into use is forgotten"


def test_an_administrator_helps_whoever_lost_it(world: World) -> None:
    _, _, own = secured(world)
    caller, key = world.client("admin"), world.people["trainer"].id
    assert shown(caller, f"people/{key}")["factors"] == 1
    path = f"/api/v1/people/{key}/factors/removal"
    assert caller.post(path, {"confirmation": "x"}, key="no").json["code"] == "not_confirmed"  # type: ignore[index]
    body = {"confirmation": make_confirmation(SECRET, world.people["admin"].id), "why": "Lost the phone."}
    done(caller, f"people/{key}/factors/removal", body)
    assert own.get("/api/v1/home").status_code == 401, "whoever has the phone is out"
    assert sign_in(world)[1].json["person"]["name"] == "Trainer"


def test_a_role_that_must_have_one_does_nothing_else_before(make_world: Callable[..., World]) -> None:
    world = make_world(second_factor=frozenset({"admin"}))
    with world.database.writing() as session:
        session.get_one(Person, world.people["admin"].id).password_hash = hash_password(PASSWORD)
    caller = world.client("admin")
    me = shown(caller, "me")
    assert me["person"]["enrol"] is True
    refused = caller.get("/api/v1/people")
    assert (refused.status_code, refused.json["code"]) == (403, "second_factor_needed")  # type: ignore[index]
    assert shown(caller, "account/factors")["required"] is True
    confirmation = done(caller, "confirmations", {"password": PASSWORD})["confirmation"]
    app = done(caller, "account/factors/app", {"name": "App", "confirmation": confirmation})
    done(caller, f"account/factors/app/{app['id']}", {"code": code_at(world, app["secret"])})
    assert caller.get("/api/v1/people").status_code == 200
    assert world.client("trainer").get("/api/v1/classes").status_code == 200, "other roles go on"


def test_all_of_it_is_in_the_trail_without_a_secret(world: World) -> None:
    secret, codes, _ = secured(world)
    caller, _ = sign_in(world)
    caller.post("/api/v1/sign-in/second", {"recovery": codes[0]})
    with world.database.reading() as session:
        entries = list(session.scalars(select(AuditEntry)))
    actions = [entry.action for entry in entries]
    assert {"factor.add", "factor.codes", "sign-in.first", "sign-in.second"} <= set(actions)
    told = str([(entry.old, entry.new) for entry in entries])
    assert secret not in told
    assert codes[0] not in told


def test_the_setting_names_roles() -> None:
    assert read_settings({**GOOD, "AIRLOCK_SECOND_FACTOR": "admin, trainer"}).second_factor == {"admin", "trainer"}
    with pytest.raises(ConfigError, match="AIRLOCK_SECOND_FACTOR"):
        read_settings({**GOOD, "AIRLOCK_SECOND_FACTOR": "boss"})
