"""Who reaches which event. Writes nothing."""

from __future__ import annotations

import uuid

from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.orm import aliased

from api.accounts.act import Act
from api.classes.models import Class, ClassMember
from api.events.models import Booking, Event, EventClass, EventTrainer


def reachable_events(act: Act) -> ColumnElement[bool]:
    """Which events an act reaches, as a condition on `Event`.

    All of them; those to which one's classes are invited or that one leads; or, of a learner, those that are open, to
    which a class of theirs is invited, or at which they have a place.
    """
    if act.scope == "all":
        return true()
    me = act.person.id
    if act.scope == "classes":
        return or_(Event.id.in_(_invited(me, teaches=True)), leads(me))
    if act.scope != "own":
        return false()
    booked = select(Booking.event_id).where(Booking.person_id == me)
    return or_(open_to(me), Event.id.in_(booked))


def open_to(person_id: uuid.UUID) -> ColumnElement[bool]:
    """At which events somebody may book a place for themselves."""
    return or_(Event.open_to_all.is_(True), Event.id.in_(_invited(person_id, teaches=False)))


def leads(person_id: uuid.UUID) -> ColumnElement[bool]:
    """Which events somebody leads."""
    return Event.id.in_(select(EventTrainer.event_id).where(EventTrainer.person_id == person_id))


def _invited(person_id: uuid.UUID, *, teaches: bool) -> Select[uuid.UUID]:
    mine = aliased(ClassMember)
    return (
        select(EventClass.event_id)
        .join(mine, mine.class_id == EventClass.class_id)
        .join(Class, Class.id == EventClass.class_id)
        .where(mine.person_id == person_id, mine.teaches.is_(teaches), Class.archived_at.is_(None))
    )
