"""The resources of xAPI 1.0.3 that launched units and devices call (Part Three), and where a unit fetches its key.

Whoever calls is no person: a key stands in the header (HTTP Basic), and there is no cookie. Pages of other origins may
call, since units are served from elsewhere; a cookie would not be sent with it.
"""

from __future__ import annotations

import binascii
import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, g, request
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.applications import operations, store
from api.applications.errors import Rejected
from api.applications.models import Device, KeptDocument, Launch
from api.applications.statements import UUID, VERSION, Json, Malformed, agent, agent_key, group, iri, moment
from api.applications.store import Store, Wanted, Where
from api.core.errors import Conflict, NotFound
from api.core.limits import household, limiter
from api.core.permissions import with_a_key
from api.core.replies import problem
from api.core.requests import current_session, current_settings, now
from api.core.schemas import check_storable

xapi = APIBlueprint("xapi", __name__, url_prefix="/api/v1/xapi", tag="xAPI")
SPOKEN = "1.0.3"
HEADER = "X-Experience-API-Version"
ASKED = ("Authorization", "Content-Type", "If-Match", "If-None-Match", HEADER)
TOLD = ("ETag", "Last-Modified", "Content-Type", HEADER, "X-Experience-API-Consistent-Through", "WWW-Authenticate")
METHODS = "GET, PUT, POST, DELETE, HEAD, OPTIONS"
WHY: dict[str, Any] = {"application/problem+json": {}}
REJECTIONS = {
    400: "Not xAPI, or another version",
    401: "No key that opens anything",
    403: "Against the rules of its session",
    412: "Not the document that was seen",
    413: "Too large",
}
ANSWERS: dict[int | str, dict[str, str | dict[str, dict[str, Any]]]] = {
    200: {"description": "As xAPI has it", "content": {"*/*": {}}},
    204: {"description": "Done"},
    **{status: {"description": says, "content": WHY} for status, says in REJECTIONS.items()},
}
"""What a resource may answer."""
described = xapi.doc(responses=ANSWERS)


@dataclass(frozen=True, slots=True)
class Known:
    """Who calls: a session of a unit, or a device."""

    store: Store
    launch: Launch | None = None
    device: Device | None = None

    @property
    def actor(self) -> str:
        """As the audit trail has it."""
        return f"launch:{self.launch.id}" if self.launch else f"device:{self.device.id if self.device else ''}"


def _key() -> str:
    """By what requests are counted: the key's name, or the network where there is none that could be one."""
    given = request.authorization
    name = (given.username or "") if given else ""
    return f"key:{name}" if UUID.fullmatch(name) else household()


def answers(view: Callable[[], Response]) -> Callable[[], Response]:
    """A view: whoever calls is recognised, and what is rejected is said as xAPI says it."""

    @wraps(view)
    def answering() -> Response:
        try:
            if not VERSION.fullmatch(request.headers.get(HEADER, "")):
                raise Rejected(400, f"The header {HEADER} is missing, or another version: {SPOKEN} is spoken here.")
            g.xapi_caller = _recognise(current_session())
            found = view()
        except Rejected as error:
            found = problem(error.status, "rejected", error.why)
            if error.status == 401:
                found.headers["WWW-Authenticate"] = 'Basic realm="Airlock", charset="UTF-8"'
        except Malformed as error:
            found = problem(400, "rejected", str(error))
        return found

    return answering


def resource(method: str, path: str, most: int = 600) -> Callable[[Callable[[], Response]], Callable[[], Response]]:
    """A resource at an address: whoever calls is recognised, and may call so many times a minute."""

    def register(view: Callable[[], Response]) -> Callable[[], Response]:
        limited = limiter.limit(f"{most} per minute", key_func=_key)(answers(view))
        xapi.add_url_rule(path, view_func=with_a_key()(described(limited)), methods=[method])
        return view

    return register


def _recognise(session: Session) -> Known:
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    try:
        name, _, secret = (
            b64decode(given, validate=True).decode().partition(":") if kind.lower() == "basic" else ("",) * 3
        )
    except (binascii.Error, UnicodeDecodeError):
        name = secret = ""
    url = current_settings().url
    if launch := operations.launch_of_key(session, name, secret, now()):
        return Known(operations.store_of(launch, url), launch=launch)
    if device := operations.device_of_key(session, name, secret):
        return Known(operations.store_of_device(device, url), device=device)
    raise Rejected(401, "The key is none, is over, or was revoked.")


def _caller() -> Known:
    found: Known = g.xapi_caller
    return found


def _act() -> Act:
    caller = _caller()
    if caller.device is not None:
        caller.device.used_at = now()
    return Act(current_session(), now(), caller.actor)


def _parameters(*allowed: str, required: tuple[str, ...] = ()) -> Mapping[str, str]:
    """What stands in the address; anything else in it is rejected (Part Three, 1.3)."""
    found = request.args
    if unknown := [name for name in found if name not in allowed]:
        raise Rejected(400, f"No parameter of that name: {', '.join(unknown)}")
    if missing := [name for name in required if not found.get(name)]:
        raise Rejected(400, f"Missing: {', '.join(missing)}")
    try:
        check_storable(found.to_dict())
    except ValueError as error:
        raise Rejected(400, str(error)) from error
    return found


def _body() -> Any:
    if request.mimetype == "multipart/mixed":
        raise Rejected(400, "Attachments are not taken: name the address of a file in fileUrl.")
    if request.mimetype != "application/json":
        raise Rejected(400, "Statements are application/json.")
    return store.read_json(request.get_data(), "The body")


def _agent(text: str) -> Json:
    found = store.read_json(text, "agent")
    is_group = isinstance(found, dict) and found.get("objectType") == "Group"
    (group if is_group else agent)(found, "agent")
    return dict(found)


def _uuid(text: str, where: str) -> str:
    if not UUID.fullmatch(text):
        raise Rejected(400, f"{where}: not a UUID")
    return text.lower()


def _time(text: str, where: str) -> datetime:
    found = moment(text, where)
    try:
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except OverflowError:
        raise Rejected(400, f"{where}: no time that there is") from None


def _nothing() -> Response:
    return Response(status=204)


def _json(body: Any, status: int = 200) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status=status, mimetype="application/json")


# Statements


@resource("PUT", "/statements")
def put_statement() -> Response:
    """Keep one statement under the id that the address names."""
    named = _uuid(_parameters("statementId", required=("statementId",))["statementId"], "statementId")
    body = _body()
    sent = store.read_statements(body)
    if isinstance(body, list) or sent[0].get("id", named).lower() != named:
        raise Rejected(400, "The body is one statement, with the id that the address names or none.")
    _take(sent, named)
    return _nothing()


@resource("POST", "/statements")
def post_statements() -> Response:
    """Keep statements; gives their ids."""
    _parameters()
    return _json(_take(store.read_statements(_body())))


def _take(sent: list[dict[str, Any]], known: str = "") -> list[str]:
    act, caller = _act(), _caller()
    if caller.launch is not None:
        ids = operations.take_statements(act, caller.launch, sent, current_settings().url, known)
    else:
        ids, added = store.add_statements(act.session, caller.store, sent, act.at, known)
        if added:
            act.record("application.say", caller.actor, new={"statements": len(added)})
    act.session.commit()
    return ids


ASKED_FOR = (
    "statementId", "voidedStatementId", "agent", "verb", "activity", "registration", "related_activities",
    "related_agents", "since", "until", "limit", "format", "attachments", "ascending", "from",
)  # fmt: skip
ALONE = ("statementId", "voidedStatementId", "format", "attachments")


@resource("GET", "/statements")
def get_statements() -> Response:
    """One statement, or those that fit."""
    asked = _parameters(*ASKED_FOR)
    form = asked.get("format", "exact")
    if form not in ("ids", "exact", "canonical"):
        raise Rejected(400, "format: ids, exact or canonical")
    _switch(asked, "attachments")
    session, caller = current_session(), _caller()
    languages = [lang for lang, _ in request.accept_languages]
    for name in ("statementId", "voidedStatementId"):
        if name in asked:
            if set(asked) - set(ALONE) or ("statementId" in asked and "voidedStatementId" in asked):
                raise Rejected(400, f"{name} stands alone, or with format and attachments")
            found = store.find_statement(session, caller.store, _uuid(asked[name], name))
            if found is None or found.voided != (name == "voidedStatementId"):
                raise Rejected(404, "There is no such statement.")
            reply = _json(store.shortened(found.content, form, languages))
            reply.last_modified = found.stored
            return reply
    wanted = _wanted(asked)
    statements, more = store.list_statements(session, caller.store, wanted)
    again = urlencode({**{name: value for name, value in asked.items() if name != "from"}, "from": more or 0})
    body = {
        "statements": [store.shortened(one, form, languages) for one in statements],
        "more": f"{request.path}?{again}" if more else "",
    }
    reply = _json(body)
    reply.last_modified = max((_time(one["stored"], "stored") for one in statements), default=now())
    return reply


def _switch(asked: Mapping[str, str], name: str) -> bool:
    if asked.get(name, "false") not in ("true", "false"):
        raise Rejected(400, f"{name}: true or false")
    return asked.get(name) == "true"


def _whole(asked: Mapping[str, str], name: str) -> int:
    text = asked.get(name, "0")
    if not text.isascii() or not text.isdecimal() or len(text) > 15:
        raise Rejected(400, f"{name}: not a whole number")
    return int(text)


def _wanted(asked: Mapping[str, str]) -> Wanted:
    for name in ("verb", "activity"):
        if name in asked:
            iri(asked[name], name)
    return Wanted(
        agent=agent_key(_agent(asked["agent"])) if "agent" in asked else "",
        verb=asked.get("verb", ""),
        activity=asked.get("activity", ""),
        registration=_uuid(asked["registration"], "registration") if "registration" in asked else "",
        related_activities=_switch(asked, "related_activities"),
        related_agents=_switch(asked, "related_agents"),
        since=_time(asked["since"], "since") if "since" in asked else None,
        until=_time(asked["until"], "until") if "until" in asked else None,
        limit=_whole(asked, "limit"),
        ascending=_switch(asked, "ascending"),
        before=_whole(asked, "from") or None,
    )


# Documents


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of documents.

    Attributes:
        name: As rows have it.
        document: The parameter that names one.
        place: Parameters that must be there.
        optional: One that may be.
        guarded: Whether what is there is only replaced by whoever says that they saw it (Part Three, 3.1).
    """

    name: str
    document: str
    place: tuple[str, ...]
    optional: tuple[str, ...] = ()
    guarded: bool = True


STATE = Resource("state", "stateId", ("activityId", "agent"), ("registration",), guarded=False)
ACTIVITY = Resource("activity", "profileId", ("activityId",))
AGENT = Resource("agent", "profileId", ("agent",))
RESOURCES = {"activities/state": STATE, "activities/profile": ACTIVITY, "agents/profile": AGENT}


def _where(resource: Resource, asked: Mapping[str, str]) -> Where:
    if "activityId" in asked:
        iri(asked["activityId"], "activityId")
    who = agent_key(_agent(asked["agent"])) if "agent" in resource.place else ""
    launch = _caller().launch
    if launch is not None and who and who != agent_key(operations.actor_of(current_settings().url, launch.person_id)):
        raise Rejected(403, "The agent is not the learner of this launch.")
    registration = _uuid(asked["registration"], "registration") if "registration" in asked else ""
    if launch is not None and registration and registration != str(launch.registration):
        raise Rejected(403, "The registration is not the one of this launch.")
    return Where(
        resource.name, asked.get("activityId", "") if "activityId" in resource.place else "", who, registration
    )


def _address(resource: Resource, *, named: bool) -> tuple[Where, str]:
    allowed = (*resource.place, *resource.optional, resource.document)
    asked = _parameters(*allowed, required=(*resource.place, *([resource.document] if named else [])))
    return _where(resource, asked), asked.get(resource.document, "")


def _read_documents(resource: Resource) -> Response:
    asked = _parameters(*resource.place, *resource.optional, resource.document, "since", required=resource.place)
    where, name = _where(resource, asked), asked.get(resource.document, "")
    session, caller = current_session(), _caller()
    if len(name) > store.LONGEST_NAME:
        raise Rejected(400, f"A name has at most {store.LONGEST_NAME} letters.")
    if name:
        document = store.find_document(session, caller.store, where, name)
        if document is None:
            raise Rejected(404, "There is no such document.")
        if caller.launch is not None and operations.note_read(caller.launch, name):
            session.commit()
        reply = Response(document.content, content_type=document.media_type)
        reply.headers["ETag"] = store.etag_of(document)
        reply.last_modified = document.updated_at
        # What somebody put there is never a page of this origin.
        reply.headers["Content-Disposition"] = "attachment"
        return reply
    since = _time(asked["since"], "since") if "since" in asked else None
    found = store.list_documents(
        session, caller.store, where, since, any_registration="registration" in resource.optional
    )
    reply = _json([one.name for one in found])
    reply.last_modified = max((one.updated_at for one in found), default=now())
    return reply


def _write_document(resource: Resource, *, merge: bool) -> Response:
    where, name = _address(resource, named=True)
    act, caller = _act(), _caller()
    if caller.launch is not None and resource is STATE and name == operations.DATA:
        raise Rejected(403, "What a unit is launched with is not for it to write (10).")
    if caller.launch is not None and resource is AGENT and name == operations.PREFERENCES:
        raise Rejected(403, "What a learner prefers is kept here (11).")
    before = store.find_document(act.session, caller.store, where, name)
    _check_seen(resource, before, merge=merge)
    kind = request.headers.get("Content-Type", "application/octet-stream")
    store.put_document(act.session, caller.store, where, name, request.get_data(), kind, act.at, merge=merge)
    act.session.commit()
    return _nothing()


def _check_seen(resource: Resource, before: KeptDocument | None, *, merge: bool = False) -> None:
    """Whoever replaces a document must have seen it (Part Three, 3.1)."""
    match, none = request.headers.get("If-Match", ""), request.headers.get("If-None-Match", "")
    tag = store.etag_of(before) if before is not None else ""
    if match and tag not in [one.strip() for one in match.split(",")] and not (match.strip() == "*" and tag):
        raise Rejected(412, "It is not there, or another one is there now.")
    if none and tag and (none.strip() == "*" or tag in [one.strip() for one in none.split(",")]):
        raise Rejected(412, "It is there already.")
    if resource.guarded and not match and not none and not merge and request.method == "PUT":
        raise Rejected(
            409 if tag else 400, "Say which one you saw in If-Match, or that you saw none: If-None-Match: *."
        )


def _remove_documents(resource: Resource) -> Response:
    where, name = _address(resource, named=resource.guarded)
    act, caller = _act(), _caller()
    if caller.launch is not None and resource is STATE and name in ("", operations.DATA):
        raise Rejected(403, "What a unit is launched with stays (10).")
    document = store.find_document(act.session, caller.store, where, name) if name else None
    _check_seen(resource, document)
    every = store.list_documents(act.session, caller.store, where, any_registration=True)
    store.remove_documents(act.session, [document] if document is not None else [] if name else every)
    act.session.commit()
    return _nothing()


def _register(path: str, kind: Resource) -> None:
    """The four ways to call a resource of documents."""
    views: dict[str, Callable[[], Response]] = {
        "GET": lambda: _read_documents(kind),
        "PUT": lambda: _write_document(kind, merge=False),
        "POST": lambda: _write_document(kind, merge=True),
        "DELETE": lambda: _remove_documents(kind),
    }
    for method, view in views.items():
        view.__name__ = f"{method.lower()}_{kind.name}_document"
        resource(method, f"/{path}")(view)


for _path, _resource in RESOURCES.items():
    _register(_path, _resource)


# Who and what


@resource("GET", "/agents")
def get_agent() -> Response:
    """What is known of an agent (Part Three, 2.4): what was asked with."""
    found = _agent(_parameters("agent", required=("agent",))["agent"])
    name = next((key for key in ("mbox", "mbox_sha1sum", "openid", "account") if key in found), "account")
    person = {"objectType": "Person", name: [found.get(name)]}
    return _json({**person, **({"name": [found["name"]]} if "name" in found else {})})


@resource("GET", "/activities")
def get_activity() -> Response:
    """What was said of an activity last (Part Three, 2.5)."""
    name = _parameters("activityId", required=("activityId",))["activityId"]
    iri(name, "activityId")
    statements, _ = store.list_statements(current_session(), _caller().store, Wanted(activity=name, limit=100))
    known: dict[str, Any] = {}
    for said in (one["object"].get("definition", {}) for one in statements if one["object"].get("id") == name):
        for key, value in said.items():
            # The newest statement comes first; languages of others are added to what it says.
            known[key] = {**value, **known.get(key, {})} if isinstance(value, dict) else known.get(key, value)
    return _json({"objectType": "Activity", "id": name, **({"definition": known} if known else {})})


@xapi.get("/about")
@with_a_key()
@described
def about() -> Response:
    """Which versions are spoken (Part Three, 2.7)."""
    return _json({"version": ["1.0.0", "1.0.1", "1.0.2", SPOKEN]})


# Launches


@xapi.post("/keys")
@with_a_key()
@described
@limiter.limit("60 per minute")
def fetch_key() -> Response:
    """The key of a session, once (cmi5, 8.2)."""
    act = Act(current_session(), now(), "unit")
    try:
        key = operations.fetch_key(act, request.args.get("ticket", ""))
    except Conflict:
        return _json(
            {"error-code": "1", "error-text": "The authorization token has already been returned, or is over."}
        )
    except NotFound:
        return _json({"error-code": "2", "error-text": "There is no such launch."})
    act.session.commit()
    return _json({"auth-token": key})


@resource("POST", "/codes", 30)
def take_code() -> Response:
    """A device takes the code that a learner typed: what a unit is launched with, and the key of its session."""
    device = _caller().device
    if device is None:
        raise Rejected(403, "Only a registered device takes a code.")
    body = store.read_json(request.get_data(), "The body")
    if not isinstance(body, dict) or not isinstance(body.get("code"), str):
        raise Rejected(400, 'The body has a code: {"code": "…"}')
    act = _act()
    try:
        parameters, key = operations.take_code(act, device, body["code"], current_settings().url)
    except NotFound as error:
        raise Rejected(404, str(error)) from error
    act.record("application.take", f"device:{device.id}", new={"registration": parameters["registration"]})
    act.session.commit()
    return _json({**parameters, "auth-token": key})


def with_one_slash(app: Callable[..., Any]) -> Callable[..., Any]:
    """Units put a slash behind an endpoint that has one; a browser follows no redirect of what it asks first (CORS)."""
    doubled = f"{xapi.url_prefix}//"

    def called(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        path: str = environ.get("PATH_INFO", "")
        if path.startswith(doubled):
            environ["PATH_INFO"] = f"{xapi.url_prefix}/{path[len(doubled) :].lstrip('/')}"
        return app(environ, start)

    return called


@xapi.after_request
def for_every_origin(reply: Response) -> Response:
    """Units are served from elsewhere; they send their key themselves, and no cookie."""
    reply.headers["Access-Control-Allow-Origin"] = "*"
    reply.headers["Access-Control-Allow-Methods"] = METHODS
    reply.headers["Access-Control-Allow-Headers"] = ", ".join(ASKED)
    reply.headers["Access-Control-Expose-Headers"] = ", ".join(TOLD)
    reply.headers["Access-Control-Max-Age"] = "600"
    reply.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    reply.headers[HEADER] = SPOKEN
    if request.endpoint == "xapi.get_statements":
        reply.headers["X-Experience-API-Consistent-Through"] = store.stored_through(now())
    return reply
