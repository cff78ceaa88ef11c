"""Texts that the API writes itself: e-mails and sheets, in the reader's language.

The source language is English. Translations are gettext catalogues, `api/texts/fr.po` and `nl.po`.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, get_timezone_location
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

TEXTS = Path(__file__).resolve().parent.parent / "texts"
LOCALES = {"en": "en_GB", "fr": "fr_BE", "nl": "nl_BE"}
"""How dates are written, by language: as in Europe, also in English."""

NBSP = "\N{NO-BREAK SPACE}"


@cache
def translations(lang: str) -> NullTranslations:
    """The texts of a language; those of English, which stand in the code, for every other one."""
    path = TEXTS / f"{lang}.po"
    if lang not in LOCALES or not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=lang, abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def translator(lang: str) -> Callable[[str], str]:
    """The `gettext` of a language."""
    return translations(lang).gettext


LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ŋ": "n", "’": "'"}
)
"""Letters that no form of Unicode takes apart, as they are sorted by readers of French, Dutch and English."""


def sort_key(name: str) -> tuple[str, str]:
    """Where a name stands in a list that people read.

    Accents and capitals do not matter ("Élodie" is before "Zoé", "Łukasz" between "Luc" and "Lydia"), and numbers count
    as numbers ("Groupe 2" is before "Groupe 10"). The same on every database.
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(sign))
    plain = re.sub(r"\d+", lambda match: match[0].zfill(12), plain.translate(LETTERS))
    return plain, name


LONGEST_FILED = 400


def filed(name: str, family: str = "") -> str:
    """What a person is sorted and searched by: the family name first where it is known, without accents.

    Both databases sort it by its bytes, so that a page of a long list is the same on both.
    """
    first = f"{family} {name.removesuffix(family).strip()}" if family and name.endswith(family) else name
    return sort_key(first)[0][:LONGEST_FILED]


def days_until(due: datetime, now: datetime, zone: ZoneInfo) -> int:
    """Whole days by the calendar of a place: 0 today, 1 tomorrow, negative when late."""
    return (due.astimezone(zone).date() - now.astimezone(zone).date()).days


def due_words(due: datetime, now: datetime, zone: ZoneInfo, lang: str) -> str:
    """The words for a due time, the same as in the browser (`dueWords` in `lib/format.js`)."""
    texts = translations(lang)
    days = days_until(due, now, zone)
    if due < now and days >= 0:
        days = -1
    if days < 0:
        return texts.ngettext("1 day late", "{days} days late", -days).format(days=-days)
    if days == 0:
        return texts.gettext("due today")
    if days == 1:
        return texts.gettext("due tomorrow")
    return texts.gettext("due in {days} days").format(days=days)


def date_text(day: date, lang: str) -> str:
    """A day of the calendar as a language writes it: "27 November 2026"."""
    return _ordinal(format_date(day, "long", locale=LOCALES.get(lang, "en_GB")), lang)


def _ordinal(text: str, lang: str) -> str:
    """The first of a month is an ordinal in French ("1er janvier"), which Unicode's data leave out."""
    return re.sub(r"(?<!\S)1 (?=[^\W\d])", "1er ", text) if lang == "fr" else text


def long_day(moment: datetime, zone: ZoneInfo, lang: str) -> str:
    """The day of a moment in a place, as a language writes it: "Friday 27 November 2026"."""
    return _ordinal(format_datetime(moment, "EEEE d MMMM y", tzinfo=zone, locale=LOCALES.get(lang, "en_GB")), lang)


def long_time(moment: datetime, zone: ZoneInfo, lang: str) -> str:
    """A time as it is written in a language and read off a clock in a place.

    "Friday 27 November 2026, 16:00, Brussels": nobody knows where a letter is read.
    """
    locale = LOCALES.get(lang, "en_GB")
    place = get_timezone_location(zone, locale=locale, return_city=True)
    text = format_datetime(moment, "EEEE d MMMM y, HH:mm", tzinfo=zone, locale=locale)
    return f"{_ordinal(text, lang)}, {place}"
