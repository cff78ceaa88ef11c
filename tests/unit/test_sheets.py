"""Files that open right in a spreadsheet, and run nothing there."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.core.texts import sort_key
from api.reports.sheets import Column, NotesHead, Table, Value, defuse, write_csv, write_xlsx

HEAD = NotesHead("Notes", "Column", "What it says")
COLUMNS = (
    Column("Learner", "Who."),
    Column("Attempt", "Which.", "whole"),
    Column("Handed in", "When.", "time"),
    Column("Minutes", "How long.", "minutes"),
    Column("Score", "How well.", "percent"),
    Column("Discrimination", "How telling.", "number"),
)
ROW: tuple[Value, ...] = ("Zoé", 2, datetime(2026, 7, 1, 14, 30, tzinfo=UTC), 90.0, 0.85, -0.25)
BRUSSELS = ZoneInfo("Europe/Brussels")
DANGEROUS = ("=1+1", "+32", "-2", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://example.org")')


def table(*rows: tuple[Value, ...]) -> Table:
    return Table("Attempts", COLUMNS, rows, BRUSSELS, notes=["A class"])


def test_cells_of_a_workbook_have_types_and_the_header_stays() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(table(ROW), HEAD, "fr")))
    assert book.sheetnames == ["Attempts", "Notes"]
    sheet = book["Attempts"]
    assert sheet.freeze_panes == "B2"
    assert [cell.value for cell in sheet[1]] == [column.title for column in COLUMNS]
    name, attempt, handed_in, minutes, score, figure = sheet[2]
    assert (name.value, attempt.value, score.value, figure.value) == ("Zoé", 2, 0.85, -0.25)
    assert handed_in.value == datetime(2026, 7, 1, 16, 30)  # noqa: DTZ001  # As a clock in Brussels shows it.
    assert minutes.value == 1.5
    assert handed_in.number_format == "dd/mm/yyyy hh:mm"
    assert (score.number_format, attempt.number_format) == ("0 %", "0")


def test_a_workbook_says_what_its_columns_mean() -> None:
    notes = openpyxl.load_workbook(io.BytesIO(write_xlsx(table(ROW), HEAD, "fr")))["Notes"]
    rows = [[cell.value for cell in row] for row in notes.iter_rows()]
    assert rows[0][0] == "A class"
    assert rows[2:4] == [["Column", "What it says"], ["Learner", "Who."]]
    assert len(rows) == 3 + len(COLUMNS)


def test_nothing_is_an_empty_cell() -> None:
    empty: tuple[Value, ...] = ("Zoé", None, None, None, None, None)
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(table(empty), HEAD, "fr")))["Attempts"]
    assert [cell.value for cell in sheet[2]] == ["Zoé", None, None, None, None, None]
    assert write_csv(table(empty), "fr").decode("utf-8-sig").splitlines()[1] == "Zoé;;;;;"


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_is_never_a_formula(text: str) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(table((text, *ROW[1:])), HEAD, "fr")))["Attempts"]
    assert sheet["A2"].data_type == "s"
    read = list(
        csv.reader(io.StringIO(write_csv(table((text, *ROW[1:])), "fr").decode("utf-8-sig"), newline=""), delimiter=";")
    )
    assert read[1][0] == f"'{text}"


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("fr", "Zoé;2;01/07/2026 16:30;1,5;85;-0,25"),
        ("nl", "Zoé;2;01/07/2026 16:30;1,5;85;-0,25"),
        ("en", "Zoé,2,2026-07-01 16:30,1.5,85,-0.25"),
    ],
)
def test_csv_is_written_as_it_is_read_in_each_language(lang: str, line: str) -> None:
    data = write_csv(table(ROW), lang)
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").split("\r\n")[1] == line


@given(st.text(max_size=30))
def test_whatever_a_text_is_it_comes_back_and_begins_no_formula(text: str) -> None:
    safe = defuse(text)
    # Apostrophes are all that is added.
    assert safe.replace("'", "") == text.replace("'", "")
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize(
    "text",
    ["=1+1", "Jo;=1+1;y", "Jo,+1", "Jo\t@SUM(A1)", 'Jo; "=1+1"', "a\n-1", "a | =cmd", "Jo;;=1", "x,  =1", "Jo;'=1"],
)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_no_separator_makes_a_formula_of_a_text(text: str, lang: str) -> None:
    """A file is read with the separator of who opens it, not of who wrote it (OWASP, CSV injection)."""
    table = Table("T", (Column("Name", ""), Column("Other", "")), ((text, "x"),), BRUSSELS)
    written = write_csv(table, lang).decode("utf-8-sig")
    for separator in (";", ",", "\t", "|"):
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
            for row in csv.reader(io.StringIO(written, newline=""), delimiter=separator, quoting=quoting):
                begun = [cell.lstrip('" \r\n') for cell in row]
                assert not [cell for cell in begun if cell.startswith(("=", "+", "-", "@"))], (separator, row)


@pytest.mark.parametrize(
    "names",
    [
        ["Luc", "Łukasz", "Lydia"],
        ["Olga", "Øystein", "Pia"],
        ["Adèle", "Ægir", "Anna"],
        ["Denis", "Đorđe", "Dries"],
        ["Groupe 2", "Groupe 10"],
        ["École", "Groupe 2", "Zorro"],
        ["D'Hondt", "D’Hondt", "Dhooge"],
    ],
)
def test_names_stand_where_people_look_for_them(names: list[str]) -> None:
    assert sorted({*names}, key=sort_key) == names
