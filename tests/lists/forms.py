"""Lists in every form: encodings, separators, quotes, headings, sizes, and what is no list."""

from __future__ import annotations

import codecs
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from itertools import permutations, product

from tests.lists.case import ELODIE, MEGABYTE, SOME, TWO, ZOE, Case, Learner, because

ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "cp1252": lambda text: text.encode("cp1252"),
    "utf-8": lambda text: text.encode(),
    "utf-8-mark": lambda text: text.encode("utf-8-sig"),
    "utf-16-le": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "utf-16-be": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
}
SEPARATORS = {"semicolon": ";", "tab": "\t", "comma": ","}
ENDS = {"crlf": "\r\n", "lf": "\n", "cr": "\r"}


def encodings() -> Iterator[Case]:
    """One list in every encoding, with every separator and every end of lines."""
    for (encoding, encode), (separator, sign), (end, newline) in product(
        ENCODINGS.items(), SEPARATORS.items(), ENDS.items()
    ):
        text = TWO.replace(";", sign).replace("\n", newline)
        yield Case(f"{encoding}-{separator}-{end}", data=encode(text), right=(ELODIE, ZOE))


def broken_encodings() -> Iterator[Case]:
    """Files that are in no encoding, or in two."""
    first = "Nom;E-mail\nÉlodie Exemple;elodie@example.org\n"
    last = b"Zo\xeb Voorbeeld;zoe@example.com\n"
    yield Case("broken-utf-8-then-cp1252", data=first.encode() + last, right=(ELODIE, ZOE))
    yield Case("broken-marked-utf-8-then-cp1252", data=first.encode("utf-8-sig") + last, right=(ELODIE, ZOE))
    yield Case(
        "broken-cp1252-then-utf-8",
        data=first.encode("cp1252") + "Zoë Voorbeeld;zoe@example.com\n".encode(),
        right=(ELODIE, ZOE),
    )
    yield Case(
        "broken-utf-8-cut-in-a-letter",
        data=first.encode() + b"Zo\xc3",
        right=(ELODIE,),
        wrong={3: because("email-missing")},
    )
    for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D):
        yield Case(
            f"broken-cp1252-without-{byte:x}",
            data=first.encode("cp1252") + b"Zo" + bytes([byte]) + b" Voorbeeld;zoe@example.com\n",
            right=(ELODIE,),
            wrong={3: because("not-text")},
        )
    yield Case("broken-replacement-character", text="Jean\ufffd;jean@example.org", wrong={1: because("not-text")})
    yield Case("broken-two-marks", data=codecs.BOM_UTF8 * 2 + TWO.encode(), right=(ELODIE, ZOE))
    yield Case("broken-mark-pasted", text="\ufeff" + TWO, right=(ELODIE, ZOE))
    yield Case("broken-mark-in-the-middle", text=TWO.replace("Zoë", "\ufeffZoë"), right=(ELODIE, ZOE))
    for name, encoding in (("le", "utf-16-le"), ("be", "utf-16-be")):
        yield Case(f"broken-utf-16-{name}-without-mark", data=TWO.encode(encoding), unreadable="not-text")
    yield Case("broken-utf-16-odd", data=ENCODINGS["utf-16-le"](TWO)[:-1], unreadable="not-text")
    yield Case("broken-utf-16-half-a-pair", data=ENCODINGS["utf-16-le"](TWO) + b"\x3d\xd8a\x00", unreadable="not-text")
    yield Case("broken-utf-16-mark-alone", data=b"\xff\xfe", unreadable="empty")
    yield Case("broken-utf-8-mark-alone", data=codecs.BOM_UTF8, unreadable="empty")
    yield Case("broken-utf-32-le", data=TWO.encode("utf-32"), unreadable="not-text")
    yield Case("broken-utf-32-be", data=codecs.BOM_UTF32_BE + TWO.encode("utf-32-be"), unreadable="not-text")
    yield Case("broken-utf-16-le-read-as-be", data=codecs.BOM_UTF16_BE + TWO.encode("utf-16-le"), unreadable="no-email")
    yield Case("broken-utf-8-surrogates", data=b"\xed\xa0\x80\xed\xb0\x80;jean@example.org", wrong=None)
    yield Case("broken-utf-8-overlong", data=b"\xc0\x80;jean@example.org", wrong=None)
    yield Case("broken-utf-8-beyond-unicode", data=b"\xf4\x90\x80\x80;jean@example.org", wrong=None)
    yield Case("broken-utf-7", text="+AMk-lodie Exemple;elodie@example.org", right=(), wrong={1: because("formula")})
    yield Case("broken-html-letters", text="&Eacute;lodie;elodie@example.org", wrong=None)
    for encoding in ("cp850", "mac-roman"):
        yield Case(f"broken-{encoding}", data=TWO.encode(encoding), wrong=None)
    yield Case("broken-cp1251", data="Nom;E-mail\nИван;ivan@example.org".encode("cp1251"), wrong=None)
    yield Case("broken-gb18030", data="Nom;E-mail\n王小明;wang@example.org".encode("gb18030"), wrong=None)
    yield Case("broken-every-byte-but-zero", data=bytes(range(1, 256)) + b"\nJean;jean@example.org", wrong=None)


def line_ends() -> Iterator[Case]:
    """Ends of lines that do not agree, and the numbers of lines."""
    rows = ("Nom;E-mail", "Élodie Exemple;elodie@example.org", "Zoë Voorbeeld;zoe@example.com")
    for name, (one, two) in {
        "crlf-then-lf": ("\r\n", "\n"),
        "lf-then-cr": ("\n", "\r"),
        "cr-then-crlf": ("\r", "\r\n"),
        "blank-lines-between": ("\n\n\n", "\r\n\r\n"),
        "doubled-cr": ("\r\r\n", "\r\r\n"),
        "blanks-between": ("\n \t \n", "\n;\n"),
    }.items():
        yield Case(f"ends-{name}", text=rows[0] + one + rows[1] + two + rows[2], right=(ELODIE, ZOE))
    yield Case("ends-no-last-one", text="\n".join(rows), right=(ELODIE, ZOE))
    yield Case("ends-blank-lines-first", text="\n\n\n" + TWO, right=(ELODIE, ZOE))
    yield Case("ends-many-last-ones", text=TWO + "\r\n" * 100, right=(ELODIE, ZOE))
    yield Case(
        "ends-number-behind-blank-lines",
        text="Nom;E-mail\n\n\nJean;jean\n",
        right=(),
        wrong={4: because("email-wrong")},
    )
    yield Case(
        "ends-number-behind-a-cell-of-three-lines",
        text='"Nom";"E-mail";"Adresse\nde la\nrue"\nJean;jean;\n',
        right=(),
        wrong={4: because("email-wrong")},
    )
    for name, sign in {"line": "\u2028", "paragraph": "\u2029"}.items():
        yield Case(
            f"ends-{name}-separator-in-a-name",
            text=f"Nom;E-mail\nJean{sign}Exemple;jean@example.org\n",
            right=(Learner("Jean Exemple", "jean@example.org"),),
        )


def quoting() -> Iterator[Case]:
    """Quotes that do their work, and quotes that do not."""
    for name, sign in SEPARATORS.items():
        yield Case(
            f"quotes-separators-inside-{name}",
            text=f'"Nom"{sign}"E-mail"\n"Exemple, Jean; dit\'J""J"{sign}"jean@example.org"\n',
            right=(Learner("Exemple, Jean; dit'J\"J", "jean@example.org"),),
        )
        yield Case(
            f"quotes-lone-{name}",
            text=f'Nom{sign}E-mail\nJean 12" Exemple{sign}jean@example.org\nZoë Voorbeeld{sign}zoe@example.com\n',
            right=(Learner('Jean 12" Exemple', "jean@example.org"), ZOE),
        )
    yield Case("quotes-around-all", text='"Élodie Exemple";"elodie@example.org"\n', right=(ELODIE,))
    yield Case("quotes-and-blanks", text='"Élodie Exemple" ; "elodie@example.org"\n', right=(ELODIE,))
    yield Case("quotes-unclosed-first", text='Nom;E-mail\n"Jean;jean@example.org\nAn;an@example.org', count=2)
    yield Case("quotes-unclosed-last", text='Nom;E-mail\nJean;jean@example.org\nAn;"an@example.org', wrong={3: SOME})
    yield Case(
        "quotes-unclosed-three",
        text='Nom;E-mail\n"Jean;jean@example.org\n"An;an@example.org\n"Bo;bo@example.org\n',
        count=3,
    )
    yield Case(
        "quotes-unclosed-twice",
        text='Nom;E-mail\nZo;zo@example.org\n"Jean;jean@example.org\n"An;an@example.org\n',
        right=(Learner("Zo", "zo@example.org"),),
        wrong=None,
    )
    yield Case(
        "quotes-swallow-rows-into-a-column-that-is-not-read",
        text='Nom;E-mail;Remarque\nJean;jean@example.org;"a\nAn;an@example.org;"b\nBo;bo@example.org;c\n',
        wrong=None,
    )
    yield Case(
        "quotes-line-break-in-a-column-that-is-not-read",
        text='Nom;E-mail;Adresse\nÉlodie Exemple;elodie@example.org;"Rue de l’Exemple 1\n1000 Exemple"\n',
        right=(ELODIE,),
        ignored=("Adresse",),
    )
    yield Case("quotes-line-break-in-an-address", text='Nom;E-mail\nJean;"jean@\nexample.org"\n', wrong={2: SOME})
    yield Case(
        "quotes-line-break-in-a-heading",
        text='Nom;"Adresse\ne-mail"\nÉlodie Exemple;elodie@example.org\n',
        right=(ELODIE,),
    )
    yield Case("quotes-line-break-in-a-name", text='Nom;E-mail\n"Jean\nExemple";jean@example.org\n', wrong=None)
    yield Case("quotes-empty", text='Nom;E-mail\n"";"elodie@example.org"', right=(Learner("Elodie", ELODIE.email),))
    yield Case("quotes-only", text='"""""";""\n"";""', unreadable="no-email")
    yield Case("quotes-nothing-else", text='"' * 1001, unreadable="no-email")
    yield Case("quotes-even-nothing-else", text='"' * 1000, unreadable="no-email")
    yield Case(
        "quotes-inside", text='Jean "JJ" Exemple;j@example.org', right=(Learner('Jean "JJ" Exemple', "j@example.org"),)
    )
    yield Case(
        "quotes-curly",
        text="« Jean » “J” Exemple;j@example.org",
        right=(Learner("« Jean » “J” Exemple", "j@example.org"),),
    )
    yield Case("quotes-single", text="'Jean';j@example.org", count=1)
    yield Case(
        "quotes-pasted-and-lone-in-a-long-list",
        text='Nom\tE-mail\nJean "dit\tjean@example.org\n' + "".join(f"An\tan{n}@example.org\n" for n in range(50)),
        count=51,
    )


COLUMNS: dict[str, dict[str, str]] = {
    "fr": {"first": "Prénom", "last": "Nom", "email": "Adresse e-mail", "lang": "Langue"},
    "nl": {"first": "Voornaam", "last": "Familienaam", "email": "E-mailadres", "lang": "Taal"},
    "en": {"first": "First name", "last": "Last name", "email": "E-mail", "lang": "Language"},
}
CELLS = {"first": "Élodie", "last": "Exemple", "email": "elodie@example.org", "lang": "fr"}


def orders_of_columns() -> Iterator[Case]:
    """Four columns in every order, headed in three languages."""
    for lang, names in COLUMNS.items():
        for order in permutations(names):
            text = "\r\n".join((";".join(names[name] for name in order), ";".join(CELLS[name] for name in order)))
            yield Case(f"order-{lang}-{'-'.join(order)}", text=text, right=(ELODIE._replace(lang="fr"),))


EVERY_HEADING = {
    "name": (
        "Nom complet",
        "NOM ET PRÉNOM",
        "Nom & prénom",
        "Nom/Prénom",
        "Prénom et nom",
        "Apprenant",
        "Full name",
        "Learner",
        "Naam",
        "Volledige naam",
        "Cursist",
        "Naam en voornaam",
        "Voornaam en naam",
        "name",
        "Nom",
        "nom :",
    ),
    "email": (
        "E-mail",
        "EMAIL",
        "e mail",
        "Mail",
        "Courriel",
        "Adresse e-mail",
        "Adresse mail",
        "E-mailadres",
        "E\u2011mail",
        "Adresse électronique",
        "Mailadres",
        "E-mail:",
        "E-mail address",
        "Adresse e\u0301lectronique",
        "\u200bE-mail",
        "Adresse\xa0e-mail",
    ),
}


def headings() -> Iterator[Case]:
    """What columns are called, and columns that are not known, doubled or have no heading."""
    for number, heading in enumerate(EVERY_HEADING["name"]):
        yield Case(
            f"heading-name-{number:02}",
            text=f"{heading};E-mail\nÉlodie Exemple;elodie@example.org\n",
            right=(ELODIE,),
            ignored=(),
        )
    for number, heading in enumerate(EVERY_HEADING["email"]):
        yield Case(
            f"heading-email-{number:02}",
            text=f"{heading};Nom\nelodie@example.org;Élodie Exemple\n",
            right=(ELODIE,),
            ignored=(),
        )
    for lang, (first, last) in {
        "fr": ("Prénom", "Nom"),
        "nl": ("Voornaam", "Naam"),
        "nl-family": ("Voornaam", "Achternaam"),
        "en": ("First name", "Name"),
        "en-surname": ("Given name", "Surname"),
    }.items():
        yield Case(
            f"heading-last-and-first-{lang}",
            text=f"{last};{first};E-mail\nExemple;Élodie;elodie@example.org\n",
            right=(ELODIE,),
        )
    yield Case(
        "heading-unknown",
        text="N°;Nom;Classe;E-mail;Remarque\n1;Élodie Exemple;5B;elodie@example.org;à jour\n",
        right=(ELODIE,),
        ignored=("N°", "Classe", "Remarque"),
    )
    yield Case(
        "heading-unknown-in-other-scripts",
        text="الصف;Nom;班级;E-mail\n1;Élodie Exemple;5B;elodie@example.org\n",
        right=(ELODIE,),
        ignored=("الصف", "班级"),
    )
    yield Case(
        "heading-unknown-and-long",
        text=f"Nom;E-mail;{'x' * 5000}\nÉlodie Exemple;elodie@example.org;\n",
        right=(ELODIE,),
    )
    yield Case(
        "heading-doubled",
        text="Nom;E-mail;E-mail\nÉlodie Exemple;elodie@example.org;parent@example.org\n",
        right=(ELODIE,),
        ignored=("E-mail",),
        elsewhere=True,
    )
    yield Case(
        "heading-doubled-name",
        text="Nom;Nom;E-mail\nÉlodie Exemple;Autre;elodie@example.org\n",
        right=(ELODIE,),
        ignored=("Nom",),
    )
    yield Case(
        "heading-postal-address",
        text="Name;Address;E-mail\nÉlodie Exemple;1 Sample Street;elodie@example.org\n",
        right=(ELODIE,),
    )
    yield Case("heading-empty", text="Nom;;E-mail\nÉlodie Exemple;;elodie@example.org\n", right=(ELODIE,), ignored=())
    yield Case("heading-empty-last", text="Nom;E-mail;;\nÉlodie Exemple;elodie@example.org;;\n", right=(ELODIE,))
    yield Case("heading-address-only", text="E-mail\nelodie@example.org\n", right=(Learner("Elodie", ELODIE.email),))
    yield Case(
        "heading-first-name-only",
        text="Prénom;E-mail\nÉlodie;e@example.org",
        right=(Learner("Élodie", "e@example.org"),),
    )
    yield Case("heading-without-address", text="Nom;Prénom\nExemple;Élodie\n", unreadable="no-email")
    yield Case(
        "heading-of-the-list-above",
        text="Classe 5B;;\nNom;Prénom;E-mail\nExemple;Élodie;elodie@example.org\n",
        wrong=None,
        count=1,
    )
    yield Case(
        "heading-not-known-for-the-address",
        text="Nom;Contact\nÉlodie Exemple;elodie@example.org\n",
        right=(ELODIE,),
        wrong={1: because("email-missing")},
    )
    yield Case("heading-hint-of-the-separator", text="sep=;\n" + TWO, right=(ELODIE, ZOE), wrong=None)
    yield Case("heading-twice", text=TWO + TWO, right=(ELODIE, ZOE), wrong={4: SOME})
    yield Case(
        "heading-everything",
        text="Nom;Prénom;E-mail;Langue;Statut;Employeur;Code de financement\n"
        "Exemple;Élodie;elodie@example.org;Français;Demandeur d’emploi;École de l'Exemple;EX-2026/1\n",
        right=(ELODIE._replace(lang="fr", audience="job-seeker", employer="École de l'Exemple", funding="EX-2026/1"),),
    )


def without_headings() -> Iterator[Case]:
    """Lists that begin with a learner."""
    an = Learner("An Voorbeeld", "an@example.org")
    for name, line in {
        "name-first": "An Voorbeeld;an@example.org",
        "address-first": "an@example.org;An Voorbeeld",
        "two-cells": "An;Voorbeeld;an@example.org",
        "two-cells-behind": "an@example.org;An;Voorbeeld",
        "bracketed": "An Voorbeeld <an@example.org>",
        "bracketed-and-quoted": '"An Voorbeeld" <an@example.org>',
        "bracketed-without-blank": "An Voorbeeld<an@example.org>",
        "bracketed-comma": "An Voorbeeld <an@example.org>,",
        "bracketed-semicolon": "An Voorbeeld <an@example.org>;",
        "bracketed-mailto": "An Voorbeeld <mailto:an@example.org>",
        "bracketed-capitals": "An Voorbeeld <AN@EXAMPLE.ORG>",
        "bracketed-in-a-cell": "An;Voorbeeld <an@example.org>",
        "pasted": "An\tVoorbeeld\tan@example.org",
        "language-behind": "An Voorbeeld;an@example.org;nl",
        "language-in-a-word-behind": "An Voorbeeld;an@example.org;Nederlands",
        "numbered": "1;An;Voorbeeld;an@example.org",
        "telephone-behind": "An Voorbeeld;an@example.org;0470 00 00 00",
    }.items():
        yield Case(f"bare-{name}", text=line, right=(an,))
    for name, line in {"address": "an.voorbeeld@example.org", "brackets": "<an.voorbeeld@example.org>"}.items():
        yield Case(f"bare-{name}-only", text=line, right=(Learner("An Voorbeeld", "an.voorbeeld@example.org"),))
    yield Case(
        "bare-bracketed-last-name-first",
        text="Voorbeeld, An <an@example.org>",
        right=(Learner("Voorbeeld An", "an@example.org"),),
    )
    yield Case(
        "bare-bracketed-and-quoted-with-comma",
        text='"Voorbeeld, An" <an@example.org>',
        right=(Learner("Voorbeeld, An", "an@example.org"),),
    )
    for name, sign in {"semicolons": "; ", "commas": ", "}.items():
        yield Case(
            f"bare-letter-to-three-{name}",
            text=sign.join(f"{who} Voorbeeld <{who}@example.org>" for who in ("an", "bo", "cy")),
            wrong=None,
        )
        yield Case(
            f"bare-addresses-on-one-line-{name}",
            text=sign.join(f"{who}@example.org" for who in ("an", "bo", "cy")),
            wrong=None,
        )
    yield Case("bare-two-addresses", text="An;an@example.org;an@example.com", wrong=None)
    yield Case("bare-two-brackets", text="An <an@example.org> <bo@example.org>", wrong={1: SOME}, right=())
    yield Case("bare-unclosed-bracket", text="An <an@example.org", wrong={1: SOME}, right=())
    yield Case("bare-brackets-inside-brackets", text="An <<an@example.org>>", wrong={1: SOME}, right=())
    yield Case("bare-blank-between", text="An Voorbeeld an@example.org", wrong={1: SOME}, right=())
    yield Case(
        "bare-name-only", text="An Voorbeeld;an@example.org\nBo\n", right=(an,), wrong={2: because("email-missing")}
    )
    yield Case("bare-names-only", text="An Voorbeeld\nBo Voorbeeld\n", unreadable="no-email")
    yield Case("bare-number", text="123@example.org", right=(Learner("123", "123@example.org"),))
    yield Case("bare-signs", text="__@example.org", count=1)
    yield Case(
        "bare-hyphens",
        text="marie-anne.exemple+a1@example.org",
        right=(Learner("Marie-Anne Exemple A", "marie-anne.exemple+a1@example.org"),),
    )


def many_marks() -> str:
    """A name of marks that must all be put in order."""
    return "Nom;E-mail\na" + "\u0301\u0323" * 60_000 + ";a@example.org\n"


def sizes() -> Iterator[Case]:
    """Long cells, long lines, long lists, and files that are no lists at all for their size."""
    row = "Élodie Exemple {0};e{0}@example.org"
    for count in (499, 500):
        yield Case(f"size-{count}-rows", text="\n".join(row.format(n) for n in range(count)), count=count)
        yield Case(
            f"size-{count}-rows-and-headings",
            text="Nom;E-mail\n" + "\n".join(row.format(n) for n in range(count)),
            count=count,
        )
    for count in (501, 1500):
        yield Case(f"size-{count}-rows", text="\n".join(row.format(n) for n in range(count)), unreadable="too-many")
    yield Case(
        "size-501-rows-and-headings",
        text="Nom;E-mail\n" + "\n".join(row.format(n) for n in range(501)),
        unreadable="too-many",
    )
    yield Case(
        "size-blank-lines-do-not-count", text="\n\n".join(row.format(n) for n in range(500)) + "\n" * 5000, count=500
    )
    yield Case(
        "size-cell-of-100-000",
        text="Nom;E-mail\n" + "x" * 100_000 + ";a@example.org\n",
        right=(),
        wrong={2: SOME},
        elsewhere=True,
    )
    yield Case(
        "size-cell-of-140-000",
        text="Nom;E-mail\n" + "x" * 140_000 + ";a@example.org\nZoë Voorbeeld;zoe@example.com\n",
        right=(ZOE,),
        wrong={2: SOME},
        elsewhere=True,
    )
    yield Case(
        "size-address-of-140-000", text="Nom;E-mail\nAn;" + "x" * 140_000 + "@example.org\n", right=(), wrong={2: SOME}
    )
    yield Case(
        "size-address-of-dots",
        text="Nom;E-mail\nAn;a@" + "." * 100_000 + "\n",
        right=(),
        wrong={2: SOME},
    )
    yield Case(
        "size-address-of-labels",
        text="Nom;E-mail\nAn;a@" + "a." * 50_000 + "\n",
        right=(),
        wrong={2: SOME},
    )
    yield Case(
        "size-address-of-at-signs",
        text="Nom;E-mail\nAn;" + "@" * 100_000 + "\n",
        right=(),
        wrong={2: SOME},
    )
    yield Case("size-one-line", text="a" * 149_000, unreadable="no-email")
    yield Case("size-line-of-separators", text=";" * 149_000, unreadable="empty")
    yield Case("size-line-of-brackets", text="<@" + "<" * 60_000 + ">" * 60_000, right=(), wrong={1: SOME})
    yield Case("size-marks", text=many_marks, right=(), wrong={2: SOME}, elsewhere=True)
    yield Case("size-letter-that-grows", text="Nom;E-mail;" + "\ufdfa" * 40_000 + "\nAn;a@example.org\n", count=1)
    yield Case("size-pasted-too-large", text=lambda: "Jean;jean@example.org\n" * 50_000, unreadable="too-large")
    yield Case(
        "size-file-of-100-megabytes", data=lambda: b"Jean;j@example.org\r\n" * (5 * MEGABYTE), unreadable="too-large"
    )
    yield Case("size-blanks-of-100-megabytes", data=lambda: b" " * (100 * MEGABYTE), unreadable="too-large")


def zip_of(names: tuple[str, ...], size: int = 0) -> bytes:
    """A zip, as xlsx and ods are; with this many bytes that cannot be made smaller."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), "<x/>" + "x" * size)
    return file.getvalue()


def png() -> bytes:
    """A picture of one point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def no_text() -> Iterator[Case]:
    """Files of other kinds."""
    parts = ("[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml")
    yield Case("file-xlsx", data=zip_of(parts), unreadable="spreadsheet")
    yield Case("file-xlsx-of-a-megabyte", data=lambda: zip_of(parts, MEGABYTE // 3), unreadable="spreadsheet")
    yield Case("file-ods", data=zip_of(("mimetype", "content.xml")), unreadable="spreadsheet")
    yield Case("file-zip-without-files", data=zip_of(()), unreadable="not-text")
    yield Case("file-zip-cut", data=b"PK\x03\x04", unreadable="spreadsheet")
    yield Case("file-xls", data=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504, unreadable="spreadsheet")
    yield Case(
        "file-pdf", data=b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< >>\nendobj\n%%EOF\n", unreadable="spreadsheet"
    )
    yield Case("file-png", data=png(), unreadable="not-text")
    yield Case("file-jpeg", data=b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", unreadable="not-text")
    yield Case(
        "file-gzip", data=b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + zlib.compress(b"a"), unreadable="not-text"
    )
    yield Case("file-program", data=b"MZ\x90\x00\x03\x00\x00\x00", unreadable="not-text")
    yield Case(
        "file-html-that-is-called-xls",
        data=b"<table><tr><td>Jean</td><td>jean@example.org</td></tr></table>",
        right=(),
        wrong={1: SOME},
    )
    yield Case("file-rtf", data=b"{\\rtf1\\ansi Jean Exemple\\par}", unreadable="no-email")
    yield Case(
        "file-vcard",
        data=b"BEGIN:VCARD\r\nFN:Jean Exemple\r\nEMAIL:jean@example.org\r\nEND:VCARD\r\n",
        right=(),
        wrong=None,
    )
    yield Case("file-json", data=b'[{"name": "Jean", "email": "jean@example.org"}]', right=(), wrong=None)
    yield Case("file-empty", data=b"", unreadable="empty")


def empty_lists() -> Iterator[Case]:
    """Lists of nobody."""
    for name, text in {
        "nothing": "",
        "blank-lines": "\n\r\n\r\n\n",
        "blanks": "   \t  \n  ",
        "separators": ";;;\n;;;\n",
        "tabs": "\t\t\n\t\n",
        "hard-blanks": "\xa0\n\xa0",
        "zero-width": "\u200b\n\u200b",
        "mark": "\ufeff",
        "commas": ",,,\n",
        "quotes": '"";""\n',
        "headings": "Nom;Prénom;E-mail\n",
        "headings-without-end": "Nom;E-mail",
        "headings-and-blank-lines": "Nom;E-mail\n\n\n",
        "headings-and-separators": "Nom;E-mail\r\n;\r\n;\r\n",
        "heading": "E-mail",
    }.items():
        yield Case(f"empty-{name}", text=text, unreadable="empty")


def separators() -> Iterator[Case]:
    """Signs that stand between cells in some lines, and in cells in others."""
    more = "".join(f"An;an{number}@example.org\n" for number in range(5))
    yield Case(
        "separator-one-tab-in-a-list-of-semicolons",
        text=TWO + more + "Bo\tVoorbeeld;bo@example.org\n",
        count=7,
        wrong={9: because("not-text")},
    )
    yield Case("separator-commas-in-a-list-of-semicolons", text=TWO + "Bo, Cy, Di;bo@example.org\n", count=3)
    yield Case(
        "separator-semicolon-in-a-list-of-commas",
        text=TWO.replace(";", ",") + "Bo; Cy,bo@example.org\n",
        right=(ELODIE, ZOE, Learner("Bo; Cy", "bo@example.org")),
    )
    yield Case(
        "separator-semicolon-in-a-list-of-tabs",
        text=TWO.replace(";", "\t") + "Bo; Cy\tbo@example.org\n",
        right=(ELODIE, ZOE, Learner("Bo; Cy", "bo@example.org")),
    )
    yield Case("separator-bar", text=TWO.replace(";", "|"), right=(), wrong=None)
    yield Case(
        "separator-in-quotes-over-lines",
        text='"Nom";"E-mail"\n"a;\nb\t;\nc";"c@example.org"\n"Zoë Voorbeeld";"zoe@example.com"\n',
        right=(ZOE,),
        wrong=None,
    )
    yield Case("separator-and-blanks", text=TWO.replace(";", " ; "), right=(ELODIE, ZOE))
