"""What bad input gets: one problem each, with its place, and the other pages are still compiled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.authoring.fixes import fix_page
from site_builder.compiling.loader import Loaded, load
from site_builder.markup import sanitise
from site_builder.reading.rendered import render_page

MODULE = "safe-start/pumps.md"
ROOT = Path(__file__).parent.parent.parent


def found(content: Path) -> list[tuple[str, int, str]]:
    return [(problem.file, problem.line, problem.code) for problem in load(content).problems]


def edit(content: Path, old: str, new: str, name: str = MODULE) -> None:
    path = content / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


FRONT_MATTER: list[tuple[str, str, int, str]] = [
    ("title: Pumps", "title: &a Pumps", 2, "front-matter-yaml"),
    ("title: Pumps", "title: *a", 2, "front-matter-yaml"),
    ("title: Pumps", "title: !!python/name:os.system Pumps", 2, "front-matter-yaml"),
    ("title: Pumps", "title: a: b", 2, "front-matter-yaml"),
    ("title: Pumps", "title: 2024-99-99", 2, "front-matter-yaml"),
    ("title: Pumps", "title: [Pumps]", 2, "front-matter-value"),
    ("title: Pumps\n", "", 1, "front-matter-missing-key"),
    ("title: Pumps\n", "title: Pumps\ntitle: Again\n", 3, "front-matter-duplicate"),
    ("kind: lesson", "kind: lessen", 3, "front-matter-value"),
    ("minutes: 15", "minutes: a quarter", 4, "front-matter-value"),
    ("minutes: 15", "minutes: 0", 4, "front-matter-value"),
    ("minutes: 15", "minuts: 15\nminutes: 15", 4, "front-matter-unknown"),
    ("summary: How", "renewal: huge\nsummary: How", 5, "front-matter-value"),
    ("summary: How", "renewal: 0\nsummary: How", 5, "front-matter-value"),
    ("summary: How", "renewal: 2.5\nsummary: How", 5, "front-matter-value"),
    ("summary: How", "revision: minor\nsummary: How", 5, "front-matter-replaced"),
    ("summary: How", "changed: yesterday\nsummary: How", 5, "front-matter-value"),
    ("summary: How", "changed: 2026-11-20\nsummary: How", 5, "front-matter-value"),
    ("summary: How", "changed: 2026-02-30 A slip.\nsummary: How", 5, "front-matter-value"),
    ("requires: [doors]", "requires: [dors]", 8, "requires-unknown"),
    ("requires: [doors]", "requires: [doors, doors]", 8, "front-matter-value"),
    ("requires: [doors]", "audiences: [robots]", 8, "front-matter-value"),
    ("---\ntitle: Pumps", "title: Pumps", 1, "front-matter-missing"),
]


@pytest.mark.parametrize(("old", "new", "line", "code"), FRONT_MATTER, ids=[item[1][:40] for item in FRONT_MATTER])
def test_front_matter(content: Path, old: str, new: str, line: int, code: str) -> None:
    edit(content, old, new)
    assert found(content) == [(MODULE, line, code)]
    assert "safe-start/doors" in load(content).catalogue.modules


def test_a_change_is_shown_in_the_language_of_the_reader(content: Path) -> None:
    edit(content, "minutes: 10", "minutes: 10\nchanged: 2026-11-20 The mask goes on first.", "safe-start/doors.md")
    module = load(content).catalogue.modules["safe-start/doors"]
    assert (module.changed_on, module.page("en").changed, module.page("fr").changed) == (
        "2026-11-20",
        "The mask goes on first.",
        "",
    )
    french = content / "safe-start" / "doors.fr.md"
    text = french.read_text(encoding="utf-8")
    french.write_text(text.replace("title:", "changed: 2026-11-20, Le masque d’abord.\ntitle:", 1), encoding="utf-8")
    assert load(content).catalogue.modules["safe-start/doors"].page("fr").changed == "Le masque d’abord."
    french.write_text(text.replace("title:", "changed: 2026-11-21 Le masque.\ntitle:", 1), encoding="utf-8")
    assert found(content) == [("safe-start/doors.fr.md", 2, "translation-differs")]


def test_a_revision_that_means_nothing_is_removed(content: Path) -> None:
    for word, kept in (("minor", False), ('"editorial"  # a typo', False), ("major", True)):
        page = f"---\ntitle: A\nrevision: {word}\n---\n\nrevision: minor\n".encode()
        fixed, what = fix_page(page)
        assert (b"\nrevision: " + word.encode() in fixed.partition(b"\n---\n")[0]) is kept
        assert fixed.endswith(b"revision: minor\n"), "only the front matter is mended"
        assert bool(what) is not kept


BODIES: list[tuple[str, str, str]] = [
    ("Hello <script>alert(1)</script>.", "html-removed", "<script>"),
    ('Hello <b onclick="x()">you</b>.', "html-removed", "onclick"),
    ('<a href="javascript:x()">go</a>', "html-removed", "href"),
    ("[go](javascript:x())", "html-removed", "href"),
    ("[go](java&#115;cript:x)", "html-removed", "href"),
    ("[go][there]\n\n[there]: javascript:x()", "html-removed", "href"),
    ("<javascript:alert(1)>", "html-removed", ""),
    ('<iframe src="https://other.example/"></iframe>', "html-removed", "<iframe>"),
    ("<form action=/x><input></form>", "html-removed", "<form>"),
    ("<air-quiz quiz=x></air-quiz>", "html-removed", "<air-quiz>"),
    ("Text {onmouseover=x}\n{: onmouseover=x }", "html-removed", "onmouseover"),
    ("<p style='color:red'>x</p>", "html-removed", "style"),
    ("<svg><g onload=x></g></svg>", "html-removed", "<svg>"),
    ("![A door](images/dor.svg)", "image-missing", "door.svg"),
    ("![A door][d]\n\n[d]: images/none.png", "image-missing", ""),
    ("![out](../../etc/passwd.png)", "link-outside", ""),
    ("[go](nowhere.md)", "link-missing", ""),
    ("[go](/absolute/)", "link-outside", ""),
    ('<img src="images/door.svg" alt="A door">', "html-address", ""),
    ("```\nnever closed", "fence-unclosed", ""),
    ("> ```\n> never closed", "fence-unclosed", ""),
    ("<div>\n<quiz>\n### Q?\n- [x] A\n- [ ] B\n</quiz>\n</div>", "quiz-hidden", ""),
    ("<!--\n<quiz>\n### Q?\n- [x] A\n- [ ] B\n</quiz>\n-->", "quiz-hidden", ""),
    ("\n".join("    " * depth + "- deep" for depth in range(300)), "nested-too-deeply", ""),
]


@pytest.mark.parametrize(("body", "code", "said"), BODIES, ids=[body[:40] for body, _, _ in BODIES])
def test_bodies(content: Path, body: str, code: str, said: str) -> None:
    (content / "safe-start" / "talk.md").write_text(
        f"---\ntitle: T\nkind: webinar\nminutes: 1\n---\n\nFirst.\n\n{body}\n", encoding="utf-8"
    )
    problems = load(content).problems
    assert {problem.code for problem in problems} == {code}, [problem.as_line() for problem in problems]
    assert all(problem.line >= (6 if "&#" in body else 7) or code == "nested-too-deeply" for problem in problems)
    assert any(said in problem.message for problem in problems)


def test_what_is_removed_in_a_quiz_is_reported_at_its_line(content: Path) -> None:
    edit(content, "- [x] True\n", "- [x] True <img src=x onerror=x>\n")
    problems = load(content).problems
    assert ("html-removed", 23) in {(problem.code, problem.line) for problem in problems}


def several(*steps: Callable[[Path], object]) -> Callable[[Path], object]:
    """Damage in several steps."""

    def damage(content: Path) -> None:
        for step in steps:
            step(content)

    return damage


def changed(old: str, new: str, name: str = MODULE) -> Callable[[Path], object]:
    """Damage that replaces a text."""
    return lambda content: edit(content, old, new, name)


def removed(name: str) -> Callable[[Path], object]:
    """Damage that removes a file."""
    return lambda content: (content / name).unlink()


def written(name: str, text: str) -> Callable[[Path], object]:
    """Damage that writes a file."""

    def write(content: Path) -> None:
        (content / name).parent.mkdir(exist_ok=True)
        (content / name).write_text(text)

    return write


LESSON = "---\ntitle: M\nkind: lesson\nminutes: 1\n---\n"
Damage = Callable[[Path], object]
FILES: dict[str, tuple[Damage, list[tuple[str, int, str]]]] = {
    "Latin-1": (
        lambda c: (c / MODULE).write_bytes(b"---\ntitle: Pr\xe9paration\n---\n"),
        [(MODULE, 2, "file-encoding")],
    ),
    "UTF-16": (lambda c: (c / MODULE).write_bytes("---\n".encode("utf-16")), [(MODULE, 1, "file-encoding")]),
    "NUL": (lambda c: (c / MODULE).write_bytes(b"---\ntitle: \x00\n---\n"), [(MODULE, 2, "file-encoding")]),
    "a course index in Latin-1": (
        lambda c: (c / "safe-start" / "index.md").write_bytes(b"\xe9"),
        [("safe-start/index.md", 1, "file-encoding")],
    ),
    "BOM": (
        lambda c: (c / MODULE).write_bytes(b"\xef\xbb\xbf" + (c / MODULE).read_bytes()),
        [(MODULE, 1, "file-bom")],
    ),
    "CRLF": (
        lambda c: (c / MODULE).write_bytes((c / MODULE).read_bytes().replace(b"\n", b"\r\n")),
        [(MODULE, 1, "file-line-ends")],
    ),
    "a link out of the folder": (
        lambda c: (c / "safe-start" / "images" / "out.svg").symlink_to("/etc/hostname"),
        [("safe-start/images/out.svg", 1, "file-link")],
    ),
    "a link to itself": (
        lambda c: (c / "safe-start" / "images" / "loop.svg").symlink_to("loop.svg"),
        [("safe-start/images/loop.svg", 1, "file-special")],
    ),
    "a file that is no medium": (
        lambda c: (c / "safe-start" / "run.exe").write_bytes(b"MZ"),
        [("safe-start/run.exe", 1, "file-unknown")],
    ),
    "a script in an image": (
        lambda c: (c / "safe-start" / "images" / "door.svg").write_text(
            "<svg xmlns='http://www.w3.org/2000/svg'>\n<script/></svg>"
        ),
        [("safe-start/images/door.svg", 2, "svg-active")],
    ),
    "a handler in an image": (
        lambda c: (c / "safe-start" / "images" / "door.svg").write_text("<svg xmlns='x'><g onload='x'/></svg>"),
        [("safe-start/images/door.svg", 1, "svg-active")],
    ),
    "entities in an image": (
        lambda c: (c / "safe-start" / "images" / "door.svg").write_text("<!DOCTYPE x [<!ENTITY a 'b'>]><svg/>"),
        [("safe-start/images/door.svg", 1, "svg-unreadable")],
    ),
    "a page that is not listed": (
        written("safe-start/more.md", LESSON),
        [("safe-start/more.md", 1, "module-unlisted")],
    ),
    "a listed page that is not there": (
        changed("[doors, pumps", "[doors, pums, pumps", "safe-start/index.md"),
        [("safe-start/index.md", 6, "module-missing")],
    ),
    "a folder without an index": (
        written("other/x.md", LESSON),
        [("other/x.md", 1, "course-without-index")],
    ),
    "a page that is only in French and not listed": (
        several(
            lambda c: (c / "safe-start" / "walk.md").rename(c / "safe-start" / "walk.fr.md"),
            changed(", walk]", "]", "safe-start/index.md"),
        ),
        [("safe-start/walk.fr.md", 1, "module-unlisted")],
    ),
    "an unknown language": (
        lambda c: (c / "safe-start" / "doors.fr.md").rename(c / "safe-start" / "doors.xx.md"),
        [("safe-start/doors.xx.md", 1, "file-language")],
    ),
    "a circle": (
        changed("minutes: 10", "minutes: 10\nrequires: [pumps]", "safe-start/doors.md"),
        [("safe-start/doors.md", 5, "requires-circle"), ("safe-start/pumps.md", 8, "requires-circle")],
    ),
    "a translation with another key": (
        several(
            changed("- [x] Celle de l’extérieur", "- [ ] Celle de l’extérieur", "safe-start/doors.fr.md"),
            changed("- [ ] Les deux", "- [x] Les deux", "safe-start/doors.fr.md"),
        ),
        [("safe-start/doors.fr.md", 10, "translation-differs")],
    ),
    "a translation that says more than texts": (
        changed("title: Les portes", "title: Les portes\nminutes: 3", "safe-start/doors.fr.md"),
        [("safe-start/doors.fr.md", 3, "front-matter-unknown")],
    ),
    "a broken quiz is not also a different translation": (
        changed("= 1\n", "= one\n", "safe-start/doors.md"),
        [("safe-start/doors.md", 66, "numeric-malformed")],
    ),
    "two quizzes with one id": (changed('<quiz id="last"', '<quiz id="flow"'), [(MODULE, 30, "quiz-duplicate-id")]),
    "an image in graded feedback": (
        changed("Explanation-dose:", "![x](images/door.svg)"),
        [(MODULE, 15, "feedback-file")],
    ),
    "an unclosed quiz": (
        changed("</quiz>\n\n<quiz id", "\n\n## More\n\n<quiz id"),
        [(MODULE, 13, "quiz-unclosed")],
    ),
    "a page that is gone": (removed("safe-start/doors.fr.md"), []),
}


@pytest.mark.parametrize("name", FILES)
def test_files(name: str, content: Path) -> None:
    damage, expected = FILES[name]
    damage(content)
    assert found(content) == expected, [problem.as_line() for problem in load(content).problems]


def test_no_folder_is_a_problem(tmp_path: Path) -> None:
    assert found(tmp_path / "nowhere") == [(".", 1, "content-missing")]


def test_every_problem_of_every_file_in_one_run(content: Path) -> None:
    edit(content, "minutes: 15", "minutes: x")
    edit(content, "title: Doors", "titel: Doors", "safe-start/doors.md")
    (content / "safe-start" / "a.exe").write_text("")
    problems = load(content).problems
    assert {problem.file for problem in problems} == {MODULE, "safe-start/doors.md", "safe-start/a.exe"}


def test_the_shipped_courses_have_no_problem() -> None:
    loaded = load(ROOT / "content")
    assert [problem.as_line() for problem in loaded.problems] == []
    for module in loaded.catalogue.modules.values():
        if module.kind == "lesson":
            graded = [quiz for quiz in module.page("en").quizzes if not quiz.practice]
            assert sum(len(quiz.questions) for quiz in graded) >= 8
            assert set(module.pages) >= {"en", "fr"}
            for page in module.pages.values():
                for quiz in page.quizzes:
                    for question in quiz.questions:
                        options = getattr(question, "options", ())
                        assert all(option.feedback for option in options), (module.id, question.id)


def test_front_matter_cannot_write_into_the_page(content: Path) -> None:
    edit(content, "title: Pumps", 'title: "<script>alert(1)</script>"')
    loaded: Loaded = load(content)
    assert loaded.catalogue.modules["safe-start/pumps"].page("en").title == "<script>alert(1)</script>"


@given(st.text(max_size=200))
def test_sanitising_twice_changes_nothing(text: str) -> None:
    once = sanitise(text)
    assert sanitise(once) == once


@given(st.text(alphabet=st.sampled_from("<>/=\"' &;:()[]{}`*_-#\n\\!aonclickjvsrtpfhm"), max_size=200))
def test_no_page_keeps_a_handler_or_a_script_address(text: str) -> None:
    for html in (sanitise(text),):
        lowered = html.lower()
        assert "<script" not in lowered
        assert " onclick=" not in lowered
        assert 'href="javascript' not in lowered
    render_page(text, "en")
