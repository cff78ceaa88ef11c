"""training time: lines, what of them counts, active time"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, 'sqlite')


def upgrade() -> None:
    """The tables; lines of half-days that were before are written by `airlock hours settle`."""
    op.create_table(
        'hours_lines',
        sa.Column('id', NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('kind', sa.String(16), nullable=False),
        sa.Column('module_id', sa.String(200), nullable=False),
        sa.Column('event_id', sa.Uuid(), nullable=True),
        sa.Column('number', sa.Integer(), nullable=True),
        sa.Column('day', sa.String(10), nullable=False),
        sa.Column('spans', sa.JSON(), nullable=False),
        sa.Column('minutes', sa.Integer(), nullable=False),
        sa.Column('learner_signed', sa.Boolean(), nullable=False),
        sa.Column('trainer_signed', sa.Boolean(), nullable=False),
        sa.Column('source', sa.String(240), nullable=False),
        sa.Column('recorded_by', sa.String(64), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('supersedes', NUMBER, nullable=True),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_hours_lines_person_id'),
        sa.ForeignKeyConstraint(['event_id'], ['events.id'], name='fk_hours_lines_event_id'),
        sa.ForeignKeyConstraint(['supersedes'], ['hours_lines.id'], name='fk_hours_lines_supersedes'),
        sa.PrimaryKeyConstraint('id', name='pk_hours_lines'),
    )
    op.create_index('ix_hours_lines_person_id', 'hours_lines', ['person_id', 'source'])
    op.create_table(
        'counted_hours',
        sa.Column('line_id', NUMBER, nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('kind', sa.String(16), nullable=False),
        sa.Column('module_id', sa.String(200), nullable=False),
        sa.Column('event_id', sa.Uuid(), nullable=True),
        sa.Column('day', sa.String(10), nullable=False),
        sa.Column('minutes', sa.Integer(), nullable=False),
        sa.Column('overlap', sa.Integer(), nullable=False),
        sa.Column('overlaps', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['line_id'], ['hours_lines.id'], name='fk_counted_hours_line_id'),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_counted_hours_person_id'),
        sa.ForeignKeyConstraint(['event_id'], ['events.id'], name='fk_counted_hours_event_id'),
        sa.PrimaryKeyConstraint('line_id', name='pk_counted_hours'),
    )
    op.create_index(
        'ix_counted_hours_day',
        'counted_hours',
        ['day', 'kind', 'person_id', 'module_id', 'event_id', 'minutes', 'overlap'],
    )
    op.create_index('ix_counted_hours_person_id', 'counted_hours', ['person_id', 'day'])
    op.create_table(
        'active_spans',
        sa.Column('id', NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('module_id', sa.String(200), nullable=False),
        sa.Column('begins', sa.DateTime(timezone=True), nullable=False),
        sa.Column('ends', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_active_spans_person_id', ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name='pk_active_spans'),
    )
    op.create_index('ix_active_spans_begins', 'active_spans', ['begins'])


def downgrade() -> None:
    """Without them."""
    op.drop_table('active_spans')
    op.drop_table('counted_hours')
    op.drop_table('hours_lines')
