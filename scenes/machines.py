"""Machines that scenes show as models. Metres; the origin is on the floor, x to the right, y to the back, z up."""

from __future__ import annotations

from scenes.parts import Part, Room, Thing, box, moved, ring, rod, text


def pump() -> Room:
    """A pump with its motor on a frame, with everything by which it is switched, shut, locked and proved dead."""
    motor = (
        Part("cylinder", (0.42, 0, 0.62), (0.36, 0.36, 0.56), "blue", 90, 90),
        Part("cylinder", (0.73, 0, 0.62), (0.34, 0.34, 0.08), "dark-steel", 90, 90),
        *(Part("cylinder", (0.2 + 0.055 * n, 0, 0.62), (0.39, 0.39, 0.012), "blue", 90, 90) for n in range(9)),
        box((0.42, -0.02, 0.84), (0.2, 0.16, 0.1), "blue"),
        box((0.42, 0, 0.4), (0.34, 0.3, 0.06), "dark-steel"),
    )
    housing = (
        Part("cylinder", (-0.46, 0, 0.62), (0.52, 0.52, 0.22), "steel", 90, 90),
        Part("cylinder", (-0.6, 0, 0.62), (0.22, 0.22, 0.2), "steel", 90, 90),
        rod((-0.46, 0, 1.02), 0.16, 0.4, "steel"),
        box((-0.46, 0, 0.4), (0.26, 0.3, 0.1), "steel"),
    )
    pipe = (
        Part("cylinder", (-0.98, 0, 0.62), (0.14, 0.14, 0.7), "steel", 90, 90),
        rod((-0.46, 0, 1.62), 0.13, 0.9, "steel"),
        ring((-0.46, 0, 1.22), 0.19, 0.05, "dark-steel"),
        Part("tube", (-0.68, 0, 0.62), (0.2, 0.2, 0.05), "dark-steel", 90, 90),
    )
    frame = (
        box((0, 0, 0.32), (1.7, 0.5, 0.08), "grey"),
        box((-0.7, 0, 0.14), (0.12, 0.5, 0.28), "grey"),
        box((0.7, 0, 0.14), (0.12, 0.5, 0.28), "grey"),
    )
    wall = (box((0.2, 0.5, 1.1), (2.6, 0.06, 2.2), "white"),)
    guard = (box((-0.05, 0, 0.62), (0.34, 0.34, 0.3), "yellow", edge=0.03),)
    switch = (
        box((0.85, 0.4, 1.5), (0.3, 0.16, 0.42), "grey"),
        rod((0.85, 0.31, 1.52), 0.15, 0.04, "yellow", tilt=90),
        box((0.85, 0.27, 1.52), (0.04, 0.06, 0.15), "red"),
    )
    lock = (
        box((0.85, 0.28, 1.31), (0.08, 0.04, 0.08), "red"),
        Part("tube", (0.85, 0.28, 1.36), (0.06, 0.06, 0.012), "steel", 0, 90),
        box((0.97, 0.28, 1.27), (0.11, 0.005, 0.15), "paper"),
        text((0.97, 0.275, 1.25), 0.035, "TAG", "red"),
    )
    panel = (box((0.3, 0.4, 1.5), (0.26, 0.14, 0.4), "steel"),)
    start, stop = rod((0.3, 0.31, 1.6), 0.09, 0.05, "green", tilt=90), rod((0.3, 0.3, 1.42), 0.1, 0.06, "red", tilt=90)
    valve = (
        Part("cylinder", (-1.15, 0, 0.62), (0.22, 0.22, 0.14), "dark-steel", 90, 90),
        rod((-1.15, 0, 0.82), 0.04, 0.26, "steel"),
        ring((-1.15, 0, 0.95), 0.3, 0.03, "red"),
        box((-1.15, 0, 0.95), (0.28, 0.03, 0.02), "red"),
    )
    drain = (
        rod((-0.46, -0.2, 0.36), 0.04, 0.12, "steel", tilt=90),
        box((-0.46, -0.28, 0.38), (0.03, 0.03, 0.1), "yellow"),
    )
    gauge = (
        rod((-0.62, 0, 1.5), 0.03, 0.2, "steel", tilt=90, turn=90),
        rod((-0.76, -0.02, 1.5), 0.2, 0.05, "black", tilt=90),
        rod((-0.76, -0.04, 1.5), 0.17, 0.03, "white", tilt=90),
        box((-0.74, -0.06, 1.52), (0.07, 0.005, 0.012), "red"),
    )
    tester = moved(
        (box((0, 0, 0), (0.1, 0.05, 0.2), "yellow"), box((0, -0.03, 0.04), (0.07, 0.01, 0.06), "screen")),
        (1.25, 0.4, 1.35),
    )
    things = (
        Thing("", (0, 0, 0), (*frame, *wall, *motor, *housing, *pipe, *panel)),
        Thing("guard", (-0.05, -0.2, 0.66), guard),
        Thing("switch", (0.85, 0.26, 1.6), switch),
        Thing("lock", (0.85, 0.24, 1.3), lock),
        Thing("start", (0.3, 0.27, 1.6), (start,)),
        Thing("stop", (0.3, 0.26, 1.42), (stop,)),
        Thing("valve", (-1.15, -0.16, 0.95), valve),
        Thing("drain", (-0.46, -0.32, 0.38), drain),
        Thing("gauge", (-0.76, -0.08, 1.5), gauge),
        Thing("tester", (1.25, 0.34, 1.38), tester),
    )
    return Room("pump", (0, 0, 0), (0.3, -3.4, 1.5), things)


MACHINES = {machine.name: machine for machine in (pump(),)}
