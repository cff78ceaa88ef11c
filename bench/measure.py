"""What a command costs, with every process that it started, whoever ends up as its parent."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Event

SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER (prctl(2)): processes whose parent is gone become ours, and so does what they cost."""

PAUSE = Event()


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run cost.

    Attributes:
        cpu: Seconds of user and system time of all its processes.
        wall: Seconds until the command itself ended.
        peak: Most bytes that all its processes held at one moment, pages that they share counted in proportion.
    """

    cpu: float
    wall: float
    peak: int


def run(command: Sequence[str], *, folder: Path | None = None, **environment: str) -> Cost:
    """Run a command to its end.

    Raises:
        RuntimeError: It failed; with what it said.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    before, began, peak = _spent(), time.perf_counter(), 0
    with subprocess.Popen(
        list(command), cwd=folder, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        output = b""
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        while process.poll() is None:
            output += process.stdout.read() or b""
            peak = max(peak, _held(os.getpid()))
            PAUSE.wait(0.05)
        wall = time.perf_counter() - began
        output += process.stdout.read() or b""
    # Processes that it left behind end by themselves; only then is it known what they cost.
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    if process.returncode:
        raise RuntimeError(f"{command[0]} failed: {output.decode(errors='replace')[-800:]}")
    return Cost(_spent() - before, wall, peak)


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _held(parent: int) -> int:
    """Bytes that the descendants of a process hold."""
    held = 0
    with contextlib.suppress(OSError, ValueError):
        for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
            with contextlib.suppress(OSError, StopIteration):
                lines = Path(f"/proc/{child}/smaps_rollup").read_text().splitlines()
                held += int(next(line for line in lines if line.startswith("Pss:")).split()[1]) * 1024
            held += _held(int(child))
    return held


def alternate(runs: int, *makers: Callable[[], Cost]) -> list[list[Cost]]:
    """Costs of several things, run in turn, so that whatever else the machine does falls on each of them."""
    found: list[list[Cost]] = [[] for _ in makers]
    for _ in range(runs):
        for costs, make in zip(found, makers, strict=True):
            costs.append(make())
    return found


def ratio(ours: Sequence[float], baseline: Sequence[float]) -> str:
    """Median of the ratios, run by run, with the smallest and the largest."""
    found = sorted(one / other for one, other in zip(ours, baseline, strict=True))
    return f"{median(found):.3f} x ({found[0]:.3f} to {found[-1]:.3f})"


def table(rows: Mapping[str, str]) -> None:
    """Print what was found."""
    for name, value in rows.items():
        print(f"{value:<32} {name}", flush=True)
