"""rooms, events, bookings, attendance, sign-offs"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, 'sqlite')


def key(table: str, column: str, target: str, **options: str) -> sa.ForeignKeyConstraint:
    """A foreign key with the name that the models give it."""
    return sa.ForeignKeyConstraint([column], [target], name=f'fk_{table}_{column}', **options)


def moment(name: str, nullable: bool = False) -> sa.Column:
    """A time with its zone."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """All of them; the database itself keeps rooms and trainers from being taken twice at once."""
    op.create_table(
        'rooms',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('name', sa.String(120), nullable=False),
        sa.Column('zone', sa.String(16), nullable=False),
        sa.Column('places', sa.Integer(), nullable=False),
        sa.Column('equipment', sa.String(500), nullable=False, server_default=''),
        sa.Column('directions', sa.String(500), nullable=False, server_default=''),
        sa.Column('closed', sa.JSON(), nullable=False),
        moment('archived_at', nullable=True),
        sa.PrimaryKeyConstraint('id', name='pk_rooms'),
        sa.UniqueConstraint('name', name='uq_rooms_name'),
    )
    op.create_table(
        'events',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('module_ids', sa.JSON(), nullable=False),
        sa.Column('room_id', sa.Uuid(), nullable=True),
        sa.Column('link', sa.String(1000), nullable=False, server_default=''),
        sa.Column('places', sa.Integer(), nullable=False),
        sa.Column('has_waiting_list', sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column('lang', sa.String(2), nullable=False),
        sa.Column('timezone', sa.String(64), nullable=False),
        sa.Column('note', sa.Text(), nullable=False, server_default=''),
        sa.Column('open_to_all', sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column('needs_ready', sa.Boolean(), nullable=False, server_default=sa.false()),
        moment('cancel_until', nullable=True),
        moment('begins'),
        moment('created_at'),
        sa.Column('created_by', sa.Uuid(), nullable=False),
        moment('cancelled_at', nullable=True),
        sa.Column('cancelled_why', sa.String(500), nullable=False, server_default=''),
        sa.Column('sequence', sa.Integer(), nullable=False, server_default='0'),
        key('events', 'room_id', 'rooms.id'),
        key('events', 'created_by', 'people.id'),
        sa.PrimaryKeyConstraint('id', name='pk_events'),
    )
    op.create_index('ix_events_begins', 'events', ['begins'])
    op.create_table(
        'event_half_days',
        sa.Column('event_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
        moment('begins'),
        moment('ends'),
        key('event_half_days', 'event_id', 'events.id', ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('event_id', 'number', name='pk_event_half_days'),
    )
    for table, column, target in (
        ('event_trainers', 'person_id', 'people.id'),
        ('event_classes', 'class_id', 'classes.id'),
    ):
        op.create_table(
            table,
            sa.Column('event_id', sa.Uuid(), nullable=False),
            sa.Column(column, sa.Uuid(), nullable=False),
            key(table, 'event_id', 'events.id', ondelete='CASCADE'),
            key(table, column, target, ondelete='CASCADE'),
            sa.PrimaryKeyConstraint('event_id', column, name=f'pk_{table}'),
        )
        op.create_index(f'ix_{table}_{column}', table, [column])
    op.create_table(
        'occupations',
        sa.Column('event_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('resource', sa.String(64), nullable=False),
        moment('begins'),
        moment('ends'),
        key('occupations', 'event_id', 'events.id', ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('event_id', 'number', 'resource', name='pk_occupations'),
    )
    op.create_index('ix_occupations_resource', 'occupations', ['resource', 'begins'])
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('CREATE EXTENSION IF NOT EXISTS btree_gist')
        op.execute(
            'ALTER TABLE occupations ADD CONSTRAINT ex_occupations_resource '
            'EXCLUDE USING gist (resource WITH =, tstzrange(begins, ends) WITH &&)'
        )
    else:
        for when in ('INSERT', 'UPDATE'):
            op.execute(
                f'CREATE TRIGGER occupations_{when.lower()} BEFORE {when} ON occupations BEGIN '
                "SELECT RAISE(ABORT, 'ex_occupations_resource') WHERE EXISTS (SELECT 1 FROM occupations "
                'WHERE resource = NEW.resource AND begins < NEW.ends AND ends > NEW.begins '
                'AND NOT (event_id = NEW.event_id AND number = NEW.number)); END'
            )
    op.create_table(
        'bookings',
        sa.Column('event_id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('state', sa.String(16), nullable=False),
        moment('at'),
        sa.Column('booked_by', sa.Uuid(), nullable=False),
        sa.Column('why', sa.String(500), nullable=False, server_default=''),
        sa.Column('late', sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column('changes', sa.Integer(), nullable=False, server_default='0'),
        key('bookings', 'event_id', 'events.id', ondelete='CASCADE'),
        key('bookings', 'person_id', 'people.id', ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('event_id', 'person_id', name='pk_bookings'),
    )
    op.create_index('ix_bookings_person_id', 'bookings', ['person_id'])
    op.create_table(
        'attendances',
        sa.Column('id', NUMBER, sa.Identity(), nullable=False),
        sa.Column('event_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('state', sa.String(16), nullable=False),
        sa.Column('seconds', sa.Integer(), nullable=True),
        sa.Column('source', sa.String(80), nullable=False),
        moment('came_at', nullable=True),
        moment('left_at', nullable=True),
        sa.Column('why', sa.String(500), nullable=False, server_default=''),
        sa.Column('recorded_by', sa.String(64), nullable=False),
        moment('at'),
        key('attendances', 'event_id', 'events.id'),
        key('attendances', 'person_id', 'people.id'),
        sa.PrimaryKeyConstraint('id', name='pk_attendances'),
    )
    op.create_index('ix_attendances_event_id', 'attendances', ['event_id', 'person_id', 'number'])
    op.create_table(
        'sign_offs',
        sa.Column('id', NUMBER, sa.Identity(), nullable=False),
        sa.Column('event_id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('module_id', sa.String(200), nullable=False),
        sa.Column('version', sa.String(64), nullable=False),
        sa.Column('criteria', sa.JSON(), nullable=False),
        sa.Column('remarks', sa.JSON(), nullable=False),
        sa.Column('passed', sa.Boolean(), nullable=False),
        sa.Column('signed_by', sa.Uuid(), nullable=False),
        sa.Column('signed_as', sa.String(120), nullable=False),
        moment('at'),
        key('sign_offs', 'event_id', 'events.id'),
        key('sign_offs', 'person_id', 'people.id'),
        key('sign_offs', 'version', 'module_versions.version'),
        key('sign_offs', 'signed_by', 'people.id'),
        sa.PrimaryKeyConstraint('id', name='pk_sign_offs'),
    )
    op.create_index('ix_sign_offs_person_id', 'sign_offs', ['person_id', 'module_id'])
    make_signatures()
    make_door_and_live()


def make_signatures() -> None:
    """Of learners under what trainers signed, and of both under half-days."""
    op.create_table(
        'counter_signatures',
        sa.Column('id', NUMBER, sa.Identity(), nullable=False),
        sa.Column('sign_off_id', NUMBER, nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('signed_as', sa.String(120), nullable=False),
        moment('at'),
        key('counter_signatures', 'sign_off_id', 'sign_offs.id'),
        key('counter_signatures', 'person_id', 'people.id'),
        sa.PrimaryKeyConstraint('id', name='pk_counter_signatures'),
        sa.UniqueConstraint('sign_off_id', name='uq_counter_signatures_sign_off_id'),
    )
    op.create_index('ix_counter_signatures_person_id', 'counter_signatures', ['person_id'])
    op.create_table(
        'presence_signatures',
        sa.Column('id', NUMBER, sa.Identity(), nullable=False),
        sa.Column('event_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('as_trainer', sa.Boolean(), nullable=False),
        moment('begins', nullable=True),
        moment('ends', nullable=True),
        sa.Column('people', sa.JSON(), nullable=True),
        sa.Column('signed_as', sa.String(120), nullable=False),
        moment('at'),
        key('presence_signatures', 'event_id', 'events.id'),
        key('presence_signatures', 'person_id', 'people.id'),
        sa.PrimaryKeyConstraint('id', name='pk_presence_signatures'),
    )
    op.create_index('ix_presence_signatures_event_id', 'presence_signatures', ['event_id', 'number'])


def make_door_and_live() -> None:
    """The door's book, calendars, files, and questions that are asked live."""
    op.create_table(
        'door_entries',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('event_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=True),
        sa.Column('what', sa.String(8), nullable=False),
        sa.Column('how', sa.String(8), nullable=False),
        moment('window', nullable=True),
        moment('claimed_at'),
        sa.Column('device', sa.String(40), nullable=False),
        sa.Column('outcome', sa.String(24), nullable=False),
        sa.Column('why', sa.String(500), nullable=False, server_default=''),
        sa.Column('recorded_by', sa.String(64), nullable=False),
        moment('at'),
        key('door_entries', 'event_id', 'events.id'),
        key('door_entries', 'person_id', 'people.id'),
        sa.PrimaryKeyConstraint('id', name='pk_door_entries'),
    )
    op.create_index('ix_door_entries_event_id', 'door_entries', ['event_id', 'number'])
    op.create_table(
        'calendar_feeds',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('owner_id', sa.Uuid(), nullable=False),
        sa.Column('of', sa.String(8), nullable=False),
        sa.Column('target_id', sa.Uuid(), nullable=False),
        sa.Column('generation', sa.Integer(), nullable=False, server_default='1'),
        key('calendar_feeds', 'owner_id', 'people.id', ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name='pk_calendar_feeds'),
        sa.UniqueConstraint('owner_id', 'of', 'target_id', name='uq_calendar_feeds_owner_id'),
    )
    op.create_table(
        'beats',
        sa.Column('event_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        moment('first_at'),
        moment('last_at'),
        sa.Column('seconds', sa.Integer(), nullable=False),
        key('beats', 'event_id', 'events.id', ondelete='CASCADE'),
        key('beats', 'person_id', 'people.id', ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('event_id', 'number', 'person_id', name='pk_beats'),
    )
    op.create_index('ix_beats_person_id', 'beats', ['person_id'])
    op.create_table(
        'event_files',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('event_id', sa.Uuid(), nullable=False),
        sa.Column('name', sa.String(200), nullable=False),
        sa.Column('media_type', sa.String(80), nullable=False),
        sa.Column('sha256', sa.String(64), nullable=False),
        sa.Column('content', sa.LargeBinary(), nullable=False),
        sa.Column('reading', sa.JSON(), nullable=True),
        sa.Column('added_by', sa.Uuid(), nullable=False),
        moment('at'),
        key('event_files', 'event_id', 'events.id', ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name='pk_event_files'),
        sa.UniqueConstraint('event_id', 'sha256', name='uq_event_files_event_id'),
    )
    op.create_table(
        'live_questions',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('event_id', sa.Uuid(), nullable=False),
        sa.Column('module_id', sa.String(200), nullable=False),
        sa.Column('version', sa.String(64), nullable=False),
        sa.Column('quiz_id', sa.String(80), nullable=False),
        sa.Column('question_id', sa.String(80), nullable=False),
        sa.Column('round', sa.Integer(), nullable=False, server_default='1'),
        sa.Column('is_open', sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column('is_shown', sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column('asked_by', sa.Uuid(), nullable=False),
        moment('asked_at'),
        key('live_questions', 'event_id', 'events.id', ondelete='CASCADE'),
        key('live_questions', 'version', 'module_versions.version'),
        sa.PrimaryKeyConstraint('id', name='pk_live_questions'),
    )
    op.create_index('ix_live_questions_event_id', 'live_questions', ['event_id', 'asked_at'])
    op.create_table(
        'live_answers',
        sa.Column('question_id', sa.Uuid(), nullable=False),
        sa.Column('round', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('option', sa.String(200), nullable=False),
        moment('at'),
        key('live_answers', 'question_id', 'live_questions.id', ondelete='CASCADE'),
        key('live_answers', 'person_id', 'people.id', ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('question_id', 'round', 'person_id', name='pk_live_answers'),
    )
    op.create_index('ix_live_answers_person_id', 'live_answers', ['person_id'])


def downgrade() -> None:
    """Without events, and with them the lines of evidence that they wrote."""
    for table in (
        'live_answers', 'live_questions', 'event_files', 'beats', 'calendar_feeds', 'door_entries', 'presence_signatures',
        'counter_signatures', 'sign_offs', 'attendances', 'bookings', 'occupations', 'event_classes', 'event_trainers', 'event_half_days',
        'events', 'rooms',
    ):
        op.drop_table(table)
