"""what a centre chose in the browser"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.core.database import UtcDateTime

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table; nothing is chosen yet."""
    op.create_table(
        'choices',
        sa.Column('name', sa.String(40), nullable=False),
        sa.Column('value', sa.JSON(), nullable=False),
        sa.Column('changed_at', UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint('name', name='pk_choices'),
    )


def downgrade() -> None:
    """Choices are gone."""
    op.drop_table('choices')
