"""`application:` in the front matter of a simulation: a program that is not ours, which reports a result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from site_builder.course.model import Application
from site_builder.course.modules import MOVE_ON
from site_builder.reading.frontmatter import did_you_mean

KEYS = ("id", "url", "completed_by", "mastery", "parameters", "entitlement")
TEXTS = {"id": 300, "url": 1000, "parameters": 2000, "entitlement": 300}
"""Characters of each."""
EXAMPLE = "application: {id: https://example.org/lock-out, url: https://vr.example.org/lock-out/}"


def read_application(value: Any, wrong: Callable[..., None]) -> Application | None:
    """Read what stands there.

    Args:
        value: Of the key; None without it.
        wrong: Reports a problem: what was found, what was expected, a hint.
    """
    if value is None:
        return None
    if not isinstance(value, dict):
        wrong(value, "its id, and the address where it is launched", EXAMPLE)
        return None
    sound = True

    def refuse(found: Any, expected: str, hint: str = "") -> None:
        nonlocal sound
        sound = False
        wrong(found, expected, hint)

    for key in value:
        if key not in KEYS:
            refuse(f"the key {key!r}", "one of " + ", ".join(KEYS), did_you_mean(str(key), KEYS))
    for key, longest in TEXTS.items():
        text = value.get(key, "")
        if not isinstance(text, str) or len(text) > longest or any(ord(letter) < 32 for letter in text):
            refuse(f"{key}: {str(text)[:40]!r}", f"a line of at most {longest} characters")
    if sound and not _is_iri(value.get("id", "")):
        refuse(f"id: {value.get('id', '')!r}", "the address by which its publisher knows it", EXAMPLE)
    url = value.get("url", "")
    if sound and url and not _is_launched(url):
        refuse(f"url: {url!r}", "an address that begins with https://", "http:// is for this machine alone: 127.0.0.1.")
    taken = {"endpoint", "fetch", "actor", "registration", "activityId"}
    if sound and url and any(part.partition("=")[0] in taken for part in urlsplit(url).query.split("&")):
        refuse(f"url: {url!r}", f"an address without {', '.join(sorted(taken))}", "These are added at the launch.")
    move_on = value.get("completed_by", "passed")
    if move_on not in MOVE_ON:
        refuse(f"completed_by: {move_on!r}", "one of " + ", ".join(MOVE_ON), did_you_mean(str(move_on), MOVE_ON))
    mastery = str(value.get("mastery", "0")).removesuffix("%").strip()
    if not mastery.isdecimal() or int(mastery) > 100:
        refuse(f"mastery: {value.get('mastery')!r}", "a share of the score: 80%")
    if not sound:
        return None
    return Application(
        id=value["id"],
        url=url,
        move_on=move_on,
        mastery=int(mastery),
        parameters=value.get("parameters", ""),
        entitlement=value.get("entitlement", ""),
    )


def _is_launched(url: str) -> bool:
    """Whether a browser may be sent there: what it sends opens a session."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme, parts.hostname) == ("http", "127.0.0.1")
        )
    except ValueError:
        return False


def _is_iri(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return bool(parts.scheme and (parts.netloc or parts.path)) and not any(letter.isspace() for letter in text)
