"""`--labels-out`: what a person should label, as a CSV file with `ok_or_bad` left to fill in."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from consistency.display import visible
from consistency.errors import InputError
from qa.cli.writable import check_writable
from qa.reports.summary import UNMEASURED, is_blocking
from qa.reports.wording import finding_words

COLUMNS = (
    "asset",
    "key",
    "rule",
    "decision",
    "reason",
    "ok_or_bad",
    "source",
    "group",
    "value",
    "model",
    "kit",
    "inclusion",
)


def check_free(file: Path) -> None:
    """Refuse a file that exists: somebody may have filled it in.

    Raises:
        InputError: It exists, or cannot be written.
    """
    if os.path.lexists(file):
        raise InputError("a new file for the labels", str(file), "it may hold labels; choose another name or move it")
    check_writable(file.parent)


def write_labels(file: Path, verdicts: Sequence[Mapping[str, Any]], *, audit: float = 0.0) -> int:
    """Write the rows of a run and return how many.

    Args:
        file: New file.
        verdicts: Records of the run.
        audit: The kit's share of assets drawn at random: with it the chance of each row is known.
    """
    rows = [row for verdict in verdicts for row in rows_of(verdict, audit)]
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows([safe(row[column]) for column in COLUMNS] for row in rows)
    return len(rows)


def rows_of(verdict: Mapping[str, Any], audit: float = 0.0) -> Iterator[dict[str, str]]:
    """Yield the rows of one asset.

    The audit sample is drawn at random, whatever was decided: a row for the asset as a whole, rule "", and one per
    blocking rule that a model measured. Undecided rules of other assets are the queue. `inclusion` is the chance with
    which a row like this gets into the file: 1 for what is undecided, for all of it does, else the audit's share. It is
    left empty where nothing is audited: what is decided had no chance then.
    """
    undecided = [f for f in verdict["findings"] if is_blocking(f) and f["status"] in UNMEASURED]
    is_sure = {f["rule"] for f in undecided}
    if verdict["audit"]:
        stopping = [finding_words(f) for f in verdict["findings"] if is_blocking(f)]
        yield {**row(verdict, source="random"), "reason": "; ".join(stopping), "inclusion": chance(audit)}
        judged = [f for f in verdict["findings"] if f["level"] == "block" and f["backend"] and f["value"] is not None]
        undecided = judged + [f for f in undecided if f not in judged]
    source = "random" if verdict["audit"] else "queue"
    for finding in undecided:
        is_known = chance(audit) and finding["rule"] in is_sure
        yield {**row(verdict, finding, source=source), "inclusion": "1" if is_known else chance(audit)}


def row(verdict: Mapping[str, Any], finding: Mapping[str, Any] | None = None, *, source: str) -> dict[str, str]:
    """Return the row of a finding, or of an asset as a whole.

    `group` names what labels of a rule share and so are not independent: the brief. The subject is in the rule already.
    """
    return {
        "asset": verdict["asset"]["name"],
        "key": verdict["asset"]["key"],
        "rule": "" if finding is None else finding["rule"],
        "decision": verdict["decision"],
        "reason": "" if finding is None else finding_words(finding),
        "ok_or_bad": "",
        "source": source,
        "group": verdict["brief"]["id"],
        "value": "" if finding is None else value_of(finding),
        "model": "" if finding is None else finding["backend"],
        "kit": verdict["kit_hash"],
    }


def chance(audit: float) -> str:
    """Return the audit's share as text; "" where nothing is audited."""
    return f"{audit:.6g}" if audit > 0 else ""


def value_of(finding: Mapping[str, Any]) -> str:
    """Return the value that a threshold decides on; none where it failed by its likeness to another subject."""
    is_decided_by_value = finding["value"] is not None and finding["code"] != "identity.not_like"
    return str(finding["value"]) if is_decided_by_value else ""


def safe(text: str) -> str:
    """Return text on one line that no spreadsheet takes for a formula."""
    shown = visible(text)
    return f"'{shown}" if shown[:1] in ("=", "+", "-", "@") else shown
