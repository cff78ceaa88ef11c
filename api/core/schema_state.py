"""Which revision of the tables a database has, and how to change it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from api.core import audit
from api.core.database import Database

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables up to a revision, in one transaction."""
    with engine.connect() as plain:
        connection = plain.execution_options(airlock_writes=True)
        with connection.begin():
            command.upgrade(alembic_config(connection), revision)


KEYED_SINCE = "0007"
"""The revision with which the audit trail has a key."""


def upgrade_database(database: Database, at: datetime) -> int:
    """Bring the tables up to date; gives how many records of before were taken into the audit trail.

    That is done once, in the transaction that gives the trail its key: who may write to the database cannot have it
    done again.
    """
    with database.engine.connect() as plain:
        connection = plain.execution_options(airlock_writes=True)
        with connection.begin():
            before = MigrationContext.configure(connection).get_current_revision()
            command.upgrade(alembic_config(connection), "head")
            if before is None or before >= KEYED_SINCE:
                return 0
            with database.session(connection) as session:
                adopted = audit.adopt(session, at)
                session.commit()
            return adopted


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the tables back to a revision; "base" removes them with everything in them."""
    with engine.connect() as plain:
        connection = plain.execution_options(airlock_writes=True)
        with connection.begin():
            command.downgrade(alembic_config(connection), revision)


def is_current(connection: Connection) -> bool:
    """Whether the database has the tables that this program expects."""
    heads = set(ScriptDirectory.from_config(alembic_config()).get_heads())
    return set(MigrationContext.configure(connection).get_current_heads()) == heads
