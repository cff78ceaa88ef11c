"""A scene and the quiz that is asked in it, put together in the language of a page."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from site_builder.course.model import Quiz
from site_builder.course.scenes import Hotspot, Scene, State, View
from site_builder.problems import Problem
from site_builder.quizzes.parsed import Parsed
from site_builder.reading.compiled import Body
from site_builder.reading.files import SCENES, Collector, Source, Tree
from site_builder.reading.frontmatter import did_you_mean
from site_builder.reading.models import model_fault
from site_builder.reading.pictures import picture_size
from site_builder.reading.scenes import RawHotspot, RawScene, Texts, read_scene

WIDEST = 4096
"""Pixels of a panorama: what a phone's graphics chip takes as one picture."""
PHONE = "-2048"
"""Ending of the name of the picture for phones, before the dot."""
POSTER = "-poster"
"""The same of what is shown before a scene is opened."""
LARGEST = 3_000_000
"""Bytes of a picture: a learner on the way pays for them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The scenes that the quizzes of a page are asked in.

    Attributes:
        scenes: By the id of their quiz.
        texts: Of the files that they were read from.
    """

    scenes: dict[str, Scene]
    texts: tuple[str, ...]

    def address(self, page: bytes) -> bytes:
        """Hash of a page together with its scenes."""
        digest = hashlib.blake2b(page, digest_size=32)
        for text in self.texts:
            digest.update(f"{len(text)}\0{text}".encode("utf-8", "surrogatepass"))
        return digest.digest()


class Scenes:
    """The scenes of a content folder."""

    def __init__(self, tree: Tree) -> None:
        self._texts, self._languages = tree.scenes, tree.languages
        self._read: dict[str, tuple[RawScene | None, Collector]] = {}
        self._asked: set[str] = set()
        for path, text in sorted(tree.scenes.items()):
            report = Collector(path)
            raw = read_scene(path, text, report)
            if raw is not None:
                check_pictures(raw, tree.root, tree.media, report)
            self._read[path] = (raw, report)

    def of_page(self, body: Body, source: Source, main: Body, report: Collector) -> Asked:
        """The scenes of a page, in its language.

        Args:
            body: Of the page.
            source: Its file.
            main: Body of the page that stands for its translations.
            report: Of the page; what is wrong with a scene is reported in its own file.
        """
        found: dict[str, Scene] = {}
        texts: list[str] = []
        firsts = {parsed.quiz.id: parsed for parsed in main.quizzes}
        for parsed in body.quizzes:
            first = firsts.get(parsed.quiz.id)
            if first is not None and first.scene != parsed.scene:
                report(
                    opening_of(body, parsed), 1, code="translation-differs",
                    found=f"scene={parsed.scene!r} at the quiz {parsed.quiz.id!r}",
                    expected=f"scene={first.scene!r}, as in the page that it translates",
                )  # fmt: skip
            path = scene_path(source.folder, parsed.scene)
            if not parsed.scene or first is None:
                continue
            if path not in self._read:
                names = tuple(one.split("/")[-2] for one in self._read if one.startswith(f"{source.folder}/"))
                report(
                    opening_of(body, parsed), 1, code="scene-missing", found=f'scene="{parsed.scene}"',
                    expected=f"a file {path}", hint=did_you_mean(parsed.scene, names),
                )  # fmt: skip
                continue
            self._asked.add(path)
            raw, own = self._read[path]
            if raw is None:
                continue
            for line in missing_texts(raw, source.lang):
                own(
                    line, 1, code="scene-language", found=f"a text that is not there in {source.lang!r}",
                    expected=f"{{…, {source.lang}: …}}: {source.path} shows this scene", severity="warning",
                )  # fmt: skip
            forbidden = [one.line for view in raw.views for one in view.hotspots if one.breach]
            if parsed.quiz.practice and forbidden:
                own(
                    forbidden[0], 1, code="scene-practice", found="a breach in a scene of a practice quiz",
                    expected="a graded quiz: what is a breach is reckoned by the server alone",
                )  # fmt: skip
                continue
            scene = put_together(raw, parsed.quiz, first.quiz, source.lang, self._languages, own)
            if scene is not None:
                found[parsed.quiz.id] = scene
                texts.append(self._texts[path])
        return Asked(found, tuple(texts))

    def finish(self) -> Iterable[Problem]:
        """Every problem of their files, once all pages were looked at."""
        for path, (_, report) in self._read.items():
            if path not in self._asked:
                report(
                    1, 1, code="scene-unused", found="a scene that no quiz is asked in",
                    expected=f'scene="{path.split("/")[-2]}" at a quiz of the same course', severity="warning",
                )  # fmt: skip
            yield from dict.fromkeys(report.problems)


def opening_of(body: Body, parsed: Parsed) -> int:
    """The line on which a quiz begins."""
    first = min(parsed.lines.values())
    return max((line for line in body.openings if line <= first), default=first)


def scene_path(folder: str, name: str) -> str:
    """Where the file of a scene is, below the content folder.

    Args:
        folder: Of the page.
        name: Of the scene.
    """
    return posixpath.join(folder, SCENES, name, "scene.yml")


def beside(picture: str, ending: str) -> str:
    """The name of a file that belongs to a picture: "room.webp" and "-2048" give "room-2048.webp"."""
    stem, end = posixpath.splitext(picture)
    return f"{stem}{ending}{end}"


def check_pictures(raw: RawScene, root: Path, media: Collection[str], report: Collector) -> None:
    """Report pictures, sounds and films that are not there or that no phone could show."""

    def there(line: int, name: str, what: str) -> bool:
        if not name or posixpath.join(raw.folder, name) in media:
            return bool(name)
        report(line, 1, code="scene-file-missing", found=f"{what} {name!r}", expected="a file beside scene.yml")
        return False

    for view in raw.views:
        if there(view.line, view.model, "the model"):
            wrong = model_fault(root / raw.folder / view.model)
            if wrong:
                report(
                    view.line, 1, code="scene-model", found=f"{view.model!r}: {wrong[0]}", expected=wrong[1]
                )  # fmt: skip
        if there(view.line, view.picture, "the picture"):
            is_panorama = not view.flat and not view.model
            _check_size(root / raw.folder / view.picture, view.picture, not is_panorama, view.line, report)
            if is_panorama and posixpath.join(raw.folder, beside(view.picture, PHONE)) not in media:
                report(
                    view.line, 1, code="scene-phone-picture", found=f"{view.picture!r} without one for phones",
                    expected=f"{beside(view.picture, PHONE)}, 2048 pixels wide", severity="warning",
                )  # fmt: skip
        for hotspot in view.hotspots:
            for name, what in (
                (hotspot.picture, "the picture"),
                (hotspot.sound, "the sound"),
                (hotspot.film, "the film"),
            ):
                there(hotspot.line, name, what)


def _check_size(path: Path, name: str, flat: bool, line: int, report: Collector) -> None:
    size = picture_size(path)
    if size is None:
        found, expected = f"{name!r}, which is no picture that can be read", "a PNG, a JPEG or a WebP"
    elif max(size) > WIDEST:
        found, expected = f"{name!r}: {size[0]} x {size[1]} pixels", f"at most {WIDEST} pixels in each direction"
    elif not flat and not 1.98 <= size[0] / max(1, size[1]) <= 2.02:
        found, expected = (
            f"{name!r}: {size[0]} x {size[1]} pixels",
            "a panorama twice as wide as it is high, or flat: true",
        )
    elif path.stat().st_size > LARGEST:
        found, expected = f"{name!r}: {path.stat().st_size:,} bytes", f"at most {LARGEST:,} bytes"
    else:
        return
    report(line, 1, code="scene-picture", found=found, expected=expected)


def text_in(texts: Texts, lang: str, languages: Sequence[str]) -> str:
    """A text in a language; in the first of the site that there is otherwise."""
    return next((texts[code] for code in (lang, "", *languages) if code in texts), "")


def missing_texts(raw: RawScene, lang: str) -> list[int]:
    """Lines of parts that have no text in a language."""
    lines = []
    parts: list[tuple[int, Sequence[Texts]]] = [(1, (raw.title, raw.intro))]
    for view in raw.views:
        parts.append((view.line, (view.title, view.text)))
        parts += [
            (one.line, [texts for texts in (one.label, one.text, one.refused, one.does) if texts])
            for one in view.hotspots
        ]
    parts += [(1, list(values.values())) for values in raw.states.values()]
    for line, texts in parts:
        if any(lang not in one and "" not in one for one in texts):
            lines.append(line)
    return lines


def put_together(
    raw: RawScene, quiz: Quiz, first: Quiz, lang: str, languages: Sequence[str], report: Collector
) -> Scene | None:
    """A scene in the language of a page, with the questions of its quiz.

    Args:
        raw: The scene.
        quiz: As the page has it.
        first: The same in the page that stands for the others: hotspots name its options.
        lang: Of the page.
        languages: Of the site.
        report: Of the scene's file.

    Returns:
        None where it names something that the quiz does not have; that is reported.
    """
    before = len(report.problems)
    hotspots: dict[str, Hotspot] = {}
    for view in raw.views:
        for one in view.hotspots:
            hotspots[one.id] = Hotspot(
                id=one.id,
                at=one.at,
                label=text_in(one.label, lang, languages),
                text=text_in(one.text, lang, languages),
                picture=one.picture,
                sound=one.sound,
                film=one.film,
                does=text_in(one.does, lang, languages),
                go=one.go,
                ask=_question(one, one.ask, quiz, report),
                answer=_answer(one, quiz, first, report),
                sets=dict(one.sets),
                needs=dict(one.needs),
                refused=text_in(one.refused, lang, languages),
                breach=one.breach,  # type: ignore[arg-type]  # The reader takes no other.
                clock=one.clock,
            )
    if len(report.problems) > before:
        return None
    return Scene(
        id=raw.name,
        title=text_in(raw.title, lang, languages),
        intro=text_in(raw.intro, lang, languages),
        start=raw.views[0].id,
        views=tuple(
            View(
                id=view.id,
                title=text_in(view.title, lang, languages),
                picture=view.picture,
                model=view.model,
                text=text_in(view.text, lang, languages),
                flat=view.flat,
                look=view.look,
                hotspots=tuple(hotspots[one.id] for one in view.hotspots),
            )
            for view in raw.views
        ),
        states=tuple(
            State(
                id=name,
                values=tuple(values),
                labels=tuple(text_in(texts, lang, languages) for texts in values.values()),
            )
            for name, values in raw.states.items()
        ),
    )


def _question(hotspot: RawHotspot, name: str, quiz: Quiz, report: Collector) -> str:
    ids = [question.id for question in quiz.questions]
    if name and name not in ids:
        report(
            hotspot.line, 1, code="scene-question-unknown", found=f"{hotspot.id}: the question {name!r}",
            expected="one of " + ", ".join(ids), hint=f"The quiz {quiz.id!r} is asked in this scene.",
        )  # fmt: skip
    return name


def _answer(hotspot: RawHotspot, quiz: Quiz, first: Quiz, report: Collector) -> tuple[str, ...]:
    """Id of a question and of the option in the page's own language that a hotspot stands for."""
    if not hotspot.answer:
        return ()
    name, said = hotspot.answer
    before = len(report.problems)
    _question(hotspot, name, quiz, report)
    if len(report.problems) > before:
        return ()
    entries = next((question.entries() for question in first.questions if question.id == name), ())
    wanted = _plain(said)
    found = [place for place, (_, text) in enumerate(entries) if _plain(text).startswith(wanted)]
    exact = [place for place in found if _plain(entries[place][1]) == wanted]
    found = exact or found
    own = next(question.entries() for question in quiz.questions if question.id == name)
    if len(found) != 1 or found[0] >= len(own):
        report(
            hotspot.line, 1, code="scene-answer-unknown",
            found=f"{hotspot.id}: answer: {said!r}"[:120] + (", which begins several" if len(found) > 1 else ""),
            expected="the beginning of an option: " + "; ".join(text[:40] for _, text in entries)[:300]
            if entries
            else "a question with options or steps; ask: for any other",
        )  # fmt: skip
        return ()
    return name, own[found[0]][0]


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
