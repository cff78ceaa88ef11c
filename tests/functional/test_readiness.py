"""Who is ready and why not, renewals that touch a part, admissions, briefings, refreshers: over HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from api.accounts.act import Act
from api.briefings.expiring import add_expiry_letters
from api.catalogue.operations import store_catalogue
from api.classes.mandates import end_mandate, give_mandate
from api.classes.models import ClassMember
from api.core.audit import verify
from api.evidence.models import Evidence, ModuleProgress
from api.evidence.operations import recompute_progress
from api.messages.letters import write_letter
from api.messages.models import Message
from api.messages.operations import look_again
from site_builder.compiling.loader import load
from site_builder.course.manifest import module_edition
from site_builder.course.model import Catalogue
from tests.conftest import World
from tests.functional.teaching import done, send, shown, statements
from tests.functional.test_events import plan, room

__all__ = ["room"]
END = datetime(2026, 8, 31, 22, 0, tzinfo=UTC)
"""The first of September, where the centre is."""
BASICS, RULES, ROOM = "door/basics", "door/rules", "door/room"

PAGES = {
    "index.md": "---\ntitle: Home\n---\nHello.\n",
    "door/index.md": "---\ntitle: Door\nmodules: [basics, rules, film, tour, room]\n---\nHello.\n",
    "door/basics.md": """---
title: Basics
kind: lesson
minutes: 12
objectives:
  - Close doors
  - Wash hands
{extra}---

{text}

<quiz id="q" pass="50%" confidence>

### Which door first? {{#door objective=1}}

- [x] The outer one
- [ ] The inner one

### How long? {{#hands objective=2}}

- [x] Thirty seconds
- [ ] Three seconds

</quiz>

<quiz id="try" practice>

### Which hand? {{#hand}}

- [x] Both
- [ ] One

</quiz>
""",
    "door/rules.md": """---
title: House rules
kind: document
minutes: 3
valid: until 1 September
renew: 60 days
---
No food.
""",
    "door/film.md": "---\ntitle: Film\nkind: lesson\nminutes: 5\n---\nLook.\n",
    "door/tour.md": "---\ntitle: Tour\nkind: lesson\nminutes: 9\n---\nLook around.\n",
    "door/room.md": """---
title: Room
kind: practical
minutes: 90
valid: 12 months
renew: 60 days before
requires:
  - basics
  - rules
  - any of: [film, tour]
  - basics: 100 % of objective 2
checklist:
  - Closes the door
---
Go in.
""",
}


def content(root: Path, extra: str = "", text: str = "The outer door goes first.") -> Catalogue:
    for name, page in PAGES.items():
        path = root / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page.format(extra=extra, text=text) if name.endswith("basics.md") else page)
    found = load(root / "content")
    assert not [problem for problem in found.problems if problem.severity == "error"], found.problems
    return found.catalogue


@pytest.fixture
def world(make_world: Callable[..., World], tmp_path: Path) -> World:
    return make_world(content(tmp_path))


def publish(world: World, catalogue: Catalogue) -> None:
    with world.database.writing() as session:
        store_catalogue(Act(session, world.clock(), "tests"), catalogue)
    world.catalogue = catalogue


def read(world: World, module: str, who: str = "learner") -> Any:
    return done(world.client(who), f"modules/{module}/reading", {"edition": world.edition(module)})


def take(world: World, answers: dict[str, Any], who: str = "learner", sure: dict[str, int] | None = None) -> Any:
    caller = world.client(who)
    page = {"edition": world.edition(BASICS), "lang": "en"}
    begun = done(caller, "attempts", {"module": BASICS, "quiz": "q", **page})
    sent = {**page, "responses": answers, "confidence": sure or {}}
    return done(caller, f"attempts/{begun['id']}/submission", sent)


RIGHT = {"door": ["1"], "hands": ["1"]}
HALF = {"door": ["1"], "hands": ["2"]}


def verdict(world: World, who: str = "learner", module: str = ROOM) -> Any:
    return shown(world.client(who), f"readiness?module={module}")


def whys(found: Any) -> list[tuple[str, str]]:
    return [(need["id"].partition("/")[2], need["why"]) for need in found["missing"]]


def test_each_thing_that_is_missing_is_named_until_nothing_is(world: World) -> None:
    found = verdict(world)
    assert found["state"] == "not-yet"
    assert whys(found) == [("basics", "open"), ("rules", "open"), ("film", "open"), ("basics", "below")]
    assert [other["title"] for other in found["missing"][2]["others"]] == ["Tour"]
    assert found["missing"][3]["objective"] == "Wash hands"
    assert [need["minutes"] for need in found["missing"]] == [12, 3, 5, 12]
    take(world, HALF)
    assert whys(verdict(world)) == [("rules", "open"), ("film", "open"), ("basics", "below")]
    assert verdict(world)["missing"][2]["reached"] == 0.0
    read(world, "door/tour")
    read(world, RULES)
    assert whys(verdict(world)) == [("basics", "below")]
    take(world, RIGHT)
    assert verdict(world)["state"] == "ready"
    take(world, HALF)
    assert verdict(world)["state"] == "ready", "the best attempt counts"


def test_a_document_is_accepted_and_expires_on_its_day(world: World) -> None:
    read(world, RULES)
    read(world, RULES)
    with world.database.reading() as session:
        (line,) = session.scalars(select(Evidence).where(Evidence.module_id == RULES))
        assert (line.what, line.valid_until) == ("acknowledged", END)
    world.clock.moment = END - timedelta(days=30)
    read(world, RULES)
    read(world, RULES)
    with world.database.reading() as session:
        ends = list(session.scalars(select(Evidence.valid_until).where(Evidence.module_id == RULES)))
        assert ends == [END, END], "by itself it counts until the same day"
        row = session.get_one(ModuleProgress, (world.people["learner"].id, RULES))
        kept = {name: getattr(row, name) for name in ("completed_at", "completed_renewal", "valid_until")}
        again = recompute_progress(session, world.people["learner"].id, RULES)
        assert kept == {name: again[name] for name in kept}
    own = verdict(world, module=RULES)
    assert own["valid_until"].startswith("2027-08-31")
    world.clock.moment = END + timedelta(days=400)
    assert ("rules", "expired") in whys(verdict(world))
    read(world, RULES)
    assert "rules" not in dict(whys(verdict(world)))


def test_who_was_ready_is_expired_since_a_day(world: World) -> None:
    for name in (RULES, "door/film"):
        read(world, name)
    take(world, RIGHT)
    assert verdict(world)["state"] == "ready"
    world.clock.moment += timedelta(days=400)
    found = verdict(world)
    assert (found["state"], found["since"][:10], whys(found)) == ("expired", "2026-08-31", [("rules", "expired")])


def test_a_renewal_asks_for_what_it_touches_and_shows_what_changed(world: World, tmp_path: Path) -> None:
    take(world, HALF)
    extra = "renewal: 2\ntouches: 2\nchanged: 2026-11-20 Hands for thirty seconds.\n"
    publish(world, content(tmp_path, extra, "The outer door always goes first."))
    learner = world.client("learner")
    (state, *_) = shown(learner, "courses/door/progress")["modules"]
    assert state["state"] == "renew"
    found = shown(learner, f"modules/{BASICS}/changes")
    assert found["objectives"] == ["Wash hands"]
    assert found["changed"] == "Hands for thirty seconds."
    said = [[(part["op"], part["text"]) for part in line] for line in found["paragraphs"]]
    assert ("new", "always ") in said[0] or ("new", " always") in said[0]
    history = shown(learner, f"attempts?module={BASICS}&quiz=q")
    assert history["questions"] == ["hands"], "the other objective is not asked again"
    page = {"edition": world.edition(BASICS), "lang": "en"}
    begun = done(learner, "attempts", {"module": BASICS, "quiz": "q", **page})
    path = f"attempts/{begun['id']}/submission"
    assert send(learner, path, {**page, "responses": RIGHT}).json["field"] == "responses.door"
    result = done(learner, path, {**page, "responses": {"hands": ["1"]}})
    assert ([question["id"] for question in result["questions"]], result["score"]) == (["hands"], 1.0)
    assert shown(learner, f"attempts/{begun['id']}")["score"] == 1.0
    assert shown(learner, "courses/door/progress")["modules"][0]["state"] == "done"
    other = world.client("other learner")
    assert shown(other, f"attempts?module={BASICS}&quiz=q")["questions"] is None, "who begins is asked all of it"
    assert other.get(f"/api/v1/modules/{BASICS}/changes").status_code == 404
    with world.database.reading() as session:
        assert not verify(session).breaks


def test_a_typo_is_silent(world: World, tmp_path: Path) -> None:
    take(world, RIGHT)
    publish(world, content(tmp_path, text="The outer door goes first!"))
    state = shown(world.client("learner"), "courses/door/progress")["modules"][0]
    assert (state["state"], state["changed"]) == ("done", False)


def day_in(world: World, days: int) -> str:
    return (world.clock() + timedelta(days=days)).date().isoformat()


def test_an_admission_has_a_reason_and_an_end(world: World) -> None:
    trainer = world.client("trainer")
    person = str(world.people["learner"].id)
    until = day_in(world, 3)
    said = {"person": person, "module": ROOM, "until": until, "reason": "Comes from the other site."}
    assert send(trainer, "admissions", {**said, "reason": " "}).json["field"] == "reason"
    late = day_in(world, 120)
    assert send(trainer, "admissions", {**said, "until": late}).json["field"] == "until"
    gone = day_in(world, -1)
    assert send(trainer, "admissions", {**said, "until": gone}).json["field"] == "until"
    own = {**said, "person": str(world.people["trainer"].id)}
    assert send(trainer, "admissions", own).json["field"] == "person"
    done(trainer, "admissions", said)
    found = verdict(world)
    assert (found["state"], found["admitted_until"][:10]) == ("not-yet", until[:10])
    done(trainer, "admissions", {**said, "until": gone, "reason": "A mistake."})
    assert verdict(world)["admitted_until"] is None
    assert len(shown(trainer, f"admissions?person={person}&module={ROOM}")["admissions"]) == 2
    with world.database.reading() as session:
        assert not verify(session).breaks


def test_at_the_door_the_day_of_the_practical_counts(world: World, room: str) -> None:
    for name in (RULES, "door/film"):
        read(world, name)
    take(world, RIGHT)
    later = [{"begins": "2026-09-10T09:00", "ends": "2026-09-10T12:00"}]
    made = plan(world, room=room, modules=[ROOM], half_days=later, needs_ready=True, cancel_until=None)
    learner = world.client("learner")
    assert send(learner, f"events/{made['id']}/booking").json["code"] == "not_ready", "the rules end before that"
    until = "2026-09-10"
    world.clock.moment += timedelta(days=130)
    trainer, learner = world.client("trainer"), world.client("learner")
    body = {"person": str(world.people["learner"].id), "module": ROOM, "until": until, "reason": "Agreed."}
    done(trainer, "admissions", body)
    done(learner, f"events/{made['id']}/booking")
    (line,) = shown(trainer, f"events/{made['id']}")["roster"]
    assert (line["readiness"], line["missing"], bool(line["admitted_until"])) == ("expired", [], True)


def test_a_class_is_judged_in_one_request_with_a_fixed_number_of_queries(world: World) -> None:
    teacher = world.client("teacher")
    path = f"classes/{world.classes['1A']}/readiness?module={ROOM}"
    read(world, RULES)
    shown(teacher, path)
    with statements(world) as some:
        found = shown(teacher, path)
    assert [(one["name"], len(one["missing"])) for one in found["people"]] == [
        ("Learner", 3), ("Other Learner", 4), ("Shared Learner", 4),
    ]  # fmt: skip
    for who in ("other learner", "shared learner"):
        read(world, RULES, who)
        take(world, RIGHT, who)
    with statements(world) as more:
        shown(teacher, path)
    assert len(more) == len(some) <= 12
    assert world.client("other teacher").get(f"/api/v1/{path}").status_code == 404


def test_a_briefing_says_who_what_and_why_in_numbers(world: World, room: str) -> None:
    made = plan(world, room=room, modules=[ROOM], places=8)
    whos = ("learner", "other learner", "shared learner")
    for who in whos:
        done(world.client(who), f"events/{made['id']}/booking")
    take(world, HALF, sure={"hands": 3, "door": 3})
    take(world, HALF, "other learner", sure={"hands": 1})
    take(world, RIGHT, "shared learner", sure={"hands": 3})
    asked = {"text": "Why thirty?", "anchor": "", "class_id": None, "shared": False}
    done(world.client("learner"), f"modules/{BASICS}/threads", asked)
    trainer = world.client("trainer")
    found = shown(trainer, f"events/{made['id']}/briefing")
    assert (found["few"], found["answered"]) == (True, 3)
    assert [person["state"] for person in found["people"]] == ["not-yet"] * 3
    assert [(line["objective"], round(line["share"], 2), line["below"]) for line in found["weaknesses"]] == [
        ("Wash hands", 0.33, 2),
        ("Close doors", 1.0, 0),
    ]
    (sure,) = found["sure_and_wrong"]
    assert ([person["name"] for person in sure["sure"]], sure["wrong"], sure["answered"]) == (["Learner"], 2, 3)
    assert [question["text"] for question in found["questions"]] == ["Why thirty?"]
    assert [(one["kind"], one["concerns"], one["of"]) for one in found["openings"]] == [
        ("belief", 1, 3),
        ("questions", 1, 3),
    ], "of too few nothing is said of the group"
    assert world.client("teacher").get(f"/api/v1/events/{made['id']}/briefing").status_code == 403


# Refreshers.


def refresh(world: World, who: str = "learner") -> Any:
    return done(world.client(who), "refreshers", {"lang": "en"})


def test_refreshers_ask_what_is_about_to_be_forgotten_mistakes_first(world: World) -> None:
    assert refresh(world)["total"] == 0
    take(world, HALF)
    first = refresh(world)
    assert (first["total"], first["mistakes"], first["cards"]) == (3, 1, []), "not on the same day"
    assert refresh(world)["total"] == 3, "each once"
    world.clock.moment += timedelta(days=1)
    found = refresh(world)
    assert (found["cards"][0]["question_id"], found["cards"][0]["mistaken"]) == ("hands", True)
    learner = world.client("learner")
    which = {"module": BASICS, "quiz": "q", "question": "hands", "lang": "en"}
    graded = done(learner, "refreshers/answers", {**which, "response": ["1"]})
    assert (graded["correct"], graded["score"]) == (True, 1.0)
    assert send(learner, "refreshers/answers", {**which, "response": ["1"]}).json["code"] == "not_due"
    after = refresh(world)
    assert (after["mistakes"], after["done"]) == (0, 1)
    trying = {"module": BASICS, "quiz": "try", "question": "hand", "lang": "en"}
    done(learner, "refreshers/skips", trying)
    assert "hand" not in [card["question_id"] for card in refresh(world)["cards"]]
    lines = shown(world.client("teacher"), f"classes/{world.classes['1A']}/retention")
    assert (lines["learners"], lines["total"]) == (1, 3)
    assert {line["objective"] for line in lines["objectives"]} == {"Close doors", "Wash hands"}
    assert all(0 < line["share"] <= 1 for line in lines["objectives"])
    assert send(world.client("other learner"), "refreshers/answers", {**which, "response": []}).status_code == 409


def test_what_is_not_released_is_never_asked(make_world: Callable[..., World], tmp_path: Path) -> None:
    catalogue = content(tmp_path)
    basics = catalogue.modules[BASICS]
    page = basics.pages["en"]
    closed = replace(page.quizzes[0], attempts=3, release="closed")
    module = replace(basics, pages={"en": replace(page, quizzes=(closed, page.quizzes[1]))})
    world = make_world(replace(catalogue, modules={**catalogue.modules, BASICS: module}))
    assert world.edition(BASICS) == module_edition(module)
    take(world, HALF)
    world.clock.moment += timedelta(days=2)
    assert [card["quiz_id"] for card in refresh(world)["cards"]] == ["try"]


# What expires.


def letters(world: World, kind: str) -> list[tuple[str, str, str]]:
    with world.database.reading() as session:
        found = []
        for message in session.scalars(select(Message).where(Message.kind == kind).order_by(Message.created_at)):
            facts = look_again(session, message, world.clock())
            if facts is not None:
                letter = write_letter(
                    session, world.app.config["AIRLOCK_SETTINGS"], message.reader, facts, world.clock()
                )
                found.append((message.reader.name, letter.subject, letter.text))
        return found


def test_what_ends_is_told_once_to_the_learner_and_to_the_teacher(world: World) -> None:
    coordinated(world)
    read(world, RULES)
    told = []
    for days in (61, 60, 59, 31, 30, 7, 6, 1):
        world.clock.moment = END - timedelta(days=days)
        with world.database.writing() as session:
            add_expiry_letters(session, world.clock())
            told.append(add_expiry_letters(session, world.clock()))
    assert told == [0] * 8, "each once"
    mine = letters(world, "expiring")
    assert len(mine) == 3
    assert mine[0][1] == "To be renewed: House rules"
    assert "Tuesday 1 September 2026" in mine[0][2]
    theirs = letters(world, "class-expiring")
    assert [(name, subject) for name, subject, _ in theirs] == [("Teacher", "1A: what ends soon")] * 3
    assert "Learner: House rules" in theirs[0][2]
    company = letters(world, "company-expiring")
    assert [(name, subject) for name, subject, _ in company] == [("Shared Learner", "Works: what ends soon")] * 3
    assert "Learner: House rules" in company[0][2]
    assert "/company/" in company[0][2]
    read(world, RULES)
    assert letters(world, "expiring") == [], "what was renewed meanwhile is not sent"
    assert letters(world, "class-expiring") == []
    assert letters(world, "company-expiring") == []


def test_a_coordinator_whose_mandate_ended_is_told_nothing(world: World) -> None:
    mandate = coordinated(world)
    read(world, RULES)
    world.clock.moment = END - timedelta(days=30)
    with world.database.writing() as session:
        add_expiry_letters(session, world.clock())
    assert len(letters(world, "company-expiring")) == 1
    with world.database.writing() as session:
        end_mandate(Act(session, world.clock(), "tests"), mandate)
    assert letters(world, "company-expiring") == [], "a letter that still waits is looked at again"


def coordinated(world: World) -> uuid.UUID:
    """The learner works for an employer whose workers the shared learner looks after."""
    with world.database.writing() as session:
        learner = world.people["learner"].id
        session.execute(update(ClassMember).where(ClassMember.person_id == learner).values(employer="Works"))
        act = Act(session, world.clock(), "tests")
        return give_mandate(act, world.people["shared learner"], "Works").id


# A replay.


@pytest.mark.parametrize("replay", [True, False])
def test_a_replay_completes_a_webinar_and_is_never_attendance(
    make_world: Callable[..., World], tmp_path: Path, replay: bool
) -> None:
    catalogue = content(tmp_path)
    webinar = replace(catalogue.modules[BASICS], kind="webinar", replay=replay)
    world = make_world(replace(catalogue, modules={**catalogue.modules, BASICS: webinar}))
    take(world, RIGHT)
    state = shown(world.client("learner"), "courses/door/progress")["modules"][0]["state"]
    assert state == ("done" if replay else "started")
    with world.database.reading() as session:
        lines = list(session.scalars(select(Evidence).where(Evidence.module_id == BASICS)))
    assert {(line.what, line.hours) for line in lines} == {("read", None), ("passed", None)}


# What can be taken along, and where it shows.


def test_a_roster_comes_along_as_a_file_and_a_place_stands_on_the_learners_page(world: World, room: str) -> None:
    made = plan(world, room=room, modules=[ROOM], places=8)
    done(world.client("learner"), f"events/{made['id']}/booking")
    read(world, RULES)
    trainer = world.client("trainer")
    reply = trainer.get(f"/api/v1/events/{made['id']}/exports/roster.csv?lang=fr")
    head, line = reply.data.decode("utf-8-sig").strip().splitlines()[-2:]
    assert head.split(";")[:5] == ["Apprenant", "E-mail", "Place", "Prêt", "Il manque"]
    assert line.split(";")[:5] == ["Learner", "learner@example.org", "A une place", "pas encore", "Basics, Film"]
    assert trainer.get(f"/api/v1/events/{made['id']}/exports/roster.xlsx").data[:2] == b"PK"
    assert trainer.get(f"/api/v1/events/{made['id']}/exports/other.csv").status_code == 404
    teacher, person = world.client("teacher"), world.people["learner"].id
    page = shown(teacher, f"classes/{world.classes['1A']}/learners/{person}")
    assert [(place["titles"], place["state"]) for place in page["places"]] == [(["Room"], "booked")]
