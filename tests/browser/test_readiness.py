"""Before a practical, in a browser: what is missing, refreshers, the door tried at home, the briefing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from api.accounts.act import Act
from api.catalogue.operations import current_catalogue, current_edition
from api.classes.assignments import assign
from api.classes.operations import create_class
from api.core.database import Database
from api.events.booking import book
from api.events.planning import EventPlan, RoomPlan, plan_event, save_room
from api.evidence.operations import Done, add_evidence
from api.learning.operations import read_module, start_attempt, submit_attempt
from api.readiness.models import Admission
from api.refreshers.operations import add_cards, answer, today
from site_builder.course.manifest import module_edition
from tests.browser.conftest import ROOT, OpenPage, Served, Watch
from tests.browser.test_events import BRUSSELS, Moving, clean, go, moving_server

COURSE = "entering-grade-b"
GOWNING, ENTRY = f"{COURSE}/gowning", f"{COURSE}/first-entry"
TEXTS = {
    lang: {
        **json.loads((ROOT / "themes/airlock/texts" / f"{lang}.json").read_text(encoding="utf-8")),
        **json.loads((ROOT / "themes/airlock/texts/events" / f"{lang}.json").read_text(encoding="utf-8")),
        **json.loads((ROOT / "themes/airlock/texts/readiness" / f"{lang}.json").read_text(encoding="utf-8")),
    }
    for lang in ("fr", "nl")
}


@pytest.fixture
def door(shipped: Served, tmp_path: Path) -> Iterator[Moving]:
    """The shipped course."""
    with moving_server(shipped.site, ROOT / "content", tmp_path) as site:
        yield site


def study(site: Moving, email: str, *, wrong: str) -> None:
    """Somebody did everything that comes before the practical, was very sure, and got one question wrong."""
    with site.database.writing() as session:
        person = site.find(session, email)
        act = Act.of(session, person, site.clock())
        modules = current_catalogue(session).modules
        for name in modules[ENTRY].requires:
            module = modules[name]
            if not module.rules.online:
                add_evidence(act, person.id, current_edition(session, name), Done("attended", "event:tests"))
                continue
            edition = module_edition(module)
            read_module(act, name, edition)
            for quiz_id in module.graded_quiz_ids:
                quiz = module.page("en").find_quiz(quiz_id)
                assert quiz is not None
                if quiz.handed_out:
                    done = Done("passed", "tests", part=quiz_id, score=1.0)
                    add_evidence(act, person.id, current_edition(session, name), done)
                    continue
                attempt = start_attempt(act, module_id=name, quiz_id=quiz_id, edition=edition, lang="en")
                answers = {
                    one.id: one.wrong_response() if one.id == wrong else one.right_response() for one in quiz.questions
                }
                sure = {one.id: 3 for one in quiz.questions} if quiz.confidence else {}
                submit_attempt(act, attempt.id, answers, edition=edition, lang="en", confidence=sure)
        act.record("tests", "tests")


def prepare(site: Moving, lang: str) -> tuple[str, str, list[str], str]:
    """A trainer, a teacher, six learners of whom the last began nothing, and a practical in three days."""
    trainer, teacher = site.add("Tom Trainer", "trainer", lang), site.add("Tina Teacher", "teacher", lang)
    names = ("Lea", "Max", "Nora", "Otto", "Pia", "Quinn")
    learners = [site.add(f"{name} Learner", lang=lang) for name in names]
    for place, email in enumerate(learners[:-1]):
        study(site, email, wrong="top-down" if place < 2 else "")
    begins = (site.clock() + timedelta(days=3)).replace(hour=9, minute=0, second=0, microsecond=0)
    with site.database.writing() as session:
        act = Act.of(session, site.find(session, trainer), site.clock(), scope="all")
        people = [site.find(session, email) for email in learners]
        group = create_class(act, name="1A", teachers=[site.find(session, teacher)], learners=people)
        assign(act, group, COURSE)
        plan = EventPlan(
            module_ids=(ENTRY,),
            half_days=((begins, begins + timedelta(hours=3)),),
            trainer_ids=(act.person.id,),
            places=8,
            timezone="Europe/Brussels",
            lang=lang,
            open_to_all=True,
            room_id=save_room(act, None, RoomPlan("Salle B1", "grade-b", 8)).id,
        )
        event = plan_event(act, plan)
        book(act, event, people)
        return trainer, teacher, learners, str(event.id)


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_before_a_practical(door: Moving, open_page: OpenPage, watch: Watch, lang: str) -> None:
    site, texts = door, TEXTS[lang]
    site.move_to(datetime.now(BRUSSELS).replace(hour=10, minute=0, second=0, microsecond=0))
    trainer, teacher, learners, event = prepare(site, lang)
    # Who began nothing sees all that is missing, and how long it takes.
    last = site.open(open_page(360), learners[-1])
    go(last, site, lang, f"{ENTRY}/")
    expect(last.locator(".readiness .needs > li")).to_have_count(6)
    expect(last.locator(".readiness")).to_contain_text(texts["ready_not_you"])
    clean(last)
    first = site.open(open_page(360), learners[0])
    go(first, site, lang, f"{ENTRY}/")
    expect(first.locator(".readiness")).to_contain_text(texts["ready_you"])
    clean(first)
    brief(site, lang, site.open(open_page(1280), trainer), event)
    try_the_door(site, lang, first, last, event, watch)
    refresh(site, lang, first)
    teaching = site.open(open_page(1280), teacher)
    look_at_the_class(site, lang, teaching)
    for email in learners[:-1]:
        answer_today(site, email, lang)
    go(teaching, site, lang, "classes/")
    teaching.locator(".class-list a").first.click()
    teaching.get_by_role("link", name=texts_of_tab(lang)).click()
    expect(teaching.locator(".data tbody tr").first).to_contain_text("%")
    clean(teaching)


def brief(site: Moving, lang: str, page: Page, event: str) -> None:
    """On screen and on one sheet of paper; who is not ready is admitted with a reason."""
    texts = TEXTS[lang]
    go(page, site, lang, f"events/?event={event}&view=briefing")
    expect(page.locator(".openings li")).to_have_count(2)
    expect(page.locator(".openings")).to_contain_text("2")
    expect(page.locator(".briefing-list b").first).to_have_text("Lea Learner, Max Learner")
    expect(page.locator(".briefing .people-list .chip-done")).to_have_count(5)
    clean(page)
    page.emulate_media(media="print")
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1
    page.emulate_media(media="screen")
    go(page, site, lang, f"events/?event={event}")
    page.get_by_role("button", name=texts["admit"]).click()
    expect(page.locator(".admit input[name=until]")).to_be_focused()
    clean(page)
    page.locator(".admit input[name=why]").fill("Vient d’un autre site.")
    page.locator(".admit button[type=submit]").click()
    expect(page.locator("tbody .chip-passed")).to_have_count(1)
    expect(page.locator(".notice-good")).to_be_visible()
    clean(page)
    assert reasons(site.database) == ["Vient d’un autre site."]


def reasons(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Admission.reason)))


def try_the_door(site: Moving, lang: str, ready: Page, admitted: Page, event: str, watch: Watch) -> None:
    """What is packed is ticked, also without a connection."""
    texts = TEXTS[lang]
    go(ready, site, lang, f"event/?event={event}")
    expect(ready.locator(".mock .chip-late")).to_be_visible()
    boxes = ready.locator(".mock input[type=checkbox]")
    count = boxes.count()
    assert count
    clean(ready)
    watch.expected = ("ERR_INTERNET_DISCONNECTED", "Failed to load resource")
    ready.context.set_offline(True)
    for place in range(count):
        boxes.nth(place).check()
    expect(ready.locator(".mock .chip-done")).to_have_text(texts["mock_all"])
    ready.context.set_offline(False)
    go(ready, site, lang, f"event/?event={event}")
    expect(ready.locator(".mock .chip-done")).to_have_text(texts["mock_all"])
    go(admitted, site, lang, f"event/?event={event}")
    expect(admitted.locator(".mock .needs")).to_have_count(0)


def refresh(site: Moving, lang: str, page: Page) -> None:
    """The day after: the mistake first, marked, with its explanation; then one is put off."""
    texts = TEXTS[lang]
    go(page, site, lang, "learning/")
    site.move_to(site.clock() + timedelta(days=1))
    go(page, site, lang, "learning/")
    page.locator(".refresh-line a").click()
    expect(page.locator(".refresh .kicker")).to_contain_text(texts["refresh_mistake"])
    expect(page.locator(".refresh .question")).to_be_visible()
    clean(page)
    page.locator(".refresh button[type=submit]").click()
    expect(page.locator(".page-message .alert")).to_have_text(texts["refresh_missing"])
    page.locator(".refresh .question input").first.check()
    page.locator(".refresh button[type=submit]").click()
    expect(page.locator(".refresh button[type=submit]")).to_have_text(texts["refresh_next"])
    expect(page.locator(".refresh .verdict").first).to_be_visible()
    clean(page)
    page.locator(".refresh button[type=submit]").click()
    number = page.locator(".refresh .kicker span").first
    expect(number).to_contain_text("2")
    for _ in range(8):
        if not page.locator(".refresh").count():
            break
        shown = number.inner_text()
        page.get_by_role("button", name=texts["refresh_skip"]).click()
        expect(page.locator(".refresh .kicker span", has_text=shown)).to_have_count(0)
    expect(page.locator(".next-card")).to_contain_text(texts["refresh_done"])
    clean(page)


def answer_today(site: Moving, email: str, lang: str) -> None:
    """Somebody answers all that is due, and rightly."""
    with site.database.writing() as session:
        act = Act.of(session, site.find(session, email), site.clock())
        add_cards(act)
        for card in today(session, act.person.id, lang, act.at).cards:
            key = (card.module.id, card.quiz.id, card.question.id)
            answer(act, key, card.question.right_response(), lang)


def look_at_the_class(site: Moving, lang: str, page: Page) -> None:
    """A teacher sees who is ready, and that too few refresh to say more."""
    go(page, site, lang, "classes/")
    page.locator(".class-list a").first.click()
    page.get_by_role("link", name=texts_of_tab(lang)).click()
    expect(page.locator(".people-list .chip-done")).to_have_count(5)
    expect(page.locator(".people-list .chip-passed")).to_have_count(1)
    page.locator(".people-list summary").first.click()
    expect(page.locator(".people-list .needs").first).to_be_visible()
    clean(page)


def texts_of_tab(lang: str) -> str:
    staff = json.loads((ROOT / "themes/airlock/texts/staff" / f"{lang}.json").read_text(encoding="utf-8"))
    return str(staff["classes_tab_memory"])
