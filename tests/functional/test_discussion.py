"""Questions to the trainer: who reads, who answers, who hides."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from api.core.richtext import MOST_BRACKETS, render_text
from api.messages.models import Message
from tests.conftest import PERSONAS, World
from tests.functional.teaching import done, send, shown

BELOW = "modules/safe-start/doors/threads"


def ask(world: World, who: str = "learner", **more: Any) -> None:
    group = str(world.classes["1A"])
    done(world.client(who), BELOW, {"text": "Why **two** doors?", "class_id": group, "shared": False, **more})


def below(world: World, who: str) -> list[Any]:
    return list(shown(world.client(who), BELOW)["threads"])


def inbox(world: World, who: str) -> list[Any]:
    return list(shown(world.client(who), "threads")["threads"])


def told(world: World) -> list[tuple[str, str]]:
    with world.database.reading() as session:
        rows = session.scalars(select(Message).order_by(Message.created_at))
        return sorted((message.reader.email.partition("@")[0], message.kind) for message in rows)


def test_a_question_reaches_the_teachers_of_the_class_and_the_trainers(world: World) -> None:
    ask(world)
    counts = {name: len(below(world, name)) for name, _ in PERSONAS}
    assert {name for name, count in counts.items() if count} == {"learner", "teacher", "trainer", "admin"}
    assert told(world) == [("teacher", "question")]
    (thread,) = below(world, "learner")
    assert thread["html"] == "<p>Why <strong>two</strong> doors?</p>"


def test_class_mates_read_what_is_shared_and_do_not_answer(world: World) -> None:
    ask(world, shared=True)
    (thread,) = below(world, "other learner")
    assert (thread["may_answer"], thread["class_name"], thread["source"]) == (False, "", None)
    reply = send(world.client("other learner"), f"threads/{thread['id']}/replies", {"text": "I know"})
    assert reply.status_code == 403
    done(world.client("learner"), f"threads/{thread['id']}/sharing", {"shared": False})
    assert below(world, "other learner") == []


def test_an_answer_reaches_its_author_and_a_follow_up_the_teachers(world: World) -> None:
    ask(world)
    (waiting,) = inbox(world, "teacher")
    path = f"threads/{waiting['id']}/replies"
    done(world.client("teacher"), path, {"text": "So that air stays *out*."})
    assert inbox(world, "teacher") == []
    (thread,) = below(world, "learner")
    assert thread["replies"][0]["html"] == "<p>So that air stays <em>out</em>.</p>"
    world.clock.forward(minutes=5)
    done(world.client("learner"), path, {"text": "And at night?"})
    assert len(inbox(world, "teacher")) == 1
    assert told(world) == [("learner", "answer"), ("teacher", "question"), ("teacher", "question")]


def test_without_a_class_the_trainers_alone_read_it(world: World) -> None:
    ask(world, class_id=None, shared=True)
    assert told(world) == [("trainer", "question")]
    assert below(world, "teacher") == []
    assert below(world, "other learner") == []
    assert len(below(world, "trainer")) == 1


def test_a_trainer_is_led_to_the_line_of_the_lesson(make_world: Any) -> None:
    world = make_world(source_url="https://git.example.org/edit/{path}#L{line}")
    page = world.catalogue.modules["safe-start/doors"].page("en")
    anchor, line = next(iter(page.lines.items()))
    ask(world, anchor=anchor)
    (thread,) = below(world, "trainer")
    assert thread["source"] == f"safe-start/doors.md:{line}"
    assert thread["source_url"] == f"https://git.example.org/edit/safe-start/doors.md#L{line}"
    assert below(world, "teacher")[0]["source"] is None


def test_what_is_reported_can_be_hidden_and_shown_again(world: World) -> None:
    ask(world, shared=True)
    (thread,) = below(world, "other learner")
    path = f"threads/{thread['id']}"
    done(world.client("teacher"), f"{path}/replies", {"text": "An answer."})
    for _ in range(2):
        done(world.client("other learner"), f"{path}/reports", {"reason": "rude"})
    (seen,) = inbox(world, "teacher")
    assert seen["reports"] == 1
    assert below(world, "other learner")[0]["reports"] == 0, "who reported is not told on"
    assert send(world.client("other learner"), f"{path}/hiding", {"hidden": True}).status_code == 403
    done(world.client("teacher"), f"{path}/hiding", {"hidden": True})
    assert below(world, "other learner") == []
    assert below(world, "learner")[0]["hidden"] is True
    assert inbox(world, "teacher") == []
    done(world.client("teacher"), f"{path}/hiding", {"hidden": False})
    assert len(below(world, "other learner")) == 1
    assert inbox(world, "teacher") == [], "it is decided"


def test_a_hidden_answer_is_gone_for_class_mates(world: World) -> None:
    ask(world, shared=True)
    (thread,) = below(world, "teacher")
    path = f"threads/{thread['id']}"
    done(world.client("teacher"), f"{path}/replies", {"text": "Wrong."})
    reply_id = below(world, "teacher")[0]["replies"][0]["id"]
    done(world.client("teacher"), f"{path}/hiding", {"hidden": True, "reply_id": reply_id})
    assert below(world, "other learner")[0]["replies"] == []
    assert below(world, "learner")[0]["replies"] == []
    reply = send(world.client("other learner"), f"{path}/reports", {"reply_id": reply_id})
    assert reply.status_code == 404


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](https://example.org/x.png)", "<b onclick=x>y</b>"],
)
def test_what_people_write_can_do_no_harm(world: World, text: str) -> None:
    ask(world, text=text)
    (thread,) = below(world, "teacher")
    for harm in ("<script", "javascript:", "<img", "onclick"):
        assert harm not in thread["html"].replace("&lt;", "")
    assert thread["text"] == text


@pytest.mark.parametrize(
    "body", [{"text": ""}, {"text": "   "}, {"text": "x" * 4001}, {"text": "x", "anchor": "y" * 201}]
)
def test_what_cannot_be_asked_is_refused(world: World, body: Any) -> None:
    assert send(world.client("learner"), BELOW, body).status_code == 422


def test_nobody_asks_in_a_class_that_is_not_theirs_or_below_a_module_that_is_not(world: World) -> None:
    body = {"text": "x", "class_id": str(world.classes["2B"])}
    assert send(world.client("learner"), BELOW, body).status_code == 404
    assert send(world.client("learner"), "modules/safe-start/none/threads", {"text": "x"}).status_code == 404


def test_questions_are_limited(world: World) -> None:
    caller = world.client("learner")
    replies = [send(caller, BELOW, {"text": f"Question {number}"}).status_code for number in range(21)]
    assert replies == [201] * 20 + [429]


def test_a_text_is_rendered_once_and_none_takes_long(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Case S2-10: 20 questions of `<a <a <a` kept a process busy for 18 seconds, at every first opening."""
    given: list[str] = []

    def note(text: str, **options: Any) -> str:
        given.append(text)
        return "<p>rendered</p>"

    with monkeypatch.context() as patch:
        patch.setattr("api.core.richtext.markdown.markdown", note)
        for sign in ("<a ", "<a <a ", "<", "<div\n", "[", "[a]("):
            render_text.cache_clear()
            render_text(sign * 1300)
            left = given[-1].replace("\\[", "")
            assert left.count("<") + left.count("[") <= MOST_BRACKETS, "each costs a look at all that follows"
    render_text.cache_clear()
    ask(world)
    monkeypatch.setattr("api.discussion.routes.render_text", lambda text: pytest.fail("it was rendered before"))
    (line,) = below(world, "learner")
    assert line["html"].startswith("<p>")


def test_a_repeated_question_is_one(world: World) -> None:
    caller = world.client("learner")
    for _ in range(3):
        assert send(caller, BELOW, {"text": "Once"}, key="same").status_code == 201
    assert len(below(world, "learner")) == 1
