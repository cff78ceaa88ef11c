"""The part of the `airlock` command that is about people: accounts, what is held of them, and how long."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import get_args

import click
from sqlalchemy.orm import Session

from api.accounts import operations as accounts
from api.accounts.act import Act
from api.accounts.links import make_link
from api.accounts.models import Person, Purpose
from api.accounts.sign_ins import end_sign_ins, set_active
from api.administration.erasing import erase_person, preview_erasure
from api.administration.merging import merge_people, preview_merge
from api.administration.my_data import my_data
from api.administration.notice import notice
from api.administration.people import list_people
from api.administration.retaining import retain_no_longer
from api.core.choices import read_choices, with_choices
from api.core.clock import system_clock
from api.core.pages import page_path
from api.core.roles import Role
from api.factors.operations import remove_all_factors
from api.messages.ways_in import ask_at_address
from api.terminal import ACTOR, fail, listed, open_database, plainly, print_rows
from site_builder.course.languages import LANGUAGES


@click.group()
def users() -> None:
    """Add people, give them links, change their roles."""


ROLE = click.Choice(get_args(Role))


@users.command("list")
@click.option("--search", default="", help="Words of the name, the address or the employer.")
@listed
@plainly
def list_users(search: str, form: str) -> None:
    """Everybody with an account, by family name."""
    _, database = open_database()
    columns = ("E-mail", "Name", "Given", "Family", "Role", "Language", "State", "Time", "Employer", "Audience")
    with database.reading() as session:
        found = list_people(session, search=search, at_most=1_000_000).people
    print_rows(
        columns,
        [
            (p.email, p.name, p.given, p.family, p.role, p.lang, p.state, f"{p.time_factor:g}", p.employer, p.audience)
            for p in found
        ],
        form,
    )


@users.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", type=ROLE, default="learner", show_default=True)
@click.option("--lang", type=click.Choice(LANGUAGES), default="fr", show_default=True)
@plainly
def add_user(email: str, name: str, role: Role, lang: str) -> None:
    """Make an account and print the link with which its owner sets a password."""
    settings, database = open_database()
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
    settings, database = open_database()
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
    _, database = open_database()
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
    _, database = open_database()
    with database.writing() as session:
        person = accounts.change_role(Act(session, system_clock(), ACTOR, why=why), email=email, role=role)
        click.echo(f"{person.name} is now {role}.")


@users.command("suspend")
@click.argument("email")
@click.option("--why", default="", help="Kept in the audit trail.")
@plainly
def suspend(email: str, why: str) -> None:
    """Close an account: its sign-ins and links end at once, and nothing of it is lost."""
    _, database = open_database()
    with database.writing() as session:
        person = set_active(Act(session, system_clock(), ACTOR, why=why), email=email, active=False)
        click.echo(f"{person.name} cannot sign in. `airlock users reopen {person.email}` opens the account again.")


@users.command("reopen")
@click.argument("email")
@click.option("--why", default="", help="Kept in the audit trail.")
@plainly
def reopen(email: str, why: str) -> None:
    """Open an account that was suspended."""
    _, database = open_database()
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
    _, database = open_database()
    with database.writing() as session:
        person = accounts.set_time_factor(Act(session, system_clock(), ACTOR, why=why), email=email, factor=factor)
        click.echo(f"{person.name} has {factor:g} times the time in timed quizzes, from the next attempt on.")


@users.command("rename")
@click.argument("email")
@click.option("--given", default="", help="Given name; one of the two is enough.")
@click.option("--family", default="", help="Family name.")
@click.option("--why", default="", help="Kept in the audit trail.")
@plainly
def rename(email: str, given: str, family: str, why: str) -> None:
    """Give a person another name."""
    _, database = open_database()
    with database.writing() as session:
        person = _find(session, email)
        accounts.rename_person(Act(session, system_clock(), ACTOR, why=why), person, given=given, family=family)
        click.echo(f"{person.email} is called {person.name}.")


@users.command("address")
@click.argument("email")
@click.argument("new")
@click.option("--why", default="", help="Kept in the audit trail.")
@plainly
def address(email: str, new: str, why: str) -> None:
    """Ask at a NEW address whether it is theirs; it counts once they say yes."""
    _, database = open_database()
    with database.writing() as session:
        act = Act(session, system_clock(), ACTOR, why=why)
        person = _find(session, email)
        asked = ask_at_address(act, person, new)
        click.echo(f"A letter is on its way to {asked}. {person.name} keeps {person.email} until then.")


@users.command("factors")
@click.argument("email")
@click.option("--why", default="", help="Kept in the audit trail.")
@plainly
def factors(email: str, why: str) -> None:
    """Take the second factors of a person out of use who lost them; make sure that it is them."""
    _, database = open_database()
    with database.writing() as session:
        person = _find(session, email)
        act = Act(session, system_clock(), ACTOR, why=why)
        count = remove_all_factors(act, person.id)
        end_sign_ins(act, person.id)
        click.echo(f"{count} factors of {person.name} are out of use. A password or a link lets them in again.")


@users.command("merge")
@click.argument("gone")
@click.argument("kept")
@click.option("--yes", is_flag=True, help="Do it. Without it, what would move is shown.")
@click.option("--why", default="", help="Kept in the audit trail.")
@listed
@plainly
def merge(gone: str, kept: str, yes: bool, why: str, form: str) -> None:
    """Give everything of the account GONE to KEPT, and close it."""
    _, database = open_database()
    with database.writing() as session:
        first, second = _find(session, gone), _find(session, kept)
        act = Act(session, system_clock(), ACTOR, why=why)
        found = merge_people(act, first.id, second.id) if yes else preview_merge(session, first.id, second.id)
        print_rows(("What", "Move", "Stay behind"), [(one.category, one.moved, one.left) for one in found.lines], form)
        if not yes:
            session.rollback()
            click.echo("Nothing was written. --yes does it.")


@click.group()
def privacy() -> None:
    """What is held of people, and how long."""


@privacy.command("data")
@click.argument("email")
@plainly
def data(email: str) -> None:
    """Print everything that is held of a person, as JSON."""
    _, database = open_database()
    with database.reading() as session:
        found = my_data(session, _find(session, email).id)
    click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1))


@privacy.command("erase")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do it. Without it, what would happen is shown.")
@click.option("--why", default="", help="Kept in the audit trail.")
@listed
@plainly
def erase(email: str, yes: bool, why: str, form: str) -> None:
    """Erase a person; what law makes one keep stays without their name."""
    _, database = open_database()
    with database.writing() as session:
        person = _find(session, email)
        lines = preview_erasure(session, person.id)
        rows = [(one.category, one.deleted, one.cleared, one.kept) for one in lines]
        print_rows(("What", "Deleted", "Emptied", "Kept"), rows, form)
        if yes:
            erase_person(Act(session, system_clock(), ACTOR, why=why), person.id)
        else:
            click.echo("Nothing was written. --yes does it.")


@privacy.command("retain")
@click.option("--yes", is_flag=True, help="Do it. Without it, what would go is shown.")
@listed
@plainly
def retain(yes: bool, form: str) -> None:
    """Delete what was kept as long as it may be. Run it monthly."""
    _, database = open_database()
    with database.writing() as session:
        act = Act(session, system_clock(), "job")
        rows = [(one.rule.name, one.days, one.count) for one in retain_no_longer(act, write=yes)]
        print_rows(("Rule", "Days", "Rows" if yes else "Rows that would go"), rows, form)
        if not yes:
            session.rollback()
            click.echo("Nothing was written. --yes does it.")


@privacy.command("record")
@click.option("--lang", type=click.Choice(LANGUAGES), default="fr", show_default=True)
@plainly
def record(lang: str) -> None:
    """Print the record of processing (GDPR 30) and a privacy notice, as Markdown to complete and to publish."""
    settings, database = open_database()
    with database.reading() as session:
        click.echo(notice(with_choices(session, settings), read_choices(session).retention, lang))
