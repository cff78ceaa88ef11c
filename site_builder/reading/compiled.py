"""What reading a page gives. It needs no Markdown library, so that what was read before is loaded in no time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from site_builder.problems import Problem
from site_builder.quizzes.parsed import Parsed
from site_builder.reading.frontmatter import FrontMatter


@dataclass(frozen=True, slots=True)
class Target:
    """Something that a page refers to by a relative address.

    Attributes:
        address: As a path, without query and fragment; "" for the page itself.
        anchor: The fragment, "" without one.
        is_image: Or another medium.
        line: In the file.
        column: From 1.
    """

    address: str
    is_image: bool
    line: int
    column: int
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """A page as it was read.

    Attributes:
        quizzes: Those that could be read, with the lines of their questions.
        openings: Number of the line of each quiz, readable or not.
        sha: SHA-256 of the body with its quizzes cut out.
        targets: What it refers to.
        prose: The text of its paragraphs and lists outside of quizzes.
        headings: Line of each heading outside of quizzes, by its id.
        anchors: Every id in the page.
        html: What the page shows. Its relative addresses are those of the source.
        problems: With the path of the page.
    """

    quizzes: tuple[Parsed, ...] = ()
    openings: tuple[int, ...] = ()
    sha: str = ""
    targets: tuple[Target, ...] = ()
    prose: str = ""
    headings: Mapping[str, int] = field(default_factory=dict)
    anchors: frozenset[str] = frozenset()
    html: str = field(default="", repr=False)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Compiled:
    """All that can be said of a page by itself.

    Attributes:
        matter: Its front matter, None for a page that has none or whose cannot be used.
        body: What stands below it.
        problems: Of the front matter.
    """

    matter: FrontMatter | None
    body: Body
    problems: tuple[Problem, ...] = ()


def given_up(path: str, start: int, *, code: str, found: str, expected: str, hint: str) -> Body:
    """The body of a page that could not be read at all: nothing but the problem."""
    problem = Problem(file=path, line=start + 1, code=code, found=found, expected=expected, hint=hint)
    return Body(problems=(problem,))
