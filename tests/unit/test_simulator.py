"""What learners would need of rooms and trainers: counted by hand, and what must hold of any plan."""

from __future__ import annotations

from dataclasses import replace
from math import inf

from hypothesis import given
from hypothesis import strategies as st

from api.capacity.simulator import Load, Need, Supply, simulate

NEEDS = {
    "a/walk": Need("a/walk", "grade-b", half_days=2, places=8, trainers=2),
    "a/talk": Need("a/talk", "", half_days=1, places=20, trainers=1),
    "b/hall": Need("b/hall", "hall", half_days=1, places=10, trainers=1),
}
PATHS = {"operator": ("a/walk", "a/talk"), "technician": ("a/talk", "b/hall")}


def test_a_plan_that_was_counted_by_hand() -> None:
    # 90 operators with 10 percent no-shows take 100 places: 13 groups of 8 for the walk; 140 of both take 156: 8 of 20.
    supply = Supply({"grade-b": 30, "hall": 4}, trainers=60, no_show=0.1)
    found = simulate({"operator": 90, "technician": 50}, PATHS, NEEDS, supply)
    assert {one.id: (one.learners, one.groups, one.half_days) for one in found.takings} == {
        "a/walk": (90, 13, 26),
        "a/talk": (140, 8, 8),
        "b/hall": (50, 6, 6),
    }
    assert [(one.resource, one.zone, one.needed, one.there) for one in found.loads] == [
        ("room", "hall", 6, 4),
        ("trainer", "", 66, 60),
        ("room", "grade-b", 26, 30),
    ]
    assert not found.fits
    assert found.most == 72, "36 technicians take 4 groups of 10 with 10 percent more; 37 take 5"


def test_what_is_needed_and_not_there_comes_first() -> None:
    found = simulate({"operator": 1}, PATHS, NEEDS, Supply({}, trainers=9, no_show=0))
    assert found.loads[0] == Load("room", "grade-b", 2, 0)
    assert found.loads[0].ratio == inf
    assert (found.most, found.fits) == (0, False)


def test_nobody_needs_nothing() -> None:
    found = simulate({"operator": 0}, PATHS, NEEDS, Supply({"hall": 0}, trainers=0, no_show=0))
    assert found.fits
    assert {load.needed for load in found.loads} == {0}


counts = st.integers(0, 400)


@given(counts, counts, st.integers(0, 60), st.integers(0, 60), st.integers(0, 200), st.floats(0, 0.9))
def test_more_learners_never_need_less_and_more_rooms_never_fit_fewer(
    operators: int, technicians: int, clean: int, halls: int, trainers: int, no_show: float
) -> None:
    supply = Supply({"grade-b": clean, "hall": halls}, trainers, no_show)
    plan = {"operator": operators, "technician": technicians}
    found = simulate(plan, PATHS, NEEDS, supply)
    more = simulate({**plan, "operator": operators + 1}, PATHS, NEEDS, supply)
    needed = {(one.resource, one.zone): one.needed for one in found.loads}
    assert all(one.needed >= needed[one.resource, one.zone] for one in more.loads)
    wider = simulate(plan, PATHS, NEEDS, replace(supply, trainers=trainers + 5))
    assert wider.most >= found.most
    assert found.fits == (found.most >= 100)
    for taking in found.takings:
        places = taking.groups * NEEDS[taking.id].places
        assert places * (1 - no_show) >= taking.learners - 1e-6, "everybody comes in the end"
    assert found.loads == sorted(found.loads, key=lambda one: (-one.ratio, one.resource, one.zone))
