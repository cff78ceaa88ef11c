"""Alembic's entry: runs migrations on the connection that it was given."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from api.core.database import UtcDateTime
from api.tables import metadata


def render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Migrations name the database's own types: they must run when the program's types have changed."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render_item,
    compare_type=True,
)
context.run_migrations()
