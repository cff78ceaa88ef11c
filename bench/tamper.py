"""Tamper with a database at random, with SQL alone and without the key, and see whether the audit trail shows it.

    make bench-tamper N=10000

Each tampering is made in a transaction of its own that is verified and rolled back. It prints how many of how many were
found, by kind, and fails unless it was all of them.
"""

from __future__ import annotations

import copy
import os
import sys
import tempfile
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    DateTime,
    Float,
    Integer,
    Numeric,
    RowMapping,
    Table,
    Uuid,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person
from api.accounts.operations import add_person
from api.catalogue.operations import current_catalogue, store_catalogue
from api.classes.mandates import give_mandate
from api.classes.operations import create_class
from api.core import audit
from api.core.audit import PROVEN, AuditEntry, AuditHead, AuditText, Chain
from api.core.config import database_url
from api.core.database import Database, UtcDateTime
from api.core.roles import ROLES
from api.core.schema_state import upgrade
from api.documents.facts import Subject
from api.documents.operations import issue
from api.events.attending import Seen, record_attendance
from api.events.booking import book
from api.events.door import Said, write_book
from api.events.models import Event
from api.events.passes import PassKey
from api.events.planning import EventPlan, plan_event
from api.events.signing import Observed, counter_sign, find_own_sign_off, sign_list, sign_off, sign_presence
from api.funding.inspecting import make_inspection
from api.learning.allowances import set_allowance
from api.learning.models import Attempt
from api.learning.operations import read_module, start_attempt, submit_attempt
from api.learning.regrading import Change, Plan, apply_regrade, result_of
from api.readiness.admitting import admit
from site_builder.compiling.loader import load
from site_builder.course.manifest import module_edition
from site_builder.course.model import Catalogue

KEY = b"bench-tamper-bench-tamper-bench-"
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ENTRIES: Table = AuditEntry.__table__  # type: ignore[assignment]  # They are tables.
TEXTS: Table = AuditText.__table__  # type: ignore[assignment]
HEAD: Table = AuditHead.__table__  # type: ignore[assignment]


def fill(database: Database, catalogue: Catalogue, learners: int) -> None:
    """People who begin, hand in, read, are given more attempts, come, sign and are signed off."""
    with database.writing() as session:
        teacher = add_person(
            Act(session, AT, "bench"), email=f"{uuid.uuid4()}@example.org", name="Trainer", role="trainer"
        )
        group = create_class(Act(session, AT, "bench"), name="Bench", teachers=[teacher])
        people = [
            add_person(
                Act(session, AT, "bench"), email=f"{uuid.uuid4()}@example.org", name=f"Learner {n}", role="learner"
            )
            for n in range(learners)
        ]
    moment = AT
    for person in people:
        for module in [module for module in catalogue.modules.values() if module.rules.is_read]:
            page, edition = module.page("en"), module_edition(module)
            for quiz in [quiz for quiz in page.quizzes if not quiz.practice]:
                moment += timedelta(minutes=7)
                with database.writing() as session:
                    act = Act.of(session, person, moment)
                    attempt = start_attempt(act, module_id=module.id, quiz_id=quiz.id, edition=edition, lang="en")
                with database.writing() as session:
                    act = Act.of(session, person, moment + timedelta(minutes=2))
                    said = {question.id: question.right_response() for question in quiz.questions}
                    shown = attempt.paper["questions"] if attempt.paper else list(said)
                    answers = {name: value for name, value in said.items() if name in shown}
                    submit_attempt(act, attempt.id, answers, edition=edition, lang="en", as_it_is=True)
            with database.writing() as session:
                read_module(Act.of(session, person, moment), module.id, edition)
            with database.writing() as session:
                act = Act.of(session, teacher, moment, why="ill")
                set_allowance(act, group.id, person, module.id, extra_attempts=1, time_factor=1.5)
    practicals = [module for module in catalogue.modules.values() if module.rules.has_checklist]
    for day, module in enumerate(practicals, start=1):
        half = (moment + timedelta(days=day), moment + timedelta(days=day, hours=3))
        with database.writing() as session:
            act = Act.of(session, teacher, moment)
            plan = EventPlan(
                (module.id,), (half,), (teacher.id,), 500, "Europe/Brussels", "en", link="https://x.example"
            )
            event_id = plan_event(act, plan).id
        with database.writing() as session:
            act, event = Act.of(session, teacher, half[0] - timedelta(minutes=1)), session.get_one(Event, event_id)
            book(act, event, [session.get_one(Person, person.id) for person in people])
            record_attendance(act, event, [Seen(person.id, 1, "present") for person in people])
            ticked = [Observed("ticked")] * len(module.page("en").checklist)
            signed = sign_off(act, event, module.id, {person.id: ticked for person in people}, teacher.name)
        with database.writing() as session:
            event = session.get_one(Event, event_id)
            for one in signed:
                learner = session.get_one(Person, one.person_id)
                act = Act.of(session, learner, half[1])
                counter_sign(act, find_own_sign_off(act, one.id), learner.name)
            for person in people:
                sign_presence(Act.of(session, person, half[1]), event, 1, person.name, *half)
            sign_list(Act.of(session, teacher, half[1]), event, 1, teacher.name)
            lines = [Said(uuid.uuid4(), 1, "in", half[0], "north", person_id=person.id) for person in people]
            write_book(Act.of(session, teacher, half[1]), event, PassKey.of(KEY.decode()), lines)
            for person in people:
                issue(Act.of(session, teacher, half[1]), Subject("presence", person.id, event.id), "en")
    moment += timedelta(days=len(practicals) + 1)
    _fill_office(database, teacher, people, moment)


def _fill_office(database: Database, teacher: Person, people: list[Person], at: datetime) -> None:
    """What an office does: mandates, links for inspectors, admissions, corrected keys."""
    with database.writing() as session:
        act = Act.of(session, teacher, at, why="agreed")
        for person in people:
            give_mandate(act, person, f"Works {person.name}")
            make_inspection(act, "Ministry", at.date(), at.date(), 7)
        practical = next(
            (module.id for module in current_catalogue(session).modules.values() if module.rules.has_checklist), None
        )
        for person in people if practical else ():
            admit(act, person.id, str(practical), at + timedelta(days=3), "agreed")
        for attempt in session.scalars(select(Attempt).where(Attempt.score.is_not(None)).limit(3)):
            before = result_of(attempt)
            change = Change(attempt, "", before, {**before, "score": 0.5}, ())
            quiz = (attempt.module_id, attempt.quiz_id, attempt.version, attempt.version)
            apply_regrade(act, Plan(*quiz, (attempt,), (change,), (), (), ()))


def _other(value: Any, kind: Any, name: str, chance: Random) -> Any:
    """Another value for a column."""
    if name == "role":
        return chance.choice([role for role in ROLES if role != value])
    if isinstance(kind, Boolean):
        return not value
    if isinstance(kind, UtcDateTime | DateTime):
        return (value or AT) + timedelta(seconds=chance.choice((-86400, -1, 1, 3600)))
    if isinstance(kind, Uuid):
        return uuid.UUID(int=chance.getrandbits(128), version=4)
    if isinstance(kind, JSON):
        return _other_json(value, chance)
    if isinstance(kind, Integer):
        return (value or 0) + chance.choice((1, 2, -1))
    if isinstance(kind, Float | Numeric):
        return (value or 0.0) + chance.choice((0.25, -0.125, 1.0))
    length = getattr(kind, "length", None) or 40
    return (("x" + (value or ""))[:length]) if ("x" + (value or ""))[:length] != value else "y" + value[1:]


def _other_json(value: Any, chance: Random) -> Any:
    changed = copy.deepcopy(value)
    if isinstance(changed, dict) and changed:
        name = chance.choice(sorted(changed))
        changed[name] = _other_json(changed[name], chance)
        return changed
    if isinstance(changed, list) and changed:
        place = chance.randrange(len(changed))
        changed[place] = _other_json(changed[place], chance)
        return changed
    if isinstance(changed, bool):
        return not changed
    if isinstance(changed, int | float):
        return changed + 1
    return f"{changed}x" if changed else "x"


def _row(session: Session, table: Table, chance: Random) -> RowMapping | None:
    count = session.scalar(select(func.count()).select_from(table)) or 0
    if not count:
        return None
    order = list(table.primary_key)
    return session.execute(select(table).order_by(*order).offset(chance.randrange(count)).limit(1)).mappings().one()


def _is(table: Table, row: RowMapping) -> ColumnElement[bool]:
    found: ColumnElement[bool] | None = None
    for column in table.primary_key:
        condition = column == row[column.name]
        found = condition if found is None else found & condition
    assert found is not None
    return found


def _proven(session: Session, chance: Random) -> tuple[type[Any], Table, RowMapping]:
    while True:
        model: Any = chance.choice(PROVEN)
        row = _row(session, model.__table__, chance)
        if row is not None:
            return model, model.__table__, row


def _edit_record(session: Session, chance: Random) -> None:
    model, table, row = _proven(session, chance)
    names = [name for name, _ in audit.covered(model)]
    column = table.c[chance.choice(names)]
    value = _other(row[column.name], column.type, column.name, chance)
    session.execute(update(table).where(_is(table, row)).values({column.name: value}))


def _delete_record(session: Session, chance: Random) -> None:
    _, table, row = _proven(session, chance)
    session.execute(delete(table).where(_is(table, row)))


def _insert_record(session: Session, chance: Random) -> None:
    _, table, row = _proven(session, chance)
    values = dict(row)
    for column in table.columns:
        if column.primary_key or column.unique:
            if isinstance(column.type, Integer):
                values[column.name] = (session.scalar(select(func.max(column))) or 0) + chance.randint(1, 9)
            else:
                values[column.name] = _other(row[column.name], column.type, column.name, chance)
    for names in ("number", "source", "sequence"):
        if names in values and not table.c[names].primary_key:
            values[names] = f"forged:{chance.random()}" if names == "source" else chance.randint(1000, 10**6)
    session.execute(insert(table).values(values))


def _edit_entry(session: Session, chance: Random) -> None:
    row = _row(session, ENTRIES, chance)
    assert row is not None
    column = chance.choice([column for column in ENTRIES.columns if column.name not in ("why", "form")])
    value = _other(row[column.name], column.type, column.name, chance)
    if column.primary_key:
        value = (session.scalar(select(func.max(ENTRIES.c.sequence))) or 0) + chance.randint(1, 5)
    session.execute(update(ENTRIES).where(_is(ENTRIES, row)).values({column.name: value}))


def _delete_entry(session: Session, chance: Random) -> None:
    row = _row(session, ENTRIES, chance)
    assert row is not None
    session.execute(delete(TEXTS).where(TEXTS.c.sequence == row["sequence"]))
    session.execute(delete(ENTRIES).where(_is(ENTRIES, row)))


def _insert_entry(session: Session, chance: Random) -> None:
    """At the end, with a hash of one's own making, and the head moved on to it."""
    row = _row(session, ENTRIES, chance)
    last = session.execute(select(ENTRIES).order_by(ENTRIES.c.sequence.desc()).limit(1)).mappings().one()
    assert row is not None
    values = {
        **row,
        "sequence": last["sequence"] + 1,
        "previous": last["hash"],
        "hash": f"{chance.getrandbits(256):064x}",
    }
    values["text_digest"] = None
    session.execute(insert(ENTRIES).values(values))
    session.execute(update(HEAD).values(sequence=values["sequence"], hash=values["hash"]))


def _reorder_entries(session: Session, chance: Random) -> None:
    one, other = _row(session, ENTRIES, chance), _row(session, ENTRIES, chance)
    assert one is not None
    assert other is not None
    if one["sequence"] == other["sequence"]:
        return _delete_entry(session, chance)
    names = [column.name for column in ENTRIES.columns if column.name not in ("sequence", "previous", "hash")]
    for place, content in ((one, other), (other, one)):
        values = {name: content[name] for name in names}
        session.execute(update(ENTRIES).where(_is(ENTRIES, place)).values(values))
    if all(one[name] == other[name] for name in names):
        return _delete_entry(session, chance)
    return None


def _cut(session: Session, number: int) -> None:
    """Remove the newest entries, and let the head say so."""
    last = session.scalar(select(func.max(ENTRIES.c.sequence))) or 0
    session.execute(delete(TEXTS).where(TEXTS.c.sequence > last - number))
    session.execute(delete(ENTRIES).where(ENTRIES.c.sequence > last - number))
    newest = session.execute(select(ENTRIES).order_by(ENTRIES.c.sequence.desc()).limit(1)).mappings().one_or_none()
    values = {"sequence": newest["sequence"], "hash": newest["hash"]} if newest else {"sequence": 0, "hash": "0" * 64}
    session.execute(update(HEAD).values(values))


def _truncate(session: Session, chance: Random) -> None:
    count = session.scalar(select(func.count()).select_from(ENTRIES)) or 1
    _cut(session, chance.choice((1, 2, chance.randint(1, count), count)))


def _truncate_with_records(session: Session, chance: Random) -> None:
    """The newest entries and what they speak of: only the seal of the head tells."""
    last = session.execute(select(ENTRIES).order_by(ENTRIES.c.sequence.desc()).limit(1)).mappings().one()
    for model in PROVEN:
        table: Table = model.__table__  # type: ignore[attr-defined]
        for row in session.execute(select(table)).mappings().all():
            if audit.record_key(model, row) in (last["records"] or {}):
                session.execute(delete(table).where(_is(table, row)))
    _cut(session, 1)


def _rebuild(session: Session, chance: Random) -> None:
    """Change something, and compute every hash anew as well as it goes without the key."""
    form = chance.choice((audit.PLAIN, audit.KEYED))
    forger, previous = Chain(b"not the key" * 3), audit.FIRST
    rows = session.execute(select(ENTRIES).order_by(ENTRIES.c.sequence)).mappings().all()
    changed = chance.randrange(len(rows))
    for place, row in enumerate(rows):
        values = {**row, "previous": previous, "form": form}
        if place == changed:
            values["actor"] = "forger"
        entry = AuditEntry(**values)
        entry.hash = audit.old_hash(entry) if form == audit.PLAIN else forger.hash(values)
        previous = entry.hash
        session.execute(
            update(ENTRIES)
            .where(_is(ENTRIES, row))
            .values(previous=values["previous"], hash=entry.hash, form=form, actor=values["actor"])
        )
    session.execute(update(HEAD).values(hash=previous, seal=chance.choice(("", forger.seal(len(rows), previous)))))


def _edit_text(session: Session, chance: Random) -> None:
    row = _row(session, TEXTS, chance)
    if row is None:
        return _edit_entry(session, chance)
    session.execute(update(TEXTS).where(_is(TEXTS, row)).values(content=_other_json(row["content"], chance)))
    return None


TAMPERINGS: dict[str, Callable[[Session, Random], None]] = {
    "a record edited": _edit_record,
    "a record deleted": _delete_record,
    "a record added": _insert_record,
    "an entry edited": _edit_entry,
    "an entry deleted": _delete_entry,
    "an entry added": _insert_entry,
    "entries reordered": _reorder_entries,
    "the newest entries cut off": _truncate,
    "the newest entry cut off with its records": _truncate_with_records,
    "the chain rebuilt": _rebuild,
    "a reason edited": _edit_text,
}


def tamper(session: Session, chance: Random) -> str:
    """Do one of them in the session's transaction, without its flushes; gives which."""
    # Whoever has the database's own rights need not mind foreign keys.
    postgresql = session.get_bind().dialect.name == "postgresql"
    session.execute(
        text("SET LOCAL session_replication_role = replica" if postgresql else "PRAGMA defer_foreign_keys = ON")
    )
    while True:
        kind = chance.choice(sorted(TAMPERINGS))
        try:
            with session.begin_nested():
                TAMPERINGS[kind](session, chance)
        except IntegrityError:
            continue  # The database itself refused it: a key that is there already.
        return kind


@contextmanager
def databases() -> Iterator[list[Database]]:
    """An empty database of each kind, dropped at the end."""
    chain = Chain(KEY)
    with tempfile.TemporaryDirectory() as folder:
        made = [Database(f"sqlite:///{Path(folder) / 'tamper.db'}", chain)]
        server, name = os.environ.get("AIRLOCK_TEST_POSTGRESQL", ""), f"airlock_tamper_{uuid.uuid4().hex[:8]}"
        if server:
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{name}"'.encode())
            made.append(Database(database_url(f"{server.rpartition('/')[0]}/{name}"), chain))
        try:
            for database in made:
                upgrade(database.engine)
            yield made
        finally:
            for database in made:
                database.engine.dispose()
            if server:
                with psycopg.connect(server, autocommit=True) as connection:
                    connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def main(count: int) -> None:
    """Tamper, verify, print."""
    catalogue = load(Path(__file__).parent.parent / "tests" / "content").catalogue
    missed = 0
    with databases() as found:
        for database in found:
            with database.writing() as session:
                store_catalogue(Act(session, AT, "bench"), catalogue)
            fill(database, catalogue, learners=3)
            with database.session() as session:
                empty = [one.__name__ for one in PROVEN if not session.scalar(select(func.count()).select_from(one))]
            if empty:
                sys.exit(f"Nothing would be tried on these: {', '.join(empty)}.")
            chance, tried, shown = Random(11), Counter[str](), Counter[str]()
            for _ in range(count):
                with database.session() as session:
                    kind = tamper(session, chance)
                    tried[kind] += 1
                    shown[kind] += bool(audit.verify(session).breaks)
                    session.rollback()
            print(f"{database.engine.dialect.name}: {shown.total():,} of {tried.total():,} were found")
            for kind in sorted(tried):
                print(f"  {kind:42} {shown[kind]:6,} of {tried[kind]:6,}")
            missed += tried.total() - shown.total()
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
