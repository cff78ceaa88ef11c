"""As whom learners learn: audience, employer and funding, as their classes say. Writes nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.classes.models import ClassMember

Member = Any
"""A row of class_members: `person_id`, `class_id`, `audience`, `employer`, `funding`."""


def memberships(session: Session, person_id: uuid.UUID | None = None) -> Mapping[uuid.UUID, list[Member]]:
    """What classes say of each learner, or of one, in the order in which they entered."""
    wanted = (
        select(
            ClassMember.person_id, ClassMember.class_id, ClassMember.audience, ClassMember.employer, ClassMember.funding
        )
        .where(ClassMember.teaches.is_(False))
        .order_by(ClassMember.joined_at, ClassMember.class_id)
    )
    if person_id is not None:
        wanted = wanted.where(ClassMember.person_id == person_id)
    members: dict[uuid.UUID, list[Member]] = {}
    for row in session.execute(wanted):
        members.setdefault(row.person_id, []).append(row)
    return members


def said_of(members: Iterable[Member], name: Literal["audience", "employer", "funding"]) -> str:
    """A learner is of one audience, one employer and one scheme: the first that a class says; "" where none does."""
    return next((value for row in members if (value := getattr(row, name))), "")
