"""months in which what counts changed

Sums of months are kept by the processes of the server; a month without a mark has not changed since this table is there.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'counted_months',
        sa.Column('month', sa.String(7), nullable=False),
        sa.Column('mark', sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint('month', name='pk_counted_months'),
    )


def downgrade() -> None:
    op.drop_table('counted_months')
