"""The table of report formats: name → what renders a stored run."""

from __future__ import annotations

from typing import Protocol

from consistency.runtime.tables import load_entry
from qa.reports.jsonl import StoredRun

FORMATS: dict[str, str] = {
    "text": "qa.reports.text:render",
    "json": "qa.reports.document:render",
    "jsonl": "qa.reports.jsonl:render",
    "junit": "qa.reports.junit:render",
    "html": "qa.reports.html.page:render",
}


class Render(Protocol):
    """Turns a stored run into a report."""

    def __call__(self, run: StoredRun, /) -> str:
        """Return the report."""
        ...


def load_format(name: str) -> Render:
    """Return what renders a format.

    Raises:
        UnknownName: No such format; the nearest ones are listed.
    """
    render: Render = load_entry(FORMATS, name, "report format")
    return render
