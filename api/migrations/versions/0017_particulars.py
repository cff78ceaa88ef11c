"""what funding schemes ask of a person"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The table."""
    op.create_table(
        'particulars',
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('field', sa.String(20), nullable=False),
        sa.Column('sealed', sa.LargeBinary(), nullable=False),
        sa.Column('given_by', sa.String(64), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['person_id'], ['people.id'], name='fk_particulars_person_id', ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('person_id', 'field', name='pk_particulars'),
    )


def downgrade() -> None:
    """Without it."""
    op.drop_table('particulars')
