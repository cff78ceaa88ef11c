"""levels of the lines of a checklist"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A column that older signatures leave empty; their proof leaves it out."""
    op.add_column('sign_offs', sa.Column('levels', sa.JSON(), nullable=True))


def downgrade() -> None:
    """Without it."""
    op.drop_column('sign_offs', 'levels')
