"""What evidence comes to."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from api.evidence.completion import Asked, Completion, find_completion, summarise
from site_builder.course.modules import KINDS, Need
from tests.unit.lines import Line, day

LESSON = KINDS["lesson"].completed_by(["quiz"])
NOW = (Asked("v1", 1, LESSON),)


def test_each_kind_says_what_completes_it() -> None:
    assert {name: kind.completed_by(["a", "b"]) for name, kind in KINDS.items()} == {
        "lesson": (Need("read"), Need("passed", "a"), Need("passed", "b")),
        "webinar": (Need("attended"),),
        "practical": (Need("signed-off"),),
        "document": (Need("acknowledged"), Need("passed", "a"), Need("passed", "b")),
        "simulation": (Need("passed", "a"), Need("passed", "b")),
    }
    # Without a scene of its own, it waits for the result of a program elsewhere.
    assert KINDS["simulation"].completed_by([]) == (Need("result"),)
    assert {name: kind.hours for name, kind in KINDS.items()} == {
        "lesson": "self-paced",
        "webinar": "live-remote",
        "practical": "on-site",
        "document": "self-paced",
        "simulation": "self-paced",
    }


def test_a_lesson_is_complete_with_the_last_thing_it_needs() -> None:
    read, failed, passed = Line("read", day(0)), Line("failed", day(1), "quiz"), Line("passed", day(2), "quiz")
    assert find_completion([read], NOW) is None
    assert find_completion([read, failed], NOW) is None
    assert find_completion([passed, failed], NOW) is None
    for lines in permutations((read, failed, passed)):
        assert find_completion(lines, NOW) == Completion(day(2), 1, None)


def test_a_change_without_a_renewal_reopens_nothing() -> None:
    newer = Asked("v2", 1, (*LESSON, Need("passed", "second")))
    lines = [Line("read", day(0)), Line("passed", day(1), "quiz")]
    assert find_completion(lines, (newer, *NOW)) == Completion(day(1), 1, None)


def test_a_renewal_asks_for_all_of_it_again_and_the_earlier_completion_stays() -> None:
    versions = (Asked("v2", 2, LESSON), *NOW)
    lines = [Line("read", day(0)), Line("passed", day(1), "quiz"), Line("read", day(9), version="v2", renewal=2)]
    assert find_completion(lines, versions) == Completion(day(1), 1, None)
    lines.append(Line("passed", day(10), "quiz", version="v2", renewal=2))
    assert find_completion(lines, versions) == Completion(day(10), 2, None)


def test_what_ends_first_ends_the_completion_and_what_counts_longest_is_taken() -> None:
    versions = (Asked("v1", 1, KINDS["practical"].completed_by([])),)
    short, long = Line("signed-off", day(0), valid_until=day(100)), Line("signed-off", day(5), valid_until=day(300))
    assert find_completion([short, long], versions) == Completion(day(5), 1, day(300))
    for_good = Line("signed-off", day(7))
    assert find_completion([for_good, short, long], versions) == Completion(day(7), 1, None)


def test_a_summary_has_the_score_of_what_stands_in_the_way_and_the_number_of_attempts() -> None:
    lines = [
        Line("read", day(3)),
        Line("read", day(1), version="v0"),
        Line("failed", day(2), "quiz", score=0.4),
        Line("passed", day(4), "quiz", score=0.9),
        Line("failed", day(5), "other", score=0.0),
    ]
    assert summarise(lines, NOW) == {
        "read_at": day(1),
        "quizzes": {
            "quiz": {"best": 0.9, "passed": True, "attempts": 2},
            "other": {"best": 0.0, "passed": False, "attempts": 1},
        },
        "best_score": 0.0,
        "completed_at": day(4),
        "completed_renewal": 1,
        "valid_until": None,
    }
    assert summarise([], NOW)["best_score"] is None


FACT_LINES = st.builds(
    Line,
    what=st.sampled_from(("read", "passed", "failed", "attended", "signed-off")),
    at=st.integers(0, 400).map(day),
    part=st.sampled_from(("", "quiz")),
    renewal=st.integers(1, 3),
    valid_until=st.none() | st.integers(0, 800).map(day),
)
ASKED = tuple(Asked(f"v{renewal}", renewal, LESSON) for renewal in (3, 2, 1))


@given(st.lists(FACT_LINES, max_size=8), FACT_LINES, st.randoms(use_true_random=False))
def test_more_evidence_never_takes_a_completion_away(lines: list[Line], more: Line, chance: object) -> None:
    before, after = find_completion(lines, ASKED), find_completion([*lines, more], ASKED)
    if before is not None:
        assert after is not None
        assert after.renewal >= before.renewal
        if after.renewal == before.renewal:
            endless = datetime.max.replace(tzinfo=UTC)
            assert (after.valid_until or endless) >= (before.valid_until or endless)
    mixed = [*lines, more]
    chance.shuffle(mixed)  # type: ignore[attr-defined]  # It is random.Random.
    assert find_completion(mixed, ASKED) == after
