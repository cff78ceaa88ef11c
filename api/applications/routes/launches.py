"""Routes of launches, for learners, and of devices, for administrators."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from apiflask import APIBlueprint

from api.accounts.current import current_act
from api.applications import operations
from api.applications.schemas import (
    DeviceIn,
    DeviceOut,
    DevicesOut,
    LaunchesOut,
    LaunchesQuery,
    LaunchIn,
    LaunchLineOut,
    LaunchOut,
    NewDeviceOut,
)
from api.core.limits import limiter, person_key
from api.core.permissions import everyone_signed_in, roles
from api.core.replies import gives, writes
from api.core.requests import current_settings

applications = APIBlueprint("applications", __name__, url_prefix="/api/v1", tag="Applications")


@applications.post("/launches")
@everyone_signed_in(rows="own")
@limiter.limit("60 per hour", key_func=person_key)
@applications.input(LaunchIn)
@writes(applications, LaunchOut, HTTPStatus.CREATED)
def begin(json_data: LaunchIn) -> LaunchOut:
    """Begin a session of a module's application; one that was open is over."""
    url = current_settings().url
    page = f"{url.rstrip('/')}{json_data.back}"
    begun = operations.begin(current_act(), json_data.module, json_data.edition, url, page, by_code=json_data.code)
    return LaunchOut(url=begun.url, code=begun.code, ends_at=begun.launch.ends_at)


@applications.get("/launches")
@everyone_signed_in(rows="own")
@applications.input(LaunchesQuery, location="query")
@gives(applications, LaunchesOut)
def own(query_data: LaunchesQuery) -> LaunchesOut:
    """What came of one's own sessions of a module."""
    act = current_act()
    found = operations.launches_of(act.session, act.person.id, query_data.module)
    return LaunchesOut(launches=[LaunchLineOut.model_validate(one) for one in found])


@applications.get("/devices")
@roles(admin="all")
@gives(applications, DevicesOut)
def list_devices() -> DevicesOut:
    """Headsets and programs that have a key."""
    found = operations.list_devices(current_act().session)
    return DevicesOut(devices=[DeviceOut.model_validate(one) for one in found])


@applications.post("/devices")
@roles(admin="all")
@applications.input(DeviceIn)
@writes(applications, NewDeviceOut, HTTPStatus.CREATED)
def add_device(json_data: DeviceIn) -> NewDeviceOut:
    """Register a headset or a program; its key is in this reply alone."""
    device, key = operations.add_device(current_act(), json_data.name)
    return NewDeviceOut(**DeviceOut.model_validate(device).model_dump(), key=key)


@applications.post("/devices/<uuid:device_id>/revocation")
@roles(admin="all")
@writes(applications)
def revoke_device(device_id: uuid.UUID) -> None:
    """Have a key open nothing any more."""
    operations.revoke_device(current_act(), device_id)
