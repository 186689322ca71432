"""The whole run as one JSON document."""

from __future__ import annotations

from consistency.runtime.stored import canonical_json
from qa.reports.jsonl import StoredRun, encodable

REPORT = "qa.report"
VERSION = 1


def render(run: StoredRun) -> str:
    """Return run, verdicts and batch as one canonical JSON document."""
    document = {
        "format": REPORT,
        "version": VERSION,
        "run": run.run,
        "verdicts": list(run.verdicts),
        "batch": run.batch,
    }
    return canonical_json(encodable(document)) + "\n"
