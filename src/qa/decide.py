"""Findings, policy and waivers → a decision. Pure: the same input gives the same answer on any day but `as_of`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase

from qa.kit.policy import Policy, Waiver
from qa.verdict import Decision, Finding, Fix, FixKind, Status

OUTAGES = frozenset({"backend.missing", "check.raised"})
"""Codes of what is our fault, not the picture's: never a reject, so that an outage buys no re-rolls."""

UNREADABLE = "image.unreadable"
"""The rule that stands for all others where there is no picture to judge."""


@dataclass(frozen=True)
class Outcome:
    """A decision with what follows from it; see `Verdict` for the fields."""

    decision: Decision
    findings: tuple[Finding, ...]
    next: str = ""
    needs_review: bool = False
    plan: tuple[Fix, ...] = ()


def decide(
    findings: Iterable[Finding],
    policy: Policy,
    waivers: Sequence[Waiver] = (),
    *,
    asset_name: str,
    as_of: date,
    attempt: int = 1,
) -> Outcome:
    """Decide about one asset, in this order; the first line that holds decides.

    1. A blocking fail without an allowed fix, or with the attempts used up: reject.
    2. A blocking fail, each with an allowed fix: fix.
    3. Only blocking findings that were not measured: fix by a person's look.
    4. Else: accept.

    Args:
        findings: Of every rule that was judged on the asset.
        policy: The kit's policy.
        waivers: The kit's waivers; lapsed ones change nothing.
        asset_name: For the waivers' patterns.
        as_of: The day that waivers' expiry is compared with.
        attempt: Which try at the brief this asset is, from 1.
    """
    waived = tuple(sorted((waive(f, waivers, asset_name, as_of) for f in findings), key=lambda f: f.rule))
    blocking = [f for f in waived if f.is_blocking]
    fails = [f for f in blocking if f.status is Status.FAIL]
    unmeasured = [f for f in blocking if f.status is not Status.FAIL]
    fixes = [allowed_fix(f, policy) for f in fails]
    looks = [Fix(FixKind.HUMAN_REVIEW, f.where, {"rule": f.rule}) for f in unmeasured]
    is_last = attempt >= policy.max_attempts
    if fails and (is_last or None in fixes):
        return Outcome(Decision.REJECT, waived, "discard" if is_last else "reroll", bool(unmeasured))
    if policy.on_unmeasured == "reject" and any(f.code not in OUTAGES for f in unmeasured):
        return Outcome(Decision.REJECT, waived, "discard" if is_last else "reroll", True)
    plan = unique(fixes, looks)
    if fails or unmeasured:
        needs_review = bool(unmeasured) or any(fix.kind is FixKind.HUMAN_REVIEW for fix in plan)
        return Outcome(Decision.FIX, waived, "", needs_review, plan)
    return Outcome(Decision.ACCEPT, waived)


def unique(fixes: Sequence[Fix | None], looks: Sequence[Fix]) -> tuple[Fix, ...]:
    """Return the fixes in order, each once, people's looks last."""
    plan: list[Fix] = []
    for fix in (*fixes, *looks):
        if fix is not None and fix not in plan:
            plan.append(fix)
    return tuple(plan)


def allowed_fix(finding: Finding, policy: Policy) -> Fix | None:
    """Return the first fix of a finding that the policy allows, or None where only a re-roll helps."""
    return next((fix for fix in finding.fixes if fix.kind in policy.fixes), None)


def waive(finding: Finding, waivers: Sequence[Waiver], asset_name: str, as_of: date) -> Finding:
    """Return the finding, marked with the first waiver in force that covers it.

    Passes are never marked, nor is a picture that nobody could read: no rule was judged that could be waived.
    """
    if finding.status is Status.PASS or finding.rule == UNREADABLE:
        return finding
    for waiver in waivers:
        if (
            is_in_force(waiver, as_of)
            and fnmatchcase(finding.rule, waiver.rule)
            and fnmatchcase(asset_name, waiver.asset)
        ):
            return replace(finding, waived_by=f"{waiver.owner}: {waiver.reason}")
    return finding


def is_in_force(waiver: Waiver, as_of: date) -> bool:
    """Whether a waiver still holds on a day; a missing or unreadable date counts as lapsed."""
    try:
        return as_of <= date.fromisoformat(waiver.expires)
    except ValueError:
        return False


def is_drawn_for_audit(asset_key: str, kit_hash: str, share: float) -> bool:
    """Whether an asset belongs to the audit sample: by hash, so that neither order nor decision matters.

    Args:
        asset_key: Sha256 of the asset.
        kit_hash: Hash of the kit.
        share: Expected share of all assets, in [0, 1].
    """
    digest = hashlib.sha256(f"{asset_key}:{kit_hash}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64
