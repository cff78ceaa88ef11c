"""Keys never leave the server: not by a byte of the site, a line of a log, or a reply before the answers are in."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from site_builder.compiling.loader import load
from site_builder.course.kinds import question_kinds
from site_builder.course.manifest import dump_catalogue
from site_builder.course.model import Catalogue, Question
from site_builder.site.build import Built
from tests.conftest import CONTENT, KINDS, SHIPPED, World, build_content, load_once
from tests.generated import CANARY, permute_keys, write_course

pytestmark = pytest.mark.slow


def fingerprint(site: Path) -> dict[str, str]:
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def build(content: Path, site: Path, monkeypatch: pytest.MonkeyPatch) -> Built:
    # The sitemap and the search index carry the day of the build.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1772442000")
    return build_content(content, site)


def _changed_keys(before: Catalogue, after: Catalogue) -> Iterator[Question]:
    """Graded questions whose right answer is another one."""
    for name, module in before.modules.items():
        for lang, page in module.pages.items():
            for quiz, other in zip(page.quizzes, after.modules[name].pages[lang].quizzes, strict=True):
                for question, changed in zip(quiz.questions, other.questions, strict=True):
                    if not quiz.practice and not changed.mark(question.right_response()).correct:
                        yield question


@pytest.mark.parametrize("source", ["shipped", "tests", "kinds", 1, 2])
def test_no_byte_of_the_site_depends_on_a_key(
    source: str | int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = tmp_path / "content"
    if isinstance(source, int):
        write_course(content, seed=source)
    else:
        shutil.copytree({"shipped": SHIPPED, "tests": CONTENT, "kinds": KINDS}[source], content)
    before = build(content, tmp_path / "one", monkeypatch)
    assert permute_keys(content, seed=7) >= 2
    after = build(content, tmp_path / "two", monkeypatch)

    changed = {question.kind for question in _changed_keys(before.catalogue, after.catalogue)}
    if source in ("shipped", "kinds"):
        assert changed == set(question_kinds()), "every kind has another key"
    old, new = dump_catalogue(before.catalogue), dump_catalogue(after.catalogue)
    assert old["version"] != new["version"], "the keys are others"
    for name, module in old["modules"].items():
        assert module["edition"] == new["modules"][name]["edition"]
        if any(not quiz["practice"] for page in module["pages"].values() for quiz in page["quizzes"]):
            assert module["version"] != new["modules"][name]["version"], name
    one, two = fingerprint(tmp_path / "one"), fingerprint(tmp_path / "two")
    assert len(one) > 50
    for path in (tmp_path / "two").rglob("*"):
        # Every feedback and explanation is a canary now.
        if path.is_file() and path.suffix not in (".br", ".gz"):
            text = path.read_bytes().decode("utf-8", "replace").lower()
            assert "replaced feedback" not in text, path
            assert "replaced explanation" not in text, path
    assert one == two, [name for name in one if one[name] != two.get(name)]


def test_the_double_build_can_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A practice quiz may carry its key, so changing that one is seen."""
    content = tmp_path / "content"
    shutil.copytree(CONTENT, content)
    build(content, tmp_path / "one", monkeypatch)
    for name in ("doors.md", "doors.fr.md"):
        path = content / "safe-start" / name
        text = path.read_text(encoding="utf-8")
        true, false = ("True", "False") if name == "doors.md" else ("Vrai", "Faux")
        text = text.replace(f"[x] {true}", f"[o] {true}", 1).replace(f"[ ] {false}", f"[x] {false}", 1)
        path.write_text(text.replace(f"[o] {true}", f"[ ] {true}", 1), encoding="utf-8")
    build(content, tmp_path / "two", monkeypatch)
    assert fingerprint(tmp_path / "one") != fingerprint(tmp_path / "two")


def canaries(content: Path) -> set[str]:
    found = {word for path in content.rglob("*.md") for word in re.findall(rf"{CANARY}\d{{12}}", path.read_text())}
    keys = {
        key for path in content.rglob("*.md") for key in re.findall(r"^=.*?(\d{9})", path.read_text(), re.MULTILINE)
    }
    assert len(found) > 20
    return found | keys


def test_canaries_are_nowhere_before_handing_in(
    tmp_path: Path, make_world: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = tmp_path / "content"
    write_course(content, seed=11)
    words = canaries(content)
    built = build(content, tmp_path / "site", monkeypatch)
    for path in (tmp_path / "site").rglob("*"):
        if path.is_file() and path.suffix not in (".br", ".gz"):
            text = path.read_bytes().decode("utf-8", "replace")
            assert not [word for word in words if word in text], path

    world = make_world(catalogue=built.catalogue, site=tmp_path / "site")
    replies: list[str] = []
    with structlog.testing.capture_logs() as lines:
        caller = world.client("learner")
        for module in built.catalogue.modules.values():
            name = module.id.partition("/")[2]
            reading = {"edition": world.edition(module.id)}
            replies.append(caller.post(f"/api/v1/modules/made/{name}/reading", reading, key=name).text)
            for quiz in module.graded_quiz_ids:
                body = {"module": module.id, "quiz": quiz, "edition": world.edition(module.id), "lang": "en"}
                start = caller.post("/api/v1/attempts", body, key=f"{name}-{quiz}")
                assert start.status_code == 201
                assert start.json is not None
                replies.append(start.text)
                replies.append(caller.get(f"/api/v1/attempts/{start.json['id']}/paper").text)
                replies.append(caller.get(f"/api/v1/attempts?module={module.id}&quiz={quiz}").text)
        paths = ("/api/v1/home", "/api/v1/courses/made/progress", "/api/v1/me", "/api/openapi.json")
        replies.extend(caller.get(path).text for path in paths)
        trainer = world.client("trainer")
        replies.extend(trainer.get(path).text for path in ("/api/v1/results", "/api/v1/results/made/lesson-0"))
    seen = "\n".join([*replies, json.dumps(lines)])
    assert not [word for word in words if word in seen]

    taken = built.catalogue.modules["made/lesson-0"].page("en").quizzes[1]
    body = {"module": "made/lesson-0", "quiz": taken.id, "edition": world.edition("made/lesson-0"), "lang": "en"}
    attempt = caller.post("/api/v1/attempts", body, key="again").json
    assert attempt is not None
    handed_in = {"responses": {}, "edition": body["edition"], "lang": "en"}
    result = caller.post(f"/api/v1/attempts/{attempt['id']}/submission", handed_in, key="submit")
    shown = [word for word in words if word in result.text]
    assert bool(shown) == (taken.release == "now"), "afterwards it is shown by the release rule"


def test_the_catalogue_is_not_in_the_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(CONTENT, tmp_path / "site", monkeypatch)
    catalogue = load_once(CONTENT)
    versions = [module["version"] for module in dump_catalogue(catalogue)["modules"].values()]
    for path in (tmp_path / "site").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not [version for version in versions if version in text]
    assert load(CONTENT).problems == []
