"""A site that was built again and again is, byte for byte, the site that a build from nothing gives."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from site_builder.building import build_project
from site_builder.compiling.loader import load
from site_builder.compiling.readers import Readers
from site_builder.compiling.store import VARIABLE, Store, code_digest, page_address
from site_builder.plugin import render_site
from site_builder.reading.project import Project, read_project
from site_builder.site.build import ContentError, catalogue_text, drafts_of
from site_builder.site.policy import with_policy
from tests.generated import write_course

ROOT = Path(__file__).parent.parent.parent
CONFIG = """site_name: Made
docs_dir: content
theme:
  name: material
  custom_dir: theme
  font: false
plugins:
  - airlock:
      languages: [{languages}]
      colour: "{colour}"
"""
STEPS = 9
CHANGES = """edit edit edit retitle rename remove add reorder translate untranslate break mend glossary theme
colour languages picture other-picture draft"""


def make_site(folder: Path, seed: int) -> Path:
    """A site of a generated course with a translation, a glossary and a theme of its own; gives its configuration."""
    write_course(folder / "content", seed=seed, lessons=4)
    course = folder / "content" / "made"
    translate(course / "lesson-0.md")
    (course / "plan.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><title>Plan</title></svg>')
    (course / "lesson-1.md").write_text((course / "lesson-1.md").read_text() + "\n\n![Plan](plan.svg)\n\nA valve.\n")
    (folder / "content" / "glossary.yml").write_text("valve:\n  en: {term: valve, text: It opens and closes.}\n")
    (folder / "theme" / "partials").mkdir(parents=True)
    (folder / "theme" / "partials" / "footer.html").write_text("<footer>First</footer>")
    config = folder / "mkdocs.yml"
    config.write_text(CONFIG.format(languages="en, fr", colour="#0b6b66"))
    return config


def translate(path: Path) -> None:
    keys = ("kind:", "minutes:", "renewal:")
    lines = [line for line in path.read_text().split("\n") if not line.startswith(keys)]
    path.with_suffix(".fr.md").write_text(
        "\n".join(lines).replace("title: ", "title: FR ").replace("True", "Vrai").replace("False", "Faux")
    )


def modules(course: Path) -> list[str]:
    listed = next(line for line in (course / "index.md").read_text().split("\n") if line.startswith("modules:"))
    return listed.partition("[")[2].rstrip("]").split(", ")


def list_modules(course: Path, names: list[str]) -> None:
    lines = (course / "index.md").read_text().split("\n")
    kept = [f"modules: [{', '.join(names)}]" if line.startswith("modules:") else line for line in lines]
    (course / "index.md").write_text("\n".join(kept))


def change(folder: Path, chance: random.Random) -> str:
    """Change something, as authors do; gives what."""
    content, course = folder / "content", folder / "content" / "made"
    names = modules(course)
    name = chance.choice(names)
    page = course / f"{name}.md"
    what = chance.choice(CHANGES.split())
    if what == "edit":
        page.write_text(page.read_text() + f"\n\nMore words {chance.randrange(1000)} of the valve.\n")
    elif what == "retitle":
        page.write_text(page.read_text().replace("title: ", f"title: {chance.randrange(100)} ", 1))
    elif what == "rename" and len(names) > 1:
        new = f"renamed-{chance.randrange(10_000)}"
        for path in course.glob(f"{name}.*md"):
            path.rename(course / path.name.replace(name, new, 1))
        list_modules(course, [new if one == name else one for one in names])
    elif what == "remove" and len(names) > 2:
        for path in course.glob(f"{name}.*md"):
            path.unlink()
        list_modules(course, [one for one in names if one != name])
    elif what == "add":
        new = f"added-{chance.randrange(10_000)}"
        (course / f"{new}.md").write_text(f"---\ntitle: {new}\nkind: lesson\nminutes: 3\nsummary: New.\n---\n\nText.\n")
        list_modules(course, [*names, new])
    elif what == "reorder":
        list_modules(course, chance.sample(names, len(names)))
    elif what == "translate" and not page.with_suffix(".fr.md").exists():
        translate(page)
    elif what == "untranslate":
        page.with_suffix(".fr.md").unlink(missing_ok=True)
    elif what == "break":
        page.write_text(page.read_text() + "\n\n<quiz>\nnothing\n</quiz>\n")
    elif what == "mend":
        mend(course)
    elif what == "glossary":
        text = f"It opens and closes {chance.randrange(100)}."
        (content / "glossary.yml").write_text(f"valve:\n  en: {{term: valve, text: {text}}}\n")
    elif what == "theme":
        footer = folder / "theme" / "partials" / "footer.html"
        footer.write_text(f"<footer>{chance.randrange(1000)}</footer>")
    elif what in ("colour", "languages"):
        languages = chance.choice(["en, fr", "en", "en, fr, nl"])
        colour = f"#{chance.randrange(0x1000000):06x}"
        (folder / "mkdocs.yml").write_text(CONFIG.format(languages=languages, colour=colour))
    elif what == "picture":
        title = chance.choice(["One", "Two"])  # Of the same size.
        (course / "plan.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg"><title>Plan {title}</title></svg>')
    elif what == "other-picture":
        (course / "plan.fr.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><title>Le plan</title></svg>')
    elif what == "draft":
        page.write_text(page.read_text().replace("minutes:", "draft: true\nminutes:", 1))
    return what


def mend(course: Path) -> None:
    """Take back what broke pages, and translate them again."""
    for path in sorted(course.glob("*.md")):
        path.write_text(path.read_text().replace("\n\n<quiz>\nnothing\n</quiz>\n", ""))
    for path in course.glob("*.fr.md"):
        translate(path.with_name(path.name.replace(".fr", "")))


def files(site: Path) -> dict[str, bytes]:
    found = {}
    for top in (site, drafts_of(site)):
        for path in top.rglob("*") if top.exists() else ():
            if path.is_file():
                found[path.relative_to(site.parent).as_posix().replace(site.name, "site", 1)] = path.read_bytes()
    return found


def build_afresh(config: Path, site: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """A build that knows nothing of any other one."""
    with monkeypatch.context() as patch:
        patch.setenv(VARIABLE, "off")
        build_project(read_project(config), site, search=False)
    return files(site)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_whatever_changes_the_site_is_that_of_a_build_from_nothing(
    seed: int, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    config = make_site(tmp_path, seed)
    build_project(read_project(config), tmp_path / "again", search=False)
    compared = taken_over = 0
    for step in range(STEPS):
        what = [change(tmp_path, chance) for _ in range(chance.randint(1, 2))]
        try:
            built = build_project(read_project(config), tmp_path / "again", search=False)
        except ContentError:
            mend(tmp_path / "content" / "made")
            continue
        afresh = build_afresh(config, tmp_path / f"afresh-{step}", monkeypatch)
        again = files(tmp_path / "again")
        assert sorted(again) == sorted(afresh), (step, what)
        assert [name for name in again if again[name] != afresh[name]] == [], (step, what)
        whole = load(tmp_path / "content", Readers(), languages=read_project(config).languages).published()
        assert "".join(catalogue_text(built.loaded)) == "".join(catalogue_text(whole)), (step, what)
        compared += 1
        taken_over += built.fresh < built.pages
    assert compared > 1
    assert taken_over, "something was taken over"


def test_what_did_not_change_is_not_made_again(tmp_path: Path, cache: Path) -> None:
    config = make_site(tmp_path, 1)
    for path in tmp_path.rglob("*.svg"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    site = tmp_path / "again"
    first = build_project(read_project(config), site)
    assert first.fresh > first.pages
    page = tmp_path / "content" / "made" / "lesson-3.md"
    page.write_text(page.read_text().replace("\n\n", "\n\nOne word more.\n\n", 1))
    second = build_project(read_project(config), site)
    # The page in two languages, the search, and what is too young to be trusted.
    assert second.fresh <= 3 + len(list((tmp_path / "content").rglob("*.svg"))) * 3
    assert b"One word more." in (site / "made" / "lesson-3" / "index.html").read_bytes()


def test_the_index_of_the_search_is_the_same_each_time(tmp_path: Path, cache: Path) -> None:
    config = make_site(tmp_path, 8)
    config.write_text(CONFIG.format(languages="en, fr, nl", colour="#0b6b66"))
    made = []
    for number in range(4):
        build_project(read_project(config), tmp_path / f"site-{number}")
        made.append(files(tmp_path / f"site-{number}"))
    assert any("pf_fragment" in name for name in made[0])
    assert made[0] == made[1] == made[2] == made[3]


def test_a_file_that_somebody_touched_is_made_again(tmp_path: Path, cache: Path) -> None:
    config = make_site(tmp_path, 2)
    site = tmp_path / "again"
    build_project(read_project(config), site, search=False)
    before = files(site)
    (site / "made" / "index.html").write_text("defaced")
    (site / "made" / "lesson-1" / "index.html.br").unlink()
    (site / "extra.html").write_text("more")
    build_project(read_project(config), site, search=False)
    assert files(site) == before


def test_a_damaged_cache_costs_time_alone(tmp_path: Path, cache: Path) -> None:
    config = make_site(tmp_path, 3)
    site = tmp_path / "again"
    build_project(read_project(config), site, search=False)
    before = files(site)
    for damage in (
        lambda data: b"nonsense",
        lambda data: data[: len(data) // 2],
        lambda data: data[:-9] + b"123456789",
    ):
        for path in cache.rglob("*"):
            if path.is_file() and "templates" not in path.parts:
                path.write_bytes(damage(path.read_bytes()))
        build_project(read_project(config), site, search=False)
        assert files(site) == before


def test_kept_pages_are_sealed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    address = page_address("a.md", "en", "text")
    store.write({address: b"page"})
    assert store.read([address, b"other"]) == {address: b"page"}
    data = (tmp_path / "pages.db").read_bytes()
    assert (tmp_path / "pages.db").stat().st_mode & 0o077 == 0, "it holds keys"
    (tmp_path / "pages.db").write_bytes(data.replace(b"page", b"pale"))
    assert store.read([address]) in ({}, {address: b"page"})
    assert page_address("a.md", "fr", "text") != address
    assert len(code_digest()) == 32


def test_a_disk_that_cannot_be_written_costs_time_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "file"))
    config = make_site(tmp_path / "site", 4)
    build_project(read_project(config), tmp_path / "built", search=False)
    assert (tmp_path / "built" / "made" / "index.html").is_file()


@pytest.mark.slow
def test_builds_killed_at_any_moment_leave_nothing_wrong_behind(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(5)
    config = make_site(tmp_path, 5)
    site = tmp_path / "again"
    build_project(read_project(config), site, search=False)
    page = tmp_path / "content" / "made" / "lesson-2.md"
    call = f"build_project(read_project(Path({str(config)!r})), Path({str(site)!r}), search=False)"
    program = (
        "from pathlib import Path; from site_builder.building import build_project; "
        f"from site_builder.reading.project import read_project; {call}"
    )
    for number in range(6):
        page.write_text(page.read_text() + f"\n\nWord {number}.\n")
        process = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
        try:
            process.wait(timeout=chance.uniform(0.1, 0.9))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert (site / "made" / "lesson-2" / "index.html").is_file()
    build_project(read_project(config), site, search=False)
    assert files(site) == build_afresh(config, tmp_path / "afresh", monkeypatch)


@pytest.fixture
def by_mkdocs(tmp_path: Path) -> Callable[[Project], Path]:
    """Gives the pages that MkDocs writes."""

    def render(project: Project) -> Path:
        loaded = load(project.content, languages=project.languages).published()
        render_site(project, tmp_path / "mkdocs", loaded)
        return tmp_path / "mkdocs"

    return render


@pytest.mark.parametrize("which", ["shipped", "generated"])
def test_mkdocs_gives_the_same_bytes_for_each_page(
    which: str, tmp_path: Path, cache: Path, by_mkdocs: Callable[[Project], Path]
) -> None:
    project = read_project(ROOT / "mkdocs.yml" if which == "shipped" else make_site(tmp_path, 6))
    build_project(project, tmp_path / "ours", search=False)
    theirs = by_mkdocs(project)
    places = sorted(path.relative_to(tmp_path / "ours") for path in (tmp_path / "ours").rglob("*.html"))
    assert places == sorted(path.relative_to(theirs) for path in theirs.rglob("*.html"))
    assert len(places) > 30
    for place in places:
        page = with_policy((theirs / place).read_text(encoding="utf-8"))
        assert (tmp_path / "ours" / place).read_text(encoding="utf-8") == page, place


def test_a_site_with_other_plugins_is_written_by_mkdocs(tmp_path: Path, cache: Path) -> None:
    config = make_site(tmp_path, 7)
    ours = tmp_path / "ours"
    build_project(read_project(config), ours, search=False)
    config.write_text(config.read_text() + "  - search\n")
    build_project(read_project(config), tmp_path / "theirs", search=False)
    page = Path("made", "lesson-1", "index.html")
    assert (tmp_path / "theirs" / page).read_bytes() == (ours / page).read_bytes()
    assert (tmp_path / "theirs" / page).with_suffix(".html.br").is_file()
    assert (tmp_path / "theirs" / "search" / "search_index.json").is_file()
