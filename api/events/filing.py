"""Files that belong to an event: attendance files as they were read, and sheets that were signed on paper."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.core.errors import NotFound
from api.events.errors import PlanInvalid
from api.events.models import Event, EventFile

KNOWN = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n": "image/png"}
"""First bytes of what a sheet may be, and what it is served as."""
TABLE = "text/csv"


def add_sheet(act: Act, event: Event, name: str, content: bytes) -> EventFile:
    """Keep a sheet that was signed on paper; the same one is kept once.

    Raises:
        PlanInvalid: It is no picture and no PDF.
    """
    media_type = next((kind for begin, kind in KNOWN.items() if content.startswith(begin)), None)
    if media_type is None:
        raise PlanInvalid("A sheet is a picture (JPEG, PNG) or a PDF.", field="file")
    return keep_file(act, event, name, media_type, content)


def keep_file(
    act: Act, event: Event, name: str, media_type: str, content: bytes, reading: dict[str, Any] | None = None
) -> EventFile:
    """Keep a file as it is, with how it was read; the same one is kept once, with the newest reading."""
    sha256 = hashlib.sha256(content).hexdigest()
    found = act.session.scalar(select(EventFile).where(EventFile.event_id == event.id, EventFile.sha256 == sha256))
    if found is not None:
        found.reading = reading or found.reading
        return found
    made = EventFile(
        event_id=event.id,
        name=name.strip()[:200] or sha256[:12],
        media_type=media_type,
        sha256=sha256,
        content=content,
        reading=reading,
        added_by=act.person.id,
        at=act.at,
    )
    act.session.add(made)
    act.session.flush()
    act.record("event.file", f"event:{event.id}", new={"sha256": sha256, "bytes": len(content)})
    return made


def files_of(session: Session, event: Event) -> list[tuple[uuid.UUID, str, str]]:
    """Id, name and media type of an event's files, without what is in them."""
    rows = session.execute(
        select(EventFile.id, EventFile.name, EventFile.media_type)
        .where(EventFile.event_id == event.id)
        .order_by(EventFile.at, EventFile.id)
    )
    return [(row.id, row.name, row.media_type) for row in rows]


def find_file(session: Session, event: Event, file_id: uuid.UUID) -> EventFile:
    """A file of an event.

    Raises:
        NotFound: It has no such file.
    """
    found = session.get(EventFile, file_id)
    if found is None or found.event_id != event.id:
        raise NotFound("There is no such file.")
    return found
