"""One asset through the gate: read it, run the checks, decide, write the verdict."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from time import perf_counter
from typing import Literal

from consistency.display import jpeg_bytes, thumbnail
from consistency.errors import ConsistencyError, shorten
from consistency.region import Box
from qa.asset import Asset, Brief, Unread, name_of
from qa.checks.check import BatchCheck, Check, Trace
from qa.checks.running import is_for, observed, run_checks, unread, unreadable, unstated_subjects, words_of
from qa.closeups import closeups_of
from qa.decide import Outcome, decide, is_drawn_for_audit
from qa.engines import Engines
from qa.evidence import Evidence, Need, prefetch
from qa.kit.kit import BrandKit
from qa.verdict import AssetRef, BriefRef, Decision, Finding, Verdict

log = logging.getLogger(__name__)

PREVIEW_SIDE = 512
PREVIEW_QUALITY = 80

LARGE_PIXELS = 25_000_000
"""Pictures above are checked one at a time: at 100 megapixels the checks of one asset take 4 GB."""


@dataclass(frozen=True)
class Shown:
    """What reports show of a picture; by default nothing."""

    preview: bytes | None = None
    closeups: Mapping[Box, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """What is the same for every asset of one run."""

    as_of: date
    stop_at: Literal["reject"] | None = None
    is_final: bool = True


@dataclass(frozen=True, eq=False)
class Work:
    """An asset on its way: what could be read of it, or the finding why nothing could."""

    asset: Asset
    evidence: Evidence | None
    seconds: float
    fault: Finding | None = None


@dataclass(frozen=True, eq=False)
class Judge:
    """Judges one asset after the other by one kit; what a `Gate` and its pipeline share."""

    kit: BrandKit
    engines: Engines
    checks: tuple[Check, ...]
    batch_checks: tuple[BatchCheck, ...]
    not_checked: tuple[str, ...]
    alarms: tuple[str, ...] = ()
    large: AbstractContextManager[object] = field(default_factory=Lock, repr=False)

    def read(self, run: Run, pending: Asset | Unread) -> Work:
        """Decode an asset; whatever is wrong with it, or with us, becomes a finding."""
        started = perf_counter()
        try:
            asset = pending if isinstance(pending, Asset) else pending.read()
            if asset.fault is not None:
                return Work(asset, None, perf_counter() - started, unreadable(asset.fault))
            evidence = self.evidence(run, asset)
        except Exception as error:
            log.exception("could not read an asset")
            return Work(failed(pending, error), None, perf_counter() - started, unread(error))
        return Work(asset, evidence, perf_counter() - started)

    def evidence(self, run: Run, asset: Asset) -> Evidence:
        """Return what the checks will measure on an asset."""
        is_audited = self.is_audited(asset)
        return Evidence(
            asset,
            self.engines,
            self.kit.background,
            files=self.kit.files,
            as_of=run.as_of,
            alarms=self.alarms,
            is_audited=is_audited,
        )

    def is_audited(self, asset: Asset) -> bool:
        """Whether an asset is drawn for a person's look."""
        return is_drawn_for_audit(asset.key, self.kit.hash, self.kit.policy.audit)

    def prepare(self, works: Sequence[Work]) -> None:
        """Measure in one batch what the checks will ask for.

        What fails here is asked for again by the check, asset by asset, so that it fails on its own asset alone.
        """
        for need in self.needs():
            evidence = [work.evidence for work in works if work.evidence is not None and self.wants(need, work.asset)]
            try:
                if evidence:
                    prefetch(need, evidence, self.engines)
            except Exception:
                log.debug("could not prepare %s for %d assets together", need, len(evidence), exc_info=True)

    def needs(self) -> list[Need]:
        """Return what the checks of this gate want prepared."""
        of_checks = {need for check in self.checks for need in check.needs}
        return sorted(of_checks.union(need for check in self.batch_checks for need in check.needs))

    def wants(self, need: Need, asset: Asset) -> bool:
        """Whether some check that has a rule for this asset wants something prepared, or a check of the batch does."""
        is_of_batch = any(need in check.needs for check in self.batch_checks)
        return is_of_batch or any(need in check.needs and is_for(check, asset) for check in self.checks)

    def finish(self, run: Run, work: Work) -> tuple[Verdict, Mapping[str, Trace | Finding]]:
        """Run the checks, decide, and keep what the batch checks want of the asset."""
        with self.large if is_large(work.asset) else nullcontext():
            started = perf_counter()
            outcome = self.decide(run, work.asset, self.findings(run, work))
            checked = perf_counter() - started
            traces = self.traces(work)
        return self.verdict(run, work, outcome, {"decode": work.seconds, "checks": checked}), traces

    def findings(self, run: Run, work: Work) -> list[Finding]:
        """Return the findings of every rule that applies to the asset."""
        if work.evidence is None:
            return [work.fault] if work.fault is not None else []
        is_settled = (lambda found: self.is_rejected(run, work.asset, found)) if run.stop_at else never
        found = run_checks(self.checks, work.asset, work.evidence, is_settled)
        return found if self.kit.has("subjects") else [*found, *unstated_subjects(work.asset.brief)]

    def is_rejected(self, run: Run, asset: Asset, findings: Sequence[Finding]) -> bool:
        """Whether these findings alone already reject the asset."""
        return self.decide(run, asset, findings).decision is Decision.REJECT

    def decide(self, run: Run, asset: Asset, findings: Sequence[Finding]) -> Outcome:
        """Decide by the kit's policy and waivers."""
        kit = self.kit
        return decide(findings, kit.policy, kit.waivers, asset_name=asset.name, as_of=run.as_of, attempt=asset.attempt)

    def traces(self, work: Work) -> Mapping[str, Trace | Finding]:
        """Return what each batch check keeps of the asset; nothing of one that could not be read."""
        if work.evidence is None:
            return {}
        evidence = work.evidence
        return {check.name: observed(check, work.asset, evidence) for check in self.batch_checks}

    def verdict(self, run: Run, work: Work, outcome: Outcome, timings: Mapping[str, float]) -> Verdict:
        """Write the verdict of an asset."""
        asset, kit, image = work.asset, self.kit, work.asset.image
        height, width = (image.height, image.width) if image is not None else (0, 0)
        evidence = work.evidence
        shown = shown_of(evidence, outcome.findings) if evidence is not None else Shown()
        return Verdict(
            asset=AssetRef(asset.name, asset.key, asset.kind, width, height),
            decision=outcome.decision,
            findings=outcome.findings,
            kit_hash=kit.hash,
            brief=BriefRef(asset.brief.id, asset.brief.hash),
            next=outcome.next,
            needs_review=outcome.needs_review,
            final=run.is_final,
            plan=outcome.plan,
            attempt=asset.attempt,
            parent=asset.parent,
            engines=self.engines.specs(evidence.roles) if evidence is not None else {},
            audit=self.is_audited(asset),
            not_checked=self.not_checked,
            as_of=run.as_of,
            timings=timings,
            preview=shown.preview,
            closeups=shown.closeups,
        )


def failed(pending: Asset | Unread, error: BaseException) -> Asset:
    """Return the asset of a picture that we failed to read."""
    name = pending.name or name_of(getattr(pending, "source", "")) or "asset"
    fault = ConsistencyError("to read the picture", words_of(error))
    return Asset(name, None, pending.brief or Brief(), attempt=pending.attempt, fault=fault)


def is_large(asset: Asset) -> bool:
    """Whether a picture is so large that two at once could fill the memory."""
    return asset.image is not None and asset.image.height * asset.image.width > LARGE_PIXELS


def shown_of(evidence: Evidence, findings: Sequence[Finding]) -> Shown:
    """Return a small JPEG of the picture and close-ups; none where there is no room, which changes no verdict."""
    pixels = evidence.image.pixels
    try:
        preview = jpeg_bytes(thumbnail(pixels, PREVIEW_SIDE), PREVIEW_QUALITY)
        return Shown(preview, closeups_of(findings, pixels))
    except (MemoryError, OSError):
        log.exception("no preview of %s", shorten(evidence.asset.name))
        return Shown()


def never(_: Sequence[Finding]) -> bool:
    """Never settled: every check runs."""
    return False
