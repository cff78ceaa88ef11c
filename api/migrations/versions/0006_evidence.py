"""evidence"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, 'sqlite')


def upgrade() -> None:
    """What was read and handed in becomes lines of evidence; the summaries stay as they are."""
    op.create_table(
        'evidence',
        sa.Column('id', NUMBER, sa.Identity(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('module_id', sa.String(200), nullable=False),
        sa.Column('version', sa.String(64), nullable=False),
        sa.Column('renewal', sa.Integer(), nullable=False),
        sa.Column('what', sa.String(16), nullable=False),
        sa.Column('part', sa.String(100), nullable=False, server_default=''),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('valid_until', sa.DateTime(timezone=True), nullable=True),
        sa.Column('score', sa.Double(), nullable=True),
        sa.Column('minutes', sa.Integer(), nullable=True),
        sa.Column('hours', sa.String(16), nullable=True),
        sa.Column('source', sa.String(64), nullable=False),
        sa.Column('recorded_by', sa.String(64), nullable=False),
        sa.Column('supersedes', NUMBER, nullable=True),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_evidence_person_id'),
        sa.ForeignKeyConstraint(['version'], ['module_versions.version'], name='fk_evidence_version'),
        sa.ForeignKeyConstraint(['supersedes'], ['evidence.id'], name='fk_evidence_supersedes'),
        sa.PrimaryKeyConstraint('id', name='pk_evidence'),
        sa.UniqueConstraint(
            'person_id', 'module_id', 'version', 'what', 'part', 'source', name='uq_evidence_person_id'
        ),
    )
    dashed = "CAST({0} AS VARCHAR(36))" if op.get_bind().dialect.name == 'postgresql' else (
        "substr({0}, 1, 8) || '-' || substr({0}, 9, 4) || '-' || substr({0}, 13, 4) || '-' ||"
        " substr({0}, 17, 4) || '-' || substr({0}, 21)"
    )
    op.execute(
        'INSERT INTO evidence (person_id, module_id, version, renewal, what, part, at, source, recorded_by) '
        "SELECT r.person_id, r.module_id, r.version, v.renewal, 'read', '', r.at, 'page', "
        f"{dashed.format('r.person_id')} "
        'FROM readings r JOIN module_versions v ON v.version = r.version ORDER BY r.at'
    )
    op.execute(
        'INSERT INTO evidence (person_id, module_id, version, renewal, what, part, at, score, source, recorded_by) '
        "SELECT a.person_id, a.module_id, a.version, v.renewal, CASE WHEN a.passed THEN 'passed' ELSE 'failed' END, "
        f"a.quiz_id, a.submitted_at, a.score, 'attempt:' || {dashed.format('a.id')}, {dashed.format('a.person_id')} "
        'FROM attempts a JOIN module_versions v ON v.version = a.version WHERE a.submitted_at IS NOT NULL '
        'ORDER BY a.submitted_at'
    )
    op.add_column('module_progress', sa.Column('valid_until', sa.DateTime(timezone=True), nullable=True))
    op.drop_table('readings')


def downgrade() -> None:
    """Back to readings; attempts were never gone."""
    op.create_table(
        'readings',
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('version', sa.String(64), nullable=False),
        sa.Column('module_id', sa.String(200), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name='fk_readings_person_id'),
        sa.ForeignKeyConstraint(['version'], ['module_versions.version'], name='fk_readings_version'),
        sa.PrimaryKeyConstraint('person_id', 'version', name='pk_readings'),
    )
    op.create_index('ix_readings_module_id', 'readings', ['module_id'])
    op.execute(
        'INSERT INTO readings (person_id, version, module_id, at) '
        "SELECT person_id, version, module_id, MIN(at) FROM evidence WHERE what = 'read' "
        'GROUP BY person_id, version, module_id'
    )
    op.drop_column('module_progress', 'valid_until')
    op.drop_table('evidence')
