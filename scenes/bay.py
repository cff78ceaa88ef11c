"""A loading bay in which solvents are decanted: zone 1 around the open drum, zone 2 around that."""

from __future__ import annotations

from scenes.parts import Part, Room, Thing, box, moved, ring, rod, table, text, turned


def _drum(colour: str, lid: bool = True) -> tuple[Part, ...]:
    rings = tuple(ring((0, 0, z), 0.585, 0.03, colour) for z in (0.3, 0.58))
    top = (
        (rod((0, 0, 0.89), 0.56, 0.02, "dark-steel"), rod((0.16, 0.1, 0.91), 0.07, 0.03, "grey"))
        if lid
        else (
            rod((0, 0, 0.86), 0.5, 0.01, "black"),
            ring((0, 0, 0.885), 0.56, 0.025, colour),
        )
    )
    return (rod((0, 0, 0.44), 0.57, 0.88, colour), *rings, *top)


def _pallet(material: str) -> tuple[Part, ...]:
    boards = tuple(box((x, 0, 0.13), (0.14, 1.2, 0.025), material) for x in (-0.33, -0.165, 0, 0.165, 0.33))
    feet = tuple(box((0, y, 0.06), (0.8, 0.1, 0.1), material) for y in (-0.5, 0, 0.5))
    return (*boards, *feet)


def _sign(at: tuple[float, float, float], said: str, turn: float, ground: str, ink: str = "black") -> tuple[Part, ...]:
    plate = box((0, 0.012, 0), (0.52, 0.012, 0.4), ground)
    return moved(turned((plate, text((0, 0, -0.06), 0.19 if len(said) < 3 else 0.13, said, ink)), turn), at)


def loading_bay() -> Room:
    """A bay with drums, a pump and a tank; in its faulty twin six things bring a spark or a charge."""
    right, left, front, back = 3.95, -3.95, 3.45, -3.45
    clamp = (box((0, 0, 0), (0.16, 0.05, 0.05), "red"), rod((-0.1, 0, 0), 0.012, 0.14, "yellow", tilt=90, turn=90))
    cable = tuple(
        rod((1.62 + 0.11 * n, 2.06 + 0.09 * n, 1.02 - 0.02 * (n % 3)), 0.018, 0.16, "yellow", tilt=78, turn=-50)
        for n in range(9)
    )
    things = [
        Thing(
            "drum",
            (0.9, 1.5, 0.7),
            (
                *moved(_drum("blue", lid=False), (0.9, 1.5, 0)),
                rod((0.9, 1.5, 1.1), 0.045, 0.9, "steel"),
                box((0.9, 1.5, 1.58), (0.16, 0.12, 0.14), "steel"),
            ),
        ),
        Thing(
            "clamp",
            (2.72, 2.95, 1.22),
            (*moved(clamp, (1.2, 1.5, 0.9)), *cable),
            (*moved(clamp, (2.72, 2.95, 1.15)), rod((2.72, 2.97, 1.3), 0.02, 0.3, "yellow")),
        ),
        Thing(
            "earthing",
            (2.72, 3.4, 1.5),
            (box((2.72, 3.4, 1.5), (0.3, 0.12, 0.36), "yellow"), text((2.72, 3.33, 1.5), 0.1, "EARTH")),
        ),
        Thing("zone", (-0.4, 3.42, 2.2), _sign((-0.4, 3.42, 2.2), "EX", 0, "yellow")),
        Thing(
            "jerrycan",
            (-0.15, 1.7, 0.3),
            moved(_drum("steel"), (-0.35, 2.4, 0)),
            (
                *moved(_drum("steel"), (-0.35, 2.4, 0)),
                box((-0.1, 1.6, 0.2), (0.26, 0.2, 0.4), "white", edge=0.04),
                rod((-0.1, 1.6, 0.42), 0.06, 0.05, "red"),
                box((-0.1, 1.6, 0.46), (0.16, 0.03, 0.03), "white"),
            ),
        ),
        Thing(
            "reel",
            (-1.3, 0.9, 0.3),
            (),
            moved(
                (
                    rod((0, 0, 0.24), 0.42, 0.2, "black", tilt=90),
                    rod((0, -0.08, 0.24), 0.2, 0.06, "red", tilt=90),
                    box((0, 0, 0.03), (0.36, 0.26, 0.03), "black"),
                    box((0, -0.13, 0.24), (0.07, 0.02, 0.07), "white"),
                ),
                (-1.3, 0.9, 0),
            ),
        ),
        Thing(
            "torch",
            (-2.0, 1.9, 0.97),
            (),
            moved(
                (
                    rod((0, 0, 0.04), 0.05, 0.2, "yellow", tilt=90, turn=50),
                    rod((0.1, 0.08, 0.04), 0.08, 0.06, "yellow", tilt=90, turn=50),
                ),
                (-2.0, 1.85, 0.92),
            ),
        ),
        Thing("", (-2.6, 2.8, 0.5), moved(table(1.4, 0.7), (-2.1, 2.0, 0))),
        Thing(
            "phone",
            (-2.5, 1.9, 0.94),
            (),
            moved(
                (
                    box((0, 0, 0.007), (0.09, 0.18, 0.014), "black", turn=15),
                    box((0, 0, 0.015), (0.08, 0.165, 0.002), "screen", turn=15),
                ),
                (-2.5, 1.85, 0.922),
            ),
        ),
        Thing(
            "gloves",
            (-1.6, 2.1, 0.96),
            moved(
                (
                    box((0, 0, 0.02), (0.14, 0.26, 0.04), "green", turn=10, edge=0.02),
                    box((0.16, 0, 0.02), (0.14, 0.26, 0.04), "green", turn=-5, edge=0.02),
                ),
                (-1.65, 2.1, 0.92),
            ),
        ),
        Thing(
            "detector",
            (left, 1.2, 1.5),
            moved(
                turned(
                    (
                        box((0, 0, 0), (0.24, 0.1, 0.3), "yellow"),
                        rod((0, 0, -0.2), 0.09, 0.12, "dark-steel"),
                        box((0, -0.055, 0.04), (0.14, 0.01, 0.08), "screen"),
                    ),
                    90,
                ),
                (left + 0.05, 1.2, 1.5),
            ),
        ),
        Thing(
            "lamp",
            (-1.2, 0.4, 3.15),
            moved(
                (
                    rod((0, 0, 0), 0.18, 1.1, "glass", tilt=90, turn=90),
                    box((0, 0, 0.1), (1.2, 0.2, 0.08), "grey"),
                    rod((0, 0, 0), 0.06, 1.0, "lamp", tilt=90, turn=90),
                ),
                (-1.2, 0.4, 3.15),
            ),
        ),
        Thing(
            "extraction",
            (1.6, 2.3, 0.45),
            (
                box((1.75, 3.3, 0.4), (0.7, 0.24, 0.5), "steel"),
                *(box((1.75, 3.17, 0.22 + 0.08 * n), (0.6, 0.02, 0.03), "dark-steel") for n in range(5)),
                rod((1.75, 3.3, 2.0), 0.3, 2.7, "steel"),
            ),
        ),
        Thing(
            "drain",
            (0.4, 0.2, 0.0),
            tuple(box((0.4 + 0.05 * n, 0.2, 0.005), (0.025, 0.3, 0.01), "dark-steel") for n in range(-3, 4)),
        ),
        Thing(
            "tank",
            (2.9, -0.6, 1.3),
            moved(
                (
                    rod((0, 0, 1.25), 1.3, 1.9, "steel"),
                    *(rod((x, y, 0.2), 0.08, 0.4, "dark-steel") for x in (-0.4, 0.4) for y in (-0.4, 0.4)),
                    rod((-0.7, 0, 0.7), 0.08, 0.3, "steel", tilt=90, turn=90),
                    rod((0, 0, 2.25), 0.5, 0.1, "dark-steel"),
                ),
                (2.95, -0.6, 0),
            ),
        ),
        Thing(
            "vacuum",
            (1.0, back + 0.9, 0.4),
            (),
            moved(
                (
                    rod((0, 0, 0.28), 0.42, 0.5, "red"),
                    rod((0, 0, 0.56), 0.44, 0.1, "black"),
                    rod((0.25, 0.1, 0.5), 0.06, 0.9, "black", tilt=35),
                    *(rod((x, -0.14, 0.04), 0.08, 0.05, "black", tilt=90) for x in (-0.12, 0.12)),
                ),
                (1.0, back + 0.9, 0),
            ),
        ),
        Thing(
            "extinguisher",
            (-0.6, back, 0.8),
            moved(
                (
                    rod((0, 0, 0.55), 0.2, 0.6, "red"),
                    rod((0, 0, 0.9), 0.08, 0.1, "black"),
                    box((0, 0.1, 0.6), (0.12, 0.05, 0.4), "grey"),
                ),
                (-0.6, back + 0.15, 0.3),
            ),
        ),
        Thing(
            "shower",
            (-2.2, back + 0.3, 2.0),
            moved(
                (
                    rod((0, 0, 1.1), 0.05, 2.2, "green"),
                    rod((0, 0.3, 2.2), 0.05, 0.6, "green", tilt=90),
                    rod((0, 0.55, 2.12), 0.3, 0.06, "green"),
                    box((0.02, 0.02, 1.35), (0.3, 0.3, 0.06), "steel"),
                ),
                (-2.2, back + 0.1, 0),
            ),
        ),
        Thing(
            "door",
            (left, -1.2, 1.3),
            moved(
                turned(
                    (
                        box((0, 0.02, 1.4), (2.2, 0.06, 2.8), "frame"),
                        *(box((0, -0.02, 0.3 + 0.4 * n), (2.1, 0.03, 0.36), "grey") for n in range(7)),
                    ),
                    90,
                ),
                (left, -1.2, 0),
            ),
        ),
        Thing(
            "pallet",
            (2.2, -2.6, 0.3),
            (
                *moved(_pallet("wood"), (2.2, -2.5, 0)),
                *(part for x in (1.9, 2.5) for y in (-2.8, -2.2) for part in moved(_drum("green"), (x, y, 0.15))),
            ),
        ),
        Thing(
            "stop",
            (left, 2.5, 1.3),
            moved(
                turned(
                    (box((0, 0, 0), (0.16, 0.08, 0.16), "yellow"), rod((0, -0.06, 0), 0.08, 0.05, "red", tilt=90)), 90
                ),
                (left + 0.04, 2.5, 1.3),
            ),
        ),
        Thing("", (right, 1.6, 2.2), _sign((right - 0.03, 1.6, 2.1), "ZONE 1", -90, "white", "red")),
        Thing("", (0, front, 0), ()),
    ]
    return Room(
        "loading-bay",
        (8.0, 7.0, 3.5),
        (0.0, -0.4, 1.6),
        tuple(things),
        lamps=tuple((x, y, 1.5, 0.6) for x in (-2.5, 0.0, 2.5) for y in (-2.2, 1.0)),
    )
