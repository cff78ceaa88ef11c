"""The catalogue as JSON, and its content addresses.

Two hashes name a module, both of what its author wrote and never of the HTML that a library made of it. Its **version**
covers everything, keys included: attempts and evidence name it. Its **edition** covers only what a learner can see, so
that a page may carry it without telling anything about the keys; the API finds the version that belongs to the edition
that a learner saw (docs/decisions/0002, 0015).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from types import UnionType
from typing import Any, cast, get_args, get_origin, get_type_hints

from site_builder.course import model
from site_builder.course.kinds import question_kinds

SCHEMA_VERSION = 1
"""Raised whenever a manifest of the old form can no longer be read as it stands."""

Json = dict[str, Any]


class ManifestError(ValueError):
    """The JSON is no catalogue of a schema version that this program reads."""


def dump_catalogue(catalogue: model.Catalogue) -> Json:
    """The manifest: schema version, and per module its version and edition beside its content."""
    hashes = {module.id: (module_version(module), module_edition(module)) for module in catalogue.modules.values()}
    modules = {
        module.id: {**dump_module(module), "version": hashes[module.id][0], "edition": hashes[module.id][1]}
        for module in catalogue.modules.values()
    }
    return {**dump_head(catalogue, hashes), "modules": modules}


def dump_head(catalogue: model.Catalogue, hashes: Mapping[str, tuple[str, str]]) -> Json:
    """Everything of the manifest but the modules.

    Args:
        catalogue: What is dumped.
        hashes: Version and edition of each of its modules.
    """
    body = {"courses": _plain(catalogue.courses), "paths": _plain(catalogue.paths)}
    named = {**body, "modules": {name: hashes[name][0] for name in catalogue.modules}}
    return {"schema": SCHEMA_VERSION, "version": digest(named), **body}


@dataclass(frozen=True, slots=True)
class Dumped:
    """A module with its keys, as it is written and stored.

    Attributes:
        version: Hash of all of it.
        edition: Hash of what a learner can see.
        text: JSON, with both hashes in it.
    """

    version: str
    edition: str
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 of the text: what is made of a module without being a part of its version counts too."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def content(self) -> Json:
        """The module alone, as `dump_module` gives it."""
        return {key: value for key, value in json.loads(self.text).items() if key not in ("version", "edition")}


def dump_text(module: model.Module, version: str, edition: str) -> Dumped:
    """A module whose hashes are known."""
    values = {**dump_module(module), "version": version, "edition": edition}
    return Dumped(version, edition, json.dumps(values, ensure_ascii=False, sort_keys=True))


def dump_modules(catalogue: model.Catalogue) -> dict[str, Dumped]:
    """Every module of a catalogue, by its id."""
    modules = catalogue.modules.values()
    return {module.id: dump_text(module, module_version(module), module_edition(module)) for module in modules}


def load_head(head: Json, modules: Mapping[str, model.Module]) -> model.Catalogue:
    """A catalogue from what `dump_head` gave, and its modules.

    Raises:
        ManifestError: Another schema version, or a part that is missing or of the wrong form.
    """
    if head.get("schema") != SCHEMA_VERSION:
        raise ManifestError(f"schema version {head.get('schema')!r}; this program reads {SCHEMA_VERSION}")
    try:
        return model.Catalogue(
            courses={key: _revive(model.Course, item) for key, item in head["courses"].items()},
            modules=dict(modules),
            paths={key: _revive(model.Path, item) for key, item in head["paths"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ManifestError(f"not a catalogue: {error!r}") from error


def load_catalogue(manifest: Json) -> model.Catalogue:
    """Read a manifest.

    Raises:
        ManifestError: Another schema version, or a part that is missing or of the wrong form.
    """
    load_head({**manifest, "courses": {}, "paths": {}}, {})
    try:
        modules = {key: load_module(item) for key, item in manifest["modules"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ManifestError(f"not a catalogue: {error!r}") from error
    return load_head(manifest, modules)


def dump_module(module: model.Module) -> Json:
    """A module with its keys, as stored by the API under the module's version."""
    return cast(Json, _plain(module, derived=True))


def dump_quiz(quiz: model.Quiz) -> Json:
    """A quiz with its keys."""
    return cast(Json, _plain(quiz, derived=True))


def dump_question(question: model.Question) -> Json:
    """A question with its key."""
    return cast(Json, _plain(question, derived=True))


def module_version(module: model.Module) -> str:
    """SHA-256 of the module's compiled form, keys included: 64 hexadecimal digits."""
    return digest({"version": _plain(model.as_written(module))})


def module_edition(module: model.Module) -> str:
    """SHA-256 of what a learner can see of the module: no key and no feedback of a graded quiz goes in."""
    return digest(public_module(model.as_written(module)))


def public_module(module: model.Module) -> Json:
    """The module without the keys, feedback and explanations of its graded quizzes."""
    plain = _plain(module)
    plain.pop("renewal", None)
    plain.pop("leaked", None)
    for page, public in zip(module.pages.values(), plain["pages"].values(), strict=True):
        public["quizzes"] = [_plain(quiz) if quiz.practice else public_quiz(quiz) for quiz in page.quizzes]
    return cast(Json, plain)


def public_quiz(quiz: model.Quiz) -> Json:
    """A graded quiz as its page shows it; the questions of one that is handed out are no part of the page."""
    plain = cast(Json, _plain(quiz))
    plain["questions"] = quiz.asked if quiz.handed_out else [public_question(question) for question in quiz.questions]
    return plain


def public_question(question: model.Question) -> Json:
    """What a learner may see of a question before the attempt is submitted."""
    common = {"id": question.id, "kind": question.kind, "stem": question.stem, "critical": question.critical}
    return {**common, **question.public()}


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON of a value."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any, *, derived: bool = False) -> Any:
    """A value as JSON; fields that count for no version are left out unless `derived`."""
    if type(value) in model.SIMPLE:
        return value
    if isinstance(value, tuple | list):
        return [_plain(item, derived=derived) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item, derived=derived) for key, item in value.items()}
    if not is_dataclass(value) or isinstance(value, type):
        return str(value) if isinstance(value, Decimal | Fraction) else value
    plain = {"kind": value.kind} if isinstance(value, model.Question) else {}
    for name, is_derived, sparse, default in _form(type(value)):
        found = getattr(value, name)
        if (is_derived and not derived) or (sparse and found == default):
            continue
        plain[name] = _plain(found, derived=derived)
    return plain


@cache
def _form(kind: type) -> tuple[tuple[str, bool, bool, Any], ...]:
    """Of each field of a class: its name, whether it is derived, whether it may be left out, and when."""
    return tuple(
        (item.name, bool(item.metadata.get("derived")), bool(item.metadata.get("sparse")), _default(item))
        for item in fields(kind)
    )


def _default(item: Field[Any]) -> Any:
    return item.default if item.default_factory is MISSING else item.default_factory()


def load_module(item: Json) -> model.Module:
    """A module from the form that `dump_module` gives."""
    known = {item.name for item in fields(model.Module)}
    return cast(model.Module, _revive(model.Module, {key: value for key, value in item.items() if key in known}))


def load_quiz(item: Json) -> model.Quiz:
    """A quiz from the form that `dump_quiz` gives."""
    return cast(model.Quiz, _revive(model.Quiz, item))


def _revive(kind: Any, value: Any) -> Any:
    """A value of a type of the model from its JSON form."""
    if kind is model.Question:
        kind = question_kinds()[value["kind"]]
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _revive(hints[name], item) for name, item in value.items() if name in hints})
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is UnionType:
        # One of the model's own classes, or nothing.
        own = next((one for one in arguments if is_dataclass(one)), None)
        return _revive(own, value) if own and value is not None else value
    if origin is tuple and arguments[0] is float:
        return tuple(value)
    if origin is tuple:
        return tuple(_revive(arguments[0], item) for item in value)
    if origin is Mapping:
        return {key: _revive(arguments[1], item) for key, item in value.items()}
    return kind(value) if kind in (Decimal, Fraction) else value


@cache
def _hints(kind: type) -> dict[str, Any]:
    names = {item.name for item in fields(kind)}
    return {name: hint for name, hint in get_type_hints(kind).items() if name in names}
