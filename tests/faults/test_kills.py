"""The server is killed again and again while learners hand in and retry: what was acknowledged is there, once.

`AIRLOCK_KILLS` sets how often (30; `make soak` takes 500).
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import uuid
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from api.accounts.act import Act
from api.accounts.links import make_link
from api.accounts.operations import add_person
from api.catalogue.operations import store_catalogue
from api.core import audit
from api.core.clock import system_clock
from api.core.database import Database
from api.evidence.models import ModuleProgress
from api.evidence.operations import recompute_progress
from api.learning.models import Attempt
from site_builder.course.manifest import module_edition
from tests.browser.conftest import ROOT, free_port, wait_until_ready
from tests.conftest import CONTENT, RIGHT_ANSWERS, SECRET, load_once

KILLS = int(os.environ.get("AIRLOCK_KILLS", "30"))
CLIENTS = 3
MODULE, QUIZ = "safe-start/doors", "open-end"
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("kills")]


@dataclass
class Learner:
    """A phone: keeps its keys, retries until it hears an answer, and notes what was acknowledged."""

    port: int
    token: str
    edition: str
    stop: threading.Event
    cookie: str = ""
    csrf: str = ""
    acknowledged: list[dict[str, Any]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def send(self, method: str, path: str, body: Any = None, key: str = "") -> tuple[int, Any] | None:
        """One request; None when there was no answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        headers = {"Content-Type": "application/json", "Cookie": self.cookie, "X-CSRFToken": self.csrf}
        if key:
            headers["Idempotency-Key"] = key
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            reply = connection.getresponse()
            text = reply.read()
            for name, value in reply.getheaders():
                if name.lower() == "set-cookie":
                    self.cookie = value.partition(";")[0]
            return reply.status, json.loads(text)
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            connection.close()

    def insist(self, method: str, path: str, body: Any = None, key: str = "") -> Any:
        """Retry with the same key until the server answers; None when the test ends first."""
        while not self.stop.is_set():
            reply = self.send(method, path, body, key)
            if reply is None or reply[0] in (500, 502, 503):
                self.stop.wait(0.02)
                continue
            status, answer = reply
            if status >= 400:
                self.errors.append(f"{method} {path}: {status} {answer}")
                return None
            return answer
        return None

    def sign_in(self) -> None:
        self.csrf = self.insist("GET", "/api/v1/me")["csrf_token"]
        answer = self.insist("POST", "/api/v1/sign-in/link", {"token": self.token})
        self.csrf = answer["csrf_token"]

    def work(self) -> None:
        chance = random.Random(self.token)
        while not self.stop.is_set():
            body = {"module": MODULE, "quiz": QUIZ, "edition": self.edition, "lang": "en"}
            attempt = self.insist("POST", "/api/v1/attempts", body, uuid.UUID(int=chance.getrandbits(128)).hex)
            if attempt is None:
                continue
            answers = {name: value for name, value in RIGHT_ANSWERS.items() if chance.random() < 0.7}
            handed_in = {"responses": answers, "edition": self.edition, "lang": "en"}
            path = f"/api/v1/attempts/{attempt['id']}/submission"
            result = self.insist("POST", path, handed_in, uuid.UUID(int=chance.getrandbits(128)).hex)
            if result is not None:
                self.acknowledged.append({"id": result["id"], "score": result["score"], "answers": answers})


def start_server(port: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", "airlock", "run", "--port", str(port), "--workers", "2"],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    wait_until_ready(port, process)
    return process


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to every process of the server at once."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def environment_of(database: Database, port: int) -> dict[str, str]:
    """What a server of a database is told."""
    return {
        "AIRLOCK_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
        "AIRLOCK_SECRET_KEY": SECRET,
        "AIRLOCK_AUDIT_KEY": SECRET,
        "AIRLOCK_LOG_LEVEL": "CRITICAL",
    }


def add_learners(database: Database, port: int, edition: str, stop: threading.Event) -> list[Learner]:
    """People with phones."""
    learners = []
    with database.writing() as session:
        for number in range(CLIENTS):
            act = Act(session, system_clock(), "tests")
            person = add_person(act, email=f"l{number}@example.org", name=f"L{number}", role="learner")
            learners.append(Learner(port, make_link(act, person, "sign-in"), edition, stop))
    return learners


def test_what_is_acknowledged_is_there_once(database: Database, tmp_path: Path) -> None:
    kills = KILLS if database.engine.dialect.name == "sqlite" else max(5, KILLS // 5)
    edition = unlimited(database)
    stop = threading.Event()
    port = free_port()
    environment = environment_of(database, port)
    learners = add_learners(database, port, edition, stop)
    server = start_server(port, environment)
    chance = random.Random(50)
    try:
        for learner in learners:
            learner.sign_in()
        threads = [threading.Thread(target=learner.work) for learner in learners]
        for thread in threads:
            thread.start()
        for _ in range(kills):
            stop.wait(chance.uniform(0.02, 0.4))
            kill(server)
            server = start_server(port, environment)
        stop.wait(0.5)
        stop.set()
        for thread in threads:
            thread.join(timeout=30)
    finally:
        stop.set()
        kill(server)

    assert [error for learner in learners for error in learner.errors] == []
    with database.reading() as session:
        submitted = {str(a.id): a for a in session.scalars(select(Attempt).where(Attempt.submitted_at.is_not(None)))}
        acknowledged = [item for learner in learners for item in learner.acknowledged]
        assert len(acknowledged) > kills, "learners got something done between the kills"
        assert max(Counter(item["id"] for item in acknowledged).values()) == 1
        for item in acknowledged:
            attempt = submitted[item["id"]]
            assert (attempt.score, attempt.responses) == (item["score"], item["answers"])
        # At most one a learner was stored and not heard of, at the very end.
        assert len(submitted) - len(acknowledged) <= CLIENTS
        numbers = Counter((attempt.person_id, attempt.number) for attempt in submitted.values())
        assert max(numbers.values()) == 1
        for row in session.scalars(select(ModuleProgress)):
            values = recompute_progress(session, row.person_id, row.module_id)
            assert {name: getattr(row, name) for name in values} == values
        verdict = audit.verify(session)
        assert verdict.breaks == ()


def unlimited(database: Database) -> str:
    """Publish the tests' course with a quiz without a limit of attempts; gives the edition of its module."""
    catalogue = load_once(CONTENT)
    module = catalogue.modules[MODULE]
    pages = {
        lang: replace(page, quizzes=(page.quizzes[0], replace(page.quizzes[1], id=QUIZ, attempts=None)))
        for lang, page in module.pages.items()
    }
    changed = replace(module, pages=pages)
    with database.writing() as session:
        act = Act(session, system_clock(), "tests")
        store_catalogue(act, replace(catalogue, modules={**catalogue.modules, MODULE: changed}))
    return module_edition(changed)
