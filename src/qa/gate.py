"""The gate: a kit in, verdicts out, for one picture, a stream or a batch."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from time import perf_counter
from typing import Literal

from pydantic import BaseModel

from consistency.errors import InputError
from consistency.image import ImageSource
from consistency.runtime.cores import available_cores
from qa.asset import Asset, Brief, Unread
from qa.batch import Batch
from qa.briefs import Briefs
from qa.checks.check import BatchCheck, Check, HasOptions, Trace, build_batch_checks, build_checks
from qa.checks.running import concluded
from qa.coverage import not_checked
from qa.engines import Engines
from qa.fixes.repair import Repair
from qa.fixes.repairing import Brand, read_asset, repair
from qa.judging import Judge, Run, Work
from qa.kit.kit import BrandKit
from qa.pipeline import Stages, run_ordered
from qa.text.reader import Reader
from qa.verdict import Finding, Verdict

Judgeable = ImageSource | Asset | Unread
StopAt = Literal["reject"] | None
Progress = Callable[[int, int | None, Verdict], None]
"""Called after each asset: how many are done, how many there are (None for a stream), the verdict."""


class Gate:
    """Judges assets by a brand kit. Loads each model once, when first needed; safe from several threads.

    Args:
        kit: A `BrandKit`, or the path of a kit file or bundle.
        checks: Further checks, run after the built-in ones; a kit given by path may state their sections.
        threads: The whole CPU budget; None takes the cores this process may use.
        device: Where models run: "cpu" or "cuda".
        reader: A reader of your own in place of the one that the kit names.
        as_of: The day for waivers and expiries; None takes today's date anew for each run.
        alarms: Rules, or patterns as "identity.*", for which drift was seen since they were calibrated: for them the
            kit's calibration no longer holds.

    Raises:
        KitError: The kit says something that it must not.

    Example:
        >>> from qa import Gate
        >>> gate = Gate("acme/brand.yaml")  # doctest: +SKIP
        >>> print(gate.judge("017.png"))  # doctest: +SKIP
        reject 017.png  color.acme_blue  ΔE00 9.12  not <= 5  at 412,220 310×96
    """

    def __init__(
        self,
        kit: BrandKit | str | os.PathLike[str],
        *,
        checks: Sequence[Check] = (),
        threads: int | None = None,
        device: str = "cpu",
        reader: Reader | None = None,
        as_of: date | None = None,
        alarms: Collection[str] = (),
    ) -> None:
        self.kit = kit if isinstance(kit, BrandKit) else BrandKit.load(kit, sections=sections_of(checks))
        if threads is not None and threads < 0:
            raise InputError("a number of threads ≥ 1", threads)
        if reader is not None and not isinstance(reader, Reader):
            raise InputError("a reader: spec, charset, read and read_batch", type(reader).__name__)
        if isinstance(alarms, str) or not all(isinstance(rule, str) for rule in alarms):
            raise InputError("a list of rules with a drift alarm", repr(alarms), 'write ["identity.sneaker.subject"]')
        self.threads = threads or available_cores()
        self.engines = Engines(self.kit.models, threads=self.threads, device=device, reader=reader)
        self.checks: tuple[Check, ...] = (*build_checks(self.kit), *checks)
        self.batch_checks: tuple[BatchCheck, ...] = tuple(build_batch_checks(self.kit))
        self.not_checked = not_checked(check.name for check in self.checks)
        self._as_of = as_of.date() if isinstance(as_of, datetime) else as_of
        self._judge = Judge(self.kit, self.engines, self.checks, self.batch_checks, self.not_checked, tuple(alarms))

    def judge(
        self,
        source: Judgeable,
        brief: Brief | None = None,
        *,
        name: str = "",
        attempt: int = 1,
        stop_at: StopAt = None,
    ) -> Verdict:
        """Judge one picture.

        Args:
            source: Whatever `consistency.load_image` takes, or an `Asset`.
            brief: What it must show; None keeps an asset's own brief, or the kit's defaults.
            name: Its name in reports.
            attempt: Which try at this brief it is, from 1; the kit's `max_attempts` ends re-rolls.
            stop_at: "reject" ends at the first check that settles a reject, for re-roll loops.

        Returns:
            The verdict; a picture that cannot be read is a reject, never an exception.

        Raises:
            InputError: `brief` is something else than a `Brief`.
        """
        if not isinstance(brief, Brief | None):
            raise InputError("a qa.Brief", type(brief).__name__, 'write qa.Brief(values={"price": "$49"})')
        run = self._run(stop_at, is_final=True)
        pending = source if isinstance(source, (Asset, Unread)) else Unread(source, name, brief, attempt=attempt)
        work = self._judge.read(run, pending if brief is None else replace(pending, brief=brief))
        return self._judge.finish(run, work)[0]

    def fix(self, asset: Judgeable, verdict: Verdict, brief: Brief | None = None) -> Repair:
        """Apply what can be applied of a verdict's plan, and judge what comes out by every rule.

        The repaired picture counts as the next attempt at its brief. Where its verdict is not "accept", keep the
        picture you had.

        Args:
            asset: The picture that was judged: an `Asset`, or whatever `consistency.load_image` takes.
            verdict: What this gate said about it.
            brief: The brief it was judged by; None takes an asset's own.

        Returns:
            `picture, verdict, left`; the picture as it was, with its verdict, where nothing could be applied.

        Raises:
            InputError: The verdict is about another picture, by another kit or by another brief.

        Example:
            >>> picture, verdict, left = gate.fix("017.png", verdict)  # doctest: +SKIP
        """
        run = Run(verdict.as_of or self._as_of or date.today(), is_final=verdict.final)
        judged = read_asset(asset, verdict, brief, self.kit.hash)
        again = partial(self._judge_asset, run)
        return repair(judged, verdict, again, Brand(self.kit.background, self.kit.files))

    def _judge_asset(self, run: Run, asset: Asset) -> Verdict:
        return self._judge.finish(run, self._judge.read(run, asset))[0]

    def stream(
        self,
        sources: Iterable[Judgeable],
        briefs: Briefs | None = None,
        *,
        stop_at: StopAt = None,
    ) -> Iterator[Verdict]:
        """Yield a verdict per source, in order, with flat memory; sources may be endless.

        Verdicts have `final` False where the kit has batch rules: only `judge_many` concludes those.
        """
        run = self._run(stop_at, is_final=not self.batch_checks)
        for verdict, _ in self._judge_all(run, sources, briefs):
            yield verdict

    def judge_many(
        self,
        sources: Iterable[Judgeable],
        briefs: Briefs | None = None,
        *,
        progress: Progress | None = None,
        stop_at: StopAt = None,
    ) -> Batch:
        """Judge all sources and conclude what shows only beside other assets.

        Args:
            sources: Paths, pictures or assets.
            briefs: What each must show, matched by name or sha256.
            progress: Called after each asset.
            stop_at: As in `judge`.
        """
        started = perf_counter()
        run = self._run(stop_at, is_final=True)
        total = len(sources) if isinstance(sources, Sized) else None
        verdicts: list[Verdict] = []
        traces: list[Mapping[str, Trace | Finding]] = []
        for verdict, trace in self._judge_all(run, sources, briefs):
            verdicts.append(verdict)
            traces.append(trace)
            if progress is not None:
                progress(len(verdicts), total, verdict)
        return Batch(tuple(verdicts), tuple(conclude(self.batch_checks, traces)), perf_counter() - started)

    def _run(self, stop_at: StopAt, *, is_final: bool) -> Run:
        return Run(self._as_of or date.today(), stop_at, is_final)

    def _judge_all(
        self, run: Run, sources: Iterable[Judgeable], briefs: Briefs | None
    ) -> Iterator[tuple[Verdict, Mapping[str, Trace | Finding]]]:
        prepare = self._judge.prepare if run.stop_at is None else leave_unprepared
        stages = Stages(partial(self._judge.read, run), prepare, partial(self._judge.finish, run))
        return run_ordered(with_briefs(sources, briefs), stages, threads=self.threads)


def with_briefs(sources: Iterable[Judgeable], briefs: Briefs | None) -> Iterator[Asset | Unread]:
    """Yield each source as an asset still to be read, with the brief that matches it.

    Raises:
        InputError: `briefs` is something else than what `qa.read_briefs` returns.
    """
    if not isinstance(briefs, Briefs | None):
        hint = "take qa.read_briefs, or give each picture its own: qa.Asset.read(picture, brief=brief)"
        raise InputError("qa.Briefs", type(briefs).__name__, hint)
    for source in sources:
        pending = source if isinstance(source, (Asset, Unread)) else Unread(source)
        yield pending if briefs is None else briefs.assign(pending)


def leave_unprepared(_: Sequence[Work]) -> None:
    """Prepare nothing: where a run stops at the first reject, most assets never need a model."""


def conclude(checks: Sequence[BatchCheck], traces: Sequence[Mapping[str, Trace | Finding]]) -> list[Finding]:
    """Return what the batch checks find in the traces of a run, failures to observe first, in the checks' order."""
    findings: list[Finding] = []
    for check in checks:
        kept = [trace[check.name] for trace in traces if check.name in trace]
        findings += [trace for trace in kept if isinstance(trace, Finding)]
        findings += concluded(check, [trace for trace in kept if not isinstance(trace, Finding)])
    return findings


def sections_of(checks: Iterable[Check]) -> dict[str, type[BaseModel]]:
    """Return the kit sections of checks that have options of their own."""
    return {check.section: check.Options for check in checks if isinstance(check, HasOptions)}
