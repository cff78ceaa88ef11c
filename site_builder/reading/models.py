"""Whether a file is a model that pages can show: a GLB that needs no decoder and nothing from elsewhere."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

LARGEST = 5_000_000
"""Bytes of a model: a learner on the way pays for them."""
MOST_POINTS = 400_000
"""Vertices that a phone can draw."""
HEAD = 1_000_000
"""Bytes of the part that says what is in it."""


def model_fault(path: Path) -> tuple[str, str] | None:
    """What is wrong with a model, and what is expected; None for one that is sound.

    A GLB is a header, a chunk of JSON and a chunk of data (glTF 2.0, section 4).
    """
    size = path.stat().st_size
    if size > LARGEST:
        return f"{size:,} bytes", f"at most {LARGEST:,} bytes"
    data = path.read_bytes()
    none = "no GLB (glTF 2.0) that can be read", "a GLB, exported without compression"
    if len(data) < 20 or data[:4] != b"glTF":
        return none
    version, length, head, kind = struct.unpack("<IIII", data[4:20])
    if version != 2 or length != size or kind != 0x4E4F534A or head > min(HEAD, size - 20):
        return none
    try:
        said = json.loads(data[20 : 20 + head])
        return _fault(said)
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError):
        return none


def _fault(said: dict[str, Any]) -> tuple[str, str] | None:
    if said.get("extensionsRequired"):
        names = ", ".join(map(str, said["extensionsRequired"]))[:80]
        return f"it needs {names}", "a GLB without extensions that must be understood: no Draco, no KTX2"
    files = [one["uri"] for part in ("buffers", "images") for one in said.get(part, []) if "uri" in one]
    if files:
        return f"it refers to {str(files[0])[:60]!r}", "a GLB with everything in it"
    if said.get("images"):
        return "pictures on its surfaces", "colours alone: a picture would have to be decoded from the model"
    accessors = said.get("accessors", [])
    points = sum(
        int(accessors[primitive["attributes"]["POSITION"]]["count"])
        for mesh in said.get("meshes", [])
        for primitive in mesh["primitives"]
    )
    if not points:
        return "nothing to be seen in it", "a GLB with at least one mesh"
    if points > MOST_POINTS:
        return f"{points:,} vertices", f"at most {MOST_POINTS:,}"
    return None
