"""Links for inspectors: made, ended, and used; what is seen is noted. Knows no HTTP and never commits."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.core.errors import NotFound
from api.funding.models import Inspection


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make_inspection(act: Act, label: str, first: date, last: date, days: int) -> tuple[Inspection, str]:
    """A link for somebody from outside, and its secret, which is shown once.

    Args:
        act: Who makes it.
        label: For whom.
        first: Day.
        last: Day, the last one.
        days: How long it can be used.
    """
    token = secrets.token_urlsafe(32)
    made = Inspection(
        id=uuid.uuid4(),
        token_hash=_hash(token),
        label=label.strip(),
        first=first.isoformat(),
        last=last.isoformat(),
        made_by=act.person.id,
        at=act.at,
        expires_at=act.at + timedelta(days=days),
    )
    act.session.add(made)
    act.session.flush()
    act.record("inspection.make", f"inspection:{made.id}", new={"days": days}, texts={"label": made.label})
    return made, token


def inspections(session: Session) -> Sequence[Inspection]:
    """All of them, the newest first."""
    return session.scalars(select(Inspection).order_by(Inspection.at.desc(), Inspection.id)).all()


def end_inspection(act: Act, inspection_id: uuid.UUID) -> None:
    """Close a link before its time.

    Raises:
        NotFound: There is none, or it is closed.
    """
    found = act.session.get(Inspection, inspection_id)
    if found is None or found.ended_at is not None:
        raise NotFound("There is no such link.")
    found.ended_at = act.at
    act.session.flush()
    act.record("inspection.end", f"inspection:{found.id}")


def view(session: Session, token: str, what: str, at: datetime) -> Inspection:
    """The link of a secret; that something was seen with it stands in the audit trail.

    Args:
        session: Where.
        token: The secret.
        what: What is seen: "totals by month", "lines of month 2026-03".
        at: When.

    Raises:
        NotFound: There is none, its time is over, or it was closed.
    """
    found = session.scalar(select(Inspection).where(Inspection.token_hash == _hash(token)))
    if found is None or found.ended_at is not None or found.expires_at <= at:
        raise NotFound("This link is not valid, or no longer.")
    Act(session, at, f"inspection:{found.id}").record("inspection.view", f"inspection:{found.id}", new={"what": what})
    return found
