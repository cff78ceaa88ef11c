"""Signing in and out, inviting people. Knows no HTTP and never commits."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from api.accounts.models import OneTimeLink, Person, Purpose, SignIn
from api.core import audit
from api.core.addresses import read_address
from api.core.errors import Conflict, Invalid, LinkInvalid, NotFound, PasswordWeak, SignInFailed
from api.core.permissions import ROLES, Role

SIGN_IN_LASTS = timedelta(days=30)
LINK_LASTS: dict[Purpose, timedelta] = {"sign-in": timedelta(hours=24), "invitation": timedelta(days=14)}
SHORTEST_PASSWORD = 10
COMMON = frozenset(
    [
        "1234567890",
        "12345678910",
        "0123456789",
        "qwertyuiop",
        "azertyuiop",
        "motdepasse",
        "wachtwoord",
        "password123",
        "passwordpassword",
        "aaaaaaaaaa",
        "1111111111",
        "0000000000",
        "iloveyou123",
        "bonjour123",
        "welcome123",
        "azerty1234",
        "azerty12345",
        "qwerty12345",
    ]
)

# Argon2id, 19 MiB, two passes, one lane: OWASP Password Storage Cheat Sheet.
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _decoy() -> str:
    """A hash to check against when there is no account, so that both answers take as long."""
    return hasher.hash(secrets.token_urlsafe(16))


def normalise_email(text: str) -> str:
    """One spelling for an address.

    Raises:
        Invalid: It is no e-mail address.
    """
    email = read_address(text)
    if email is None:
        raise Invalid("This is no e-mail address.", field="email")
    return email


def find_person(session: Session, email: str) -> Person | None:
    """The person with an address, or None."""
    return session.scalar(select(Person).where(Person.email == (read_address(email) or email.strip().casefold())))


def add_person(
    session: Session, *, actor: str, at: datetime, email: str, name: str, role: Role, lang: str = "en"
) -> Person:
    """Make an account, without a password.

    Raises:
        Invalid: The address, the name or the role is none.
        Conflict: The address has an account.
    """
    email = normalise_email(email)
    if role not in ROLES:
        raise Invalid(f"A role is one of {', '.join(ROLES)}.", field="role")
    if not name.strip() or len(name) > 120:
        raise Invalid("A name has 1 to 120 characters.", field="name")
    if find_person(session, email):
        raise Conflict("This address has an account already.", field="email")
    person = Person(email=email, name=name.strip(), role=role, lang=lang, created_at=at)
    session.add(person)
    session.flush()
    audit.record(
        session,
        at=at,
        actor=actor,
        action="person.add",
        subject=f"person:{person.id}",
        new={"role": role, "email": email},
    )
    return person


def invite_person(
    session: Session, *, actor: str, at: datetime, email: str, name: str, role: Role, lang: str
) -> Person:
    """The account of an invitation: a new one, or the one that was invited before and has no password yet.

    Raises:
        Conflict: The address has an account that is in use, or was invited with another role.
    """
    person = find_person(session, email)
    if person and person.password_hash is None and person.role == role:
        return person
    return add_person(session, actor=actor, at=at, email=email, name=name, role=role, lang=lang)


def change_role(session: Session, *, actor: str, at: datetime, email: str, role: Role, why: str = "") -> Person:
    """Give a person another role.

    Raises:
        NotFound: Nobody has this address.
    """
    person = find_person(session, email)
    if person is None:
        raise NotFound("Nobody has this address.")
    old, person.role = person.role, role
    audit.record(
        session, at=at, actor=actor, action="person.role", subject=f"person:{person.id}", old=old, new=role, why=why
    )
    return person


MOST_TIME = 4.0


def set_time_factor(session: Session, *, actor: str, at: datetime, email: str, factor: float, why: str = "") -> Person:
    """Give a person extra time in timed quizzes; attempts that have begun keep their deadline.

    Raises:
        NotFound: Nobody has this address.
        Invalid: The factor is not from 1 to 4.
    """
    person = find_person(session, email)
    if person is None:
        raise NotFound("Nobody has this address.")
    if not 1 <= factor <= MOST_TIME:
        raise Invalid(f"The factor is from 1 (no extra time) to {MOST_TIME:g}; 1.33 is a third more.", field="factor")
    old, person.time_factor = person.time_factor, factor
    # As texts: a database may give 1 back for a bare 1.0, and the entry would no longer be what was hashed.
    audit.record(
        session,
        at=at,
        actor=actor,
        action="person.time",
        subject=f"person:{person.id}",
        old=f"{old:g}",
        new=f"{factor:g}",
        why=why,
    )
    return person


def make_link(session: Session, person: Person, purpose: Purpose, at: datetime) -> str:
    """A one-time secret for a person: 43 characters, to be put behind the # of an address."""
    token = secrets.token_urlsafe(32)
    session.add(
        OneTimeLink(
            token_hash=_hash(token),
            person_id=person.id,
            purpose=purpose,
            created_at=at,
            expires_at=at + LINK_LASTS[purpose],
        )
    )
    session.flush()
    return token


def sign_in_with_password(session: Session, email: str, password: str, at: datetime) -> SignIn:
    """Sign in.

    Raises:
        SignInFailed: Address and password do not belong together, for whatever reason.
    """
    person = find_person(session, email)
    stored = person.password_hash if person and person.active and person.password_hash else None
    try:
        hasher.verify(stored or _decoy(), password)
    except (VerificationError, InvalidHashError):
        raise SignInFailed("E-mail and password do not match.") from None
    if person is None or stored is None:
        raise SignInFailed("E-mail and password do not match.")
    if hasher.check_needs_rehash(stored):
        person.password_hash = hasher.hash(password)
    return _begin(session, person, at)


def sign_in_with_link(session: Session, token: str, at: datetime) -> SignIn:
    """Sign in by a one-time link, and use it up.

    Raises:
        LinkInvalid: It was used, is too old, or never was.
    """
    return _begin(session, _use_link(session, token, "sign-in", at), at)


def accept_invitation(session: Session, token: str, password: str, at: datetime) -> SignIn:
    """Set the first password and sign in.

    Raises:
        LinkInvalid: As for `sign_in_with_link`.
        PasswordWeak: The password is too short or a common one; the invitation stays good.
    """
    if len(password) < SHORTEST_PASSWORD or password.casefold() in COMMON:
        raise PasswordWeak(
            f"At least {SHORTEST_PASSWORD} characters, and not one of the common ones.", field="password"
        )
    person = _use_link(session, token, "invitation", at)
    person.password_hash = hasher.hash(password)
    # Other invitations of this person are over: one of them could set another password.
    session.execute(
        delete(OneTimeLink).where(
            OneTimeLink.person_id == person.id, OneTimeLink.purpose == "invitation", OneTimeLink.used_at.is_(None)
        )
    )
    # Whoever had the account open before the password was set does not keep it.
    session.execute(delete(SignIn).where(SignIn.person_id == person.id))
    return _begin(session, person, at)


def find_sign_in(session: Session, sign_in_id: str, at: datetime) -> SignIn | None:
    """The sign-in of a cookie while it holds, or None."""
    try:
        key = uuid.UUID(sign_in_id)
    except ValueError:
        return None
    found = session.get(SignIn, key)
    return found if found and found.expires_at > at and found.person.active else None


def sign_out(session: Session, sign_in_id: uuid.UUID) -> None:
    """End a sign-in, on the server too."""
    session.execute(delete(SignIn).where(SignIn.id == sign_in_id))


def _begin(session: Session, person: Person, at: datetime) -> SignIn:
    session.execute(delete(SignIn).where(SignIn.person_id == person.id, SignIn.expires_at <= at))
    sign_in = SignIn(person_id=person.id, created_at=at, expires_at=at + SIGN_IN_LASTS)
    session.add(sign_in)
    session.flush()
    sign_in.person = person
    return sign_in


def _use_link(session: Session, token: str, purpose: Purpose, at: datetime) -> Person:
    # One statement takes the link, so that two clicks at the same moment cannot both have it.
    used = session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.token_hash == _hash(token),
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > at,
        )
        .values(used_at=at)
        .returning(OneTimeLink.person_id)
    ).scalar_one_or_none()
    person = session.get(Person, used) if used else None
    if person is None or not person.active:
        raise LinkInvalid("This link was used already, or is too old.")
    return person


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def prune(session: Session, at: datetime) -> int:
    """Delete one-time links that nobody can use and sign-ins that are over; gives how many."""
    over = (OneTimeLink.expires_at <= at) | OneTimeLink.used_at.is_not(None)
    links = session.execute(delete(OneTimeLink).where(over).returning(OneTimeLink.token_hash)).all()
    sign_ins = session.execute(delete(SignIn).where(SignIn.expires_at <= at).returning(SignIn.id)).all()
    return len(links) + len(sign_ins)
