"""Where the things of a room are, seen from its eye: what `at:` of a hotspot says.

python -m scenes.places filling-room
"""

from __future__ import annotations

import sys

from scenes.parts import direction
from scenes.rooms import ROOMS


def places(room: str) -> dict[str, tuple[float, float]]:
    """Yaw and pitch in degrees of each thing that has a name."""
    found = ROOMS[room]
    return {thing.name: direction(found.eye, thing.at) for thing in found.things if thing.name}


if __name__ == "__main__":
    for name, (yaw, pitch) in places(sys.argv[1]).items():
        sys.stdout.write(f"{name}: [{yaw}, {pitch}]\n")
