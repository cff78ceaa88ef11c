"""Statements and documents of one store, as xAPI has them (1.0.3, Part Three). Knows no HTTP and never commits.

A store is a registration's, or a device's own: whoever has its key reads it, and nobody reads across.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.applications.errors import Rejected
from api.applications.models import KeptDocument, KeptStatement
from api.applications.statements import (
    VOIDED,
    Json,
    Malformed,
    activities_of,
    agent_key,
    agents_of,
    as_kept,
    check_statement,
    says_the_same,
)
from api.core.schemas import check_storable

MOST = 200
"""Statements of one reply."""
READ = 20_000
"""Statements that one reply looks through."""
LARGEST = 200_000
"""Bytes of a document."""
LONGEST_NAME = 300
DEEPEST = 40
"""Levels of lists and objects within one another: extensions may be deep."""


@dataclass(frozen=True, slots=True)
class Store:
    """Where an application keeps what it says.

    Attributes:
        name: "launch:REGISTRATION" or "device:ID".
        authority: Who vouches for it: an agent.
        launch_id: Of the session that writes.
        person_id: About whom it is, where that is known.
    """

    name: str
    authority: Json
    launch_id: uuid.UUID | None = None
    person_id: uuid.UUID | None = None


def read_statements(body: Any) -> list[dict[str, Any]]:
    """Statements of a request; one alone is a list of one.

    Raises:
        Rejected: One of them is none.
    """
    sent = body if isinstance(body, list) else [body]
    for number, one in enumerate(sent):
        try:
            check_statement(one)
        except Malformed as error:
            raise Rejected(400, f"Statement {number + 1}: {error}") from error
    named = [one["id"].lower() for one in sent if "id" in one]
    if len(set(named)) < len(named):
        raise Rejected(400, "Two statements have one id.")
    return sent


def add_statements(
    session: Session, store: Store, sent: Sequence[dict[str, Any]], at: datetime, known: str = ""
) -> tuple[list[str], list[dict[str, Any]]]:
    """Keep statements; what is there already, and says the same, stays.

    Args:
        session: Where.
        store: Whose.
        sent: As `read_statements` gives them.
        at: When.
        known: The id that the address names.

    Returns:
        The ids of all, and those that were added.

    Raises:
        Rejected: An id stands for something else already (409), or what is to be taken back cannot be.
    """
    ids, added = [], []
    for one in sent:
        kept = as_kept(one, at, store.authority, known)
        ids.append(kept["id"])
        before = find_statement(session, store, kept["id"])
        if before is not None:
            if not says_the_same(before.content, kept):
                raise Rejected(409, f"Statement {kept['id']} is there already, and says something else.")
            continue
        if kept["verb"]["id"] == VOIDED:
            _void(session, store, kept["object"]["id"])
        session.add(
            KeptStatement(
                id=uuid.UUID(kept["id"]),
                store=store.name,
                launch_id=store.launch_id,
                person_id=store.person_id,
                who=agent_key(kept["actor"])[:600],
                verb=kept["verb"]["id"][:500],
                registration=kept.get("context", {}).get("registration", "").lower() or None,
                target=uuid.UUID(kept["object"]["id"]) if kept["object"].get("objectType") == "StatementRef" else None,
                stored=at,
                voided=False,
                content=kept,
            )
        )
        session.flush()
        added.append(kept)
    return ids, added


def _void(session: Session, store: Store, name: str) -> None:
    found = find_statement(session, store, name)
    if found is None:
        return
    if found.verb == VOIDED:
        raise Rejected(400, "What takes a statement back is not taken back itself.")
    found.voided = True


def find_statement(session: Session, store: Store, name: str) -> KeptStatement | None:
    """A statement by its id."""
    return session.scalar(
        select(KeptStatement).where(KeptStatement.store == store.name, KeptStatement.id == uuid.UUID(name))
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which statements are asked for (Part Three, 2.1.3).

    Attributes:
        before: Numbers below which, or with `ascending` above which, the page goes on; None is its begin.
    """

    agent: str = ""
    verb: str = ""
    activity: str = ""
    registration: str = ""
    related_activities: bool = False
    related_agents: bool = False
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 0
    ascending: bool = False
    before: int | None = None


def list_statements(session: Session, store: Store, wanted: Wanted) -> tuple[list[dict[str, Any]], int | None]:
    """Statements that fit, the newest first, and from which number on there are more."""
    query = select(KeptStatement).where(KeptStatement.store == store.name, KeptStatement.voided.is_(False))
    # What points to another statement fits where that one does.
    points = KeptStatement.target.is_not(None)
    if wanted.verb:
        query = query.where(points | (KeptStatement.verb == wanted.verb))
    if wanted.registration:
        query = query.where(points | (KeptStatement.registration == wanted.registration))
    if wanted.since is not None:
        query = query.where(KeptStatement.stored > wanted.since)
    if wanted.until is not None:
        query = query.where(KeptStatement.stored <= wanted.until)
    number = KeptStatement.number
    if wanted.before is not None:
        query = query.where(number > wanted.before if wanted.ascending else number < wanted.before)
    query = query.order_by(number if wanted.ascending else number.desc()).limit(READ)
    most = min(wanted.limit, MOST) if wanted.limit else MOST
    found: list[dict[str, Any]] = []
    last, looked_at = 0, 0
    for row in session.scalars(query):
        if _fits(session, store, row.content, wanted):
            if len(found) == most:
                return found, last
            found.append(row.content)
        last, looked_at = row.number, looked_at + 1
    return found, last if looked_at == READ else None


def _fits(session: Session, store: Store, statement: Json, wanted: Wanted, depth: int = 2) -> bool:
    """Whether a statement is what is asked for; one that points to such a one is as well (Part Three, 2.1.3)."""
    registration = statement.get("context", {}).get("registration", "").lower()
    if (
        (not wanted.agent or wanted.agent in agents_of(statement, related=wanted.related_agents))
        and (not wanted.activity or wanted.activity in activities_of(statement, related=wanted.related_activities))
        and (not wanted.verb or wanted.verb == statement["verb"]["id"])
        and (not wanted.registration or wanted.registration == registration)
    ):
        return True
    target = statement["object"]
    if target.get("objectType") == "StatementRef" and depth:
        other = find_statement(session, store, target["id"])
        return other is not None and _fits(session, store, other.content, wanted, depth - 1)
    return False


def shortened(statement: Json, form: str, languages: Sequence[str]) -> dict[str, Any]:
    """A statement in another form (Part Three, 2.1.3, format).

    Args:
        statement: As it is kept.
        form: "ids" leaves identifiers alone; "canonical" one language of each text; "exact" is as it was sent.
        languages: That are wanted, best first.
    """
    if form == "exact":
        return dict(statement)
    if form == "canonical":
        return dict(_one_language(statement, languages))
    return dict(_ids(statement))


def _ids(one: Any) -> Any:
    if isinstance(one, list):
        return [_ids(item) for item in one]
    if not isinstance(one, dict):
        return one
    kind = one.get("objectType")
    if "verb" in one:
        kept = {name: _ids(value) for name, value in one.items() if name not in ("verb", "result", "attachments")}
        return {**kept, "verb": {"id": one["verb"]["id"]}, **({"result": one["result"]} if "result" in one else {})}
    if "definition" in one or kind == "Activity":
        return {"id": one["id"]}
    if key := next((name for name in ("mbox", "mbox_sha1sum", "openid", "account") if name in one), None):
        return {name: value for name, value in one.items() if name in ("objectType", key)}
    return {name: _ids(value) if name != "extensions" else value for name, value in one.items()}


def _one_language(one: Any, languages: Sequence[str], name: str = "") -> Any:
    if isinstance(one, list):
        return [_one_language(item, languages) for item in one]
    if not isinstance(one, dict) or name == "extensions":
        return one
    if name in ("display", "description", "name") and one:
        best = next((lang for lang in languages if lang in one), None)
        best = best or next((lang for wanted in languages for lang in one if lang.split("-")[0] == wanted), None)
        chosen = best or next(iter(one))
        return {chosen: one[chosen]}
    return {key: _one_language(value, languages, key) for key, value in one.items()}


# Documents


@dataclass(frozen=True, slots=True)
class Where:
    """Which documents: those of an activity, an agent, or both and a registration."""

    resource: str
    activity: str = ""
    agent: str = ""
    registration: str = ""

    @property
    def place(self) -> str:
        """As a row names it."""
        return hashlib.sha256(f"{self.activity}\n{self.agent}".encode()).hexdigest()


def find_document(session: Session, store: Store, where: Where, name: str) -> KeptDocument | None:
    """A document by its name."""
    return session.scalar(
        select(KeptDocument).where(
            KeptDocument.store == store.name,
            KeptDocument.resource == where.resource,
            KeptDocument.place == where.place,
            KeptDocument.registration == where.registration,
            KeptDocument.name == name,
        )
    )


def list_documents(
    session: Session, store: Store, where: Where, since: datetime | None = None, *, any_registration: bool = False
) -> list[KeptDocument]:
    """Every document there, in the order of their names."""
    query = select(KeptDocument).where(
        KeptDocument.store == store.name,
        KeptDocument.resource == where.resource,
        KeptDocument.place == where.place,
    )
    if where.registration or not any_registration:
        query = query.where(KeptDocument.registration == where.registration)
    if since is not None:
        query = query.where(KeptDocument.updated_at > since)
    return list(session.scalars(query.order_by(KeptDocument.name)))


def etag_of(document: KeptDocument) -> str:
    """The tag of a document (Part Three, 3.1): SHA-1 of what is in it, in quotes."""
    return f'"{hashlib.sha1(document.content, usedforsecurity=False).hexdigest()}"'


def put_document(
    session: Session,
    store: Store,
    where: Where,
    name: str,
    content: bytes,
    media_type: str,
    at: datetime,
    *,
    merge: bool = False,
) -> None:
    """Keep a document; with `merge` the properties of one JSON object are put into another (Part Three, 2.2).

    Raises:
        Rejected: It is too large, or what is to be merged is no JSON object.
    """
    if len(name) > LONGEST_NAME:
        raise Rejected(400, f"A name has at most {LONGEST_NAME} letters.")
    if len(content) > LARGEST:
        raise Rejected(413, f"A document has at most {LARGEST} bytes.")
    if media_type.split(";")[0].strip() == "application/json":
        read_json(content, "The document")
    before = find_document(session, store, where, name)
    if merge and before is not None:
        old, new = _json_object(before.content, before.media_type), _json_object(content, media_type)
        content = json.dumps({**old, **new}, ensure_ascii=False).encode()
    elif merge and media_type.split(";")[0].strip() == "application/json":
        _json_object(content, media_type)
    if before is None:
        before = KeptDocument(
            store=store.name,
            resource=where.resource,
            place=where.place,
            registration=where.registration,
            name=name,
            person_id=store.person_id,
        )
        session.add(before)
    before.content, before.media_type, before.updated_at = content, media_type[:120], at
    session.flush()


def read_json(text: str | bytes, where: str) -> Any:
    """What a JSON text says.

    Raises:
        Rejected: It is none, or holds what no database does.
    """
    try:
        found = json.loads(text)
        check_storable(found, DEEPEST)
    except (ValueError, RecursionError) as error:
        raise Rejected(400, f"{where}: not JSON that can be kept ({error})") from error
    return found


def _json_object(content: bytes, media_type: str) -> Mapping[str, Any]:
    found = read_json(content, "The document") if media_type.split(";")[0].strip() == "application/json" else None
    if not isinstance(found, dict):
        raise Rejected(400, "Only JSON objects are put together.")
    return found


def remove_documents(session: Session, documents: Iterable[KeptDocument]) -> None:
    """Delete documents."""
    for one in documents:
        session.delete(one)
    session.flush()


def stored_through(at: datetime) -> str:
    """Up to when everything that was taken can be read (Part Three, 2.1.4)."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
