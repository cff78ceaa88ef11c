"""classes messages discussion"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this revision. No batches: on SQLite they make tables anew, and take what refers to them along."""
    op.create_table('allowances',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('module_id', sa.String(length=200), nullable=False),
    sa.Column('extra_attempts', sa.Integer(), nullable=False),
    sa.Column('time_factor', sa.Double(), nullable=False),
    sa.Column('granted_by', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_allowances_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'module_id', name=op.f('pk_allowances'))
    )
    op.create_table('former_members',
    sa.Column('class_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('teaches', sa.Boolean(), nullable=False),
    sa.Column('joined_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('audience', sa.String(length=16), nullable=True),
    sa.Column('employer', sa.String(length=120), nullable=False),
    sa.Column('funding', sa.String(length=60), nullable=False),
    sa.Column('targets', sa.JSON(), nullable=False),
    sa.Column('extensions', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['class_id'], ['classes.id'], name=op.f('fk_former_members_class_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_former_members_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('class_id', 'person_id', name=op.f('pk_former_members'))
    )
    op.create_index(op.f('ix_former_members_person_id'), 'former_members', ['person_id'], unique=False)
    op.create_table('job_runs',
    sa.Column('job', sa.String(length=40), nullable=False),
    sa.Column('period', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('job', name=op.f('pk_job_runs'))
    )
    op.create_table('mailbox',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('recipient', sa.String(length=254), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_mailbox_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mailbox'))
    )
    op.create_index(op.f('ix_mailbox_person_id'), 'mailbox', ['person_id'], unique=False)

    op.create_table('messages',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('once', sa.String(length=120), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('send_after', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('claim', sa.Uuid(), nullable=True),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_messages_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messages')),
    sa.UniqueConstraint('once', name=op.f('uq_messages_once'))
    )
    op.create_index(op.f('ix_messages_person_id'), 'messages', ['person_id'], unique=False)
    op.create_index('ix_messages_state_send_after', 'messages', ['state', 'send_after'], unique=False)

    op.create_table('preferences',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('wanted', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_preferences_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'kind', name=op.f('pk_preferences'))
    )
    op.create_table('teacher_notes',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('class_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_teacher_notes_author_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['class_id'], ['classes.id'], name=op.f('fk_teacher_notes_class_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_teacher_notes_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_teacher_notes'))
    )
    op.create_index(op.f('ix_teacher_notes_class_id'), 'teacher_notes', ['class_id'], unique=False)
    op.create_index(op.f('ix_teacher_notes_person_id'), 'teacher_notes', ['person_id'], unique=False)

    op.create_table('threads',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('module_id', sa.String(length=200), nullable=False),
    sa.Column('anchor', sa.String(length=200), nullable=False),
    sa.Column('class_id', sa.Uuid(), nullable=True),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('shared', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('hidden_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_threads_author_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['class_id'], ['classes.id'], name=op.f('fk_threads_class_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_threads'))
    )
    op.create_index(op.f('ix_threads_author_id'), 'threads', ['author_id'], unique=False)
    op.create_index(op.f('ix_threads_class_id'), 'threads', ['class_id'], unique=False)
    op.create_index('ix_threads_module_id_created_at', 'threads', ['module_id', 'created_at'], unique=False)

    op.create_table('assignment_learners',
    sa.Column('assignment_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignments.id'], name=op.f('fk_assignment_learners_assignment_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_assignment_learners_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('assignment_id', 'person_id', name=op.f('pk_assignment_learners'))
    )
    op.create_index(op.f('ix_assignment_learners_person_id'), 'assignment_learners', ['person_id'], unique=False)

    op.create_table('extensions',
    sa.Column('assignment_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignments.id'], name=op.f('fk_extensions_assignment_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_extensions_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('assignment_id', 'person_id', name=op.f('pk_extensions'))
    )
    op.create_index(op.f('ix_extensions_person_id'), 'extensions', ['person_id'], unique=False)

    op.create_table('replies',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('thread_id', sa.Uuid(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('hidden_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_replies_author_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['thread_id'], ['threads.id'], name=op.f('fk_replies_thread_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_replies'))
    )
    op.create_index(op.f('ix_replies_thread_id'), 'replies', ['thread_id'], unique=False)

    op.create_table('reports',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('thread_id', sa.Uuid(), nullable=True),
    sa.Column('reply_id', sa.Uuid(), nullable=True),
    sa.Column('reporter_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(thread_id IS NULL) <> (reply_id IS NULL)', name=op.f('ck_reports_one_subject')),
    sa.ForeignKeyConstraint(['reply_id'], ['replies.id'], name=op.f('fk_reports_reply_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['reporter_id'], ['people.id'], name=op.f('fk_reports_reporter_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['thread_id'], ['threads.id'], name=op.f('fk_reports_thread_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reports'))
    )
    op.create_index(op.f('ix_reports_reply_id'), 'reports', ['reply_id'], unique=False)
    op.create_index(op.f('ix_reports_thread_id'), 'reports', ['thread_id'], unique=False)

    op.add_column('assignments', sa.Column('module_ids', sa.JSON(none_as_null=True), nullable=True))
    op.add_column('assignments', sa.Column('everyone', sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column('assignments', sa.Column('opens_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('assignments', sa.Column('note', sa.Text(), server_default='', nullable=False))
    op.add_column('assignments', sa.Column('required', sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column('assignments', sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True))

    op.add_column('class_members', sa.Column('audience', sa.String(length=16), nullable=True))
    op.add_column('class_members', sa.Column('employer', sa.String(length=120), server_default='', nullable=False))
    op.add_column('class_members', sa.Column('funding', sa.String(length=60), server_default='', nullable=False))

    op.add_column('classes', sa.Column('timezone', sa.String(length=64), server_default='Europe/Brussels', nullable=False))
    op.add_column('classes', sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('classes', sa.Column('revision', sa.Integer(), server_default='0', nullable=False))
    op.add_column('classes', sa.Column('join_code', sa.String(length=16), nullable=True))
    op.add_column('classes', sa.Column('join_expires_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f('ix_classes_join_code'), 'classes', ['join_code'], unique=True)

    op.add_column('module_progress', sa.Column('revision', sa.Integer(), server_default='0', nullable=False))

    op.drop_index('ix_attempts_module_id_submitted_at', 'attempts')
    op.create_index(
        'ix_attempts_module_id_quiz_id',
        'attempts',
        ['module_id', 'quiz_id', 'person_id', 'number', 'version', 'submitted_at', 'started_at'],
    )
    op.create_index(
        'ix_attempts_key_version',
        'attempts',
        ['module_id', 'quiz_id', 'version'],
        sqlite_where=sa.text('key_version IS NOT NULL'),
        postgresql_where=sa.text('key_version IS NOT NULL'),
    )
    op.drop_index(op.f('ix_module_progress_module_id'), 'module_progress')
    op.create_index('ix_module_progress_module_id', 'module_progress', ['module_id', 'completed_epoch', 'best_score'])


def downgrade() -> None:
    """Back to the one before."""
    op.drop_index('ix_module_progress_module_id', 'module_progress')
    op.create_index(op.f('ix_module_progress_module_id'), 'module_progress', ['module_id'])
    op.drop_index('ix_attempts_key_version', 'attempts')
    op.drop_index('ix_attempts_module_id_quiz_id', 'attempts')
    op.create_index('ix_attempts_module_id_submitted_at', 'attempts', ['module_id', 'submitted_at'])
    op.drop_column('module_progress', 'revision')

    op.drop_index(op.f('ix_classes_join_code'), 'classes')
    op.drop_column('classes', 'join_expires_at')
    op.drop_column('classes', 'join_code')
    op.drop_column('classes', 'revision')
    op.drop_column('classes', 'archived_at')
    op.drop_column('classes', 'timezone')

    op.drop_column('class_members', 'funding')
    op.drop_column('class_members', 'employer')
    op.drop_column('class_members', 'audience')

    op.drop_column('assignments', 'withdrawn_at')
    op.drop_column('assignments', 'required')
    op.drop_column('assignments', 'note')
    op.drop_column('assignments', 'opens_at')
    op.drop_column('assignments', 'everyone')
    op.drop_column('assignments', 'module_ids')

    op.drop_index(op.f('ix_reports_thread_id'), 'reports')
    op.drop_index(op.f('ix_reports_reply_id'), 'reports')

    op.drop_table('reports')
    op.drop_index(op.f('ix_replies_thread_id'), 'replies')

    op.drop_table('replies')
    op.drop_index(op.f('ix_extensions_person_id'), 'extensions')

    op.drop_table('extensions')
    op.drop_index(op.f('ix_assignment_learners_person_id'), 'assignment_learners')

    op.drop_table('assignment_learners')
    op.drop_index('ix_threads_module_id_created_at', 'threads')
    op.drop_index(op.f('ix_threads_class_id'), 'threads')
    op.drop_index(op.f('ix_threads_author_id'), 'threads')

    op.drop_table('threads')
    op.drop_index(op.f('ix_teacher_notes_person_id'), 'teacher_notes')
    op.drop_index(op.f('ix_teacher_notes_class_id'), 'teacher_notes')

    op.drop_table('teacher_notes')
    op.drop_table('preferences')
    op.drop_index('ix_messages_state_send_after', 'messages')
    op.drop_index(op.f('ix_messages_person_id'), 'messages')

    op.drop_table('messages')
    op.drop_index(op.f('ix_mailbox_person_id'), 'mailbox')

    op.drop_table('mailbox')
    op.drop_table('job_runs')
    op.drop_index(op.f('ix_former_members_person_id'), 'former_members')
    op.drop_table('former_members')
    op.drop_table('allowances')
