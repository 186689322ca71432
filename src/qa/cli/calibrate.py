"""`qa calibrate`: its options; the work is in `qa.cli.calibrating`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from qa.cli.action import perform

EXAMPLES = """Examples:

\b
  qa gate acme out/ --labels-out look.csv                  then fill in ok_or_bad
  qa calibrate acme look.csv                               at most 5 % bad, with 90 % confidence
  qa calibrate acme look.csv --alpha 2% --delta 5% --out acme/calibration.json

Exit codes:

\b
  2  the command, the kit or the labels cannot be used; nothing is written
  4  for a rule no threshold keeps the promise; the file says how many labels it would take
  0  every rule has a threshold that keeps it
"""

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@dataclass(frozen=True)
class CalibrateOptions:
    """What `qa calibrate` was asked to do; see the command's help."""

    kit: Path
    labels: Path
    alpha: str = "5%"
    delta: str = "10%"
    out: Path | None = None
    expires: datetime | None = None
    as_of: datetime | None = None


@app.command(epilog=EXAMPLES)
def calibrate(
    ctx: typer.Context,
    kit: Annotated[Path, typer.Argument(help="The kit: brand.yaml, its folder, or a bundle.", metavar="KIT")],
    labels: Annotated[
        Path, typer.Argument(help="What `qa gate --labels-out` wrote, filled in; or your own.", metavar="LABELS.csv")
    ],
    alpha: Annotated[str, typer.Option(help="Largest share of bad ones among the accepted.", metavar="SHARE")] = "5%",
    delta: Annotated[str, typer.Option(help="Share of calibrations for which that may fail.", metavar="SHARE")] = "10%",
    out: Annotated[Path | None, typer.Option(help="New file. Default: LABELS.calibration.json.")] = None,
    expires: Annotated[
        datetime | None,
        typer.Option(help="Day from which it no longer holds.", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD"),
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(help="Day it is made. Default: today.", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD"),
    ] = None,
) -> None:
    """From labels to accept thresholds with a guarantee; the kit is not changed.

    Labels without the columns value and model name pictures by their paths, from the file's folder: those are measured.
    """
    perform(ctx, "calibrate", CalibrateOptions(kit, labels, alpha, delta, out, expires, as_of))
