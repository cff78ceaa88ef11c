"""Scenes: a place that a learner looks around in, and what one can do there. A scene stands before a quiz of its page.

What is asked in a scene is asked by that quiz, and marked like any other: a scene is one of the ways to the same
questions, and the same answers give the same result whether they are given in the picture or in the text.

A hotspot whose needs are not met is refused. Where it says so, trying it all the same, or doing it at all, is a breach:
what a lock-out or an interlock forbids. Which breaches there were follows from what was done, in its order; the server
reckons it itself (`replay`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from site_builder.course.fields import SPARSE

Breach = Literal["", "minor", "critical"]


@dataclass(frozen=True, kw_only=True)
class Hotspot:
    """Something in a view that one can act on.

    Attributes:
        id: Unique in its scene.
        at: Yaw and pitch in degrees of a panorama (0, 0 is ahead; right and up are positive); percent from the left and
            from the top of a flat picture; metres in a model, as glTF has them: to the right, up, towards the viewer.
        label: What it is, in the page's language.
        text: What one sees or reads there.
        picture: Of it, from close; a path relative to the page.
        sound: The same of a sound.
        film: The same of a film.
        does: What acting on it is called: "Open the inner door"; "" has a common word for it.
        go: The view that one gets to.
        ask: Id of the question that is asked there.
        answer: Id of a question and of one of its options or steps: acting on it picks that, or takes it back.
        sets: What it changes, by state.
        needs: What must hold, by state.
        refused: What is said where it does not; of one that needs nothing, what is always said: it cannot be done.
        breach: Whether doing it while it is refused is a fault; of one that needs nothing, doing it at all.
        clock: Seconds that begin to count down when one acts on it; 0 begins nothing.
    """

    id: str
    at: tuple[float, ...]
    label: str
    text: str = field(default="", metadata=SPARSE)
    picture: str = field(default="", metadata=SPARSE)
    sound: str = field(default="", metadata=SPARSE)
    film: str = field(default="", metadata=SPARSE)
    does: str = field(default="", metadata=SPARSE)
    go: str = field(default="", metadata=SPARSE)
    ask: str = field(default="", metadata=SPARSE)
    answer: tuple[str, ...] = field(default=(), metadata=SPARSE)
    sets: Mapping[str, str] = field(default_factory=dict, metadata=SPARSE)
    needs: Mapping[str, str] = field(default_factory=dict, metadata=SPARSE)
    refused: str = field(default="", metadata=SPARSE)
    breach: Breach = field(default="", metadata=SPARSE)
    clock: int = field(default=0, metadata=SPARSE)


@dataclass(frozen=True, kw_only=True)
class View:
    """A picture that one stands in or before, or a model that one goes around.

    Attributes:
        picture: A file beside scene.yml; of a panorama, twice as wide as it is high (equirectangular); of a model, what
            is shown before it is loaded.
        model: A GLB, for equipment that one looks at from all sides.
        flat: Whether it is a flat picture.
        look: Yaw and pitch with which one begins.
        text: What is there, for who does not see the picture.
    """

    id: str
    title: str
    picture: str
    text: str
    model: str = field(default="", metadata=SPARSE)
    flat: bool = field(default=False, metadata=SPARSE)
    look: tuple[float, float] = field(default=(0.0, 0.0), metadata=SPARSE)
    hotspots: tuple[Hotspot, ...] = ()


@dataclass(frozen=True, kw_only=True)
class State:
    """Something that can be in one way or another: a door, a pump. It begins with the first of its values."""

    id: str
    values: tuple[str, ...]
    labels: tuple[str, ...]
    """What each value is called, with the name of the state: "The inner door is open"."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A scene in the language of its page.

    Attributes:
        id: Name of its folder.
        title: Of all of it.
        intro: What one is to do.
        start: The view that one begins in.
    """

    id: str
    title: str
    intro: str
    start: str
    views: tuple[View, ...]
    states: tuple[State, ...] = field(default=(), metadata=SPARSE)

    @property
    def hotspots(self) -> Mapping[str, Hotspot]:
        """All of them, by id."""
        return {hotspot.id: hotspot for view in self.views for hotspot in view.hotspots}


@dataclass(frozen=True, slots=True)
class Replayed:
    """What follows from what somebody did in a scene.

    Attributes:
        places: Which of the acts were breaches, counted from 0.
        breaches: Ids of their hotspots.
        critical: Whether one of them fails the attempt.
    """

    places: tuple[int, ...]
    breaches: tuple[str, ...]
    critical: bool


def replay(scene: Scene, acted: Iterable[str]) -> Replayed:
    """What follows from acting on hotspots, one after another; ids that the scene does not have are passed over."""
    hotspots = scene.hotspots
    states = {state.id: state.values[0] for state in scene.states}
    breaches: dict[int, str] = {}
    for place, name in enumerate(acted):
        hotspot = hotspots.get(name)
        if hotspot is None:
            continue
        met = all(states.get(state) == value for state, value in hotspot.needs.items())
        allowed = met and (bool(hotspot.needs) or not hotspot.refused)
        if hotspot.breach and not (hotspot.needs and allowed):
            breaches[place] = name
        if allowed:
            states.update(hotspot.sets)
    critical = any(hotspots[name].breach == "critical" for name in breaches.values())
    return Replayed(tuple(breaches), tuple(breaches.values()), critical)
