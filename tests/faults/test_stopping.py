"""SIGTERM while learners work: what the server has taken it finishes, and nothing that it said is lost."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from api.core.database import Database
from api.learning.models import Attempt
from tests.browser.conftest import free_port
from tests.faults.test_kills import add_learners, environment_of, kill, start_server, unlimited

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("kills")]
HALF_SENT = 4


def begin(port: int) -> tuple[socket.socket, bytes]:
    """A request of which the server has the first half; gives the other one."""
    body = json.dumps({"email": "nobody@example.org", "password": "four plain words"}).encode()
    head = (
        f"POST /api/v1/sign-in HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.sendall(head + body[:10])
    return connection, body[10:]


def signal_all(group: int) -> None:
    """As systemd stops a service: SIGTERM to each of its processes."""
    os.killpg(group, signal.SIGTERM)


def test_what_was_taken_is_finished(database: Database, tmp_path: Path) -> None:
    edition, stop, port = unlimited(database), threading.Event(), free_port()
    learners = add_learners(database, port, edition, stop)
    server = start_server(port, environment_of(database, port))
    try:
        for learner in learners:
            learner.sign_in()
        threads = [threading.Thread(target=learner.work) for learner in learners]
        for thread in threads:
            thread.start()
        begun = [begin(port) for _ in range(HALF_SENT)]
        # The learners' own requests are answered after these came in.
        while sum(len(learner.acknowledged) for learner in learners) < 20:
            stop.wait(0.05)
        signal_all(server.pid)
        replies = []
        for connection, rest in begun:
            connection.sendall(rest)
            reply = http.client.HTTPResponse(connection)
            reply.begin()
            replies.append((reply.status, json.loads(reply.read())["code"]))
            connection.close()
        assert replies == [(400, "csrf_failed")] * HALF_SENT
        assert server.wait(timeout=30) in (0, -signal.SIGTERM)
        stop.set()
        for thread in threads:
            thread.join(timeout=30)
    finally:
        stop.set()
        kill(server)
    assert [error for learner in learners for error in learner.errors] == []
    with database.reading() as session:
        submitted = {str(a.id): a for a in session.scalars(select(Attempt).where(Attempt.submitted_at.is_not(None)))}
    for item in (one for learner in learners for one in learner.acknowledged):
        assert (submitted[item["id"]].score, submitted[item["id"]].responses) == (item["score"], item["answers"])
