"""Whoever sends a request slowly, or never ends it, holds up nobody (case S2-5)."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from api.core.database import Database
from api.core.schema_state import upgrade
from tests.browser.conftest import free_port, running
from tests.conftest import SECRET

SENDERS = 50
BODY = (
    b"POST /api/v1/sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b'Content-Type: application/json\r\nContent-Length: 900\r\n\r\n{"a'
)
CHUNK = b"POST /api/v1/sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"
HEAD = b"POST /api/v1/sign-in HTTP/1.1\r\nHost: 127.0"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server of two processes, as it runs in a centre."""
    path: Path = tmp_path_factory.mktemp("slow") / "airlock.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database.engine)
    database.engine.dispose()
    number = free_port()
    environment = {
        "AIRLOCK_URL": f"http://127.0.0.1:{number}", "DATABASE_URL": f"sqlite:///{path}", "AIRLOCK_SECRET_KEY": SECRET,
        "AIRLOCK_AUDIT_KEY": SECRET[::-1],
    }  # fmt: skip
    with running(number, environment):
        yield number


def send(port: int, path: str, body: object = None) -> int:
    """The status of an honest request; it is answered while the others still send."""
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.slow
@pytest.mark.parametrize("begun", [BODY, CHUNK, HEAD], ids=["body", "chunks", "head"])
def test_fifty_slow_senders_hold_up_nobody(port: int, begun: bytes) -> None:
    with ExitStack() as held:
        for _ in range(SENDERS):
            one = held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
            one.sendall(begun)
        for _ in range(20):
            assert send(port, "/healthz") == 200
            assert send(port, "/api/v1/me") == 200
        # An honest request with a body is read and answered too: here, that its token is missing.
        assert send(port, "/api/v1/sign-in", {"email": "a@example.org", "password": "x"}) == 400
    assert send(port, "/healthz") == 200, "and when they hang up"


@pytest.mark.slow
def test_a_body_that_is_too_long_is_refused_unread(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as one:
        one.sendall(BODY.replace(b"900", b"99999999"))
        assert b" 413 " in one.recv(200)
