"""What a page gets where it is shown: captions of films, and terms of the glossary."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder.compiling.loader import load
from site_builder.reading.bodies import read_body
from site_builder.reading.glossary import Glossary, Term
from site_builder.site.dressing import dress_media, mark_terms, read_captions

TEXTS = {"media_transcript": "What is said"}
AIRLOCK = Term("airlock", ("airlock", "interlock room"), "A room between two doors.")
HEPA = Term("hepa", ("HEPA", "H.E.P.A."), "A filter <0.3 µm.")
CAPTIONS = """WEBVTT

NOTE made by hand

1
00:01.000 --> 00:03.000
<v Trainer>Put on the hood.

2
00:03.000 --> 00:05.000 align:start
Then the &amp; gloves.
Then the &amp; gloves.
"""


def film(tmp_path: Path, *names: str, lang: str = "fr") -> str:
    """The page of a film, with files beside it."""
    folder = tmp_path / "course"
    folder.mkdir()
    for name in ("gown.mp4", *names):
        (folder / name).write_text(CAPTIONS if name.endswith(".vtt") else "x" * 1_234_000, encoding="utf-8")
    html = read_body("course/p.md", ["![La tenue](gown.mp4)"], 0, lang).html
    media = {f"course/{name}" for name in ("gown.mp4", *names)}
    return dress_media(html, folder="course", lang=lang, root=tmp_path, media=media, texts=TEXTS)


def test_a_film_has_its_captions_and_what_is_said_as_text(tmp_path: Path) -> None:
    html = film(tmp_path, "gown.en.vtt", "gown.fr.vtt", "gown.jpg")
    assert 'poster="gown.jpg"' in html
    french, english = html.index('srclang="fr" label="Français" src="gown.fr.vtt" default'), html.index('srclang="en"')
    assert french < english
    assert 'src="gown.en.vtt" default' not in html
    assert "<summary>What is said</summary><p>Put on the hood.</p><p>Then the &amp; gloves.</p></details>" in html
    assert "La tenue <small>MP4, 1,2\N{NO-BREAK SPACE}Mo</small>" in html
    assert 'preload="none"' in html
    assert "autoplay" not in html


def test_captions_without_a_language_are_in_the_page_s(tmp_path: Path) -> None:
    assert 'srclang="nl" label="Nederlands" src="gown.vtt" default' in film(tmp_path, "gown.vtt", lang="nl")


def test_a_film_alone_has_no_transcript(tmp_path: Path) -> None:
    html = film(tmp_path)
    assert "<track" not in html
    assert "<details" not in html


def test_a_film_without_captions_is_named(content: Path) -> None:
    page = content / "safe-start" / "pumps.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n![Priming](prime.mp4)\n", encoding="utf-8")
    (page.parent / "prime.mp4").write_bytes(b"film")
    found = [(problem.code, problem.severity) for problem in load(content).problems if "prime" in problem.found]
    assert found == [("media-captions", "warning")]
    (page.parent / "prime.en.vtt").write_text(CAPTIONS, encoding="utf-8")
    assert not [problem for problem in load(content).problems if "prime" in problem.found]


def test_captions_that_are_none_are_named(content: Path) -> None:
    (content / "safe-start" / "prime.en.vtt").write_text("1\n00:01 hello\n", encoding="utf-8")
    assert [problem.code for problem in load(content).problems] == ["captions-unreadable"]


def test_captions_read(tmp_path: Path) -> None:
    path = tmp_path / "a.vtt"
    path.write_text(CAPTIONS, encoding="utf-8")
    assert read_captions(path) == ["Put on the hood.", "Then the & gloves."]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>An airlock and an airlock.</p>", '<p>An <button type="button" class="term" popovertarget="term-airlock">'
         "airlock</button> and an airlock.</p>"),
        ("<p>The Interlock&nbsp;Room.</p>", 'popovertarget="term-airlock">Interlock&nbsp;Room</button>'),
        ("<p>H.E.P.A. filters</p>", 'popovertarget="term-hepa">H.E.P.A.</button> filters'),
    ],
)  # fmt: skip
def test_a_term_is_marked_where_it_is_said_first(html: str, expected: str) -> None:
    marked = mark_terms(html, (AIRLOCK, HEPA), "Words")
    assert expected in marked
    assert marked.count("<button") == 1
    assert marked.endswith("</div></section>")


@pytest.mark.parametrize(
    "html",
    [
        "<p>airlocked, pre-airlock, airlock-door</p>",
        "<h2>The airlock</h2><code>airlock</code><a href='x'>airlock</a>",
        '<air-quiz quiz="q"><p>airlock</p></air-quiz>',
        '<p><img alt="an airlock > a door" title="airlock"></p>',
        "<math><mi>airlock</mi></math>",
    ],
)
def test_no_term_is_marked_in_other_words_names_quizzes_or_tags(html: str) -> None:
    assert mark_terms(html, (AIRLOCK,), "Words") == html


def test_an_explanation_is_text(tmp_path: Path) -> None:
    assert "A filter &lt;0.3 µm." in mark_terms("<p>HEPA</p>", (HEPA,), "Words")


def test_the_glossary_is_read_with_its_languages(content: Path) -> None:
    (content / "glossary.yml").write_text(
        "airlock:\n"
        "  en: {term: airlock, also: interlock room, text: A room between two doors.}\n"
        "  fr: {term: sas, text: Un local entre deux portes.}\n",
        encoding="utf-8",
    )
    loaded = load(content)
    assert loaded.problems == []
    assert loaded.glossary == Glossary(
        {"en": (AIRLOCK,), "fr": (Term("airlock", ("sas",), "Un local entre deux portes."),)}
    )


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("airlock: [\n", 2, "expected"),
        ("- airlock\n", 1, "without terms"),
        ("a: {en: {term: a, text: b}}\nAir lock: {}\n", 2, "'Air lock'"),
        ("a:\n  de: {term: a, text: b}\n", 1, "'de'"),
        ("a:\n  en: {term: a}\n", 1, "a: en"),
        ("a:\n  fr: {term: a, text: au moins 99,95 % des cas}\n", 1, "'95 % des cas'"),
        ("a: {en: {term: x, text: b}}\nb: {en: {term: X, text: c}}\n", 2, "'X' for 'b' and for 'a'"),
        (f"a: {{en: {{term: a, text: {'x' * 601}}}}}\n", 1, "601 characters"),
    ],
)
def test_what_is_wrong_in_the_glossary_is_named_at_its_line(content: Path, text: str, line: int, found: str) -> None:
    (content / "glossary.yml").write_text(text, encoding="utf-8")
    (problem,) = load(content).problems
    assert (problem.file, problem.line, problem.code) == ("glossary.yml", line, "glossary-malformed")
    assert found in problem.found
