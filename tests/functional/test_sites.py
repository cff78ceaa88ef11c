"""Sites of one's own: made from nothing, in any language, with drafts that nobody sees but those who may."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from airlock import main
from airlock.commands import publish_site
from api.catalogue.operations import current_catalogue
from api.core.database import Database
from site_builder.authoring.skeletons import NotMade, new_course, new_module, new_site
from site_builder.building import build_project
from site_builder.compiling.loader import load
from site_builder.course.languages import LANGUAGES
from site_builder.reading.project import ProjectError, project_of_content, read_project
from site_builder.site.build import ContentError
from site_builder.site.colours import CONTRAST, DARK, LIGHT, contrast, readable, style_sheet
from tests.conftest import World, build_content


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env={"COLUMNS": "200"})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_new_site_checks_and_builds(lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "centre"
    assert run("new", "site", str(folder), "--name", "Centre d’essai: le nôtre", "--lang", lang).exit_code == 0
    monkeypatch.chdir(folder)
    checked = run("check")
    assert checked.output == "No problems.\n"
    built = run("build")
    assert built.exit_code == 0, built.output
    page = (folder / "site" / "first-course" / "read-and-answer" / "index.html").read_text(encoding="utf-8")
    assert f'<html lang="{lang}"' in page
    assert "Centre d’essai: le nôtre" in page
    assert 'class="notice"' not in page, "it is in the reader's language"
    for other in LANGUAGES:
        if other != lang:
            page = (folder / "site" / other / "first-course" / "index.html").read_text(encoding="utf-8")
            assert 'class="notice"' in page
            assert f'<title lang="{lang}">' in page
    assert (folder / "README.md").is_file()
    assert "airlock check --format github" in (folder / ".github" / "workflows" / "check.yml").read_text()
    again = run("new", "site", str(folder))
    assert (again.exit_code, "not empty" in again.output) == (1, True)


def test_a_french_course_in_an_english_site(content: Path, tmp_path: Path) -> None:
    new_course(content, "prelever", "Prélever un échantillon", lang="fr")
    for path in (content / "prelever").glob("*.md"):
        text = re.sub(r"(?m)^draft: true\n", "", path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8")
    assert {path.name for path in (content / "prelever").iterdir()} == {"index.fr.md", "first-lesson.fr.md"}
    loaded = load(content)
    assert loaded.problems == []
    assert list(loaded.catalogue.courses["prelever"].texts) == ["fr"]
    with pytest.raises(ContentError) as stopped:
        build_content(content, tmp_path / "site")
    assert {problem.code for problem in stopped.value.problems} == {"template-text"}
    (content / "prelever" / "index.fr.md").write_text(
        "---\ntitle: Prélever\nsummary: Un cours.\nmodules: [first-lesson]\n---\n\nTexte.\n", encoding="utf-8"
    )
    (content / "prelever" / "first-lesson.fr.md").write_text(
        "---\ntitle: Étiquettes\nkind: lesson\nminutes: 5\n---\n\nTexte.\n", encoding="utf-8"
    )
    build_content(content, tmp_path / "site", search=False)
    french = (tmp_path / "site" / "fr" / "prelever" / "first-lesson" / "index.html").read_text(encoding="utf-8")
    assert "Étiquettes" in french
    assert 'class="notice"' not in french
    dutch = (tmp_path / "site" / "nl" / "prelever" / "first-lesson" / "index.html").read_text(encoding="utf-8")
    assert "Deze pagina is in het Frans" in dutch
    assert '<article class="md-typeset prose" lang="fr">' in dutch
    catalogue = (tmp_path / "site" / "catalogue" / "index.html").read_text(encoding="utf-8")
    assert re.search(r'<a href="\.\./prelever/" lang="fr">Prélever</a>', catalogue)
    assert '<abbr title="Français">FR</abbr>' in catalogue


def test_languages_that_a_site_does_not_have(tmp_path: Path) -> None:
    new_site(tmp_path / "site", "Centre", ("fr", "nl"))
    (tmp_path / "site" / "content" / "first-course" / "index.en.md").write_text("---\ntitle: X\n---\n")
    project = read_project(tmp_path / "site" / "mkdocs.yml")
    assert project.languages == ("fr", "nl")
    codes = {problem.code for problem in load(project.content, languages=project.languages).problems}
    assert codes == {"file-language"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("languages: [fr, de]", "languages"),
        ("languages: [fr, fr]", "languages"),
        ("colour: blue", "colour"),
        ("colour: '#12'", "colour"),
        ("descriptions: nice", "descriptions"),
    ],
)
def test_a_configuration_that_means_nothing(line: str, said: str, tmp_path: Path) -> None:
    config = tmp_path / "mkdocs.yml"
    config.write_text(f"site_name: X\ndocs_dir: content\nplugins:\n  - airlock:\n      {line}\n")
    with pytest.raises(ProjectError, match=f"mkdocs.yml: plugins, airlock, {said}"):
        read_project(config)


def test_a_file_of_a_site_with_tags_of_others_is_read(tmp_path: Path) -> None:
    config = tmp_path / "mkdocs.yml"
    config.write_text("site_name: !ENV NAME\nextra:\n  x: !!python/name:os.path\nplugins: [search, airlock]\n")
    assert read_project(config).languages == LANGUAGES


def test_no_site_is_said_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = run("check")
    assert found.exit_code == 1
    assert "airlock new site" in found.output


def draft(content: Path) -> None:
    """A course that is a draft, a module that is one, and a module that leads to it."""
    new_course(content, "soon", "Soon")
    new_module(content, "safe-start", "later", "Later")
    path = content / "safe-start" / "pumps.md"
    path.write_text(path.read_text(encoding="utf-8") + "\n[Later](later.md)\n", encoding="utf-8")


def test_a_draft_is_nowhere_in_the_site(content: Path, tmp_path: Path) -> None:
    before = load(content).catalogue
    draft(content)
    built = build_content(content, tmp_path / "site")
    assert built.catalogue.modules.keys() == before.modules.keys()
    assert built.catalogue.courses == before.courses
    for path in (tmp_path / "site").rglob("*"):
        if path.is_file() and path.suffix in (".html", ".xml", ".json"):
            text = path.read_text(encoding="utf-8")
            assert "Soon" not in text, path
            assert not re.search(r'(?:href|data-module)="[^"]*(?:soon|first-lesson)', text), path
    assert not (tmp_path / "site" / "soon").exists()
    assert not (tmp_path / "site" / "drafts").exists()
    assert [problem.code for problem in built.problems] == ["link-draft"]
    assert "drafts/soon/first-lesson/" in built.drafts
    page = (tmp_path / "site.drafts" / "drafts" / "soon" / "first-lesson" / "index.html").read_text(encoding="utf-8")
    assert 'class="notice draft"' in page
    assert 'href="../../../assets/bundle/' in page, "its files are those of the site"
    assert "airlock-policy" not in page


def test_what_is_wrong_with_a_draft_stops_nothing(content: Path, tmp_path: Path) -> None:
    new_course(content, "soon", "Soon")
    path = content / "soon" / "first-lesson.md"
    path.write_text(path.read_text(encoding="utf-8").replace("- [x]", "- [ ]"), encoding="utf-8")
    assert {problem.file for problem in load(content).problems} == {"soon/first-lesson.md"}
    build_content(content, tmp_path / "site", search=False)
    page = tmp_path / "site.drafts" / "drafts" / "soon" / "first-lesson" / "index.html"
    assert "quiz-broken" in page.read_text(encoding="utf-8")


def test_trainers_see_a_draft_by_its_link(
    content: Path, tmp_path: Path, make_world: Callable[..., World], database: Database
) -> None:
    draft(content)
    live = tmp_path / "live"
    said: list[str] = []
    publish_site(project_of_content(content), live, database, said.append)
    assert "Draft, for trainers: /drafts/soon/" in said
    world = make_world(site=live)
    path = "/drafts/soon/first-lesson/"
    for name, status in (("trainer", 200), ("admin", 200), ("teacher", 403), ("learner", 403), (None, 401)):
        assert world.client(name).get(path).status_code == status, name
    reply = world.client("trainer").get(path)
    assert reply.headers["Cache-Control"] == "no-store"
    assert "The wrong thing" in reply.text
    assert world.client("trainer").get("/drafts/soon/nothing/").status_code == 404
    assert world.client("trainer").get("/drafts/../../etc/passwd").status_code == 404
    content_now = world.client("admin").get("/api/v1/content?lang=fr").json
    assert path in content_now["drafts"]  # type: ignore[index]
    (course,) = content_now["courses"]  # type: ignore[index]
    assert (course["id"], course["languages"]) == ("safe-start", ["en", "fr"])
    assert course["modules"]["lesson"] >= 2
    browser = world.client().get(path, headers={"Accept": "text/html,*/*;q=0.8", "Accept-Language": "nl"})
    assert (browser.status_code, browser.headers["Location"]) == (302, f"/nl/sign-in/?next={path}")
    with database.reading() as session:
        assert "soon" not in current_catalogue(session).courses
    # Without drafts there is nothing to see any more.
    for file in (content / "soon").iterdir():
        file.unlink()
    (content / "soon").rmdir()
    (content / "safe-start" / "later.md").unlink()
    index = content / "safe-start" / "index.md"
    index.write_text(index.read_text(encoding="utf-8").replace(", later]", "]"), encoding="utf-8")
    pumps = content / "safe-start" / "pumps.md"
    pumps.write_text(pumps.read_text(encoding="utf-8").replace("[Later](later.md)", ""), encoding="utf-8")
    publish_site(project_of_content(content), live, database, said.append)
    assert world.client("trainer").get(path).status_code == 404


def test_a_site_has_a_logo_and_a_colour(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    new_site(folder, "Centre", ("fr",))
    (folder / "content" / "images").mkdir()
    (folder / "content" / "images" / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    config = folder / "mkdocs.yml"
    text = config.read_text(encoding="utf-8").replace('logo: ""', "logo: images/logo.svg")
    config.write_text(text.replace('colour: ""', 'colour: "#ffcc00"'), encoding="utf-8")
    build_project(read_project(config), folder / "site", search=False)
    page = (folder / "site" / "first-course" / "index.html").read_text(encoding="utf-8")
    assert '<img class="brand-logo" src="../images/logo.svg" alt="">' in page
    (sheet,) = re.findall(r'href="\.\./(assets/stylesheets/site\.[0-9a-f]+\.css)"', page)
    assert "--air-accent" in (folder / "site" / sheet).read_text()


@pytest.mark.parametrize("colour", ["#ffcc00", "#000000", "#ffffff", "#0b6b66", "#d0021b", "#7f7f7f"])
def test_any_colour_is_made_readable(colour: str) -> None:
    light, dark = readable(colour, (*LIGHT, "#ffffff"), darker=True), readable(colour, DARK, darker=False)
    assert all(contrast(light, ground) >= CONTRAST for ground in (*LIGHT, "#ffffff"))
    assert all(contrast(dark, ground) >= CONTRAST for ground in DARK)
    assert contrast(dark, "#06110f") >= CONTRAST, "what stands on a button"
    assert light in style_sheet(colour)


def test_a_starting_file_is_a_draft_in_the_courses_language(content: Path) -> None:
    new_course(content, "nieuw", "Nieuw", lang="nl")
    made = new_module(content, "nieuw", "tweede", "Tweede")
    assert {path.name for path in made} == {"tweede.nl.md", "index.nl.md"}
    loaded = load(content)
    assert loaded.problems == []
    assert {"nieuw/index", "nieuw/first-lesson", "nieuw/tweede"} <= loaded.drafts
    with pytest.raises(NotMade):
        new_module(content, "nieuw", "tweede", "Tweede")


def test_the_file_read_in_between_changes_nothing(content: Path, tmp_path: Path) -> None:
    """What was compiled is what is built, whatever is saved while the build goes on."""
    page = content / "safe-start" / "doors.md"
    before = page.read_text(encoding="utf-8")

    def save(step: str) -> None:
        if step.startswith("Rendering"):
            page.write_text(before.replace("Which door opens first", "Which gate opens first"), encoding="utf-8")
            (content / "safe-start" / "extra.md").write_text("no front matter")

    build_project(project_of_content(content), tmp_path / "site", step=save, search=False)
    shown = (tmp_path / "site" / "safe-start" / "doors" / "index.html").read_text(encoding="utf-8")
    assert "Which gate" not in shown
    assert not (tmp_path / "site" / "safe-start" / "extra").exists()


def test_the_catalogue_of_a_build_is_that_of_its_pages(content: Path, tmp_path: Path) -> None:
    result = run("build", "--content", str(content), "--site", str(tmp_path / "s"), "--catalogue", str(tmp_path / "c"))
    assert result.exit_code == 0, result.output
    catalogue = json.loads((tmp_path / "c").read_text(encoding="utf-8"))
    for module_id, module in catalogue["modules"].items():
        page = (tmp_path / "s" / module_id / "index.html").read_text(encoding="utf-8")
        assert f'edition="{module["edition"]}"' in page
