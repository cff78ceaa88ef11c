"""mandates of coordinators"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The table."""
    op.create_table(
        'mandates',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('employer', sa.String(120), nullable=False),
        sa.Column('given_by', sa.String(64), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_mandates_person_id'),
        sa.PrimaryKeyConstraint('id', name='pk_mandates'),
    )
    op.create_index('ix_mandates_person_id', 'mandates', ['person_id'])


def downgrade() -> None:
    """Without it."""
    op.drop_table('mandates')
