"""The work of `qa gate`: judge, record as it goes, report, sort, and end with the run's exit code."""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from time import perf_counter
from typing import BinaryIO

from rich.console import Console

from qa.asset import Unread
from qa.briefs import Briefs, read_briefs
from qa.cli.collecting import Collected, collect
from qa.cli.exit_codes import exit_code
from qa.cli.gate import GateOptions
from qa.cli.interrupting import Interrupted, Stop, stoppable
from qa.cli.labels import check_free, write_labels
from qa.cli.notices import say_blocking, say_briefs, say_calibration, say_collected, say_fontless, say_unfilled
from qa.cli.progress import Meter, metered
from qa.cli.rendering import write_report
from qa.cli.sorting import check_target, sort_into
from qa.cli.threads import limit_threads
from qa.gate import Gate
from qa.reports.folder import RUN_FILE, RunRecorder, pictures_in, remove_rendered, render_into
from qa.reports.jsonl import StoredRun, encodable
from qa.reports.records import Run
from qa.verdict import Finding, Verdict


def gate(options: GateOptions) -> int:
    """Judge the assets that the options name."""
    console = Console(stderr=True, soft_wrap=True)
    collected, briefs = prepare(options, console)
    limit_threads(options.threads)
    as_of = options.as_of.date() if options.as_of else date.today()
    judge = Gate(options.kit, threads=options.threads, as_of=as_of, alarms=options.alarms)
    say_blocking(judge.checks, briefs, console)
    say_unfilled(judge.kit, briefs, console)
    say_fontless(judge.kit, console)
    say_calibration(judge.kit, as_of, options.alarms, console)
    with ExitStack() as stack:
        recorder = open_recorder(options, run_of(judge, options, as_of, len(collected.assets)), stack)
        stop = stack.enter_context(stoppable())
        run = judge_all(Session(judge, recorder, stop, console), collected, briefs, options)
        report(run, options, console)
        hand_out(run, collected, options, judge.kit.policy.audit, console)
    if not run.is_complete:
        return 128 + stop.signal
    return exit_code(run.verdicts, options.fail_on, is_all_found=not collected.empty)


def prepare(options: GateOptions, console: Console) -> tuple[Collected, Briefs | None]:
    """Find the assets and their briefs; what cannot work is refused before anything is judged."""
    writes = [folder for folder in (options.report, options.sort_to) if folder is not None]
    collected = collect(options.assets, writes)
    if options.sort_to is not None:
        check_target(options.sort_to, collected.folders)
    if options.labels_out is not None:
        check_free(options.labels_out)
    say_collected(collected, options.assets, console)
    briefs = None if options.briefs is None else read_briefs(options.briefs)
    if briefs is not None:
        say_briefs(briefs, collected, console, is_strict=options.is_strict)
    return collected, briefs


def run_of(judge: Gate, options: GateOptions, as_of: date, count: int) -> Run:
    """Return what the run is started with."""
    models = judge.kit.models
    said = {
        "assets": count,
        "briefs": options.briefs.name if options.briefs else None,
        "stop_at": options.stop_at,
        "calibration": judge.kit.calibration.id if judge.kit.calibration else None,
        "drift_alarms": ", ".join(options.alarms) or None,
    }
    return Run(
        judge.kit.name,
        judge.kit.hash,
        as_of,
        {"embedder": models.embedder, "reader": models.reader, "faces": models.faces, "precision": models.precision},
        {name: value for name, value in said.items() if value is not None},
        judge.not_checked,
        started=datetime.now().astimezone().isoformat(timespec="seconds"),
    )


def open_recorder(options: GateOptions, run: Run, stack: ExitStack) -> RunRecorder:
    """Open what the run is written to while it goes on: the report's folder, and stdout for JSON lines."""
    streams: list[BinaryIO] = [sys.stdout.buffer] if options.format == "jsonl" else []
    pictures = None
    if options.report is not None:
        options.report.mkdir(parents=True, exist_ok=True)
        remove_rendered(options.report)
        streams.append(stack.enter_context((options.report / RUN_FILE).open("wb", buffering=0)))
        pictures = pictures_in(options.report)
    elif options.format == "html":
        pictures = pictures_in(Path(stack.enter_context(tempfile.TemporaryDirectory())))
    return RunRecorder(run, streams, pictures)


class Session:
    """One run of the command: what judges, what records, what may stop it, where it talks."""

    def __init__(self, judge: Gate, recorder: RunRecorder, stop: Stop, console: Console) -> None:
        self.judge = judge
        self.recorder = recorder
        self.stop = stop
        self.console = console

    def take(self, verdict: Verdict, meter: Meter, total: int) -> None:
        """Record a verdict, show it, and stop where somebody asked to."""
        self.recorder.add(verdict)
        meter("judging", len(self.recorder.verdicts), total)
        self.stop.check()


def judge_all(session: Session, collected: Collected, briefs: Briefs | None, options: GateOptions) -> StoredRun:
    """Judge every asset; a run that somebody stops is finished with what was judged until then."""
    pending = [Unread(found.path, found.name) for found in collected.assets]
    started = perf_counter()
    findings: tuple[Finding, ...] = ()
    is_complete = True
    try:
        with metered(session.console) as meter:
            batch = session.judge.judge_many(
                pending,
                briefs,
                progress=lambda _done, _total, verdict: session.take(verdict, meter, len(pending)),
                stop_at="reject" if options.stop_at else None,
            )
        findings = batch.findings
    except (Interrupted, KeyboardInterrupt):
        is_complete = False
        session.stop.signal = session.stop.signal or 2
    done, seconds = len(session.recorder.verdicts), perf_counter() - started
    timings = {"seconds": round(seconds, 3), "assets_per_second": round(done / seconds, 3) if done else 0.0}
    return session.recorder.finish(findings, timings, is_complete=is_complete)


def report(run: StoredRun, options: GateOptions, console: Console) -> None:
    """Write what was asked for: the folder, and the format on stdout."""
    if options.report is not None:
        render_into(options.report, run)
    if options.format != "jsonl":
        write_report(run, options.format)
    if options.report is not None:
        console.print(f"report: {options.report / 'report.html'}", markup=False, highlight=False)
    if not run.is_complete:
        done, total = len(run.verdicts), run.run["options"]["assets"]
        words = f"Interrupted: {done} of {total} assets were judged, the report holds those."
        console.print(words, style="bold yellow", markup=False, highlight=False)


def hand_out(run: StoredRun, collected: Collected, options: GateOptions, audit: float, console: Console) -> None:
    """Sort the assets and write the labels to fill in."""
    if options.sort_to is not None:
        paths = {str(encodable(found.name)): found.path for found in collected.assets}
        count = sort_into(options.sort_to, run.verdicts, paths)
        console.print(f"sorted: {count} assets into {options.sort_to}", markup=False, highlight=False)
    if options.labels_out is not None:
        count = write_labels(options.labels_out, run.verdicts, audit=audit)
        console.print(f"labels: {count} rows to fill in, {options.labels_out}", markup=False, highlight=False)
