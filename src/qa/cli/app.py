"""The command `qa`: options of all commands, and the door to each."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from qa.cli.lazy import LazyGroup

HELP = """Judge generated pictures against a brand: accept, fix or reject, why and where.

Begin with `qa demo`, then `qa init` for a kit of your own, then `qa gate`.
"""

app = typer.Typer(
    name="qa",
    cls=LazyGroup,
    help=HELP,
    rich_markup_mode=None,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def show_version(wanted: bool) -> None:
    """Say the version and stop."""
    if wanted:
        typer.echo(f"consistency-qa {version('consistency-qa')}")
        raise typer.Exit


@app.callback()
def options(
    ctx: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="Show the whole traceback of an error.")] = False,
    _version: Annotated[
        bool, typer.Option("--version", help="Say the version and stop.", is_eager=True, callback=show_version)
    ] = False,
) -> None:
    """Take the options of all commands."""
    ctx.obj = debug


def replace_closed_streams() -> None:
    """Give a command that was started without stdout or stderr one that leads nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 stays open to the end


def main() -> None:
    """Run the command line."""
    replace_closed_streams()
    app(prog_name="qa")
