from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from site_builder.course.kinds.choice import ChoiceQuestion
from site_builder.course.manifest import (
    ManifestError,
    dump_catalogue,
    dump_module,
    load_catalogue,
    load_module,
    module_edition,
    module_version,
    public_module,
)
from site_builder.course.model import Catalogue, as_written
from site_builder.course.papers import asks_the_same
from tests.conftest import CONTENT, KINDS, SHIPPED, load_once


@pytest.mark.parametrize("shipped", [False, True])
def test_a_catalogue_survives_json(catalogue: Catalogue, shipped: bool) -> None:
    original = load_once(SHIPPED) if shipped else catalogue
    manifest = json.loads(json.dumps(dump_catalogue(original)))
    assert load_catalogue(manifest) == original
    assert dump_catalogue(load_catalogue(manifest)) == manifest
    for module in original.modules.values():
        assert load_module(json.loads(json.dumps(dump_module(module)))) == module


def test_another_schema_is_refused(catalogue: Catalogue) -> None:
    manifest = dump_catalogue(catalogue)
    with pytest.raises(ManifestError, match="schema version 99"):
        load_catalogue({**manifest, "schema": 99})
    with pytest.raises(ManifestError, match="not a catalogue"):
        load_catalogue({"schema": 1, "courses": {}})


def test_the_public_form_has_no_key(catalogue: Catalogue) -> None:
    text = json.dumps(public_module(catalogue.modules["safe-start/doors"]), ensure_ascii=False)
    for word in ("Feedback-", "Explanation-", "Retour-", "30 ± 1", '"low"'):
        assert word not in text
    assert "Look at the picture." in text, "a practice quiz carries its feedback"


def test_edition_and_version(catalogue: Catalogue) -> None:
    module = catalogue.modules["safe-start/doors"]
    page = module.pages["en"]
    graded = page.quizzes[1]
    first = graded.questions[0]
    assert isinstance(first, ChoiceQuestion)
    other_key = replace(first, options=tuple(replace(o, correct=o.id == "3", feedback="x") for o in first.options))

    def with_first(question: ChoiceQuestion) -> str:
        quiz = replace(graded, questions=(question, *graded.questions[1:]))
        changed = replace(module, pages={**module.pages, "en": replace(page, quizzes=(page.quizzes[0], quiz))})
        assert module_version(changed) != module_version(module)
        return module_edition(changed)

    assert with_first(other_key) == module_edition(module)
    assert with_first(replace(first, stem_md="Other?")) != module_edition(module)
    assert module_edition(replace(module, renewal=2)) == module_edition(module)


def in_another_way(value: Any) -> Any:
    """The same, with HTML as another library might write it."""
    if is_dataclass(value) and not isinstance(value, type):
        changes = {
            item.name: getattr(value, item.name) + "<!---->"
            if "written" in item.metadata and getattr(value, item.name)
            else in_another_way(getattr(value, item.name))
            for item in fields(value)
        }
        return replace(value, **changes)
    if isinstance(value, Mapping):
        return {key: in_another_way(item) for key, item in value.items()}
    return tuple(map(in_another_way, value)) if isinstance(value, tuple) else value


@pytest.mark.parametrize("folder", [CONTENT, SHIPPED, KINDS], ids=["tests", "shipped", "kinds"])
def test_html_that_a_library_writes_in_another_way_changes_no_version(folder: Path) -> None:
    original = load_once(folder)
    changed = in_another_way(original)
    assert changed != original
    assert dump_catalogue(changed)["version"] == dump_catalogue(original)["version"]
    for module_id, module in original.modules.items():
        assert module_version(changed.modules[module_id]) == module_version(module)
        assert module_edition(changed.modules[module_id]) == module_edition(module)


@pytest.mark.parametrize("folder", [CONTENT, SHIPPED, KINDS], ids=["tests", "shipped", "kinds"])
def test_every_text_of_a_question_has_its_source(folder: Path) -> None:
    """Whatever HTML were left in what is hashed would tie versions to a library."""
    for module in load_once(folder).modules.values():
        left = [text for page in module.pages.values() for quiz in page.quizzes for text in made_texts(quiz)]
        assert not left, left[:3]


def made_texts(value: Any) -> Iterator[str]:
    if is_dataclass(value) and not isinstance(value, type):
        for item in fields(value):
            found = getattr(value, item.name)
            source = item.metadata.get("written")
            if source and found and not getattr(value, source):
                yield found
            yield from made_texts(found)
    elif isinstance(value, tuple):
        for item in value:
            yield from made_texts(item)


def test_a_question_of_an_older_release_is_what_it_was(catalogue: Catalogue) -> None:
    """It has no source: its HTML counts, and it is the same question as one with other HTML and no source is not."""
    question = catalogue.modules["safe-start/doors"].pages["en"].quizzes[1].questions[0]
    bare = replace(question, stem_md="")
    assert as_written(bare).stem == question.stem
    assert as_written(question).stem == question.stem_md != question.stem
    assert asks_the_same(bare, question)
