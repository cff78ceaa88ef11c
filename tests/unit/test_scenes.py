"""Scenes: what can be wrong with one is said with file and line, what follows from acts, and where things are."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from scenes.machines import MACHINES
from scenes.made import TOP, made, room_digest
from scenes.places import places
from scenes.rooms import ROOMS
from site_builder.compiling.loader import Loaded, load
from site_builder.course.manifest import load_module
from site_builder.course.scenes import Hotspot, Scene, State, View, replay
from site_builder.problems import has_errors
from site_builder.reading.files import Collector
from site_builder.reading.pictures import picture_size
from site_builder.reading.scenes import read_scene
from site_builder.site.scenes import dress_scenes
from site_builder.site.theme import read_texts
from tests.conftest import SHIPPED

ROOMS_TO_TRY = SHIPPED / "rooms-to-try"

GOOD = """title: {en: The hall, fr: Le hall}
intro: Look around.
states:
  door:
    closed: It is closed.
    open: It is open.
views:
  hall:
    title: The hall
    picture: hall.png
    text: A hall.
    hotspots:
      bottle:
        at: [10, -5]
        label: Bottle
        answer: {which: A bottle}
      door:
        at: [-90, 0]
        label: Door
        set: {door: open}
      exit:
        at: [180, 0]
        label: Exit
        needs: {door: open}
        refused: It is closed.
        ask: why
"""
PAGE = """---
title: A room
kind: simulation
minutes: 5
---

Text.

<quiz id="hall" scene="hall">

### Which? {#which}

- [x] A bottle without a label
- [ ] The lamp
- [x] An open door

### Why? {#why}

- [x] Because
- [ ] For no reason

</quiz>
"""
INDEX = "---\ntitle: Rooms\nmodules: [room]\n---\n\nText.\n"


def png(width: int, height: int) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height)))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with a sound scene."""
    folder = tmp_path / "content" / "rooms"
    (folder / "scenes" / "hall").mkdir(parents=True)
    (tmp_path / "content" / "index.md").write_text("---\ntitle: Home\n---\n\nText.\n")
    (folder / "index.md").write_text(INDEX)
    (folder / "room.md").write_text(PAGE)
    (folder / "scenes" / "hall" / "scene.yml").write_text(GOOD)
    for name in ("hall.png", "hall-2048.png"):
        (folder / "scenes" / "hall" / name).write_bytes(png(64, 32))
    return folder


def loaded(course: Path) -> Loaded:
    return load(course.parent, languages=("en",))


def told(course: Path) -> list[str]:
    return [f"{one.file}:{one.line} {one.code}" for one in loaded(course).problems if one.code.startswith("scene")]


def test_a_sound_scene_says_nothing(course: Path) -> None:
    found = loaded(course)
    assert not [one.as_line() for one in found.problems if not one.code.startswith("advice")]
    quiz = found.catalogue.modules["rooms/room"].page("en").quizzes[0]
    assert quiz.scene is not None
    assert quiz.scene.hotspots["bottle"].answer == ("which", "1")


def at(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


FILE = "rooms/scenes/hall/scene.yml"
HOSTILE: dict[str, tuple[Callable[[str], str], str]] = {
    "nothing": (lambda _: "", f"{FILE}:1 scene-malformed"),
    "a list": (lambda _: "- a\n- b\n", f"{FILE}:1 scene-malformed"),
    "a word": (lambda _: "hall", f"{FILE}:1 scene-malformed"),
    "no yaml": (at("title: {en", "title: {en: {"), f"{FILE}:1 scene-malformed"),
    "an alias bomb": (
        lambda _: "a: &a [x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n", f"{FILE}:1 scene-malformed"
    ),
    "a tag": (at("intro: Look", "intro: !!python/object:os.system Look"), f"{FILE}:2 scene-malformed"),
    "deep": (lambda _: "a: " + "[" * 3000 + "]" * 3000, f"{FILE}:1 scene-malformed"),
    "a list as key": (at("intro: Look", "? [a, b]\n: c\nintro: Look"), f"{FILE}:2 scene-malformed"),
    "a key twice": (at("intro: Look", "title: Again\nintro: Look"), f"{FILE}:2 scene-twice"),
    "a hotspot twice": (at("      exit:", "      door:"), f"{FILE}:21 scene-twice"),
    "an unknown key": (at("intro:", "subtitle: x\nintro:"), f"{FILE}:2 scene-key-unknown"),
    "a key misspelt": (at("        label: Door", "        labl: Door"), f"{FILE}:19 scene-key-unknown"),
    "no title": (at("title: {en: The hall, fr: Le hall}\n", ""), f"{FILE}:1 scene-missing"),
    "no intro": (at("intro: Look around.\n", ""), f"{FILE}:1 scene-missing"),
    "no views": (lambda text: text.partition("views:")[0], f"{FILE}:1 scene-missing"),
    "empty views": (lambda text: text.partition("views:")[0] + "views: {}\n", f"{FILE}:7 scene-value"),
    "no text route": (at("    text: A hall.\n", ""), f"{FILE}:9 scene-missing"),
    "no label": (at("        label: Bottle\n", ""), f"{FILE}:14 scene-missing"),
    "no place": (at("        at: [10, -5]\n", ""), f"{FILE}:14 scene-missing"),
    "no picture": (at("    picture: hall.png\n", ""), f"{FILE}:9 scene-missing"),
    "no hotspots": (lambda text: text.partition("    hotspots:")[0], f"{FILE}:9 scene-missing"),
    "a missing picture": (at("hall.png", "other.png"), f"{FILE}:9 scene-file-missing"),
    "a picture elsewhere": (at("hall.png", "../../../secret.png"), f"{FILE}:10 scene-value"),
    "a hidden picture": (at("hall.png", ".hidden.png"), f"{FILE}:10 scene-value"),
    "a picture by address": (at("hall.png", "https://example.org/x.png"), f"{FILE}:10 scene-value"),
    "a missing film": (at("label: Door", "label: Door\n        film: door.mp4"), f"{FILE}:18 scene-file-missing"),
    "a missing sound": (at("label: Door", "label: Door\n        sound: door.mp3"), f"{FILE}:18 scene-file-missing"),
    "too far right": (at("[10, -5]", "[181, -5]"), f"{FILE}:14 scene-value"),
    "too low": (at("[10, -5]", "[10, -95]"), f"{FILE}:14 scene-value"),
    "one number": (at("[10, -5]", "[10]"), f"{FILE}:14 scene-value"),
    "three numbers": (at("[10, -5]", "[10, -5, 3]"), f"{FILE}:14 scene-value"),
    "no numbers": (at("[10, -5]", "[left, up]"), f"{FILE}:14 scene-value"),
    "not a number": (at("[10, -5]", "[.nan, 0]"), f"{FILE}:14 scene-value"),
    "endless": (at("[10, -5]", "[.inf, 0]"), f"{FILE}:14 scene-value"),
    "a map as place": (at("[10, -5]", "{x: 1, y: 2}"), f"{FILE}:14 scene-value"),
    "percent of a flat picture": (
        at("    picture: hall.png", "    flat: true\n    picture: hall.png"), f"{FILE}:15 scene-value"
    ),
    "flat, perhaps": (at("    picture: hall.png", "    flat: maybe\n    picture: hall.png"), f"{FILE}:10 scene-value"),
    "an unknown question": (at("ask: why", "ask: when"), f"{FILE}:22 scene-question-unknown"),
    "an unknown answer": (at("A bottle}", "A glass}"), f"{FILE}:14 scene-answer-unknown"),
    "an answer that begins two": (at("A bottle}", "A}"), f"{FILE}:14 scene-answer-unknown"),
    "an answer to two": (at("{which: A bottle}", "{which: A bottle, why: Because}"), f"{FILE}:16 scene-value"),
    "an unknown view": (at("ask: why", "go: cellar"), f"{FILE}:22 scene-name-unknown"),
    "an unknown state": (at("set: {door: open}", "set: {gate: open}"), f"{FILE}:18 scene-name-unknown"),
    "an unknown value": (at("needs: {door: open}", "needs: {door: ajar}"), f"{FILE}:22 scene-name-unknown"),
    "nothing said when refused": (at("        refused: It is closed.\n", ""), f"{FILE}:22 scene-missing"),
    "a breach of another kind": (at("ask: why", "ask: why\n        breach: huge"), f"{FILE}:27 scene-value"),
    "a clock that goes back": (at("ask: why", "ask: why\n        clock: -5"), f"{FILE}:27 scene-value"),
    "a clock in other digits": (at("ask: why", "ask: why\n        clock: ²"), f"{FILE}:27 scene-value"),
    "half a sign": (at("label: Door", 'label: "\\ud800"'), f"{FILE}:19 scene-value"),
    "a sign that nobody sees": (at("label: Door", 'label: "a\\0b"'), f"{FILE}:19 scene-value"),
    "a state without values": (
        at("    closed: It is closed.\n    open: It is open.\n", "    {}\n"), f"{FILE}:4 scene-value"
    ),
    "a state with one value": (at("    open: It is open.\n", ""), f"{FILE}:4 scene-value"),
    "a name without end": (at("      bottle:", f"      {'b' * 101}:"), f"{FILE}:13 scene-value"),
    "a breach without a name": (at("ask: why", "ask: why\n        breach: minor"), f"{FILE}:22 scene-missing"),
    "a clock for ever": (at("ask: why", "ask: why\n        clock: 999999999999"), f"{FILE}:27 scene-value"),
    "an idle hotspot": (at("        set: {door: open}\n", ""), f"{FILE}:18 scene-hotspot-idle"),
    "a name with letters of its own": (at("      bottle:", "      Flask N°1:"), f"{FILE}:13 scene-value"),
    "a script as name": (at("      bottle:", '      "<script>":'), f"{FILE}:13 scene-value"),
    "a text without end": (at("A hall.", "x" * 2000), f"{FILE}:11 scene-value"),
    "a text that is a list": (at("text: A hall.", "text: [a, b]"), f"{FILE}:11 scene-value"),
    "a thousand hotspots": (
        lambda text: text + "".join(f"      h{n}: {{at: [0, 0], label: x, text: y}}\n" for n in range(1000)),
        f"{FILE}:13 scene-value",
    ),
    "a view that is not reached": (
        lambda text: (
            text + "  attic: {title: A, text: T, picture: hall.png, hotspots: {o: {at: [0, 0], label: x, text: y}}}\n"
        ),
        f"{FILE}:27 scene-view-unreached",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_wrong_is_said_with_its_line(course: Path, name: str) -> None:
    change, expected = HOSTILE[name]
    (course / "scenes" / "hall" / "scene.yml").write_text(change(GOOD))
    assert expected in told(course)


def test_a_file_of_a_gigabyte_is_not_read(course: Path) -> None:
    (course / "scenes" / "hall" / "scene.yml").write_text(GOOD + "#" * 400_000)
    assert f"{FILE}:1 scene-malformed" in told(course)


def glb(said: object, *, version: int = 2, kind: int = 0x4E4F534A, more: bytes = b"") -> bytes:
    """A model with some JSON in it."""
    text = json.dumps(said).encode() if not isinstance(said, bytes) else said
    text += b" " * (-len(text) % 4)
    return struct.pack("<4sIIII", b"glTF", version, 20 + len(text) + len(more), len(text), kind) + text + more


MESH = {
    "asset": {"version": "2.0"},
    "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
    "accessors": [{"count": 3}],
}
MODELS: dict[str, bytes] = {
    "empty": b"",
    "no model": b"glTF",
    "another version": glb(MESH, version=1),
    "cut off": glb(MESH)[:-4],
    "longer than it says": glb(MESH) + b"\0" * 8,
    "another chunk first": glb(MESH, kind=0x004E4942),
    "no json": glb(b"{"),
    "a list": glb([]),
    "deep": glb(b"[" * 5000),
    "compressed": glb({**MESH, "extensionsRequired": ["KHR_draco_mesh_compression"]}),
    "a file elsewhere": glb({**MESH, "buffers": [{"uri": "https://example.org/pump.bin"}]}),
    "a picture elsewhere": glb({**MESH, "images": [{"uri": "../../secret.png"}]}),
    "a picture inside": glb({**MESH, "images": [{"bufferView": 0}]}),
    "nothing to see": glb({"asset": {"version": "2.0"}}),
    "an accessor that is not there": glb({**MESH, "accessors": []}),
    "a billion points": glb({**MESH, "accessors": [{"count": 10**9}]}),
    "a head of a gigabyte": struct.pack("<4sIIII", b"glTF", 2, 24, 2**31, 0x4E4F534A) + b"{}  ",
    "too large": glb(MESH, more=b"\0" * 5_000_000),
}


@pytest.mark.parametrize("name", MODELS)
def test_models_that_no_page_shows_are_named(course: Path, name: str) -> None:
    scene = GOOD.replace("    picture: hall.png\n", "    picture: hall.png\n    model: hall.glb\n")
    for place in ("[10, -5]", "[-90, 0]", "[180, 0]"):
        scene = scene.replace(place, "[0.5, 1, -0.2]")
    (course / "scenes" / "hall" / "scene.yml").write_text(scene)
    (course / "scenes" / "hall" / "hall.glb").write_bytes(
        glb({**MESH, "nodes": [{"name": "<script>alert(1)</script>"}]})
    )
    assert told(course) == []
    (course / "scenes" / "hall" / "hall.glb").write_bytes(MODELS[name])
    assert told(course) == [f"{FILE}:9 scene-model"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (png(8192, 16), "scene-picture"),
        (png(64, 64), "scene-picture"),
        (b"RIFF\xff\xff\xff\xffWEBPVP8X", "scene-picture"),
        (b"\x89PNG\r\n\x1a\n", "scene-picture"),
        (b"\xff\xd8\xff\xe0\x00\x00", "scene-picture"),
        (b"", "scene-picture"),
        (png(64, 32) + b"\0" * 3_000_000, "scene-picture"),
    ],
)
def test_pictures_that_no_phone_shows_are_named(course: Path, data: bytes, code: str) -> None:
    (course / "scenes" / "hall" / "hall.png").write_bytes(data)
    assert f"{FILE}:9 {code}" in told(course)


def test_what_is_missing_around_a_scene_is_said(course: Path) -> None:
    (course / "scenes" / "hall" / "hall-2048.png").unlink()
    assert told(course) == [f"{FILE}:9 scene-phone-picture"]
    (course / "room.md").write_text(PAGE.replace('scene="hall"', 'scene="hal"'))
    expected = ["rooms/room.md:9 scene-missing", f"{FILE}:1 scene-unused", f"{FILE}:9 scene-phone-picture"]
    assert told(course) == expected
    for more in ('minutes="5"', 'show="one"'):
        (course / "room.md").write_text(PAGE.replace('scene="hall"', f'scene="hall" {more}'))
        assert "quiz-attribute" in [one.code for one in loaded(course).problems]
    (course / "room.md").write_text(PAGE.replace('scene="hall"', 'scene="hall" practice'))
    assert told(course) == [f"{FILE}:9 scene-phone-picture"]
    scene = GOOD.replace("ask: why", "do: Leave\n        breach: minor")
    (course / "scenes" / "hall" / "scene.yml").write_text(scene)
    assert f"{FILE}:22 scene-practice" in told(course)


def test_a_page_in_another_language_has_its_own_options(tmp_path: Path) -> None:
    content = Path(shutil.copytree(SHIPPED, tmp_path / "content"))
    catalogue = load(content).catalogue
    module = catalogue.modules["rooms-to-try/changing-room"]
    for lang in ("en", "fr"):
        quiz = module.page(lang).quizzes[0]
        assert quiz.scene is not None
        order = next(question for question in quiz.questions if question.id == "order")
        texts = dict(order.entries())
        picked = {name: texts[one.answer[1]] for name, one in quiz.scene.hotspots.items() if one.answer}
        assert picked["mask"] == {"en": "Mask", "fr": "Masque"}[lang]
        assert picked["gloves-second"][:6] == {"en": "Second", "fr": "Second"}[lang]
    scene = content / "rooms-to-try" / "scenes" / "changing-room" / "scene.yml"
    scene.write_text(scene.read_text().replace("{en: Mask, fr: Masque}", "{en: Mask}"))
    assert [one.code for one in load(content).problems] == ["scene-language"]
    page = content / "rooms-to-try" / "changing-room.fr.md"
    page.write_text(page.read_text().replace(' scene="changing-room"', ""))
    assert "translation-differs" in [one.code for one in load(content).problems]


def test_a_changed_scene_is_another_version(course: Path) -> None:
    def version() -> str:
        found = loaded(course)
        return found.versions.hashes(found.catalogue.modules.values())["rooms/room"][0]

    before = version()
    scene = course / "scenes" / "hall" / "scene.yml"
    scene.write_text(GOOD.replace("[10, -5]", "[11, -5]"))
    assert version() != before
    scene.write_text(GOOD)
    assert version() == before


def test_a_scene_is_stored_and_read_back(course: Path) -> None:
    found = loaded(course)
    module = found.catalogue.modules["rooms/room"]
    assert load_module(found.versions.dumped([module])[module.id].content) == module


def act(name: str, **said: object) -> Hotspot:
    return Hotspot(id=name, at=(0.0, 0.0), label=name, **said)  # type: ignore[arg-type]


PUMP = Scene(
    id="pump", title="", intro="", start="a",
    states=(State(id="power", values=("on", "locked"), labels=("", "")),),
    views=(View(id="a", title="", picture="", text="", hotspots=(
        act("lock", sets={"power": "locked"}),
        act("open", needs={"power": "locked"}, refused="No.", breach="critical"),
        act("shake", does="Shake it", breach="minor"),
        act("fence", refused="Never.", breach="minor"),
        act("sign", text="Read."),
    )),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("acted", "breaches", "critical"),
    [
        ([], (), False),
        (["sign", "lock", "open"], (), False),
        (["open", "lock", "open"], ("open",), True),
        (["lock", "shake", "shake"], ("shake", "shake"), False),
        (["fence", "nothing", "lock"], ("fence",), False),
    ],
)
def test_breaches_follow_from_the_order_of_acts(acted: list[str], breaches: tuple[str, ...], critical: bool) -> None:
    found = replay(PUMP, acted)
    assert (found.breaches, found.critical) == (breaches, critical)


def test_a_breach_is_the_act_that_was_one_and_not_another_at_the_same_thing() -> None:
    door = Scene(
        id="x", title="", intro="", start="a",
        states=(State(id="lamp", values=("green", "red"), labels=("", "")),),
        views=(View(id="a", title="", picture="", text="", hotspots=(
            act("lamp", sets={"lamp": "red"}),
            act("door", needs={"lamp": "green"}, refused="No.", does="Go", breach="minor"),
        )),),
    )  # fmt: skip
    assert replay(door, ["door", "lamp", "door"]).places == (2,)


def test_no_page_says_what_is_a_breach() -> None:
    texts = read_texts("en")
    shown = dress_scenes(
        '<air-quiz class="quiz" quiz="q" scene="pump"><form></form></air-quiz>',
        {"q": PUMP},
        folder="x",
        media=(),
        texts=texts,
    )
    assert "breach" not in shown
    assert "critical" not in shown
    # Something can be done at it all the same: a button is there.
    assert re.search(r"&quot;shake&quot;[^}]*&quot;acts&quot;: true", shown)


def test_names_of_the_shipped_scenes_stand_where_their_things_are() -> None:
    for name in (*ROOMS, *MACHINES):
        path = ROOMS_TO_TRY / "scenes" / name / "scene.yml"
        report = Collector(path.name)
        raw = read_scene(path.name, path.read_text(), report)
        assert raw is not None
        assert not has_errors(report.problems)
        where = places(name)
        for view in raw.views:
            for hotspot in view.hotspots:
                assert hotspot.at == where[hotspot.id], (name, hotspot.id)


def test_pictures_are_made_of_the_rooms_as_they_are() -> None:
    noted = made()
    pictures = sorted(path for path in ROOMS_TO_TRY.glob("scenes/*/*") if path.suffix != ".yml")
    assert {path.relative_to(TOP).as_posix() for path in pictures} == set(noted)
    for path in pictures:
        said = noted[path.relative_to(TOP).as_posix()]
        assert said["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest(), path
        shown = {**ROOMS, **MACHINES}[said["room"]]
        assert said["of"] == room_digest(shown, said["twin"] == "yes"), f"make {said['room']} again"
        assert path.stat().st_size < (120_000 if path.suffix == ".webp" else 600_000)
    assert picture_size(ROOMS_TO_TRY / "scenes" / "airlock" / "room.webp") == (4096, 2048)
    assert picture_size(ROOMS_TO_TRY / "scenes" / "airlock" / "room-2048.webp") == (2048, 1024)
