"""`qa gate`: its options; the work is in `qa.cli.gating`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from qa.cli.action import perform
from qa.cli.exit_codes import FailOn

EXAMPLES = """Examples:

\b
  qa gate acme/brand.yaml out/                       judge every picture of a folder
  qa gate acme/brand.yaml "out/**/*.png" hero.jpg    globs and single files
  qa gate acme out/ --briefs briefs.csv --report r   each by its brief; the report in r/report.html
  qa gate acme out/ --format junit > gate.xml        for a build server
  qa gate acme out/ --fail-on reject                 fixes and looks do not fail the build
  qa gate acme out/ --sort-to sorted --labels-out look.csv

Exit codes, the worst first:

\b
  2  the command or the kit cannot be used
  1  an asset is rejected
  4  something could not be measured, or no asset was found
  3  assets are to be fixed
  0  every asset is accepted
  130 interrupted: what was judged until then is in the report
"""

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


class Format(StrEnum):
    """What is written to stdout."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    JUNIT = "junit"
    HTML = "html"


class StopAt(StrEnum):
    """When to stop looking at an asset."""

    REJECT = "reject"


@dataclass(frozen=True)
class GateOptions:
    """What `qa gate` was asked to do; see the command's help."""

    kit: Path
    assets: tuple[str, ...]
    briefs: Path | None = None
    is_strict: bool = False
    report: Path | None = None
    format: str = "text"
    fail_on: tuple[FailOn, ...] = ()
    sort_to: Path | None = None
    labels_out: Path | None = None
    threads: int | None = None
    as_of: datetime | None = None
    stop_at: str | None = None
    alarms: tuple[str, ...] = ()


@app.command(epilog=EXAMPLES)
def gate(
    ctx: typer.Context,
    kit: Annotated[Path, typer.Argument(help="The kit: brand.yaml, its folder, or a bundle.", metavar="KIT")],
    assets: Annotated[list[str], typer.Argument(help="Pictures, folders, globs.", metavar="ASSETS")],
    briefs: Annotated[Path | None, typer.Option(help="What each asset must show: CSV or JSON lines.")] = None,
    strict_briefs: Annotated[
        bool, typer.Option("--strict-briefs", help="Stop where a brief has no asset, or an asset has several briefs.")
    ] = False,
    report: Annotated[
        Path | None, typer.Option(help="Folder for run.jsonl, report.html, junit.xml and small pictures.")
    ] = None,
    format: Annotated[Format, typer.Option(help="What to write to stdout.")] = Format.TEXT,  # noqa: A002
    fail_on: Annotated[
        list[FailOn] | None,
        typer.Option(help="The mildest outcome that fails the run. Default: fix.", metavar="<fix|review|reject|never>"),
    ] = None,
    sort_to: Annotated[
        Path | None, typer.Option(help="Folder to link the assets into: accept/, fix/, reject/, review/.")
    ] = None,
    labels_out: Annotated[
        Path | None, typer.Option(help="New CSV file with what a person should label: audit and undecided.")
    ] = None,
    threads: Annotated[int | None, typer.Option(help="The whole CPU budget. Default: all cores.", min=1)] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(help="Day for waivers and expiries. Default: today.", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD"),
    ] = None,
    stop_at: Annotated[
        StopAt | None, typer.Option(help="Skip what remains of an asset once it is rejected; for re-roll loops.")
    ] = None,
    drift_alarm: Annotated[
        list[str] | None,
        typer.Option(
            help="Rule, or pattern as identity.*, that has drifted since it was calibrated: judged as uncalibrated.",
            metavar="RULE",
        ),
    ] = None,
) -> None:
    """Judge pictures by a brand kit: accept, fix or reject, why and where."""
    options = GateOptions(
        kit,
        tuple(assets),
        briefs,
        strict_briefs,
        report,
        format.value,
        tuple(fail_on or ()),
        sort_to,
        labels_out,
        threads,
        as_of,
        None if stop_at is None else stop_at.value,
        tuple(drift_alarm or ()),
    )
    perform(ctx, "gate", options)
