"""The labels of one rule → its threshold with a guarantee, and the curve from values to probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from consistency.calibration.binomial import fewest_labels
from consistency.calibration.guarantee import Threshold
from consistency.calibration.labels import Labels
from qa.calibration.binding import Binding
from qa.calibration.label_rows import Label
from qa.calibration.learnt import Counts, Promise, RuleCalibration


def calibrate_rule(binding: Binding, labels: Sequence[Label], promise: Promise) -> RuleCalibration:
    """Learn from the labels of one rule, at least one, all measured by one model.

    The promise rests on random labels, one of each group; the curve on all of them.
    """
    counts = counts_of(labels)
    said = Labels(
        np.array([label.value for label in labels]),
        np.array([label.is_bad for label in labels]),
        np.array([label.source for label in labels]),
        np.array([label.group for label in labels]),
    )
    curve = said.curve() if counts.good and counts.bad else None
    threshold = said.threshold(alpha=promise.alpha, delta=promise.delta) if counts.random else no_threshold(promise)
    return RuleCalibration(replace(binding, model=labels[0].model), threshold, counts, curve)


def no_threshold(promise: Promise) -> Threshold:
    """Return what is known without a random label: how many it takes at least."""
    needed = fewest_labels(promise.alpha, promise.delta)
    return Threshold(None, promise.alpha, promise.delta, 0, 0, 0, needed)


def counts_of(labels: Sequence[Label]) -> Counts:
    """Count labels, at least one."""
    values = [label.value for label in labels]
    bad = sum(label.is_bad for label in labels)
    random = sum(label.source == "random" for label in labels)
    return Counts(len(labels) - bad, bad, random, len(labels) - random, min(values), max(values))
