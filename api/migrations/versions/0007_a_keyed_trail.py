"""a keyed audit trail"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, 'sqlite')


def upgrade() -> None:
    """What is there stays as it is; entries from here on are keyed and carry digests of records."""
    op.add_column('audit_entries', sa.Column('form', sa.Integer(), nullable=False, server_default='1'))
    op.add_column('audit_entries', sa.Column('records', sa.JSON(), nullable=True))
    op.add_column('audit_entries', sa.Column('text_digest', sa.String(64), nullable=True))
    op.create_table(
        'audit_texts',
        sa.Column('sequence', NUMBER, autoincrement=False, nullable=False),
        sa.Column('salt', sa.String(32), nullable=False),
        sa.Column('content', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['sequence'], ['audit_entries.sequence'], name='fk_audit_texts_sequence'),
        sa.PrimaryKeyConstraint('sequence', name='pk_audit_texts'),
    )
    op.create_table(
        'audit_head',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('sequence', sa.BigInteger(), nullable=False),
        sa.Column('hash', sa.String(64), nullable=False),
        sa.Column('seal', sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint('id', name='pk_audit_head'),
    )
    op.execute(
        "INSERT INTO audit_head (id, sequence, hash, seal) SELECT 1, COALESCE(MAX(sequence), 0), "
        f"COALESCE((SELECT hash FROM audit_entries ORDER BY sequence DESC LIMIT 1), '{'0' * 64}'), '' FROM audit_entries"
    )
    if op.get_bind().dialect.name == 'postgresql':
        op.drop_constraint('fk_idempotency_keys_person_id', 'idempotency_keys')
        op.execute('ALTER TABLE idempotency_keys ALTER COLUMN person_id TYPE VARCHAR(64) USING person_id::text')
        op.execute('ALTER TABLE idempotency_keys RENAME COLUMN person_id TO caller')
    else:
        keys_on_sqlite(
            sa.Column('caller', sa.String(64), nullable=False),
            'caller',
            "substr(person_id, 1, 8) || '-' || substr(person_id, 9, 4) || '-' || substr(person_id, 13, 4) || '-' ||"
            " substr(person_id, 17, 4) || '-' || substr(person_id, 21)",
        )


def keys_on_sqlite(column: sa.Column, name: str, value: str, *constraints: sa.Constraint) -> None:
    """Make the table of keys anew, with another first column."""
    op.drop_index('ix_idempotency_keys_created_at', 'idempotency_keys')
    op.execute('ALTER TABLE idempotency_keys RENAME TO old_keys')
    op.create_table(
        'idempotency_keys',
        column,
        sa.Column('key', sa.String(100), nullable=False),
        sa.Column('request_hash', sa.String(64), nullable=False),
        sa.Column('status', sa.Integer(), nullable=False),
        sa.Column('body', sa.JSON(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        *constraints,
        sa.PrimaryKeyConstraint(name, 'key', name='pk_idempotency_keys'),
    )
    op.execute(
        f'INSERT INTO idempotency_keys ({name}, key, request_hash, status, body, created_at) '
        f'SELECT {value}, key, request_hash, status, body, created_at FROM old_keys'
    )
    op.drop_table('old_keys')
    op.create_index('ix_idempotency_keys_created_at', 'idempotency_keys', ['created_at'])


def downgrade() -> None:
    """Back to a chain without a key: its entries of the new form go, and with them what proves the records."""
    person = sa.ForeignKeyConstraint(
        ['person_id'], ['people.id'], name='fk_idempotency_keys_person_id', ondelete='CASCADE'
    )
    op.execute('DELETE FROM idempotency_keys WHERE length(caller) <> 36')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('ALTER TABLE idempotency_keys RENAME COLUMN caller TO person_id')
        op.execute('ALTER TABLE idempotency_keys ALTER COLUMN person_id TYPE UUID USING person_id::uuid')
        op.create_foreign_key(
            'fk_idempotency_keys_person_id', 'idempotency_keys', 'people', ['person_id'], ['id'], ondelete='CASCADE'
        )
    else:
        column = sa.Column('person_id', sa.Uuid(), nullable=False)
        keys_on_sqlite(column, 'person_id', "replace(caller, '-', '')", person)
    op.drop_table('audit_texts')
    op.drop_table('audit_head')
    op.execute('DELETE FROM audit_entries WHERE form <> 1')
    for name in ('form', 'records', 'text_digest'):
        op.drop_column('audit_entries', name)
