"""`qa fix`: its options; the work is in `qa.cli.fixing`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from qa.cli.action import perform
from qa.cli.exit_codes import FailOn
from qa.cli.gate import Format

EXAMPLES = """Examples:

\b
  qa fix acme/brand.yaml out/ --to publish            all that may be published: accepted as it is, or repaired
  qa fix acme out/ --to mended --repaired-only        only what had to be repaired
  qa fix acme out/ --to publish --briefs briefs.csv --report r

Originals are never changed. A picture whose repair the gate does not accept is not written; its first verdict stands.
What an inpainting editor could still do is left beside the folder, in publish-handouts: for each asset and place
017.png.1.mask.png (white may change), 017.png.1.prompt.txt and 017.png.1.json with both and where they belong.
Exit codes are those of `qa gate`, on what the pictures are afterwards.
"""

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@dataclass(frozen=True)
class FixOptions:
    """What `qa fix` was asked to do; see the command's help."""

    kit: Path
    assets: tuple[str, ...]
    to: Path
    briefs: Path | None = None
    repaired_only: bool = False
    report: Path | None = None
    format: str = "text"
    fail_on: tuple[FailOn, ...] = ()
    threads: int | None = None
    as_of: datetime | None = None
    handouts: Path | None = None
    alarms: tuple[str, ...] = ()


@app.command(epilog=EXAMPLES)
def fix(
    ctx: typer.Context,
    kit: Annotated[Path, typer.Argument(help="The kit: brand.yaml, its folder, or a bundle.", metavar="KIT")],
    assets: Annotated[list[str], typer.Argument(help="Pictures, folders, globs.", metavar="ASSETS")],
    to: Annotated[Path, typer.Option(help="Folder for what may be published, outside the assets.")],
    briefs: Annotated[Path | None, typer.Option(help="What each asset must show: CSV or JSON lines.")] = None,
    repaired_only: Annotated[
        bool, typer.Option("--repaired-only", help="Leave out pictures that were accepted as they are.")
    ] = False,
    handouts: Annotated[
        Path | None,
        typer.Option(help="Folder for masks and prompts of what was not mended. Default: <to>-handouts, beside it."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Folder for run.jsonl, report.html, junit.xml and small pictures.")
    ] = None,
    format: Annotated[Format, typer.Option(help="What to write to stdout.")] = Format.TEXT,  # noqa: A002
    fail_on: Annotated[
        list[FailOn] | None,
        typer.Option(help="The mildest outcome that fails the run. Default: fix.", metavar="<fix|review|reject|never>"),
    ] = None,
    threads: Annotated[int | None, typer.Option(help="The whole CPU budget. Default: all cores.", min=1)] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(help="Day for waivers and expiries. Default: today.", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD"),
    ] = None,
    drift_alarm: Annotated[
        list[str] | None,
        typer.Option(
            help="Rule, or pattern as identity.*, that has drifted since it was calibrated: judged as uncalibrated.",
            metavar="RULE",
        ),
    ] = None,
) -> None:
    """Judge pictures, repair what can be repaired, judge again, and collect what may be published."""
    options = FixOptions(
        kit,
        tuple(assets),
        to,
        briefs,
        repaired_only,
        report,
        format.value,
        tuple(fail_on or ()),
        threads,
        as_of,
        handouts,
        tuple(drift_alarm or ()),
    )
    perform(ctx, "fix", options)
