"""Requests and replies about launches and devices."""

from __future__ import annotations

import uuid
from typing import Annotated

from pydantic import Field, StringConstraints

from api.core.schemas import In, ModuleId, Out, Query, Time


class LaunchIn(In):
    """Which module's application is begun, as its page shows it; `back` is that page, `code` is for a headset."""

    module: ModuleId
    edition: Annotated[str, StringConstraints(max_length=64)]
    back: Annotated[str, StringConstraints(max_length=300, pattern=r"^/(?:[^/\\\s][^\\\s]*)?$")] = "/"
    code: bool = False


class LaunchOut(Out):
    """Where a browser goes, or what is typed into a headset; the other one is empty."""

    url: str
    code: str
    ends_at: Time


class LaunchesQuery(Query):
    """Of which module."""

    module: ModuleId


class LaunchLineOut(Out):
    """A session: what was said in it (`initialized`, `completed`, `passed`, `failed`, `terminated`)."""

    at: Time
    said: list[str]
    score: float | None
    ended_at: Time | None


class LaunchesOut(Out):
    """One's own sessions, the newest first."""

    launches: list[LaunchLineOut]


class DeviceIn(In):
    """How a headset or a program is called."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]


class DeviceOut(Out):
    """A registered headset or program."""

    id: uuid.UUID
    name: str
    made_at: Time
    used_at: Time | None
    revoked_at: Time | None


class DevicesOut(Out):
    """All of them, the newest first."""

    devices: list[DeviceOut]


class NewDeviceOut(DeviceOut):
    """A new one with its key, which is shown this once: name and password of HTTP's Basic."""

    key: Annotated[str, Field(min_length=1)]
