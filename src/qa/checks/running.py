"""One asset through the checks: every applying rule gets a finding, whatever goes wrong."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from consistency.errors import ConsistencyError, MissingBackend, NotEvaluable, shorten
from qa.asset import Asset, Brief
from qa.checks.check import BatchCheck, Check, ForSome, Rule, Trace
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
        observed=shorten(words_of(error)),
    )


def words_of(error: BaseException) -> str:
    """Return an error in words, without the folders of this machine that an OSError names."""
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{type(error).__name__}: {said}"


def findings_of(check: Check, asset: Asset, evidence: Evidence) -> list[Finding]:
    """Return a check's findings; what it could not measure, or failed on, is a finding too and never a pass."""
    rules: list[Rule] = []
    try:
        rules = list(check.rules(asset.brief))
        findings = [sound(finding) for finding in check.judge(asset, evidence)]
    except MissingBackend as error:
        return [unmeasured(rule, check.name, Status.NOT_EVALUABLE, "backend.missing", error) for rule in rules]
    except NotEvaluable as error:
        return [unmeasured(rule, check.name, Status.NOT_EVALUABLE, error.code, error) for rule in rules]
    except Exception as error:
        log.exception("the check %s failed on %s", check.name, shorten(asset.name))
        return [unmeasured(rule, check.name, Status.ERROR, "check.raised", error) for rule in rules or unknown(check)]
    said = {finding.rule for finding in findings}
    silent = ConsistencyError("a finding for every rule", "none")
    return findings + [
        unmeasured(rule, check.name, Status.ERROR, "check.raised", silent) for rule in rules if rule.id not in said
    ]


def unknown(check: Check) -> list[Rule]:
    """Return the rule that stands for those of a check that failed before it said them: it must not pass."""
    return [Rule(check.name, Level.BLOCK, f"every rule of the check {check.name}")]


def can_block(check: Check, brief: Brief) -> bool:
    """Whether a check has a rule under a brief that could stop any asset; one that cannot say stops it."""
    if isinstance(check, ForSome):
        return False
    try:
        return any(rule.level is Level.BLOCK for rule in check.rules(brief))
    except Exception:
        log.exception("the check %s could not say its rules", check.name)
        return True


def unstated_subjects(brief: Brief) -> list[Finding]:
    """Return a finding for each subject that a brief asks for where the kit has none: no check could look for it."""
    reason = ConsistencyError("a kit with `subjects`", "none")
    rules = [Rule(f"identity.{shorten(name)}", Level.BLOCK, "a subject of the kit") for name in brief.subjects or ()]
    return [unmeasured(r, "identity", Status.NOT_EVALUABLE, "identity.unknown_subject", reason) for r in rules]


def not_run(check: Check, brief: Brief) -> list[Finding]:
    """Return the findings of a check that was skipped."""
    reason = ConsistencyError("a measurement", "none", "the asset was already rejected")
    try:
        rules = list(check.rules(brief))
    except Exception as error:
        log.exception("the check %s could not say its rules", check.name)
        return [unmeasured(rule, check.name, Status.ERROR, "check.raised", error) for rule in unknown(check)]
    return [unmeasured(rule, check.name, Status.NOT_RUN, "check.not_run", reason) for rule in rules]


def unmeasured(rule: Rule, check: str, status: Status, code: str, error: Exception) -> Finding:
    """Return the finding of a rule that was not measured, with the reason."""
    message = str(error) if isinstance(error, ConsistencyError) else words_of(error)
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
    """Return the finding, or raise where it could pass by accident.

    NaN compares false with every limit, and "fail" as plain text is not `Status.FAIL`, so it would stop nothing.
    """
    if not isinstance(finding.level, Level) or not isinstance(finding.status, Status):
        raise ConsistencyError(f"a Level and a Status of {finding.rule}", f"{finding.level!r}, {finding.status!r}")
    limit = finding.limit.value if finding.limit is not None else None
    for figure in (finding.value, limit):
        if figure is not None and not math.isfinite(figure):
            raise ConsistencyError(f"a finite value and limit of {finding.rule}", figure)
    return finding


def concluded(check: BatchCheck, traces: Sequence[Trace]) -> list[Finding]:
    """Return what a batch check concludes, or the finding that it failed: the verdicts stand all the same."""
    try:
        return [sound(finding) for finding in check.conclude(traces)]
    except Exception as error:
        log.exception("the batch check %s failed", check.name)
        return [unmeasured(Rule(check.name, Level.WARN), check.name, Status.ERROR, "check.raised", error)]


def is_for(check: Check, asset: Asset) -> bool:
    """Whether a check has anything to say of an asset: a rule that applies to it; one that cannot say may have."""
    if isinstance(check, ForSome):
        return check.applies_to(asset)
    try:
        return bool(check.rules(asset.brief))
    except Exception:
        log.debug("the check %s could not say its rules", check.name, exc_info=True)
        return True


def run_checks(
    checks: Sequence[Check], asset: Asset, evidence: Evidence, is_settled: Callable[[Sequence[Finding]], bool]
) -> list[Finding]:
    """Return the findings of all checks in their order; once `is_settled` says so, the rest is not run."""
    findings: list[Finding] = []
    for check in checks:
        if isinstance(check, ForSome) and not check.applies_to(asset):
            continue
        findings += not_run(check, asset.brief) if is_settled(findings) else findings_of(check, asset, evidence)
    return findings
