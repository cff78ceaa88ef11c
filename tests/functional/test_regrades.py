"""Keys that were wrong: attempts are marked again, and nothing is overwritten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from airlock import main
from api.accounts.act import Act
from api.accounts.models import Person
from api.core import audit
from api.core.errors import Conflict, Invalid, NotFound
from api.evidence.operations import recompute_progress
from api.learning.models import Regrade
from api.learning.regrading import apply_regrade, plan_regrade
from site_builder.course.kinds.calculated import Calculated
from site_builder.course.kinds.choice import ChoiceQuestion
from site_builder.course.manifest import module_version
from site_builder.course.model import Question
from tests.conftest import KINDS, SECRET, World, load_once
from tests.functional.papers import MODULE, hand_in, paper, republish, right, start, stored, with_other_key


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world(catalogue=load_once(KINDS))


@pytest.fixture
def taken(world: World) -> tuple[World, str, dict[str, str]]:
    """Three took the quiz "pool" by the old key: rightly, wrongly, and not at all. Then the key was corrected."""
    old = module_version(world.catalogue.modules[MODULE])
    attempts = {}
    for persona, wrong in (("learner", False), ("other learner", True), ("teacher", None)):
        caller = world.client(persona)
        attempt = start(caller, world, quiz="pool").json["id"]
        answers = right(world, attempt)
        if wrong:
            # Right by the corrected key: the option behind the old one.
            answers["p1"] = ["2"]
        hand_in(caller, world, attempt, {} if wrong is None else answers)
        attempts[persona] = attempt
    republish(world, with_other_key(world.catalogue, "pool", "p1"))
    return world, old, attempts


def test_a_corrected_key_changes_nothing_by_itself(taken: tuple[World, str, dict[str, str]]) -> None:
    world, _, attempts = taken
    assert stored(world, attempts["learner"]).passed
    assert not stored(world, attempts["other learner"]).passed


def test_a_regrade_is_planned_then_written(taken: tuple[World, str, dict[str, str]]) -> None:
    world, old, attempts = taken
    with world.database.writing() as session:
        plan = plan_regrade(session, MODULE, "pool", old[:10])
        assert (len(plan.attempts), plan.kept, plan.gone) == (3, (), ())
        changes = {str(change.attempt.id): change for change in plan.changes}
        assert set(changes) == {attempts["learner"], attempts["other learner"]}
        assert changes[attempts["learner"]].questions == ("p1",)
        assert stored(world, attempts["learner"]).passed, "a plan writes nothing"
        with pytest.raises(Invalid):
            apply_regrade(Act(session, world.clock(), "tests", why=" "), plan)
        with pytest.raises(Invalid):
            apply_regrade(Act(session, world.clock(), "tests", why="x" * 501), plan)
        apply_regrade(Act(session, world.clock(), "tests", why="The key of p1 was wrong."), plan)
    lost, won = stored(world, attempts["learner"]), stored(world, attempts["other learner"])
    assert (lost.score, lost.passed, lost.failed_critical) == (0.5, False, ["p1"])
    assert (won.score, won.passed, won.failed_critical) == (1, True, [])
    with world.database.reading() as session:
        rows = session.scalars(select(Regrade)).all()
        assert {(row.before["passed"], row.after["passed"]) for row in rows} == {(True, False), (False, True)}
        entries = [entry for entry in session.scalars(select(audit.AuditEntry)) if entry.action == "attempt.regrade"]
        assert len(entries) == 2
        assert not audit.verify(session).breaks
        for persona in ("learner", "other learner"):
            person = world.people[persona]
            summary = recompute_progress(session, person.id, MODULE)
            assert summary["quizzes"]["pool"]["passed"] == (persona == "other learner")
    result = world.client("other learner").get(f"/api/v1/attempts/{attempts['other learner']}").json
    assert result is not None
    assert result["corrected"]["reason"] == "The key of p1 was wrong."
    assert result["corrected"]["score_before"] == 0.5
    key = next(question["key"] for question in result["questions"] if question["id"] == "p1")
    assert key["right"] == ["2"], "the corrected key is shown"
    unchanged = world.client("teacher").get(f"/api/v1/attempts/{attempts['teacher']}").json
    assert unchanged is not None
    assert unchanged["corrected"] is None


def test_a_second_regrade_changes_nothing(taken: tuple[World, str, dict[str, str]]) -> None:
    world, old, _ = taken
    for expected in (2, 0):
        with world.database.writing() as session:
            plan = plan_regrade(session, MODULE, "pool", old)
            assert len(plan.changes) == expected
            apply_regrade(Act(session, world.clock(), "tests", why="Again."), plan)


def test_what_cannot_be_regraded(taken: tuple[World, str, dict[str, str]]) -> None:
    world, old, _ = taken
    current = module_version(world.catalogue.modules[MODULE])
    with world.database.reading() as session:
        for module, quiz, version, error in (
            ("no/module", "pool", old, NotFound),
            (MODULE, "nothing", old, NotFound),
            (MODULE, "pool", "ffffffff", NotFound),
            (MODULE, "pool", "", Invalid),
            (MODULE, "pool", current, Conflict),
        ):
            with pytest.raises(error):
                plan_regrade(session, module, quiz, version)


def test_a_regrade_is_taken_back_with_the_earlier_key(taken: tuple[World, str, dict[str, str]]) -> None:
    world, old, attempts = taken
    corrected = world.catalogue
    for catalogue in (corrected, load_once(KINDS)):
        republish(world, catalogue)
        with world.database.writing() as session:
            plan = plan_regrade(session, MODULE, "pool", old)
            assert len(plan.changes) == 2
            apply_regrade(Act(session, world.clock(), "tests", why="The key."), plan)
    assert stored(world, attempts["learner"]).passed
    assert not stored(world, attempts["other learner"]).passed
    with world.database.reading() as session:
        assert len(session.scalars(select(Regrade)).all()) == 4, "nothing was overwritten"


def test_other_words_are_told(taken: tuple[World, str, dict[str, str]]) -> None:
    world, old, _ = taken
    module = world.catalogue.modules[MODULE]
    pages = {
        lang: replace(
            page,
            quizzes=tuple(
                replace(
                    quiz, questions=tuple(replace(q, stem=f"{q.stem}!") if q.id == "p2" else q for q in quiz.questions)
                )
                for quiz in page.quizzes
            ),
        )
        for lang, page in module.pages.items()
    }
    republish(
        world, replace(world.catalogue, modules={**world.catalogue.modules, MODULE: replace(module, pages=pages)})
    )
    with world.database.reading() as session:
        assert plan_regrade(session, MODULE, "pool", old).reworded == ("p2",)


def test_questions_that_ask_something_else_keep_their_grades(taken: tuple[World, str, dict[str, str]]) -> None:
    world, old, _ = taken
    module = world.catalogue.modules[MODULE]

    def other(question: Question) -> Question:
        if question.id != "p1" or not isinstance(question, ChoiceQuestion):
            return question
        return replace(question, options=question.options[:2])

    pages = {
        lang: replace(
            page, quizzes=tuple(replace(quiz, questions=tuple(map(other, quiz.questions))) for quiz in page.quizzes)
        )
        for lang, page in module.pages.items()
    }
    changed = replace(module, pages=pages)
    republish(world, replace(world.catalogue, modules={**world.catalogue.modules, MODULE: changed}))
    with world.database.reading() as session:
        plan = plan_regrade(session, MODULE, "pool", old)
    assert (plan.kept, plan.changes) == (("p1",), ())


def test_the_command(taken: tuple[World, str, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    world, old, attempts = taken
    monkeypatch.setenv("AIRLOCK_URL", "http://127.0.0.1:8000")
    monkeypatch.setenv("AIRLOCK_SECRET_KEY", SECRET)
    monkeypatch.setenv("AIRLOCK_AUDIT_KEY", SECRET)
    monkeypatch.setenv("DATABASE_URL", world.database.engine.url.render_as_string(hide_password=False))
    runner = CliRunner()
    command = ["regrade", f"{MODULE}/pool", "--version", old[:8]]
    shown = runner.invoke(main, command)
    assert shown.exit_code == 0, shown.output
    assert "2 with another result" in shown.output
    assert "100 %" in shown.output
    assert "Nothing was written" in shown.output
    assert stored(world, attempts["learner"]).passed
    assert runner.invoke(main, [*command, "--yes"]).exit_code == 1, "a reason is needed"
    assert stored(world, attempts["learner"]).passed
    written = runner.invoke(main, [*command, "--yes", "--why", "The key was wrong.", "--by", "sophie@example.org"])
    assert "2 results corrected" in written.output
    assert not stored(world, attempts["learner"]).passed
    assert runner.invoke(main, ["regrade", "nonsense", "--version", old]).exit_code == 1
    listed = runner.invoke(main, ["regrade", f"{MODULE}/pool"])
    assert old[:12] in listed.output
    assert runner.invoke(main, ["regrade", f"{MODULE}/none"]).exit_code == 1
    timed = runner.invoke(main, ["users", "time", "learner@example.org", "1.33"])
    assert "1.33" in timed.output
    with world.database.reading() as session:
        person = session.scalar(select(Person).where(Person.email == "learner@example.org"))
        assert person is not None
        assert person.time_factor == pytest.approx(1.33)


def test_an_attempt_that_was_open_during_a_regrade(world: World) -> None:
    """It is marked by the corrected key too: its version is the one whose key is known to be wrong."""
    old = module_version(world.catalogue.modules[MODULE])
    done, waiting = world.client("learner"), world.client("other learner")
    first = start(done, world, quiz="pool").json["id"]
    hand_in(done, world, first, right(world, first))
    second = start(waiting, world, quiz="pool").json["id"]
    answers = right(world, second)
    republish(world, with_other_key(world.catalogue, "pool", "p1"))
    with world.database.writing() as session:
        plan = plan_regrade(session, MODULE, "pool", old)
        apply_regrade(Act(session, world.clock(), "tests", why="The key."), plan)
    result = hand_in(waiting, world, second, {**answers, "p1": ["2"]}).json
    assert (result["score"], result["passed"]) == (1, True)


def test_nothing_left_to_mark_is_no_pass(world: World) -> None:
    caller = world.client("learner")
    attempt = start(caller, world, quiz="pool").json["id"]
    asked = {item["id"] for item in paper(caller, attempt)["questions"]}
    hand_in(caller, world, attempt, {})
    old = module_version(world.catalogue.modules[MODULE])
    module = world.catalogue.modules[MODULE]
    pages = {
        lang: replace(
            page,
            quizzes=tuple(
                replace(quiz, draw=1, questions=tuple(q for q in quiz.questions if q.id not in asked))
                for quiz in page.quizzes
            ),
        )
        for lang, page in module.pages.items()
    }
    republish(
        world, replace(world.catalogue, modules={**world.catalogue.modules, MODULE: replace(module, pages=pages)})
    )
    with world.database.reading() as session:
        plan = plan_regrade(session, MODULE, "pool", old)
    assert plan.changes == ()
    assert set(plan.gone) == asked


def test_a_formula_without_a_value_for_what_was_drawn(world: World) -> None:
    caller = world.client("learner")
    attempt = start(caller, world).json["id"]
    drawn = stored(world, attempt).paper["values"]["calculated"]["c1"]
    hand_in(caller, world, attempt, right(world, attempt))
    old = module_version(world.catalogue.modules[MODULE])
    module = world.catalogue.modules[MODULE]

    def broken(question: Question) -> Question:
        return replace(question, formula=f"1 / (c1 - {drawn})") if isinstance(question, Calculated) else question

    pages = {
        lang: replace(
            page, quizzes=tuple(replace(quiz, questions=tuple(map(broken, quiz.questions))) for quiz in page.quizzes)
        )
        for lang, page in module.pages.items()
    }
    republish(
        world, replace(world.catalogue, modules={**world.catalogue.modules, MODULE: replace(module, pages=pages)})
    )
    with world.database.writing() as session:
        plan = plan_regrade(session, MODULE, "all", old)
        assert plan.changes == (), "it keeps its grade"
        apply_regrade(Act(session, world.clock(), "tests", why="The formula."), plan)
    assert caller.get(f"/api/v1/attempts/{attempt}").status_code == 200
