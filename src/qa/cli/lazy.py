"""A group of commands that imports a command only when it is called: `qa --help` loads none of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from consistency.errors import unknown_name
from consistency.runtime.tables import load_entry


@dataclass(frozen=True)
class Entry:
    """A command: where its typer app is, and what it does in one line."""

    app: str
    summary: str


COMMANDS: dict[str, Entry] = {
    "demo": Entry("qa.cli.demo:app", "Render a campaign with planted faults, judge it, write a report."),
    "init": Entry("qa.cli.init:app", "Write a first brand kit, commented, from photographs and colours."),
    "gate": Entry("qa.cli.gate:app", "Judge pictures by a brand kit: accept, fix or reject."),
    "fix": Entry("qa.cli.fix:app", "Repair what can be repaired, and collect what may be published."),
    "report": Entry("qa.cli.report:app", "Render a finished run again, in another format."),
    "calibrate": Entry("qa.cli.calibrate:app", "From labels to accept thresholds with a guarantee."),
    "models": Entry("qa.cli.models:app", "Show and verify the models on this machine."),
}


class LazyGroup(TyperGroup):
    """Lists `COMMANDS` without importing them."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names, in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a stand-in that has a name and a line of help; enough to be listed."""
        entry = COMMANDS.get(cmd_name)
        return None if entry is None else TyperCommand(cmd_name, help=entry.summary)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Import and return the command that is called."""
        name = args[0]
        if name not in COMMANDS:
            raise typer.BadParameter(str(unknown_name("command", name, COMMANDS)))
        apps = {key: entry.app for key, entry in COMMANDS.items()}
        return name, typer.main.get_command(load_entry(apps, name, "command")), args[1:]
