"""`make check`, `make test` and `make test-quick`: every part in turn, and a last line that says what was not run.

`CI=true` makes a part that cannot run a failure.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to run."""

    name: str
    command: list[str]


CHECKS = (
    Part("format (Python)", [str(BIN / "ruff"), "format", "--check", "--quiet", "."]),
    Part("lint (Python)", [str(BIN / "ruff"), "check", "--quiet", "."]),
    Part("types", [str(BIN / "mypy"), "--no-error-summary"]),
    Part("import rules", [str(BIN / "lint-imports"), "--no-cache"]),
    Part("format and lint (JavaScript, CSS)", ["npx", "biome", "check", "--error-on-warnings"]),
)


WORKERS = min(8, 2 * (os.cpu_count() or 1))
"""Two for each core: browsers, disks and databases let processes wait for half of their time."""

PYTEST = [sys.executable, "-m", "pytest", "-q", "-n", str(WORKERS)]
QUICK = [str(ROOT / "tests" / "unit"), str(ROOT / "tests" / "functional")]


def find_browser() -> str | None:
    """Chromium on this machine, or None."""
    named = os.environ.get("AIRLOCK_TEST_BROWSER")
    return named or next((path for name in BROWSERS if (path := shutil.which(name))), None)


MEMORY = Path("/dev/shm")  # Where Linux keeps files in memory.
ENOUGH = 8 * 1024**3
"""Bytes that a run may take there: the sites and the environments that it makes."""


@contextlib.contextmanager
def temporary_folder() -> Iterator[dict[str, str]]:
    """The environment of tests; their files, tens of thousands of them, lie in memory where there is enough."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ENOUGH:
        yield dict(os.environ)
        return
    with tempfile.TemporaryDirectory(prefix="airlock-tests-", dir=MEMORY, ignore_cleanup_errors=True) as folder:
        yield {**os.environ, "TMPDIR": folder}


def run(part: Part) -> bool:
    """Run a part; its output is shown as it comes for tests, and after a failure for checks."""
    began = time.monotonic()
    live = part not in CHECKS
    print(f"── {part.name}", flush=True)
    with temporary_folder() as environment:
        done = subprocess.run(part.command, cwd=ROOT, check=False, capture_output=not live, text=True, env=environment)
    if done.returncode and not live:
        print(done.stdout + done.stderr)
    print(f"   {'failed' if done.returncode else 'passed'} in {time.monotonic() - began:.0f} s", flush=True)
    return done.returncode == 0


def plan(arguments: list[str], environment: Mapping[str, str], browser: str | None) -> tuple[list[Part], list[str]]:
    """The checks, and everything else unless only they are wanted; and what cannot be run here, with why.

    Args:
        arguments: "check" for the checks alone; "quick" for what an inner loop needs: SQLite, no browser, nothing slow.
        environment: Of this process.
        browser: Where Chromium is.
    """
    parts: list[Part] = list(CHECKS)
    missing: list[str] = []
    if arguments == ["quick"]:
        command = [*PYTEST, "--dist", "load", "-p", "no:randomly", *QUICK, "-m", "not slow and not postgresql"]
        parts.append(Part("Python tests that are quick", command))
        missing.append("PostgreSQL, browser and slow tests (make test has them)")
    elif arguments != ["check"]:
        parts.append(
            Part("JavaScript tests", ["node", "--test", *sorted(map(str, (ROOT / "tests" / "js").glob("*.test.mjs")))])
        )
        wanted = []
        if not environment.get("AIRLOCK_TEST_POSTGRESQL"):
            wanted.append("not postgresql")
            missing.append("PostgreSQL (AIRLOCK_TEST_POSTGRESQL is not set)")
        if browser is None:
            wanted.append("not browser")
            missing.append("browser tests (no Chromium found)")
        seed = environment.get("SEED")
        order = [f"--randomly-seed={seed}"] if seed else ["-p", "no:randomly"]
        command = [*PYTEST, "--dist", "loadgroup", *order]
        parts.append(Part("Python and browser tests", [*command, *(["-m", " and ".join(wanted)] if wanted else [])]))
    return parts, missing


def main(arguments: list[str]) -> int:
    """Run everything that can be run; the last line says what was not."""
    parts, missing = plan(arguments, os.environ, find_browser())
    failed = [part.name for part in parts if not run(part)]
    if missing and arguments != ["quick"] and os.environ.get("CI") == "true":
        failed.append("a part could not run")
    print()
    if failed:
        print("Failed: " + ", ".join(failed))
    print(f"Not run: {'; '.join(missing)}." if missing else "Everything was run.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
