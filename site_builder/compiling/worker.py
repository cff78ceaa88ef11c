"""The process that reads pages: one request after another, in pickles on standard input and output.

It trusts nothing but its parent. A page that asks for too much memory gets a MemoryError here, and harms nobody else;
one that takes too long is killed from outside.
"""

from __future__ import annotations

import contextlib
import pickle
import sys
import traceback

from site_builder.reading.bodies import Body, given_up, read_body

if sys.platform != "win32":
    import resource


def main(memory: int) -> None:
    """Answer requests until standard input ends.

    Args:
        memory: Bytes that the process may map.
    """
    if sys.platform != "win32":
        # Some systems refuse; the time is limited all the same.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # What a library prints must not end up among the replies.
    replies, sys.stdout = sys.stdout.buffer, sys.stderr
    while True:
        try:
            request = pickle.load(sys.stdin.buffer)  # noqa: S301  # Our own parent's.
        except (EOFError, MemoryError):
            return
        reply: Body | None
        try:
            reply = read_body(*request)
            answer = pickle.dumps(reply)
        except MemoryError:
            answer = pickle.dumps(None)
        except Exception as error:  # noqa: BLE001  # A defect in one page's reading must not take the others along.
            traceback.print_exc()
            answer = pickle.dumps(_failed(request[0], request[2], error))
        try:
            replies.write(answer)
            replies.flush()
        except BrokenPipeError:
            return  # The parent is gone.


def _failed(path: str, start: int, error: Exception) -> Body:
    return given_up(
        path,
        start,
        code="page-failed",
        found=f"a page on which Airlock itself fails ({type(error).__name__}: {error})",
        expected="a page that it reads",
        hint="This is a defect of Airlock: please report it, with the page.",
    )
