"""Health, headers, logs, the API's description, and the site that the API serves."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import structlog

from api.core.config import ConfigError, read_settings
from api.core.schema_state import downgrade, upgrade
from tests.conftest import RIGHT_ANSWERS, SECRET, World, take_quiz

GOOD = {
    "AIRLOCK_URL": "https://learn.example.org",
    "DATABASE_URL": "postgresql://u@db/airlock",
    "AIRLOCK_SECRET_KEY": SECRET,
    "AIRLOCK_AUDIT_KEY": SECRET[::-1],
}


def test_health_and_readiness(world: World) -> None:
    caller = world.client()
    assert caller.get("/healthz").json == {"status": "ok"}
    assert caller.get("/readyz").status_code == 200
    downgrade(world.database.engine)
    reply = caller.get("/readyz")
    upgrade(world.database.engine)
    assert (reply.status_code, reply.json["code"]) == (503, "not_ready")  # type: ignore[index]


def test_settings_from_the_environment(tmp_path: Path) -> None:
    settings = read_settings(GOOD)
    assert settings.database_url == "postgresql+psycopg://u@db/airlock"
    assert settings.secure
    assert read_settings({**GOOD, "AIRLOCK_URL": "HTTPS://Learn.Example.org"}).secure
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n")
    from_file = {name: value for name, value in GOOD.items() if name != "AIRLOCK_SECRET_KEY"}
    assert read_settings({**from_file, "AIRLOCK_SECRET_KEY_FILE": str(secret)}).secret_key == SECRET


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"AIRLOCK_SECRET_KEY": ""}, "AIRLOCK_SECRET_KEY is not set"),
        ({"AIRLOCK_SECRET_KEY": "short"}, "shorter than 32"),
        ({"AIRLOCK_SECRET_KEY": "x" * 40}, "AIRLOCK_SECRET_KEY can be guessed"),
        ({"AIRLOCK_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz"}, "AIRLOCK_SECRET_KEY can be guessed"),
        ({"AIRLOCK_AUDIT_KEY": "secret-" * 8}, "AIRLOCK_AUDIT_KEY can be guessed"),
        ({"AIRLOCK_AUDIT_KEY": ""}, "AIRLOCK_AUDIT_KEY is not set"),
        ({"AIRLOCK_AUDIT_KEY": "short"}, "AIRLOCK_AUDIT_KEY is shorter than 32"),
        ({"AIRLOCK_AUDIT_ANCHOR": "/nowhere/heads"}, "cannot be written to"),
        ({"AIRLOCK_URL": "http://learn.example.org"}, "Use https"),
        ({"AIRLOCK_URL": "learn.example.org"}, "must be an address"),
        ({"DATABASE_URL": "mysql://x"}, "runs on sqlite: and postgresql:"),
        ({"AIRLOCK_PROXIES": "many"}, "AIRLOCK_PROXIES"),
        ({"AIRLOCK_SECURITY_CONTACT": "call us"}, "AIRLOCK_SECURITY_CONTACT"),
        ({"AIRLOCK_SECRET_KEY": "", "AIRLOCK_SECRET_KEY_FILE": "/nowhere"}, "cannot be read"),
    ],
)
def test_a_missing_or_wrong_setting_is_one_sentence(change: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        read_settings({**GOOD, **change})


def test_headers(world: World) -> None:
    reply = world.client("learner").get("/api/v1/home")
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    given = world.client().get("/api/v1/me", headers={"X-Request-ID": "abcdef-123456"})
    assert given.headers["X-Request-ID"] == "abcdef-123456"
    forged = world.client().get("/api/v1/me", headers={"X-Request-ID": 'x" injected'})
    assert forged.headers["X-Request-ID"] != 'x" injected'


@pytest.mark.parametrize("host", ["evil.example", "evil.example:443", "learn.example.org.evil.example", "[", "", "a b"])
def test_a_request_for_another_site_is_refused(make_world: Callable[..., World], host: str) -> None:
    world = make_world(url="https://learn.example.org", site=None)
    reply = world.client().get("/api/v1/me", headers={"Host": host})
    assert (reply.status_code, reply.json["code"]) == (421, "wrong_host")  # type: ignore[index]


@pytest.mark.parametrize(
    "host", ["learn.example.org", "LEARN.example.org:443", "localhost:8000", "127.0.0.1:8000", "[::1]"]
)
def test_a_request_for_this_site_or_from_this_machine_is_served(make_world: Callable[..., World], host: str) -> None:
    world = make_world(url="https://learn.example.org", site=None)
    assert world.client().get("/readyz", headers={"Host": host}).status_code == 200


def test_somebody_who_says_nowhere_where_they_come_from_can_sign_in(make_world: Callable[..., World]) -> None:
    """Over https, without Origin and without Referer; a page of another site still cannot."""
    world = make_world(url="https://learn.example.org")
    caller = world.client().client
    where = {"base_url": "https://learn.example.org"}
    token = caller.get("/api/v1/me", **where).json["csrf_token"]  # type: ignore[index]
    body = {"email": "learner@example.org", "password": "not the password"}
    reply = caller.post("/api/v1/sign-in", json=body, headers={"X-CSRFToken": token}, **where)
    assert reply.json["code"] == "sign_in_failed"  # type: ignore[index]
    foreign = {"X-CSRFToken": token, "Referer": "https://evil.example/", "Origin": "https://evil.example"}
    reply = caller.post("/api/v1/sign-in", json=body, headers=foreign, **where)
    assert reply.json["code"] == "foreign_origin"  # type: ignore[index]


def test_where_to_report_a_hole(make_world: Callable[..., World]) -> None:
    assert make_world().client().get("/.well-known/security.txt").status_code == 404


def test_where_to_report_a_hole_is_said_for_a_year(make_world: Callable[..., World]) -> None:
    reply = make_world(security_contact="mailto:security@example.org").client().get("/.well-known/security.txt")
    assert reply.mimetype == "text/plain"
    assert reply.text == (
        "Contact: mailto:security@example.org\n"
        "Expires: 2027-03-01T00:00:00Z\n"
        "Preferred-Languages: en, fr, nl\n"
        "Canonical: http://127.0.0.1:8000/.well-known/security.txt\n"
    )


def test_logs_hold_no_answers_keys_or_secrets(world: World) -> None:
    with structlog.testing.capture_logs() as lines:
        caller = world.client("learner")
        take_quiz(caller, world, {**RIGHT_ANSWERS, "pressure": "canary-answer"})
        caller.post("/api/v1/sign-in", {"email": "canary@example.org", "password": "canary-password"})
    text = json.dumps(lines)
    assert {line["route"] for line in lines} >= {"/api/v1/attempts", "/api/v1/sign-in"}
    assert all(len(line["person"] or "") in (0, 36) for line in lines)
    for word in ("canary", "Feedback-", "Explanation-", "learner@example.org"):
        assert word not in text


def test_the_description_names_every_route(world: World) -> None:
    spec = world.client().get("/api/openapi.json").json
    assert spec is not None
    assert spec["openapi"].startswith("3.1")
    rules = {rule.rule for rule in world.app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")}
    assert len(spec["paths"]) == len(rules)
    for operations in spec["paths"].values():
        for operation in operations.values():
            assert operation["summary"]
            assert "x-airlock-roles" in operation
            assert "application/problem+json" in operation["responses"]["422"]["content"]
    submit = spec["paths"]["/api/v1/attempts/{attempt_id}/submission"]["post"]
    headers = {parameter["name"] for parameter in submit["parameters"] if parameter["in"] == "header"}
    assert headers == {"X-CSRFToken", "Idempotency-Key"}
    page = world.client().get("/api/docs").text
    assert "/attempts/{attempt_id}/submission" in page
    assert "http://" not in page.replace("http://127.0.0.1", "")
    assert "https://" not in page


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "releases" / "one"
    (folder / "assets" / "bundle").mkdir(parents=True)
    (folder / "fr").mkdir()
    (folder / "index.html").write_text("<p>home</p>")
    (folder / "404.html").write_text("<p>nothing here</p>")
    (folder / "fr" / "404.html").write_text("<p>rien ici</p>")
    (folder / "fr" / "index.html").write_text("<p>accueil</p>")
    (folder / "plan.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "assets" / "bundle" / "main.abc.js").write_text("1")
    (folder / "assets" / "bundle" / "main.abc.js.br").write_bytes(b"packed")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    live = tmp_path / "live"
    live.symlink_to(folder)
    return live


def test_the_site_is_served_from_where_the_link_points(make_world: Callable[..., World], site: Path) -> None:
    world = make_world(site=site)
    caller = world.client()
    assert caller.get("/").text == "<p>home</p>"
    assert caller.get("/fr").headers["Location"] == "/fr/"
    assert caller.get("/fr/").text == "<p>accueil</p>"
    script = caller.get("/assets/bundle/main.abc.js", headers={"Accept-Encoding": "gzip, br"})
    assert (script.data, script.headers["Content-Encoding"], script.mimetype) == (b"packed", "br", "text/javascript")
    assert "immutable" in script.headers["Cache-Control"]
    drawing = caller.get("/plan.svg").headers["Content-Security-Policy"]
    assert "default-src 'none'" in drawing
    assert drawing.endswith("sandbox"), "a drawing that is opened as a page does nothing"
    plain = caller.get("/assets/bundle/main.abc.js")
    assert plain.data == b"1"
    again = caller.get("/", headers={"If-None-Match": caller.get("/").headers["ETag"]})
    assert again.status_code == 304
    ranged = caller.get("/nothing", headers={"Accept": "text/html", "Range": "bytes=0-0"})
    assert ranged.status_code == 404
    missing = caller.get("/fr/nothing/", headers={"Accept": "text/html"})
    assert (missing.status_code, missing.text) == (404, "<p>rien ici</p>")
    for path in ("/out.txt", "/../secret.txt", "/%2e%2e/secret.txt", "/fr/../../../secret.txt"):
        assert "secret" not in caller.get(path).text

    other = site.parent / "releases" / "two"
    other.mkdir()
    (other / "index.html").write_text("<p>newer</p>")
    site.unlink()
    site.symlink_to(other)
    assert caller.get("/").text == "<p>newer</p>"


def test_a_limit_counts_a_household(world: World) -> None:
    """Sixty links a minute may be tried: a household's addresses of IPv6 are one network, those of IPv4 stand alone."""
    caller = world.client()

    def guess(address: str, times: int) -> int:
        for _ in range(times):
            reply = caller.post(
                "/api/v1/sign-in/link/owner", {"token": "x" * 43}, environ_base={"REMOTE_ADDR": address}
            )
        return reply.status_code

    guess("2001:db8:1:2::1", 59)
    assert guess("2001:db8:1:2:ffff::7", 1) != 429
    assert guess("2001:db8:1:2:eeee::9", 1) == 429
    assert guess("2001:db8:1:3::1", 1) != 429, "the neighbours"
    guess("192.0.2.1", 60)
    assert guess("192.0.2.1", 1) == 429
    assert guess("::ffff:192.0.2.1", 1) == 429, "the same address, written as one of IPv6"
    assert guess("192.0.2.2", 1) != 429
