"""A server of the API with made-up people on a database of its own, and requests sent to it from one process."""

from __future__ import annotations

import json
import os
import re
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import psycopg
from flask import session as cookie
from flask_wtf.csrf import generate_csrf
from sqlalchemy import insert

from api.accounts.act import Act
from api.accounts.models import Person, SignIn
from api.accounts.operations import add_person
from api.accounts.passwords import hasher
from api.app import create_app
from api.catalogue.operations import store_catalogue
from api.classes.assignments import assign
from api.classes.operations import create_class
from api.core.audit import Chain
from api.core.config import Settings, database_url
from api.core.database import Database
from api.core.schema_state import upgrade
from api.evidence.models import ModuleProgress
from bench.made import write_site
from site_builder.compiling.loader import load
from site_builder.course.manifest import module_edition
from site_builder.course.model import Catalogue

SECRET = "1Wnm3dZm0nW8yD5VyfN0mVQ7cZ1rT2xJk6uPaSgB"
PASSWORD = "correct horse battery"
TICKS = os.sysconf("SC_CLK_TCK")
PAUSE = Event()


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in, as requests name them.

    Attributes:
        cookie: The header of that name.
        token: Against forged requests.
    """

    id: uuid.UUID
    cookie: str
    token: str


@dataclass(slots=True)
class School:
    """A database with a catalogue, a teacher and learners, and the server that has it.

    Attributes:
        used: Attempts that were begun so far.
    """

    url: str
    catalogue: Catalogue
    learners: list[Visitor] = field(default_factory=list)
    teacher: Visitor | None = None
    group: uuid.UUID | None = None
    port: int = 0
    used: int = 0
    quizzes: dict[str, tuple[str, str, dict[str, Any]]] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def kind(self) -> str:
        """Which database it is."""
        return "SQLite" if self.url.startswith("sqlite") else "PostgreSQL"

    def cpu(self) -> float:
        """Seconds of processor that the server took so far, the database's own processes left out."""
        assert self.process is not None
        return sum(_ticks(pid) for pid in _family(self.process.pid)) / TICKS

    def memory(self) -> float:
        """MB that the processes of the server hold."""
        assert self.process is not None
        pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in _family(self.process.pid))
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def quiz(self, module_id: str) -> tuple[str, str, dict[str, Any]]:
        """Id of a module's quiz, the module's edition, and right answers."""
        if module_id not in self.quizzes:
            module = self.catalogue.modules[module_id]
            quiz = module.page("en").quizzes[0]
            said = {question.id: question.right_response() for question in quiz.questions}
            self.quizzes[module_id] = (quiz.id, module_edition(module), said)
        return self.quizzes[module_id]

    @contextmanager
    def serving(self, workers: int = 2, **environment: str) -> Iterator[None]:
        """Start the server as `airlock run` does, and end it."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        settings = {
            "AIRLOCK_URL": f"http://127.0.0.1:{self.port}",
            "AIRLOCK_SECRET_KEY": SECRET,
            "AIRLOCK_AUDIT_KEY": SECRET,
            "DATABASE_URL": self.url.replace("+psycopg", ""),
            "AIRLOCK_LOG_LEVEL": "WARNING",
            "AIRLOCK_PROXIES": "1",  # Requests come from as many addresses as they say.
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.load", str(self.port), str(workers)],
            env={**os.environ, **settings, **environment},
            start_new_session=True,
        )
        try:
            deadline = time.monotonic() + 60
            while True:
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2):
                        break
                except OSError:
                    if time.monotonic() > deadline or self.process.poll() is not None:
                        raise
                    PAUSE.wait(0.1)
            yield
        finally:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def request(
        self, visitor: Visitor | None, method: str, path: str, body: Any = None, headers: tuple[str, ...] = ()
    ) -> bytes:
        """The bytes of a request; what writes has a key of its own."""
        content = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", *headers]
        if visitor is not None:
            lines.append(f"Cookie: {visitor.cookie}")
        if body is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
            lines += [f"Idempotency-Key: {uuid.uuid4()}"]
            if visitor is not None:
                lines.append(f"X-CSRFToken: {visitor.token}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + content


def _family(pid: int) -> list[int]:
    found = [pid]
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for child in children:
        found += _family(int(child))
    return found


def _ticks(pid: int) -> int:
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(words[11]) + int(words[12])


@contextmanager
def schools(lessons: int, learners: int, only: str = "") -> Iterator[list[School]]:
    """A school on SQLite, and one on PostgreSQL where there is an address of it."""
    with tempfile.TemporaryDirectory() as folder:
        write_site(Path(folder) / "content", lessons)
        catalogue = load(Path(folder) / "content").catalogue
        urls = [f"sqlite:///{folder}/school.db"]
        server, name = os.environ.get("AIRLOCK_TEST_POSTGRESQL", ""), f"airlock_bench_{uuid.uuid4().hex[:8]}"
        if server:
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{name}"'.encode())
            urls.append(database_url(f"{server.rpartition('/')[0]}/{name}"))
        try:
            made = [School(url, catalogue) for url in urls]
            for school in made:
                if only in school.kind.lower():
                    _fill(school, learners)
            yield [school for school in made if only in school.kind.lower()]
        finally:
            if server:
                with psycopg.connect(server, autocommit=True) as connection:
                    connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


def _fill(school: School, learners: int) -> None:
    database = Database(school.url, Chain(SECRET.encode()))
    upgrade(database.engine)
    at = datetime.now(UTC)
    settings = Settings(url="http://127.0.0.1:8000", database_url="", secret_key=SECRET, audit_key=SECRET)
    app = create_app(settings, database=database)
    with database.writing() as session:
        act = Act(session, at, "bench")
        store_catalogue(act, school.catalogue)
        teacher = add_person(act, email="teacher@bench.airlock.example", name="Teacher", role="teacher")
        people = [
            add_person(act, email=f"learner-{n}@bench.airlock.example", name=f"Learner {n}", role="learner")
            for n in range(learners)
        ]
        hashed = hasher.hash(PASSWORD)
        for person in people[:30]:
            person.password_hash = hashed
        group = create_class(act, name="Bench", teachers=[teacher], learners=people[:200])
        assign(act, group, next(iter(school.catalogue.courses)))
        school.group = group.id
        # The class has been at everything, so that its table is full.
        session.execute(
            insert(ModuleProgress),
            [
                {
                    "person_id": person.id,
                    "module_id": module_id,
                    "read_at": at,
                    "quizzes": {"check": {"best": 0.8, "passed": True, "attempts": 2}},
                    "best_score": 0.8,
                    "completed_at": at,
                    "completed_renewal": 1,
                    "valid_until": None,
                    "updated_at": at,
                    "revision": 3,
                }
                for person in people[:200]
                for module_id in next(iter(school.catalogue.courses.values())).module_ids
            ],
        )
    with database.writing() as session:
        school.teacher, *school.learners = (_sign_in(app, session, person, at) for person in (teacher, *people))
    database.engine.dispose()


def _sign_in(app: Any, session: Any, person: Person, at: datetime) -> Visitor:
    """A sign-in and its cookie, without the way through a link."""
    row = SignIn(person_id=person.id, created_at=at, expires_at=at + timedelta(days=30))
    session.add(row)
    session.flush()
    with app.test_request_context():
        token = generate_csrf()
        content = {**cookie, "_user_id": str(row.id), "_fresh": True, "_permanent": True}
        value = app.session_interface.get_signing_serializer(app).dumps(content)
    return Visitor(person.id, f"airlock={value}", token)


@dataclass(slots=True)
class Reply:
    """A reply, and how long it took.

    Attributes:
        size: Bytes of its body as they came over the wire.
        seconds: From the first byte sent to the last one read.
    """

    status: int
    body: bytes
    size: int
    seconds: float


Step = Callable[[Reply | None], bytes | None]
"""Gives the next request of a conversation for the reply to the one before it; None ends it."""


def drive(
    port: int,
    conversations: Iterator[Step],
    connections: int,
    seconds: float = 1e9,
    beside: tuple[Iterator[Step], int] | None = None,
) -> list[Reply]:
    """Hold conversations over some connections at a time, each as fast as it is answered.

    Args:
        port: Of the server.
        conversations: What is said.
        connections: How many at a time.
        seconds: For how long others begin.
        beside: Other conversations over connections of their own, whose replies are not given.
    """
    chooser = selectors.DefaultSelector()
    replies: list[Reply] = []
    until = time.perf_counter() + seconds

    def begin(
        channel: socket.socket, source: Iterator[Step], step: Step | None = None, reply: Reply | None = None
    ) -> None:
        while True:
            step = step or (next(source, None) if time.perf_counter() < until else None)
            if step is None:
                chooser.unregister(channel)
                channel.close()
                return
            sent = step(reply)
            if sent is not None:
                break
            step, reply = None, None
        channel.sendall(sent)
        chooser.modify(channel, selectors.EVENT_READ, (source, step, time.perf_counter(), bytearray()))

    others, number = beside or (iter(()), 0)
    for place in range(connections + number):
        channel = socket.create_connection(("127.0.0.1", port))
        channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        chooser.register(channel, selectors.EVENT_READ)
        begin(channel, conversations if place < connections else others)
    while chooser.get_map():
        for key, _ in chooser.select():
            source, step, began, got = key.data
            channel = key.fileobj  # type: ignore[assignment]  # It is what was registered.
            received = channel.recv(1 << 18)
            if not received:
                raise ConnectionResetError(f"The server ended the connection after {bytes(got[:80])!r}.")
            got += received
            reply = _read(got, began)
            if reply is not None:
                if source is conversations:
                    replies.append(reply)
                begin(channel, source, step, reply)
    return replies


HEAD = re.compile(rb"content-length: (\d+)", re.I)


def _read(got: bytearray, began: float) -> Reply | None:
    head, found, body = got.partition(b"\r\n\r\n")
    if not found:
        return None
    status, length = int(head[9:12]), HEAD.search(head)
    # RFC 9112 section 6.3: a 304 ends with its head, whatever length it names.
    if status != 304 and (length is None or len(body) < int(length[1])):
        return None
    return Reply(status, bytes(body), len(body), time.perf_counter() - began)


def attempts(school: School, number: int) -> Iterator[Step]:
    """Begin and hand in, each time by another learner, and at the next module once everybody was there."""
    names = list(school.catalogue.modules)
    for _ in range(number):
        place, school.used = school.used, school.used + 1
        visitor = school.learners[place % len(school.learners)]
        yield _attempt(school, visitor, names[(place // len(school.learners)) % len(names)])


def _attempt(school: School, visitor: Visitor, module_id: str) -> Step:
    quiz_id, edition, said = school.quiz(module_id)
    steps = iter(range(3))

    def step(reply: Reply | None) -> bytes | None:
        number = next(steps)
        if number == 0:
            body = {"module": module_id, "quiz": quiz_id, "edition": edition, "lang": "en"}
            return school.request(visitor, "POST", "/api/v1/attempts", body)
        assert reply is not None
        if number == 1 and reply.status == 201:
            path = f"/api/v1/attempts/{json.loads(reply.body)['id']}/submission"
            return school.request(visitor, "POST", path, {"responses": said, "edition": edition, "lang": "en"})
        return None

    return step


def again(request: bytes, number: int) -> Iterator[Step]:
    """One request, many times."""
    for _ in range(number):
        left = iter((request, None))
        yield lambda reply, left=left: next(left)  # type: ignore[misc]  # mypy takes no default for a bound one.


if __name__ == "__main__":
    import api.core.database as databases
    from api.server import serve

    if os.environ.get("BENCH_SYNCHRONOUS"):
        databases.SYNCHRONOUS = os.environ["BENCH_SYNCHRONOUS"]  # For a comparison alone.
    serve("127.0.0.1", int(sys.argv[1]), int(sys.argv[2]))
