"""What the API writes itself says the same things in its three languages, and the same as the interface."""

from __future__ import annotations

import ast
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from api.core.texts import LOCALES, TEXTS, date_text, due_words, long_day, long_time, translations

ROOT = Path(__file__).parent.parent.parent
API = ROOT / "api"
KEYWORDS = {"say": (1,), "say_count": (1, 2), "gettext": (1,), "ngettext": (1, 2)}
TRANSLATED = sorted(set(LOCALES) - {"en"})
DUE = {
    "due_today": "due today",
    "due_tomorrow": "due tomorrow",
    "due_in": "due in {days} days",
    "due_late_one": ("1 day late", "{days} days late"),
    "due_late": ("1 day late", "{days} days late"),
}
"""Keys of the interface, and the API's texts with the same words."""
NO_BREAK = "\u00a0\u202f"

Key = str | tuple[str, ...]


def hidden_in_f_strings() -> set[Key]:
    """Texts in calls within f-strings, which an extractor that reads tokens does not see before Python 3.12."""
    found: set[Key] = set()
    for path in API.rglob("*.py"):
        for outer in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for call in ast.walk(outer) if isinstance(outer, ast.JoinedStr) else ():
                if not isinstance(call, ast.Call):
                    continue
                name = getattr(call.func, "attr", getattr(call.func, "id", ""))
                texts = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
                if name in KEYWORDS and len(texts) >= len(KEYWORDS[name]):
                    wanted = tuple(texts[: len(KEYWORDS[name])])
                    found.add(wanted if len(wanted) > 1 else wanted[0])
    return found


def source_texts() -> set[Key]:
    found: set[Key] = set()
    for _, _, text, _, _ in extract_from_dir(API, [("**.py", "python")], keywords=KEYWORDS):
        found.add(text if isinstance(text, str) else tuple(text))
    return found | hidden_in_f_strings()


def read(lang: str) -> Catalog:
    with (TEXTS / f"{lang}.po").open("rb") as file:
        return read_po(file, abort_invalid=True)


def messages(lang: str) -> list[Message]:
    return [message for message in read(lang) if message.id]


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{[^}]*\}", text))


def test_there_is_something_to_translate() -> None:
    assert {"Hello {name},", "late", ("1 day late", "{days} days late")} <= source_texts()


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_text_is_translated_and_none_is_left_over(lang: str) -> None:
    ids = {message.id if isinstance(message.id, str) else tuple(message.id) for message in messages(lang)}
    assert ids == source_texts()
    assert not read(lang).obsolete


@pytest.mark.parametrize("lang", TRANSLATED)
def test_translations_are_whole(lang: str) -> None:
    catalogue = read(lang)
    assert str(catalogue.locale) == lang
    assert catalogue.charset == "utf-8"
    assert (catalogue.num_plurals, catalogue.plural_expr) == (2, {"fr": "(n > 1)", "nl": "(n != 1)"}[lang])
    assert not catalogue.fuzzy
    for message in messages(lang):
        assert not message.fuzzy, message.id
        translated = forms(message.string)
        assert len(translated) == (catalogue.num_plurals if message.pluralizable else 1), message.id
        assert all(form.strip() == form and form for form in translated), message.id


@pytest.mark.parametrize("lang", TRANSLATED)
def test_translations_have_the_placeholders_of_their_source(lang: str) -> None:
    for message in messages(lang):
        for source, translated in zip(forms(message.id), forms(message.string), strict=True):
            assert placeholders(translated) == placeholders(source), message.id
            # Nothing else that `format` would stumble over.
            assert not re.search(r"[{}]", re.sub(r"\{\w+\}", "", translated)), message.id


FRENCH_SLIPS = re.compile(rf"[^{NO_BREAK}][:;?!%»]|«[^{NO_BREAK}]|^[:;?!%»]|«$|['\"]")


@pytest.mark.parametrize("slip", ["oui?", "oui ?", "100 %", "100%", "« oui»", "«oui\u00a0»", "« oui\u00a0»", "l'essai"])
def test_slips_in_french_are_found(slip: str) -> None:
    assert FRENCH_SLIPS.search(slip)


def test_french_has_its_spaces_and_apostrophes() -> None:
    assert not FRENCH_SLIPS.search("«\u00a0l’essai\u00a0»\u00a0: 100\u00a0%\u00a0!")
    for message in messages("fr"):
        for text in forms(message.string):
            assert not FRENCH_SLIPS.search(text), text


def interface(lang: str) -> dict[str, str]:
    path = ROOT / "themes" / "airlock" / "texts" / f"{lang}.json"
    return {key: text for key, text in json.loads(path.read_text(encoding="utf-8")).items() if key in DUE}


@pytest.mark.parametrize("lang", sorted(LOCALES))
def test_due_texts_are_those_of_the_interface(lang: str) -> None:
    texts, shown = translations(lang), interface(lang)
    assert shown.keys() == DUE.keys()
    for key, source in DUE.items():
        if isinstance(source, str):
            assert texts.gettext(source) == shown[key]
        else:
            one, many = source
            assert texts.ngettext(one, many, 1 if key == "due_late_one" else 2) == shown[key]


CASES = json.loads((ROOT / "tests" / "golden" / "due.json").read_text(encoding="utf-8"))


def test_the_table_has_every_word_in_every_language() -> None:
    assert {case["lang"] for case in CASES} == set(LOCALES)
    for lang in LOCALES:
        said = {re.sub(r"\d+", "{days}", case["words"]) for case in CASES if case["lang"] == lang}
        assert said == {re.sub(r"\d+", "{days}", text) for text in interface(lang).values()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['now']} {case['due']} {case['zone']} {case['lang']}")
def test_due_words(case: dict[str, str]) -> None:
    due, now = datetime.fromisoformat(case["due"]), datetime.fromisoformat(case["now"])
    assert due_words(due, now, ZoneInfo(case["zone"]), case["lang"]) == case["words"]


def test_the_first_of_a_month_is_an_ordinal_in_french() -> None:
    first = datetime(2026, 3, 1, 8, tzinfo=UTC)
    brussels = ZoneInfo("Europe/Brussels")
    assert long_day(first, brussels, "fr") == "dimanche 1er mars 2026"
    assert long_time(first, brussels, "fr").startswith("dimanche 1er mars 2026, 09:00")
    assert date_text(date(2026, 1, 1), "fr") == "1er janvier 2026"
    assert date_text(date(2026, 1, 11), "fr") == "11 janvier 2026"
    assert date_text(date(2026, 1, 1), "nl") == "1 januari 2026"
