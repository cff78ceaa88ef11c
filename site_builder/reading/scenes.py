"""`scenes/NAME/scene.yml`: what a scene shows and what one can do in it, read with the line of everything.

Nothing is known here of the quiz that is asked in the scene, nor of the language of a page: `compiling.scenes` puts
them together.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from site_builder.reading.files import NAME, Collector
from site_builder.reading.plain import more_than_plain

LONGEST = 1500
"""Characters of a text."""
LONGEST_NAME = 60
NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
MOST_VIEWS, MOST_HOTSPOTS, MOST_STATES = 30, 120, 30
LONGEST_CLOCK = 3600
FARTHEST = 50.0
"""Metres from the origin of a model."""
BREACHES = ("minor", "critical")

Texts = Mapping[str, str]
"""By language; "" is for all of them."""


@dataclass(frozen=True, slots=True)
class RawHotspot:
    """A hotspot as it was written; for the meaning see `course.scenes.Hotspot`."""

    id: str
    line: int
    at: tuple[float, ...] = (0.0, 0.0)
    label: Texts = field(default_factory=dict)
    text: Texts = field(default_factory=dict)
    refused: Texts = field(default_factory=dict)
    does: Texts = field(default_factory=dict)
    picture: str = ""
    sound: str = ""
    film: str = ""
    go: str = ""
    ask: str = ""
    answer: tuple[str, ...] = ()
    """Id of a question, and the beginning of the option that is meant, in the site's first language."""
    sets: Mapping[str, str] = field(default_factory=dict)
    needs: Mapping[str, str] = field(default_factory=dict)
    breach: str = ""
    clock: int = 0


@dataclass(frozen=True, slots=True)
class RawView:
    """A view as it was written."""

    id: str
    line: int
    title: Texts
    text: Texts
    picture: str
    model: str
    flat: bool
    look: tuple[float, float]
    hotspots: tuple[RawHotspot, ...]


@dataclass(frozen=True, slots=True)
class RawScene:
    """A scene as it was written.

    Attributes:
        path: Of its file, below the content folder.
        states: By state, what each value is called.
    """

    path: str
    title: Texts
    intro: Texts
    views: tuple[RawView, ...]
    states: Mapping[str, Mapping[str, Texts]]

    @property
    def folder(self) -> str:
        """Where its pictures are, below the content folder."""
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        """As quizzes name it."""
        return self.folder.rpartition("/")[2]


class _Malformed(Exception):
    """The file cannot be used; the reason was reported."""


@dataclass(slots=True)
class _Node:
    """A part of the file, read key by key. What nobody asked for is reported by `finish`."""

    node: Any
    where: str
    report: Collector
    seen: set[str] = field(default_factory=set)

    @property
    def line(self) -> int:
        """Where it begins."""
        return int(self.node.start_mark.line) + 1

    @property
    def items(self) -> list[tuple[str, Any]]:
        """Its keys, in order."""
        return [(str(key.value), value) for key, value in self.node.value] if self._is_map(self.node) else []

    @staticmethod
    def _is_map(node: Any) -> bool:
        return isinstance(node, yaml.MappingNode)

    def wrong(self, key: str, found: str, expected: str, hint: str = "") -> None:
        """Report a value."""
        node = dict(self.items).get(key)
        line = int(node.start_mark.line) + 1 if node is not None else self.line
        self.report(
            line, 1, code="scene-value", found=f"{self.where}{key}: {found}"[:160], expected=expected, hint=hint
        )

    def get(self, key: str, expected: str, required: bool = False) -> Any:
        """The node of a key; None where there is none."""
        self.seen.add(key)
        found = dict(self.items).get(key)
        if found is None and required:
            self.report(
                self.line, 1, code="scene-missing", found=f"{self.where or 'the scene '}without {key}",
                expected=f"{key}: {expected}",
            )  # fmt: skip
        return found

    def texts(self, key: str, required: bool = False) -> Texts:
        """A text, in one language for all or by language."""
        expected = "a text, or {en: …, fr: …}"
        node = self.get(key, expected, required)
        if node is None:
            return {}
        pairs = [("", node)] if isinstance(node, yaml.ScalarNode) else [(str(k.value), v) for k, v in _pairs(node)]
        if not pairs or not all(isinstance(value, yaml.ScalarNode) and value.value.strip() for _, value in pairs):
            self.wrong(key, "no text", expected)
            return {}
        for _, value in pairs:
            if len(value.value) > LONGEST:
                self.wrong(key, f"{len(value.value)} characters", f"at most {LONGEST}")
            if NO_TEXT.search(value.value):
                self.wrong(key, "a sign that is no text", "letters, digits and what one reads")
                return {}
        return {lang: " ".join(value.value.split()) for lang, value in pairs}

    def word(self, key: str, allowed: Iterable[str] = (), required: bool = False) -> str:
        """A word, one of `allowed` where that is given."""
        known = list(allowed)
        node = self.get(key, " or ".join(known) or "a word", required)
        if node is None:
            return ""
        value = str(node.value).strip() if isinstance(node, yaml.ScalarNode) else ""
        if not value or (known and value not in known):
            close = difflib.get_close_matches(value, known, n=1)
            expected = "one of " + ", ".join(known) if known else "a word"
            self.wrong(key, repr(value)[:60], expected, f"Did you mean {close[0]!r}?" if close else "")
            return ""
        return value

    def file(self, key: str, required: bool = False) -> str:
        """The name of a file in the folder of the scene."""
        value = self.word(key, required=required)
        if value and ("/" in value or "\\" in value or value.startswith(".")):
            self.wrong(key, repr(value)[:60], "the name of a file beside scene.yml")
            return ""
        return value

    def number(self, key: str, low: int, high: int) -> int:
        """A whole number; 0 where there is none."""
        node = self.get(key, "a number")
        if node is None:
            return 0
        value = str(getattr(node, "value", ""))
        if not re.fullmatch("[0-9]{1,6}", value) or not low <= int(value) <= high:
            self.wrong(key, repr(value)[:60], f"a whole number from {low} to {high}")
            return 0
        return int(value)

    def numbers(
        self, key: str, ranges: Sequence[tuple[float, float]], what: str, required: bool = False
    ) -> tuple[float, ...]:
        """As many numbers as there are ranges."""
        nothing = (0.0,) * len(ranges)
        expected = f"{what}: [{', '.join(f'{low:g} to {high:g}' for low, high in ranges)}]"
        node = self.get(key, f"[…], {what}", required)
        if node is None:
            return nothing
        values = [str(getattr(item, "value", "")) for item in node.value] if isinstance(node, yaml.SequenceNode) else []
        try:
            found = tuple(float(value) for value in values)
        except (TypeError, ValueError):
            found = ()
        if len(found) != len(ranges):
            self.wrong(key, f"no {len(ranges)} numbers", expected)
            return nothing
        for value, (low, high) in zip(found, ranges, strict=True):
            if not low <= value <= high:
                self.wrong(key, f"{value:g}", expected)
                return nothing
        return found

    def words(self, key: str) -> dict[str, str]:
        """Words by word."""
        node = self.get(key, "{state: value}")
        pairs = _pairs(node) if node is not None else []
        if node is not None and (not pairs or not all(isinstance(v, yaml.ScalarNode) for _, v in pairs)):
            self.wrong(key, "no list of words by word", f"{key}: {{door: open}}")
            return {}
        return {str(name.value): str(value.value) for name, value in pairs}

    def switch(self, key: str) -> bool:
        """True or false."""
        return self.word(key, ("true", "false")) == "true"

    def named(self, key: str, most: int, required: bool = False) -> list[tuple[str, _Node]]:
        """Parts that have names of their own."""
        node = self.get(key, "a name, and what it has below it", required)
        if node is None:
            return []
        pairs = _pairs(node)
        if not pairs:
            self.wrong(key, "nothing in it", "a name, and what it has below it")
        if len(pairs) > most:
            self.wrong(key, f"{len(pairs)} of them", f"at most {most}")
            pairs = pairs[:most]
        found: list[tuple[str, _Node]] = []
        for name, value in pairs:
            text = str(name.value)
            line = int(name.start_mark.line) + 1
            if not NAME.match(text) or len(text) > LONGEST_NAME or not self._is_map(value):
                self.report(
                    line, 1, code="scene-value", found=f"{self.where}{key}: {text!r}"[:160],
                    expected=f"a name of up to {LONGEST_NAME} small letters, digits and hyphens, and keys below it",
                )  # fmt: skip
            elif text in [other for other, _ in found]:
                self.report(
                    line, 1, code="scene-twice", found=f"{text!r} for a second time", expected="a name of its own"
                )
            else:
                found.append((text, _Node(value, f"{self.where}{text}: ", self.report)))
        return found

    def finish(self) -> None:
        """Report every key that nothing asked for."""
        for key, node in self.items:
            if key not in self.seen:
                close = difflib.get_close_matches(key, sorted(self.seen), n=1)
                self.report(
                    int(node.start_mark.line) + 1, 1, code="scene-key-unknown", found=f"{self.where}{key!r}"[:160],
                    expected="one of " + ", ".join(sorted(self.seen)),
                    hint=f"Did you mean {close[0]!r}?" if close else "",
                )  # fmt: skip


def _pairs(node: Any) -> list[tuple[Any, Any]]:
    return list(node.value) if isinstance(node, yaml.MappingNode) else []


def read_scene(path: str, text: str, report: Collector) -> RawScene | None:
    """Read the file of a scene.

    Args:
        path: Below the content folder.
        text: Of the file.
        report: Where problems go.

    Returns:
        None when it cannot be used; the reasons are reported.
    """
    try:
        top = _Node(_compose(text, report), "", report)
    except _Malformed:
        return None
    before = len(report.problems)
    title, intro = top.texts("title", required=True), top.texts("intro", required=True)
    states = {
        name: {value: state.texts(value, required=True) for value, _ in state.items}
        for name, state in top.named("states", MOST_STATES)
    }
    for name, values in states.items():
        if len(values) < 2:
            top.wrong("states", f"{name}, with {len(values)} of its values", "two or more, the first one first")
    views = tuple(_view(name, node) for name, node in top.named("views", MOST_VIEWS, required=True))
    top.finish()
    _check_names(views, states, report)
    if not views or any(problem.severity == "error" for problem in report.problems[before:]):
        return None
    return RawScene(path, title, intro, views, states)


def _compose(text: str, report: Collector) -> Any:
    """The file as nodes, plain ones: an alias lets a short file mean a long one."""

    def refuse(line: int, found: str, expected: str) -> _Malformed:
        report(line, 1, code="scene-malformed", found=found, expected=expected)
        return _Malformed()

    try:
        for mark, what in more_than_plain(text):
            raise refuse(mark.line + 1, what, "plain values; a text that begins with & * ! in quotes")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        found = str(getattr(error, "problem", None) or error).replace("\n", " ")[:200]
        raise refuse(mark.line + 1 if mark else 1, found, "YAML: key: value") from None
    if not isinstance(node, yaml.MappingNode):
        raise refuse(1, "a file without keys", "title, intro and views")
    _check_keys(node, report, 0)
    return node


def _check_keys(node: Any, report: Collector, depth: int) -> None:
    for place, (key, value) in enumerate(_pairs(node)):
        line = int(key.start_mark.line) + 1
        if not isinstance(key, yaml.ScalarNode):
            report(line, 1, code="scene-malformed", found="a key that is no word", expected="a simple key")
            raise _Malformed
        if key.value in [other.value for other, _ in node.value[:place]]:
            report(line, 1, code="scene-twice", found=f"{key.value!r} for a second time", expected="each key once")
        if depth < 12:
            _check_keys(value, report, depth + 1)


def _view(name: str, node: _Node) -> RawView:
    flat, model = node.switch("flat"), node.file("model")
    angles, degrees = ((-180.0, 180.0), (-90.0, 90.0)), "degrees to the right and up"
    ranges: tuple[tuple[float, float], ...]
    if model:
        ranges, what = ((-FARTHEST, FARTHEST),) * 3, "metres to the right, up and towards the viewer"
    elif flat:
        ranges, what = ((0, 100), (0, 100)), "percent from the left and from the top"
    else:
        ranges, what = angles, degrees
    turned = (0.0, 0.0) if flat else node.numbers("look", angles, degrees)
    look = (turned[0], turned[1])
    made = RawView(
        id=name,
        line=node.line,
        title=node.texts("title", required=True),
        text=node.texts("text", required=True),
        picture=node.file("picture", required=True),
        model=model,
        flat=flat,
        look=look,
        hotspots=tuple(
            _hotspot(one, below, lambda key, below: below.numbers(key, ranges, what, required=True))
            for one, below in node.named("hotspots", MOST_HOTSPOTS, required=True)
        ),
    )
    node.finish()
    return made


def _hotspot(name: str, node: _Node, place: Callable[[str, _Node], tuple[float, ...]]) -> RawHotspot:
    answer = node.words("answer")
    if len(answer) > 1:
        node.wrong("answer", "two questions", "one question, and one of its options")
    made = RawHotspot(
        id=name,
        line=node.line,
        at=place("at", node),
        label=node.texts("label", required=True),
        text=node.texts("text"),
        refused=node.texts("refused"),
        does=node.texts("do"),
        picture=node.file("picture"),
        sound=node.file("sound"),
        film=node.file("film"),
        go=node.word("go"),
        ask=node.word("ask"),
        answer=next(iter(answer.items()), ()),
        sets=node.words("set"),
        needs=node.words("needs"),
        breach=node.word("breach", BREACHES),
        clock=node.number("clock", 1, LONGEST_CLOCK),
    )
    if made.needs and not made.refused and not made.breach:
        node.get("refused", "what is said while it cannot be done", required=True)
    if made.breach and not made.does:
        node.get("do", "what doing it is called: learners read it afterwards", required=True)
    if not any(
        (made.text, made.picture, made.sound, made.film, made.go, made.ask, made.answer, made.sets, made.breach)
    ):
        node.report(
            made.line, 1, code="scene-hotspot-idle", found=f"the hotspot {name!r}, which does nothing",
            expected="text, picture, sound, film, go, ask, answer or set",
        )  # fmt: skip
    node.finish()
    return made


def _check_names(views: Sequence[RawView], states: Mapping[str, Mapping[str, Texts]], report: Collector) -> None:
    """What hotspots name must be there, and every view must be reached."""
    names = [view.id for view in views]
    seen: dict[str, int] = {}
    reached = {names[0]} if names else set()
    for view in views:
        for hotspot in view.hotspots:
            if hotspot.id in seen:
                report(
                    hotspot.line, 1, code="scene-twice",
                    found=f"the hotspot {hotspot.id!r} for a second time (first in line {seen[hotspot.id]})",
                    expected="a name of its own in the whole scene",
                )  # fmt: skip
            seen[hotspot.id] = hotspot.line
            if hotspot.go and hotspot.go not in names:
                _unknown(report, hotspot.line, f"{hotspot.id}: go: {hotspot.go!r}", names)
            for name, value in [*hotspot.sets.items(), *hotspot.needs.items()]:
                if name not in states:
                    _unknown(report, hotspot.line, f"{hotspot.id}: the state {name!r}", list(states))
                elif value not in states[name]:
                    _unknown(report, hotspot.line, f"{hotspot.id}: {name}: {value!r}", list(states[name]))
    ways = {view.id: {hotspot.go for hotspot in view.hotspots} for view in views}
    while more := {go for name in reached for go in ways.get(name, ())} - reached - {""}:
        reached |= more
    for view in views:
        if view.id not in reached:
            report(
                view.line, 1, code="scene-view-unreached", found=f"the view {view.id!r}, which nothing leads to",
                expected=f"go: {view.id} at a hotspot of another view", severity="warning",
            )  # fmt: skip


def _unknown(report: Collector, line: int, found: str, known: Sequence[str]) -> None:
    report(
        line, 1, code="scene-name-unknown", found=found[:160],
        expected="one of " + ", ".join(known) if known else "something that the scene has",
    )  # fmt: skip
