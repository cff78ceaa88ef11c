"""What a centre chooses in the browser: checked, stored, recorded. Knows no HTTP and never commits."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from api.accounts.act import Act
from api.administration.retaining import RULES
from api.classes.operations import checked_zone
from api.core.choices import NAMES, RELEASES, Choice, Choices, read_choices
from api.core.errors import Invalid
from api.core.names import checked_name
from api.core.roles import ROLES
from api.core.statements import insert_or_update
from site_builder.course.languages import LANGUAGES

COLOUR = re.compile(r"#[0-9a-f]{6}")
PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/webp": b"RIFF", "image/jpeg": b"\xff\xd8\xff"}
"""Kinds of a logo, with how their files begin. An SVG may hold more than a picture: it goes into the content folder."""
LARGEST = 60_000
"""Bytes of a logo: every page loads it."""
SHORTEST = 30
"""Days that anything is kept at least: time to notice that something is gone that should not be."""
LONGEST = 100 * 365
WORDS = ("site_name", "centre", "sender")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What holds now.

    Attributes:
        changed_at: When something was chosen last; None where nothing was.
    """

    choices: Choices
    changed_at: datetime | None


def show_choices(act: Act) -> Chosen:
    """What the centre chose."""
    return Chosen(
        read_choices(act.session),
        act.session.scalar(select(Choice.changed_at).order_by(Choice.changed_at.desc()).limit(1)),
    )


def choose(act: Act, wanted: Mapping[str, Any]) -> Choices:
    """Change what the centre chose; what is left out stays, and what is empty goes back to what it would be without.

    Raises:
        Invalid: A value means nothing; `field` says which.
    """
    before = read_choices(act.session)
    checked = {name: _checked(name, value, before) for name, value in wanted.items() if name in NAMES}
    changed = {name: value for name, value in checked.items() if value != getattr(before, name)}
    if not changed:
        return before
    for name, value in changed.items():
        # Also of what goes back to what it would be without: when it was changed last is kept.
        kept = {"value": list(value) if isinstance(value, tuple) else value, "changed_at": act.at}
        act.session.execute(insert_or_update(act.session, Choice, {"name": name, **kept}, ["name"], kept))
    act.record(
        "settings.change",
        "settings",
        old={name: _told(name, getattr(before, name)) for name in changed if name not in WORDS},
        new={name: _told(name, value) for name, value in changed.items() if name not in WORDS},
        texts={name: f"{getattr(before, name)} → {value}" for name, value in changed.items() if name in WORDS},
    )
    return read_choices(act.session)


def _told(name: str, value: Any) -> Any:
    """A value as the trail has it: of a picture its hash."""
    if name == "logo":
        return hashlib.sha256(value.encode()).hexdigest() if value else ""
    return list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value


def _checked(name: str, value: Any, before: Choices) -> Any:
    match name:
        case "site_name" | "centre" | "sender":
            return checked_name(value, field=name) if value.strip() else ""
        case "colour":
            if value and not COLOUR.fullmatch(value.lower()):
                raise Invalid("A colour is written as #0b6b66.", field=name)
            return value.lower()
        case "logo":
            return _checked_logo(value)
        case "languages":
            return _checked_list(name, value, LANGUAGES)
        case "timezone":
            return checked_zone(value) if value else Choices().timezone
        case "release":
            if value not in RELEASES:
                raise Invalid(f"Right answers are shown by one of: {', '.join(RELEASES)}.", field=name)
            return value
        case "second_factor":
            return _checked_list(name, value, ROLES)
        case "photos":
            return bool(value)
        case _:
            return _checked_retention({**before.retention, **value})


def _checked_list(name: str, value: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Some of what there is, in its order."""
    unknown = sorted(set(value) - set(known))
    if unknown:
        raise Invalid(f"{unknown[0]!r} is none of: {', '.join(known)}.", field=name)
    return tuple(one for one in known if one in value)


def _checked_logo(value: str) -> str:
    if not value:
        return ""
    head, _, encoded = value.partition(",")
    kind = next((one for one in PICTURES if head == f"data:{one};base64"), "")
    try:
        content = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        content = b""
    if not kind or not content.startswith(PICTURES[kind]):
        raise Invalid("A logo is a picture of the kind PNG, WebP or JPEG.", field="logo")
    if len(content) > LARGEST:
        raise Invalid(f"A logo has at most {LARGEST // 1000} kB.", field="logo")
    return value


def _checked_retention(value: Mapping[str, int]) -> dict[str, int]:
    rules = {rule.name: rule.days for rule in RULES}
    for name, days in value.items():
        if name not in rules or not SHORTEST <= days <= LONGEST:
            raise Invalid(f"Something is kept from {SHORTEST} to {LONGEST} days.", field="retention")
    return {name: days for name, days in sorted(value.items()) if days != rules[name]}
