"""letters name a class by another word; indexes that nothing asks are gone"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

MESSAGES = sa.table(
    'messages', sa.column('id', sa.Uuid()), sa.column('state', sa.String()), sa.column('data', sa.JSON())
)
INDEXES = (
    ('ix_attempts_person_id', 'attempts', ['person_id']),  # The constraint on numbers begins with the person.
    ('ix_audit_entries_subject', 'audit_entries', ['subject']),
    ('ix_idempotency_keys_created_at', 'idempotency_keys', ['created_at']),
)


def rename(old: str, new: str) -> None:
    """Rename a fact of the messages that have not left."""
    connection = op.get_bind()
    waiting = sa.select(MESSAGES.c.id, MESSAGES.c.data).where(MESSAGES.c.state.not_in(['sent', 'unwanted']))
    for row in connection.execute(waiting).all():
        data = json.loads(row.data) if isinstance(row.data, str) else row.data
        if old in data:
            data = {**data, new: data[old]}
            del data[old]
            connection.execute(sa.update(MESSAGES).where(MESSAGES.c.id == row.id).values(data=data))


def upgrade() -> None:
    """Less to write with each attempt."""
    rename('class', 'class_name')
    for name, table, _ in INDEXES:
        op.drop_index(name, table)


def downgrade() -> None:
    """As before."""
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    rename('class_name', 'class')
