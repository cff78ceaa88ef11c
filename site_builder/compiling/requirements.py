"""What courses and modules ask for first, held against what there is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from site_builder.course.model import Catalogue, Module, Question
from site_builder.reading.files import Collector
from site_builder.reading.frontmatter import did_you_mean

Places = Mapping[str, tuple[int, Collector]]
"""By module, and by course with "/index" behind its name: the line of `requires`, and what its page reports to."""


def check_requirements(catalogue: Catalogue, places: Places, broken: Collection[str]) -> None:
    """Report what is asked for and is not there, is tested by nothing, or asks for itself.

    Args:
        catalogue: What was compiled.
        places: Where `requires` stands.
        broken: Modules that could not be read: they are there all the same.
    """
    broken_courses = {name.partition("/")[0] for name in broken}
    for course in catalogue.courses.values():
        known = (*catalogue.courses, *broken_courses)
        _report_unknown(places[f"{course.id}/index"], course.requires, known, "course")
    for module in catalogue.modules.values():
        line, report = places[module.id]
        _report_unknown((line, report), module.comes_after, (*catalogue.modules, *broken), "module")
        for share in module.shares:
            other = catalogue.modules.get(share.module)
            if other is not None and not any(one.objective == share.objective for one in _graded(other)):
                report(
                    line,
                    1,
                    code="requires-objective",
                    found=f"{share.percent} % of objective {share.objective} of {share.module}",
                    expected="an objective that a graded question of that module tests",
                    hint=f"Behind the heading of such a question: {{objective={share.objective}}}",
                )
        if _reaches_itself(module.id, catalogue):
            report(
                line,
                1,
                code="requires-circle",
                found=f"{module.id} requires itself, by way of others",
                expected="modules that can be taken one after another",
            )


def _graded(module: Module) -> Iterator[Question]:
    """The questions of a module that count."""
    for quiz in module.page("").quizzes:
        if not quiz.practice:
            yield from quiz.questions


def _report_unknown(place: tuple[int, Collector], names: tuple[str, ...], known: tuple[str, ...], what: str) -> None:
    line, report = place
    for name in names:
        if name not in known:
            report(
                line,
                1,
                code="requires-unknown",
                found=f"requires: {name!r}",
                expected=f"a {what} that exists",
                hint=did_you_mean(name, known),
            )


def _reaches_itself(start: str, catalogue: Catalogue) -> bool:
    seen: set[str] = set()
    queue = list(catalogue.modules[start].comes_after)
    while queue:
        name = queue.pop()
        if name == start:
            return True
        if name not in seen and name in catalogue.modules:
            seen.add(name)
            queue.extend(catalogue.modules[name].comes_after)
    return False
