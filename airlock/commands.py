"""The commands that need both the builder and the API."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from html import escape
from pathlib import Path

import click
from sqlalchemy import delete
from werkzeug.serving import make_server

import site_builder.cli
from api.accounts.act import Act
from api.accounts.models import OneTimeLink
from api.app import create_app
from api.catalogue.operations import current_version_or_none, lowered_renewals, store_catalogue
from api.core.audit import Chain
from api.core.choices import Choices, read_choices
from api.core.clock import system_clock
from api.core.config import MAILBOX, Settings, read_audit, read_database_url
from api.core.database import Database
from api.core.pages import page_path
from api.core.releases import NotALink, check_live, note_version, release_folder, remove_old_releases, swap
from api.core.schema_state import upgrade_database
from api.demo import PAST, add_sample_people, make_sign_in_links, set_password
from api.server import serve as serve_forever
from api.terminal import plainly
from site_builder.building import TOOLS, build_project
from site_builder.compiling.loader import Loaded
from site_builder.course.languages import LANGUAGES
from site_builder.reading.project import Look, Project
from site_builder.site.build import BuildError, ContentError
from site_builder.site.live import LivePages
from site_builder.site.preview import Preview
from site_builder.site.theme import PACKAGE, THEME

fail = site_builder.cli.fail


@click.command()
@site_builder.cli.project_option
@click.option(
    "--to",
    "live",
    type=click.Path(path_type=Path),
    envvar="AIRLOCK_SITE",
    required=True,
    help="The link to the live site (or AIRLOCK_SITE).",
)
@plainly
def publish(project: Project, live: Path) -> None:
    """Build beside the live site, verify, store the catalogue in DATABASE_URL, and swap: all or nothing."""
    key, anchor = read_audit()
    database = Database(read_database_url(), Chain(key.encode(), anchor))
    with site_builder.cli.Steps() as step:
        try:
            version, changed = publish_site(project, live.absolute(), database, step)
        except ContentError as error:
            site_builder.cli.print_problems(error.problems, "text", project.content)
            fail("Nothing was published: the live site is as it was.")
        except (BuildError, NotALink) as error:
            fail(f"{error} Nothing was published: the live site is as it was.")
    click.echo(f"Published catalogue {version[:12]}{'' if changed else ' (unchanged)'} to {live}.")


def publish_site(
    project: Project, live: Path, database: Database, step: Callable[[str], None], at: datetime | None = None
) -> tuple[str, bool]:
    """Publish a site.

    The catalogue is stored before the link is swapped: no page is ever served that the API cannot grade. What is killed
    in between leaves the old site with a newer catalogue, which grades the old pages as before.

    Returns:
        The catalogue's version, and whether it is another one than before.
    """
    check_live(live)
    release = release_folder(live)
    with database.reading() as session:
        project = replace(project, look=look_of(read_choices(session), live))
    built = build_project(project, release, step=step, before=live)
    step("Storing the catalogue")
    with database.writing() as session:
        for module_id, (before, now) in lowered_renewals(session, built.catalogue).items():
            step(
                f"{module_id} has renewal {now} where {before} is published: completions of renewal {now} count again. "
                f"If that is not meant, write renewal: {before} and publish once more"
            )
        act = Act(session, at or system_clock(), "command line")
        dumped = built.loaded.versions.dumped(built.catalogue.modules.values())
        version, changed = store_catalogue(act, built.catalogue, dumped)
    for address in built.drafts:
        if address.split("/")[1] not in LANGUAGES:
            step(f"Draft, for trainers: /{address}")
    step("Swapping")
    note_version(release, version)
    swap(live, release)
    remove_old_releases(live)
    return version, changed


def look_of(chosen: Choices, live: Path) -> Look:
    """Name, look and languages that a centre chose in the browser.

    The logo is written beside the live site, under a name that changes with it.
    """
    picture = None
    if chosen.logo:
        head, _, encoded = chosen.logo.partition(",")
        content = base64.b64decode(encoded)
        kind = head.removeprefix("data:image/").removesuffix(";base64")
        picture = live.parent / f"{live.name}-logo" / f"logo.{hashlib.sha256(content).hexdigest()[:8]}.{kind}"
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_bytes(content)
    for old in (live.parent / f"{live.name}-logo").glob("logo.*"):
        if old != picture:
            old.unlink()
    return Look(escape(chosen.site_name), chosen.languages, chosen.colour, picture)


def check_port(host: str, port: int) -> None:
    """End with a sentence if nothing can listen there."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            fail(f"Port {port} is taken. Stop what uses it, or choose another one: make demo PORT={port + 1}")


@click.command()
@site_builder.cli.project_option
@click.option("--port", default=8000, show_default=True)
@click.option("--reset", is_flag=True, help="Forget what was done in the demo and begin again.")
@click.option("--build-only", is_flag=True, help="Prepare everything, print the links as JSON, and do not serve.")
def demo(project: Project, port: int, reset: bool, build_only: bool) -> None:
    """Build the site, add sample people, serve it all on this machine, and print sign-in links."""
    if not build_only:
        check_port("127.0.0.1", port)
    folder = project.state / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    if reset:
        for file in (*folder.glob("airlock.db*"), *folder.glob(ANCHOR)):
            file.unlink()
    address = f"http://127.0.0.1:{port}"
    url = f"sqlite:///{folder / 'airlock.db'}"
    live = folder / "site"
    chain = demo_chain(folder)
    database = Database(url, chain)
    with site_builder.cli.Steps() as step:
        try:
            prepare_demo(project, database, live, folder / "built.json", step)
        except ContentError as error:
            site_builder.cli.print_problems(error.problems, "text", project.content)
            fail("The demo needs the content without errors.")
        except (BuildError, NotALink) as error:
            fail(str(error))
    with database.writing() as session:
        now = system_clock()
        session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < now))
        links = make_sign_in_links(session, now)
        password = _secret(folder / "password", 9)
        set_password(session, password)
    database.engine.dispose()
    shown = [(persona, f"{address}{page_path(persona.lang, 'sign-in')}#{token}") for persona, token in links]
    if build_only:
        click.echo(json.dumps({persona.role: link for persona, link in shown}))
        return
    click.echo(f"\n  Airlock is at {click.style(address, bold=True)}\n\n  Sign in once as")
    for persona, link in shown:
        click.echo(f"    {persona.role:<8} {persona.name:<15} {link}")
    click.echo(f"\n  Password of trainer and administrator, to sign with: {password}")
    click.echo("\n  Stop with Ctrl+C. `make demo` again gives new links.\n")
    os.environ.update(
        AIRLOCK_URL=address,
        DATABASE_URL=url,
        AIRLOCK_SECRET_KEY=_secret(folder / "secret"),
        AIRLOCK_AUDIT_KEY=chain.key.decode(),
        AIRLOCK_AUDIT_ANCHOR=str(chain.anchor),
        AIRLOCK_SITE=str(live),
        AIRLOCK_MAIL=MAILBOX,
        AIRLOCK_SCHEMES=str(project.folder / "schemes"),
    )
    sys.stdout.flush()
    # Requests are not news in a demo; what goes wrong is.
    os.environ.setdefault("AIRLOCK_LOG_LEVEL", "WARNING")
    # Messages reach the page Mailbox within seconds.
    jobs = subprocess.Popen([sys.executable, "-m", "airlock", "jobs", "run", "--every", "2"])
    try:
        serve_forever("127.0.0.1", port, 2)
    finally:
        jobs.terminate()
        jobs.wait()


def prepare_demo(project: Project, database: Database, live: Path, mark: Path, step: Callable[[str], None]) -> None:
    """Tables, site, catalogue and people; what is there and still fits is left alone."""
    step("Preparing the database")
    upgrade_database(database, system_clock())
    now = fingerprint([project.content, THEME, PACKAGE, *([project.config] if project.config else [])])
    with database.reading() as session:
        now += repr(read_choices(session))
        empty = current_version_or_none(session) is None
    if empty or not live.exists() or not mark.exists() or json.loads(mark.read_text()) != now:
        # The sample people's past begins after the first publication.
        publish_site(project, live, database, step, at=system_clock() - PAST if empty else None)
        mark.write_text(json.dumps(now))
    step("Adding sample people")
    with database.writing() as session:
        add_sample_people(session, system_clock(), step)


def fingerprint(paths: Iterable[Path]) -> str:
    """A hash of names, sizes and times of files, to see whether a build still fits its sources."""
    digest = hashlib.sha256()
    for top in paths:
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and "__pycache__" not in path.parts:
                state = path.stat()
                digest.update(f"{path}:{state.st_size}:{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


ANCHOR = "audit-heads"
"""The file that the newest entries of a demo's audit trail are written to."""


def demo_chain(folder: Path) -> Chain:
    """Key and anchor of the audit trail of a demo."""
    return Chain(_secret(folder / "audit-key").encode(), folder / ANCHOR)


def _secret(path: Path, size: int = 48) -> str:
    """A random key of this machine's own, made at the first run."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(size))
    return path.read_text().strip()


@click.command()
@site_builder.cli.project_option
@click.option("--port", default=8001, show_default=True)
def serve(project: Project, port: int) -> None:
    """Show the site while you write: every saved page is in the browser at once, quizzes included."""
    check_port("127.0.0.1", port)
    folder = project.state / "serve"
    folder.mkdir(parents=True, exist_ok=True)
    address = f"http://127.0.0.1:{port}"
    url = f"sqlite:///{folder / 'airlock.db'}"
    database = Database(url, demo_chain(folder))
    upgrade_database(database, system_clock())
    logging.getLogger("mkdocs").setLevel(logging.CRITICAL)

    told = False

    def store(loaded: Loaded) -> None:
        nonlocal told
        with database.writing() as session:
            first = current_version_or_none(session) is None
            at = system_clock() - PAST if first else system_clock()
            dumped = loaded.versions.dumped(loaded.catalogue.modules.values())
            store_catalogue(Act(session, at, "preview"), loaded.catalogue, dumped)
            add_sample_people(session, system_clock())
            links = [] if told else make_sign_in_links(session, system_clock())
        site_builder.cli.print_problems(loaded.problems, "text", project.content)
        click.echo(f"built, {len(loaded.problems)} problems", err=True)
        if links:
            click.echo("Sign in to take quizzes:")
        for persona, token in links:
            click.echo(f"  {persona.role:<8} {address}{page_path(persona.lang, 'sign-in')}#{token}")
        told = True

    preview = Preview(project, folder, TOOLS, store, site_builder.cli.Steps().say)
    settings = Settings(
        url=address,
        database_url=url,
        secret_key=_secret(folder / "secret"),
        site=preview.live,
        schemes=project.folder / "schemes",
    )
    app = create_app(settings, database=database)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", port, LivePages(app.wsgi_app, preview), threaded=True)
    # The page that is asked for comes first; the rest of the site is built meanwhile.
    preview.start()
    click.echo(f"{address} follows {project.content}.")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("stopped")
    finally:
        preview.stop()
