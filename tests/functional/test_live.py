"""Questions that are asked live: each for themselves, then after talking about them."""

from __future__ import annotations

from tests.conftest import World
from tests.functional.teaching import done, send, shown
from tests.functional.test_events import webinar


def test_a_question_is_asked_talked_about_and_asked_again(world: World) -> None:
    made = webinar(world, places=8)
    path = f"events/{made['id']}/live"
    whos = ("learner", "other learner", "shared learner")
    for who in whos:
        done(world.client(who), f"events/{made['id']}/booking")
    trainer = world.client("trainer")
    offered = shown(trainer, f"{path}/questions")["questions"]
    asked = next(one for one in offered if one["question_id"] == "first")
    done(trainer, path, {"module": asked["module_id"], "quiz": asked["quiz_id"], "question": "first"})
    found = shown(world.client("learner"), path)
    assert [option["id"] for option in found["options"]] == ["1", "2", "3"]
    assert "correct" not in str(found)
    answer = f"{path}/{found['id']}/answer"
    for who, option in zip(whos, ("1", "3", "2"), strict=True):
        done(world.client(who), answer, {"option": option})
    done(world.client("learner"), answer, {"option": "3"})
    assert send(world.client("learner"), answer, {"option": "9"}).json["field"] == "option"
    assert send(trainer, answer, {"option": "1"}).status_code == 404
    assert shown(trainer, f"{path}/tally")["counts"] == [{"2": 1, "3": 2}]
    assert shown(world.client("learner"), path)["counts"] == [], "not before it is shown"
    done(trainer, f"{path}/{found['id']}", {"again": True})
    for who in whos:
        done(world.client(who), answer, {"option": "2"})
    done(trainer, f"{path}/{found['id']}", {"open": False, "shown": True})
    assert send(world.client("learner"), answer, {"option": "1"}).json["code"] == "event_over"
    seen = shown(world.client("learner"), path)
    assert (seen["counts"], seen["gain"], seen["mine"]) == ([{"2": 1, "3": 2}, {"2": 3}], 1.0, "2")
    assert send(trainer, f"{path}/{found['id']}", {"again": True}).json["field"] == "again"


def test_a_phone_that_asks_again_gets_nothing_new_cheaply(world: World) -> None:
    made = webinar(world)
    learner = world.client("learner")
    done(learner, f"events/{made['id']}/booking")
    first = learner.get(f"/api/v1/events/{made['id']}/live")
    again = learner.get(f"/api/v1/events/{made['id']}/live", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    trainer, path = world.client("trainer"), f"/api/v1/events/{made['id']}/live"
    one = next(one for one in shown(trainer, f"events/{made['id']}/live/questions")["questions"])
    done(trainer, f"events/{made['id']}/live", {key: one[f"{key}_id"] for key in ("module", "quiz", "question")})
    asked = learner.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert asked.json is not None
    assert (asked.status_code, asked.json["stem"]) == (200, one["stem"])
    assert learner.get(path, headers={"If-None-Match": asked.headers["ETag"]}).status_code == 304
    done(learner, f"events/{made['id']}/live/{asked.json['id']}/answer", {"option": asked.json["options"][0]["id"]})
    assert learner.get(path, headers={"If-None-Match": asked.headers["ETag"]}).get_json()["mine"]
