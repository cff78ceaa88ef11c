"""The teacher's five minutes: a class, its learners, an assignment, who is behind, and telling them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import select

from api.accounts.act import Act
from api.classes.assignments import Terms, assign
from api.classes.models import Class
from api.classes.operations import create_class
from api.core.clock import system_clock
from tests.browser.conftest import OpenPage, Served, Watch, sign_in, violations
from tests.browser.test_journey import tab_to

LIST = "Nom;Prénom;E-mail\n" + "".join(f"Apprenant;Numéro {n};{{who}}.{n}@example.org\n" for n in range(1, 25))

COUNT_CLICKS = """
addEventListener("click", (event) => {
  // A click on a label makes a second one on its field; the finger made one.
  if (event.isTrusted && event.detail > 0) countClick();
}, true);
"""


class Clicks:
    """What a hand does with a pointer."""

    def __init__(self, page: Page) -> None:
        self.count = 0
        page.context.expose_function("countClick", self._add)
        page.context.add_init_script(COUNT_CLICKS)

    def _add(self) -> None:
        self.count += 1


def class_id(page: Page) -> str:
    return page.url.partition("class=")[2][:36]


@pytest.mark.parametrize("width", [1280, 360])
def test_from_sign_in_to_assigned_in_four_clicks_and_one_paste(served: Served, open_page: OpenPage, width: int) -> None:
    page = open_page(width)
    clicks = Clicks(page)
    sign_in(page, served.link(served.add(f"Pointer {width}", role="teacher")))
    page.get_by_label("New class").wait_for()
    assert violations(page) == []
    page.keyboard.type("Maintenance, spring")  # The field has the focus.
    page.get_by_role("button", name="Make the class").click()
    page.locator("textarea#list").wait_for()
    expect(page.locator("textarea#list")).to_be_focused()
    page.keyboard.insert_text(LIST.format(who=f"pointer{width}"))
    add = page.get_by_role("button", name="Add 24 learners")
    add.wait_for()
    assert violations(page) == []
    add.click()
    expect(page.get_by_role("status").filter(has_text="24 learners added")).to_be_visible()
    due = page.get_by_label("Due", exact=True)
    assert due.input_value(), "a due time is suggested"
    assert violations(page) == []
    page.get_by_role("button", name="Give", exact=True).click()
    expect(page.locator(".assignment-list li")).to_have_count(1)
    expect(page.locator(".assignment-list")).to_contain_text("due in 7 days")
    assert clicks.count == 4, "with the click that signs in"
    page.get_by_role("link", name="Overview").click()
    expect(page.locator(".matrix tbody tr")).to_have_count(24)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing scrolls sideways but the table"


@pytest.mark.parametrize("width", [1280, 360])
def test_the_same_by_keyboard_alone(served: Served, open_page: OpenPage, width: int) -> None:
    page = open_page(width)
    page.goto(served.link(served.add(f"Keys {width}", role="teacher")))
    tab_to(page, "button.wide")
    page.keyboard.press("Enter")
    page.get_by_label("New class").wait_for()
    page.keyboard.type("QC laboratory")
    page.keyboard.press("Enter")
    page.locator("textarea#list").wait_for()
    page.keyboard.insert_text(LIST.format(who=f"keys{width}"))
    page.get_by_role("button", name="Add 24 learners").wait_for()
    tab_to(page, ".preview button[type=submit]")
    page.keyboard.press("Enter")
    page.get_by_label("Due", exact=True).wait_for()
    tab_to(page, ".assign button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator(".assignment-list li")).to_have_count(1)
    tab_to(page, ".tabs a:first-child")
    page.keyboard.press("Enter")
    page.locator(".matrix").wait_for()
    tab_to(page, ".matrix .cell a")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Numéro 3 Apprenant")


def test_a_list_with_wrong_rows_says_why_and_writes_nothing(served: Served, open_page: OpenPage) -> None:
    page = open_page(1280)
    sign_in(page, served.link(served.add("Careful Teacher", role="teacher")))
    page.get_by_label("New class").fill("Careful")
    page.keyboard.press("Enter")
    box = page.locator("textarea#list")
    box.fill("Nom;E-mail\nAnn;ann.careful@example.org\nBob;bob(at)example.org\n=1+1;cid@example.org\n")
    expect(page.locator(".preview .alert")).to_contain_text("Until then nothing is written")
    expect(page.locator(".preview tbody tr").nth(0)).to_contain_text("this is no e-mail address")
    expect(page.locator(".preview tbody tr").nth(1)).to_contain_text("a formula in place of a text")
    expect(page.get_by_role("button", name="Add")).to_have_count(1)  # That of another teacher.
    assert violations(page) == []
    box.fill("Nom;E-mail\nAnn;ann.careful@example.org\n")
    page.get_by_role("button", name="Add 1 learner").click()
    page.get_by_label("Due", exact=True).wait_for()
    page.get_by_role("link", name="People").click()
    expect(page.get_by_role("rowheader", name="Ann")).to_be_visible()
    # Who was taken out can be taken back.
    page.get_by_role("button", name="Remove Ann").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("rowheader", name="Ann")).to_be_visible()


def test_a_file_as_french_excel_writes_it(served: Served, open_page: OpenPage) -> None:
    page = open_page(360)
    sign_in(page, served.link(served.add("Excel Teacher", role="teacher")))
    page.get_by_label("New class").fill("Excel")
    page.keyboard.press("Enter")
    data = "Nom;Prénom;Courriel\r\nLefèvre;Zoé;zoe.excel@example.org\r\n".encode("cp1252")
    file: FilePayload = {"name": "liste.csv", "mimeType": "text/csv", "buffer": data}
    page.locator("input[type=file]").set_input_files(file)
    expect(page.locator("textarea#list")).to_have_value("Nom;Prénom;Courriel\nLefèvre;Zoé;zoe.excel@example.org\n")
    expect(page.get_by_role("rowheader", name="Zoé Lefèvre")).to_be_visible()


def late_class(served: Served, name: str) -> tuple[str, str]:
    """A class with one learner who is late; gives the addresses of teacher and learner."""
    teacher = served.add(f"Teacher of {name}", role="teacher")
    learner = served.add(f"Learner of {name}", lang="fr")
    with served.database.writing() as session:
        at = system_clock()
        people = {email: served.find(session, email) for email in (teacher, learner)}
        group = create_class(
            Act(session, at - timedelta(days=10), "tests"),
            name=name,
            teachers=[people[teacher]],
            learners=[people[learner]],
        )
        assign(Act(session, at - timedelta(days=9), "tests"), group, "safe-start", Terms(due_at=at - timedelta(days=3)))
    return teacher, learner


@pytest.mark.parametrize("width", [1280, 360])
def test_who_is_late_is_reminded_once_a_day(served: Served, open_page: OpenPage, width: int) -> None:
    teacher, learner = late_class(served, f"Late {width}")
    page = open_page(width)
    sign_in(page, served.link(teacher))
    page.get_by_role("link", name=f"Late {width}").click()
    expect(page.locator(".cell-late").first).to_be_visible()
    page.get_by_role("button", name="Remind who is late").click()
    page.get_by_text("See a message").click()
    expect(page.locator(".letter")).to_contain_text("3 jours de retard")
    assert violations(page) == []
    page.get_by_role("button", name="Send 1").click()
    expect(page.get_by_role("status").filter(has_text="1 message is on its way")).to_be_visible()
    page.get_by_role("button", name="Remind who is late").click()
    expect(page.locator(".reminders")).to_contain_text("had a reminder today")
    expect(page.get_by_role("button", name="Send")).to_have_count(0)
    # The learner reads the same words.
    other = open_page(width)
    sign_in(other, served.link(learner))
    expect(other.get_by_role("region", name="Échéances")).to_contain_text("3 jours de retard")
    assert violations(other) == []


def test_the_matrix_follows_what_happens_elsewhere(undisturbed: Served, open_page: OpenPage) -> None:
    # On a server of its own, and with a clock that stands still but where the test moves it: on a slow machine the page
    # would ask by itself in between.
    teacher, learner = late_class(undisturbed, "Followed")
    page = open_page(1280)
    page.clock.install()
    sign_in(page, undisturbed.link(teacher))
    page.get_by_role("link", name="Followed").click()
    expect(page.get_by_role("rowheader", name="Learner of Followed")).to_be_visible()
    page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))
    expect(page.locator(".cell-late")).not_to_have_count(0)
    expect(page.locator(".matrix .cell-done, .matrix .cell-started")).to_have_count(0)
    other = open_page(360)
    sign_in(other, undisturbed.link(learner))
    other.goto(f"{undisturbed.url}/fr/safe-start/pumps/")
    other.get_by_role("button", name="lu", exact=False).first.click()
    expect(other.locator(".read-mark")).to_be_visible()
    with page.expect_response(lambda reply: "/matrix" in reply.url and reply.status == 200):
        page.clock.fast_forward(21_000)
    expect(page.locator(".matrix .cell-done, .matrix .cell-started")).not_to_have_count(0)
    with page.expect_response(lambda reply: "/matrix" in reply.url and reply.status == 304):
        page.clock.fast_forward(21_000)


def test_a_learner_enters_by_the_code(served: Served, open_page: OpenPage) -> None:
    page = open_page(1280)
    sign_in(page, served.link(served.add("Code Teacher", role="teacher")))
    page.get_by_label("New class").fill("By code")
    page.keyboard.press("Enter")
    page.get_by_text("Let learners come in by a code").click()
    page.get_by_role("button", name="Make a code").click()
    code = page.locator(".join-code").inner_text()
    assert violations(page) == []
    learner = open_page(360)
    sign_in(learner, served.link(served.add("Code Learner", lang="fr")))
    learner.goto(f"{served.url}/fr/join/")
    learner.locator("input[name=code]").fill(code.upper().replace("-", " "))
    assert violations(learner) == []
    learner.locator("button.wide").click()
    expect(learner.get_by_role("status")).to_contain_text("By code")
    page.get_by_role("link", name="People").click()
    expect(page.get_by_role("rowheader", name="Code Learner")).to_be_visible()
    with served.database.reading() as session:
        assert session.scalar(select(Class.join_code).where(Class.name == "By code")) == code


def test_a_question_below_a_lesson_is_answered(served: Served, open_page: OpenPage) -> None:
    teacher, learner = late_class(served, "Asking")
    page = open_page(360)
    sign_in(page, served.link(learner))
    page.goto(f"{served.url}/safe-start/doors/")
    page.get_by_text("Ask a question").click()
    page.get_by_label("Your question").fill("Why **two** doors?")
    page.reload()
    expect(page.get_by_label("Your question")).to_have_value("Why **two** doors?")
    page.locator("air-discussion form .button").click()
    expect(page.locator(".thread strong")).to_have_text("two")
    assert violations(page) == []
    answering = open_page(1280)
    sign_in(answering, served.link(teacher))
    answering.goto(f"{served.url}/questions/")
    answering.get_by_text("Answer", exact=True).click()
    answering.get_by_label("Your answer").fill("So that air stays out.")
    assert violations(answering) == []
    answering.get_by_role("button", name="Send").click()
    expect(answering.locator("air-questions")).to_contain_text("No question waits for an answer.")
    page.reload()
    expect(page.locator(".reply-list")).to_contain_text("So that air stays out.")


@pytest.mark.parametrize(("lang", "scheme"), [("fr/", "light"), ("nl/", "dark")])
def test_every_view_of_a_class_fits_every_screen(lang: str, scheme: str, served: Served, open_page: OpenPage) -> None:
    teacher, _ = late_class(served, f"Views {scheme}")
    page = open_page(360, scheme)
    sign_in(page, served.link(teacher))
    page.goto(f"{served.url}/{lang}classes/", wait_until="networkidle")
    page.get_by_role("link", name=f"Views {scheme}").click()
    page.locator(".matrix").wait_for()
    group = class_id(page)
    views = [f"?class={group}&view={view}" for view in ("matrix", "people", "assignments", "settings")]
    learner = page.locator(".matrix tbody th a").first.get_attribute("href")
    assert learner is not None
    for view in (*views, learner):
        page.goto(f"{served.url}/{lang}classes/{view}", wait_until="networkidle")
        for fold in page.locator("details.fold:not([open]) > summary").all():
            if fold.is_visible():
                fold.click()
        assert violations(page) == [], view
        for width in (320, 360, 600, 800, 1000, 1280, 1920):
            page.set_viewport_size({"width": width, "height": 740})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{view} at {width} px"
        page.set_viewport_size({"width": 360, "height": 740})


def test_what_is_saved_is_never_reported_as_failed(served: Served, open_page: OpenPage, watch: Watch) -> None:
    """The write arrives and the look at the result does not: pressing again would make it twice."""
    watch.expected = ("ERR_FAILED",)
    teacher, learner = late_class(served, "Half way")
    page = open_page(1280)
    sign_in(page, served.link(teacher))
    page.get_by_role("link", name="Half way").click()
    page.get_by_role("link", name="Assignments").click()
    page.get_by_label("Due", exact=True).wait_for()
    page.route("**/api/v1/classes/*?lang=en", lambda route: route.abort())
    page.get_by_role("button", name="Give", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="It is saved")).to_be_visible()
    asking = open_page(360)
    sign_in(asking, served.link(learner))
    asking.goto(f"{served.url}/safe-start/doors/")
    asking.get_by_text("Ask a question").click()
    asking.get_by_label("Your question").fill("Why?")
    asking.route("**/threads?lang=en", lambda route: route.abort())
    asking.locator("air-discussion form .button").click()
    expect(asking.locator(".told")).to_contain_text("It is saved")
    expect(asking.locator("air-discussion .alert")).to_have_count(0)
