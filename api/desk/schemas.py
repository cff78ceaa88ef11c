"""What a desk holds, as the API says it."""

from __future__ import annotations

import uuid

from api.core.schemas import Out, Time


class LateClassOut(Out):
    """A class in which somebody is late."""

    id: uuid.UUID
    name: str
    late: int


class UnsignedHalfDayOut(Out):
    """A half-day that waits for its trainer's signature."""

    event_id: uuid.UUID
    number: int
    title: str
    begins: Time


class DeskOut(Out):
    """What waits for somebody who works at the centre."""

    classes: list[LateClassOut]
    questions: int
    to_sign: list[UnsignedHalfDayOut]
