"""Calendars that programs read by a secret address. Knows no HTTP and never commits."""

from __future__ import annotations

import hmac
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person
from api.catalogue.operations import current_catalogue
from api.classes.models import Class, ClassMember
from api.core.errors import Forbidden, NotFound
from api.core.pages import page_path
from api.events.access import leads
from api.events.calendar import Entry, make_feed
from api.events.letters import uid_of
from api.events.models import Booking, CalendarFeed, Event, EventClass, FeedOf, HalfDay, Room

PAST = timedelta(days=90)
"""How far back calendars go."""


@dataclass(frozen=True, slots=True)
class Site:
    """What addresses are made of.

    Attributes:
        url: Of the site.
        secret: The server's.
    """

    url: str
    secret: str

    def key(self, feed: CalendarFeed) -> str:
        """The secret part of a calendar's address; it is stored nowhere."""
        content = f"calendar:{feed.id}:{feed.generation}".encode()
        return hmac.digest(self.secret.encode(), content, "sha256").hex()[:40]

    def address(self, feed: CalendarFeed) -> str:
        """Where a calendar is read."""
        return f"{self.url}/calendar/{feed.id}/{self.key(feed)}.ics"


def feeds_of(act: Act) -> list[CalendarFeed]:
    """The calendars of whoever acts."""
    found = select(CalendarFeed).where(CalendarFeed.owner_id == act.person.id).order_by(CalendarFeed.of)
    return list(act.session.scalars(found))


def make_feed_of(act: Act, of: FeedOf, target_id: uuid.UUID | None) -> CalendarFeed:
    """A calendar with an address of its own; the one that is there already, if it is.

    Raises:
        Forbidden: It is not for them.
        NotFound: There is no such room or class.
    """
    owner = act.session.get_one(Person, act.person.id)
    target = target_id if of in ("room", "class") and target_id else owner.id
    if not _may_read(act.session, owner, of, target):
        raise Forbidden("This calendar is not for you.")
    wanted = (CalendarFeed.owner_id == owner.id) & (CalendarFeed.of == of) & (CalendarFeed.target_id == target)
    found = act.session.scalar(select(CalendarFeed).where(wanted))
    if found is None:
        found = CalendarFeed(owner_id=owner.id, of=of, target_id=target)
        act.session.add(found)
        act.session.flush()
        act.record("calendar.make", f"calendar:{found.id}", new={"of": of})
    return found


def renew(act: Act, feed_id: uuid.UUID) -> CalendarFeed:
    """Give a calendar another address; the one of before shows nothing any more.

    Raises:
        NotFound: It is not theirs.
    """
    feed = act.session.get(CalendarFeed, feed_id)
    if feed is None or feed.owner_id != act.person.id:
        raise NotFound("There is no such calendar.")
    feed.generation += 1
    act.session.flush()
    act.record("calendar.renew", f"calendar:{feed.id}", new={"generation": feed.generation})
    return feed


def _may_read(session: Session, owner: Person, of: FeedOf, target: uuid.UUID) -> bool:
    if of == "mine":
        return True
    if owner.role == "learner":
        return False
    if of == "led":
        return True
    if of == "room":
        return owner.role in ("trainer", "admin") and session.get(Room, target) is not None
    if owner.role in ("trainer", "admin"):
        return session.get(Class, target) is not None
    member = session.get(ClassMember, (target, owner.id))
    return member is not None and member.teaches


def read_feed(session: Session, site: Site, feed_id: uuid.UUID, key: str, at: datetime) -> bytes:
    """A calendar, for whoever knows its address.

    Raises:
        NotFound: No calendar has it, its owner's account is closed, or they may not see it any more.
    """
    feed = session.get(CalendarFeed, feed_id)
    owner = session.get(Person, feed.owner_id) if feed else None
    if feed is None or owner is None or not hmac.compare_digest(site.key(feed), key):
        raise NotFound("There is no such calendar.")
    if not owner.active or not _may_read(session, owner, feed.of, feed.target_id):
        raise NotFound("There is no such calendar.")
    wanted = list(session.scalars(select(Event).where(_shown(feed), Event.begins > at - PAST).order_by(Event.begins)))
    return make_feed(_name(session, feed), list(_entries(session, site, owner, wanted)))


def _shown(feed: CalendarFeed) -> ColumnElement[bool]:
    if feed.of == "led":
        return leads(feed.target_id)
    if feed.of == "room":
        return Event.room_id == feed.target_id
    if feed.of == "class":
        return Event.id.in_(select(EventClass.event_id).where(EventClass.class_id == feed.target_id))
    mine = select(Booking.event_id).where(Booking.person_id == feed.target_id, Booking.state == "booked")
    return Event.id.in_(mine)


def _name(session: Session, feed: CalendarFeed) -> str:
    if feed.of == "room":
        return f"Airlock: {session.get_one(Room, feed.target_id).name}"
    if feed.of == "class":
        return f"Airlock: {session.get_one(Class, feed.target_id).name}"
    return "Airlock"


def _entries(session: Session, site: Site, owner: Person, events: Sequence[Event]) -> Iterator[Entry]:
    halves: dict[uuid.UUID, list[HalfDay]] = defaultdict(list)
    wanted = [event.id for event in events]
    for half in session.scalars(select(HalfDay).where(HalfDay.event_id.in_(wanted)).order_by(HalfDay.number)):
        halves[half.event_id].append(half)
    rooms = {room.id: room.name for room in session.scalars(select(Room))} if events else {}
    modules = current_catalogue(session).modules
    page = f"{site.url}{page_path(owner.lang, 'learning' if owner.role == 'learner' else 'events')}"
    for event in events:
        titles = [modules[name].page(owner.lang).title if name in modules else name for name in event.module_ids]
        for half in halves[event.id]:
            yield Entry(
                uid=uid_of(event.id, half.number, site.url),
                sequence=event.sequence,
                begins=half.begins,
                ends=half.ends,
                timezone=event.timezone,
                title=", ".join(titles),
                place=rooms.get(event.room_id, "") if event.room_id else "",
                text=event.note,
                address=page,
                cancelled=event.cancelled_at is not None,
                stamp=event.cancelled_at or event.created_at,
            )
