"""Being signed in: beginning, on which devices, for how long, and every way of ending it. Knows no HTTP."""

from __future__ import annotations

import ipaddress
import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.errors import PasswordMissing, SignInAgain, SignInFailed
from api.accounts.links import LETTING_IN, SETTING, end_links, short, use_link
from api.accounts.models import OneTimeLink, Person, SecondFactor, SignIn, Way
from api.accounts.operations import find_person
from api.core.callers import Caller
from api.core.choices import Choice, read_choices
from api.core.errors import NotFound
from api.core.roles import Role
from api.core.statements import Prepared


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a sign-in lasts.

    Attributes:
        idle: Without a request.
        at_most: Whatever is done with it.
    """

    idle: timedelta
    at_most: timedelta


LASTING: dict[Role, Lasting] = {
    "learner": Lasting(timedelta(days=14), timedelta(days=30)),
    "teacher": Lasting(timedelta(hours=24), timedelta(days=7)),
    "trainer": Lasting(timedelta(hours=24), timedelta(days=7)),
    "admin": Lasting(timedelta(hours=2), timedelta(hours=12)),
}
"""By role: whoever reaches other people's records gives proof of who they are more often (ASVS 5.0, 7.3)."""
SHARED = Lasting(timedelta(minutes=30), timedelta(hours=4))
"""On a device that others use too."""
OPERATOR = Lasting(timedelta(minutes=30), timedelta(hours=1))
"""By a link that somebody else had in their hands."""
NOTED = 12
"""The part of its idle time after which a use of a sign-in is noted: a row is not written with every request."""


def lasting_of(role: Role, way: Way, shared: bool) -> Lasting:
    """How long a sign-in lasts: the shortest of what applies."""
    found = [LASTING[role], *([SHARED] if shared else []), *([OPERATOR] if way == "operator" else [])]
    return Lasting(min(one.idle for one in found), min(one.at_most for one in found))


@dataclass(frozen=True, slots=True)
class Device:
    """Where a sign-in comes from, roughly.

    Attributes:
        name: The browser and its system, "Firefox, Android"; "" when it does not say.
        network: The part of the network address that a household or a school shares.
        shared: Its owner says that others use it too.
    """

    name: str = ""
    network: str = ""
    shared: bool = False

    @classmethod
    def of(cls, agent: str, address: str, shared: bool = False) -> Device:
        """Out of the headers of a request."""
        return cls(device_name(agent), network_of(address), shared)


BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
            ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("(Headless)?Chrome", "Chrome"),
            ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
           ("Macintosh", "macOS"), ("Linux", "Linux"))  # fmt: skip


def device_name(agent: str) -> str:
    """The browser and the system that a `User-Agent` names, in words that its owner knows."""
    known = (BROWSERS, SYSTEMS)
    found = (next((name for sign, name in group if re.search(rf"\b{sign}", agent)), "") for group in known)
    return ", ".join(filter(None, found))


def network_of(address: str) -> str:
    """What is kept of a network address: a /24, or a /64 of IPv6, which one household has to itself."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    bits = 24 if parsed.version == 4 else 64
    return str(ipaddress.ip_network((parsed, bits), strict=False))


def sign_in_with_password(
    session: Session, person_id: uuid.UUID, new_hash: str | None, at: datetime, device: Device
) -> SignIn:
    """Sign somebody in whose password was right.

    Raises:
        SignInFailed: The account was closed meanwhile.
    """
    person = session.get(Person, person_id)
    if person is None or not person.active:
        raise SignInFailed("E-mail and password do not match.")
    if new_hash is not None:
        person.password_hash = new_hash
    return begin(session, person, at, device, "password", "password")


def note_failed_sign_in(session: Session, person: Person | None, at: datetime, device: Device) -> None:
    """Record that somebody tried: for whose account, or with an address that has none."""
    subject = f"person:{person.id}" if person else "person:none"
    Act(session, at, "anybody").record("sign-in.failed", subject, new={"network": device.network})


def sign_in_with_link(session: Session, token: str, at: datetime, device: Device) -> SignIn:
    """Sign in by a one-time link, and use it up.

    Raises:
        LinkInvalid: It was used, is too old, or never was.
    """
    person, purpose = use_link(session, token, LETTING_IN, at)
    return begin(session, person, at, device, "operator" if purpose == "operator" else "link", short(token))


def set_password_with_link(session: Session, token: str, hashed: str, at: datetime, device: Device) -> SignIn:
    """Set a password, as `hash_password` gives it, and sign in. Every other way in is over.

    Raises:
        LinkInvalid: As for `use_link`.
    """
    person, purpose = use_link(session, token, SETTING, at)
    person.password_hash = hashed
    # Another link could set another password, and whoever had the account open before does not keep it.
    end_links(session, person.id)
    end_sign_ins(Act.of(session, person, at), person.id)
    action = "invitation.answer" if purpose == "invitation" else "password.set"
    Act.of(session, person, at).record(action, f"person:{person.id}", new={"link": short(token)})
    return begin(session, person, at, device, "link", short(token))


def has_just_come(session: Session, caller: Caller, at: datetime) -> bool:
    """Whether somebody without a password signed in some minutes ago: by a link to their mailbox, or elsewhere.

    Raises:
        SignInAgain: They have no password, and it is longer ago.
    """
    if session.get_one(Person, caller.id).password_hash is not None:
        return False
    if at - session.get_one(SignIn, caller.sign_in_id).created_at > FRESH or caller.operator:
        raise SignInAgain("This account has no password: sign in once more, and sign within 15 minutes.")
    return True


def change_password(act: Act, hashed: str, keep: uuid.UUID) -> None:
    """Set one's own password; every other device, and every link, is over.

    Args:
        act: Who does it.
        hashed: As `hash_password` gives it.
        keep: The sign-in that goes on.

    Raises:
        PasswordMissing: There is none yet, and the person came in long ago: a fresh link shows whose the account is.
    """
    person = act.session.get_one(Person, act.person.id)
    if person.password_hash is None and act.at - act.session.get_one(SignIn, keep).created_at > FRESH:
        raise PasswordMissing("Have a link sent, sign in with it, and set your first password then.")
    person.password_hash = hashed
    end_links(act.session, person.id)
    end_sign_ins(act, person.id, keep=keep)
    act.record("password.set", f"person:{person.id}")


FRESH = timedelta(minutes=15)
"""How long after a link somebody may set their first password."""

FIND_CALLER = Prepared(
    select(
        SignIn.id, SignIn.expires_at, SignIn.seen_at, SignIn.way, SignIn.shared, SignIn.second, SignIn.person_id,
        Person.name, Person.role, Person.lang, Person.time_factor,
        Person.password_hash.is_not(None).label("password"),
        select(Choice.value).where(Choice.name == "second_factor").scalar_subquery().label("asked"),
    )
    .join(Person, Person.id == SignIn.person_id)
    .where(SignIn.id == bindparam("sign_in"), Person.active.is_(True), SignIn.waiting.is_(False))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """Whose sign-in a cookie names.

    Attributes:
        caller: The person.
        due: It is time to note that it was used.
    """

    caller: Caller
    due: bool


def find_caller(reader: Session | Connection, sign_in_id: str, at: datetime) -> Found | None:
    """Whose sign-in a cookie names, while it holds and the account is open; or None."""
    try:
        key = uuid.UUID(sign_in_id)
    except ValueError:
        return None
    found = FIND_CALLER.row(reader, sign_in=key)
    if found is None or found.expires_at <= at:
        return None
    idle = lasting_of(found.role, found.way, found.shared).idle
    if at - found.seen_at > idle:
        return None
    caller = Caller(
        found.person_id,
        found.name,
        found.role,
        found.lang,
        found.time_factor,
        found.id,
        found.way == "operator",
        found.second,
        found.role in (found.asked or ()),
        bool(found.password),
    )
    return Found(caller, at - found.seen_at > idle / NOTED)


def note_use(session: Session, sign_in_id: uuid.UUID, at: datetime) -> None:
    """Note that a sign-in is in use."""
    session.execute(update(SignIn).where(SignIn.id == sign_in_id, SignIn.seen_at < at).values(seen_at=at))


def caller_of(session: Session, sign_in: SignIn) -> Caller:
    """Who has just signed in."""
    person = sign_in.person
    return Caller(
        person.id,
        person.name,
        person.role,
        person.lang,
        person.time_factor,
        sign_in.id,
        sign_in.way == "operator",
        sign_in.second,
        person.role in read_choices(session).second_factor,
        person.password_hash is not None,
    )


def find_waiting(session: Session, sign_in_id: str, at: datetime) -> SignIn | None:
    """The sign-in of a browser that waits for a second factor; None where there is none, or it waited too long."""
    try:
        found = session.get(SignIn, uuid.UUID(sign_in_id))
    except ValueError:
        return None
    holds = found is not None and found.waiting and found.expires_at > at and found.person.active
    return found if holds else None


def pass_second(session: Session, sign_in_id: uuid.UUID, at: datetime, how: str) -> SignIn:
    """Let somebody in whose second factor was right."""
    row = session.get_one(SignIn, sign_in_id, populate_existing=True)
    row.waiting, row.second = False, True
    row.seen_at, row.expires_at = at, at + lasting_of(row.person.role, row.way, row.shared).at_most
    session.flush()
    Act.of(session, row.person, at).record("sign-in.second", f"person:{row.person_id}", new={"how": how})
    return row


def sign_out(act: Act, sign_in_id: uuid.UUID) -> None:
    """End a sign-in, on the server too."""
    act.session.execute(delete(SignIn).where(SignIn.id == sign_in_id))
    act.record("sign-out", f"person:{act.actor}", old=str(sign_in_id))


def devices_of(session: Session, person_id: uuid.UUID, at: datetime) -> list[SignIn]:
    """Where a person is signed in, what was used last comes first."""
    rows = session.scalars(select(SignIn).where(SignIn.person_id == person_id, SignIn.expires_at > at))
    held = [
        row
        for row in rows
        if not row.waiting and at - row.seen_at <= lasting_of(row.person.role, row.way, row.shared).idle
    ]
    return sorted(held, key=lambda row: (row.seen_at, row.created_at), reverse=True)


def end_device(act: Act, sign_in_id: uuid.UUID) -> None:
    """Sign oneself out somewhere.

    Raises:
        NotFound: One is not signed in there.
    """
    row = act.session.get(SignIn, sign_in_id)
    if row is None or row.person_id != act.person.id:
        raise NotFound("You are not signed in there.")
    sign_out(act, sign_in_id)


def end_sign_ins(act: Act, person_id: uuid.UUID, keep: uuid.UUID | None = None) -> int:
    """Sign a person out everywhere, or everywhere but here; gives on how many devices."""
    theirs = delete(SignIn).where(SignIn.person_id == person_id)
    ended = act.session.scalars((theirs.where(SignIn.id != keep) if keep else theirs).returning(SignIn.id)).all()
    if ended:
        act.record("sign-out.all", f"person:{person_id}", old=len(ended))
    return len(ended)


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
        end_sign_ins(act, person.id)
        end_links(act.session, person.id)
    return person


def begin(session: Session, person: Person, at: datetime, device: Device, way: Way, by: str) -> SignIn:
    """Sign somebody in, who showed that they may: by a password, or by the link that `by` is the short form of."""
    session.execute(delete(SignIn).where(SignIn.person_id == person.id, SignIn.expires_at <= at))
    # An operator looks, and a provider of single sign-on asks for its own second factor.
    waits = way in ("password", "link") and bool(factor_kinds(session, person.id))
    sign_in = SignIn(
        person_id=person.id,
        created_at=at,
        seen_at=at,
        expires_at=at + (WAITS if waits else lasting_of(person.role, way, device.shared).at_most),
        way=way,
        device=device.name[:80],
        network=device.network,
        shared=device.shared,
        waiting=waits,
        second=way == "single-sign-on",
    )
    session.add(sign_in)
    session.flush()
    sign_in.person = person
    new = {"id": str(sign_in.id), "by": by, "way": way, "network": device.network}
    Act.of(session, person, at).record("sign-in.first" if waits else "sign-in", f"person:{person.id}", new=new)
    return sign_in


WAITS = timedelta(minutes=10)
"""How long a second factor may take."""


def factor_kinds(session: Session, person_id: uuid.UUID) -> list[str]:
    """Kinds of second factors that somebody has in use."""
    in_use = SecondFactor.confirmed_at.is_not(None)
    return sorted(set(session.scalars(select(SecondFactor.kind).where(SecondFactor.person_id == person_id, in_use))))


def prune(session: Session, at: datetime) -> int:
    """Delete one-time links that nobody can use and sign-ins that are over; gives how many."""
    over = (OneTimeLink.expires_at <= at) | OneTimeLink.used_at.is_not(None)
    links = session.execute(delete(OneTimeLink).where(over).returning(OneTimeLink.token_hash)).all()
    sign_ins = session.execute(delete(SignIn).where(SignIn.expires_at <= at).returning(SignIn.id)).all()
    return len(links) + len(sign_ins)
