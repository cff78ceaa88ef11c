"""The files below `content/`: which there are, which may be there, and their text."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from site_builder.course.languages import LANGUAGES
from site_builder.problems import Problem, Severity
from site_builder.reading.svg import look_at_svg

MEDIA = frozenset(
    [
        ".svg",
        ".png",
        ".jpg",
        ".jpeg",
        ".webp",
        ".gif",
        ".avif",
        ".mp4",
        ".webm",
        ".mp3",
        ".ogg",
        ".vtt",
        ".pdf",
        ".csv",
        ".xlsx",
        ".docx",
        ".pptx",
        ".zip",
        ".glb",
        ".usdz",
    ]
)
"""Endings of the media that a page may use."""

GLOSSARY = "glossary.yml"
"""The file with the terms of the trade, at the top of the content folder."""

SCENE = "scene.yml"
MAX_SCENE_BYTES = 300_000
SCENES = "scenes"
"""The folder of a course in which its scenes are, each in a folder of its own with a scene.yml."""

MAX_PAGE_BYTES = 1_000_000
"""A page is text that somebody reads; a larger file is a mistake."""

FRESH_NANOSECONDS = 2_000_000_000
"""A file that changed so shortly before it was looked at may change again without its time being another."""

NAME = re.compile(r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$")
IGNORED = frozenset({"Thumbs.db", "desktop.ini"})
"""What systems leave behind, beside files that begin with a dot."""


@dataclass(slots=True)
class Collector:
    """Where the problems of one file go."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def __call__(
        self,
        line: int,
        column: int,
        *,
        code: str,
        found: str,
        expected: str,
        hint: str = "",
        severity: Severity = "error",
    ) -> None:
        """Report one problem."""
        self.problems.append(
            Problem(
                file=self.file,
                line=max(1, line),
                column=max(1, column),
                code=code,
                found=found,
                expected=expected,
                hint=hint,
                severity=severity,
            )
        )


@dataclass(frozen=True, slots=True)
class Source:
    """One Markdown file.

    Attributes:
        path: Below the content folder, with slashes.
        stem: The path without language and `.md`.
        lang: From the file's name; the site's first language without a suffix.
        lines: The text, without line ends.
    """

    path: str
    stem: str
    lang: str
    lines: list[str] = field(repr=False)

    @property
    def folder(self) -> str:
        """The folder below the content folder, "" at the top."""
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        """The last part of `stem`."""
        return self.stem.rpartition("/")[2]


@dataclass(slots=True)
class Tree:
    """Everything found below the content folder."""

    root: Path
    languages: tuple[str, ...] = LANGUAGES
    """Of the site, that of its content first."""
    sources: list[Source] = field(default_factory=list)
    media: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    """Stems of pages that are there and cannot be read."""
    problems: list[Problem] = field(default_factory=list)
    glossary: str = ""
    """The text of the glossary's file."""
    scenes: dict[str, str] = field(default_factory=dict)
    """By path, the text of the file of each scene."""

    def digest(self) -> str:
        """Hash of everything in it; "" while media may still change without a trace.

        Of media, what counts is what the disk says of their size and times.
        """
        now = time.time_ns()
        found = hashlib.blake2b(repr(self.languages).encode(), digest_size=20)
        for source in self.sources:
            found.update(f"{source.path}\0{len(source.lines)}\0".encode("utf-8", "surrogatepass"))
            found.update("\n".join(source.lines).encode("utf-8", "surrogatepass"))
        for path in sorted(self.media):
            state = (self.root / path).stat()
            if now - max(state.st_mtime_ns, state.st_ctime_ns) < FRESH_NANOSECONDS:
                return ""
            found.update(f"{path}\0{state.st_size} {state.st_mtime_ns} {state.st_ctime_ns} {state.st_ino}\0".encode())
        for problem in sorted(self.problems):
            found.update(problem.as_line().encode("utf-8", "surrogatepass"))
        found.update(self.glossary.encode("utf-8", "surrogatepass"))
        for path, text in sorted(self.scenes.items()):
            found.update(f"{path}\0{text}\0".encode("utf-8", "surrogatepass"))
        return found.hexdigest()


def read_tree(root: Path, languages: tuple[str, ...] = LANGUAGES) -> Tree:
    """Read every page below `root` and report every file that should not be there.

    Args:
        root: The content folder.
        languages: Of the site, that of its content first.
    """
    tree = Tree(root=root, languages=languages)
    if not root.is_dir():
        _report_file(tree, ".", "content-missing", f"no folder {root.name!r}", "a folder with courses")
        return tree
    for path, relative in _walk(root, tree):
        suffix = path.suffix.lower()
        if suffix == ".md":
            source = read_page(path, relative, tree)
            if source:
                tree.sources.append(source)
            else:
                tree.broken.add(split_name(relative, tree.languages, Collector(relative))[0])
        elif suffix in MEDIA:
            tree.media.add(relative)
            if suffix == ".svg":
                _check_svg(path, relative, tree)
            elif suffix == ".vtt":
                _check_captions(path, relative, tree)
        elif relative == GLOSSARY:
            tree.glossary = _read_text(path, relative, tree)
        elif path.name == SCENE and path.parent.parent.name == SCENES:
            if path.stat().st_size > MAX_SCENE_BYTES:
                expected = f"at most {MAX_SCENE_BYTES:,} bytes"
                _report_file(tree, relative, "scene-malformed", f"{path.stat().st_size:,} bytes", expected)
            else:
                tree.scenes[relative] = _read_text(path, relative, tree)
        else:
            _report_file(
                tree,
                relative,
                "file-unknown",
                f"a file with the ending {suffix or '(none)'!r}",
                "a page (.md), a scene (scenes/NAME/scene.yml) or a medium (" + ", ".join(sorted(MEDIA)) + ")",
                "Move it out of the content folder.",
            )
    return tree


def _walk(root: Path, tree: Tree) -> Iterator[tuple[Path, str]]:
    top = Path(os.path.realpath(root))
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in list(folders):
            path = Path(folder, name)
            if name.startswith("."):
                folders.remove(name)
            elif path.is_symlink():
                folders.remove(name)
                _report_link(path, path.relative_to(root).as_posix(), top, tree)
        for name in sorted(names):
            path = Path(folder, name)
            relative = path.relative_to(root).as_posix()
            if name in IGNORED or name.startswith("."):
                continue
            if path.is_symlink() and not _real(path).is_relative_to(top):
                _report_link(path, relative, top, tree)
            elif not path.is_file():
                _report_file(tree, relative, "file-special", "something that is no regular file", "a page or a medium")
            else:
                yield path, relative


def _real(path: Path) -> Path:
    """Where links lead; unlike `Path.resolve` it does not raise for links in a circle."""
    return Path(os.path.realpath(path))


def _report_link(path: Path, relative: str, top: Path, tree: Tree) -> None:
    inside = _real(path).is_relative_to(top)
    found = "a link to a folder" if inside else "a symbolic link that leads out of the content folder"
    _report_file(tree, relative, "file-link", found, "the file itself", "Copy the file here instead.")


def read_page(path: Path, relative: str, tree: Tree) -> Source | None:
    """One page; None after adding to the problems of the tree why it cannot be read."""
    report = Collector(relative)
    try:
        if path.stat().st_size > MAX_PAGE_BYTES:
            report(
                1,
                1,
                code="page-too-large",
                found=f"{path.stat().st_size:,} bytes",
                expected=f"at most {MAX_PAGE_BYTES:,} bytes",
            )
            return None
        raw = path.read_bytes()
        text = _decode(raw, report)
        if text is None:
            return None
        stem, lang = split_name(relative, tree.languages, report)
        return Source(path=relative, stem=stem, lang=lang, lines=text.split("\n"))
    except OSError as error:
        report(1, 1, code="file-unreadable", found=error.strerror or "an error", expected="a file that can be read")
        return None
    finally:
        tree.problems.extend(report.problems)


def _decode(raw: bytes, report: Collector) -> str | None:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        report(1, 1, code="file-encoding", found="UTF-16", expected="UTF-8", hint="Save the file as UTF-8.")
        return None
    if raw.startswith(b"\xef\xbb\xbf"):
        raw = raw[3:]
        report(
            1, 1, code="file-bom", found="a byte-order mark", expected="UTF-8 without one", severity="warning",
            hint="`airlock check --fix` removes it.",
        )  # fmt: skip
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        guess = raw[error.start : error.start + 1].decode("cp1252", "replace")
        report(
            line,
            column,
            code="file-encoding",
            found=f"a byte that is not UTF-8 ({guess!r} in Latin-1)",
            expected="UTF-8",
            hint="Save the file as UTF-8; `airlock check --fix` converts it from Latin-1.",
        )
        return None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        report(line, 1, code="file-encoding", found="a NUL character", expected="text")
        return None
    if "\r" in text:
        line = text.count("\n", 0, text.index("\r")) + 1
        report(
            line, 1, code="file-line-ends", found="Windows line ends (CRLF)", expected="LF", severity="warning",
            hint="They are read as they should be; `airlock check --fix` changes them.",
        )  # fmt: skip
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def split_name(relative: str, languages: tuple[str, ...], report: Collector) -> tuple[str, str]:
    """Stem and language of a page by its path: "a/b.fr.md" is ("a/b", "fr")."""
    stem = relative.removesuffix(".md").removesuffix(".MD")
    folder, _, name = stem.rpartition("/")
    name, dot, lang = name.partition(".")
    if not dot:
        lang = languages[0]
    elif lang not in languages:
        report(
            1,
            1,
            code="file-language",
            found=f"language {lang!r} in the file's name",
            expected=" or ".join(["NAME.md", *(f"NAME.{code}.md" for code in languages)]),
            hint="The languages of a site stand in mkdocs.yml, under plugins, airlock, languages.",
        )
    if not all(NAME.match(part) for part in [*folder.split("/"), name] if part):
        report(
            1, 1, code="file-name", found=f"the name {relative!r}", expected="small letters, digits and hyphens",
            hint="The name becomes part of the address of the page.",
        )  # fmt: skip
    return (f"{folder}/{name}" if folder else name), lang


def _check_svg(path: Path, relative: str, tree: Tree) -> None:
    """A picture is served from our own address: a script in it would be one of ours."""
    report = Collector(relative)
    for one in look_at_svg(path.read_bytes()):
        report(
            one.line,
            1,
            code=one.code,
            found=one.found,
            expected="a picture that does nothing",
            hint="Save it from your drawing program as a plain SVG, in UTF-8.",
        )
    tree.problems.extend(report.problems)


def _read_text(path: Path, relative: str, tree: Tree) -> str:
    """A text file that is no page; "" after reporting why it cannot be read."""
    report = Collector(relative)
    text = _decode(path.read_bytes(), report)
    tree.problems.extend(report.problems)
    return text or ""


def _check_captions(path: Path, relative: str, tree: Tree) -> None:
    """Captions that no browser reads are none (WebVTT, 4.1)."""
    text = _read_text(path, relative, tree)
    if not text.startswith("WEBVTT"):
        first = text.partition("\n")[0]
        report = Collector(relative)
        report(1, 1, code="captions-unreadable", found=f"{first[:40]!r}", expected="a first line WEBVTT",
               hint="Captions are WebVTT; a file of subtitles (.srt) can be converted.")  # fmt: skip
        tree.problems.extend(report.problems)


def _report_file(tree: Tree, file: str, code: str, found: str, expected: str, hint: str = "") -> None:
    tree.problems.append(Problem(file=file, line=1, code=code, found=found, expected=expected, hint=hint))
