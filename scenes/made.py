"""What pictures were made of: beside the hash of each, the hash of the room that it shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from scenes.parts import MATERIALS, Room

TOP = Path(__file__).resolve().parent.parent
MADE = Path(__file__).with_name("made.json")


def room_digest(room: Room, twin: bool) -> str:
    """SHA-256 of everything that can be seen in a room; what its things are called, and where one looks, is not."""
    parts = [thing.twin if twin and thing.twin is not None else thing.parts for thing in room.things]
    seen = [[asdict(part) for part in one] for one in parts]
    said = json.dumps([room.size, room.eye, room.lamps, room.clean_from, seen, MATERIALS], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def made() -> dict[str, dict[str, str]]:
    """By path of a picture: `room`, `twin` ("yes" or "no"), `of` (hash of the room) and `sha256` of the file."""
    found: dict[str, dict[str, str]] = json.loads(MADE.read_text()) if MADE.exists() else {}
    return found


def note(room: Room, twin: bool, pictures: Iterable[Path]) -> None:
    """Write down what pictures were made of."""
    all_of_them = made()
    for path in pictures:
        all_of_them[path.resolve().relative_to(TOP).as_posix()] = {
            "room": room.name,
            "twin": "yes" if twin else "no",
            "of": room_digest(room, twin),
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
    MADE.write_text(json.dumps(all_of_them, indent=1, sort_keys=True) + "\n")
