"""Lists of learners as they come out of a spreadsheet: bytes or pasted text to rows. No database.

French and Dutch Excel write `;` between cells, cp1252 or UTF-8 with a byte-order mark, and CRLF; cells that are pasted
have tabs between them. Columns are known by their headings in French, Dutch and English, in any order.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar, get_args

from api.core.addresses import has_other_letters, read_address
from api.core.names import has_address
from site_builder.course.model import Audience

MOST_ROWS = 500
LONGEST_FILE = 150_000
"""Bytes; 500 rows of 300 characters."""

Meaning = TypeVar("Meaning", bound=str)
Column = Literal["name", "first", "particle", "last", "email", "lang", "audience", "employer", "funding"]
Wrong = Literal[
    "email-missing", "email-wrong", "name-too-long", "too-long", "lang-unknown", "audience-unknown",
    "ragged", "formula", "not-text", "twice", "email-accent", "garbled", "name-address",
]  # fmt: skip
"""Why a row cannot be taken."""

Unreadable = Literal["empty", "spreadsheet", "not-text", "too-many", "too-large", "no-email"]
"""Why a list cannot be read at all."""

MAILTO = re.compile(r"^mailto:\s*", re.IGNORECASE)
IN_BRACKETS = re.compile(r"^(?P<name>[^<>]*)<(?P<email>[^<>]+)>$")

EITHER = ("name", "nom", "naam")
"""Beside a first name alone it is the last one, otherwise the whole."""

HEADINGS: dict[Column, tuple[str, ...]] = {
    "name": ("full name", "display name", "displayname", "learner",
             "nom complet", "nom et prenom", "nom prenom", "prenom nom", "prenom et nom",
             "apprenant", "volledige naam", "naam en voornaam", "naam voornaam", "voornaam naam", "voornaam en naam",
             "cursist", "leerling", "stagiaire", "eleve", "participant", "deelnemer"),
    "first": ("first name", "firstname", "given name", "givenname", "forename", "prenom", "voornaam", "roepnaam"),
    "particle": ("tussenvoegsel", "tussenvoegsels", "voorvoegsel", "voorvoegsels", "particule", "name prefix"),
    "last": ("last name", "lastname", "surname", "family name", "familyname", "nom de famille", "achternaam",
             "familienaam", *EITHER),
    "email": ("email", "e mail", "mail", "email address", "e mail address", "adresse email", "adresse e mail",
              "adresse mail", "adresse de messagerie", "adresse de messagerie electronique", "adresse electronique",
              "courriel", "adresse electronique", "adresse de courriel",
              "adresse courriel", "mailadres", "mail adres", "e mailadres",
              "emailadres", "e mail adres"),
    "lang": ("language", "lang", "langue", "taal"),
    "audience": ("audience", "status", "public", "statut", "doelgroep", "statuut", "type", "role", "rol"),
    "employer": ("employer", "school", "company", "organisation", "organization", "employer or school", "employeur",
                 "ecole", "entreprise", "societe", "employeur ou ecole", "werkgever", "bedrijf", "organisatie"),
    "funding": ("funding code", "funding", "code de financement", "financement", "code financement", "dossier",
                "numero de dossier", "financieringscode", "financiering", "dossiernummer"),
}  # fmt: skip
"""What columns are called, without accents, capitals and marks."""

LANGS: dict[str, tuple[str, ...]] = {
    "fr": ("fr", "francais", "french", "frans", "f"),
    "nl": ("nl", "neerlandais", "dutch", "nederlands", "n"),
    "en": ("en", "anglais", "english", "engels", "e"),
}
AUDIENCES: dict[Audience, tuple[str, ...]] = {
    "job-seeker": ("job seeker", "jobseeker", "demandeur d emploi", "demandeuse d emploi", "de", "werkzoekende"),
    "worker": ("worker", "employee", "travailleur", "travailleuse", "employe", "ouvrier", "ouvriere", "werknemer",
               "werkneemster", "arbeider", "bediende"),
    "student": ("student", "studente", "etudiant", "etudiante", "etudiant e", "eleve", "leerling", "pupil"),
    "teacher": ("teacher", "enseignant", "enseignante", "professeur", "leerkracht", "docent", "leraar", "lerares",
                "trainer", "formateur", "formatrice"),
}  # fmt: skip

LONGEST_LINE = 20_000
"""Characters; a longer line is no list of people."""

CIVILITIES = frozenset(
    "m mr mme mlle monsieur madame mademoiselle mrs ms miss dhr de heer heer mevr mevrouw mw dame".split()  # noqa: SIM905
)
"""How people are addressed; no part of a name, where it stands in a cell of its own."""

LONGEST_CELL = 2000
"""Characters; putting a cell into one Unicode form can take the square of its length."""
LONGEST = {"name": 120, "employer": 120, "funding": 60}


@dataclass(frozen=True, slots=True)
class Row:
    """One learner of a list.

    Attributes:
        line: In the list, from 1.
        found: The cells as they stand there, for messages.
        wrong: Why it cannot be taken; empty if it can.
        given: Given name, where the list has both in columns of their own; "" otherwise.
        family: Family name, particle included; the same.
        name_guessed: Whether the name was made of the address, because the list has none.
    """

    line: int
    found: str
    name: str = ""
    given: str = ""
    family: str = ""
    email: str = ""
    lang: str | None = None
    audience: Audience | None = None
    employer: str = ""
    funding: str = ""
    wrong: tuple[Wrong, ...] = ()
    name_guessed: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A column of a list.

    Attributes:
        heading: As it stands there; "" where the list has none.
        sample: The first thing that stands in it.
        meaning: What it is read as; "" where it is not read.
    """

    heading: str
    sample: str
    meaning: Column | Literal[""]


@dataclass(frozen=True, slots=True)
class ReadList:
    """What a list says.

    Attributes:
        unreadable: Why nothing could be read; None if it could.
        text: The list as text, to be shown and mended.
        columns: Headings that were recognised; empty if the list has none.
        ignored: Headings that were not.
        places: Every column, so that somebody can say what it means; empty where there is one alone.
    """

    rows: tuple[Row, ...] = ()
    unreadable: Unreadable | None = None
    text: str = ""
    columns: tuple[Column, ...] = ()
    ignored: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


def read_file(data: bytes, meant: Sequence[str] | None = None) -> ReadList:
    """The list in a file, in whatever encoding it was saved."""
    # xlsx, ods, xls, PDF.
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")):
        return ReadList(unreadable="spreadsheet")
    if len(data) > LONGEST_FILE:
        return ReadList(unreadable="too-large")
    text = decode(data)
    return ReadList(unreadable="not-text") if text is None else read_text(text, meant)


def decode(data: bytes) -> str | None:
    """The text of a file: UTF-16 or UTF-8 by its mark, UTF-8, else cp1252; None if it is no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            return None
    if b"\x00" in data:
        return None
    # Line by line: one byte that went wrong spoils its own line, and not the names of everybody.
    return "".join(_decode_line(line) for line in data.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True))


def _decode_line(line: bytes) -> str:
    """A line as UTF-8, or else as cp1252."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        # Five bytes mean nothing in cp1252; a row with one of them is reported, the others are taken.
        return line.decode("cp1252", "replace")


def read_text(text: str, meant: Sequence[str] | None = None) -> ReadList:
    """The list in a text that was pasted, or decoded.

    Args:
        text: The list.
        meant: What each column means, as somebody said by hand; "" is not read. None is to go by the headings.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > LONGEST_FILE:
        return ReadList(unreadable="too-large")
    # Halves of surrogate pairs can be in JSON, and in no file.
    text = re.sub("[\ud800-\udfff]", "\ufffd", text)
    if not text.strip():
        return ReadList(unreadable="empty", text=text)
    if "\x00" in text:
        return ReadList(unreadable="not-text")
    if any(_is_person(_clean(cell)) for cell in re.split("[;,\t]", text.strip().partition("\n")[0][:LONGEST_LINE])):
        # Without headings: below one, addresses behind one another are of one learner.
        text = "\n".join(person for line in text.split("\n") for person in _people(line))
    lines = list(_cells(text))
    if not lines:
        return ReadList(unreadable="empty", text=text)
    # A line that tells Excel how to read the rest.
    if re.fullmatch("sep=.?", lines[0][1][0]) and not any(lines[0][1][1:]):
        lines = lines[1:] or lines
    columns, ignored = _headings(lines) if meant is None else _as_meant(lines, meant)
    has_address = any(map(read_address, lines[0][1]))
    has_heading = not has_address and ("email" in columns.values() or meant is not None)
    body = lines[1:] if has_heading else lines
    if not body:
        return ReadList(unreadable="empty", text=text)
    places = _places(lines, columns, has_heading)
    if len(body) > MOST_ROWS:
        return ReadList(unreadable="too-many", text=text)
    if meant is not None and "email" not in columns.values():
        return ReadList(unreadable="no-email", text=text, places=places)
    if not has_heading and meant is None:
        if not any("@" in cell for _, cells in body for cell in cells):
            return ReadList(unreadable="no-email", text=text, places=places)
        rows = [_row_without_headings(line, cells) for line, cells in body]
        return ReadList(rows=_mark_doubles(rows), text=text, places=places)
    rows = [_row(line, cells, columns, len(lines[0][1])) for line, cells in body]
    found = tuple(dict.fromkeys(columns.values()))
    return ReadList(rows=_mark_doubles(rows), text=text, columns=found, ignored=ignored, places=places)


def _as_meant(lines: list[tuple[int, list[str]]], meant: Sequence[str]) -> tuple[dict[int, Column], tuple[str, ...]]:
    """Columns as somebody said by hand; of several for the same, the first one."""
    columns: dict[int, Column] = {}
    for place, name in enumerate(meant):
        known = next((column for column in COLUMNS if column == name), None)
        if known is not None and known not in columns.values():
            columns[place] = known
    cells = lines[0][1]
    return columns, tuple(cell[:60] for place, cell in enumerate(cells) if cell and place not in columns)


COLUMNS: tuple[Column, ...] = get_args(Column)
MOST_PLACES = 40
"""Columns that are offered."""


def _places(lines: list[tuple[int, list[str]]], columns: Mapping[int, Column], has_heading: bool) -> tuple[Place, ...]:
    width = min(MOST_PLACES, max(len(cells) for _, cells in lines[:20]))
    body = lines[1:] if has_heading else lines

    def sample(place: int) -> str:
        return next((cells[place][:60] for _, cells in body[:20] if place < len(cells) and cells[place]), "")

    heading = lines[0][1] if has_heading else []
    found = tuple(
        Place(heading[place][:60] if place < len(heading) else "", sample(place), columns.get(place, ""))
        for place in range(width)
    )
    return found if width > 1 else ()


def _people(line: str) -> list[str]:
    """A line with several people behind one another, as mail programs write whom a mail goes to, as a line for each."""
    if line.count("@") > 1 and len(line) <= LONGEST_LINE:
        for sign in ";,":
            try:
                cells = next(csv.reader([line], delimiter=sign, skipinitialspace=True))
            except (csv.Error, StopIteration):
                return [line]
            people = [cell.strip() for cell in cells if cell.strip()]
            if len(people) > 1 and all(_is_person(_clean(person)) for person in people):
                return people
    return [line]


def _is_person(cell: str) -> bool:
    """Whether a cell is an address, or a name with its address in brackets."""
    bracketed = IN_BRACKETS.match(cell)
    return read_address(bracketed["email"] if bracketed else MAILTO.sub("", cell)) is not None


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line numbers and cells of the lines that say something."""
    separator = _separator(text)
    # A lone quote would swallow the rest of the list: then quotes mean nothing.
    reader = (
        csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True)
        if text.count('"') % 2 == 0
        else csv.reader(io.StringIO(text), delimiter=separator, quoting=csv.QUOTE_NONE, skipinitialspace=True)
    )
    before = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            # A cell that is longer than any honest one; the line is shown as it is, and is wrong.
            cells = ["\ufffd"]
        line, before = before + 1, reader.line_num
        cells = [_clean(cell) for cell in cells]
        if any(cells):
            yield line, cells


def _separator(text: str) -> str:
    """What stands between cells: what is in most of the first lines; tabs before semicolons before commas."""
    head = re.sub(r'"[^"]*"', "", "\n".join(text.split("\n")[:20])).split("\n")
    return max(("\t", ";", ","), key=lambda sign: sum(sign in line.strip() for line in head))


def _clean(cell: str) -> str:
    """A cell without spaces around it, in one Unicode form, without what a spreadsheet hides in it."""
    if len(cell) > LONGEST_CELL:
        cell = cell[:LONGEST_CELL] + "\ufffd"
    text = unicodedata.normalize("NFC", cell)
    # A number that keeps its zeros: a text to Excel.
    text = re.sub(r'^="([^"]*)"$', r"\1", text.strip())
    # Soft hyphens, zero-width characters and marks of direction are pasted along, and are not part of a name.
    kinds = ((character, unicodedata.category(character)) for character in text)
    text = "".join(" " if kind[0] == "Z" else character for character, kind in kinds if kind != "Cf")
    return re.sub(" +", " ", text).strip()


def plain(text: str) -> str:
    """A heading without accents, capitals and marks."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(character for character in folded if not unicodedata.combining(character))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters).split())


def _headings(lines: list[tuple[int, list[str]]]) -> tuple[dict[int, Column], tuple[str, ...]]:
    """Which column is what, by its place; and headings that say nothing to us."""
    cells = lines[0][1]
    meant: dict[int, Column] = {}
    for place, cell in enumerate(cells):
        found = next((name for name, words in HEADINGS.items() if plain(cell) in words), None)
        if found:
            meant[place] = found
    sure = {name for place, name in meant.items() if plain(cells[place]) not in EITHER}
    if "first" not in sure or "last" in sure:
        meant = {place: "name" if plain(cells[place]) in EITHER else name for place, name in meant.items()}
    # Of several columns for the same, the first one; where only a few words mean something, the one that has most.
    columns: dict[int, Column] = {}
    for name in dict.fromkeys(meant.values()):
        places = [place for place, one in meant.items() if one == name]
        if name == "audience":
            # Under "Status" much else may stand: it counts where it says something that we know.
            known = {place: _count_known(lines[1:], place, AUDIENCES) for place in places}
            places = [
                place
                for place in places
                if known[place]
                or plain(cells[place]) in AUDIENCE_ALONE
                or not any(row[place] for _, row in lines[1:] if place < len(row))
            ]
            places.sort(key=lambda place: -known[place])
        columns.update(dict.fromkeys(places[:1], name))
    ignored = tuple(cell[:60] for place, cell in enumerate(cells) if cell and place not in columns)
    return dict(sorted(columns.items())), ignored


AUDIENCE_ALONE = ("audience", "doelgroep")
"""Headings under which nothing else stands."""


def _count_known(lines: list[tuple[int, list[str]]], place: int, words: Mapping[Meaning, tuple[str, ...]]) -> int:
    """How many cells of a column say something that we know."""
    return sum(_known(cells[place], words) is not None for _, cells in lines if place < len(cells))


@dataclass
class _Draft:
    """A row that is being read."""

    wrong: list[Wrong] = field(default_factory=list)

    def complain(self, reason: Wrong) -> None:
        if reason not in self.wrong:
            self.wrong.append(reason)


def _row(line: int, cells: list[str], columns: dict[int, Column], width: int) -> Row:
    draft = _Draft()
    if any(cells[width:]):
        draft.complain("ragged")
    values: dict[Column, str] = {
        name: cells[place] if place < len(cells) else "" for place, name in sorted(columns.items())
    }
    parts = [values.get(column, "") for column in PARTS]
    name = " ".join(part for part in parts if part)
    # The whole name where a part of it is missing.
    if values.get("name") and not (values.get("first") and values.get("last")):
        name = values["name"]
    bracketed = IN_BRACKETS.match(values.get("email", ""))
    if bracketed:
        values["email"] = bracketed["email"].strip()
        name = name or bracketed["name"].strip(' "')
    return _finish(line, cells, draft, name, values)


def _row_without_headings(line: int, cells: list[str]) -> Row:
    """The cell with an @ is the address, what stands before or behind it is the name, in the order of the list."""
    draft = _Draft()
    words: list[str] = []
    email = ""
    for cell in cells:
        # Two addresses are two people.
        if "@" in cell and email:
            draft.complain("ragged")
        bracketed = IN_BRACKETS.match(cell)
        if bracketed and "@" in bracketed["email"] and not email:
            email = bracketed["email"].strip()
            words.append(bracketed["name"].strip(' "'))
        elif "@" in cell and not email:
            email = cell
        # A number, a telephone or a language beside the address is no part of the name.
        elif (
            any(c.isalpha() for c in cell)
            and (len(cell) < 2 or not _known(cell, LANGS))
            and plain(cell) not in CIVILITIES
        ):
            words.append(cell)
    return _finish(line, cells, draft, " ".join(word for word in words[:2] if word), {"email": email})


def _swallows(cell: str, is_read: bool) -> bool:
    """Whether a quote in a cell has swallowed people: lines with an address, and cells of their own beside it."""
    lines = cell.split("\n") if "\n" in cell and "@" in cell else []
    return bool(lines) and (is_read or any("@" in line and re.search("[;\t,]", line) for line in lines))


def _is_no_name(cell: str) -> bool:
    """Whether a cell is a language, or how somebody is addressed."""
    return (len(cell) > 1 and _known(cell, LANGS) is not None) or plain(cell) in CIVILITIES


PARTS: tuple[Column, ...] = ("first", "particle", "last")
"""Of a name, in their order."""


def _finish(line: int, cells: list[str], draft: _Draft, name: str, values: dict[Column, str]) -> Row:
    """A row of its values, with everything that is wrong with it."""
    found = " · ".join(cell for cell in cells if cell)[:200]
    everything = "".join((name, *values.values()))
    # A line break in a cell with an address: a quote has swallowed people.
    if any(
        unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn") or character == "\ufffd" for character in everything
    ) or any(_swallows(cell, cell in values.values()) for cell in cells):
        draft.complain("not-text")
    found = "".join(c if unicodedata.category(c)[0] != "C" else " " if c == "\n" else "\ufffd" for c in found)
    email = MAILTO.sub("", values.get("email", "")).lower()
    if not email:
        draft.complain("email-missing")
    elif address := read_address(email):
        email = address
    else:
        draft.complain("email-accent" if has_other_letters(email) else "email-wrong")
    # "jean@example.org <jean@example.org>": an address is nobody's name.
    if "@" in name and not name.startswith("@"):
        name = ""
    if _is_garbled(name) or _is_garbled(values.get("employer", "")):
        draft.complain("garbled")
    guessed = not name and not draft.wrong
    if guessed:
        name = guess_name(email)
    values = {column: "" if value in NOTHING else value for column, value in values.items()}
    if any(v.startswith(("=", "+", "@", "-")) for v in (name, values.get("employer", ""), values.get("funding", ""))):
        draft.complain("formula")
    if len(name) > LONGEST["name"]:
        draft.complain("name-too-long")
    if not draft.wrong and (has_address(name) or has_address(values.get("employer", ""))):
        draft.complain("name-address")
    given = values.get("first", "")
    family = " ".join(part for part in (values.get("particle", ""), values.get("last", "")) if part)
    employer, funding = values.get("employer", ""), values.get("funding", "")
    if len(employer) > LONGEST["employer"] or len(funding) > LONGEST["funding"]:
        draft.complain("too-long")
    lang = _known(values.get("lang", ""), LANGS)
    if lang is None and values.get("lang"):
        draft.complain("lang-unknown")
    audience = _known(values.get("audience", ""), AUDIENCES)
    if audience is None and values.get("audience"):
        draft.complain("audience-unknown")
    return Row(
        line=line,
        found=found,
        name=name,
        given=given if name == f"{given} {family}" else "",
        family=family if name == f"{given} {family}" else "",
        email=email,
        lang=lang,
        audience=audience,
        employer=employer,
        funding=funding,
        wrong=tuple(draft.wrong),
        name_guessed=guessed,
    )


NOTHING = frozenset({"-", "–", "—", "/", "--", "n/a", "N/A"})
"""What stands in cells for nothing."""


def _is_garbled(text: str) -> bool:
    """Whether a part of a text was read in the wrong encoding and saved so: "Ã‰lodie" is Élodie."""
    return any(_is_utf8(signs) for signs in re.findall(r"[^\x00-\x7f]{2,}", text))


def _is_utf8(signs: str) -> bool:
    try:
        meant = signs.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return False
    # Rare letters one after the other can be right by chance; what they would stand for is no name here then.
    return meant != signs and all(
        unicodedata.name(sign, "").startswith("LATIN") or sign in TYPOGRAPHY for sign in meant
    )


TYPOGRAPHY = "’‘“”–—…«»\u00a0\u202f"


def _known(text: str, words: Mapping[Meaning, tuple[str, ...]]) -> Meaning | None:
    """What a word means, or None."""
    said = plain(text)
    # "fr_BE" and "nl-BE" are languages of a country.
    short = said.partition(" ")[0] if re.fullmatch(r"[A-Za-z]{2}[-_][A-Za-z]{2}", text) else said
    return next((meaning for meaning, known in words.items() if said in known or short in known), None)


def guess_name(email: str) -> str:
    """A name for an address without one: "marie-anne.dupont@…" is Marie-Anne Dupont."""
    local = re.sub(r"[._+\d]+", " ", email.partition("@")[0]).strip()
    return " ".join(part.title() for part in local.split()) or email.partition("@")[0]


def _mark_doubles(rows: list[Row]) -> tuple[Row, ...]:
    """A second row with the same address is wrong, unless it says the same."""
    seen: dict[str, Row] = {}
    marked = []
    for row in rows:
        first = seen.setdefault(row.email, row) if row.email else row
        same = (first.name, first.lang, first.audience, first.employer, first.funding) == (
            row.name, row.lang, row.audience, row.employer, row.funding,
        )  # fmt: skip
        if first is row:
            marked.append(row)
        elif not same:
            marked.append(
                Row(
                    line=row.line,
                    found=row.found,
                    name=row.name,
                    email=row.email,
                    wrong=(*row.wrong, "twice"),
                )
            )
    return tuple(marked)
