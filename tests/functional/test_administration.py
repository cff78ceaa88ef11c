"""What administrators do: people, merging, erasing, letters, publications, the trail; and what everybody may know."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from api.accounts.act import Act
from api.accounts.links import make_link
from api.accounts.models import Person, SignIn
from api.accounts.operations import add_person, find_person
from api.accounts.passwords import hash_password, make_confirmation
from api.administration.errors import LastAdministrator
from api.administration.holdings import HOLDINGS, columns_that_name_people, count_rows, split
from api.administration.people import suspend
from api.catalogue.operations import store_catalogue
from api.core.audit import AuditEntry, AuditText, verify
from api.core.texts import filed
from api.evidence.models import Evidence, ModuleProgress
from api.evidence.operations import recompute_progress
from api.funding.totals import totals
from api.hours.operations import Worked, counted_of, recomputed, record_hours
from api.learning.models import Attempt
from api.messages.delivery import deliver
from api.messages.models import MailboxEntry, Message
from api.messages.senders import MailboxSender
from tests.conftest import RIGHT_ANSWERS, Caller, World, take_quiz
from tests.functional.teaching import add_to_class, done, send, shown

PASSWORD = "four plain words are enough"


@pytest.fixture
def admin(world: World) -> Caller:
    with world.database.writing() as session:
        session.get_one(Person, world.people["admin"].id).password_hash = hash_password(PASSWORD)
        # Nobody is left without an administrator.
        other = add_person(Act(session, world.clock(), "tests"), email="boss@example.org", name="Boss", role="admin")
        world.people["boss"] = other
    return world.client("admin")


def confirmed(world: World) -> dict[str, str]:
    secret = world.app.config["AIRLOCK_SETTINGS"].secret_key
    return {"confirmation": make_confirmation(secret, world.people["admin"].id)}


def mails(world: World) -> list[MailboxEntry]:
    settings = world.app.config["AIRLOCK_SETTINGS"]
    deliver(world.database, settings, MailboxSender(world.database, world.clock), world.clock)
    with world.database.reading() as session:
        return list(session.scalars(select(MailboxEntry).order_by(MailboxEntry.at, MailboxEntry.recipient)))


def holds(world: World) -> bool:
    with world.database.reading() as session:
        verdict = verify(session)
    assert not verdict.breaks, verdict.breaks
    return True


# The schema and its decisions


def test_every_column_that_names_a_person_has_a_decision() -> None:
    """A new table comes with a decision: what is shown, what erasing does, what merging does."""
    assert set(columns_that_name_people()) == set(HOLDINGS)
    for name, holding in HOLDINGS.items():
        table, column = split(name)
        assert {*holding.words, *holding.secret} <= set(table.c.keys()), name
        assert holding.erased != "clear" or holding.words, name
        assert holding.erased != "unname" or column.nullable, name


def test_no_secret_is_ever_shown() -> None:
    for name, holding in HOLDINGS.items():
        table, _ = split(name)
        for column in (one.name for one in table.columns):
            if holding.shown and any(part in column for part in ("hash", "token", "sealed", "salt")):
                assert column in holding.secret, f"{name}: {column}"


# People


@pytest.mark.parametrize(
    ("typed", "found"),
    [("lukasz", "Łukasz Øyen"), ("ØYEN", "Łukasz Øyen"), ("hondt", "Anne d’Hondt"), ("d'hondt", "Anne d’Hondt"),
     ("acme", "Anne d’Hondt"), ("anne@", "Anne d’Hondt"), ("hondt anne", "Anne d’Hondt")],
)  # fmt: skip
def test_people_are_found_by_any_part(world: World, admin: Caller, typed: str, found: str) -> None:
    done(admin, "people", {"email": "luk@example.org", "given": "Łukasz", "family": "Øyen"})
    done(admin, "people", {"email": "anne@example.org", "given": "Anne", "family": "d’Hondt"})
    with world.database.reading() as session:
        anne = find_person(session, "anne@example.org")
        assert anne is not None
        key = anne.id
    done(admin, f"people/{key}", {"given": "Anne", "family": "d’Hondt", "lang": "nl", "employer": "Acme Pharma"})
    assert [one["name"] for one in admin.get(f"/api/v1/people?search={typed}").json["people"]] == [found]  # type: ignore[index]


def test_people_are_sorted_as_readers_do(world: World, admin: Caller) -> None:
    """The same on both databases: Łukasz between L and M, d’Hondt at D, numbers as numbers."""
    names = [("Jan", "de Wit"), ("Eva", "Dubois"), ("Ann", "D’Hondt"), ("Zoé", "Émile"), ("Per", "Østby"),
             ("Iza", "Łukasz"), ("", "Groupe 10"), ("", "Groupe 2"), ("Ola", "Zorn")]  # fmt: skip
    for number, (given, family) in enumerate(names):
        done(admin, "people", {"email": f"s{number}@sorted.example", "given": given, "family": family})
    found = [one["family"] for one in shown(admin, "people?search=sorted.example")["people"]]
    assert found == [
        "D’Hondt", "de Wit", "Dubois", "Émile", "Groupe 2", "Groupe 10", "Łukasz", "Østby", "Zorn",
    ]  # fmt: skip


def test_a_family_name_is_sorted_first() -> None:
    assert filed("Zoé Durand", "Durand") == "durand zoe"
    assert filed("Marie-Anne de la Tour", "de la Tour") == "de la tour marie-anne"
    assert filed("Somebody") == "somebody"


def test_a_page_of_people_is_counted_and_filtered(world: World, admin: Caller) -> None:
    with world.database.writing() as session:
        act = Act(session, world.clock(), "tests")
        for number in range(120):
            add_person(act, email=f"p{number}@many.example", name=f"Person {number:03}", role="learner")
    first, last = shown(admin, "people?search=many.example"), shown(admin, "people?search=many.example&page=3")
    assert (first["total"], first["pages"], len(first["people"]), len(last["people"])) == (120, 3, 50, 20)
    assert shown(admin, "people?role=trainer")["total"] == 1
    assert shown(admin, "people?search=many.example&state=invited")["total"] == 120
    assert shown(admin, "people?search=100%25")["total"] == 0, "a sign of the database's is a sign"


def test_an_account_is_made_and_its_owner_invited(world: World, admin: Caller) -> None:
    body = {"email": "New@Example.org", "given": "Nadia", "family": "Van den Berg", "role": "teacher", "lang": "nl"}
    done(admin, "people", body)
    again = send(admin, "people", body)
    assert (again.status_code, again.json["code"]) == (409, "conflict")
    (letter,) = mails(world)
    assert letter.recipient == "new@example.org"
    token = letter.text.partition("#")[2].split()[0]
    world.client().post("/api/v1/invitations/answer", {"token": token, "password": PASSWORD})
    line = shown(admin, "people?search=berg")["people"][0]
    assert (line["name"], line["role"], line["state"]) == ("Nadia Van den Berg", "teacher", "open")


def test_two_hundred_people_from_a_list(world: World, admin: Caller) -> None:
    rows = "".join(f"Prénom{n};Nom{n};imp{n}@list.example;Acme\n" for n in range(200))
    text = f"Prénom;Nom;E-mail;Employeur\n{rows}"
    preview = done(admin, "people/list", {"text": text})
    assert (preview["new"], preview["known"], preview["wrong"]) == (200, 0, 0)
    assert shown(admin, "people?search=list.example")["total"] == 0, "a preview writes nothing"
    done(admin, "people/list", {"text": text, "write": True})
    found = shown(admin, "people?search=acme")
    assert found["total"] == 200
    assert (found["people"][0]["given"], found["people"][0]["family"]) == ("Prénom0", "Nom0")
    assert done(admin, "people/list", {"text": text, "write": True})["new"] == 0, "the same list changes nothing"
    wrong = send(admin, "people/list", {"text": text + "X;Y;no address;Z\n", "write": True})
    assert (wrong.status_code, wrong.json["code"]) == (422, "list_invalid")
    assert holds(world)


def test_a_person_is_renamed_and_told_of_in_the_trail_s_texts_alone(world: World, admin: Caller) -> None:
    key = world.people["learner"].id
    body = {"given": "Léa", "family": "Dupont", "lang": "fr", "time_factor": 1.5, "why": "Married."}
    done(admin, f"people/{key}", body)
    page = shown(admin, f"people/{key}")["person"]
    assert (page["name"], page["time_factor"]) == ("Léa Dupont", 1.5)
    with world.database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "person.rename")).one()
        assert "Dupont" not in json.dumps([entry.old, entry.new])
        assert session.get_one(AuditText, entry.sequence).content["new"] == "Léa Dupont"


@pytest.mark.parametrize(
    "body",
    [{"given": " ", "family": ""}, {"given": "see evil.com", "family": ""}, {"given": "A", "time_factor": 9},
     {"given": "A", "lang": "de"}, {"given": "A", "audience": "king"}],
)  # fmt: skip
def test_what_cannot_be_said_of_a_person(world: World, admin: Caller, body: dict[str, Any]) -> None:
    reply = send(admin, f"people/{world.people['learner'].id}", {"lang": "fr", **body})
    assert reply.status_code == 422


def test_a_new_address_counts_once_it_is_confirmed(world: World, admin: Caller) -> None:
    key = world.people["learner"].id
    taken = send(admin, f"people/{key}/address", {"email": "trainer@example.org"})
    assert taken.status_code == 409
    done(admin, f"people/{key}/address", {"email": "moved@example.org"})
    assert shown(admin, f"people/{key}")["address_waiting"] == "moved@example.org"
    (asked,) = mails(world)
    assert asked.recipient == "moved@example.org"
    with world.database.reading() as session:
        assert session.get_one(Person, key).email == "learner@example.org", "not before whoever reads it says yes"
    token = asked.text.partition("#address=")[2].split()[0]
    assert done(world.client(), "account/address/confirmed", {"token": token}) == {"email": "moved@example.org"}
    told = [letter.recipient for letter in mails(world)]
    assert told == ["learner@example.org", "moved@example.org"], "the old address is told"
    assert send(world.client(), "account/address/confirmed", {"token": token}).status_code == 422
    assert holds(world)


def test_one_changes_ones_own_address_with_ones_password(world: World) -> None:
    with world.database.writing() as session:
        session.get_one(Person, world.people["learner"].id).password_hash = hash_password(PASSWORD)
    caller = world.client("learner")
    body = {"email": "mine@example.org", "confirmation": "x"}
    assert send(caller, "account/address", body).json["code"] == "not_confirmed"
    body["confirmation"] = done(caller, "confirmations", {"password": PASSWORD})["confirmation"]
    done(caller, "account/address", body)
    assert mails(world)[0].recipient == "mine@example.org"


def test_a_letter_to_an_address_that_nobody_wants_any_more_does_not_leave(world: World, admin: Caller) -> None:
    key = world.people["learner"].id
    done(admin, f"people/{key}/address", {"email": "first@example.org"})
    done(admin, f"people/{key}/address", {"email": "second@example.org"})
    assert [letter.recipient for letter in mails(world)] == ["second@example.org"]


def test_a_role_wants_the_password_and_is_not_ones_own(world: World, admin: Caller) -> None:
    key = world.people["learner"].id
    assert send(admin, f"people/{key}/role", {"role": "teacher", "confirmation": ""}).json["code"] == "not_confirmed"
    done(admin, f"people/{key}/role", {"role": "teacher", **confirmed(world)})
    own = send(admin, f"people/{world.people['admin'].id}/role", {"role": "learner", **confirmed(world)})
    assert (own.status_code, own.json["code"]) == (409, "not_oneself")


def test_there_is_always_an_administrator(world: World, admin: Caller) -> None:
    boss = world.people["boss"].id
    done(admin, f"people/{boss}/state", {"active": False})
    own = send(admin, f"people/{world.people['admin'].id}/state", {"active": False})
    assert own.json["code"] == "not_oneself"
    with world.database.writing() as session:
        other = add_person(Act(session, world.clock(), "tests"), email="b2@example.org", name="B", role="admin")
        session.get_one(Person, world.people["admin"].id).active = False
        Act(session, world.clock(), "tests").record("tests", "tests")
        act = Act(session, world.clock(), "command line")
        with pytest.raises(LastAdministrator):
            suspend(act, other.id, active=False)


def test_suspending_ends_every_way_in_at_once(world: World, admin: Caller) -> None:
    learner = world.client("learner")
    path, body = "/api/v1/modules/safe-start/pumps/reading", {"edition": world.edition("safe-start/pumps")}
    assert learner.post(path, body, key="r").status_code == 200
    with world.database.writing() as session:
        token = make_link(Act(session, world.clock(), "tests"), world.people["learner"], "sign-in")
    done(admin, f"people/{world.people['learner'].id}/state", {"active": False, "why": "Left."})
    assert learner.get("/api/v1/home").status_code == 401
    assert learner.post(path, body, key="r").status_code == 401, "a retry is no way in either"
    assert world.client().post("/api/v1/sign-in/link", {"token": token}).status_code == 422
    assert send(admin, f"people/{world.people['learner'].id}/link", {}).status_code == 404
    done(admin, f"people/{world.people['learner'].id}/state", {"active": True})
    assert learner.get("/api/v1/home").status_code == 401, "what was ended stays ended"


def test_a_way_in_is_sent(world: World, admin: Caller) -> None:
    done(admin, f"people/{world.people['admin'].id}/link", {})
    done(admin, f"people/{world.people['learner'].id}/link", {"why": "Lost the mail."})
    assert sorted(letter.recipient for letter in mails(world)) == ["admin@example.org", "learner@example.org"]
    with world.database.reading() as session:
        sent = session.scalars(select(AuditEntry).where(AuditEntry.action == "link.send"))
        kinds = {entry.new["kind"] for entry in sent}
    assert kinds == {"sign-in-link", "account"}


# Merging


def double(world: World) -> Any:
    """The learner once more, under another address, with work of their own."""
    twin = add_to_class(world, "twin", "twin@example.org")
    caller = world.client("twin")
    take_quiz(caller, world, RIGHT_ANSWERS, key="twin")
    body = {"edition": world.edition("safe-start/pumps")}
    caller.post("/api/v1/modules/safe-start/pumps/reading", body, key="twin-read")
    take_quiz(world.client("learner"), world, {"first": ["1"]}, key="own")
    return twin


def test_time_that_both_accounts_claimed_counts_once(world: World, admin: Caller) -> None:
    twin, kept = add_to_class(world, "twin", "twin@example.org"), world.people["learner"]
    with world.database.writing() as session:
        act = Act(session, world.clock(), "tests")
        for number, person in enumerate((twin.id, kept.id)):
            begins = datetime(2026, 3, 2, 9 + number, tzinfo=UTC)
            spans = [(begins, begins + timedelta(hours=2))]
            source = f"active:safe-start/doors/{number}"
            record_hours(act, [Worked(person, "self-paced", "safe-start/doors", "2026-03-02", source, spans, 120)])
    done(admin, f"people/{twin.id}/merge", {"into": str(kept.id), **confirmed(world)})
    with world.database.reading() as session:
        assert counted_of(session, kept.id) == recomputed(session, kept.id)
        report = totals(session, "2026-03-01", "2026-03-31", "month", "fr", world.clock())
        assert (report.whole.minutes, report.whole.overlap, report.whole.people) == ({"self-paced": 180}, 60, 1)


def test_two_accounts_become_one(world: World, admin: Caller) -> None:
    twin, kept = double(world), world.people["learner"]
    path = f"people/{twin.id}/merge"
    preview = shown(admin, f"{path}?into={kept.id}")
    moved = {line["category"]: line["moved"] for line in preview["lines"]}
    assert moved["evidence"] > 0
    refused = send(admin, path, {"into": str(kept.id), "confirmation": ""})
    assert refused.json["code"] == "not_confirmed"
    assert done(admin, path, {"into": str(kept.id), **confirmed(world)})["lines"] == preview["lines"]
    with world.database.reading() as session:
        numbers = session.scalars(select(Attempt.number).where(Attempt.person_id == kept.id)).all()
        assert sorted(numbers) == [1, 2], "attempts keep their order and have numbers of their own"
        for row in session.scalars(select(ModuleProgress).where(ModuleProgress.person_id == kept.id)):
            made = recompute_progress(session, kept.id, row.module_id)
            assert {name: getattr(row, name) for name in made} == made
        left = {name: count_rows(session, name, twin.id) for name in HOLDINGS}
        assert left["attempts.person_id"] == left["sign_ins.person_id"] == left["refresher_cards.person_id"] == 0
        assert left["class_members.person_id"] == 1, "both were in the class"
        gone = session.get_one(Person, twin.id)
        assert (gone.active, gone.merged_into) == (False, kept.id)
    assert holds(world)
    home = shown(world.client("learner"), "courses/safe-start/progress")
    assert "done" in {module["state"] for module in home["modules"]}
    again = send(admin, path, {"into": str(kept.id), **confirmed(world)})
    assert again.status_code == 404, "once is enough"
    line = shown(admin, "people?state=closed")["people"][0]
    assert (line["id"], line["state"]) == (str(twin.id), "closed")


@pytest.mark.parametrize("gone", ["trainer", "learner"])
def test_what_cannot_be_merged(world: World, admin: Caller, gone: str) -> None:
    """Who works here has signed in their name; an account is not merged into itself."""
    into = world.people["learner"].id
    reply = send(admin, f"people/{world.people[gone].id}/merge", {"into": str(into), **confirmed(world)})
    assert (reply.status_code, reply.json["code"]) == (409, "cannot_merge")


def test_an_open_attempt_is_handed_in_first(world: World, admin: Caller) -> None:
    twin = double(world)
    body = {"module": "safe-start/doors", "quiz": "doors", "edition": world.edition("safe-start/doors"), "lang": "en"}
    done(world.client("twin"), "attempts", body)
    reply = send(admin, f"people/{twin.id}/merge", {"into": str(world.people["learner"].id), **confirmed(world)})
    assert reply.json["code"] == "cannot_merge"


# Erasing, and what is held


def test_erasing_keeps_evidence_without_a_name(world: World, admin: Caller) -> None:
    learner = world.client("learner")
    take_quiz(learner, world, RIGHT_ANSWERS)
    key = world.people["learner"].id
    done(world.client("teacher"), f"classes/{world.classes['1A']}/learners/{key}/notes", {"text": "About them."})
    of_class = {"audience": "worker", "employer": "Secret Cellar", "funding": "Secret Cheque"}
    done(world.client("teacher"), f"classes/{world.classes['1A']}/learners/{key}", of_class)
    done(admin, f"people/{key}", {"given": "Secret", "family": "Name", "lang": "fr", "employer": "Secret Works"})
    preview = {line["category"]: line for line in shown(admin, f"people/{key}/erasure")["lines"]}
    assert preview["evidence"]["kept"] > 0
    assert preview["notes"]["deleted"] == 1
    assert send(admin, f"people/{key}/erasure", {"confirmation": ""}).json["code"] == "not_confirmed"
    done(admin, f"people/{key}/erasure", {"why": "They asked.", **confirmed(world)})
    assert holds(world), "the trail is whole"
    with world.database.reading() as session:
        tables = Person.metadata.sorted_tables
        whole = json.dumps([[str(one) for one in row] for table in tables for row in session.execute(select(table))])
        assert session.scalar(select(func.count()).select_from(Attempt).where(Attempt.person_id == key)) == 1
        assert session.scalar(select(func.count()).select_from(Evidence).where(Evidence.person_id == key))
        assert session.scalar(select(func.count()).select_from(SignIn).where(SignIn.person_id == key)) == 0
        assert '"learner@example.org' not in whole
    for word in ("Secret", "About them."):
        assert word not in whole, f"{word} is somewhere in the database"
    assert learner.get("/api/v1/home").status_code == 401
    assert send(admin, f"people/{key}/erasure", confirmed(world)).status_code == 404
    with world.database.reading() as session:
        assert find_person(session, "learner@example.org") is None, "the address is free again"


def test_everybody_reads_what_is_held_of_them_and_nothing_of_others(world: World) -> None:
    caller = world.client("learner")
    take_quiz(caller, world, RIGHT_ANSWERS)
    notes = f"classes/{world.classes['1A']}/learners/{world.people['learner'].id}/notes"
    done(world.client("teacher"), notes, {"text": "x1"})
    found = shown(caller, "my-data")
    assert found["account"]["email"] == "learner@example.org"
    assert "password_hash" not in found["account"]
    by_name = {one["name"]: one for one in found["tables"]}
    (attempt,) = by_name["attempts.person_id"]["rows"]
    assert attempt["responses"] == RIGHT_ANSWERS
    assert (by_name["teacher_notes.person_id"]["count"], by_name["teacher_notes.person_id"]["rows"]) == (1, [])
    text = json.dumps(found)
    for other in ("learner2@example.org", "teacher@example.org"):
        assert other not in text


def test_what_is_held_of_somebody_is_handed_out_with_a_password_and_a_trace(world: World, admin: Caller) -> None:
    key = world.people["learner"].id
    assert send(admin, f"people/{key}/data", {"confirmation": "x"}).json["code"] == "not_confirmed"
    found = done(admin, f"people/{key}/data", {"why": "Asked on paper.", **confirmed(world)})
    assert found["account"] == shown(world.client("learner"), "my-data")["account"]
    assert shown(admin, "audit?action=person.data")["entries"][0]["typed"] == {"why": "Asked on paper."}


# The house


def test_letters_are_seen_and_sent_again(world: World, admin: Caller) -> None:
    with world.database.writing() as session:
        session.add(
            Message(
                person_id=world.people["learner"].id, caused_by=world.people["teacher"].id, kind="account", data={},
                created_at=world.clock(), send_after=world.clock(), state="failed", tries=3, error="550 no such user",
            )
        )  # fmt: skip
    found = shown(admin, "letters")
    (line,) = found["letters"]
    assert (line["state"], line["error"]) == ("failed", "550 no such user")
    assert (line["caused_by"], line["decision"]) == ("Teacher", True)
    assert found["counts"] == {"failed": 1}
    done(admin, f"letters/{line['id']}", {"send_again": True})
    assert shown(admin, "letters")["counts"] == {"waiting": 1}
    assert send(admin, f"letters/{line['id']}", {"send_again": True}).status_code == 404
    assert shown(admin, "health")["waiting"] == 1


def test_publications_say_what_changed(world: World, admin: Caller) -> None:
    module = world.catalogue.modules["safe-start/doors"]
    pages = {lang: replace(page, body_sha="9" * 64) for lang, page in module.pages.items()}
    changed = {**world.catalogue.modules, module.id: replace(module, pages=pages)}
    with world.database.writing() as session:
        act = Act.of(session, world.people["trainer"], world.clock())
        store_catalogue(act, replace(world.catalogue, modules=changed))
    newest, first = shown(admin, "publications")["publications"]
    assert (newest["changed"], newest["added"], newest["removed"], newest["current"]) == ([module.id], [], [], True)
    assert len(first["added"]) == len(world.catalogue.modules)


# The trail


def test_the_trail_is_read_filtered_and_taken_along(world: World, admin: Caller) -> None:
    key = world.people["learner"].id
    done(admin, f"people/{key}", {"given": "=cmd()", "family": "", "lang": "fr"})
    entries = shown(admin, "audit?action=person.")["entries"]
    assert entries
    assert all(entry["action"].startswith("person.") for entry in entries)
    mine = shown(admin, f"audit?person={key}")["entries"]
    assert mine[0]["subject"] == f"person:{key}"
    assert shown(admin, "audit?first=2031-01-01&last=2031-01-02")["entries"] == []
    body = {"form": "csv", "action": "person.rename", **confirmed(world)}
    refused = send(admin, "audit/export", {**body, "confirmation": "x"})
    assert refused.json["code"] == "not_confirmed"
    reply = send(admin, "audit/export", body)
    rows = list(csv.DictReader(io.StringIO(reply.data.decode("utf-8-sig"))))
    assert [row["action"] for row in rows] == ["person.rename"]
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())
    assert json.loads(send(admin, "audit/export", {**body, "form": "json"}).data)[0]["action"] == "person.rename"
    pdf = send(admin, "audit/export", {**body, "form": "pdf", "lang": "fr"})
    assert pdf.data.startswith(b"%PDF")
    assert [entry["action"] for entry in shown(admin, "audit?action=audit.")["entries"]] == ["audit.export"] * 3


def test_the_story_of_one_result(world: World, admin: Caller) -> None:
    result = take_quiz(world.client("learner"), world, RIGHT_ANSWERS).json
    assert result is not None
    story = shown(admin, f"audit/attempts/{result['id']}")
    assert [step["what"] for step in story["steps"]][:2] == ["began", "handed-in"]
    assert {"evidence"} <= {step["what"] for step in story["steps"]}
    assert story["name"] == "Learner"
    assert story["steps"][1]["about"]["passed"] is True
    assert all(step["entry"] for step in story["steps"][:2])
    assert admin.get("/api/v1/audit/attempts/00000000-0000-0000-0000-000000000000").status_code == 404


def test_ids_are_never_used_again(world: World, admin: Caller) -> None:
    """21 CFR 11.100(a): an id of somebody who was erased stays theirs."""
    key = world.people["learner"].id
    done(admin, f"people/{key}/erasure", confirmed(world))
    done(admin, "people", {"email": "learner@example.org", "given": "Another", "family": "One"})
    assert shown(admin, "people?search=another")["people"][0]["id"] != str(key)
    with world.database.reading() as session:
        assert session.get_one(Person, key).erased_at is not None
