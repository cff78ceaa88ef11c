"""Requests and replies about documents."""

from __future__ import annotations

import uuid
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from api.core.schemas import Day, Id, In, Lang, ModuleId, Out, Time, Why, check_period
from api.documents.models import DocumentKind, Shown
from api.documents.operations import State


class DocumentIn(In):
    """Which document is asked for; `person` is oneself without it."""

    kind: DocumentKind
    lang: Lang
    person: Id | None = None
    event: Id | None = None
    half_day: int | None = None
    module: ModuleId | None = None
    first: Day | None = None
    last: Day | None = None

    @model_validator(mode="after")
    def whole(self) -> DocumentIn:
        """Each kind names what it is about."""
        wanted = {
            "sheet": ("event", "half_day"),
            "presence": ("event",),
            "competence": ("event", "module"),
            "passport": (),
            "hours": ("first", "last"),
        }[self.kind]
        for name in ("event", "half_day", "module", "first", "last"):
            if (getattr(self, name) is not None) != (name in wanted):
                raise ValueError(f"{self.kind} names: {', '.join(wanted) or 'nothing else'}")
        if self.first is not None and self.last is not None:
            check_period(self.first, self.last)
        return self


class RevokeIn(In):
    """Why a document is taken back."""

    why: Annotated[Why, Field(min_length=1)]


class ShownIn(In):
    """What strangers with the code may see."""

    shown: Annotated[list[Shown], Field(max_length=2)]


class DocumentOut(Out):
    """A document as its holder and the centre see it."""

    id: uuid.UUID
    number: str
    kind: DocumentKind
    title: str
    about: str
    issued_at: Time
    valid_until: Time | None
    state: State
    shown: list[Shown]
    address: str
    has_badge: bool


class DocumentsOut(Out):
    """Somebody's documents, the newest first, and those that can be issued."""

    name: str
    documents: list[DocumentOut]
    possible: list[PossibleOut]


class PossibleOut(Out):
    """A document that rests on evidence that is there."""

    kind: DocumentKind
    title: str
    about: str
    event: uuid.UUID | None = None
    module: str | None = None
    at: Time | None = None


class CheckOut(Out):
    """What anybody with the code sees: what it is and what holds of it, and what the holder lets them see."""

    number: str
    kind: DocumentKind
    title: str
    about: str
    lang: str
    issued_at: Time
    issued_by: str
    valid_until: Time | None
    revoked_at: Time | None
    state: State
    holder: str | None
    minutes: dict[str, int] | None
    digest: str
    lines: int


class BadgeOut(Out):
    """A badge as a token."""

    format: Literal["jwt"]
    credential: str


AnyJson = dict[str, Any]
"""Documents of the standard."""
