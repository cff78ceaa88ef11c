"""Each scene by mouse, by touch, by keyboard alone, in words and with a headset: the same answers, the same result."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from api.accounts.operations import find_person
from api.learning.models import Attempt, SceneRun
from tests.browser.conftest import OpenPage, Served, Watch, sign_in, violations

ROOT = Path(__file__).parent.parent.parent
IWER = (ROOT / "node_modules" / "iwer" / "build" / "iwer.min.js").read_text(encoding="utf-8")
HEADSET = "window.headset = new IWER.XRDevice(IWER.metaQuest3); headset.installRuntime({ forceInstall: true });"
SMALL: Any = {"width": 320, "height": 240}
"""A window for what IWER draws, sixty times a second, on a processor alone."""
AIM = """async ([yaw, pitch]) => {
  const hand = headset.controllers.right;
  headset.position.set(0, 1.6, 0);
  hand.position.set(0, 1.6, 0);
  const [turn, up] = [-yaw * Math.PI / 360, pitch * Math.PI / 360];
  hand.quaternion.set(Math.cos(turn) * Math.sin(up), Math.sin(turn) * Math.cos(up),
    -Math.sin(turn) * Math.sin(up), Math.cos(turn) * Math.cos(up));
  const frames = (count) => new Promise((done) => {
    const step = () => (count-- ? requestAnimationFrame(step) : done());
    step();
  });
  await frames(4);
  hand.updateButtonValue("trigger", 1);
  await frames(4);
  hand.updateButtonValue("trigger", 0);
  await frames(4);
}"""


def said(lang: str) -> dict[str, str]:
    """The texts of scenes."""
    found: dict[str, str] = json.loads(
        (ROOT / "themes" / "airlock" / "texts" / "scene" / f"{lang}.json").read_text(encoding="utf-8")
    )
    return found


def come_in(site: Served, page: Page, who: str, module: str, lang: str = "en") -> None:
    """A learner at the page of a scene."""
    sign_in(page, site.link(site.add(who, lang=lang)))
    page.goto(f"{site.url}/{'' if lang == 'en' else f'{lang}/'}rooms-to-try/{module}/")
    expect(page.locator(".scene-bar button").first).to_be_visible()


def enter(page: Page, lang: str = "en") -> None:
    page.get_by_role("button", name=said(lang)["scene_enter"], exact=True).click()
    expect(page.locator(".scene-stage .scene-around")).to_be_visible()


def spot(page: Page, name: str) -> Any:
    return page.locator(f'.scene-hotspot[data-hotspot="{name}"]')


def turn_to(page: Page, name: str) -> None:
    """Turn by the buttons until a thing is in the picture."""
    for _ in range(14):
        seen = page.evaluate(
            """async (name) => {
              // The view is drawn with the next frame.
              await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
              const [thing, frame] = [document.querySelector(`.scene-hotspot[data-hotspot="${name}"]`),
                document.querySelector('.scene-frame')].map((one) => one.getBoundingClientRect());
              const x = thing.x + thing.width / 2, y = thing.y + thing.height / 2;
              return x > frame.x + 20 && x < frame.right - 20 && y > frame.y + 20 && y < frame.bottom - 20
                && !document.querySelector(`.scene-hotspot[data-hotspot="${name}"]`).classList.contains('is-away');
            }""",
            name,
        )
        if seen:
            return
        page.get_by_role("button", name=re.compile("Turn right|Tourner à droite")).click()
    # What is high up or far down is reached by the keyboard.
    spot(page, name).focus()


def act_by_mouse(page: Page, name: str) -> None:
    turn_to(page, name)
    # As long as a finger stays on a button: nothing may move away under it.
    spot(page, name).click(delay=120)
    page.locator(".scene-panel button").first.click()
    close(page)


def act_by_touch(page: Page, name: str) -> None:
    turn_to(page, name)
    spot(page, name).tap()
    page.locator(".scene-panel button").first.tap()
    close(page)


def act_by_keys(page: Page, name: str) -> None:
    for _ in range(60):
        if page.evaluate("name => document.activeElement?.dataset.hotspot === name", name):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".scene-panel")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(spot(page, name)).to_be_focused()


def act_in_words(page: Page, name: str) -> None:
    page.locator(f'.scene-words [data-hotspot="{name}"] .scene-acts button').first.click()


def close(page: Page) -> None:
    page.locator(".scene-panel button").last.click()


ORDER = ("disinfectant", "gloves-first", "hood", "mask", "goggles", "coverall", "overboots", "gloves-second")
WAYS: dict[str, Callable[[Page, str], None]] = {
    "mouse": act_by_mouse,
    "touch": act_by_touch,
    "keys": act_by_keys,
    "words": act_in_words,
}


def result(site: Served, who: str) -> tuple[Attempt, SceneRun]:
    with site.database.reading() as session:
        person = find_person(session, f"{who.lower().replace(' ', '.')}@example.org")
        assert person is not None
        attempt = session.scalars(select(Attempt).where(Attempt.person_id == person.id)).one()
        run = session.get(SceneRun, attempt.id)
        assert run is not None
        session.expunge_all()
        return attempt, run


@pytest.mark.parametrize("way", WAYS)
def test_gowning_by_every_way(shipped: Served, open_page: OpenPage, way: str) -> None:
    page, who = open_page(has_touch=way == "touch", width=360 if way == "touch" else 1280), f"Scene {way.title()}"
    come_in(shipped, page, who, "changing-room")
    if way == "words":
        page.get_by_role("button", name=said("en")["scene_enter_words"]).click()
    else:
        enter(page)
        if way == "keys":
            expect(page.locator(".scene-frame")).to_be_focused()
    for name in ORDER:
        WAYS[way](page, name)
    WAYS[way](page, "bench")
    assert not violations(page)
    if way != "words":
        page.get_by_role("button", name=said("en")["scene_leave"]).click()
    bench = page.locator('[question="bench"]')
    bench.locator('input[value="3"]').check()
    for value in ("1", "3", "5"):
        page.locator(f'[question="mirror"] input[value="{value}"]').check()
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator(".quiz-result")).to_be_visible()
    route = "text" if way == "words" else "screen"
    expect(page.locator(".scene-debrief")).to_contain_text(said("en")[f"route_{route}"])
    assert not violations(page)
    attempt, run = result(shipped, who)
    assert (attempt.score, attempt.passed) == (1.0, True)
    assert run.route == route
    assert [one["id"] for one in run.events if one["what"] == "acted"] == [*ORDER, "bench"]
    assert run.events[-1]["what"] == "finished"
    assert run.breaches == []


def test_the_alarm_with_a_headset(shipped: Served, open_page: OpenPage) -> None:
    page = open_page(width=1280)
    page.add_init_script(f"{IWER};{HEADSET}")
    come_in(shipped, page, "Scene Headset", "airlock")
    scripts: list[str] = []
    page.on("request", lambda request: scripts.append(request.url))
    page.set_viewport_size(SMALL)
    page.get_by_role("button", name=said("en")["scene_headset"]).click()
    page.wait_for_function("() => headset.activeSession && document.querySelector('air-scene').run.begun")
    assert any("scene-headset" in url for url in scripts), "what the headset needs is loaded when it is put on"

    def press(at: tuple[float, float]) -> None:
        page.evaluate(AIM, list(at))

    def cell(name: str) -> tuple[float, float]:
        found = page.evaluate("name => document.querySelector('air-scene').headset.directionOf(name)", name)
        assert found, name
        return found[0], found[1]

    for thing in ("phone", "alarm", "lamp-b", "gauge-lock", "gauge-b"):
        press(cell(thing))
        acts = {
            "phone": ["act-phone"],
            "alarm": ["ask-alarm", "option-alarm-2", "close"],
            "lamp-b": ["ask-lamp", "option-lamp-2", "close"],
            "gauge-lock": ["ask-cascade", "close"],
            "gauge-b": ["ask-difference", "key-1", "key-4", "key-Pa", "close"],
        }[thing]
        for name in acts:
            press(cell(name))
        press(cell("close"))
    press(cell("leave"))
    page.set_viewport_size({"width": 1280, "height": 740})
    expect(page.get_by_role("button", name=said("en")["scene_go_on"])).to_be_visible()
    expect(page.locator('[question="alarm"] input[value="2"]')).to_be_checked()
    expect(page.locator('[question="difference"] input').first).to_have_value("14 Pa")
    # An order is made on the screen: no panel asks for it.
    for text in ("Grade B room", "Airlock", "Grade C changing room"):
        page.locator('[question="cascade"] .order-pool').get_by_text(text, exact=True).click()
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator(".scene-debrief")).to_contain_text(said("en")["route_headset"])
    attempt, run = result(shipped, "Scene Headset")
    assert (attempt.score, attempt.passed, run.route, run.breaches) == (1.0, True, "headset", [])
    assert {"entered", "looked", "looked-at", "acted", "asked", "answered", "finished"} == {
        one["what"] for one in run.events
    }


@pytest.mark.parametrize(("lang", "scheme"), [("en", "light"), ("fr", "dark")])
def test_faults_are_marked_in_the_picture(shipped: Served, open_page: OpenPage, lang: str, scheme: str) -> None:
    page, who = open_page(scheme=scheme), f"Scene Faults {lang.title()}"
    come_in(shipped, page, who, "filling-room", lang)
    enter(page, lang)
    for name in ("gauge", "carton", "door", "phone", "plate", "puddle", "label", "barrier"):
        act_by_mouse(page, name)
        expect(spot(page, name)).to_have_attribute("aria-pressed", "true")
    assert not violations(page)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    # A question is asked over the picture, and Escape leads back to its thing.
    turn_to(page, "line")
    spot(page, "line").click(delay=120)
    page.locator(".scene-panel").get_by_role("button", name=said(lang)["scene_ask"]).click()
    asked = page.locator(".scene-asked")
    expect(asked).to_be_visible()
    assert not violations(page)
    asked.locator('.options input[value="2"]').check()
    page.keyboard.press("Escape")
    expect(asked).to_have_count(0)
    close(page)
    page.get_by_role("button", name=said(lang)["scene_leave"]).click()
    page.locator('[question="vials"] .options input[value="2"]').check()
    page.locator(".quiz-actions button").first.click()
    confirm = page.locator(".quiz-confirm button").first
    expect(page.locator(".quiz-result").or_(confirm).first).to_be_visible()
    if confirm.is_visible():
        confirm.click()
    expect(page.locator(".scene-debrief")).to_contain_text("8")
    attempt, run = result(shipped, who)
    assert (attempt.score, attempt.passed, run.route) == (1.0, True, "screen")


def answer_airlock(page: Page) -> None:
    """Everything right, in the form."""
    page.locator('[question="difference"] .numeric-input').fill("14 Pa")
    for text in ("Grade B room", "Airlock", "Grade C changing room"):
        page.locator('[question="cascade"] .order-pool').get_by_text(text, exact=True).click()
    for question in ("lamp", "alarm"):
        page.locator(f'[question="{question}"] input[value="2"]').check()


def test_what_was_done_outlives_a_reload_and_a_look_at_an_earlier_result(shipped: Served, open_page: OpenPage) -> None:
    page, who = open_page(width=1280), "Scene Reload"
    come_in(shipped, page, who, "airlock")
    words = said("en")
    page.get_by_role("button", name=words["scene_enter_words"]).click()
    act_in_words(page, "phone")
    expect(page.locator(".scene-states")).to_contain_text("reported")
    act_in_words(page, "door-b")
    answer_airlock(page)
    page.reload()
    # Things stand as they stood, and what was done is known.
    expect(page.locator(".scene-states")).to_contain_text("reported")
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator(".scene-debrief")).to_contain_text(words["debrief_breaches_critical"])
    attempt, run = result(shipped, who)
    assert (attempt.score, attempt.passed, run.breaches) == (1.0, False, ["door-b"])

    # While the result is shown nothing can be done; the next attempt begins without what was done before.
    page.get_by_role("button", name=words["scene_enter_words"]).click()
    expect(page.locator(".scene-words .scene-acts button")).to_have_count(0)
    page.get_by_role("button", name="Try again").last.click()
    expect(page.locator(".scene-debrief")).to_have_count(0)
    expect(page.locator(".scene-count")).to_contain_text("0 of 4")
    page.get_by_role("button", name=words["scene_enter_words"]).click()
    act_in_words(page, "door-c")
    answer_airlock(page)
    page.get_by_role("button", name="last result").click()
    expect(page.locator(".scene-debrief")).to_be_visible()
    page.get_by_role("button", name="Try again").last.click()
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator(".scene-debrief")).to_contain_text(words["debrief_breaches"])
    with shipped.database.reading() as session:
        person = find_person(session, "scene.reload@example.org")
        assert person is not None
        runs = session.scalars(select(SceneRun).where(SceneRun.person_id == person.id).order_by(SceneRun.at)).all()
        assert [(run.breaches, run.critical) for run in runs] == [(["door-b"], True), (["door-c"], False)]


def test_trainers_see_a_scene_as_learners_went_through_it(shipped: Served, open_page: OpenPage) -> None:
    learner, who = open_page(width=1280), "Scene Report"
    come_in(shipped, learner, who, "airlock")
    enter(learner)
    looks = (
        "() => document.querySelector('air-scene').run.events.some((one) => one.what === 'looked' && one.seconds > 0)"
    )
    learner.wait_for_function(looks)
    turn_to(learner, "phone")
    spot(learner, "phone").click(delay=120)
    learner.locator(".scene-panel button").first.click()
    learner.get_by_role("button", name=said("en")["scene_leave"]).click()
    answer_airlock(learner)
    learner.get_by_role("button", name="Hand in").click()
    expect(learner.locator(".scene-debrief")).to_be_visible()
    for width, scheme, lang in ((360, "dark", "fr"), (1280, "light", "en")):
        page = open_page(width=width, scheme=scheme)
        sign_in(page, shipped.link(shipped.add(f"Scene Trainer {lang}", "trainer", lang)))
        page.goto(f"{shipped.url}/{'' if lang == 'en' else 'fr/'}results/?module=rooms-to-try/airlock&quiz=cascade")
        picture = page.locator(".scene-heat img").first
        expect(picture).to_be_visible()
        picture.scroll_into_view_if_needed()
        page.wait_for_function("() => document.querySelector('.scene-heat img').naturalWidth === 4096")
        expect(page.locator(".scene-heat rect").first).to_be_attached()
        assert not violations(page)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_two_clicks_open_one_picture_and_a_question_keeps_the_focus(shipped: Served, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{shipped.url}/rooms-to-try/airlock/")
    page.get_by_role("button", name=said("en")["scene_enter"], exact=True).dblclick()
    expect(page.locator(".scene-stage .scene-around").first).to_be_visible()
    expect(page.locator(".scene-stage")).to_have_count(1)
    turn_to(page, "gauge-b")
    spot(page, "gauge-b").click(delay=120)
    page.locator(".scene-panel").get_by_role("button", name=said("en")["scene_ask"]).click()
    asked = page.get_by_role("dialog").filter(has=page.locator(".numeric-input"))
    expect(asked).to_be_visible()
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate("() => Boolean(document.activeElement.closest('.scene-asked'))")
    page.keyboard.press("Escape")
    expect(page.locator(".scene-asked")).to_have_count(0)
    # What was refused at one thing is not said at another.
    close(page)
    turn_to(page, "door-c")
    spot(page, "door-c").click(delay=120)
    page.locator(".scene-panel button").first.click()
    expect(page.locator(".scene-panel .scene-said")).to_contain_text("report it first")
    close(page)
    turn_to(page, "phone")
    spot(page, "phone").click(delay=120)
    expect(page.locator(".scene-panel .scene-said")).to_be_empty()


def test_a_pump_is_gone_around_and_stands_in_the_room(shipped: Served, open_page: OpenPage) -> None:
    page, who = open_page(width=1280), "Scene Pump"
    page.add_init_script(f"{IWER};{HEADSET}")
    come_in(shipped, page, who, "pump")
    page.get_by_role("button", name=said("en")["scene_enter"], exact=True).click()
    expect(page.locator(".scene-solid")).to_be_visible()
    assert not violations(page)
    for name in ("stop", "switch"):
        spot(page, name).focus()
        spot(page, name).press("Enter")
        page.locator(".scene-panel button").first.click()
        close(page)
    page.get_by_role("button", name=said("en")["scene_leave"]).click()
    # The other half beside the real one: the same pump, in its true size, over what the camera sees.
    page.set_viewport_size(SMALL)
    page.get_by_role("button", name=said("en")["scene_overlay"]).click()
    page.wait_for_function("() => headset.activeSession && document.querySelector('air-scene').headset")

    def press(name: str) -> None:
        page.wait_for_function("name => document.querySelector('air-scene').headset.directionOf(name)", arg=name)
        found = page.evaluate("name => document.querySelector('air-scene').headset.directionOf(name)", name)
        page.evaluate(AIM, found)

    for name in ("lock", "valve", "drain", "tester", "start", "guard"):
        press(name)
        press(f"act-{name}")
        press("close")
    press("leave")
    page.set_viewport_size({"width": 1280, "height": 740})
    for question in ("try", "key"):
        page.locator(f'[question="{question}"] input[value="2"]').check()
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator(".scene-debrief")).to_contain_text(said("en")["route_ar"])
    attempt, run = result(shipped, who)
    assert (attempt.score, attempt.passed, run.route, run.breaches) == (1.0, True, "ar", [])


def test_nothing_of_a_scene_is_loaded_before_it_is_opened(shipped: Served, open_page: OpenPage) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.goto(f"{shipped.url}/rooms-to-try/airlock/")
    expect(page.locator(".scene-bar button").first).to_be_visible()
    page.locator(".scene-poster").scroll_into_view_if_needed()
    assert not [name for name in asked if name.startswith(("scene-stage", "scene-headset", "room.", "room-2048"))]
    enter(page)
    assert "room-2048.webp" in asked, "a phone takes the smaller picture"
    assert "room.webp" not in asked
    assert any(name.startswith("scene.") for name in asked), "a page with a scene has its style sheet"
    asked.clear()
    page.goto(f"{shipped.url}/entering-grade-b/gowning/")
    page.locator(".quiz-facts").first.wait_for()
    assert any(name.startswith("air-quiz") for name in asked)
    assert not [name for name in asked if "scene" in name], "a lesson without a scene loads nothing of it"


def test_a_picture_that_does_not_come_can_be_asked_for_again(
    shipped: Served, open_page: OpenPage, watch: Watch
) -> None:
    watch.expected = ("net::ERR_FAILED",)
    page = open_page()
    page.route("**/room-2048*.webp", lambda route: route.abort())
    page.goto(f"{shipped.url}/rooms-to-try/airlock/")
    page.get_by_role("button", name=said("en")["scene_enter"], exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(said("en")["scene_failed"])
    # What is there can be acted on all the same, as a list.
    expect(spot(page, "phone")).to_be_visible()
    assert not violations(page)
    page.unroute("**/room-2048*.webp")
    page.get_by_role("button", name=said("en")["scene_again"]).click()
    expect(page.locator(".scene-stage .scene-around")).to_be_visible()


def test_without_webgl_the_things_are_a_list(shipped: Served, open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(f"{shipped.url}/rooms-to-try/airlock/")
    page.get_by_role("button", name=said("en")["scene_enter"], exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(said("en")["scene_no_webgl"])
    spot(page, "phone").click()
    page.locator(".scene-panel").get_by_role("button").first.click()
    expect(page.locator(".scene-states")).to_contain_text("reported")
    assert not violations(page)


def test_without_a_script_the_scene_is_words(shipped: Served, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{shipped.url}/rooms-to-try/airlock/")
    words = page.locator(".scene-words")
    words.locator("summary").click()
    expect(words.locator("li").first).to_contain_text("The needle stands at 12 Pa.")
    expect(words).to_contain_text("behind you")
    expect(page.locator('[question="alarm"]')).to_be_visible()


def test_arrow_keys_turn_the_view_and_a_click_tells_where(shipped: Served, open_page: OpenPage) -> None:
    page = open_page(width=1280)
    page.goto(f"{shipped.url}/rooms-to-try/airlock/#place")
    enter(page)
    frame = page.locator(".scene-frame")
    box = frame.bounding_box()
    assert box is not None
    place = page.locator(".scene-pointer")

    def middle() -> list[float]:
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        found: list[float] = json.loads(place.inner_text().removeprefix("at: "))
        return found

    assert middle() == pytest.approx([0, 0], abs=0.5)
    frame.focus()
    page.keyboard.press("ArrowRight")
    # Who wants no motion is turned in steps.
    assert middle() == pytest.approx([30, 0], abs=0.5)
    page.get_by_role("button", name=said("en")["scene_turn_left"]).click()
    page.get_by_role("button", name=said("en")["scene_turn_up"]).click()
    assert middle() == pytest.approx([0, 15], abs=0.5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 - 200, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    assert middle()[0] > 10, "dragging to the left turns to the right"
