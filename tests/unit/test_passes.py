"""Door passes: what the server signed lets in, and nothing else does."""

from __future__ import annotations

import json
import subprocess
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.events.passes import LIFE, PREFIX, SLACK, FalsePass, Pass, PassKey, qr_rows, windows

KEY = PassKey.of("a secret of the server, for tests")
MOMENT = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
ONE = Pass(uuid.UUID(int=1, version=4), 2, uuid.UUID(int=2, version=4), MOMENT)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

passes = st.builds(
    Pass,
    st.uuids(version=4),
    st.integers(0, 255),
    st.uuids(version=4),
    st.integers(1, 2**32 - 1).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
)


@given(passes)
def test_a_pass_is_read_as_it_was_signed(one: Pass) -> None:
    assert KEY.read(KEY.sign(one)) == one
    assert KEY.sign(one) == KEY.sign(one), "the same pass has the same code"


def refused(text: str) -> bool:
    try:
        KEY.read(text)
    except FalsePass:
        return True
    return False


@st.composite
def forged(draw: st.DrawFn) -> str:
    """A pass with one letter changed, of another server, with another content, or made of nothing."""
    true = KEY.sign(draw(passes))
    way = draw(st.sampled_from(("letter", "server", "content", "letters", "text", "cut", "swapped")))
    if way == "letter":
        place = draw(st.integers(len(PREFIX), len(true) - 2))
        return true[:place] + draw(st.sampled_from([one for one in LETTERS if one != true[place]])) + true[place + 1 :]
    if way == "server":
        return PassKey.of(draw(st.text(min_size=1))).sign(draw(passes))
    if way == "content":
        # What one pass says, with the signature of another.
        other = KEY.sign(draw(passes.filter(lambda one: KEY.sign(one) != true)))
        return other[: len(PREFIX) + 56] + true[len(PREFIX) + 56 :]
    if way == "letters":
        return PREFIX + draw(st.text(LETTERS, min_size=162, max_size=162))
    if way == "cut":
        return true[: draw(st.integers(0, len(true) - 2))]
    if way == "swapped":
        return true[::-1]
    return draw(st.text(max_size=300))


@settings(max_examples=10_000)
@given(forged())
def test_of_ten_thousand_forged_passes_none_is_taken(text: str) -> None:
    assert refused(text)


def test_with_another_secret_yesterdays_passes_are_false() -> None:
    assert refused(PassKey.of("the secret after it was changed").sign(ONE))


@pytest.mark.parametrize(
    ("after", "good"),
    [(-SLACK - timedelta(seconds=1), False), (-SLACK, True), (LIFE + SLACK, False), (LIFE, True)],
)
def test_a_pass_is_good_for_its_minutes(after: timedelta, good: bool) -> None:
    assert ONE.is_good_at(MOMENT + after) is good


def test_one_pass_follows_the_other_without_a_gap() -> None:
    found = list(windows(MOMENT + timedelta(minutes=3), MOMENT + timedelta(minutes=16)))
    assert found == [MOMENT + n * LIFE for n in range(4)]


def test_a_browser_reads_it_with_the_public_key_alone() -> None:
    """The tablet's own code, with the Web Cryptography of Node."""
    library = Path(__file__).parent.parent.parent / "themes" / "airlock" / "assets" / "lib" / "door.js"
    false = KEY.sign(ONE)[:-9] + "AAAAAAAAA"
    script = (
        f"import {{ readPass }} from {json.dumps(library.as_uri())};"
        f"const key = {json.dumps(KEY.public())};"
        f"for (const text of {json.dumps([KEY.sign(ONE), false, 'AIRLOCK.AB', 'x'])})"
        "console.log(JSON.stringify(await readPass(text, key, crypto)));"
    )
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script], capture_output=True, text=True, check=True, timeout=60
    )
    first, *others = [json.loads(line) for line in done.stdout.splitlines()]
    assert first == {
        "event": str(ONE.event_id),
        "number": 2,
        "person": str(ONE.person_id),
        "begins": int(MOMENT.timestamp() * 1000),
    }
    assert others == [None, None, None]


def test_its_code_is_small_enough_for_a_phone() -> None:
    rows = qr_rows(KEY.sign(ONE))
    assert len(rows) == len(rows[0]) <= 49
