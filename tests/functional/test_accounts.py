from __future__ import annotations

import pytest
from sqlalchemy import select

from api.accounts.act import Act
from api.accounts.links import make_link
from api.accounts.models import OneTimeLink, SignIn
from api.accounts.sign_ins import prune, set_active
from tests.conftest import World

PASSWORD = "the pump hums at night"


def invite(world: World, email: str = "new@example.org") -> str:
    reply = world.client("admin").post(
        "/api/v1/invitations", {"email": email, "name": "New", "role": "learner", "lang": "fr"}, key=f"invite-{email}"
    )
    assert reply.status_code == 201, reply.text
    assert reply.json is not None
    assert "/fr/welcome/#" in reply.json["link"]
    return str(reply.json["link"]).partition("#")[2]


def test_invitation_password_sign_in_and_out(world: World) -> None:
    token = invite(world)
    caller = world.client()
    weak = caller.post("/api/v1/invitations/answer", {"token": token, "password": "short"})
    assert (weak.status_code, weak.json["code"]) == (422, "password_weak")  # type: ignore[index]
    done = caller.post("/api/v1/invitations/answer", {"token": token, "password": PASSWORD})
    assert done.json["person"]["name"] == "New"  # type: ignore[index]
    again = world.client().post("/api/v1/invitations/answer", {"token": token, "password": PASSWORD})
    assert again.json["code"] == "link_invalid"  # type: ignore[index]

    fresh = world.client()
    for email in ("new@example.org", " New@Example.ORG "):
        assert fresh.post("/api/v1/sign-in", {"email": email, "password": PASSWORD}).status_code == 200
    assert fresh.get("/api/v1/home").status_code == 200
    cookie = fresh.client.get_cookie("airlock")
    assert cookie is not None
    assert fresh.post("/api/v1/sign-out").status_code == 200
    assert fresh.get("/api/v1/home").status_code == 401
    # A copy of the cookie is worth nothing after signing out: the sign-in has ended on the server.
    thief = world.client()
    thief.client.set_cookie("airlock", cookie.value)
    assert thief.get("/api/v1/home").status_code == 401


def test_inviting_again_makes_no_second_account(world: World) -> None:
    first, second = invite(world), invite(world)
    assert first != second, "the first link may be lost; both work until a password is set"
    assert world.client().post("/api/v1/invitations/answer", {"token": second, "password": PASSWORD}).status_code == 200
    stale = world.client().post("/api/v1/invitations/answer", {"token": first, "password": PASSWORD})
    assert stale.json["code"] == "link_invalid", "an older invitation cannot change the password"  # type: ignore[index]
    body = {"email": "new@example.org", "name": "New", "role": "learner"}
    again = world.client("admin").post("/api/v1/invitations", body)
    assert (again.status_code, again.json["code"]) == (409, "conflict")  # type: ignore[index]
    wrong = world.client("admin").post("/api/v1/invitations", {**body, "lang": "zz"})
    assert wrong.status_code == 422


def test_pruning_keeps_what_is_needed(world: World) -> None:
    invite(world)
    caller = world.client("learner")
    with world.database.writing() as session:
        assert prune(session, world.clock()) >= 2, "used links go"
    assert caller.get("/api/v1/home").status_code == 200
    world.clock.forward(days=40)
    with world.database.writing() as session:
        prune(session, world.clock())
        assert session.scalars(select(SignIn)).all() == []
        assert session.scalars(select(OneTimeLink)).all() == []


def test_a_wrong_password_and_an_unknown_address_look_the_same(world: World) -> None:
    token = invite(world)
    world.client().post("/api/v1/invitations/answer", {"token": token, "password": PASSWORD})
    replies = [
        world.client().post("/api/v1/sign-in", {"email": email, "password": "wrong, quite wrong"})
        for email in ("new@example.org", "nobody@example.org", "learner@example.org")
    ]
    assert {reply.status_code for reply in replies} == {422}
    assert len({reply.text for reply in replies}) == 1


def test_a_link_lets_in_once_and_for_fifteen_minutes(world: World) -> None:
    with world.database.writing() as session:
        tokens = [make_link(Act(session, world.clock(), "tests"), world.people["learner"], "sign-in") for _ in range(2)]
    assert world.client().post("/api/v1/sign-in/link", {"token": tokens[0]}).status_code == 200
    assert world.client().post("/api/v1/sign-in/link", {"token": tokens[0]}).status_code == 422
    world.clock.forward(minutes=15, seconds=1)
    assert world.client().post("/api/v1/sign-in/link", {"token": tokens[1]}).status_code == 422
    with world.database.reading() as session:
        stored = session.scalars(select(OneTimeLink.token_hash)).all()
    assert not set(tokens) & set(stored), "the database holds hashes, not secrets"


def test_signing_in_starts_a_session_of_its_own(world: World) -> None:
    caller = world.client()
    before = caller.get("/api/v1/me").json["csrf_token"]  # type: ignore[index]
    with world.database.writing() as session:
        token = make_link(Act(session, world.clock(), "tests"), world.people["learner"], "sign-in")
    caller.post("/api/v1/sign-in/link", {"token": token})
    stale = caller.client.post("/api/v1/sign-out", json={}, headers={"X-CSRFToken": before})
    assert stale.status_code == 400, "a token from before signing in is worth nothing after it"
    assert caller.post("/api/v1/sign-out").status_code == 200


def test_setting_a_password_ends_other_sign_ins(world: World) -> None:
    with world.database.writing() as session:
        person = world.people["learner"]
        token = make_link(Act(session, world.clock(), "tests"), person, "invitation")
    elsewhere = world.client("learner")
    world.client().post("/api/v1/invitations/answer", {"token": token, "password": PASSWORD})
    assert elsewhere.get("/api/v1/home").status_code == 401
    with world.database.reading() as session:
        assert len(session.scalars(select(SignIn).where(SignIn.person_id == person.id)).all()) == 1


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "two@signs@example.org", "spa ce@example.org"])
def test_no_invitation_to_what_is_no_address(world: World, email: str) -> None:
    reply = world.client("admin").post("/api/v1/invitations", {"email": email, "name": "N", "role": "learner"}, key="k")
    assert reply.status_code == 422


def test_cookies_are_bound_to_the_host_over_https(make_world: object) -> None:
    world = make_world(url="https://learn.example.org")  # type: ignore[operator]
    reply = world.app.test_client().get("/api/v1/me", base_url="https://learn.example.org")
    cookie = reply.headers["Set-Cookie"]
    assert cookie.startswith("__Host-airlock=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie
    assert "max-age=31536000" in reply.headers["Strict-Transport-Security"]


def test_a_suspended_account_is_closed_at_once_and_can_be_opened_again(world: World) -> None:
    learner = world.client("learner")
    assert learner.get("/api/v1/home").status_code == 200
    with world.database.writing() as session:
        token = make_link(Act(session, world.clock(), "tests"), world.people["learner"], "sign-in")
    with world.database.writing() as session:
        set_active(Act(session, world.clock(), "tests", why="stolen"), email="learner@example.org", active=False)
    assert learner.get("/api/v1/home").status_code == 401
    assert world.client().post("/api/v1/sign-in/link", {"token": token}).json["code"] == "link_invalid"  # type: ignore[index]
    with world.database.writing() as session:
        set_active(Act(session, world.clock(), "tests"), email="learner@example.org", active=True)
    assert learner.get("/api/v1/home").status_code == 401, "whoever was in stays out"
    assert world.client("learner").get("/api/v1/home").status_code == 200
