"""Scenes as a page shows them: what is there in words and in order, complete without a script, around the quiz.

The element `air-scene` makes a place to look around in out of it. What an act means (what it changes, what it needs)
stands in the page; which acts are breaches does not, nor does any key.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Collection, Mapping
from html import escape

from site_builder.compiling.scenes import PHONE, POSTER, beside
from site_builder.course.scenes import Hotspot, Scene, View
from site_builder.reading.files import SCENES

QUIZ = re.compile(r'<air-quiz\b(?=[^>]* scene="[^"]*")[^>]* quiz="([^"]*)"[^>]*>.*?</air-quiz>', re.DOTALL)
AROUND = (
    "place_ahead",
    "place_ahead_right",
    "place_right",
    "place_behind_right",
    "place_behind",
    "place_behind_left",
    "place_left",
    "place_ahead_left",
)
"""Where something stands, an eighth of the way round each."""
HIGH, LOW = 25, -25
"""Degrees, from which something is high up or low down."""


def dress_scenes(
    html: str, scenes: Mapping[str, Scene], *, folder: str, media: Collection[str], texts: Mapping[str, str]
) -> str:
    """Put each scene around the quiz that is asked in it.

    Args:
        html: Of a page, with the addresses of its source.
        scenes: By the id of their quiz.
        folder: Of the page.
        media: Paths of all media.
        texts: Of the interface.
    """

    def dress(match: re.Match[str]) -> str:
        scene = scenes.get(match[1])
        return match[0] if scene is None else _scene(scene, match[1], match[0], folder, media, texts)

    return QUIZ.sub(dress, html) if scenes else html


def _scene(scene: Scene, quiz_id: str, quiz: str, folder: str, media: Collection[str], texts: Mapping[str, str]) -> str:
    names = {
        name
        for view in scene.views
        for name in (
            view.picture,
            beside(view.picture, PHONE),
            view.model,
            f"{posixpath.splitext(view.model)[0]}.usdz" if view.model else "",
            *(name for one in view.hotspots for name in (one.picture, one.sound, one.film)),
        )
        if name
    }
    place = f"{SCENES}/{scene.id}"
    files = "".join(
        f'<a href="{escape(place)}/{escape(name)}" data-file="{escape(name)}" tabindex="-1"></a>'
        for name in sorted(names)
        if posixpath.join(folder, place, name) in media
    )
    first = scene.views[0]
    poster = beside(first.picture, POSTER)
    if posixpath.join(folder, place, poster) not in media or first.model:
        poster = first.picture
    title = f"scene-{quiz_id}"
    said = "".join(_view(view, texts, len(scene.views) > 1) for view in scene.views)
    return (
        f'<air-scene class="scene" data-scene="{escape(json.dumps(_played(scene), ensure_ascii=False))}">'
        f'<section class="scene-intro" aria-labelledby="{title}"><h2 id="{title}">{escape(scene.title)}</h2>'
        f'<p>{escape(scene.intro)}</p><div class="scene-place">'
        f'<img class="scene-poster" src="{escape(place)}/{escape(poster)}" '
        f'alt="{escape(first.text)}" loading="lazy" width="960" height="540"></div>'
        f'<div class="scene-files" hidden>{files}</div>'
        f'<details class="scene-words"><summary>{escape(texts["scene_words"])}</summary>{said}</details></section>'
        f"{quiz}</air-scene>"
    )


def _view(view: View, texts: Mapping[str, str], titled: bool) -> str:
    heading = f"<h3>{escape(view.title)}</h3>" if titled else ""
    things = "".join(
        f'<li data-hotspot="{one.id}"><strong>{escape(one.label)}</strong>{_where(view, one, texts)}'
        f"{' ' + escape(one.text) if one.text else ''}</li>"
        for one in view.hotspots
    )
    return f'<div data-view="{view.id}">{heading}<p>{escape(view.text)}</p><ol>{things}</ol></div>'


def _where(view: View, hotspot: Hotspot, texts: Mapping[str, str]) -> str:
    """Where something stands, in words."""
    if view.flat or view.model:
        return ""
    yaw, pitch = hotspot.at[:2]
    words = [texts[AROUND[round((yaw % 360) / 45) % 8]]]
    if pitch >= HIGH:
        words.append(texts["place_high"])
    elif pitch <= LOW:
        words.append(texts["place_low"])
    return f" <small>({escape(', '.join(words))})</small>"


def _played(scene: Scene) -> dict[str, object]:
    """What the element needs to know: views, hotspots and states, without texts that stand in the page already."""
    return {
        "id": scene.id,
        "start": scene.start,
        "states": [{"id": one.id, "values": one.values, "labels": one.labels} for one in scene.states],
        "views": [
            {
                "id": view.id,
                "title": view.title,
                "picture": view.picture,
                "model": view.model,
                "flat": view.flat,
                "look": view.look,
                "hotspots": [_act(one) for one in view.hotspots],
            }
            for view in scene.views
        ],
    }


def _act(hotspot: Hotspot) -> dict[str, object]:
    said = {
        "id": hotspot.id,
        "at": hotspot.at,
        "label": hotspot.label,
        "text": hotspot.text,
        "picture": hotspot.picture,
        "sound": hotspot.sound,
        "film": hotspot.film,
        "does": hotspot.does,
        "go": hotspot.go,
        "ask": hotspot.ask,
        "answer": hotspot.answer,
        "sets": hotspot.sets,
        "needs": hotspot.needs,
        "refused": hotspot.refused,
        "clock": hotspot.clock,
    }
    # What can be done there, without a word on what is forbidden: it has a name like everything that can be done.
    said["acts"] = bool(hotspot.does or hotspot.sets or hotspot.clock)
    return {name: value for name, value in said.items() if value or name in ("id", "at", "label")}
