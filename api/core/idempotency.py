"""One effect for every `Idempotency-Key`: retries get the first answer again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial, wraps
from typing import Any, ParamSpec

from flask import Flask, Response, current_app, g, json, make_response, request
from sqlalchemy import JSON, String, Table, bindparam, delete, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from api.core.database import Base
from api.core.errors import IdempotencyConflict, Invalid
from api.core.requests import close_session, current_session, now
from api.core.statements import Prepared, insert_or_nothing

HEADER = "Idempotency-Key"
IDEMPOTENT = "__airlock_idempotent__"
LONGEST = 100
TRIES = 4
GIVES_WAY = ("40P01", "40001")
"""deadlock_detected, serialization_failure (PostgreSQL, appendix A)."""
KEPT = timedelta(days=90)
"""How long a retry gets the first answer; a phone may be off for weeks."""
Arguments = ParamSpec("Arguments")
Write = Callable[Arguments, tuple[dict[str, Any], int]]


class IdempotencyKey(Base):
    """A key that was used, with the answer it got."""

    __tablename__ = "idempotency_keys"

    caller: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Who sent it, as the audit trail has it: the id of a person, or what else may call."""
    key: Mapped[str] = mapped_column(String(LONGEST), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[Any] = mapped_column(JSON)
    created_at: Mapped[datetime]


def idempotent(write: Write[Arguments]) -> Callable[Arguments, Response]:
    """Make a route that writes repeatable.

    The route returns body and status and does not commit; answer and effect are committed together here. The key is
    claimed first: of two requests with one key at the same time, the second waits, fails at the unique constraint,
    rolls back and reads the first one's answer.
    """

    @wraps(write)
    def repeatable(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Response:
        key = request.headers.get(HEADER, "")
        if not key:
            raise Invalid(f"The {HEADER} header is missing: any text that is the same for every retry.")
        if len(key) > LONGEST or not key.isascii() or not key.isprintable():
            raise Invalid(f"The {HEADER} header has at most {LONGEST} printable ASCII characters.")
        wanted = _request_hash()
        for left in reversed(range(TRIES)):
            session, caller = current_session(), _caller()
            try:
                # Another request with this key waits here until this one has committed.
                if not CLAIM.run(
                    session, caller=caller, key=key, request_hash=wanted, status=0, body=None, created_at=now()
                ):
                    _check_reach()
                    return _answer(FIND.row(session, caller=caller, key=key), wanted)
                body, status = write(*args, **kwargs)
                ANSWER.run(session, of=caller, named=key, body=body, status=status)
                session.commit()
                return _reply(body, status)
            except IntegrityError:
                if not left:
                    raise
                close_session()
            except DBAPIError as error:
                # Two writers stood in each other's way, and the database chose this one to give way.
                if not left or getattr(error.orig, "sqlstate", "") not in GIVES_WAY:
                    raise
                close_session()
        raise AssertionError("unreachable")

    setattr(repeatable, IDEMPOTENT, True)
    return repeatable


KEYS: Table = IdempotencyKey.__table__  # type: ignore[assignment]  # It is a table.
CLAIM = Prepared(partial(insert_or_nothing, KEYS), tuple(KEYS.columns.keys()))
FIND = Prepared(
    select(KEYS.c.request_hash, KEYS.c.status, KEYS.c.body).where(
        KEYS.c.caller == bindparam("caller"), KEYS.c.key == bindparam("key")
    )
)
ANSWER = Prepared(
    update(KEYS)
    .where(KEYS.c.caller == bindparam("of"), KEYS.c.key == bindparam("named"))
    .values(body=bindparam("body"), status=bindparam("status"))
)


Reach = Callable[[Any], object]


def register_reach(app: Flask, name: str, check: Reach) -> None:
    """Say how a part of an address is looked up, as its routes do: a retry is checked like the first request.

    Args:
        app: The app.
        name: Of the part: "class_id".
        check: Raises NotFound where the caller does not reach it any more.
    """
    app.extensions.setdefault("airlock_reach", {})[name] = check


def _check_reach() -> None:
    """Somebody who lost a class since gets nothing of what an earlier reply said of it."""
    checks: dict[str, Reach] = current_app.extensions.get("airlock_reach", {})
    if g.airlock_scope in LOOKED_UP:
        for name, value in (request.view_args or {}).items():
            if name in checks:
                checks[name](value)


LOOKED_UP = ("classes", "company", "mates")
"""Scopes that can be lost; the others are a role's, or one's own records."""


def _caller() -> str:
    actor: str = g.airlock_caller.actor
    return actor


def _answer(known: Any, wanted: str) -> Response:
    if known.request_hash != wanted:
        raise IdempotencyConflict("This key was used for another request.")
    reply = _reply(known.body, known.status)
    reply.headers["Idempotency-Replayed"] = "true"
    return reply


def _reply(body: Any, status: int) -> Response:
    return make_response(Response(json.dumps(body), status=status, mimetype="application/json"))


def _request_hash() -> str:
    content = b"\n".join([request.method.encode(), request.path.encode(), request.get_data(cache=True)])
    return hashlib.sha256(content).hexdigest()


def prune_keys(session: Session, at: datetime) -> int:
    """Forget keys that no client retries any more; gives how many."""
    old = delete(IdempotencyKey).where(IdempotencyKey.created_at < at - KEPT).returning(IdempotencyKey.key)
    return len(session.execute(old).all())
