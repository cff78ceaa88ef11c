"""what learners did in scenes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.core.database import UtcDateTime

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table; it is there already where one went back with something in it."""
    if sa.inspect(op.get_bind()).has_table('scene_runs'):
        return
    op.create_table(
        'scene_runs',
        sa.Column('attempt_id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('module_id', sa.String(200), nullable=False),
        sa.Column('quiz_id', sa.String(100), nullable=False),
        sa.Column('at', UtcDateTime(), nullable=False),
        sa.Column('route', sa.String(16), nullable=False),
        sa.Column('seconds', sa.Double(), nullable=False),
        sa.Column('events', sa.JSON(), nullable=False),
        sa.Column('breaches', sa.JSON(), nullable=False),
        sa.Column('critical', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name='fk_scene_runs_attempt_id_attempts'),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_scene_runs_person_id_people'),
        sa.PrimaryKeyConstraint('attempt_id', name='pk_scene_runs'),
    )
    op.create_index('ix_scene_runs_module_id', 'scene_runs', ['module_id', 'quiz_id'])


def downgrade() -> None:
    """What is a part of the proof stays, where an earlier version does not look; an empty table goes."""
    if not op.get_bind().execute(sa.text('SELECT 1 FROM scene_runs LIMIT 1')).first():
        op.drop_table('scene_runs')
