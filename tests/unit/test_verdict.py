"""Whether somebody is ready: properties that hold for every module and everything that may have happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from api.evidence.completion import Asked, find_completion, summarise, touched_since
from api.evidence.validity import valid_until
from api.readiness.changes import compare
from api.readiness.verdict import Known, Missing, Standing, Verdict, judge
from site_builder.course.model import Module, Page, Share
from site_builder.course.modules import KINDS, Need
from tests.unit.lines import Line, day

NAMES = ("c/a", "c/b", "c/d", "c/e")
OBJECTIVES = (1, 2)


def module(name: str, **more: object) -> Module:
    page = Page(lang="en", title=name, summary="", source="", body_sha="", objectives=("One", "Two"))
    return Module(id=name, kind="lesson", minutes=10, pages={"en": page}, **more)  # type: ignore[arg-type]


names = st.sampled_from(NAMES)
shares = st.builds(Share, module=names, objective=st.sampled_from(OBJECTIVES), percent=st.integers(1, 100))
wanted = st.builds(
    lambda requires, any_of, known: module("c/p", requires=requires, any_of=any_of, shares=known),
    st.lists(names, max_size=3, unique=True).map(tuple),
    st.lists(st.lists(names, min_size=2, max_size=3, unique=True).map(tuple), max_size=2).map(tuple),
    st.lists(shares, max_size=2).map(tuple),
)
asked = st.fixed_dictionaries({name: st.integers(1, 3) for name in NAMES}).map(
    lambda renewals: {name: module(name, renewal=number) for name, number in renewals.items()}
)
days = st.integers(0, 400).map(day)
standings = st.dictionaries(
    names, st.builds(Standing, st.none() | st.integers(1, 3), st.none() | days), max_size=len(NAMES)
)
reached = st.dictionaries(st.tuples(names, st.sampled_from(OBJECTIVES)), st.floats(0, 1))
known = st.builds(Known, standings, reached)


def completed(one: Module, at: datetime) -> Standing:
    return Standing(one.renewal, at + timedelta(days=1))


@given(wanted, asked, known, days)
def test_each_answer_has_its_reason(want: Module, now: dict[str, Module], facts: Known, at: datetime) -> None:
    verdict = judge([want], now, facts, at)
    assert (verdict.state == "ready") == (not verdict.missing)
    for missing in verdict.missing:
        assert set(missing.modules) <= set(now)
        assert missing.minutes == 10
    if verdict.state == "expired":
        assert {missing.why for missing in verdict.missing} <= {"expired", "renewed"}


@given(wanted, asked, known, days, names)
def test_a_completion_more_never_makes_anybody_less_ready(
    want: Module, now: dict[str, Module], facts: Known, at: datetime, name: str
) -> None:
    before = judge([want], now, facts, at)
    standing = facts.standings.get(name)
    if standing is not None and standing.renewal is not None and standing.renewal >= now[name].renewal:
        better = replace(standing, valid_until=None)
    else:
        better = completed(now[name], at)
    after = judge([want], now, replace(facts, standings={**facts.standings, name: better}), at)
    assert len(after.missing) <= len(before.missing)
    assert {one.modules for one in after.missing} <= {one.modules for one in before.missing}


@given(wanted, asked, known, days, st.integers(0, 400))
def test_time_alone_never_makes_anybody_more_ready(
    want: Module, now: dict[str, Module], facts: Known, at: datetime, later: int
) -> None:
    before, after = judge([want], now, facts, at), judge([want], now, facts, at + timedelta(days=later))
    assert len(before.missing) <= len(after.missing)
    assert not (before.state != "ready" and after.state == "ready")


@given(wanted, asked, known, days)
def test_doing_what_is_named_changes_the_answer(
    want: Module, now: dict[str, Module], facts: Known, at: datetime
) -> None:
    """Each thing that is missing goes away when it is done, and when all are done, somebody is ready."""
    verdict = judge([want], now, facts, at)
    for missing in verdict.missing:
        after = judge([want], now, do(facts, missing, now, at), at)
        assert (missing.modules, missing.objective) not in {(one.modules, one.objective) for one in after.missing}
        assert len(after.missing) < len(verdict.missing)
    for missing in verdict.missing:
        facts = do(facts, missing, now, at)
    assert judge([want], now, facts, at) == Verdict("ready")


def do(facts: Known, missing: Missing, now: dict[str, Module], at: datetime) -> Known:
    if missing.objective:
        return replace(facts, shares={**facts.shares, (missing.modules[0], missing.objective): missing.percent / 100})
    name = missing.modules[0]
    return replace(facts, standings={**facts.standings, name: completed(now[name], at)})


def test_who_was_ready_is_told_since_when_they_are_not() -> None:
    want, now = module("c/p", requires=NAMES[:2]), {name: module(name) for name in NAMES}
    facts = Known({"c/a": Standing(1, day(10)), "c/b": Standing(1, day(5))})
    verdict = judge([want], now, facts, day(20))
    assert (verdict.state, verdict.since) == ("expired", day(5))
    assert [(one.why, one.since) for one in verdict.missing] == [("expired", day(10)), ("expired", day(5))]
    renewed = {**now, "c/a": module("c/a", renewal=2)}
    assert [one.why for one in judge([want], renewed, facts, day(1)).missing] == ["renewed"]
    never = judge([want], now, Known({"c/a": Standing(1, day(10)), "c/b": Standing(None)}), day(20))
    assert (never.state, never.since) == ("not-yet", None)


def test_of_several_that_would_do_one_is_enough() -> None:
    want, now = module("c/p", any_of=(("c/a", "c/b"),)), {name: module(name) for name in NAMES}
    assert judge([want], now, Known({"c/b": Standing(1)}), day(0)) == Verdict("ready")
    (missing,) = judge([want], now, Known({"c/a": Standing(1, day(1)), "c/b": Standing(None)}), day(2)).missing
    assert (missing.modules, missing.why, missing.since) == (("c/a", "c/b"), "expired", day(1))
    assert judge([want], {}, Known(), day(0)).state == "ready", "what is gone is asked for no more"


def test_an_objective_must_be_known_well_enough_and_the_mark_itself_is_enough() -> None:
    want = module("c/p", shares=(Share(module="c/a", objective=2, percent=70),))
    now = {"c/a": module("c/a")}
    assert judge([want], now, Known(shares={("c/a", 2): 0.7}), day(0)).state == "ready"
    (missing,) = judge([want], now, Known(shares={("c/a", 2): 0.69, ("c/a", 1): 1.0}), day(0)).missing
    assert (missing.why, missing.objective, missing.percent, missing.reached) == ("below", 2, 70, 0.69)


def test_an_admission_lets_somebody_in_until_its_end_and_says_what_is_missing_all_the_same() -> None:
    want, now = module("c/p", requires=("c/a",)), {"c/a": module("c/a")}
    facts = Known(admitted_until={"c/p": day(3)})
    assert judge([want], now, facts, day(2)).may_enter
    assert judge([want], now, facts, day(2)).missing
    assert not judge([want], now, facts, day(3)).may_enter
    both = [want, module("c/q", requires=("c/a",))]
    assert not judge(both, now, facts, day(2)).may_enter, "for one of two is for neither"


# Renewals that touch a part.


LESSON = KINDS["lesson"].completed_by(["one", "two"])
FIRST = Asked("v1", 1, LESSON)
SECOND = Asked("v2", 2, LESSON, (Need("read"), Need("passed", "two")), (2,))


def done_first() -> list[Line]:
    return [Line("read", day(0)), Line("passed", day(1), "one"), Line("passed", day(2), "two")]


def renewal_and_day(lines: list[Line], *versions: Asked) -> tuple[int, datetime]:
    found = find_completion(lines, versions)
    assert found is not None
    return found.renewal, found.at


def test_a_renewal_reopens_only_what_it_touches() -> None:
    lines = done_first()
    assert renewal_and_day(lines, SECOND, FIRST) == (1, day(2))
    lines.append(Line("passed", day(9), "two", "v2", 2))
    assert renewal_and_day(lines, SECOND, FIRST) == (1, day(2)), "it is to be read again"
    lines.append(Line("read", day(9), "", "v2", 2))
    assert renewal_and_day(lines, SECOND, FIRST) == (2, day(9))
    third = Asked("v3", 3, LESSON)
    assert renewal_and_day(lines, third, SECOND, FIRST) == (2, day(9)), "one that names nothing is about all of it"


def test_what_is_asked_anew_is_what_every_renewal_since_touched() -> None:
    third = Asked("v3", 3, LESSON, (Need("read"),), (1,))
    assert touched_since(1, (SECOND, FIRST)) == (2,)
    assert touched_since(1, (third, SECOND, FIRST)) == (1, 2)
    assert touched_since(2, (third, SECOND, FIRST)) == (1,)
    assert touched_since(1, (Asked("v4", 4, LESSON), third, SECOND, FIRST)) == ()


facts = st.builds(
    Line,
    st.sampled_from(["read", "passed", "failed"]),
    days,
    st.just(""),
    st.just("v"),
    st.integers(1, 3),
    st.none() | days,
).map(lambda line: line if line.what == "read" else replace(line, part="one", score=0.5))
versions = st.sampled_from([(), (1,), (2,)]).flatmap(
    lambda touches: st.just(
        (
            Asked("v3", 3, LESSON[:2], LESSON[:1] if touches == (2,) else None, touches),
            Asked("v2", 2, LESSON[:2]),
            Asked("v1", 1, LESSON[:2]),
        )
    )
)


@given(st.lists(facts, max_size=8), versions, st.randoms(use_true_random=False))
def test_the_order_in_which_evidence_arrives_changes_nothing(
    lines: list[Line], asks: tuple[Asked, ...], chance: object
) -> None:
    mixed = [*lines, *lines[:2]]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert find_completion(mixed, asks) == find_completion(lines, asks)
    counted = summarise(lines, asks)
    chance.shuffle(lines)  # type: ignore[attr-defined]
    assert summarise(lines, asks) == counted


@given(st.lists(facts, max_size=8), facts, versions, days)
def test_a_line_more_never_makes_a_completion_worse(
    lines: list[Line], more: Line, asks: tuple[Asked, ...], at: datetime
) -> None:
    def standing(found: list[Line]) -> Standing:
        completion = find_completion(found, asks)
        return Standing(completion.renewal, completion.valid_until) if completion else Standing(None)

    want, now = module("c/p", requires=("c/a",)), {"c/a": module("c/a", renewal=3)}
    before = judge([want], now, Known({"c/a": standing(lines)}), at)
    after = judge([want], now, Known({"c/a": standing([*lines, more])}), at)
    assert before.state != "ready" or after.state == "ready"


# Until when it counts.


def test_validity_is_counted_by_the_calendar_and_renewing_early_loses_nothing() -> None:
    at = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
    assert valid_until("1 months", 0, at) == datetime(2026, 2, 28, 12, 0, tzinfo=UTC)
    assert valid_until("12 months", 0, at) == datetime(2027, 1, 31, 12, 0, tzinfo=UTC)
    assert valid_until("30 days", 0, at) == at + timedelta(days=30)
    end = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    assert valid_until("12 months", 60, at, end) == datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
    assert valid_until("12 months", 10, at, end) == datetime(2027, 1, 31, 12, 0, tzinfo=UTC), "too early"
    assert valid_until("12 months", 60, at, at - timedelta(days=1)) == datetime(2027, 1, 31, 12, 0, tzinfo=UTC)


def test_a_fixed_day_is_the_next_one_where_the_centre_is() -> None:
    assert valid_until("09-01", 0, datetime(2026, 8, 31, 21, 59, tzinfo=UTC)) == datetime(2026, 8, 31, 22, tzinfo=UTC)
    assert valid_until("09-01", 0, datetime(2026, 8, 31, 22, 0, tzinfo=UTC)) == datetime(2027, 8, 31, 22, tzinfo=UTC)
    end = datetime(2026, 8, 31, 22, tzinfo=UTC)
    assert valid_until("09-01", 60, datetime(2026, 7, 20, tzinfo=UTC), end) == datetime(2027, 8, 31, 22, tzinfo=UTC)
    summer = valid_until("6 months", 0, datetime(2026, 1, 15, 8, 0, tzinfo=UTC))
    assert summer == datetime(2026, 7, 15, 7, 0, tzinfo=UTC), "nine o'clock stays nine o'clock"


RULE = (Asked("v1", 1, (Need("read"),), valid="12 months", renew=60),)


def read_at(*days_of: int) -> list[Line]:
    return [Line("read", day(one), valid_until=valid_until("12 months", 0, day(one))) for one in days_of]


def end_of(lines: list[Line]) -> datetime:
    found = find_completion(lines, RULE)
    assert found is not None
    assert found.valid_until is not None
    return found.valid_until


def test_what_is_renewed_in_its_window_counts_from_the_end_on_whichever_line_came_first() -> None:
    first, early, again = read_at(0, 300, 310)
    assert end_of([first]) == day(365)
    assert end_of([first, early]) == day(665), "too early to add to it"
    assert end_of([first, again]) == end_of([again, first]) == day(730)
    assert end_of([first, early, again]) == day(730)


def test_one_more_does_not_move_an_end_out_of_its_window() -> None:
    """With the second line alone the first year ends on day 367, two days too late for the third."""
    assert end_of(read_at(0, 306)) == end_of(read_at(0, 2, 306)) == day(730)


@given(st.lists(st.integers(0, 1500), min_size=1, max_size=6), st.integers(0, 1500))
def test_doing_it_once_more_never_shortens_anything(lines: list[int], more: int) -> None:
    assert end_of(read_at(*lines)) <= end_of(read_at(*lines, more))
    assert end_of(read_at(*lines)) == end_of(read_at(*reversed(lines)))


# What changed.


def test_a_change_reads_as_a_change_of_words() -> None:
    before = ["The mask goes on last.", "Wash your hands for 30 s.", "Old rule."]
    after = ["The mask goes on first.", "Wash your hands for 30 s.", "A wholly different sentence about shoes."]
    found = [[(part.op, part.text) for part in parts] for parts in compare(before, after)]
    assert found == [
        [("same", "The mask goes on "), ("gone", "last."), ("new", "first.")],
        [("new", "A wholly different sentence about shoes.")],
        [("gone", "Old rule.")],
    ]


@given(
    st.lists(st.text("ab ", min_size=1, max_size=12), max_size=6),
    st.lists(st.text("ab ", min_size=1, max_size=12), max_size=6),
)
def test_nothing_that_differs_is_left_out_of_a_comparison(before: list[str], after: list[str]) -> None:
    parts = list(compare(before, after))
    if before == after:
        assert not parts
    new = "\n".join("".join(part.text for part in line if part.op != "gone") for line in parts)
    assert all(text in new or text in before for text in after)


# A replay.


def test_a_replay_does_as_well_as_having_been_there() -> None:
    watched = (Need("read"), Need("passed", "q"))
    asks = (Asked("v1", 1, (Need("attended"),), instead=watched),)
    there, read, passed = Line("attended", day(3)), Line("read", day(5)), Line("passed", day(6), "q")
    assert find_completion([read], asks) is None
    assert renewal_and_day([read, passed], *asks) == (1, day(6))
    assert renewal_and_day([read, passed, there], *asks) == (1, day(3))
    assert find_completion([read, passed], (Asked("v1", 1, (Need("attended"),)),)) is None
