"""Courses made for MkDocs Material and quizzes made for mkdocs-quiz build as they are: a generator of both.

What is expected of a quiz is read off its source by mkdocs-quiz's own rules, written down here a second time.
"""

from __future__ import annotations

import re
from random import Random

import pytest

from site_builder.course.kinds.choice import ChoiceQuestion
from site_builder.course.kinds.cloze import Cloze
from site_builder.reading.bodies import read_body

pytestmark = pytest.mark.slow

PAGES, QUIZZES = 466, 1500

ANSWER = re.compile(r"^[ \t]*[-*]\s*\[([ xX]?)\]\s*(.+)$")
BLANK = re.compile(r"\[\[(.+?)\]\]")

WORDS = "valve pump sample buffer column filter gown airlock alarm reading batch label solvent gauge hose".split()  # noqa: SIM905
INLINE = (
    "{}",
    "the **{}**",
    "`{}`",
    "a {} at 5 °C",
    "{} (see [below](#more))",
    "_{}_ & <10 %",
    "{} > 3",
    "H~2~O in the {}",
    "the {}, i.e. 10^6^",
    "the {}: `x = [1]`",
)
CONTENT = (
    "More about it.",
    "### A heading\n\nAnd a text.",
    "```python\nx = [1, 2]\nprint(x)\n```",
    "| a | b |\n| --- | --- |\n| 1 | 2 |",
    '!!! note "Mind"\n    A box.',
    "1. first\n2. second",
    "- a list\n- of two",
    "---\n\nBehind a line.",
)

PIECES = (
    "## {} {{#{}}}\n\nA text about the {}.",
    "!!! warning\n\n    Close the {} first.\n\n    - one\n    - two",
    '??? tip "The {}"\n    Folded.',
    '???+ note inline end "The {}"\n\n    Open.',
    "| {} | value |\n| :-- | --: |\n| a | 1 |\n| b | `2` |",
    '```python title="{}.py" linenums="1" hl_lines="2"\ndef f(x):\n    return x\n```',
    "~~~\n- [x] {} in code\n~~~",
    '=== "{}"\n\n    One.\n\n=== "Other"\n\n    ```sh\n    ls\n    ```',
    "Text with a footnote.[^{}]\n\n[^{}]: The note.",
    "{}\n:   What it is.\n\nother\n:   Another.",
    "The {} is under GMP.\n\n*[GMP]: Good Manufacturing Practice",
    "1. {}\n    1. inner\n    2. inner\n2. next\n\n    a paragraph of it",
    "- {}\n    - inner\n\n        deep text",
    "Take with you:\n\n* [ ] {}\n* [x] done",
    "Press ++ctrl+alt+{}++, ==marked==, ~~gone~~, H~2~O, x^2^.".replace("{}", "d"),
    "> A quote of the {}.\n>\n> > inside",
    "[The {}](https://example.org){{ .md-button }}",
    "A line\\\nbroken, an <abbr title='x'>{}</abbr>, &copy; and --- a dash.",
    "$$\nc_1 V_1 = c_2 V_2\n$$\n\nand $x^2$ of the {}.",
    "<details><summary>{}</summary>Inside.</details>",
    '<div class="grid cards" markdown>\n\n- one {}\n- two\n\n</div>',
    "***\n\n### {}\n\nSetext\n------\n\nA text.",
    "Autolink <https://example.org/{}> and a [reference][r].\n\n[r]: https://example.org",
)


def make_page(chance: Random) -> list[str]:
    pieces = []
    for number, piece in enumerate(chance.choices(PIECES, k=chance.randint(5, 30))):
        word = f"{chance.choice(WORDS)}{number}"
        pieces.append(piece.format(*[word] * 3))
    return "\n\n".join([f"# {chance.choice(WORDS).title()}", *pieces, ""]).split("\n")


def make_quiz(chance: Random) -> list[str]:
    """One block of mkdocs-quiz: choice, or blanks."""
    lines = ["<quiz>"]
    if chance.random() < 0.25:
        for _ in range(chance.randint(1, 3)):
            left, other = chance.sample(WORDS, 2)
            lines.append(f"The [[{left}]] comes before the {other} and the [[{chance.choice(WORDS)} {other}]].")
    else:
        lines += [f"What about the {chance.choice(WORDS)}?", *([""] if chance.random() < 0.5 else [])]
        count = chance.randint(2, 6)
        right = set(chance.sample(range(count), chance.randint(1, count)))
        bullet = chance.choice("-*")
        for place, word in enumerate(chance.sample(WORDS, count)):
            box = chance.choice("xX") if place in right else chance.choice([" ", ""])
            lines.append(f"{bullet} [{box}] {chance.choice(INLINE).format(word)} {place}")
            if chance.random() < 0.3:
                lines.append(f"{chance.choice(['', '  '])}> Because of the {word}.")
    if chance.random() < 0.6:
        lines += ["", *chance.choice(CONTENT).split("\n")]
    return [*lines, "</quiz>"]


def test_quizzes_of_mkdocs_quiz_have_their_options_and_keys() -> None:
    chance = Random(1)
    for number in range(QUIZZES):
        lines = make_quiz(chance)
        source = "\n".join(lines)
        body = read_body("page.md", ["## More {#more}", "", *lines], 0, "en")
        errors = [problem for problem in body.problems if problem.severity == "error"]
        assert not errors, f"{number}\n{source}\n{errors}"
        (parsed,) = body.quizzes
        (question,) = parsed.quiz.questions
        blanks = BLANK.findall(source)
        if blanks:
            assert isinstance(question, Cloze)
            assert [gap.answer for gap in question.gaps] == blanks, source
            continue
        expected = [match[1] != " " and match[1] != "" for match in map(ANSWER.match, lines) if match]
        assert isinstance(question, ChoiceQuestion), source
        assert [option.correct for option in question.options] == expected, source


def test_pages_of_material_have_no_errors_and_lose_nothing() -> None:
    chance = Random(2)
    for number in range(PAGES):
        lines = make_page(chance)
        body = read_body("page.md", lines, 0, "en")
        source = "\n".join(lines)
        assert not [problem for problem in body.problems if problem.severity == "error"], (
            f"{number}\n{source}\n{body.problems}"
        )
        for word in set(re.findall(rf"(?:{'|'.join(WORDS)})\d+", source)):
            assert word in body.html, f"{number}: {word}\n{source}"
        assert not re.search(r"(?m)^(?:<p>)?(?:===|!!!|\?\?\?|\$\$|~~~|```)", body.html), f"{number}\n{body.html}"
