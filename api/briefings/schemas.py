"""Replies about groups before a practical."""

from __future__ import annotations

import uuid
from typing import Literal

from api.core.schemas import LangQuery, ModuleId, Out, Time
from api.readiness.schemas import ModuleTitleOut, VerdictOut


class PersonOut(Out):
    """Somebody."""

    id: uuid.UUID
    name: str


class PersonReadinessOut(VerdictOut):
    """Somebody, and whether they are ready."""

    id: uuid.UUID
    name: str


class WeaknessOut(Out):
    """An objective, by the last attempts of a group: mean share of the points, and how many are well below."""

    module_id: str
    title: str
    objective: str
    learners: int
    share: float
    below: int


class SureAndWrongOut(Out):
    """A question that people answered wrongly and were very sure of; `stem` is HTML."""

    module_id: str
    title: str
    stem: str
    answered: int
    wrong: int
    sure: list[PersonOut]


class OpenQuestionOut(Out):
    """A question that waits for an answer."""

    id: uuid.UUID
    module_id: str
    title: str
    name: str
    text: str
    at: Time


class OpeningOut(Out):
    """Something to begin with: it concerns so many people, of so many."""

    kind: Literal["belief", "objective", "questions"]
    module_id: str
    title: str
    objective: str
    stem: str
    concerns: int
    of: int
    share: float | None


class BriefingOut(Out):
    """A group before a practical. `few` is whether too few answered to say anything of the group."""

    people: list[PersonReadinessOut]
    answered: int
    few: bool
    weaknesses: list[WeaknessOut]
    sure_and_wrong: list[SureAndWrongOut]
    questions: list[OpenQuestionOut]
    openings: list[OpeningOut]


class ClassReadinessQuery(LangQuery):
    """For which module."""

    module: ModuleId


class ClassReadinessOut(Out):
    """Who of a class is ready for a module now."""

    module_id: str
    title: str
    people: list[PersonReadinessOut]


class RetentionLineOut(Out):
    """How well an objective is remembered: mean chance of a right answer now, 0..1."""

    module_id: str
    title: str
    objective: str
    learners: int
    share: float


class RetentionOut(Out):
    """Objectives of a class, the worst remembered first; `learners` refresh anything at all.

    `modules` are those of its courses that ask for something first: for them readiness can be looked at.
    """

    objectives: list[RetentionLineOut]
    learners: int
    total: int
    modules: list[ModuleTitleOut]
