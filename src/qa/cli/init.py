"""`qa init`: its options; the work is in `qa.cli.starting`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from qa.cli.action import perform

EXAMPLES = """Examples:

\b
  qa init acme --references photos/sneaker/*.jpg --color acme_blue=#0055aa
  qa init acme --references photos/sneaker --references photos/bottle --name "Acme summer"

Photographs of one folder are one subject, named after the folder; one to ten from different sides are enough.
"""

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@dataclass(frozen=True)
class InitOptions:
    """What `qa init` was asked to do."""

    folder: Path
    references: tuple[str, ...]
    colors: tuple[str, ...]
    name: str


@app.command(epilog=EXAMPLES)
def init(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Folder for the kit.", metavar="DIR")],
    more: Annotated[
        list[str] | None,
        typer.Argument(help="Further references, as a shell's glob leaves them.", metavar="FILES"),
    ] = None,
    references: Annotated[
        list[str] | None, typer.Option(help="A photograph, a folder of them, or a glob.", metavar="FILE...")
    ] = None,
    color: Annotated[
        list[str] | None,
        typer.Option(help="A brand colour, #hex or as CSS writes it; repeatable.", metavar="NAME=VALUE"),
    ] = None,
    name: Annotated[str, typer.Option(help="The brand's name. Default: the folder's.")] = "",
) -> None:
    """Write a first brand kit, commented, from photographs and colours."""
    perform(ctx, "init", InitOptions(folder, (*(references or ()), *(more or ())), tuple(color or ()), name))
