"""What a calibration changes of an identity finding: the thresholds, and what is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from consistency.calibration.curves import stated_probability
from qa.calibration.binding import Binding
from qa.calibration.calibration_file import Calibration
from qa.calibration.standing import LAPSED, UNCALIBRATED, Standing, standing_of
from qa.calibration.wording import counted, missed, promise_words
from qa.checks.identity_thresholds import Thresholds
from qa.evidence import Evidence
from qa.verdict import Finding, Scalar

ID_DIGITS = 12
"""Of a calibration's sha256, in a finding."""


@dataclass(frozen=True)
class Learnt:
    """The calibration that a kit names, and what the kit's rules are bound to.

    Attributes:
        calibration: None where the kit names none.
        bindings: Rule → binding, the model left open.
    """

    calibration: Calibration | None = None
    bindings: Mapping[str, Binding] = field(default_factory=dict)

    def standing(self, rule: str, model: str, evidence: Evidence) -> Standing:
        """Return what the calibration says of a rule whose values a model measures."""
        if self.calibration is None:
            return UNCALIBRATED
        return standing_of(self.calibration, replace(self.bindings[rule], model=model), evidence.as_of, evidence.alarms)


def calibrated(standing: Standing, known: Thresholds | None) -> Thresholds | None:
    """Return the thresholds that decide: accept from the one that keeps the promise, where there is one.

    A calibration promises nothing about what it rejects. That stays with what was known before, as far as it is not
    accepted now; where nothing was known nothing is rejected.

    Args:
        standing: What the calibration says.
        known: The thresholds of kit or package.
    """
    accept = None if standing.learnt is None else standing.learnt.threshold.value
    if accept is None:
        return known
    if known is None:
        return Thresholds(accept, -1.0, "calibration")
    reject_source = "calibration" if accept <= known.reject else known.reject_source
    return replace(
        known, accept=accept, reject=min(accept, known.reject), source="calibration", reject_source=reject_source
    )


def said(finding: Finding, standing: Standing, known: Thresholds | None) -> Finding:
    """Return a measured finding with what the calibration makes of it, in words."""
    evidence: dict[str, Scalar] = dict(finding.evidence)
    if standing.id:
        evidence["calibration"] = standing.id[:ID_DIGITS]
    if standing.lapsed:
        evidence[LAPSED] = standing.lapsed
    return replace(finding, evidence=evidence, assumptions=(*finding.assumptions, *words(standing, known)))


def with_probability(finding: Finding, standing: Standing) -> Finding:
    """Return the finding with the probability of being right, where labels of both kinds gave a curve."""
    curve = None if standing.learnt is None else standing.learnt.curve
    if curve is None or finding.value is None:
        return finding
    return replace(finding, evidence={**finding.evidence, "probability": stated_probability(curve, finding.value)})


def words(standing: Standing, known: Thresholds | None) -> tuple[str, ...]:
    """Return what a calibration takes for granted, or why it does not decide."""
    learnt = standing.learnt
    if learnt is None:
        return (f"the kit's calibration does not hold: {standing.lapsed}",) if standing.lapsed else ()
    if learnt.threshold.value is None:
        return (f"calibration of {standing.created}: {missed(learnt, standing.promise)}",)
    stated = f", in place of the kit's accept {known.accept:g}" if known is not None and known.source == "kit" else ""
    seen = f"from {counted(learnt.threshold.labels, 'label')} of {standing.created}"
    return (f"calibrated: {promise_words(standing.promise)}, {seen}{stated}",)
