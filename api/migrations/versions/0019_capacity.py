"""the centre's capacity, and the area of rooms"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The table, and a column of rooms."""
    op.create_table(
        'capacity',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ('learners', 'on_site', 'live_remote', 'self_paced', 'area', 'screen')
        ),
        sa.Column('screen_names', sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint('id = 1', name='ck_capacity_one'),
        sa.PrimaryKeyConstraint('id', name='pk_capacity'),
    )
    with op.batch_alter_table('rooms') as table:
        table.add_column(sa.Column('area', sa.Integer(), server_default='0', nullable=False))


def downgrade() -> None:
    """Without them."""
    with op.batch_alter_table('rooms') as table:
        table.drop_column('area')
    op.drop_table('capacity')
