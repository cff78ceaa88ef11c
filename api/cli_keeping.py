"""The part of the `airlock` command that keeps an installation: backups, bringing one back, and looking for faults."""

from __future__ import annotations

import base64
import sys
import uuid
from pathlib import Path
from typing import Any

import click

from api.accounts.act import Act
from api.administration.choosing import choose
from api.administration.upkeep import list_publications, return_to
from api.applications.operations import add_device, list_devices, revoke_device
from api.backup import KEPT_DAYS, BackupError, back_up, make_key, rotate
from api.backup import restore as bring_back
from api.core.choices import LISTS, NAMES, read_choices
from api.core.clock import system_clock
from api.core.config import read_database_url
from api.doctor import Level, examine
from api.terminal import ACTOR, fail, listed, open_database, plainly, print_rows

COLOURS: dict[Level, str] = {"good": "green", "look": "yellow", "bad": "red"}
FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group()
def backup() -> None:
    """Encrypted copies of the database, made while it runs."""


@backup.command("key")
@plainly
def key() -> None:
    """Print a new pair of keys. Keep the secret off this machine: whoever has it reads every backup."""
    secret, public = make_key()
    click.echo(f"public: {public}")
    click.echo(f"secret: {secret}")


@backup.command("make")
@click.argument("folder", type=FOLDER)
@click.option("--to", "recipients", multiple=True, required=True, help="A public key, age1...; several if need be.")
@click.option("--keep", type=click.IntRange(1, 3650), default=KEPT_DAYS, show_default=True, help="Days.")
@plainly
def make(folder: Path, recipients: tuple[str, ...], keep: int) -> None:
    """Write a backup into FOLDER; older ones go, but for the first of each month."""
    at = system_clock()
    try:
        made = back_up(read_database_url(), folder, recipients, at)
        gone = rotate(folder, at, keep)
    except BackupError as error:
        fail(str(error))
    click.echo(f"{made} ({made.stat().st_size:,} bytes); {len(gone)} older ones deleted.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--key-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="With the secret; - or none reads it.",
)
@plainly
def restore(file: Path, key_file: Path | None) -> None:
    """Bring a backup back into the empty database of DATABASE_URL; then `airlock db upgrade` and `audit verify`."""
    text = key_file.read_text() if key_file else click.prompt("Secret key", hide_input=True)
    secrets = [line.removeprefix("secret:").strip() for line in text.splitlines() if "AGE-SECRET-KEY-" in line]
    try:
        bring_back(file, read_database_url(), secrets or [text])
    except BackupError as error:
        fail(str(error))
    click.echo("It is back. Now: airlock db upgrade && airlock audit verify && airlock publish")


@click.command()
@click.option("--backups", type=FOLDER, help="The folder that backups are written to.")
@listed
@plainly
def doctor(backups: Path | None, form: str) -> None:
    """Look for what is wrong, or will be soon; ends with 1 if something is."""
    settings, database = open_database()
    found = list(examine(settings, database, system_clock(), backups))
    if form == "table":
        for one in found:
            click.secho(f"{one.level:5} {one.about}: {one.sentence}", fg=COLOURS[one.level])
    else:
        print_rows(("Level", "About", "Sentence"), [(one.level, one.about, one.sentence) for one in found], form)
    if any(one.level == "bad" for one in found):
        sys.exit(1)


@click.group()
def settings() -> None:
    """What the centre chose: its name and look, its rules. Administrators have a page for it."""


@settings.command("list")
@listed
@plainly
def list_settings(form: str) -> None:
    """Print what was chosen; what is empty is as the environment or the site's mkdocs.yml has it."""
    _, database = open_database()
    with database.reading() as session:
        chosen = read_choices(session)
    print_rows(("Name", "Value"), [(name, written(name, getattr(chosen, name))) for name in NAMES], form)


@settings.command("set")
@click.argument("name", type=click.Choice(NAMES))
@click.argument("value")
@click.option("--why", default="", help="Kept in the audit trail.")
@plainly
def set_setting(name: str, value: str, why: str) -> None:
    """Choose a VALUE; "" takes it back. Lists have commas, retention is notes=90,reports=365, a logo is a file."""
    _, database = open_database()
    with database.writing() as session:
        chosen = choose(Act(session, system_clock(), ACTOR, why=why), {name: read_written(name, value)})
        click.echo(f"{name}: {written(name, getattr(chosen, name)) or 'not chosen'}")


def written(name: str, value: Any) -> str:
    """A choice in one line; of a picture how large it is."""
    if name == "logo":
        return f"a picture of {len(value):,} characters" if value else ""
    if isinstance(value, dict):
        return ",".join(f"{rule}={days}" for rule, days in value.items())
    if isinstance(value, bool):
        return "yes" if value else ""
    return ",".join(value) if isinstance(value, tuple) else str(value)


def read_written(name: str, value: str) -> Any:
    """What `settings set` was given, as `choose` takes it."""
    parts = [part.strip() for part in value.split(",") if part.strip()]
    if name in LISTS:
        return parts
    if name == "photos":
        return value.lower() in ("yes", "true", "1")
    if name == "retention":
        pairs = [part.partition("=") for part in parts]
        if not all(days.isdecimal() for _, _, days in pairs):
            fail("Write rules and days as in notes=90,reports=365.")
        return {rule: int(days) for rule, _, days in pairs}
    if name == "logo" and value:
        path = Path(value)
        try:
            content = path.read_bytes()
        except OSError as error:
            fail(f"{path} cannot be read: {error.strerror}")
        kind = {".png": "png", ".webp": "webp", ".jpg": "jpeg", ".jpeg": "jpeg"}.get(path.suffix.lower(), "?")
        return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
    return value


@click.group()
def publications() -> None:
    """What was published, and going back to it."""


@publications.command("list")
@listed
@plainly
def list_published(form: str) -> None:
    """Print what was published, the newest first; "kept" says whether one can go back to it."""
    chosen, database = open_database()
    with database.reading() as session:
        found = list_publications(session, chosen.site)
    rows = [
        (
            one.id,
            one.at.isoformat(),
            one.actor_name,
            len(one.added),
            len(one.changed),
            len(one.removed),
            one.current,
            one.kept,
        )
        for one in found
    ]
    print_rows(("Id", "At", "By", "Added", "Changed", "Removed", "Current", "Kept"), rows, form)


@publications.command("back")
@click.argument("publication", type=int)
@click.option("--why", default="", help="Kept in the audit trail.")
@plainly
def go_back(publication: int, why: str) -> None:
    """Show what was published once, again: pages, keys and renewal numbers."""
    chosen, database = open_database()
    with database.writing() as session:
        return_to(Act(session, system_clock(), ACTOR, why=why), publication, chosen.site)
    click.echo(f"What publication {publication} showed is shown again.")


@click.group()
def devices() -> None:
    """Headsets and programs that report results, each with a key of its own."""


@devices.command("add")
@click.argument("name")
@plainly
def add(name: str) -> None:
    """Register a headset or a program, and print its key: name and password of HTTP's Basic. It is shown this once."""
    if not 1 <= len(name.strip()) <= 120:
        fail("A name has 1 to 120 letters.")
    _, database = open_database()
    with database.writing() as session:
        _, key = add_device(Act(session, system_clock(), ACTOR), name)
    click.echo(key)


@devices.command("list")
@listed
@plainly
def list_registered(form: str) -> None:
    """Print every device, the newest first; never its key."""
    _, database = open_database()
    with database.reading() as session:
        found = list_devices(session)
    rows = [
        (
            str(one.id),
            one.name,
            one.made_at.isoformat(),
            one.used_at.isoformat() if one.used_at else "",
            one.revoked_at.isoformat() if one.revoked_at else "",
        )
        for one in found
    ]
    print_rows(("Id", "Name", "Made", "Used", "Revoked"), rows, form)


@devices.command("revoke")
@click.argument("device", type=click.UUID)
@click.option("--why", default="", help="Kept in the audit trail.")
@plainly
def revoke(device: uuid.UUID, why: str) -> None:
    """Have a device's key open nothing any more, and its open sessions be over."""
    _, database = open_database()
    with database.writing() as session:
        revoke_device(Act(session, system_clock(), ACTOR, why=why), device)
    click.echo("Its key opens nothing any more.")
