"""photographs of what somebody did at a practical"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.core.database import UtcDateTime

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table."""
    op.create_table(
        'photos',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('event_id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('module_id', sa.String(200), nullable=False),
        sa.Column('line', sa.Integer(), nullable=False),
        sa.Column('sha256', sa.String(64), nullable=False),
        sa.Column('content', sa.LargeBinary(), nullable=False),
        sa.Column('added_by', sa.Uuid(), nullable=False),
        sa.Column('at', UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['event_id'], ['events.id'], name='fk_photos_event_id_events', ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_photos_person_id_people', ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name='pk_photos'),
    )
    op.create_index('ix_photos_event_id', 'photos', ['event_id', 'person_id'])


def downgrade() -> None:
    """Photographs are gone."""
    op.drop_table('photos')
