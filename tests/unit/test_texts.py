"""The interface says the same things in its three languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

THEME = Path(__file__).parent.parent.parent / "themes" / "airlock"
LANGUAGES = ("en", "fr", "nl")


def read(lang: str, folder: str = "") -> dict[str, str]:
    found: dict[str, str] = json.loads((THEME / "texts" / folder / f"{lang}.json").read_text(encoding="utf-8"))
    return found


TEXTS = {lang: {**read(lang), **read(lang, "staff")} for lang in LANGUAGES}
COMPOSED = (
    "analysis_note_",
    "as_",
    "asked_",
    "attribute_",
    "column_",
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
        *(THEME.parent.parent / "site_builder" / "site").glob("*.py"),
        THEME.parent.parent / "site_builder" / "plugin.py",
        THEME.parent.parent / "site_builder" / "course" / "modules.py",
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


def test_learners_pages_use_no_text_that_they_do_not_load() -> None:
    pages = (
        "air-classes",
        "class-",
        "air-results",
        "quiz-analysis",
        "staff-texts",
        "air-people",
        "air-audit",
        "air-upkeep",
    )
    paths = [path for path in (THEME / "assets" / "elements").rglob("*.js") if not path.name.startswith(pages)]
    source = "\n".join(path.read_text(encoding="utf-8") for path in [*paths, *THEME.rglob("*.html")])
    used = set(re.findall(r"\bt\(\s*\"(\w+)\"", source)) | set(re.findall(r"texts\.(\w+)", source))
    assert used & set(read("en", "staff")) == set()
    assert read("en").keys() & read("en", "staff").keys() == set()
