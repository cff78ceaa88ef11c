"""The floor of evidence: what is written to it, what a correction does, and what was there before it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, select

from api.accounts.act import Act
from api.catalogue.models import ModuleVersion
from api.core import audit
from api.core.database import Database
from api.core.schema_state import downgrade, upgrade_database
from api.evidence.models import Evidence, ModuleProgress
from api.evidence.operations import Done, add_evidence, recompute_progress
from tests.conftest import RIGHT_ANSWERS, World, take_quiz

MODULE = "safe-start/doors"
WRONG = {"first": ["1"], "outside": ["2"], "override": ["1"], "pressure": "3 Pa", "count": "2"}


@pytest.fixture
def studied(world: World) -> World:
    """Two learners: one who failed, read and passed; one who failed."""
    learner, other = world.client("learner"), world.client("other learner")
    take_quiz(learner, world, WRONG, key="a")
    take_quiz(other, world, WRONG, key="b")
    world.clock.forward(minutes=5)
    read = learner.post(f"/api/v1/modules/{MODULE}/reading", {"edition": world.edition(MODULE)}, key="read")
    assert read.status_code in (200, 201), read.text
    world.clock.forward(minutes=5)
    assert take_quiz(learner, world, RIGHT_ANSWERS, key="c").json["passed"]  # type: ignore[index]
    return world


def lines(database: Database) -> list[tuple[Any, ...]]:
    with database.reading() as session:
        found = session.scalars(select(Evidence).order_by(Evidence.at, Evidence.person_id, Evidence.what))
        return [
            (e.person_id, e.module_id, e.version, e.what, e.part, e.at, e.score, e.source, e.recorded_by) for e in found
        ]


def summaries(database: Database) -> dict[Any, dict[str, Any]]:
    names = ("read_at", "quizzes", "best_score", "completed_at", "completed_renewal", "valid_until")
    with database.reading() as session:
        found = session.scalars(select(ModuleProgress).order_by(ModuleProgress.person_id))
        return {(row.person_id, row.module_id): {name: getattr(row, name) for name in names} for row in found}


def recomputed(database: Database) -> dict[Any, dict[str, Any]]:
    with database.reading() as session:
        return {key: recompute_progress(session, *key) for key in summaries(database)}


def test_what_learners_do_is_appended(studied: World) -> None:
    found = lines(studied.database)
    learner = studied.people["learner"].id
    assert [(line[3], line[4]) for line in found if line[0] == learner] == [
        ("failed", "doors"),
        ("read", ""),
        ("passed", "doors"),
    ]
    assert summaries(studied.database) == recomputed(studied.database)


def test_earlier_attempts_and_readings_become_evidence_and_the_old_chain_ends(studied: World) -> None:
    """Down to the tables of the last version without a floor, and up again."""
    before, summed = lines(studied.database), summaries(studied.database)
    downgrade(studied.database.engine, "0005")
    assert upgrade_database(studied.database, studied.clock()) > 10
    assert lines(studied.database) == before
    assert summaries(studied.database) == summed == recomputed(studied.database)
    with studied.database.reading() as session:
        verdict = audit.verify(session)
        assert verdict.breaks == ()
        assert verdict.records > 10
        actions = list(session.scalars(select(audit.AuditEntry.action).order_by(audit.AuditEntry.sequence)))
    assert actions[-1] == "audit.begin"
    assert upgrade_database(studied.database, studied.clock()) == 0, "once"


def test_a_record_that_is_slipped_in_is_not_taken_in_by_the_next_upgrade(studied: World) -> None:
    with studied.database.engine.begin() as connection:
        for table in (audit.AuditText, audit.AuditEntry):
            connection.execute(delete(table))
    upgrade_database(studied.database, studied.clock())
    with studied.database.reading() as session:
        assert len(audit.verify(session).breaks) > 10


def test_a_line_is_there_once_and_a_correction_supersedes(studied: World) -> None:
    person = studied.people["other learner"]
    trainer = studied.people["trainer"]
    with studied.database.writing() as session:
        act = Act.of(session, trainer, studied.clock())
        act.record("evidence.test", "test")
        against = session.scalars(select(ModuleVersion).where(ModuleVersion.module_id == "safe-start/walk")).one()
        first = add_evidence(act, person.id, against, Done("signed-off", "event:1", minutes=210, hours="on-site"))
        assert len(first) == 1
        assert add_evidence(act, person.id, against, Done("signed-off", "event:1")) == []
    key = (person.id, "safe-start/walk")
    assert summaries(studied.database)[key]["completed_at"] == studied.clock()
    with studied.database.writing() as session:
        act = Act.of(session, trainer, studied.clock())
        act.record("evidence.test", "test")
        against = session.get_one(ModuleVersion, against.version)
        add_evidence(act, person.id, against, Done("withdrawn", "correction:1", supersedes=first[0]))
    assert summaries(studied.database)[key]["completed_at"] is None
    assert summaries(studied.database) == recomputed(studied.database)
    with studied.database.reading() as session:
        assert session.get_one(Evidence, first[0]).minutes == 210, "what was written stays"
