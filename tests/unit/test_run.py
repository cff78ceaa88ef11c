from __future__ import annotations

import pytest

from tests import run

POSTGRESQL = {"AIRLOCK_TEST_POSTGRESQL": "postgresql://x"}


def test_what_is_missing_is_named_and_left_out() -> None:
    parts, missing = run.plan([], {}, None)
    assert len(missing) == 2
    assert parts[-1].command[-2:] == ["-m", "not postgresql and not browser"]
    parts, missing = run.plan([], POSTGRESQL, "/usr/bin/chromium")
    assert not missing
    assert "-m" not in parts[-1].command[3:]
    assert run.plan(["check"], {}, None) == (list(run.CHECKS), [])
    parts, missing = run.plan(["quick"], POSTGRESQL, "/usr/bin/chromium")
    assert parts[-1].command[-2:] == ["-m", "not slow and not postgresql"]
    assert len(missing) == 1


def test_an_order_of_its_own_for_each_seed() -> None:
    parts, _ = run.plan([], POSTGRESQL, "/usr/bin/chromium")
    assert parts[-1].command[-2:] == ["-p", "no:randomly"]
    parts, _ = run.plan([], {**POSTGRESQL, "SEED": "7"}, "/usr/bin/chromium")
    assert parts[-1].command[-1] == "--randomly-seed=7"


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_a_missing_part_fails_in_ci(
    ci: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.delenv("AIRLOCK_TEST_POSTGRESQL", raising=False)
    monkeypatch.setattr(run, "find_browser", lambda: None)
    monkeypatch.setattr(run, "run", lambda part: True)
    assert run.main([]) == code
    last = capsys.readouterr().out.strip().splitlines()[-1]
    assert last.startswith("Not run: PostgreSQL")
    assert "browser" in last


def test_a_failing_part_fails_the_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(run, "run", lambda part: part.name != "types")
    assert run.main(["check"]) == 1
    assert "Failed: types" in capsys.readouterr().out
