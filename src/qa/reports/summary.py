"""Counts over the verdict records of a run, whole or partial."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qa.reports.parts import Record

DECISIONS = ("accept", "fix", "reject")
UNMEASURED = ("not_evaluable", "error")


def summarise(verdicts: Sequence[Mapping[str, Any]]) -> Record:
    """Return the counts: assets, per decision, people's looks, audit, and per rule and status, passes left out."""
    decisions = Counter(verdict["decision"] for verdict in verdicts)
    rules: dict[str, Counter[str]] = {}
    for finding in (f for verdict in verdicts for f in verdict["findings"] if f["status"] != "pass"):
        rules.setdefault(finding["rule"], Counter())[finding["status"]] += 1
    return {
        "assets": len(verdicts),
        "decisions": {name: decisions[name] for name in DECISIONS},
        "needs_review": sum(verdict["needs_review"] for verdict in verdicts),
        "unmeasured": sum(is_unmeasured(verdict) for verdict in verdicts),
        "audit": sum(verdict["audit"] for verdict in verdicts),
        "waived": sum(f["waived_by"] is not None for verdict in verdicts for f in verdict["findings"]),
        "rules": {rule: dict(sorted(counts.items())) for rule, counts in sorted(rules.items())},
    }


def is_blocking(finding: Mapping[str, Any]) -> bool:
    """Whether a finding stops its asset: level block, not waived, failed or not measured."""
    unresolved = finding["status"] in ("fail", *UNMEASURED)
    return finding["level"] == "block" and finding["waived_by"] is None and unresolved


def is_unmeasured(verdict: Mapping[str, Any]) -> bool:
    """Whether a blocking rule of the asset could not be measured."""
    return any(is_blocking(finding) and finding["status"] in UNMEASURED for finding in verdict["findings"])


def group_of(verdict: Mapping[str, Any]) -> str:
    """Return where an asset belongs: "accept", "fix", "reject", or "review" where a person has to look first."""
    if verdict["needs_review"] and verdict["decision"] != "reject":
        return "review"
    return str(verdict["decision"])


def grouped(verdicts: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return how many assets belong into each group."""
    counts = Counter(group_of(verdict) for verdict in verdicts)
    return {group: counts[group] for group in ("reject", "review", "fix", "accept")}
