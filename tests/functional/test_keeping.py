"""Backups and bringing one back, the doctor, how long what is kept, and lists that programs read."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from airlock import main
from api.accounts.act import Act
from api.accounts.models import Person
from api.accounts.operations import add_person
from api.administration.holdings import CATEGORIES, HOLDINGS
from api.administration.notice import notice
from api.administration.retaining import RULES, YEAR, retain_no_longer
from api.backup import BackupError, back_up, backups_in, made_at, make_key, restore, rotate
from api.classes.models import Class, TeacherNote
from api.core.audit import AuditEntry, verify
from api.core.config import ConfigError, Settings, check_served, database_url
from api.core.database import Database
from api.doctor import Finding, examine, has_wal_reset_bug
from api.messages.models import JobRun
from tests.conftest import CHAIN, RIGHT_ANSWERS, SECRET, World, take_quiz

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def url_of(world: World) -> str:
    return world.database.engine.url.render_as_string(hide_password=False)


@pytest.fixture
def elsewhere(world: World, tmp_path: Path) -> Iterator[str]:
    """An empty database of the same kind."""
    if world.database.engine.dialect.name == "sqlite":
        yield f"sqlite:///{tmp_path}/restored/airlock.db"
        return
    server = os.environ["AIRLOCK_TEST_POSTGRESQL"]
    name = f"airlock_test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    yield database_url(f"{server.rpartition('/')[0]}/{name}")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def digests(database: Database) -> dict[str, Any]:
    """Of every table, all of its rows."""
    with database.reading() as session:
        return {
            table.name: sorted(str(tuple(row)) for row in session.execute(select(table)))
            for table in Person.metadata.sorted_tables
        }


def test_a_drill(world: World, elsewhere: str, tmp_path: Path) -> None:
    """What is brought back is what was there, to the last row, and the trail verifies."""
    take_quiz(world.client("learner"), world, RIGHT_ANSWERS)
    before = digests(world.database)
    secret, public = make_key()
    made = back_up(url_of(world), tmp_path / "backups", [public], AT)
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert b"learner@example.org" not in made.read_bytes(), "the server cannot read it, and neither can a thief"
    if elsewhere.startswith("sqlite"):
        (tmp_path / "restored").mkdir()
    restore(made, elsewhere, [secret])
    restored = Database(elsewhere, CHAIN)
    try:
        assert digests(restored) == before
        with restored.reading() as session:
            assert not verify(session).breaks
    finally:
        restored.engine.dispose()
    with pytest.raises(BackupError, match=r"not empty|is there"):
        restore(made, elsewhere, [secret])


def test_a_backup_that_cannot_be_used_says_so(world: World, elsewhere: str, tmp_path: Path) -> None:
    _, public = make_key()
    made = back_up(url_of(world), tmp_path / "backups", [public], AT)
    other, _ = make_key()
    with pytest.raises(BackupError, match="damaged, or this key is not for it"):
        restore(made, elsewhere, [other])
    with pytest.raises(BackupError, match="no secret key"):
        restore(made, elsewhere, ["not a key"])
    with pytest.raises(BackupError, match="no public key"):
        back_up(url_of(world), tmp_path / "backups", ["age1nonsense"], AT)
    with pytest.raises(BackupError, match="Name a key"):
        back_up(url_of(world), tmp_path / "backups", [], AT)
    wrong = made.with_name("airlock-20260302T090000Z.other.age")
    wrong.write_bytes(made.read_bytes())
    with pytest.raises(BackupError, match="is no backup of"):
        restore(wrong, elsewhere, [other])
    assert not [path for path in (tmp_path / "backups").iterdir() if path.name.startswith(".")], "nothing is left over"


def test_a_flipped_bit_is_noticed(world: World, elsewhere: str, tmp_path: Path) -> None:
    secret, public = make_key()
    made = back_up(url_of(world), tmp_path / "backups", [public], AT)
    content = bytearray(made.read_bytes())
    content[len(content) // 2] ^= 1
    made.write_bytes(content)
    with pytest.raises(BackupError, match="damaged"):
        restore(made, elsewhere, [secret])


def test_backups_are_rotated(tmp_path: Path) -> None:
    """Thirty days, the first of each month, and always the newest."""
    for day in range(100):
        at = AT - timedelta(days=day)
        (tmp_path / f"airlock-{at:%Y%m%dT%H%M%SZ}.sqlite.age").touch()
    rotate(tmp_path, AT)
    left = [made_at(path) for path in backups_in(tmp_path)]
    old = [at for at in left if at < AT - timedelta(days=30)]
    assert len(left) - len(old) == 31
    assert [f"{at:%m-%d}" for at in old] == ["11-23", "12-01", "01-01"]
    assert rotate(tmp_path, AT + timedelta(days=900)) != []
    assert made_at(backups_in(tmp_path)[-1]) == AT, "the newest stays however old it is"


@pytest.mark.parametrize(
    ("version", "faulty"),
    [((3, 40, 1), True), ((3, 44, 5), True), ((3, 44, 6), False), ((3, 46, 0), True), ((3, 50, 7), False),
     ((3, 51, 2), True), ((3, 51, 3), False), ((3, 53, 0), False)],
)  # fmt: skip
def test_versions_of_sqlite_with_the_wal_reset_fault(version: tuple[int, ...], faulty: bool) -> None:
    assert has_wal_reset_bug(version) is faulty


def found(world: World, folder: Path | None = None, **settings: Any) -> dict[str, Finding]:
    own: Settings = world.app.config["AIRLOCK_SETTINGS"]
    whole = replace(own, database_url=url_of(world), **settings)
    return {one.about: one for one in examine(whole, world.database, world.clock(), folder)}


def test_the_doctor_looks_at_everything(world: World, tmp_path: Path) -> None:
    told = found(world, tmp_path, audit_key="another " + SECRET)
    assert told["database"].level == "good"
    assert told["secrets"].level == "good"
    assert (told["backups"].level, "no backup" in told["backups"].sentence) == ("bad", True)
    assert told["jobs"].level == "look"
    assert told["mail"].level == "bad", "letters would wait"
    assert found(world, secret_key=SECRET, audit_key=SECRET)["secrets"].level == "bad"
    old = world.clock() - timedelta(days=3)
    (tmp_path / f"airlock-{old:%Y%m%dT%H%M%SZ}.sqlite.age").touch()
    assert found(world, tmp_path)["backups"].sentence == "The newest of 1 backups is 72 hours old."
    with world.database.writing() as session:
        session.add(JobRun(job="due", period="2026-W10", at=world.clock() - timedelta(days=1)))
    assert found(world)["jobs"].level == "good"


def test_the_doctor_says_what_does_not_answer(world: World) -> None:
    told = found(world, mail="smtp://127.0.0.1:9", mail_from="a@example.org", url="https://localhost:9")
    assert (told["mail"].level, "does not answer" in told["mail"].sentence) == ("bad", True)
    assert (told["site"].level, "cannot be reached" in told["site"].sentence) == ("bad", True)


def test_a_file_that_others_may_read_is_told(world: World) -> None:
    if world.database.engine.dialect.name != "sqlite":
        return
    path = Path(str(world.database.engine.url.database))
    path.chmod(0o644)
    assert "chmod 600" in found(world)["files"].sentence
    path.chmod(0o600)
    assert "files" not in found(world)


@pytest.mark.parametrize(
    ("url", "host", "right"),
    [("http://127.0.0.1:8000", "127.0.0.1", True), ("http://localhost:8000", "::1", True),
     ("http://127.0.0.1:8000", "0.0.0.0", False), ("http://127.0.0.1", "::", False),
     ("http://127.0.0.1", "192.0.2.7", False), ("https://learn.example.org", "0.0.0.0", True)],
)  # fmt: skip
def test_plain_http_is_for_this_machine_alone(url: str, host: str, right: bool) -> None:
    """Case S3-5: cookies without Secure went to the network."""
    settings = Settings(url=url, database_url="sqlite://", secret_key=SECRET)
    if right:
        check_served(settings, host)
    else:
        with pytest.raises(ConfigError, match="without encryption"):
            check_served(settings, host)


# How long


def test_every_rule_is_shown_first_and_deletes_what_is_over(world: World) -> None:
    with world.database.writing() as session:
        act = Act(session, world.clock(), "tests")
        old = world.clock() - timedelta(days=6 * YEAR)
        forgotten = add_person(replace(act, at=old), email="old@example.org", name="Old One", role="learner")
        group = session.get_one(Class, world.classes["1A"])
        key = {"class_id": group.id, "person_id": world.people["learner"].id, "author_id": world.people["teacher"].id}
        session.add(TeacherNote(**key, text="Old.", at=old))
        group.archived_at = old
        left = forgotten.id
    with world.database.writing() as session:
        act = Act(session, world.clock(), "job")
        counts = {one.rule.name: one.count for one in retain_no_longer(act, write=False)}
        session.rollback()
    assert {name: count for name, count in counts.items() if count} == {"notes": 1, "accounts": 1}
    with world.database.writing() as session:
        retain_no_longer(Act(session, world.clock(), "job"), write=True)
    with world.database.reading() as session:
        assert session.get_one(Person, left).erased_at is not None
        assert session.scalar(select(func.count()).select_from(TeacherNote)) == 0
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "privacy.retain")).one()
        assert entry.old == {"notes": 1, "accounts": 1}
        assert not verify(session).breaks
        assert session.get_one(Person, world.people["learner"].id).erased_at is None, "who learns stays"


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_the_record_of_processing_names_every_category_and_rule(lang: str) -> None:
    settings = Settings(url="https://learn.example.org", database_url="", secret_key="", centre="CEFO")
    text = notice(settings, {"notes": 97}, lang)
    assert "| notes | 97 |" in text
    assert "CEFO" in text
    assert "learn.example.org" in text
    for name in (*CATEGORIES, *(rule.name for rule in RULES)):
        assert f"| {name} |" in text


# Lists for programs


def run(world: World, *arguments: str) -> Result:
    key = CHAIN.key.decode()
    environment = {
        "AIRLOCK_URL": "http://127.0.0.1:8000", "DATABASE_URL": url_of(world), "AIRLOCK_SECRET_KEY": SECRET,
        "AIRLOCK_AUDIT_KEY": key,
    }  # fmt: skip
    return CliRunner().invoke(main, arguments, env=environment)


def test_lists_are_for_programs_too_and_nothing_is_cut_in_a_pipe(world: World) -> None:
    long = "a-very-long-address-that-no-terminal-is-wide-enough-for" + "x" * 100 + "@example.org"
    with world.database.writing() as session:
        act = Act(session, world.clock(), "tests")
        add_person(act, email=long.replace("x" * 100, "y"), given="Zoë", family="Ångström", role="learner")
    address = long.replace("x" * 100, "y")
    assert address in run(world, "users", "list").output
    rows = list(csv.DictReader(io.StringIO(run(world, "users", "list", "--format", "csv").output)))
    assert next(row for row in rows if row["E-mail"] == address)["Family"] == "Ångström"
    listed = json.loads(run(world, "users", "list", "--format", "json", "--search", "angstrom").output)
    assert [one["e_mail"] for one in listed] == [address]
    listing = [(name, "list") for name in ("audit", "jobs", "publications", "devices")]
    for command in (*listing, ("routes",), ("privacy", "retain")):
        result = run(world, *command, "--format", "json")
        assert result.exit_code == 0, result.output
        json.loads(result.output.partition("\nNothing was written")[0])
    assert run(world, "doctor", "--format", "json").exit_code == 1, "letters would wait"


def test_people_are_administered_on_the_command_line_too(world: World) -> None:
    email = "learner@example.org"
    assert "Léa Dupont" in run(world, "users", "rename", email, "--given", "Léa", "--family", "Dupont").output
    assert "on its way" in run(world, "users", "address", email, "new@example.org").output
    assert json.loads(run(world, "privacy", "data", email).output)["account"]["email"] == email
    shown = run(world, "users", "merge", email, "shared.learner@example.org")
    assert "Nothing was written" in shown.output
    assert "Nothing was written" in run(world, "privacy", "erase", email).output
    assert run(world, "users", "merge", email, "shared.learner@example.org", "--yes").exit_code == 0
    gone = run(world, "privacy", "erase", "shared.learner@example.org", "--yes")
    assert gone.exit_code == 0, gone.output
    assert "shared.learner@example.org" not in run(world, "users", "list").output
    assert "GDPR" not in run(world, "privacy", "record", "--lang", "nl").output
    assert "unbroken" in run(world, "audit", "verify").output


def test_a_program_that_does_nothing_else_knows_every_table_that_names_people() -> None:
    # In a test run every table is known; a command on its own loads what it needs, and needs all of them.
    code = "from api.administration.holdings import HOLDINGS, split; print(len([split(name) for name in HOLDINGS]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) == len(HOLDINGS)


def test_devices_are_given_keys_on_the_command_line(world: World) -> None:
    key = run(world, "devices", "add", "Headset 3").output.strip()
    name, _, secret = key.partition(":")
    assert len(secret) > 40
    listed = run(world, "devices", "list", "--format", "json").output
    assert [one["name"] for one in json.loads(listed)] == ["Headset 3"]
    assert secret not in listed
    assert run(world, "devices", "revoke", name, "--why", "Lost.").exit_code == 0
    assert json.loads(run(world, "devices", "list", "--format", "json").output)[0]["revoked"]
    assert run(world, "devices", "add", " ").exit_code == 1
    assert "There is no such device" in run(world, "devices", "revoke", str(uuid.uuid4())).output
