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

COLUMNS = ("asset", "key", "rule", "decision", "reason", "ok_or_bad", "source", "group")


def check_free(file: Path) -> None:
    """Refuse a file that exists: somebody may have filled it in.

    Raises:
        InputError: It exists, or cannot be written.
    """
    if os.path.lexists(file):
        raise InputError("a new file for the labels", str(file), "it may hold labels; choose another name or move it")
    check_writable(file.parent)


def write_labels(file: Path, verdicts: Sequence[Mapping[str, Any]]) -> int:
    """Write the rows of a run and return how many."""
    rows = [row for verdict in verdicts for row in rows_of(verdict)]
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows([safe(row[column]) for column in COLUMNS] for row in rows)
    return len(rows)


def rows_of(verdict: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Yield the rows of one asset.

    The audit sample is drawn at random, whatever was decided: a row for the asset as a whole, rule "", and one per
    blocking rule that a model measured. Undecided rules of other assets are the queue.
    """
    undecided = [f for f in verdict["findings"] if is_blocking(f) and f["status"] in UNMEASURED]
    if verdict["audit"]:
        stopping = [finding_words(f) for f in verdict["findings"] if is_blocking(f)]
        yield row(verdict, "", "; ".join(stopping), "random")
        judged = [f for f in verdict["findings"] if f["level"] == "block" and f["backend"] and f["value"] is not None]
        undecided = judged + [f for f in undecided if f not in judged]
    source = "random" if verdict["audit"] else "queue"
    yield from (row(verdict, finding["rule"], finding_words(finding), source) for finding in undecided)


def row(verdict: Mapping[str, Any], rule: str, reason: str, source: str) -> dict[str, str]:
    """Return one row; `group` names what labels share and so are not independent: the subject, else the brief."""
    parts = rule.split(".")
    group = parts[1] if parts[0] == "identity" and len(parts) > 1 else verdict["brief"]["id"]
    return {
        "asset": verdict["asset"]["name"],
        "key": verdict["asset"]["key"],
        "rule": rule,
        "decision": verdict["decision"],
        "reason": reason,
        "ok_or_bad": "",
        "source": source,
        "group": group,
    }


def safe(text: str) -> str:
    """Return text on one line that no spreadsheet takes for a formula."""
    shown = visible(text)
    return f"'{shown}" if shown[:1] in ("=", "+", "-", "@") else shown
