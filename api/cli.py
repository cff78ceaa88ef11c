"""The API's part of the `airlock` command: people, routes, tables, audit trail, server."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import NoReturn, ParamSpec, TypeVar, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.accounts import operations as accounts
from api.accounts.act import Act
from api.accounts.links import make_link
from api.accounts.models import Person, Purpose
from api.accounts.newcomers import prune_newcomers
from api.accounts.sign_ins import end_sign_ins, prune, set_active
from api.app import create_app
from api.briefings.month import readiness_ahead
from api.catalogue.operations import current_catalogue
from api.core import audit
from api.core.audit import Chain
from api.core.clock import system_clock
from api.core.config import ConfigError, Settings, read_settings
from api.core.database import Database
from api.core.errors import ApiError
from api.core.idempotency import prune_keys
from api.core.outbox import Delivered
from api.core.pages import page_path
from api.core.permissions import permission_matrix
from api.core.roles import Role
from api.core.schema_state import downgrade, upgrade, upgrade_database
from api.events.facts import attendance_of
from api.events.models import Event
from api.events.training import settle_hours
from api.hours.operations import (
    counted_of,
    median_minutes,
    people_with_hours,
    recomputed,
    recount,
    standing_lines,
)
from api.jobs import JobsDone, run_jobs
from api.learning.regrading import Plan, TakenVersion, apply_regrade, plan_regrade, versions_taken
from api.messages.delivery import settle, undecided_messages
from api.messages.operations import prune_messages
from api.server import serve
from site_builder.course.languages import LANGUAGES
from site_builder.course.marks import percent

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
ACTOR = "command line"


def fail(sentence: str) -> NoReturn:
    """End with one sentence and exit code 1."""
    click.secho(sentence, err=True, fg="red")
    sys.exit(1)


def plainly(command: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Turn the errors that a person can do something about into one sentence."""

    @wraps(command)
    def wrapped(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        try:
            return command(*args, **kwargs)
        except ConfigError as error:
            fail(str(error))
        except ApiError as error:
            fail(error.detail)
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", error)).splitlines()[0]
            fail(f"The database said: {reason} (is DATABASE_URL right, and did `airlock db upgrade` run?)")

    return wrapped


def _database() -> tuple[Settings, Database]:
    settings = read_settings()
    database = Database(settings.database_url, Chain(settings.audit_key.encode(), settings.audit_anchor))
    click.get_current_context().call_on_close(database.engine.dispose)
    return settings, database


@click.group()
def users() -> None:
    """Add people, give them links, change their roles."""


ROLE = click.Choice(get_args(Role))


@users.command("list")
@plainly
def list_users() -> None:
    """Everybody with an account."""
    _, database = _database()
    table = Table("E-mail", "Name", "Role", "Language", "Password", "Time", "Open")
    with database.reading() as session:
        for person in session.scalars(select(Person).order_by(Person.email)):
            password = "yes" if person.password_hash else "no"
            table.add_row(
                person.email,
                person.name,
                person.role,
                person.lang,
                password,
                f"x {person.time_factor:g}",
                "yes" if person.active else "no",
            )
    Console().print(table)


@users.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", type=ROLE, default="learner", show_default=True)
@click.option("--lang", type=click.Choice(LANGUAGES), default="fr", show_default=True)
@plainly
def add_user(email: str, name: str, role: Role, lang: str) -> None:
    """Make an account and print the link with which its owner sets a password."""
    settings, database = _database()
    with database.writing() as session:
        act = Act(session, system_clock(), ACTOR)
        person = accounts.add_person(act, email=email, name=name, role=role, lang=lang)
        token = make_link(act, person, "invitation")
    click.echo(f"{settings.url}{page_path(lang, 'welcome')}#{token}")


@users.command("link")
@click.argument("email")
@click.option("--why", default="", help="Kept in the audit trail.")
@plainly
def link_user(email: str, why: str) -> None:
    """Print a link with which you see what a person sees; it works once, for 15 minutes, and changes nothing."""
    _print_link(email, "operator", "sign-in", why)


@users.command("password")
@click.argument("email")
@click.option("--why", default="", help="Kept in the audit trail.")
@plainly
def password_user(email: str, why: str) -> None:
    """Print a link with which a person sets a new password, for whoever gets no mail; it works once, for an hour."""
    _print_link(email, "password", "welcome", why)


def _find(session: Session, email: str) -> Person:
    """The person with an address; without one the command ends."""
    person = accounts.find_person(session, email)
    if person is None:
        fail(f"Nobody has the address {email}. `airlock users list` shows everybody.")
    return person


def _print_link(email: str, purpose: Purpose, page: str, why: str) -> None:
    settings, database = _database()
    with database.writing() as session:
        person = _find(session, email)
        if not person.active:
            fail(f"{person.name} is suspended. `airlock users reopen {person.email}` opens the account first.")
        token = make_link(Act(session, system_clock(), ACTOR, why=why), person, purpose)
        lang = person.lang
    click.echo(f"{settings.url}{page_path(lang, page)}#{token}")


@users.command("signout")
@click.argument("email")
@click.option("--why", default="", help="Kept in the audit trail.")
@plainly
def sign_out_user(email: str, why: str) -> None:
    """Sign a person out on every device."""
    _, database = _database()
    with database.writing() as session:
        person = _find(session, email)
        ended = end_sign_ins(Act(session, system_clock(), ACTOR, why=why), person.id)
        click.echo(f"{person.name} was signed in {ended} times, and is nowhere now.")


@users.command("role")
@click.argument("email")
@click.argument("role", type=ROLE)
@click.option("--why", default="", help="Kept in the audit trail.")
@plainly
def change_role(email: str, role: Role, why: str) -> None:
    """Give a person another role."""
    _, database = _database()
    with database.writing() as session:
        person = accounts.change_role(Act(session, system_clock(), ACTOR, why=why), email=email, role=role)
        click.echo(f"{person.name} is now {role}.")


@users.command("suspend")
@click.argument("email")
@click.option("--why", default="", help="Kept in the audit trail.")
@plainly
def suspend(email: str, why: str) -> None:
    """Close an account: its sign-ins and links end at once, and nothing of it is lost."""
    _, database = _database()
    with database.writing() as session:
        person = set_active(Act(session, system_clock(), ACTOR, why=why), email=email, active=False)
        click.echo(f"{person.name} cannot sign in. `airlock users reopen {person.email}` opens the account again.")


@users.command("reopen")
@click.argument("email")
@click.option("--why", default="", help="Kept in the audit trail.")
@plainly
def reopen(email: str, why: str) -> None:
    """Open an account that was suspended."""
    _, database = _database()
    with database.writing() as session:
        person = set_active(Act(session, system_clock(), ACTOR, why=why), email=email, active=True)
        click.echo(f"{person.name} can sign in again.")


@users.command("time")
@click.argument("email")
@click.argument("factor", type=float)
@click.option("--why", default="", help="Kept in the audit trail.")
@plainly
def extra_time(email: str, factor: float, why: str) -> None:
    """Give a person extra time in timed quizzes: 1.33 is a third more, 1 is none."""
    _, database = _database()
    with database.writing() as session:
        person = accounts.set_time_factor(Act(session, system_clock(), ACTOR, why=why), email=email, factor=factor)
        click.echo(f"{person.name} has {factor:g} times the time in timed quizzes, from the next attempt on.")


@click.command()
@click.argument("quiz")
@click.option("--version", "old", help="Of the module, whose attempts are marked again; 8 digits do. Without: a list.")
@click.option("--yes", is_flag=True, help="Write the changes. Without it they are only shown.")
@click.option("--why", default="", help="Required with --yes; learners see it with their result.")
@click.option("--by", default="", help="Who asked for it, in words; kept beside the audit trail.")
@plainly
def regrade(quiz: str, old: str | None, yes: bool, why: str, by: str) -> None:
    """Mark the attempts at QUIZ (course/module/quiz) against an older version again, with the current key."""
    module_id, _, quiz_id = quiz.rpartition("/")
    if module_id.count("/") != 1:
        fail(f"{quiz!r} is no quiz: write course/module/quiz, for example entering-grade-b/gowning/gowning.")
    _, database = _database()
    if old is None:
        with database.reading() as session:
            _show_versions(versions_taken(session, module_id, quiz_id))
        return
    with database.writing() as session:
        plan = plan_regrade(session, module_id, quiz_id, old)
        _show_plan(plan)
        if not yes or not plan.attempts:
            session.rollback()
            click.echo("Nothing was written." + (" --yes --why TEXT writes it." if plan.attempts else ""))
            return
        apply_regrade(Act(session, system_clock(), ACTOR, why=why), plan, by=by)
    click.echo(f"{len(plan.changes)} results corrected. The old ones are kept beside them.")


def _show_versions(versions: list[TakenVersion]) -> None:
    """Print against which versions a quiz was taken."""
    table = Table("Version", "Published", "Attempts", "")
    for version in versions:
        current = "current" if version.is_current else ""
        table.add_row(version.version[:12], f"{version.published_at:%Y-%m-%d %H:%M}", str(version.attempts), current)
    Console(width=120 if not sys.stdout.isatty() else None).print(table)
    click.echo("--version with one of them shows what the current key would change.")


def _show_plan(plan: Plan) -> None:
    """Print what a regrade would do."""
    click.echo(f"{plan.module_id}/{plan.quiz_id}: {plan.old[:12]} under the key of {plan.new[:12]}")
    click.echo(f"{len(plan.attempts)} attempts, {len(plan.changes)} with another result.")
    if plan.kept:
        click.echo(f"Ask something else now, and keep their grades: {', '.join(plan.kept)}.")
    if plan.reworded:
        click.echo(f"Are worded in another way now; check that they ask the same: {', '.join(plan.reworded)}.")
    if plan.gone:
        click.echo(f"Are gone, and count no more: {', '.join(plan.gone)}.")
    if not plan.changes:
        return
    table = Table("Learner", "Attempt", "Before", "After", "Passed", "Questions")
    for change in plan.changes:
        before, after = change.before, change.after
        passed = "yes" if after["passed"] else "no"
        if before["passed"] != after["passed"]:
            passed = f"{'yes' if before['passed'] else 'no'} -> {passed}"
        score = [f"{percent(result['score'])} %" for result in (before, after)]
        table.add_row(change.name, str(change.attempt.number), *score, passed, ", ".join(change.questions))
    Console(width=120 if not sys.stdout.isatty() else None).print(table)


@click.command()
@plainly
def routes() -> None:
    """Print every route with who may call it and which records they reach."""
    settings = Settings(url="http://127.0.0.1", database_url="sqlite://", secret_key="-" * 32)
    table = Table("Method", "Path", "learner", "teacher", "trainer", "admin")
    for line in permission_matrix(create_app(settings)):
        permission = line.permission
        if permission.roles is None:
            table.add_row(line.method, line.path, *["anyone"] * 4)
        else:
            roles: tuple[Role, ...] = get_args(Role)
            table.add_row(
                line.method, line.path, *[permission.rows_of(r) if r in permission.roles else "-" for r in roles]
            )
    Console(width=120 if not sys.stdout.isatty() else None).print(table)


@click.group()
def db() -> None:
    """Make and change the tables."""


@db.command("upgrade")
@click.argument("revision", default="head")
@plainly
def db_upgrade(revision: str) -> None:
    """Bring the tables up to this version of the program."""
    _, database = _database()
    if revision != "head":
        upgrade(database.engine, revision)
        click.echo(f"The tables are at {revision}.")
        return
    adopted = upgrade_database(database, system_clock())
    if adopted:
        click.echo(f"{adopted:,} records were taken into the audit trail as they are now.")
    click.echo("The tables are up to date.")


@db.command("downgrade")
@click.argument("revision")
@click.confirmation_option(prompt="This can remove tables with everything in them. Go on?")
@plainly
def db_downgrade(revision: str) -> None:
    """Take the tables back to a revision."""
    _, database = _database()
    downgrade(database.engine, revision)
    click.echo(f"The tables are at {revision}.")


@db.command("prune")
@plainly
def db_prune() -> None:
    """Delete what nobody needs any more: old retry keys, used links, sign-ins that are over. Run it daily."""
    _, database = _database()
    with database.writing() as session:
        at = system_clock()
        count = (
            prune(session, at) + prune_newcomers(session, at) + prune_keys(session, at) + prune_messages(session, at)
        )
    click.echo(f"{count} rows deleted.")


@click.group("audit")
def audit_commands() -> None:
    """The audit trail."""


@audit_commands.command("verify")
@plainly
def audit_verify() -> None:
    """Check the whole chain, and compare every record that is evidence with what the chain says of it."""
    _, database = _database()
    with database.reading() as session:
        verdict = audit.verify(session)
    if verdict.old_until:
        click.echo(f"Up to entry {verdict.old_until:,} the trail is of an earlier version, which had no key.")
    if verdict.erased:
        click.echo(f"Reasons and names of {verdict.erased:,} entries were erased.")
    if verdict.anchored is None:
        click.echo("AIRLOCK_AUDIT_ANCHOR is not set: a whole older copy of the database would not be noticed.")
    for sentence in verdict.breaks:
        click.secho(sentence, fg="red")
    if verdict.breaks:
        fail(f"{len(verdict.breaks):,} breaks in {verdict.count:,} entries and {verdict.records:,} records.")
    click.echo(f"{verdict.count:,} entries and {verdict.records:,} records, unbroken. Head: {verdict.head}")


@audit_commands.command("head")
@plainly
def audit_head() -> None:
    """Print the newest entry's number and hash, to be kept elsewhere: on paper, in a mail."""
    _, database = _database()
    with database.reading() as session:
        number, hash_ = audit.head(session)
    click.echo(f"{number} {hash_}")


@click.group()
def jobs() -> None:
    """Messages and other work that nobody clicks for."""


@jobs.command("run")
@click.option("--once", is_flag=True, help="Do what is due now, and end; for cron. Without it: until stopped.")
@click.option("--every", default=20, show_default=True, help="Seconds between two looks.")
@plainly
def jobs_run(once: bool, every: int) -> None:
    """Make the digests that are due, and send the messages that wait."""
    settings, database = _database()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while True:
        _tell(run_jobs(database, settings, system_clock), once)
        if once or stop.wait(every):
            return


def _tell(done: JobsDone, once: bool) -> None:
    """Print what a run did; nothing if it did nothing and more runs follow."""
    sent = done.delivered
    if sent is None:
        if once:
            click.echo("AIRLOCK_MAIL is not set: messages wait.")
    elif once or done.digests or sent != Delivered():
        click.echo(
            f"{done.digests} digests made; {sent.sent} messages sent, {sent.put_off} put off, "
            f"{sent.failed} refused, {sent.unclear} unclear."
        )


@jobs.command("list")
@plainly
def jobs_list() -> None:
    """Messages that need a decision: refused ones, and those that may have been sent when something broke."""
    _, database = _database()
    table = Table("Id", "To", "Kind", "Made", "State", "The mail server said")
    with database.reading() as session:
        for message in undecided_messages(session, system_clock()):
            table.add_row(
                str(message.id),
                message.reader.email,
                message.kind,
                f"{message.created_at:%Y-%m-%d %H:%M}",
                message.state,
                message.error,
            )
    Console(width=160 if not sys.stdout.isatty() else None).print(table)


@jobs.command("settle")
@click.argument("message", type=click.UUID)
@click.option("--send/--sent", required=True, help="Send it again, or count it as sent.")
@plainly
def jobs_settle(message: UUID, send: bool) -> None:
    """Decide about a message of `airlock jobs list`."""
    _, database = _database()
    with database.writing() as session:
        found = settle(session, message, send_again=send, at=system_clock())
    if not found:
        fail("There is no such message that needs a decision. `airlock jobs list` shows them.")
    click.echo("It will be sent." if send else "It counts as sent.")


@click.group()
def hours() -> None:
    """Training time: check what counts, write what was not written, keep how long lessons take."""


@hours.command("check")
@plainly
def hours_check() -> None:
    """Compute anew what of each line counts, and compare. Exit code 1 where it differs."""
    _, database = _database()
    differing = 0
    with database.reading() as session, Progress(console=Console(stderr=True), transient=True) as progress:
        people = people_with_hours(session)
        for person in progress.track(people, description="Looking at lines"):
            differing += counted_of(session, person) != recomputed(session, person)
    if differing:
        fail(f"What counts differs from the lines of {differing} of {len(people)} people: airlock hours settle")
    click.echo(f"What counts is what the lines of {len(people)} people come to.")


@hours.command("settle")
@plainly
def hours_settle() -> None:
    """Write the lines of every event that was, and say anew what counts."""
    _, database = _database()
    with database.reading() as session:
        events = session.scalars(select(Event.id).where(Event.begins < system_clock()).order_by(Event.begins)).all()
    with Progress(console=Console(stderr=True), transient=True) as progress:
        for event_id in progress.track(events, description="Writing lines"):
            with database.writing() as session:
                event = session.get_one(Event, event_id)
                people = {person for person, _ in attendance_of(session, event)}
                settle_hours(Act(session, system_clock(), ACTOR), event, people)
    with database.reading() as session:
        people_known = people_with_hours(session)
    for person in people_known:
        with database.writing() as session:
            recount(session, person, {line.day for line in standing_lines(session, person)})
    click.echo(f"{len(events)} events were looked at, and the lines of {len(people_known)} people.")


@hours.command("medians")
@click.option("--least", type=click.IntRange(2, 1000), default=5, show_default=True, help="Fewer learners say nothing.")
@click.option("--write", type=click.Path(path_type=Path, dir_okay=False), help="A file for `airlock check`: times.json")
@plainly
def hours_medians(least: int, write: Path | None) -> None:
    """How long learners take for each lesson: the median of their active minutes beside the nominal time."""
    _, database = _database()
    with database.reading() as session:
        found = median_minutes(session, least)
        modules = current_catalogue(session).modules
    table = Table("module", "minutes", "median", "learners")
    for name, (median, learners) in sorted(found.items()):
        if name in modules:
            table.add_row(name, str(modules[name].minutes), str(median), str(learners))
    if write is not None:
        write.write_text(json.dumps({name: median for name, (median, _) in sorted(found.items())}, indent=2) + "\n")
    if not table.row_count:
        click.echo(f"No lesson was taken by {least} learners yet.")
        return
    Console(width=160 if not sys.stdout.isatty() else None).print(table)


@click.command("readiness")
@click.option("--days", type=click.IntRange(1, 366), default=31, show_default=True, help="How far ahead to look.")
@plainly
def readiness(days: int) -> None:
    """Who is ready for the webinars and practicals of the next weeks, in numbers."""
    _, database = _database()
    table = Table("when", "what", "places", "ready", "not yet", "expired", "admitted")
    total = Counter[str]()
    with database.reading() as session, Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Looking at who has a place")
        modules = current_catalogue(session).modules
        for line in readiness_ahead(session, system_clock(), days):
            progress.update(task, total=line.of, completed=line.number)
            event = line.event
            titles = (modules[name].page(event.lang).title for name in event.module_ids if name in modules)
            begins = event.begins.astimezone(ZoneInfo(event.timezone))
            states = (str(line.states[state]) for state in ("ready", "not-yet", "expired"))
            table.add_row(f"{begins:%Y-%m-%d %H:%M}", ", ".join(titles), str(line.people), *states, str(line.admitted))
            total.update({str(state): number for state, number in line.states.items()})
            total.update({"admitted": line.admitted, "people": line.people})
    if not table.row_count:
        click.echo(f"Nothing takes place in the next {days} days.")
        return
    states = (str(total[state]) for state in ("ready", "not-yet", "expired", "admitted"))
    table.add_section()
    table.add_row("", "", str(total["people"]), *states)
    Console().print(table)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option(
    "--workers", default=os.cpu_count() or 2, show_default="one a core", help="Processes, with one thread each."
)
@plainly
def run(host: str, port: int, workers: int) -> None:
    """Serve the API, and the site if AIRLOCK_SITE is set."""
    read_settings()
    serve(host, port, workers)
