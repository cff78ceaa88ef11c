"""documents"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The table."""
    op.create_table(
        'documents',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.String(16), nullable=False),
        sa.Column('code', sa.String(32), nullable=False),
        sa.Column('kind', sa.String(16), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=True),
        sa.Column('event_id', sa.Uuid(), nullable=True),
        sa.Column('half_day', sa.Integer(), nullable=True),
        sa.Column('module_id', sa.String(200), nullable=True),
        sa.Column('period', sa.String(24), nullable=False, server_default=''),
        sa.Column('lang', sa.String(2), nullable=False),
        sa.Column('content', sa.JSON(), nullable=False),
        sa.Column('salt', sa.String(32), nullable=False),
        sa.Column('seal', sa.String(64), nullable=False),
        sa.Column('digest', sa.String(64), nullable=False),
        sa.Column('rests_on', sa.JSON(), nullable=False),
        sa.Column('shown', sa.JSON(), nullable=False),
        sa.Column('place', sa.Integer(), nullable=False),
        sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('issued_by', sa.String(64), nullable=False),
        sa.Column('valid_until', sa.DateTime(timezone=True), nullable=True),
        sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('revoked_why', sa.String(500), nullable=False, server_default=''),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_documents_person_id'),
        sa.ForeignKeyConstraint(['event_id'], ['events.id'], name='fk_documents_event_id'),
        sa.PrimaryKeyConstraint('id', name='pk_documents'),
        sa.UniqueConstraint('number', name='uq_documents_number'),
        sa.UniqueConstraint('code', name='uq_documents_code'),
        sa.UniqueConstraint('place', name='uq_documents_place'),
    )
    op.create_index('ix_documents_person_id', 'documents', ['person_id'])


def downgrade() -> None:
    """Without it."""
    op.drop_table('documents')
