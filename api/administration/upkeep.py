"""How the house stands: letters that wait or were refused, publications, courses and drafts, jobs. Knows no HTTP."""

from __future__ import annotations

import sqlite3
import sys
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person
from api.catalogue.models import CatalogueVersion, Publication
from api.catalogue.operations import current_catalogue, current_version_or_none, make_current
from api.core.errors import Conflict, NotFound
from api.core.outbox import State
from api.core.releases import ReleaseGone, drafts_beside, release_of, swap
from api.core.texts import sort_key
from api.messages.delivery import settle, undecided_messages
from api.messages.models import JobRun, Message

SHOWN = 200
"""Letters on the page."""


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter that has not arrived."""

    id: uuid.UUID
    name: str
    email: str
    kind: str
    state: State
    created_at: datetime
    send_after: datetime
    tries: int
    error: str
    caused_by: str
    decision: bool


@dataclass(frozen=True, slots=True)
class Letters:
    """What is on its way, and how many of each state there are."""

    letters: list[LetterLine]
    counts: Mapping[str, int]


def list_letters(session: Session, at: datetime) -> Letters:
    """Letters that wait, were refused, or may have been sent when something broke; the newest first."""
    open_ones = Message.state.in_(("waiting", "claimed", "handing over", "failed"))
    found = session.scalars(select(Message).where(open_ones).order_by(Message.created_at.desc()).limit(SHOWN)).all()
    by = {one.caused_by for one in found if one.caused_by}
    senders = session.execute(select(Person.id, Person.name).where(Person.id.in_(by)))
    names = {row.id: row.name for row in senders}
    needing = {one.id for one in undecided_messages(session, at)}
    lines = [
        LetterLine(
            one.id,
            one.reader.name,
            one.reader.email,
            one.kind,
            one.state,
            one.created_at,
            one.send_after,
            one.tries,
            one.error,
            names.get(one.caused_by, "") if one.caused_by else "",
            one.id in needing,
        )
        for one in found
    ]
    return Letters(lines, _counts(session))


def _counts(session: Session) -> dict[str, int]:
    """How many letters there are in each state."""
    found = session.execute(select(Message.state, func.count().label("count")).group_by(Message.state))
    return {row.state: row[1] for row in found}


def settle_letter(act: Act, message_id: uuid.UUID, *, send_again: bool) -> None:
    """Send a refused letter again, or count it as sent.

    Raises:
        NotFound: There is none that needs a decision.
    """
    if not settle(act.session, message_id, send_again=send_again, at=act.at):
        raise NotFound("There is no such letter that needs a decision.")
    act.record("message.settle", f"message:{message_id}", new={"again": send_again})


@dataclass(frozen=True, slots=True)
class PublicationLine:
    """A publication, and which modules it added, changed and took out against the one before."""

    id: int
    version: str
    at: datetime
    actor: str
    actor_name: str
    added: list[str]
    changed: list[str]
    removed: list[str]
    current: bool
    kept: bool


def as_uuid(text: str) -> uuid.UUID | None:
    """The id that a text is, or None."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def list_publications(session: Session, live: Path | None, at_most: int = 30) -> list[PublicationLine]:
    """The newest publications, the newest first; `kept` are those whose pages are still there."""
    rows = session.execute(
        select(Publication, CatalogueVersion.manifest)
        .join(CatalogueVersion, CatalogueVersion.version == Publication.version)
        .order_by(Publication.id.desc())
        .limit(at_most + 1)
    ).all()
    people = [key for key in (as_uuid(row[0].actor) for row in rows) if key]
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    names = {str(row.id): row.name for row in found}
    lines = []
    for place, (publication, manifest) in enumerate(rows[:at_most]):
        now = {name: one[0] for name, one in manifest["modules"].items()}
        before = {name: one[0] for name, one in rows[place + 1][1]["modules"].items()} if place + 1 < len(rows) else {}
        lines.append(
            PublicationLine(
                publication.id,
                publication.version,
                publication.at,
                publication.actor,
                names.get(publication.actor, publication.actor),
                sorted(set(now) - set(before)),
                sorted(name for name in set(now) & set(before) if now[name] != before[name]),
                sorted(set(before) - set(now)),
                publication.version == rows[0][0].version,
                release_of(live, publication.version) is not None,
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A course that is published.

    Attributes:
        languages: Codes of those that it is written in.
        modules: How many there are, by kind.
        minutes: Of all of them.
    """

    id: str
    title: str
    languages: list[str]
    modules: dict[str, int]
    minutes: int


@dataclass(frozen=True, slots=True)
class Content:
    """Courses that are published, and addresses of pages that are drafts, for those who may see them."""

    courses: list[CourseLine]
    drafts: list[str]


def list_content(session: Session, live: Path | None, lang: str) -> Content:
    """Courses by title, and drafts of the site that is served."""
    catalogue = current_catalogue(session)
    courses = []
    for course in catalogue.courses.values():
        modules = catalogue.modules_of(course)
        courses.append(
            CourseLine(
                course.id,
                course.text(lang).title,
                sorted(course.texts),
                dict(Counter(module.kind for module in modules)),
                sum(module.minutes for module in modules),
            )
        )
    folder = drafts_beside(live.resolve()) if live else None
    pages = folder.rglob("index.html") if folder and folder.is_dir() else []
    drafts = [f"/{page.parent.relative_to(folder).as_posix()}/" for page in pages] if folder else []
    return Content(sorted(courses, key=lambda line: sort_key(line.title)), sorted(drafts))


def return_to(act: Act, publication_id: int, live: Path | None) -> None:
    """Show what was published once, again: its pages, its keys and its renewal numbers.

    The link is swapped last. If the transaction fails after it, the pages of then are graded as every older page is.

    Raises:
        NotFound: There is no such publication.
        ReleaseGone: Its pages are not kept any more.
        Conflict: It is what is shown now, or the link cannot be written.
    """
    session = act.session
    wanted = session.get(Publication, publication_id)
    if wanted is None:
        raise NotFound("There is no such publication.")
    current = current_version_or_none(session)
    if wanted.version == current:
        raise Conflict("That is what is shown now.")
    release = release_of(live, wanted.version)
    if live is None or release is None:
        raise ReleaseGone("The pages of that publication are not kept any more: publish the content of then again.")
    make_current(act, wanted.version, current)
    try:
        swap(live, release)
    except OSError as error:
        raise Conflict(f"The link to the site cannot be changed: {error.strerror}.") from error


@dataclass(frozen=True, slots=True)
class Health:
    """What runs, and when the jobs ran last.

    Attributes:
        undecided: Letters that somebody decides about: refused, or perhaps sent.
    """

    database: str
    python: str
    jobs: dict[str, datetime]
    people: int
    waiting: int
    failed: int
    undecided: int


def health(session: Session, at: datetime) -> Health:
    """How the house stands now."""
    dialect = session.get_bind().dialect.name
    version = sqlite3.sqlite_version if dialect == "sqlite" else str(session.scalar(text("SHOW server_version")))
    states = _counts(session)
    return Health(
        f"{'SQLite' if dialect == 'sqlite' else 'PostgreSQL'} {version}",
        sys.version.split()[0],
        {row.job: row.at for row in session.scalars(select(JobRun))},
        session.scalar(select(func.count()).select_from(Person)) or 0,
        states.get("waiting", 0),
        states.get("failed", 0),
        len(undecided_messages(session, at)),
    )
