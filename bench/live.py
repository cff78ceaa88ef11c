"""What 200 phones cost that answer a question in a room, relative to phones that ask for all of it each second.

    make bench-live

A phone asks every two seconds whether something changed, and answers once; most replies are "nothing did" (304). The
baseline, plain polling, asks for the whole reply every second. Both are measured on the same server.
"""

from __future__ import annotations

import urllib.request
from datetime import UTC, datetime, timedelta
from statistics import median

from api.accounts.act import Act
from api.accounts.models import Person
from api.core.audit import Chain
from api.core.database import Database
from api.events.booking import book
from api.events.live import ask, askable
from api.events.models import Event, HalfDay
from bench.api import cost, percentile, spread, tell
from bench.load import SECRET, School, Step, again, drive, schools

PHONES, RUNS = 200, 3
OURS, PLAIN = 2, 1
"""Seconds between two looks of a phone."""


def prepare(school: School) -> tuple[str, str]:
    """An event at which everybody has a place, with an open question; gives the ids of both."""
    database = Database(school.url, Chain(SECRET.encode()))
    begins = datetime.now(UTC) + timedelta(minutes=5)
    assert school.teacher is not None
    with database.writing() as session:
        event = Event(
            module_ids=[next(iter(school.catalogue.modules))],
            places=PHONES,
            lang="en",
            timezone="Europe/Brussels",
            link="https://meet.example/bench",
            open_to_all=True,
            begins=begins,
            created_at=begins,
            created_by=school.teacher.id,
        )
        session.add(event)
        session.flush()
        session.add(HalfDay(event_id=event.id, number=1, begins=begins, ends=begins + timedelta(hours=1)))
        session.flush()
        act = Act.of(session, session.get_one(Person, school.teacher.id), datetime.now(UTC), scope="all")
        book(act, event, [session.get_one(Person, visitor.id) for visitor in school.learners[:PHONES]])
        one = next(askable(session, event, "en"))
        asked = ask(act, event, one.module.id, one.quiz.id, one.question.id)
        found = str(event.id), str(asked.id)
    database.engine.dispose()
    return found


def phones(school: School) -> None:
    """One school: the cost of each kind of request, and what it comes to for a room."""
    event, question = prepare(school)
    path = f"/api/v1/events/{event}/live"
    with school.serving():
        visitors = school.learners[:PHONES]
        whole = school.request(visitors[0], "GET", path)
        (first,) = drive(school.port, again(whole, 1), 1)
        assert first.status == 200, first.body
        full, asked, waits = list[float](), list[float](), list[float]()
        for _ in range(RUNS):
            full.append(cost(school, lambda: len(drive(school.port, again(whole, 1000), 4))))
            answer = f"{path}/{question}/answer"
            said = [school.request(visitor, "POST", answer, {"option": "1"}) for visitor in visitors]

            def answer_all(said: list[bytes] = said) -> int:
                replies = drive(school.port, (_once(one) for one in said), 32)
                assert {reply.status for reply in replies} == {200}
                waits.extend(reply.seconds for reply in replies)
                return len(replies)

            per_answer = cost(school, answer_all)
            tag = _tag(school, visitors[0].cookie, path)
            nothing = school.request(visitors[0], "GET", path, headers=(f"If-None-Match: {tag}",))

            def look(nothing: bytes = nothing) -> int:
                replies = drive(school.port, again(nothing, 1000), 4)
                assert {reply.status for reply in replies} == {304}
                return len(replies)

            asked.append(cost(school, look))
        ratios = [(PHONES / OURS * one) / (PHONES / PLAIN * other) for one, other in zip(asked, full, strict=True)]
        print(school.kind)
        tell("processor for 200 phones / plain polling", "", spread(ratios))
        tell("  of one core, plain polling: 200 whole replies a second", "", f"{PHONES / PLAIN * median(full):.0%}")
        tell("  of one core: 100 looks a second", "", f"{PHONES / OURS * median(asked):.0%}")
        each = ", ".join(f"{1000 * one:.2f}" for one in (median(full), median(asked), per_answer))
        tell("  ms for a whole reply, a look, an answer", "", each)
        slowest = f"{1000 * median(waits):.0f}, {1000 * percentile(waits, 0.99):.0f}"
        tell("200 answers at once over 32 connections: p50, p99 ms", "", slowest)


def _once(request: bytes) -> Step:
    return lambda reply: request if reply is None else None


def _tag(school: School, cookie: str, path: str) -> str:
    request = urllib.request.Request(f"http://127.0.0.1:{school.port}{path}", headers={"Cookie": cookie})
    with urllib.request.urlopen(request, timeout=20) as reply:
        return str(reply.headers["ETag"])


def main() -> None:
    """Each database."""
    with schools(lessons=40, learners=PHONES) as found:
        for school in found:
            phones(school)


if __name__ == "__main__":
    main()
