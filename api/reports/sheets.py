"""Tables as files that open right in a spreadsheet: .xlsx with types, and CSV for everything else."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import xlsxwriter

from site_builder.course.marks import percent

CellType = Literal["text", "whole", "number", "percent", "time", "minutes"]
Value = str | int | float | datetime | None

COMMA = ("fr", "nl")
"""Languages with a decimal comma, in which Excel puts semicolons between cells."""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection)."""

FORMATS: dict[CellType, str] = {
    "text": "@",
    "whole": "0",
    "number": "0.00",
    "percent": "0 %",
    "minutes": "0.0",
}
TIMES = {"fr": ("dd/mm/yyyy hh:mm", "%d/%m/%Y %H:%M"), "nl": ("dd/mm/yyyy hh:mm", "%d/%m/%Y %H:%M")}
ISO_TIME = ("yyyy-mm-dd hh:mm", "%Y-%m-%d %H:%M")
"""How times are written by language: for a workbook, and for CSV, which a spreadsheet reads as it writes them."""
WIDEST = 60


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        title: What stands above it.
        meaning: What it says, for the sheet of notes.
        type: Of its cells; "percent" holds shares, 0..1; "minutes" holds seconds.
    """

    title: str
    meaning: str
    type: CellType = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the meaning of its columns.

    Attributes:
        name: Of the sheet; at most 31 characters, without marks.
        notes: Sentences above the meanings of the columns.
        zone: Times are written as a clock there shows them: files have no time zones.
        frozen: How many columns stay in view.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    zone: ZoneInfo
    notes: Sequence[str] = ()
    frozen: int = 1


@dataclass(frozen=True, slots=True)
class NotesHead:
    """What stands above the sheet of notes, in the reader's language."""

    name: str
    column: str
    meaning: str


def write_xlsx(table: Table, head: NotesHead, lang: str) -> bytes:
    """A workbook: the table, and a sheet that says what each column means. Text is never a formula."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    forms = {**FORMATS, "time": TIMES.get(lang, ISO_TIME)[0]}
    formats = {name: book.add_format({"num_format": form}) for name, form in forms.items() if name != "text"}
    sheet = book.add_worksheet(table.name[:31])
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.title, bold)
        longest = max((len(_shown(row[place])) for row in table.rows), default=0)
        sheet.set_column(place, place, min(WIDEST, max(10, longest + 2, min(24, len(column.title) + 2))))
    for number, row in enumerate(table.rows, start=1):
        for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            if value is None:
                continue
            if column.type == "text":
                sheet.write_string(number, place, str(value))
            elif isinstance(value, datetime):
                sheet.write_datetime(number, place, value.astimezone(table.zone).replace(tzinfo=None), formats["time"])
            else:
                figure = float(value) / 60 if column.type == "minutes" else float(value)
                if column.type == "percent":
                    # Excel would round what it shows.
                    figure = percent(figure) / 100
                sheet.write_number(number, place, figure, formats[column.type])
    sheet.freeze_panes(1, table.frozen)
    sheet.autofilter(0, 0, max(1, len(table.rows)), len(table.columns) - 1)
    notes = book.add_worksheet(head.name[:31])
    notes.set_column(0, 0, 34)
    notes.set_column(1, 1, 90)
    line = 0
    for sentence in table.notes:
        notes.write_string(line, 0, sentence)
        line += 1
    line += bool(table.notes)
    notes.write_string(line, 0, head.column, bold)
    notes.write_string(line, 1, head.meaning, bold)
    for place, column in enumerate(table.columns, start=line + 1):
        notes.write_string(place, 0, column.title, wrapped)
        notes.write_string(place, 1, column.meaning, wrapped)
    book.close()
    return buffer.getvalue()


def write_csv(table: Table, lang: str) -> bytes:
    """UTF-8 with a byte-order mark; in French and Dutch with semicolons and decimal commas, as Excel reads it there."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";" if lang in COMMA else ",", lineterminator="\r\n")
    writer.writerow([defuse(column.title + (" (%)" if column.type == "percent" else "")) for column in table.columns])
    for row in table.rows:
        writer.writerow(
            [_csv_cell(value, column, table.zone, lang) for value, column in zip(row, table.columns, strict=True)]
        )
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8")


INSIDE = re.compile(r"""([;,\t\r\n|]["'\s]*)(?=[=+\-@])""")
"""Where a text would begin a cell of its own, read with another separator than it was written with."""


def defuse(text: str) -> str:
    """A text that no spreadsheet takes for a formula, whichever separator it looks for (OWASP, CSV injection)."""
    return INSIDE.sub(r"\1'", f"'{text}" if text.startswith(DANGEROUS) else text)


def _csv_cell(value: Value, column: Column, zone: ZoneInfo, lang: str) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime(TIMES.get(lang, ISO_TIME)[1])
    if column.type == "text" or isinstance(value, str):
        return defuse(str(value))
    if column.type == "whole":
        return str(int(value))
    if column.type == "percent":
        return str(percent(value))
    # A negative number is a number, and no spreadsheet runs it.
    text = f"{value / 60:.1f}" if column.type == "minutes" else f"{value:.2f}"
    return text.replace(".", ",") if lang in COMMA else text


def _shown(value: Value) -> str:
    return "yyyy-mm-dd hh:mm" if isinstance(value, datetime) else "" if value is None else str(value)
