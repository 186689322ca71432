"""What a calibration promises, from how many labels, and what is missing, in words."""

from __future__ import annotations

from collections.abc import Iterator

from qa.calibration.calibration_file import Calibration
from qa.calibration.labels_file import LabelsFile
from qa.calibration.learnt import Promise, RuleCalibration


def sentences(calibration: Calibration, labels: LabelsFile) -> Iterator[str]:
    """Yield what to say of a calibration, a line each."""
    for name, rule in sorted(calibration.rules.items()):
        said = (
            kept(rule, calibration.promise) if rule.threshold.value is not None else missed(rule, calibration.promise)
        )
        yield f"{name}: {said}"
        yield from (f"  {note}" for note in notes(rule))
    yield from (f"{counted(count, 'row')} {why}: left out" for why, count in sorted(labels.left_out.items()))


def promise_words(promise: Promise) -> str:
    """Return a promise in words."""
    return f"at most {percent(promise.alpha)} bad among accepted with {percent(1 - promise.delta)} confidence"


def kept(rule: RuleCalibration, promise: Promise) -> str:
    """Return the words for a threshold that keeps the promise."""
    learnt = rule.threshold
    seen = f"from {counted(learnt.labels, 'label')}, {learnt.bad_among_accepted} bad of {learnt.accepted} accepted"
    return f"{promise_words(promise)}: similarity ≥ {learnt.value:.4f}, {seen}"


def missed(rule: RuleCalibration, promise: Promise) -> str:
    """Return the words where no threshold keeps the promise, with how many labels it would take."""
    learnt = rule.threshold
    said = f"no threshold keeps this promise ({promise_words(promise)}) from {counted(learnt.labels, 'label')}"
    if learnt.labels_needed is None:
        return f"{said}, nor would 10,000 like these; promise less, or give references that tell good from bad"
    more = counted(learnt.labels_needed - learnt.labels, "random label")
    has_bad = rule.counts.bad > 0 and learnt.labels > 0
    return f"{said}: {more} more would be needed, if {'they are like these' if has_bad else 'none of them is bad'}"


def notes(rule: RuleCalibration) -> Iterator[str]:
    """Yield why labels do not count for the promise, and why there is no curve."""
    counts = rule.counts
    count, kind = (counts.good + counts.bad, "labels") if rule.is_weighted else (counts.random, "random labels")
    if count > rule.threshold.labels:
        yield f"{count} {kind}, {rule.threshold.labels} independent: of each group one counts"
    if rule.is_weighted:
        yield "all labels count for the promise, each by its known chance"
    elif counts.queue:
        yield f"{counted(counts.queue, 'label')} of the queue: for the curve, not for the promise"
    if rule.curve is None:
        yield f"no curve: all labels are {'bad' if counts.bad else 'ok'}"


def percent(rate: float) -> str:
    """Return a share in percent.

    Example:
        >>> percent(0.05), percent(1 - 0.1)
        ('5 %', '90 %')
    """
    return f"{100 * rate:.4g} %"


def counted(count: int, noun: str) -> str:
    """Return a count with its noun.

    Example:
        >>> counted(1, "label"), counted(212, "label")
        ('1 label', '212 labels')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
