"""One-time links: a secret in a mail, or in the hand of an operator, that lets somebody in once. Knows no HTTP."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.errors import LinkInvalid
from api.accounts.models import OneTimeLink, Person, Purpose

LINK_LASTS: dict[Purpose, timedelta] = {
    "sign-in": timedelta(minutes=15),
    "operator": timedelta(minutes=15),
    "password": timedelta(hours=1),
    "invitation": timedelta(days=14),
}
LETTING_IN: tuple[Purpose, ...] = ("sign-in", "operator")
SETTING: tuple[Purpose, ...] = ("invitation", "password")
"""With which a password is set."""


def make_link(act: Act, person: Person, purpose: Purpose, lasts: timedelta | None = None) -> str:
    """A one-time secret for a person: 43 characters, to be put behind the # of an address.

    Args:
        act: Who makes it.
        person: For whom.
        purpose: What it does.
        lasts: Until when it works; otherwise what its purpose has.
    """
    token = secrets.token_urlsafe(32)
    act.session.add(
        OneTimeLink(
            token_hash=hash_of(token),
            person_id=person.id,
            purpose=purpose,
            created_at=act.at,
            expires_at=act.at + (lasts or LINK_LASTS[purpose]),
        )
    )
    act.session.flush()
    act.record("link.make", f"person:{person.id}", new={"purpose": purpose, "link": short(token)})
    return token


def find_link(session: Session, token: str, at: datetime) -> OneTimeLink:
    """A link that still works, without using it up.

    Raises:
        LinkInvalid: It was used, is too old, or never was.
    """
    found = session.get(OneTimeLink, hash_of(token))
    if found is None or found.used_at is not None or found.expires_at <= at or not _serves(found.person, found.purpose):
        raise LinkInvalid("This link was used already, or is too old.")
    return found


def _serves(person: Person, purpose: Purpose) -> bool:
    """Whether a link is for this person now: the account is open, and a first password replaces none that is in use."""
    return person.active and (purpose != "invitation" or person.password_hash is None)


def use_link(session: Session, token: str, purposes: tuple[Purpose, ...], at: datetime) -> tuple[Person, Purpose]:
    """Use a link up; one statement takes it, so that two clicks at the same moment cannot both have it.

    Raises:
        LinkInvalid: It was used, is too old, never was, or does something else. An invitation sets a first password: it
            never replaces one that is in use.
    """
    used = session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.token_hash == hash_of(token),
            OneTimeLink.purpose.in_(purposes),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > at,
        )
        .values(used_at=at)
        .returning(OneTimeLink.person_id, OneTimeLink.purpose)
    ).one_or_none()
    person = session.get(Person, used.person_id, populate_existing=True) if used else None
    if used is None or person is None or not _serves(person, used.purpose):
        raise LinkInvalid("This link was used already, or is too old.")
    return person, used.purpose


def end_links(session: Session, person_id: uuid.UUID) -> None:
    """Take from a person every link that was not used."""
    unused = OneTimeLink.used_at.is_(None)
    session.execute(delete(OneTimeLink).where(OneTimeLink.person_id == person_id, unused))


def short(token: str) -> str:
    """By which the trail knows a link: it says which one was used, and opens nothing."""
    return hash_of(token)[:16]


def hash_of(token: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
