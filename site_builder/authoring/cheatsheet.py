"""Every kind of question as source beside the live result, made from the golden cases that the tests use."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from site_builder.reading.rendered import render_page

CASES = Path(__file__).resolve().parent.parent.parent / "tests" / "golden" / "kinds"
KINDS = (
    "single",
    "multiple",
    "truefalse",
    "numeric",
    "calculated",
    "text",
    "cloze",
    "ordering",
    "matching",
    "hotspot",
)
"""From what one needs daily to what one needs rarely."""

PICTURE = "images/cleanroom.svg"
"""What the cases call their picture; the theme has it."""


@dataclass(frozen=True, slots=True)
class Example:
    """One kind of question.

    Attributes:
        source: Markdown, as a trainer writes it.
        html: What becomes of it.
    """

    kind: str
    source: str
    html: str


@cache
def _sources(lang: str) -> dict[str, str]:
    found = {}
    for path in sorted(CASES.glob("*.toml")):
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            if case.get("cheat") and case["lang"] == lang:
                found[path.stem] = case["source"].strip("\n")
    return found


def examples(lang: str, picture: str = PICTURE) -> list[Example]:
    """An example of every kind in a language.

    Args:
        lang: Of the page.
        picture: Where the picture is, as seen from the page.
    """
    sources = _sources(lang)
    return [
        Example(kind, sources[kind], render_page(sources[kind], lang).html.replace(f'"{PICTURE}"', f'"{picture}"'))
        for kind in KINDS
        if kind in sources
    ]


def as_markdown(titles: dict[str, str]) -> str:
    """The cheat sheet of the documentation, in English.

    Args:
        titles: What each kind is called.
    """
    intro = (
        "Copy, paste, change. The built site shows the same examples beside the live result, at `/authoring/`. "
        "This page is made by `make cheat-sheet` from the cases that the tests use; "
        "[trainers.md](trainers.md#quizzes) explains each kind."
    )
    shown = [f"## {titles[item.kind]}\n\n```markdown\n{item.source}\n```" for item in examples("en")]
    return "\n\n".join(["# Cheat sheet: every kind of question", intro, *shown]) + "\n"


def write_docs() -> None:
    """Write the cheat sheet of the documentation."""
    root = CASES.parents[2]
    texts = json.loads((root / "themes" / "airlock" / "texts" / "en.json").read_text(encoding="utf-8"))
    page = as_markdown({kind: texts[f"asked_{kind}"] for kind in KINDS})
    (root / "docs" / "cheat-sheet.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    write_docs()
