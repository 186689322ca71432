"""What a notebook shows of a verdict and of a batch: a piece of HTML that brings its own styles, no script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from consistency.display import data_uri
from qa.batch import Batch
from qa.closeups import OF_LETTERS
from qa.reports.html.closeup import closeup_view
from qa.reports.html.comparison import comparison
from qa.reports.html.page import environment
from qa.reports.html.plot import plot_view
from qa.reports.html.view import GROUPS, PILLS, bar, headline
from qa.reports.jsonl import encodable
from qa.reports.parts import finding_record
from qa.reports.records import verdict_record
from qa.reports.summary import group_of, grouped
from qa.reports.wording import finding_words, fix_words, lapsed_calibrations, reasons, warnings
from qa.verdict import Verdict

MOST_ROWS = 60
"""Assets of a batch that a cell shows; the rest is counted."""

SHOWN_WARNINGS = 3


def verdict_html(verdict: Verdict) -> str:
    """Return a verdict as a card."""
    said = lapsed_calibrations([verdict_record(verdict)])
    return environment().get_template("notebook.html.j2").render(cards=[card(verdict)], batch=None, notices=said)


def batch_html(batch: Batch) -> str:
    """Return a batch as counts and a row per asset, what needs hands first."""
    order, findings = list(GROUPS), [finding_record(finding) for finding in batch.findings]
    cards = sorted((card(verdict) for verdict in batch), key=lambda item: order.index(item["group"]))
    records = [verdict_record(verdict) for verdict in batch]
    counts, said = grouped(records), lapsed_calibrations(records)
    view = {
        "headline": headline(counts, len(cards)),
        "bar": bar(counts),
        "counts": [(group, words, counts[group]) for group, words in GROUPS.items()],
        "findings": [batch_line(found) for found in findings if found["status"] != "pass"],
        "plots": [drawn for found in findings if found["status"] == "fail" and (drawn := plot_view(found, {}))],
        "left": max(0, len(cards) - MOST_ROWS),
        "not_checked": batch[0].not_checked if len(batch) else (),
    }
    return environment().get_template("notebook.html.j2").render(cards=cards[:MOST_ROWS], batch=view, notices=said)


def card(verdict: Verdict) -> dict[str, Any]:
    """Return what is shown of one asset."""
    record: Mapping[str, Any] = verdict_record(verdict)
    group = group_of(record)
    noted = warnings(record)
    return {
        "group": group,
        "pill": PILLS[group],
        "next": record["next"],
        "name": str(encodable(record["asset"]["name"])),
        "picture": data_uri(verdict.preview) if verdict.preview else "",
        "reasons": [reason(finding, verdict) for finding in reasons(record)],
        "warnings": [finding_words(finding) for finding in noted[:SHOWN_WARNINGS]],
        "more_warnings": max(0, len(noted) - SHOWN_WARNINGS),
        "plan": [fix_words(fix) for fix in record["plan"]],
        "met": sum(finding["status"] == "pass" for finding in record["findings"]),
        "is_final": record["final"],
    }


def reason(finding: Mapping[str, Any], verdict: Verdict) -> dict[str, Any]:
    """Return what is shown of a finding: a text as it stands in the picture, expected above read."""
    pair = comparison(finding)
    is_text = pair is not None and pair["kind"] == "text"
    is_of_letters = finding["check"] in OF_LETTERS
    size = (verdict.asset.width, verdict.asset.height)
    return {
        "words": finding_words(finding),
        "pair": pair if is_text else None,
        "closeup": closeup_view(finding, size, verdict.preview, verdict.closeups.get) if is_of_letters else None,
    }


def batch_line(finding: Mapping[str, Any]) -> str:
    """Return a batch finding on one line."""
    return f"{finding['asset']}: {finding_words(finding)}" if finding["asset"] else finding_words(finding)
