"""The work of `qa models`: what is on this machine, with licence and hash. Nothing is fetched."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from consistency.runtime.weights import WeightStatus, installed_weights
from qa.cli.exit_codes import ACCEPTED, NOT_USABLE

STYLES = {"ok": "green", "missing": "yellow", "mismatch": "bold red"}


def list_weights(_: object) -> int:
    """List the weight files that come with dependencies."""
    show(installed_weights())
    return ACCEPTED


def verify_weights(_: object) -> int:
    """Compare every weight file with its pinned sha256."""
    found = installed_weights()
    show(found)
    wrong = [status.weight.id for status in found if status.state != "ok"]
    Console(stderr=True).print(f"{len(found) - len(wrong)} of {len(found)} weight files are the pinned ones")
    return NOT_USABLE if wrong else ACCEPTED


def show(found: Sequence[WeightStatus]) -> None:
    """Print a table of weight files."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for column in ("model", "state", "licence", "comes with", "sha256"):
        table.add_column(column, overflow="fold")
    for status in found:
        weight = status.weight
        state = f"[{STYLES.get(status.state, '')}]{status.state}[/]"
        table.add_row(weight.id, state, weight.licence, weight.source, weight.sha256[:16])
    Console().print(table)
