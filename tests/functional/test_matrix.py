"""The class matrix: what its cells say, when its tag changes, and that no page asks more as a class grows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from api.accounts.act import Act
from api.classes.assignments import assign
from api.classes.models import Class
from api.classes.operations import note_change
from api.core.database import mark_writing
from site_builder.course.model import Catalogue
from tests.conftest import CONTENT, KINDS, RIGHT_ANSWERS, Caller, World, load_once, take_quiz
from tests.functional.papers import republish
from tests.functional.teaching import add_to_class, assignment_ids, done, revision, send, shown, statements

DOORS, PUMPS, TALK = "safe-start/doors", "safe-start/pumps", "safe-start/talk"
WRONG_ANSWERS: dict[str, Any] = {"first": ["1"], "override": ["1"]}


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world(given={"1A": ["safe-start"]})


def matrix(world: World, caller: Caller | None = None) -> Any:
    return shown(caller or world.client("teacher"), f"classes/{world.classes['1A']}/matrix")


def cell(world: World, module: str = DOORS, learner: str = "Learner") -> tuple[str, float | None, bool]:
    found = matrix(world)
    place = [line["id"] for line in found["modules"]].index(module)
    row = next(row for row in found["learners"] if row["name"] == learner)
    return tuple(row["cells"][place][name] for name in ("state", "score", "late"))


def revised(catalogue: Catalogue, module_id: str, renewal: int, title: str) -> Catalogue:
    module = catalogue.modules[module_id]
    pages = {lang: replace(page, title=title) for lang, page in module.pages.items()}
    changed = replace(module, renewal=renewal, pages=pages)
    return replace(catalogue, modules={**catalogue.modules, module_id: changed})


def test_cells_say_what_really_happened(world: World) -> None:
    teacher, learner = world.client("teacher"), world.client("learner")
    assert cell(world) == ("open", None, False)
    body = {"module": DOORS, "quiz": "doors", "edition": world.edition(DOORS), "lang": "en"}
    begun = done(learner, "attempts", body)
    assert cell(world) == ("started", None, False)
    done(teacher, f"assignments/{assignment_ids(world)[0]}", {"due": "2026-03-02T11:00"})
    world.clock.forward(hours=2)
    assert cell(world) == ("started", None, True)
    answers = {"responses": WRONG_ANSWERS, "edition": world.edition(DOORS), "lang": "en"}
    done(learner, f"attempts/{begun['id']}/submission", answers)
    state, score, late = cell(world)
    assert (state, late) == ("failed", True)
    assert score is not None
    assert score < 0.5
    take_quiz(learner, world, RIGHT_ANSWERS, key="again")
    assert cell(world) == ("passed", 1.0, False)
    assert cell(world, TALK) == ("elsewhere", None, False)
    assert cell(world, learner="Other Learner") == ("open", None, True)
    republish(world, revised(world.catalogue, DOORS, 1, "Doors, reworded"))
    assert cell(world)[0] == "passed"
    republish(world, revised(world.catalogue, DOORS, 2, "Doors anew"))
    assert cell(world) == ("renew", 1.0, True)


def test_a_module_with_two_quizzes_is_passed_with_both(world: World) -> None:
    learner = world.client("learner")
    take_quiz(learner, world, {"dose": "12.5 mL", "valve": ["1"]}, key="1", module=PUMPS, quiz="flow")
    assert cell(world, PUMPS)[0] == "started"
    take_quiz(learner, world, {"pump": ["2"]}, key="2", module=PUMPS, quiz="last")
    assert cell(world, PUMPS)[0] == "failed"


def test_a_lesson_without_a_graded_quiz_is_done_when_it_is_read(make_world: Callable[..., World]) -> None:
    world = make_world(catalogue=load_once(KINDS))
    module = "every-kind/practice"
    assert cell(world, module) == ("open", None, False)
    done(world.client("learner"), f"modules/{module}/reading", {"edition": world.edition(module)})
    assert cell(world, module) == ("done", None, False)


def test_the_margins_add_up(world: World) -> None:
    done(world.client("teacher"), f"assignments/{assignment_ids(world)[0]}", {"due": "2026-03-01T11:00"})
    take_quiz(world.client("learner"), world, RIGHT_ANSWERS)
    found = matrix(world)
    rows = [(row["name"], row["done"], row["given"], row["late"]) for row in found["learners"]]
    assert rows == [("Learner", 1, 2, 1), ("Other Learner", 0, 2, 2), ("Shared Learner", 0, 2, 2)]
    column = found["modules"][0]
    told = (column["id"], column["done"], column["given"], column["late"], column["mean"], column["due_at"][:16])
    assert told == (DOORS, 1, 3, 2, 1.0, "2026-03-01T10:00")
    assert found["states"] == {"passed": 1, "open": 5, "elsewhere": 6, "late": 5}


def test_what_several_assignments_ask_counts_once_and_by_the_first_date(world: World) -> None:
    path = f"classes/{world.classes['1A']}/assignments"
    caller = world.client("teacher")
    done(caller, path, {"course": "safe-start", "modules": [DOORS], "due": "2026-06-01T10:00"})
    done(caller, path, {"course": "safe-start", "modules": [DOORS], "due": "2026-05-01T10:00"})
    done(caller, path, {"course": "safe-start", "modules": [DOORS], "due": "2026-03-01T10:00", "required": False})
    first = matrix(world)["learners"][0]["cells"][0]
    assert (first["due_at"][:10], first["late"], first["optional"]) == ("2026-05-01", False, False)


Step = Callable[[World, Caller], Any]


def class_path(world: World, tail: str) -> str:
    return f"classes/{world.classes['1A']}/{tail}"


def extend(world: World, teacher: Caller, day: str | None) -> None:
    body = {"learner": str(world.people["learner"].id), "due": day}
    done(teacher, f"assignments/{assignment_ids(world)[0]}/extensions", body)


def begin(world: World, teacher: Caller) -> None:
    body = {"module": DOORS, "quiz": "doors", "edition": world.edition(DOORS), "lang": "en"}
    done(world.client("other learner"), "attempts", body)


def read_doors(world: World, teacher: Caller) -> None:
    done(world.client("other learner"), f"modules/{DOORS}/reading", {"edition": world.edition(DOORS)})


def leave(world: World, teacher: Caller) -> None:
    done(teacher, class_path(world, f"members/{world.people['learner'].id}/removal"))


ACTS: dict[str, Step] = {
    "an attempt begins": begin,
    "an attempt is handed in": lambda world, _: take_quiz(world.client("other learner"), world, WRONG_ANSWERS),
    "a module is read": read_doors,
    "an assignment is added": lambda world, teacher: done(
        teacher, class_path(world, "assignments"), {"course": "safe-start", "due": "2026-03-01T10:00"}
    ),
    "an assignment changes": lambda world, teacher: done(
        teacher, f"assignments/{assignment_ids(world)[0]}", {"modules": [DOORS]}
    ),
    "an assignment is withdrawn": lambda world, teacher: done(
        teacher, f"assignments/{assignment_ids(world)[0]}/withdrawal", {"withdrawn": True}
    ),
    "somebody gets more time": lambda world, teacher: extend(world, teacher, "2026-03-05T10:00"),
    "somebody enters": lambda world, _: add_to_class(world, "Zoé", "zoe@example.org"),
    "somebody leaves": leave,
    "the class gets another name": lambda world, teacher: done(
        teacher, f"classes/{world.classes['1A']}", {"name": "X"}
    ),
    "the due time passes": lambda world, _: world.clock.forward(hours=2),
    "a module gets another title": lambda world, _: republish(world, revised(world.catalogue, DOORS, 1, "Gates")),
    "a module is revised": lambda world, _: republish(world, revised(world.catalogue, DOORS, 2, "Gates")),
}


@pytest.mark.parametrize("act", ACTS)
def test_the_tag_changes_with_the_matrix(world: World, act: str) -> None:
    teacher, path = world.client("teacher"), f"/api/v1/classes/{world.classes['1A']}/matrix"
    done(teacher, f"assignments/{assignment_ids(world)[0]}", {"due": "2026-03-02T11:00"})
    take_quiz(world.client("learner"), world, RIGHT_ANSWERS)
    first = teacher.get(path)
    tag = {"If-None-Match": first.headers["ETag"]}
    same = teacher.get(path, headers=tag)
    assert (same.status_code, same.data) == (304, b"")
    ACTS[act](world, teacher)
    fresh = teacher.get(path)
    assert fresh.json != first.json, "the act shows"
    asked = teacher.get(path, headers=tag)
    assert asked.status_code == 200
    assert asked.json == fresh.json
    assert teacher.get(path, headers={"If-None-Match": fresh.headers["ETag"]}).status_code == 304


def test_the_tag_changes_when_what_is_there_already_changes(world: World) -> None:
    """A second attempt writes to the row that the first one made."""
    teacher, path = world.client("teacher"), f"/api/v1/classes/{world.classes['1A']}/matrix"
    learner = world.client("learner")
    take_quiz(learner, world, WRONG_ANSWERS)
    tag = {"If-None-Match": teacher.get(path).headers["ETag"]}
    take_quiz(learner, world, RIGHT_ANSWERS, key="again")
    assert teacher.get(path, headers=tag).status_code == 200


def test_the_tag_stays_while_nothing_of_the_class_changes(world: World) -> None:
    teacher, path = world.client("teacher"), f"/api/v1/classes/{world.classes['1A']}/matrix"
    tag = {"If-None-Match": teacher.get(path).headers["ETag"]}
    take_quiz(world.client("trainer"), world, RIGHT_ANSWERS)
    done(world.client("other teacher"), f"classes/{world.classes['2B']}", {"name": "Two"})
    world.clock.forward(days=3)
    teacher = world.client("teacher")
    assert teacher.get(path, headers=tag).status_code == 304
    french = teacher.get(f"{path}?lang=fr", headers=tag)
    assert french.status_code == 200
    assert french.json is not None
    assert french.json["modules"][0]["title"] == "Les portes"


def test_two_changes_at_the_same_time_count_twice(world: World) -> None:
    """Both began with the class as it was: a tag that stands for two states would hide one of them for good."""
    before = revision(world)
    with world.database.writing() as session:
        group = session.get_one(Class, world.classes["1A"])
        session.commit()
        done(world.client("teacher"), f"classes/{group.id}", {"name": "X"})
        mark_writing(session)
        note_change(Act(session, world.clock(), "tests"), group, "class.change")
    assert revision(world) == before + 2


def many(catalogue: Catalogue, courses: int) -> Catalogue:
    """The tests' course, several times under other ids."""
    made = dict(catalogue.courses)
    modules = dict(catalogue.modules)
    course = catalogue.courses["safe-start"]
    for number in range(courses):
        ids = []
        for module in catalogue.modules_of(course):
            name = f"copy-{number}/{module.id.rpartition('/')[2]}"
            modules[name] = replace(module, id=name, requires=())
            ids.append(name)
        made[f"copy-{number}"] = replace(course, id=f"copy-{number}", module_ids=tuple(ids))
    return replace(catalogue, courses=made, modules=modules)


PAGES = {
    "matrix": "classes/{group}/matrix",
    "learner": "classes/{group}/learners/{person}",
    "class": "classes/{group}",
    "classes": "classes",
    "analysis": "analysis/safe-start/doors/doors?class_id={group}",
    "home": "home",
    "reminders": "classes/{group}/reminders",
    "matrix.csv": "classes/{group}/exports/matrix.csv",
    "attempts.csv": "classes/{group}/exports/attempts.csv",
    "results": "results",
    "module": "results/safe-start/doors",
    "threads": "modules/safe-start/doors/threads",
    "inbox": "threads",
}


@pytest.mark.slow
def test_no_page_asks_more_of_the_database_as_a_class_grows(make_world: Callable[..., World]) -> None:
    """A class of three with one course, then of thirty with many courses, attempts, questions and dates."""
    world = make_world(catalogue=many(load_once(CONTENT), 12), given={"1A": ["safe-start"]})
    group, person = world.classes["1A"], world.people["learner"].id
    learner, teacher = world.client("learner"), world.client("teacher")
    take_quiz(learner, world, RIGHT_ANSWERS)
    done(learner, f"modules/{DOORS}/threads", {"text": "Why?", "class_id": str(group)})
    done(teacher, f"assignments/{assignment_ids(world)[0]}", {"due": "2026-03-01T10:00"})

    def count() -> dict[str, int]:
        """Statements of each page, by its name."""
        counted = {}
        for name, template in PAGES.items():
            caller = learner if name == "home" else teacher
            path = f"/api/v1/{template.format(group=group, person=person)}"
            assert caller.get(path).status_code == 200
            with statements(world) as seen:
                assert caller.get(path).status_code == 200
            counted[name] = len(seen)
        return counted

    small = count()
    for number in range(27):
        add_to_class(world, f"Learner {number}", f"learner{number}@example.org")
        mate = world.client(f"Learner {number}")
        take_quiz(mate, world, RIGHT_ANSWERS, key=f"{number}")
        if number < 9:
            done(mate, f"modules/{DOORS}/threads", {"text": f"Why {number}?", "class_id": str(group)})
    with world.database.writing() as session:
        for number in range(12):
            assign(Act(session, world.clock(), "tests"), session.get_one(Class, group), f"copy-{number}")
    for number in range(2):
        take_quiz(learner, world, RIGHT_ANSWERS, key=f"more-{number}")
    for name in assignment_ids(world)[:6]:
        done(teacher, f"assignments/{name}", {"due": "2026-03-01T10:00"})
        send(teacher, f"assignments/{name}/extensions", {"learner": str(person), "due": "2026-03-01T12:00"})
    grown = count()
    assert {name: f"{small[name]} -> {grown[name]}" for name in PAGES if grown[name] > small[name]} == {}
