"""The catalogue as JSON, and its content addresses.

Two hashes name a module. Its **version** covers everything, keys included: attempts and evidence name it. Its
**edition** covers only what a learner can see, so that a page may carry it without telling anything about the keys;
the API finds the version that belongs to the edition a learner saw (docs/decisions/0002).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from site_builder.course import model

SCHEMA_VERSION = 1
"""Raised whenever a manifest of the old form can no longer be read as it stands."""

Json = dict[str, Any]


class ManifestError(ValueError):
    """The JSON is no catalogue of a schema version that this program reads."""


def question_kinds() -> dict[str, type[model.Question]]:
    """Every concrete question class by its kind."""

    def below(parent: type[model.Question]) -> Iterator[type[model.Question]]:
        for child in parent.__subclasses__():
            yield child
            yield from below(child)

    return {kind.kind: kind for kind in below(model.Question) if kind.kind}


def dump_catalogue(catalogue: model.Catalogue) -> Json:
    """The manifest: schema version, and per module its version and edition beside its content."""
    modules = {
        module.id: {**_plain(module), "version": module_version(module), "edition": module_edition(module)}
        for module in catalogue.modules.values()
    }
    body = {"courses": _plain(catalogue.courses), "modules": modules, "paths": _plain(catalogue.paths)}
    return {"schema": SCHEMA_VERSION, "version": digest(body), **body}


def load_catalogue(manifest: Json) -> model.Catalogue:
    """Read a manifest.

    Raises:
        ManifestError: Another schema version, or a part that is missing or of the wrong form.
    """
    if manifest.get("schema") != SCHEMA_VERSION:
        raise ManifestError(f"schema version {manifest.get('schema')!r}; this program reads {SCHEMA_VERSION}")
    try:
        return model.Catalogue(
            courses={key: _course(item) for key, item in manifest["courses"].items()},
            modules={key: load_module(item) for key, item in manifest["modules"].items()},
            paths={key: _path(item) for key, item in manifest["paths"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ManifestError(f"not a catalogue: {error!r}") from error


def dump_module(module: model.Module) -> Json:
    """A module with its keys, as stored by the API under the module's version."""
    return cast(Json, _plain(module))


def module_version(module: model.Module) -> str:
    """SHA-256 of the module's compiled form, keys included: 64 hexadecimal digits."""
    return digest(_plain(module))


def module_edition(module: model.Module) -> str:
    """SHA-256 of what a learner can see of the module: no key and no feedback of a graded quiz goes in."""
    return digest(public_module(module))


def public_module(module: model.Module) -> Json:
    """The module without the keys, feedback and explanations of its graded quizzes."""
    plain = _plain(module)
    plain.pop("revision")
    for page, public in zip(module.pages.values(), plain["pages"].values(), strict=True):
        public["quizzes"] = [_plain(quiz) if quiz.practice else public_quiz(quiz) for quiz in page.quizzes]
    return cast(Json, plain)


def public_quiz(quiz: model.Quiz) -> Json:
    """A graded quiz as its page shows it."""
    plain = _plain(quiz)
    plain["questions"] = [public_question(question) for question in quiz.questions]
    return cast(Json, plain)


def public_question(question: model.Question) -> Json:
    """What a learner may see of a question before the attempt is submitted."""
    public: Json = {"id": question.id, "kind": question.kind, "stem": question.stem, "critical": question.critical}
    if isinstance(question, model.ChoiceQuestion):
        public["options"] = [{"id": option.id, "html": option.html} for option in question.options]
    if isinstance(question, model.Numeric):
        public["has_unit"] = bool(question.unit)
    return public


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON of a value."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        plain = {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
        return {"kind": value.kind, **plain} if isinstance(value, model.Question) else plain
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Decimal | Fraction) else value


def load_module(item: Json) -> model.Module:
    """A module from the form that `dump_module` gives."""
    return model.Module(
        id=item["id"],
        kind=item["kind"],
        minutes=item["minutes"],
        revision=item["revision"],
        requires=tuple(item["requires"]),
        trade=tuple(item["trade"]),
        audiences=tuple(item["audiences"]),
        pages={lang: _page(page) for lang, page in item["pages"].items()},
    )


def _page(item: Json) -> model.Page:
    values = {**item, "objectives": tuple(item["objectives"]), "checklist": tuple(item["checklist"])}
    values["quizzes"] = tuple(_quiz(quiz) for quiz in item["quizzes"])
    return model.Page(**values)


def _quiz(item: Json) -> model.Quiz:
    return model.Quiz(**{**item, "questions": tuple(_question(question) for question in item["questions"])})


def _question(item: Json) -> model.Question:
    values = {key: value for key, value in item.items() if key != "kind"}
    if "options" in values:
        values["options"] = tuple(model.Option(**option) for option in values["options"])
    if "units" in values:
        values["units"] = tuple(
            model.UnitConversion(unit["name"], Fraction(unit["factor"]), Fraction(unit["offset"]))
            for unit in values["units"]
        )
    for name in ("low", "high"):
        if name in values:
            values[name] = Decimal(values[name])
    return question_kinds()[item["kind"]](**values)


def _texts(item: Json) -> dict[str, model.CourseText]:
    return {
        lang: model.CourseText(**{**text, "objectives": tuple(text["objectives"])})
        for lang, text in item["texts"].items()
    }


def _course(item: Json) -> model.Course:
    return model.Course(
        id=item["id"],
        module_ids=tuple(item["module_ids"]),
        requires=tuple(item["requires"]),
        trade=tuple(item["trade"]),
        audiences=tuple(item["audiences"]),
        texts=_texts(item),
    )


def _path(item: Json) -> model.Path:
    return model.Path(id=item["id"], course_ids=tuple(item["course_ids"]), texts=_texts(item))
