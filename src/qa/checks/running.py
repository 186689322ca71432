"""One asset through the checks: every applying rule gets a finding, whatever goes wrong."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from consistency.errors import ConsistencyError, MissingBackend, NotEvaluable, shorten
from qa.asset import Asset, Brief
from qa.checks.check import BatchCheck, Check, Rule, Trace
from qa.evidence import Evidence
from qa.verdict import Finding, Level, Status

log = logging.getLogger(__name__)


def unreadable(fault: ConsistencyError) -> Finding:
    """Return the finding about a picture that cannot be read: a blocking fail that nothing repairs."""
    return Finding(
        rule="image.unreadable",
        check="image",
        code="image.unreadable",
        level=Level.BLOCK,
        status=Status.FAIL,
        expected=shorten(fault.expected),
        observed=shorten("; ".join(part for part in (fault.got or "", fault.hint) if part)),
    )


def unread(error: Exception) -> Finding:
    """Return the finding about a picture that we failed to read, by no fault of its own: never a reject."""
    return Finding(
        rule="image.unreadable",
        check="image",
        code="check.raised",
        level=Level.BLOCK,
        status=Status.ERROR,
        expected="the picture to be read",
        observed=shorten(f"{type(error).__name__}: {error}"),
    )


def findings_of(check: Check, asset: Asset, evidence: Evidence) -> list[Finding]:
    """Return a check's findings; what it could not measure, or failed on, is a finding too and never a pass."""
    rules = list(check.rules(asset.brief))
    try:
        findings = [sound(finding) for finding in check.judge(asset, evidence)]
    except MissingBackend as error:
        return [unmeasured(rule, check.name, Status.NOT_EVALUABLE, "backend.missing", error) for rule in rules]
    except NotEvaluable as error:
        return [unmeasured(rule, check.name, Status.NOT_EVALUABLE, error.code, error) for rule in rules]
    except Exception as error:
        log.exception("the check %s failed on %s", check.name, shorten(asset.name))
        return [unmeasured(rule, check.name, Status.ERROR, "check.raised", error) for rule in rules]
    said = {finding.rule for finding in findings}
    silent = ConsistencyError("a finding for every rule", "none")
    return findings + [
        unmeasured(rule, check.name, Status.ERROR, "check.raised", silent) for rule in rules if rule.id not in said
    ]


def not_run(check: Check, brief: Brief) -> list[Finding]:
    """Return the findings of a check that was skipped."""
    reason = ConsistencyError("a measurement", "none", "the asset was already rejected")
    return [unmeasured(rule, check.name, Status.NOT_RUN, "check.not_run", reason) for rule in check.rules(brief)]


def unmeasured(rule: Rule, check: str, status: Status, code: str, error: Exception) -> Finding:
    """Return the finding of a rule that was not measured, with the reason."""
    message = str(error) if isinstance(error, ConsistencyError) else f"{type(error).__name__}: {error}"
    return Finding(
        rule=rule.id,
        check=check,
        code=code,
        level=rule.level,
        status=status,
        expected=rule.description,
        observed=shorten(message),
    )


def observed(check: BatchCheck, asset: Asset, evidence: Evidence) -> Trace | Finding:
    """Return what a batch check keeps of an asset, or the finding that it failed on it."""
    try:
        return check.observe(asset, evidence)
    except Exception as error:
        log.exception("the batch check %s failed on %s", check.name, shorten(asset.name))
        code = "backend.missing" if isinstance(error, MissingBackend) else "check.raised"
        finding = unmeasured(Rule(check.name, Level.WARN), check.name, Status.ERROR, code, error)
        return replace(finding, asset=asset.name)


def sound(finding: Finding) -> Finding:
    """Return the finding, or raise where its value is no number: NaN compares false with every limit."""
    if finding.value is not None and not math.isfinite(finding.value):
        raise ConsistencyError(f"a finite value of {finding.rule}", finding.value)
    return finding


def run_checks(
    checks: Sequence[Check], asset: Asset, evidence: Evidence, is_settled: Callable[[Sequence[Finding]], bool]
) -> list[Finding]:
    """Return the findings of all checks in their order; once `is_settled` says so, the rest is not run."""
    findings: list[Finding] = []
    for check in checks:
        findings += not_run(check, asset.brief) if is_settled(findings) else findings_of(check, asset, evidence)
    return findings
