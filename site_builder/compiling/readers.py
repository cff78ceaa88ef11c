"""Reads pages in processes of their own, as many as there are cores, within limits of time and memory for each page.

Markdown parsers have inputs that keep them busy for hours. Such a page becomes a problem with its name; the others are
read all the same. What was read before is remembered, here and on the disk (`store`).
"""

from __future__ import annotations

import atexit
import importlib
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from typing import TYPE_CHECKING

from site_builder.compiling.store import Store, cache_folder, page_address
from site_builder.reading.compiled import Compiled, given_up
from site_builder.reading.files import Collector, Source
from site_builder.reading.frontmatter import read_front_matter

if TYPE_CHECKING:
    from pebble import ProcessFuture, ProcessPool

SECONDS = 10.0
"""How much of a processor one page may take. A long page of an ordinary course takes a hundredth of that."""

WAITING = 6
"""How many times that by the clock: on a busy machine a page waits for its turn. Where processors cannot be metered,
the clock alone decides."""

MEMORY = 2 * 1024**3
"""Bytes that a process may map: Python and its libraries need a tenth of it."""

KEPT = 5000
"""Pages that are remembered, so that a preview reads only what changed."""

MANY = 200
"""After so many pages the processes are ended: what comes next needs the memory, and new ones begin at once."""

READER = "site_builder.compiling.reader"

OUT_OF_TIME = -signal.SIGPROF if sys.platform != "win32" else 0
"""How a process ends whose page took too much of a processor; 0 where that cannot be metered."""

Done = Callable[[int, int], None]
"""Told how many of how many pages are read."""


def _begin(memory: int) -> None:
    importlib.import_module(READER).begin(memory)


def _read(path: str, text: str, lang: str, seconds: float) -> bytes | None:
    # By its name: this process needs none of the libraries that pages are read with.
    found: bytes | None = importlib.import_module(READER).read(path, text, lang, seconds)
    return found


def address_of(source: Source) -> bytes:
    """Hash of everything that decides what reading a page gives."""
    return page_address(source.path, source.lang, "\n".join(source.lines))


class Readers:
    """Processes that read pages, made when the first of them is needed.

    Args:
        seconds: How much of a processor one page may take.
        memory: Bytes that a process may map.
        store: Where pages are kept from one build to the next.
    """

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY, store: Store | None = None) -> None:
        self._seconds, self._memory = seconds, memory
        self.store = store or Store(None)
        self._pool: ProcessPool | None = None
        self._lock = threading.Lock()
        self._kept: OrderedDict[bytes, Compiled] = OrderedDict()

    def read(self, sources: Sequence[Source], done: Done = lambda now, of: None) -> list[Compiled]:
        """Read pages, each once; what cannot be read within the limits is a page with a problem.

        Args:
            sources: The pages.
            done: Told now and then how far it is.
        """
        with self._lock:
            addresses = [address_of(source) for source in sources]
            found = {address: self._kept.pop(address) for address in addresses if address in self._kept}
            kept = self.store.read(address for address in addresses if address not in found)
            found.update((address, pickle.loads(page)) for address, page in kept.items())  # noqa: S301  # This user's own.
            missing = {
                address: source for address, source in zip(addresses, sources, strict=True) if address not in found
            }
            found.update(self._read_missing(missing, done))
            for address in addresses:
                self._kept[address] = found[address]
            while len(self._kept) > max(KEPT, len(addresses)):
                self._kept.popitem(last=False)
            return [found[address] for address in addresses]

    def _read_missing(self, missing: dict[bytes, Source], done: Done) -> dict[bytes, Compiled]:
        """Pages that are read now; those of them that are sound are kept on the disk."""
        if not missing:
            return {}
        # Loaded when there is something to read: most builds find everything read already.
        from pebble import ProcessExpired

        found: dict[bytes, Compiled] = {}
        fresh: dict[bytes, bytes] = {}
        again = list(missing)
        for _ in range(2):
            # Processes that ended by no fault of a page are made anew, once.
            futures = [(address, self._schedule(missing[address], len(again))) for address in again]
            again = []
            for address, future in futures:
                source = missing[address]
                try:
                    page = future.result()
                    if page is None:
                        found[address] = _too_heavy(source, "memory")
                    else:
                        found[address] = pickle.loads(page)  # noqa: S301  # Our own child's.
                        fresh[address] = page
                except TimeoutError:
                    found[address] = _too_heavy(source, "time")
                except ProcessExpired as error:
                    found[address] = _too_heavy(source, "time" if error.exitcode == OUT_OF_TIME else "memory")
                except (BrokenProcessPool, CancelledError, RuntimeError):
                    again.append(address)
                done(len(found), len(missing))
            if not again:
                break
            self._end()
        found.update((address, _not_begun(missing[address])) for address in again)
        self.store.write(fresh)
        if len(missing) > MANY:
            self._end()
        return found

    def _schedule(self, source: Source, pages: int) -> ProcessFuture[bytes | None]:
        page = (source.path, "\n".join(source.lines), source.lang, self._seconds)
        limit = self._seconds * (WAITING if OUT_OF_TIME else 1)
        try:
            return self._running(pages).schedule(_read, args=page, timeout=limit)
        except RuntimeError:
            # Its processes ended while they had nothing to do.
            self._end()
            return self._running(pages).schedule(_read, args=page, timeout=limit)

    def _running(self, pages: int) -> ProcessPool:
        if self._pool is None:
            from pebble import ProcessPool

            # A process that is made from a small one, which has loaded the libraries already, begins at once.
            methods = multiprocessing.get_all_start_methods()
            context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
            if hasattr(context, "set_forkserver_preload"):
                context.set_forkserver_preload([READER])
            workers = min(os.cpu_count() or 1, pages)
            self._pool = ProcessPool(max_workers=workers, initializer=_begin, initargs=(self._memory,), context=context)
        return self._pool

    def close(self) -> None:
        """End the processes."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]  # Its own types leave that out.
            pool.join()


def _too_heavy(source: Source, limit: str) -> Compiled:
    return _without_body(
        source,
        code="page-too-heavy",
        found=f"a page that takes too much {limit}: it was given up",
        expected="a page that any Markdown builder reads in a moment",
        hint="Look for long rows of one sign ([, *, <), very deep lists, or a whole book in one page.",
    )


def _not_begun(source: Source) -> Compiled:
    return _without_body(
        source,
        code="page-failed",
        found="a page that was not read: no process could be started",
        expected="a machine with memory to spare",
        hint="Close other programs, or try it on another machine.",
    )


def _without_body(source: Source, *, code: str, found: str, expected: str, hint: str) -> Compiled:
    """A page of which only the front matter was read."""
    report = Collector(source.path)
    matter = read_front_matter(source.lines, report)
    body = given_up(source.path, matter.end if matter else 0, code=code, found=found, expected=expected, hint=hint)
    return Compiled(matter, body, tuple(report.problems))


@cache
def default_readers() -> Readers:
    """Those of this process; they end with it."""
    readers = Readers(store=Store(cache_folder()))
    atexit.register(readers.close)
    return readers
