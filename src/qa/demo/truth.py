"""What was planted in a campaign, and how far the gate agrees with it: counted, never assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qa.demo.faults import Reason
from qa.verdict import Decision

Record = Mapping[str, Any]
"""A verdict or finding in its JSON form."""

UNMET = ("warn", "fail", "not_evaluable", "error")


@dataclass(frozen=True)
class PlantedAsset:
    """What was planted in one asset: its decision, and the reasons that should be given."""

    name: str
    faults: tuple[str, ...]
    decision: Decision
    reasons: tuple[Reason, ...]
    is_duplicate: bool = False


@dataclass(frozen=True)
class PlantedFinding:
    """A batch finding that should be made about an asset."""

    asset: str
    reason: Reason


@dataclass(frozen=True)
class Truth:
    """Everything planted in a campaign."""

    seed: int
    assets: tuple[PlantedAsset, ...]
    batch: tuple[PlantedFinding, ...]

    def record(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "format": "qa.demo.truth",
            "version": 1,
            "seed": self.seed,
            "assets": [
                {
                    "name": asset.name,
                    "faults": list(asset.faults),
                    "decision": str(asset.decision),
                    "reasons": [{"rule": reason.rule, "code": reason.code} for reason in asset.reasons],
                }
                for asset in self.assets
            ],
            "batch": [{"asset": f.asset, "rule": f.reason.rule, "code": f.reason.code} for f in self.batch],
        }


@dataclass(frozen=True)
class Disagreement:
    """Where gate and truth differ: about which asset, what was planted, what the gate said."""

    asset: str
    planted: str
    said: str

    def __str__(self) -> str:
        return f"{self.asset}: planted {self.planted}; the gate said {self.said}"


@dataclass(frozen=True)
class Agreement:
    """How far a run agrees with what was planted.

    Args:
        decisions: Fraction of assets with the planted decision.
        reasons: Fraction of assets, and of planted batch findings, for which every planted reason was given and
            nothing that was not planted stopped the asset.
        disagreements: Each case, in order.
    """

    decisions: float
    reasons: float
    disagreements: tuple[Disagreement, ...]

    def __str__(self) -> str:
        return f"agreement: {self.decisions:.1%} of decisions, {self.reasons:.1%} of reasons"


def agreement(truth: Truth, verdicts: Sequence[Record], batch_findings: Sequence[Record] = ()) -> Agreement:
    """Compare a run with what was planted.

    Args:
        truth: What was planted.
        verdicts: Verdict records of the run; an asset without one counts as a disagreement.
        batch_findings: Findings of the batch record.
    """
    by_name = {verdict["asset"]["name"].rpartition("/")[2]: verdict for verdict in verdicts}
    decisions = [one for asset in truth.assets for one in decision_differs(asset, by_name.get(asset.name))]
    reasons = [one for asset in truth.assets for one in reasons_differ(asset, by_name.get(asset.name))]
    made = {
        (f["asset"].rpartition("/")[2], Reason(f["rule"], f["code"])) for f in batch_findings if f["status"] in UNMET
    }
    wanted = {(found.asset, found.reason) for found in truth.batch}
    batch = [
        Disagreement(asset, told([reason]), "nothing of the batch") for asset, reason in sorted_pairs(wanted - made)
    ]
    batch += [
        Disagreement(asset, "nothing of the batch", told([reason])) for asset, reason in sorted_pairs(made - wanted)
    ]
    count = len(truth.assets)
    return Agreement(
        1 - len(decisions) / count,
        max(0.0, 1 - (len(reasons) + len(batch)) / (count + len(wanted))),
        (*decisions, *reasons, *batch),
    )


def decision_differs(asset: PlantedAsset, verdict: Record | None) -> Iterator[Disagreement]:
    """Yield the disagreement about an asset's decision, if there is one."""
    said = "nothing" if verdict is None else verdict["decision"] + (" (review)" if verdict["needs_review"] else "")
    if said != str(asset.decision):
        because = told(sorted(unmet(verdict), key=str)) if verdict else ""
        yield Disagreement(asset.name, f"{asset.decision} ({', '.join(asset.faults) or 'clean'})", f"{said}: {because}")


def reasons_differ(asset: PlantedAsset, verdict: Record | None) -> Iterator[Disagreement]:
    """Yield the disagreement about an asset's reasons: planted and not given, or stopping it and not planted."""
    given = unmet(verdict) if verdict else set()
    missed = [reason for reason in asset.reasons if reason not in given]
    invented = sorted(stopping(verdict) - set(asset.reasons), key=str) if verdict else []
    if missed or invented:
        yield Disagreement(asset.name, told(missed) or "no more reason", told(invented) or "nothing of that")


def unmet(verdict: Record) -> set[Reason]:
    """Return every reason of a verdict's findings that did not pass."""
    return {Reason(f["rule"], f["code"]) for f in verdict["findings"] if f["status"] in UNMET}


def stopping(verdict: Record) -> set[Reason]:
    """Return the reasons that stopped an asset."""
    blocking = [f for f in verdict["findings"] if f["level"] == "block" and not f["waived_by"]]
    return {Reason(f["rule"], f["code"]) for f in blocking if f["status"] in ("fail", "not_evaluable", "error")}


def told(reasons: Sequence[Reason]) -> str:
    """Return reasons as words."""
    return ", ".join(f"{reason.rule} {reason.code}" for reason in reasons)


def sorted_pairs(pairs: set[tuple[str, Reason]]) -> list[tuple[str, Reason]]:
    """Return (asset, reason) pairs in a fixed order."""
    return sorted(pairs, key=str)
