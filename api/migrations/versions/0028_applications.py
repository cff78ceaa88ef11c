"""applications and devices that report results, their launches, and what they said"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.core.database import UtcDateTime

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'devices',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('name', sa.String(120), nullable=False),
        sa.Column('key_digest', sa.String(64), nullable=False),
        sa.Column('made_at', UtcDateTime(), nullable=False),
        sa.Column('made_by', sa.String(64), nullable=False),
        sa.Column('revoked_at', UtcDateTime(), nullable=True),
        sa.Column('used_at', UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint('id', name='pk_devices'),
    )
    op.create_table(
        'launches',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('module_id', sa.String(200), nullable=False),
        sa.Column('version', sa.String(64), nullable=False),
        sa.Column('registration', sa.Uuid(), nullable=False),
        sa.Column('activity', sa.String(500), nullable=False),
        sa.Column('at', UtcDateTime(), nullable=False),
        sa.Column('ends_at', UtcDateTime(), nullable=False),
        sa.Column('code_digest', sa.String(64), nullable=True),
        sa.Column('ticket_digest', sa.String(64), nullable=True),
        sa.Column('key_digest', sa.String(64), nullable=True),
        sa.Column('device_id', sa.Uuid(), nullable=True),
        sa.Column('read', sa.JSON(), nullable=False),
        sa.Column('said', sa.JSON(), nullable=False),
        sa.Column('score', sa.Double(), nullable=True),
        sa.Column('ended_at', UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_launches_person_id_people'),
        sa.ForeignKeyConstraint(['version'], ['module_versions.version'], name='fk_launches_version_module_versions'),
        sa.ForeignKeyConstraint(['device_id'], ['devices.id'], name='fk_launches_device_id_devices'),
        sa.PrimaryKeyConstraint('id', name='pk_launches'),
    )
    op.create_index('ix_launches_person_id', 'launches', ['person_id', 'module_id'])
    op.create_index('ix_launches_code', 'launches', ['code_digest'])
    op.create_table(
        'statements',
        sa.Column('number', NUMBER, sa.Identity(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('store', sa.String(64), nullable=False),
        sa.Column('launch_id', sa.Uuid(), nullable=True),
        sa.Column('person_id', sa.Uuid(), nullable=True),
        sa.Column('who', sa.String(600), nullable=False),
        sa.Column('verb', sa.String(500), nullable=False),
        sa.Column('registration', sa.String(36), nullable=True),
        sa.Column('target', sa.Uuid(), nullable=True),
        sa.Column('stored', UtcDateTime(), nullable=False),
        sa.Column('voided', sa.Boolean(), nullable=False),
        sa.Column('content', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['launch_id'], ['launches.id'], name='fk_statements_launch_id_launches'),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_statements_person_id_people'),
        sa.PrimaryKeyConstraint('number', name='pk_statements'),
        sa.UniqueConstraint('store', 'id', name='uq_statements_store'),
    )
    op.create_index('ix_statements_store', 'statements', ['store', 'number'])
    op.create_table(
        'application_documents',
        sa.Column('id', NUMBER, sa.Identity(), nullable=False),
        sa.Column('store', sa.String(64), nullable=False),
        sa.Column('resource', sa.String(8), nullable=False),
        sa.Column('place', sa.String(64), nullable=False),
        sa.Column('registration', sa.String(36), nullable=False),
        sa.Column('name', sa.String(300), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=True),
        sa.Column('media_type', sa.String(120), nullable=False),
        sa.Column('content', sa.LargeBinary(), nullable=False),
        sa.Column('updated_at', UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_application_documents_person_id_people'),
        sa.PrimaryKeyConstraint('id', name='pk_application_documents'),
        sa.UniqueConstraint(
            'store', 'resource', 'place', 'registration', 'name', name='uq_application_documents_store'
        ),
    )


def downgrade() -> None:
    for table in ('application_documents', 'statements', 'launches', 'devices'):
        op.drop_table(table)
