"""An administrator's first day, by keyboard alone: a list of 200, two that are one, one suspended, one erased."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from api.accounts.models import Person
from api.accounts.passwords import hash_password
from tests.browser.conftest import ROOT, OpenPage, Served, Watch, sign_in, violations

TEXTS: dict[str, Any] = {
    lang: {
        key: text
        for folder in ("", "staff/", "account/", "administration/")
        for key, text in json.loads((ROOT / f"themes/airlock/texts/{folder}{lang}.json").read_text()).items()
    }
    for lang in ("fr", "nl")
}
PASSWORD = "de klep fluit om twaalf uur"


def fits(page: Page) -> bool:
    return bool(page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize(("lang", "width", "scheme"), [("fr", 360, "dark"), ("nl", 1280, "light")])
def test_an_administrators_first_day(
    served: Served, open_page: OpenPage, watch: Watch, lang: str, width: int, scheme: str
) -> None:
    texts, watch.expected = TEXTS[lang], ("409", "422")
    email = served.add(f"Chief {lang}", role="admin", lang=lang)
    with served.database.writing() as session:
        session.get_one(Person, served.find(session, email).id).password_hash = hash_password(PASSWORD)
    page = open_page(width, scheme)
    sign_in(page, served.link(email))

    def look() -> None:
        assert violations(page) == []
        assert fits(page)

    def press(name: str, **where: Any) -> None:
        page.get_by_role("button", name=name, exact=True, **where).press("Enter")

    def find(words: str) -> None:
        page.locator("main input[name=search]").first.fill(words)
        page.locator("main input[name=search]").first.press("Enter")

    def told(key: str) -> None:
        expect(page.locator(".page-message")).to_have_text(texts[key])

    # The centre says what it is called and who needs a second factor; a wrong password loses nothing.
    page.goto(f"{served.url}/{lang}/settings/", wait_until="networkidle")
    look()
    save = page.get_by_role("button", name=texts["settings_save"], exact=True)
    expect(save).to_be_disabled()
    page.locator("input[name=sender]").fill(f"Secretariat {lang}")
    # The other tests have this server too: what changes nothing for them.
    kept = page.get_by_label(texts["retention_beats"])
    kept.fill("90")
    save.press("Enter")
    for password in ("not the password", PASSWORD):
        page.locator("input[name=password]").fill(password)
        page.locator("input[name=password]").press("Enter")
        expect(page.locator(".page-message p")).to_be_visible()
        expect(page.locator("input[name=sender]")).to_have_value(f"Secretariat {lang}")
        look()
    told("choices_saved")
    page.reload(wait_until="networkidle")
    expect(page.locator("input[name=sender]")).to_have_value(f"Secretariat {lang}")
    expect(kept).to_have_value("90")

    # Two hundred people from a list, of whom two are one.
    page.goto(f"{served.url}/{lang}/people/")
    page.locator("summary", has_text=texts["people_import"]).press("Enter")
    rows = "".join(f"Prénom{n};Nom{n:03};{lang}{n}@day.example\n" for n in range(200))
    field = page.locator("textarea")
    field.fill("Prénom;Nom;E-mail\n" + rows + "wrong;line;nowhere\n")
    press(texts["people_look"])
    expect(page.locator("air-people li")).to_have_count(1)
    look()
    field.fill("Prénom;Nom;E-mail\n" + rows)
    press(texts["people_look"])
    press(texts["people_write"].replace("{count}", "200"))
    told("people_imported")

    # One more, by hand.
    page.locator("summary", has_text=texts["people_new"]).press("Enter")
    form = page.locator("details", has=page.locator("summary", has_text=texts["people_new"])).locator("form")
    form.locator("[name=email]").fill(f"twin-{lang}@day.example")
    form.locator("[name=given]").fill("Prénom7")
    form.locator("[name=family]").fill("Nom007")
    form.locator("[name=family]").press("Enter")
    told("people_made")
    find("nom007 day.example")
    expect(page.locator("tbody tr", has_text=f"twin-{lang}")).to_have_count(1)
    look()

    # The two become one.
    page.locator("tbody tr", has_text=f"twin-{lang}").get_by_role("link").press("Enter")
    expect(page.locator("h1")).to_have_text("Prénom7 Nom007")
    press(texts["person_merge"])
    page.locator(".card input[name=search]").fill(f"{lang}7@day")
    page.locator(".card input[name=search]").press("Enter")
    page.locator(".card li button").first.press("Enter")
    expect(page.locator(".card h4")).to_contain_text(f"{lang}7@day.example")
    look()
    page.locator(".card input[name=password]").fill("not my password")
    page.locator(".card input[name=password]").press("Enter")
    expect(page.locator(".page-message .alert")).to_be_visible()
    page.locator(".card input[name=password]").fill(PASSWORD)
    page.locator(".card input[name=password]").press("Enter")
    expect(page.locator(".facts").first).to_contain_text(f"{lang}7@day.example")

    # One is renamed, gets a way in, is suspended and opened again.
    page.goto(f"{served.url}/{lang}/people/?search={lang}8%40day.example")
    page.locator("tbody a").press("Enter")
    about = page.locator("section[aria-labelledby=person-about]")
    about.locator("[name=family]").fill("D’Hondt")
    about.locator("[name=family]").press("Enter")
    expect(page.locator("h1")).to_have_text("Prénom8 D’Hondt")
    told("saved")
    press(texts["person_invite"])
    told("person_link_sent")
    press(texts["person_suspend"])
    told("person_suspended_done")
    expect(page.locator(".chip-late")).to_have_text(texts["person_suspended"])
    look()
    press(texts["person_reopen"])
    told("person_reopened")

    # One is erased, after what that means was read.
    press(texts["person_erase"])
    expect(page.locator(".card")).to_contain_text(texts["erase_title"])
    look()
    page.locator(".card input[name=password]").fill(PASSWORD)
    page.locator(".card input[name=password]").press("Enter")
    told("erase_done")
    expect(page.locator("h1")).not_to_contain_text("Hondt")

    # The trail tells all of it.
    page.get_by_role("link", name=texts["person_trail"]).press("Enter")
    expect(page.locator("tbody code").first).to_have_text("person.erase")
    look()
    page.locator("main select[name=action]").select_option("person.")
    press(texts["people_find"])
    expect(page.locator("tbody tr", has_text="person.suspend").first).to_be_visible()
    press("CSV")
    page.locator(".card input[name=password]").fill(PASSWORD)
    with page.expect_download() as download:
        page.locator(".card input[name=password]").press("Enter")
    assert download.value.suggested_filename == "audit.csv"
    told("audit_taken")

    for name in ("upkeep", "my-data"):
        page.goto(f"{served.url}/{lang}/{name}/")
        expect(page.locator("main h2").first).to_be_visible()
        look()


def test_a_class_asks_somebody_in(served: Served, open_page: OpenPage, watch: Watch) -> None:
    """Nobody is put into a class by a teacher who does not know them: they say yes."""
    texts, watch.expected = TEXTS["fr"], ()
    teacher, learner = served.add("Asking Teacher", role="teacher", lang="fr"), served.add("Asked Learner", lang="fr")
    page = open_page(1280)
    sign_in(page, served.link(teacher))
    page.evaluate(
        """async (email) => {
          const { csrf_token } = await (await fetch('/api/v1/me')).json();
          const send = async (path, body, key) => {
            const headers = { 'Content-Type': 'application/json', 'X-CSRFToken': csrf_token, 'Idempotency-Key': key };
            return (await fetch(`/api/v1/${path}`, { method: 'POST', body: JSON.stringify(body), headers })).json();
          };
          const made = await send('classes', { name: 'Soir' }, 'c1');
          const text = email;
          const { digest } = await send(`classes/${made.id}/list/preview`, { text }, 'c2');
          await send(`classes/${made.id}/list`, { text, digest }, 'c3');
          location.assign(`/fr/classes/?class=${made.id}&view=people`);
        }""",
        learner,
    )
    row = page.locator("tr", has_text=learner)
    expect(row).to_contain_text(texts["people_asked"])
    assert violations(page) == []
    other = open_page(360, "dark")
    sign_in(other, served.link(learner))
    other.goto(f"{served.url}/fr/learning/")
    expect(other.get_by_role("heading", name=texts["class_asks"].replace("{name}", "Soir"))).to_be_visible()
    assert violations(other) == []
    assert fits(other)
    other.get_by_role("button", name=texts["class_asks_yes"]).press("Enter")
    expect(other.locator(".notice[role=status]")).to_have_text(texts["class_asks_in"].replace("{name}", "Soir"))
    page.reload()
    expect(page.locator("tr", has_text=learner)).not_to_contain_text(texts["people_asked"])
