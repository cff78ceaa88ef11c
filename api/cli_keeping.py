"""The part of the `airlock` command that keeps an installation: backups, bringing one back, and looking for faults."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from api.backup import KEPT_DAYS, BackupError, back_up, make_key, rotate
from api.backup import restore as bring_back
from api.core.clock import system_clock
from api.core.config import read_database_url
from api.doctor import Level, examine
from api.terminal import fail, listed, open_database, plainly, print_rows

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
