"""The languages that Airlock speaks: one list of them, `languages.json`, which the bundler of the elements reads too.

A language is added there, and gets its texts (`themes/airlock/texts/`, `api/texts/`) and the word lists of the advice.
Which of them a site has, and which one its content is in unless a file's name says otherwise, is the site's choice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Language:
    """One language.

    Attributes:
        code: ISO 639-1.
        name: In itself.
        locale: BCP 47, for dates and numbers in a browser.
        decimal_comma: Whether numbers have a comma where others have a point.
        called: What this language calls every language.
        true_false: What the two options of a true/false question may be called.
    """

    code: str
    name: str
    locale: str
    decimal_comma: bool
    called: Mapping[str, str]
    true_false: tuple[tuple[str, ...], ...]


def _read() -> dict[str, Language]:
    found = json.loads((Path(__file__).parent / "languages.json").read_text(encoding="utf-8"))
    return {
        code: Language(code=code, **{**item, "true_false": tuple(map(tuple, item["true_false"]))})
        for code, item in found.items()
    }


LANGUAGE = _read()
"""Every language by its code."""

LANGUAGES: tuple[str, ...] = tuple(LANGUAGE)
"""Codes of all languages; a site without a choice of its own has them in this order, the first for its content."""
