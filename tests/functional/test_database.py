"""Migrations, the audit trail, and what SQLite is told."""

from __future__ import annotations

import threading
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select

from api.accounts.act import Act
from api.catalogue.models import CatalogueVersion, ModuleVersion
from api.catalogue.operations import current_catalogue, store_catalogue
from api.core import audit
from api.core.database import Database
from api.core.schema_state import downgrade, is_current, upgrade
from api.tables import metadata
from site_builder.course.manifest import load_catalogue
from tests.conftest import START, World


def test_migrations_go_up_from_nothing_and_down_again(database: Database) -> None:
    with database.engine.connect() as connection:
        assert is_current(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == [], "the tables are what the models say"
    downgrade(database.engine)
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    with database.engine.connect() as connection:
        assert not is_current(connection)
    upgrade(database.engine)
    assert {table.name for table in metadata.sorted_tables} <= set(inspect(database.engine).get_table_names())


def test_catalogues_become_trees_and_back(world: World) -> None:
    with world.database.reading() as session:
        before = current_catalogue(session)
        stored = session.scalar(select(CatalogueVersion.manifest))
    engine = world.database.engine
    downgrade(engine, "0004")
    with engine.begin() as connection:
        whole = connection.execute(select(CatalogueVersion.manifest)).scalar_one()
        assert load_catalogue(whole) == before, "as earlier programs read it"
    upgrade(engine)
    with engine.begin() as connection:
        assert connection.execute(select(CatalogueVersion.manifest)).scalar() == stored
    with world.database.writing() as session:
        # What an earlier program stored is stored anew once, and then left alone.
        assert session.scalars(select(ModuleVersion.content_digest).distinct()).all() == [""]
        assert not store_catalogue(Act(session, START, "tests"), before)[1]
        assert "" not in session.scalars(select(ModuleVersion.content_digest))


def test_sqlite_is_safe(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    with database.engine.connect() as connection:
        read = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert read == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    database.engine.dispose()


def test_read_then_write_under_load_does_not_lock(database: Database) -> None:
    upgrade(database.engine)
    failures: list[Exception] = []

    def work(number: int) -> None:
        try:
            for step in range(10):
                with database.writing() as session:
                    audit.record(session, at=START, actor=str(number), action="test", subject=str(step))
        except Exception as error:  # noqa: BLE001  # Whatever goes wrong in a thread is what the test is about.
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    with database.reading() as session:
        verdict = audit.verify(session)
    assert (verdict.count, verdict.breaks) == (40, ())
