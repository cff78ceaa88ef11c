"""The `airlock` command. Each of its commands is loaded when it is called: checking a page needs no database."""

from __future__ import annotations

import gc
from importlib import import_module

import click

COMMANDS = {
    "audit": ("api.cli", "audit_commands"),
    "backup": ("api.cli_keeping", "backup"),
    "build": ("site_builder.cli", "build"),
    "check": ("site_builder.cli", "check"),
    "db": ("api.cli", "db"),
    "demo": ("airlock.commands", "demo"),
    "devices": ("api.cli_keeping", "devices"),
    "doctor": ("api.cli_keeping", "doctor"),
    "hours": ("api.cli", "hours"),
    "jobs": ("api.cli", "jobs"),
    "new": ("site_builder.cli", "new"),
    "privacy": ("api.cli_people", "privacy"),
    "publications": ("api.cli_keeping", "publications"),
    "publish": ("airlock.commands", "publish"),
    "quiz": ("site_builder.cli", "quiz"),
    "readiness": ("api.cli", "readiness"),
    "regrade": ("api.cli", "regrade"),
    "restore": ("api.cli_keeping", "restore"),
    "routes": ("api.cli", "routes"),
    "run": ("api.cli", "run"),
    "serve": ("airlock.commands", "serve"),
    "settings": ("api.cli_keeping", "settings"),
    "users": ("api.cli_people", "users"),
}
"""Of each command, the module that has it, and its name there."""


class Commands(click.Group):
    """A group whose commands are loaded when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        # What is loaded stays: looking for garbage in it is a fifth of the start.
        gc.disable()
        try:
            command: click.Command = getattr(import_module(module), name)
        finally:
            gc.freeze()
            gc.enable()
        return command


@click.group(cls=Commands)
@click.version_option("0.1.0", prog_name="airlock")
def main() -> None:
    """Airlock: the online room that learners pass through before they enter the real one."""
