"""Which pages count: replaced ones for a while, older ones than an attempt began on and leaked ones not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from site_builder.course.manifest import module_edition, module_version
from site_builder.course.model import Module
from tests.conftest import RIGHT_ANSWERS, World, take_quiz
from tests.functional.test_learning import DOORS, WRONG_ANSWERS, change, hand_in, json_of, publish


def another_page(module: Module, **settings: Any) -> Module:
    """The module with another page to read."""
    pages = {lang: replace(page, body_sha="5" * 64) for lang, page in module.pages.items()}
    return replace(module, pages=pages, **settings)


def test_a_replaced_page_counts_for_a_while(world: World) -> None:
    caller = world.client("learner")
    publish(world, change(world.catalogue, DOORS, another_page))
    world.clock.forward(days=6)
    assert take_quiz(caller, world, WRONG_ANSWERS, key="1").status_code == 200
    body = {"module": DOORS, "quiz": "doors", "edition": world.edition(DOORS), "lang": "en"}
    begun = json_of(caller.post("/api/v1/attempts", body, key="begun"))["id"]
    world.clock.forward(days=2)
    sent = caller.post(f"/api/v1/attempts/{begun}/submission", hand_in(world, RIGHT_ANSWERS), key="sent")
    assert json_of(sent)["passed"], "it began while the page counted"
    late = caller.post("/api/v1/attempts", body, key="late")
    assert (late.status_code, late.json["code"]) == (409, "edition_unknown")  # type: ignore[index]
    publish(world, world.catalogue)
    assert caller.post("/api/v1/attempts", body, key="back").status_code == 201, "the page is the current one again"


def test_nobody_begins_on_a_new_page_and_hands_in_an_old_one(world: World) -> None:
    caller = world.client("learner")
    newer = change(world.catalogue, DOORS, another_page)
    publish(world, newer)
    body = {"module": DOORS, "quiz": "doors", "edition": module_edition(newer.modules[DOORS]), "lang": "en"}
    begun = json_of(caller.post("/api/v1/attempts", body, key="begun"))["id"]
    path = f"/api/v1/attempts/{begun}/submission"
    old = caller.post(path, hand_in(world, RIGHT_ANSWERS), key="old")
    assert (old.status_code, old.json["code"]) == (409, "edition_unknown")  # type: ignore[index]
    answers = {"responses": RIGHT_ANSWERS, "edition": body["edition"], "lang": "en"}
    assert json_of(caller.post(path, answers, key="new"))["passed"]


def test_leaked_keys_count_no_more_at_once(world: World) -> None:
    caller = world.client("learner")
    body = {"module": DOORS, "quiz": "doors", "edition": world.edition(DOORS), "lang": "en"}
    begun = json_of(caller.post("/api/v1/attempts", body, key="begun"))["id"]
    newer = change(world.catalogue, DOORS, lambda module: another_page(module, leaked=True))
    publish(world, newer)
    for path, sent in (
        (f"/api/v1/attempts/{begun}/submission", hand_in(world, RIGHT_ANSWERS)),
        ("/api/v1/attempts", body),
    ):
        reply = caller.post(path, sent, key=path)
        assert (reply.status_code, reply.json["code"]) == (409, "edition_unknown")  # type: ignore[index]
    again = {**body, "edition": module_edition(newer.modules[DOORS])}
    assert json_of(caller.post("/api/v1/attempts", again, key="again"))["id"] == begun
    answers = {"responses": RIGHT_ANSWERS, "edition": again["edition"], "lang": "en"}
    assert json_of(caller.post(f"/api/v1/attempts/{begun}/submission", answers, key="new"))["passed"]


def test_that_keys_leaked_is_no_part_of_what_a_page_shows(world: World) -> None:
    plain = world.catalogue.modules[DOORS]
    leaked = replace(plain, leaked=True)
    assert module_edition(leaked) == module_edition(plain)
    assert module_version(leaked) != module_version(plain)
