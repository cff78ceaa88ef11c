"""one score for a module: of what stands in the way, or else the lowest of its best ones"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

PROGRESS = sa.table(
    'module_progress',
    sa.column('person_id', sa.Uuid()),
    sa.column('module_id', sa.String()),
    sa.column('quizzes', sa.JSON()),
    sa.column('best_score', sa.Double()),
)
TOGETHER = 1000


def rescore(lowest: bool) -> None:
    """Compute the column anew where a module has several quizzes."""
    connection = op.get_bind()
    rows = connection.execute(sa.select(PROGRESS.c.person_id, PROGRESS.c.module_id, PROGRESS.c.quizzes)).all()
    changed = []
    for row in rows:
        quizzes = list((json.loads(row.quizzes) if isinstance(row.quizzes, str) else row.quizzes).values())
        if len(quizzes) > 1:
            failed = [quiz['best'] for quiz in quizzes if not quiz['passed']]
            found = failed or [quiz['best'] for quiz in quizzes]
            score = min(found) if lowest else max(quiz['best'] for quiz in quizzes)
            changed.append({'who': row.person_id, 'what': row.module_id, 'score': score})
    statement = (
        sa.update(PROGRESS)
        .where(PROGRESS.c.person_id == sa.bindparam('who'), PROGRESS.c.module_id == sa.bindparam('what'))
        .values(best_score=sa.bindparam('score'))
    )
    for start in range(0, len(changed), TOGETHER):
        connection.execute(statement, changed[start : start + TOGETHER])


def upgrade() -> None:
    """The same number in the matrix, in results and on the learner's home."""
    rescore(lowest=True)


def downgrade() -> None:
    """The highest of its quizzes."""
    rescore(lowest=False)
