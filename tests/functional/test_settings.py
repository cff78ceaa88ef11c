"""What a centre chooses in the browser: where each choice shows, what is refused, what the trail says."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from airlock.commands import publish_site
from api.accounts.act import Act
from api.accounts.passwords import make_confirmation
from api.administration.retaining import retain_no_longer
from api.classes.models import Class, TeacherNote
from api.core.audit import AuditEntry, AuditText, verify
from api.core.choices import RELEASES, with_choices
from api.core.config import Settings
from api.core.database import Database
from site_builder.reading.project import read_project
from site_builder.site.templates import needs_mkdocs
from site_builder.site.theme import DEFAULT_CONFIG
from tests.conftest import SECRET, World, take_quiz
from tests.functional.teaching import done, send, shown
from tests.functional.test_events import plan, room
from tests.functional.test_keeping import run
from tests.functional.test_learning import DOORS, WRONG_ANSWERS, change, json_of, publish, with_quiz

__all__ = ["room"]
PNG = b"\x89PNG\r\n\x1a\n" + b"p" * 40


def picture(content: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def choose(world: World, **wanted: Any) -> Any:
    """Choose as an administrator; gives the reply."""
    confirmation = make_confirmation(SECRET, world.people["admin"].id)
    return send(world.client("admin"), "settings", {**wanted, "confirmation": confirmation})


def chosen(world: World) -> Any:
    return shown(world.client("admin"), "settings")


def test_nothing_is_chosen_at_first_and_an_empty_value_takes_a_choice_back(world: World) -> None:
    before = chosen(world)
    assert before["changed_at"] is None
    assert (before["site_name"], before["timezone"], before["release"]) == ("", "Europe/Brussels", "now")
    assert before["without"] == {"centre": "Airlock", "sender": ""}
    assert choose(world, site_name="  Le   Sas ", colour="#AA0000", retention={"notes": 90}).status_code == 200
    after = chosen(world)
    assert (after["site_name"], after["colour"]) == ("Le Sas", "#aa0000")
    assert {one["rule"]: one["days"] for one in after["retention"]}["notes"] == 90
    assert after["changed_at"]
    choose(world, site_name="", colour="", retention={"notes": 365})
    last = chosen(world)
    assert {**last, "changed_at": None} == before
    assert last["changed_at"], "when it was changed last is still known"


def test_it_wants_the_password_and_an_administrator(world: World) -> None:
    assert send(world.client("admin"), "settings", {"centre": "X"}).status_code == 422
    wrong = send(world.client("admin"), "settings", {"centre": "X", "confirmation": "nothing"})
    assert wrong.json["code"] == "not_confirmed"
    for who in ("learner", "teacher", "trainer"):
        assert world.client(who).get("/api/v1/settings").status_code == 403


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("colour", "red"),
        ("colour", "#12345"),
        ("logo", picture(b"<svg onload=alert(1)>", "svg+xml")),
        ("logo", picture(b"GIF89a", "png")),
        ("logo", picture(PNG).removeprefix("data:")),
        ("logo", "data:image/png;base64,%%%"),
        ("logo", picture(PNG + b"p" * 60_000)),
        ("site_name", "Visit www.evil.example"),
        ("sender", "x" * 121),
        ("timezone", "Mars/Phobos"),
        ("release", "never"),
        ("languages", ["de"]),
        ("second_factor", ["boss"]),
        ("retention", {"notes": 29}),
        ("retention", {"evidence": 365}),
    ],
)
def test_what_means_nothing_is_refused_by_name(world: World, name: str, value: Any) -> None:
    before = chosen(world)
    reply = choose(world, **{"centre": "Other", name: value})
    assert reply.status_code == 422, reply.text
    assert name in reply.text
    assert chosen(world) == before, "all or nothing"


def test_names_stand_on_documents_and_in_letters(world: World) -> None:
    choose(world, centre="Centre de Wallonie", sender="Le secrétariat")
    assert shown(world.client(), "badges/issuer")["name"] == "Centre de Wallonie"
    settings = Settings(url="", database_url="", secret_key="", mail_from="Airlock <sas@example.org>")
    with world.database.reading() as session:
        now = with_choices(session, settings)
    assert now.mail_from == "=?utf-8?q?Le_secr=C3=A9tariat?= <sas@example.org>"
    assert now.centre == "Centre de Wallonie"
    assert "Centre de Wallonie" in run(world, "privacy", "record").output


def test_new_classes_and_dates_are_in_the_centres_zone(world: World, room: str) -> None:
    before = plan(world, room=room)
    choose(world, timezone="America/Martinique")
    made = done(world.client("teacher"), "classes", {"name": "Far"})
    assert shown(world.client("teacher"), f"classes/{made['id']}")["timezone"] == "America/Martinique"
    assert shown(world.client("teacher"), f"classes/{world.classes['1A']}")["timezone"] == "Europe/Brussels"
    trainer = world.client("trainer")
    assert shown(trainer, "trainers")["timezone"] == "America/Martinique", "what the form begins with"
    week = [{"begins": "2026-03-17T09:00", "ends": "2026-03-17T12:00"}]
    event = plan(world, room=room, half_days=week)
    zones = [shown(trainer, f"events/{one['id']}")["timezone"] for one in (before, event)]
    assert zones == ["Europe/Brussels", "America/Martinique"]


@pytest.mark.parametrize("own", RELEASES)
@pytest.mark.parametrize("rule", RELEASES)
def test_right_answers_come_by_the_stricter_rule(world: World, own: str, rule: str) -> None:
    publish(world, change(world.catalogue, DOORS, lambda module: with_quiz(module, release=own)))
    choose(world, release=rule)
    result = json_of(take_quiz(world.client("learner"), world, WRONG_ANSWERS))
    assert result["released"] is (own == rule == "now")
    assert result["release"] == max((own, rule), key=[str(one) for one in RELEASES].index), "what the learner reads"


def test_a_role_that_has_to_have_a_second_factor_has_to_set_one_up(make_world: Callable[..., World]) -> None:
    world = make_world(second_factor=frozenset({"trainer"}))
    trainer, teacher = world.client("trainer"), world.client("teacher")
    choose(world, second_factor=["teacher"])
    assert chosen(world)["fixed_second_factor"] == ["trainer"]
    for caller in (trainer, teacher):
        assert caller.get("/api/v1/classes").json["code"] == "second_factor_needed"  # type: ignore[index]
        assert caller.get("/api/v1/me").json["person"]["enrol"] is True  # type: ignore[index]
        assert shown(caller, "account/factors")["required"] is True
    choose(world, second_factor=[])
    assert teacher.get("/api/v1/classes").status_code == 200
    assert trainer.get("/api/v1/classes").status_code == 403, "what the server asks is not taken back in the browser"


def test_things_are_kept_as_long_as_was_chosen(world: World) -> None:
    with world.database.writing() as session:
        group = session.get_one(Class, world.classes["1A"])
        group.archived_at = world.clock() - timedelta(days=91)
        key = {"class_id": group.id, "person_id": world.people["learner"].id, "author_id": world.people["teacher"].id}
        session.add(TeacherNote(**key, text="Old.", at=group.archived_at))

    def over() -> int:
        with world.database.reading() as session:
            act = Act(session, world.clock(), "tests")
            return next(one.count for one in retain_no_longer(act, write=False) if one.rule.name == "notes")

    assert over() == 0
    choose(world, retention={"notes": 90})
    assert over() == 1


def test_the_trail_says_who_changed_what_and_no_words_stand_in_the_chain(world: World) -> None:
    choose(world, sender="Accueil", release="passed", logo=picture(PNG), why="Asked by the board.")
    with world.database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "settings.change")).one()
        words = session.get_one(AuditText, entry.sequence).content
        assert not verify(session).breaks
    assert entry.actor == str(world.people["admin"].id)
    assert (entry.old["release"], entry.new["release"]) == ("now", "passed")
    assert "Accueil" not in json.dumps([entry.old, entry.new])
    assert base64.b64encode(PNG).decode() not in json.dumps(entry.new)
    assert "Accueil" in json.dumps(words)
    choose(world, sender="Accueil", release="passed")
    with world.database.reading() as session:
        assert len(session.scalars(select(AuditEntry).where(AuditEntry.action == "settings.change")).all()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("writer", ["own", "MkDocs"])
def test_pages_show_name_look_and_languages_from_the_next_publication_on(
    writer: str, content: Path, tmp_path: Path, make_world: Callable[..., World], database: Database
) -> None:
    live, config = tmp_path / "live", content.parent / "mkdocs.yml"
    text = DEFAULT_CONFIG.read_text(encoding="utf-8")
    config.write_text(text + ("extra_templates: []\n" if writer == "MkDocs" else ""), encoding="utf-8")
    project = read_project(config)
    assert needs_mkdocs(project) is (writer == "MkDocs")
    world = make_world(site=live)
    said: list[str] = []

    def page(path: str = "safe-start/index.html") -> str:
        publish_site(project, live, database, said.append)
        return (live / path).read_text(encoding="utf-8")

    before = page()
    reply = choose(world, site_name="Le Sas & Cie", colour="#aa0000", logo=picture(PNG), languages=["fr"])
    assert reply.status_code == 200, reply.text
    after = page()
    assert "<span>Airlock</span>" in before
    assert "<span>Le Sas &amp; Cie</span>" in after
    (logo,) = {part.partition('"')[0] for part in after.split('class="brand-logo" src="../')[1:]}
    assert (live / logo).read_bytes() == PNG
    assert "assets/stylesheets/site." in after
    assert "assets/stylesheets/site." not in before
    assert 'hreflang="fr"' in after
    assert 'hreflang="nl"' not in after
    assert (live / "nl" / "welcome").is_dir(), "a letter in Dutch still leads somewhere"
    assert 'hreflang="nl"' in (live / "nl" / "welcome" / "index.html").read_text(encoding="utf-8"), "its own is named"
    choose(world, site_name="", colour="", logo="", languages=[])
    assert page() == before
    assert list(live.with_name("live-logo").iterdir()) == [], "a logo that is not used is gone"


def test_the_same_on_the_command_line(world: World, tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    logo.write_bytes(PNG)
    for name, value in (
        ("centre", "Centre X"), ("second_factor", "admin, trainer"), ("retention", "notes=90,reports=60"),
        ("logo", str(logo)),
    ):  # fmt: skip
        assert run(world, "settings", "set", name, value).exit_code == 0
    printed = json.loads(run(world, "settings", "list", "--format", "json").output)
    listed = {one["name"]: one["value"] for one in printed}
    assert (listed["centre"], listed["second_factor"]) == ("Centre X", "trainer,admin")
    assert listed["retention"] == "notes=90,reports=60"
    assert listed["logo"].startswith("a picture of ")
    assert "not chosen" in run(world, "settings", "set", "centre", "").output
    assert "trainer,admin" in run(world, "settings", "list").output
    assert run(world, "settings", "set", "second_factor", "Admin,trainers").exit_code == 1, "nothing is lost by a typo"
    assert "trainer,admin" in run(world, "settings", "list").output
    assert "notes=90,reports=45" in run(world, "settings", "set", "retention", "reports=45").output
    for name, value in (("retention", "notes=soon"), ("logo", str(tmp_path / "none.png")), ("release", "never")):
        assert run(world, "settings", "set", name, value).exit_code == 1


def test_settings_of_the_environment_stand_where_nothing_was_chosen(world: World) -> None:
    settings = replace(world.app.config["AIRLOCK_SETTINGS"], mail_from="A <a@example.org>", centre="C")
    with world.database.reading() as session:
        assert with_choices(session, settings) == settings
