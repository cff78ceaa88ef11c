"""newcomers, who was asked into a class, what a class gives, who had letters sent, texts rendered once"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.core.database import UtcDateTime

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tables and columns. Allowances that were given before stay where they are, and hold as they did."""
    op.create_table(
        'newcomers',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('email', sa.String(254), nullable=False),
        sa.Column('name', sa.String(120), nullable=False),
        sa.Column('lang', sa.String(2), nullable=False),
        sa.Column('asked_at', UtcDateTime(), nullable=False),
        sa.Column('expires_at', UtcDateTime(), nullable=False),
        sa.Column('token_hash', sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint('id', name='pk_newcomers'),
        sa.UniqueConstraint('email', name='uq_newcomers_email'),
        sa.UniqueConstraint('token_hash', name='uq_newcomers_token_hash'),
    )
    op.create_table(
        'asked_learners',
        sa.Column('class_id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('name', sa.String(120), nullable=False),
        sa.Column('email', sa.String(254), nullable=False),
        sa.Column('audience', sa.String(16), nullable=True),
        sa.Column('employer', sa.String(120), nullable=False),
        sa.Column('funding', sa.String(60), nullable=False),
        sa.Column('asked_by', sa.Uuid(), nullable=False),
        sa.Column('asked_at', UtcDateTime(), nullable=False),
        sa.Column('declined_at', UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ['class_id'], ['classes.id'], name='fk_asked_learners_class_id_classes', ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['person_id'], ['people.id'], name='fk_asked_learners_person_id_people', ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['asked_by'], ['people.id'], name='fk_asked_learners_asked_by_people', ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('class_id', 'person_id', name='pk_asked_learners'),
    )
    op.create_index('ix_asked_learners_person_id', 'asked_learners', ['person_id'])
    op.create_table(
        'class_allowances',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('class_id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('module_id', sa.String(200), nullable=False),
        sa.Column('extra_attempts', sa.Integer(), nullable=False),
        sa.Column('time_factor', sa.Double(), nullable=False),
        sa.Column('granted_by', sa.Uuid(), nullable=False),
        sa.Column('at', UtcDateTime(), nullable=False),
        sa.Column('ended_at', UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ['class_id'], ['classes.id'], name='fk_class_allowances_class_id_classes', ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['person_id'], ['people.id'], name='fk_class_allowances_person_id_people', ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name='pk_class_allowances'),
        sa.UniqueConstraint('person_id', 'module_id', 'class_id', name='uq_class_allowances_person_id'),
    )
    op.create_index('ix_class_allowances_class_id', 'class_allowances', ['class_id'])
    with op.batch_alter_table('messages') as table:
        table.alter_column('person_id', existing_type=sa.Uuid(), nullable=True)
        table.add_column(sa.Column('newcomer_id', sa.Uuid(), nullable=True))
        table.add_column(sa.Column('caused_by', sa.Uuid(), nullable=True))
        table.create_foreign_key(
            'fk_messages_newcomer_id_newcomers', 'newcomers', ['newcomer_id'], ['id'], ondelete='CASCADE'
        )
        table.create_foreign_key('fk_messages_caused_by_people', 'people', ['caused_by'], ['id'], ondelete='SET NULL')
    op.create_index('ix_messages_newcomer_id', 'messages', ['newcomer_id'])
    op.create_index('ix_messages_caused_by_created_at', 'messages', ['caused_by', 'created_at'])
    with op.batch_alter_table('mailbox') as table:
        table.alter_column('person_id', existing_type=sa.Uuid(), nullable=True)
    for name in ('threads', 'replies'):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column('html', sa.Text(), nullable=True))


def downgrade() -> None:
    """Without them. Letters to newcomers are gone."""
    for name in ('threads', 'replies'):
        # Without a table made anew: others refer to it.
        op.drop_column(name, 'html')
    op.execute('DELETE FROM mailbox WHERE person_id IS NULL')
    with op.batch_alter_table('mailbox') as table:
        table.alter_column('person_id', existing_type=sa.Uuid(), nullable=False)
    op.execute('DELETE FROM messages WHERE person_id IS NULL')
    op.drop_index('ix_messages_caused_by_created_at', 'messages')
    op.drop_index('ix_messages_newcomer_id', 'messages')
    with op.batch_alter_table('messages') as table:
        table.drop_constraint('fk_messages_caused_by_people', type_='foreignkey')
        table.drop_constraint('fk_messages_newcomer_id_newcomers', type_='foreignkey')
        table.drop_column('caused_by')
        table.drop_column('newcomer_id')
        table.alter_column('person_id', existing_type=sa.Uuid(), nullable=False)
    op.drop_table('class_allowances')
    op.drop_table('asked_learners')
    op.drop_table('newcomers')
