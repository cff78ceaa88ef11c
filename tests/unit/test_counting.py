"""Which minutes of training time count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from api.hours.counting import Span, count, length, merge, minutes_in, share_out, without
from site_builder.course.modules import Hours

START = datetime(2026, 11, 26, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Line:
    id: int
    kind: Hours
    minutes: int


def span(begins: int, ends: int) -> Span:
    """From and until, in minutes."""
    return START + timedelta(minutes=begins), START + timedelta(minutes=ends)


def found(*lines: tuple[Hours, int, int, int]) -> list[tuple[int, int, tuple[int, ...]]]:
    made = [(Line(number, kind, minutes), [span(a, b)]) for number, (kind, minutes, a, b) in enumerate(lines)]
    counted = count(made)
    return [(counted[n].minutes, counted[n].overlap, counted[n].overlaps) for n in range(len(lines))]


def test_nobody_is_in_two_rooms_at_once() -> None:
    assert found(("on-site", 180, 0, 180), ("on-site", 180, 120, 300)) == [(180, 0, ()), (120, 60, (0,))]


def test_on_site_counts_before_what_was_online_meanwhile() -> None:
    assert found(("self-paced", 30, 170, 200), ("live-remote", 60, 150, 210), ("on-site", 180, 0, 180)) == [
        (0, 30, (2, 1)),
        (30, 30, (2,)),
        (180, 0, ()),
    ]


def test_what_is_proved_best_counts_first_whenever_it_began() -> None:
    assert found(("self-paced", 60, 0, 60), ("live-remote", 60, 20, 80), ("on-site", 60, 40, 100)) == [
        (20, 40, (2, 1)),
        (20, 40, (2,)),
        (60, 0, ()),
    ]


def test_what_lies_beside_is_no_overlap() -> None:
    assert found(("on-site", 180, 0, 180), ("self-paced", 20, 180, 200)) == [(180, 0, ()), (20, 0, ())]


def test_fewer_minutes_than_the_stretch_lose_all_of_the_doubled_time() -> None:
    """An attendance file says how long somebody was there, not when."""
    assert found(("on-site", 60, 0, 60), ("live-remote", 100, 0, 180)) == [(60, 0, ()), (40, 60, (0,))]


def test_what_was_taken_back_stands_in_nobodys_way() -> None:
    assert found(("on-site", 0, 0, 180), ("self-paced", 60, 0, 60)) == [(0, 0, ()), (60, 0, ())]


def test_two_tabs_count_once() -> None:
    shared = dict(share_out([("c/a", span(0, 10)), ("c/b", span(5, 20)), ("c/a", span(8, 12))]))
    assert shared == {"c/a": [span(0, 10)], "c/b": [span(10, 20)]}


SPANS = st.lists(
    st.tuples(st.integers(0, 400), st.integers(1, 90)).map(lambda pair: span(pair[0], sum(pair))), max_size=9
)
KINDS: tuple[Hours, ...] = ("on-site", "live-remote", "self-paced")
LINES = st.lists(st.tuples(st.sampled_from(KINDS), SPANS.filter(bool)), max_size=7)


@given(SPANS, SPANS)
def test_time_is_cut_and_never_made(one: list[Span], other: list[Span]) -> None:
    left = without(one, merge(other))
    assert length(left) + length(merge(other)) == length(merge([*one, *other]))
    assert merge([*left, *merge(other)]) == merge([*one, *other])


@given(LINES)
def test_no_minute_counts_twice(lines: list[tuple[Hours, list[Span]]]) -> None:
    made = [(Line(number, kind, minutes_in(length(merge(spans)))), spans) for number, (kind, spans) in enumerate(lines)]
    counted = count(made)
    everything = merge(one for _, spans in made for one in spans)
    assert sum(one.minutes for one in counted.values()) <= minutes_in(length(everything))
    assert all(counted[line.id].minutes + counted[line.id].overlap == line.minutes for line, _ in made)
    assert all(bool(one.overlap) <= bool(one.overlaps) for one in counted.values())
    assert count(reversed(made)) == counted, "the order in which lines came changes nothing"


@given(LINES)
def test_what_was_shared_out_is_there_once(lines: list[tuple[Hours, list[Span]]]) -> None:
    spans = [(f"c/{number % 3}", one) for number, (_, many) in enumerate(lines) for one in many]
    shared = list(share_out(spans))
    assert sum((length(mine) for _, mine in shared), timedelta()) == length(merge(one for _, one in spans))
