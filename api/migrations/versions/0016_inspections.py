"""links for inspectors"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The table."""
    op.create_table(
        'inspections',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('token_hash', sa.String(64), nullable=False),
        sa.Column('label', sa.String(120), nullable=False),
        sa.Column('first', sa.String(10), nullable=False),
        sa.Column('last', sa.String(10), nullable=False),
        sa.Column('made_by', sa.Uuid(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['made_by'], ['people.id'], name='fk_inspections_made_by'),
        sa.PrimaryKeyConstraint('id', name='pk_inspections'),
        sa.UniqueConstraint('token_hash', name='uq_inspections_token_hash'),
    )


def downgrade() -> None:
    """Without it."""
    op.drop_table('inspections')
