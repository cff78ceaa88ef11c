"""Requests and replies of signing in."""

from __future__ import annotations

import uuid
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from api.accounts.models import Wanted, Way
from api.core.roles import Role
from api.core.schemas import In, Lang, Out

Secret = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class PasswordSignIn(In):
    """Address and password."""

    email: Annotated[str, StringConstraints(min_length=3, max_length=254)]
    password: Secret
    shared: bool = False
    """Others use the device too: the sign-in ends with the browser."""


class LinkSignIn(In):
    """The secret of a one-time link."""

    token: Secret
    shared: bool = False


class LinkOwnerIn(In):
    """The secret of a one-time link that is looked at."""

    token: Secret


class LinkOwner(Out):
    """Whose link it is.

    Attributes:
        operator: Somebody else made it to look for them: one can do nothing with it.
        signed_in: Another person who is signed in here, and would be signed out; "" is nobody.
        newcomer: There is no account yet: the answer makes it, and may say another name.
    """

    name: str
    email: str
    operator: bool
    signed_in: str
    newcomer: bool = False


class LinkAsked(In):
    """Where to send which link."""

    email: Annotated[str, StringConstraints(min_length=3, max_length=254)]
    wanted: Wanted


class Asked(Out):
    """Whether this site sends mail at all; nothing about the address."""

    sends: bool


class PasswordChange(In):
    """A new password, and the one before; "" where there is none yet."""

    old: Annotated[str, StringConstraints(max_length=200)] = ""
    password: Secret


class LanguageChange(In):
    """A language."""

    lang: Lang


class DeviceOut(Out):
    """Where somebody is signed in: browser and system, the network roughly, how and since when."""

    id: uuid.UUID
    device: str
    network: str
    way: Way
    shared: bool
    began_at: AwareDatetime
    seen_at: AwareDatetime
    here: bool


class Account(Out):
    """One's own account; `password` is whether there is one, `shortest` how many characters it has at least."""

    name: str
    email: str
    role: Role
    lang: str
    password: bool
    shortest: int
    devices: list[DeviceOut]


class ConfirmationIn(In):
    """The password, once more; "" of somebody who has none and signed in just now."""

    password: Annotated[str, StringConstraints(max_length=200)] = ""


class ConfirmationOut(Out):
    """What a signature carries, for some minutes."""

    confirmation: str


class InvitationAnswer(In):
    """The secret of an invitation, and the first password; the name counts for an account that is made by it."""

    token: Secret
    password: Secret
    name: Annotated[str, StringConstraints(max_length=120)] = ""


class Invitation(In):
    """Somebody to invite."""

    email: Annotated[str, StringConstraints(min_length=3, max_length=254)]
    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    role: Role
    lang: Lang = "en"


class InvitationMade(Out):
    """An account, and the link to send to its owner."""

    id: uuid.UUID
    email: str
    link: str


class PersonOut(Out):
    """Who is signed in."""

    id: uuid.UUID
    name: str
    role: Role
    lang: str
    start: str
    """The page that one comes to by signing in."""
    pages: list[str]
    """The pages beside those of learners that one may open."""
    operator: bool
    """An operator's link began the sign-in: it shows, and changes nothing."""
    enrol: bool
    """The role must have a second factor, and this person has none yet: nothing else goes before."""
    password: bool
    """Whether there is a password to sign with; otherwise a sign-in of just now stands for it."""


class Me(Out):
    """The state of this browser.

    Attributes:
        mailbox: Whether messages go to the demo's mailbox.
        sign_on: What stands on the button of single sign-on; "" where there is none.
        second: Kinds of second factors, one of which is asked for now; nobody is in before it was given.
    """

    person: PersonOut | None
    csrf_token: str
    mailbox: bool
    second: list[str] = Field(default_factory=list)
    sign_on: str = ""
