"""`qa demo`: its options; the work is in `qa.cli.demonstrating`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from qa.cli.action import perform

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@dataclass(frozen=True)
class DemoOptions:
    """What `qa demo` was asked to do."""

    folder: Path
    seed: int
    threads: int | None


@app.command()
def demo(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Folder for the campaign and its report.", metavar="[DIR]")] = Path(
        "qa-demo"
    ),
    seed: Annotated[int, typer.Option(help="Draws another campaign.", min=0)] = 0,
    threads: Annotated[int | None, typer.Option(help="The whole CPU budget. Default: all cores.", min=1)] = None,
) -> None:
    """Render a campaign with planted faults, judge it, say how far gate and truth agree, and write the report.

    Nothing is downloaded. Ends with 0 whatever the gate rejects: the faults are planted.
    """
    perform(ctx, "demo", DemoOptions(folder, seed, threads))
