"""The demo end to end: render, judge, compare with what was planted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from qa.batch import Batch
from qa.briefs import read_briefs
from qa.demo.campaign import Campaign, write_campaign
from qa.demo.truth import Agreement, agreement
from qa.gate import Gate
from qa.kit.kit import BrandKit
from qa.reports.parts import finding_record
from qa.reports.records import verdict_record

Progress = Callable[[str, int, int], None]
"""Called with the stage ("render", "judge"), how many assets it has done, and of how many."""


@dataclass(frozen=True, eq=False)
class Demo:
    """A finished demo: the campaign, the kit, the batch, how far they agree."""

    campaign: Campaign
    kit: BrandKit
    batch: Batch
    agreement: Agreement


def run_demo(folder: Path, seed: int = 0, *, threads: int | None = None, progress: Progress | None = None) -> Demo:
    """Render a campaign into `folder`, judge it, compare.

    Args:
        folder: Made where it is missing.
        seed: Draws the campaign.
        threads: The whole CPU budget; None takes all cores.
        progress: Called after each asset of each stage.
    """
    tell = progress or untold
    campaign = write_campaign(folder, seed, progress=partial(tell, "render"))
    kit = BrandKit.load(campaign.kit)
    gate = Gate(kit, threads=threads)
    total = len(campaign.assets)
    batch = gate.judge_many(
        campaign.assets,
        read_briefs(campaign.briefs),
        progress=lambda done, _total, _verdict: tell("judge", done, total),
    )
    return Demo(campaign, kit, batch, compare(campaign, batch))


def untold(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def compare(campaign: Campaign, batch: Batch) -> Agreement:
    """Return how far a batch agrees with what was planted."""
    verdicts = [verdict_record(verdict) for verdict in batch]
    return agreement(campaign.truth, verdicts, [finding_record(finding) for finding in batch.findings])
