"""where and how somebody is signed in, wrong passwords, links that were asked for"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.core.database import UtcDateTime

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Columns of sign-ins, and two tables. Links to sign in that were made before keep their day."""
    with op.batch_alter_table('sign_ins') as table:
        table.add_column(sa.Column('seen_at', UtcDateTime(), nullable=True))
        table.add_column(sa.Column('way', sa.String(16), server_default='password', nullable=False))
        table.add_column(sa.Column('device', sa.String(80), server_default='', nullable=False))
        table.add_column(sa.Column('network', sa.String(49), server_default='', nullable=False))
        table.add_column(sa.Column('shared', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute('UPDATE sign_ins SET seen_at = created_at')
    with op.batch_alter_table('sign_ins') as table:
        table.alter_column('seen_at', nullable=False)
    op.create_table(
        'guesses',
        sa.Column('key', sa.String(64), nullable=False),
        sa.Column('count', sa.Integer(), nullable=False),
        sa.Column('last_at', UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint('key', name='pk_guesses'),
    )
    op.create_index('ix_guesses_last_at', 'guesses', ['last_at'])
    op.create_table(
        'asked_links',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('email', sa.String(254), nullable=False),
        sa.Column('wanted', sa.String(16), nullable=False),
        sa.Column('asked_at', UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint('id', name='pk_asked_links'),
    )


def downgrade() -> None:
    """Without them."""
    op.drop_table('asked_links')
    op.drop_table('guesses')
    with op.batch_alter_table('sign_ins') as table:
        for name in ('shared', 'network', 'device', 'way', 'seen_at'):
            table.drop_column(name)
