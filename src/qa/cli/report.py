"""`qa report`: its options; the work is in `qa.cli.rendering`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from qa.cli.action import perform
from qa.cli.gate import Format

EXAMPLES = """Examples:

\b
  qa report r/run.jsonl                                  the table
  qa report r/run.jsonl --format html --output new.html  the page, with the pictures beside run.jsonl
  qa report r/run.jsonl --format junit > gate.xml        for a build server
"""

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@dataclass(frozen=True)
class ReportOptions:
    """What `qa report` was asked to do."""

    file: Path
    format: str
    output: Path | None


@app.command(epilog=EXAMPLES)
def report(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The run.jsonl of a run, whole or cut short.", metavar="FILE.jsonl")],
    format: Annotated[Format, typer.Option(help="What to render.")] = Format.TEXT,  # noqa: A002
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write. Default: stdout.")] = None,
) -> None:
    """Render a finished run again, in another format. Nothing is judged; ends with 0, or 2 if it cannot be read."""
    perform(ctx, "report", ReportOptions(file, format.value, output))
