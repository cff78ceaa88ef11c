"""The audit trail: what is in it, and what it shows of whatever was done to it or to the records."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from api.accounts.act import Act
from api.accounts.models import Person
from api.accounts.operations import change_role
from api.core import audit
from api.core.audit import Chain, Unrecorded
from api.core.database import Database
from api.learning.allowances import set_allowance
from bench.tamper import TAMPERINGS, fill, tamper
from tests.conftest import RIGHT_ANSWERS, SECRET, World, take_quiz

EACH = 250
"""Random tamperings on each database."""


def verify(database: Database) -> audit.Verdict:
    with database.reading() as session:
        return audit.verify(session)


def entries(world: World, action: str) -> list[audit.AuditEntry]:
    with world.database.reading() as session:
        found = session.query(audit.AuditEntry).order_by(audit.AuditEntry.sequence)
        return [entry for entry in found if entry.action == action]


def test_what_was_done_is_in_it_and_holds(world: World) -> None:
    take_quiz(world.client("learner"), world, RIGHT_ANSWERS)
    verdict = verify(world.database)
    assert verdict.breaks == ()
    assert verdict.records > 10
    for action in ("person.add", "catalogue.publish", "link.make", "sign-in", "attempt.start", "attempt.submit"):
        assert entries(world, action), action
    (handed_in,) = entries(world, "attempt.submit")
    assert {name.partition(":")[0] for name in handed_in.records} == {"attempts", "evidence"}


def test_signing_in_and_failing_to_are_in_it(world: World) -> None:
    caller = world.client()
    for email in ("learner@example.org", "nobody@example.org"):
        reply = caller.post("/api/v1/sign-in", {"email": email, "password": "not the password"})
        assert reply.status_code == 422
    learner = world.people["learner"].id
    assert [entry.subject for entry in entries(world, "sign-in.failed")] == [f"person:{learner}", "person:none"]
    signed_in = world.client("learner")
    signed_in.post("/api/v1/sign-out")
    (made,) = entries(world, "link.make")
    (used,) = entries(world, "sign-in")
    assert made.actor == "tests", "who made the link"
    assert used.new["by"] == made.new["link"], "and that it was this one"
    assert [entry.old for entry in entries(world, "sign-out")] == [used.new["id"]]


def test_no_name_address_or_reason_stands_in_the_chain(world: World) -> None:
    teacher = world.client("teacher")
    group = world.classes["1A"]
    why = "because of her eyesight"
    path = f"/api/v1/classes/{group}/learners/{world.people['learner'].id}/allowances/safe-start/doors"
    reply = teacher.post(path, {"extra_attempts": 2, "why": why}, key="a")
    assert reply.status_code == 200, reply.text
    teacher.post(f"/api/v1/classes/{group}", {"name": "Renamed by hand"}, key="b")
    with world.database.reading() as session:
        chain = json.dumps([[e.action, e.subject, e.old, e.new, e.why] for e in session.query(audit.AuditEntry)])
        beside = json.dumps([row.content for row in session.query(audit.AuditText)])
        people = session.query(Person).all()
    for person in people:
        assert person.name not in chain
        assert person.email not in chain
    for typed in (why, "Renamed by hand"):
        assert typed not in chain
        assert typed in beside
    # It may be erased, which is counted; it cannot be put in other words.
    with world.database.engine.begin() as connection:
        connection.execute(text("UPDATE audit_texts SET salt = 'x'"))
    assert any("the text of entry" in sentence for sentence in verify(world.database).breaks)
    with world.database.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_texts"))
    verdict = verify(world.database)
    assert verdict.breaks == ()
    assert verdict.erased >= 2


def test_a_record_is_not_changed_by_nobody(world: World) -> None:
    with pytest.raises(Unrecorded, match="people:"), world.database.writing() as session:
        session.get_one(Person, world.people["learner"].id).role = "admin"
    with world.database.reading() as session:
        assert session.get_one(Person, world.people["learner"].id).role == "learner"


def test_what_is_rolled_back_is_not_recorded(world: World) -> None:
    before = verify(world.database).count
    with world.database.writing() as session:
        act = Act(session, world.clock(), "tests")
        try:
            with session.begin_nested():
                change_role(act, email="learner@example.org", role="admin")
                session.flush()
                raise LookupError
        except LookupError:
            pass
        set_allowance(
            Act.of(session, world.people["teacher"], world.clock()),
            world.classes["1A"],
            world.people["learner"],
            "safe-start/doors",
            extra_attempts=1,
            time_factor=2,
        )
    verdict = verify(world.database)
    assert (verdict.count, verdict.breaks) == (before + 1, ())
    assert not entries(world, "person.role")


def test_what_was_there_before_is_taken_in_and_the_old_chain_is_told(world: World) -> None:
    """A database of an earlier version: entries without a key, and records that no entry has a digest of."""
    take_quiz(world.client("learner"), world, RIGHT_ANSWERS)
    with world.database.writing() as session:
        previous = audit.FIRST
        for entry in session.query(audit.AuditEntry).order_by(audit.AuditEntry.sequence):
            entry.form, entry.records, entry.text_digest, entry.previous = audit.PLAIN, None, None, previous
            previous = entry.hash = audit.old_hash(entry)
            last = entry.sequence
        session.execute(text("DELETE FROM audit_texts"))
        session.execute(text(f"UPDATE audit_head SET hash = '{previous}', seal = ''"))
    assert any("no entry tells of it" in sentence for sentence in verify(world.database).breaks)
    with world.database.writing() as session:
        assert audit.adopt(session, world.clock()) > 10
    verdict = verify(world.database)
    assert (verdict.breaks, verdict.old_until) == ((), last)
    with world.database.writing() as session:
        assert audit.adopt(session, world.clock()) == 0, "once"
        session.execute(text("UPDATE audit_entries SET actor = 'x' WHERE sequence = 2"))
    assert verify(world.database).breaks == ("entry 2 was altered",)


def test_the_anchor_finds_what_the_database_cannot_show(world: World, tmp_path: Path) -> None:
    """Yesterday's database, whole and with its seal, in the place of today's."""
    anchor = tmp_path / "heads"
    world.database.chain = Chain(SECRET.encode(), anchor)
    tables = ("audit_entries", "audit_texts", "people")

    def copy(session: Any) -> dict[str, list[Any]]:
        found = {name: session.execute(text(f"SELECT * FROM {name}")).mappings().all() for name in tables}
        return {**found, "head": session.execute(text("SELECT sequence, hash, seal FROM audit_head")).one()}

    with world.database.reading() as session:
        before = copy(session)
    with world.database.writing() as session:
        change_role(Act(session, world.clock(), "tests"), email="learner@example.org", role="teacher")
    verdict = verify(world.database)
    assert (verdict.breaks, verdict.anchored) == ((), verdict.count)
    sequence, hash_, seal = before["head"]
    with world.database.engine.begin() as connection:
        connection.execute(text(f"DELETE FROM audit_texts WHERE sequence > {sequence}"))
        connection.execute(text(f"DELETE FROM audit_entries WHERE sequence > {sequence}"))
        connection.execute(text("UPDATE people SET role = 'learner' WHERE email = 'learner@example.org'"))
        connection.execute(text(f"UPDATE audit_head SET sequence = {sequence}, hash = '{hash_}', seal = '{seal}'"))
    assert verify(world.database).breaks == (
        f"entries after {sequence} are missing: the anchor knows entry {sequence + 1}",
    )
    world.database.chain = Chain(SECRET.encode())
    assert verify(world.database).breaks == (), "without the anchor nothing could tell"


def test_another_key_seals_nothing(world: World) -> None:
    world.database.chain = Chain(b"another key of thirty-two letters")
    assert len(verify(world.database).breaks) > 10


@pytest.mark.slow
def test_random_tamperings_are_found(world: World) -> None:
    """In every evidence table and in the trail, by somebody with SQL alone and without the key."""
    fill(world.database, world.catalogue, learners=2)
    assert verify(world.database).breaks == ()
    chance = Random(11)
    kinds = set()
    for _ in range(EACH):
        with world.database.session() as session:
            kind = tamper(session, chance)
            kinds.add(kind)
            breaks = audit.verify(session).breaks
            session.rollback()
        assert breaks, f"{kind} was not found"
    assert kinds == set(TAMPERINGS)
