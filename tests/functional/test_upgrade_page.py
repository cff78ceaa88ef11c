"""The page about another version, executed step by step: down, and up again."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from api.backup import make_key
from api.core.audit import verify
from api.core.schema_state import upgrade
from api.demo import add_sample_people
from api.evidence.models import Evidence
from api.learning.models import Attempt
from tests.conftest import CHAIN, SECRET, SHIPPED, World, load_once
from tests.functional.test_keeping import url_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "upgrade.md"
pytestmark = pytest.mark.slow


def steps(title: str) -> list[str]:
    """The commands below a heading of the page."""
    section = PAGE.read_text(encoding="utf-8").partition(f"## {title}\n")[2]
    return section.partition("```sh\n")[2].partition("```")[0].strip().splitlines()


def records(world: World) -> dict[str, list[Any]]:
    """What a person did, and what follows from it, as rows."""
    with world.database.reading() as session:
        return {
            model.__tablename__: [tuple(row) for row in session.execute(select(model.__table__).order_by(model.id))]
            for model in (Evidence, Attempt)
        }


def revision(world: World) -> str:
    with world.database.engine.connect() as connection:
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())


def test_down_and_up_again(make_world: Any, tmp_path: Path) -> None:
    world = make_world(catalogue=load_once(SHIPPED))
    with world.database.writing() as session:
        add_sample_people(session, world.clock())
    before, head = records(world), revision(world)
    assert before["evidence"]
    assert before["attempts"]
    backups, tools = tmp_path / "backup", tmp_path / "tools"
    for folder in (backups, tools):
        folder.mkdir()
    _, public = make_key()
    # What is not Airlock's is written down instead of done.
    for name in ("systemctl", "pip"):
        (tools / name).write_text(f'#!/bin/sh\necho "{name} $*" >> {tmp_path / "others"}\n', encoding="utf-8")
        (tools / name).chmod(0o755)
    (tools / "airlock").symlink_to(Path(sys.executable).with_name("airlock"))
    environment = {
        "PATH": f"{tools}:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "AIRLOCK_URL": "http://127.0.0.1:8000",
        "AIRLOCK_SECRET_KEY": SECRET,
        "AIRLOCK_AUDIT_KEY": CHAIN.key.decode(),
        "AIRLOCK_SITE": str(tmp_path / "live"),
        "AIRLOCK_CACHE": str(tmp_path / "cache"),
        "DATABASE_URL": url_of(world),
    }

    def run(title: str, *, until: str = "") -> None:
        for step in steps(title):
            if until and step.startswith(until):
                break
            command = step.replace("/backup", str(backups)).replace("age1...", public)
            done = subprocess.run(
                ["/bin/sh", "-euc", command], cwd=SHIPPED.parent, env=environment, capture_output=True, text=True,
                check=False, timeout=300,
            )  # fmt: skip
            assert done.returncode == 0, f"{step}: {done.stdout}{done.stderr}"

    world.database.engine.dispose()
    # From there on it is the old program, which is not here.
    run("Down", until="pip")
    older = re.search(r"downgrade (\d{4})", "\n".join(steps("Down")))
    assert older is not None
    try:
        assert revision(world) == older[1] < head
        run("Up")
    finally:
        upgrade(world.database.engine)
    assert revision(world) == head
    assert len(list(backups.glob("*.age"))) == 2
    assert records(world) == before
    with world.database.reading() as session:
        assert not verify(session).breaks
    assert (tmp_path / "live" / "catalogue" / "index.html").is_file()
    said = (tmp_path / "others").read_text(encoding="utf-8")
    assert said.index("systemctl stop") < said.index("pip install") < said.index("systemctl start")
