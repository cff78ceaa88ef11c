"""renewals"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was counted from major revisions is the number that authors write from now on: the numbers stay."""
    op.execute('ALTER TABLE module_versions RENAME COLUMN epoch TO renewal')
    op.execute('ALTER TABLE module_versions RENAME COLUMN changed_at TO old_changed_at')
    op.add_column('module_versions', sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True))
    op.execute('UPDATE module_versions SET changed_at = old_changed_at')
    op.drop_column('module_versions', 'old_changed_at')
    # The index follows the column's name on both databases.
    op.execute('ALTER TABLE module_progress RENAME COLUMN completed_epoch TO completed_renewal')


def downgrade() -> None:
    """Back to the one before."""
    op.execute('ALTER TABLE module_progress RENAME COLUMN completed_renewal TO completed_epoch')
    op.add_column(
        'module_versions',
        sa.Column('old_changed_at', sa.DateTime(timezone=True), nullable=False, server_default='2026-01-01 00:00:00+00:00'),
    )
    op.execute('UPDATE module_versions SET old_changed_at = COALESCE(changed_at, published_at)')
    op.drop_column('module_versions', 'changed_at')
    op.execute('ALTER TABLE module_versions RENAME COLUMN old_changed_at TO changed_at')
    op.execute('ALTER TABLE module_versions RENAME COLUMN renewal TO epoch')
