"""family and given names, where a name is sorted, erased and merged accounts, changes of address"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.core.database import UtcDateTime
from api.core.texts import filed

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Columns of people, and a table. Whoever has one name keeps it, and is sorted by it."""
    with op.batch_alter_table('people') as table:
        table.add_column(sa.Column('given', sa.String(120), server_default='', nullable=False))
        table.add_column(sa.Column('family', sa.String(120), server_default='', nullable=False))
        table.add_column(sa.Column('sort_as', sa.String(400), server_default='', nullable=False))
        table.add_column(sa.Column('employer', sa.String(120), server_default='', nullable=False))
        table.add_column(sa.Column('audience', sa.String(16), nullable=True))
        table.add_column(sa.Column('erased_at', UtcDateTime(), nullable=True))
        table.add_column(sa.Column('merged_into', sa.Uuid(), nullable=True))
    bind = op.get_bind()
    people = sa.table('people', sa.column('id', sa.Uuid()), sa.column('name', sa.String()), sa.column('sort_as', sa.String()))
    for row in bind.execute(sa.select(people.c.id, people.c.name)).all():
        bind.execute(sa.update(people).where(people.c.id == row.id).values(sort_as=filed(row.name)))
    op.create_index('ix_people_sort_as', 'people', ['sort_as'])
    op.create_table(
        'address_changes',
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('email', sa.String(254), nullable=False),
        sa.Column('token_hash', sa.String(64), nullable=True),
        sa.Column('asked_at', UtcDateTime(), nullable=False),
        sa.Column('expires_at', UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ['person_id'], ['people.id'], name='fk_address_changes_person_id_people', ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('person_id', name='pk_address_changes'),
        sa.UniqueConstraint('token_hash', name='uq_address_changes_token_hash'),
    )


def downgrade() -> None:
    """Without them."""
    op.drop_table('address_changes')
    op.drop_index('ix_people_sort_as', 'people')
    for name in ('merged_into', 'erased_at', 'audience', 'employer', 'sort_as', 'family', 'given'):
        # Without a table made anew: all the others refer to it.
        op.drop_column('people', name)
