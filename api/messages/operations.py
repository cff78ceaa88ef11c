"""The outbox: what is to be sent, and to whom not. Knows no HTTP and never commits.

A message is made in the transaction of the act that it tells of: either both are there or neither.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.errors import LinkInvalid
from api.accounts.models import Person, Somebody
from api.core.roles import Role
from api.messages.models import JobRun, Kind, MailboxEntry, Message, Preference, Unsubscribable

UNSUBSCRIBABLE: tuple[Unsubscribable, ...] = get_args(Unsubscribable)
ON_REQUEST: frozenset[Unsubscribable] = frozenset(["class-digest"])
"""Nobody gets these without asking for them."""

STAFF_ONLY: frozenset[Unsubscribable] = frozenset(["class-digest", "question"])
KEPT = timedelta(days=90)
"""How long a message that was sent stays, for questions about it."""


Facts = Mapping[str, Any]
Review = Callable[[Session, Message, datetime], Facts | None]
"""Looks at a message that is about to leave: its facts as they are now, None where it is not wanted any more."""

REVIEWS: dict[str, Review] = {}
"""By kind. What waits is looked at again: in the meantime somebody may have left, or done what they are reminded of."""


def reviews(*kinds: Kind) -> Callable[[Review], Review]:
    """Say who looks again at messages of some kinds; each feature does for its own."""

    def register(review: Review) -> Review:
        REVIEWS.update(dict.fromkeys(kinds, review))
        return review

    return register


def look_again(session: Session, message: Message, at: datetime) -> bool:
    """Bring a message up to date that is about to leave; gives whether it is still wanted."""
    review = REVIEWS.get(message.kind)
    facts = message.data if review is None else review(session, message, at)
    if facts is None or not message.person.active:
        return False
    message.data = dict(facts)
    return True


def add_message(
    session: Session,
    person: Person,
    kind: str,
    data: Mapping[str, Any],
    *,
    at: datetime,
    once: str | None = None,
    after: datetime | None = None,
) -> bool:
    """Put a message into the outbox.

    Args:
        session: The act's own.
        person: The reader.
        kind: One of `Kind`.
        data: What the text is made of; no secrets.
        at: Now.
        once: Says which message this is; a second one is not made.
        after: Not to be sent before; None is at once.

    Returns:
        Whether it was made: not if the reader does not want it or is not active, or if it was made before.
    """
    if not person.active or (kind in UNSUBSCRIBABLE and not wants(session, person, kind)):
        return False
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(Message)
        .values(
            id=uuid.uuid4(),
            person_id=person.id,
            kind=kind,
            data=dict(data),
            once=once,
            created_at=at,
            send_after=after or at,
            state="waiting",
            tries=0,
            error="",
        )
        .on_conflict_do_nothing(index_elements=["once"])
        .returning(Message.id)
    )
    return session.execute(statement).scalar_one_or_none() is not None


def made_since(session: Session, kind: str, people: Sequence[uuid.UUID], since: datetime) -> list[Message]:
    """The messages of a kind that were made for some people from a moment on, in one query."""
    wanted = (Message.kind == kind) & Message.person_id.in_(people) & (Message.created_at >= since)
    return list(session.scalars(select(Message).where(wanted)))


def drop_waiting(session: Session, kind: str, name: str, value: str) -> None:
    """Send no more of a kind what waits and has a value among its facts."""
    for message in session.scalars(select(Message).where(Message.kind == kind, Message.state == "waiting")):
        if message.data.get(name) == value:
            message.state = "unwanted"
    session.flush()


def wants(session: Session, person: Somebody, kind: Unsubscribable) -> bool:
    """Whether a person wants a kind of message."""
    found = session.get(Preference, (person.id, kind))
    return found.wanted if found else kind not in ON_REQUEST


def kinds_for(role: Role) -> tuple[Unsubscribable, ...]:
    """The kinds of messages that a role can get."""
    return tuple(kind for kind in UNSUBSCRIBABLE if role != "learner" or kind not in STAFF_ONLY)


def preferences_of(session: Session, person: Somebody) -> dict[Unsubscribable, bool]:
    """What a person wants, by kind."""
    return {kind: wants(session, person, kind) for kind in kinds_for(person.role)}


def set_preference(session: Session, person_id: uuid.UUID, kind: Unsubscribable, wanted: bool) -> None:
    """Say whether a person wants a kind of message; what waits to be sent heeds it."""
    found = session.get(Preference, (person_id, kind))
    if found is None:
        session.add(Preference(person_id=person_id, kind=kind, wanted=wanted))
    else:
        found.wanted = wanted
    if not wanted:
        session.execute(
            update(Message)
            .where(Message.person_id == person_id, Message.kind == kind, Message.state == "waiting")
            .values(state="unwanted")
        )
    session.flush()


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="airlock-unsubscribe")


def unsubscribe_token(secret: str, person_id: uuid.UUID, kind: str) -> str:
    """What the link at the end of a message carries; it can do nothing but end this kind of message."""
    return str(_signer(secret).dumps([str(person_id), kind]))


def unsubscribe(session: Session, secret: str, token: str) -> Unsubscribable:
    """End a kind of message for its reader; gives the kind.

    Raises:
        LinkInvalid: The link is not one of ours.
    """
    try:
        person_id, kind = _signer(secret).loads(token)
        person = session.get(Person, uuid.UUID(person_id))
    except (BadSignature, ValueError, TypeError):
        raise LinkInvalid("This is no link of ours.") from None
    if person is None or kind not in UNSUBSCRIBABLE:
        raise LinkInvalid("This is no link of ours.")
    set_preference(session, person.id, kind, False)
    known: Unsubscribable = kind
    return known


def mailbox_of(act: Act) -> list[MailboxEntry]:
    """The demo's mailbox, the newest first: everybody's, or one's own."""
    statement = select(MailboxEntry).order_by(MailboxEntry.at.desc(), MailboxEntry.id).limit(100)
    if act.scope != "all":
        statement = statement.where(MailboxEntry.person_id == act.person.id)
    return list(act.session.scalars(statement))


def is_to_be_done(session: Session, job: str, period: str) -> bool:
    """Whether a job is still to be done in a period; from `end_period` on it is not."""
    found = session.get(JobRun, job)
    return found is None or found.period != period


def end_period(session: Session, job: str, period: str, at: datetime) -> None:
    """Note that a job is done in a period."""
    found = session.get(JobRun, job)
    if found is None:
        session.add(JobRun(job=job, period=period, at=at))
    else:
        found.period, found.at = period, at
    session.flush()


def prune_messages(session: Session, at: datetime) -> int:
    """Forget messages that were sent, or were not wanted, long ago; gives how many."""
    over = Message.state.in_(["sent", "unwanted"]) & (Message.created_at < at - KEPT)
    return len(session.execute(delete(Message).where(over).returning(Message.id)).all())
