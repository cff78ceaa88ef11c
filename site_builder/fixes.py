"""What `airlock check --fix` changes in files: encodings, line ends, and missing question ids."""

from __future__ import annotations

import os
from pathlib import Path

from site_builder.quizzes.blocks import code_mask, find_blocks
from site_builder.quizzes.parser import ATTRIBUTE_LIST, HEADING, slug


def fix_content(content: Path) -> list[str]:
    """Mend every page below a folder; gives a sentence for each file that was changed."""
    changed = []
    for path in sorted(content.rglob("*.md")):
        if path.is_symlink() or not path.is_file():
            continue
        raw = path.read_bytes()
        fixed, what = fix_page(raw)
        if fixed != raw:
            beside = path.with_name(f".{path.name}.{os.getpid()}")
            beside.write_bytes(fixed)
            os.replace(beside, path)
            changed.append(f"{path.relative_to(content)}: {', '.join(what)}")
    return changed


def fix_page(raw: bytes) -> tuple[bytes, list[str]]:
    """A page as it should be, and what was done to it."""
    what = []
    if raw.startswith(b"\xef\xbb\xbf"):
        raw = raw[3:]
        what.append("byte-order mark removed")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        try:
            text = raw.decode("cp1252")
        except UnicodeDecodeError:
            return raw, what
        what.append("converted from Latin-1 to UTF-8")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        what.append("line ends changed to LF")
    text, count = add_question_ids(text)
    if count:
        what.append(f"{count} question ids added")
    return text.encode(), what


def add_question_ids(text: str) -> tuple[str, int]:
    """The page with an id behind every question that has none, and how many were added."""
    lines = text.split("\n")
    count = 0
    for block in find_blocks(lines):
        mask = code_mask(block.lines)
        headings = [
            (number, match)
            for number, (line, coded) in enumerate(zip(block.lines, mask, strict=True), start=block.start + 1)
            if not coded and (match := HEADING.match(line)) and match[2]
        ]
        taken = {token[1:] for _, match in headings for token in _attributes(match[2]) if token.startswith("#")}
        for number, match in headings:
            tokens = _attributes(match[2])
            if any(token.startswith("#") for token in tokens):
                continue
            base = slug(ATTRIBUTE_LIST.sub("", match[2])) or "question"
            name, suffix = base, 2
            while name in taken:
                name, suffix = f"{base}-{suffix}", suffix + 1
            taken.add(name)
            bare = ATTRIBUTE_LIST.sub("", lines[number]).rstrip()
            lines[number] = f"{bare} {{{' '.join([f'#{name}', *tokens])}}}"
            count += 1
    return "\n".join(lines), count


def _attributes(heading: str) -> list[str]:
    match = ATTRIBUTE_LIST.search(heading)
    return match[1].split() if match else []
