"""Nobody is pulled into a class, nobody is spammed, and nothing tells who has an account elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from api.accounts.act import Act
from api.accounts.models import Newcomer, Person
from api.accounts.newcomers import prune_newcomers
from api.accounts.operations import add_person, find_person
from api.accounts.sign_ins import set_active
from api.classes.access import find_class
from api.classes.models import AskedLearner
from api.classes.operations import add_teacher, remove_member
from api.core.audit import verify
from api.core.names import checked_name, clean_line, has_address
from api.messages.delivery import deliver
from api.messages.models import MailboxEntry, Message
from api.messages.operations import MOST_A_DAY
from api.messages.senders import MailboxSender
from tests.conftest import Caller, World
from tests.functional.teaching import class_of, done, messages, send

DOORS = "safe-start/doors"
PASSWORD = "four plain words are enough"
STRANGERS = "Name;E-mail\nSome Body;stranger@example.org\nNo Body;nobody@example.org\n"


@pytest.fixture
def asked(world: World) -> World:
    """Somebody who has an account, and is in no class of the teacher's, is on the teacher's list."""
    with world.database.writing() as session:
        act = Act(session, world.clock(), "tests")
        person = add_person(act, email="stranger@example.org", name="Strange R", role="learner")
        person.password_hash = world.people["learner"].password_hash
        session.flush()
        world.people["stranger"] = person
    return world


def bring(world: World, text: str, persona: str = "teacher", **options: Any) -> Any:
    caller = world.client(persona)
    path = f"classes/{world.classes['1A']}/list"
    digest = done(caller, f"{path}/preview", {"text": text})["digest"]
    return send(caller, path, {"text": text, "digest": digest}, **options)


def test_a_preview_does_not_tell_who_has_an_account(asked: World) -> None:
    """Known elsewhere, closed, working here, known to nobody: the rows differ by nothing but what was typed."""
    with asked.database.writing() as session:
        act = Act(session, asked.clock(), "tests")
        closed = add_person(act, email="closed@example.org", name="Closed", role="learner")
        set_active(act, email=closed.email, active=False)
        emails = ["stranger@example.org", closed.email, asked.people["admin"].email, "nobody@example.org"]
    text = "Name;E-mail\n" + "".join(f"Same Name;{email}\n" for email in emails)
    rows = done(asked.client("teacher"), f"classes/{asked.classes['1A']}/list/preview", {"text": text})["rows"]
    told = [{k: v for k, v in row.items() if k not in ("line", "found", "email")} for row in rows]
    assert told == [told[-1]] * len(told)


def test_who_has_an_account_elsewhere_is_asked_and_says_yes(asked: World) -> None:
    assert bring(asked, STRANGERS).status_code == 200
    found = class_of(asked)
    assert [line["name"] for line in found["asked"]] == ["Some Body"], "as the teacher typed it"
    assert "stranger@example.org" not in [line["email"] for line in found["learners"]]
    assert sorted(message.kind for message in messages(asked)) == ["asked", "invitation"]
    caller = asked.client("stranger")
    home = caller.get("/api/v1/home").json
    assert home is not None
    assert [(one["name"], one["teacher"]) for one in home["asked"]] == [("1A", "Teacher")]
    assert not home["classes"]
    done(caller, f"classes/{asked.classes['1A']}/answer", {"accepted": True})
    assert "stranger@example.org" in [line["email"] for line in class_of(asked)["learners"]]
    assert not class_of(asked)["asked"]


def test_no_means_no(asked: World) -> None:
    bring(asked, STRANGERS)
    caller = asked.client("stranger")
    done(caller, f"classes/{asked.classes['1A']}/answer", {"accepted": False})
    again = send(caller, f"classes/{asked.classes['1A']}/answer", {"accepted": True})
    assert again.status_code == 404
    asked.clock.forward(days=8)
    bring(asked, STRANGERS)
    assert [message.kind for message in messages(asked)].count("asked") == 1, "they are not asked again"
    kept = send(asked.client("teacher"), f"classes/{asked.classes['1A']}/asked/end", {"email": "stranger@example.org"})
    assert (kept.status_code, kept.json["code"]) == (404, "not_asked")


def test_a_question_is_taken_back(asked: World) -> None:
    bring(asked, STRANGERS)
    done(asked.client("teacher"), f"classes/{asked.classes['1A']}/asked/end", {"email": "stranger@example.org"})
    reply = send(asked.client("stranger"), f"classes/{asked.classes['1A']}/answer", {"accepted": True})
    assert reply.status_code == 404
    settings = asked.app.config["AIRLOCK_SETTINGS"]
    deliver(asked.database, settings, MailboxSender(asked.database, asked.clock), asked.clock)
    with asked.database.reading() as session:
        assert "stranger@example.org" not in session.scalars(select(MailboxEntry.recipient)).all()


def test_who_works_here_is_asked_by_everybody(asked: World) -> None:
    text = "Name;E-mail\nThe Trainer;trainer@example.org\n"
    bring(asked, text, "admin")
    assert [line["email"] for line in class_of(asked)["asked"]] == ["trainer@example.org"]


def test_an_administrator_puts_learners_in(asked: World) -> None:
    bring(asked, STRANGERS, "admin")
    assert not class_of(asked)["asked"]
    assert "stranger@example.org" in [line["email"] for line in class_of(asked)["learners"]]


def give(world: World, class_id: Any, **body: Any) -> None:
    path = f"classes/{class_id}/learners/{world.people['learner'].id}/allowances/{DOORS}"
    done(world.client("admin"), path, body)


def attempts_left(world: World) -> int:
    reply = world.client("learner").get(f"/api/v1/attempts?module={DOORS}&quiz=doors").json
    assert reply is not None
    return int(reply["attempts_left"])


@pytest.fixture
def second(world: World) -> Any:
    """Another class, of another teacher, in which the learner is too."""
    caller = world.client("other teacher")
    made = done(caller, "classes", {"name": "Evening"})["id"]
    done(world.client("admin"), f"classes/{made}/list/preview", {"text": "learner@example.org"})
    path = f"classes/{made}/list"
    digest = done(world.client("admin"), f"{path}/preview", {"text": "learner@example.org"})["digest"]
    done(world.client("admin"), path, {"text": "learner@example.org", "digest": digest})
    done(caller, f"classes/{made}/assignments", {"course": "safe-start"})
    return made


def learner_line(world: World, persona: str, class_id: Any) -> dict[str, Any]:
    page = world.client(persona).get(f"/api/v1/classes/{class_id}/learners/{world.people['learner'].id}").json
    assert page is not None
    return next(line for line in page["modules"] if line["id"] == DOORS)


def test_an_allowance_is_a_class_s(world: World, second: Any) -> None:
    assert attempts_left(world) == 3
    give(world, second, extra_attempts=5, time_factor=2)
    give(world, world.classes["1A"], extra_attempts=1)
    assert attempts_left(world) == 8
    mine = learner_line(world, "teacher", world.classes["1A"])
    assert (mine["extra_attempts"], mine["time_factor"]) == (1, 1), "what another class gives is not shown"
    remove = f"classes/{second}/members/{world.people['learner'].id}"
    done(world.client("other teacher"), f"{remove}/removal")
    assert attempts_left(world) == 4, "it holds while they are in the class"
    done(world.client("other teacher"), f"{remove}/return")
    assert attempts_left(world) == 8
    done(world.client("other teacher"), f"classes/{second}", {"archived": True})
    assert attempts_left(world) == 4, "and while the class is in use"
    assert verify_holds(world)


def verify_holds(world: World) -> bool:
    with world.database.reading() as session:
        return not verify(session).breaks


def test_a_language_is_not_another_class_s_to_change(world: World, second: Any) -> None:
    with world.database.writing() as session:
        session.get_one(Person, world.people["learner"].id).password_hash = None
    path = f"classes/{second}/learners/{world.people['learner'].id}"
    done(world.client("other teacher"), path, {"employer": "", "lang": "nl"})
    with world.database.reading() as session:
        assert session.get_one(Person, world.people["learner"].id).lang != "nl"


def ask_in(world: World, name: str = "New One") -> str:
    """The address in the letter to somebody without an account."""
    code = str(done(world.client("teacher"), f"classes/{world.classes['1A']}/join-code", {})["code"])
    body = {"code": code, "email": "new@example.org", "name": name, "lang": "en"}
    assert world.client().post("/api/v1/join/request", body).status_code == 200
    settings = world.app.config["AIRLOCK_SETTINGS"]
    deliver(world.database, settings, MailboxSender(world.database, world.clock), world.clock)
    with world.database.reading() as session:
        letter = session.scalars(select(MailboxEntry).order_by(MailboxEntry.at.desc())).first()
        assert letter is not None
        assert letter.recipient == "new@example.org"
        assert name not in letter.text, "a stranger's words are in no letter of ours"
        return letter.text.partition("#")[2].split()[0]


def answer(caller: Caller, token: str, **more: Any) -> Any:
    return caller.post("/api/v1/invitations/answer", {"token": token, "password": PASSWORD, **more})


def test_an_account_is_made_when_the_address_is_confirmed(world: World) -> None:
    token = ask_in(world, "A Stranger's Word")
    with world.database.reading() as session:
        assert find_person(session, "new@example.org") is None
    caller = world.client()
    owner = done(caller, "sign-in/link/owner", {"token": token})
    assert (owner["newcomer"], owner["email"]) == (True, "new@example.org")
    assert answer(caller, token, name="Nadia New").json["person"]["name"] == "Nadia New"
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Newcomer)) == 0
    assert answer(world.client(), token).status_code == 422, "the link is used up"


def test_who_does_not_answer_is_forgotten(world: World) -> None:
    token = ask_in(world)
    with world.database.writing() as session:
        assert prune_newcomers(session, world.clock() + timedelta(days=13)) == 0
        assert prune_newcomers(session, world.clock() + timedelta(days=14)) == 1
        assert session.scalar(select(func.count()).select_from(Message).where(Message.kind == "join")) == 0
    assert answer(world.client(), token).status_code == 422


def test_a_newer_letter_replaces_the_one_before(world: World) -> None:
    first = ask_in(world)
    world.clock.forward(hours=2)
    second = ask_in(world)
    assert answer(world.client(), first).status_code == 422
    assert answer(world.client(), second).status_code == 200


def test_one_person_has_so_many_letters_sent_a_day(world: World) -> None:
    with world.database.writing() as session:
        row = {"person_id": world.people["learner"].id, "caused_by": world.people["teacher"].id, "data": {}}
        session.add_all(
            Message(**row, kind="added", created_at=world.clock(), send_after=world.clock(), state="sent", tries=1)
            for _ in range(MOST_A_DAY - 1)
        )
    reply = bring(world, STRANGERS)
    assert (reply.status_code, reply.json["code"]) == (429, "letters_used_up")
    assert "nobody@example.org" not in [line["email"] for line in class_of(world)["learners"]], "nothing is half done"
    world.clock.forward(days=1, seconds=1)
    assert bring(world, STRANGERS).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["see https://evil.example", "www.evil.example", "pay at evil.com", "me@evil.example", "evil.example/unlock", ""],
)
def test_a_name_holds_no_link(world: World, name: str) -> None:
    reply = send(world.client("teacher"), "classes", {"name": name})
    assert reply.status_code == 422
    person = {"email": "x@example.org", "name": name or " ", "role": "learner"}
    assert world.client("admin").post("/api/v1/invitations", person).status_code == 422


@pytest.mark.parametrize("name", ["J.P. Dupont", "St. Pierre", "Groupe 2.1", "Anne-Marie d’Hondt", "م. الأحمد", "3C"])
def test_a_name_is_a_name(name: str) -> None:
    assert checked_name(name) == name
    assert not has_address(name)


def test_a_name_turns_nothing_around(world: World) -> None:
    """U+202E, in a class's name and in the subject of the mail (case S3-8); its relatives too."""
    for sign in "\u202e\u202d\u2066\u200f\u061c\u0007\ufeff\u00ad":
        assert clean_line(f"Class{sign} 1A") == "Class 1A"
    made = done(world.client("teacher"), "classes", {"name": "Night\u202e gnitset"})
    assert made["name"] == "Night gnitset"
    assert clean_line("می\u200cخواهم") == "می\u200cخواهم", "a joiner is a part of the word"


def test_a_retry_gives_nothing_to_who_lost_the_class(world: World) -> None:
    """Case S3-3: the stored reply held the join code."""
    caller = world.client("teacher")
    path = f"/api/v1/classes/{world.classes['1A']}/join-code"
    first = caller.post(path, {}, key="code")
    assert caller.post(path, {}, key="code").json == first.json, "a retry has the same reply"
    with world.database.writing() as session:
        act = Act.of(session, world.people["admin"], world.clock(), scope="all")
        group = find_class(act, world.classes["1A"])
        add_teacher(act, group, "trainer@example.org")
        remove_member(act, group, world.people["teacher"].id)
    assert caller.post(path, {}, key="code").status_code == 404
    found = world.client("admin").get(f"/api/v1/classes/{world.classes['1A']}").json
    assert found is not None
    assert found["join"] is None, "they may have said the code out loud"


def test_the_list_once_more_asks_nobody_twice(asked: World) -> None:
    bring(asked, STRANGERS)
    with asked.database.reading() as session:
        before = session.scalar(select(func.count()).select_from(Message))
    bring(asked, STRANGERS)
    with asked.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == before
        assert session.scalar(select(func.count()).select_from(AskedLearner)) == 1
