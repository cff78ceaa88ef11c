"""Training time: half-days with both signatures, active time, what counts, and that it can be recomputed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from api.accounts.act import Act
from api.accounts.passwords import make_confirmation
from api.hours.models import ActiveSpan, CountedHours, HoursLine
from api.hours.operations import close_days, counted_of, median_minutes, people_with_hours, recomputed, recount
from tests.conftest import SECRET, World
from tests.functional.teaching import done, send, shown
from tests.functional.test_audit import verify
from tests.functional.test_event_day import BEGINS, secret_of
from tests.functional.test_events import PRACTICAL, attend, plan, room

__all__ = ["room"]

LESSON = "safe-start/doors"


def lines(world: World, who: str = "learner") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shown(world.client(who), "hours?lang=en")["lines"]
    return found


def check(world: World) -> None:
    """Summaries say what the lines alone come to."""
    with world.database.reading() as session:
        for person in people_with_hours(session):
            assert counted_of(session, person) == recomputed(session, person)


def close(world: World) -> int:
    with world.database.writing() as session:
        return close_days(Act(session, world.clock(), "job"))


@pytest.fixture
def practice(world: World, room: str) -> Any:
    made = plan(world, room=room)
    done(world.client("learner"), f"events/{made['id']}/booking")
    world.clock.moment = BEGINS + timedelta(hours=4)
    return made


def test_a_half_day_is_signed_by_both_sides_and_corrected_by_lines(world: World, practice: Any) -> None:
    attend(world, practice, "learner")
    (line,) = lines(world)
    assert (line["kind"], line["minutes"], line["learner_signed"], line["trainer_signed"]) == (
        "on-site", 180, False, False,
    )  # fmt: skip
    path = f"events/{practice['id']}/half-days/1"
    said = {"signed_as": "Learner", "begins": "2026-03-10T09:00", "ends": "2026-03-10T11:00"}
    done(world.client("learner"), f"{path}/presence", {**said, **secret_of(world)})
    (line,) = lines(world)
    assert (line["minutes"], line["learner_signed"]) == (120, True), "as long as the learner says"
    confirmation = make_confirmation(SECRET, world.people["trainer"].id)
    done(world.client("trainer"), f"{path}/signature", {"signed_as": "Trainer", "confirmation": confirmation})
    (line,) = lines(world)
    assert (line["minutes"], line["learner_signed"], line["trainer_signed"]) == (120, True, True)
    with world.database.reading() as session:
        assert len(list(session.scalars(select(HoursLine)))) == 3, "a correction is one more line"
    attend(world, practice, "learner", "absent")
    assert lines(world) == []
    check(world)


def active(world: World, who: str, *spans: tuple[str, float, float]) -> Any:
    body = {"spans": [{"module": module, "began_ago": a * 60, "ended_ago": b * 60} for module, a, b in spans]}
    return send(world.client(who), "active-time", body)


def test_active_time_counts_once_and_up_to_the_nominal_time(world: World) -> None:
    world.clock.moment = BEGINS
    assert active(world, "learner", (LESSON, 12, 4), (LESSON, 10, 2)).json == {"kept": 2}
    assert close(world) == 0, "the day is not over"
    world.clock.forward(days=1)
    assert close(world) == 1
    (line,) = lines(world)
    nominal = 10
    assert (line["kind"], line["minutes"]) == ("self-paced", nominal), "two tabs count once"
    assert active(world, "learner", (LESSON, 500, 380)).status_code == 201
    world.clock.forward(days=1)
    close(world)
    assert sum(one["minutes"] for one in lines(world)) == nominal, "a second day adds nothing to a lesson that is full"
    with world.database.reading() as session:
        assert not list(session.scalars(select(ActiveSpan)))
    check(world)


def test_what_cannot_be_true_is_left_out(world: World) -> None:
    world.clock.moment = BEGINS
    assert active(world, "learner", (LESSON, 2, 5)).json == {"kept": 0}, "it ends before it begins"
    assert active(world, "learner", (LESSON, 600, 1)).json == {"kept": 0}, "ten hours without a break"
    assert active(world, "learner", (LESSON, 60 * 24 * 31 + 2, 60 * 24 * 31)).json == {"kept": 0}, "a month ago"
    assert active(world, "learner", ("safe-start/nothing", 5, 1)).status_code == 404
    assert active(world, "learner", (PRACTICAL, 5, 1)).json == {"kept": 0}, "a practical is not done in a page"


def test_online_while_on_site_is_flagged_and_not_summed(world: World, practice: Any) -> None:
    ago = (world.clock() - BEGINS).total_seconds() / 60
    active(world, "learner", (LESSON, ago - 10, ago - 15))
    world.clock.forward(days=1)
    close(world)
    assert [(one["kind"], one["minutes"]) for one in lines(world)] == [("self-paced", 5)]
    attend(world, practice, "learner")
    by_kind = {one["kind"]: one for one in lines(world)}
    assert (by_kind["on-site"]["minutes"], by_kind["on-site"]["overlap"]) == (180, 0)
    assert (by_kind["self-paced"]["minutes"], by_kind["self-paced"]["overlap"]) == (0, 5)
    assert by_kind["self-paced"]["overlaps"] == [by_kind["on-site"]["id"]]
    assert shown(world.client("learner"), "hours?lang=en")["totals"] == {"on-site": 180, "self-paced": 0}
    check(world)
    with world.database.writing() as session:
        session.execute(delete(CountedHours))
        recount(session, world.people["learner"].id, {by_kind["on-site"]["day"]})
    check(world)


def test_late_time_joins_the_day_that_was_closed(world: World) -> None:
    world.clock.moment = BEGINS
    active(world, "learner", (LESSON, 10, 8))
    world.clock.forward(days=1)
    close(world)
    active(world, "learner", (LESSON, 24 * 60 + 9, 24 * 60 + 5))
    close(world)
    (line,) = lines(world)
    assert line["minutes"] == 5, "what overlaps with itself counts once"
    check(world)


def test_medians_need_enough_learners(world: World) -> None:
    at: datetime = BEGINS
    with world.database.writing() as session:
        for number, who in enumerate(("learner", "other learner", "mate", "teacher", "trainer")):
            if who not in world.people:
                continue
            session.add(
                ActiveSpan(
                    person_id=world.people[who].id,
                    module_id=LESSON,
                    begins=at,
                    ends=at + timedelta(minutes=20 + number),
                )
            )
    world.clock.moment = at + timedelta(days=1)
    close(world)
    with world.database.reading() as session:
        assert median_minutes(session, least=99) == {}
        (median, people) = median_minutes(session, least=2)[LESSON]
    assert people >= 2
    assert 20 <= median <= 24, "what was measured, also beyond the nominal time"


def test_a_line_that_was_altered_is_found(world: World, practice: Any) -> None:
    attend(world, practice, "learner")
    with world.database.engine.begin() as connection:
        connection.execute(update(HoursLine).values(minutes=600))
    assert any("hours_lines" in sentence for sentence in verify(world.database).breaks)


def test_nobody_sees_the_hours_of_others(world: World, practice: Any) -> None:
    attend(world, practice, "learner")
    assert lines(world, "other learner") == []
