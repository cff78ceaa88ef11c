"""Funding schemes: what counts, by each of the five that are shipped, and files that cannot be used."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from api.funding.schemes import Scheme, SchemeInvalid, count, read_schemes
from site_builder.course.languages import LANGUAGES
from site_builder.course.modules import Hours

SCHEMES = read_schemes(Path(__file__).resolve().parents[2] / "schemes")


@dataclass(frozen=True)
class Line:
    kind: Hours = "on-site"
    minutes: int = 180
    half_day: int = 180
    day: str = "2026-03-10"
    event: str = "e"
    learner_signed: bool = True
    trainer_signed: bool = True


def paid(code: str, *lines: Line) -> list[tuple[int, str]]:
    found = count(SCHEMES[code], dict(enumerate(lines)))
    return [(found[number].minutes, found[number].why) for number in range(len(lines))]


def test_five_are_shipped_with_their_sources() -> None:
    assert set(SCHEMES) == {"sheet", "paid-educational-leave", "flemish-training-leave", "esf-like", "company"}
    for scheme in SCHEMES.values():
        assert set(scheme.title) == set(LANGUAGES)
        assert scheme.sources
        unread = any(source.checked == "not-read" for source in scheme.sources)
        assert bool(scheme.unverified) == unread, f"{scheme.code}: what was not read is said"
    asking = [scheme.code for scheme in SCHEMES.values() if "national-number" in scheme.asks]
    assert asking == ["flemish-training-leave", "paid-educational-leave"], "only where a scheme needs it"


@pytest.mark.parametrize("code", ["sheet", "paid-educational-leave", "flemish-training-leave"])
def test_both_sides_sign_each_half_day(code: str) -> None:
    lines = (Line(), Line(learner_signed=False), Line(trainer_signed=False), Line("live-remote", 100))
    assert paid(code, *lines) == [(180, "counts"), (0, "unsigned"), (0, "unsigned"), (100, "counts")]
    assert paid(code, Line("self-paced", 30, 30, event="")) == [(0, "kind")]


def test_a_european_project_wants_both_halves_of_a_day() -> None:
    whole = (Line(), Line())
    assert paid("esf-like", *whole) == [(180, "counts")] * 2
    assert paid("esf-like", Line(), Line(minutes=89)) == [(0, "half-missing"), (0, "too-short")]
    assert paid("esf-like", Line(), Line(minutes=90)) == [(180, "counts"), (90, "counts")], "half of it is enough"
    assert paid("esf-like", Line(), Line(day="2026-03-11", minutes=1))[0] == (180, "counts"), "another day"
    assert paid("esf-like", Line("live-remote")) == [(0, "kind")]


def test_a_company_pays_whole_half_days_from_four_fifths_on() -> None:
    assert paid("company", Line(minutes=144), Line(minutes=143)) == [(180, "counts"), (0, "too-short")]
    assert paid("company", Line("self-paced", 25, 25, event="")) == [(25, "counts")]


def test_educational_leave_asks_for_32_hours() -> None:
    assert SCHEMES["paid-educational-leave"].least_hours == 32
    assert SCHEMES["flemish-training-leave"].name("nl") == "Vlaams opleidingsverlof"


GOOD = "title: {en: X}\nhours: [on-site]\nsources: [{rule: r, document: d, checked: read}]\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no keys"),
        ("- a\n", "has no keys"),
        ("title: [", "x.yml"),
        ("title: {en: X}\nhours: [on-site]\n", "sources"),
        (GOOD.replace("on-site", "on-mars"), "hours.0"),
        (GOOD + "least_percent: 101\n", "least_percent"),
        (GOOD + "colour: red\n", "colour"),
        (GOOD.replace("{en: X}", "{de: X}"), "languages"),
        (GOOD.replace("{en: X}", "{}"), "languages"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_field(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "x.yml").write_text(text)
    with pytest.raises(SchemeInvalid, match=r"x\.yml") as error:
        read_schemes(tmp_path)
    assert said in str(error.value)


def test_a_site_without_schemes_has_none(tmp_path: Path) -> None:
    assert read_schemes(None) == read_schemes(tmp_path / "nowhere") == {}
    (tmp_path / "own.yml").write_text(GOOD)
    (found,) = read_schemes(tmp_path).values()
    assert isinstance(found, Scheme)
    assert found.name("fr") == "X"
