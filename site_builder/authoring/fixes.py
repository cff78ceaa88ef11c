"""What `airlock check --fix` changes in files: encodings, line ends, and missing question ids."""

from __future__ import annotations

import codecs
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from site_builder.course.languages import LANGUAGES
from site_builder.quizzes.blocks import code_mask, find_blocks
from site_builder.quizzes.parser import ATTRIBUTE_LIST, HEADING, slug
from site_builder.reading.files import Collector, split_name

HARMLESS_REVISION = re.compile(r"^revision:\s*[\"']?(?:editorial|minor)[\"']?\s*(?:#.*)?$")


def fix_content(content: Path, languages: tuple[str, ...] = LANGUAGES) -> list[str]:
    """Mend every page below a folder; gives a sentence for each file that was changed.

    Translations get the ids of the questions in the same places of the page in the default language.
    """
    changed = []
    pages = [path for path in sorted(content.rglob("*")) if _is_page(path, content)]
    for path in sorted(pages, key=lambda page: (page.name.count("."), page)):
        stem, _ = split_name(path.name, languages, Collector(path.name))
        main = next((p for p in pages if p.parent == path.parent and _stem(p, languages) == stem), path)
        ids = question_ids(main.read_text(encoding="utf-8")) if main != path else None
        raw = path.read_bytes()
        fixed, what = fix_page(raw, ids)
        if fixed != raw:
            beside = path.with_name(f".{path.name}.{os.getpid()}")
            beside.write_bytes(fixed)
            shutil.copymode(path, beside)
            os.replace(beside, path)
            changed.append(f"{path.relative_to(content)}: {', '.join(what)}")
    return changed


def _stem(path: Path, languages: tuple[str, ...]) -> str:
    return split_name(path.name, languages, Collector(path.name))[0]


def _is_page(path: Path, content: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(content).parts)
    return path.suffix.lower() == ".md" and not hidden and not path.is_symlink() and path.is_file()


def fix_page(raw: bytes, ids: Sequence[str] | None = None) -> tuple[bytes, list[str]]:
    """A page as it should be, and what was done to it; the page as it is when it cannot be read.

    Args:
        raw: The file.
        ids: Ids for its questions in their order, for a translation.
    """
    what: list[str] = []
    text = raw.removeprefix(b"\xef\xbb\xbf")
    if text != raw:
        what.append("byte-order mark removed")
    if text.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in text:
        return raw, []
    try:
        page = text.decode("utf-8")
    except UnicodeDecodeError:
        try:
            # Only the bytes that are no UTF-8: a file may have both.
            page = text.decode("utf-8", errors="airlock-cp1252")
        except UnicodeDecodeError:
            return raw, []
        what.append("converted from Latin-1 to UTF-8")
    if "\r" in page:
        page = page.replace("\r\n", "\n").replace("\r", "\n")
        what.append("line ends changed to LF")
    page, dropped = drop_revision(page)
    if dropped:
        what.append("revision removed")
    page, count = add_question_ids(page, ids)
    if count:
        what.append(f"{count} question ids added")
    return page.encode(), what


def drop_revision(text: str) -> tuple[str, bool]:
    """The page without a `revision` that means nothing to renew; one that is `major` needs its author."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return text, False
    end = next((place for place, line in enumerate(lines[1:], start=1) if line.rstrip() in ("---", "...")), 0)
    kept = [line for place, line in enumerate(lines) if place > end or not HARMLESS_REVISION.match(line)]
    return "\n".join(kept), len(kept) < len(lines)


def _decode_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252"), error.end


codecs.register_error("airlock-cp1252", _decode_cp1252)


def question_ids(text: str) -> list[str]:
    """The ids of all questions of a page, in their order; "" for one without."""
    return [
        next((token[1:] for token in _attributes(match[2]) or [] if token.startswith("#")), "")
        for _, match in _headings(text.split("\n"))
    ]


def add_question_ids(text: str, ids: Sequence[str] | None = None) -> tuple[str, int]:
    """The page with an id behind every question that has none, and how many were added."""
    lines = text.split("\n")
    headings = _headings(lines)
    if ids is not None and len(ids) != len(headings):
        return text, 0
    taken = {name for name in question_ids(text) if name}
    count = 0
    for place, (number, match) in enumerate(headings):
        tokens = _attributes(match[2])
        if tokens is None or any(token.startswith("#") for token in tokens):
            continue
        if ids is not None:
            name = ids[place]
        else:
            base = slug(ATTRIBUTE_LIST.sub("", match[2])) or f"q{place + 1}"
            name, suffix = base, 2
            while name in taken:
                name, suffix = f"{base}-{suffix}", suffix + 1
            taken.add(name)
        if not name:
            continue
        bare = ATTRIBUTE_LIST.sub("", lines[number]).rstrip() if tokens else lines[number].rstrip()
        lines[number] = f"{bare} {{{' '.join([f'#{name}', *tokens])}}}"
        count += 1
    return "\n".join(lines), count


def _headings(lines: list[str]) -> list[tuple[int, re.Match[str]]]:
    """Index and match of every question's heading."""
    found = []
    for block in find_blocks(lines):
        mask = code_mask(block.lines)
        for number, (line, coded) in enumerate(zip(block.lines, mask, strict=True), start=block.start + 1):
            match = None if coded else HEADING.match(line)
            if match and match[2]:
                found.append((number, match))
    return found


def _attributes(heading: str) -> list[str] | None:
    """What stands in the braces behind a heading; none without braces, None where the braces are text."""
    match = ATTRIBUTE_LIST.search(heading)
    tokens = match[1].split() if match else []
    return tokens if all(token.startswith(("#", ".")) for token in tokens) else None
