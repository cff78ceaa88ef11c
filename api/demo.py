"""Sample people with a believable past: the demo's own data, the only invented people of the project."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.links import make_link
from api.accounts.models import Person
from api.accounts.operations import add_person, find_person
from api.accounts.passwords import hash_password
from api.capacity.goals import Goals, renew_screen, set_goals
from api.catalogue.operations import current_catalogue
from api.classes.assignments import Terms, assign
from api.classes.mandates import give_mandate
from api.classes.models import Class, ClassMember
from api.classes.operations import create_class
from api.core.choices import DEFAULT_TIMEZONE
from api.core.roles import Role
from api.discussion.operations import ask, reply
from api.events.attending import Seen, record_attendance
from api.events.booking import book
from api.events.importing import take_over
from api.events.models import Event
from api.events.needs import missing_of
from api.events.planning import EventPlan, RoomPlan, plan_event, save_room
from api.events.signing import Observed, sign_list, sign_off, sign_presence
from api.hours.models import ActiveSpan
from api.hours.operations import close_days
from api.learning.operations import marked_quiz, read_module, start_attempt, submit_attempt
from api.learning.scenes import Played, Route
from api.outcomes.operations import give_consent
from api.refreshers.memory import next_memory
from api.refreshers.models import RefresherCard
from api.refreshers.operations import A_DAY, add_cards
from site_builder.course.manifest import module_edition
from site_builder.course.model import Course, Module, Question, Quiz
from site_builder.course.scenes import Scene

ACTOR = "demo"
LINK_LASTS = timedelta(hours=24)
"""The links of the demo are printed once, for a day."""
GOALS = Goals(6000, 100_000, 20_000, 20_000, 3750, screen_names=False)
SCHOOL = "Technical school, sixth year"
COMPANY = "Sterile Works SA"
NOTE = "These two come **before the visit**. Bring your questions along."
QUESTION = "Why is the mask put on *before* the coverall, and not after it?"
ANSWER = "Because a mask that is put on later touches the outside of the coverall, and so do your hands."
PAST = timedelta(days=21)
"""How long ago the sample people began."""
DOMAIN = "demo.airlock.example"


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody to sign in as."""

    name: str
    email: str
    role: Role
    lang: str


PERSONAS = (
    Persona("Amélie Lambert", f"amelie.lambert@{DOMAIN}", "learner", "fr"),
    Persona("Luc Peeters", f"luc.peeters@{DOMAIN}", "teacher", "en"),
    Persona("Nadia Benali", f"nadia.benali@{DOMAIN}", "trainer", "en"),
    Persona("Sophie Maes", f"sophie.maes@{DOMAIN}", "admin", "en"),
)

CLASSMATES = (
    "Adrien Dubois", "Inès Haddad", "Thomas Claes", "Manon Leroy", "Yassine Amrani", "Eva Janssens", "Hugo Martin",
    "Fatou Diallo", "Lars De Smet", "Chloé Renard", "Mehmet Yilmaz", "Élise Noël", "Pieter Willems", "Sarah Cools",
    "Julien Gérard", "Aya Mansouri", "Robin Lejeune", "Olga Petrova", "Nathan Simon", "Camille Dethier",
    "Brahim El Idrissi", "Noor Vermeulen", "Quentin Marchal",
)  # fmt: skip
"""With the learner above they are a class of 24."""


def _names(name: str) -> dict[str, str]:
    """Given and family name: sample people have one given name each."""
    given, _, family = name.partition(" ")
    return {"given": given, "family": family}


def add_sample_people(session: Session, at: datetime, step: Callable[[str], None] = lambda _: None) -> None:
    """Make the personas, their class and its past; nothing if they are there already.

    The past goes through the same operations as the present, so that it is graded, summarised and audited like it.
    """
    if find_person(session, PERSONAS[0].email):
        return
    act = Act(session, at - PAST, ACTOR)
    chance = random.Random(20)
    began = at - PAST
    people = {p.role: add_person(act, email=p.email, **_names(p.name), role=p.role, lang=p.lang) for p in PERSONAS}
    mates = [
        add_person(act, email=_email(name), **_names(name), role="learner", lang=chance.choice(("fr", "fr", "en")))
        for name in CLASSMATES
    ]
    taught = Act.of(session, people["teacher"], began)
    learners = [people["learner"], *mates]
    group = create_class(taught, name="Production operators, autumn", teachers=[people["teacher"]], learners=learners)
    for number, person in enumerate(learners):
        member = session.get_one(ClassMember, (group.id, person.id))
        member.audience, member.employer = (("student", SCHOOL), ("worker", COMPANY), ("job-seeker", ""))[number % 3]
        member.funding = "sheet" if number % 3 else "paid-educational-leave"
    catalogue = current_catalogue(session)
    for course in catalogue.courses.values():
        lessons = [module for module in catalogue.modules_of(course) if module.rules.is_read]
        begin = [module.id for module in lessons[:2]]
        rest = [name for name in course.module_ids if name not in begin]
        for module_ids, days, note in ((begin, -2, NOTE), (rest, 5, "")):
            due = (at + timedelta(days=days)).replace(hour=15, minute=0, second=0, microsecond=0)
            if module_ids:
                assign(taught, group, course.id, Terms(module_ids=module_ids, due_at=due, note=note))
        for number, mate in enumerate(mates, start=1):
            step(f"The past of {len(mates)} learners: {number}")
            alone = [module for module in catalogue.modules_of(course) if module.rules.online]
            _live(session, chance, mate, alone, began, at)
        close_days(Act(session, at, ACTOR))
        _talk(session, group, mates[1], people["teacher"], course, at)
    _add_events(session, group, people, [people["learner"], *mates], at)
    # The class's teacher coordinates a company too, so that its page can be seen.
    give_mandate(Act.of(session, people["admin"], at), people["teacher"], COMPANY)
    set_goals(Act.of(session, people["admin"], at), GOALS)
    renew_screen(Act.of(session, people["admin"], at))
    seeking = next(one for number, one in enumerate(learners) if number % 3 == 2)
    give_consent(Act.of(session, seeking, at))


def _talk(session: Session, group: Class, learner: Person, teacher: Person, course: Course, at: datetime) -> None:
    """A question that was answered."""
    module_id = next((name for name in course.module_ids if name.endswith("/gowning")), None)
    if module_id is None:
        return
    asked = ask(
        Act.of(session, learner, at - timedelta(days=3)),
        module_id,
        text=QUESTION,
        anchor="the-eight-steps",
        class_id=group.id,
        shared=True,
    )
    reply(Act.of(session, teacher, at - timedelta(days=2, hours=20), scope="classes"), asked, ANSWER)


ROOMS = (
    RoomPlan(
        "Clean room suite B1",
        "grade-b",
        8,
        "Airlock, mirror, 12 gown sets",
        "Building B, first floor: ring twice",
        area=85,
    ),
    RoomPlan(
        "Gowning lab", "grade-c", 10, "Benches, mirrors", "Building B, ground floor, second door on the left", area=60
    ),
    RoomPlan(
        "Hall 2", "hall", 24, "Lockers, training pumps", "Behind the car park; safety shoes are lent there", area=420
    ),
)
MEETING = "https://meet.demo.airlock.example/clean-room-team"


def _add_events(
    session: Session, group: Class, people: dict[Role, Person], learners: list[Person], at: datetime
) -> None:
    """A fortnight: two webinars, yesterday's with its file; three practicals, one of them going on now."""
    modules = current_catalogue(session).modules.values()
    webinar = next((module for module in modules if module.rules.has_presence), None)
    practical = next((module for module in modules if module.rules.has_checklist), None)
    if webinar is None or practical is None:
        return
    before = at - PAST + timedelta(days=1)
    planning = Act.of(session, people["admin"], before, scope="all")
    rooms = [save_room(planning, None, plan) for plan in ROOMS]
    zone = ZoneInfo(DEFAULT_TIMEZONE)
    today = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)

    def plan(module: Module, *halves: tuple[datetime, datetime], **more: Any) -> Event:
        shared = {
            "timezone": DEFAULT_TIMEZONE,
            "lang": "fr",
            "class_ids": (group.id,),
            "trainer_ids": (people["trainer"].id,),
        }
        return plan_event(planning, EventPlan(module_ids=(module.id,), half_days=halves, **{**shared, **more}))

    def hours(day: int, begins: int, ends: int) -> tuple[datetime, datetime]:
        moment = today + timedelta(days=day)
        return moment.replace(hour=begins), moment.replace(hour=ends)

    yesterday = plan(webinar, hours(-1, 18, 19), places=30, link=MEETING)
    book(Act.of(session, people["teacher"], before, scope="classes"), yesterday, learners)
    tomorrow = plan(webinar, hours(1, 18, 19), places=30, link=MEETING, open_to_all=True)
    now = at.astimezone(zone).replace(minute=0, second=0, microsecond=0)
    practice = plan(practical, (now, now + timedelta(hours=3)), places=8, room_id=rooms[0].id)
    plan(practical, hours(5, 9, 12), places=8, room_id=rooms[0].id, open_to_all=True, cancel_until=hours(3, 17, 18)[0])
    plan(
        practical,
        hours(12, 9, 12),
        hours(12, 13, 16),
        places=10,
        room_id=rooms[1].id,
        open_to_all=True,
        needs_ready=True,
    )
    present = [person for number, person in enumerate(learners[1:], start=1) if number % 4]
    trainer = Act.of(session, people["trainer"], at, scope="all")
    take_over(trainer, yesterday, _meeting_file(yesterday, present, zone), "dmy", {}, "participants.csv")
    for person in present[:12]:
        sign_presence(Act.of(session, person, at), yesterday, 1, person.name, yesterday.begins, hours(-1, 18, 19)[1])
    sign_list(trainer, yesterday, 1, people["trainer"].name)
    missing = missing_of(session, practice, [person.id for person in learners], at)
    ready = [person for person in learners if not missing[person.id]]
    others = [person for person in learners[1:] if missing[person.id]]
    book(Act.of(session, people["teacher"], before, scope="classes"), practice, [learners[0], *ready[:5], *others[:3]])
    book(Act.of(session, people["learner"], before), tomorrow, [people["learner"]])
    last_week = plan(practical, hours(-6, 9, 12), places=8, room_id=rooms[1].id)
    _practise(session, last_week, practical, others[3:6], people)
    _refresh(session, learners[1:], at)


def _practise(
    session: Session, event: Event, practical: Module, learners: list[Person], people: dict[Role, Person]
) -> None:
    """A practical that is over: who came, both signatures, and what the trainer saw."""
    ends = event.begins + timedelta(hours=3)
    trainer = Act.of(session, people["trainer"], ends, scope="all")
    book(Act.of(session, people["teacher"], event.begins - timedelta(days=2), scope="classes"), event, learners)
    record_attendance(trainer.because("Paper list."), event, [Seen(one.id, 1, "present") for one in learners])
    for one in learners:
        sign_presence(Act.of(session, one, ends), event, 1, one.name, event.begins, ends)
    sign_list(trainer, event, 1, people["trainer"].name)
    seen = [Observed("ticked") for _ in practical.page(event.lang).checklist]
    sign_off(trainer, event, practical.id, {one.id: seen for one in learners}, people["trainer"].name)


def _refresh(session: Session, learners: list[Person], at: datetime) -> None:
    """Two of three refresh what they met, and got most of it right a few days ago."""
    for number, person in enumerate(learners):
        if number % 3 and add_cards(Act.of(session, person, at)):
            cards = session.scalars(select(RefresherCard).where(RefresherCard.person_id == person.id)).all()
            for place, card in enumerate(cards[: A_DAY * 2]):
                then = at - timedelta(days=1 + (number + place) % 6)
                right = (number + place) % 4 != 0
                card.memory, card.due_at = next_memory(card.memory, right, then)
                card.reviewed_at, card.last_right = then, right


def _meeting_file(event: Event, present: list[Person], zone: ZoneInfo) -> bytes:
    """What Zoom would have written of yesterday's webinar."""
    begins = event.begins.astimezone(zone)
    lines = ["Name (original name),Email,Join time,Leave time,Duration (minutes)"]
    for number, person in enumerate(present):
        came, left = begins + timedelta(minutes=number % 5), begins + timedelta(minutes=60 if number % 7 else 35)
        minutes = int((left - came).total_seconds() // 60)
        lines.append(f"{person.name},{person.email},{came:%d/%m/%Y %H:%M:%S},{left:%d/%m/%Y %H:%M:%S},{minutes}")
    return ("\n".join(lines) + "\n").encode()


def set_password(session: Session, password: str) -> None:
    """Let the trainer and the administrator sign what learners did: a signature asks for a password."""
    for persona in PERSONAS:
        person = find_person(session, persona.email)
        if person is not None and person.role in ("trainer", "admin") and person.password_hash is None:
            person.password_hash = hash_password(password)


def make_sign_in_links(session: Session, at: datetime) -> list[tuple[Persona, str]]:
    """A one-time secret for each persona."""
    links = []
    for persona in PERSONAS:
        person = find_person(session, persona.email)
        if person:
            links.append((persona, make_link(Act(session, at, ACTOR), person, "sign-in", LINK_LASTS)))
    return links


def _email(name: str) -> str:
    plain = name.casefold().translate(str.maketrans("éèêëïîôûüàâç ", "eeeeiiouuaac."))
    return f"{plain}@{DOMAIN}"


def _live(
    session: Session, chance: random.Random, person: Person, lessons: list[Module], began: datetime, now: datetime
) -> None:
    """Some lessons in order, some days apart, with the ability and the diligence of this person."""
    ability = min(0.97, max(0.35, chance.gauss(0.76, 0.14)))
    diligence = chance.choice((0, 1, 2, 2, 3, 3, 4, 4, 4))
    moment = began + timedelta(days=chance.uniform(0, 6), hours=chance.uniform(7, 20))
    spans: list[ActiveSpan] = []
    for lesson in lessons[:diligence]:
        page = lesson.page(person.lang)
        edition = module_edition(lesson)
        graded = [quiz for quiz in page.quizzes if not quiz.practice]
        if not graded:
            read_module(Act.of(session, person, moment), lesson.id, edition)
        for quiz in graded:
            skill = ability
            for _ in range(quiz.attempts or 3):
                if moment >= now:
                    return
                act = Act.of(session, person, moment)
                attempt = start_attempt(act, module_id=lesson.id, quiz_id=quiz.id, edition=edition, lang=page.lang)
                took = timedelta(minutes=chance.uniform(4, 0.9 * (quiz.minutes or 14)))
                spans.append(ActiveSpan(person_id=person.id, module_id=lesson.id, begins=moment, ends=moment + took))
                moment += took
                asked = marked_quiz(session, attempt)
                answers = _answers(chance, asked, skill)
                submit_attempt(
                    Act.of(session, person, min(moment, now)),
                    attempt.id,
                    answers,
                    edition=edition,
                    lang=page.lang,
                    confidence={q.id: _sure(chance, skill) for q in asked.questions} if quiz.confidence else {},
                    played=_played(chance, asked.scene, answers) if asked.scene else None,
                )
                if attempt.passed or chance.random() < 0.15:
                    break
                skill = min(0.99, skill + 0.15)  # One learns from feedback.
                moment += timedelta(minutes=chance.uniform(10, 900), seconds=quiz.wait)
        reading = timedelta(minutes=chance.uniform(0.5, 1.2) * lesson.minutes)
        spans.append(ActiveSpan(person_id=person.id, module_id=lesson.id, begins=moment, ends=moment + reading))
        moment += timedelta(days=chance.uniform(0.3, 4))
    session.add_all(span for span in spans if span.ends < now)


def _answers(chance: random.Random, quiz: Quiz, skill: float) -> dict[str, object]:
    return {question.id: _answer(chance, question, skill) for question in quiz.questions}


def _played(chance: random.Random, scene: Scene, answers: Mapping[str, object]) -> Played:
    """A way through a scene: most things are looked at, what was answered is acted on, now and then a door is tried."""
    route: Route = "text" if chance.random() < 0.15 else "screen"
    at = 0.0
    events: list[dict[str, Any]] = [{"what": "entered", "at": at, "route": route}]
    for view in scene.views:
        for one in chance.sample(view.hotspots, len(view.hotspots)):
            if chance.random() < 0.2:
                continue
            at = round(at + chance.uniform(1.5, 9), 1)
            yaw, pitch = (round(degrees / 10 + chance.gauss(0, 0.5)) * 10 for degrees in one.at)
            if route == "screen":
                seconds = round(chance.uniform(0.5, 6), 1)
                looked = {"what": "looked", "at": at, "view": view.id, "yaw": max(-180, min(180, yaw)), "pitch": pitch}
                events.append({**looked, "seconds": seconds})
            events.append({"what": "looked-at", "at": at, "id": one.id})
            given = answers.get(one.answer[0]) if one.answer else None
            is_picked = isinstance(given, list) and one.answer[1] in given
            if is_picked or one.sets or (one.breach and chance.random() < 0.3):
                events.append({"what": "acted", "at": at, "id": one.id})
    return Played(route, at + 5, [*events, {"what": "finished", "at": at + 5}])


def _sure(chance: random.Random, skill: float) -> int:
    """How sure somebody is: mostly as sure as they are able, and sometimes not at all."""
    return min(3, max(1, round(chance.gauss(0.5 + 2.4 * skill, 0.7))))


def _answer(chance: random.Random, question: Question, skill: float) -> object:
    return question.right_response() if chance.random() < skill else question.wrong_response()
