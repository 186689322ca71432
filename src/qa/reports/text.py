"""The run as text: a table of what needs hands, what the batch shows, counts, and what was not looked at."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from consistency.display import visible
from qa.reports.jsonl import StoredRun
from qa.reports.summary import group_of, grouped
from qa.reports.wording import batch_troubles, finding_words, not_run, notices, reasons, warnings

STYLES = {"accept": "green", "fix": "yellow", "reject": "red", "review": "magenta"}
WORDS = {"accept": "accepted", "fix": "to fix", "reject": "rejected", "review": "to review"}
MOST_ROWS = 200
"""Rows of the table; longer runs are read in another format."""

PLAIN_WIDTH = 160


def render(run: StoredRun) -> str:
    """Return the run as plain text."""
    stream = io.StringIO()
    console = Console(file=stream, width=PLAIN_WIDTH, color_system=None, force_terminal=False)
    console.print(view(run), soft_wrap=False)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def view(run: StoredRun) -> RenderableType:
    """Return the run as something a rich console prints."""
    parts: list[RenderableType] = [Text(f"! {said}", style="bold yellow") for said in said_first(run)]
    if run.verdicts:
        parts.append(table(run))
    parts += [Text(f"batch  {finding_line(f)}", style="yellow") for f in batch_troubles(run.batch)]
    parts += [Text(), totals(run)]
    return Group(*parts, *([coverage(run)] if run.run["not_checked"] else []))


def said_first(run: StoredRun) -> list[str]:
    """Return the notices of the run."""
    return notices(run.run, run.verdicts, run.batch, run.is_torn)


def table(run: StoredRun) -> Table:
    """Return a table with decision, asset, reasons; what has to be looked at first comes first."""
    order = list(grouped(()))
    rows = sorted(run.verdicts, key=lambda verdict: order.index(group_of(verdict)))
    view = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", expand=False)
    view.add_column("decision", no_wrap=True)
    view.add_column("asset", overflow="fold", max_width=48)
    view.add_column("reasons", overflow="fold")
    for verdict in rows[:MOST_ROWS]:
        group = group_of(verdict)
        view.add_row(Text(decision_words(verdict), style=STYLES[group]), visible_text(verdict), why(verdict))
    if len(rows) > MOST_ROWS:
        view.add_row("…", f"{len(rows) - MOST_ROWS} more", "see the JSONL or HTML report")
    return view


def visible_text(verdict: Mapping[str, Any]) -> Text:
    """Return the asset's name, no markup read in it."""
    return Text(visible(verdict["asset"]["name"]))


def decision_words(verdict: Mapping[str, Any]) -> str:
    """Return a decision with what follows from it: "reject, reroll"."""
    parts = [verdict["decision"], verdict["next"], "review" if verdict["needs_review"] else ""]
    return ", ".join(part for part in parts if part)


def why(verdict: Mapping[str, Any]) -> Text:
    """Return the reasons, one a line; warnings dim beneath them, and on one line what was not run."""
    lines = [Text(finding_words(finding)) for finding in reasons(verdict)]
    lines += [Text(f"{mark(finding)}: {finding_words(finding)}", style="dim") for finding in warnings(verdict)]
    if rules := not_run(verdict):
        lines.append(Text(f"not run: {', '.join(visible(rule) for rule in rules)}", style="dim"))
    return Text("\n").join(lines)


def mark(finding: Mapping[str, Any]) -> str:
    """Return why a finding changed nothing."""
    if finding["waived_by"] is not None:
        return f"waived by {visible(finding['waived_by'])}"
    return "warning"


def finding_line(finding: Mapping[str, Any]) -> str:
    """Return a batch finding with the asset it is about."""
    asset = visible(finding["asset"])
    return f"{asset}  {finding_words(finding)}" if asset else finding_words(finding)


def totals(run: StoredRun) -> Text:
    """Return the counts on one line."""
    text = Text(f"{len(run.verdicts)} assets", style="bold")
    for group, count in reversed(grouped(run.verdicts).items()):
        text.append(f"  {count} {WORDS[group]}", style=STYLES[group] if count else "dim")
    audit = sum(verdict["audit"] for verdict in run.verdicts)
    if audit:
        text.append(f"  {audit} drawn for audit", style="cyan")
    timings = (run.batch or {"timings": {}})["timings"]
    if "seconds" in timings:
        text.append(f"  in {timings['seconds']:.1f} s", style="dim")
    shares = (run.batch or {}).get("agreement") or {}
    if shares:
        said = ", ".join(f"{100 * share:.4g} % of {name}" for name, share in shares.items())
        text.append(f"\nagreement: {said}", style="bold")
    return text


def coverage(run: StoredRun) -> Text:
    """Return what the run did not look at."""
    return Text("Not looked at: " + "; ".join(visible(words) for words in run.run["not_checked"]), style="dim")
