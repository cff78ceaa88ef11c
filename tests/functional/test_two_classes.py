"""Two classes of two teachers with one learner in both: of the other class nothing is seen, in no reply."""

from __future__ import annotations

import io
import itertools
import re
import uuid
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from api.accounts.act import Act
from api.accounts.models import Person
from api.app import create_app
from api.classes.models import ClassMember, TeacherNote
from api.core.config import MAILBOX, Settings
from api.core.permissions import RouteRule, permission_matrix
from api.discussion.models import Thread
from api.events.attending import Seen, record_attendance
from api.events.booking import book
from api.events.feeds import make_feed_of
from api.events.planning import EventPlan, RoomPlan, plan_event, save_room
from api.events.signing import Observed, sign_off
from api.messages.delivery import deliver
from api.messages.senders import MailboxSender
from site_builder.course.model import Catalogue
from tests.conftest import CONTENT, KINDS, RIGHT_ANSWERS, SECRET, Caller, World, load_once, take_quiz
from tests.functional.teaching import add_to_class, assignment_ids, done, send

pytestmark = pytest.mark.slow

SETTINGS = Settings(url="http://127.0.0.1:8000", database_url="sqlite://", secret_key=SECRET)
MATRIX = permission_matrix(create_app(SETTINGS))
READ = [
    rule
    for rule in MATRIX
    if rule.method == "GET" and rule.permission.roles and rule.permission.rows_of("teacher") != "none"
]
WRITE = [
    rule
    for rule in MATRIX
    if rule.method == "POST" and "<uuid" in rule.path and rule.permission.roles and "teacher" in rule.permission.roles
]


def merged() -> Catalogue:
    """Both courses of the tests; the titles of each say whose they are."""
    one, other = load_once(CONTENT), load_once(KINDS)
    modules = {}
    for module in (*one.modules.values(), *other.modules.values()):
        word = "Ocelot" if module.id.startswith("safe-start/") else "Zebra"
        name = module.id.rpartition("/")[2]
        pages = {lang: replace(page, title=f"{word}-title-{name}") for lang, page in module.pages.items()}
        modules[module.id] = replace(module, pages=pages)
    courses = {}
    for course in (*one.courses.values(), *other.courses.values()):
        word = "Ocelot" if course.id == "safe-start" else "Zebra"
        texts = {lang: replace(text, title=f"{word}-course") for lang, text in course.texts.items()}
        courses[course.id] = replace(course, texts=texts)
    # A practical of each.
    practical = modules["safe-start/walk"]
    titled = {lang: replace(page, title="Zebra-title-walk") for lang, page in practical.pages.items()}
    modules["every-kind/walk"] = replace(practical, id="every-kind/walk", requires=(), pages=titled)
    zebra = courses["every-kind"]
    courses["every-kind"] = replace(zebra, module_ids=(*zebra.module_ids, "every-kind/walk"))
    return replace(one, courses=courses, modules=modules)


@dataclass
class Side:
    """A class with everything that it can have; each text of it says whose it is."""

    word: str
    teacher: str
    name: str
    own_learner: str
    course: str
    module: str
    quiz: str
    due: str
    class_id: str = ""
    ids: dict[str, list[str]] = field(default_factory=dict)
    canaries: list[str] = field(default_factory=list)


OCELOT = ("Ocelot", "teacher", "1A", "learner", "safe-start", "doors", "doors", "2026-03-01")
ZEBRA = ("Zebra", "other teacher", "2B", "far learner", "every-kind", "graded", "all", "2026-02-17")


def take(caller: Caller, world: World, side: Side, key: str) -> str:
    answers = RIGHT_ANSWERS if side.word == "Ocelot" else {"single": ["1"], "text": f"{side.word}-typed"}
    module = f"{side.course}/{side.module}"
    reply = take_quiz(caller, world, answers, key=key, module=module, quiz=side.quiz)
    assert reply.status_code == 200, reply.text
    assert reply.json is not None
    return str(reply.json["id"])


def name_people(world: World) -> None:
    """Names and addresses of which none is part of another."""
    add_to_class(world, "far learner", "zebra.far@example.org", "2B")
    wanted = {
        "learner": ("Ocelot-Anna", "ocelot.anna@example.org"),
        "other learner": ("Ocelot-Otto", "ocelot.otto@example.org"),
        "far learner": ("Zebra-Bert", "zebra.bert@example.org"),
        "teacher": ("Ocelot-Tess", "ocelot.tess@example.org"),
        "other teacher": ("Zebra-Ulla", "zebra.ulla@example.org"),
        "shared learner": ("Common-Sharon", "common.sharon@example.org"),
    }
    with world.database.writing() as session:
        for persona, (name, email) in wanted.items():
            person = session.get_one(Person, world.people[persona].id)
            person.name, person.email = name, email


def fill(world: World, parts: tuple[str, str, str, str, str, str, str, str]) -> Side:
    """Everything that a class can have, done by its people."""
    side = Side(*parts)
    side.class_id = str(world.classes[side.name])
    teacher, shared, own = world.client(side.teacher), world.client("shared learner"), world.client(side.own_learner)
    people = {name: str(world.people[name].id) for name in ("shared learner", side.own_learner)}
    done(teacher, f"classes/{side.class_id}", {"name": f"{side.word}-class"})
    terms = {"note": f"{side.word}-assignment-note", "due": f"{side.due}T10:00"}
    for line in assignment_ids(world, side.name):
        done(teacher, f"assignments/{line}", terms)
        extension = {"learner": people[side.own_learner], "due": f"{side.due}T23:17"}
        done(teacher, f"assignments/{line}/extensions", extension)
    done(
        teacher,
        f"classes/{side.class_id}/assignments",
        {"course": side.course, "modules": [f"{side.course}/{side.module}"], "learners": [people["shared learner"]]},
    )
    for person in people.values():
        about = {"employer": f"{side.word}-works", "funding": f"{side.word}-fund", "audience": "worker"}
        done(teacher, f"classes/{side.class_id}/learners/{person}", about)
        done(teacher, f"classes/{side.class_id}/learners/{person}/notes", {"text": f"{side.word}-remark"})
        done(
            teacher,
            f"classes/{side.class_id}/learners/{person}/allowances/{side.course}/{side.module}",
            {"extra_attempts": 7, "why": f"{side.word}-reason"},
        )
    code = done(teacher, f"classes/{side.class_id}/join-code")["code"]
    side.ids["attempt_id"] = [
        take(caller, world, side, f"{side.word}-{name}") for name, caller in (("shared", shared), ("own", own))
    ]
    for open_to_mates in (False, True):
        question = {"text": f"{side.word}-question", "class_id": side.class_id, "shared": open_to_mates}
        for caller in (shared, own):
            done(caller, f"modules/{side.course}/{side.module}/threads", question)
    with world.database.reading() as session:
        threads = list(session.scalars(select(Thread).where(Thread.class_id == uuid.UUID(side.class_id))))
        notes = list(session.scalars(select(TeacherNote).where(TeacherNote.class_id == uuid.UUID(side.class_id))))
    assert len(threads) == 4
    done(teacher, f"threads/{threads[0].id}/replies", {"text": f"{side.word}-answer"})
    done(teacher, f"classes/{side.class_id}/reminders", {"learners": None})
    fill_events(world, side, [world.people[name] for name in people])
    with world.database.reading():
        deliver(
            world.database, world.app.config["AIRLOCK_SETTINGS"], MailboxSender(world.database, world.clock),
            world.clock,
        )  # fmt: skip
    side.ids |= {
        "class_id": [side.class_id],
        "thread_id": [str(thread.id) for thread in threads],
        "note_id": [str(note.id) for note in notes],
        "assignment_id": assignment_ids(world, side.name),
        "person_id": [people[side.own_learner]],
    }
    every_id = itertools.chain.from_iterable(side.ids.values())
    side.canaries = [side.word, side.word.lower(), code, f"{side.due}T", *every_id]
    return side


def fill_events(world: World, side: Side, learners: list[Person]) -> None:
    """A practical that the class is invited to, with everything that the day leaves behind."""
    begins, module = world.clock() - timedelta(minutes=30), f"{side.course}/walk"
    leader = world.people["trainer" if side.word == "Ocelot" else "admin"]
    with world.database.writing() as session:
        act = Act.of(session, leader, world.clock() - timedelta(hours=2), scope="all")
        hall = save_room(act, None, RoomPlan(f"{side.word}-hall", "hall", 8))
        half = (begins, begins + timedelta(hours=3))
        plan = EventPlan((module,), (half,), (leader.id,), 8, "Europe/Brussels", "en", room_id=hall.id)
        event = plan_event(act, replace(plan, note=f"{side.word}-event-note", class_ids=(uuid.UUID(side.class_id),)))
        book(act, event, [session.get_one(Person, one.id) for one in learners])
        now = Act.of(session, leader, world.clock(), scope="all")
        record_attendance(now, event, [Seen(one.id, 1, "present", why=f"{side.word}-seen") for one in learners])
        observed = [Observed("ticked", f"{side.word}-signed")] * 2
        sign_off(now, event, module, {one.id: observed for one in learners}, leader.name)
        feed = make_feed_of(
            Act.of(session, world.people[side.teacher], world.clock()), "class", uuid.UUID(side.class_id)
        )
        side.ids |= {"event_id": [str(event.id)], "feed_id": [str(feed.id)]}


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    given = {"1A": ["safe-start"], "2B": ["every-kind"]}
    world = make_world(catalogue=merged(), given=given, mail=MAILBOX)
    name_people(world)
    return world


@pytest.fixture
def sides(world: World) -> tuple[Side, Side]:
    return fill(world, OCELOT), fill(world, ZEBRA)


def told(reply: TestResponse) -> str:
    """Everything that a reply says: its body, the parts of a workbook, and the name of its file."""
    body = reply.get_data()
    text = str(reply.headers.get("Content-Disposition", "")) + "\n"
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            names = sorted(name for name in book.namelist() if name != "docProps/core.xml")
            return text + "\n".join(book.read(name).decode() for name in names)
    return text + body.decode()


PLACES = re.compile(r"<\w+:(\w+)>")
FILES = ("matrix.csv", "matrix.xlsx", "attempts.csv", "attempts.xlsx", "analysis.csv", "analysis.xlsx")


def paths(rule: RouteRule, world: World, mine: Side, other: Side) -> Iterator[tuple[str, str]]:
    """Addresses of a route with all that is there, and beside each the same with what is the other class's made up."""
    ids = {name: [*mine.ids[name], *other.ids[name]] for name in mine.ids}
    ids["person_id"].append(str(world.people["shared learner"].id))
    courses = [(mine.course, mine.module, mine.quiz), (other.course, other.module, other.quiz)]
    # Which courses there are is known to everybody, and so are their modules.
    hidden = "learner" not in (rule.permission.roles or ())
    ids["question_id"] = [str(uuid.uuid4())]  # None was asked.
    names = [name for name in PLACES.findall(rule.path) if name in ids]
    queries = [""]
    if rule.endpoint in ("reports.analysis", "reports.export_analysis"):
        queries = ["", f"?class_id={mine.class_id}", f"?class_id={other.class_id}"]
    if rule.endpoint == "learning.history":
        queries = [f"?module={mine.course}/{mine.module}&quiz={mine.quiz}"]
    files = FILES if "<string:file>" in rule.path else ("",)
    for chosen in itertools.product(*(ids[name] for name in names)):
        for course, module, quiz in courses if "<string:course>" in rule.path else courses[:1]:
            for file, query in itertools.product(files, queries):
                path, unknown = rule.path + query, rule.path + query
                for name, value in zip(names, chosen, strict=True):
                    path = path.replace(f"<uuid:{name}>", value)
                    foreign = value in other.ids.get(name, ())
                    unknown = unknown.replace(f"<uuid:{name}>", str(uuid.uuid4()) if foreign else value)
                unknown = unknown.replace(other.class_id, str(uuid.uuid4()))
                made_up = hidden and course == other.course
                path, unknown = path.replace("<int:number>", "1"), unknown.replace("<int:number>", "1")
                for place, value in (("course", course), ("name", module), ("quiz", quiz), ("file", file)):
                    path = path.replace(f"<string:{place}>", value)
                    shown = "nowhere" if made_up and place != "file" else value
                    unknown = unknown.replace(f"<string:{place}>", shown)
                yield path, unknown


def test_nothing_of_the_other_class_is_in_any_reply(world: World, sides: tuple[Side, Side]) -> None:
    callers = {side.teacher: world.client(side.teacher) for side in sides}
    for (mine, other), rule in itertools.product((sides, sides[::-1]), READ):
        caller = callers[mine.teacher]
        for path, unknown in paths(rule, world, mine, other):
            reply = caller.get(path)
            text = told(reply)
            found = [canary for canary in other.canaries if canary in text]
            assert not found, f"{mine.teacher} {path} ({reply.status_code}): {found}"
            if path != unknown:
                stranger = caller.get(unknown)
                assert (reply.status_code, told(reply)) == (stranger.status_code, told(stranger)), (path, unknown)


def test_what_is_ones_own_is_there(world: World, sides: tuple[Side, Side]) -> None:
    """So that the other tests do not search empty replies."""
    for side in sides:
        caller = world.client(side.teacher)
        shared = world.people["shared learner"].id
        learner = f"classes/{side.class_id}/learners/{shared}"
        module = f"{side.course}/{side.module}"
        for path, wanted in (
            ("classes", f"{side.word}-class"),
            (f"classes/{side.class_id}", f"{side.word}-assignment-note"),
            (f"classes/{side.class_id}/matrix", f"{side.word}-title"),
            (f"classes/{side.class_id}/reminders", f"{side.word}-title"),
            (f"classes/{side.class_id}/exports/matrix.xlsx", f"{side.word}-works"),
            (f"classes/{side.class_id}/exports/attempts.csv", f"{side.word}-title"),
            (learner, f"{side.word}-remark"),
            (f"{learner}/attempts/{side.ids['attempt_id'][0]}", side.module),
            (f"analysis/{module}/{side.quiz}", '"learners":2'),
            ("results", f"{side.word}-course"),
            (f"results/{module}", "Common-Sharon"),
            ("threads", f"{side.word}-question"),
            (f"modules/{module}/threads", f"{side.word}-answer"),
            ("mailbox", f"{side.word}-question"),
            ("events", f"{side.word}-event-note"),
            (f"events/{side.ids['event_id'][0]}", f"{side.word}-signed"),
            ("calendars", side.ids["feed_id"][0]),
        ):
            reply = caller.get(f"/api/v1/{path}")
            assert reply.status_code == 200, path
            assert wanted in told(reply).replace('": ', '":'), path


def test_what_happens_in_the_other_class_changes_no_reply(world: World) -> None:
    """Counts, orders, flags and tags too: every reply is the same, byte for byte."""
    mine = fill(world, OCELOT)
    caller = world.client(mine.teacher)
    # On the next day nobody of the class was reminded yet.
    world.clock.forward(days=1)
    seen = [path for rule in READ for path, _ in paths(rule, world, mine, mine)]
    before = [
        (path, reply.status_code, reply.headers.get("ETag"), told(reply))
        for path in seen
        if (reply := caller.get(path))
    ]
    fill(world, ZEBRA)
    after = [
        (path, reply.status_code, reply.headers.get("ETag"), told(reply))
        for path in seen
        if (reply := caller.get(path))
    ]
    assert after == before


def test_writes_on_the_other_class_fail_as_if_it_were_not_there(world: World, sides: tuple[Side, Side]) -> None:
    mine, other = sides
    caller = world.client(mine.teacher)
    shared = str(world.people["shared learner"].id)
    bodies: dict[str, Any] = {
        "learning.submit": {"responses": {}, "edition": world.edition("safe-start/doors"), "lang": "en"},
        "classes.change_class": {"name": "Mine now"},
        "classes.add_teacher": {"email": "ocelot.tess@example.org"},
        "classes.preview_list": {"text": "nora@example.org"},
        "classes.import_list": {"text": "nora@example.org", "digest": "0" * 64},
        "classes.assign": {"course": "safe-start"},
        "classes.withdraw": {"withdrawn": True},
        "classes.extend": {"learner": shared},
        "classes.add_note": {"text": "Seen."},
        "discussion.reply": {"text": "Seen."},
        "discussion.share": {"shared": True},
        "discussion.hide": {"hidden": True},
        "places.book": {"people": [shared]},
        "day.sign_presence": {"signed_as": "x", "begins": "2026-03-02T09:00", "ends": "2026-03-02T09:10"},
        "live.answer": {"option": "1"},
        "classes.answer": {"accepted": True},
        "classes.take_back": {"email": "nora@example.org"},
    }
    tried = [(rule, path, unknown) for rule in WRITE for path, unknown in paths(rule, world, mine, other)]
    assert len(tried) > len(WRITE)
    for rule, path, unknown in tried:
        if path == unknown or (rule.endpoint == "classes.remove_member" and mine.class_id in path):
            continue
        # The class in front decides: what is the other's behind one's own class is not there either.
        reply = send(caller, path.removeprefix("/api/v1/"), bodies.get(rule.endpoint, {}))
        stranger = send(caller, unknown.removeprefix("/api/v1/"), bodies.get(rule.endpoint, {}))
        assert reply.status_code == 404, path
        assert reply.data == stranger.data, path


def test_bodies_that_name_the_other_class_fail_as_if_it_were_not_there(world: World, sides: tuple[Side, Side]) -> None:
    mine, other = sides
    caller = world.client(mine.teacher)
    far = other.ids["person_id"][0]
    for path, name, value in (
        (f"classes/{mine.class_id}/assignments", "learners", [far]),
        (f"assignments/{mine.ids['assignment_id'][0]}/extensions", "learner", far),
        (f"modules/{mine.course}/{mine.module}/threads", "class_id", other.class_id),
        (f"threads/{mine.ids['thread_id'][0]}/hiding", "reply_id", other.ids["thread_id"][0]),
    ):
        body: dict[str, Any] = {"course": mine.course} if path.endswith("assignments") else {}
        body |= {"text": "Why?"} if path.endswith("threads") else {}
        body |= {"hidden": True} if path.endswith("hiding") else {}
        made_up: Any = [str(uuid.uuid4())] if isinstance(value, list) else str(uuid.uuid4())
        reply = send(caller, path, {**body, name: value})
        stranger = send(caller, path, {**body, name: made_up})
        assert reply.status_code in (404, 422), path
        assert reply.data == stranger.data, path
    reply = send(caller, f"classes/{mine.class_id}/reminders", {"learners": [far]})
    assert reply.json == {"sent": 0}


def test_whoever_left_a_class_is_in_no_reply_to_its_teacher(world: World, sides: tuple[Side, Side]) -> None:
    mine, other = sides
    caller = world.client(mine.teacher)
    person = str(world.people["shared learner"].id)
    attempt = mine.ids["attempt_id"][0]
    # Messages that went out before are the teacher's own.
    rules = [rule for rule in READ if rule.endpoint != "messages.mailbox"]
    done(caller, f"classes/{mine.class_id}/members/{person}/removal")
    for rule in rules:
        for path, _ in paths(rule, world, mine, other):
            reply = caller.get(path)
            text = told(reply)
            for canary in ("Common-Sharon", "common.sharon", person, attempt):
                assert canary not in text, f"{path} ({reply.status_code}): {canary}"


def test_a_teacher_who_left_a_class_sees_nothing_of_it(world: World, sides: tuple[Side, Side]) -> None:
    mine, other = sides
    caller = world.client(mine.teacher)
    done(caller, f"classes/{mine.class_id}/teachers", {"email": "trainer@example.org"})
    done(caller, f"classes/{mine.class_id}/members/{world.people['teacher'].id}/removal")
    rules = [rule for rule in READ if rule.endpoint != "messages.mailbox"]
    for rule in rules:
        for path, _ in paths(rule, world, mine, other):
            text = told(caller.get(path))
            found = [
                canary
                for canary in (
                    *mine.ids["person_id"],
                    "Ocelot-Anna",
                    "Ocelot-class",
                    "Ocelot-remark",
                    "Ocelot-question",
                )
                if canary in text
            ]
            assert not found, f"{path}: {found}"


def test_learners_read_no_notes_no_reasons_and_no_private_questions_of_class_mates(
    world: World, sides: tuple[Side, Side]
) -> None:
    mine, other = sides
    learner = world.client("learner")
    rules = [rule for rule in READ if "learner" in (rule.permission.roles or ())]
    with world.database.reading() as session:
        statement = select(Thread).where(
            Thread.author_id == world.people["shared learner"].id, Thread.shared.is_(False)
        )
        private = [str(thread.id) for thread in session.scalars(statement)]
    words = ["-remark", "-reason", "-works", "-fund", "common.sharon@", "Zebra-class", "Zebra-question", *private]
    for rule in rules:
        for path, _ in paths(rule, world, mine, other):
            text = told(learner.get(path))
            # What classes know of oneself is one's own to read (GDPR 15).
            own = ("-works", "-fund") if path == "/api/v1/my-data" else ()
            assert not [word for word in words if word in text and word not in own], path


def test_class_mates_read_a_shared_question_and_not_that_of_another_class(
    world: World, sides: tuple[Side, Side]
) -> None:
    mine, other = sides
    shared = str(world.people["shared learner"].id)
    for side, mate in ((mine, "learner"), (other, "far learner")):
        with world.database.reading() as session:
            statement = select(Thread.id).where(Thread.author_id == uuid.UUID(shared), Thread.shared.is_(True))
            ids = {str(name) for name in session.scalars(statement)}
        found = {
            thread["id"]: thread
            for course in (mine, other)
            for thread in world.client(mate)
            .get(f"/api/v1/modules/{course.course}/{course.module}/threads")
            .json["threads"]  # type: ignore[index]
        }
        seen = [found[name] for name in ids & set(found)]
        assert [(line["class_name"], line["may_answer"], line["text"]) for line in seen] == [
            ("", False, f"{side.word}-question")
        ]


def test_the_way_into_a_class_does_not_say_who_has_an_account(world: World, sides: tuple[Side, Side]) -> None:
    """Not even to somebody whose name is none."""
    mine, _ = sides
    code = done(world.client(mine.teacher), f"classes/{mine.class_id}/join-code")["code"]
    for number, name in enumerate(("Somebody", "  ", " \t")):
        replies = [
            world.client().post("/api/v1/join/request", {"code": code, "email": email, "name": name})
            for email in ("zebra.bert@example.org", f"nobody{number}@example.org", "zebra.ulla@example.org")
        ]
        assert len({(reply.status_code, reply.data) for reply in replies}) == 1, name


def test_nobody_but_the_classes_people_are_members(world: World, sides: tuple[Side, Side]) -> None:
    with world.database.reading() as session:
        rows = session.execute(select(ClassMember.class_id, ClassMember.person_id, ClassMember.teaches)).all()
    assert len(rows) == 7
