"""No page of a graded quiz depends on its key, however oddly it is written: it is the same, or it is refused."""

from __future__ import annotations

import random

import pytest

from site_builder.problems import has_errors
from site_builder.reading.bodies import read_body
from site_builder.reading.compiled import Body

ODD_OPTIONS = (
    "{box} plain {n}",
    "{box} ```python\n  print({n})\n  ```",
    "{box} ```python\nprint({n})\n```",
    "{box} ~~~\n  print({n})\n  ~~~",
    "{box} ````\n  ```\n  {n}\n  ````",
    "{box} text {n}\n\n  ```\n  x = {n}\n      y\n  ```",
    "{box} `[x] {n}`",
    "{box} [[{n}]]",
    "{box} <b>{n}</b>",
    "{box} one {n}:\n  1. a\n  2. b",
    "{box} <!-- {n} --> said {n}",
    "{box} List<String> {n}",
    "{box} ${{#arr[{n}]}}",
    "{box} []",
    "{box} text {n}\n  > feedback\n  > ```\n  > code",
    "{box} ```unclosed {n}",
)
ODD_AROUND = (
    "{quiz}",
    "<pre>\n```\n</pre>\n\n{quiz}\n\n<pre>\n```\n</pre>",
    "<!--\n```\n-->\n\n{quiz}\n\n<!-- ``` -->",
    "<div>\n\n{quiz}\n\n</div>",
    "!!! note\n    text\n\n{quiz}",
    "- item\n\n{quiz}\n\n- item",
    "```\ncode\n```\n{quiz}",
    "text\n{quiz}\ntext",
    "<details markdown>\n<summary>s</summary>\n\n{quiz}\n\n</details>",
    "~~~\n{quiz}",
    "<textarea>\n{quiz}",
    "> quote\n\n{quiz}",
)
CASES = 1500


def page(shape: random.Random, right: int) -> Body:
    """A page made of odd pieces; the same ones for the same `shape`, with another option right."""
    options = shape.sample(ODD_OPTIONS, shape.randint(2, 5))
    lines = []
    for number, option in enumerate(options):
        mark = shape.choice(("- [{}]", "* [{}]", " - [{}]"))
        box = mark.format("x" if number == right % len(options) else " ")
        lines.append(option.format(box=box, n=number * 7 + 3))
    joined = shape.choice(("\n", "\n\n")).join(lines)
    quiz = f'<quiz id="t">\n\n### Which? {{#a}}\n\n{joined}\n\n</quiz>'
    around = shape.choice(ODD_AROUND)
    if shape.random() < 0.15:
        quiz = quiz.removesuffix("\n\n</quiz>")
    return read_body("page.md", ["---", "---", *around.format(quiz=quiz).split("\n")], 2, "en")


@pytest.mark.slow
def test_no_odd_page_tells_its_key() -> None:
    built = 0
    for seed in range(CASES):
        pages = [page(random.Random(seed), right) for right in range(2)]
        # One of them may be refused for what the other is not; what is built tells nothing.
        sound = [one for one in pages if not has_errors(one.problems)]
        built += len(sound)
        assert len({one.html for one in sound}) <= 1, (seed, sound[0].html, sound[1].html)
        for one in sound:
            assert "- [" not in one.html, seed
    assert built > CASES / 3, "most of them are quizzes"
