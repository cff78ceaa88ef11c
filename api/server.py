"""The server: several processes with one thread each, so that SQLite's readers do not wait for one another's lock."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    from waitress import serve as waitress_serve
else:
    from granian import Granian
    from granian.constants import Interfaces

from api.app import create_from_environment

TARGET = "api.app:create_from_environment"


def serve(host: str, port: int, workers: int) -> None:
    """Serve until interrupted. The settings are read from the environment by every process."""
    if sys.platform == "win32":
        waitress_serve(create_from_environment(), host=host, port=port, threads=1)
    else:
        Granian(
            TARGET,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=max(1, workers),
            blocking_threads=1,
            runtime_threads=1,
            factory=True,
            log_enabled=False,
            respawn_failed_workers=True,
            backlog=1024,
            # Ctrl+C reaches the workers too, and one that has served a request may not end by itself.
            workers_kill_timeout=3,
        ).serve()
