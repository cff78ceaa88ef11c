"""Whatever waits is looked at again when it leaves: nobody is told what is over, or what is no longer theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from api.accounts.act import Act
from api.accounts.operations import change_role
from api.accounts.sign_ins import set_active
from api.core.config import MAILBOX, Settings
from api.jobs import run_jobs
from api.messages.delivery import deliver
from api.messages.models import MailboxEntry, Message
from api.messages.senders import MailboxSender
from tests.conftest import RIGHT_ANSWERS, SECRET, World, take_quiz
from tests.functional.teaching import assignment_ids, class_of, done, shown

SETTINGS = Settings(url="http://127.0.0.1:8000", database_url="", secret_key=SECRET, mail=MAILBOX)


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world(given={"1A": [], "2B": []})


def mails(world: World) -> list[tuple[str, str]]:
    """Recipient and text of all that was sent, after sending what waits."""
    deliver(world.database, SETTINGS, MailboxSender(world.database, world.clock), world.clock)
    with world.database.reading() as session:
        return [(one.recipient, one.text) for one in session.scalars(select(MailboxEntry).order_by(MailboxEntry.at))]


def give(world: World, due: str, group: str = "1A", teacher: str = "teacher", **more: Any) -> None:
    body = {"course": "safe-start", "due": due, **more}
    done(world.client(teacher), f"classes/{world.classes[group]}/assignments", body)


def put_off(world: World) -> None:
    """The shared learner is late in two classes; 2B reminds first, so that the reminder of 1A leaves tomorrow."""
    give(world, "2026-03-01T10:00")
    give(world, "2026-03-01T11:00", "2B", "other teacher")
    for teacher, group in (("other teacher", "2B"), ("teacher", "1A")):
        done(world.client(teacher), f"classes/{world.classes[group]}/reminders", {})
    assert any("class 2B" in text for who, text in mails(world) if who.startswith("shared"))


def of_1a_tomorrow(world: World) -> list[str]:
    world.clock.forward(days=1)
    return [text for who, text in mails(world) if who.startswith("shared") and "class 1A" in text]


def remove(world: World, person: str, group: str = "1A", teacher: str = "teacher") -> None:
    done(world.client(teacher), f"classes/{world.classes[group]}/members/{world.people[person].id}/removal")


def test_a_reminder_that_still_holds_leaves(world: World) -> None:
    put_off(world)
    (text,) = of_1a_tomorrow(world)
    assert "Doors" in text


def test_no_reminder_after_leaving_the_class(world: World) -> None:
    put_off(world)
    remove(world, "shared learner")
    assert of_1a_tomorrow(world) == []


def test_no_reminder_of_what_was_withdrawn(world: World) -> None:
    put_off(world)
    for assignment in assignment_ids(world):
        done(world.client("teacher"), f"assignments/{assignment}/withdrawal", {"withdrawn": True})
    assert of_1a_tomorrow(world) == []


def test_no_reminder_of_what_was_done_meanwhile(world: World) -> None:
    put_off(world)
    take_quiz(world.client("shared learner"), world, RIGHT_ANSWERS)
    texts = of_1a_tomorrow(world)
    assert not any("Doors" in text for text in texts)
    assert all("Pumps" in text for text in texts), "what is still open is still said"


def test_a_reminder_says_the_due_time_that_holds(world: World) -> None:
    put_off(world)
    (assignment,) = assignment_ids(world)
    done(world.client("teacher"), f"assignments/{assignment}", {"due": "2026-03-02T08:30"})
    (text,) = of_1a_tomorrow(world)
    assert "2 March 2026, 08:30" in text or "08:30" in text


def test_no_invitation_after_removal(world: World) -> None:
    teacher, group = world.client("teacher"), world.classes["1A"]
    body = {"text": "Name;E-mail\nWrong Person;wrong.person@example.org\n"}
    preview = done(teacher, f"classes/{group}/list/preview", body)
    done(teacher, f"classes/{group}/list", {**body, "digest": preview["digest"], "lang": "en"})
    (who,) = [line for line in class_of(world)["learners"] if line["email"].startswith("wrong")]
    done(teacher, f"classes/{group}/members/{who['id']}/removal")
    assert mails(world) == []
    with world.database.reading() as session:
        assert session.scalars(select(Message.state)).all() == ["unwanted"]


def test_an_invitation_that_still_holds_leaves(world: World) -> None:
    teacher, group = world.client("teacher"), world.classes["1A"]
    body = {"text": "Name;E-mail\nNew Person;new.person@example.org\n"}
    preview = done(teacher, f"classes/{group}/list/preview", body)
    done(teacher, f"classes/{group}/list", {**body, "digest": preview["digest"], "lang": "en"})
    ((recipient, text),) = mails(world)
    assert recipient.endswith("new.person@example.org>") or recipient == "new.person@example.org"
    assert "/welcome/#" in text


def test_a_digest_that_waited_says_what_is_still_open(world: World) -> None:
    give(world, "2026-03-04T10:00")
    with world.database.writing() as session:
        assert session.scalar(select(Message)) is None
    run_jobs(world.database, Settings(url=SETTINGS.url, database_url="", secret_key=SECRET), world.clock)
    with world.database.reading() as session:
        waiting = session.scalars(select(Message.kind)).all()
    assert "due" in waiting, "no mail goes out without a mail server"
    take_quiz(world.client("learner"), world, RIGHT_ANSWERS)
    remove(world, "other learner")
    world.clock.forward(hours=5)
    sent = {who: text for who, text in mails(world) if "due" in text}
    assert not [who for who in sent if who.startswith("other")]
    (mine,) = [text for who, text in sent.items() if who.startswith("learner")]
    assert "Doors" not in mine
    assert "Pumps" in mine


def test_teachers_are_not_mailed_what_a_former_member_writes(world: World) -> None:
    give(world, "2026-04-01T10:00")
    group, me = str(world.classes["1A"]), world.client("learner")
    done(me, "modules/safe-start/doors/threads", {"text": "A question", "class_id": group, "shared": False})
    assert any("A question" in text for _, text in mails(world))
    remove(world, "learner")
    (thread,) = shown(me, "modules/safe-start/doors/threads")["threads"]
    done(me, f"threads/{thread['id']}/replies", {"text": "private now"})
    assert not any("private now" in text for _, text in mails(world))


def test_a_question_that_waits_is_not_told_of_somebody_who_left(world: World) -> None:
    give(world, "2026-04-01T10:00")
    group, me = str(world.classes["1A"]), world.client("learner")
    done(me, "modules/safe-start/doors/threads", {"text": "A question", "class_id": group, "shared": False})
    remove(world, "learner")
    assert mails(world) == []


def test_a_question_reaches_somebody_when_the_only_teacher_teaches_no_more(world: World) -> None:
    give(world, "2026-04-01T10:00")
    with world.database.writing() as session:
        change_role(Act(session, world.clock(), "tests"), email="teacher@example.org", role="learner")
    body = {"text": "A question", "class_id": str(world.classes["1A"]), "shared": False}
    done(world.client("learner"), "modules/safe-start/doors/threads", body)
    assert [who for who, text in mails(world) if "A question" in text] == ["trainer@example.org"]


def test_nobody_blocked_is_told_anything(world: World) -> None:
    put_off(world)
    with world.database.writing() as session:
        set_active(Act(session, world.clock(), "tests"), email="shared.learner@example.org", active=False)
    assert of_1a_tomorrow(world) == []
