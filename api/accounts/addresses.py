"""Another address for an account: it is theirs once whoever reads it there says yes. Knows no HTTP, never commits."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.errors import LinkInvalid
from api.accounts.links import end_links, hash_of, short
from api.accounts.models import AddressChange, Person
from api.accounts.operations import find_person, normalise_email
from api.core.errors import Conflict

LASTS = timedelta(days=2)


def ask_for_address(act: Act, person: Person, email: str) -> AddressChange:
    """Note that an account shall have another address; the letter that asks for a yes goes there.

    Raises:
        Invalid: It is no address.
        Conflict: The address is an account's.
    """
    session, email = act.session, normalise_email(email)
    if find_person(session, email) is not None:
        raise Conflict("This address has an account already.", field="email")
    found = session.get(AddressChange, person.id)
    if found is None:
        found = AddressChange(person_id=person.id)
        session.add(found)
    found.email, found.token_hash = email, None
    found.asked_at, found.expires_at = act.at, act.at + LASTS
    session.flush()
    act.record("person.address.ask", f"person:{person.id}", texts={"new": email})
    return found


def address_secret(session: Session, person_id: uuid.UUID, email: str, at: datetime) -> str | None:
    """What the letter to a new address carries; None where nobody wants the change any more."""
    found = session.get(AddressChange, person_id)
    if found is None or found.email != email or found.expires_at <= at:
        return None
    token = secrets.token_urlsafe(32)
    found.token_hash = hash_of(token)
    return token


def find_address_change(session: Session, token: str, at: datetime) -> tuple[Person, str]:
    """Whose address is to change, and the new one.

    Raises:
        LinkInvalid: The link was used, is too old, or never was; or the address became another account's.
    """
    found = session.scalar(
        select(AddressChange).where(AddressChange.token_hash == hash_of(token), AddressChange.expires_at > at)
    )
    person = session.get(Person, found.person_id) if found else None
    if found is None or person is None or not person.active or find_person(session, found.email) is not None:
        raise LinkInvalid("This link was used already, or is too old.")
    return person, found.email


def confirm_address(session: Session, token: str, at: datetime) -> tuple[Person, str]:
    """Give an account its new address; gives the person and the old one. Links to the old one are over.

    Raises:
        LinkInvalid: As for `find_address_change`.
    """
    person, email = find_address_change(session, token, at)
    session.execute(delete(AddressChange).where(AddressChange.person_id == person.id))
    old, person.email = person.email, email
    end_links(session, person.id)
    session.flush()
    Act.of(session, person, at).record(
        "person.address", f"person:{person.id}", new={"link": short(token)}, texts={"old": old, "new": email}
    )
    return person, old
