"""Launching a module's application, giving it its key, taking what it says, and completing the module.

Knows no HTTP and never commits.
"""

from __future__ import annotations

import base64
import json
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.links import hash_of
from api.accounts.models import Person
from api.accounts.operations import one_writer
from api.applications import cmi5
from api.applications.cmi5 import Refused, own_statement
from api.applications.errors import NotLaunched, Rejected
from api.applications.models import Device, Launch
from api.applications.statements import Json, agent_key
from api.applications.store import Store, Where, add_statements, find_statement, put_document
from api.catalogue.operations import find_edition, module_of_version, version_of
from api.core.errors import Conflict, NotFound
from api.evidence.operations import Done, add_evidence, source_of_page
from site_builder.course.model import Application, Module

LASTS = timedelta(hours=12)
"""A session; an application that is left open overnight says nothing the next day."""
CODE_LASTS = timedelta(minutes=15)
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that are taken for others, typed with a controller."""
CODE = 8
DATA = "LMS.LaunchData"
PREFERENCES = "cmi5LearnerPreferences"


def home_page(url: str) -> str:
    """By which learners of this centre are known elsewhere (9.2): an account without a name."""
    return url.rstrip("/")


def actor_of(url: str, person_id: uuid.UUID) -> dict[str, Any]:
    """A learner, as applications know them."""
    return {"objectType": "Agent", "account": {"homePage": home_page(url), "name": str(person_id)}}


def activity_of(url: str, module_id: str) -> str:
    """The address of a unit (8.1.5): not the one that its publisher gave it."""
    return f"{home_page(url)}/units/{quote(module_id)}"


def store_of(launch: Launch, url: str) -> Store:
    """Where what is said of a registration is kept."""
    authority = {"objectType": "Agent", "account": {"homePage": home_page(url), "name": "airlock"}}
    return Store(f"launch:{launch.registration}", authority, launch.id, launch.person_id)


def store_of_device(device: Device, url: str) -> Store:
    """Where a device keeps what belongs to no launch."""
    account = {"homePage": home_page(url), "name": f"device:{device.id}"}
    return Store(f"device:{device.id}", {"objectType": "Agent", "account": account})


@dataclass(frozen=True, slots=True)
class Begun:
    """A launch, and how one comes in.

    Attributes:
        url: Where a browser goes; "" where a code is typed.
        code: What is typed into a headset; "" where a browser goes.
    """

    launch: Launch
    url: str = ""
    code: str = ""


def _unit(module: Module) -> Application:
    if module.application is None:
        raise NotLaunched("This module has no application.")
    return module.application


def begin(act: Act, module_id: str, edition: str, url: str, page: str, *, by_code: bool) -> Begun:
    """Begin a session of a module's application for whoever acts.

    Args:
        act: Who begins.
        module_id: Of what.
        edition: As their page shows it.
        url: Of this site.
        page: That one comes back to.
        by_code: For a headset, in which a code is typed; or else for a browser.

    Raises:
        NotFound: There is no such module.
        EditionUnknown: It never looked like this.
        NotLaunched: It has no application, or no address that a browser can open.
    """
    session, person_id = act.session, act.person.id
    one_writer(session, person_id)
    version = find_edition(session, module_id, edition)
    unit = _unit(module_of_version(session, version.version))
    if not by_code and not unit.url:
        raise NotLaunched("It is begun on a headset, with a code.")
    # In one registration a unit passes once: what must be done again is another one.
    stage = source_of_page(session, person_id, version, act.at)
    registration = uuid.uuid5(uuid.NAMESPACE_URL, f"{home_page(url)}/{person_id}/{module_id}/{version.renewal}/{stage}")
    ticket = secrets.token_urlsafe(32)
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE)) if by_code else ""
    launch = Launch(
        id=uuid.uuid4(),
        person_id=person_id,
        module_id=module_id,
        version=version.version,
        registration=registration,
        activity=activity_of(url, module_id),
        at=act.at,
        ends_at=act.at + (CODE_LASTS if by_code else LASTS),
        code_digest=hash_of(code) if by_code else None,
        ticket_digest=None if by_code else hash_of(ticket),
        read=[],
        said=[],
    )
    _abandon_others(act, registration, url)
    session.add(launch)
    session.flush()
    _prepare(act, launch, unit, url, page)
    act.record("application.launch", f"module:{module_id}", new={"launch": str(launch.id), "code": by_code})
    return Begun(launch, "" if by_code else _launch_url(unit, launch, url, ticket), code)


def _abandon_others(act: Act, registration: uuid.UUID, url: str) -> None:
    """What was left open before is over (9.3.6)."""
    for other in act.session.scalars(
        select(Launch).where(Launch.registration == registration, Launch.ended_at.is_(None)).order_by(Launch.at)
    ).all():
        other.ended_at = act.at
        if "initialized" in other.said:
            session = session_of(act.session, other, url)
            took = {"duration": cmi5.duration_text(min(act.at, other.ends_at) - other.at)}
            add_statements(
                act.session, store_of(other, url), [own_statement("abandoned", session, act.at, result=took)], act.at
            )


def _prepare(act: Act, launch: Launch, unit: Application, url: str, page: str) -> None:
    """What stands in the store before a unit begins: that it was launched, and what it reads first (10)."""
    session, store = session_of(act.session, launch, url), store_of(launch, url)
    told: dict[str, Any] = {cmi5.MODE: "Normal", cmi5.RULE: cmi5.WORDS[unit.move_on]}
    if unit.url:
        told[cmi5.ADDRESS] = unit.url
    if session.mastery is not None:
        told[cmi5.MASTERY] = session.mastery
    add_statements(act.session, store, [own_statement("launched", session, act.at, extensions=told)], act.at)
    data = cmi5.launch_data(session, unit, page)
    _put_json(act, store, where_of(launch, url), DATA, data)
    person = act.session.get_one(Person, launch.person_id)
    liked = {"languagePreference": f"{person.lang}-BE,{person.lang}", "audioPreference": "on"}
    _put_json(act, store, Where("agent", agent=_key(launch, url)), PREFERENCES, liked)


def _put_json(act: Act, store: Store, where: Where, name: str, data: Mapping[str, Any]) -> None:
    put_document(act.session, store, where, name, json.dumps(data).encode(), "application/json", act.at)


def _key(launch: Launch, url: str) -> str:
    return agent_key(actor_of(url, launch.person_id))


def where_of(launch: Launch, url: str) -> Where:
    """The place of a launch's documents."""
    return Where("state", launch.activity, _key(launch, url), str(launch.registration))


def _launch_url(unit: Application, launch: Launch, url: str, ticket: str) -> str:
    joined = urlencode(launch_parameters(launch, url, ticket), quote_via=quote)
    return f"{unit.url}{'&' if '?' in unit.url else '?'}{joined}"


def launch_parameters(launch: Launch, url: str, ticket: str) -> dict[str, str]:
    """What a unit is launched with (8.1)."""
    base = f"{home_page(url)}/api/v1/xapi"
    return {
        "endpoint": f"{base}/",
        "fetch": f"{base}/keys?ticket={ticket}",
        "actor": json.dumps(actor_of(url, launch.person_id), separators=(",", ":")),
        "registration": str(launch.registration),
        "activityId": launch.activity,
    }


def fetch_key(act: Act, ticket: str) -> str:
    """The key of a session, once (8.2): as it stands behind "Basic" in the header.

    Raises:
        Conflict: It was fetched before, or the launch is over.
        NotFound: There is no such launch.
    """
    launch = act.session.scalar(select(Launch).where(Launch.ticket_digest == hash_of(ticket)).with_for_update())
    if launch is None:
        raise NotFound("There is no such launch.")
    if launch.key_digest is not None or launch.ended_at is not None or launch.ends_at <= act.at:
        raise Conflict("The authorization token has already been returned, or the session is over.")
    return _give_key(launch)


def _give_key(launch: Launch) -> str:
    secret = secrets.token_urlsafe(32)
    launch.key_digest = hash_of(secret)
    return base64.b64encode(f"{launch.id}:{secret}".encode()).decode()


def take_code(act: Act, device: Device, code: str, url: str) -> tuple[dict[str, str], str]:
    """A device takes a code that a learner typed: what it is launched with, and its key.

    Raises:
        NotFound: The code is none, was taken, or is too old.
    """
    launch = act.session.scalar(
        select(Launch)
        .where(Launch.code_digest == hash_of(code.strip().upper()), Launch.ended_at.is_(None), Launch.ends_at > act.at)
        .with_for_update()
    )
    if launch is None or launch.key_digest is not None:
        raise NotFound("This code opens nothing: it was used, or is too old.")
    launch.device_id, launch.ends_at = device.id, act.at + LASTS
    parameters = launch_parameters(launch, url, "")
    del parameters["fetch"]
    return parameters, _give_key(launch)


def launch_of_key(session: Session, name: str, secret: str, at: datetime) -> Launch | None:
    """The session whose key this is; None for any other."""
    try:
        launch = session.get(Launch, uuid.UUID(name))
    except ValueError:
        return None
    if launch is None or launch.key_digest is None or launch.ends_at <= at or launch.ended_at is not None:
        return None
    return launch if secrets.compare_digest(launch.key_digest, hash_of(secret)) else None


def device_of_key(session: Session, name: str, secret: str) -> Device | None:
    """The device whose key this is; None for any other."""
    try:
        device = session.get(Device, uuid.UUID(name))
    except ValueError:
        return None
    if device is None or device.revoked_at is not None:
        return None
    return device if secrets.compare_digest(device.key_digest, hash_of(secret)) else None


def session_of(session: Session, launch: Launch, url: str) -> cmi5.Session:
    """A launch, as the rules of cmi5 look at it."""
    unit = _unit(module_of_version(session, launch.version))
    before = session.scalars(
        select(Launch.said).where(Launch.registration == launch.registration, Launch.id != launch.id)
    )
    return cmi5.Session(
        str(launch.id),
        str(launch.registration),
        actor_of(url, launch.person_id),
        launch.activity,
        unit.id,
        unit.mastery / 100 if unit.mastery else None,
        tuple(name for name in (DATA, PREFERENCES) if name not in launch.read),
        tuple(launch.said),
        tuple(verb for said in before for verb in said),
    )


def note_read(launch: Launch, name: str) -> bool:
    """Note that a unit read one of the documents that it reads first; gives whether it was the first time."""
    if name not in (DATA, PREFERENCES) or name in launch.read:
        return False
    launch.read = [*launch.read, name]
    return True


def take_statements(act: Act, launch: Launch, sent: Sequence[dict[str, Any]], url: str, known: str = "") -> list[str]:
    """Take what a unit says in its session; where that completes the module, the evidence is written.

    Raises:
        Rejected: A statement is against the rules of cmi5 (403), or the session is over.
    """
    one_writer(act.session, launch.person_id)
    act.session.refresh(launch, with_for_update=True)
    store = store_of(launch, url)
    ids: list[str] = []
    for one in ({**one, "id": known} if known else one for one in sent):
        # What was taken already is not judged again: a retry after a lost reply is no second statement.
        is_retry = "id" in one and find_statement(act.session, store, one["id"]) is not None
        try:
            verb = None if is_retry else cmi5.check_sent(one, session_of(act.session, launch, url))
        except Refused as error:
            raise Rejected(403, str(error)) from error
        ids += add_statements(act.session, store, [one], act.at)[0]
        if verb is not None:
            _note(act, launch, verb, one, url)
    return ids


def _note(act: Act, launch: Launch, verb: cmi5.Verb, statement: Json, url: str) -> None:
    before = session_of(act.session, launch, url)
    launch.said = [*launch.said, verb]
    score = statement.get("result", {}).get("score", {}).get("scaled")
    if verb in ("passed", "failed") and score is not None:
        launch.score = float(score)
    if verb == "terminated":
        launch.ended_at = act.at
    act.session.flush()
    act.record("application.say", f"launch:{launch.id}", new={"verb": verb, "score": launch.score})
    version = version_of(act.session, launch.version)
    unit = _unit(module_of_version(act.session, launch.version))
    after = session_of(act.session, launch, url)
    met = cmi5.is_met(unit.move_on, [*after.said, *after.said_before])
    if met and not cmi5.is_met(unit.move_on, [*before.said, *before.said_before]):
        add_evidence(act, launch.person_id, version, Done("result", f"launch:{launch.id}", score=launch.score))
        course = {
            "objectType": "Activity",
            "id": f"{home_page(url)}/modules/{quote(launch.module_id)}",
            "definition": {"type": cmi5.COURSE},
        }
        said = own_statement("satisfied", after, act.at, object=course)
        add_statements(act.session, store_of(launch, url), [said], act.at)


def launches_of(session: Session, person_id: uuid.UUID, module_id: str) -> list[Launch]:
    """A person's sessions of a module, the newest first."""
    mine = select(Launch).where(Launch.person_id == person_id, Launch.module_id == module_id)
    return list(session.scalars(mine.order_by(Launch.at.desc(), Launch.id).limit(20)))


def add_device(act: Act, name: str) -> tuple[Device, str]:
    """Register a headset or a program; its key is given once."""
    secret = secrets.token_urlsafe(32)
    device = Device(id=uuid.uuid4(), name=name.strip(), key_digest=hash_of(secret), made_at=act.at, made_by=act.actor)
    act.session.add(device)
    act.session.flush()
    act.record("device.add", f"device:{device.id}", texts={"name": device.name})
    return device, f"{device.id}:{secret}"


def list_devices(session: Session) -> list[Device]:
    """Every one, the newest first."""
    return list(session.scalars(select(Device).order_by(Device.made_at.desc(), Device.id)))


def revoke_device(act: Act, device_id: uuid.UUID) -> None:
    """Have its key open nothing any more; a second time changes nothing.

    Raises:
        NotFound: There is no such device.
    """
    device = act.session.get(Device, device_id)
    if device is None:
        raise NotFound("There is no such device.")
    if device.revoked_at is None:
        device.revoked_at = act.at
        for launch in act.session.scalars(
            select(Launch).where(Launch.device_id == device.id, Launch.ended_at.is_(None)).order_by(Launch.id)
        ):
            launch.ended_at = launch.ends_at = act.at
        act.session.flush()
        act.record("device.revoke", f"device:{device.id}")
