"""What `deploy/` says about containers, without an engine: the same commands, in the same environment, in order."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import psycopg
import pytest
import yaml

from api.backup import make_key, restore
from api.core.config import database_url
from api.core.headers import PICTURE_POLICY, SITE_POLICY
from site_builder.authoring.skeletons import new_site
from tests.conftest import SECRET

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
OWN = ("upgrade", "api", "jobs", "publish", "backup")
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
IMAGE = DOCKERFILE.rpartition("FROM ")[2]
"""The stage that is run."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Machine:
    """What the containers see, below a folder: volumes, secrets, and the environment of a service."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.port = folder, free_port()
        for name in ("data", "anchor", "secrets", "backups", "tmp"):
            (folder / name).mkdir()
        (folder / "secrets" / "secret_key").write_text(f"{SECRET}\n", encoding="utf-8")
        (folder / "secrets" / "audit_key").write_text(f"{SECRET[::-1]}\n", encoding="utf-8")
        (folder / "secrets" / "app_password").write_text("app-password\n", encoding="utf-8")
        (folder / "secrets" / "owner_url").write_text(f"{database}\n", encoding="utf-8")
        as_app = re.sub(r"//[^@/]+@", "//airlock_app:app-password@", database)
        (folder / "secrets" / "database_url").write_text(f"{as_app}\n", encoding="utf-8")
        new_site(folder / "courses", "A centre", ("en",))

    def here(self, text: str) -> str:
        """A value of the file, with the paths of this machine."""
        text = re.sub(r"\$\{AIRLOCK_DOMAIN:[^}]*\}", "learn.example.org", text)
        text = re.sub(r"\$\{AIRLOCK_MAIL(_FROM)?:-\}|\$\{AIRLOCK_BACKUP_KEY:[^}]*\}", "", text)
        text = text.replace("/var/lib/airlock-anchor", str(self.folder / "anchor"))
        for there, name in (("/var/lib/airlock", "data"), ("/run/secrets", "secrets"), ("/backups", "backups")):
            text = text.replace(there, str(self.folder / name))
        return text.replace("8000", str(self.port))

    def environment(self, service: str) -> dict[str, str]:
        image = dict(
            self.here(pair).split("=", 1)
            for line in re.findall(r"^ENV (.*)$", IMAGE, re.M)
            for pair in shlex.split(line)
        )
        said = {name: self.here(str(value)) for name, value in SERVICES[service]["environment"].items()}
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        return {"PATH": path, **image, "HOME": str(self.folder / "tmp"), **said}

    def run(self, service: str, *more: str) -> str:
        """What a service prints."""
        words = re.search(r'^ENTRYPOINT \["(\w+)"\]$', IMAGE, re.M)
        assert words
        done = subprocess.run(
            [words[1], *map(self.here, SERVICES[service]["command"]), *more],
            cwd=self.folder / "courses",
            env=self.environment(service),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, f"{service}: {done.stdout}{done.stderr}"
        return done.stdout

    def give_roles(self) -> None:
        """The script of the service `roles`, as it stands."""
        script = SERVICES["roles"]["command"][0].replace("$$", "$").replace("/roles.sql", str(DEPLOY / "roles.sql"))
        subprocess.run(
            [*SERVICES["roles"]["entrypoint"], self.here(script)],
            env={"PATH": os.environ["PATH"]},
            check=True,
            timeout=60,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """With an empty PostgreSQL database, as the image of PostgreSQL makes it."""
    server = os.environ["AIRLOCK_TEST_POSTGRESQL"]
    name = f"airlock_test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        # The role is the whole server's: one test at a time makes and drops it.
        connection.execute("SELECT pg_advisory_lock(7001)")
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        yield Machine(tmp_path, f"{server.rpartition('/')[0]}/{name}")
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
        with contextlib.suppress(psycopg.errors.DependentObjectsStillExist):
            connection.execute("DROP ROLE IF EXISTS airlock_app")


@pytest.mark.postgresql
def test_the_services_come_up_in_their_order(machine: Machine) -> None:
    machine.run("upgrade")
    machine.run("upgrade")  # As at each start.
    machine.give_roles()
    machine.give_roles()
    before = sorted(path for path in machine.folder.joinpath("courses").rglob("*"))
    assert "Published catalogue" in machine.run("publish")
    assert sorted(path for path in machine.folder.joinpath("courses").rglob("*")) == before, "courses are read alone"
    site = machine.folder / "data" / "site"
    assert not Path(os.readlink(site)).is_absolute(), "the web server sees the volume under another name"
    assert (site / "catalogue" / "index.html").is_file()
    machine.run("jobs", "--once")
    heads = (machine.folder / "anchor" / "audit-heads").read_text(encoding="utf-8").splitlines()
    assert heads, "the publication's entry is anchored"
    process = subprocess.Popen(
        ["airlock", *map(machine.here, SERVICES["api"]["command"])],
        cwd=machine.folder / "courses",
        env=machine.environment("api"),
        start_new_session=True,
    )
    try:
        check = re.search(r"HEALTHCHECK .*?CMD (\[.*\])", IMAGE)
        assert check
        command = [machine.here(word) for word in yaml.safe_load(check[1])]
        deadline, pause, answer = time.monotonic() + 60, Event(), 1
        while answer and time.monotonic() < deadline:
            assert process.poll() is None, "the API ended"
            answer = subprocess.run(command, env=machine.environment("api"), stderr=subprocess.DEVNULL).returncode
            pause.wait(0.2)
        assert answer == 0, "not healthy"
    finally:
        os.killpg(process.pid, 15)
        process.wait(timeout=30)
    assert not [path for path in (machine.folder / "tmp").rglob("*") if path.is_file()], "a root that is read-only"


@pytest.mark.postgresql
def test_the_application_cannot_change_what_is_proof(machine: Machine) -> None:
    machine.run("upgrade")
    machine.give_roles()
    machine.run("publish")
    url = (machine.folder / "secrets" / "database_url").read_text(encoding="utf-8").strip()
    for statement in (
        "UPDATE audit_entries SET actor = 'x'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries CASCADE",
        "UPDATE evidence SET score = 1",
        "DELETE FROM evidence",
        "DELETE FROM regrades",
        "UPDATE audit_texts SET salt = 'x'",
        "DELETE FROM audit_head",
        "UPDATE alembic_version SET version_num = '0006'",
        "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
        "DROP TABLE evidence",
    ):
        with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode())


@pytest.mark.postgresql
def test_the_backup_of_a_day_comes_back(machine: Machine) -> None:
    """The script as it stands: encrypted, one a day, the older ones gone, and what it wrote restores."""
    machine.run("upgrade")
    secret, public = make_key()
    service, folder = SERVICES["backup"], machine.folder / "backups"
    old = datetime.now(UTC) - timedelta(days=40)
    for day in range(3):
        (folder / f"airlock-{old + timedelta(days=day):%Y%m%dT030000Z}.dump.age").write_bytes(b"old")
    said = {name: machine.here(str(value)) for name, value in service["environment"].items()}
    environment = {**machine.environment("api"), **said, "AIRLOCK_BACKUP_KEY": public, "ONCE": "yes"}
    script = machine.here(service["command"][0].replace("$$", "$"))
    subprocess.run([*service["entrypoint"], script], env=environment, check=True, timeout=60)
    made = sorted(folder.iterdir())[-1]
    assert made.stat().st_size > 10_000
    assert len(list(folder.iterdir())) < 4
    owner = (machine.folder / "secrets" / "owner_url").read_text(encoding="utf-8").strip()
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    restore(made, database_url(owner), [secret])
    with psycopg.connect(owner) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone()


def test_nothing_runs_as_root_or_writes_into_its_image() -> None:
    assert re.search(r"^USER \d+$", IMAGE, re.M)
    assert "HEALTHCHECK" in IMAGE
    for name in OWN:
        service = SERVICES[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "image" in service
    for name in ("web", "roles"):
        assert SERVICES[name]["read_only"] is True


def test_an_image_has_a_version_and_production_packages_alone() -> None:
    images = re.findall(r"^FROM (\S+)", DOCKERFILE, re.M) + [SERVICES[name]["image"] for name in ("database", "web")]
    assert all(re.fullmatch(r"[a-z]+:\d+(\.\d+)*(-slim)?", image) for image in images), images
    assert SERVICES["roles"]["image"] == SERVICES["database"]["image"]
    assert "requirements-dev" not in IMAGE
    assert "node" not in IMAGE
    for path in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.M):
        for name in path.split():
            assert (ROOT / name).exists(), name
    listed = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".git", "tests", "node_modules", "deploy/secrets"} <= set(listed)


def test_what_the_web_server_sends_to_the_api_is_the_same_in_every_example() -> None:
    caddy = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    nginx = (DEPLOY / "nginx.conf.example").read_text(encoding="utf-8")
    (to_api,) = re.findall(r"@api path (.*)", caddy)
    (same,) = re.findall(r"location ~ \^/\((.*?)\) \{", nginx)
    assert [path.strip("/*") for path in to_api.split()] == [path.strip("/") for path in same.split("|")]
    assert "add_header Content-Security-Policy $policy always" in nginx
    for policy in (SITE_POLICY, PICTURE_POLICY):
        assert policy in caddy
        assert policy in nginx
    for name, value in re.findall(r'add_header ([\w-]+) "([^"]*)"', nginx):
        assert f'{name} "{value}"' in caddy
    (hashed,) = re.findall(r"@hashed path (.*)", caddy)
    (same,) = re.findall(r"location ~ \^/\((assets.*?)\)/ \{", nginx)
    assert [path.strip("/").removesuffix("/*") for path in hashed.split()] == same.replace("[a-z]+", "*").split("|")
