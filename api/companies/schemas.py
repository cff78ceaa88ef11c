"""Requests and replies about companies."""

from __future__ import annotations

import uuid
from typing import Annotated

from pydantic import StringConstraints

from api.companies.operations import Skill
from api.core.schemas import In, Out, Time
from api.documents.operations import State


class MandateIn(In):
    """Who coordinates the workers of which employer."""

    email: Annotated[str, StringConstraints(max_length=254)]
    employer: Annotated[str, StringConstraints(min_length=1, max_length=120)]


class MandateOut(Out):
    """A mandate."""

    id: uuid.UUID
    name: str
    email: str
    employer: str
    at: Time


class MandatesOut(Out):
    """Mandates that hold."""

    mandates: list[MandateOut]


class SkillOut(Out):
    """What a worker did of a module."""

    module_id: str
    state: Skill
    level: str
    valid_until: Time | None


class PlaceOut(Out):
    """A place at an event to come."""

    title: str
    begins: Time
    timezone: str
    waiting: bool


class CertificateOut(Out):
    """A certificate, with its check page."""

    number: str
    title: str
    about: str
    issued_at: Time
    state: State
    address: str


class WorkerOut(Out):
    """A worker."""

    id: uuid.UUID
    name: str
    employer: str
    skills: list[SkillOut]
    places: list[PlaceOut]
    certificates: list[CertificateOut]


class ModuleOut(Out):
    """A column of the skills matrix."""

    id: str
    title: str


class CompanyOut(Out):
    """A coordinator's own workers."""

    employers: list[str]
    modules: list[ModuleOut]
    workers: list[WorkerOut]
