"""Where the things of a room are, seen from its eye, and the parts of a machine: what `at:` of a hotspot says.

python -m scenes.places filling-room
"""

from __future__ import annotations

import sys

from scenes.machines import MACHINES
from scenes.parts import direction
from scenes.rooms import ROOMS


def places(name: str) -> dict[str, tuple[float, ...]]:
    """Of each thing that has a name: yaw and pitch in degrees in a room, metres as glTF has them in a machine."""
    if name in MACHINES:
        return {
            thing.name: (thing.at[0], thing.at[2], round(-thing.at[1], 3))
            for thing in MACHINES[name].things
            if thing.name
        }
    found = ROOMS[name]
    return {thing.name: direction(found.eye, thing.at) for thing in found.things if thing.name}


if __name__ == "__main__":
    for place, at in places(sys.argv[1]).items():
        sys.stdout.write(f"{place}: {list(at)}\n")
