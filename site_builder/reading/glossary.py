"""`glossary.yml`: terms of the trade in the site's languages, explained wherever a page says them first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from site_builder.reading.files import NAME, Collector

LONGEST = 600
"""Characters of an explanation: a longer one is a lesson."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term in one language.

    Attributes:
        id: The same in every language.
        words: How it is said; the first one is its name.
        text: What it means.
    """

    id: str
    words: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Glossary:
    """All terms, by language."""

    terms: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)


def read_glossary(text: str, languages: tuple[str, ...], report: Collector) -> Glossary:
    """Read the file; what is wrong is reported, and the rest is used.

    ```yaml
    airlock:
      en: {term: airlock, also: [interlock room], text: A room between two doors that are never open together.}
      fr: {term: sas, text: Un local entre deux portes qui ne s’ouvrent jamais ensemble.}
    ```
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        values = yaml.safe_load(text) or {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        found = str(getattr(error, "problem", None) or error).replace("\n", " ")[:200]
        line = mark.line + 1 if mark else 1
        report(line, 1, code="glossary-malformed", found=found, expected="YAML: a term, then its languages")
        return Glossary()
    if not isinstance(values, dict) or not isinstance(node, yaml.MappingNode | None):
        report(
            1,
            1,
            code="glossary-malformed",
            found="a file without terms",
            expected="a term, then its languages below it",
        )
        return Glossary()
    lines = {str(key.value): key.start_mark.line + 1 for key, _ in node.value} if node else {}
    terms: dict[str, list[Term]] = {code: [] for code in languages}
    taken: dict[tuple[str, str], str] = {}
    for name, entry in values.items():
        line = lines.get(str(name), 1)
        if not isinstance(name, str) or not NAME.match(name) or not isinstance(entry, dict):
            expected = "small letters, digits and hyphens, and the languages below it"
            report(line, 1, code="glossary-malformed", found=f"the term {name!r}", expected=expected)
            continue
        for lang, said in entry.items():
            term = _term(name, str(lang), said, languages, line, report)
            if term is None:
                continue
            for word in term.words:
                other = taken.setdefault((str(lang), word.casefold()), name)
                if other != name:
                    found = f"{word!r} for {name!r} and for {other!r}"
                    report(line, 1, code="glossary-malformed", found=found, expected="a word for one term")
            terms[str(lang)].append(term)
    return Glossary({lang: tuple(found) for lang, found in terms.items() if found})


def _term(name: str, lang: str, said: Any, languages: tuple[str, ...], line: int, report: Collector) -> Term | None:
    if lang not in languages:
        expected = "one of " + ", ".join(languages)
        report(line, 1, code="glossary-malformed", found=f"{name}: the language {lang!r}", expected=expected)
        return None
    word, text = (said.get("term"), said.get("text")) if isinstance(said, dict) else (None, None)
    also = said.get("also", []) if isinstance(said, dict) else []
    also = [also] if isinstance(also, str) else also
    if isinstance(said, dict) and (unknown := [str(key) for key in said if key not in ("term", "text", "also")]):
        expected = "term, text and also; quotes around a text with a comma or a colon in it"
        report(line, 1, code="glossary-malformed", found=f"{name}: {lang}: {unknown[0]!r}"[:120], expected=expected)
        return None
    words = [word, *also] if isinstance(also, list) else [None]
    if not isinstance(text, str) or not text.strip() or not all(isinstance(one, str) and one.strip() for one in words):
        expected = f"{lang}: {{term: …, text: …}}, and also: […] for other words"
        report(line, 1, code="glossary-malformed", found=f"{name}: {lang}: {said!r}"[:120], expected=expected)
        return None
    if len(text) > LONGEST:
        report(
            line, 1, code="glossary-malformed", found=f"{name}: {len(text)} characters", expected=f"at most {LONGEST}"
        )
    return Term(name, tuple(str(one).strip() for one in words), " ".join(text.split()))
