"""Every kind of question as source beside the live result, as its source and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from site_builder.quizzes.kinds import all_kinds
from site_builder.reading.rendered import render_page

EXAMPLES = Path(__file__).parent / "examples"
"""One file for each kind and language; the golden tests read them too."""
PAGE = "page"
"""What stands on the cheat sheet behind the kinds."""
PICTURE_MARK = "@picture@"
"""What stands in the built cheat sheet where its picture will be."""
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


class ExampleMissing(Exception):
    """A kind of question has no example in a language; the message names the file."""


def read_example(kind: str, lang: str) -> str:
    """The source of an example, as a trainer writes it.

    Raises:
        ExampleMissing: There is none.
    """
    path = EXAMPLES / f"{kind}.{lang}.md"
    try:
        return path.read_text(encoding="utf-8").strip("\n")
    except OSError as error:
        raise ExampleMissing(f"The example {path.name} is missing from Airlock itself: install it again.") from error


def kind_names() -> list[str]:
    """From what one needs daily to what one needs rarely."""
    return [name for kind in sorted(all_kinds(), key=lambda kind: kind.often) for name in kind.names]


def examples(lang: str, picture: str = PICTURE) -> list[Example]:
    """An example of every kind in a language, and of what a page may have beside its quizzes.

    Args:
        lang: Of the page.
        picture: Where the picture is, as seen from the page.
    """
    found = []
    for name in (*kind_names(), PAGE):
        source = read_example(name, lang)
        html = render_page(source, lang).html.replace(f'"{PICTURE}"', f'"{picture}"')
        found.append(Example(name, source, html))
    return found


def marked_examples(lang: str) -> list[Example]:
    """The examples for a page that puts its own picture in the place of `PICTURE_MARK`."""
    return examples(lang, PICTURE_MARK)


def as_markdown(titles: dict[str, str]) -> str:
    """The cheat sheet of the documentation, in English.

    Args:
        titles: What each kind is called.
    """
    intro = (
        "Copy, paste, change. The built site shows the same examples beside the live result, at `/authoring/`. "
        "This page is made by `make cheat-sheet` from the files in `site_builder/authoring/examples/`; "
        "[trainers.md](trainers.md#quizzes) explains each kind."
    )
    shown = [f"## {titles[item.kind]}\n\n```markdown\n{item.source}\n```" for item in examples("en")]
    return "\n\n".join(["# Cheat sheet: every kind of question, and what a page may have", intro, *shown]) + "\n"
