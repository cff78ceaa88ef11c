"""The process that reads pages: one request after another, in pickles on standard input and output.

It trusts nothing but its parent. A page that asks for too much memory gets a MemoryError here, and harms nobody else;
one that takes too long is killed from outside.
"""

from __future__ import annotations

import pickle
import sys

from site_builder.bodies import Body, read_body


def main(memory: int) -> None:
    """Answer requests until standard input ends.

    Args:
        memory: Bytes that the process may map.
    """
    try:
        import resource  # Not on Windows, where only the time is limited.

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ImportError, ValueError, OSError):
        pass
    # What a library prints must not end up among the replies.
    replies, sys.stdout = sys.stdout.buffer, sys.stderr
    while True:
        try:
            request = pickle.load(sys.stdin.buffer)  # noqa: S301  # Our own parent's.
        except EOFError:
            return
        reply: Body | None
        try:
            reply = read_body(*request)
            answer = pickle.dumps(reply)
        except MemoryError:
            answer = pickle.dumps(None)
        try:
            replies.write(answer)
            replies.flush()
        except BrokenPipeError:
            return  # The parent is gone.
