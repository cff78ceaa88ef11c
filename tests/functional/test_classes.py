"""Classes: who teaches and learns in them, lists of learners, codes, notes, and reminders."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, func, select

from api.accounts.act import Act
from api.accounts.models import Newcomer, Person
from api.accounts.sign_ins import set_active
from api.classes.models import Class
from api.core.audit import verify
from tests.conftest import Caller, World
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

LIST = "Nom;Prénom;E-mail;Statut;Employeur;Code de financement\r\nDurand;Zoé;zoe@example.org;Étudiant;Lycée;F-1\r\n"


def names(world: World, group: str = "1A") -> tuple[list[str], list[str]]:
    found = class_of(world, group)
    return [line["name"] for line in found["teachers"]], [line["name"] for line in found["learners"]]


def preview(caller: Caller, world: World, text: str) -> Any:
    return done(caller, f"classes/{world.classes['1A']}/list/preview", {"text": text})


def bring_in(caller: Caller, world: World, text: str, digest: str | None = None, **options: Any) -> Any:
    digest = digest or preview(caller, world, text)["digest"]
    return send(caller, f"classes/{world.classes['1A']}/list", {"text": text, "digest": digest}, **options)


def people(world: World) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


def code_of(world: World, **body: Any) -> str:
    return str(done(world.client("teacher"), f"classes/{world.classes['1A']}/join-code", body)["code"])


def test_whoever_makes_a_class_teaches_it(world: World) -> None:
    caller = world.client("teacher")
    made = done(caller, "classes", {"name": "  3C \t morning ", "timezone": "Europe/Lisbon"})
    assert (made["name"], made["learners"], made["teachers"]) == ("3C morning", 0, ["Teacher"])
    assert shown(caller, f"classes/{made['id']}")["timezone"] == "Europe/Lisbon"
    assert [line["name"] for line in shown(caller, "classes")["classes"]] == ["1A", "3C morning"]
    assert [line["name"] for line in shown(world.client("other teacher"), "classes")["classes"]] == ["2B"]
    assert world.client("other teacher").get(f"/api/v1/classes/{made['id']}").status_code == 404


@pytest.mark.parametrize("body", [{"name": " "}, {"name": "x" * 121}, {"name": "A", "timezone": "Mars/Olympus"}])
def test_a_class_needs_a_name_and_a_zone(world: World, body: Any) -> None:
    reply = send(world.client("teacher"), "classes", body)
    assert (reply.status_code, reply.json["code"]) == (422, "validation")


def test_a_class_is_renamed_put_away_and_taken_back(world: World) -> None:
    caller, path = world.client("teacher"), f"classes/{world.classes['1A']}"
    code_of(world)
    done(caller, path, {"name": "1A bis"})
    before = audit_entries(world)
    done(caller, path, {"name": "1A bis"})
    assert audit_entries(world) == before, "nothing changed, and nothing is noted"
    done(caller, path, {"archived": True})
    found = shown(caller, path)
    assert (found["name"], found["join"]) == ("1A bis", None)
    assert found["archived_at"].startswith("2026-03-02T09:00")
    learner = world.client("learner")
    assert shown(learner, "home")["due"] == []
    assert shown(learner, "home")["classes"] == []
    assert send(caller, f"{path}/join-code").status_code == 409
    done(caller, path, {"archived": False})
    assert len(shown(learner, "home")["due"]) == 1


def test_an_archived_class_asks_for_nothing(world: World) -> None:
    caller, path = world.client("teacher"), f"classes/{world.classes['1A']}"
    done(caller, f"assignments/{assignment_ids(world)[0]}", {"due": "2026-03-01T10:00"})
    assert len(shown(caller, f"{path}/reminders")["lines"]) == 3
    done(caller, path, {"archived": True})
    assert shown(caller, f"{path}/reminders")["lines"] == []
    send(caller, f"{path}/reminders", {})
    assert messages(world, "reminder") == []


def test_several_teachers_and_never_none(world: World) -> None:
    caller, path = world.client("teacher"), f"classes/{world.classes['1A']}"
    other = world.people["other teacher"].id
    assert world.client("other teacher").get(f"/api/v1/{path}").status_code == 404
    done(caller, f"{path}/teachers", {"email": " Other.Teacher@example.org"})
    before = audit_entries(world), revision(world)
    done(caller, f"{path}/teachers", {"email": "other.teacher@example.org"})
    assert (audit_entries(world), revision(world)) == before
    assert names(world)[0] == ["Other Teacher", "Teacher"]
    done(world.client("other teacher"), f"{path}/members/{world.people['teacher'].id}/removal")
    assert caller.get(f"/api/v1/{path}").status_code == 404
    reply = send(world.client("other teacher"), f"{path}/members/{other}/removal")
    assert (reply.status_code, reply.json["code"]) == (409, "conflict")
    assert send(world.client("admin"), f"{path}/members/{other}/removal").status_code == 409


def test_a_learner_is_nobodys_teacher(world: World) -> None:
    caller, path = world.client("teacher"), f"classes/{world.classes['1A']}/teachers"
    replies = [send(caller, path, {"email": email}) for email in ("other.learner@example.org", "nobody@example.org")]
    assert {reply.status_code for reply in replies} == {404}
    assert replies[0].data == replies[1].data


def test_a_list_is_shown_before_anything_is_written(world: World) -> None:
    caller = world.client("teacher")
    text = (
        LIST + ";;learner@example.org;;New Works;\r\nOther;Learner;other.learner@example.org;;;\r\nX;Y;nonsense;;;\r\n"
    )
    before = people(world), audit_entries(world)
    found = preview(caller, world, text)
    assert [(row["status"], row["changes"], row["wrong"]) for row in found["rows"]] == [
        ("new", ["enters", "audience", "employer", "funding"], []),
        ("changed", ["employer"], []),
        ("known", [], []),
        ("wrong", [], ["email-wrong"]),
    ]
    assert (found["new"], found["changed"], found["known"], found["wrong"]) == (1, 1, 1, 1)
    assert (people(world), audit_entries(world)) == before
    assert messages(world) == []


def test_a_list_is_taken_whole_or_not_at_all(world: World) -> None:
    caller = world.client("teacher")
    before = people(world), audit_entries(world), revision(world)
    reply = bring_in(caller, world, LIST + "X;Y;nonsense;;;\r\n")
    assert (reply.status_code, reply.json["code"]) == (422, "list_invalid")
    assert (people(world), audit_entries(world), revision(world)) == before
    assert bring_in(caller, world, LIST).status_code == 200
    assert people(world) == before[0] + 1
    line = next(line for line in class_of(world)["learners"] if line["email"] == "zoe@example.org")
    told = (line["name"], line["audience"], line["employer"], line["funding"], line["lang"], line["signed_in"])
    assert told == ("Zoé Durand", "student", "Lycée", "F-1", "fr", False)


def test_the_same_list_again_changes_nothing(world: World) -> None:
    caller = world.client("teacher")
    assert bring_in(caller, world, LIST).status_code == 200
    assert [message.kind for message in messages(world)] == ["invitation"]
    before = people(world), audit_entries(world), revision(world), len(messages(world))
    for _ in range(2):
        again = bring_in(caller, world, LIST)
        assert again.status_code == 200
        assert again.json["known"] == 1
    assert (people(world), audit_entries(world), revision(world), len(messages(world))) == before


def test_a_repeated_request_has_one_effect(world: World) -> None:
    caller = world.client("teacher")
    digest = preview(caller, world, LIST)["digest"]
    first = bring_in(caller, world, LIST, digest, key="once")
    before = people(world), audit_entries(world), revision(world), len(messages(world))
    second = bring_in(caller, world, LIST, digest, key="once")
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json == first.json
    assert (people(world), audit_entries(world), revision(world), len(messages(world))) == before


def test_a_list_that_would_do_something_else_by_now_is_not_taken(world: World) -> None:
    caller = world.client("teacher")
    digest = preview(caller, world, LIST)["digest"]
    add_to_class(world, "Zoé", "zoe@example.org")
    reply = bring_in(caller, world, LIST, digest)
    assert (reply.status_code, reply.json["code"]) == (409, "list_changed")
    reply = bring_in(caller, world, LIST + "B;A;a@example.org;;;\r\n", digest)
    assert (reply.status_code, reply.json["code"]) == (409, "list_changed")


def test_an_empty_cell_takes_nothing_away_and_a_known_learner_gets_no_second_invitation(world: World) -> None:
    caller = world.client("teacher")
    assert bring_in(caller, world, LIST).status_code == 200
    assert bring_in(caller, world, "zoe@example.org\n").status_code == 200
    line = next(line for line in class_of(world)["learners"] if line["email"] == "zoe@example.org")
    assert (line["name"], line["employer"], line["funding"]) == ("Zoé Durand", "Lycée", "F-1")
    assert len(messages(world)) == 1


def test_a_file_of_excel_is_read_and_a_workbook_is_not(world: World) -> None:
    caller, path = world.client("teacher"), f"classes/{world.classes['1A']}/list/preview"
    file = base64.b64encode(LIST.encode("cp1252")).decode()
    assert [row["name"] for row in done(caller, path, {"file": file})["rows"]] == ["Zoé Durand"]
    workbook = base64.b64encode(b"PK\x03\x04 and more").decode()
    assert done(caller, path, {"file": workbook})["unreadable"] == "spreadsheet"
    assert send(caller, path, {}).status_code == 422
    assert send(caller, path, {"text": "a@example.org", "file": file}).status_code == 422


def test_teachers_of_the_class_cannot_be_brought_in_as_learners(world: World) -> None:
    caller = world.client("teacher")
    # A teacher in their own list is left out, and stands in nobody's way.
    found = preview(caller, world, "Name;E-mail\nTeacher;teacher@example.org\nZoë;zoe1@example.com\n")
    assert [row["status"] for row in found["rows"]] == ["teaches", "new"]
    text = found["text"]
    done(caller, f"classes/{world.classes['1A']}/list", {"text": text, "digest": found["digest"], "lang": "en"})
    assert "zoe1@example.com" in [line["email"] for line in class_of(world)["learners"]]
    assert [line["email"] for line in class_of(world)["teachers"]] == ["teacher@example.org"]


def test_a_code_lets_learners_in_however_it_is_typed(world: World) -> None:
    code = code_of(world)
    caller = world.client("trainer")
    for typed in (code, code.upper(), f"  {code.replace('-', ' ')} ", code.replace("-", "")):
        assert done(caller, "join", {"code": typed}) == {"name": "1A"}
    before = audit_entries(world), revision(world)
    done(caller, "join", {"code": code})
    assert (audit_entries(world), revision(world)) == before, "once more changes nothing"
    assert "Trainer" in names(world)[1]


def test_a_code_ends(world: World) -> None:
    teacher, path = world.client("teacher"), f"classes/{world.classes['1A']}"
    caller = world.client("trainer")

    def answer(code: str) -> tuple[int, str]:
        reply = send(caller, "join", {"code": code})
        return reply.status_code, reply.json["code"]

    wrong = (422, "join_code_invalid")
    assert answer("tabo-rimu-11") == wrong
    first = code_of(world)
    second = code_of(world, days=1)
    assert answer(first) == wrong, "a newer code ends the older one"
    world.clock.forward(days=1)
    assert answer(second) == wrong
    assert shown(teacher, path)["join"] is None
    third = code_of(world)
    done(teacher, path, {"archived": True})
    assert answer(third) == wrong
    done(teacher, path, {"archived": False})
    assert answer(third) == wrong
    fourth = code_of(world)
    done(teacher, f"{path}/join-code/end")
    assert answer(fourth) == wrong
    assert "Trainer" not in names(world)[1]


def test_guessing_codes_comes_to_an_end(world: World) -> None:
    caller = world.client("other learner")
    statuses = [send(caller, "join", {"code": f"guess {place}"}).status_code for place in range(12)]
    assert statuses[:10] == [422] * 10
    assert statuses[10:] == [429] * 2
    stranger = world.client()
    body = {"code": "guess", "email": "a@example.org", "name": "A"}
    statuses = [stranger.post("/api/v1/join/request", body).status_code for _ in range(12)]
    assert statuses[-1] == 429


def test_a_whole_class_behind_one_address_can_ask_for_the_way_in(world: World) -> None:
    """A classroom shares one network address, and everybody types the code of the board at once."""
    code = code_of(world)
    stranger = world.client()
    statuses = [
        stranger.post(
            "/api/v1/join/request", {"code": code, "email": f"pupil{place}@example.org", "name": f"Pupil {place}"}
        ).status_code
        for place in range(25)
    ]
    assert statuses == [200] * 25


def test_asking_for_the_way_in_makes_no_account_and_one_message_an_hour(world: World) -> None:
    code = code_of(world)
    body = {"code": code.upper(), "email": "New.One@example.org", "name": "New One", "lang": "nl"}
    stranger = world.client()
    before = people(world)
    for _ in range(3):
        assert stranger.post("/api/v1/join/request", body).status_code == 200
    assert people(world) == before, "nobody has an account before the address is confirmed"
    assert [message.kind for message in messages(world)] == ["join"]
    assert "New One" not in names(world)[1], "nobody is in the class before they signed in"
    world.clock.forward(hours=1)
    stranger.post("/api/v1/join/request", body)
    assert len(messages(world)) == 2


def test_a_new_code_is_sent_also_within_the_hour(world: World) -> None:
    """The message before holds a code that is over."""
    stranger = world.client()
    for _ in range(2):
        body = {"code": code_of(world), "email": "new.one@example.org", "name": "New One"}
        assert stranger.post("/api/v1/join/request", body).status_code == 200
    assert class_of(world)["join"]["code"] in [message.data["code"] for message in messages(world)]


def test_notes_are_ones_own_to_remove_and_never_empty(world: World) -> None:
    teacher, trainer = world.client("teacher"), world.client("trainer")
    path, learner = f"classes/{world.classes['1A']}", world.people["learner"].id
    done(teacher, f"{path}/learners/{learner}/notes", {"text": " Works well. "})
    notes = shown(trainer, f"{path}/learners/{learner}")["notes"]
    assert [(note["author"], note["mine"], note["text"]) for note in notes] == [("Teacher", False, "Works well.")]
    assert send(trainer, f"{path}/notes/{notes[0]['id']}/removal").status_code == 404
    done(teacher, f"{path}/notes/{notes[0]['id']}/removal")
    assert shown(teacher, f"{path}/learners/{learner}")["notes"] == []
    assert send(teacher, f"{path}/learners/{learner}/notes", {"text": " \n "}).status_code == 422


def test_what_a_class_knows_of_a_learner_belongs_to_the_class(world: World) -> None:
    path, person = f"classes/{world.classes['1A']}", world.people["shared learner"].id
    done(world.client("teacher"), f"{path}/learners/{person}", {"employer": " Works ", "audience": "worker"})
    found = next(line for line in class_of(world)["learners"] if line["id"] == str(person))
    assert (found["employer"], found["audience"]) == ("Works", "worker")
    found = next(line for line in class_of(world, "2B")["learners"] if line["id"] == str(person))
    assert (found["employer"], found["audience"]) == ("", None)


def test_saying_the_same_of_a_learner_again_is_not_noted(world: World) -> None:
    caller, path = world.client("teacher"), f"classes/{world.classes['1A']}/learners/{world.people['learner'].id}"
    done(caller, path, {"employer": "Works"})
    before = audit_entries(world), revision(world)
    done(caller, path, {"employer": "Works"})
    assert (audit_entries(world), revision(world)) == before


@pytest.fixture
def late(make_world: Callable[..., World]) -> World:
    """Everybody of 1A is late."""
    world = make_world(given={"1A": ["safe-start"]})
    done(world.client("teacher"), f"assignments/{assignment_ids(world)[0]}", {"due": "2026-03-01T10:00"})
    return world


def test_reminders_go_out_at_most_once_a_day(late: World) -> None:
    caller, path = late.client("teacher"), f"classes/{late.classes['1A']}/reminders"
    found = shown(caller, path)
    assert [line["skipped"] for line in found["lines"]] == ["", "", ""]
    assert "1A" in found["text"]
    only = [str(late.people["learner"].id)]
    assert done(caller, path, {"learners": only}) == {"sent": 1}
    assert done(caller, path, {}) == {"sent": 2}
    assert done(late.client("trainer"), path, {}) == {"sent": 0}
    assert [line["skipped"] for line in shown(caller, path)["lines"]] == ["today"] * 3
    # Midnight in Brussels, 23:00 by the server's clock.
    late.clock.forward(hours=13, minutes=59)
    assert done(caller, path, {}) == {"sent": 0}
    late.clock.forward(minutes=1)
    assert done(caller, path, {}) == {"sent": 3}
    assert len(messages(late, "reminder")) == 6


def test_reminders_go_to_whoever_is_late_and_wants_them(late: World) -> None:
    caller, path = late.client("teacher"), f"classes/{late.classes['1A']}/reminders"
    done(late.client("learner"), "preferences", {"kind": "reminder", "wanted": False})
    later = {"learner": str(late.people["other learner"].id), "due": "2026-03-20T10:00"}
    done(caller, f"assignments/{assignment_ids(late)[0]}/extensions", later)
    lines = shown(caller, path)["lines"]
    assert [(line["name"], line["skipped"]) for line in lines] == [("Learner", "unwanted"), ("Shared Learner", "")]
    assert done(caller, path, {}) == {"sent": 1}
    assert messages(late, "reminder")[0].person_id == late.people["shared learner"].id


def test_nobody_who_is_not_active_is_reminded(late: World) -> None:
    with late.database.writing() as session:
        set_active(Act(session, late.clock(), "tests"), email="learner@example.org", active=False)
    assert done(late.client("teacher"), f"classes/{late.classes['1A']}/reminders", {}) == {"sent": 2}


def test_a_class_is_told_by_its_revision(world: World) -> None:
    """Every act of a teacher counts, so that pages notice."""
    before = revision(world)
    code_of(world)
    with world.database.reading() as session:
        assert session.get_one(Class, world.classes["1A"]).revision == before + 1


def test_columns_can_be_said_by_hand(world: World) -> None:
    caller, path = world.client("teacher"), f"classes/{world.classes['1A']}/list"
    text = "Wer;Woher;Kontakt\nZoë Voorbeeld;Lyon;zoe1@example.com\n"
    found = preview(caller, world, text)
    assert [(place["heading"], place["sample"]) for place in found["places"]] == [
        ("", "Wer"),
        ("", "Woher"),
        ("", "Kontakt"),
    ], "no heading that we know: the first line may be a learner"
    columns = ["name", "employer", "email"]
    found = done(caller, f"{path}/preview", {"text": text, "columns": columns})
    assert [place["meaning"] for place in found["places"]] == columns
    assert [place["heading"] for place in found["places"]] == ["Wer", "Woher", "Kontakt"]
    (row,) = found["rows"]
    assert (row["name"], row["email"], row["status"]) == ("Zoë Voorbeeld", "zoe1@example.com", "new")
    body = {"text": text, "columns": columns, "digest": found["digest"], "lang": "en"}
    assert send(caller, path, {**body, "columns": None}).json["code"] in ("list_changed", "list_invalid")
    done(caller, path, body)
    line = next(line for line in class_of(world)["learners"] if line["email"] == "zoe1@example.com")
    assert (line["name"], line["employer"]) == ("Zoë Voorbeeld", "Lyon")
    without = done(caller, f"{path}/preview", {"text": text, "columns": ["name", "", ""]})
    assert (without["unreadable"], len(without["places"])) == ("no-email", 3)


def test_an_address_with_another_name_is_asked_about(world: World) -> None:
    caller = world.client("teacher")
    text = "Name;E-mail\nJan Anders;learner@example.org\nAdmin, the;admin@example.org\n"
    mine, foreign = preview(caller, world, text)["rows"]
    assert (mine["renamed"], mine["account"]) == (True, "Learner"), "who is in the class is named"
    assert (foreign["renamed"], foreign["account"], foreign["status"]) == (False, "", "new"), (
        "a stranger is not told of"
    )
    _, known = preview(world.client("admin"), world, text)["rows"]
    assert (known["renamed"], known["account"]) == (True, ""), "whoever sees everybody is asked about the name"
    same = preview(caller, world, "Name;E-mail\nLEARNER;learner@example.org\nzoé;learner2@example.org\n")
    assert [row["renamed"] for row in same["rows"]] == [False, False]


def counted(world: World, work: Callable[[], Any]) -> list[str]:
    """The statements that some work runs, with transactions left out."""
    found: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        found.extend([statement] * (len(parameters) if many else 1))

    event.listen(world.database.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(world.database.engine, "before_cursor_execute", note)
    return [statement for statement in found if not statement.startswith(("BEGIN", "PRAGMA"))]


def test_three_hundred_learners_take_few_statements_and_one_entry(world: World) -> None:
    caller = world.client("teacher")

    def listed(count: int) -> str:
        return "Name;E-mail\n" + "".join(f"L {n};l{count}x{n}@example.org\n" for n in range(count))

    few, many = listed(100), listed(300)
    digests = [preview(caller, world, text)["digest"] for text in (few, many)]
    before = audit_entries(world)
    costs = []
    for text, digest in zip((few, many), digests, strict=True):
        costs.append(len(counted(world, lambda t=text, d=digest: bring_in(caller, world, t, d))))  # type: ignore[misc]
    assert len(class_of(world)["learners"]) == 403
    assert audit_entries(world) == before + 4, "one for the accounts and one for the class, each time"
    assert costs[1] - costs[0] <= 8 * 2, f"{costs}: at most eight for each hundred more"
    with world.database.reading() as session:
        assert verify(session).breaks == ()


def test_two_who_import_the_same_people_at_once_both_succeed(world: World) -> None:
    """In opposite orders, as in the report of a deadlock."""
    people_of = [f"r{number}@example.org" for number in range(40)]
    texts = {"teacher": ("1A", people_of), "other teacher": ("2B", people_of[::-1])}
    replies: dict[str, int] = {}
    ready = threading.Barrier(2)

    def work(name: str) -> None:
        group, emails = texts[name]
        caller, path = world.client(name), f"classes/{world.classes[group]}/list"
        text = "E-mail\n" + "\n".join(emails)
        digest = done(caller, f"{path}/preview", {"text": text})["digest"]
        ready.wait()
        replies[name] = send(caller, path, {"text": text, "digest": digest, "lang": "en"}).status_code

    threads = [threading.Thread(target=work, args=(name,)) for name in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Whose list no longer does what was shown is asked to look again; nobody is told that something broke.
    assert set(replies.values()) <= {200, 409}
    assert 200 in replies.values()
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person).where(Person.email.in_(people_of))) == 40
        assert verify(session).breaks == ()


@pytest.mark.parametrize(
    "email",
    ["zoe\u200b@example.org", "zoe@example.org.", "mailto:zoe@example.org", "zoe@example..org", "zoé@example.org"],
)
def test_an_address_that_no_mail_reaches_is_refused_or_mended(world: World, email: str) -> None:
    body = {"code": code_of(world), "email": email, "name": "Zoé", "lang": "fr"}
    reply = send(world.client(), "join/request", body)
    with world.database.reading() as session:
        known = session.scalar(select(Newcomer).where(Newcomer.email == "zoe@example.org"))
        assert reply.status_code == 422 or known is not None


@pytest.mark.parametrize("name", ["WIN 5000 EUR https://evil.example/x", "www.evil.example", "a@evil.example"])
def test_a_name_is_no_advertisement(world: World, name: str) -> None:
    body = {"code": code_of(world), "email": "victim@example.org", "name": name, "lang": "fr"}
    assert send(world.client(), "join/request", body).status_code == 422
    assert messages(world) == []
