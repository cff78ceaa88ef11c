"""outcomes of job seekers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables."""
    op.create_table(
        'outcome_consents',
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ['person_id'], ['people.id'], name='fk_outcome_consents_person_id', ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('person_id', name='pk_outcome_consents'),
    )
    op.create_table(
        'outcomes',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('stage', sa.String(10), nullable=False),
        sa.Column('ended', sa.String(10), nullable=False),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('working', sa.String(16), nullable=True),
        sa.Column('helped', sa.Integer(), nullable=True),
        sa.Column('words', sa.Text(), server_default='', nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_outcomes_person_id', ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name='pk_outcomes'),
        sa.UniqueConstraint('person_id', 'stage', 'ended', name='uq_outcomes_person_id_stage_ended'),
    )
    op.create_index('ix_outcomes_ended', 'outcomes', ['ended'])


def downgrade() -> None:
    """Without them."""
    op.drop_table('outcomes')
    op.drop_table('outcome_consents')
