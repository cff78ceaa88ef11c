"""Second factors of an account. Knows no HTTP and never commits.

Codes of an app are RFC 6238 (pyotp), passkeys are WebAuthn level 2 (py_webauthn). A code counts once: the step that it
was of is kept, and an earlier one is refused (RFC 6238, 5.2).
"""

from __future__ import annotations

import json
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pyotp
import webauthn
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from api.accounts.act import Act
from api.accounts.links import hash_of
from api.accounts.models import FactorKind, Person, RecoveryCode, SecondFactor, SignIn
from api.core.callers import Caller
from api.core.config import Settings
from api.core.errors import NotFound
from api.core.keys import Sealer
from api.core.names import clean_line
from api.factors.errors import FactorWrong

STEP = 30
"""Seconds of a code."""
CODES = 10
MOST_FACTORS = 10
UNCONFIRMED = timedelta(minutes=15)
"""How long an app may take to be set up."""


@dataclass(frozen=True, slots=True)
class Relying:
    """The site, as passkeys know it.

    Attributes:
        host: Passkeys of it work there alone.
        origins: Where its pages come from.
        centre: As people know it.
        secret: Of the server; what apps share with it is sealed by it.
    """

    host: str
    origins: list[str]
    centre: str
    secret: str

    @classmethod
    def of(cls, settings: Settings) -> Relying:
        """Out of the settings."""
        host, origins = urlsplit(settings.url).hostname or "", [settings.origin]
        if host in ("127.0.0.1", "::1"):
            # A number is no name that a passkey could be of (WebAuthn 2, 5.1.3); this machine has one.
            host = "localhost"
            origins.append(settings.origin.replace("127.0.0.1", host).replace("[::1]", host))
        return cls(host, origins, settings.centre, settings.secret_key)

    @property
    def _sealer(self) -> Sealer:
        return Sealer(self.secret, b"second factors")

    def seal(self, factor_id: uuid.UUID, text: str) -> bytes:
        """A text for one factor alone."""
        return self._sealer.seal(text, factor_id.bytes)

    def open(self, factor: SecondFactor) -> str | None:
        """The text; None where the server's secret changed since."""
        return self._sealer.open_or_none(factor.secret, factor.id.bytes)


def factors_of(session: Session, person_id: uuid.UUID, kind: FactorKind | None = None) -> list[SecondFactor]:
    """The factors of a person that were confirmed, the oldest first."""
    wanted = select(SecondFactor).where(SecondFactor.person_id == person_id, SecondFactor.confirmed_at.is_not(None))
    if kind is not None:
        wanted = wanted.where(SecondFactor.kind == kind)
    return list(session.scalars(wanted.order_by(SecondFactor.made_at, SecondFactor.id)))


def begin_app(act: Act, relying: Relying, name: str) -> tuple[SecondFactor, str]:
    """A new secret for an app; it counts once a code of it was typed. Gives the factor and the address for the app.

    Raises:
        FactorWrong: There are too many.
    """
    session, person = act.session, act.session.get_one(Person, act.person.id)
    session.execute(
        delete(SecondFactor).where(
            SecondFactor.person_id == person.id,
            SecondFactor.confirmed_at.is_(None),
            SecondFactor.made_at < act.at - UNCONFIRMED,
        )
    )
    _check_room(session, person.id)
    secret = pyotp.random_base32()
    factor = _make(act, "app", name)
    factor.secret = relying.seal(factor.id, secret)
    session.add(factor)
    session.flush()
    return factor, pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name=relying.centre)


def _check_room(session: Session, person_id: uuid.UUID) -> None:
    if len(factors_of(session, person_id)) >= MOST_FACTORS:
        raise FactorWrong(f"An account has at most {MOST_FACTORS} second factors.")


def _make(act: Act, kind: FactorKind, name: str) -> SecondFactor:
    shown = clean_line(name)[:80]
    return SecondFactor(
        id=uuid.uuid4(), person_id=act.person.id, kind=kind, name=shown, secret=b"", counter=0, made_at=act.at
    )


def confirm_app(act: Act, relying: Relying, factor_id: uuid.UUID, code: str) -> list[str]:
    """Take an app into use by its first code; gives recovery codes where there were none.

    Raises:
        NotFound: No app waits for its first code.
        FactorWrong: The code is not right.
    """
    session = act.session
    factor = session.get(SecondFactor, factor_id)
    if factor is None or factor.person_id != act.person.id or factor.confirmed_at is not None:
        raise NotFound("No app waits for its first code.")
    _check_code(factor, relying, code, act.at)
    return _in_use(act, factor)


def _in_use(act: Act, factor: SecondFactor) -> list[str]:
    factor.confirmed_at = factor.used_at = act.at
    act.session.flush()
    act.record("factor.add", f"person:{act.person.id}", new={"kind": factor.kind, "id": str(factor.id)})
    if isinstance(act.person, Caller):
        # Whoever set it up here has shown it here.
        act.session.execute(update(SignIn).where(SignIn.id == act.person.sign_in_id).values(second=True))
    has_codes = act.session.scalar(select(RecoveryCode.code_hash).where(RecoveryCode.person_id == act.person.id))
    return [] if has_codes else make_recovery_codes(act)


def _check_code(factor: SecondFactor, relying: Relying, code: str, at: datetime) -> None:
    secret = relying.open(factor)
    digits = "".join(sign for sign in code if sign.isdigit())
    now = int(at.timestamp()) // STEP
    if secret is not None and len(digits) == 6:
        totp = pyotp.TOTP(secret)
        for step in (now - 1, now, now + 1):
            # A code that was used, or one before it, is somebody else's by now.
            if step > factor.counter and secrets.compare_digest(totp.at(step * STEP), digits):
                factor.counter, factor.used_at = step, at
                return
    raise FactorWrong("This code is not right, or was used already.")


def make_recovery_codes(act: Act) -> list[str]:
    """New codes for the day when the factor is lost; earlier ones are over. Each works once."""
    session = act.session
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == act.person.id))
    codes = [f"{secrets.token_hex(3)}-{secrets.token_hex(3)}" for _ in range(CODES)]
    session.add_all(
        RecoveryCode(code_hash=_code_hash(act.person.id, code), person_id=act.person.id, made_at=act.at)
        for code in codes
    )
    session.flush()
    act.record("factor.codes", f"person:{act.person.id}", new=len(codes))
    return codes


def _code_hash(person_id: uuid.UUID, code: str) -> str:
    return hash_of(f"{person_id}:{''.join(sign for sign in code.lower() if sign.isalnum())}")


def passkey_options(session: Session, person: Person, relying: Relying) -> tuple[dict[str, Any], str]:
    """What the browser needs to make a passkey, and the challenge to be kept until it is made."""
    known = [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(factor.credential or ""))
        for factor in factors_of(session, person.id, "passkey")
    ]
    options = webauthn.generate_registration_options(
        rp_id=relying.host,
        rp_name=relying.centre,
        user_id=person.id.bytes,
        user_name=person.email,
        user_display_name=person.name,
        exclude_credentials=known,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )
    return json.loads(webauthn.options_to_json(options)), bytes_to_base64url(options.challenge)


def add_passkey(act: Act, relying: Relying, name: str, challenge: str, answer: dict[str, Any]) -> list[str]:
    """Keep a passkey that the browser made; gives recovery codes where there were none.

    Raises:
        FactorWrong: The answer does not fit the challenge or the site, or there are too many.
    """
    _check_room(act.session, act.person.id)
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=relying.host,
            expected_origin=relying.origins,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise FactorWrong("The passkey could not be checked.") from error
    factor = _make(act, "passkey", name)
    factor.secret, factor.counter = made.credential_public_key, made.sign_count
    factor.credential = bytes_to_base64url(made.credential_id)
    act.session.add(factor)
    return _in_use(act, factor)


def passkey_question(session: Session, person_id: uuid.UUID, relying: Relying) -> tuple[dict[str, Any], str]:
    """What the browser needs to answer with a passkey, and the challenge to be kept until it did."""
    known = [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(factor.credential or ""))
        for factor in factors_of(session, person_id, "passkey")
    ]
    options = webauthn.generate_authentication_options(rp_id=relying.host, allow_credentials=known)
    return json.loads(webauthn.options_to_json(options)), bytes_to_base64url(options.challenge)


def check_second(
    session: Session,
    person_id: uuid.UUID,
    relying: Relying,
    at: datetime,
    *,
    code: str = "",
    recovery: str = "",
    challenge: str = "",
    answer: dict[str, Any] | None = None,
) -> str:
    """Check a second factor: a code of an app, a recovery code, or a passkey's answer; gives which it was.

    Raises:
        FactorWrong: It is not right.
    """
    if answer is not None:
        _check_passkey(session, person_id, relying, challenge, answer, at)
        return "passkey"
    if recovery:
        used = session.execute(
            update(RecoveryCode)
            .where(RecoveryCode.code_hash == _code_hash(person_id, recovery), RecoveryCode.used_at.is_(None))
            .values(used_at=at)
            .returning(RecoveryCode.code_hash)
        ).first()
        if used is None:
            raise FactorWrong("This code is not right, or was used already.")
        return "recovery"
    for factor in factors_of(session, person_id, "app"):
        try:
            _check_code(factor, relying, code, at)
        except FactorWrong:
            continue
        session.flush()
        return "app"
    raise FactorWrong("This code is not right, or was used already.")


def _check_passkey(
    session: Session, person_id: uuid.UUID, relying: Relying, challenge: str, answer: dict[str, Any], at: datetime
) -> None:
    wanted = str(answer.get("id", ""))
    factor = next((one for one in factors_of(session, person_id, "passkey") if one.credential == wanted), None)
    if factor is None or not challenge:
        raise FactorWrong("This passkey is not one of this account.")
    try:
        done = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=relying.host,
            expected_origin=relying.origins,
            credential_public_key=factor.secret,
            credential_current_sign_count=factor.counter,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise FactorWrong("The passkey could not be checked.") from error
    factor.counter, factor.used_at = done.new_sign_count, at
    session.flush()


def remove_factor(act: Act, person_id: uuid.UUID, factor_id: uuid.UUID) -> None:
    """Take a factor out of use; with the last one the recovery codes go too.

    Raises:
        NotFound: The person has no such factor.
    """
    session = act.session
    factor = session.get(SecondFactor, factor_id)
    if factor is None or factor.person_id != person_id:
        raise NotFound("There is no such factor.")
    session.delete(factor)
    session.flush()
    act.record("factor.remove", f"person:{person_id}", old={"kind": factor.kind, "id": str(factor_id)})
    if not factors_of(session, person_id):
        session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))


def remove_all_factors(act: Act, person_id: uuid.UUID) -> int:
    """Take every factor of somebody out of use who lost them; gives how many there were."""
    found = factors_of(act.session, person_id)
    for factor in found:
        remove_factor(act, person_id, factor.id)
    return len(found)
