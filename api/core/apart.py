"""Work that is slow on purpose, apart from what is quick.

A process serves one request at a time, which costs least (`server.py`). Hashing a password takes as long as twenty
requests: while one waits for it, others of the process go on, and it is done with what they leave of the processor.
"""

from __future__ import annotations

import io
import os
import sys
import threading
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any, ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
Serve = Callable[[Any, Any], Any]

_turn, _lane = threading.Lock(), threading.Lock()
_local = threading.local()
LEAST = 19
"""The nicest that a thread can be (setpriority(2))."""


READERS = 256
"""Bodies that a process receives at once; whoever comes beyond them is sent away, and threads are left for pages."""
_readers = threading.BoundedSemaphore(READERS)


def receive(environment: Any, largest: int) -> bool:
    """Read the body of a request before it has its turn: whoever sends slowly, or never ends, holds up nobody.

    Args:
        environment: Of the request; its body is there at once afterwards.
        largest: Bytes; what is longer is not read, and refused by whoever asks for it.

    Returns:
        Whether there was room to receive it.
    """
    text = str(environment.get("CONTENT_LENGTH") or "")
    length = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None
    chunked = "chunked" in str(environment.get("HTTP_TRANSFER_ENCODING", "")).lower()
    if not chunked and (not length or length > largest):
        return True
    if not _readers.acquire(blocking=False):
        return False
    try:
        body = environment["wsgi.input"].read(largest + 1 if chunked or length is None else length)
    except OSError:
        body = b""  # They hung up.
    finally:
        _readers.release()
    environment["wsgi.input"] = io.BytesIO(body)
    return True


def one_at_a_time(serve: Serve, slow: Collection[str], largest: int) -> Serve:
    """A WSGI application of which each process runs one request at a time, but for what it does apart.

    Args:
        serve: The application.
        slow: Paths of requests that do something apart: they follow one another in a lane of their own, so that a crowd
            of them stands in nobody else's way.
        largest: Bytes of a body.
    """

    def served(environment: Any, start: Any) -> Any:
        if not receive(environment, largest):
            start("503 Service Unavailable", [("Retry-After", "2"), ("Content-Type", "text/plain")])
            return [b"Too much is being sent right now."]
        with _lane if environment.get("PATH_INFO") in slow else nullcontext(), _turn:
            _local.has_turn = True
            try:
                return serve(environment, start)
            finally:
                _local.has_turn = False

    return served


def _be_nice() -> None:
    if sys.platform == "linux":  # Only there a priority is a thread's own.
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LEAST)


_workers = ThreadPoolExecutor(1, thread_name_prefix="apart", initializer=_be_nice)


def apart(work: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
    """Do slow work that lets go of the interpreter, and let other requests go on meanwhile.

    Nothing may be locked or open when it is called: no transaction.
    """
    waited = _workers.submit(work, *args, **kwargs)
    if not getattr(_local, "has_turn", False):
        return waited.result()
    _turn.release()
    try:
        return waited.result()
    finally:
        _turn.acquire()
