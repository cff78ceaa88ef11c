"""Generated from the matrix that `airlock routes` prints: every route for every persona."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyotp
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person, SecondFactor, SignIn
from api.accounts.passwords import hash_password, make_confirmation
from api.app import create_app
from api.applications.operations import add_device
from api.classes.joining import open_to_code
from api.classes.mandates import give_mandate
from api.classes.models import AskedLearner, Assignment, Class, ClassMember, TeacherNote
from api.classes.notes import add_note
from api.classes.operations import create_class, remove_member
from api.core.choices import Choice
from api.core.config import MAILBOX, Settings
from api.core.permissions import MissingPermission, RouteRule, permission_matrix
from api.discussion.operations import ask
from api.documents.facts import Subject
from api.documents.operations import issue
from api.events.attending import Seen, record_attendance
from api.events.booking import book
from api.events.feeds import make_feed_of
from api.events.filing import add_sheet
from api.events.live import ask as ask_live
from api.events.photos import add_photo
from api.events.planning import EventPlan, RoomPlan, plan_event, save_room
from api.events.signing import Observed, sign_off
from api.factors.operations import Relying
from api.funding.inspecting import make_inspection
from api.funding.particulars import Vault, give
from api.funding.schemes import read_schemes
from api.messages.models import Message
from api.refreshers.memory import first_memory
from api.refreshers.models import RefresherCard
from tests.conftest import CONTENT, KINDS, PERSONAS, RIGHT_ANSWERS, SECRET, Caller, World, load_once, take_quiz

SETTINGS = Settings(url="http://127.0.0.1:8000", database_url="sqlite://", secret_key=SECRET)
MATRIX = permission_matrix(create_app(SETTINGS))
CALLERS = ("anonymous", *(name for name, _ in PERSONAS))
ROLE = dict(PERSONAS)


@dataclass
class Things:
    """What the routes are called with: all of class 1A and of the learner."""

    attempt: str = ""
    assignment: str = ""
    note: str = ""
    thread: str = ""
    code: str = ""
    room: str = ""
    file: str = ""
    sign_off: str = ""
    photo: str = ""
    events: dict[str, str] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)
    feeds: dict[str, str] = field(default_factory=dict)
    document: str = ""
    document_code: str = ""
    mandate: str = ""
    inspection: str = ""
    message: str = ""
    device: str = ""
    factors: dict[str, str] = field(default_factory=dict)

    def event_of(self, name: str, of: str = "events") -> str:
        """That of somebody who leads one, or else the trainer's, at which everybody has a place."""
        found: dict[str, str] = getattr(self, of)
        return found.get(name) or found.get("trainer", "")


LEAVES = {"teacher": "learner", "trainer": "other learner", "admin": "shared learner"}
"""Whom each of those who may takes out of the class: nobody can be taken out twice."""

FILES = {
    "reports.export_analysis": "analysis.xlsx",
    "reports.export_event": "roster.csv",
    "funding.export_totals": "hours.csv",
    "funding.export_claims": "claims.csv",
}
PLAIN = ("funding.asked_of_class", "funding.list_schemes", "funding.list_inspections", "funding.own_particulars")
PERIODS = ("capacity.read_use", "outcomes.report")
SCHEMES = Path(__file__).resolve().parents[2] / "schemes"
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffda0008010100003f00d2cf20ffd9")
"""As short as one can be."""
LIST = "Nom;Prénom;E-mail\nNouveau;Nora;nora@example.org\n"


def sign_in_of(world: World, name: str) -> str:
    """Where a caller is signed in."""
    person = world.people.get(name, world.people["learner"])
    with world.database.reading() as session:
        return str(session.scalars(select(SignIn.id).where(SignIn.person_id == person.id)).first())


def example(rule: RouteRule, world: World, things: Things, name: str) -> tuple[str, Any]:
    """A request that succeeds for whoever may call the route and reaches the record."""
    leaving = rule.endpoint in ("classes.remove_member", "classes.return_member", "places.return_place")
    person = LEAVES.get(name, "learner") if leaving else "learner"
    path = rule.path
    for part, value in {
        "<uuid:attempt_id>": things.attempt,
        "<uuid:message_id>": things.message,
        "<uuid:factor_id>": things.factors.get(name, NOBODY),
        "<uuid:class_id>": str(world.classes["1A"]),
        "<uuid:person_id>": str(world.people[person].id),
        "<uuid:assignment_id>": things.assignment,
        "<uuid:note_id>": things.note,
        "<uuid:thread_id>": things.thread,
        "<uuid:event_id>": things.event_of(name),
        "<uuid:question_id>": things.event_of(name, "questions"),
        "<uuid:feed_id>": things.event_of(name, "feeds"),
        "<uuid:sign_in_id>": sign_in_of(world, name),
        "<uuid:file_id>": things.file,
        "<int:number>": "1",
        "<int:sign_off_id>": things.sign_off,
        "<string:key>": "x",
        "<uuid:room_id>": things.room,
        "<string:course>": "safe-start",
        "<string:name>": "sheet" if rule.endpoint.startswith("funding.") else "doors",
        "<string:quiz>": "doors",
        "<string:file>": FILES.get(rule.endpoint, "matrix.csv"),
        "<path:path>": "nowhere.html",
        "<uuid:document_id>": things.document,
        "<string:code>": things.document_code,
        "<uuid:mandate_id>": things.mandate,
        "<uuid:inspection_id>": things.inspection,
        "<string:field>": "birth-date",
        "<int:publication_id>": "1",
        "<uuid:photo_id>": things.photo,
        "<uuid:device_id>": things.device,
    }.items():
        path = path.replace(part, value)
    assert "<" not in path, f"no example for {rule.path}"
    if rule.endpoint == "administration.preview_merge":
        path += f"?into={world.people['other learner'].id}"
    if rule.endpoint in PERIODS or (
        rule.endpoint.startswith("funding.") and rule.method == "GET" and rule.endpoint not in PLAIN
    ):
        path += "?first=2026-01-01&last=2026-12-31"
    edition = world.edition(next(name for name in world.catalogue.modules if name.endswith(("/doors", "/graded"))))
    bodies: dict[str, Any] = {
        "learning.start": {"module": "safe-start/doors", "quiz": "doors", "edition": edition, "lang": "en"},
        "learning.submit": {"responses": {}, "edition": edition, "lang": "en"},
        "learning.read": {"edition": edition},
        "accounts.invite": {"email": "new@example.org", "name": "New", "role": "learner"},
        "accounts.answer_invitation": {"token": "x", "password": "a good long one"},
        "accounts.sign_in": {"email": "a@example.org", "password": "x"},
        "accounts.sign_in_by_link": {"token": "x"},
        "classes.make_class": {"name": "3C"},
        "classes.change_class": {"name": "1A bis"},
        "classes.add_teacher": {"email": "trainer@example.org"},
        "classes.change_learner": {"employer": "A school"},
        "classes.preview_list": {"text": LIST},
        "classes.import_list": {"text": LIST, "digest": "0" * 64},
        "classes.join": {"code": things.code},
        "classes.answer": {"accepted": True},
        "classes.take_back": {"email": "asked@example.org"},
        "classes.ask_to_join": {"code": things.code, "email": "somebody@example.org", "name": "Somebody"},
        "classes.assign": {"course": "safe-start", "due": "2026-05-01T16:00"},
        "classes.withdraw": {"withdrawn": False},
        "classes.extend": {"learner": str(world.people["learner"].id)},
        "classes.allow": {"extra_attempts": 1},
        "classes.add_note": {"text": "Works well."},
        "messages.set_preference": {"kind": "reminder", "wanted": True},
        "discussion.ask": {"text": "Why?"},
        "discussion.reply": {"text": "Because."},
        "discussion.share": {"shared": True},
        "discussion.hide": {"hidden": False},
        "refreshers.begin": {"lang": "en"},
        "applications.begin": {"module": "safe-start/doors", "edition": edition},
        "applications.add_device": {"name": "Headset 1"},
        "refreshers.answer": {**ASKED, "response": ["1"]},
        "refreshers.skip": ASKED,
        "readiness.admit": {
            "person": str(world.people["learner"].id),
            "module": "safe-start/walk",
            "until": (world.clock() + timedelta(days=3)).date().isoformat(),
            "reason": "Agreed.",
        },
        **event_bodies(world, name),
    }
    if rule.endpoint == "applications.own":
        path += "?module=safe-start/doors"
    if rule.endpoint == "learning.history":
        path += "?module=safe-start/doors&quiz=doors"
    if rule.endpoint == "messages.unsubscribe":
        path += "?token=x"
    if rule.endpoint in ("readiness.own", "briefings.readiness"):
        path += "?module=safe-start/walk"
    if rule.endpoint == "readiness.admissions":
        path += f"?module=safe-start/walk&person={world.people['learner'].id}"
    if rule.endpoint == "places.dates":
        path += "?modules=safe-start/walk"
    return path, bodies.get(rule.endpoint, {})


APP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOBODY = "00000000-0000-0000-0000-000000000000"
SOON = timedelta(minutes=30)
"""Until events begin at which places are booked; others began as long ago."""
HALL = {"name": "Hall", "zone": "hall", "places": 8}
ASKED = {"module": "safe-start/doors", "quiz": "doors", "question": "first"}
PASSWORD = "a good long password"


def event_bodies(world: World, name: str) -> dict[str, Any]:
    """What the routes of events are called with."""
    caller = world.people["learner" if name == "anonymous" else name]
    learner, soon = str(world.people["learner"].id), world.clock() + timedelta(days=3)
    begun = (world.clock() - SOON).astimezone(ZoneInfo("Europe/Brussels"))
    plan = {
        "modules": ["safe-start/walk"],
        "half_days": [{"begins": f"{soon:%Y-%m-%d}T09:00", "ends": f"{soon:%Y-%m-%d}T12:00"}],
        "trainers": [str(caller.id)],
        "places": 8,
        "link": "https://meet.example/x",
        "classes": [str(world.classes["1A"])],
    }
    row = f"Learner,learner@example.org,{begun:%d/%m/%Y %H:%M:%S},{begun + timedelta(hours=3):%d/%m/%Y %H:%M:%S},180"
    text = f"Name,Email,Join time,Leave time,Duration (minutes)\n{row}\n"
    file = {"file": base64.b64encode(text.encode()).decode(), "order": "dmy"}
    confirmation = make_confirmation(SECRET, caller.id)
    line = {
        "id": str(uuid.uuid4()),
        "number": 1,
        "what": "in",
        "person": learner,
        "claimed_at": world.clock().isoformat(),
        "why": "It is a drill.",
    }
    walk = world.catalogue.modules.get("safe-start/walk")
    lines = walk.page("en").checklist if walk else ()
    return {
        "events.make_room": {**HALL, "name": f"Hall {uuid.uuid4()}"},
        "events.change_room": HALL,
        "events.plan": plan,
        "events.change": plan,
        "events.cancel": {"why": "The filter is changed."},
        "funding.make_inspection": {"label": "Ministry", "first": "2026-01-01", "last": "2026-12-31"},
        "funding.view_inspection": {"token": "x" * 40},
        "funding.give_particular": {"value": "1985-07-30"},
        "capacity.set_goals": dict.fromkeys(("learners", "on_site", "live_remote", "self_paced", "area"), 1),
        "capacity.run_simulation": {"learners": {}, "rooms": {}, "trainers": 1, "half_days": 400, "no_show": 5},
        "outcomes.set_consent": {"given": True},
        "outcomes.view": {"token": "x" * 40},
        "outcomes.answer": {"token": "x" * 40, "working": "looking", "helped": 2},
        "outcomes.end": {"token": "x" * 40},
        "factors.begin_app": {"name": "App", "confirmation": confirmation},
        "factors.confirm_app": {"code": pyotp.TOTP(APP).at(world.clock())},
        "factors.passkey_options": {"confirmation": confirmation},
        "factors.add_passkey": {"name": "Key", "answer": {}},
        "factors.remove_factor": {"confirmation": confirmation},
        "factors.renew_codes": {"confirmation": confirmation},
        "factors.second": {"code": "000000"},
        "administration.add_person": {"email": f"{uuid.uuid4()}@example.org", "given": "New"},
        "administration.import_people": {"text": LIST},
        "administration.change_person": {"given": "Other", "lang": "fr"},
        "administration.change_address": {"email": "other@new.example"},
        "administration.change_own_address": {"email": f"{uuid.uuid4()}@new.example", "confirmation": confirmation},
        "administration.confirm_own_address": {"token": "x" * 40},
        "administration.change_role": {"role": "teacher", "confirmation": confirmation},
        "administration.change_state": {"active": False},
        "administration.merge": {"into": str(world.people["other learner"].id), "confirmation": confirmation},
        "administration.erase": {"confirmation": confirmation},
        "administration.data_of": {"confirmation": confirmation},
        "administration.remove_factors": {"confirmation": confirmation},
        "administration.export_trail": {"form": "csv", "confirmation": confirmation},
        "administration.settle_letter": {"send_again": True},
        "administration.return_to_publication": {"confirmation": confirmation},
        "administration.change_settings": {"site_name": "Other", "confirmation": confirmation},
        "companies.give_mandate": {"email": "learner@example.org", "employer": "Works"},
        "documents.issue": {"kind": "hours", "lang": "en", "first": "2026-01-01", "last": "2026-12-31"},
        "documents.revoke": {"why": "It was a drill."},
        "documents.show": {"shown": ["name"]},
        "hours.note_active": {"spans": [{"module": "safe-start/doors", "began_ago": 60, "ended_ago": 1}]},
        "places.return_mine": {"why": "ill"},
        "places.book": {"people": [learner]},
        "places.book_at_the_door": {"email": "learner@example.org"},
        "day.attend": {"seen": [{"person": learner, "number": 1, "state": "present"}], "why": "I saw it."},
        "day.preview_file": file,
        "day.import_file": file,
        "day.add_sheet": {"file": base64.b64encode(b"%PDF-1.7").decode()},
        "day.add_photo": {
            "module": "safe-start/walk",
            "person": learner,
            "line": 0,
            "file": base64.b64encode(JPEG + caller.name.encode()).decode(),
        },
        "day.write_book": {"device": "north", "lines": [line]},
        "day.sign_list": {"signed_as": caller.name, "confirmation": confirmation},
        "day.sign_presence": {
            "confirmation": confirmation,
            "signed_as": caller.name,
            "begins": f"{begun:%Y-%m-%dT%H:%M}",
            "ends": f"{begun + timedelta(minutes=20):%Y-%m-%dT%H:%M}",
        },
        "day.counter_sign": {"signed_as": caller.name, "confirmation": confirmation},
        "live.ask": ASKED,
        "live.steer": {"shown": True},
        "live.answer": {"option": "1"},
        "calendars.make": {"of": "mine"},
        "accounts.confirm": {"password": PASSWORD},
        "accounts.ask_for_link": {"email": "learner@example.org", "wanted": "sign-in"},
        "accounts.show_link_owner": {"token": "x" * 40},
        "accounts.change_password": {"old": PASSWORD, "password": f"{PASSWORD} again"},
        "accounts.change_language": {"lang": "en"},
        "day.sign": {
            "module": "safe-start/walk",
            "signed_as": caller.name,
            "confirmation": confirmation,
            "people": [{"person": learner, "criteria": [{"state": "ticked"}] * len(lines)}],
        },
    }


def call(caller: Caller, rule: RouteRule, path: str, body: Any) -> int:
    if rule.method == "GET":
        return caller.get(path).status_code
    if rule.permission.keyed:
        return caller.client.open(path, method=rule.method).status_code
    assert rule.method == "POST"
    if rule.endpoint == "classes.import_list" and (preview := caller.post(f"{path}/preview", {"text": LIST})).json:
        body = {**body, "digest": preview.json.get("digest", "0" * 64)}
    return caller.post(path, body, key=f"matrix-{uuid.uuid4()}").status_code


def reaches(rule: RouteRule, name: str) -> bool:
    """Whether the records of an example are a caller's to reach."""
    if rule.endpoint == "discussion.share":
        return name == "learner"
    if rule.endpoint == "classes.remove_note":
        return name == "teacher"
    if rule.endpoint in ("day.counter_sign", "readiness.changes"):
        return name == "learner"
    if "<uuid:document_id>" in rule.path:
        return name in ("learner", "trainer", "admin") if rule.endpoint != "documents.show" else name == "learner"
    if rule.endpoint in ("funding.give_particular", "funding.erase_particular"):
        return name == "learner"
    if rule.endpoint == "companies.company":
        return name == "other learner"
    if rule.endpoint in ("day.file", "day.remove_photo"):
        return name == "trainer"
    if rule.endpoint == "day.photo":
        return name in ("learner", "trainer")
    if rule.endpoint in ("calendars.read", "classes.answer"):
        return False
    if "<uuid:event_id>" in rule.path and rule.permission.roles and "learner" not in rule.permission.roles:
        return name in ("teacher", "trainer", "admin")
    if "<uuid:class_id>" in rule.path or "<uuid:assignment_id>" in rule.path:
        return name in ("teacher", "trainer", "admin")
    if "<uuid:thread_id>" in rule.path:
        return name in ("learner", "teacher", "trainer", "admin")
    if rule.endpoint == "administration.story":
        return name == "admin"
    if "<uuid:attempt_id>" in rule.path:
        return name == "learner"
    return True


def prepare(world: World, rule: RouteRule) -> Things:
    """An attempt of the learner (open for handing in, handed in for reading), and what teachers add to it."""
    learner = world.client("learner")
    if rule.endpoint in ("learning.paper", "learning.submit"):
        module, quiz = (
            ("every-kind/handed-out", "all") if rule.endpoint == "learning.paper" else ("safe-start/doors", "doors")
        )
        body = {"module": module, "quiz": quiz, "edition": world.edition(module), "lang": "en"}
        begun = learner.post("/api/v1/attempts", body, key="open")
        assert begun.json is not None
        return Things(attempt=str(begun.json["id"]))
    result = take_quiz(learner, world, RIGHT_ANSWERS)
    assert result.json is not None
    things = Things(attempt=str(result.json["id"]))
    with world.database.writing() as session:
        group = session.get_one(Class, world.classes["1A"])
        teacher, person = world.people["teacher"], world.people["learner"]
        add_note(Act.of(session, teacher, world.clock()), group, person.id, "A note.")
        things.note = str(session.scalars(select(TeacherNote.id)).one())
        things.assignment = str(session.scalars(select(Assignment.id).where(Assignment.class_id == group.id)).one())
        asking = Act.of(session, person, world.clock())
        asked = ask(asking, "safe-start/doors", text="Why?", anchor="", class_id=group.id, shared=False)
        things.thread = str(asked.id)
        things.device = str(add_device(Act(session, world.clock(), "tests"), "Headset")[0].id)
        if rule.endpoint == "classes.take_back":
            for one in world.people.values():
                about = {"name": "Asked", "email": "asked@example.org", "employer": "", "funding": ""}
                key = {"class_id": group.id, "person_id": one.id, "asked_by": teacher.id, "asked_at": world.clock()}
                session.add(AskedLearner(**key, **about))
        if rule.endpoint == "classes.return_member":
            for leaving in LEAVES.values():
                remove_member(Act.of(session, teacher, world.clock()), group, world.people[leaving].id)
        # A class that nobody teaches, so that everybody can enter it.
        door = create_class(Act(session, world.clock(), "tests"), name="Door", teachers=[])
        things.code = open_to_code(Act.of(session, teacher, world.clock()), door)
        if rule.endpoint.startswith("refreshers."):
            for one in world.people.values():
                memory, due = first_memory(None, world.clock() - timedelta(days=2))
                session.add(
                    RefresherCard(
                        person_id=one.id,
                        module_id=ASKED["module"],
                        quiz_id=ASKED["quiz"],
                        question_id=ASKED["question"],
                        memory=memory,
                        due_at=due,
                        mistaken=False,
                    )
                )
        if rule.endpoint.startswith(("events.", "places.", "briefings.briefing", "reports.export_event")):
            prepare_events(world, session, things, world.clock() + SOON)
        if rule.endpoint.startswith(("day.", "live.", "calendars.")):
            prepare_events(world, session, things, world.clock() - SOON)
        if rule.endpoint.startswith("documents."):
            prepare_events(world, session, things, world.clock() - SOON)
            learner_id, event_id = world.people["learner"].id, uuid.UUID(things.event_of("trainer"))
            act = Act.of(session, world.people["trainer"], world.clock())
            made = issue(act, Subject("presence", learner_id, event_id), "en")
            things.document, things.document_code = str(made.id), made.code
        if rule.endpoint in ("factors.confirm_app", "factors.remove_factor"):
            sealer = Relying("localhost", [], "", SECRET)
            for name in world.people:
                factor_id = uuid.uuid4()
                factor = {
                    "id": factor_id,
                    "person_id": world.people[name].id,
                    "kind": "app",
                    "name": "App",
                    "counter": 0,
                }
                secret = sealer.seal(factor_id, APP)
                session.add(SecondFactor(**factor, secret=secret, made_at=world.clock()))
                things.factors[name] = str(factor_id)
        if rule.endpoint == "administration.settle_letter":
            moment = {"created_at": world.clock(), "send_after": world.clock()}
            letter = Message(person_id=person.id, kind="account", data={}, state="failed", tries=1, **moment)
            session.add(letter)
            session.flush()
            things.message = str(letter.id)
        if rule.endpoint == "funding.end_inspection":
            act = Act.of(session, world.people["admin"], world.clock())
            made_link, _ = make_inspection(act, "Ministry", world.clock().date(), world.clock().date(), 3)
            things.inspection = str(made_link.id)
        if rule.endpoint in ("funding.give_particular", "funding.erase_particular"):
            paid = update(ClassMember).where(ClassMember.person_id == person.id)
            session.execute(paid.values(funding="esf-like"))
            act = Act.of(session, person, world.clock())
            give(act, Vault(SECRET), read_schemes(SCHEMES), "birth-date", "1985-07-29")
        if rule.endpoint.startswith("companies."):
            act, boss = Act.of(session, world.people["admin"], world.clock()), world.people["other learner"].id
            things.mandate = str(give_mandate(act, session.get_one(Person, boss), "Works").id)
        if rule.endpoint in ("accounts.confirm", "accounts.change_password"):
            for one in world.people.values():
                session.get_one(Person, one.id).password_hash = hash_password(PASSWORD)
    return things


def prepare_events(world: World, session: Session, things: Things, begins: datetime) -> None:
    """A room, and for each of those who may lead one an event at which everybody has a place."""
    before = world.clock() - 3 * SOON
    for name in ("trainer", "admin"):
        act = Act.of(session, world.people[name], before)
        plan = EventPlan(
            module_ids=("safe-start/walk",),
            half_days=((begins, begins + timedelta(hours=3)),),
            trainer_ids=(world.people[name].id,),
            places=8,
            timezone="Europe/Brussels",
            lang="en",
            link="https://meet.example/x",
            class_ids=(world.classes["1A"],),
            open_to_all=True,
        )
        event = plan_event(act, plan)
        book(act, event, [session.get_one(Person, world.people[one].id) for one, _ in PERSONAS])
        things.events[name] = str(event.id)
        learner, act = world.people["learner"].id, Act.of(session, world.people[name], world.clock())
        record_attendance(act, event, [Seen(learner, 1, "present")])
        things.questions[name] = str(ask_live(act, event, *ASKED.values()).id)
        lines = world.catalogue.modules["safe-start/walk"].page("en").checklist
        seen = {learner: [Observed("ticked")] * len(lines)}
        if name == "trainer":
            (signed,) = sign_off(act, event, "safe-start/walk", seen, world.people[name].name)
            things.sign_off = str(signed.id)
        if name == "trainer":
            session.merge(Choice(name="photos", value=True, changed_at=world.clock()))
            things.photo = str(add_photo(act, event, "safe-start/walk", learner, 0, JPEG).id)
        if name == "trainer":
            things.file = str(add_sheet(act, event, "sheet.pdf", b"%PDF-1.4").id)
    for name, _ in PERSONAS:
        feed = make_feed_of(Act.of(session, world.people[name], before), "mine", None)
        things.feeds[name] = str(feed.id)
    things.room = str(save_room(act, None, RoomPlan("Room", "hall", 8)).id)


ALONE = ("learning.paper", "briefings.briefing", "reports.export_event")
"""Readings that need records of their own."""


def sharing() -> dict[str, list[RouteRule]]:
    """What reads a feature's records shares a world; whatever changes something has one of its own."""
    groups: dict[str, list[RouteRule]] = {}
    for rule in MATRIX:
        alone = rule.method != "GET" or rule.endpoint in ALONE
        name = f"{rule.method} {rule.path if alone else rule.endpoint.partition('.')[0]}"
        groups.setdefault(name, []).append(rule)
    return groups


GROUPS = sharing()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all, so that they share an app."""
    site = tmp_path_factory.mktemp("permissions") / "site"
    (site.with_name("site.drafts") / "drafts").mkdir(parents=True)
    (site.with_name("site.drafts") / "drafts" / "nowhere.html").write_text("A draft.")
    site.mkdir()
    return site


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS)
def test_every_route_for_every_persona(group: str, make_world: Callable[..., World], site: Path) -> None:
    """Those of papers with a quiz that hands its questions out; with the mailbox of the demo, and with a draft."""
    rules = GROUPS[group]
    catalogue = load_once(KINDS if rules[0].endpoint == "learning.paper" else CONTENT)
    world = make_world(catalogue=catalogue, mail=MAILBOX, site=site, schemes=SCHEMES)
    things = prepare(world, rules[0])
    callers = {name: world.client(None if name == "anonymous" else name) for name in CALLERS}
    for name, rule in product(CALLERS, rules):
        caller = callers[name]
        path, body = example(rule, world, things, name)
        status = call(caller, rule, path, body)
        told = f"{rule.method} {rule.path} for {name}: {status}"
        if rule.permission.roles is None:
            assert status not in (401, 403, 405, 500), told
        elif name == "anonymous":
            assert status == 401, told
        elif ROLE[name] not in rule.permission.roles:
            assert status == 403, told
        elif rule.endpoint == "factors.add_passkey":
            assert status == 422, f"{told}: a passkey is made by a browser alone (tests/browser/test_ways_in.py)"
        elif rule.endpoint == "administration.return_to_publication":
            assert status == 409, f"{told}: it is what is shown; going back is in test_publish.py"
        elif rule.endpoint == "applications.begin":
            assert status == 409, f"{told}: the tests' course has no application; they are in test_applications.py"
        elif rule.endpoint == "reports.scene":
            assert status == 404, f"{told}: the tests' course has no scene; who reaches what is in test_scenes.py"
        elif not reaches(rule, name):
            assert status == 404, f"{told}: another person's record does not exist"
        else:
            assert status in (200, 201), told


def test_a_route_without_a_declaration_stops_the_app() -> None:
    app = create_app(SETTINGS)
    app.add_url_rule("/api/v1/undeclared", "undeclared", lambda: "open to all")
    with pytest.raises(MissingPermission, match="/api/v1/undeclared"):
        permission_matrix(app)


def test_teachers_see_the_learners_of_their_own_classes_alone(world: World) -> None:
    take_quiz(world.client("learner"), world, RIGHT_ANSWERS)
    seen = {}
    for name in ("teacher", "other teacher", "trainer", "admin"):
        caller = world.client(name)
        overview = caller.get("/api/v1/results").json
        module = caller.get("/api/v1/results/safe-start/doors").json
        assert overview is not None
        assert module is not None
        started = next(line["started"] for line in overview["modules"] if line["id"] == "safe-start/doors")
        seen[name] = (started, [line["name"] for line in module["learners"]])
    assert seen["teacher"] == seen["trainer"] == seen["admin"] == (1, ["Learner"])
    assert seen["other teacher"] == (0, [])
