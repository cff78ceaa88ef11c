"""The demo's sample people: a believable past, and a fortnight of webinars and practicals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.operations import find_person
from api.catalogue.operations import store_catalogue
from api.core.audit import verify
from api.core.database import Database
from api.demo import PAST, PERSONAS, add_sample_people, set_password
from api.events.attending import roster
from api.events.models import Event, EventFile
from api.events.needs import missing_of
from tests.conftest import SHIPPED, load_once

AT = datetime(2026, 11, 26, 9, 20, tzinfo=UTC)


def event_at(session: Session, begins: datetime) -> Event:
    return session.scalars(select(Event).where(Event.begins == begins)).one()


@pytest.mark.slow
def test_the_demo_has_a_past_and_a_fortnight(database: Database) -> None:
    with database.writing() as session:
        store_catalogue(Act(session, AT - PAST, "tests"), load_once(SHIPPED))
    with database.writing() as session:
        add_sample_people(session, AT)
        set_password(session, "a good long one")
    with database.writing() as session:
        add_sample_people(session, AT)  # Once more changes nothing.
    with database.reading() as session:
        events = list(session.scalars(select(Event).order_by(Event.begins)))
        assert [(event.begins.date() - AT.date()).days for event in events] == [-6, -1, 0, 1, 5, 12]
        _, yesterday, practice, *_ = events
        assert [file.event_id for file in session.scalars(select(EventFile))] == [yesterday.id]
        assert any(line.attendance for line in roster(session, yesterday))
        # One is going on now, with people who are ready and some who are not: among these the learner to sign in as.
        assert practice.begins <= AT < practice.begins + timedelta(hours=3)
        booked = [line.person for line in roster(session, practice) if line.booking.state == "booked"]
        missing = missing_of(session, practice, [person.id for person in booked], AT)
        assert {bool(needed) for needed in missing.values()} == {True, False}
        learner = find_person(session, PERSONAS[0].email)
        assert learner in booked
        assert verify(session).breaks == ()
