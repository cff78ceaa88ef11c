"""Who reaches which event. Writes nothing."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import aliased

from api.accounts.act import Act
from api.classes.models import ClassMember
from api.events.models import Booking, Event, EventClass, EventTrainer


def reachable_events(act: Act) -> ColumnElement[bool]:
    """Which events an act reaches, as a condition on `Event`.

    All of them; those to which one's classes are invited or that one leads; or, of a learner, those that are open, to
    which a class of theirs is invited, or at which they have a place.
    """
    if act.scope == "all":
        return true()
    me, mine = act.person.id, aliased(ClassMember)
    teaches = act.scope == "classes"
    invited = select(EventClass.event_id).join(mine, mine.class_id == EventClass.class_id)
    invited = invited.where(mine.person_id == me, mine.teaches.is_(teaches))
    if teaches:
        led = select(EventTrainer.event_id).where(EventTrainer.person_id == me)
        return or_(Event.id.in_(invited), Event.id.in_(led))
    if act.scope != "own":
        return false()
    booked = select(Booking.event_id).where(Booking.person_id == me)
    return or_(Event.open_to_all.is_(True), Event.id.in_(invited), Event.id.in_(booked))
