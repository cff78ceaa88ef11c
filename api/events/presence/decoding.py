"""A file as somebody downloaded it, or saved it again with Excel: bytes to rows of cells, JSON or XML.

A file is never trusted for its name: Teams writes UTF-16 and calls it .csv, servers answer with a page that says so.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal
from xml.etree import ElementTree

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

LARGEST = 8_000_000
"""Bytes: 50,000 rows of 150."""
LONGEST_CELL = 2_000

Reason = Literal[
    "empty", "too-large", "zip", "old-workbook", "pdf", "web-page", "not-text", "unknown", "no-people", "no-times",
    "another-event",
]  # fmt: skip
"""Why a file cannot be read.

web-page: an error page or a sign-in page that was saved under the file's name. no-people: a summary without them.
no-times: minutes alone ("show unique users"): the other export has the times. another-event: nobody came near the plan.
"""


class Unreadable(Exception):
    """A file that says nothing about who was there.

    Attributes:
        reason: Why.
        details: Values for the sentence.
    """

    def __init__(self, reason: Reason, **details: Any) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.details = details


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a file holds: one of the three.

    Attributes:
        rows: Cells, with the line on which each row begins.
        separator: What stands between cells; "" for a workbook.
    """

    rows: tuple[tuple[int, tuple[str, ...]], ...] = ()
    separator: str = ""
    utf16: bool = False
    tree: Any = None
    xml: ElementTree.Element | None = None


def decode(data: bytes) -> Decoded:
    """What a file holds.

    Raises:
        Unreadable: It is no table, no JSON and no XML.
    """
    if len(data) > LARGEST:
        raise Unreadable("too-large", limit=LARGEST)
    if not data.strip(b"\x00 \r\n\t"):
        raise Unreadable("empty")
    if data.startswith(b"PK\x03\x04"):
        return _workbook(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("old-workbook")
    if data.startswith(b"%PDF"):
        raise Unreadable("pdf")
    text, utf16 = _text(data)
    start = text.lstrip()[:200].lower()
    if start.startswith(("<!doctype html", "<html")):
        raise Unreadable("web-page")
    if start.startswith(("{", "[")):
        try:
            return Decoded(tree=json.loads(text))
        except ValueError:
            raise Unreadable("unknown") from None
    if start.startswith(("<?xml", "<recording")):
        return Decoded(xml=_xml(text))
    return Decoded(rows=tuple(_cells(text, separator := _separator(text))), separator=separator, utf16=utf16)


def _text(data: bytes) -> tuple[str, bool]:
    """The text, and whether each character had two bytes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), True
    sample = data[1:2000:2]
    if len(sample) > 8 and sample.count(0) > 0.8 * len(sample):
        return data.decode("utf-16-le", "replace"), True
    data = data.removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"")
    try:
        return data.decode(), False
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), False


def _xml(text: str) -> ElementTree.Element:
    # What defines entities may grow without end; nothing else in XML can do harm here.
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Unreadable("unknown")
    try:
        return ElementTree.fromstring(text)  # noqa: S314
    except ElementTree.ParseError:
        raise Unreadable("unknown") from None


def _separator(text: str) -> str:
    lines = [line for line in text.replace("\r", "\n").split("\n") if line.strip()][:60]
    if any(line.count("\t") >= 2 for line in lines):
        return "\t"
    plain = [re.sub(r'"[^"]*"', "", line) for line in lines]
    return max((";", ",", "\t"), key=lambda sign: sum(line.count(sign) for line in plain))


def _cells(text: str, separator: str) -> list[tuple[int, tuple[str, ...]]]:
    """Rows with their lines; a lone quote, which would swallow the rest, means nothing."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = io.StringIO(text)
    reader = (
        csv.reader(lines, delimiter=separator)
        if text.count('"') % 2 == 0
        else csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
    )
    rows: list[tuple[int, tuple[str, ...]]] = []
    before = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return rows
        except csv.Error:
            cells = ["\ufffd"]
        line, before = before + 1, reader.line_num
        rows.append((line, tuple(clean(cell) for cell in cells)))


def clean(cell: str) -> str:
    """A cell without spaces around it, marks of direction, byte-order marks and narrow spaces."""
    text = cell[:LONGEST_CELL].translate(HIDDEN)
    return " ".join(text.split())


HIDDEN = {
    **dict.fromkeys([0xFEFF, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]),
    0x202F: " ",
    0x00A0: " ",
    0x2007: " ",
}
"""Zero-width characters and marks of direction go; narrow and fixed spaces are spaces: browsers put one before AM and
PM since 2023."""


def _workbook(data: bytes) -> Decoded:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if "xl/workbook.xml" not in names:
                raise Unreadable("zip")
            if sum(item.file_size for item in archive.infolist()) > 20 * LARGEST:
                raise Unreadable("too-large", limit=LARGEST)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError):
        raise Unreadable("zip") from None
    try:
        sheet = book.worksheets[0]
        rows = tuple(
            (line, tuple(clean(_shown(value)) for value in row))
            for line, row in enumerate(sheet.iter_rows(values_only=True), start=1)
        )
    finally:
        book.close()
    return Decoded(rows=rows)


def _shown(value: Any) -> str:
    """A cell of a workbook as text; times in ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
