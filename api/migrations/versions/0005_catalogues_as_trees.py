"""catalogues as trees of module versions"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

CATALOGUES = sa.table('catalogue_versions', sa.column('version', sa.String), sa.column('manifest', sa.JSON))
MODULES = sa.table('module_versions', sa.column('version', sa.String), sa.column('content', sa.JSON))


def upgrade() -> None:
    """A catalogue names the versions of its modules; what they hold is stored once, with each version."""
    op.add_column(
        'module_versions', sa.Column('content_digest', sa.String(64), nullable=False, server_default='')
    )
    bind = op.get_bind()
    for row in bind.execute(sa.select(CATALOGUES)).all():
        modules = {name: [item['version'], item['edition']] for name, item in row.manifest['modules'].items()}
        bind.execute(
            sa.update(CATALOGUES)
            .where(CATALOGUES.c.version == row.version)
            .values(manifest={**row.manifest, 'modules': modules})
        )


def downgrade() -> None:
    """Back to catalogues that hold all of it."""
    bind = op.get_bind()
    contents = {row.version: row.content for row in bind.execute(sa.select(MODULES)).all()}
    for row in bind.execute(sa.select(CATALOGUES)).all():
        modules = {
            name: {**contents[version], 'version': version, 'edition': edition}
            for name, (version, edition) in row.manifest['modules'].items()
        }
        bind.execute(
            sa.update(CATALOGUES)
            .where(CATALOGUES.c.version == row.version)
            .values(manifest={**row.manifest, 'modules': modules})
        )
    op.drop_column('module_versions', 'content_digest')
