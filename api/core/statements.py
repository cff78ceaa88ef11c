"""Statements that are compiled once and handed to the driver as they are, for the paths that are hot.

A statement of SQLAlchemy costs 60 to 90 µs of its own each time, one of these 5 to 15 (`make bench-api`). What it gives
and takes has the types of the columns, as everywhere. Rows that are evidence are told to the audit trail by hand
(`audit.note_rows`), since no object of the session stands for them.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from api.core.database import DatabaseSession, driver_of

Processor = Callable[[Any], Any]


class _Made:
    """A statement as one kind of database takes it."""

    def __init__(self, statement: Any, columns: tuple[str, ...] | None, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=columns)
        self.sql = str(compiled)
        self.positions: tuple[str, ...] | None = tuple(compiled.positiontup) if compiled.positional else None
        names = self.positions or tuple(compiled.binds)
        self.constants = {
            name: compiled.binds[name].value
            for name in names
            if name not in (columns or ()) and not compiled.binds[name].required
        }
        self.takes = {name: compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names}
        entries = compiled._result_columns or ()  # The one place where a compiled statement tells what it gives.
        self.row: Any = namedtuple("Row", [entry.keyname for entry in entries], rename=True)  # type: ignore[misc]
        self.types = [entry.type for entry in entries]
        self.gives: list[tuple[int, Processor]] | None = None
        self.failed: type[Exception] = dialect.loaded_dbapi.Error
        self.dialect = dialect

    def bind(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver takes them."""
        found = {}
        for name, processor in self.takes.items():
            value = values[name] if name in values else self.constants[name]
            found[name] = value if processor is None else processor(value)
        return found if self.positions is None else [found[name] for name in self.positions]

    def read(self, row: Any, description: Any) -> Any:
        """A row as the program takes it."""
        if self.gives is None:
            # What a processor is may depend on the type that the driver names in a first result.
            found = [
                kind.dialect_impl(self.dialect).result_processor(self.dialect, column[1])
                for kind, column in zip(self.types, description, strict=True)
            ]
            self.gives = [(place, processor) for place, processor in enumerate(found) if processor is not None]
        if not self.gives:
            return self.row._make(row)
        values = list(row)
        for place, processor in self.gives:
            values[place] = processor(values[place])
        return self.row._make(values)


class Prepared:
    """One statement.

    Args:
        statement: With a `bindparam` for each value; or what gives it for the name of a dialect.
        columns: Of an INSERT or UPDATE: which ones it is given.
    """

    def __init__(self, statement: Any, columns: tuple[str, ...] | None = None) -> None:
        self._statement, self._columns = statement, columns
        self._made: WeakKeyDictionary[Dialect, _Made] = WeakKeyDictionary()

    def _on(self, dialect: Dialect) -> _Made:
        made = self._made.get(dialect)
        if made is None:
            statement = self._statement(dialect.name) if callable(self._statement) else self._statement
            made = self._made[dialect] = _Made(statement, self._columns, dialect)
        return made

    def _run(self, session: Session | Connection, values: Mapping[str, Any]) -> tuple[_Made, Any]:
        dialect, driver = session.driver if isinstance(session, DatabaseSession) else driver_of(session)
        made = self._on(dialect)
        bound = made.bind(values)
        try:
            driver.execute(made.sql, bound)
        except made.failed as error:
            raise DBAPIError.instance(
                made.sql, bound, error, made.failed, hide_parameters=True, dialect=made.dialect
            ) from error
        return made, driver

    def rows(self, session: Session | Connection, **values: Any) -> list[Any]:
        """Every row that it gives."""
        made, cursor = self._run(session, values)
        return [made.read(row, cursor.description) for row in cursor.fetchall()]

    def row(self, session: Session | Connection, **values: Any) -> Any:
        """The first row that it gives, or None."""
        made, cursor = self._run(session, values)
        found = cursor.fetchone()
        return None if found is None else made.read(found, cursor.description)

    def run(self, session: Session | Connection, **values: Any) -> int:
        """How many rows it changed."""
        return int(self._run(session, values)[1].rowcount)


def insert_or_nothing(table: Table, dialect: str) -> Any:
    """An INSERT of one row that does nothing where a constraint stands in its way."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing()


def insert_or_update(
    session: Session, table: Any, values: Mapping[str, Any], key: Sequence[str], changed: Mapping[str, Any]
) -> Any:
    """An INSERT of one row, which changes the row that is there instead.

    Args:
        session: Says for which kind of database.
        table: Or its class.
        values: Of a new row.
        key: Columns by which a row is the same.
        changed: What an old one gets.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(table).values(**values).on_conflict_do_update(index_elements=list(key), set_=dict(changed))
