"""A real server with a built site, and a real browser that watches what pages ask for."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import itertools
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy.orm import Session

from airlock.commands import publish_site
from api.accounts.act import Act
from api.accounts.links import make_link
from api.accounts.models import Person
from api.accounts.operations import add_person, find_person
from api.catalogue.operations import store_catalogue
from api.classes.assignments import assign
from api.classes.operations import create_class
from api.core.clock import system_clock
from api.core.database import Database
from api.core.pages import page_path
from api.core.roles import Role
from api.core.schema_state import upgrade
from site_builder.reading.project import project_of_content
from tests.conftest import CHAIN, CONTENT, KINDS, SECRET, SHARED, SHIPPED, load_once
from tests.run import find_browser

ROOT = Path(__file__).parent.parent.parent
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
PHONE = {"width": 360, "height": 740}
expect.set_options(timeout=30_000)  # A loaded machine is no failure.


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def launch_options() -> dict[str, Any]:
    """The system's Chromium, which asks nobody for anything."""
    quiet = ["background-networking", "component-update", "sync", "default-apps", "extensions"]
    arguments = ["--no-sandbox", "--no-first-run", "--disable-quic", *(f"--disable-{name}" for name in quiet)]
    return {"executable_path": find_browser(), "args": arguments}


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """For pytest-playwright."""
    return launch_options()


PORTS = 1500
"""How many ports each process of a test run has to itself."""
_ports = itertools.count()


def free_port() -> int:
    """A port that nothing listens at, and that no other process of this run is given: it is only used later."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    # Below those that the system gives to whoever asks for any.
    first = 15_000 + PORTS * (int(worker.removeprefix("gw")) % 8 if worker else 9)
    while True:
        port = first + (os.getpid() + next(_ports)) % PORTS
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@contextlib.contextmanager
def running(port: int, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A server process of its own group; ready when this yields."""
    process = subprocess.Popen(
        [sys.executable, "-m", "airlock", "run", "--port", str(port), "--workers", "2"],
        cwd=ROOT,
        env={**os.environ, **environment, "AIRLOCK_LOG_LEVEL": "ERROR"},
        start_new_session=True,
    )
    try:
        wait_until_ready(port, process)
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 15)
        process.wait(timeout=60)


def wait_until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    """Ask until there is an answer; a server that ends first is an error."""
    deadline = time.monotonic() + 120
    pause = Event()
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended"
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=20) as reply,
        ):
            if reply.status == 200:
                return
        pause.wait(0.05)
    raise AssertionError("the server did not become ready")


@dataclass
class Served:
    """A site with its API at an address."""

    url: str
    database: Database
    site: Path
    names: dict[str, str] = field(default_factory=dict)

    def clock(self) -> datetime:
        """The server's time."""
        return system_clock()

    def add(self, name: str, role: Role = "learner", lang: str = "en") -> str:
        """Somebody new; gives the address."""
        email = f"{name.lower().replace(' ', '.')}@example.org"
        with self.database.writing() as session:
            if find_person(session, email) is None:
                add_person(Act(session, self.clock(), "tests"), email=email, name=name, role=role, lang=lang)
        return email

    def link(self, email: str) -> str:
        """A one-time sign-in link."""
        with self.database.writing() as session:
            person = find_person(session, email)
            assert person is not None
            token = make_link(Act(session, self.clock(), "tests"), person, "sign-in")
            return f"{self.url}{page_path(person.lang, 'sign-in')}#{token}"

    def find(self, session: Session, email: str) -> Person:
        """The person with an address."""
        person = find_person(session, email)
        assert person is not None
        return person

    def give_course(self, email: str, course: str) -> None:
        """Put a learner into a class that was given a course."""
        with self.database.writing() as session:
            person = find_person(session, email)
            assert person is not None
            group = create_class(Act(session, self.clock(), "tests"), name=person.name, teachers=[], learners=[person])
            assign(Act(session, self.clock(), "tests"), group, course)


def published(content: Path, shared: Path) -> Path:
    """A folder with the site of some content and its database: made by the process that first asks, for all."""
    folder = shared / hashlib.sha256(str(content).encode()).hexdigest()[:16]
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            made = folder.with_suffix(".new")
            made.mkdir()
            database = Database(f"sqlite:///{made / 'airlock.db'}", CHAIN)
            upgrade(database.engine)
            publish_site(project_of_content(content), made / "site", database, lambda _: None)
            database.engine.dispose()
            made.rename(folder)
    return folder


@contextlib.contextmanager
def serving(content: Path, folder: Path) -> Iterator[Served]:
    # A measurement has a folder of its own alone.
    shared = Path(os.environ.get(SHARED, folder.parent))
    shutil.copytree(published(content, shared), folder, symlinks=True, dirs_exist_ok=True)
    database = Database(f"sqlite:///{folder / 'airlock.db'}", CHAIN)
    with answering(database, folder / "airlock.db", folder / "site") as site:
        yield site


@contextlib.contextmanager
def answering(database: Database, file: Path, live: Path) -> Iterator[Served]:
    """A server for a site that was published."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        "AIRLOCK_URL": url,
        "DATABASE_URL": f"sqlite:///{file}",
        "AIRLOCK_SECRET_KEY": SECRET,
        "AIRLOCK_AUDIT_KEY": SECRET,
        "AIRLOCK_SITE": str(live),
        "AIRLOCK_SCHEMES": str(ROOT / "schemes"),
    }
    with running(port, environment):
        yield Served(url, database, live)
    database.engine.dispose()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The tests' course."""
    with serving(CONTENT, tmp_path_factory.mktemp("served")) as site:
        yield site


@pytest.fixture
def undisturbed(served: Served, tmp_path: Path) -> Iterator[Served]:
    """The tests' course on a server and a database that no other test knows."""
    file = tmp_path / "airlock.db"
    database = Database(f"sqlite:///{file}", CHAIN)
    upgrade(database.engine)
    with database.writing() as session:
        store_catalogue(Act(session, system_clock(), "tests"), load_once(CONTENT))
    with answering(database, file, served.site) as site:
        yield site


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The shipped courses."""
    with serving(SHIPPED, tmp_path_factory.mktemp("shipped")) as site:
        yield site


@pytest.fixture(scope="session")
def kinds_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The course with a question of every kind."""
    with serving(KINDS, tmp_path_factory.mktemp("kinds")) as site:
        yield site


@dataclass
class Watch:
    """What pages asked for, and what they complained of."""

    allowed: tuple[str, ...]
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()

    def follow(self, page: Page) -> None:
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)

    def check(self) -> None:
        foreign = [url for url in self.requests if not url.startswith((*self.allowed, "data:", "blob:", "about:"))]
        assert not foreign, foreign
        unexpected = [text for text in self.complaints if not any(part in text for part in self.expected)]
        assert not unexpected, unexpected


OpenPage = Callable[..., Page]


@pytest.fixture
def watch() -> Watch:
    return Watch(("http://127.0.0.1:",))


@pytest.fixture
def open_page(browser: Browser, watch: Watch) -> Iterator[OpenPage]:
    """Opens a page in a browser profile of its own; what it asked for is checked at the end."""
    contexts: list[BrowserContext] = []

    def open_(width: int = 360, scheme: Any = "light", **options: Any) -> Page:
        # Requests that a test holds up must not be answered by a service worker, unless it is what the test is about.
        settings: dict[str, Any] = {"service_workers": "block", "reduced_motion": "reduce", **options}
        context = browser.new_context(viewport={"width": width, "height": 740}, color_scheme=scheme, **settings)
        contexts.append(context)
        page = context.new_page()
        watch.follow(page)
        return page

    yield open_
    for context in contexts:
        context.close()
    watch.check()


def sign_in(page: Page, link: str) -> None:
    """By a one-time link, with a click."""
    page.goto(link)
    page.locator("button.wide").click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def violations(page: Page, colours: bool = False) -> list[str]:
    """What axe finds in the page as it is now.

    Args:
        page: An open page.
        colours: Ask for what depends on colours alone, of a page that was looked at in its other colours.
    """
    page.evaluate(AXE)
    found = page.evaluate(
        "async (rules) => (await axe.run(document, { resultTypes: ['violations'], ...rules })).violations"
        ".map(v => `${v.id}: ${v.nodes.map(n => n.target.join(' ') + ' ' + n.failureSummary).join(' | ')}`)",
        {"runOnly": {"type": "rule", "values": COLOUR_RULES}} if colours else {},
    )
    return list(found)
