"""Routes of signing in and inviting."""

from __future__ import annotations

import hashlib

from apiflask import APIBlueprint
from flask import Flask, current_app, request, session
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf.csrf import generate_csrf

from api.accounts import operations
from api.accounts.current import current_act
from api.accounts.errors import SignInFailed
from api.accounts.models import Person, SignIn
from api.accounts.schemas import (
    ConfirmationIn,
    ConfirmationOut,
    Invitation,
    InvitationAnswer,
    InvitationMade,
    LinkSignIn,
    Me,
    PasswordSignIn,
    PersonOut,
)
from api.core.apart import apart
from api.core.callers import Caller
from api.core.config import MAILBOX
from api.core.limits import limiter
from api.core.pages import page_path
from api.core.permissions import anyone, everyone_signed_in, pages_for, roles
from api.core.replies import gives
from api.core.requests import brief_read, current_database, current_session, current_settings, now
from api.core.roles import Role

accounts = APIBlueprint("accounts", __name__, url_prefix="/api/v1", tag="Accounts")


HASHING = ("/api/v1/sign-in", "/api/v1/invitations/answer", "/api/v1/confirmations")
"""Paths of requests that hash a password."""
START: dict[Role, str] = {"learner": "learning", "teacher": "classes"}
"""The page that one comes to by signing in; results for others."""


def register_sign_in(app: Flask) -> None:
    """Tie flask-login to the sign-ins in the database."""
    manager = LoginManager(app)
    manager.session_protection = None  # It binds a sign-in to a network address, which a phone changes all day.

    @manager.user_loader  # type: ignore[untyped-decorator]  # flask-login has no types.
    def load(sign_in_id: str) -> Caller | None:
        with brief_read() as reader:
            return operations.find_caller(reader, sign_in_id, now())


def _let_in(sign_in: SignIn) -> Me:
    """Put a new sign-in into a cookie that shares nothing with the one before it."""
    session.clear()
    login_user(operations.caller_of(sign_in))
    session.permanent = True
    return _me()


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
        )
    return Me(person=shown, csrf_token=generate_csrf(), mailbox=settings.mail == MAILBOX)


def _email_key() -> str:
    # Whatever the body says that it is: the route reads it all the same.
    body = request.get_json(force=True, silent=True)
    email = body.get("email") if isinstance(body, dict) else None
    return "email:" + hashlib.sha256(str(email).strip().casefold().encode("utf-8", "replace")).hexdigest()


@accounts.get("/me")
@anyone()
@gives(accounts, Me)
def me() -> Me:
    """Who is signed in, and the CSRF token for what comes next."""
    return _me()


@accounts.post("/sign-in")
@anyone()
@limiter.limit("60 per minute")
@limiter.limit("10 per 15 minutes", key_func=_email_key)
@accounts.input(PasswordSignIn)
@gives(accounts, Me)
def sign_in(json_data: PasswordSignIn) -> Me:
    """Sign in with e-mail and password."""
    with current_database().reading() as reading:
        person_id, stored = operations.find_password(reading, json_data.email)
    right, new_hash = apart(operations.check_password, stored, json_data.password)
    if person_id is None or not right:
        operations.note_failed_sign_in(current_session(), json_data.email, now())
        current_session().commit()
        raise SignInFailed("E-mail and password do not match.")
    found = operations.sign_in_with_password(current_session(), person_id, new_hash, now())
    shown = _let_in(found)
    current_session().commit()
    return shown


@accounts.post("/sign-in/link")
@anyone()
@limiter.limit("60 per minute")
@accounts.input(LinkSignIn)
@gives(accounts, Me)
def sign_in_by_link(json_data: LinkSignIn) -> Me:
    """Sign in with a one-time link."""
    found = operations.sign_in_with_link(current_session(), json_data.token, now())
    shown = _let_in(found)
    current_session().commit()
    return shown


@accounts.post("/confirmations")
@everyone_signed_in(rows="own")
@limiter.limit("20 per 15 minutes")
@accounts.input(ConfirmationIn)
@gives(accounts, ConfirmationOut)
def confirm(json_data: ConfirmationIn) -> ConfirmationOut:
    """Give one's password once more, before one signs."""
    settings = current_settings()
    caller: Caller = current_user._get_current_object()
    with current_database().reading() as reading:
        stored = operations.find_own_password(reading, caller.id)
        email = reading.get_one(Person, caller.id).email
    right, _ = apart(operations.check_password, stored, json_data.password)
    if not right:
        operations.note_failed_sign_in(current_session(), email, now())
        current_session().commit()
        raise SignInFailed("This is not your password.")
    return ConfirmationOut(confirmation=operations.make_confirmation(settings.secret_key, caller.id))


@accounts.post("/sign-out")
@everyone_signed_in(rows="own")
@gives(accounts, Me)
def sign_out() -> Me:
    """Sign out, here and on the server."""
    act = current_act()
    operations.sign_out(act, current_user.sign_in_id)
    act.session.commit()
    logout_user()
    session.clear()
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
    token = operations.make_link(act, person, "invitation")
    act.session.commit()
    link = f"{settings.url}{page_path(person.lang, 'welcome')}#{token}"
    return InvitationMade(id=person.id, email=person.email, link=link)


@accounts.post("/invitations/answer")
@anyone()
@limiter.limit("60 per minute")
@accounts.input(InvitationAnswer)
@gives(accounts, Me)
def answer_invitation(json_data: InvitationAnswer) -> Me:
    """Set the first password, and sign in."""
    hashed = apart(operations.hash_password, json_data.password)
    found = operations.accept_invitation(current_session(), json_data.token, hashed, now())
    shown = _let_in(found)
    current_session().commit()
    return shown
