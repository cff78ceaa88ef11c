"""admissions for a time, cards of refreshers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, 'sqlite')


def moment(name: str, nullable: bool = False) -> sa.Column:
    """A time with its zone."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Both tables; nothing that is there changes."""
    op.create_table(
        'admissions',
        sa.Column('id', NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('module_id', sa.String(200), nullable=False),
        moment('until'),
        sa.Column('reason', sa.String(500), nullable=False),
        sa.Column('admitted_by', sa.Uuid(), nullable=False),
        moment('at'),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_admissions_person_id'),
        sa.PrimaryKeyConstraint('id', name='pk_admissions'),
    )
    op.create_index('ix_admissions_person_id', 'admissions', ['person_id', 'module_id'])
    op.create_table(
        'refresher_cards',
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('module_id', sa.String(200), nullable=False),
        sa.Column('quiz_id', sa.String(100), nullable=False),
        sa.Column('question_id', sa.String(100), nullable=False),
        sa.Column('memory', sa.JSON(), nullable=False),
        moment('due_at'),
        sa.Column('wrong', sa.Integer(), nullable=False, server_default='0'),
        sa.Column('mistaken', sa.Boolean(), nullable=False),
        moment('reviewed_at', nullable=True),
        sa.Column('last_right', sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ['person_id'], ['people.id'], name='fk_refresher_cards_person_id', ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('person_id', 'module_id', 'quiz_id', 'question_id', name='pk_refresher_cards'),
    )
    op.create_index('ix_refresher_cards_due', 'refresher_cards', ['person_id', 'due_at'])
    op.create_index('ix_module_progress_valid_until', 'module_progress', ['valid_until'])


def downgrade() -> None:
    """Without them."""
    op.drop_index('ix_module_progress_valid_until', 'module_progress')
    op.drop_table('refresher_cards')
    op.drop_table('admissions')
