"""Entering a class by a code that can be said out loud. Knows no HTTP and never commits."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.newcomers import note_newcomer
from api.accounts.operations import find_person, normalise_email
from api.classes.errors import JoinCodeInvalid
from api.classes.letters import Join
from api.classes.models import Class
from api.classes.operations import add_learner, check_open, note_change
from api.core.names import checked_name
from api.messages.operations import add_message

CODE_LASTS = timedelta(days=14)

# Letters that sound alike in one of the languages, or look alike, are left out.
CONSONANTS = "bdfgklmnprtvz"
VOWELS = "aeiou"
DIGITS = "23456789"


def open_to_code(act: Act, group: Class, lasts: timedelta = CODE_LASTS) -> str:
    """A new code that lets learners in until it expires; an older one is over.

    Raises:
        ClassArchived: It is put away.
    """
    check_open(group)
    group.join_code, group.join_expires_at = _speakable(), act.at + lasts
    note_change(act, group, "class.code", new=group.join_expires_at.isoformat())
    return group.join_code


def close_to_code(act: Act, group: Class) -> None:
    """End the code of a class."""
    if group.join_code is not None:
        group.join_code = group.join_expires_at = None
        note_change(act, group, "class.code", new=None)


def _speakable() -> str:
    """A code that can be read out loud in the three languages: "tabo-rimu-47", one of a billion."""
    syllables = [secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in range(4)]
    digits = secrets.choice(DIGITS) + secrets.choice(DIGITS)
    return f"{''.join(syllables[:2])}-{''.join(syllables[2:])}-{digits}"


def normalise_code(text: str) -> str:
    """A code as people type it: capitals, spaces and forgotten dashes do not matter."""
    plain = "".join(character for character in text.casefold() if character.isalnum())
    return f"{plain[:4]}-{plain[4:8]}-{plain[8:]}" if len(plain) == 10 else ""


def find_by_code(session: Session, code: str, at: datetime) -> Class:
    """The class that a code opens.

    Raises:
        JoinCodeInvalid: There is no such code, or it is over.
    """
    code = normalise_code(code)
    group = session.scalar(select(Class).where(Class.join_code == code)) if code else None
    if group is None or group.archived_at or group.join_expires_at is None or group.join_expires_at <= at:
        raise JoinCodeInvalid("This code opens no class, or not any more.", field="code")
    return group


def join_class(act: Act, code: str) -> Class:
    """Enter a class by its code; once more changes nothing.

    Raises:
        JoinCodeInvalid: There is no such code, or it is over.
    """
    group = find_by_code(act.session, code, act.at)
    add_learner(act, group, act.person)
    return group


def ask_to_join(session: Session, *, code: str, email: str, name: str, lang: str, at: datetime) -> None:
    """Somebody who is not signed in wants to enter a class: the way in goes to their address.

    The answer is the same whether the address has an account or not; nobody is in the class before they signed in, and
    no account is made before whoever reads the letter says yes.

    Raises:
        JoinCodeInvalid: There is no such code, or it is over.
        Invalid: Address or name is none.
    """
    group = find_by_code(session, code, at)
    email = normalise_email(email)
    # Before it is looked up: what is refused must not depend on whether there is an account.
    name = checked_name(name)
    found = find_person(session, email)
    person = found or note_newcomer(session, email=email, name=name, lang=lang, at=at)
    if person is None:
        return
    assert group.join_code is not None
    # One an hour is enough for a code, whoever asks for it.
    once = f"join:{group.join_code}:{person.id}:{at:%Y%m%d%H}"
    add_message(session, person, Join(group.name, group.join_code, str(group.id)), at=at, once=once)
