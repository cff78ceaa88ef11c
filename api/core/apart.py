"""Work that is slow on purpose, apart from what is quick.

A process serves one request at a time, which costs least (`server.py`). Hashing a password takes as long as twenty
requests: while one waits for it, others of the process go on, and it is done with what they leave of the processor.
"""

from __future__ import annotations

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


def one_at_a_time(serve: Serve, slow: Collection[str]) -> Serve:
    """A WSGI application of which each process runs one request at a time, but for what it does apart.

    Args:
        serve: The application.
        slow: Paths of requests that do something apart: they follow one another in a lane of their own, so that a crowd
            of them stands in nobody else's way.
    """

    def served(environment: Any, start: Any) -> Any:
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
