"""Signing in, a forgotten password, a shared device, one's own devices, and what a link says before it is used."""

from __future__ import annotations

import json
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Playwright, expect

from api.accounts.act import Act
from api.accounts.links import make_link
from api.accounts.models import Person
from api.accounts.passwords import hash_password
from api.core.clock import system_clock
from tests.browser.conftest import ROOT, OpenPage, Served, Watch, launch_options, sign_in, violations
from tests.browser.test_pages import overflow

TEXTS: dict[str, Any] = {
    lang: {
        key: text
        for folder in ("", "account/")
        for key, text in json.loads((ROOT / f"themes/airlock/texts/{folder}{lang}.json").read_text()).items()
    }
    for lang in ("fr", "nl")
}
PASSWORD = "de klep fluit om twaalf uur"


@pytest.mark.parametrize(("lang", "width", "scheme"), [("fr", 360, "light"), ("nl", 1280, "dark")])
def test_from_a_forgotten_password_to_ones_devices(
    served: Served, open_page: OpenPage, watch: Watch, lang: str, width: int, scheme: str
) -> None:
    texts, watch.expected = TEXTS[lang], ("401", "422")
    email = served.add(f"Forgetful {lang}", lang=lang)
    page = open_page(width, scheme)
    page.goto(f"{served.url}/{lang}/sign-in/")
    page.get_by_text(texts["signin_forgot"]).press("Enter")
    page.get_by_role("button", name=texts["signin_send_password"]).press("Enter")
    expect(page.locator(".alert")).to_have_text(texts["signin_need_email"])
    expect(page.locator("input[name=email]")).to_be_focused()
    page.keyboard.type(email)
    page.get_by_role("button", name=texts["signin_send_password"]).press("Enter")
    expect(page.locator(".alert")).to_have_text(texts["signin_no_mail"])
    expect(page.locator("input[name=email]")).to_have_value(email)
    assert violations(page) == []
    page.locator("input[name=password]").fill("not the password")
    page.locator("input[name=password]").press("Enter")
    expect(page.locator(".alert")).to_have_text(texts["error_sign_in_failed"])
    # The link that the mail would hold.
    with served.database.writing() as session:
        token = make_link(Act(session, system_clock(), "tests"), served.find(session, email), "password")
    page.goto(f"{served.url}/{lang}/welcome/#{token}")
    expect(page.get_by_text(email)).to_be_visible()
    assert violations(page) == []
    field = page.locator("input[name=password]")
    field.fill("forgetful2026")
    field.press("Enter")
    expect(page.locator(".alert")).to_have_text(texts["error_password_weak"])
    field.fill(PASSWORD)
    field.press("Enter")
    page.wait_for_url(f"**/{lang}/learning/")

    elsewhere = open_page(360)
    elsewhere.goto(f"{served.url}/{lang}/sign-in/")
    elsewhere.locator("input[name=email]").fill(email)
    elsewhere.locator("input[name=password]").fill(PASSWORD)
    elsewhere.locator("input[name=shared]").check()
    elsewhere.locator("input[name=password]").press("Enter")
    elsewhere.wait_for_url(f"**/{lang}/learning/")
    page.goto(f"{served.url}/{lang}/my-account/")
    rows = page.locator("section[aria-labelledby=devices] tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text=texts["account_shared"])).to_have_count(1)
    assert violations(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.get_by_role("button", name=texts["account_end_others"]).press("Enter")
    expect(page.locator(".notice-good")).to_have_text(texts["account_others_ended"])
    expect(rows).to_have_count(1)
    elsewhere.goto(f"{served.url}/{lang}/my-account/")
    expect(elsewhere.locator(".notice")).to_have_text(texts["page_needs_sign_in"])
    page.locator("section[aria-labelledby=password] input[name=old]").fill(PASSWORD)
    page.locator("input[name=password]").fill(f"{PASSWORD} precies")
    page.locator("input[name=password]").press("Enter")
    expect(page.locator(".notice-good")).to_have_text(texts["account_set_done"])
    page.locator("select").select_option("en")
    expect(page.locator(".notice-good")).to_have_text(texts["account_language_done"])


def test_a_link_says_whose_it_is_and_who_is_signed_out(served: Served, open_page: OpenPage, watch: Watch) -> None:
    texts, watch.expected = TEXTS["fr"], ("403", "422")
    page = open_page(360, "dark")
    sign_in(page, served.link(served.add("Was Here", lang="fr")))
    email = served.add("Comes Next", lang="fr")
    link = served.link(email)
    page.goto(link)
    expect(page.locator("h1")).to_contain_text("Comes Next")
    expect(page.locator(".notice")).to_contain_text("Was Here")
    expect(page.get_by_text(email)).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name=texts["signin_as"].format(name="Comes Next")).press("Enter")
    page.wait_for_url("**/fr/learning/")
    page.goto(link)
    expect(page.locator(".alert")).to_have_text(texts["error_link_invalid"])
    # What an operator is shown, and may not do.
    with served.database.writing() as session:
        token = make_link(Act(session, system_clock(), "tests"), served.find(session, email), "operator")
    page.goto(f"{served.url}/fr/sign-in/#{token}")
    expect(page.get_by_text(texts["signin_link_operator"].format(name="Comes Next"))).to_be_visible()
    assert violations(page) == []
    page.locator("button.wide").click()
    page.wait_for_url("**/fr/learning/")
    page.goto(f"{served.url}/fr/my-account/")
    page.locator("select").select_option("en")
    expect(page.locator(".alert")).to_have_text(texts["error_operator_sign_in"])


def test_after_signing_out_back_shows_nothing(served: Served, playwright: Playwright) -> None:
    """With the back/forward cache of browsers, which keeps pages as they were; first without a connection."""
    texts = TEXTS["fr"]
    browser = playwright.chromium.launch(**launch_options(), ignore_default_args=["--disable-back-forward-cache"])
    try:
        context = browser.new_context(viewport={"width": 360, "height": 740}, service_workers="block")
        page = context.new_page()
        sign_in(page, served.link(served.add("Goes Away", lang="fr")))
        page.goto(f"{served.url}/fr/my-account/")
        expect(page.get_by_text("goes.away@example.org")).to_be_visible()
        context.set_offline(True)
        page.locator("air-account summary").click()
        page.get_by_role("button", name=texts["sign_out"]).press("Enter")
        expect(page.locator("air-account [role=alert]")).to_have_text(texts["sign_out_later"])
        assert violations(page) == []
        context.set_offline(False)
        page.get_by_role("button", name=texts["sign_out"]).press("Enter")
        page.wait_for_url("**/fr/sign-in/")
        expect(page.locator("air-account .button")).to_be_visible()
        page.go_back()
        expect(page.locator("air-my-account .notice")).to_have_text(texts["page_needs_sign_in"])
        expect(page.get_by_text("goes.away@example.org")).to_have_count(0)
    finally:
        browser.close()


@pytest.mark.parametrize(("lang", "width", "scheme"), [("fr", 360, "dark"), ("nl", 1280, "light")])
def test_an_app_and_a_passkey_as_second_factors(
    served: Served, open_page: OpenPage, watch: Watch, lang: str, width: int, scheme: str
) -> None:
    texts, watch.expected = TEXTS[lang], ("401", "422")
    email = served.add(f"Factor {lang}", lang=lang)
    with served.database.writing() as session:
        session.get_one(Person, served.find(session, email).id).password_hash = hash_password(PASSWORD)
    page = open_page(width, scheme)
    # A number is no name that a passkey could be of.
    here = served.url.replace("127.0.0.1", "localhost")
    watch.allowed = (*watch.allowed, here)
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = {**device, "isUserVerified": True, "automaticPresenceSimulation": True}
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    def enter() -> None:
        page.goto(f"{here}/{lang}/sign-in/")
        page.locator("input[name=email]").fill(email)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("input[name=password]").press("Enter")

    enter()
    page.wait_for_url(f"**/{lang}/learning/")
    page.goto(f"{here}/{lang}/my-account/")
    factors = page.locator("section[aria-labelledby=factors]")
    factors.get_by_role("button", name=texts["factor_add_app"]).press("Enter")
    factors.locator("input[name=password]").fill(PASSWORD)
    factors.locator("input[name=password]").press("Enter")
    secret = factors.locator("code").inner_text().replace(" ", "")
    assert violations(page) == []
    factors.locator("input[name=code]").fill("000000")
    factors.locator("input[name=code]").press("Enter")
    expect(page.locator(".page-message .alert")).to_have_text(texts["error_factor_wrong"])
    code = pyotp.TOTP(secret).at(system_clock())
    factors.locator("input[name=code]").fill(code)
    factors.locator("input[name=code]").press("Enter")
    expect(factors.locator(".codes li")).to_have_count(10)
    recovery = factors.locator(".codes code").first.inner_text()
    assert violations(page) == []
    factors.get_by_role("button", name=texts["factor_add_passkey"]).press("Enter")
    factors.locator("input[name=password]").fill(PASSWORD)
    factors.locator("input[name=password]").press("Enter")
    expect(factors.locator("li", has_text=texts["factor_passkey_name"])).to_be_visible()

    page.context.clear_cookies()
    enter()
    expect(page.locator("h1")).to_have_text(texts["second_title"])
    assert violations(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.locator("input[name=code]").fill(code)
    page.locator("input[name=code]").press("Enter")
    expect(page.locator(".alert")).to_have_text(texts["error_factor_wrong"])
    page.get_by_role("button", name=texts["second_passkey"]).press("Enter")
    page.wait_for_url(f"**/{lang}/learning/")

    page.context.clear_cookies()
    enter()
    page.get_by_text(texts["second_lost"]).press("Enter")
    page.locator("input[name=recovery]").fill(recovery)
    page.locator("input[name=recovery]").press("Enter")
    page.wait_for_url(f"**/{lang}/learning/")


@pytest.mark.parametrize(("lang", "width", "scheme"), [("fr", 360, "dark"), ("nl", 1280, "light")])
def test_answers_of_nobody_are_not_the_next_persons(
    served: Served, open_page: OpenPage, lang: str, width: int, scheme: str
) -> None:
    texts = TEXTS[lang]
    emails = [served.add(f"Tablet {name} {lang}") for name in ("Anna", "Berta")]
    address = f"{served.url}/{lang}/safe-start/doors/"
    page = open_page(width, scheme)
    first = page.locator('[question="first"] input').first
    for number, email in enumerate(emails):
        # The browser still names who was here last; nobody is signed in.
        page.context.clear_cookies()
        page.goto(address, wait_until="networkidle")
        expect(first).not_to_be_checked()
        first.check()
        expect(first).to_be_checked()
        sign_in(page, served.link(email))
        page.goto(address, wait_until="networkidle")
        asked = page.get_by_role("group", name=texts["early_question"])
        expect(asked).to_be_visible()
        expect(first).not_to_be_checked()
        assert violations(page) == []
        assert overflow(page) <= 0
        answer = texts["early_not_mine" if number == 0 else "early_mine"]
        asked.get_by_role("button", name=answer).press("Enter")
        expect(asked).to_have_count(0)
        expect(page.locator(".stem:focus")).to_have_count(1)
        expect(first).to_be_checked(checked=number == 1)
        page.reload(wait_until="networkidle")
        expect(first).to_be_checked(checked=number == 1)
