"""Requests and replies of readiness."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import Field

from api.core.schemas import Day, Id, In, LangQuery, ModuleId, Out, Time
from api.readiness.changes import Op
from api.readiness.verdict import Missing, State, Verdict, Why
from site_builder.course.model import Module


class ModuleTitleOut(Out):
    """A module by its title."""

    id: str
    title: str


class NeedOut(ModuleTitleOut):
    """One thing to do first.

    `others` are modules of which one is enough as well; `minutes` is how long it takes; `objective` is what must be
    known better, by `percent` of the points, of which `reached` (0..1) is the best so far.
    """

    why: Why
    since: Time | None
    minutes: int
    others: list[ModuleTitleOut]
    objective: str
    percent: int
    reached: float | None


class VerdictOut(Out):
    """Whether somebody is ready, why not, and until when they are admitted all the same."""

    state: State
    since: Time | None
    admitted_until: Time | None
    missing: list[NeedOut]


class ReadinessQuery(LangQuery):
    """For which module, in which language."""

    module: ModuleId


class ReadinessOut(VerdictOut):
    """Readiness for a module, and where one stands in it.

    `valid_until` is until when one's own completion counts, `renew_from` from when doing it again counts from there on.
    """

    module: ModuleTitleOut
    valid_until: Time | None
    renew_from: Time | None


class AdmissionIn(In):
    """Somebody who may enter until the end of a day, all the same; a day that is over ends an admission."""

    person: Id
    module: ModuleId
    until: Day
    reason: Annotated[str, Field(max_length=500)]


class AdmissionOut(Out):
    """An admission."""

    id: int
    person_id: uuid.UUID
    module_id: str
    until: Time
    reason: str
    at: Time


class AdmissionsQuery(LangQuery):
    """Whose, and to what."""

    person: Id
    module: ModuleId


class AdmissionsOut(Out):
    """Admissions of a person to a module, the newest first."""

    admissions: list[AdmissionOut]


def need_out(missing: Missing, modules: Mapping[str, Module], lang: str) -> NeedOut:
    """What is missing, in words of a language."""
    first, *others = (ModuleTitleOut(id=name, title=modules[name].page(lang).title) for name in missing.modules)
    objectives = modules[first.id].page(lang).objectives
    known = 0 < missing.objective <= len(objectives)
    return NeedOut(
        id=first.id,
        title=first.title,
        why=missing.why,
        since=missing.since,
        minutes=missing.minutes,
        others=others,
        objective=objectives[missing.objective - 1] if known else "",
        percent=missing.percent,
        reached=missing.reached,
    )


def needs_out(missing: Iterable[Missing], modules: Mapping[str, Module], lang: str) -> list[NeedOut]:
    """All that is missing, in words of a language."""
    return [need_out(one, modules, lang) for one in missing]


def verdict_out(verdict: Verdict, modules: Mapping[str, Module], lang: str) -> VerdictOut:
    """A verdict, in words of a language."""
    return VerdictOut(
        state=verdict.state,
        since=verdict.since,
        admitted_until=verdict.admitted_until,
        missing=needs_out(verdict.missing, modules, lang),
    )


class PartOut(Out):
    """A run of words of a paragraph, and what became of it."""

    op: Op
    text: str


class ChangesOut(Out):
    """What changed in a module since one did the most recent thing in it.

    `objectives` are those that are asked anew; none is all of them. `comparable` is whether both texts are known.
    """

    paragraphs: list[list[PartOut]]
    objectives: list[str]
    changed: str
    comparable: bool
