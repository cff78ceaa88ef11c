"""Item analysis of real attempts: who is counted, what is said, and by which version."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from site_builder.course.model import Question
from tests.conftest import KINDS, RIGHT_ANSWERS, World, load_once, take_quiz
from tests.functional.papers import hand_in, republish, right, start, with_other_key
from tests.functional.teaching import add_to_class, shown

PATH = "analysis/safe-start/doors/doors"
WRONG: dict[str, Any] = {**RIGHT_ANSWERS, "first": ["1"]}
NOTHING: dict[str, Any] = {"first": ["1"], "outside": ["2"], "override": ["1"], "pressure": "5 Pa", "count": "9"}


def takes(world: World, name: str, answers: dict[str, Any], key: str = "k") -> None:
    reply = take_quiz(world.client(name), world, answers, key=f"{name}-{key}")
    assert reply.status_code == 200, reply.text


def many(world: World, count: int, right: int) -> None:
    """Learners of 1A, the first of whom answer rightly and the others nothing."""
    for number in range(count):
        add_to_class(world, f"n{number:02}", f"n{number:02}@example.org")
        takes(world, f"n{number:02}", RIGHT_ANSWERS if number < right else NOTHING)


def question(found: Any, name: str) -> Any:
    return next(item for item in found["questions"] if item["id"] == name)


def codes(found: Any, name: str) -> list[str]:
    return [remark["code"] for remark in question(found, name)["remarks"]]


def test_first_attempts_count_and_later_ones_do_not(world: World) -> None:
    takes(world, "learner", WRONG)
    takes(world, "learner", RIGHT_ANSWERS, key="again")
    found = shown(world.client("teacher"), PATH)
    assert found["learners"] == 1
    assert question(found, "first")["facility"] == 0
    assert question(found, "count")["facility"] == 1
    options = {option["html"]: option for option in question(found, "first")["options"]}
    assert [option["chosen"] for option in options.values()] == [1, 0] + [0] * (len(options) - 2)
    assert [option["right"] for option in options.values()][:2] == [False, True]


def test_few_learners_are_warned_of_and_very_few_have_no_figures(world: World) -> None:
    takes(world, "learner", RIGHT_ANSWERS)
    found = shown(world.client("teacher"), PATH)
    assert (found["few"], found["alpha"], found["standard_error"]) == (True, None, None)
    assert codes(found, "first") == ["few"]


def test_a_quiz_that_tells_learners_apart(world: World) -> None:
    many(world, 12, right=6)
    found = shown(world.client("teacher"), PATH)
    assert found["learners"] == 12
    assert found["alpha"] == pytest.approx(1, abs=0.3)
    assert found["pass_rate"] == 0.5
    first = question(found, "first")
    assert first["facility"] == 0.5
    assert first["discrimination"] == pytest.approx(1, abs=0.01)
    right = next(option for option in first["options"] if option["right"])
    assert (right["upper"], right["lower"]) == (1, 0)
    assert codes(found, "first") == ["fine"]


def test_what_those_who_did_well_got_wrong_is_said(world: World) -> None:
    """Half of those who did well chose a wrong answer: the key, or the question."""
    for number in range(18):
        add_to_class(world, f"m{number:02}", f"m{number:02}@example.org")
        good = number < 9
        takes(world, f"m{number:02}", {**(RIGHT_ANSWERS if good else NOTHING), "first": ["1" if good else "2"]})
    found = shown(world.client("teacher"), PATH)
    assert codes(found, "first") == ["misleading", "negative"]
    assert question(found, "first")["discrimination"] < 0
    assert question(found, "first")["remarks"][0]["share"] == 1


def test_what_chance_may_have_done_is_not_said(world: World) -> None:
    """A correlation a little below zero among few learners is no reason to doubt a key."""
    for number in range(12):
        add_to_class(world, f"c{number:02}", f"c{number:02}@example.org")
        answers = {
            **(RIGHT_ANSWERS if number < 6 else NOTHING),
            "first": ["2" if number in (0, 1, 2, 6, 7, 8, 9) else "1"],
        }
        takes(world, f"c{number:02}", answers)
    found = shown(world.client("teacher"), PATH)
    assert -0.3 < question(found, "first")["discrimination"] < 0
    assert codes(found, "first") == ["unclear"], "and none to praise the question"


def test_an_easy_question_and_an_answer_that_nobody_chooses(world: World) -> None:
    many(world, 30, right=30)
    found = shown(world.client("teacher"), PATH)
    assert not found["few"]
    assert codes(found, "count") == ["easy"]
    assert "unused" in codes(found, "first")


def test_trainers_see_everybody_and_teachers_their_own(world: World) -> None:
    takes(world, "learner", RIGHT_ANSWERS)
    takes(world, "shared learner", NOTHING)
    seen = {
        name: shown(world.client(name), PATH)["learners"] for name in ("teacher", "other teacher", "trainer", "admin")
    }
    assert seen == {"teacher": 2, "other teacher": 1, "trainer": 2, "admin": 2}
    one = shown(world.client("trainer"), f"{PATH}?class_id={world.classes['2B']}")
    assert one["learners"] == 1


def test_without_an_answer_no_key_is_shown(world: World) -> None:
    found = shown(world.client("other teacher"), PATH)
    assert (found["learners"], found["questions"]) == (0, [])


def test_what_was_done_before_one_entered_the_class_is_not_the_classs(world: World) -> None:
    with world.database.writing() as session:
        session.merge(world.people["admin"])
    takes(world, "admin", RIGHT_ANSWERS)
    world.clock.forward(days=1)
    body = {"text": "admin@example.org"}
    teacher = world.client("teacher")
    path = f"/api/v1/classes/{world.classes['1A']}/list"
    digest = teacher.post(f"{path}/preview", body).json["digest"]  # type: ignore[index]
    assert teacher.post(path, {**body, "digest": digest}, key="in").status_code == 200
    # Who works here is asked first.
    yes = world.client("admin").post(f"{path.removesuffix('/list')}/answer", {"accepted": True}, key="yes")
    assert yes.status_code == 200
    assert shown(teacher, PATH)["learners"] == 0
    page = shown(teacher, f"classes/{world.classes['1A']}/learners/{world.people['admin'].id}")
    assert page["attempts"] == []
    assert "admin" not in teacher.get(f"{path.removesuffix('/list')}/exports/attempts.csv").text


def test_versions_that_ask_the_same_are_one_and_another_question_is_another(world: World) -> None:
    takes(world, "learner", RIGHT_ANSWERS)
    world.clock.forward(days=1)
    republish(world, with_other_key(world.catalogue, "doors", "first", "safe-start/doors"))
    takes(world, "other learner", RIGHT_ANSWERS)
    teacher = world.client("teacher")
    found = shown(teacher, PATH)
    assert found["learners"] == 2
    assert [line["learners"] for line in found["versions"]] == [1, 1]
    assert [line["current"] for line in found["versions"]] == [True, False]
    old = shown(teacher, f"{PATH}?version={found['versions'][1]['version']}")
    assert old["learners"] == 1
    assert old["version"] == found["versions"][1]["version"]
    assert teacher.get(f"/api/v1/{PATH}?version={'0' * 64}").status_code == 404


@pytest.mark.parametrize("path", ["safe-start/doors/none", "safe-start/none/doors", "none/doors/doors"])
def test_there_is_no_analysis_of_what_is_not_there(world: World, path: str) -> None:
    assert world.client("teacher").get(f"/api/v1/analysis/{path}").status_code == 404


def test_the_export_says_the_same_as_the_page(world: World) -> None:
    many(world, 12, right=6)
    teacher = world.client("teacher")
    found = shown(teacher, PATH)
    reply = teacher.get(f"/api/v1/{PATH}/exports/analysis.xlsx?lang=fr")
    assert "attachment" in reply.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(reply.data)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert len(rows) == sum(max(1, len(item["options"])) for item in found["questions"])
    assert rows[0][2] == pytest.approx(found["questions"][0]["facility"])
    assert rows[0][8] == pytest.approx(found["questions"][0]["options"][0]["share"])
    assert teacher.get(f"/api/v1/{PATH}/exports/analysis.pdf").status_code == 404


def test_every_kind_says_what_was_answered(make_world: Any) -> None:
    """The shares of what can be chosen, in a language that the learner did not read."""
    world = make_world(catalogue=load_once(KINDS))
    learner = world.client("learner")
    attempt = start(learner, world, lang="fr").json["id"]
    assert hand_in(learner, world, attempt, right(world, attempt)).status_code == 200
    found = shown(world.client("teacher"), "analysis/every-kind/handed-out/all?lang=en")
    page = world.catalogue.modules["every-kind/handed-out"].page("en")
    quiz = page.find_quiz("all")
    assert quiz is not None
    for item in found["questions"]:
        asked: Question = next(entry for entry in quiz.questions if entry.id == item["id"])
        chosen = [option for option in item["options"] if option["chosen"]]
        if item["asked"] and not asked.draws:
            assert chosen, item["id"]
            assert all(option["right"] for option in chosen), item["id"]


def test_equal_totals_say_nothing_against_a_key(world: World) -> None:
    """Where everybody has the same total, whoever got one question right got another one wrong: that is arithmetic."""
    names = ["first", "outside", "override"]
    for number in range(15):
        add_to_class(world, f"e{number:02}", f"e{number:02}@example.org")
        name = names[number // 5]
        takes(world, f"e{number:02}", {**NOTHING, name: RIGHT_ANSWERS[name]})
    found = shown(world.client("teacher"), PATH)
    said = {code for name in names for code in codes(found, name)}
    assert not said & {"negative", "misleading", "fine"}
    assert all(option["upper"] is None for item in found["questions"] for option in item["options"])


def test_what_is_handed_in_blank_is_handed_in(world: World) -> None:
    for number in range(12):
        add_to_class(world, f"b{number:02}", f"b{number:02}@example.org")
        takes(world, f"b{number:02}", {})
    found = shown(world.client("teacher"), PATH)
    assert (found["learners"], found["pass_rate"]) == (12, 0)
