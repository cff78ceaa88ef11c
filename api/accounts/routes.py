"""Routes of signing in and inviting."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import timedelta

from apiflask import APIBlueprint
from flask import Flask, Response, after_this_request, current_app, request, session
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadSignature, URLSafeSerializer

from api.accounts import guesses, links, newcomers, operations, passwords, sign_ins
from api.accounts.current import current_act
from api.accounts.errors import SignInFailed
from api.accounts.models import Person, SignIn
from api.accounts.schemas import (
    Account,
    Asked,
    ConfirmationIn,
    ConfirmationOut,
    DeviceOut,
    Invitation,
    InvitationAnswer,
    InvitationMade,
    LanguageChange,
    LinkAsked,
    LinkOwner,
    LinkOwnerIn,
    LinkSignIn,
    Me,
    PasswordChange,
    PasswordSignIn,
    PersonOut,
)
from api.accounts.sign_ins import Device
from api.core.apart import apart
from api.core.callers import Caller
from api.core.config import MAILBOX
from api.core.limits import limiter
from api.core.pages import page_path
from api.core.permissions import anyone, everyone_signed_in, must_enrol, pages_for, roles
from api.core.replies import gives
from api.core.requests import (
    brief_read,
    chosen_settings,
    close_session,
    current_database,
    current_session,
    current_settings,
    now,
)
from api.core.roles import Role

accounts = APIBlueprint("accounts", __name__, url_prefix="/api/v1", tag="Accounts")


HASHING = (
    "/api/v1/sign-in",
    "/api/v1/invitations/answer",
    "/api/v1/confirmations",
    "/api/v1/account/password",
)
"""Paths of requests that hash a password."""
START: dict[Role, str] = {"learner": "learning", "teacher": "classes"}
"""The page that one comes to by signing in; results for others."""


def register_sign_in(app: Flask) -> None:
    """Tie flask-login to the sign-ins in the database."""
    manager = LoginManager(app)
    manager.session_protection = None  # It binds a sign-in to a network address, which a phone changes all day.

    @manager.user_loader  # type: ignore[untyped-decorator]  # flask-login has no types.
    def load(sign_in_id: str) -> Caller | None:
        at = now()
        with brief_read() as reader:
            found = sign_ins.find_caller(reader, sign_in_id, at)
        if found is None:
            return None
        if found.due:
            # In a transaction of its own: also a request that only reads, or that fails, was a use.
            close_session()
            with current_database().writing() as writing:
                sign_ins.note_use(writing, found.caller.sign_in_id, at)
        return found.caller


def device_here(shared: bool = False) -> Device:
    """Where the request comes from."""
    return Device.of(request.headers.get("User-Agent", ""), request.remote_addr or "", shared)


WAITING = "airlock_waiting"
"""In the cookie: the sign-in that waits for a second factor."""


def let_in(sign_in: SignIn) -> Me:
    """Put a new sign-in into a cookie that shares nothing with the one before it."""
    session.clear()
    if sign_in.waiting:
        session[WAITING] = str(sign_in.id)
        session.permanent = False
        kinds = sign_ins.factor_kinds(current_session(), sign_in.person_id)
        return Me(person=None, csrf_token=generate_csrf(), mailbox=False, second=kinds)
    login_user(sign_ins.caller_of(current_session(), sign_in))
    # On a device that others use too, it is gone with the browser.
    session.permanent = not sign_in.shared
    if not sign_in.shared:
        _remember_device(sign_in.person.email)
    return _me()


DEVICE_LASTS = timedelta(days=365)
MOST_ON_A_DEVICE = 8
"""Accounts that a device is known for."""


def _device_signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_settings().secret_key, salt="device")


def _device_cookie() -> str:
    return "__Host-airlock-device" if current_settings().secure else "airlock-device"


def _read_device() -> tuple[str, list[str]]:
    """The name of this device and which accounts were in use on it, as hashes."""
    try:
        name, accounts_here = _device_signer().loads(request.cookies.get(_device_cookie(), ""))
    except (BadSignature, ValueError, TypeError):
        return secrets.token_urlsafe(16), []
    return str(name), [str(one) for one in accounts_here]


def _account_here(email: str) -> str:
    return hashlib.sha256(email.strip().casefold().encode("utf-8", "replace")).hexdigest()[:16]


def _remember_device(email: str) -> None:
    """Somebody signed in here: wrong passwords elsewhere do not keep them out."""
    name, known = _read_device()
    this = _account_here(email)
    value = _device_signer().dumps([name, [this, *(one for one in known if one != this)][:MOST_ON_A_DEVICE]])

    @after_this_request
    def keep(reply: Response) -> Response:
        reply.set_cookie(
            _device_cookie(),
            str(value),
            max_age=DEVICE_LASTS,
            secure=current_settings().secure,
            httponly=True,
            samesite="Lax",
        )
        return reply


def guess_keys(email: str) -> dict[str, int]:
    """What a wrong password counts for, from where this request comes."""
    name, known = _read_device()
    return guesses.keys_of(email, device_here().network, name if _account_here(email) in known else "")


def _me() -> Me:
    settings = current_settings()
    shown = None
    if current_user.is_authenticated:
        caller: Caller = current_user._get_current_object()
        shown = PersonOut(
            id=caller.id,
            name=caller.name,
            role=caller.role,
            lang=caller.lang,
            start=START.get(caller.role, "results"),
            pages=pages_for(current_app, caller.role),
            operator=caller.operator,
            enrol=must_enrol(caller, settings),
            password=caller.password,
        )
    return Me(
        person=shown,
        csrf_token=generate_csrf(),
        mailbox=settings.mail == MAILBOX,
        sign_on=settings.sign_on.name if settings.sign_on else "",
    )


@accounts.get("/me")
@anyone()
@gives(accounts, Me)
def me() -> Me:
    """Who is signed in, and the CSRF token for what comes next."""
    return _me()


@accounts.post("/sign-in")
@anyone()
@accounts.input(PasswordSignIn)
@gives(accounts, Me)
def sign_in(json_data: PasswordSignIn) -> Me:
    """Sign in with e-mail and password; wrong ones make the next one wait."""
    keys = guess_keys(json_data.email)
    with current_database().reading() as reading:
        guesses.check_guesses(reading, keys, now())
        person_id, stored = passwords.find_password(reading, json_data.email)
    right, new_hash = apart(passwords.check_password, stored, json_data.password)
    if person_id is None or not right:
        _note_wrong(json_data.email, keys)
        raise SignInFailed("E-mail and password do not match.")
    found = sign_ins.sign_in_with_password(current_session(), person_id, new_hash, now(), device_here(json_data.shared))
    guesses.forget_guesses(current_session(), keys)
    shown = let_in(found)
    current_session().commit()
    return shown


def _note_wrong(email: str, keys: dict[str, int]) -> None:
    """Count a wrong password, and record it, whatever becomes of the request."""
    guesses.note_guess(current_session(), keys, now())
    person = operations.find_person(current_session(), email)
    sign_ins.note_failed_sign_in(current_session(), person, now(), device_here())
    current_session().commit()


@accounts.post("/sign-in/asked")
@anyone()
@limiter.limit("200 per hour")
@accounts.input(LinkAsked)
@gives(accounts, Asked)
def ask_for_link(json_data: LinkAsked) -> Asked:
    """Have a link sent to one's address, to sign in or to set a password. Every address gets the same reply."""
    sends = current_settings().mail is not None
    if sends:
        operations.ask_for_link(current_session(), json_data.email, json_data.wanted, now())
        current_session().commit()
    return Asked(sends=sends)


@accounts.post("/sign-in/link/owner")
@anyone()
@limiter.limit("60 per minute")
@accounts.input(LinkOwnerIn)
@gives(accounts, LinkOwner)
def show_link_owner(json_data: LinkOwnerIn) -> LinkOwner:
    """Whose link it is, before it is used, and who is signed in here now."""
    here: Caller | None = current_user._get_current_object() if current_user.is_authenticated else None
    newcomer = newcomers.find_newcomer_or_none(current_session(), json_data.token, now())
    if newcomer is not None:
        signed_in = here.name if here is not None else ""
        return LinkOwner(name=newcomer.name, email=newcomer.email, operator=False, signed_in=signed_in, newcomer=True)
    link = links.find_link(current_session(), json_data.token, now())
    other = here is not None and here.id != link.person_id
    return LinkOwner(
        name=link.person.name,
        email=link.person.email,
        operator=link.purpose == "operator",
        signed_in=here.name if here is not None and other else "",
    )


@accounts.post("/sign-in/link")
@anyone()
@limiter.limit("60 per minute")
@accounts.input(LinkSignIn)
@gives(accounts, Me)
def sign_in_by_link(json_data: LinkSignIn) -> Me:
    """Sign in with a one-time link."""
    found = sign_ins.sign_in_with_link(current_session(), json_data.token, now(), device_here(json_data.shared))
    shown = let_in(found)
    current_session().commit()
    return shown


@accounts.post("/confirmations")
@everyone_signed_in(rows="own", enrolling=True)
@accounts.input(ConfirmationIn)
@gives(accounts, ConfirmationOut)
def confirm(json_data: ConfirmationIn) -> ConfirmationOut:
    """Give one's password once more, before one signs. Without a password, having signed in just now counts."""
    caller: Caller = current_user._get_current_object()
    if not sign_ins.has_just_come(current_session(), caller, now()):
        _check_own_password(caller, json_data.password)
    return ConfirmationOut(
        confirmation=passwords.make_confirmation(current_settings().secret_key, caller.id),
    )


def _check_own_password(caller: Caller, password: str) -> None:
    """Make sure that it is the caller's; a wrong one counts as at signing in."""
    with current_database().reading() as reading:
        stored = passwords.find_own_password(reading, caller.id)
        email = reading.get_one(Person, caller.id).email
        keys = guess_keys(email)
        guesses.check_guesses(reading, keys, now())
    right, _ = apart(passwords.check_password, stored, password)
    if not right:
        _note_wrong(email, keys)
        raise SignInFailed("This is not your password.")


@accounts.post("/sign-out")
@everyone_signed_in(rows="own", leaving=True)
@gives(accounts, Me)
def sign_out() -> Me:
    """Sign out, here and on the server. What the browser kept of replies goes too."""
    act = current_act()
    sign_ins.sign_out(act, current_user.sign_in_id)
    act.session.commit()
    logout_user()
    session.clear()

    @after_this_request
    def clear(reply: Response) -> Response:
        reply.headers["Clear-Site-Data"] = '"cache"'
        return reply

    return _me()


@accounts.get("/account")
@everyone_signed_in(rows="own", enrolling=True)
@gives(accounts, Account)
def account() -> Account:
    """One's own account, and where one is signed in."""
    caller: Caller = current_user._get_current_object()
    person = current_session().get_one(Person, caller.id)
    found = sign_ins.devices_of(current_session(), caller.id, now())
    return Account(
        name=person.name,
        email=person.email,
        role=person.role,
        lang=person.lang,
        password=person.password_hash is not None,
        shortest=passwords.SHORTEST_PASSWORD,
        devices=[
            DeviceOut(
                id=one.id,
                device=one.device,
                network=one.network,
                way=one.way,
                shared=one.shared,
                began_at=one.created_at,
                seen_at=one.seen_at,
                here=one.id == caller.sign_in_id,
            )
            for one in found
        ],
    )


@accounts.post("/account/password")
@everyone_signed_in(rows="own", enrolling=True)
@accounts.input(PasswordChange)
@gives(accounts, Me)
def change_password(json_data: PasswordChange) -> Me:
    """Set one's own password, with the one before; every other device is signed out."""
    caller: Caller = current_user._get_current_object()
    with current_database().reading() as reading:
        person = reading.get_one(Person, caller.id)
        has_one, words = person.password_hash is not None, (person.name, person.email)
    if has_one:
        _check_own_password(caller, json_data.old)
    hashed = apart(passwords.hash_password, json_data.password, (*words, chosen_settings().centre))
    act = current_act()
    sign_ins.change_password(act, hashed, caller.sign_in_id)
    act.session.commit()
    return _me()


@accounts.post("/account/language")
@everyone_signed_in(rows="own")
@accounts.input(LanguageChange)
@gives(accounts, Me)
def change_language(json_data: LanguageChange) -> Me:
    """In which language one gets letters and comes in."""
    act = current_act()
    operations.change_language(act, act.person.id, json_data.lang)
    act.session.commit()
    return _me()


@accounts.post("/devices/<uuid:sign_in_id>/end")
@everyone_signed_in(rows="own")
@gives(accounts, Me)
def end_device(sign_in_id: uuid.UUID) -> Me:
    """Sign out on another device."""
    act = current_act()
    sign_ins.end_device(act, sign_in_id)
    act.session.commit()
    return _me()


@accounts.post("/devices/end-others")
@everyone_signed_in(rows="own")
@gives(accounts, Me)
def end_other_devices() -> Me:
    """Sign out everywhere but here."""
    act = current_act()
    sign_ins.end_sign_ins(act, act.person.id, keep=current_user.sign_in_id)
    act.session.commit()
    return _me()


@accounts.post("/invitations")
@roles(admin="all")
@accounts.input(Invitation)
@gives(accounts, InvitationMade, 201)
def invite(json_data: Invitation) -> InvitationMade:
    """Make an account and a link with which its owner sets a password; again for somebody who has not set one yet.

    Repeating it makes no second account. The answer is not kept for replays: it holds the link's secret.
    """
    settings = current_settings()
    act = current_act()
    person = operations.invite_person(
        act, email=json_data.email, name=json_data.name, role=json_data.role, lang=json_data.lang
    )
    token = links.make_link(act, person, "invitation")
    act.session.commit()
    link = f"{settings.url}{page_path(person.lang, 'welcome')}#{token}"
    return InvitationMade(id=person.id, email=person.email, link=link)


@accounts.post("/invitations/answer")
@anyone()
@limiter.limit("60 per minute")
@accounts.input(InvitationAnswer)
@gives(accounts, Me)
def answer_invitation(json_data: InvitationAnswer) -> Me:
    """Set a first or a new password with a link, and sign in; every other way in is over."""
    with current_database().reading() as reading:
        newcomer = newcomers.find_newcomer_or_none(reading, json_data.token, now())
        known = newcomer or links.find_link(reading, json_data.token, now()).person
        words = (known.name, known.email, chosen_settings().centre)
    hashed = apart(passwords.hash_password, json_data.password, words)
    if newcomer is not None:
        person = newcomers.take_newcomer(current_session(), json_data.token, json_data.name, hashed, now())
        found = sign_ins.begin(current_session(), person, now(), device_here(), "link", links.short(json_data.token))
    else:
        found = sign_ins.set_password_with_link(current_session(), json_data.token, hashed, now(), device_here())
    shown = let_in(found)
    current_session().commit()
    return shown
