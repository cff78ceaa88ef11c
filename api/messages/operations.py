"""The outbox: what is to be sent, and to whom not. Knows no HTTP and never commits.

A message is made in the transaction of the act that it tells of: either both are there or neither.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.errors import LinkInvalid
from api.accounts.models import Newcomer, Person, Somebody
from api.core.errors import Invalid
from api.core.roles import Role
from api.messages.errors import LettersUsedUp
from api.messages.kinds import KINDS, Facts, ending_kinds
from api.messages.models import JobRun, MailboxEntry, Message, Preference

KEPT = timedelta(days=90)
"""How long a message that was sent stays, for questions about it."""


def facts_of(message: Message) -> Facts:
    """What a message is made of.

    Raises:
        KeyError: No kind of letter has this name.
        TypeError: It was made by another version of the program, and something is missing.
    """
    return KINDS[message.kind].read(message.data)


def look_again(session: Session, message: Message, at: datetime) -> Facts | None:
    """The facts of a message that is about to leave, as they are now; None where it is not wanted any more."""
    reader = message.reader
    if not reader.active:
        return None
    return facts_of(message).as_of_now(session, reader, at)


def add_message(
    session: Session,
    person: Person | Newcomer,
    facts: Facts,
    *,
    at: datetime,
    once: str | None = None,
    after: datetime | None = None,
    by: Somebody | None = None,
) -> bool:
    """Put a message into the outbox.

    Args:
        session: The act's own.
        person: The reader.
        facts: What the text is made of.
        at: Now.
        once: Says which message this is; a second one is not made.
        after: Not to be sent before; None is at once.
        by: Who has it sent; None is nobody in particular.

    Returns:
        Whether it was made: not if the reader does not want it or is not active, or if it was made before.
    """
    known = person if isinstance(person, Person) else None
    if known is not None and (not known.active or (facts.can_be_ended and not wants(session, known, facts.kind))):
        return False
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(Message)
        .values(
            id=uuid.uuid4(),
            person_id=known.id if known else None,
            newcomer_id=None if known else person.id,
            caused_by=by.id if by else None,
            kind=facts.kind,
            data=asdict(facts),
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


MOST_A_DAY = 600
"""Letters that a teacher causes within 24 hours: a full class, and some more."""


def check_quota(act: Act, more: int) -> None:
    """Make sure that whoever acts may have more letters sent now; who reaches everybody has no limit.

    Raises:
        LettersUsedUp: They had as many sent as one person may within a day.
    """
    if act.scope == "all":
        return
    mine = (Message.caused_by == act.person.id) & (Message.created_at > act.at - timedelta(days=1))
    made = act.session.scalar(select(func.count()).select_from(Message).where(mine)) or 0
    if more and made + more > MOST_A_DAY:
        raise LettersUsedUp(f"One person has at most {MOST_A_DAY} letters sent within a day.", wait=3600)


def add_messages(
    session: Session, found: Sequence[tuple[Person, Facts]], *, at: datetime, by: Somebody | None = None
) -> None:
    """Put letters that nobody can switch off into the outbox, in one statement a hundred."""
    rows = [
        {
            "id": uuid.uuid4(),
            "person_id": person.id,
            "caused_by": by.id if by else None,
            "kind": facts.kind,
            "data": asdict(facts),
            "once": None,
            "created_at": at,
            "send_after": at,
            "state": "waiting",
            "tries": 0,
            "error": "",
        }
        for person, facts in found
        if person.active
    ]
    for start in range(0, len(rows), TOGETHER):
        session.execute(MESSAGES.insert().values(rows[start : start + TOGETHER]))


TOGETHER = 100
MESSAGES: Table = Message.__table__  # type: ignore[assignment]  # It is a table.


def made_since(session: Session, kind: str, people: Sequence[uuid.UUID], since: datetime) -> list[Message]:
    """The messages of a kind that were made for some people from a moment on, in one query."""
    wanted = (Message.kind == kind) & Message.person_id.in_(people) & (Message.created_at >= since)
    return list(session.scalars(select(Message).where(wanted)))


def wants(session: Session, person: Somebody, kind: str) -> bool:
    """Whether a person wants a kind of message."""
    found = session.get(Preference, (person.id, kind))
    return found.wanted if found else not KINDS[kind].on_request


def kinds_for(role: Role) -> list[str]:
    """The kinds of messages that a role can get and switch off."""
    return [name for name in ending_kinds() if role != "learner" or not KINDS[name].staff_only]


def preferences_of(session: Session, person: Somebody) -> dict[str, bool]:
    """What a person wants, by kind."""
    return {kind: wants(session, person, kind) for kind in kinds_for(person.role)}


def set_preference(session: Session, person_id: uuid.UUID, kind: str, wanted: bool) -> None:
    """Say whether a person wants a kind of message; what waits to be sent heeds it.

    Raises:
        Invalid: There is no such kind, or nobody can switch it off.
    """
    if kind not in ending_kinds():
        raise Invalid(f"A kind is one of {', '.join(ending_kinds())}.", field="kind")
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


def unsubscribe(session: Session, secret: str, token: str) -> str:
    """End a kind of message for its reader; gives the kind.

    Raises:
        LinkInvalid: The link is not one of ours.
    """
    try:
        person_id, kind = _signer(secret).loads(token)
        person = session.get(Person, uuid.UUID(person_id))
    except (BadSignature, ValueError, TypeError):
        raise LinkInvalid("This is no link of ours.") from None
    if person is None or kind not in ending_kinds():
        raise LinkInvalid("This is no link of ours.")
    set_preference(session, person.id, kind, False)
    return str(kind)


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
