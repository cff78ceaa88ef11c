"""Routes of calendars that programs read."""

from __future__ import annotations

import uuid

from apiflask import APIBlueprint
from flask import Response

from api.accounts.current import current_act
from api.core.permissions import anyone, everyone_signed_in
from api.core.replies import gives, writes
from api.core.requests import current_session, current_settings, now
from api.events import feeds
from api.events.feeds import Site
from api.events.models import CalendarFeed
from api.events.schemas import FeedIn, FeedOut, FeedsOut

calendars = APIBlueprint("calendars", __name__, tag="Calendars")


def _site() -> Site:
    settings = current_settings()
    return Site(settings.url, settings.secret_key)


def _shown(feed: CalendarFeed) -> FeedOut:
    return FeedOut(id=feed.id, of=feed.of, target=feed.target_id, address=_site().address(feed))


@calendars.get("/calendar/<uuid:feed_id>/<string:key>.ics")
@anyone()
@calendars.doc(hide=True)
def read(feed_id: uuid.UUID, key: str) -> Response:
    """A calendar, for whoever knows its address."""
    content = feeds.read_feed(current_session(), _site(), feed_id, key, now())
    reply = Response(content, mimetype="text/calendar")
    reply.headers["Content-Disposition"] = 'inline; filename="airlock.ics"'
    return reply


@calendars.get("/api/v1/calendars")
@everyone_signed_in(rows="own")
@gives(calendars, FeedsOut)
def mine() -> FeedsOut:
    """One's own calendars, with their secret addresses."""
    return FeedsOut(calendars=[_shown(feed) for feed in feeds.feeds_of(current_act())])


@calendars.post("/api/v1/calendars")
@everyone_signed_in(rows="own")
@calendars.input(FeedIn)
@writes(calendars, FeedOut, 201)
def make(json_data: FeedIn) -> FeedOut:
    """A calendar with an address of its own; the one that is there already, if it is."""
    return _shown(feeds.make_feed_of(current_act(), json_data.of, json_data.target))


@calendars.post("/api/v1/calendars/<uuid:feed_id>/renewal")
@everyone_signed_in(rows="own")
@writes(calendars, FeedOut)
def renew(feed_id: uuid.UUID) -> FeedOut:
    """Give a calendar another address; the one of before shows nothing any more."""
    return _shown(feeds.renew(current_act(), feed_id))
