"""Every hostile list through the API: a preview with reasons, or a refusal; never a 500, and nothing written."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from sqlalchemy import func, select

from api.accounts.models import Person
from tests.conftest import World
from tests.functional.teaching import shown
from tests.lists.corpus import corpus


@pytest.mark.slow
def test_every_hostile_list_gets_a_preview_with_reasons(world: World) -> None:
    teacher = world.client("teacher")
    path = f"/api/v1/classes/{world.classes['1A']}/list/preview"
    cases = corpus()
    assert len(cases) >= 200
    with world.database.reading() as session:
        people = session.scalar(select(func.count()).select_from(Person))
    for case in cases:
        body: dict[str, Any]
        if case.text is not None:
            body = {"text": case.text() if callable(case.text) else case.text}
        else:
            data = case.data() if callable(case.data) else case.data
            body = {"file": base64.b64encode(data or b"").decode()}
        reply = teacher.post(path, body)
        assert reply.status_code in (200, 413, 422), (case.id, reply.status_code)
        if reply.status_code != 200:
            continue
        found = reply.json
        assert found is not None
        assert found["unreadable"] or found["rows"], case.id
        for row in found["rows"]:
            assert (row["status"] == "wrong") == bool(row["wrong"]), case.id
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == people
    assert len(shown(teacher, f"classes/{world.classes['1A']}")["learners"]) == 3
