"""What a centre chose in the browser: its name and look, its rules. What the environment sets stands beside it.

The environment says what a server is (addresses, secrets, mail); this says what a centre wants. Where both speak, each
function says which one counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from email.utils import formataddr, parseaddr
from typing import Any, Literal

from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from api.core.config import Settings
from api.core.database import Base

DEFAULT_TIMEZONE = "Europe/Brussels"
Release = Literal["now", "passed", "closed"]
RELEASES: tuple[Release, ...] = ("now", "passed", "closed")
"""The mildest first."""


class Choice(Base):
    """One choice, by the name of its field in `Choices`."""

    __tablename__ = "choices"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    changed_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything that a centre may choose; an empty value is no choice.

    Attributes:
        site_name: In the header and the titles of pages, from the next publication on.
        colour: Of buttons and links, "#rrggbb", from the next publication on.
        logo: A picture as a data URL, from the next publication on.
        languages: Of the site, beside that of its content, from the next publication on.
        centre: Who issues documents and badges, and who letters come from in their words.
        sender: The name that stands before the address of letters.
        timezone: Of classes and events that are made from now on.
        release: When right answers are shown at the earliest, whatever a quiz says.
        second_factor: Roles that must have one.
        retention: By rule, how long, days.
        photos: Whether trainers may keep photographs of what was done at a practical.
    """

    site_name: str = ""
    colour: str = ""
    logo: str = ""
    languages: tuple[str, ...] = ()
    centre: str = ""
    sender: str = ""
    timezone: str = DEFAULT_TIMEZONE
    release: Release = "now"
    second_factor: tuple[str, ...] = ()
    retention: Mapping[str, int] = field(default_factory=dict)
    photos: bool = False


NAMES = tuple(one.name for one in fields(Choices))
LISTS = ("languages", "second_factor")


def read_choices(session: Session) -> Choices:
    """What the centre chose, in one query."""
    found = {row.name: row.value for row in session.execute(select(Choice.name, Choice.value))}
    known: dict[str, Any] = {
        name: tuple(value) if name in LISTS else value for name, value in found.items() if name in NAMES
    }
    return Choices(**known)


def with_choices(session: Session, settings: Settings) -> Settings:
    """The settings of the environment with what the centre chose: its name, the name of its letters, second factors.

    A role for which the environment asks a second factor has to have one, whatever was chosen.
    """
    chosen = read_choices(session)
    _, address = parseaddr(settings.mail_from)
    return replace(
        settings,
        centre=chosen.centre or settings.centre,
        mail_from=formataddr((chosen.sender, address)) if chosen.sender and address else settings.mail_from,
        second_factor=settings.second_factor | frozenset(chosen.second_factor),
    )
