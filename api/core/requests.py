"""What belongs to the running request: its clock, its session, its transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import Flask, current_app, g, request
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from api.core.choices import with_choices
from api.core.clock import Clock
from api.core.config import Settings
from api.core.database import Database, mark_writing

READING = ("GET", "HEAD", "OPTIONS")


def now() -> datetime:
    """Now by the clock of the running app, UTC."""
    clock: Clock = current_app.config["AIRLOCK_CLOCK"]
    return clock()


def current_settings() -> Settings:
    """The settings of the running app."""
    settings: Settings = current_app.config["AIRLOCK_SETTINGS"]
    return settings


def chosen_settings() -> Settings:
    """The settings of the running app, with what the centre chose."""
    return with_choices(current_session(), current_settings())


def current_database() -> Database:
    """The database of the running app."""
    database: Database = current_app.extensions["airlock_database"]
    return database


def current_session() -> Session:
    """The session of the running request; a request with an unsafe method writes."""
    session: Session | None = g.get("airlock_session")
    if session is None:
        session = current_database().session()
        if request.method not in READING:
            mark_writing(session)
        g.airlock_session = session
    return session


@contextmanager
def brief_read() -> Iterator[Session | Connection]:
    """Something to read a row with before the request's own transaction begins.

    On SQLite a request that will write would hold up every other one from then on.
    """
    database = current_database()
    if "airlock_session" in g or request.method in READING or database.engine.dialect.name != "sqlite":
        yield current_session()
    else:
        with database.engine.connect() as connection:
            yield connection


def close_session() -> None:
    """Roll back what was not committed, and give the connection back."""
    session: Session | None = g.pop("airlock_session", None)
    if session is not None:
        session.close()


def register_database(app: Flask, database: Database) -> None:
    """Tie the database to an app."""
    app.extensions["airlock_database"] = database

    @app.before_request
    def read_body() -> None:
        # A phone that sends slowly must not hold a transaction open meanwhile: on SQLite nobody else could write.
        request.get_data(cache=True)

    @app.teardown_appcontext
    def close(error: BaseException | None) -> None:
        close_session()
