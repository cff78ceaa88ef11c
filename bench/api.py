"""What requests cost the server, relative to requests that do nothing and to the bare statements, on each database.

    make bench-api            # C1 to C5 and C7 of docs/performance.md
    make soak-api SECONDS=600 # C6: begin and hand in without a pause

A baseline runs in the same command, before and after what is compared with it. "CPU" is that of the server's processes;
the databases' own is left out on both sides.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

import psycopg

from bench.load import PASSWORD, Reply, School, Step, again, attempts, drive, schools

PAIRS = 400
TABLES = ("idempotency_keys", "attempts", "evidence", "module_progress", "audit_entries")
"""What begins and hands in an attempt writes to; the rows of one pair are written again, bare."""


def percentile(values: Sequence[float], share: float) -> float:
    """The value that a share (0..1) of the others does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def cost(school: School, work: Callable[[], int]) -> float:
    """Seconds of the server's CPU for one of what `work` does; it gives how many it did."""
    before = school.cpu()
    count = work()
    return (school.cpu() - before) / count


def simple(school: School, request: bytes, number: int, connections: int = 4) -> float:
    """Seconds of CPU for one request that is always the same."""

    def work() -> int:
        replies = drive(school.port, again(request, number), connections)
        assert {reply.status for reply in replies} == {200}, Counter(reply.status for reply in replies)
        return number

    return cost(school, work)


def pairs(school: School, number: int, connections: int) -> list[Reply]:
    """Begin and hand in; a learner is there once."""
    return drive(school.port, attempts(school, number), connections)


def bare(school: School) -> float:
    """Seconds of this process for the rows of one pair, by the driver alone, prepared, in two transactions."""
    sqlite = school.kind == "SQLite"
    connection: Any = (
        sqlite3.connect(school.url.removeprefix("sqlite:///"), isolation_level=None)
        if sqlite
        else psycopg.connect(school.url.replace("+psycopg", ""), autocommit=True)
    )
    mark = "?" if sqlite else "%s"
    rows: list[tuple[str, list[Any], list[str]]] = []
    for table in TABLES:
        copy = f"bare_{table}"
        connection.execute(f"CREATE TABLE {copy} AS SELECT * FROM {table} WHERE 1 = 0")
        wanted = 2 if table in ("idempotency_keys", "audit_entries", "evidence") else 1
        found = connection.execute(f"SELECT * FROM {table} LIMIT {wanted} OFFSET 50")
        names = [column[0] for column in found.description]
        sentence = f"INSERT INTO {copy} VALUES ({', '.join(mark for _ in names)})"
        rows += [
            (sentence, [json.dumps(value) if isinstance(value, dict | list) else value for value in row], names)
            for row in found.fetchall()
        ]
    count, best = 400, 1e9
    for _ in range(3):
        began = time.process_time()
        for _ in range(count):
            for half in (rows[::2], rows[1::2]):
                connection.execute("BEGIN IMMEDIATE" if sqlite else "BEGIN")
                for sentence, values, _ in half:
                    connection.execute(sentence, values)
                connection.execute("COMMIT")
        best = min(best, (time.process_time() - began) / count)
    for table in TABLES:
        connection.execute(f"DROP TABLE bare_{table}")
    connection.close()
    return best


def spread(values: Sequence[float], form: str = "{:.2f}") -> str:
    """Median, least and greatest."""
    return f"{form.format(median(values))} ({form.format(min(values))} to {form.format(max(values))})"


def tell(name: str, target: str, found: str) -> None:
    """Print one line of the table."""
    print(f"  {name:52} {found:34} {target}", flush=True)


def costs(school: School, runs: int) -> None:
    """C1, C4 and C5: CPU alone."""
    assert school.teacher is not None
    with school.serving():
        health = school.request(None, "GET", "/healthz")
        unknown, known = school.request(None, "GET", "/api/v1/me"), None
        drive(school.port, attempts(school, 100), 4)
        ratios, absolute, rests, people = [], [], [], []
        for _ in range(runs):
            empty = simple(school, health, 1000)
            pair = cost(school, lambda: len(pairs(school, PAIRS, 4)) // 2)
            rows = bare(school)
            ratios.append(pair / (2 * empty + rows))
            absolute.append(pair * 1000)
            rests.append((2 * empty + rows) * 1000)
            known = school.request(school.learners[0], "GET", "/api/v1/me")
            people.append((simple(school, known, 1000) - simple(school, unknown, 1000)) * 1000)
        tell("C1 begin + hand in / (2 empty + rows)", "at most 3, aim 2", spread(ratios))
        tell("   milliseconds of CPU, and of the baseline", "", f"{median(absolute):.2f}, {median(rests):.2f}")
        tell("C5 recognising a person, ms", "at most 0.15", spread(people, "{:.3f}"))
        path = f"/api/v1/classes/{school.group}/matrix"
        table = school.request(school.teacher, "GET", path, headers=("Accept-Encoding: br, gzip",))
        empty = simple(school, health, 500)
        spent = [simple(school, table, 30) * 1000 for _ in range(runs)]
        (reply,) = drive(school.port, again(table, 1), 1)
        tell("C4 matrix of 200 x 20, ms", "under 30", spread(spent, "{:.1f}"))
        tell("   kB over the wire", "at most 60", f"{reply.size / 1000:.1f}")


def latency(replies: Sequence[Reply]) -> tuple[float, float, int]:
    """Median and 99th percentile in milliseconds, and how many failed."""
    times = [reply.seconds * 1000 for reply in replies]
    return percentile(times, 0.5), percentile(times, 0.99), sum(reply.status >= 400 for reply in replies)


def crowd(school: School, runs: int) -> None:
    """C2, C3 and C7: many at once."""
    speeds: dict[str, list[float]] = {"FULL": [], "NORMAL": []}
    for _ in range(runs):
        for synchronous, found in speeds.items():
            if school.kind != "SQLite" and synchronous == "NORMAL":
                continue
            with school.serving(BENCH_SYNCHRONOUS=synchronous):
                pairs(school, 100, 4)
                began = time.perf_counter()
                replies = pairs(school, 600, 32)
                found.append(len(replies) / 2 / (time.perf_counter() - began))
                if synchronous == "FULL":
                    middle, last, failed = latency(replies)
                    tell("C2 p99 / p50 at 32 connections", "at most 5", f"{last / middle:.2f} ({middle:.0f} ms)")
                    tell("   errors", "none", str(failed))
    if school.kind == "SQLite":
        both = zip(speeds["FULL"], speeds["NORMAL"], strict=True)
        tell("C3 pairs a second, FULL / NORMAL", "at least 0.85", spread([full / normal for full, normal in both]))
    tell("   pairs a second", "", spread(speeds["FULL"], "{:.0f}"))
    with school.serving():
        pairs(school, 100, 4)
        for _ in range(runs):
            calm = latency(pairs(school, 600, 8))[1]
            stormy = latency(storm(school, 600))[1]
            tell("C7 p99 of hand-ins with 30 sign-ins / without", "at most 2", f"{stormy / calm:.2f}")


def storm(school: School, number: int) -> list[Reply]:
    """Pairs over 8 connections, and meanwhile 30 passwords at the same moment; gives the replies to the pairs."""

    def sign_in(place: int) -> Step:
        body = {"email": f"learner-{place}@bench.airlock.example", "password": PASSWORD}
        headers = (f"X-Forwarded-For: 10.0.0.{place}",)
        left = iter((school.request(school.learners[place], "POST", "/api/v1/sign-in", body, headers), None))

        def step(reply: Reply | None) -> bytes | None:
            assert reply is None or reply.status == 200, reply.body
            return next(left)

        return step

    crowd = (sign_in(place) for place in range(30))
    return drive(school.port, attempts(school, number), 8, beside=(crowd, 30))


def soak(school: School, seconds: float) -> None:
    """C6: as many pairs as there are, for some time."""
    with school.serving():
        pairs(school, 200, 8)
        before = school.memory()
        began = time.perf_counter()
        replies = drive(school.port, attempts(school, 10**9), 32, seconds)
        took = time.perf_counter() - began
        middle, last, failed = latency(replies)
        server = sum(reply.status >= 500 for reply in replies)
        target = 100 if school.kind == "SQLite" else 200
        tell("C6 pairs a second", f"at least {target}", f"{len(replies) / 2 / took:.0f} for {took:.0f} s")
        tell("   p50 and p99, ms", "p99 under 500", f"{middle:.0f}, {last:.0f}")
        tell("   replies that failed, and by the server", "none", f"{failed}, {server}")
        tell("   MB of memory before and after", "flat", f"{before:.0f}, {school.memory():.0f}")


def main() -> None:
    """Measure and print."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--runs", type=int, default=3)
    reader.add_argument("--soak", type=float, default=0, help="seconds; without it: costs and crowds")
    reader.add_argument("--part", default="", choices=("", "costs", "crowd"))
    reader.add_argument("--only", default="", choices=("", "sqlite", "postgresql"))
    said = reader.parse_args()
    with schools(lessons=200 if said.soak else 40, learners=2000 if said.soak else 800, only=said.only) as found:
        for school in found:
            print(school.kind, flush=True)
            if said.soak:
                soak(school, said.soak)
            else:
                for name, part in (("costs", costs), ("crowd", crowd)):
                    if said.part in ("", name):
                        part(school, said.runs)


if __name__ == "__main__":
    main()
