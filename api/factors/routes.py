"""Routes of second factors: one's own, and the second step of signing in."""

from __future__ import annotations

import uuid
from urllib.parse import parse_qs, urlsplit

import segno
from apiflask import APIBlueprint
from flask import Response, after_this_request, session
from sqlalchemy import func, select

from api.accounts.current import current_act
from api.accounts.guesses import check_guesses, forget_guesses, note_guess
from api.accounts.models import Person, RecoveryCode
from api.accounts.passwords import check_confirmation
from api.accounts.routes import WAITING, guess_keys, let_in
from api.accounts.schemas import Me
from api.accounts.sign_ins import find_waiting, pass_second
from api.core.permissions import anyone, everyone_signed_in
from api.core.replies import gives
from api.core.requests import chosen_settings, current_database, current_session, current_settings, now
from api.core.schemas import DoneOut
from api.factors import operations
from api.factors.errors import FactorWrong, NothingWaits
from api.factors.operations import Relying
from api.factors.schemas import (
    AppCode,
    AppOut,
    CodesOut,
    ConfirmedIn,
    FactorIn,
    FactorOut,
    FactorsOut,
    PasskeyIn,
    PasskeyOut,
    SecondIn,
)

factors = APIBlueprint("factors", __name__, url_prefix="/api/v1", tag="Second factors")
CHALLENGE = "airlock_challenge"
own = everyone_signed_in(rows="own", enrolling=True)


def _relying() -> Relying:
    return Relying.of(chosen_settings())


def _check(confirmation: str) -> None:
    check_confirmation(current_settings().secret_key, current_act().person.id, confirmation)


@factors.get("/account/factors")
@own
@gives(factors, FactorsOut)
def list_factors() -> FactorsOut:
    """One's second factors."""
    act = current_act()
    left = select(func.count()).select_from(RecoveryCode)
    left = left.where(RecoveryCode.person_id == act.person.id, RecoveryCode.used_at.is_(None))
    return FactorsOut(
        factors=[FactorOut.model_validate(one) for one in operations.factors_of(act.session, act.person.id)],
        codes_left=act.session.scalar(left) or 0,
        required=act.person.role in chosen_settings().second_factor,
    )


@factors.post("/account/factors/app")
@own
@factors.input(FactorIn)
@gives(factors, AppOut, 201)
def begin_app(json_data: FactorIn) -> AppOut:
    """A new secret for an app; it counts once a code of it was typed. The reply is kept nowhere."""
    _check(json_data.confirmation)
    act = current_act()
    factor, address = operations.begin_app(act, _relying(), json_data.name)
    act.session.commit()
    picture = segno.make(address, error="m").svg_data_uri(scale=4, border=2, light="#fff")
    return AppOut(id=factor.id, address=address, picture=picture, secret=parse_qs(urlsplit(address).query)["secret"][0])


@factors.post("/account/factors/app/<uuid:factor_id>")
@own
@factors.input(AppCode)
@gives(factors, CodesOut)
def confirm_app(factor_id: uuid.UUID, json_data: AppCode) -> CodesOut:
    """Take an app into use by its first code."""
    act = current_act()
    codes = operations.confirm_app(act, _relying(), factor_id, json_data.code)
    act.session.commit()
    return CodesOut(codes=codes)


@factors.post("/account/factors/passkey/options")
@own
@factors.input(ConfirmedIn)
@gives(factors, PasskeyOut)
def passkey_options(json_data: ConfirmedIn) -> PasskeyOut:
    """What the browser needs to make a passkey."""
    _check(json_data.confirmation)
    act = current_act()
    person = act.session.get_one(Person, act.person.id)
    options, session[CHALLENGE] = operations.passkey_options(act.session, person, _relying())
    return PasskeyOut(options=options)


@factors.post("/account/factors/passkey")
@own
@factors.input(PasskeyIn)
@gives(factors, CodesOut)
def add_passkey(json_data: PasskeyIn) -> CodesOut:
    """Keep a passkey that the browser made."""
    act = current_act()
    challenge = str(session.pop(CHALLENGE, ""))
    codes = operations.add_passkey(act, _relying(), json_data.name, challenge, json_data.answer)
    act.session.commit()
    return CodesOut(codes=codes)


@factors.post("/account/factors/<uuid:factor_id>/removal")
@everyone_signed_in(rows="own")
@factors.input(ConfirmedIn)
@gives(factors, DoneOut)
def remove_factor(factor_id: uuid.UUID, json_data: ConfirmedIn) -> DoneOut:
    """Take a factor of one's own out of use."""
    _check(json_data.confirmation)
    act = current_act()
    operations.remove_factor(act, act.person.id, factor_id)
    act.session.commit()
    return DoneOut()


@factors.post("/account/factors/codes")
@everyone_signed_in(rows="own")
@factors.input(ConfirmedIn)
@gives(factors, CodesOut)
def renew_codes(json_data: ConfirmedIn) -> CodesOut:
    """New recovery codes; earlier ones are over. They are shown this once."""
    _check(json_data.confirmation)
    act = current_act()
    codes = operations.make_recovery_codes(act)
    act.session.commit()
    return CodesOut(codes=codes)


def _waiting() -> tuple[uuid.UUID, uuid.UUID, str]:
    """The sign-in that waits in this browser: its id, whose it is, and their address.

    Raises:
        NothingWaits: There is none, or it waited too long.
    """
    with current_database().reading() as reading:
        found = find_waiting(reading, str(session.get(WAITING, "")), now())
        if found is None:
            raise NothingWaits("Sign in again: that was too long ago.")
        return found.id, found.person_id, found.person.email


@factors.post("/sign-in/second/question")
@anyone()
@gives(factors, PasskeyOut)
def question() -> PasskeyOut:
    """What the browser needs to answer with a passkey."""
    _, person_id, _ = _waiting()
    options, session[CHALLENGE] = operations.passkey_question(current_session(), person_id, _relying())
    return PasskeyOut(options=options)


@factors.post("/sign-in/second")
@anyone()
@factors.input(SecondIn)
@gives(factors, Me)
def second(json_data: SecondIn) -> Me:
    """The second step of signing in; wrong codes make the next one wait, as wrong passwords do."""
    sign_in_id, person_id, email = _waiting()
    keys = guess_keys(f"second:{email}")
    with current_database().reading() as reading:
        check_guesses(reading, keys, now())
    challenge = str(session.pop(CHALLENGE, ""))
    writing = current_session()
    try:
        how = operations.check_second(
            writing,
            person_id,
            _relying(),
            now(),
            code=json_data.code,
            recovery=json_data.recovery,
            challenge=challenge,
            answer=json_data.answer,
        )
    except FactorWrong:
        writing.rollback()
        note_guess(writing, keys, now())
        writing.commit()
        raise
    forget_guesses(writing, keys)
    shown = let_in(pass_second(writing, sign_in_id, now(), how))
    writing.commit()

    @after_this_request
    def forget(reply: Response) -> Response:
        session.pop(WAITING, None)
        return reply

    return shown
