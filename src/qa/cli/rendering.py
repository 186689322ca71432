"""The work of `qa report`: a stored run in, a report out."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console

from qa.cli.report import ReportOptions
from qa.reports.formats import load_format
from qa.reports.jsonl import StoredRun, read_run
from qa.reports.text import view


def render(options: ReportOptions) -> int:
    """Render a stored run again."""
    write_report(read_run(options.file), options.format, options.output)
    return 0


def write_report(run: StoredRun, name: str, output: Path | None = None) -> None:
    """Write a run in a format to a file, or to stdout, with colours where that is a terminal."""
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(load_format(name)(run), encoding="utf-8", newline="\n")
    elif name == "text" and sys.stdout.isatty():
        Console().print(view(run))
    else:
        sys.stdout.buffer.write(load_format(name)(run).encode())
        sys.stdout.buffer.flush()
