"""What several parts of Airlock must say alike: a score, an address, an audience, the text of HTML."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from typing import get_args
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.accounts.operations import normalise_email
from api.classes.lists import AUDIENCES as WORDS
from api.classes.lists import read_text
from api.core.errors import Invalid
from api.reports.sheets import Column, NotesHead, Table, write_csv, write_xlsx
from site_builder.course.marks import percent
from site_builder.course.model import AUDIENCES, Audience
from site_builder.markup import lines_of, text_of
from tests.unit.test_texts import LANGUAGES, THEME

SCORES = {0.797: 79, 0.8: 80, 0.29: 29, 0.57: 57, 1.0: 100, 0.999: 99, 2 / 3: 66, 0.0: 0, 0.795: 79}


@pytest.mark.parametrize(("score", "expected"), SCORES.items())
def test_a_score_is_one_percentage_in_every_file(score: float, expected: int) -> None:
    table = Table("T", (Column("Score", "How well.", "percent"),), [(score,)], ZoneInfo("Europe/Brussels"))
    assert percent(score) == expected
    rows = list(csv.reader(io.StringIO(write_csv(table, "en").decode("utf-8-sig"))))
    assert rows[-1] == [str(expected)]
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(table, NotesHead("Notes", "Column", "What"), "en")))
    assert book["T"]["A2"].value == expected / 100


@given(st.integers(1, 200), st.data())
def test_a_percentage_never_passes_what_the_score_does_not(total: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, total))
    shown = percent(right / total)
    assert shown <= Fraction(100 * right, total) < shown + 1
    assert (shown == 100) == (right == total)


ADDRESSES = {
    "a@b..be": None,
    "a,b@example.org": None,
    ".a@example.org": None,
    "a@example": None,
    "a b@example.org": None,
    "a@-example.org": None,
    f"{'a' * 65}@example.org": None,
    "Jean.Exemple+lab@Example.ORG": "jean.exemple+lab@example.org",
    "zoé@exemple.be": None,
    "Zoe@STRAßE.example": "zoe@straße.example",
    "zoe@xn--strae-oqa.example": "zoe@straße.example",
    "o'neil@example.org": "o'neil@example.org",
}


@pytest.mark.parametrize(("text", "expected"), ADDRESSES.items())
def test_an_address_is_taken_or_refused_alike(text: str, expected: str | None) -> None:
    listed = read_text(f'Name;E-mail\nJean;"{text}"\n')
    assert [row.email for row in listed.rows if not row.wrong] == ([expected] if expected else [])
    if expected is None:
        with pytest.raises(Invalid):
            normalise_email(text)
    else:
        assert normalise_email(text) == expected


def test_audiences_are_the_same_everywhere() -> None:
    assert get_args(Audience) == AUDIENCES
    assert set(WORDS) == set(AUDIENCES)
    for lang in LANGUAGES:
        staff = json.loads((THEME / "texts" / "staff" / f"{lang}.json").read_text(encoding="utf-8"))
        assert [name[3:].replace("_", "-") for name in staff if name.startswith("as_")] == list(AUDIENCES)


TEXTS = {
    "<p>Water is H<sub>2</sub>O.</p>": "Water is H₂O.",
    "10<sup>6</sup> CFU &lt; 10<sup>-3</sup>": "10⁶ CFU < 10⁻³",
    "1<sup>er</sup>": "1er",
    "<strong>St</strong>erile": "Sterile",
    '<img alt="A plan" src="x.svg"> here': "A plan here",
    '<math alttext="c_1"><mi>c</mi><mn>1</mn></math> is': "c_1 is",
    "<ul><li>one</li><li>two</li></ul>": "one two",
    "<table><tr><td>a</td><td>b</td></tr></table>": "a b",
}


@pytest.mark.parametrize(("html", "expected"), TEXTS.items())
def test_text_of_html(html: str, expected: str) -> None:
    assert text_of(html) == expected


def test_lines_of_html() -> None:
    assert lines_of("<p>a</p><p>b<br>c</p>", picture="[{}]") == "a\nb\nc"
