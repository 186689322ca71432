"""The folder of a run: `run.jsonl` and previews while it runs, HTML and JUnit XML when it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from qa.reports.formats import load_format
from qa.reports.jsonl import PICTURES, StoredRun, picture_name, write_record
from qa.reports.parts import Record
from qa.reports.records import Run, batch_record, run_record, verdict_record
from qa.reports.summary import summarise
from qa.verdict import Finding, Verdict

RUN_FILE = "run.jsonl"
RENDERED = {"html": "report.html", "junit": "junit.xml"}
"""Format → file that `render_into` writes."""


class RunRecorder:
    """Keeps the records of a run; each is in every stream before the next asset is judged.

    Args:
        run: What the run is started with.
        streams: Binary streams that get each record as a line.
        pictures: Folder for the previews, or None to keep none.
    """

    def __init__(self, run: Run, streams: Sequence[BinaryIO] = (), pictures: Path | None = None) -> None:
        self._streams = tuple(streams)
        self._pictures = pictures
        self.verdicts: list[Record] = []
        if pictures is not None:
            pictures.mkdir(parents=True, exist_ok=True)
        self._run = write_record(run_record(run), self._streams)

    def add(self, verdict: Verdict) -> None:
        """Record a verdict, its preview and its close-ups."""
        key = verdict.asset.key
        if self._pictures is not None and verdict.preview is not None and key:
            (self._pictures / picture_name(key)).write_bytes(verdict.preview)
            for part, data in verdict.closeups.items():
                (self._pictures / picture_name(key, part)).write_bytes(data)
        self.verdicts.append(write_record(verdict_record(verdict), self._streams))

    def finish(
        self,
        findings: Sequence[Finding],
        timings: Mapping[str, float],
        *,
        is_complete: bool = True,
        agreement: Mapping[str, float] | None = None,
    ) -> StoredRun:
        """Record what was found about the batch, and return the run as reports read it."""
        record = batch_record(
            findings, summarise(self.verdicts), is_complete=is_complete, timings=timings, agreement=agreement
        )
        batch = write_record(record, self._streams)
        return StoredRun(self._run, tuple(self.verdicts), batch, pictures=self._pictures)


def remove_rendered(folder: Path) -> None:
    """Remove what an earlier run rendered: a run that ends early must not leave another run's page beside it."""
    for file in RENDERED.values():
        (folder / file).unlink(missing_ok=True)


def render_into(folder: Path, run: StoredRun) -> None:
    """Write the run's HTML page and JUnit XML into its folder."""
    for name, file in RENDERED.items():
        (folder / file).write_text(load_format(name)(run), encoding="utf-8", newline="\n")


def pictures_in(folder: Path) -> Path:
    """Return where the previews of a run's folder are."""
    return folder / PICTURES
