from __future__ import annotations

import json
from dataclasses import replace

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
from site_builder.course.model import Catalogue
from tests.conftest import SHIPPED, load_once


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
    assert with_first(replace(first, stem="<p>Other?</p>")) != module_edition(module)
    assert module_edition(replace(module, revision="major")) == module_edition(module)
