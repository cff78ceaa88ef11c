"""second factors, recovery codes, and sign-ins that wait for one; people known by single sign-on"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.core.database import UtcDateTime

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tables and columns. Who is signed in stays signed in."""
    op.create_table(
        'second_factors',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('kind', sa.String(16), nullable=False),
        sa.Column('name', sa.String(80), nullable=False),
        sa.Column('secret', sa.LargeBinary(), nullable=False),
        sa.Column('credential', sa.String(1400), nullable=True),
        sa.Column('counter', sa.BigInteger(), nullable=False),
        sa.Column('made_at', UtcDateTime(), nullable=False),
        sa.Column('confirmed_at', UtcDateTime(), nullable=True),
        sa.Column('used_at', UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ['person_id'], ['people.id'], name='fk_second_factors_person_id_people', ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name='pk_second_factors'),
    )
    op.create_index('ix_second_factors_person_id', 'second_factors', ['person_id'])
    op.create_table(
        'recovery_codes',
        sa.Column('code_hash', sa.String(64), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('made_at', UtcDateTime(), nullable=False),
        sa.Column('used_at', UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ['person_id'], ['people.id'], name='fk_recovery_codes_person_id_people', ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('code_hash', name='pk_recovery_codes'),
    )
    op.create_index('ix_recovery_codes_person_id', 'recovery_codes', ['person_id'])
    op.create_table(
        'single_sign_ons',
        sa.Column('issuer', sa.String(300), nullable=False),
        sa.Column('subject', sa.String(300), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('made_at', UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ['person_id'], ['people.id'], name='fk_single_sign_ons_person_id_people', ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('issuer', 'subject', name='pk_single_sign_ons'),
    )
    op.create_index('ix_single_sign_ons_person_id', 'single_sign_ons', ['person_id'])
    with op.batch_alter_table('sign_ins') as table:
        table.add_column(sa.Column('waiting', sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column('second', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Without them: a password alone lets in again."""
    with op.batch_alter_table('sign_ins') as table:
        table.drop_column('second')
        table.drop_column('waiting')
    op.drop_table('single_sign_ons')
    op.drop_table('recovery_codes')
    op.drop_table('second_factors')
