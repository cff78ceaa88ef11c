"""What commands share: errors in one sentence, the database of the environment, lists in the form that is asked for."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeVar

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from api.core.audit import Chain
from api.core.config import ConfigError, Settings, read_settings
from api.core.database import Database
from api.core.errors import ApiError

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
ACTOR = "command line"


def fail(sentence: str) -> NoReturn:
    """End with one sentence and exit code 1."""
    click.secho(sentence, err=True, fg="red")
    sys.exit(1)


def plainly(command: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Turn the errors that a person can do something about into one sentence."""

    @wraps(command)
    def wrapped(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        try:
            return command(*args, **kwargs)
        except ConfigError as error:
            fail(str(error))
        except ApiError as error:
            fail(error.detail)
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", error)).splitlines()[0]
            fail(f"The database said: {reason} (is DATABASE_URL right, and did `airlock db upgrade` run?)")

    return wrapped


def open_database() -> tuple[Settings, Database]:
    """The settings of the environment, and their database until the command ends."""
    settings = read_settings()
    database = Database(settings.database_url, Chain(settings.audit_key.encode(), settings.audit_anchor))
    click.get_current_context().call_on_close(database.engine.dispose)
    return settings, database


FORMATS = ("table", "csv", "json")
listed = click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="How the list is printed."
)
"""An option of every command that prints a list."""


def print_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], form: str) -> None:
    """Print a list: for people, or for programs. Nothing of it is cut in a pipe.

    Args:
        columns: Their names; JSON has them in small letters with underscores.
        rows: Values; None is nothing.
        form: One of `FORMATS`.
    """
    if form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(["" if value is None else value for value in row] for row in rows)
        return
    if form == "json":
        names = [name.lower().replace(" ", "_").replace("-", "_") for name in columns]
        click.echo(json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False, indent=1))
        return
    table = Table(*columns)
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    # On a screen a long cell is broken; in a pipe the table is as wide as it has to be.
    console = Console() if sys.stdout.isatty() else Console(width=10_000)
    console.print(table)
