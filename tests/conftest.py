"""Fixtures: databases of both kinds, an app with a clock that tests set, personas, content."""

from __future__ import annotations

import copy
import gc
import os
import shutil
import sqlite3
import tempfile
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, insert, text
from werkzeug.test import TestResponse

from api.accounts.act import Act
from api.accounts.links import make_link
from api.accounts.models import Person
from api.accounts.operations import add_person
from api.app import create_app
from api.catalogue.operations import store_catalogue
from api.classes.assignments import assign
from api.classes.operations import create_class
from api.core.audit import FIRST, AuditHead, Chain
from api.core.config import Settings, database_url
from api.core.database import Database
from api.core.roles import Role
from api.core.schema_state import upgrade
from api.tables import metadata
from site_builder.building import build_project
from site_builder.compiling.loader import load
from site_builder.compiling.store import VARIABLE
from site_builder.course.manifest import module_edition
from site_builder.course.model import Catalogue
from site_builder.reading.project import project_of_content
from site_builder.site.build import Built

# A busy machine is no fault of a test: nothing here is about how long an example took.
hypothesis.settings.register_profile("steady", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("steady")

CONTENT = Path(__file__).parent / "content"


@event.listens_for(Engine, "connect")
def reverse_what_has_no_order(connection: Any, entry: Any) -> None:
    """Have SQLite give what nobody sorted from the end: what leans on an order fails here, and not once a month."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA reverse_unordered_selects = ON").close()


SHARED = "AIRLOCK_TESTS_SHARED"
"""The variable with the folder in which the processes of a run keep what one of them made for all."""


def pytest_configure(config: pytest.Config) -> None:
    """One cache of compiled pages for all processes of a run, one folder to share, and nothing left behind."""
    for variable in (VARIABLE, SHARED):
        if variable not in os.environ:
            folder = tempfile.mkdtemp(prefix="airlock-tests-")
            os.environ[variable] = folder
            config.add_cleanup(partial(shutil.rmtree, folder, ignore_errors=True))


def pytest_collection_finish() -> None:
    """What was loaded and collected stays: nobody looks for garbage in it again and again."""
    gc.collect()
    gc.freeze()


KINDS = Path(__file__).parent / "kinds"
"""A course with a question of every kind: in the page, handed out, and for practice."""
SHIPPED = Path(__file__).parent.parent / "content"
SECRET = "JTYbXWhgYvAWBoYScC9mRLSKOjYRYJmlo5Vu3Vk1"  # A secret must be hard to guess, in tests too.
CHAIN = Chain(SECRET.encode())
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@cache
def load_once(folder: Path) -> Catalogue:
    """The catalogue of a content folder without problems."""
    loaded = load(folder)
    assert not loaded.problems, [problem.as_line() for problem in loaded.problems]
    return loaded.catalogue


@pytest.fixture
def catalogue() -> Catalogue:
    return load_once(CONTENT)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the tests' content, to be damaged."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


def build_content(content: Path, site: Path, *, search: bool = True) -> Built:
    """Build the site of a content folder."""
    return build_project(project_of_content(content), site, search=search)


@dataclass
class TestClock:
    """A clock that stands still until it is moved."""

    __test__ = False
    moment: datetime = START

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **delta: float) -> None:
        self.moment += timedelta(**delta)


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database.engine)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A migrated PostgreSQL database of this process's own, dropped at the end."""
    server = os.environ["AIRLOCK_TEST_POSTGRESQL"]
    name = f"airlock_test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    url = database_url(f"{server.rpartition('/')[0]}/{name}")
    database = Database(url)
    upgrade(database.engine)
    database.engine.dispose()
    with psycopg.connect(server, autocommit=True) as connection:
        # What a test wrote need not survive a failure of the power.
        connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off'.encode())
    yield url
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


RESTART = """SELECT setval(pg_get_serial_sequence(quote_ident(table_name), column_name), 1, false)
FROM information_schema.columns WHERE table_schema = 'public' AND is_identity = 'YES'"""
"""Numbers that the database gives begin with 1 again."""


EMPTY = ";".join(f'DELETE FROM "{table.name}"' for table in reversed(metadata.sorted_tables))
"""Deleting a few rows takes a tenth of the time in which as many tables get new files."""


@cache
def database_at(url: str) -> Database:
    """The database at an address, whose statements are compiled once a process and not once a test."""
    return Database(url, CHAIN)


def of_this_test(url: str) -> Database:
    """The same with an engine of its own: what is kept by engine, and who listens to it, ends with the test."""
    database = copy.copy(database_at(url))
    database.engine = database.engine.execution_options()
    return database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database; the test runs once on each kind."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        path = template.with_name("airlock.db")
        for old in path.parent.glob(f"{path.name}*"):
            old.unlink()
        shutil.copy(template, path)
        database = of_this_test(f"sqlite:///{path}")
        yield database
    else:
        database = of_this_test(request.getfixturevalue("postgresql_url"))
        yield database
        with database.engine.begin() as connection:
            connection.exec_driver_sql(EMPTY)
            connection.execute(insert(AuditHead).values(id=1, sequence=0, hash=FIRST, seal=""))
            connection.execute(text(RESTART))
    database.engine.dispose()


@dataclass
class World:
    """An app with people in it."""

    app: APIFlask
    database: Database
    clock: TestClock
    catalogue: Catalogue
    people: dict[str, Person] = field(default_factory=dict)
    classes: dict[str, uuid.UUID] = field(default_factory=dict)

    def edition(self, module: str) -> str:
        return module_edition(self.catalogue.modules[module])

    def client(self, persona: str | None = None) -> Caller:
        """A browser of its own, signed in as a persona."""
        caller = Caller(self.app.test_client())
        if persona:
            with self.database.writing() as session:
                token = make_link(Act(session, self.clock(), "tests"), self.people[persona], "sign-in")
            reply = caller.post("/api/v1/sign-in/link", {"token": token})
            assert reply.status_code == 200, reply.text
        return caller


@dataclass
class Caller:
    """A client that sends what the site's elements send."""

    client: FlaskClient

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, buffered=True, **options)

    def post(
        self, path: str, body: Any = None, *, key: str | None = None, csrf: bool = True, **options: Any
    ) -> TestResponse:
        headers = dict(options.pop("headers", {}))
        if csrf:
            headers["X-CSRFToken"] = self.client.get("/api/v1/me").json["csrf_token"]  # type: ignore[index]
        if key:
            headers["Idempotency-Key"] = key
        return self.client.post(path, json={} if body is None else body, headers=headers, **options)


PERSONAS: tuple[tuple[str, Role], ...] = (
    ("learner", "learner"),
    ("other learner", "learner"),
    ("shared learner", "learner"),
    ("teacher", "teacher"),
    ("other teacher", "teacher"),
    ("trainer", "trainer"),
    ("admin", "admin"),
)
"""A learner, her class mate, one who is also in another school's class, her teacher, the other school's teacher, a
trainer, an administrator."""


CLASSES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("1A", "teacher", ("learner", "other learner", "shared learner")),
    ("2B", "other teacher", ("shared learner",)),
)
"""By name: who teaches it, and who learns in it."""


_apps: defaultdict[Settings, list[APIFlask]] = defaultdict(list)
"""Apps that no test uses now: putting one together takes as long as twenty requests to it."""


def take_app(settings: Settings, clock: TestClock, database: Database) -> APIFlask:
    """An app for some settings; what an earlier test had in it is exchanged."""
    if not _apps[settings]:
        return create_app(settings, clock=clock, database=database)
    app = _apps[settings].pop()
    app.config["AIRLOCK_CLOCK"] = clock
    app.extensions["airlock_database"] = database
    return app


@pytest.fixture
def make_world(database: Database, clock: TestClock) -> Iterator[Callable[..., World]]:
    """Makes an app with the tests' course, the personas and their class."""
    taken: list[tuple[Settings, APIFlask]] = []

    def make(
        catalogue: Catalogue | None = None,
        url: str = "http://127.0.0.1:8000",
        site: Path | None = None,
        given: Mapping[str, Sequence[str]] | None = None,
        **settings_of: Any,
    ) -> World:
        """Each class is given every course, or what `given` says by its name."""
        catalogue = catalogue or load_once(CONTENT)
        settings = Settings(url=url, database_url="", secret_key=SECRET, audit_key=SECRET, site=site, **settings_of)
        app = take_app(settings, clock, database)
        taken.append((settings, app))
        app.config["TESTING"] = True
        app.config["PROPAGATE_EXCEPTIONS"] = False  # Tests see the replies that clients see.
        world = World(app, database, clock, catalogue)
        with database.writing() as session:
            act = Act(session, clock(), "tests")
            store_catalogue(act, catalogue)
            for name, role in PERSONAS:
                email = f"{name.replace(' ', '.')}@example.org"
                world.people[name] = add_person(act, email=email, name=name.title(), role=role)
            for name, teacher, learners in CLASSES:
                group = create_class(
                    act,
                    name=name,
                    teachers=[world.people[teacher]],
                    learners=[world.people[learner] for learner in learners],
                )
                world.classes[name] = group.id
                for course in given.get(name, ()) if given is not None else catalogue.courses:
                    assign(act, group, course)
        return world

    yield make
    for settings, app in taken:
        _apps[settings].append(app)


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()


RIGHT_ANSWERS: dict[str, Any] = {
    "first": ["2"],
    "outside": ["1", "3"],
    "override": ["2"],
    "pressure": "30 Pa",
    "count": "1",
}
"""To the quiz "doors" of the tests' course."""


def take_quiz(
    caller: Caller,
    world: World,
    answers: dict[str, Any],
    *,
    key: str = "k",
    module: str = "safe-start/doors",
    quiz: str = "doors",
) -> TestResponse:
    """Start and hand in."""
    start = caller.post(
        "/api/v1/attempts",
        {"module": module, "quiz": quiz, "edition": world.edition(module), "lang": "en"},
        key=f"start-{key}",
    )
    assert start.status_code == 201, start.text
    assert start.json is not None
    body = {"responses": answers, "edition": world.edition(module), "lang": "en"}
    return caller.post(f"/api/v1/attempts/{start.json['id']}/submission", body, key=f"submit-{key}")
