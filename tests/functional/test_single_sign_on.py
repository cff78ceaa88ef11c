"""Single sign-on, against a provider of its own (npm oidc-provider) that runs as a process."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests
from sqlalchemy import select

from api.accounts.act import Act
from api.accounts.models import Person, SingleSignOn
from api.accounts.operations import find_person
from api.accounts.sign_ins import set_active
from api.core.audit import AuditEntry
from api.core.config import ConfigError, SignOn, read_settings
from api.core.roles import Role
from api.single_sign_on.provider import discover
from api.single_sign_on.routes import BACK, is_here
from tests.conftest import Caller, World
from tests.functional.test_system import GOOD

ROOT = Path(__file__).resolve().parents[2]
SITE = "http://127.0.0.1:8000"
PEOPLE: dict[str, dict[str, Any]] = {
    "known": {"email": "learner@example.org", "email_verified": True},
    "new": {"email": "New@Example.org", "email_verified": True, "given_name": "Nora", "family_name": "Nys",
            "locale": "nl-BE", "groups": ["staff", "airlock-trainers"]},
    "unconfirmed": {"email": "trainer@example.org", "email_verified": False},
    "nobody": {"email": "not an address", "email_verified": True},
    "advert": {"email": "ad@example.org", "email_verified": True, "name": "see https://evil.example"},
}  # fmt: skip


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The provider's address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "PORT": str(port), "BACK": f"{SITE}{BACK}", "PEOPLE": json.dumps(PEOPLE)}
    command = ["node", str(ROOT / "tests" / "sign_on" / "provider.mjs")]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "listening" in line:
                break
        discover.cache_clear()
        yield f"http://127.0.0.1:{port}"
        process.kill()


@pytest.fixture
def centre(make_world: Callable[..., World], issuer: str) -> World:
    """A site that trusts the provider."""
    roles: tuple[tuple[str, Role], ...] = (("airlock-trainers", "trainer"), ("airlock-admins", "admin"))
    sign_on = SignOn(issuer, "airlock", "shared-with-airlock-for-the-tests", "Campus", roles, True)
    return make_world(sign_on=sign_on)


def at_provider(address: str, login: str) -> str:
    """What somebody does there: type a name, say yes; gives where they are sent."""
    with requests.Session() as browser:
        reply = browser.get(address, allow_redirects=True, timeout=10)
        while urlsplit(reply.url).path.startswith("/interaction/"):
            form = re.search(r'action="([^"]+)"', reply.text)
            prompt = re.search(r'name="prompt" value="(\w+)"', reply.text)
            assert form is not None
            assert prompt is not None
            data = {"prompt": prompt[1], "login": login, "password": "any"}
            reply = browser.post(urljoin(reply.url, form[1]), data=data, allow_redirects=False, timeout=10)
            while reply.is_redirect:
                target = reply.headers["Location"]
                if target.startswith(f"{SITE}{BACK}"):
                    return target
                reply = browser.get(urljoin(reply.url, target), allow_redirects=False, timeout=10)
        raise AssertionError(reply.url)


def come(world: World, login: str, query: str = "") -> tuple[Caller, str]:
    """Go to the provider and come back; gives the browser and where it ends."""
    caller = world.client()
    away = caller.get(f"/api/v1/sign-in/elsewhere?lang=fr{query}")
    assert away.status_code == 302
    target = at_provider(away.headers["Location"], login)
    reply = caller.get(target.removeprefix(SITE))
    assert reply.status_code == 302
    return caller, reply.headers["Location"]


def who(caller: Caller) -> Any:
    reply = caller.get("/api/v1/me").json
    assert reply is not None
    return reply["person"]


def test_an_account_that_exists_is_theirs_by_a_confirmed_address(centre: World) -> None:
    caller, target = come(centre, "known")
    assert (who(caller)["name"], target) == ("Learner", "/en/learning/")
    with centre.database.writing() as session:
        person = find_person(session, "learner@example.org")
        assert person is not None
        person.email = "moved@example.org"
    again, _ = come(centre, "known")
    assert who(again)["name"] == "Learner", "the provider's own name for them counts from then on"
    with centre.database.reading() as session:
        assert len(session.scalars(select(SingleSignOn)).all()) == 1
        actions = session.scalars(select(AuditEntry.action)).all()
        assert {"sign-on.link", "sign-in"} <= set(actions)


def test_whoever_comes_for_the_first_time_gets_an_account_and_the_role_of_their_group(centre: World) -> None:
    caller, _ = come(centre, "new")
    assert (who(caller)["name"], who(caller)["role"], who(caller)["lang"]) == ("Nora Nys", "trainer", "nl")
    with centre.database.reading() as session:
        person = find_person(session, "new@example.org")
        assert person is not None
        assert (person.given, person.family, person.password_hash) == ("Nora", "Nys", None)


def test_a_name_with_a_link_is_no_name(centre: World) -> None:
    caller, _ = come(centre, "advert")
    assert who(caller)["name"] == "ad"


@pytest.mark.parametrize(("login", "reason"), [("unconfirmed", "unconfirmed"), ("nobody", "unconfirmed")])
def test_an_address_that_is_not_confirmed_opens_nothing(centre: World, login: str, reason: str) -> None:
    caller, target = come(centre, login)
    assert target == f"/fr/sign-in/?sso={reason}"
    assert who(caller) is None


def test_a_closed_account_stays_closed(centre: World) -> None:
    come(centre, "known")
    with centre.database.writing() as session:
        set_active(Act(session, centre.clock(), "tests"), email="learner@example.org", active=False)
    caller, target = come(centre, "known")
    assert target.endswith("?sso=closed")
    assert who(caller) is None


def test_nobody_is_added_where_the_centre_does_not_want_it(make_world: Callable[..., World], issuer: str) -> None:
    sign_on = SignOn(issuer, "airlock", "shared-with-airlock-for-the-tests", "Campus", (), False)
    world = make_world(sign_on=sign_on)
    _, target = come(world, "new")
    assert target.endswith("?sso=unknown")
    with world.database.reading() as session:
        assert find_person(session, "new@example.org") is None


def test_one_comes_back_to_this_site_alone(centre: World) -> None:
    _, target = come(centre, "known", "&next=/fr/safe-start/doors/")
    assert target == "/fr/safe-start/doors/"
    _, target = come(centre, "known", "&next=//evil.example/")
    assert target == "/en/learning/"


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "/\\evil.example", "https://evil.example", "/x//evil.example", "\\\\evil", "javascript:x", "",
     "/a\nb"],
)  # fmt: skip
def test_what_is_no_path_of_this_site(address: str) -> None:
    assert not is_here(address)


def test_a_reply_without_its_beginning_is_refused(centre: World) -> None:
    """A code that somebody else's browser got (CSRF), a state that was used, a provider that says no."""
    caller = centre.client()
    away = caller.get("/api/v1/sign-in/elsewhere?lang=fr").headers["Location"]
    target = at_provider(away, "known").removeprefix(SITE)
    stranger = centre.client()
    assert stranger.get(target).headers["Location"].endswith("?sso=state")
    assert who(stranger) is None
    assert caller.get(target).headers["Location"] == "/en/learning/"
    assert caller.get(target).headers["Location"].endswith("?sso=state"), "once"
    other = centre.client()
    state = parse_qs(urlsplit(other.get("/api/v1/sign-in/elsewhere?lang=nl").headers["Location"]).query)["state"][0]
    no = other.get(f"{BACK}?state={state}&error=access_denied")
    assert no.headers["Location"] == "/nl/sign-in/?sso=provider"
    third = centre.client()
    state = parse_qs(urlsplit(third.get("/api/v1/sign-in/elsewhere").headers["Location"]).query)["state"][0]
    made_up = third.get(f"{BACK}?state={state}&code=made-up")
    assert made_up.headers["Location"].endswith("?sso=provider")
    assert who(third) is None


def test_another_nonce_is_refused(centre: World) -> None:
    """A token of another try does not let in."""
    caller = centre.client()
    away = caller.get("/api/v1/sign-in/elsewhere").headers["Location"]
    target = at_provider(re.sub(r"nonce=[^&]+", "nonce=another-one-of-another-try", away), "known")
    assert caller.get(target.removeprefix(SITE)).headers["Location"].endswith("?sso=provider")
    assert who(caller) is None


def test_without_the_setting_there_is_none(world: World) -> None:
    assert world.client().get("/api/v1/sign-in/elsewhere").status_code == 404
    assert world.client().get("/api/v1/me").json["sign_on"] == ""  # type: ignore[index]


def test_the_settings_come_together() -> None:
    whole = {
        **GOOD, "AIRLOCK_OIDC_ISSUER": "https://id.example.org/", "AIRLOCK_OIDC_CLIENT": "a",
        "AIRLOCK_OIDC_SECRET": "b", "AIRLOCK_OIDC_ROLES": "cn=trainers=trainer",
    }  # fmt: skip
    found = read_settings(whole).sign_on
    assert found is not None
    assert (found.issuer, found.name, dict(found.roles)) == (
        "https://id.example.org",
        "id.example.org",
        {"cn=trainers": "trainer"},
    )
    for change, said in (
        ({"AIRLOCK_OIDC_ISSUER": "http://id.example.org"}, "https://"),
        ({"AIRLOCK_OIDC_CLIENT": ""}, "AIRLOCK_OIDC_CLIENT"),
        ({"AIRLOCK_OIDC_ROLES": "x=king"}, "AIRLOCK_OIDC_ROLES"),
    ):
        with pytest.raises(ConfigError, match=said):
            read_settings({**whole, **change})


def test_people_are_persons(centre: World) -> None:
    """What single sign-on makes is an account like any other."""
    come(centre, "new")
    with centre.database.reading() as session:
        assert session.scalar(select(Person.sort_as).where(Person.email == "new@example.org")) == "nys nora"
