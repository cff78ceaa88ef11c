"""attempts handed out"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this revision."""
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('paper', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('deadline', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('late', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('confidence', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('key_version', sa.String(length=64), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_attempts_key_version'), 'module_versions', ['key_version'], ['version'])

    op.create_table('regrades',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('attempt_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=254), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('from_version', sa.String(length=64), nullable=False),
    sa.Column('to_version', sa.String(length=64), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('after', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_regrades_attempt_id')),
    sa.ForeignKeyConstraint(['from_version'], ['module_versions.version'], name=op.f('fk_regrades_from_version')),
    sa.ForeignKeyConstraint(['to_version'], ['module_versions.version'], name=op.f('fk_regrades_to_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_regrades'))
    )
    with op.batch_alter_table('regrades', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_regrades_attempt_id'), ['attempt_id'], unique=False)

    op.add_column('people', sa.Column('time_factor', sa.Double(), server_default='1', nullable=False))


def downgrade() -> None:
    """Back to the one before."""
    with op.batch_alter_table('regrades', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_regrades_attempt_id'))
    op.drop_table('regrades')

    # Not in a batch: on SQLite that makes the table anew, and takes what refers to people along.
    op.drop_column('people', 'time_factor')
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_attempts_key_version'), type_='foreignkey')
        batch_op.drop_column('key_version')
        batch_op.drop_column('confidence')
        batch_op.drop_column('late')
        batch_op.drop_column('deadline')
        batch_op.drop_column('paper')
