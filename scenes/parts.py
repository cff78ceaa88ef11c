"""What rooms are built of. Metres; x to the right, y ahead, z up; turns in degrees, seen from above, to the left."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

Point = tuple[float, float, float]
Shape = Literal["box", "cylinder", "sphere", "text", "tube"]

MATERIALS: dict[str, dict[str, object]] = {
    "wall": {"colour": (0.68, 0.72, 0.74), "rough": 0.5},
    "ceiling": {"colour": (0.80, 0.82, 0.82), "rough": 0.7},
    "floor": {"colour": (0.13, 0.22, 0.26), "rough": 0.28},
    "floor-clean": {"colour": (0.16, 0.34, 0.28), "rough": 0.28},
    "steel": {"colour": (0.50, 0.52, 0.54), "rough": 0.28, "metal": 1.0},
    "dark-steel": {"colour": (0.18, 0.19, 0.20), "rough": 0.35, "metal": 1.0},
    "glass": {"colour": (0.95, 0.98, 1.0), "rough": 0.02, "glass": True},
    "water": {"colour": (0.75, 0.88, 0.95), "rough": 0.02, "glass": True},
    "frame": {"colour": (0.33, 0.40, 0.45), "rough": 0.4},
    "white": {"colour": (0.92, 0.93, 0.93), "rough": 0.4},
    "grey": {"colour": (0.45, 0.48, 0.50), "rough": 0.5},
    "black": {"colour": (0.03, 0.03, 0.035), "rough": 0.4},
    "rubber": {"colour": (0.07, 0.10, 0.13), "rough": 0.6},
    "blue": {"colour": (0.05, 0.22, 0.45), "rough": 0.4},
    "light-blue": {"colour": (0.35, 0.62, 0.80), "rough": 0.5},
    "green": {"colour": (0.06, 0.38, 0.18), "rough": 0.4},
    "red": {"colour": (0.62, 0.05, 0.04), "rough": 0.4},
    "yellow": {"colour": (0.85, 0.62, 0.05), "rough": 0.4},
    "cardboard": {"colour": (0.45, 0.28, 0.13), "rough": 0.9},
    "wood": {"colour": (0.42, 0.25, 0.11), "rough": 0.7},
    "paper": {"colour": (0.90, 0.88, 0.80), "rough": 0.9},
    "fabric": {"colour": (0.88, 0.90, 0.94), "rough": 0.95},
    "agar": {"colour": (0.80, 0.62, 0.25), "rough": 0.3},
    "screen": {"colour": (0.05, 0.30, 0.25), "light": 1.0},
    "lamp": {"colour": (1.0, 0.99, 0.96), "light": 5.0},
    "lamp-red": {"colour": (1.0, 0.10, 0.05), "light": 6.0},
    "lamp-green": {"colour": (0.10, 1.0, 0.30), "light": 4.0},
}
"""Colours are linear, 0..1; `light` is how strongly a surface shines."""


@dataclass(frozen=True)
class Part:
    """One solid.

    Attributes:
        shape: Which.
        at: Its middle.
        size: Of a box, along x, y and z; of a cylinder, tube or sphere, diameters and height; of a text, its height,
            0 and its depth.
        material: Name in `MATERIALS`.
        turn: About z, then tilted about x by `tilt`.
        text: What a text says.
        round: Radius of its edges.
    """

    shape: Shape
    at: Point
    size: Point
    material: str
    turn: float = 0.0
    tilt: float = 0.0
    text: str = ""
    round: float = 0.006


@dataclass(frozen=True)
class Thing:
    """Something in a room that has a name.

    Attributes:
        name: As hotspots name it; "" is what nobody asks about.
        at: Where one looks to see it.
        parts: What it is made of.
        twin: What it is made of in the faulty twin of the room; None where it is the same.
    """

    name: str
    at: Point
    parts: tuple[Part, ...]
    twin: tuple[Part, ...] | None = None


@dataclass(frozen=True)
class Room:
    """A room and where one stands in it.

    Attributes:
        size: Width, depth and height. The origin is on the floor, in the middle.
        eye: Where the picture is taken from.
        things: Everything in it.
        lamps: Middle and size (x, y) of each lamp in the ceiling.
        clean_from: The floor is of another colour from this y on; None is nowhere.
    """

    name: str
    size: Point
    eye: Point
    things: tuple[Thing, ...] = field(default=())
    lamps: tuple[tuple[float, float, float, float], ...] = ()
    clean_from: float | None = None


def direction(eye: Point, at: Point) -> tuple[float, float]:
    """Yaw and pitch in degrees, to one decimal: 0, 0 is ahead; positive is right, and up."""
    x, y, z = (one - other for one, other in zip(at, eye, strict=True))
    return round(math.degrees(math.atan2(x, y)), 1), round(math.degrees(math.atan2(z, math.hypot(x, y))), 1)


def box(at: Point, size: Point, material: str, turn: float = 0, tilt: float = 0, edge: float = 0.006) -> Part:
    """A box with rounded edges."""
    return Part("box", at, size, material, turn, tilt, round=edge)


def rod(at: Point, width: float, height: float, material: str, turn: float = 0, tilt: float = 0) -> Part:
    """A cylinder that stands, or lies where it is tilted."""
    return Part("cylinder", at, (width, width, height), material, turn, tilt)


def ring(at: Point, width: float, thick: float, material: str, turn: float = 0, tilt: float = 0) -> Part:
    """A ring that lies, or stands where it is tilted."""
    return Part("tube", at, (width, width, thick), material, turn, tilt)


def text(at: Point, height: float, said: str, material: str = "black", turn: float = 0, tilt: float = 90) -> Part:
    """Letters that stand upright and face the way from which `turn` looks along y."""
    return Part("text", at, (height, 0, 0.002), material, turn, tilt, text=said)


def moved(parts: Iterable[Part], by: Point) -> tuple[Part, ...]:
    """The same elsewhere."""
    return tuple(
        replace(part, at=tuple(round(a + b, 4) for a, b in zip(part.at, by, strict=True)))  # type: ignore[arg-type]
        for part in parts
    )


def turned(parts: Iterable[Part], degrees: float) -> tuple[Part, ...]:
    """The same, turned about the origin, seen from above, to the left."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return tuple(
        replace(
            part,
            at=(round(part.at[0] * c - part.at[1] * s, 4), round(part.at[0] * s + part.at[1] * c, 4), part.at[2]),
            turn=part.turn + degrees,
        )
        for part in parts
    )


def table(width: float, depth: float, height: float = 0.9, shelf: bool = True) -> tuple[Part, ...]:
    """A table of steel with its middle above the origin."""
    x, y = width / 2 - 0.04, depth / 2 - 0.04
    legs = tuple(rod((a, b, height / 2), 0.04, height, "steel") for a in (-x, x) for b in (-y, y))
    top = (box((0, 0, height), (width, depth, 0.04), "steel"),)
    lower = (box((0, 0, 0.25), (width - 0.08, depth - 0.08, 0.02), "steel"),) if shelf else ()
    return (*legs, *top, *lower)


def door(width: float = 0.95, height: float = 2.1, open_by: float = 0, leaf: str = "white") -> tuple[Part, ...]:
    """A door in a wall that lies along x: frame, leaf with a window and a handle; hinges on the left."""
    w, h = width / 2, height
    frame: tuple[Part, ...] = (
        box((-w - 0.04, 0, h / 2), (0.08, 0.14, h), "frame"),
        box((w + 0.04, 0, h / 2), (0.08, 0.14, h), "frame"),
        box((0, 0, h + 0.04), (width + 0.16, 0.14, 0.08), "frame"),
    )
    if open_by:
        frame = (*frame, box((0, 0.06, h / 2), (width, 0.02, h), "black"))
    own = (
        box((w, 0, h * 0.31), (width, 0.05, h * 0.62), leaf),
        box((w, 0, h * 0.94), (width, 0.05, h * 0.12), leaf),
        box((w * 0.3, 0, h * 0.75), (width * 0.3, 0.05, h * 0.26), leaf),
        box((w * 1.7, 0, h * 0.75), (width * 0.3, 0.05, h * 0.26), leaf),
        box((w, 0, h * 0.75), (width * 0.4, 0.02, h * 0.26), "glass"),
        box((width - 0.1, -0.06, h * 0.48), (0.03, 0.04, 0.24), "dark-steel"),
    )
    return (*frame, *moved(turned(own, -open_by), (-w, -0.02 if open_by else 0, 0)))


def dial(reading: float, low: float, high: float, unit: str = "Pa", width: float = 0.46) -> tuple[Part, ...]:
    """A round gauge on a wall that lies along x, seen from -y, from 0 to 60; the sector that is in order is green."""
    parts: list[Part] = [
        rod((0, 0, 0), width, 0.06, "black", tilt=90),
        rod((0, -0.02, 0), width * 0.9, 0.04, "white", tilt=90),
    ]

    def place(value: float, far: float) -> Point:
        angle = math.radians(220 - value / 60 * 260)
        return (math.cos(angle) * far, -0.045, math.sin(angle) * far)

    for value in range(0, 61, 5):
        green = low <= value <= high
        x, y, z = place(value, width * 0.37)
        parts.append(
            Part("sphere", (x, y, z), (0.03 if green else 0.016,) * 3, "green" if green else "black"),
        )
        if value % 20 == 0:
            x, y, z = place(value, width * 0.26)
            parts.append(text((x, y, z - 0.016), 0.044, str(value)))
    x, _, z = place(reading, width * 0.16)
    angle = math.degrees(math.atan2(z, x))
    parts.append(Part("box", (x, -0.05, z), (width * 0.4, 0.008, 0.02), "red", 0, 0, f"{angle:.1f}"))
    parts.append(text((0, -0.045, -width * 0.33), 0.055, unit))
    return tuple(parts)


def bottle(material: str = "white", cap: str = "blue", height: float = 0.24) -> tuple[Part, ...]:
    """A spray bottle on the origin."""
    return (
        rod((0, 0, height * 0.4), 0.09, height * 0.8, material),
        rod((0, 0, height * 0.85), 0.04, height * 0.12, cap),
        box((0.02, 0, height * 0.96), (0.1, 0.035, 0.04), cap),
        box((0, -0.046, height * 0.42), (0.07, 0.004, 0.09), "paper"),
        box((0, -0.049, height * 0.5), (0.06, 0.002, 0.02), "blue"),
    )
