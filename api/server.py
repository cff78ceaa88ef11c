"""The server: several processes, of which each runs one request at a time (`core/apart.py`).

More of them at once in one process would wait for one another's turn at the interpreter with each row of SQLite.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    from waitress import serve as waitress_serve
else:
    from granian import Granian
    from granian.constants import Interfaces

from api.app import create_from_environment

TARGET = "api.app:create_from_environment"
WAITING = 512
"""Threads of a process: so many can wait for a password to be hashed, or for somebody who sends slowly, while others
are served; half of them are never given to senders (`core/apart.py`)."""


def serve(host: str, port: int, workers: int) -> None:
    """Serve until interrupted. The settings are read from the environment by every process."""
    if sys.platform == "win32":
        waitress_serve(create_from_environment(), host=host, port=port, threads=64)
    else:
        Granian(
            TARGET,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=max(1, workers),
            blocking_threads=WAITING,
            runtime_threads=1,
            factory=True,
            log_enabled=False,
            respawn_failed_workers=True,
            backlog=1024,
            # Ctrl+C reaches the workers too, and one that has served a request may not end by itself.
            workers_kill_timeout=3,
        ).serve()
