"""What is to leave the system, and how often: at most once without a person's decision, whatever breaks.

    waiting ──claim──► claimed ──last moment──► handing over ──reply──► sent
       ▲                  │                          │
       └── not now ───────┴──── not now ─────────────┤
                                                     └── no reply: stays, and is listed; nobody sends it twice

A table that is an outbox has the columns of `Outgoing`. What its rows become, and who takes them, is the feature's: a
letter for a mail server today.

A claim ends after some minutes, so that what a crash left in `claimed` is sent by the next run. What it left in
`handing over` may have arrived: a person decides.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, Literal, TypeVar

import structlog
from sqlalchemy import ColumnElement, Select, String, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from api.core.clock import Clock
from api.core.database import Database

log = structlog.get_logger(__name__)

State = Literal["waiting", "claimed", "handing over", "sent", "unwanted", "failed"]
CLAIM_LASTS = timedelta(minutes=5)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360))
"""How long to wait after each failure; the last one for every later failure."""


class Outgoing:
    """Columns of an outbox.

    Attributes:
        send_after: Not before; moved on after every failure.
        state: `claimed` by a process until `claimed_until`; `handing over` from just before the other side takes it
            until it said so: after a crash there, nobody knows, and it is not sent again by itself.
        tries: How often it was tried.
        error: What the other side said last.
    """

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    created_at: Mapped[datetime]
    send_after: Mapped[datetime]
    state: Mapped[State] = mapped_column(String(16), default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    claim: Mapped[uuid.UUID | None]
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(300), default="")


class ClaimLost(Exception):
    """Another process took the row over: this one was too slow, and must not send it."""


class NotNow(Exception):
    """The other side did not take it; it can be tried again later.

    Attributes:
        reachable: Whether it answered: if not, the next one would fare no better.
    """

    def __init__(self, reason: str, *, reachable: bool) -> None:
        super().__init__(reason)
        self.reachable = reachable


class Refused(Exception):
    """The other side will never take it."""


class Unclear(Exception):
    """The connection broke after it was handed over and before the other side said that it has it."""


@dataclass
class Delivered:
    """What a run did."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0
    unclear: int = 0


Row = TypeVar("Row", bound=Any)
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Outbox(Generic[Row, Thing]):
    """A table of what is to leave.

    Attributes:
        model: The table, an `Outgoing`.
        write: Makes of a row what is sent, as of now; None where nobody wants it any more. LookupError, ValueError and
            TypeError say that it cannot be made: then it stands in nobody's way, and is listed.
        send: Hands it over. It calls its last argument in the last moment before the other side may have it, and raises
            `NotNow`, `Refused` or `Unclear`.
    """

    database: Database
    clock: Clock
    model: type[Row]
    write: Callable[[Session, Row, datetime], Thing | None]
    send: Callable[[Thing, uuid.UUID, Callable[[], None]], None]

    def deliver(self) -> Delivered:
        """Send everything whose time has come. Stops early when the other side cannot be reached."""
        done = Delivered()
        while (claimed := self._claim()) is not None:
            key, claim, thing = claimed
            if thing is None:
                done.failed += self._is_failed(key)
            elif not self._send(key, claim, thing, done):
                break
        return done

    def _is_failed(self, key: uuid.UUID) -> bool:
        """Whether a row without a thing could not be written; nobody wants the others any more."""
        with self.database.reading() as session:
            return session.scalar(select(self.model.state).where(self.model.id == key)) == "failed"

    def _claim(self) -> tuple[uuid.UUID, uuid.UUID, Thing | None] | None:
        """Take the next row, and write what is sent."""
        at, claim, model = self.clock(), uuid.uuid4(), self.model
        with self.database.writing() as session:
            ready = or_(
                (model.state == "waiting") & (model.send_after <= at),
                (model.state == "claimed") & (model.claimed_until <= at),
            )
            row = session.scalar(
                select(model)
                .where(ready)
                .order_by(model.send_after, model.id)
                .limit(1)
                .with_for_update(skip_locked=True, of=model)
            )
            if row is None:
                return None
            row.state, row.claim, row.claimed_until = "claimed", claim, at + CLAIM_LASTS
            row.tries += 1
            try:
                with session.begin_nested():
                    thing = self.write(session, row, at)
                    if thing is None:
                        row.state = "unwanted"
                    return row.id, claim, thing
            except (LookupError, ValueError, TypeError) as error:
                # Made by another version of the program: it must not stand in the way of the others.
                log.error("cannot be written", table=model.__tablename__, id=str(row.id), exc_info=error)
                row.state, row.error = "failed", f"{type(error).__name__}: {error}"[:300]
                return row.id, claim, None

    def _send(self, key: uuid.UUID, claim: uuid.UUID, thing: Thing, done: Delivered) -> bool:
        """Send one; gives whether to go on with the next."""
        model = self.model
        told = {"table": model.__tablename__, "id": str(key)}

        def move(session: Session, old: tuple[State, ...], **values: Any) -> bool:
            mine = (model.id == key) & (model.claim == claim) & model.state.in_(old)
            return session.execute(update(model).where(mine).values(**values).returning(model.id)).first() is not None

        def handing_over() -> None:
            with self.database.writing() as session:
                if not move(session, ("claimed",), state="handing over"):
                    raise ClaimLost

        either: tuple[State, ...] = ("claimed", "handing over")
        try:
            self.send(thing, key, handing_over)
        except ClaimLost:
            return True
        except Refused as error:
            done.failed += 1
            log.warning("refused", reason=str(error), **told)
            with self.database.writing() as session:
                move(session, either, state="failed", error=str(error)[:300])
        except NotNow as error:
            done.put_off += 1
            log.warning("put off", reason=str(error), **told)
            with self.database.writing() as session:
                tries = session.get_one(model, key).tries
                pause = PAUSES[min(tries, len(PAUSES)) - 1]
                move(session, either, state="waiting", send_after=self.clock() + pause, error=str(error)[:300])
            return error.reachable
        except Unclear as error:
            done.unclear += 1
            log.error("may have been sent", reason=str(error), **told)
            with self.database.writing() as session:
                move(session, either, error=str(error)[:300])
            return False
        else:
            done.sent += 1
            with self.database.writing() as session:
                move(session, ("handing over",), state="sent", sent_at=self.clock(), error="")
        return True


def _is_undecided(model: type[Any], at: datetime) -> ColumnElement[bool]:
    """Refused, or handed over without a reply in time."""
    return or_(model.state == "failed", (model.state == "handing over") & (model.claimed_until <= at))


def undecided(model: type[Row], at: datetime) -> Select[Row]:
    """Rows that need a person's decision: refused ones, and those of which nobody knows whether they arrived."""
    return select(model).where(_is_undecided(model, at)).order_by(model.created_at, model.id)


def settle(session: Session, model: type[Any], key: uuid.UUID, *, send_again: bool, at: datetime) -> bool:
    """Decide about one of them: send it again, or count it as sent; gives whether there was one."""
    values: dict[str, Any] = {"state": "waiting", "send_after": at} if send_again else {"state": "sent", "sent_at": at}
    found = session.execute(
        update(model).where(model.id == key, _is_undecided(model, at)).values(**values).returning(model.id)
    )
    return found.first() is not None
