"""The work of `qa fix`: judge, repair, judge again, collect what may be published, report."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from time import perf_counter

from rich.console import Console

from consistency.display import visible
from consistency.errors import ConsistencyError, InputError
from qa.asset import Brief, Unread
from qa.briefs import Briefs
from qa.cli.collecting import Collected
from qa.cli.exit_codes import exit_code
from qa.cli.fix import FixOptions
from qa.cli.gate import GateOptions
from qa.cli.gating import open_recorder, prepare, report, run_of
from qa.cli.handouts import HandoutFolder, folder_beside
from qa.cli.interrupting import Interrupted, Stop, stoppable
from qa.cli.notices import say, say_blocking, say_calibration, say_fontless, say_unfilled
from qa.cli.outbox import Outbox
from qa.cli.progress import Meter, metered
from qa.cli.sorting import check_target
from qa.cli.threads import limit_threads
from qa.fixes.handout import Handout
from qa.gate import Gate
from qa.reports.folder import RunRecorder
from qa.reports.parts import fix_record
from qa.reports.wording import fix_words
from qa.verdict import Decision, Finding, Verdict

MOST_SAID = 10
"""Pictures left that are written out; the rest is counted."""


@dataclass
class Mending:
    """One run of the command: what judges, records, writes, may stop it; and what became of the pictures."""

    gate: Gate
    recorder: RunRecorder
    outbox: Outbox
    handouts: HandoutFolder
    stop: Stop
    repaired_only: bool
    tried: int = 0
    repaired: int = 0
    handed: int = 0
    left: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def fix(options: FixOptions) -> int:
    """Repair the assets that the options name."""
    console = Console(stderr=True, soft_wrap=True)
    as_gate = gate_options(options)
    collected, briefs = prepare(as_gate, console)
    check_target(options.to, collected.folders)
    outbox = Outbox(options.to)
    outbox.check([found.name for found in collected.assets], [found.path for found in collected.assets])
    handouts = HandoutFolder(options.handouts or folder_beside(options.to))
    handouts.check([found.name for found in collected.assets], collected.folders, options.to)
    limit_threads(options.threads)
    as_of = options.as_of.date() if options.as_of else date.today()
    gate = Gate(options.kit, threads=options.threads, as_of=as_of, alarms=options.alarms)
    say_blocking(gate.checks, briefs, console)
    say_unfilled(gate.kit, briefs, console)
    say_fontless(gate.kit, console)
    say_calibration(gate.kit, as_of, options.alarms, console)
    options.to.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        recorder = open_recorder(as_gate, run_of(gate, as_gate, as_of, len(collected.assets)), stack)
        stop = stack.enter_context(stoppable())
        mending = Mending(gate, recorder, outbox, handouts, stop, options.repaired_only)
        started = perf_counter()
        findings, is_complete = work(mending, collected, briefs, console)
        run = recorder.finish(findings, timings_of(recorder, started), is_complete=is_complete)
        report(run, as_gate, console)
        summarise(mending, options.to, console)
    if not is_complete:
        return 128 + (stop.signal or 2)
    return exit_code(run.verdicts, options.fail_on, is_all_found=not collected.empty)


def gate_options(options: FixOptions) -> GateOptions:
    """Return the options of the gate that judges."""
    return GateOptions(
        options.kit, options.assets, options.briefs, report=options.report, format=options.format,
        fail_on=options.fail_on, threads=options.threads, as_of=options.as_of, alarms=options.alarms,
    )  # fmt: skip


def work(
    mending: Mending, collected: Collected, briefs: Briefs | None, console: Console
) -> tuple[tuple[Finding, ...], bool]:
    """Judge every asset, then repair and collect one after the other.

    Returns:
        The findings about the batch, and whether nobody stopped the run; what was judged until then is recorded.
    """
    pending = [Unread(found.path, found.name) for found in collected.assets]
    verdicts: list[Verdict] = []
    findings: tuple[Finding, ...] = ()
    done = 0
    try:
        with metered(console) as meter:
            findings = judged(mending, pending, briefs, verdicts, meter)
            for done, verdict in enumerate(verdicts, 1):
                source = collected.assets[done - 1].path
                brief = None if briefs is None else briefs.assign(pending[done - 1]).brief
                mending.recorder.add(settled(mending, source, verdict, brief))
                meter("repairing", done, len(verdicts))
                mending.stop.check()
    except (Interrupted, KeyboardInterrupt):
        for verdict in verdicts[len(mending.recorder.verdicts) :]:
            mending.recorder.add(verdict)
        return findings, False
    return findings, True


def judged(
    mending: Mending, pending: list[Unread], briefs: Briefs | None, verdicts: list[Verdict], meter: Meter
) -> tuple[Finding, ...]:
    """Judge every asset into `verdicts`, and return the findings about the batch."""

    def take(done: int, _total: int | None, verdict: Verdict) -> None:
        verdicts.append(verdict)
        meter("judging", done, len(pending))
        mending.stop.check()

    return mending.gate.judge_many(pending, briefs, progress=take).findings


def settled(mending: Mending, source: Path, verdict: Verdict, brief: Brief | None) -> Verdict:
    """Repair an asset where its verdict asks for it, collect it where it may be published, return its last verdict.

    Where the repaired picture is not accepted, the picture stays as it was, and so does its verdict.
    """
    name, repaired = verdict.asset.name, None
    handouts: tuple[Handout, ...] = ()
    if verdict.decision is Decision.FIX:
        mending.tried += 1
        repaired, handouts = mended(mending, source, verdict, brief)
    hand_out(mending, name, handouts)
    if repaired is not None:
        return repaired
    if verdict.decision is Decision.ACCEPT and not mending.repaired_only and copied(mending, source, verdict):
        return verdict
    mending.outbox.take_away(name)
    return verdict


def mended(
    mending: Mending, source: Path, verdict: Verdict, brief: Brief | None
) -> tuple[Verdict | None, tuple[Handout, ...]]:
    """Repair an asset and collect it.

    Returns:
        The verdict on what came out, None where that is no picture that the gate accepts; and what is for an editor.
    """
    name = verdict.asset.name
    try:
        repair = mending.gate.fix(source, verdict, brief)
    except (ConsistencyError, OSError) as error:
        mending.left.append(f"{name}: {error}")
        return None, ()
    if repair.is_changed and repair.verdict.decision is Decision.ACCEPT:
        mending.outbox.put(name, repair.data)
        mending.repaired += 1
        mending.notes += [f"repaired {name}: {fix_words(fix_record(fix))}" for fix in repair.applied]
        mending.notes += [f"{name}: {note}" for note in repair.notes]
        return repair.verdict, ()
    why = [str(left) for left in repair.left]
    if repair.is_changed and not why:
        why = [f"repaired, but {finding.rule} {finding.code}" for finding in repair.verdict.blocking]
    mending.left.append(f"{name}: {'; '.join(dict.fromkeys(why))}")
    return None, repair.handouts


def hand_out(mending: Mending, name: str, handouts: Sequence[Handout]) -> None:
    """Write an asset's handouts and take away older ones; where that fails, the run goes on and says so."""
    try:
        mending.handed += mending.handouts.settle(name, handouts)
    except (InputError, OSError) as error:
        mending.left.append(f"{name}: no handout: {error}")


def copied(mending: Mending, source: Path, verdict: Verdict) -> bool:
    """Copy an accepted asset as it is; not one that has changed since it was judged."""
    data = source.read_bytes()
    if hashlib.sha256(data).hexdigest() != verdict.asset.key:
        mending.left.append(f"{verdict.asset.name}: it changed while the run went on")
        return False
    mending.outbox.put(verdict.asset.name, data)
    return True


def timings_of(recorder: RunRecorder, started: float) -> dict[str, float]:
    """Return how long the run took."""
    done, seconds = len(recorder.verdicts), perf_counter() - started
    return {"seconds": round(seconds, 3), "assets_per_second": round(done / seconds, 3) if done else 0.0}


def summarise(mending: Mending, folder: Path, console: Console) -> None:
    """Say on stderr what was repaired and what was left."""
    for note in mending.notes:
        say(console, visible(note))
    say(console, f"repaired {mending.repaired} of {mending.tried}, into {folder}")
    if mending.handed:
        place = visible(mending.handouts.folder)
        say(console, f"for an inpainting editor {mending.handed} masks with prompts, in {place}")
    for words in mending.left[:MOST_SAID]:
        say(console, f"left {visible(words)}")
    if len(mending.left) > MOST_SAID:
        say(console, f"left {len(mending.left) - MOST_SAID} more; the report names them all")
