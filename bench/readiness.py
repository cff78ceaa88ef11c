"""What readiness costs: a class of 30 relative to its matrix, and everybody who has a place in a month of events.

    make bench-readiness

Processor of whole requests, without a network. The month: 300 practicals of 20 places each, 6,000 in all, of learners
who did the shipped course.
"""

from __future__ import annotations

import logging
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert, select

from api.accounts.act import Act
from api.accounts.links import make_link
from api.accounts.models import Person
from api.app import create_app
from api.briefings.month import readiness_ahead
from api.catalogue.operations import store_catalogue
from api.classes.models import Class, ClassMember
from api.classes.operations import add_learner
from api.core.audit import Chain
from api.core.config import Settings
from api.core.database import Database
from api.core.logs import set_up_logs
from api.core.schema_state import upgrade
from api.demo import add_sample_people
from api.events.models import Booking, Event, HalfDay
from api.evidence.models import ModuleProgress
from api.learning.models import Attempt
from bench.classes import CONTENT
from site_builder.compiling.loader import load

AT = datetime.now(UTC)
CLASS, EVENTS, PLACES, RUNS, TIMES = 30, 300, 20, 5, 20
ENTRY = "entering-grade-b/first-entry"
KEY = "8OYXxQUHrNUzP5tZnSPSBFkVx1FbMsgW4mXqoXyV"


def cpu(work: Callable[[], Any]) -> float:
    """Seconds of this process for one, as the median of some runs."""
    taken = []
    for _ in range(RUNS):
        began = time.process_time()
        for _ in range(TIMES):
            work()
        taken.append((time.process_time() - began) / TIMES)
    return median(taken)


def copies(session: Any, people: list[Person]) -> None:
    """As many people as are wanted did what somebody else did."""
    models = [person for person in session.scalars(select(Person)) if person.role == "learner"]
    found: dict[uuid.UUID, tuple[list[Any], list[Any]]] = {
        one.id: (
            list(session.scalars(select(ModuleProgress).where(ModuleProgress.person_id == one.id))),
            list(session.scalars(select(Attempt).where(Attempt.person_id == one.id))),
        )
        for one in models
    }
    for table, place in ((ModuleProgress, 0), (Attempt, 1)):
        names = [column.key for column in table.__table__.columns]
        rows = [
            {
                **{name: getattr(row, name) for name in names},
                "person_id": person.id,
                **({"id": uuid.uuid4()} if table is Attempt else {}),
            }
            for number, person in enumerate(people)
            for row in found[models[number % len(models)].id][place]
        ]
        session.connection().execute(insert(table), rows)  # Past the trail: nobody verifies this one.


def add(session: Any, number: int, name: str) -> list[Person]:
    """More people, with what they did."""
    people = [
        Person(email=f"{name}{place}@example.org", name=f"{name} {place}", role="learner", lang="en", created_at=AT)
        for place in range(number)
    ]
    session.add_all(people)
    session.flush()
    copies(session, people)
    return people


def main() -> None:
    """Both measurements."""
    set_up_logs(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'airlock.db'}", Chain(KEY.encode()))
        upgrade(database.engine)
        with database.writing() as session:
            store_catalogue(Act(session, AT - timedelta(days=30), "bench"), load(CONTENT).catalogue)
            add_sample_people(session, AT)
        with database.writing() as session:
            act = Act(session, AT, "bench")
            group = session.scalars(select(Class).order_by(Class.created_at)).first()
            assert group is not None
            there = session.query(ClassMember).filter_by(class_id=group.id, teaches=False).count()
            for person in add(session, CLASS - there, "More"):
                add_learner(act, group, person)
            path, teacher = (
                f"/api/v1/classes/{group.id}",
                session.scalars(
                    select(Person)
                    .join(ClassMember, ClassMember.person_id == Person.id)
                    .where(ClassMember.class_id == group.id, ClassMember.teaches.is_(True))
                ).first(),
            )
            assert teacher is not None
            token = make_link(act, teacher, "sign-in")
        settings = Settings(url="http://127.0.0.1:8000", database_url="", secret_key=KEY, audit_key=KEY)
        client = create_app(settings, database=database).test_client()
        csrf = client.get("/api/v1/me").get_json()["csrf_token"]
        signed = client.post("/api/v1/sign-in/link", json={"token": token}, headers={"X-CSRFToken": csrf})
        assert signed.status_code == 200, signed.text

        def get(address: str) -> Any:
            reply = client.get(address)
            assert reply.status_code == 200, reply.text
            return reply

        ready = f"{path}/readiness?module={ENTRY}&lang=en"
        assert len(get(ready).get_json()["people"]) == CLASS
        get(f"{path}/matrix?lang=en")
        matrix, mine = cpu(lambda: get(f"{path}/matrix?lang=en")), cpu(lambda: get(ready))
        spent = f"{1000 * mine:.1f}, {1000 * matrix:.1f} ms"
        print(f"readiness of a class of {CLASS} / its matrix: {mine / matrix:.2f} ({spent})")
        month(database, matrix)
        database.engine.dispose()


def month(database: Database, matrix: float) -> None:
    """Everybody who has a place in a month."""
    with database.writing() as session:
        people = add(session, EVENTS * PLACES, "Many")
        trainer = session.scalars(select(Person).where(Person.role == "trainer")).first()
        for number in range(EVENTS):
            begins = AT + timedelta(hours=2 * number + 2)
            event = Event(
                module_ids=[ENTRY],
                places=PLACES,
                lang="en",
                timezone="Europe/Brussels",
                begins=begins,
                created_at=AT,
                created_by=trainer.id if trainer else people[0].id,
            )
            session.add(event)
            session.flush()
            session.add(HalfDay(event_id=event.id, number=1, begins=begins, ends=begins + timedelta(hours=1)))
            for person in people[number * PLACES : (number + 1) * PLACES]:
                session.add(
                    Booking(
                        event_id=event.id,
                        person_id=person.id,
                        state="booked",
                        at=AT,
                        booked_by=person.id,
                        why="",
                        late=False,
                        changes=1,
                    )
                )
        Act(session, AT, "bench").record("bench", "bench")
    with database.reading() as session:
        began = time.process_time()
        lines = list(readiness_ahead(session, AT, 31))
        taken = time.process_time() - began
    places = sum(line.people for line in lines)
    each = taken / places / (matrix / CLASS)
    print(f"a month of {len(lines)} events with {places:,} places: {taken:.1f} s")
    print(f"  for one of them / what a matrix costs for one learner: {each:.2f}")


if __name__ == "__main__":
    main()
