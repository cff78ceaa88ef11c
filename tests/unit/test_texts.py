"""The interface says the same things in its three languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

THEME = Path(__file__).parent.parent.parent / "themes" / "airlock"
TEXTS = {
    lang: json.loads((THEME / "texts" / f"{lang}.json").read_text(encoding="utf-8")) for lang in ("en", "fr", "nl")
}
COMPOSED = (
    "analysis_note_",
    "as_",
    "asked_",
    "attribute_",
    "confidence_",
    "answer_",
    "audience_",
    "cell_",
    "change_",
    "classes_tab_",
    "error_",
    "export_",
    "kind_",
    "list_",
    "matrix_filter_",
    "matrix_no",
    "matrix_sort_",
    "message_",
    "option_",
    "page_",
    "reason_",
    "remark_",
    "remind_",
    "role_",
    "row_",
    "wrong_",
)
"""Beginnings of keys that the elements put together."""


def test_every_language_has_every_text_with_its_values() -> None:
    for lang, texts in TEXTS.items():
        assert texts.keys() == TEXTS["en"].keys(), lang
        for key, text in texts.items():
            assert text.strip(), (lang, key)
            assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", TEXTS["en"][key])), (lang, key)


def test_every_text_is_used() -> None:
    paths = [
        *THEME.rglob("*.html"),
        *(THEME / "assets" / "elements").rglob("*.js"),
        *(THEME / "assets" / "lib").glob("*.js"),
    ]
    source = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    assert [key for key in TEXTS["en"] if key not in source and not key.startswith(COMPOSED)] == []


SEPARATED = "people_list_example"
"""A line of a spreadsheet's file, where semicolons stand between cells."""


def test_french_has_its_spaces() -> None:
    for key, text in TEXTS["fr"].items():
        if key == SEPARATED:
            continue
        assert not re.search(r"[^\u00a0\u202f\s:][:;?!»%]|«[^\u00a0\u202f]| [:;?!»%]", text), (key, text)
