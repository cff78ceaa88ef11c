"""What is done in less time where there is less to do gives what the long way gives."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown

from site_builder import fragments, markup
from site_builder.compiling.store import FILES, ROOMS
from site_builder.fragments import PLAIN, SIGNS, render_fragment, render_markdown
from site_builder.markup import AUTHORS, clean, removed_between, sanitise_and_tell
from site_builder.quizzes import blocks
from site_builder.reading.rendered import EXTENSIONS
from site_builder.site import policy
from site_builder.writing import CONFIGS
from tests.conftest import KINDS, SHIPPED
from tests.hostile import KILLERS, pages

OF_A_LINE = "".join(sorted({sign for sign in map(chr, range(32, 0x2100)) if re.match(f"[ {SIGNS}]", sign)})) + "\n"


@settings(max_examples=1500)
@given(st.text(OF_A_LINE, max_size=40))
def test_a_plain_text_is_what_markdown_makes_of_it(text: str) -> None:
    if PLAIN.fullmatch(text.strip("\n")):
        assert render_fragment(text) == render_markdown(text)


def test_plain_texts_are_most_texts_and_no_markdown() -> None:
    for text in ("Stay, and report it.", "La porte s’ouvre : pourquoi ?", "12 Pa is the limit", "No: 15 % of it."):
        assert bool(PLAIN.fullmatch(text)) == (not text[0].isdigit()), text
    for text in ("- a", "1. a", "a *b*", "`a`", "a <b>", "a & b", "a  \nb ", "# a", "a\n---", "H~2~O", "$a$", "[a](b)"):
        assert not PLAIN.fullmatch(text), text


def html_of_pages() -> Iterator[str]:
    """What Markdown makes of pages, before anything is removed."""
    converter = Markdown(extensions=list(EXTENSIONS), extension_configs=CONFIGS)
    sources = [path.read_text("utf-8") for folder in (SHIPPED, KINDS) for path in sorted(folder.rglob("*.md"))]
    sources += [page.source for page in islice(pages(200, 9), len(KILLERS), None)]
    for source in sources:
        converter.reset()
        yield converter.convert(source)


def test_the_last_word_alone_gives_what_both_give_where_nothing_is_decided() -> None:
    alone = 0
    for html in html_of_pages():
        after = clean(html, AUTHORS)
        assert sanitise_and_tell(html) == (after, removed_between(html, after)), html
        alone += markup._is_on_the_list(html)
    assert alone > 30, "the short way is taken"


@pytest.mark.parametrize(
    "html",
    [
        '<p onclick="x()">a</p>',
        "<script>alert(1)</script>",
        '<a href="javascript:alert(1)">a</a>',
        '<a href="java&#115;cript:alert(1)">a</a>',
        '<a href="&#106;avascript:alert(1)">a</a>',
        "<a href=javascript:alert(1)>a</a>",
        '<img src="x" src="y">',
        '<p style="color: red">a</p>',
        "<p>a<!-- b --></p>",
        "<p>a < b</p>",
        "<p>a\x0bb</p>",
        '<details open="open"><summary>a</summary></details>',
        "<P>a</P>",
        "<svg><script>alert(1)</script></svg>",
        '<iframe src="a"></iframe>',
    ],
)
def test_whatever_is_not_plainly_on_the_list_goes_the_long_way(html: str) -> None:
    assert not markup._is_on_the_list(html)
    after = clean(html, AUTHORS)
    assert sanitise_and_tell(html) == (after, removed_between(html, after))


@pytest.mark.parametrize("html", ["<tr><td>a</td></tr>", '<a href="https://exש.org">a</a>', "<p>a</p></p>", "<b>a"])
def test_what_the_last_word_takes_out_of_allowed_things_is_told(html: str) -> None:
    after = clean(html, AUTHORS)
    assert sanitise_and_tell(html) == (after, removed_between(html, after))


@given(st.lists(st.sampled_from(["```", "~~~", "text", "<!--", "-->", "- ```", "<pre>", "</pre>", "`a`"]), max_size=8))
def test_lines_without_a_fence_have_no_code(lines: list[str]) -> None:
    mask = blocks.code_mask(lines)
    assert len(mask) == len(lines)
    if not any("```" in line or "~~~" in line for line in lines):
        # A closed fence below changes nothing above it.
        assert blocks.code_mask([*lines, "", "```", "```"])[: len(lines)] == mask


@given(st.lists(st.sampled_from(["<p>a</p>", "<script>a</script>", "<style>b</style>", '<script src="x"></script>',
                                 "<script>", '<a title="x">', "</script>", "text"]), max_size=6))  # fmt: skip
def test_scripts_are_found_without_reading_the_rest(pieces: list[str]) -> None:
    page = "".join(pieces)
    whole = policy._Inline()
    whole.feed(page)
    whole.close()
    assert policy.inline_scripts(page) == frozenset((*whole.scripts, *whole.styles))


def test_fragments_are_remembered_with_what_was_removed() -> None:
    html, removed = render_fragment('a <b onclick="x">b</b>')
    assert "onclick" not in html
    assert [item.attribute for item in removed] == ["onclick"]
    assert fragments.render_at("plain", 1) == "<p>plain</p>"


def test_every_module_of_the_reader_is_a_part_of_the_address() -> None:
    """Nothing that is kept can be out of date."""

    code = (
        "import sys; from site_builder.reading.bodies import compile_page; "
        "compile_page('a.md', ['---', 'title: A', '---', '<quiz>', 'Is it?', '= 5 mL', '</quiz>', '', '$a$'], 'en'); "
        "print(*[name for name in sys.modules if name.startswith('site_builder')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[2] for name in done.stdout.split()} - {""}
    assert {name.partition(".")[0] for name in loaded} <= {*ROOMS, *FILES}
