"""Whose account it is that a provider vouches for. Knows no HTTP and never commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person, SingleSignOn
from api.accounts.operations import add_person, find_person, give_role
from api.core.addresses import read_address
from api.core.names import clean_line, has_address
from api.core.roles import ROLES, Role
from api.single_sign_on.errors import SignOnRefused
from site_builder.course.languages import LANGUAGES

ACTOR = "single sign-on"
GROUPS = ("groups", "roles")
"""Claims in which providers say what somebody belongs to."""


def role_of(claims: Mapping[str, Any], mapping: Mapping[str, Role]) -> Role | None:
    """The role that the provider's groups give: the highest; None where none of them is named.

    Args:
        claims: Of the token.
        mapping: Role by group.
    """
    said: set[str] = set()
    for name in GROUPS:
        found = claims.get(name, [])
        said |= {found} if isinstance(found, str) else {str(one) for one in found if isinstance(one, str)}
    given = [mapping[name] for name in said if name in mapping]
    return max(given, key=ROLES.index, default=None)


def find_or_add(
    session: Session, issuer: str, claims: Mapping[str, Any], mapping: Mapping[str, Role], at: datetime, *, add: bool
) -> Person:
    """The account of somebody that a provider vouches for; made where there is none, if that is wanted.

    An account that exists is theirs by an address that the provider has confirmed, once; then by the provider's own
    name for them, whatever becomes of the address. Groups that are named in the settings set the role at each sign-in.

    Raises:
        SignOnRefused: The account is closed, there is none, or the provider does not know the address for sure.
    """
    subject, act = str(claims["sub"]), Act(session, at, ACTOR)
    known = session.get(SingleSignOn, (issuer, subject))
    person = session.get(Person, known.person_id) if known else None
    if person is None:
        person = _by_address(act, claims, mapping, add=add)
        session.add(SingleSignOn(issuer=issuer, subject=subject, person_id=person.id, made_at=at))
        session.flush()
        act.record("sign-on.link", f"person:{person.id}")
    if not person.active:
        raise SignOnRefused("This account is closed.", reason="closed")
    role = role_of(claims, mapping)
    if role is not None:
        give_role(act, person, role)
    return person


def _by_address(act: Act, claims: Mapping[str, Any], mapping: Mapping[str, Role], *, add: bool) -> Person:
    email = read_address(str(claims.get("email", "")))
    if email is None or claims.get("email_verified") is not True:
        raise SignOnRefused("The provider has not confirmed the address.", reason="unconfirmed")
    found = find_person(act.session, email)
    if found is not None:
        return found
    if not add:
        raise SignOnRefused("Nobody has an account with this address.", reason="unknown")
    given, family = (_name(claims, name) for name in ("given_name", "family_name"))
    lang = str(claims.get("locale", ""))[:2]
    return add_person(
        act,
        email=email,
        given=given,
        family=family,
        name=_name(claims, "name") or email.partition("@")[0],
        role=role_of(claims, mapping) or "learner",
        lang=lang if lang in LANGUAGES else LANGUAGES[0],
    )


def _name(claims: Mapping[str, Any], key: str) -> str:
    text = clean_line(str(claims.get(key, "")))[:60]
    return "" if has_address(text) else text
