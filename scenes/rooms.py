"""The rooms that scenes show. Run by Python alone, so that a test can ask where things are."""

from __future__ import annotations

from scenes.bay import loading_bay
from scenes.parts import Part, Room, Thing, bottle, box, dial, door, moved, ring, rod, table, text, turned


def _sign(at: tuple[float, float, float], lines: list[str], width: float, turn: float = 0) -> tuple[Part, ...]:
    """A plate with words, on a wall that is seen from -y before it is turned."""
    height = 0.1 * len(lines) + 0.06
    plate = box((0, 0.012, 0), (width, 0.01, height), "white")
    words = tuple(
        text((0, 0, height / 2 - 0.115 - 0.1 * number), 0.075, line, "blue") for number, line in enumerate(lines)
    )
    return moved(turned((plate, *words), turn), at)


def _filling_line() -> tuple[Part, ...]:
    """A filling line behind a barrier of glass with gloves."""
    parts = [
        box((0, 0, 0.42), (3.4, 0.95, 0.84), "steel", edge=0.02),
        box((0, 0, 2.32), (3.5, 1.05, 0.34), "white", edge=0.02),
        box((0, 0, 2.14), (3.2, 0.8, 0.02), "lamp"),
        box((0, 0, 0.86), (3.3, 0.22, 0.04), "dark-steel"),
        box((0.1, 0.2, 1.3), (0.5, 0.16, 0.5), "steel"),
        box((-1.3, 0.1, 1.05), (0.5, 0.5, 0.02), "steel"),
        rod((-1.3, 0.1, 1.12), 0.46, 0.12, "steel"),
        box((1.45, 0.1, 1.0), (0.4, 0.4, 0.2), "steel"),
    ]
    parts += [rod((-0.1 + 0.07 * n, 0.05, 1.08), 0.012, 0.2, "dark-steel") for n in range(6)]
    for number in range(30):
        x = -1.5 + number * 0.1
        parts.append(rod((x, 0, 0.96), 0.065, 0.16, "glass"))
        parts.append(rod((x, 0, 0.9 if number < 16 else 0.93), 0.055, 0.03 if number < 16 else 0.09, "blue"))
        if number > 20:
            parts.append(rod((x, 0, 1.05), 0.06, 0.03, "red"))
    for x in (-1.7, -0.85, 0, 0.85, 1.7):
        parts.append(box((x, -0.46, 1.5), (0.05, 0.05, 1.3), "frame"))
        parts.append(box((x, 0.46, 1.5), (0.05, 0.05, 1.3), "frame"))
    for x in (-1.275, -0.425, 0.425):
        parts.append(box((x, -0.46, 1.5), (0.8, 0.012, 1.26), "glass"))
    for x in (-1.45, -1.1, -0.6, -0.25, 0.25, 0.6):
        parts.append(ring((x, -0.48, 1.25), 0.24, 0.05, "black", tilt=90))
        parts.append(rod((x, -0.44, 1.25), 0.2, 0.04, "rubber", tilt=90))
        parts.append(rod((x, -0.26, 1.17), 0.1, 0.34, "white", tilt=65))
    for place in (-1.7, 1.7):
        parts.append(box((place, 0, 1.5), (0.012, 0.9, 1.26), "glass"))
    parts.append(box((1.5, -0.52, 0.6), (0.36, 0.04, 0.26), "screen"))
    return tuple(parts)


def _barrier_door(open_by: float) -> tuple[Part, ...]:
    own = (
        box((0.4, 0, 1.5), (0.8, 0.012, 1.26), "glass"),
        box((0.4, 0, 2.11), (0.8, 0.04, 0.05), "blue"),
        box((0.4, 0, 0.89), (0.8, 0.04, 0.05), "blue"),
        box((0.78, 0, 1.5), (0.04, 0.04, 1.26), "blue"),
        box((0.03, 0, 1.5), (0.04, 0.04, 1.26), "blue"),
        box((0.7, -0.05, 1.5), (0.03, 0.05, 0.2), "dark-steel"),
    )
    return moved(turned(own, -open_by), (0.87, 1.4, 0))


def _plate(lid: bool) -> tuple[Part, ...]:
    """A settle plate on its stand: the lid on it, or beside it."""
    stand = (
        rod((0, 0, 0.02), 0.34, 0.04, "steel"),
        rod((0, 0, 0.55), 0.035, 1.1, "steel"),
        rod((0, 0, 1.11), 0.4, 0.02, "steel"),
        rod((-0.06, 0, 1.13), 0.17, 0.03, "glass"),
        rod((-0.06, 0, 1.13), 0.155, 0.02, "agar"),
    )
    cover = rod((-0.06, 0, 1.155), 0.18, 0.02, "white") if lid else rod((0.1, -0.02, 1.135), 0.18, 0.02, "white")
    return (*stand, cover)


def _box_of_cardboard() -> tuple[Part, ...]:
    return (
        box((0, 0, 0.19), (0.5, 0.4, 0.36), "cardboard", turn=12, edge=0.004),
        box((0, 0, 0.373), (0.5, 0.06, 0.004), "paper", turn=12, edge=0.001),
        box((0.02, -0.21, 0.2), (0.2, 0.004, 0.12), "paper", turn=12, edge=0.001),
    )


def _trolley() -> tuple[Part, ...]:
    wheels = tuple(rod((x, y, 0.05), 0.1, 0.04, "black", tilt=90) for x in (-0.4, 0.4) for y in (-0.25, 0.25))
    return (*table(0.9, 0.6, 0.85), *wheels, box((0.5, 0, 0.95), (0.03, 0.5, 0.03), "steel"))


def _bin() -> tuple[Part, ...]:
    return (
        rod((0, 0, 0.3), 0.42, 0.6, "steel"),
        rod((0, 0, 0.62), 0.44, 0.05, "dark-steel"),
        box((0, -0.24, 0.05), (0.14, 0.12, 0.03), "black"),
    )


def _stool(x: float, y: float) -> tuple[Part, ...]:
    return moved(
        (
            rod((0, 0, 0.03), 0.44, 0.04, "steel"),
            rod((0, 0, 0.3), 0.05, 0.56, "steel"),
            rod((0, 0, 0.6), 0.36, 0.06, "grey"),
        ),
        (x, y, 0),
    )


def filling_room() -> Room:
    """A grade B room with a filling line under grade A air; in its faulty twin eight things are deviations."""
    line_at = (0.0, 1.86, 0.0)
    left, right, back = -3.42, 3.42, -2.92
    things = [
        Thing("line", (-0.9, 1.5, 1.0), moved(_filling_line(), line_at)),
        Thing("gloves", (-0.42, 1.36, 1.25), ()),
        Thing("barrier", (1.3, 1.3, 1.7), _barrier_door(0), _barrier_door(48)),
        Thing("filters", (0.0, 0.5, 2.88), ()),
        Thing(
            "gauge",
            (left, 0.9, 1.75),
            (
                *moved(turned(dial(18, 10, 25), 90), (left + 0.03, 0.9, 1.75)),
                *_sign((left + 0.03, 0.9, 1.3), ["min. 10 Pa"], 0.62, 90),
            ),
            (
                *moved(turned(dial(3, 10, 25), 90), (left + 0.03, 0.9, 1.75)),
                *_sign((left + 0.03, 0.9, 1.3), ["min. 10 Pa"], 0.62, 90),
            ),
        ),
        Thing(
            "door",
            (left, -0.6, 1.1),
            moved(turned(door(), 90), (left + 0.02, -0.6, 0)),
            moved(turned(door(open_by=32), 90), (left + 0.02, -0.6, 0)),
        ),
        Thing("", (left, -0.6, 2.4), _sign((left + 0.03, -0.6, 2.38), ["AIRLOCK  ·  SAS"], 0.95, 90)),
        Thing(
            "puddle",
            (1.15, 0.55, 0.0),
            (),
            (
                Part("sphere", (1.15, 0.55, 0.0), (0.62, 0.4, 0.012), "water"),
                Part("sphere", (1.42, 0.4, 0.0), (0.26, 0.2, 0.01), "water"),
                Part("sphere", (0.86, 0.7, 0.0), (0.2, 0.14, 0.01), "water"),
            ),
        ),
        Thing(
            "plate",
            (-1.6, 0.6, 1.15),
            moved(_plate(lid=False), (-1.6, 0.6, 0)),
            moved(_plate(lid=True), (-1.6, 0.6, 0)),
        ),
        Thing(
            "counter",
            (2.15, 1.0, 1.2),
            moved(
                (
                    rod((0, 0, 0.02), 0.36, 0.04, "steel"),
                    rod((0, 0, 0.6), 0.03, 1.2, "steel"),
                    rod((0, 0, 1.24), 0.09, 0.06, "dark-steel"),
                    box((0, 0, 0.75), (0.22, 0.16, 0.26), "white"),
                    box((0, -0.082, 0.79), (0.16, 0.004, 0.1), "screen"),
                ),
                (2.15, 1.0, 0),
            ),
        ),
        Thing("", (right, -0.4, 1.0), moved(turned(table(2.2, 0.7), 90), (right - 0.4, -0.4, 0))),
        Thing("bottle", (right - 0.4, 0.35, 1.03), moved(turned(bottle(), -90), (right - 0.45, 0.35, 0.92))),
        Thing(
            "forceps",
            (right - 0.4, -0.15, 1.0),
            moved(
                (
                    box((0, 0, 0.06), (0.16, 0.3, 0.12), "steel"),
                    rod((0, 0.05, 0.17), 0.014, 0.2, "dark-steel"),
                    rod((0, -0.05, 0.17), 0.014, 0.2, "dark-steel"),
                ),
                (right - 0.4, -0.15, 0.92),
            ),
        ),
        Thing(
            "phone",
            (right - 0.45, -0.75, 0.95),
            (),
            moved(
                (
                    box((0, 0, 0.007), (0.085, 0.17, 0.012), "black", turn=20),
                    box((0, 0, 0.0135), (0.075, 0.155, 0.002), "screen", turn=20),
                ),
                (right - 0.5, -0.75, 0.922),
            ),
        ),
        Thing(
            "wipes",
            (right - 0.35, -1.15, 1.0),
            moved(
                (
                    box((0, 0, 0.07), (0.26, 0.26, 0.14), "white"),
                    box((0, 0, 0.141), (0.12, 0.1, 0.004), "light-blue"),
                    box((-0.132, 0, 0.07), (0.004, 0.2, 0.08), "blue"),
                ),
                (right - 0.38, -1.15, 0.92),
            ),
        ),
        Thing(
            "hatch",
            (right, 1.5, 1.3),
            moved(
                turned(
                    (
                        box((0, 0, 0), (0.8, 0.1, 0.8), "frame"),
                        box((0, -0.05, 0), (0.66, 0.04, 0.66), "glass"),
                        box((0, 0.02, 0), (0.66, 0.06, 0.66), "grey"),
                        box((0.28, -0.09, 0), (0.03, 0.04, 0.18), "dark-steel"),
                    ),
                    -90,
                ),
                (right, 1.5, 1.3),
            ),
        ),
        Thing(
            "carton",
            (0.9, back + 0.5, 1.05),
            moved(turned(_trolley(), 0), (0.9, back + 0.55, 0)),
            (*moved(_trolley(), (0.9, back + 0.55, 0)), *moved(_box_of_cardboard(), (0.85, back + 0.55, 0.87))),
        ),
        Thing("bin", (2.4, back + 0.4, 0.5), moved(turned(_bin(), 180), (2.4, back + 0.4, 0))),
        Thing(
            "logbook",
            (-0.5, back + 0.3, 1.1),
            moved(
                (
                    box((0, 0, 0.55), (0.06, 0.06, 1.1), "steel"),
                    box((0, 0, 0.02), (0.4, 0.4, 0.04), "steel"),
                    box((0, 0.02, 1.14), (0.5, 0.36, 0.03), "steel", tilt=-25),
                    box((0, 0.05, 1.17), (0.34, 0.25, 0.03), "blue", tilt=-25),
                ),
                (-0.5, back + 0.35, 0),
            ),
        ),
        Thing(
            "clock",
            (0.2, back, 2.2),
            moved(
                turned(
                    (
                        rod((0, 0, 0), 0.36, 0.05, "black", tilt=90),
                        rod((0, -0.02, 0), 0.32, 0.04, "white", tilt=90),
                        box((0, -0.045, 0.05), (0.014, 0.004, 0.1), "black"),
                        box((0.06, -0.045, 0), (0.13, 0.004, 0.012), "black"),
                    ),
                    180,
                ),
                (0.2, back + 0.03, 2.2),
            ),
        ),
        Thing(
            "intercom",
            (-1.3, back, 1.45),
            moved(
                turned(
                    (
                        box((0, 0, 0), (0.18, 0.05, 0.3), "steel"),
                        rod((0, -0.03, -0.06), 0.05, 0.03, "red", tilt=90),
                        box((0, -0.03, 0.07), (0.1, 0.01, 0.06), "black"),
                    ),
                    180,
                ),
                (-1.3, back + 0.03, 1.45),
            ),
        ),
        Thing(
            "label",
            (-2.5, back + 0.4, 1.0),
            moved(table(1.0, 0.6), (-2.5, back + 0.45, 0)),
            (
                *moved(table(1.0, 0.6), (-2.5, back + 0.45, 0)),
                *moved(
                    (
                        rod((0, 0, 0.12), 0.16, 0.24, "glass"),
                        rod((0, 0, 0.09), 0.145, 0.16, "light-blue"),
                        rod((0, 0, 0.26), 0.07, 0.05, "blue"),
                    ),
                    (-2.5, back + 0.45, 0.92),
                ),
            ),
        ),
        Thing("stool", (-2.4, 1.5, 0.6), _stool(-2.4, 1.5)),
        Thing("", (0, 2.9, 2.6), _sign((-2.75, 2.96, 2.1), ["GRADE B"], 0.62)),
    ]
    return Room(
        "filling-room",
        (7.0, 6.0, 2.9),
        (0.0, -0.6, 1.6),
        tuple(things),
        lamps=tuple((x, y, 1.1, 0.55) for x in (-2.2, 0.0, 2.2) for y in (-2.0, 0.5)),
    )


def _pack(width: float, height: float, colour: str, band: str) -> tuple[Part, ...]:
    """A sterile pack that stands on a shelf, seen from -y."""
    return (
        box((0, 0, height / 2), (width, 0.16, height), colour, edge=0.02),
        box((0, -0.083, height * 0.62), (width * 0.7, 0.004, height * 0.22), band, edge=0.001),
    )


def changing_room() -> Room:
    """The changing room before a grade B room: a bench to step over, racks with what one puts on, a mirror."""
    wall = 2.42
    shelves = [box((x, wall - 0.2, z), (1.5, 0.36, 0.03), "steel") for x in (-1.15, 1.15) for z in (0.5, 1.0, 1.5)]
    sides = [box((x, wall - 0.2, 0.9), (0.03, 0.36, 1.75), "steel") for x in (-1.92, -0.38, 0.38, 1.92)]
    packs = {
        "hood": ((-1.55, 1.52), _pack(0.36, 0.26, "fabric", "blue"), "HOOD / CAGOULE"),
        "mask": ((-0.85, 1.52), _pack(0.3, 0.16, "fabric", "light-blue"), "MASK / MASQUE"),
        "goggles": (
            (0.8, 1.52),
            (
                box((-0.08, -0.02, 0.09), (0.13, 0.1, 0.12), "glass"),
                box((0.08, -0.02, 0.09), (0.13, 0.1, 0.12), "glass"),
                box((0, 0.03, 0.09), (0.34, 0.02, 0.08), "blue"),
                box((0, 0, 0.015), (0.4, 0.2, 0.03), "white"),
            ),
            "GOGGLES / LUNETTES",
        ),
        "gloves-first": ((1.5, 1.52), _pack(0.3, 0.2, "paper", "green"), "GLOVES 1 / GANTS 1"),
        "coverall": ((-1.2, 1.02), _pack(0.62, 0.3, "fabric", "blue"), "COVERALL / COMBINAISON"),
        "gloves-second": ((1.5, 1.02), _pack(0.3, 0.2, "paper", "red"), "GLOVES 2 / GANTS 2"),
        "overboots": (
            (0.8, 0.52),
            (*_pack(0.2, 0.34, "fabric", "blue"), *moved(_pack(0.2, 0.34, "fabric", "blue"), (0.26, 0, 0))),
            "OVERBOOTS / SURBOTTES",
        ),
    }
    things = [Thing("", (0, wall, 1), (*shelves, *sides))]
    for name, ((x, z), parts, said) in packs.items():
        label = (
            box((x, wall - 0.385, z - 0.045), (0.62, 0.006, 0.062), "white"),
            text((x, wall - 0.39, z - 0.06), 0.04, said, "blue"),
        )
        things.append(Thing(name, (x, wall - 0.2, z + 0.13), (*moved(parts, (x, wall - 0.2, z)), *label)))
    things += [
        Thing(
            "disinfectant",
            (-2.3, 0.9, 1.2),
            moved(
                turned(
                    (
                        box((0, 0, 0), (0.14, 0.1, 0.32), "white"),
                        box((0, -0.06, -0.02), (0.09, 0.02, 0.18), "light-blue"),
                        box((0, -0.09, -0.19), (0.08, 0.12, 0.03), "steel"),
                    ),
                    90,
                ),
                (-2.37, 0.9, 1.25),
            ),
        ),
        Thing(
            "bench",
            (0, 0.75, 0.45),
            (
                box((0, 0.75, 0.45), (4.88, 0.42, 0.05), "steel"),
                box((0, 0.75, 0.22), (4.84, 0.3, 0.42), "steel"),
            ),
        ),
        Thing(
            "mirror",
            (-2.4, 1.75, 1.3),
            moved(
                turned(
                    (box((0, 0.01, 0), (0.74, 0.02, 1.7), "frame"), box((0, -0.005, 0), (0.68, 0.01, 1.64), "steel")),
                    90,
                ),
                (-2.4, 1.75, 1.2),
            ),
        ),
        Thing(
            "door-b",
            (2.4, 1.65, 1.1),
            (
                *moved(turned(door(leaf="light-blue"), -90), (2.4, 1.65, 0)),
                *_sign((2.39, 1.65, 2.42), ["GRADE B"], 0.62, -90),
            ),
        ),
        Thing(
            "door-c",
            (0, -2.4, 1.1),
            (*moved(turned(door(), 180), (0, -2.4, 0)), *_sign((0, -2.39, 2.42), ["GRADE C"], 0.62, 180)),
        ),
        Thing("bin", (-2.0, -1.9, 0.5), moved(turned(_bin(), 180), (-2.0, -1.9, 0))),
        Thing(
            "hook",
            (-2.4, -0.6, 1.5),
            moved(
                turned(
                    (
                        box((0, 0, 0.3), (1.0, 0.02, 0.1), "steel"),
                        *(rod((x, -0.05, 0.28), 0.03, 0.1, "steel", tilt=90) for x in (-0.3, 0, 0.3)),
                        box((-0.3, -0.06, -0.1), (0.4, 0.08, 0.7), "light-blue", edge=0.04),
                        box((0.28, -0.06, -0.06), (0.38, 0.08, 0.62), "light-blue", edge=0.04),
                    ),
                    90,
                ),
                (-2.4, -0.6, 1.4),
            ),
        ),
        Thing("", (0, wall, 2.2), _sign((0, wall - 0.02, 2.15), ["TOP TO BOTTOM", "DE HAUT EN BAS"], 1.15)),
    ]
    return Room(
        "changing-room",
        (4.9, 4.9, 2.7),
        (0.0, 0.1, 1.6),
        tuple(things),
        lamps=tuple((x, y, 1.1, 0.55) for x in (-1.3, 1.3) for y in (-1.2, 0.9)),
        clean_from=0.75,
    )


def pressure_airlock() -> Room:
    """A personnel airlock between a grade C corridor and a grade B room: two doors, three gauges, an alarm lamp."""
    left, right = -1.67, 1.67
    gauges = []
    for name, x, value, said in (
        ("gauge-c", -0.85, 12, "C"),
        ("gauge-lock", 0.0, 24, "AIRLOCK"),
        ("gauge-b", 0.85, 38, "B"),
    ):
        parts = moved(dial(value, 10, 45), (x, 1.86, 1.62))
        gauges.append(Thing(name, (x, 1.86, 1.62), (*parts, *_sign((x, 1.87, 1.3), [said], 0.52))))
    things = [
        *gauges,
        Thing(
            "door-b",
            (right, 0.2, 1.1),
            (
                *moved(turned(door(leaf="light-blue"), -90), (right - 0.02, 0.2, 0)),
                *_sign((right - 0.02, 0.2, 2.38), ["GRADE B"], 0.62, -90),
            ),
        ),
        Thing(
            "door-c",
            (left, 0.2, 1.1),
            (
                *moved(turned(door(), 90), (left + 0.02, 0.2, 0)),
                *_sign((left + 0.02, 0.2, 2.38), ["GRADE C"], 0.62, 90),
            ),
        ),
        Thing(
            "lamp-b",
            (right, -0.75, 1.5),
            moved(
                turned(
                    (
                        box((0, 0, 0), (0.12, 0.06, 0.26), "grey"),
                        rod((0, -0.03, 0.06), 0.07, 0.04, "lamp-red", tilt=90),
                        rod((0, -0.03, -0.06), 0.07, 0.04, "green", tilt=90),
                    ),
                    -90,
                ),
                (right - 0.02, -0.75, 1.5),
            ),
        ),
        Thing(
            "lamp-c",
            (left, -0.75, 1.5),
            moved(
                turned(
                    (
                        box((0, 0, 0), (0.12, 0.06, 0.26), "grey"),
                        rod((0, -0.03, 0.06), 0.07, 0.04, "red", tilt=90),
                        rod((0, -0.03, -0.06), 0.07, 0.04, "lamp-green", tilt=90),
                    ),
                    90,
                ),
                (left + 0.02, -0.75, 1.5),
            ),
        ),
        Thing(
            "alarm",
            (0, 1.86, 2.25),
            moved(
                (
                    box((0, 0, 0), (0.26, 0.08, 0.12), "grey"),
                    Part("sphere", (0, -0.05, -0.02), (0.16, 0.12, 0.12), "lamp-red"),
                ),
                (0, 1.86, 2.25),
            ),
        ),
        Thing(
            "phone",
            (0.0, -1.85, 1.4),
            moved(
                turned(
                    (
                        box((0, 0, 0), (0.24, 0.06, 0.34), "steel"),
                        box((0, -0.04, 0.09), (0.16, 0.02, 0.08), "black"),
                        rod((0, -0.04, -0.06), 0.06, 0.03, "red", tilt=90),
                    ),
                    180,
                ),
                (0, -1.85, 1.4),
            ),
        ),
        Thing("procedure", (-0.9, -1.86, 1.5), _sign((-0.9, -1.85, 1.5), ["SOP", "15 s"], 0.5, 180)),
        Thing(
            "grille",
            (0.9, -1.86, 0.3),
            tuple(box((0.9, -1.86, 0.16 + 0.06 * n), (0.6, 0.03, 0.03), "steel", tilt=30) for n in range(6)),
        ),
    ]
    return Room(
        "airlock", (3.4, 3.8, 2.6), (0.0, -0.2, 1.6), tuple(things), lamps=((0.0, -0.7, 1.2, 0.6), (0.0, 0.9, 1.2, 0.6))
    )


ROOMS = {room.name: room for room in (filling_room(), changing_room(), pressure_airlock(), loading_bay())}
