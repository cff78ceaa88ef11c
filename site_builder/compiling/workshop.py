"""Reads pages in a process of its own, within limits of time and memory for each page.

Markdown parsers have inputs that keep them busy for hours. Such a page becomes a problem with its name; the others are
read all the same.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from site_builder.reading.bodies import Body, given_up

SECONDS = 10.0
"""How long one page may take. A long page of an ordinary course takes a hundredth of that."""

START_SECONDS = 120.0
"""How long the process may take to begin, which is no page's fault."""

MEMORY = 2 * 1024**3
"""Bytes that the process may map: Python and its libraries need a tenth of it."""

KEPT_BODIES = 5000
"""Pages that are remembered, so that a preview reads only what changed."""

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = "from site_builder.compiling.worker import main; main({memory})"

Request = tuple[str, list[str], int, str]
"""Path, lines, index of the first line of the body, language."""

FIRST: Request = ("", ["Text.", "", "<quiz>", "Is it?", "- [x] Yes", "- [ ] No", "</quiz>"], 0, "en")
"""What a new process reads first, so that it has loaded what every page needs."""


class Workshop:
    """One process, made when it is first needed and made again when it had to be killed."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds, self._memory = seconds, memory
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, tuple[str, ...], int, str], Body] = OrderedDict()

    def read(self, path: str, lines: Sequence[str], start: int, lang: str) -> Body:
        """Read the body of a page; what cannot be read within the limits is a body with a problem."""
        key = (path, tuple(lines), start, lang)
        with self._lock:
            body = self._kept.pop(key, None) or self._ask(path, list(lines), start, lang)
            self._kept[key] = body
            if len(self._kept) > KEPT_BODIES:
                self._kept.popitem(last=False)
        return body

    def _ask(self, path: str, lines: list[str], start: int, lang: str) -> Body:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = self._begin()
            self._exchange(FIRST, START_SECONDS)
        body, late = self._exchange((path, lines, start, lang), self._seconds)
        return body or _too_heavy(path, start, "time" if late else "memory")

    def _begin(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603  # Our own interpreter and module.
            [sys.executable, "-c", PROGRAM.format(memory=self._memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *_python_path()])},
        )

    def _exchange(self, request: Request, seconds: float) -> tuple[Body | None, bool]:
        """The reply of the process, None without one; and whether the time was over."""
        process = self._process
        if process is None:
            return None, False
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Event()

        def give_up() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(seconds, give_up)
        timer.start()
        body: Body | None = None
        try:
            pickle.dump(request, process.stdin)
            process.stdin.flush()
            body = pickle.load(process.stdout)  # noqa: S301  # Our own child's.
        except (EOFError, OSError, pickle.UnpicklingError):
            self._end()
        finally:
            timer.cancel()
            timer.join()
        if late.is_set():
            # The reply may have come at the last moment; the process is gone all the same, and no use to the next page.
            self._end()
        return body, late.is_set()

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                # A request may have been on its way when the process ended.
                with contextlib.suppress(OSError):
                    pipe.close()
        process.wait()


def _python_path() -> list[str]:
    return [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]


def _too_heavy(path: str, start: int, limit: str) -> Body:
    return given_up(
        path,
        start,
        code="page-too-heavy",
        found=f"a page that takes too much {limit}: it was given up",
        expected="a page that any Markdown builder reads in a moment",
        hint="Look for long rows of one sign ([, *, <), very deep lists, or a whole book in one page.",
    )


@cache
def default_workshop() -> Workshop:
    """The one of this process; it ends with it."""
    workshop = Workshop()
    atexit.register(workshop.close)
    return workshop
