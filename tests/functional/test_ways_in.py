"""Ways in and out: wrong passwords, links, devices, limits, new passwords, and an operator's look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from api.accounts.act import Act
from api.accounts.errors import PasswordWeak
from api.accounts.guesses import FREE, LONGEST, wait_after
from api.accounts.links import make_link
from api.accounts.models import AskedLink, Person, SignIn
from api.accounts.passwords import SHORTEST_PASSWORD, check_new_password, check_password, hash_password
from api.accounts.sign_ins import device_name, network_of
from api.core.config import MAILBOX
from api.jobs import run_jobs
from api.messages.models import MailboxEntry
from tests.conftest import Caller, World
from tests.functional.teaching import done, shown

PASSWORD = "the pump hums at night"
OTHER = "the valve sings at noon"
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """With the demo's mailbox, and a learner and a trainer who have a password."""
    world = make_world(mail=MAILBOX)
    with world.database.writing() as session:
        for name in ("learner", "trainer"):
            session.get_one(Person, world.people[name].id).password_hash = hash_password(PASSWORD)
    return world


def sign_in(caller: Caller, email: str, password: str, address: str = "192.0.2.7", **more: Any) -> Any:
    body = {"email": email, "password": password, **more}
    return caller.post("/api/v1/sign-in", body, environ_base={"REMOTE_ADDR": address})


def code_of(reply: Any) -> str:
    return str(reply.json.get("code", "")) if reply.status_code >= 400 else ""


def link(world: World, purpose: Any, who: str = "learner") -> str:
    with world.database.writing() as session:
        return make_link(Act(session, world.clock(), "tests"), world.people[who], purpose)


# Wrong passwords


def test_waiting_grows_and_has_an_end() -> None:
    assert [wait_after(count, FREE).total_seconds() for count in range(4, 10)] == [0, 2, 4, 8, 16, 32]
    assert wait_after(10_000, FREE) == LONGEST


def test_wrong_passwords_make_whoever_guesses_wait_and_nobody_else(world: World) -> None:
    thief, owner = world.client(), world.client()
    codes = [code_of(sign_in(thief, "learner@example.org", "guess")) for _ in range(FREE + 1)]
    assert codes == ["sign_in_failed"] * FREE + ["too_many_guesses"]
    held = sign_in(thief, " LEARNER@example.org", PASSWORD)
    assert (held.status_code, held.headers["Retry-After"], held.json["wait"]) == (429, "2", 2)
    assert code_of(sign_in(thief, "trainer@example.org", "guess")) == "sign_in_failed", "another account is not held up"
    assert sign_in(owner, "learner@example.org", PASSWORD, "198.51.100.9").status_code == 200, "nor its owner elsewhere"
    world.clock.forward(seconds=2)
    assert code_of(sign_in(thief, "learner@example.org", "guess")) == "sign_in_failed", (
        "a failure more, and twice the wait"
    )
    assert sign_in(thief, "learner@example.org", "guess").json["wait"] == 4


def test_a_device_that_is_known_is_spared(world: World) -> None:
    """In a class room with one address for all: a neighbour guesses, the owner comes in on their own phone."""
    owner, neighbour = world.client(), world.client()
    assert sign_in(owner, "learner@example.org", PASSWORD).status_code == 200
    done(owner, "sign-out")
    for _ in range(FREE):
        sign_in(neighbour, "learner@example.org", "guess")
    assert code_of(sign_in(neighbour, "learner@example.org", PASSWORD)) == "too_many_guesses"
    assert sign_in(owner, "learner@example.org", PASSWORD).status_code == 200
    cookie = owner.client.get_cookie("airlock-device")
    assert cookie is not None
    assert "learner" not in cookie.value, "the device knows no address"
    forged = cookie.value[:9] + ("y" if cookie.value[9] == "x" else "x") + cookie.value[10:]
    neighbour.client.set_cookie("airlock-device", forged)
    assert code_of(sign_in(neighbour, "learner@example.org", PASSWORD)) == "too_many_guesses", "a forged one is none"


def test_ipv6_counts_by_the_network_of_a_household(world: World) -> None:
    thief = world.client()
    for number in range(FREE):
        sign_in(thief, "learner@example.org", "guess", f"2001:db8:1:2::{number}")
    assert code_of(sign_in(thief, "learner@example.org", PASSWORD, "2001:db8:1:2:ffff::1")) == "too_many_guesses"
    assert sign_in(thief, "learner@example.org", PASSWORD, "2001:db8:1:3::1").status_code == 200


def test_the_type_of_the_body_changes_nothing(world: World) -> None:
    """What is read as JSON is counted as JSON, whatever it calls itself."""
    caller = world.client()
    token = caller.get("/api/v1/me").json["csrf_token"]  # type: ignore[index]
    replies = [
        caller.client.post(
            "/api/v1/sign-in",
            data=b'{"email": "learner@example.org", "password": "guess"}',
            headers={"Content-Type": kind, "X-CSRFToken": token},
        )
        for kind in ("application/json", "text/plain", "text/json", "application/x-www-form-urlencoded") * 2
    ]
    codes = [code_of(reply) for reply in replies]
    assert codes == ["sign_in_failed"] * FREE + ["too_many_guesses"] * (len(replies) - FREE)


def test_a_wrong_password_before_a_signature_counts_too(world: World) -> None:
    caller = world.client("trainer")
    codes = [code_of(caller.post("/api/v1/confirmations", {"password": "guess"})) for _ in range(FREE + 1)]
    assert codes == ["sign_in_failed"] * FREE + ["too_many_guesses"]


# Passwords


@pytest.mark.parametrize(
    "weak",
    [
        "short one",
        "x" * 129,
        "1234567891",
        "aaaaaaaaaaa",
        "          ",
        "password1234",
        "airlock2026",
        "Bruxelles2026",
        "motdepasse2026",
        "wachtwoord1",
        "azertyuiop",
        "nadia.peeters@example.org",
        "NadiaPeeters1",
        "Competences2026",
    ],
)
def test_what_is_guessed_soon_is_no_password(weak: str) -> None:
    with pytest.raises(PasswordWeak):
        check_new_password(weak, ("Nadia Peeters", "nadia.peeters@example.org", "Competences"))


def test_the_passwords_that_leaked_most_often_are_none() -> None:
    long_enough = [word for word in FREQUENCY_LISTS["passwords"][:10_000] if len(word) >= SHORTEST_PASSWORD]
    assert len(long_enough) > 200
    for word in long_enough:
        for password in (word, word.title()):
            with pytest.raises(PasswordWeak):
                check_new_password(password)


@pytest.mark.parametrize(
    "good", [PASSWORD, "le chat dort sur la chaise", "xK9#fLq2vT", "élève à Gand " * 9, "水は夜に流れるよ静かに"]
)
def test_a_sentence_is_a_password_without_rules_for_its_signs(good: str) -> None:
    assert check_new_password(good, ("Nadia Peeters",)) == good


def test_an_accent_is_the_same_on_every_keyboard() -> None:
    stored = hash_password("la vanne chantera l\u2019\u00e9t\u00e9")
    assert check_password(stored, "la vanne chantera l\u2019e\u0301te\u0301")[0]


# Links


def test_a_link_is_sent_to_whoever_asks_and_the_reply_is_the_same(world: World) -> None:
    replies = [
        done(world.client(), "sign-in/asked", {"email": email, "wanted": wanted})
        for email in ("learner@example.org", "nobody@example.org", "LEARNER@example.org ")
        for wanted in ("sign-in", "password")
    ]
    assert all(reply == {"sends": True} for reply in replies)
    run_jobs(world.database, world.app.config["AIRLOCK_SETTINGS"], world.clock)
    with world.database.reading() as session:
        assert session.scalars(select(AskedLink)).all() == []
        letters = {entry.subject: entry for entry in session.scalars(select(MailboxEntry))}
        assert {entry.recipient for entry in letters.values()} == {"learner@example.org"}
        assert len(session.scalars(select(MailboxEntry)).all()) == 2, "one of each kind, however often it was asked"
        tokens = {subject: entry.text.partition("/#")[2].split()[0] for subject, entry in letters.items()}
    caller, elsewhere = world.client(), world.client("learner")
    done(caller, "sign-in/link", {"token": tokens["Your link to sign in"]})
    assert caller.get("/api/v1/home").status_code == 200
    done(world.client(), "invitations/answer", {"token": tokens["Set a new password"], "password": OTHER})
    assert {one.get("/api/v1/home").status_code for one in (caller, elsewhere)} == {401}, "every other way in is over"
    assert code_of(sign_in(world.client(), "learner@example.org", PASSWORD)) == "sign_in_failed"
    assert sign_in(world.client(), "learner@example.org", OTHER).status_code == 200


def test_where_no_mail_leaves_nothing_is_kept_for_later(make_world: Callable[..., World]) -> None:
    world = make_world()
    assert done(world.client(), "sign-in/asked", {"email": "learner@example.org", "wanted": "sign-in"}) == {
        "sends": False
    }
    with world.database.reading() as session:
        assert session.scalars(select(AskedLink)).all() == []


def test_a_mailbox_is_not_filled_by_somebody_else(world: World) -> None:
    for _ in range(3):
        done(world.client(), "sign-in/asked", {"email": "learner@example.org", "wanted": "sign-in"})
        run_jobs(world.database, world.app.config["AIRLOCK_SETTINGS"], world.clock)
        world.clock.forward(seconds=30)
    with world.database.reading() as session:
        assert len(session.scalars(select(MailboxEntry)).all()) == 1


def test_a_link_says_whose_it_is_before_it_is_used(world: World) -> None:
    token = link(world, "sign-in", "trainer")
    path = "sign-in/link/owner"
    nobody = done(world.client(), path, {"token": token})
    assert nobody == {
        "name": "Trainer",
        "email": "trainer@example.org",
        "operator": False,
        "signed_in": "",
        "newcomer": False,
    }
    assert done(world.client("learner"), path, {"token": token})["signed_in"] == "Learner"
    assert done(world.client("trainer"), path, {"token": token})["signed_in"] == ""
    done(world.client(), "sign-in/link", {"token": token})
    used = world.client().post(f"/api/v1/{path}", {"token": token})
    assert code_of(used) == "link_invalid"


def test_a_late_invitation_never_replaces_a_password(world: World) -> None:
    token = link(world, "invitation")
    late = world.client().post("/api/v1/invitations/answer", {"token": token, "password": OTHER})
    assert code_of(late) == "link_invalid"
    assert sign_in(world.client(), "learner@example.org", PASSWORD).status_code == 200


def test_an_operators_link_shows_and_changes_nothing(world: World) -> None:
    caller = world.client()
    assert done(caller, "sign-in/link", {"token": link(world, "operator")})["person"]["operator"] is True
    assert caller.get("/api/v1/home").status_code == 200
    body = {"module": "safe-start/doors", "quiz": "doors", "edition": world.edition("safe-start/doors"), "lang": "en"}
    for path, sent in {
        "attempts": body,
        "account/password": {"old": PASSWORD, "password": OTHER},
        "outcomes/consent": {"given": True},
        "modules/safe-start/doors/threads": {"text": "Why?", "shared": False},
    }.items():
        assert code_of(caller.post(f"/api/v1/{path}", sent, key="k")) == "operator_sign_in", path
    done(caller, "sign-out")
    with world.database.reading() as session:
        ways = session.scalars(select(SignIn.way).where(SignIn.person_id == world.people["learner"].id)).all()
    assert "operator" not in ways


# Devices, and how long one stays signed in


@pytest.mark.parametrize(
    ("who", "used_every", "idle", "at_most"),
    [
        ("learner", timedelta(days=10), timedelta(days=14), timedelta(days=30)),
        ("teacher", timedelta(hours=20), timedelta(hours=24), timedelta(days=7)),
        ("trainer", timedelta(hours=20), timedelta(hours=24), timedelta(days=7)),
        ("admin", timedelta(hours=1), timedelta(hours=2), timedelta(hours=12)),
    ],
)
def test_a_sign_in_ends_by_rest_and_in_any_case(
    world: World, who: str, used_every: timedelta, idle: timedelta, at_most: timedelta
) -> None:
    used, left = world.client(who), world.client(who)
    began = world.clock()
    while world.clock() + used_every < began + at_most:
        world.clock.moment += used_every
        assert used.get("/api/v1/me").json["person"] is not None  # type: ignore[index]
        alone = left.get("/api/v1/account").status_code if world.clock() - began > idle else 401
        assert alone == 401, "nobody used it for too long"
    world.clock.moment = began + at_most
    assert used.get("/api/v1/account").status_code == 401


def test_on_a_shared_device_it_ends_with_the_browser_and_after_half_an_hour(world: World) -> None:
    caller = world.client()
    reply = sign_in(caller, "learner@example.org", PASSWORD, shared=True)
    cookies = {cookie.partition("=")[0]: cookie for cookie in reply.headers.getlist("Set-Cookie")}
    assert "Expires" not in cookies["airlock"]
    assert "Max-Age" not in cookies["airlock"]
    assert "airlock-device" not in cookies, "it is not remembered as somebody's own"
    world.clock.forward(minutes=31)
    assert caller.get("/api/v1/account").status_code == 401


def test_devices_are_listed_and_ended(world: World) -> None:
    phone = world.client()
    phone.post(
        "/api/v1/sign-in",
        {"email": "learner@example.org", "password": PASSWORD},
        headers={"User-Agent": PHONE},
        environ_base={"REMOTE_ADDR": "192.0.2.77"},
    )
    world.clock.forward(minutes=5)
    desk, third = world.client("learner"), world.client("learner")
    found = shown(desk, "account")
    assert found["password"] is True
    assert [one["here"] for one in found["devices"]].count(True) == 1
    (entry,) = [one for one in found["devices"] if one["device"]]
    assert (entry["device"], entry["network"], entry["way"]) == ("Chrome, Android", "192.0.2.0/24", "password")
    other = world.client("trainer")
    assert other.post(f"/api/v1/devices/{entry['id']}/end").status_code == 404, "another person's device is none"
    done(desk, f"devices/{entry['id']}/end")
    assert phone.get("/api/v1/account").status_code == 401
    done(desk, "devices/end-others")
    assert third.get("/api/v1/account").status_code == 401
    assert len(shown(desk, "account")["devices"]) == 1


def test_a_new_password_wants_the_one_before_and_signs_out_elsewhere(world: World) -> None:
    caller, elsewhere = world.client("learner"), world.client("learner")
    wrong = caller.post("/api/v1/account/password", {"old": "guess", "password": OTHER})
    assert code_of(wrong) == "sign_in_failed"
    weak = caller.post("/api/v1/account/password", {"old": PASSWORD, "password": "learner2026"})
    assert code_of(weak) == "password_weak"
    done(caller, "account/password", {"old": PASSWORD, "password": OTHER})
    assert caller.get("/api/v1/home").status_code == 200
    assert elsewhere.get("/api/v1/home").status_code == 401
    assert sign_in(world.client(), "learner@example.org", OTHER).status_code == 200


def test_a_first_password_is_set_just_after_a_link(world: World) -> None:
    caller = world.client("other learner")
    assert shown(caller, "account")["password"] is False
    world.clock.forward(minutes=16)
    late = caller.post("/api/v1/account/password", {"password": OTHER})
    assert code_of(late) == "password_missing"
    done(world.client("other learner"), "account/password", {"password": OTHER})
    assert sign_in(world.client(), "other.learner@example.org", OTHER).status_code == 200


def test_the_language_of_letters_is_ones_own(world: World) -> None:
    caller = world.client("learner")
    done(caller, "account/language", {"lang": "nl"})
    assert caller.get("/api/v1/me").json["person"]["lang"] == "nl"  # type: ignore[index]
    assert shown(caller, "account")["lang"] == "nl"


def test_signing_out_leaves_nothing_in_the_browsers_store(world: World) -> None:
    reply = world.client("learner").post("/api/v1/sign-out")
    assert reply.headers["Clear-Site-Data"] == '"cache"'
    assert reply.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (PHONE, "Chrome, Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537 Chrome/140 Safari/537 Edg/140", "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("curl/8", ""),
        ("", ""),
        ("<script>alert(1)</script>", ""),
    ],
)
def test_a_device_has_a_name_that_its_owner_knows(agent: str, name: str) -> None:
    assert device_name(agent) == name


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("unix:", ""),
    ],
)
def test_of_an_address_its_network_is_kept(address: str, network: str) -> None:
    assert network_of(address) == network
