"""Lists of learners: hostile ones never do harm, honest ones come back as they were written."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from api.classes.lists import LONGEST_CELL, LONGEST_FILE, ReadList, Row, guess_name, read_file, read_text
from api.core.addresses import has_other_letters, mail_domain, read_address
from api.core.names import has_address
from tests.lists.case import MEGABYTE, SOME, Case, Learner
from tests.lists.corpus import corpus
from tests.lists.forms import ENCODINGS, ENDS

CASES = corpus()
PASTED = [case for case in CASES if isinstance(case.text, str)]

ADDRESS = re.compile(r"(?<![\w.+'-])[\w.+-]{1,64}@(?:[\w-]+\.)+[^\W\d_]+")
LOCAL = r"(?:[a-z0-9_!#$%&'*+/=?^`{|}~-]|[^\x00-\x7f\s])+"
LABEL = r"(?!-)(?:[a-z0-9-]|[^\x00-\x7f\s])+(?<!-)"
PLAUSIBLE = re.compile(rf"(?=.{{3,254}}$)(?=[^@]{{1,64}}@){LOCAL}(?:\.{LOCAL})*@(?:{LABEL}\.)+(?!\d+$){LABEL}")

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)


def read(case: Case) -> ReadList:
    text = case.made_text()
    if text is not None:
        return read_text(text)
    data = case.made_data()
    assert data is not None
    return read_file(data)


def right(found: ReadList) -> list[Row]:
    return [row for row in found.rows if not row.wrong]


def learner(row: Row) -> Learner:
    return Learner(row.name, row.email, row.lang, row.audience, row.employer, row.funding)


def is_shown(text: str) -> bool:
    """Whether a text is of one line and without characters that nobody sees."""
    return not any(unicodedata.category(character) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp") for character in text)


def check(found: ReadList) -> None:
    """What holds for every list."""
    assert bool(found.unreadable) != bool(found.rows)
    for shown in (found.text, *found.ignored, *(row.found for row in found.rows)):
        shown.encode()
    lines = [row.line for row in found.rows]
    assert lines == sorted(set(lines))
    for row in found.rows:
        assert 1 <= row.line <= found.text.count("\n") + 1
        assert len(row.found) <= 200
        assert is_shown(row.found)
    for row in right(found):
        assert PLAUSIBLE.fullmatch(row.email)
        assert row.email == row.email.lower()
        assert 0 < len(row.name) <= 120
        assert len(row.employer) <= 120
        assert len(row.funding) <= 60
        assert not ADDRESS.search(row.name)
        for cell in (row.name, row.employer, row.funding):
            assert is_shown(cell)
            assert cell == cell.strip()
            assert not cell.startswith(("=", "+", "-", "@"))
    assert all(count == 1 for count in Counter(row.email for row in right(found)).values())


def test_there_are_many_cases_and_their_ids_differ() -> None:
    assert len(CASES) >= 230
    assert len({case.id for case in CASES}) == len(CASES)
    assert all((case.data is None) != (case.text is None) for case in CASES)


@every_case
def test_a_hostile_list_does_no_harm(case: Case) -> None:
    check(read(case))


def test_a_cell_is_cut_before_it_can_cost_the_square_of_its_length() -> None:
    (row,) = read_text(f"Nom;E-mail\n{'a' * (LONGEST_CELL + 1)};ann@example.org\n").rows
    assert "not-text" in row.wrong


@every_case
def test_a_hostile_list_says_what_a_teacher_expects(case: Case) -> None:
    found = read(case)
    assert found.unreadable == case.unreadable
    if case.right is not None:
        assert [learner(row) for row in right(found)] == list(case.right)
    if case.count is not None:
        assert len(right(found)) == case.count
    if case.wrong is not None:
        reasons = {row.line: frozenset(row.wrong) for row in found.rows if row.wrong}
        assert reasons.keys() == case.wrong.keys()
        assert reasons == {line: why if why != SOME else reasons[line] for line, why in case.wrong.items()}
    if case.ignored is not None:
        assert found.ignored == case.ignored


@pytest.mark.parametrize("case", [case for case in PASTED if not case.elsewhere], ids=lambda case: case.id)
def test_no_address_of_a_list_is_lost_in_silence(case: Case) -> None:
    found = read_text(case.made_text() or "")
    if found.unreadable is None:
        taken = {row.email for row in right(found)}
        refused = " ".join(row.found for row in found.rows if row.wrong).casefold()
        given_in = {read_address(one) or one.casefold() for one in ADDRESS.findall(found.text) if len(one) < 200}
        assert {address for address in given_in if address not in taken and address not in refused} == set()


@pytest.mark.parametrize("encoding", [name for name in ENCODINGS if name != "cp1252"])
def test_a_file_says_the_same_as_its_text_that_is_pasted(encoding: str) -> None:
    for case in PASTED:
        text = case.made_text() or ""
        if len(text) < 20_000 and not re.search("[\x00\ud800-\udfff]", text):
            assert read_file(ENCODINGS[encoding](text)) == read_text(text), case.id


def test_a_list_that_is_shown_and_read_again_says_the_same() -> None:
    for case in PASTED:
        once = read_text(case.made_text() or "")
        if once.unreadable is None:
            assert read_text(once.text) == once, case.id


def test_what_is_too_large_is_not_kept() -> None:
    assert read_file(b"x" * MEGABYTE) == ReadList(unreadable="too-large")
    assert read_text("x" * MEGABYTE) == ReadList(unreadable="too-large")
    assert read_file(b"\n" * LONGEST_FILE).unreadable == "empty"


def test_a_name_that_was_made_of_the_address_is_said_to_be() -> None:
    found = read_text("Nom;E-mail\n;marie-anne.exemple@example.org\nBo;bo@example.org\n")
    assert [(row.name, row.name_guessed) for row in found.rows] == [("Marie-Anne Exemple", True), ("Bo", False)]


def test_headings_that_were_recognised_are_named() -> None:
    found = read_text("Prénom;Nom;E-mail;Taal;Statut;École;Dossier;Sexe\nAn;Voorbeeld;an@example.org;;;;;v\n")
    assert found.columns == ("first", "last", "email", "lang", "audience", "employer", "funding")
    assert found.ignored == ("Sexe",)
    assert read_text("An;an@example.org").columns == ()


@settings(max_examples=200)
@given(st.text(max_size=300))
@example("\r")
@example('"\n')
@example("@")
@example("a@a.a\u2028")
@example("E-mail\n\ud800@a.a")
def test_no_text_raises(text: str) -> None:
    check(read_text(text))


ALPHABET = st.sampled_from(
    [*'@.;,\t\n\r"<> aé=+-', "Nom", "E-mail", "Prénom", "Langue", "fr", "a@example.org", "\xa0", "\u200b", "\u0301"]
)


@settings(max_examples=300)
@given(st.lists(ALPHABET, max_size=60).map("".join))
def test_no_text_of_what_lists_are_made_of_raises(text: str) -> None:
    check(read_text(text))


@settings(max_examples=200)
@given(st.binary(max_size=300), st.sampled_from([b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"Nom;E-mail\n"]))
def test_no_bytes_raise(data: bytes, before: bytes) -> None:
    check(read_file(before + data))


@settings(max_examples=100)
@given(st.emails())
def test_a_name_can_be_guessed_of_every_address(email: str) -> None:
    assert guess_name(email)


def is_name(text: str) -> bool:
    return (
        text == unicodedata.normalize("NFC", " ".join(text.split()))
        and 0 < len(text) <= 50
        and not text.startswith(("=", "+", "-", "@"))
        and any(character.isalpha() for character in text)
        # Letters after these look as if they had been read in the wrong encoding, and are asked about.
        and not re.search(r"[\u00c2-\u00df\u00e2][^\x00-\x7f]", text)
    )


LETTERS = st.characters(categories=("L", "N"), include_characters=" .'’-,;\"()&/_éèëïçœ")
LATIN = st.sampled_from(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .'-,;\"()&/_ÀÇÉÈÊËÎÏÔÖÜàâçéèêëîïôöùûüñß"
)
"""In cp1252 none of these, whatever stands behind it, can be taken for UTF-8."""
EMAILS = st.from_regex(
    r"[a-z0-9]{1,8}([._+-][a-z0-9]{1,8}){0,2}@([a-z0-9]{1,8}\.){0,2}example\.(org|com)", fullmatch=True
)


def names(letters: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Texts that are one name however they are cleaned."""
    cleaned = st.text(letters, min_size=1, max_size=30).map(
        lambda text: unicodedata.normalize("NFC", " ".join(text.split())).lstrip("-")
    )
    return cleaned.filter(lambda text: is_name(text) and not has_address(text))


HEADINGS = {
    "first": ("Prénom", "Voornaam", "First name"),
    "last": ("Nom", "Familienaam", "Last name"),
    "name": ("Nom complet", "Volledige naam", "Full name"),
    "email": ("E-mail", "E-mailadres", "Adresse e-mail"),
    "lang": ("Langue", "Taal", "Language"),
    "audience": ("Statut", "Doelgroep", "Audience"),
    "employer": ("Employeur", "Werkgever", "Employer"),
    "funding": ("Code de financement", "Financieringscode", "Funding code"),
}


@st.composite
def written_lists(draw: st.DrawFn) -> tuple[bytes, list[Learner]]:
    """A list as a spreadsheet writes it, and who is on it."""
    encoding = draw(st.sampled_from(sorted(ENCODINGS)))
    name = names(LATIN if encoding == "cp1252" else LETTERS)
    whole = draw(st.booleans())
    optional = draw(st.sets(st.sampled_from(["lang", "audience", "employer", "funding"])))
    order = draw(st.permutations([*(["name"] if whole else ["first", "last"]), "email", *sorted(optional)]))
    heading = draw(st.integers(0, 2))
    cells = [
        {
            "name": draw(name),
            "first": draw(name),
            "last": draw(name),
            "email": email,
            "lang": draw(st.sampled_from(["", "fr", "nl", "en"])),
            "audience": draw(st.sampled_from(["", "student", "worker"])),
            "employer": draw(st.just("") | name),
            "funding": draw(st.just("") | name),
        }
        for email in draw(st.lists(EMAILS, min_size=1, max_size=5, unique=True))
    ]
    file = io.StringIO()
    writer = csv.writer(
        file,
        delimiter=draw(st.sampled_from([";", "\t", ","])),
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        lineterminator=ENDS[draw(st.sampled_from(sorted(ENDS)))],
    )
    writer.writerow([HEADINGS[column][heading] for column in order])
    writer.writerows([[each[column] for column in order] for each in cells])
    learners = [
        Learner(
            each["name"] if whole else f"{each['first']} {each['last']}",
            each["email"],
            each["lang"] or None if "lang" in optional else None,
            each["audience"] or None if "audience" in optional else None,
            each["employer"] if "employer" in optional else "",
            each["funding"] if "funding" in optional else "",
        )
        for each in cells
    ]
    return ENCODINGS[encoding](file.getvalue()), learners


@settings(max_examples=150)
@given(written_lists())
def test_a_list_that_is_well_formed_comes_back_as_it_was_written(written: tuple[bytes, list[Learner]]) -> None:
    data, learners = written
    found = read_file(data)
    assert found.unreadable is None
    assert [learner(row) for row in found.rows if not row.wrong] == learners
    assert [row for row in found.rows if row.wrong] == []
    check(found)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        # OneRoster 1.1 users.csv: "status" is no audience there, and "role" is.
        (
            "sourcedId,status,role,givenName,familyName,email\nu1,active,student,Zoë,Voorbeeld,zv@example.org",
            ["Zoë Voorbeeld"],
        ),
        # Dutch school systems write the particle in a column of its own.
        (
            "Roepnaam;Tussenvoegsel;Achternaam;E-mailadres\nZoë;van den;Voorbeeld;z@example.org",
            ["Zoë van den Voorbeeld"],
        ),
        ("Voornaam;Voorvoegsel;Naam;E-mail\nLéo;;Exemple;l@example.org", ["Léo Exemple"]),
        # Entra and Google write the whole name beside its parts.
        ("displayName,surname,mail,givenName\nZoë Voorbeeld,Voorbeeld,z@example.org,Zoë", ["Zoë Voorbeeld"]),
        ("Name,Given Name,Family Name,E-mail\nZoë V.,Zoë,Voorbeeld,z@example.org", ["Zoë Voorbeeld"]),
        ("Name,Given Name,Family Name,E-mail\nZoë Voorbeeld,,,z@example.org", ["Zoë Voorbeeld"]),
        ("Nom;Adresse de messagerie\nZoë Exemple;z@example.org", ["Zoë Exemple"]),
        ("firstname,lastname,email,lang\nZoë,Exemple,z@example.org,nl-BE", ["Zoë Exemple"]),
        ("Nom;E-mail;Statut\nZoë;z@example.org;Inscrit\nLéo;l@example.org;Confirmé", ["Zoë", "Léo"]),
        ('Nom;E-mail;Dossier\nZoë;z@example.org;="004512"', ["Zoë"]),
        ("Nom;E-mail;Employeur;Dossier\nZoë;z@example.org;-;–", ["Zoë"]),
        ("Zoë V <z@example.org>; Léo E <l@example.org>;", ["Zoë V", "Léo E"]),
        ('"Voorbeeld, Zoë" <z@example.org>, l@example.org', ["Voorbeeld Zoë", "L"]),
        ("Nom;E-mail\n;Zoë Exemple <z@example.org>", ["Zoë Exemple"]),
        ("Mme;Exemple;Zoë;z@example.org\nDhr.;Voorbeeld;Léo;l@example.org", ["Exemple Zoë", "Voorbeeld Léo"]),
        ('Nom;E-mail;Remarque\nZoë;z@example.org;"À rappeler\nvoir coach@example.org"', ["Zoë"]),
    ],
)
def test_lists_as_systems_write_them(text: str, names: list[str]) -> None:
    found = read_text(text)
    assert [(row.name, row.wrong) for row in found.rows] == [(name, ()) for name in names]


def test_what_a_status_says_that_is_no_audience_is_not_read() -> None:
    found = read_text("Nom;E-mail;Statut\nZoë;z@example.org;Inscrit\n")
    assert (found.columns, found.ignored) == (("name", "email"), ("Statut",))
    (row,) = read_text("sourcedId,status,role,givenName,email\n1,active,student,Zoë,z@example.org").rows
    assert row.audience == "student"
    (row,) = read_text('Nom;E-mail;Dossier\nZoë;z@example.org;="004512"').rows
    assert row.funding == "004512"


@pytest.mark.parametrize("name", ["Ã‰lodie Exemple", "ZoÃ« Voorbeeld", "FranÃ§ois D’Hondt"])
def test_a_name_in_the_wrong_encoding_is_asked_about(name: str) -> None:
    (row,) = read_text(f"Nom;E-mail\n{name};z@example.org").rows
    assert row.wrong == ("garbled",)


@pytest.mark.parametrize("name", ["Élodie Exemple", "Łukasz Ærø", "Ã", "São Tomé", "Nguyễn Văn", "Ünal Çelik"])
def test_a_name_with_marks_is_a_name(name: str) -> None:
    (row,) = read_text(f"Nom;E-mail\n{name};z@example.org").rows
    assert (row.name, row.wrong) == (name, ())


def test_an_address_with_accents_is_said_to_have_them() -> None:
    (row,) = read_text("Nom;E-mail\nHélène;hélène@example.com").rows
    assert row.wrong == ("email-accent",)
    assert not has_other_letters("helene@example.com")
    assert not has_other_letters("hélène@")


def test_no_letter_of_a_domain_becomes_another_one() -> None:
    """An invitation sets a password: it may go nowhere else than to the domain that was typed."""
    assert read_address("Zoe@STRAßE.example") == "zoe@straße.example"
    assert mail_domain("zoe@straße.example") == "xn--strae-oqa.example", (
        "IDNA 2008, RFC 5891; strasse.example is another"
    )
    assert read_address("zoe@xn--strae-oqa.example") == "zoe@straße.example"
    assert read_address("ZOE@XN--EXMPLE-CUA.org") == read_address("zoe@exämple.org") == "zoe@exämple.org"
    assert mail_domain("zoe@exämple.org") == "xn--exmple-cua.org"
    assert read_address("zoe@faß.de") != read_address("zoe@fass.de")
    assert read_address("ﬁn@example.org") is None
