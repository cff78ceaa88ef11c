"""Evidence that arrives late, twice, in any order, is withdrawn, or belongs to an older version: the same verdict."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from api.accounts.act import Act
from api.accounts.operations import one_writer
from api.catalogue.operations import version_of
from api.evidence.models import ModuleProgress
from api.evidence.operations import Done, add_evidence, recompute_progress
from api.readiness.standing import readiness_of
from site_builder.course.manifest import module_version
from tests.conftest import World
from tests.functional.test_readiness import BASICS, END, ROOM, RULES, content, publish, world

__all__ = ["world"]
COUNTS = ("read_at", "quizzes", "best_score", "completed_at", "completed_renewal", "valid_until")


@pytest.fixture
def versions(world: World, tmp_path: Path) -> dict[str, list[str]]:
    """Three versions of the lesson, the newest of a renewal that touches a part; one of the document."""
    found = [module_version(world.catalogue.modules[BASICS])]
    for extra, text in (("", "The outer door, always."), ("renewal: 2\ntouches: 2\n", "The outer door, always.")):
        publish(world, content(tmp_path, extra, text))
        found.append(module_version(world.catalogue.modules[BASICS]))
    return {BASICS: found, RULES: [module_version(world.catalogue.modules[RULES])]}


def history(chance: Random, versions: dict[str, list[str]], world: World) -> list[tuple[str, Done, bool]]:
    """What somebody did over two years: version, what, and whether it is withdrawn afterwards."""
    found = []
    for number in range(chance.randint(1, 9)):
        at = world.clock() + timedelta(days=chance.randint(0, 700))
        module = chance.choice([BASICS, BASICS, RULES])
        version = chance.choice(versions[module])
        if module == RULES:
            done = Done("acknowledged", f"page:{number}", at=at)
        elif chance.random() < 0.5:
            done = Done("read", f"page:{number}", at=at)
        else:
            done = Done(chance.choice(["passed", "failed"]), f"attempt:{number}", part="q", at=at, score=0.5)
        found.append((version, done, chance.random() < 0.2))
    return found


def write(world: World, who: str, lines: list[tuple[str, Done, bool]]) -> None:
    """One transaction a line, as it arrives; what comes twice comes twice."""
    person = world.people[who].id
    for version, done, withdrawn in lines:
        with world.database.writing() as session:
            act = Act(session, world.clock(), "tests")
            one_writer(session, person)
            against = version_of(session, version)
            ids = add_evidence(act, person, against, done)
            if withdrawn and ids:
                add_evidence(act, person, against, Done("withdrawn", f"{done.source}:1", supersedes=ids[0]))
            act.record("tests", "tests")


@pytest.mark.parametrize("seed", range(12))
def test_the_verdict_is_the_same_whatever_came_first(world: World, versions: dict[str, list[str]], seed: int) -> None:
    chance = Random(seed)
    lines = history(chance, versions, world)
    mixed = [*lines, *chance.sample(lines, len(lines) // 2)]
    chance.shuffle(mixed)
    write(world, "learner", lines)
    write(world, "other learner", mixed)
    people = [world.people[who].id for who in ("learner", "other learner")]
    with world.database.reading() as session:
        for days in (0, 200, 400, 600, 900):
            at = world.clock() + timedelta(days=days)
            one, other = readiness_of(session, people, [ROOM], at).values()
            assert one == other, days
        for module in (BASICS, RULES):
            rows = [session.get(ModuleProgress, (person, module)) for person in people]
            kept = [{name: getattr(row, name) for name in COUNTS} if row else None for row in rows]
            assert kept[0] == kept[1]
            for person, summary in zip(people, kept, strict=True):
                assert summary is None or summary == recompute_progress(session, person, module)


def test_an_end_that_is_reached_in_its_window_is_the_same_on_each_database(
    world: World, versions: dict[str, list[str]]
) -> None:
    (rules,) = versions[RULES]
    late = Done("acknowledged", "page:late", at=END - timedelta(days=20))
    write(world, "learner", [(rules, late, False), (rules, Done("acknowledged", "page"), False)])
    with world.database.reading() as session:
        row = session.get_one(ModuleProgress, (world.people["learner"].id, RULES))
        assert row.valid_until == END + timedelta(days=365)
