"""The work of `qa demo`: render, judge, compare with the truth, report."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from time import perf_counter

from rich.console import Console

from consistency.display import visible
from qa.cli.demo import DemoOptions
from qa.cli.progress import metered
from qa.cli.rendering import write_report
from qa.cli.threads import limit_threads
from qa.demo.run import Demo, run_demo
from qa.reports.folder import RUN_FILE, RunRecorder, pictures_in, render_into
from qa.reports.jsonl import StoredRun
from qa.reports.records import Run

REPORT = "report"


def demonstrate(options: DemoOptions) -> int:
    """Run the demo and say where its report is."""
    console = Console(stderr=True, soft_wrap=True)
    limit_threads(options.threads)
    started = perf_counter()
    with metered(console) as meter:
        demo = run_demo(
            options.folder,
            options.seed,
            threads=options.threads,
            progress=lambda stage, done, total: meter(f"{stage.removesuffix('e')}ing", done, total),
        )
    run = record(demo, options.folder / REPORT)
    write_report(run, "text")
    for difference in demo.agreement.disagreements:
        console.print(visible(difference), style="yellow", markup=False, highlight=False)
    console.print(f"{perf_counter() - started:.0f} s; report: {options.folder / REPORT / 'report.html'}", markup=False)
    return 0


def record(demo: Demo, folder: Path) -> StoredRun:
    """Write the report of a demo."""
    folder.mkdir(parents=True, exist_ok=True)
    models, batch, agreement = demo.kit.models, demo.batch, demo.agreement
    run = Run(
        demo.kit.name,
        demo.kit.hash,
        batch[0].as_of or date.today(),
        {"embedder": models.embedder, "reader": models.reader, "precision": models.precision},
        {"assets": len(batch), "seed": demo.campaign.truth.seed},
        batch[0].not_checked,
        started=datetime.now().astimezone().isoformat(timespec="seconds"),
    )
    with (folder / RUN_FILE).open("wb", buffering=0) as file:
        recorder = RunRecorder(run, [file], pictures_in(folder))
        for verdict in batch:
            recorder.add(verdict)
        rate = round(batch.summary.assets_per_second, 3)
        stored = recorder.finish(
            batch.findings,
            {"seconds": round(batch.seconds, 3), "assets_per_second": rate},
            agreement={"decisions": agreement.decisions, "reasons": agreement.reasons},
        )
    render_into(folder, stored)
    return stored
