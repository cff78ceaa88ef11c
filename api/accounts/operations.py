"""Signing in and out, inviting people. Knows no HTTP and never commits."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import Connection, Table, bindparam, delete, select, update
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.errors import LinkInvalid, NotConfirmed, PasswordMissing, PasswordWeak, SignInFailed
from api.accounts.models import OneTimeLink, Person, Purpose, SignIn
from api.core.addresses import read_address
from api.core.audit import note_rows
from api.core.callers import Caller
from api.core.errors import Conflict, Invalid, NotFound
from api.core.roles import ROLES, Role
from api.core.statements import Prepared, insert_or_nothing

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


def add_person(act: Act, *, email: str, name: str, role: Role, lang: str = "en") -> Person:
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
    if find_person(act.session, email):
        raise Conflict("This address has an account already.", field="email")
    person = Person(
        email=email, name=name.strip(), role=role, lang=lang, active=True, time_factor=1.0, created_at=act.at
    )
    act.session.add(person)
    act.session.flush()
    act.record("person.add", f"person:{person.id}", new={"role": role})
    return person


@dataclass(frozen=True, slots=True)
class NewLearner:
    """Somebody on a list."""

    email: str
    name: str
    lang: str


TOGETHER = 100
"""Accounts in one statement."""


def add_learners(act: Act, wanted: Sequence[NewLearner]) -> None:
    """Make the accounts of a list in one statement a hundred; whoever has one by now keeps it as it is.

    Rows first and in the order of their addresses, then one entry of the trail: two who do this at once wait for one
    another, and never both.

    Args:
        act: Who does it.
        wanted: With addresses as `normalise_email` has them, each once.
    """
    made: list[dict[str, Any]] = []
    lines = sorted(wanted, key=lambda one: one.email)
    dialect = act.session.get_bind().dialect.name
    for start in range(0, len(lines), TOGETHER):
        rows = [
            {
                "id": uuid.uuid4(),
                "email": one.email,
                "name": one.name,
                "role": "learner",
                "lang": one.lang,
                "active": True,
                "time_factor": 1.0,
                "created_at": act.at,
            }
            for one in lines[start : start + TOGETHER]
        ]
        statement = insert_or_nothing(PEOPLE, dialect).values(rows).returning(PEOPLE.c.id)
        kept = set(act.session.scalars(statement))
        made += [row for row in rows if row["id"] in kept]
    if made:
        note_rows(act.session, Person, made)
        act.record("person.add", "people", new={"role": "learner", "ids": [str(row["id"]) for row in made]})


PEOPLE: Table = Person.__table__  # type: ignore[assignment]  # It is a table.


def invite_person(act: Act, *, email: str, name: str, role: Role, lang: str) -> Person:
    """The account of an invitation: a new one, or the one that was invited before and has no password yet.

    Raises:
        Conflict: The address has an account that is in use, or was invited with another role.
    """
    person = find_person(act.session, email)
    if person and person.password_hash is None and person.role == role:
        return person
    return add_person(act, email=email, name=name, role=role, lang=lang)


def change_role(act: Act, *, email: str, role: Role) -> Person:
    """Give a person another role.

    Raises:
        NotFound: Nobody has this address.
    """
    person = find_person(act.session, email)
    if person is None:
        raise NotFound("Nobody has this address.")
    old, person.role = person.role, role
    act.record("person.role", f"person:{person.id}", old=old, new=role)
    return person


def set_active(act: Act, *, email: str, active: bool) -> Person:
    """Suspend an account, which ends its sign-ins and the links to it at once, or open it again; nothing of it is lost.

    Raises:
        NotFound: Nobody has this address.
    """
    person = find_person(act.session, email)
    if person is None:
        raise NotFound("Nobody has this address.")
    if person.active != active:
        person.active = active
        act.record("person.open" if active else "person.suspend", f"person:{person.id}")
    if not active:
        act.session.execute(delete(SignIn).where(SignIn.person_id == person.id))
        act.session.execute(
            delete(OneTimeLink).where(OneTimeLink.person_id == person.id, OneTimeLink.used_at.is_(None))
        )
    return person


MOST_TIME = 4.0


def set_time_factor(act: Act, *, email: str, factor: float) -> Person:
    """Give a person extra time in timed quizzes; attempts that have begun keep their deadline.

    Raises:
        NotFound: Nobody has this address.
        Invalid: The factor is not from 1 to 4.
    """
    person = find_person(act.session, email)
    if person is None:
        raise NotFound("Nobody has this address.")
    if not 1 <= factor <= MOST_TIME:
        raise Invalid(f"The factor is from 1 (no extra time) to {MOST_TIME:g}; 1.33 is a third more.", field="factor")
    old, person.time_factor = person.time_factor, factor
    # As texts: a database may give 1 back for a bare 1.0, and the entry would no longer be what was hashed.
    act.record("person.time", f"person:{person.id}", old=f"{old:g}", new=f"{factor:g}")
    return person


def make_link(act: Act, person: Person, purpose: Purpose) -> str:
    """A one-time secret for a person: 43 characters, to be put behind the # of an address."""
    token = secrets.token_urlsafe(32)
    act.session.add(
        OneTimeLink(
            token_hash=_hash(token),
            person_id=person.id,
            purpose=purpose,
            created_at=act.at,
            expires_at=act.at + LINK_LASTS[purpose],
        )
    )
    act.session.flush()
    act.record("link.make", f"person:{person.id}", new={"purpose": purpose, "link": _short(token)})
    return token


def _short(token: str) -> str:
    """By which the trail knows a link: it says which one was used, and opens nothing."""
    return _hash(token)[:16]


def find_password(session: Session, email: str) -> tuple[uuid.UUID | None, str]:
    """Whose address it is, and the hash to compare a password with; a decoy where nobody can sign in with it."""
    person = find_person(session, email)
    if person is None or not person.active or person.password_hash is None:
        return None, _decoy()
    return person.id, person.password_hash


def check_password(stored: str, password: str) -> tuple[bool, str | None]:
    """Whether a password is right, and a new hash where the stored one is to be replaced; it is slow on purpose."""
    try:
        hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False, None
    return True, hasher.hash(password) if hasher.check_needs_rehash(stored) else None


def hash_password(password: str) -> str:
    """The hash of a new password; it is slow on purpose.

    Raises:
        PasswordWeak: It is too short or a common one.
    """
    if len(password) < SHORTEST_PASSWORD or password.casefold() in COMMON:
        raise PasswordWeak(
            f"At least {SHORTEST_PASSWORD} characters, and not one of the common ones.", field="password"
        )
    return hasher.hash(password)


def sign_in_with_password(session: Session, person_id: uuid.UUID, new_hash: str | None, at: datetime) -> SignIn:
    """Sign somebody in whose password was right.

    Raises:
        SignInFailed: The account was closed meanwhile.
    """
    person = session.get(Person, person_id)
    if person is None or not person.active:
        raise SignInFailed("E-mail and password do not match.")
    if new_hash is not None:
        person.password_hash = new_hash
    return _begin(session, person, at, by="password")


def find_own_password(session: Session, person_id: uuid.UUID) -> str:
    """The hash to compare a password with that somebody who is signed in gives once more.

    Raises:
        PasswordMissing: They sign in by links, and have none.
    """
    stored = session.get_one(Person, person_id).password_hash
    if stored is None:
        raise PasswordMissing("Your account has no password yet. Ask an administrator for an invitation, and set one.")
    return stored


CONFIRMED = timedelta(minutes=5)
"""For how long a password that was given once more stands behind signatures (21 CFR 11.200)."""


def make_confirmation(secret: str, person_id: uuid.UUID) -> str:
    """What a signature carries when the password was given just before."""
    return str(URLSafeTimedSerializer(secret, salt="confirmation").dumps(str(person_id)))


def check_confirmation(secret: str, person_id: uuid.UUID, confirmation: str) -> None:
    """Make sure that somebody gave their password just before.

    Raises:
        NotConfirmed: They did not, or too long ago.
    """
    try:
        found = URLSafeTimedSerializer(secret, salt="confirmation").loads(
            confirmation, max_age=int(CONFIRMED.total_seconds())
        )
    except BadSignature:
        found = None
    if found != str(person_id):
        raise NotConfirmed("Give your password once more to sign.")


def note_failed_sign_in(session: Session, email: str, at: datetime) -> None:
    """Record that somebody tried: for whose account, or with an address that has none."""
    person = find_person(session, email)
    subject = f"person:{person.id}" if person else "person:none"
    Act(session, at, "anybody").record("sign-in.failed", subject)


def sign_in_with_link(session: Session, token: str, at: datetime) -> SignIn:
    """Sign in by a one-time link, and use it up.

    Raises:
        LinkInvalid: It was used, is too old, or never was.
    """
    return _begin(session, _use_link(session, token, "sign-in", at), at, by=_short(token))


def accept_invitation(session: Session, token: str, hashed: str, at: datetime) -> SignIn:
    """Set the first password, as `hash_password` gives it, and sign in.

    Raises:
        LinkInvalid: As for `sign_in_with_link`.
    """
    person = _use_link(session, token, "invitation", at)
    person.password_hash = hashed
    # Other invitations of this person are over: one of them could set another password.
    session.execute(
        delete(OneTimeLink).where(
            OneTimeLink.person_id == person.id, OneTimeLink.purpose == "invitation", OneTimeLink.used_at.is_(None)
        )
    )
    # Whoever had the account open before the password was set does not keep it.
    session.execute(delete(SignIn).where(SignIn.person_id == person.id))
    Act.of(session, person, at).record("invitation.answer", f"person:{person.id}", new={"link": _short(token)})
    return _begin(session, person, at, by=_short(token))


FIND_CALLER = Prepared(
    select(SignIn.id, SignIn.expires_at, SignIn.person_id, Person.name, Person.role, Person.lang, Person.time_factor)
    .join(Person, Person.id == SignIn.person_id)
    .where(SignIn.id == bindparam("sign_in"), Person.active.is_(True))
)


def find_caller(reader: Session | Connection, sign_in_id: str, at: datetime) -> Caller | None:
    """Whose sign-in a cookie names, while it holds and the account is open; or None."""
    try:
        key = uuid.UUID(sign_in_id)
    except ValueError:
        return None
    found = FIND_CALLER.row(reader, sign_in=key)
    if found is None or found.expires_at <= at:
        return None
    return Caller(found.person_id, found.name, found.role, found.lang, found.time_factor, found.id)


def caller_of(sign_in: SignIn) -> Caller:
    """Who has just signed in."""
    person = sign_in.person
    return Caller(person.id, person.name, person.role, person.lang, person.time_factor, sign_in.id)


def sign_out(act: Act, sign_in_id: uuid.UUID) -> None:
    """End a sign-in, on the server too."""
    act.session.execute(delete(SignIn).where(SignIn.id == sign_in_id))
    act.record("sign-out", f"person:{act.actor}", old=str(sign_in_id))


def _begin(session: Session, person: Person, at: datetime, by: str) -> SignIn:
    session.execute(delete(SignIn).where(SignIn.person_id == person.id, SignIn.expires_at <= at))
    sign_in = SignIn(person_id=person.id, created_at=at, expires_at=at + SIGN_IN_LASTS)
    session.add(sign_in)
    session.flush()
    sign_in.person = person
    Act.of(session, person, at).record("sign-in", f"person:{person.id}", new={"id": str(sign_in.id), "by": by})
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


LOCK = Prepared(select(Person.id).where(Person.id == bindparam("person_id")).with_for_update(key_share=True))


def one_writer(session: Session, person_id: uuid.UUID) -> None:
    """Let the writes of one person follow one another: limits are counted and summaries made of what is there.

    On SQLite there is one writer anyway. On PostgreSQL the lock leaves foreign keys to the person alone.
    """
    if session.get_bind().dialect.name != "sqlite":
        LOCK.row(session, person_id=person_id)
