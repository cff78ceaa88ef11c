"""Quizzes whose questions the server hands out: draws, clocks, waiting times, confidence."""

from __future__ import annotations

import json
import uuid
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from api.accounts.act import Act
from api.accounts.operations import set_time_factor
from api.catalogue import operations as catalogue_operations
from api.catalogue.operations import module_of_version
from api.core import audit
from api.core.errors import Invalid, NotFound
from api.evidence.operations import recompute_progress
from api.learning.models import Attempt
from api.learning.operations import marked_quiz
from site_builder.course.manifest import module_version
from site_builder.course.model import Catalogue
from tests.conftest import KINDS, World, load_once
from tests.functional.papers import MODULE, hand_in, history, paper, republish, right, start, stored, with_other_key


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world(catalogue=load_once(KINDS))


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
    changed = replace(module, renewal=2, pages=pages)
    republish(world, replace(world.catalogue, modules={**world.catalogue.modules, MODULE: changed}))
    again = start(caller, world, key="again").json
    assert (again["id"], again["deadline"]) == (attempt, None)


def test_extra_time(world: World) -> None:
    with world.database.writing() as session:
        email = world.people["learner"].email
        set_time_factor(Act(session, world.clock(), "tests", why="agreed"), email=email, factor=1.5)
        with pytest.raises(Invalid):
            set_time_factor(Act(session, world.clock(), "tests"), email=email, factor=0.5)
        with pytest.raises(NotFound):
            set_time_factor(Act(session, world.clock(), "tests"), email="nobody@example.org", factor=2)
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


def test_a_renewal_draws_anew_for_who_had_begun(world: World) -> None:
    caller = world.client("learner")
    attempt = start(caller, world).json["id"]
    module = world.catalogue.modules[MODULE]
    changed = replace(module, renewal=2, minutes=99)
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


def test_after_a_renewal_an_open_paper_is_outdated(world: World) -> None:
    caller = world.client("learner")
    attempt = start(caller, world).json["id"]
    changed = replace(world.catalogue.modules[MODULE], renewal=2, minutes=98)
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
