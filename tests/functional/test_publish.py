"""Building and publishing, and the commands as a person types them."""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from airlock import main
from airlock.commands import publish_site
from api.accounts.passwords import make_confirmation
from api.catalogue.models import Publication
from api.catalogue.operations import current_version_or_none
from api.core.audit import verify
from api.core.database import Database
from api.core.releases import NotALink, swap
from site_builder.building import TOOLS
from site_builder.compiling.loader import load
from site_builder.reading.project import project_of_content
from site_builder.site.build import BuildError
from site_builder.site.live import LivePages
from site_builder.site.preview import Preview
from tests.conftest import CONTENT, SECRET, World, build_content
from tests.functional.teaching import send, shown

ROOT = Path(__file__).parent.parent.parent


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(main, arguments, env={"COLUMNS": "200", **environment})


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the tests' content."""
    site = tmp_path_factory.mktemp("built") / "site"
    build_content(CONTENT, site)
    return site


def test_a_page_carries_the_navigation_of_its_course_alone(built: Path) -> None:
    page = (built / "safe-start" / "doors" / "index.html").read_text(encoding="utf-8")
    navigation = page.partition('class="course-nav"')[2].partition("</nav>")[0]
    assert re.findall(r'data-module="([^"]+)"', navigation) == [
        "safe-start/doors",
        "safe-start/pumps",
        "safe-start/talk",
        "safe-start/walk",
    ]
    assert 'aria-current="page"' in navigation


def test_course_pages_say_order_duration_and_prerequisites(built: Path) -> None:
    page = (built / "safe-start" / "index.html").read_text(encoding="utf-8")
    order = [page.index(f'data-module="safe-start/{name}"') for name in ("doors", "pumps", "talk", "walk")]
    assert order == sorted(order)
    assert "2\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}55" in page
    assert "Nothing: you can start now." in page
    pumps = (built / "safe-start" / "pumps" / "index.html").read_text(encoding="utf-8")
    assert "First:" in pumps
    walk = (built / "safe-start" / "walk" / "index.html").read_text(encoding="utf-8")
    assert "Says what the pressure gauge shows" in walk


def test_every_language_has_every_page_and_images_that_exist(built: Path) -> None:
    for prefix in ("", "fr/", "nl/"):
        for name in ("", "catalogue/", "safe-start/", "safe-start/doors/", "paths/operator/", "sign-in/", "results/"):
            page = built / prefix / name / "index.html"
            for source in re.findall(r'<(?:img|script|link)[^>]+(?:src|href)="([^"#]+)"', page.read_text("utf-8")):
                target = (page.parent / source).resolve()
                assert target.exists() or (target / "index.html").exists(), (prefix, name, source)
    for prefix, words in (("", "does not exist"), ("fr/", "n’existe pas"), ("nl/", "bestaat niet")):
        assert words in (built / prefix / "404.html").read_text(encoding="utf-8")
    french = (built / "fr" / "safe-start" / "doors" / "index.html").read_text(encoding="utf-8")
    assert "Quelle porte s’ouvre d’abord" in french
    assert "Sur cette page" not in french
    dutch = (built / "nl" / "safe-start" / "doors" / "index.html").read_text(encoding="utf-8")
    assert "Deze pagina is in het Engels: er is geen Nederlandse versie." in dutch
    assert '<article class="md-typeset prose" lang="en">' in dutch


def test_no_page_names_another_origin(built: Path) -> None:
    for page in built.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        loaded = re.findall(r'<(?:script|link|img|iframe|source)[^>]+(?:src|href)="(?:https?:)?//[^"]*"', text)
        assert not loaded, page
        assert "airlock-policy" not in text
        assert "default-src 'self'" in text


def read_fragment(path: Path) -> dict[str, Any]:
    """What the index keeps of a page."""
    text = gzip.decompress(path.read_bytes()).decode()
    found: dict[str, Any] = json.loads(text[text.index("{") :])
    return found


def test_search_has_one_index_a_language_without_quizzes(built: Path) -> None:
    assert {path.name for path in (built / "pagefind").iterdir()} == {"en", "fr"}, "nothing is written in Dutch"
    names: dict[str, dict[str, str]] = {}
    shown: dict[str, dict[str, Any]] = {}
    for lang in ("en", "fr"):
        index = built / "pagefind" / lang
        entry = json.loads((index / "pagefind-entry.json").read_text())
        assert set(entry["languages"]) == {lang}
        names[lang] = {read_fragment(path)["url"]: path.stem for path in (index / "fragment").glob("*.pf_fragment")}
        shown[lang] = json.loads((index / "shown.json").read_text())
    assert shown["en"]["nl"] == "all", "nothing is written in Dutch"
    assert names["en"]["/safe-start/doors.html"] not in shown["en"]["fr"], "it is translated"
    assert names["en"]["/safe-start/walk.html"] in shown["en"]["fr"]
    assert "/safe-start/doors.html" in names["fr"]
    assert shown["fr"] == {}, "what is in French alone"
    assert 'languages="fr en"' in (built / "fr" / "index.html").read_text(encoding="utf-8")
    for fragment in (built / "pagefind").rglob("*.pf_fragment"):
        text = gzip.decompress(fragment.read_bytes()).decode()
        for words in ("Which door opens first", "A wrist watch", "Quelle porte"):
            assert words not in text


def test_hostile_front_matter_is_text_in_the_page(content: Path, tmp_path: Path) -> None:
    path = content / "safe-start" / "talk.md"
    text = path.read_text(encoding="utf-8")
    hostile = '"<script>alert(1)</script>\\"><img src=x onerror=x>"'
    text = text.replace("title: Talk to the crew", f"title: {hostile}").replace(
        "summary: Ask everything.", f"summary: {hostile}"
    )
    path.write_text(text.replace("requires: [pumps]", f"requires: [pumps]\nobjectives: [{hostile}]"), encoding="utf-8")
    build_content(content, tmp_path / "site", search=False)
    for page in (tmp_path / "site").rglob("*.html"):
        found = page.read_text(encoding="utf-8")
        assert "<script>alert" not in found, page
        assert "<img src=x" not in found, page


def test_a_build_with_errors_builds_nothing(content: Path, tmp_path: Path) -> None:
    (content / "safe-start" / "talk.md").write_text("no front matter")
    result = run(
        "build", "--content", str(content), "--site", str(tmp_path / "site"), "--catalogue", str(tmp_path / "c")
    )
    assert result.exit_code == 1
    assert "front-matter-missing" in result.output
    assert not (tmp_path / "site").exists()
    assert not (tmp_path / "c").exists()


def test_build_puts_the_catalogue_beside_and_never_into_the_site(content: Path, tmp_path: Path) -> None:
    inside = run(
        "build", "--content", str(content), "--site", str(tmp_path / "s"), "--catalogue", str(tmp_path / "s" / "c.json")
    )
    assert inside.exit_code == 1
    assert "cannot go into the site" in inside.output
    result = run(
        "build", "--content", str(content), "--site", str(tmp_path / "s"), "--catalogue", str(tmp_path / "c.json")
    )
    assert result.exit_code == 0, result.output
    assert json.loads((tmp_path / "c.json").read_text())["schema"] == 1
    assert (tmp_path / "c.json").stat().st_mode & 0o077 == 0, "only its owner reads it"


def test_check_in_its_formats(content: Path) -> None:
    assert run("check", "--content", str(content)).exit_code == 0
    path = content / "safe-start" / "pumps.md"
    path.write_text(path.read_text().replace("= 12.5", "= twelve"))
    text = run("check", "--content", str(content))
    assert text.exit_code == 1
    assert "safe-start/pumps.md:17:1: error [numeric-malformed]" in text.output
    assert {"found", "expected", "hint"} <= set(text.output.split())
    (problem,) = json.loads(run("check", "--no-advice", "--content", str(content), "--format", "json").output)
    assert (problem["line"], problem["column"], problem["code"]) == (17, 1, "numeric-malformed")
    assert run("check", "--no-advice", "--content", str(content), "--format", "github").output.startswith(
        "::error file="
    )


def test_new_courses_and_modules_have_no_problem(content: Path) -> None:
    assert run("new", "course", "first-steps", "--title", 'Say "hello": now', "--content", str(content)).exit_code == 0
    assert run("new", "module", "first-steps", "second", "--content", str(content)).exit_code == 0
    loaded = load(content)
    assert [problem.as_line() for problem in loaded.problems] == []
    assert loaded.catalogue.courses["first-steps"].module_ids == ("first-steps/first-lesson", "first-steps/second")
    assert loaded.catalogue.courses["first-steps"].text("en").title == 'Say "hello": now'
    for arguments in (
        ("course", "first-steps"),
        ("course", "Bad Name"),
        ("module", "none", "x"),
        ("module", "first-steps", "second"),
    ):
        again = run("new", *arguments, "--content", str(content))
        assert again.exit_code == 1
        assert "Traceback" not in again.output


def test_routes_and_users(tmp_path: Path) -> None:
    matrix = run("routes")
    assert "/api/v1/attempts/<uuid:attempt_id>" in matrix.output
    environment = {
        "AIRLOCK_URL": "http://127.0.0.1:8000",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'a.db'}",
        "AIRLOCK_SECRET_KEY": SECRET,
        "AIRLOCK_AUDIT_KEY": SECRET,
    }
    early = run("users", "list", **environment)
    assert early.exit_code == 1
    assert "airlock db upgrade" in early.output
    assert run("db", "upgrade", **environment).exit_code == 0
    added = run("users", "add", "a@example.org", "--name", "A", "--role", "trainer", **environment)
    assert added.output.startswith("http://127.0.0.1:8000/fr/welcome/#")
    assert "/fr/sign-in/#" in run("users", "link", "a@example.org", **environment).output
    assert run("users", "link", "b@example.org", **environment).exit_code == 1
    assert "/fr/welcome/#" in run("users", "password", "a@example.org", **environment).output
    assert run("users", "password", "b@example.org", **environment).exit_code == 1
    assert "signed in 0 times" in run("users", "signout", "a@example.org", **environment).output
    assert run("users", "signout", "b@example.org", **environment).exit_code == 1
    assert (tmp_path / "a.db").stat().st_mode & 0o077 == 0, "the file is its owner's alone"
    assert "is now admin" in run("users", "role", "a@example.org", "admin", **environment).output
    assert "admin" in run("users", "list", **environment).output
    assert "cannot sign in" in run("users", "suspend", "a@example.org", "--why", "stolen", **environment).output
    assert run("users", "link", "a@example.org", **environment).exit_code == 1, "no link to a closed account"
    assert "can sign in again" in run("users", "reopen", "a@example.org", **environment).output
    assert "7 entries and 1 records, unbroken" in run("audit", "verify", **environment).output


def test_publishing_stores_the_catalogue_and_swaps(content: Path, tmp_path: Path, database: Database) -> None:
    live = tmp_path / "live"
    version, changed = publish_site(project_of_content(content), live, database, lambda _: None)
    assert changed
    first = live.resolve()
    assert (live / "safe-start" / "doors" / "index.html").is_file()
    again, changed = publish_site(project_of_content(content), live, database, lambda _: None)
    assert (again, changed) == (version, False)
    assert live.resolve() != first
    path = content / "safe-start" / "pumps.md"
    path.write_text(path.read_text().replace("minutes: 15", "minutes: fifteen"))
    serving = live.resolve()
    with pytest.raises(BuildError):
        publish_site(project_of_content(content), live, database, lambda _: None)
    assert live.resolve() == serving
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Publication)) == 1


def test_a_folder_is_never_replaced_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "live").mkdir()
    (tmp_path / "live" / "precious.html").write_text("mine")
    with pytest.raises(NotALink, match="is a folder"):
        swap(tmp_path / "live", tmp_path)
    assert (tmp_path / "live" / "precious.html").read_text() == "mine"


@pytest.mark.slow
def test_a_build_killed_at_any_moment_leaves_the_old_site(content: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    build_content(content, site, search=False)
    before = (site / "index.html").read_bytes()
    page = content / "index.md"
    page.write_text(page.read_text().replace("Courses for tests.", "Other words."))
    chance = random.Random(3)
    call = f"build_content(Path({str(content)!r}), Path({str(site)!r}), search=False)"
    program = f"from pathlib import Path; from tests.conftest import build_content; {call}"
    for _ in range(5):
        process = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
        try:
            process.wait(timeout=chance.uniform(0.3, 1.2))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        now = (site / "index.html").read_bytes()
        assert now == before or b"Other words." in now
        assert (site / "safe-start" / "doors" / "index.html").is_file()


def test_mkdocs_builds_on_its_own(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert "air-quiz" in (tmp_path / "site" / "entering-grade-b" / "gowning" / "index.html").read_text()


def test_the_preview_follows_what_is_saved(content: Path, tmp_path: Path) -> None:
    stored: list[int] = []
    project = project_of_content(content)
    preview = Preview(project, tmp_path / "preview", TOOLS, lambda loaded: stored.append(len(loaded.problems)))
    preview.build()
    assert preview.number == 1
    preview.start()
    try:
        page = content / "safe-start" / "talk.md"
        page.write_text(page.read_text().replace("Bring questions.", "Bring a pen."))
        assert preview.wait_for(1, 20) >= 2
        assert "Bring a pen." in (preview.live / "safe-start" / "talk" / "index.html").read_text()
        number = preview.number
        page.write_text(page.read_text() + "\n<quiz>\n### Q?\n- [ ] A\n- [ ] B\n</quiz>\n")
        assert preview.wait_for(number, 20) > number
        assert stored[-1] == 1, "a page with a mistake is shown all the same"
        assert "quiz-broken" in (preview.live / "safe-start" / "talk" / "index.html").read_text()
    finally:
        preview.stop()

    def app(environ: dict[str, Any], start: Any) -> list[bytes]:
        start("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", "13")])
        return [b"<body></body>"]

    heads: list[Any] = []
    body = LivePages(app, preview)({"PATH_INFO": "/"}, lambda status, headers: heads.append((status, dict(headers))))
    assert b"/__live.js" in b"".join(body)
    assert heads[0][1]["Content-Length"] == str(len(b"".join(body)))
    shutil.rmtree(tmp_path / "preview")


def test_the_page_that_is_asked_for_comes_before_the_site(content: Path, tmp_path: Path) -> None:
    preview = Preview(project_of_content(content), tmp_path / "preview", TOOLS, lambda loaded: None)
    pages = LivePages(lambda environ, start: [b"the app"], preview)
    heads: list[Any] = []

    def get(path: str) -> bytes:
        return b"".join(pages({"PATH_INFO": path}, lambda status, headers: heads.append(dict(headers))))

    page = get("/fr/safe-start/doors/").decode()
    assert "Quelle porte s’ouvre d’abord" in page
    assert "/__live.js" in page, "it is loaded again when the site is there"
    assert "default-src 'self'" in page
    assert 'data-module="safe-start/walk"' in page, "with the navigation of its course"
    (picture,) = {path.relative_to(content).as_posix() for path in content.rglob("*.svg")} or {""}
    if picture:
        assert get(f"/{picture}") == (content / picture).read_bytes()
        assert heads[-1]["Content-Type"] == "image/svg+xml"
    for place in re.findall(r'<(?:script|link)[^>]+(?:src|href)="[./]*(assets/[^"]+)"', page):
        assert (preview.live / place).is_file(), place
    assert get("/nowhere/") == b"the app"
    assert get("/api/v1/me") == b"the app"
    preview.build()
    assert (preview.live / "fr" / "safe-start" / "doors" / "index.html").read_text(encoding="utf-8") in page.replace(
        '<script type="module" src="/__live.js"></script>', ""
    )
    assert get("/fr/safe-start/doors/") == b"the app", "from now on it comes from the site"
    preview._early_readers.close()


def test_the_builder_starts_without_what_it_does_not_need(content: Path) -> None:
    program = (
        "import sys\nfrom airlock import main\ntry:\n"
        f"    main(['check', '--content', {str(content)!r}], standalone_mode=False)\n"
        "except SystemExit:\n    print(*sys.modules)\n"
    )
    for _ in range(2):  # The second time, every page was read before.
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "site_builder.compiling.loader" in loaded, done.stderr
    heavy = {"api", "flask", "sqlalchemy", "mkdocs", "markdown", "pint", "bleach", "nh3", "pebble", "jinja2", "rich"}
    assert not loaded & heavy


@pytest.mark.slow
def test_one_goes_back_to_what_was_published(
    content: Path, tmp_path: Path, make_world: Callable[..., World], database: Database
) -> None:
    live, page = tmp_path / "live", content / "safe-start" / "doors.md"
    world = make_world(site=live)
    admin, confirmation = world.client("admin"), make_confirmation(SECRET, world.people["admin"].id)

    def back(publication: int) -> Any:
        return send(admin, f"publications/{publication}/return", {"confirmation": confirmation, "why": "A mistake."})

    def publish() -> str | None:
        publish_site(project_of_content(content), live, database, lambda _: None)
        with database.reading() as session:
            return current_version_or_none(session)

    first = publish()
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("minutes: 10", "minutes: 11") + "\nA new sentence.\n", encoding="utf-8")
    second = publish()
    assert first != second
    shown_now = (live / "safe-start/doors/index.html").read_text(encoding="utf-8")
    newest, before = shown(admin, "publications")["publications"][:2]
    assert (newest["current"], newest["kept"], before["kept"]) == (True, True, True)
    assert back(newest["id"]).status_code == 409
    assert back(before["id"]).status_code == 200
    with database.reading() as session:
        assert current_version_or_none(session) == first
        assert not verify(session).breaks
    assert "A new sentence." in shown_now
    assert "A new sentence." not in (live / "safe-start/doors/index.html").read_text(encoding="utf-8")
    listed = shown(admin, "publications")["publications"]
    assert (listed[0]["version"], listed[0]["actor_name"]) == (first, "Admin")
    assert [one["current"] for one in listed[:3]] == [True, False, True], "the same pages, whenever they came out"
    for _ in range(6):
        publish_site(project_of_content(content), live, database, lambda _: None)
    assert all(one["kept"] for one in shown(admin, "publications")["publications"][:3]), "the same again is no other"
    # What is kept no more is not gone back to, and nothing changes.
    for note in live.with_name("live-releases").glob("*.version"):
        note.unlink()
    assert back(before["id"]).json["code"] == "release_gone"
    assert back(10**6).status_code == 404
    with database.reading() as session:
        assert current_version_or_none(session) == second
