"""People, the devices they are signed in on, and one-time links."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Literal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String, event, false
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from api.core.audit import Proven
from api.core.callers import Caller
from api.core.database import Base
from api.core.roles import ROLES, Role
from api.core.texts import LONGEST_FILED, filed
from site_builder.course.model import Audience

Purpose = Literal["sign-in", "operator", "invitation", "password"]
"""What a one-time link does: sign in, sign in for somebody who helps, set a first password, set a new one."""
Way = Literal["password", "link", "operator", "single-sign-on"]
"""How somebody came in; by an operator's link, the secret was in somebody else's hands."""
Wanted = Literal["sign-in", "password"]


class Person(Proven, Base):
    """Somebody with an account.

    Attributes:
        name: As it is shown: given and family name, or the one that is known.
        given: "" where nobody said which part it is.
        family: The same.
        sort_as: Where the name stands in lists, and what is searched (`core/texts.py`).
        employer: As an administrator has it; classes have their own.
        audience: The same.
        erased_at: Since when nothing says who it was.
        merged_into: The account that took its records over; it stays as a closed shell, and its id is never used again.
    """

    __tablename__ = "people"
    proof = ("role", "active", "time_factor", "created_at", "erased_at", "merged_into")
    __table_args__ = (CheckConstraint(f"role IN {ROLES}", name="role"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    given: Mapped[str] = mapped_column(String(120), default="", server_default="")
    family: Mapped[str] = mapped_column(String(120), default="", server_default="")
    sort_as: Mapped[str] = mapped_column(String(LONGEST_FILED), default="", server_default="", index=True)
    employer: Mapped[str] = mapped_column(String(120), default="", server_default="")
    audience: Mapped[Audience | None] = mapped_column(String(16))
    erased_at: Mapped[datetime | None]
    merged_into: Mapped[uuid.UUID | None]
    role: Mapped[Role] = mapped_column(String(16))
    lang: Mapped[str] = mapped_column(String(2), default="en")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    time_factor: Mapped[float] = mapped_column(default=1.0, server_default="1")
    """By how much the time of every timed quiz is multiplied, 1..4: extra time for those who need it."""


@event.listens_for(Person, "before_insert")
@event.listens_for(Person, "before_update")
def _file(mapper: Mapper[Person], connection: Connection, person: Person) -> None:
    """Whoever sets a name says where it is sorted."""
    person.sort_as = filed(person.name, person.family or "")


Somebody = Person | Caller
"""A person as operations know one: a row of the table, or the caller of a request."""


class SignIn(Base):
    """A person signed in on a device.

    Attributes:
        seen_at: When it was used, to within a twelfth of the time after which it ends without use.
        expires_at: When it ends whatever is done with it.
        way: How it began.
        device: Browser and system, in words.
        network: Where it came from, roughly: a /24, or a /64 of IPv6.
        shared: Others use the device too.
        waiting: The first factor was right, and the second one was not given yet: nobody is in.
        second: A second factor was given, here or when it was set up.
    """

    __tablename__ = "sign_ins"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    way: Mapped[Way] = mapped_column(String(16), default="password", server_default="password")
    device: Mapped[str] = mapped_column(String(80), default="", server_default="")
    network: Mapped[str] = mapped_column(String(49), default="", server_default="")
    shared: Mapped[bool] = mapped_column(default=False, server_default=false())
    waiting: Mapped[bool] = mapped_column(default=False, server_default=false())
    second: Mapped[bool] = mapped_column(default=False, server_default=false())

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


FactorKind = Literal["app", "passkey"]


class SecondFactor(Base):
    """Something that somebody has, beside what they know.

    Attributes:
        name: As they call it.
        secret: Of an app, what it shares with the server, sealed; of a passkey, its public key.
        credential: Of a passkey, its id.
        counter: Of an app, the step of the newest code; of a passkey, what it counts.
        confirmed_at: When it was taken into use; None of an app whose first code was not typed yet.
    """

    __tablename__ = "second_factors"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    kind: Mapped[FactorKind] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(80))
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    credential: Mapped[str | None] = mapped_column(String(1400))
    counter: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code that stands for a second factor once, when it is lost."""

    __tablename__ = "recovery_codes"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SingleSignOn(Base):
    """Under which name somebody is known to a provider of single sign-on."""

    __tablename__ = "single_sign_ons"

    issuer: Mapped[str] = mapped_column(String(300), primary_key=True)
    subject: Mapped[str] = mapped_column(String(300), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]


class OneTimeLink(Base):
    """A secret that lets somebody in once. Only its hash is stored."""

    __tablename__ = "one_time_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[Purpose] = mapped_column(String(16))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class Newcomer(Base):
    """Somebody who asked for a way in with an address that has no account, until they answer the letter.

    Attributes:
        name: As it was typed by whoever asked; whoever has the address says it anew.
        token_hash: Of the newest letter's secret; None before it left.
    """

    __tablename__ = "newcomers"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    lang: Mapped[str] = mapped_column(String(2))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)


class AddressChange(Base):
    """Another address that somebody wants to have, until whoever reads it there says yes."""

    __tablename__ = "address_changes"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class AskedLink(Base):
    """Somebody asked for a link to an address, which may have an account or not: the reply takes as long either way."""

    __tablename__ = "asked_links"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    email: Mapped[str] = mapped_column(String(254))
    wanted: Mapped[Wanted] = mapped_column(String(16))
    asked_at: Mapped[datetime]
