"""Links that somebody asked for from the page of signing in: to sign in, or to set a new password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy.orm import Session
from typing_extensions import override

from api.accounts.act import Act
from api.accounts.addresses import address_secret, ask_for_address
from api.accounts.models import AddressChange, Person
from api.accounts.operations import take_asked_links
from api.core.errors import NotFound
from api.messages.kinds import Facts, Writer
from api.messages.operations import add_message, check_quota, made_since

PAUSE = timedelta(minutes=2)
"""How soon after one link another is sent: nobody's mailbox is filled by somebody else."""


@dataclass(frozen=True, slots=True)
class SignInLink(Facts):
    """A link to sign in with."""

    kind: ClassVar[str] = "sign-in-link"
    can_be_ended = False

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        return writer.say("Your link to sign in"), [
            writer.say("Somebody, probably you, asked for a link to sign in. It works once, for 15 minutes:"),
            writer.page("sign-in", f"#{writer.link('sign-in')}"),
            writer.say("If it was not you, do nothing: without this mail nobody comes in."),
        ]


@dataclass(frozen=True, slots=True)
class NewPassword(Facts):
    """A link to set a password with."""

    kind: ClassVar[str] = "new-password"
    can_be_ended = False

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        return writer.say("Set a new password"), [
            writer.say("Somebody, probably you, asked for a new password. The link works once, for an hour:"),
            writer.page("welcome", f"#{writer.link('password')}"),
            writer.say("Then every device on which you are signed in now is signed out."),
            writer.say("If it was not you, do nothing: without this mail nobody comes in."),
        ]


@dataclass(frozen=True, slots=True)
class AccountInvitation(Facts):
    """To somebody for whom an administrator made an account."""

    kind: ClassVar[str] = "account"
    can_be_ended = False

    @override
    def as_of_now(self, session: Session, reader: Person, at: datetime) -> Facts | None:
        return self if reader.password_hash is None else None

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        return writer.say("Your account: choose a password"), [
            writer.say("An account was made for you at {centre}.", centre=writer.settings.centre),
            writer.say("Choose a password here. The link works once, for 14 days:"),
            writer.page("welcome", f"#{writer.invitation()}"),
        ]


@dataclass(frozen=True, slots=True)
class ConfirmAddress(Facts):
    """To an address that an account shall have: whoever reads it says whether it is theirs."""

    kind: ClassVar[str] = "confirm-address"
    can_be_ended = False

    email: str

    @override
    def recipient(self, reader: Person) -> str:
        return self.email

    @override
    def as_of_now(self, session: Session, reader: Person, at: datetime) -> Facts | None:
        change = session.get(AddressChange, reader.id)
        return self if change is not None and change.email == self.email and change.expires_at > at else None

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        token = address_secret(writer.session, writer.reader.id, self.email, writer.at) or ""
        return writer.say("Is this your address?"), [
            writer.say("Your account shall have this address from now on. Say yes here, within two days:"),
            writer.page("my-account", f"#address={token}"),
            writer.say("If it was not you, do nothing: the account keeps the address that it has."),
        ]


@dataclass(frozen=True, slots=True)
class AddressTold(Facts):
    """To the address that an account had before."""

    kind: ClassVar[str] = "address-told"
    can_be_ended = False

    email: str

    @override
    def recipient(self, reader: Person) -> str:
        return self.email

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        return writer.say("Your account has another address"), [
            writer.say("From now on letters go to the new address, and you sign in with it."),
            writer.say("If it was not you, tell the centre at once."),
        ]


def ask_at_address(act: Act, person: Person, email: str) -> str:
    """Ask at another address whether it is a person's; gives the address as it will be kept.

    Raises:
        Invalid: It is no address.
        Conflict: The address is an account's.
    """
    change = ask_for_address(act, person, email)
    add_message(act.session, person, ConfirmAddress(change.email), at=act.at, by=act.somebody)
    return change.email


def send_way_in(act: Act, person: Person) -> None:
    """Send somebody an invitation, or a link to sign in where they have a password; a second one waits some minutes.

    Raises:
        NotFound: Nobody can sign in to this account.
        LettersUsedUp: Whoever does it had too many letters sent within a day.
    """
    if not person.active:
        raise NotFound("Nobody can sign in to this account.")
    letter = SignInLink() if person.password_hash is not None else AccountInvitation()
    if made_since(act.session, letter.kind, [person.id], act.at - PAUSE):
        return
    check_quota(act, 1)
    add_message(act.session, person, letter, at=act.at, by=act.person)
    act.record("link.send", f"person:{person.id}", new={"kind": letter.kind})


def answer_asked_links(session: Session, at: datetime) -> int:
    """Put the links that were asked for into the outbox; gives how many."""
    made = 0
    for person, wanted in take_asked_links(session):
        facts = SignInLink() if wanted == "sign-in" else NewPassword()
        if not made_since(session, facts.kind, [person.id], at - PAUSE):
            made += add_message(session, person, facts, at=at)
    return made
