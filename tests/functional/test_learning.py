from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from api.accounts.act import Act
from api.catalogue.operations import lowered_renewals, store_catalogue
from api.evidence.models import ModuleProgress
from api.evidence.operations import recompute_progress
from api.learning.models import Attempt
from site_builder.course.kinds.choice import ChoiceQuestion
from site_builder.course.manifest import module_edition, module_version
from site_builder.course.model import Catalogue, Module
from tests.conftest import RIGHT_ANSWERS, Caller, World, take_quiz

DOORS = "safe-start/doors"
PUMPS = "safe-start/pumps"
WRONG_ANSWERS: dict[str, Any] = {"first": ["1"], "outside": ["1"], "override": ["1"], "pressure": "30 kg", "count": "2"}


def states(caller: Caller) -> dict[str, str]:
    reply = caller.get("/api/v1/courses/safe-start/progress").json
    assert reply is not None
    return {module["id"].partition("/")[2]: module["state"] for module in reply["modules"]}


def hand_in(world: World, answers: dict[str, Any], module: str = DOORS) -> dict[str, Any]:
    return {"responses": answers, "edition": world.edition(module), "lang": "en"}


def json_of(reply: Any) -> Any:
    assert reply.status_code < 300, reply.text
    return reply.json


def test_wrong_then_right(world: World) -> None:
    caller = world.client("learner")
    assert states(caller)["doors"] == "open"
    first = json_of(take_quiz(caller, world, WRONG_ANSWERS, key="1"))
    assert (first["passed"], first["number"], first["failed_critical"]) == (False, 1, ["override"])
    by_id = {question["id"]: question for question in first["questions"]}
    assert by_id["first"]["key"]["right"] == ["2"]
    assert by_id["first"]["key"]["feedback"]["1"] == "<p>Feedback-first-1: never before the outer one is shut.</p>"
    assert by_id["outside"]["score"] == 0.5
    assert by_id["pressure"]["reason"] == "unit-unknown"
    assert by_id["pressure"]["key"]["answer"] == "30 ± 1 Pa"
    assert states(caller)["doors"] == "started"

    second = json_of(take_quiz(caller, world, RIGHT_ANSWERS, key="2"))
    assert (second["passed"], second["score"], second["number"]) == (True, 1.0, 2)
    assert states(caller)["doors"] == "done"
    history = json_of(caller.get(f"/api/v1/attempts?module={DOORS}&quiz=doors"))
    assert [attempt["number"] for attempt in history["attempts"]] == [2, 1]
    assert history["attempts_left"] == 1
    home = json_of(caller.get("/api/v1/home?lang=fr"))
    assert home["next"]["id"] == PUMPS
    assert home["courses"][0]["title"] == "Bien commencer"


def test_a_critical_question_fails_the_attempt_whatever_the_score(world: World) -> None:
    result = json_of(take_quiz(world.client("learner"), world, {**RIGHT_ANSWERS, "override": ["1"]}))
    assert result["score"] == pytest.approx(0.8)
    assert (result["passed"], result["failed_critical"]) == (False, ["override"])


def test_attempts_run_out(world: World) -> None:
    caller = world.client("learner")
    for number in range(3):
        take_quiz(caller, world, WRONG_ANSWERS, key=str(number))
    body = {"module": DOORS, "quiz": "doors", "edition": world.edition(DOORS), "lang": "en"}
    reply = caller.post("/api/v1/attempts", body, key="fourth")
    assert (reply.status_code, reply.json["code"]) == (409, "no_attempts_left")  # type: ignore[index]


def test_starting_twice_goes_on_with_the_same_attempt(world: World) -> None:
    caller = world.client("learner")
    body = {"module": DOORS, "quiz": "doors", "edition": world.edition(DOORS), "lang": "en"}
    ids = {json_of(caller.post("/api/v1/attempts", body, key=key))["id"] for key in ("tab-1", "tab-2", "tab-1")}
    assert len(ids) == 1


def test_retries_have_one_effect(world: World) -> None:
    caller = world.client("learner")
    first = take_quiz(caller, world, WRONG_ANSWERS, key="1")
    again = take_quiz(caller, world, WRONG_ANSWERS, key="1")
    assert again.json == first.json
    assert again.headers["Idempotency-Replayed"] == "true"
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 1
    other = caller.post(f"/api/v1/attempts/{first.json['id']}/submission", hand_in(world, {}), key="submit-1")  # type: ignore[index]
    assert (other.status_code, other.json["code"]) == (409, "idempotency_conflict")  # type: ignore[index]
    late = caller.post(f"/api/v1/attempts/{first.json['id']}/submission", hand_in(world, {}), key="other")  # type: ignore[index]
    assert (late.status_code, late.json["code"]) == (409, "attempt_submitted")  # type: ignore[index]
    missing = caller.post(f"/api/v1/attempts/{first.json['id']}/submission", hand_in(world, {}))  # type: ignore[index]
    assert missing.status_code == 422


def test_a_key_belongs_to_a_person(world: World) -> None:
    for name in ("learner", "other learner"):
        assert take_quiz(world.client(name), world, RIGHT_ANSWERS, key="same").json["passed"]  # type: ignore[index]
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 2


def test_the_same_submission_from_many_threads(world: World) -> None:
    caller = world.client("learner")
    body = {"module": DOORS, "quiz": "doors", "edition": world.edition(DOORS), "lang": "en"}
    attempt = json_of(caller.post("/api/v1/attempts", body, key="s"))["id"]
    clients = [world.client("learner") for _ in range(4)]
    replies: list[Any] = []

    def submit(client: Caller) -> None:
        path = f"/api/v1/attempts/{attempt}/submission"
        replies.append(client.post(path, hand_in(world, RIGHT_ANSWERS), key="one"))

    threads = [threading.Thread(target=submit, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [reply.status_code for reply in replies] == [200] * 4, [reply.text for reply in replies]
    assert len({reply.text for reply in replies}) == 1
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_nothing_of_the_key_before_handing_in(world: World) -> None:
    caller = world.client("learner")
    body = {"module": DOORS, "quiz": "doors", "edition": world.edition(DOORS), "lang": "en"}
    start = caller.post("/api/v1/attempts", body, key="s")
    seen = start.text + caller.get(f"/api/v1/attempts?module={DOORS}&quiz=doors").text + caller.get("/api/v1/home").text
    assert "Feedback-" not in seen
    assert "Explanation-" not in seen
    assert caller.get(f"/api/v1/attempts/{start.json['id']}").status_code == 404  # type: ignore[index]


def test_release_once_passed(world: World) -> None:
    caller = world.client("learner")
    failed = json_of(take_quiz(caller, world, {"dose": "1 mL"}, key="1", module=PUMPS, quiz="flow"))
    assert failed["released"] is False
    assert all(question["key"] is None for question in failed["questions"])
    passed = json_of(take_quiz(caller, world, {"dose": "0,0125 L"}, key="2", module=PUMPS, quiz="flow"))
    assert (passed["passed"], passed["released"]) == (True, True)
    assert json_of(caller.get(f"/api/v1/attempts/{failed['id']}"))["released"] is True


def test_before_the_release_one_sees_feedback_on_what_one_chose(world: World) -> None:
    publish(world, change(world.catalogue, DOORS, lambda module: with_quiz(module, release="passed")))
    result = json_of(take_quiz(world.client("learner"), world, WRONG_ANSWERS))
    by_id = {question["id"]: question for question in result["questions"]}
    assert (result["released"], by_id["first"]["key"]) == (False, None)
    assert list(by_id["first"]["own"]["feedback"]) == ["1"]
    assert by_id["pressure"]["own"] is None
    assert "Explanation-" not in json.dumps(result)


def test_a_blank_page_shows_nothing(world: World) -> None:
    result = json_of(take_quiz(world.client("learner"), world, {"first": ["1"]}))
    assert result["released"] is True, "the quiz releases with every result"
    by_id = {question["id"]: question for question in result["questions"]}
    assert by_id["first"]["key"] is not None
    assert [one["key"] for name, one in by_id.items() if name != "first"] == [None] * (len(by_id) - 1)


def test_release_when_closed(world: World) -> None:
    result = json_of(take_quiz(world.client("learner"), world, {"pump": ["2"]}, module=PUMPS, quiz="last"))
    assert result["released"] is True, "the only attempt is used up"


def test_a_lesson_is_done_when_read_and_every_graded_quiz_passed(world: World) -> None:
    caller = world.client("learner")
    take_quiz(caller, world, {"dose": "12.5 mL", "valve": ["1"]}, key="1", module=PUMPS, quiz="flow")
    assert states(caller)["pumps"] == "started"
    take_quiz(caller, world, {"pump": ["1"]}, key="2", module=PUMPS, quiz="last")
    assert states(caller)["pumps"] == "done"


def test_reading(world: World) -> None:
    caller = world.client("learner")
    for key in ("1", "2"):
        reply = json_of(
            caller.post("/api/v1/modules/safe-start/doors/reading", {"edition": world.edition(DOORS)}, key=key)
        )
    assert next(module for module in reply["modules"] if module["id"] == DOORS)["read"] is True
    assert states(caller)["doors"] == "started"
    unknown = caller.post("/api/v1/modules/safe-start/doors/reading", {"edition": "0" * 64}, key="3")
    assert unknown.json["code"] == "edition_unknown"  # type: ignore[index]


def change(catalogue: Catalogue, module_id: str, edit: Any) -> Catalogue:
    """The catalogue with one module changed."""
    module: Module = edit(catalogue.modules[module_id])
    return replace(catalogue, modules={**catalogue.modules, module_id: module})


def with_key(module: Module, question_id: str, right: str) -> Module:
    """The module with another right option."""

    def edit(question: Any) -> Any:
        if question.id != question_id:
            return question
        assert isinstance(question, ChoiceQuestion)
        options = tuple(replace(option, correct=option.id == right) for option in question.options)
        return replace(question, options=options)

    pages = {
        lang: replace(
            page,
            quizzes=tuple(replace(quiz, questions=tuple(edit(q) for q in quiz.questions)) for quiz in page.quizzes),
        )
        for lang, page in module.pages.items()
    }
    return replace(module, pages=pages)


def publish(world: World, catalogue: Catalogue) -> None:
    with world.database.writing() as session:
        store_catalogue(Act(session, world.clock(), "tests"), catalogue)


def test_answers_are_graded_against_the_version_that_the_learner_saw(world: World) -> None:
    caller = world.client("learner")
    old = world.edition(DOORS)

    def retitle(module: Module) -> Module:
        pages = {lang: replace(page, body_sha="1" * 64) for lang, page in module.pages.items()}
        return with_key(replace(module, pages=pages), "first", "3")

    newer = change(world.catalogue, DOORS, retitle)
    publish(world, newer)
    assert module_edition(newer.modules[DOORS]) != old
    offline = json_of(take_quiz(caller, world, RIGHT_ANSWERS, key="old"))
    assert offline["score"] == 1.0, "the page was the old one, and so is the key"
    body = {"module": DOORS, "quiz": "doors", "edition": module_edition(newer.modules[DOORS]), "lang": "en"}
    attempt = json_of(caller.post("/api/v1/attempts", body, key="new"))
    answers = {"responses": RIGHT_ANSWERS, "edition": body["edition"], "lang": "en"}
    result = json_of(caller.post(f"/api/v1/attempts/{attempt['id']}/submission", answers, key="n"))
    assert {q["id"]: q["correct"] for q in result["questions"]}["first"] is False


def test_a_corrected_key_keeps_the_edition_and_counts_from_then_on(world: World) -> None:
    corrected = change(world.catalogue, DOORS, lambda module: with_key(module, "first", "3"))
    assert module_edition(corrected.modules[DOORS]) == world.edition(DOORS)
    assert module_version(corrected.modules[DOORS]) != module_version(world.catalogue.modules[DOORS])
    publish(world, corrected)
    result = json_of(take_quiz(world.client("learner"), world, {**RIGHT_ANSWERS, "first": ["3"]}))
    assert result["score"] == 1.0


@pytest.mark.parametrize(
    ("settings", "state", "changed"),
    [
        ({}, "done", False),
        ({"changed_on": "2026-03-02"}, "done", True),
        ({"renewal": 2}, "renew", False),
        ({"renewal": 2, "changed_on": "2026-03-02"}, "renew", False),
    ],
    ids=["a typo is mended", "a change is shown", "it must be renewed", "both"],
)
def test_what_a_change_means(world: World, settings: dict[str, Any], state: str, changed: bool) -> None:
    caller = world.client("learner")
    take_quiz(caller, world, RIGHT_ANSWERS, key="1")

    def edit(module: Module) -> Module:
        pages = {lang: replace(page, body_sha="2" * 64) for lang, page in module.pages.items()}
        return replace(module, pages=pages, **settings)

    newer = change(world.catalogue, DOORS, edit)
    world.clock.forward(hours=1)
    publish(world, newer)
    assert states(caller)["doors"] == state
    progress = json_of(caller.get("/api/v1/courses/safe-start/progress"))
    assert next(module["changed"] for module in progress["modules"] if module["id"] == DOORS) is changed
    if state == "renew":
        world.catalogue = newer
        history = json_of(caller.get(f"/api/v1/attempts?module={DOORS}&quiz=doors"))
        assert history["attempts_left"] == 3, "a renewal gives new attempts"
        take_quiz(caller, world, RIGHT_ANSWERS, key="2")
        assert states(caller)["doors"] == "done"


def test_the_same_change_in_a_corrected_page_is_no_new_one(world: World) -> None:
    caller = world.client("learner")

    def edit(sha: str) -> Catalogue:
        def shown(module: Module) -> Module:
            pages = {lang: replace(page, body_sha=sha * 64) for lang, page in module.pages.items()}
            return replace(module, pages=pages, changed_on="2026-03-02")

        return change(world.catalogue, DOORS, shown)

    publish(world, edit("4"))
    world.clock.forward(hours=1)
    take_quiz(caller, world, RIGHT_ANSWERS, key="1")
    world.clock.forward(hours=1)
    publish(world, edit("5"))
    progress = json_of(caller.get("/api/v1/courses/safe-start/progress"))
    assert [module["changed"] for module in progress["modules"] if module["id"] == DOORS] == [False]


def test_an_older_content_can_be_published_again(world: World) -> None:
    """Its renewal comes back with it, and so do its quizzes."""
    caller, other = world.client("learner"), world.client("other learner")
    take_quiz(caller, world, RIGHT_ANSWERS, key="1")

    def renew(module: Module) -> Module:
        pages = {lang: replace(page, body_sha="6" * 64) for lang, page in module.pages.items()}
        return replace(module, pages=pages, renewal=2)

    before = world.catalogue
    newer = change(before, DOORS, renew)
    publish(world, newer)
    assert states(caller)["doors"] == "renew"
    world.catalogue = newer
    take_quiz(other, world, RIGHT_ANSWERS, key="1")
    with world.database.writing() as session:
        assert lowered_renewals(session, before) == {DOORS: (2, 1)}
    publish(world, before)
    world.catalogue = before
    assert states(caller)["doors"] == "done"
    assert states(other)["doors"] == "done", "a newer completion holds for an older content"
    assert json_of(take_quiz(world.client("shared learner"), world, RIGHT_ANSWERS, key="1"))["score"] == 1.0
    publish(world, newer)
    assert (states(caller)["doors"], states(other)["doors"]) == ("renew", "done")


def test_an_attempt_of_a_content_that_was_taken_back_begins_anew(world: World) -> None:
    caller = world.client("learner")
    newer = change(world.catalogue, DOORS, lambda module: replace(with_quiz(module, minutes=10), renewal=2))
    publish(world, newer)
    body = {"module": DOORS, "quiz": "doors", "edition": module_edition(newer.modules[DOORS]), "lang": "en"}
    begun = json_of(caller.post("/api/v1/attempts", body, key="1"))
    assert begun["deadline"] is not None
    publish(world, world.catalogue)
    again = json_of(caller.post("/api/v1/attempts", {**body, "edition": world.edition(DOORS)}, key="2"))
    assert (again["id"], again["deadline"]) == (begun["id"], None)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("seize", "not-a-number"),
        ("30² Pa", "not-a-number"),
        ("30", "unit-missing"),
        ("30 spoons", "unit-unreadable"),
    ],
)
def test_an_answer_that_cannot_be_read_costs_no_attempt(world: World, typed: str, reason: str) -> None:
    caller = world.client("learner")
    body = {"module": DOORS, "quiz": "doors", "edition": world.edition(DOORS), "lang": "en"}
    begun = json_of(caller.post("/api/v1/attempts", body, key="begin"))
    path = f"/api/v1/attempts/{begun['id']}/submission"
    sent = {"responses": {**RIGHT_ANSWERS, "pressure": typed}, "edition": world.edition(DOORS), "lang": "en"}
    refused = caller.post(path, sent, key="submit")
    assert refused.status_code == 422
    assert refused.json is not None
    assert (refused.json["code"], refused.json["questions"]) == ("answer_unreadable", {"pressure": reason})
    history = json_of(caller.get(f"/api/v1/attempts?module={DOORS}&quiz=doors"))
    assert history["attempts"][0]["submitted_at"] is None
    # A refusal is no effect: the same key may carry what was mended.
    mended = json_of(caller.post(path, {**sent, "responses": RIGHT_ANSWERS}, key="submit"))
    assert mended["score"] == 1.0


def test_what_is_refused_tells_nothing_of_the_key(world: World) -> None:
    """A unit of another dimension exists: it is marked, and not told apart before."""
    caller = world.client("learner")
    result = json_of(take_quiz(caller, world, {**RIGHT_ANSWERS, "pressure": "30 kg"}))
    assert result["score"] < 1
    (question,) = [question for question in result["questions"] if question["id"] == "pressure"]
    assert question["reason"] == "unit-unknown"


def test_when_the_time_is_over_an_answer_is_taken_as_it_is(world: World) -> None:
    timed = change(world.catalogue, DOORS, lambda module: with_quiz(module, minutes=10))
    publish(world, timed)
    world.catalogue = timed
    caller = world.client("learner")
    body = {"module": DOORS, "quiz": "doors", "edition": world.edition(DOORS), "lang": "en"}
    begun = json_of(caller.post("/api/v1/attempts", body, key="begin"))
    path = f"/api/v1/attempts/{begun['id']}/submission"
    sent = {"responses": {**RIGHT_ANSWERS, "pressure": "?"}, "edition": world.edition(DOORS), "lang": "en"}
    assert caller.post(path, sent, key="early").status_code == 422
    world.clock.forward(minutes=10)
    assert json_of(caller.post(path, sent, key="late"))["score"] == 0.8


def test_a_page_may_hand_in_as_it_is(world: World) -> None:
    caller = world.client("learner")
    body = {"module": DOORS, "quiz": "doors", "edition": world.edition(DOORS), "lang": "en"}
    begun = json_of(caller.post("/api/v1/attempts", body, key="begin"))
    sent = {"responses": {"pressure": "?"}, "edition": world.edition(DOORS), "lang": "en", "as_it_is": True}
    assert json_of(caller.post(f"/api/v1/attempts/{begun['id']}/submission", sent, key="submit"))["score"] == 0.0


def test_a_correction_can_be_taken_back(world: World) -> None:
    wrong = change(world.catalogue, DOORS, lambda module: with_key(module, "first", "3"))
    publish(world, wrong)
    publish(world, world.catalogue)
    assert json_of(take_quiz(world.client("learner"), world, RIGHT_ANSWERS))["score"] == 1.0


def with_quiz(module: Module, **settings: Any) -> Module:
    """The module with other settings of its graded quizzes."""
    pages = {
        lang: replace(page, quizzes=tuple(q if q.practice else replace(q, **settings) for q in page.quizzes))
        for lang, page in module.pages.items()
    }
    return replace(module, pages=pages)


def test_an_old_page_gives_no_more_attempts_and_no_keys(world: World) -> None:
    caller = world.client("learner")
    stricter = change(world.catalogue, DOORS, lambda module: with_quiz(module, attempts=1, release="passed"))
    publish(world, stricter)
    first = json_of(take_quiz(caller, world, WRONG_ANSWERS, key="1"))
    assert first["released"] is True, "the only attempt is used up"
    body = {"module": DOORS, "quiz": "doors", "edition": world.edition(DOORS), "lang": "en"}
    assert caller.post("/api/v1/attempts", body, key="2").status_code == 409
    revised = change(
        stricter, DOORS, lambda module: replace(with_quiz(module, attempts=2, release="passed"), renewal=2)
    )
    publish(world, revised)
    old = caller.post("/api/v1/attempts", body, key="3")
    assert (old.status_code, old.json["code"]) == (409, "edition_unknown")  # type: ignore[index]


def test_passing_before_a_renewal_releases_nothing_after_it(world: World) -> None:
    caller = world.client("learner")
    take_quiz(caller, world, {"dose": "12.5 mL", "valve": ["1"]}, key="1", module=PUMPS, quiz="flow")

    def revise(module: Module) -> Module:
        pages = {lang: replace(page, body_sha="3" * 64) for lang, page in module.pages.items()}
        return replace(module, pages=pages, renewal=2)

    world.catalogue = change(world.catalogue, PUMPS, revise)
    publish(world, world.catalogue)
    again = json_of(take_quiz(caller, world, {}, key="2", module=PUMPS, quiz="flow"))
    assert (again["number"], again["released"]) == (2, False)


def test_two_tabs_with_different_pages_are_each_graded_as_seen(world: World) -> None:
    caller = world.client("learner")
    old = world.edition(DOORS)
    body = {"module": DOORS, "quiz": "doors", "edition": old, "lang": "en"}
    attempt = json_of(caller.post("/api/v1/attempts", body, key="a"))["id"]

    def change_page(module: Module) -> Module:
        pages = {lang: replace(page, body_sha="4" * 64) for lang, page in module.pages.items()}
        return with_key(replace(module, pages=pages), "first", "3")

    newer = change(world.catalogue, DOORS, change_page)
    publish(world, newer)
    body["edition"] = module_edition(newer.modules[DOORS])
    assert json_of(caller.post("/api/v1/attempts", body, key="b"))["id"] == attempt
    answers = {"responses": RIGHT_ANSWERS, "edition": old, "lang": "en"}
    result = json_of(caller.post(f"/api/v1/attempts/{attempt}/submission", answers, key="c"))
    assert result["score"] == 1.0


def test_progress_holds_when_one_learner_does_many_things_at_once(world: World) -> None:
    def work(client: Caller, number: int) -> None:
        quiz, answers = (("flow", {"dose": "12.5 mL"}), ("last", {"pump": ["1"]}))[number % 2]
        take_quiz(client, world, answers, key=f"{number}", module=PUMPS, quiz=quiz)

    clients = [world.client("learner") for _ in range(4)]
    threads = [threading.Thread(target=work, args=(client, number)) for number, client in enumerate(clients[:2])]
    threads += [
        threading.Thread(
            target=client.post,
            args=("/api/v1/modules/safe-start/pumps/reading", {"edition": world.edition(PUMPS)}),
            kwargs={"key": f"read-{number}"},
        )
        for number, client in enumerate(clients[2:])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with world.database.reading() as session:
        (row,) = session.scalars(select(ModuleProgress)).all()
        values = recompute_progress(session, row.person_id, row.module_id)
        assert {name: getattr(row, name) for name in values} == values
        assert set(row.quizzes) == {"flow", "last"}


def test_publishing_the_same_again_changes_nothing(world: World) -> None:
    with world.database.writing() as session:
        _, changed = store_catalogue(Act(session, world.clock(), "tests"), world.catalogue)
    assert changed is False


def test_the_summary_equals_what_it_summarises(world: World) -> None:
    for number, name in enumerate(("learner", "other learner")):
        caller = world.client(name)
        take_quiz(caller, world, WRONG_ANSWERS if number else RIGHT_ANSWERS, key="1")
        take_quiz(caller, world, {"dose": "12.5 mL"}, key="2", module=PUMPS, quiz="flow")
        caller.post("/api/v1/modules/safe-start/pumps/reading", {"edition": world.edition(PUMPS)}, key="3")
    with world.database.reading() as session:
        rows = session.scalars(select(ModuleProgress)).all()
        assert len(rows) == 4
        for row in rows:
            values = recompute_progress(session, row.person_id, row.module_id)
            assert {name: getattr(row, name) for name in values} == values


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"module": "safe-start/none", "quiz": "doors"}, 404, "not_found"),
        ({"quiz": "none"}, 404, "not_found"),
        ({"quiz": "warm-up"}, 404, "not_found"),
        ({"edition": "0" * 64}, 409, "edition_unknown"),
        ({"module": "../etc"}, 422, "validation"),
    ],
)
def test_what_does_not_exist_cannot_be_started(world: World, body: dict[str, str], status: int, code: str) -> None:
    whole = {"module": DOORS, "quiz": "doors", "edition": world.edition(DOORS), "lang": "en", **body}
    reply = world.client("learner").post("/api/v1/attempts", whole, key="k")
    assert (reply.status_code, reply.json["code"]) == (status, code), reply.text  # type: ignore[index]


def test_a_response_to_a_question_that_does_not_exist(world: World) -> None:
    reply = take_quiz(world.client("learner"), world, {"none": "x"})
    assert reply.status_code == 422
    assert reply.json["field"] == "responses.none"  # type: ignore[index]


def test_reports_take_a_fixed_number_of_queries(world: World) -> None:
    from sqlalchemy import event

    counts = []
    trainer, learner = world.client("trainer"), world.client("learner")
    for name in (None, "learner", "other learner"):
        if name:
            take_quiz(world.client(name), world, RIGHT_ANSWERS, key=name)
        statements: list[str] = []

        def count(connection: Any, cursor: Any, statement: str, *_: Any, into: list[str] = statements) -> None:
            into.append(statement)

        event.listen(world.database.engine, "before_cursor_execute", count)
        for caller, path in (
            (trainer, "/api/v1/results"),
            (trainer, f"/api/v1/results/{DOORS}"),
            (learner, "/api/v1/home"),
        ):
            assert caller.get(path).status_code == 200
        event.remove(world.database.engine, "before_cursor_execute", count)
        counts.append(len([s for s in statements if s.startswith("SELECT")]))
    assert counts[1] == counts[2] <= counts[0] + 1, counts
