"""Quizzes whose questions the server hands out: draws, clocks, waiting times, confidence, corrected keys."""

from __future__ import annotations

import json
import uuid
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from airlock import main
from api.accounts.models import Person
from api.accounts.operations import set_time_factor
from api.catalogue import operations as catalogue_operations
from api.catalogue.operations import module_of_version, store_catalogue
from api.core import audit
from api.core.errors import Conflict, Invalid, NotFound
from api.learning.models import Attempt, Regrade
from api.learning.operations import marked_quiz
from api.learning.progress import recompute_progress
from api.learning.regrading import apply_regrade, plan_regrade
from site_builder.course.kinds.calculated import Calculated
from site_builder.course.kinds.choice import ChoiceQuestion
from site_builder.course.manifest import module_version
from site_builder.course.model import Catalogue, Question
from tests.conftest import KINDS, SECRET, Caller, World, load_once

MODULE = "every-kind/handed-out"


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world(catalogue=load_once(KINDS))


def start(
    caller: Caller, world: World, quiz: str = "all", key: str = "start", module: str = MODULE, lang: str = "en"
) -> Any:
    body = {"module": module, "quiz": quiz, "edition": world.edition(module), "lang": lang}
    return caller.post("/api/v1/attempts", body, key=key)


def paper(caller: Caller, attempt: str) -> Any:
    reply = caller.get(f"/api/v1/attempts/{attempt}/paper")
    assert reply.status_code == 200, reply.text
    return reply.json


def hand_in(caller: Caller, world: World, attempt: str, responses: Any, key: str = "submit", **more: Any) -> Any:
    body = {"responses": responses, "edition": world.edition(MODULE), "lang": "en", **more}
    return caller.post(f"/api/v1/attempts/{attempt}/submission", body, key=key)


def right(world: World, attempt: str) -> dict[str, Any]:
    """The right responses to what an attempt was handed out."""
    with world.database.reading() as session:
        found = session.scalar(select(Attempt).where(Attempt.id == uuid.UUID(attempt)))
        assert found is not None
        return {question.id: question.right_response() for question in marked_quiz(session, found).questions}


def history(caller: Caller, quiz: str) -> Any:
    return caller.get(f"/api/v1/attempts?module={MODULE}&quiz={quiz}").json


def stored(world: World, attempt: str) -> Attempt:
    with world.database.reading() as session:
        found = session.scalar(select(Attempt).where(Attempt.id == uuid.UUID(attempt)))
        assert found is not None
        session.expunge(found)
        return found


def test_what_is_drawn_is_frozen(world: World) -> None:
    caller = world.client("learner")
    attempt = start(caller, world).json["id"]
    first = paper(caller, attempt)
    assert [item["id"] for item in first["questions"]] == [
        "single", "multiple", "truefalse", "numeric", "text", "ordering", "matching", "cloze", "hotspot", "calculated",
    ]  # fmt: skip
    assert sorted(next(item["order"] for item in first["questions"] if item["id"] == "single")) == ["1", "2", "3"]
    assert set(first["questions"][-1]["values"]) == {"1", "2", "3"}, "and none of the explanation"
    again = start(caller, world, key="another tab").json
    assert again["id"] == attempt
    assert paper(caller, attempt)["questions"] == first["questions"]
    result = hand_in(caller, world, attempt, right(world, attempt)).json
    assert (result["score"], result["passed"]) == (1, True)
    assert paper(caller, attempt)["questions"] == first["questions"], "also afterwards, to be shown with the result"
    assert paper(caller, attempt)["seconds_left"] is None


def test_no_key_is_handed_out(world: World) -> None:
    caller = world.client("learner")
    attempt = start(caller, world).json["id"]
    text = json.dumps(paper(caller, attempt), ensure_ascii=False)
    for secret in ("Feedback-", "Explanation-", "autoclave", "aseptic", "data-key", "data-low", "accepted", "variants"):
        assert secret not in text, secret
    with world.database.reading() as session:
        found = session.scalar(select(Attempt).where(Attempt.id == uuid.UUID(attempt)))
        assert found is not None
        quiz = marked_quiz(session, found)
    ordering = next(question for question in quiz.questions if question.id == "ordering")
    places = [text.index(step) for step in ordering.right_response()]
    assert places != sorted(places), "the steps are shown in an order of their own"


def test_every_attempt_draws_anew(world: World) -> None:
    seen = set()
    for number, persona in enumerate(("learner", "other learner", "teacher", "trainer", "admin")):
        caller = world.client(persona)
        attempt = start(caller, world, quiz="pool", key=str(number)).json["id"]
        ids = tuple(item["id"] for item in paper(caller, attempt)["questions"])
        assert len(ids) == 2
        assert "p1" in ids, "the critical one is always there"
        seen.add(ids)
        values = paper(caller, start(caller, world, key=f"all-{number}").json["id"])["questions"][-1]["values"]
        seen.add(tuple(sorted(values.items())))
    assert len(seen) > 3


def test_only_what_was_asked_can_be_answered(world: World) -> None:
    caller = world.client("learner")
    attempt = start(caller, world, quiz="pool").json["id"]
    asked = {item["id"] for item in paper(caller, attempt)["questions"]}
    other = next(name for name in ("p2", "p3", "p4") if name not in asked)
    reply = hand_in(caller, world, attempt, {other: ["1"]})
    assert (reply.status_code, reply.json["field"]) == (422, f"responses.{other}")
    assert hand_in(caller, world, attempt, {}, key="x", confidence={other: 2}).status_code == 422
    assert hand_in(caller, world, attempt, {}, key="y", confidence={"p1": 4}).status_code == 422


def test_a_paper_is_its_owners(world: World) -> None:
    attempt = start(world.client("learner"), world).json["id"]
    for persona in ("other learner", "teacher", "trainer", "admin"):
        assert world.client(persona).get(f"/api/v1/attempts/{attempt}/paper").status_code == 404
    assert world.client().get(f"/api/v1/attempts/{attempt}/paper").status_code == 401
    in_page = start(world.client("learner"), world, module="every-kind/graded", key="in page").json["id"]
    assert world.client("learner").get(f"/api/v1/attempts/{in_page}/paper").status_code == 404


def test_the_clock_is_the_servers(world: World) -> None:
    caller = world.client("learner")
    attempt = start(caller, world).json
    assert attempt["deadline"] == "2026-03-02T09:20:00.000+00:00"
    world.clock.forward(minutes=5)
    assert paper(caller, attempt["id"])["seconds_left"] == 15 * 60
    world.clock.forward(minutes=15, seconds=29)
    answers = right(world, attempt["id"])
    result = hand_in(caller, world, attempt["id"], answers).json
    assert (result["passed"], result["late"]) == (True, False), "the network has its grace"


def test_late_answers_are_kept_and_do_not_pass(world: World) -> None:
    caller = world.client("learner")
    attempt = start(caller, world).json["id"]
    answers = right(world, attempt)
    world.clock.forward(minutes=20, seconds=31)
    result = hand_in(caller, world, attempt, answers).json
    assert (result["score"], result["passed"], result["late"]) == (1, False, True)
    assert stored(world, attempt).responses == answers
    with world.database.reading() as session:
        progress = recompute_progress(session, world.people["learner"].id, MODULE)
    assert progress["completed_at"] is None


def test_an_attempt_whose_time_is_over_is_closed_by_the_next(world: World) -> None:
    caller = world.client("learner")
    first = start(caller, world).json["id"]
    world.clock.forward(minutes=20, seconds=10)
    assert start(caller, world, key="in the grace").json["id"] == first
    world.clock.forward(minutes=1)
    second = start(caller, world, key="later").json
    assert (second["number"], second["id"] != first) == (2, True)
    closed = stored(world, first)
    assert closed.late
    assert (closed.score, closed.passed, closed.responses) == (0, False, {})
    assert closed.submitted_at == closed.deadline
    reply = hand_in(caller, world, first, {}, key="too late")
    assert (reply.status_code, reply.json["code"]) == (409, "attempt_submitted")
    assert history(caller, "all")["attempts_left"] == 4, "it counts"


def test_an_attempt_whose_time_is_over_is_used_up(make_world: Callable[..., World]) -> None:
    """Also while nothing closed it: the page must not offer to go on with it."""
    catalogue = load_once(KINDS)
    module = catalogue.modules[MODULE]
    pages = {
        lang: replace(page, quizzes=tuple(replace(quiz, attempts=1, wait=3600) for quiz in page.quizzes))
        for lang, page in module.pages.items()
    }
    world = make_world(
        catalogue=replace(catalogue, modules={**catalogue.modules, MODULE: replace(module, pages=pages)})
    )
    caller = world.client("learner")
    attempt = start(caller, world).json["id"]
    answers = right(world, attempt)
    world.clock.forward(minutes=21)
    reply = start(caller, world, key="again")
    assert (reply.status_code, reply.json["code"]) == (409, "no_attempts_left")
    found = history(caller, "all")
    assert found["attempts_left"] == 0
    assert found["next_at"] == "2026-03-02T10:20:00.000+00:00"
    late = hand_in(caller, world, attempt, answers).json
    assert (late["late"], late["passed"]) == (True, False), "its answers are still taken"
    assert stored(world, attempt).responses == answers


def test_a_clock_that_was_taken_away(world: World) -> None:
    caller = world.client("learner")
    attempt = start(caller, world).json["id"]
    module = world.catalogue.modules[MODULE]
    pages = {
        lang: replace(page, quizzes=tuple(replace(quiz, minutes=None) for quiz in page.quizzes))
        for lang, page in module.pages.items()
    }
    changed = replace(module, revision="major", pages=pages)
    republish(world, replace(world.catalogue, modules={**world.catalogue.modules, MODULE: changed}))
    again = start(caller, world, key="again").json
    assert (again["id"], again["deadline"]) == (attempt, None)


def test_extra_time(world: World) -> None:
    with world.database.writing() as session:
        email = world.people["learner"].email
        set_time_factor(session, actor="tests", at=world.clock(), email=email, factor=1.5, why="agreed")
        with pytest.raises(Invalid):
            set_time_factor(session, actor="tests", at=world.clock(), email=email, factor=0.5)
        with pytest.raises(NotFound):
            set_time_factor(session, actor="tests", at=world.clock(), email="nobody@example.org", factor=2)
    caller = world.client("learner")
    attempt = start(caller, world).json
    assert attempt["deadline"] == "2026-03-02T09:30:00.000+00:00"
    assert paper(caller, attempt["id"])["seconds_left"] == 30 * 60
    with world.database.reading() as session:
        entries = session.scalars(select(audit.AuditEntry)).all()
        assert not audit.verify(session).breaks
    assert any(entry.action == "person.time" for entry in entries)


def test_waiting_between_attempts(world: World) -> None:
    caller = world.client("learner")
    first = start(caller, world, quiz="pool").json["id"]
    assert history(caller, "pool")["next_at"] is None
    hand_in(caller, world, first, {})
    world.clock.forward(minutes=59)
    reply = start(caller, world, quiz="pool", key="early")
    assert (reply.status_code, reply.json["code"]) == (409, "attempt_too_soon")
    assert reply.json["retry_at"] == "2026-03-02T10:00:00.000+00:00"
    assert history(caller, "pool")["next_at"] == reply.json["retry_at"]
    world.clock.forward(minutes=1)
    assert start(caller, world, quiz="pool", key="early").status_code == 201, "a refused key is not used up"


def test_all_or_nothing(world: World) -> None:
    caller = world.client("learner")
    attempt = start(caller, world, quiz="pool").json["id"]
    answers = right(world, attempt)
    other = next(name for name in answers if name != "p1")
    result = hand_in(caller, world, attempt, {**answers, other: ["3"]}).json
    assert (result["score"], result["passed"]) == (0.5, False)


def test_confidence_is_kept_and_counts_for_nothing(world: World) -> None:
    caller = world.client("learner")
    module = "every-kind/graded"
    attempt = start(caller, world, module=module).json["id"]
    answers = {q.id: q.right_response() for q in world.catalogue.modules[module].page("en").quizzes[0].questions}
    body = {"responses": answers, "edition": world.edition(module), "lang": "en"}
    sure = {"single": 3, "text": 1}
    result = caller.post(f"/api/v1/attempts/{attempt}/submission", {**body, "confidence": sure}, key="s").json
    assert result is not None
    assert (result["score"], result["passed"]) == (1, True)
    assert {q["id"]: q["confidence"] for q in result["questions"] if q["confidence"]} == sure
    assert stored(world, attempt).confidence == sure


def test_a_major_revision_draws_anew_for_who_had_begun(world: World) -> None:
    caller = world.client("learner")
    attempt = start(caller, world).json["id"]
    module = world.catalogue.modules[MODULE]
    changed = replace(module, revision="major", minutes=99)
    republish(world, replace(world.catalogue, modules={**world.catalogue.modules, MODULE: changed}))
    world.clock.forward(minutes=3)
    again = start(caller, world, key="again").json
    assert (again["id"], again["deadline"]) == (attempt, "2026-03-02T09:23:00.000+00:00")
    assert stored(world, attempt).version == module_version(changed)


def test_a_change_of_the_pool_leaves_open_attempts_alone(world: World) -> None:
    caller = world.client("learner")
    attempt = start(caller, world, quiz="pool").json["id"]
    before = paper(caller, attempt)
    answers = right(world, attempt)
    republish(world, with_other_key(world.catalogue, "pool", "p1"))
    assert paper(caller, attempt)["questions"] == before["questions"]
    assert hand_in(caller, world, attempt, answers).json["score"] == 1, "marked by the version that was handed out"


def republish(world: World, catalogue: Catalogue) -> None:
    with world.database.writing() as session:
        store_catalogue(session, catalogue, actor="tests", at=world.clock())
    world.catalogue = catalogue


def with_other_key(catalogue: Catalogue, quiz_id: str, question_id: str, module_id: str = MODULE) -> Catalogue:
    """The catalogue after its author moved the x of a question to the next option."""

    def correct(question: Question) -> Question:
        if question.id != question_id or not isinstance(question, ChoiceQuestion):
            return question
        marks = [option.correct for option in question.options]
        options = tuple(
            replace(option, correct=mark)
            for option, mark in zip(question.options, [marks[-1], *marks[:-1]], strict=True)
        )
        return replace(question, options=options)

    module = catalogue.modules[module_id]
    pages = {
        lang: replace(
            page,
            quizzes=tuple(
                replace(quiz, questions=tuple(map(correct, quiz.questions))) if quiz.id == quiz_id else quiz
                for quiz in page.quizzes
            ),
        )
        for lang, page in module.pages.items()
    }
    return replace(catalogue, modules={**catalogue.modules, module_id: replace(module, pages=pages)})


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
            apply_regrade(session, plan, actor="tests", reason=" ", at=world.clock())
        with pytest.raises(Invalid):
            apply_regrade(session, plan, actor="tests", reason="x" * 501, at=world.clock())
        apply_regrade(session, plan, actor="tests", reason="The key of p1 was wrong.", at=world.clock())
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
            apply_regrade(session, plan, actor="tests", reason="Again.", at=world.clock())


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
            apply_regrade(session, plan, actor="tests", reason="The key.", at=world.clock())
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


def test_sheets_are_brought_up_to_date(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the builder makes of a question without changing it is stored anew, under the same version."""
    # A process keeps versions by their hashes, and here another test's database has the same.
    monkeypatch.setattr(catalogue_operations, "_modules", OrderedDict())
    module = world.catalogue.modules[MODULE]
    pages = {
        lang: replace(page, quizzes=tuple(replace(quiz, sheets={"p1": "<p>new</p>"}) for quiz in page.quizzes))
        for lang, page in module.pages.items()
    }
    changed = replace(module, pages=pages)
    assert module_version(changed) == module_version(module)
    republish(world, replace(world.catalogue, modules={**world.catalogue.modules, MODULE: changed}))
    with world.database.reading() as session:
        found = module_of_version(session, module_version(module)).page("en").find_quiz("pool")
        assert found is not None
        assert found.sheets == {"p1": "<p>new</p>"}


def in_page(world: World) -> Catalogue:
    """The catalogue before its author gave the quiz "all" a clock: a minor revision."""
    module = world.catalogue.modules[MODULE]
    pages = {
        lang: replace(
            page,
            quizzes=tuple(
                replace(quiz, minutes=None, questions=tuple(q for q in quiz.questions if not q.draws))
                for quiz in page.quizzes
            ),
        )
        for lang, page in module.pages.items()
    }
    return replace(world.catalogue, modules={**world.catalogue.modules, MODULE: replace(module, pages=pages)})


def test_an_older_page_is_no_way_around_the_clock(world: World) -> None:
    caller = world.client("learner")
    now, before = world.catalogue, in_page(world)
    republish(world, before)
    old_edition = world.edition(MODULE)
    republish(world, now)
    first = start(caller, world).json
    world.clock.forward(minutes=10)
    body = {"module": MODULE, "quiz": "all", "edition": old_edition, "lang": "en"}
    reply = caller.post("/api/v1/attempts", body, key="old page")
    assert reply.json is not None
    assert (reply.status_code, reply.json["code"]) == (409, "edition_unknown")
    again = start(caller, world, key="again").json
    assert (again["id"], again["deadline"]) == (first["id"], first["deadline"])


def test_what_was_begun_in_the_page_is_handed_out_when_begun_again(world: World) -> None:
    caller = world.client("learner")
    now = world.catalogue
    republish(world, in_page(world))
    first = start(caller, world).json
    assert first["deadline"] is None
    republish(world, now)
    again = start(caller, world, key="again").json
    assert again["id"] == first["id"]
    assert again["deadline"] is not None
    assert len(paper(caller, again["id"])["questions"]) == 10


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
        apply_regrade(session, plan, actor="tests", reason="The key.", at=world.clock())
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
        apply_regrade(session, plan, actor="tests", reason="The formula.", at=world.clock())
    assert caller.get(f"/api/v1/attempts/{attempt}").status_code == 200


def test_after_a_major_revision_an_open_paper_is_outdated(world: World) -> None:
    caller = world.client("learner")
    attempt = start(caller, world).json["id"]
    changed = replace(world.catalogue.modules[MODULE], revision="major", minutes=98)
    republish(world, replace(world.catalogue, modules={**world.catalogue.modules, MODULE: changed}))
    reply = caller.get(f"/api/v1/attempts/{attempt}/paper")
    assert reply.json is not None
    assert (reply.status_code, reply.json["code"]) == (409, "edition_unknown")
    assert start(caller, world, key="anew").json["id"] == attempt
    assert caller.get(f"/api/v1/attempts/{attempt}/paper").status_code == 200


def test_feedback_is_released_when_the_last_attempt_ran_out(make_world: Callable[..., World]) -> None:
    catalogue = load_once(KINDS)
    module = catalogue.modules[MODULE]
    pages = {
        lang: replace(page, quizzes=tuple(replace(quiz, attempts=2, release="closed") for quiz in page.quizzes))
        for lang, page in module.pages.items()
    }
    world = make_world(
        catalogue=replace(catalogue, modules={**catalogue.modules, MODULE: replace(module, pages=pages)})
    )
    caller = world.client("learner")
    first = start(caller, world).json["id"]
    assert not hand_in(caller, world, first, {}).json["released"]
    start(caller, world, key="second")
    world.clock.forward(minutes=25)
    result = caller.get(f"/api/v1/attempts/{first}").json
    assert result is not None
    assert result["released"]
