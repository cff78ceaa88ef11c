"""People as administrators see and change them. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import AddressChange, Person, SignIn
from api.accounts.operations import give_role, give_time, rename_person
from api.accounts.sign_ins import set_active
from api.administration.erasing import check_not_last
from api.administration.errors import NotOneself
from api.classes.models import Class, ClassMember
from api.core.errors import Invalid, NotFound
from api.core.names import clean_line
from api.core.roles import ROLES, Role
from api.core.texts import filed
from api.factors.operations import factors_of
from site_builder.course.model import AUDIENCES, Audience

State = Literal["open", "invited", "suspended", "closed"]
"""In use; without a password yet; suspended; erased or merged into another account."""
STATES: tuple[State, ...] = ("open", "invited", "suspended", "closed")
PAGE = 50
"""People on one page of the list."""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody in the list of people."""

    id: uuid.UUID
    name: str
    given: str
    family: str
    email: str
    role: Role
    lang: str
    state: State
    audience: Audience | None
    employer: str
    time_factor: float
    created_at: datetime
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of the list, and how many there are on all pages."""

    people: list[PersonLine]
    total: int


def state_of(person: Person) -> State:
    """How an account stands."""
    if person.erased_at is not None or person.merged_into is not None:
        return "closed"
    if not person.active:
        return "suspended"
    return "open" if person.password_hash is not None else "invited"


def _is_in(state: State) -> ColumnElement[bool]:
    closed = or_(Person.erased_at.is_not(None), Person.merged_into.is_not(None))
    if state == "closed":
        return closed
    if state == "suspended":
        return ~closed & Person.active.is_(False)
    has_password = Person.password_hash.is_not(None)
    return Person.active.is_(True) & (has_password if state == "open" else ~has_password)


def _matches(words: str) -> list[ColumnElement[bool]]:
    """Each word stands somewhere in name, address or employer; accents and capitals do not matter in names."""
    found = []
    for word in clean_line(words).split():
        plain, lower = filed(word), word.lower()
        employed = select(ClassMember.person_id).where(
            ClassMember.person_id == Person.id, func.lower(ClassMember.employer).contains(lower, autoescape=True)
        )
        found.append(
            or_(
                Person.sort_as.contains(plain, autoescape=True),
                Person.email.contains(lower, autoescape=True),
                func.lower(Person.employer).contains(lower, autoescape=True),
                employed.exists(),
            )
        )
    return found


def _wanted(search: str, role: Role | None, state: State | None, audience: Audience | None) -> Select[Person]:
    wanted = select(Person).where(*_matches(search))
    if role is not None:
        wanted = wanted.where(Person.role == role)
    # Who was erased or merged is not looked for by chance.
    wanted = wanted.where(_is_in(state) if state is not None else ~_is_in("closed"))
    if audience is not None:
        said = select(ClassMember.person_id).where(ClassMember.person_id == Person.id, ClassMember.audience == audience)
        wanted = wanted.where(or_(Person.audience == audience, said.exists()))
    return wanted


def list_people(
    session: Session,
    *,
    search: str = "",
    role: Role | None = None,
    state: State | None = None,
    audience: Audience | None = None,
    page: int = 1,
    at_most: int = PAGE,
) -> PeoplePage:
    """A page of the people, by family name; in three queries, however many there are.

    Args:
        session: To read with.
        search: Words, each of which stands somewhere in name, address or employer.
        role: Of this role alone.
        state: In this state alone; None is all that are not closed for good.
        audience: As an administrator or a class of theirs has it.
        page: From 1.
        at_most: People on a page.
    """
    wanted = _wanted(search, role, state, audience)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = wanted.order_by(Person.sort_as, Person.id).limit(at_most).offset((page - 1) * at_most)
    people = list(session.scalars(rows))
    used = session.execute(
        select(SignIn.person_id, func.max(SignIn.seen_at).label("seen_at"))
        .where(SignIn.person_id.in_([person.id for person in people]))
        .group_by(SignIn.person_id)
    )
    seen = {row.person_id: row.seen_at for row in used}
    return PeoplePage([line_of(person, seen.get(person.id)) for person in people], total)


def line_of(person: Person, seen_at: datetime | None) -> PersonLine:
    """A person as a line."""
    return PersonLine(
        person.id,
        person.name,
        person.given,
        person.family,
        person.email,
        person.role,
        person.lang,
        state_of(person),
        person.audience,
        person.employer,
        person.time_factor,
        person.created_at,
        seen_at,
    )


@dataclass(frozen=True, slots=True)
class ClassOf:
    """A class that somebody is in."""

    id: uuid.UUID
    name: str
    teaches: bool


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Somebody, with what an administrator looks for first."""

    line: PersonLine
    classes: list[ClassOf]
    devices: int
    address_waiting: str
    merged_into: uuid.UUID | None
    factors: int


def find_person_by_id(session: Session, person_id: uuid.UUID) -> Person:
    """A person.

    Raises:
        NotFound: There is none.
    """
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("There is no such person.")
    return person


def person_page(session: Session, person_id: uuid.UUID, at: datetime) -> PersonPage:
    """What an administrator sees of a person.

    Raises:
        NotFound: There is no such person.
    """
    person = find_person_by_id(session, person_id)
    classes = session.execute(
        select(Class.id, Class.name, ClassMember.teaches)
        .join(ClassMember, ClassMember.class_id == Class.id)
        .where(ClassMember.person_id == person_id)
    )
    devices = list(session.scalars(select(SignIn).where(SignIn.person_id == person_id, SignIn.expires_at > at)))
    change = session.get(AddressChange, person_id)
    return PersonPage(
        line_of(person, max((one.seen_at for one in devices), default=None)),
        sorted((ClassOf(*row) for row in classes), key=lambda one: filed(one.name)),
        len(devices),
        change.email if change and change.expires_at > at else "",
        person.merged_into,
        len(factors_of(session, person_id)),
    )


def _open_account(session: Session, person_id: uuid.UUID) -> Person:
    person = find_person_by_id(session, person_id)
    if state_of(person) == "closed":
        raise NotFound("There is no such person.")
    return person


def change_person(
    act: Act,
    person_id: uuid.UUID,
    *,
    given: str,
    family: str,
    lang: str,
    audience: Audience | None,
    employer: str,
    time_factor: float,
) -> Person:
    """Say something else about a person.

    Raises:
        NotFound: There is no such person.
        Invalid: The name is none, the employer is too long, or the factor is not from 1 to 4.
    """
    person = _open_account(act.session, person_id)
    if audience is not None and audience not in AUDIENCES:
        raise Invalid(f"An audience is one of {', '.join(AUDIENCES)}.", field="audience")
    rename_person(act, person, given=given, family=family)
    give_time(act, person, time_factor)
    employer = clean_line(employer)[:120]
    if (person.lang, person.audience, person.employer) != (lang, audience, employer):
        texts = {"old": person.employer, "new": employer} if employer != person.employer else None
        old_said = {"lang": person.lang, "audience": person.audience}
        person.lang, person.audience, person.employer = lang, audience, employer
        act.record(
            "person.change", f"person:{person.id}", old=old_said, new={"lang": lang, "audience": audience}, texts=texts
        )
    return person


def change_role_of(act: Act, person_id: uuid.UUID, role: Role) -> None:
    """Give a person another role.

    Raises:
        NotFound: There is no such person.
        NotOneself: It is who acts.
        LastAdministrator: Nobody could administer the centre.
        Invalid: There is no such role.
    """
    person = _open_account(act.session, person_id)
    if role not in ROLES:
        raise Invalid(f"A role is one of {', '.join(ROLES)}.", field="role")
    if role == person.role:
        return
    _check_other(act, person)
    check_not_last(act.session, person)
    give_role(act, person, role)


def _check_other(act: Act, person: Person) -> None:
    if act.somebody is not None and act.somebody.id == person.id:
        raise NotOneself("Another administrator does this to your account.")


def suspend(act: Act, person_id: uuid.UUID, active: bool) -> None:
    """Close an account, which ends every way in at once, or open it again.

    Raises:
        NotFound: There is no such person.
        NotOneself: It is who acts.
        LastAdministrator: Nobody could administer the centre.
    """
    person = _open_account(act.session, person_id)
    if not active:
        _check_other(act, person)
        check_not_last(act.session, person)
    set_active(act, email=person.email, active=active)
