"""People who asked for a way in with an address that has no account: none is made before they answered the letter.

Knows no HTTP and never commits.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.errors import LinkInvalid
from api.accounts.links import LINK_LASTS, hash_of, short
from api.accounts.models import Newcomer, Person
from api.accounts.operations import add_person, find_person

MOST_WAITING = 10_000
"""Newcomers who have not answered; who asks beyond them asks again later."""


def note_newcomer(session: Session, *, email: str, name: str, lang: str, at: datetime) -> Newcomer | None:
    """Note that somebody asks for a way in; asking again says the name anew. None where too many wait.

    Args:
        session: The act's own.
        email: As `normalise_email` has it, without an account.
        name: As `checked_name` has it.
        lang: Of the letter.
        at: Now.
    """
    found = session.scalar(select(Newcomer).where(Newcomer.email == email))
    if found is None:
        if (session.scalar(select(func.count()).select_from(Newcomer)) or 0) >= MOST_WAITING:
            return None
        found = Newcomer(email=email, asked_at=at)
        session.add(found)
    found.name, found.lang, found.expires_at = name, lang, at + LINK_LASTS["invitation"]
    session.flush()
    return found


def make_secret(newcomer: Newcomer, at: datetime) -> str:
    """What the letter to a newcomer carries; a letter before it does nothing any more."""
    token = secrets.token_urlsafe(32)
    newcomer.token_hash, newcomer.expires_at = hash_of(token), at + LINK_LASTS["invitation"]
    return token


def find_newcomer_or_none(session: Session, token: str, at: datetime) -> Newcomer | None:
    """Whose secret it is, where it still works and nobody has the address by now."""
    found = session.scalar(select(Newcomer).where(Newcomer.token_hash == hash_of(token), Newcomer.expires_at > at))
    return found if found is not None and find_person(session, found.email) is None else None


def take_newcomer(session: Session, token: str, name: str, hashed: str, at: datetime) -> Person:
    """Make the account of a newcomer, whose address is confirmed by the secret.

    Args:
        session: The act's own.
        token: The secret.
        name: As they say it now; "" is as they said it before.
        hashed: Their password, as `hash_password` gives it.
        at: Now.

    Raises:
        LinkInvalid: It was used, is too old, or never was.
        Invalid: The name is none.
    """
    found = find_newcomer_or_none(session, token, at)
    if found is None:
        raise LinkInvalid("This link was used already, or is too old.")
    act = Act(session, at, f"newcomer:{short(token)}")
    person = add_person(act, email=found.email, name=name or found.name, role="learner", lang=found.lang)
    person.password_hash = hashed
    session.execute(delete(Newcomer).where(Newcomer.id == found.id))
    Act.of(session, person, at).record("invitation.answer", f"person:{person.id}", new={"link": short(token)})
    return person


def prune_newcomers(session: Session, at: datetime) -> int:
    """Forget who did not answer in time; gives how many."""
    return len(session.execute(delete(Newcomer).where(Newcomer.expires_at <= at).returning(Newcomer.id)).all())
