"""Photographs of what somebody did at a practical, beside the line of the checklist; where the centre allows them.

Knows no HTTP and never commits. A photograph is no evidence: it can be removed, and goes when its learner is erased.
The audit trail keeps the hash of each.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.catalogue.operations import current_catalogue
from api.core.choices import read_choices
from api.core.errors import NotFound
from api.events.errors import NotBooked, PhotosNotAllowed, PlanInvalid
from api.events.facts import attendance_of
from api.events.models import Event, Photo

LARGEST = 150_000
"""Bytes: a picture of 1280 pixels; the tablet makes it as small before it is sent."""
MOST = 6
"""Of one learner at one event."""
START, END, SCAN = 0xD8, 0xD9, 0xDA
SAID = {*range(0xE1, 0xF0), 0xFE}
"""Markers of segments in which a camera says where and when it was (APP1 to APP15) and what somebody wrote (COM)."""


def add_photo(act: Act, event: Event, module_id: str, person_id: uuid.UUID, line: int, content: bytes) -> Photo:
    """Keep a photograph.

    Args:
        act: Whose act it is.
        event: Where it was.
        module_id: The practical.
        person_id: Whose work it shows.
        line: Of the checklist, from 0.
        content: A JPEG; what the camera said of place and time is taken out.

    Raises:
        PhotosNotAllowed: The centre allows none.
        PlanInvalid: It is no JPEG, too large, one too many, or of no line of the checklist.
        NotBooked: The learner was not there.
    """
    session = act.session
    if not read_choices(session).photos:
        raise PhotosNotAllowed("Your centre allows no photographs at practicals.")
    module = current_catalogue(session).modules.get(module_id)
    if module is None or module_id not in event.module_ids or not module.rules.has_checklist:
        raise PlanInvalid("The event has no such practical.", field="module")
    if not 0 <= line < len(module.page(event.lang).checklist):
        raise PlanInvalid("The checklist has no such line.", field="line")
    there = {person for (person, _), one in attendance_of(session, event).items() if one.state == "present"}
    if person_id not in there:
        raise NotBooked("Somebody was not checked in: record first that they were there.")
    kept = without_metadata(content)
    if len(kept) > LARGEST:
        raise PlanInvalid(f"A photograph has at most {LARGEST // 1000} kB.", field="file")
    of_person = (Photo.event_id == event.id) & (Photo.person_id == person_id)
    sha256 = hashlib.sha256(kept).hexdigest()
    known = session.scalar(select(Photo).where(of_person, Photo.sha256 == sha256))
    if known is not None:
        return known
    if (session.scalar(select(func.count()).select_from(Photo).where(of_person)) or 0) >= MOST:
        raise PlanInvalid(f"There are {MOST} photographs of this learner already: remove one first.", field="file")
    made = Photo(
        event_id=event.id, person_id=person_id, module_id=module_id, line=line, sha256=sha256, content=kept,
        added_by=act.person.id, at=act.at,
    )  # fmt: skip
    session.add(made)
    session.flush()
    act.record("event.photo", f"event:{event.id}", new={"photo": str(made.id), "sha256": sha256, "bytes": len(kept)})
    return made


def photos_of(session: Session, event: Event, person_id: uuid.UUID | None = None) -> list[Photo]:
    """Photographs of an event, or of one learner at it, without what is in them; the oldest first."""
    wanted = select(Photo).where(Photo.event_id == event.id)
    if person_id is not None:
        wanted = wanted.where(Photo.person_id == person_id)
    return list(session.scalars(wanted.order_by(Photo.at, Photo.id)))


def find_photo(session: Session, event: Event, photo_id: uuid.UUID) -> Photo:
    """A photograph of an event.

    Raises:
        NotFound: It has no such one.
    """
    found = session.get(Photo, photo_id)
    if found is None or found.event_id != event.id:
        raise NotFound("There is no such photograph.")
    return found


def remove_photo(act: Act, event: Event, photo_id: uuid.UUID) -> None:
    """Take a photograph away; the trail keeps that it was there.

    Raises:
        NotFound: It has no such one.
    """
    found = find_photo(act.session, event, photo_id)
    act.session.delete(found)
    act.record("event.photo.remove", f"event:{event.id}", old={"photo": str(photo_id), "sha256": found.sha256})


def without_metadata(content: bytes) -> bytes:
    """A JPEG without what a camera says beside the picture (ITU-T T.81, B.1: segments up to the first scan).

    Raises:
        PlanInvalid: It is no JPEG.
    """
    if not content.startswith(bytes((0xFF, START))):
        raise PlanInvalid("A photograph is a JPEG.", field="file")
    kept = bytearray(content[:2])
    for marker, segment in _segments(content):
        if marker not in SAID:
            kept += segment
    return bytes(kept)


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes of each segment; the last one is the first scan and all that follows."""
    place = 2
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == SCAN:
            yield marker, content[place:]
            return
        length = 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        yield marker, content[place : place + length]
        place += length
    raise PlanInvalid("This picture is damaged.", field="file")
