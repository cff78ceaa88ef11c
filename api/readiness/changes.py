"""What changed in a module since somebody completed it, paragraph by paragraph and word by word. Writes nothing."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from sqlalchemy.orm import Session

from api.catalogue.operations import current_catalogue, current_edition, module_of_version, version_of
from api.core.errors import NotFound
from api.evidence.completion import touched_since
from api.evidence.operations import asked_of, completed_renewal, evidence_of

Op = Literal["same", "gone", "new"]
ALIKE = 0.5
"""How alike two paragraphs are at least that are shown as one that changed."""
WORD = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A run of words, and what became of it."""

    op: Op
    text: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since a version.

    Attributes:
        paragraphs: Those that changed, each as runs of words; nothing where the texts are the same.
        objectives: Titles of the objectives that are asked anew; nothing where it is about all of them.
        changed: What its author says, in a sentence.
        comparable: Whether both texts are known.
    """

    paragraphs: list[list[Part]]
    objectives: list[str]
    changed: str
    comparable: bool


def changes_since(session: Session, person_id: uuid.UUID, module_id: str, lang: str) -> Changes:
    """What changed in a module since a person did the most recent thing in it.

    Raises:
        NotFound: There is no such module, or they never did anything in it.
    """
    module = current_catalogue(session).modules.get(module_id)
    lines = evidence_of(session, person_id, module_id) if module else []
    if module is None or not lines:
        raise NotFound("There is nothing to compare.")
    done = completed_renewal(session, person_id, module_id)
    older = [line for line in lines if done is None or line.renewal <= done] or lines
    seen = module_of_version(session, version_of(session, older[-1].version).version).page(lang)
    page = module.page(lang)
    touched = touched_since(done or 1, asked_of(session, module_id)) if done is None or done < module.renewal else ()
    same = version_of(session, older[-1].version).version == current_edition(session, module_id).version
    return Changes(
        [] if same else list(compare(seen.text.split("\n"), page.text.split("\n"))),
        [page.objectives[number - 1] for number in touched if number <= len(page.objectives)],
        page.changed or module.page("").changed,
        same or bool(seen.text and page.text),
    )


def compare(before: Sequence[str], after: Sequence[str]) -> Iterator[list[Part]]:
    """Paragraphs that differ, in the order of the newer text."""
    for op, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if op == "equal":
            continue
        old, new = list(before[start:end]), list(after[first:last])
        for text in new:
            near = max(old, key=lambda one, text=text: _alike(one, text), default="")  # type: ignore[misc]
            if near and _alike(near, text) >= ALIKE:
                yield from (_only("gone", one) for one in old[: old.index(near)])
                del old[: old.index(near) + 1]
                yield list(_words(near, text))
            else:
                yield _only("new", text)
        yield from (_only("gone", one) for one in old)


def _only(op: Op, text: str) -> list[Part]:
    return [Part(op, text)]


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()


def _words(before: str, after: str) -> Iterator[Part]:
    old, new = WORD.findall(before), WORD.findall(after)
    for op, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            yield Part("same", "".join(new[first:last]))
        else:
            if start < end:
                yield Part("gone", "".join(old[start:end]))
            if first < last:
                yield Part("new", "".join(new[first:last]))
