"""What a process that reads pages does. It trusts nothing but its parent.

A page that asks for too much memory gets a MemoryError here, and harms nobody else; one that takes too much of a
processor ends the process, and so does, from outside, one that takes too long by the clock.
"""

from __future__ import annotations

import contextlib
import pickle
import signal
import sys
import traceback

from site_builder.reading.bodies import compile_page
from site_builder.reading.compiled import Body, Compiled, given_up

if sys.platform != "win32":
    import resource

EXAMPLE = ["Text.", "", "<quiz>", "Is it?", "- [x] Yes", "- [ ] No", "</quiz>"]
"""What every process reads first, so that it has loaded what every page needs."""


def begin(memory: int) -> None:
    """Before the first page.

    Args:
        memory: Bytes that the process may map.
    """
    compile_page("", EXAMPLE, "en")
    if sys.platform != "win32":
        # Some systems refuse; the time is limited all the same.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def read(path: str, text: str, lang: str, seconds: float) -> bytes | None:
    """A page, compiled and pickled; None when it takes too much memory. One that takes too long ends the process."""
    _meter(seconds)
    try:
        lines = text.split("\n")
        return pickle.dumps(compile_page(path, lines, lang), protocol=pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return None
    except Exception as error:  # noqa: BLE001  # A defect in one page's reading must not take the others along.
        traceback.print_exc()
        return pickle.dumps(Compiled(None, _failed(path, error)))
    finally:
        _meter(0)


def _meter(seconds: float) -> None:
    """Let the system end this process after so much of a processor; 0 is never."""
    if sys.platform != "win32":
        # Without a handler on purpose: one in Python would wait for the very expression that does not end.
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _failed(path: str, error: Exception) -> Body:
    return given_up(
        path,
        0,
        code="page-failed",
        found=f"a page on which Airlock itself fails ({type(error).__name__}: {error})",
        expected="a page that it reads",
        hint="This is a defect of Airlock: please report it, with the page.",
    )
