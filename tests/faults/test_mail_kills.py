"""The process that sends messages is killed at every step of the talk with the mail server: nothing goes out twice.

What was handed over when it was killed is not sent again by itself, and is listed; everything else arrives.
"""

from __future__ import annotations

import email
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select, update

from api.accounts.act import Act
from api.accounts.operations import add_person
from api.classes.letters import Added
from api.core.clock import system_clock
from api.core.database import Database
from api.core.outbox import CLAIM_LASTS
from api.messages.delivery import undecided_messages
from api.messages.models import Message
from api.messages.operations import add_message
from tests.browser.conftest import ROOT, free_port
from tests.conftest import SECRET

MESSAGES = 12
STAGES = ("connect", "mail", "rcpt", "data")
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("kills")]


@dataclass
class Server:
    """A mail server that kills whoever talks to it, at a stage of the talk."""

    port: int
    taken: list[str] = field(default_factory=list)
    stage: str = ""
    after: int = 0
    victim: subprocess.Popen[bytes] | None = None

    def _step(self, stage: str) -> None:
        if stage != self.stage or self.victim is None:
            return
        self.after -= 1
        if self.after < 0:
            self.victim.send_signal(signal.SIGKILL)
            self.victim.wait()
            self.victim = None

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self._step("connect")
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self._step("mail")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self._step("rcpt")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.taken.append(str(email.message_from_bytes(envelope.content)["Message-ID"]).strip("<>").partition("@")[0])
        self._step("data")
        return "250 OK"


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server(free_port())
    controller = Controller(found, hostname="127.0.0.1", port=found.port)
    controller.start()
    yield found
    controller.stop()


def run_jobs(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "airlock", "jobs", "run", "--once"],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_killed_at_every_step_and_nothing_twice(database: Database, server: Server) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    environment = {
        "AIRLOCK_URL": "http://127.0.0.1:8000",
        "AIRLOCK_SECRET_KEY": SECRET,
        "AIRLOCK_AUDIT_KEY": SECRET,
        "DATABASE_URL": url.replace("postgresql+psycopg", "postgresql"),
        "AIRLOCK_MAIL": f"smtp://127.0.0.1:{server.port}",
        "AIRLOCK_MAIL_FROM": "airlock@example.org",
        "AIRLOCK_LOG_LEVEL": "ERROR",
    }
    at = system_clock()
    with database.writing() as session:
        reader = add_person(Act(session, at, "tests"), email="reader@example.org", name="Reader", role="learner")
        for _ in range(MESSAGES):
            add_message(session, reader, Added("1A", "T"), at=at)
    for round_, stage in enumerate((*STAGES, *STAGES)):
        server.stage, server.after = stage, 1 if stage != "connect" and round_ >= len(STAGES) else 0
        server.victim = victim = run_jobs(environment)
        victim.wait(timeout=60)
        assert victim.returncode == -signal.SIGKILL, f"it was to be killed at {stage}"
        pass_time(database)
    server.stage = ""
    assert run_jobs(environment).wait(timeout=60) == 0
    with database.reading() as session:
        everything = {str(message) for message in session.scalars(select(Message.id))}
        unclear = {str(message.id) for message in undecided_messages(session, system_clock())}
        states = Counter(session.scalars(select(Message.state)))
    assert len(everything) == MESSAGES
    assert [mail for mail, count in Counter(server.taken).items() if count > 1] == []
    assert set(server.taken) | unclear == everything, "nothing is lost"
    assert len(unclear) == 2, "those in whose last moment it was killed"
    assert states == {"sent": MESSAGES - 2, "handing over": 2}


def pass_time(database: Database) -> None:
    """As if claims had run out: what was claimed may be taken by the next run."""
    with database.writing() as session:
        session.execute(
            update(Message)
            .where(Message.state.in_(["claimed", "handing over"]))
            .values(claimed_until=system_clock() - CLAIM_LASTS - timedelta(seconds=1))
        )
