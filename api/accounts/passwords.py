"""Passwords: which are taken, how they are kept, and giving one's own once more before one signs. Knows no HTTP."""

from __future__ import annotations

import secrets
import unicodedata
import uuid
from collections.abc import Iterable
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session
from zxcvbn import zxcvbn

from api.accounts.errors import NotConfirmed, PasswordMissing, PasswordWeak
from api.accounts.models import Person
from api.accounts.operations import find_person

SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 128
"""Characters: enough for a sentence, and no more than is hashed in a moment."""
SAFE = 3
"""Of zxcvbn's four steps: 10^8 guesses or more, which nobody makes over the network.

The 30,000 passwords that leaked most often are in its dictionaries, and far below (ASVS 5.0, 6.2.4 asks for 3,000).
"""
LOOKED_AT = 64
"""Characters that are looked at: what is longer is safe if its beginning is, and costs a second."""
OUR_WORDS = (
    *("airlock", "airlocks", "formation", "opleiding", "training", "apprenant", "stagiaire", "cursist", "learner"),
    *("bruxelles", "brussel", "brussels", "wallonie", "belgique", "belgie", "belgium", "charleroi", "liege", "namur"),
    *("gosselies", "mons", "louvain", "leuven", "antwerpen", "gent", "nivelles", "wavre", "tournai"),
    *("motdepasse", "wachtwoord", "azertyuiop", "azerty", "bonjour", "bienvenue", "welkom", "soleil", "chouchou"),
    *("janvier", "fevrier", "avril", "juillet", "septembre", "octobre", "novembre", "decembre"),
    *("januari", "februari", "augustus", "oktober", "printemps", "zomer", "hiver", "automne"),
)
"""Words that everybody here thinks of first, beside those of the person and the centre."""

# Argon2id, 19 MiB, two passes, one lane: OWASP Password Storage Cheat Sheet.
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _decoy() -> str:
    """A hash to check against when there is no account, so that both answers take as long."""
    return hasher.hash(secrets.token_urlsafe(16))


def normalise_password(text: str) -> str:
    """One spelling for a password: keyboards write é as one sign or as two (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFC", text)


def check_new_password(password: str, words: Iterable[str] = ()) -> str:
    """A password that may be set, in its one spelling. It takes some milliseconds.

    Args:
        password: As it was typed.
        words: Of the person and the centre: names, the address.

    Raises:
        PasswordWeak: It is too short, too long, common, or made of what everybody would try first.
    """
    password = normalise_password(password)
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise PasswordWeak(f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.", field="password")
    known = [*OUR_WORDS, *(part for word in words for part in _parts(word))]
    if zxcvbn(password[:LOOKED_AT], user_inputs=known)["score"] < SAFE:
        raise PasswordWeak("This password is easy to guess. A sentence of four words is not.", field="password")
    return password


def _parts(word: str) -> list[str]:
    """A name or an address, and what it is made of."""
    word = word.casefold()
    cut = word.replace("@", " ").replace(".", " ").replace("-", " ").replace("_", " ").split()
    return [word, "".join(cut), *(part for part in cut if len(part) > 2)]


def hash_password(password: str, words: Iterable[str] = ()) -> str:
    """The hash of a new password; it is slow on purpose.

    Raises:
        PasswordWeak: As for `check_new_password`.
    """
    return hasher.hash(check_new_password(password, words))


def find_password(session: Session, email: str) -> tuple[uuid.UUID | None, str]:
    """Whose address it is, and the hash to compare a password with; a decoy where nobody can sign in with it."""
    person = find_person(session, email)
    if person is None or not person.active or person.password_hash is None:
        return None, _decoy()
    return person.id, person.password_hash


def check_password(stored: str, password: str) -> tuple[bool, str | None]:
    """Whether a password is right, and a new hash where the stored one is to be replaced; it is slow on purpose."""
    password = normalise_password(password)
    try:
        hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False, None
    return True, hasher.hash(password) if hasher.check_needs_rehash(stored) else None


def find_own_password(session: Session, person_id: uuid.UUID) -> str:
    """The hash to compare a password with that somebody who is signed in gives once more.

    Raises:
        PasswordMissing: They sign in by links, and have none.
    """
    stored = session.get_one(Person, person_id).password_hash
    if stored is None:
        raise PasswordMissing("Your account has no password yet. Set one on the page of your account.")
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
