"""What classes are given: by when, for whom, with which words, and what the learner's home makes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.conftest import KINDS, RIGHT_ANSWERS, World, load_once, take_quiz
from tests.functional.papers import history, paper, right, start
from tests.functional.teaching import (
    add_to_class,
    assignment_ids,
    audit_entries,
    class_of,
    done,
    messages,
    revision,
    send,
    shown,
)

DOORS, PUMPS = "safe-start/doors", "safe-start/pumps"
WRONG_ANSWERS: dict[str, Any] = {"first": ["1"], "override": ["1"]}


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """Classes that were given nothing yet."""
    return make_world(given={})


def give(world: World, group: str = "1A", **terms: Any) -> str:
    """Give the tests' course; gives the assignment's id."""
    teacher = "teacher" if group == "1A" else "other teacher"
    before = set(assignment_ids(world, group))
    done(world.client(teacher), f"classes/{world.classes[group]}/assignments", {"course": "safe-start", **terms})
    return (set(assignment_ids(world, group)) - before).pop()


def due(world: World, persona: str = "learner") -> list[Any]:
    found: list[Any] = shown(world.client(persona), "home")["due"]
    return found


def moments(lines: list[Any]) -> list[str]:
    return [line["due_at"] and datetime.fromisoformat(line["due_at"]).strftime("%m-%d %H:%M") for line in lines]


def test_a_part_of_a_course_for_some_learners(world: World) -> None:
    give(world, modules=[PUMPS], learners=[str(world.people["learner"].id)], due="2026-05-01T16:00", required=False)
    (line,) = due(world)
    assert (line["title"], line["modules"], line["address"]) == ("A safe start", ["Pumps"], PUMPS)
    assert (line["class_name"], line["required"], line["late"]) == ("1A", False, False)
    assert due(world, "other learner") == []
    matrix = shown(world.client("teacher"), f"classes/{world.classes['1A']}/matrix")
    assert [module["id"] for module in matrix["modules"]] == [PUMPS]
    assert [(row["name"], row["cells"][0] is None) for row in matrix["learners"]] == [
        ("Learner", False),
        ("Other Learner", True),
        ("Shared Learner", True),
    ]
    assert matrix["learners"][0]["cells"][0]["optional"]


@pytest.mark.parametrize(
    "terms",
    [
        {"course": "nowhere"},
        {"modules": ["every-kind/graded"]},
        {"modules": []},
        {"learners": []},
        {"opens": "2026-05-01T16:00", "due": "2026-05-01T16:00"},
        {"due": "2026-02-30T16:00"},
        {"due": "1926-02-20T16:00"},
        {"due": "2026-05-01T16:00Z"},
        {"note": "x" * 4001},
    ],
)
def test_what_cannot_be_given_is_refused_and_leaves_nothing(world: World, terms: dict[str, Any]) -> None:
    before = audit_entries(world), revision(world)
    body = {"course": "safe-start", **terms}
    reply = send(world.client("teacher"), f"classes/{world.classes['1A']}/assignments", body)
    assert (reply.status_code, reply.json["code"]) == (422, "validation")
    assert assignment_ids(world) == []
    assert (audit_entries(world), revision(world)) == before


@pytest.mark.parametrize(
    ("typed", "moment", "again"),
    [
        ("2026-03-28T16:00", "2026-03-28T15:00", "2026-03-28T16:00"),
        ("2026-03-29T16:00", "2026-03-29T14:00", "2026-03-29T16:00"),
        # The hour that the clock skips, and the one that it shows twice.
        ("2026-03-29T02:30", "2026-03-29T01:30", "2026-03-29T03:30"),
        ("2026-10-25T02:30", "2026-10-25T00:30", "2026-10-25T02:30"),
        ("2026-10-25T03:00", "2026-10-25T02:00", "2026-10-25T03:00"),
    ],
)
def test_times_are_read_off_a_clock_in_the_class(world: World, typed: str, moment: str, again: str) -> None:
    give(world, due=typed)
    (line,) = class_of(world)["assignments"]
    assert line["due_at"].startswith(moment)
    assert line["due"] == again
    (line,) = due(world)
    assert (line["due_at"][:16], line["timezone"]) == (moment, "Europe/Brussels")


def test_due_at_four_is_due_at_four_in_another_zone_too(world: World) -> None:
    give(world, opens="2026-04-01T08:00", due="2026-05-01T16:00")
    (given,) = class_of(world)["assignments"]
    learner = str(world.people["learner"].id)
    done(
        world.client("teacher"),
        f"assignments/{given['id']}/extensions",
        {"learner": learner, "due": "2026-05-08T16:00"},
    )
    done(world.client("teacher"), f"classes/{world.classes['1A']}", {"timezone": "America/New_York"})
    (line,) = class_of(world)["assignments"]
    assert (line["due_at"][:16], line["due"]) == ("2026-05-01T20:00", "2026-05-01T16:00")
    assert line["opens"] == "2026-04-01T08:00"
    page = shown(world.client("teacher"), f"classes/{world.classes['1A']}/learners/{learner}")
    assert list(page["dues"].values()) == ["2026-05-08T16:00"]


@pytest.mark.parametrize("zone", ["localtime", "Factory", "posixrules", "Mars/Olympus"])
def test_a_zone_of_the_machine_is_none(world: World, zone: str) -> None:
    reply = send(world.client("teacher"), f"classes/{world.classes['1A']}", {"timezone": zone})
    assert (reply.status_code, reply.json["code"]) == (422, "validation")


def test_nothing_is_due_before_it_opens_in_the_night_in_which_clocks_are_set(world: World) -> None:
    terms = {"course": "safe-start", "opens": "2026-03-29T02:30", "due": "2026-03-29T03:00"}
    reply = send(world.client("teacher"), f"classes/{world.classes['1A']}/assignments", terms)
    assert (reply.status_code, reply.json["code"]) == (422, "validation"), "02:30 is 03:30 in that night"


def test_more_time_in_one_of_two_assignments_is_more_time_for_the_module(world: World) -> None:
    give(world, due="2026-03-01T10:00")
    give(world, due="2026-03-05T10:00", modules=["safe-start/doors"])
    later = next(line for line in class_of(world)["assignments"] if line["due"] == "2026-03-05T10:00")
    learner = str(world.people["learner"].id)
    done(
        world.client("teacher"),
        f"assignments/{later['id']}/extensions",
        {"learner": learner, "due": "2026-03-20T10:00"},
    )
    page = shown(world.client("teacher"), f"classes/{world.classes['1A']}/learners/{learner}")
    cell = next(line for line in page["modules"] if line["id"] == "safe-start/doors")["cell"]
    assert (cell["late"], cell["due_at"][:16]) == (False, "2026-03-20T09:00")


def test_who_enters_after_a_due_time_is_not_late_at_once(world: World) -> None:
    give(world, due="2026-03-01T10:00")
    world.clock.forward(days=1)
    late = add_to_class(world, "Late Comer", "late.comer@example.org")
    page = shown(world.client("teacher"), f"classes/{world.classes['1A']}/learners/{late.id}")
    assert not any(line["cell"]["late"] for line in page["modules"])
    preview = shown(world.client("teacher"), f"classes/{world.classes['1A']}/reminders")
    assert "Late Comer" not in [line["name"] for line in preview["lines"]]
    assert "Learner" in [line["name"] for line in preview["lines"]]


def test_what_is_not_open_yet_has_a_date_and_no_words(world: World) -> None:
    give(world, opens="2026-03-02T11:00", note="Careful.")
    (line,) = due(world)
    assert (line["opens_at"][:16], line["note_html"]) == ("2026-03-02T10:00", "")
    home = shown(world.client("learner"), "home")
    assert (home["next"], home["courses"]) == (None, [])
    world.clock.forward(hours=1)
    (line,) = due(world)
    assert (line["opens_at"], line["note_html"]) == (None, "<p>Careful.</p>")
    assert shown(world.client("learner"), "home")["next"]["id"] == DOORS


@pytest.mark.parametrize(
    "note",
    [
        "<script>alert(1)</script>Read **this**.",
        "[Read](javascript:alert(1)) **this**.",
        '<a href="&#106;avascript:alert(1)" onclick="alert(1)">Read</a> **this**.',
        "<img src=x onerror=alert(1)>Read **this**.",
        "![Read](https://example.org/x.png) **this**.",
        '<svg><a xlink:href="javascript:alert(1)">Read</a></svg> **this**.',
        "<style>*{}</style><iframe srcdoc='<script>1</script>'></iframe>Read **this**.",
        '<p style="position:fixed" class="x" id="y">Read</p>\n\n**this**.',
    ],
)
def test_a_note_can_do_no_harm(world: World, note: str) -> None:
    give(world, note=note)
    for html in (due(world)[0]["note_html"], class_of(world)["assignments"][0]["note_html"]):
        assert "<strong>this</strong>" in html
        for bad in (
            "<script",
            "javascript:",
            "<img",
            "onerror",
            "onclick",
            "<svg",
            "<iframe",
            "<style",
            "style=",
            "id=",
        ):
            assert bad not in html.casefold()


@pytest.mark.parametrize("note", ["[here](//example.org/x)", "[here](/api/v1/sign-out)", "[here](x.html)"])
def test_a_link_of_a_note_has_a_scheme(world: World, note: str) -> None:
    """Nothing depends on the page that it is shown on."""
    give(world, note=note)
    assert "href" not in due(world)[0]["note_html"]


def test_no_note_keeps_learners_from_their_home(world: World) -> None:
    """Neither those of the other class: the learner in both has one home."""
    send(
        world.client("teacher"),
        f"classes/{world.classes['1A']}/assignments",
        {"course": "safe-start", "note": "1. " * 1300},
    )
    for persona, path in (("shared learner", "home"), ("teacher", f"classes/{world.classes['1A']}")):
        assert world.client(persona).get(f"/api/v1/{path}").status_code == 200


def test_a_change_keeps_what_learners_did(world: World) -> None:
    name = give(world, due="2026-05-01T16:00")
    learner = world.client("learner")
    take_quiz(learner, world, RIGHT_ANSWERS)
    done(world.client("teacher"), f"assignments/{name}", {"modules": [DOORS], "due": "2026-06-01T16:00"})
    (line,) = due(world)
    assert (line["modules"], line["done"], line["late"]) == (["Doors"], True, False)
    assert moments([line]) == ["06-01 14:00"]


def test_withdrawn_and_given_again_without_losing_anything(world: World) -> None:
    name = give(world, due="2026-05-01T16:00", note="Read.")
    later = {"learner": str(world.people["learner"].id), "due": "2026-05-08T16:00"}
    teacher = world.client("teacher")
    done(teacher, f"assignments/{name}/extensions", later)
    take_quiz(world.client("learner"), world, RIGHT_ANSWERS)
    matrix = f"classes/{world.classes['1A']}/matrix"
    before = shown(teacher, matrix), due(world)
    done(teacher, f"assignments/{name}/withdrawal", {"withdrawn": True})
    assert due(world) == []
    assert shown(teacher, matrix)["modules"] == []
    page = shown(teacher, f"classes/{world.classes['1A']}/learners/{world.people['learner'].id}")
    assert [attempt["score"] for attempt in page["attempts"]] == [1.0]
    entries = audit_entries(world)
    done(teacher, f"assignments/{name}/withdrawal", {"withdrawn": True})
    assert audit_entries(world) == entries
    done(teacher, f"assignments/{name}/withdrawal", {"withdrawn": False})
    assert (shown(teacher, matrix), due(world)) == before


def test_more_time_is_for_one_learner(world: World) -> None:
    name = give(world, due="2026-03-02T11:00")
    teacher, person = world.client("teacher"), str(world.people["learner"].id)
    done(teacher, f"assignments/{name}/extensions", {"learner": person, "due": "2026-03-02T12:00"})
    assert moments(due(world) + due(world, "other learner")) == ["03-02 11:00", "03-02 10:00"]
    world.clock.forward(hours=1, seconds=1)
    assert [line["late"] for line in due(world) + due(world, "other learner")] == [False, True]
    world.clock.forward(hours=1)
    assert due(world)[0]["late"]
    done(teacher, f"assignments/{name}/extensions", {"learner": person})
    assert moments(due(world)) == ["03-02 10:00"]


def test_more_time_needs_a_due_time_and_a_learner_of_the_class(world: World) -> None:
    name = give(world)
    teacher, person = world.client("teacher"), str(world.people["learner"].id)
    assert (
        send(teacher, f"assignments/{name}/extensions", {"learner": person, "due": "2026-03-02T12:00"}).status_code
        == 422
    )
    stranger = {"learner": str(world.people["trainer"].id), "due": "2026-03-02T12:00"}
    assert send(teacher, f"assignments/{name}/extensions", stranger).status_code == 404


@pytest.mark.parametrize("later", ["2026-06-01T16:00", None])
def test_whoever_got_more_time_never_has_less_than_the_class(world: World, later: str | None) -> None:
    name = give(world, due="2026-05-01T16:00")
    teacher = world.client("teacher")
    extension = {"learner": str(world.people["learner"].id), "due": "2026-05-08T16:00"}
    done(teacher, f"assignments/{name}/extensions", extension)
    done(teacher, f"assignments/{name}", {"due": later})
    assert moments(due(world)) == moments(due(world, "other learner"))


def test_whoever_leaves_a_class_is_asked_for_nothing_and_comes_back_without_exceptions(world: World) -> None:
    name = give(world, due="2026-05-01T16:00")
    teacher, person = world.client("teacher"), world.people["learner"].id
    done(teacher, f"assignments/{name}/extensions", {"learner": str(person), "due": "2026-05-08T16:00"})
    done(teacher, f"classes/{world.classes['1A']}/members/{person}/removal")
    assert due(world) == []
    code = done(teacher, f"classes/{world.classes['1A']}/join-code")["code"]
    done(world.client("learner"), "join", {"code": code})
    assert moments(due(world)) == ["05-01 14:00"]


def test_a_home_shows_what_is_due_first_first(world: World) -> None:
    give(world, modules=[PUMPS])
    give(world, modules=[DOORS], due="2026-05-01T16:00")
    give(world, "2B", modules=[PUMPS], due="2026-03-01T16:00")
    lines = due(world, "shared learner")
    assert [(line["class_name"], line["modules"], line["late"]) for line in lines] == [
        ("2B", ["Pumps"], True),
        ("1A", ["Doors"], False),
        ("1A", ["Pumps"], False),
    ]
    home = shown(world.client("shared learner"), "home")
    assert home["next"]["id"] == PUMPS
    assert [line["name"] for line in home["classes"]] == ["1A", "2B"]


def test_what_is_optional_or_done_is_never_late(world: World) -> None:
    give(world, modules=[DOORS], due="2026-03-01T16:00")
    give(world, modules=[PUMPS], due="2026-03-01T16:00", required=False)
    assert {line["modules"][0]: line["late"] for line in due(world)} == {"Doors": True, "Pumps": False}
    take_quiz(world.client("learner"), world, RIGHT_ANSWERS)
    found = {line["modules"][0]: (line["late"], line["done"]) for line in due(world)}
    assert found == {"Doors": (False, True), "Pumps": (False, False)}
    table = shown(world.client("teacher"), f"classes/{world.classes['1A']}/matrix")
    cells = {line["name"]: [cell["late"] for cell in line["cells"]] for line in table["learners"]}
    assert cells["Learner"] == [False, False]
    assert cells["Other Learner"] == [True, False]


def test_what_is_due_at_the_same_time_comes_in_the_order_in_which_it_was_given(world: World) -> None:
    modules = [DOORS, PUMPS, "safe-start/talk", "safe-start/walk"] * 2
    given = []
    for name in modules:
        given.append(name)
        world.clock.forward(minutes=1)
        give(world, modules=[name], due="2026-05-01T16:00")
    titles = {"Doors": DOORS, "Pumps": PUMPS, "Talk to the crew": "safe-start/talk", "Walk through": "safe-start/walk"}
    assert [titles[line["modules"][0]] for line in due(world)] == given


def test_more_attempts_let_a_learner_begin_one_more(world: World) -> None:
    give(world)
    learner, teacher = world.client("learner"), world.client("teacher")
    for number in "123":
        assert take_quiz(learner, world, WRONG_ANSWERS, key=number).status_code == 200
    body = {"module": DOORS, "quiz": "doors", "edition": world.edition(DOORS), "lang": "en"}
    assert send(learner, "attempts", body).json["code"] == "no_attempts_left"
    path = f"classes/{world.classes['1A']}/learners/{world.people['learner'].id}"
    done(teacher, f"{path}/allowances/safe-start/doors", {"extra_attempts": 1, "why": "The network broke."})
    assert shown(learner, f"attempts?module={DOORS}&quiz=doors")["attempts_left"] == 1
    assert shown(teacher, path)["modules"][0]["extra_attempts"] == 1
    assert take_quiz(learner, world, RIGHT_ANSWERS, key="4").status_code == 200
    assert send(learner, "attempts", body).json["code"] == "no_attempts_left"


def test_more_time_really_moves_the_deadline(make_world: Callable[..., World]) -> None:
    world = make_world(catalogue=load_once(KINDS))
    learner, teacher = world.client("learner"), world.client("teacher")
    path = f"classes/{world.classes['1A']}/learners/{world.people['learner'].id}/allowances/every-kind/handed-out"
    done(teacher, path, {"time_factor": 1.5})
    attempt = start(learner, world).json["id"]
    assert paper(learner, attempt)["seconds_left"] == 30 * 60
    world.clock.forward(minutes=29)
    edition = world.edition("every-kind/handed-out")
    body = {"responses": right(world, attempt), "edition": edition, "lang": "en"}
    result = done(learner, f"attempts/{attempt}/submission", body)
    assert (result["passed"], result["late"]) == (True, False)
    other = start(world.client("other learner"), world).json["id"]
    assert paper(world.client("other learner"), other)["seconds_left"] == 20 * 60
    assert history(learner, "all")["attempts_left"] == 4


@pytest.mark.parametrize(
    "body", [{"extra_attempts": 21}, {"extra_attempts": -1}, {"time_factor": 4.1}, {"time_factor": 0.5}]
)
def test_allowances_have_limits(world: World, body: Any) -> None:
    give(world)
    path = f"classes/{world.classes['1A']}/learners/{world.people['learner'].id}/allowances"
    assert send(world.client("teacher"), f"{path}/safe-start/doors", body).status_code == 422


def test_allowances_are_for_what_the_learner_was_given(world: World) -> None:
    give(world, modules=[DOORS], learners=[str(world.people["learner"].id)])
    path = f"classes/{world.classes['1A']}/learners"
    for persona, module, status in (("learner", DOORS, 200), ("learner", PUMPS, 404), ("other learner", DOORS, 404)):
        address = f"{path}/{world.people[persona].id}/allowances/{module}"
        assert send(world.client("teacher"), address, {"extra_attempts": 1}).status_code == status


def test_whoever_was_taken_out_by_mistake_comes_back_as_they_were(world: World) -> None:
    teacher, learner = world.client("teacher"), world.people["learner"]
    terms = {"course": "safe-start", "due": "2026-03-10T16:00", "learners": [str(learner.id)]}
    done(teacher, f"classes/{world.classes['1A']}/assignments", terms)
    (given,) = assignment_ids(world)
    done(teacher, f"assignments/{given}/extensions", {"learner": str(learner.id), "due": "2026-03-20T16:00"})
    done(teacher, f"classes/{world.classes['1A']}/learners/{learner.id}", {"employer": "A school"})
    take_quiz(world.client("learner"), world, RIGHT_ANSWERS)
    page = f"classes/{world.classes['1A']}/learners/{learner.id}"
    before = shown(teacher, page)
    world.clock.forward(days=1)
    done(teacher, f"classes/{world.classes['1A']}/members/{learner.id}/removal")
    assert teacher.get(f"/api/v1/{page}").status_code == 404
    done(teacher, f"classes/{world.classes['1A']}/members/{learner.id}/return")
    assert shown(teacher, page) == before
    assert messages(world) == [], "nobody is told of a mistake that was taken back"
    again = send(teacher, f"classes/{world.classes['1A']}/members/{learner.id}/return")
    assert again.status_code == 404
