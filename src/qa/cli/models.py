"""`qa models`: its commands; the work is in `qa.cli.weights`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qa.cli.action import perform

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    help="Show and verify the models on this machine. Only pull fetches anything.",
)


@app.command("list")
def list_models(ctx: typer.Context) -> None:
    """List the weight files that come with the installed packages: licence, state, place."""
    perform(ctx, "models list")


@app.command("verify")
def verify_models(ctx: typer.Context) -> None:
    """Compare every weight file with its pinned sha256; ends with 2 where one differs or is missing."""
    perform(ctx, "models verify")


@app.command("pull")
def pull_models(
    ctx: typer.Context,
    name: Annotated[
        str, typer.Argument(help='"rapidocr:SCRIPT" or "easyocr:LANGUAGES": rapidocr:korean, easyocr:en,de.')
    ],
    to: Annotated[Path, typer.Option("--to", help="Folder to put the files in.")],
) -> None:
    """Fetch the files of a reader into a folder, each compared with its published hash."""
    perform(ctx, "models pull", (name, to))
