"""The API's part of the `airlock` command: people, routes, tables, audit trail, server."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections import Counter
from pathlib import Path
from typing import get_args
from uuid import UUID
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import select

from api.accounts.act import Act
from api.accounts.newcomers import prune_newcomers
from api.accounts.operations import find_person
from api.accounts.sign_ins import prune
from api.administration.trail import TrailFilter, list_trail
from api.app import create_app
from api.briefings.month import readiness_ahead
from api.catalogue.operations import current_catalogue
from api.core import audit
from api.core.clock import system_clock
from api.core.config import Settings, check_served, read_settings
from api.core.idempotency import prune_keys
from api.core.outbox import Delivered
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
from api.terminal import ACTOR, fail, listed, open_database, plainly, print_rows
from site_builder.course.marks import percent


@click.command()
@click.argument("quiz")
@click.option("--version", "old", help="Of the module, whose attempts are marked again; 8 digits do. Without: a list.")
@click.option("--yes", is_flag=True, help="Write the changes. Without it they are only shown.")
@click.option("--why", default="", help="Required with --yes; learners see it with their result.")
@click.option("--by", default="", help="Who asked for it, in words; kept beside the audit trail.")
@listed
@plainly
def regrade(quiz: str, old: str | None, yes: bool, why: str, by: str, form: str) -> None:
    """Mark the attempts at QUIZ (course/module/quiz) against an older version again, with the current key."""
    module_id, _, quiz_id = quiz.rpartition("/")
    if module_id.count("/") != 1:
        fail(f"{quiz!r} is no quiz: write course/module/quiz, for example entering-grade-b/gowning/gowning.")
    _, database = open_database()
    if old is None:
        with database.reading() as session:
            _show_versions(versions_taken(session, module_id, quiz_id), form)
        return
    with database.writing() as session:
        plan = plan_regrade(session, module_id, quiz_id, old)
        _show_plan(plan, form)
        if not yes or not plan.attempts:
            session.rollback()
            click.echo("Nothing was written." + (" --yes --why TEXT writes it." if plan.attempts else ""))
            return
        apply_regrade(Act(session, system_clock(), ACTOR, why=why), plan, by=by)
    click.echo(f"{len(plan.changes)} results corrected. The old ones are kept beside them.")


def _show_versions(versions: list[TakenVersion], form: str) -> None:
    """Print against which versions a quiz was taken."""
    columns, rows = ("Version", "Published", "Attempts", ""), list[tuple[object, ...]]()
    for version in versions:
        current = "current" if version.is_current else ""
        rows.append((version.version[:12], f"{version.published_at:%Y-%m-%d %H:%M}", version.attempts, current))
    print_rows(columns, rows, form)
    if form == "table":
        click.echo("--version with one of them shows what the current key would change.")


def _show_plan(plan: Plan, form: str) -> None:
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
    columns, rows = ("Learner", "Attempt", "Before", "After", "Passed", "Questions"), list[tuple[object, ...]]()
    for change in plan.changes:
        before, after = change.before, change.after
        passed = "yes" if after["passed"] else "no"
        if before["passed"] != after["passed"]:
            passed = f"{'yes' if before['passed'] else 'no'} -> {passed}"
        score = [f"{percent(result['score'])} %" for result in (before, after)]
        rows.append((change.name, change.attempt.number, *score, passed, ", ".join(change.questions)))
    print_rows(columns, rows, form)


@click.command()
@listed
@plainly
def routes(form: str) -> None:
    """Print every route with who may call it and which records they reach."""
    settings = Settings(url="http://127.0.0.1", database_url="sqlite://", secret_key="-" * 32)
    columns, rows = ("Method", "Path", "learner", "teacher", "trainer", "admin"), list[tuple[object, ...]]()
    for line in permission_matrix(create_app(settings)):
        permission = line.permission
        if permission.roles is None:
            rows.append((line.method, line.path, *["anyone"] * 4))
        else:
            roles: tuple[Role, ...] = get_args(Role)
            reached = [permission.rows_of(r) if r in permission.roles else "-" for r in roles]
            rows.append((line.method, line.path, *reached))
    print_rows(columns, rows, form)


@click.group()
def db() -> None:
    """Make and change the tables."""


@db.command("upgrade")
@click.argument("revision", default="head")
@plainly
def db_upgrade(revision: str) -> None:
    """Bring the tables up to this version of the program."""
    _, database = open_database()
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
    _, database = open_database()
    downgrade(database.engine, revision)
    click.echo(f"The tables are at {revision}.")


@db.command("prune")
@plainly
def db_prune() -> None:
    """Delete what nobody needs any more: old retry keys, used links, sign-ins that are over. Run it daily."""
    _, database = open_database()
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
    _, database = open_database()
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


@audit_commands.command("list")
@click.option("--action", default="", help="How acts begin: person., sign-in, attempt.")
@click.option("--email", default="", help="By or about one person.")
@click.option("--most", type=click.IntRange(1, 100_000), default=100, show_default=True)
@listed
@plainly
def audit_list(action: str, email: str, most: int, form: str) -> None:
    """Print the newest entries of the trail."""
    _, database = open_database()
    with database.reading() as session:
        person = find_person(session, email) if email else None
        if email and person is None:
            fail(f"Nobody has the address {email}.")
        wanted = TrailFilter(action, person.id if person else None)
        rows = [
            (
                line.sequence,
                f"{line.at:%Y-%m-%d %H:%M:%S}",
                line.actor_name or line.actor,
                line.action,
                line.subject_name or line.subject,
                json.dumps([line.old, line.new, line.typed], ensure_ascii=False),
            )
            for line in list_trail(session, wanted, most)
        ]
    print_rows(("Number", "When", "Who", "What", "About", "Details"), rows, form)


@audit_commands.command("head")
@plainly
def audit_head() -> None:
    """Print the newest entry's number and hash, to be kept elsewhere: on paper, in a mail."""
    _, database = open_database()
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
    settings, database = open_database()
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
@listed
@plainly
def jobs_list(form: str) -> None:
    """Messages that need a decision: refused ones, and those that may have been sent when something broke."""
    _, database = open_database()
    columns, rows = ("Id", "To", "Kind", "Made", "State", "The mail server said"), list[tuple[object, ...]]()
    with database.reading() as session:
        for message in undecided_messages(session, system_clock()):
            made = f"{message.created_at:%Y-%m-%d %H:%M}"
            rows.append((str(message.id), message.reader.email, message.kind, made, message.state, message.error))
    print_rows(columns, rows, form)


@jobs.command("settle")
@click.argument("message", type=click.UUID)
@click.option("--send/--sent", required=True, help="Send it again, or count it as sent.")
@plainly
def jobs_settle(message: UUID, send: bool) -> None:
    """Decide about a message of `airlock jobs list`."""
    _, database = open_database()
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
    _, database = open_database()
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
    _, database = open_database()
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
@listed
@plainly
def hours_medians(least: int, write: Path | None, form: str) -> None:
    """How long learners take for each lesson: the median of their active minutes beside the nominal time."""
    _, database = open_database()
    with database.reading() as session:
        found = median_minutes(session, least)
        modules = current_catalogue(session).modules
    columns, rows = ("module", "minutes", "median", "learners"), list[tuple[object, ...]]()
    for name, (median, learners) in sorted(found.items()):
        if name in modules:
            rows.append((name, modules[name].minutes, median, learners))
    if write is not None:
        write.write_text(json.dumps({name: median for name, (median, _) in sorted(found.items())}, indent=2) + "\n")
    if not rows:
        click.echo(f"No lesson was taken by {least} learners yet.")
        return
    print_rows(columns, rows, form)


@click.command("readiness")
@click.option("--days", type=click.IntRange(1, 366), default=31, show_default=True, help="How far ahead to look.")
@listed
@plainly
def readiness(days: int, form: str) -> None:
    """Who is ready for the webinars and practicals of the next weeks, in numbers."""
    _, database = open_database()
    columns, rows = ("when", "what", "places", "ready", "not yet", "expired", "admitted"), list[tuple[object, ...]]()
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
            rows.append((f"{begins:%Y-%m-%d %H:%M}", ", ".join(titles), line.people, *states, line.admitted))
            total.update({str(state): number for state, number in line.states.items()})
            total.update({"admitted": line.admitted, "people": line.people})
    if not rows:
        click.echo(f"Nothing takes place in the next {days} days.")
        return
    states = (str(total[state]) for state in ("ready", "not-yet", "expired", "admitted"))
    rows.append(("", "", total["people"], *states))
    print_rows(columns, rows, form)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option(
    "--workers", default=os.cpu_count() or 2, show_default="one a core", help="Processes, with one thread each."
)
@plainly
def run(host: str, port: int, workers: int) -> None:
    """Serve the API, and the site if AIRLOCK_SITE is set."""
    check_served(read_settings(), host)
    serve(host, port, workers)
